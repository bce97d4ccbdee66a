"""Write exercises for a class: the notebooks that students get, and the answer key for those who teach."""

import json
from collections.abc import Callable
from pathlib import Path

from ..files import write_whole
from .assignment import read_assignments


def write_release(sources: Path, out: Path) -> list[Path]:
    """Write the release of every exercise in a folder: no solution, no hidden test, no output."""
    written = []
    for assignment in read_assignments(sources):
        written.append(out / f"{assignment.id}.ipynb")
        write_whole(written[-1], json.dumps(assignment.release, indent=1, ensure_ascii=False) + "\n")
    return written


def write_key(sources: Path, out: Path, progress: Callable[[str], object] = print) -> list:
    """Run every exercise with its solutions and write it as a page, for those who teach."""
    from ..reports.listing import Report
    from ..reports.render import render_reports

    reports = [
        Report(a.id, f"Answer key: {a.title}", sources / f"{a.id}.ipynb", {})
        for a in read_assignments(sources)
    ]
    return render_reports(reports, out, command="make exercises", progress=progress, title="Answer key")
