"""Verdicts to pages: one for each student, one for the class. Made from the verdicts alone."""

import hashlib
import re
from collections import Counter
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ..files import write_whole

POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def write_pages(rows, assignments, out: Path) -> None:
    """Write students/NAME.html and overview.html from (submission, verdict) pairs sorted by student."""
    wanted = set()
    for student, part in groupby(rows, key=lambda row: row[0].student):
        exercises = [
            {
                "title": assignments[id].title if id else "Exercise not known",
                "verdicts": [verdict for _, verdict in group],
            }
            for id, group in groupby(list(part), key=lambda row: row[0].exercise)
        ]
        name = file_name(student)
        wanted.add(name)
        write_whole(out / "students" / name, _template("student.html.jinja").render(
            student=student, exercises=exercises, policy=POLICY,
        ))  # fmt: skip
    for old in (out / "students").glob("*.html"):
        if old.name not in wanted:
            old.unlink()
    overview = _template("overview.html.jinja").render(
        tasks=_by_task(rows, assignments), students=_by_student(rows), policy=POLICY
    )
    write_whole(out / "overview.html", overview)


def file_name(student: str) -> str:
    """A file name for a student that no other student has, whatever the name holds."""
    words = re.sub(r"[^\w]+", "-", student).strip("-")[:60] or "student"
    return f"{words}-{hashlib.sha256(student.encode()).hexdigest()[:8]}.html"


def _by_task(rows, assignments) -> list[dict]:
    tasks = []
    for id in dict.fromkeys(submission.exercise for submission, _ in rows if submission.exercise):
        for task in assignments[id].tasks:
            verdicts = [v for s, v in rows if s.exercise == id and v.task == task.name]
            scored = [v for v in verdicts if v.points is not None]
            messages = Counter(v.message for v in scored if v.message and v.status != "ok").most_common(2)
            tasks.append(
                {
                    "exercise": assignments[id].title,
                    "task": task.name,
                    "n": len(verdicts),
                    "full": sum(v.status == "ok" for v in verdicts),
                    # Of a task that a person reads only the blank answers have points by now.
                    "mean": sum(v.points for v in scored) / len(scored) if task.parts and scored else None,
                    "max": task.points,
                    "statuses": sorted(Counter(v.status for v in verdicts if v.status != "ok").items()),
                    "messages": messages,
                }
            )
    return sorted(tasks, key=lambda t: 2 if t["mean"] is None else t["mean"] / t["max"])


def _by_student(rows) -> list[dict]:
    students = []
    for student, part in groupby(rows, key=lambda row: row[0].student):
        verdicts = [verdict for _, verdict in part]
        students.append(
            {
                "student": student,
                "page": "students/" + file_name(student),
                "points": sum(v.points or 0 for v in verdicts),
                "max": sum(v.max_points for v in verdicts if v.points is not None),
                "to_read": sum(v.points is None for v in verdicts),
                "statuses": sorted({v.status for v in verdicts} - {"ok", "to read"}),
            }
        )
    return students


def _template(name: str):
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["points"] = lambda number: "–" if number is None else f"{number:g}"
    return environment.get_template(name)
