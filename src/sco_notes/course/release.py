"""Exercises for a class: the notebooks that students get, and the answer key for those who teach."""

import json
from collections.abc import Callable
from pathlib import Path

from ..files import write_whole
from .assignment import read_assignments


def write_release(sources: Path, out: Path) -> list[Path]:
    """Write the release of every exercise in a folder: no solution, no hidden test, no output."""
    releases = {out / f"{id}.ipynb": one.release for id, one in read_assignments(sources).items()}
    for file, release in releases.items():
        write_whole(file, json.dumps(release, indent=1, ensure_ascii=False) + "\n")
    return list(releases)


def write_key(sources: Path, out: Path, progress: Callable[[str], object] = print) -> list:
    """Run every exercise with its solutions and write it as a page, for those who teach."""
    from ..reports.listing import Report
    from ..reports.render import render_reports

    reports = [
        Report(id, f"Answer key: {assignment.title}", sources / f"{id}.ipynb", {})
        for id, assignment in read_assignments(sources).items()
    ]
    return render_reports(reports, out, command="make exercises", progress=progress, title="Answer key")
