"""Marks in the forms in which learning platforms take them back."""

import re
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from ..files import write_whole
from .assignment import Assignment
from .class_list import Student
from .feedback import spreadsheet

# The columns that Canvas's import looks for, in this order; "Section" is the last before the marks.
_CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")


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
