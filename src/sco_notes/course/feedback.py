"""Verdicts to files: pages, the sheet for answers in prose, points off for late ones, marks for platforms."""

import hashlib
import re
import tomllib
from collections.abc import Container, Iterable
from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd

from ..errors import SCONotesError, counted
from ..files import write_whole, zipped
from ..templates import render_template
from .assignment import Assignments, texts_by_name
from .submissions import Problem, Student, Submission, feedback_name, letters, read_csv_rows

TEMPLATES = Path(__file__).parent / "templates"
# What a spreadsheet takes for a formula, at the beginning of a cell, whatever separator it splits at.
_FORMULA = re.compile(r"""(?<![;,\s"'])[;,\s"']*(?=[=+\-@＝＋－＠])""")
COLUMNS = ["number", "exercise", "task", "answer", "max_points", "points", "comment"]
_TASKS = "title task n full difficulty discrimination not_ok commonest_messages".split()  # of tasks.csv
# The columns that Canvas's import looks for, in this order; "Section" is the last before the marks.
_CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
Marks = dict[tuple[str, str, str], dict[str, str]]
LATE_FORM = "[late] with percent_a_day and most_percent, [due] with EXERCISE = 2026-11-20 23:59:00"
NO_TIME = "when it was handed in is not known; give Moodle's grading worksheet of this exercise as class list"


def spreadsheet(table: pd.DataFrame) -> bytes:
    """Return a table as a CSV that spreadsheets open: UTF-8 with its mark, no text that they would run."""
    return table.map(guarded).to_csv(index=False, lineterminator="\n", float_format="%g").encode("utf-8-sig")


def guarded(value):
    """Return a text with an apostrophe before what a spreadsheet would run; another value as it is."""
    if not isinstance(value, str):
        return value
    return _FORMULA.sub(lambda at: at[0] + "'" * (not at.start() or bool({*at[0]} & {*";,\t\r\n"})), value)


def write_pages(book: pd.DataFrame, assignments: Assignments, handed_in: list[Submission], out: Path) -> None:
    """Write students/NAME.html, zips of these for Moodle and Canvas, overview.html and tasks.csv."""
    titles = [assignments[id].title if id in assignments else "Exercise not known" for id in book["exercise"]]
    book = book.assign(title=titles)
    students, pages, old = [], {}, {*(out / "students").glob("*.html")}
    for student, own in book.groupby("student", sort=False):
        exercises = [_summary(part) | {"title": title} for title, part in own.groupby("title", sort=False)]
        page = render_template(TEMPLATES, "student.html.jinja", student=student, exercises=exercises)
        pages[str(student)] = page.encode()
        words = re.sub(r"[^\w]+", "-", str(student)).strip("-")[:60] or "student"
        # The digest: no other student has this name of a file.
        name = f"students/{words}-{hashlib.sha256(str(student).encode()).hexdigest()[:8]}.html"
        write_whole(out / name, page)
        students.append(_summary(own) | {"student": student, "page": name})
    for gone in old - {out / one["page"] for one in students}:
        gone.unlink()
    for platform in ("moodle", "canvas"):
        (file := out / f"feedback-{platform}.zip").unlink(missing_ok=True)
        named = [(feedback_name(s.file), pages[s.student]) for s in handed_in]
        if files := {name: page for (whose, name), page in named if whose == platform}:
            write_whole(file, zipped(files))
    known = book[book["max_points"] > 0].groupby(["title", "task"], sort=False)
    there = book[~book["status"].isin(["no submission", "unreadable file"])].groupby("exercise")
    points = {name: part.pivot_table("points", "student", "task", dropna=False) for name, part in there}
    tasks = pd.DataFrame([[*key, *_task(part, points)] for key, part in known], columns=_TASKS)
    write_whole(out / "tasks.csv", spreadsheet(tasks.round(2)))
    hardest = tasks.sort_values("difficulty", kind="stable").to_dict("records")
    html = render_template(TEMPLATES, "overview.html.jinja", tasks=hardest, students=students)
    write_whole(out / "overview.html", html)


def _summary(verdicts: pd.DataFrame) -> dict:
    """The points of a student, of those that are given by now, and what a person has to read."""
    unread = verdicts["points"].isna()
    return {
        "points": verdicts["points"].sum(), "max": verdicts["max_points"][~unread].sum(),
        "verdicts": verdicts.to_dict("records"), "unread": verdicts[unread].to_dict("records"),
        "statuses": sorted({*verdicts["status"]} - {"ok", "to read", "read"}),
    }  # fmt: skip


def _task(verdicts: pd.DataFrame, points: dict[str, pd.DataFrame]) -> list:
    """How a class did in a task; it has no difficulty as long as a person has to read an answer to it."""
    exercise, task = verdicts[["exercise", "task"]].iloc[0]
    own = (given := points.get(exercise, pd.DataFrame())).get(task, pd.Series(dtype=float))
    others = given.drop(columns=task, errors="ignore").sum(axis=1)
    varies = min(own.nunique(), others.nunique()) > 1
    not_ok = verdicts[~verdicts["status"].isin(["ok", "read"])]
    statuses = not_ok["status"].value_counts().sort_index()
    messages = not_ok["message"][not_ok["points"].notna() & (not_ok["message"] != "")].value_counts().head(2)
    said = ["; ".join(f"{what} ({n})" for what, n in counts.items()) for counts in (statuses, messages)]
    difficulty = own.mean(skipna=False) / verdicts["max_points"].iloc[0]
    discrimination = own.corr(others) if varies else float("nan")
    return [len(verdicts), len(verdicts) - len(not_ok), difficulty, discrimination, *said]


def read_marks(file: Path) -> Marks:
    """Read the sheet of answers with the points that people entered, by number, exercise and task."""
    if not file.exists():
        return {}
    heading, *rows = read_csv_rows(file) or [[]]
    for column in (column for column in COLUMNS if column not in heading):
        raise SCONotesError(f"{file}: no column {column}; put it back, its points would be lost")
    marks = {}
    for number, row in enumerate(rows, 2):
        entry = dict.fromkeys(COLUMNS, "") | dict(zip(heading, row, strict=False))
        points, most = (entry[column].strip().replace(",", ".") for column in ("points", "max_points"))
        is_number = re.fullmatch(r"\d+(\.\d*)?", points) and re.fullmatch(r"\d+(\.\d*)?", most)
        if points and not (is_number and float(points) <= float(most)):
            why = f"points {points!r}; a number from 0 to {most} is expected"
            raise SCONotesError(f"{file}, row {number} ({entry['task']}): {why}")
        marks[entry["number"], entry["exercise"], entry["task"]] = entry | {"points": points}
    return marks


def enter_marks(book: pd.DataFrame, marks: Marks) -> tuple[pd.DataFrame, list[dict[str, str]]]:
    """Return the gradebook with the points that people gave, and the sheet of answers with all they gave."""
    rows, sheet, gone = book.to_dict("records"), [], dict(marks)
    for row in (row for row in rows if row["status"] == "to read"):
        # A number that tells nothing of the student, of letters: a spreadsheet would read 12e34 as 12·10³⁴.
        digest = hashlib.sha256(f"{row['exercise']}\n{row['student']}".encode()).digest()
        number = "".join("bcdfghjklmnpqrstvwxz"[byte % 20] for byte in digest[:6])
        key = number, row["exercise"], row["task"]
        before = gone.pop(key, dict.fromkeys(COLUMNS, ""))
        points, comment = before["points"], before["comment"]
        if letters(before["answer"]) != letters(row["text"]):
            points, comment = "", f"(an earlier answer got {points}) {comment}" if points else comment
        if points:
            row |= {"points": float(points), "status": "read", "message": comment}
        cells = [*key, row["text"], f"{row['max_points']:g}", points, comment]
        sheet.append(dict(zip(COLUMNS, cells, strict=True)))
    sheet.sort(key=lambda entry: (entry["exercise"], entry["task"], entry["number"]))
    sheet += [entry for entry in gone.values() if entry["points"] + entry["comment"]]
    return pd.DataFrame(rows, columns=book.columns), sheet


def read_late_rule(file: Path, exercises: Container[str]) -> tuple[float, float, dict[str, datetime]]:
    """Return the percentage that each day begun takes off, the most, when what is due; 0 without a file."""
    try:
        course = tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {"late": {}}
        late, due = {"percent_a_day": 0, "most_percent": 100} | course.pop("late"), course.pop("due", {})
        a_day, most = late.pop("percent_a_day"), late.pop("most_percent")
        known = [id in exercises and type(time) is datetime and not time.tzinfo for id, time in due.items()]
        if late or course or not all(known) or not 0 <= a_day <= most <= 100:
            raise ValueError
    except (OSError, ValueError, TypeError, AttributeError, KeyError):
        raise SCONotesError(f"{file}: not in its form: {LATE_FORM}") from None
    return a_day, most, due


def deduct(
    book: pd.DataFrame, handed_in: Iterable[Submission], students: Iterable[Student], rule: tuple
) -> tuple[pd.DataFrame, list[Problem]]:
    """Return the gradebook with a row "late" for each that was, and those of which that is not known."""
    (a_day, most, due), known = rule, {one.label: one for one in students}
    given = {(s.student, s.exercise): s for s in handed_in if s.data and not s.problem and a_day}
    parts, problems = [], []
    for key, own in book.groupby(["student", "exercise"], sort=False):
        parts.append(own)
        if not (s := given.get(key)):
            continue
        days, said, end = 0, "", due.get(s.exercise)
        if end and not pd.isna(time := _time(s.file, known.get(s.student))):
            days = -((end - time) // timedelta(days=1))
            said = f"handed in {time:%Y-%m-%d %H:%M}, due {end:%Y-%m-%d %H:%M}"
        elif "_LATE_" in s.file:
            days, said = 1, "late for the platform, which does not tell how much: taken as a day"
        elif end and feedback_name(s.file)[0] != "canvas" and (s.student in known or not known):
            problems.append((s.student, s.file, NO_TIME))
        if days > 0:
            reached, percent = own["points"].sum(), min(a_day * days, most)
            said = f"{said}: {counted(days, 'day')}, {percent:g}% of {reached:g} points"
            off = {"points": 0 - round(reached * percent / 100, 2), "max_points": 0.0}
            parts.append(own.tail(1).assign(task="late", status="late", message=said, text="", **off))
    return pd.concat(parts, ignore_index=True), problems


def _time(file: str, student: Student | None):
    """When it was handed in, by Blackboard's name of the file or Moodle's worksheet; NaT where unknown."""
    said = ""
    if found := re.search(r"_attempt_(\d+-\d+-\d+)-(\d+)-(\d+)", file):
        said = f"{found[1]} {found[2]}:{found[3]}"
    elif student and {*re.findall(r"_(\d+)_assignsubmission_", file)} & student.numbers:  # of this worksheet
        said = student.row.get("Last modified (submission)", "")
    is_clear = re.match(r"\d{4}-|[A-Z]", said)  # the month is named, or stands after the year
    return pd.to_datetime(" ".join(said.split()) if is_clear else "", errors="coerce")


def write_prose(sheet: list[dict[str, str]], assignments: Assignments, out: Path) -> None:
    """Write prose.csv, and prose.html task after task."""
    write_whole(out / "prose.csv", spreadsheet(pd.DataFrame(sheet, columns=COLUMNS)))
    tasks = []
    for id, task in ((id, task) for id, one in assignments.items() for task in one.tasks if not task.parts):
        guide = re.sub("### (BEGIN|END) SOLUTION", "", texts_by_name(assignments[id].source)[task.name][0])
        answers = [entry for entry in sheet if (entry["exercise"], entry["task"]) == (id, task.name)]
        about = {"exercise": assignments[id].title, "task": task.name, "points": task.points}
        tasks += [about | {"guide": guide, "answers": answers}] if answers else []
    write_whole(out / "prose.html", render_template(TEMPLATES, "prose.html.jinja", tasks=tasks))


def write_marks(book: pd.DataFrame, students: list[Student], assignments: Assignments, out: Path) -> None:
    """Write marks-moodle.csv and marks-canvas.csv; a mark is empty as long as an answer has to be read."""
    exercises = [assignments[id] for id in sorted({*book["exercise"]} & assignments.keys())]
    totals = book.groupby(["student", "exercise"])["points"].agg(lambda points: points.sum(skipna=False))
    marks = totals.unstack().reindex([one.label for one in students], columns=[one.id for one in exercises])
    marks = marks.map(lambda total: "" if pd.isna(total) else f"{total:g}").reset_index(drop=True)
    rows = pd.DataFrame([student.row for student in students])
    if "Grade" in rows and len(exercises) == 1:  # Moodle's grading worksheet, to be uploaded as it is
        moodle = rows.assign(Grade=marks[exercises[0].id])
    else:
        named = rows.filter(regex=r"(?i)name|mail|\bid\b|identifier|student")
        moodle = named.join(marks.rename(columns={one.id: one.title for one in exercises}))
    write_whole(out / "marks-moodle.csv", spreadsheet(moodle))
    rows = pd.DataFrame([{"Student": one.name, "SIS User ID": one.id} | one.row for one in students])
    canvas = rows.reindex(columns=_CANVAS, fill_value="").join(marks)
    most = {one.id: f"{sum(task.points for task in one.tasks):g}" for one in exercises}
    possible = dict.fromkeys(_CANVAS, "") | {"Student": "    Points Possible"} | most
    # As the course calls its assignment, "Title (4711)", where the class list is its gradebook.
    known = {re.sub(r" \(\d+\)$", "", heading): heading for heading in rows}
    names = {one.id: known.get(one.title, known.get(one.id, one.title)) for one in exercises}
    canvas = pd.concat([pd.DataFrame([possible]), canvas]).rename(columns=names)
    write_whole(out / "marks-canvas.csv", spreadsheet(canvas))
