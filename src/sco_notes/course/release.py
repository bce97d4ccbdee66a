"""Exercises for a class: the notebooks that students get, and the answer key for those who teach."""

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from ..files import write_whole
from .assignment import read_assignments


def write_release(sources: Path, out: Path) -> list[Path]:
    """Write the release of every exercise in a folder: no solution, no hidden test, no output."""
    releases = {out / f"{id}.ipynb": one.release for id, one in read_assignments(sources).items()}
    for file, release in releases.items():
        write_whole(file, json.dumps(release, indent=1, ensure_ascii=False) + "\n")
    return list(releases)


# What students need of the project: no exercise sources, no tests, no texts that may not be passed on.
FOR_STUDENTS = [
    "Makefile", "README.md", "LICENSE", "CITATION.cff", "pyproject.toml", "requirements.lock",
    "environment.yml", "tools/setup.py", "src/**/*", "notebooks/*.ipynb", "reports/*.toml", "reports/*.csv",
    "data/*", "data/models/*", "data/gold/*", "data/*/*.csv", "data/*/*.toml", "data/*/derived/*",
    "data/chronicle/texts/*",
]  # fmt: skip


def write_student_bundle(project: Path, out: Path) -> Path:
    """Write a zip of the project for students: ready to run, the exercises without solutions; same bytes."""
    files = {
        file.relative_to(project).as_posix(): file.read_bytes()
        for pattern in FOR_STUDENTS
        for file in project.glob(pattern)
        if file.is_file() and "__pycache__" not in file.parts
    }
    for id, one in read_assignments(project / "notebooks" / "exercises").items():
        release = json.dumps(one.release, indent=1, ensure_ascii=False) + "\n"
        files[f"notebooks/exercises/release/{id}.ipynb"] = release.encode()
    content = BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as bundle:
        for name, data in sorted(files.items()):
            bundle.writestr(ZipInfo(f"sco-notes/{name}", (1980, 1, 1, 0, 0, 0)), data, ZIP_DEFLATED)
    write_whole(out, content.getvalue())
    return out


def write_key(sources: Path, out: Path, progress: Callable[[str], object] = print) -> list:
    """Run every exercise with its solutions and write it as a page, for those who teach."""
    from ..reports.listing import Report
    from ..reports.render import render_reports

    reports = [
        Report(id, f"Answer key: {assignment.title}", sources / f"{id}.ipynb", {})
        for id, assignment in read_assignments(sources).items()
    ]
    return render_reports(reports, out, command="make exercises", progress=progress, title="Answer key")
