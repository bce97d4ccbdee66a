"""Verdicts to pages: one for each student, one for the class. Made from the table of verdicts alone."""

import hashlib
import re
from pathlib import Path

import pandas as pd

from ..files import write_whole
from ..reports.pages import render_template

TEMPLATES = Path(__file__).parent / "templates"
# What a spreadsheet takes for a formula, at the beginning of a cell, whatever separator it splits at.
_FORMULA = re.compile(r"""(^|[;,\t\r\n])(["'\s]*)(?=[=+\-@＝＋－＠])""")
_NOT_HANDED_IN = ("no submission", "unreadable file")


def spreadsheet(table: pd.DataFrame) -> bytes:
    """Return a table as a CSV that spreadsheets open: UTF-8 with its mark, no text that they would run."""
    return table.map(guarded).to_csv(index=False, lineterminator="\n", float_format="%g").encode("utf-8-sig")


def guarded(value):
    """Return a text with an apostrophe before what a spreadsheet would run; another value as it is."""
    return _FORMULA.sub(r"\1\2'", value) if isinstance(value, str) else value


def write_pages(book: pd.DataFrame, titles: dict[str, str], out: Path) -> None:
    """Write students/NAME.html, overview.html and tasks.csv; remove the pages of students who are gone.

    The gradebook has the column text for answers that a person reads; the titles are by exercise.
    """
    book = book.assign(title=book["exercise"].map(titles).fillna("Exercise not known"))
    by_student = {str(student): part for student, part in book.groupby("student", sort=False)}
    pages = {out / "students" / file_name(student): student for student in by_student}
    for old in {*(out / "students").glob("*.html")} - pages.keys():
        old.unlink()
    for file, student in pages.items():
        exercises = by_student[student].groupby("title", sort=False)
        summaries = [_summary(part) | {"title": title} for title, part in exercises]
        values = {"student": student, "exercises": summaries}
        write_whole(file, render_template("student.html.jinja", TEMPLATES, **values))

    known = book[book["exercise"] != ""].groupby(["title", "task"], sort=False)
    tasks = [_task(part, book) | {"title": title, "task": task} for (title, task), part in known]
    numbers = pd.DataFrame(tasks, columns=["title", "task", "n", "full", "difficulty", "discrimination"])
    commonest = ["; ".join(task["messages"].index[:1]) for task in tasks]
    write_whole(out / "tasks.csv", spreadsheet(numbers.round(2).assign(commonest_message=commonest)))
    tasks.sort(key=lambda task: 2 if pd.isna(task["mean"]) else task["mean"] / task["max"])
    students = [
        _summary(by_student[student]) | {"student": student, "page": f"students/{file.name}"}
        for file, student in pages.items()
    ]
    html = render_template("overview.html.jinja", TEMPLATES, tasks=tasks, students=students)
    write_whole(out / "overview.html", html)


def _summary(verdicts: pd.DataFrame) -> dict:
    """The points of a student, of those that are given by now, and what a person has to read."""
    unread = verdicts["points"].isna()
    return {
        "points": verdicts["points"].sum(),
        "max": verdicts["max_points"][~unread].sum(),
        "verdicts": verdicts.to_dict("records"),
        "unread": verdicts[unread].to_dict("records"),
        "statuses": sorted({*verdicts["status"]} - {"ok", "to read", "read"}),
    }


def _task(verdicts: pd.DataFrame, book: pd.DataFrame) -> dict:
    """How a class did in a task; it has no mean as long as a person has to read an answer to it.

    The difficulty is the mean share of the points, the discrimination the correlation with the points in the
    other tasks of the exercise, among those who handed it in.
    """
    exercise, task = verdicts[["exercise", "task"]].iloc[0]
    handed_in = book[(book["exercise"] == exercise) & ~book["status"].isin(_NOT_HANDED_IN)]
    points = handed_in.pivot_table("points", "student", "task", dropna=False)
    own = points[task] if task in points else pd.Series(dtype=float)
    others = points.drop(columns=task, errors="ignore").sum(axis=1)
    varies = min(own.nunique(), others.nunique()) > 1
    not_ok = verdicts[~verdicts["status"].isin(["ok", "read"])]
    messages = not_ok["message"][not_ok["points"].notna() & (not_ok["message"] != "")]
    return {
        "n": len(verdicts),
        "full": len(verdicts) - len(not_ok),
        "mean": verdicts["points"].mean(skipna=False),
        "difficulty": own.mean(skipna=False) / verdicts["max_points"].iloc[0],
        "discrimination": own.corr(others) if varies else float("nan"),
        "max": verdicts["max_points"].iloc[0],
        "statuses": not_ok["status"].value_counts().sort_index(),
        "messages": messages.value_counts().head(2),
    }


def file_name(student: str) -> str:
    """Return a file name for a student that no other student has, whatever the name holds."""
    words = re.sub(r"[^\w]+", "-", student).strip("-")[:60] or "student"
    return f"{words}-{hashlib.sha256(student.encode()).hexdigest()[:8]}.html"
