"""Exercises for a class: the notebooks that students get, and the answer key for those who teach."""

import json
from collections.abc import Callable
from pathlib import Path

from ..errors import SCONotesError
from ..files import write_whole
from .assignment import read_assignment


def write_release(sources: Path, out: Path) -> list[Path]:
    """Write the release of every exercise in a folder: no solution, no hidden test, no output."""
    files = sorted(sources.glob("*.ipynb"))
    if not files:
        raise SCONotesError(f"{sources}: no exercise (.ipynb) in it")
    written = []
    for assignment in [read_assignment(file) for file in files]:
        file = out / f"{assignment.id}.ipynb"
        write_whole(file, json.dumps(assignment.release, indent=1, ensure_ascii=False) + "\n")
        written.append(file)
    return written


def write_key(sources: Path, out: Path, progress: Callable[[str], object] = print) -> list:
    """Run every exercise with its solutions and write it as a page, for those who teach."""
    from ..reports.listing import Report
    from ..reports.render import render_reports

    reports = [
        Report(assignment.id, f"Answer key: {assignment.title}", file, {})
        for file in sorted(sources.glob("*.ipynb"))
        for assignment in [read_assignment(file)]
    ]
    return render_reports(reports, out, command="make exercises", progress=progress, title="Answer key")
