"""Points that people give to answers in prose, and marks in the forms in which platforms take them back."""

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from ..errors import SCONotesError
from ..files import write_whole
from ..reports.pages import render_template
from .assignment import Assignment, texts_by_name
from .class_list import Student, read_csv_rows
from .feedback import TEMPLATES, spreadsheet

COLUMNS = ["number", "exercise", "task", "answer", "max_points", "points", "comment"]
# The columns that Canvas's import looks for, in this order; "Section" is the last before the marks.
_CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
Marks = dict[tuple[str, str, str], dict[str, str]]


def read_marks(file: Path) -> Marks:
    """Read the sheet of answers with the points that people entered, by number, exercise and task."""
    if not file.exists():
        return {}
    heading, *rows = read_csv_rows(file) or [[]]
    for column in COLUMNS:
        if column not in heading:
            raise SCONotesError(f"{file}: no column {column}; put it back, its points would be lost")
    marks = {}
    for number, row in enumerate(rows, 2):
        entry = dict.fromkeys(COLUMNS, "") | dict(zip(heading, row, strict=False))
        points, most = (entry[column].strip().replace(",", ".") for column in ("points", "max_points"))
        try:
            if points and not 0 <= float(points) <= float(most):
                raise ValueError
        except ValueError:
            where = f"{file}, row {number} ({entry['task']})"
            raise SCONotesError(
                f"{where}: points {points!r}; a number from 0 to {most} is expected"
            ) from None
        marks[entry["number"], entry["exercise"], entry["task"]] = entry | {"points": points}
    return marks


def enter_marks(book: pd.DataFrame, marks: Marks) -> pd.DataFrame:
    """Return the gradebook with the points and comments that people have given to answers they have read.

    Where an answer has changed since, the points do not hold for it: they are named in the comment.
    """
    rows = []
    for row in book.to_dict("records"):
        entry = marks.get(key := _key(row))
        if row["status"] == "to read" and entry:
            if _letters(entry["answer"]) != _letters(row["text"]):
                earlier = f"(an earlier answer got {entry['points']}) " if entry["points"] else ""
                entry = marks[key] = entry | {"points": "", "comment": earlier + entry["comment"]}
            if entry["points"]:
                row |= {"points": float(entry["points"]), "status": "read", "message": entry["comment"]}
        rows.append(row)
    return pd.DataFrame(rows, columns=book.columns)


def write_prose(book: pd.DataFrame, marks: Marks, assignments: dict[str, Assignment], out: Path) -> None:
    """Write prose.csv and prose.html, task after task; rows that are gone but were read stay in the sheet."""
    rows = []
    for row in book[book["status"].isin(["to read", "read"])].to_dict("records"):
        entry = dict(zip(COLUMNS, _key(row), strict=False)) | {"answer": row["text"]}
        entry |= {"max_points": f"{row['max_points']:g}", "points": "", "comment": ""}
        before = marks.get(_key(row), {})
        rows.append(entry | {key: before[key] for key in ("points", "comment") if before})
    rows.sort(key=lambda row: (row["exercise"], row["task"], row["number"]))
    there = {(row["number"], row["exercise"], row["task"]) for row in rows}
    gone = [entry for key, entry in marks.items() if key not in there and entry["points"] + entry["comment"]]
    write_whole(out / "prose.csv", spreadsheet(pd.DataFrame([*rows, *gone], columns=COLUMNS)))
    tasks = []
    for id, task in ((id, task) for id, one in assignments.items() for task in one.tasks if not task.parts):
        guide = re.sub("### (BEGIN|END) SOLUTION", "", texts_by_name(assignments[id].source)[task.name][0])
        answers = [row for row in rows if (row["exercise"], row["task"]) == (id, task.name)]
        about = {"exercise": assignments[id].title, "task": task.name, "points": task.points}
        tasks += [about | {"guide": guide, "answers": answers}] if answers else []
    write_whole(out / "prose.html", render_template("prose.html.jinja", TEMPLATES, tasks=tasks))


def _key(row: dict) -> tuple[str, str, str]:
    """The number of a submission, which tells nothing of its student, with its exercise and task."""
    digest = hashlib.sha256(f"{row['exercise']}\n{row['student']}".encode()).digest()
    # Letters alone: a spreadsheet would read "12e34567" as a number.
    return "".join("bcdfghjklmnpqrstvwxz"[byte % 20] for byte in digest[:6]), row["exercise"], row["task"]


def _letters(text: str) -> str:
    """A text without what a spreadsheet, or the guard against formulas, may change in it."""
    return re.sub(r"[\s']+", "", text)


def write_marks(
    book: pd.DataFrame, students: Sequence[Student], assignments: dict[str, Assignment], out: Path
) -> None:
    """Write marks-moodle.csv and marks-canvas.csv: a row a student of the class list, a column an exercise.

    A mark is empty, which changes nothing on the platform, as long as an answer has to be read.
    """
    ids = sorted({*book["exercise"]} & assignments.keys())
    by_exercise = book.groupby(["student", "exercise"])["points"]
    totals = by_exercise.sum().where(~by_exercise.apply(lambda points: points.isna().any()))
    most = {id: sum(task.points for task in assignments[id].tasks) for id in ids}

    def marks(student: Student) -> list[str]:
        found = [totals.get((student.label, id)) for id in ids]
        return ["" if pd.isna(total) else f"{total:g}" for total in found]

    headings = list(students[0].row)
    titles = [assignments[id].title for id in ids]
    if "Grade" in headings and len(ids) == 1:  # Moodle's grading worksheet, to be uploaded as it is
        rows = [[*(one.row | {"Grade": marks(one)[0]}).values()] for one in students]
        moodle = pd.DataFrame(rows, columns=headings)
    else:
        kept = [h for h in headings if re.search(r"name|mail|\bid\b|identifier|student", h, re.IGNORECASE)]
        rows = [[*(one.row.get(h, "") for h in kept), *marks(one)] for one in students]
        moodle = pd.DataFrame(rows, columns=[*kept, *titles])
    write_whole(out / "marks-moodle.csv", spreadsheet(moodle))

    columns = [  # as the course calls its assignment, "Title (4711)", where the class list is its gradebook
        next((h for h in headings if re.sub(r" \(\d+\)$", "", h) in (id, assignments[id].title)), title)
        for id, title in zip(ids, titles, strict=True)
    ]
    possible = ["    Points Possible", "", "", "", "", *(f"{most[id]:g}" for id in ids)]
    named = [{"Student": one.name, "SIS User ID": one.id} | one.row for one in students]
    rows = [
        [*(row.get(h, "") for h in _CANVAS), *marks(one)] for one, row in zip(students, named, strict=True)
    ]
    canvas = pd.DataFrame([possible, *rows], columns=[*_CANVAS, *columns])
    write_whole(out / "marks-canvas.csv", spreadsheet(canvas))
