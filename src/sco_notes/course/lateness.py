"""Late submissions: what the course file says of them, and the points that this takes off, a row for each."""

import re
import tomllib
from collections.abc import Container, Iterable
from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd

from ..errors import SCONotesError, counted
from .class_list import Student
from .submissions import Problem, Submission, feedback_name

FORM = "[late] with percent_a_day and most_percent, [due] with EXERCISE = 2026-11-20 23:59:00"
NO_TIME = "when it was handed in is not known; give Moodle's grading worksheet of this exercise as class list"


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
        raise SCONotesError(f"{file}: not in its form: {FORM}") from None
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
