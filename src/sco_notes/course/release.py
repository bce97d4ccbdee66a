"""Exercises for a class: what students get, the key for those who teach, and new exercises, tried out."""

import ast
import hashlib
import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from ..errors import SCONotesError
from ..files import write_whole, zipped
from .assignment import arrange, as_text, name_of, read_assignment, read_assignments, text_of, texts_by_name
from .check import digest_of
from .feedback import TEMPLATES
from .grading import expected_values, verdicts_on
from .sandbox import Sandbox


def write_release(sources: Path, out: Path) -> list[Path]:
    """Write the release of every exercise in a folder: no solution, no hidden test, no output."""
    releases = {out / f"{id}.ipynb": one.release for id, one in read_assignments(sources).items()}
    for file, release in releases.items():
        write_whole(file, as_text(release))
    return list(releases)


def write_student_bundle(project: Path, out: Path) -> Path:
    """Write a zip of the project for students: ready to run, the exercises without solutions; same bytes."""
    wanted = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))["files"]
    found = [file for pattern in wanted for file in project.glob(pattern) if file.is_file()]
    names = [file.relative_to(project).as_posix() for file in found if "__pycache__" not in file.parts]
    files = {f"sco-notes/{name}": (project / name).read_bytes() for name in names}
    for id, one in read_assignments(project / "notebooks" / "exercises").items():
        files[f"sco-notes/notebooks/exercises/release/{id}.ipynb"] = as_text(one.release).encode()
    write_whole(out, zipped(files))
    return out


def write_key(sources: Path, out: Path, progress: Callable[[str], object] = print) -> list:
    """Run every exercise with its solutions and write it as a page, for those who teach."""
    from ..reports.listing import Report
    from ..reports.render import render_reports

    titles = {id: f"Answer key: {one.title}" for id, one in read_assignments(sources).items()}
    reports = [Report(id, title, sources / f"{id}.ipynb", {}) for id, title in titles.items()]
    return render_reports(reports, out, command="make exercises", progress=progress, title="Answer key")


def new_exercise(file: Path, template: Path = TEMPLATES / "exercise.ipynb") -> Path:
    """Write the source of a new exercise, a small one or a copy of another, with ids of its own."""
    if file.exists() or not re.fullmatch(r"\w[\w-]*", file.stem):
        why = "is there already" if file.exists() else "letters and digits only"
        raise SCONotesError(f"{file.stem}: {why}")
    source, prefix = read_assignment(template).source, re.sub(r"^\d+_", "", file.stem)
    for number, cell in enumerate(source["cells"], 1):
        cell["id"] = hashlib.sha256(f"{file.stem} {number}".encode()).hexdigest()[:8]
        if name := name_of(cell):
            cell["metadata"]["nbgrader"]["grade_id"] = f"{prefix}-{name.split('-', 1)[-1]}"
    write_whole(file, as_text(source))
    return file


def try_exercise(file: Path, folder: Path) -> pd.DataFrame:
    """Bring the digests in the checks up to date; return the points of solution and release, or raise."""
    sandbox = Sandbox(folder, isolated=False)
    sandbox.prepare()
    assignment = read_assignment(file)
    expected = expected_values(assignment, sandbox)
    # The visible tests are run after the solution, without digests; what they are asked about gives these.
    tests = {name_of(cell).removesuffix("-test"): cell for cell in assignment.source["cells"]}
    cells, _ = arrange(assignment, assignment.source)
    visible, calls = texts_by_name(assignment.release), {}
    for cell in filter(lambda cell: cell["values"], cells):
        text = visible[f"{cell['task']}-test"][0]
        found = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
        asked = [call for call in found if "digest" in [word.arg for word in call.keywords]]
        calls[cell["task"]] = [(call, ast.get_source_segment(text, call) or "") for call in asked]
        cell["source"] = re.sub(r""",\s*digest=["'][^"']*["']""", "", text)
        cell["values"] = [ast.unparse(call.args[0]) for call in asked]
    for cell, result in zip(cells, sandbox.run(cells), strict=True):
        if result.status != "done":
            raise SCONotesError(f"{file.name}, {cell['task']}: the solution fails a check: {result.message}")
        for (call, written), value in zip(calls.get(cell["task"], []), result.values, strict=False):
            words = {word.arg: ast.unparse(word.value) for word in call.keywords}
            salt = hashlib.sha256(written.split(",")[0].encode()).hexdigest()[:4]
            digest = digest_of(value, ast.literal_eval(words.get("columns", "()")), salt)
            renewed = re.sub(r"""(digest=["'])[^"']*""", rf"\g<1>{digest}", written)
            tests[cell["task"]]["source"] = text_of(tests[cell["task"]]).replace(written, renewed)
    write_whole(file, as_text(assignment.source))
    assignment = read_assignment(file)
    blank = verdicts_on(assignment, assignment.release, expected, sandbox)
    if gained := [verdict.task for verdict in blank if verdict.points]:
        raise SCONotesError(f"{file.name}: the unsolved release gets points for {', '.join(gained)}")
    solved = [(t.name, t.points, t.points if t.parts else None, 0.0) for t in assignment.tasks]
    return pd.DataFrame(solved, columns=["task", "points", "solution", "blank"])
