"""Set verdicts as pages: one for each student, one for the class."""

import hashlib
import re
from collections import Counter
from pathlib import Path

import pandas as pd

from ..files import write_whole
from ..reports.pages import render_template
from .assignment import Assignment

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
TEMPLATES = Path(__file__).parent / "templates"


def write_pages(verdicts: pd.DataFrame, assignments: dict[str, Assignment], out: Path) -> None:
    """Write students/NAME.html and overview.html; pages of students who are no longer there are removed.

    `verdicts` has the columns of the gradebook and `text`, an answer that a person has to read.
    """
    students = {file_name(str(name)): rows for name, rows in verdicts.groupby("student", sort=False)}
    for name, rows in students.items():
        exercises = [
            {"title": assignments[id].title if id else "Unknown exercise", "verdicts": _records(part)}
            for id, part in rows.groupby("exercise", sort=False)
        ]
        page = _page("student.html.jinja", student=rows["student"].iloc[0], exercises=exercises)
        write_whole(out / "students" / name, page)
    for old in (out / "students").glob("*.html"):
        if old.name not in students:
            old.unlink()
    tasks = [
        _task_row(part, assignments[id])
        for (id, _), part in verdicts[verdicts["exercise"] != ""].groupby(["exercise", "task"], sort=False)
    ]
    overview = {
        "tasks": sorted(tasks, key=lambda row: 2 if row["mean"] is None else row["mean"] / row["max"]),
        "students": [_student_row(rows) for rows in students.values()],
    }
    write_whole(out / "overview.html", _page("overview.html.jinja", **overview))


def file_name(student: str) -> str:
    """Return a file name for a student that no other student has, whatever the name holds."""
    words = re.sub(r"[^\w]+", "-", student).strip("-")[:60] or "student"
    return f"{words}-{hashlib.sha256(student.encode()).hexdigest()[:8]}.html"


def _task_row(rows: pd.DataFrame, assignment: Assignment) -> dict:
    """One task in the overview: how many solved it, what the others were told."""
    task = next(task for task in assignment.tasks if task.name == rows["task"].iloc[0])
    others = rows[rows["status"] != "ok"]
    told = others.loc[others["points"].notna() & (others["message"] != ""), "message"]
    return {
        "exercise": assignment.title,
        "task": task.name,
        "n": len(rows),
        "full": int((rows["status"] == "ok").sum()),
        # Of a task that a person reads only the blank answers have points by now.
        "mean": rows["points"].mean() if task.parts else None,
        "max": task.points,
        "statuses": sorted(Counter(others["status"]).items()),
        "messages": Counter(told).most_common(2),
    }


def _student_row(rows: pd.DataFrame) -> dict:
    """One student in the overview."""
    student, graded = rows["student"].iloc[0], rows[rows["points"].notna()]
    return {
        "student": student,
        "page": f"students/{file_name(student)}",
        "points": graded["points"].sum(),
        "max": graded["max_points"].sum(),
        "to_read": len(rows) - len(graded),
        "statuses": sorted({*rows["status"]} - {"ok", "to read"}),
    }


def _records(rows: pd.DataFrame) -> list[dict]:
    return rows.astype(object).where(rows.notna(), None).to_dict("records")


def _page(name: str, **values) -> str:
    return render_template(name, TEMPLATES, policy=POLICY, **values)
