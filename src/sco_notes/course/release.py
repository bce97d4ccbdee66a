"""Exercises for a class: what students get, the key for those who teach, and new exercises, tried out."""

import ast
import hashlib
import json
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pandas as pd

from ..errors import SCONotesError
from ..files import write_whole
from .assignment import (
    arrange,
    grading_marks,
    name_of,
    read_assignment,
    read_assignments,
    text_of,
    texts_by_name,
)
from .check import digest_of
from .feedback import TEMPLATES
from .grading import expected_values, verdicts_on
from .sandbox import Sandbox


def write_release(sources: Path, out: Path) -> list[Path]:
    """Write the release of every exercise in a folder: no solution, no hidden test, no output."""
    releases = {out / f"{id}.ipynb": one.release for id, one in read_assignments(sources).items()}
    for file, release in releases.items():
        _write_notebook(release, file)
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


def new_exercise(file: Path, template: Path = TEMPLATES / "exercise.ipynb") -> Path:
    """Write the source of a new exercise, a small one or a copy of another, with ids of its own."""
    if file.exists() or not re.fullmatch(r"\w[\w-]*", file.stem):
        raise SCONotesError(
            f"{file.stem}: {'is there already' if file.exists() else 'letters and digits only'}"
        )
    source, prefix = read_assignment(template).source, re.sub(r"^\d+_", "", file.stem)
    for number, cell in enumerate(source["cells"], 1):
        cell["id"] = hashlib.sha256(f"{file.stem} {number}".encode()).hexdigest()[:8]
        if name := name_of(cell):
            grading_marks(cell)["grade_id"] = f"{prefix}-{name.split('-', 1)[-1]}"
    _write_notebook(source, file)
    return file


def _write_notebook(source: dict, file: Path) -> None:
    for cell in source["cells"]:
        cell["source"] = text_of(cell).splitlines(keepends=True)
    write_whole(file, json.dumps(source, indent=1, ensure_ascii=False) + "\n")


def try_exercise(file: Path, folder: Path) -> pd.DataFrame:
    """Return what each task gives the solution, and the release as it is.

    The digests in its checks are brought up to date in the source. Raises SCONotesError where the solution
    does not get full marks or fails a check, or the release gets any points.
    """
    sandbox = Sandbox(folder, isolated=False)
    sandbox.prepare()
    expected = expected_values(read_assignment(file), sandbox)
    _refresh_checks(file, sandbox)
    assignment = read_assignment(file)
    blank = verdicts_on(assignment, assignment.release, expected, sandbox)
    gained = [verdict.task for verdict in blank if verdict.points]
    if gained:
        raise SCONotesError(f"{file.name}: the unsolved release gets points for {', '.join(gained)}")
    solved = [(t.name, t.points, t.points if t.parts else None, 0.0) for t in assignment.tasks]
    return pd.DataFrame(solved, columns=["task", "points", "solution", "blank"])


def _refresh_checks(file: Path, sandbox: Sandbox) -> None:
    """Write the digests of the solution's answers into the checks, which it must pass otherwise."""
    assignment = read_assignment(file)
    cells, _ = arrange(assignment, assignment.source)
    visible, calls = texts_by_name(assignment.release), {}
    for cell in filter(lambda cell: cell["values"], cells):
        name = f"{cell['task']}-test"
        found = [node for node in ast.walk(ast.parse(visible[name][0])) if isinstance(node, ast.Call)]
        calls[name] = [call for call in found if "digest" in [word.arg for word in call.keywords]]
        cell["source"] = re.sub(r""",\s*digest=["'][^"']*["']""", "", visible[name][0])
        cell["values"] = [ast.unparse(call.args[0]) for call in calls[name]]
        cell["test"] = name
    by_name = {name_of(cell): cell for cell in assignment.source["cells"]}
    for cell, result in zip(cells, sandbox.run(cells), strict=True):
        if result.status != "done":
            where = cell.get("test", cell["task"])
            raise SCONotesError(f"{file.name}, {where}: the solution fails its check: {result.message}")
        for call, value in zip(calls.get(cell.get("test", ""), []), result.values, strict=True):
            words = {word.arg: ast.unparse(word.value) for word in call.keywords}
            written = ast.get_source_segment(visible[cell["test"]][0], call) or ""
            salt = hashlib.sha256(written.split(",")[0].encode()).hexdigest()[:4]
            digest = digest_of(value, ast.literal_eval(words.get("columns", "()")), salt)
            renewed = re.sub(r"""(digest=["'])[^"']*""", rf"\g<1>{digest}", written)
            source = by_name[cell["test"]]
            source["source"] = text_of(source).replace(written, renewed)
    _write_notebook(assignment.source, file)
