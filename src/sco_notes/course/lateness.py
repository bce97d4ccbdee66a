"""Late submissions: what the course file says of them, and the points that this takes off, a row for each."""

import re
import tomllib
from collections.abc import Container, Iterable, Mapping
from datetime import datetime
from math import ceil
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import pandas as pd

from ..errors import SCONotesError, counted
from .class_list import Student
from .submissions import Problem, Submission, feedback_name

NO_TIME = "when it was handed in is not known; give Moodle's grading worksheet of this exercise as class list"


class LateRule(NamedTuple):
    """The percentage of the points reached that each day begun takes off, the most, and when what is due."""

    percent_a_day: float = 0
    most_percent: float = 100
    due: Mapping[str, datetime] = MappingProxyType({})


def read_late_rule(file: Path, exercises: Container[str]) -> LateRule:
    """Read the rule of a course; where there is no file nothing is taken off."""
    try:
        course = tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        rule = LateRule(**course.pop("late", {}), **course)
        is_right = 0 <= rule.percent_a_day <= rule.most_percent <= 100
        for id, time in rule.due.items():
            is_right &= id in exercises and type(time) is datetime and not time.tzinfo
    except (OSError, ValueError, TypeError, AttributeError):
        is_right = False
    if not is_right:
        form = "[late] with percent_a_day and most_percent, [due] with EXERCISE = 2026-11-20 23:59:00"
        raise SCONotesError(f"{file}: not in its form: {form}")
    return rule


def deduct(
    book: pd.DataFrame, handed_in: Iterable[Submission], students: Iterable[Student], rule: LateRule
) -> tuple[pd.DataFrame, list[Problem]]:
    """Return the gradebook with a row "late" for each that was, and those of which that is not known."""
    known = {one.label: one for one in students}
    given = {(s.student, s.exercise): s for s in handed_in if s.data and not s.problem and rule.percent_a_day}
    parts, problems = [], []
    for key, own in book.groupby(["student", "exercise"], sort=False):
        parts.append(own)
        if not (s := given.get(key)):
            continue
        due, time = rule.due.get(s.exercise), _time(s.file, known.get(s.student))
        days, said = 0, ""
        if due and not pd.isna(time):
            days = ceil((time - due) / pd.Timedelta(days=1))
            said = f"handed in {time:%Y-%m-%d %H:%M}, due {due:%Y-%m-%d %H:%M}"
        elif "_LATE_" in s.file:
            days, said = 1, "late for the platform, which does not tell how much: taken as a day"
        elif due and feedback_name(s.file)[0] != "canvas" and (s.student in known or not known):
            problems.append((s.student, s.file, NO_TIME))
        if days > 0:
            reached = own["points"].sum()
            percent = min(rule.percent_a_day * days, rule.most_percent)
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
