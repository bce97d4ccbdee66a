"""Answers that people read: a sheet and a page of them without names; what is entered there comes back."""

import hashlib
import re
from pathlib import Path

import pandas as pd

from ..errors import SCONotesError
from ..files import write_whole
from ..reports.pages import render_template
from .assignment import Assignment, texts_by_name
from .class_list import read_csv_rows
from .feedback import TEMPLATES, spreadsheet

COLUMNS = ["number", "exercise", "task", "answer", "max_points", "points", "comment"]
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
            raise SCONotesError(
                f"{file}, row {number} ({entry['task']}): points {points!r}; a number from 0 to {most} is expected"
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
        number, exercise, task = _key(row)
        entry = marks.get((number, exercise, task), {})
        rows.append({
            "number": number, "exercise": exercise, "task": task, "answer": row["text"],
            "max_points": f"{row['max_points']:g}", "points": entry.get("points", ""),
            "comment": entry.get("comment", ""),
        })  # fmt: skip
    rows.sort(key=lambda row: (row["exercise"], row["task"], row["number"]))
    there = {(row["number"], row["exercise"], row["task"]) for row in rows}
    gone = [entry for key, entry in marks.items() if key not in there and entry["points"] + entry["comment"]]
    write_whole(out / "prose.csv", spreadsheet(pd.DataFrame([*rows, *gone], columns=COLUMNS)))
    tasks = [
        {"exercise": one.title, "task": task.name, "points": task.points,
         "guide": texts_by_name(one.source)[task.name][0].replace("### BEGIN SOLUTION", "").split("### END")[0],
         "answers": [row for row in rows if (row["exercise"], row["task"]) == (id, task.name)]}
        for id, one in assignments.items() for task in one.tasks if not task.parts
    ]  # fmt: skip
    tasks = [task for task in tasks if task["answers"]]
    write_whole(out / "prose.html", render_template("prose.html.jinja", TEMPLATES, tasks=tasks))


def _key(row: dict) -> tuple[str, str, str]:
    """The number of a submission, which tells nothing of its student, with its exercise and task."""
    digest = hashlib.sha256(f"{row['exercise']}\n{row['student']}".encode()).digest()
    # Letters alone: a spreadsheet would read "12e34567" as a number.
    return "".join("bcdfghjklmnpqrstvwxz"[byte % 20] for byte in digest[:6]), row["exercise"], row["task"]


def _letters(text: str) -> str:
    """A text without what a spreadsheet, or the guard against formulas, may change in it."""
    return re.sub(r"[\s']+", "", text)
