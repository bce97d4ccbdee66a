"""Exercises of one's own: a new source, and what its solution, its release and constants get."""

import ast
import hashlib
import json
import re
from pathlib import Path

import pandas as pd

from ..errors import SCONotesError
from ..files import write_whole
from .assignment import arrange, grading_marks, name_of, read_assignment, text_of, texts_by_name
from .check import digest_of
from .feedback import TEMPLATES
from .grading import expected_values, verdicts_on
from .sandbox import Sandbox


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
    _write_source(source, file)
    return file


def _write_source(source: dict, file: Path) -> None:
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
        for call, value in zip(calls.get(cell.get("test"), []), result.values, strict=True):
            words = {word.arg: ast.unparse(word.value) for word in call.keywords}
            written = ast.get_source_segment(visible[cell["test"]][0], call) or ""
            salt = hashlib.sha256(written.split(",")[0].encode()).hexdigest()[:4]
            digest = digest_of(value, ast.literal_eval(words.get("columns", "()")), salt)
            renewed = re.sub(r"""(digest=["'])[^"']*""", rf"\g<1>{digest}", written)
            source = by_name[cell["test"]]
            source["source"] = text_of(source).replace(written, renewed)
    _write_source(assignment.source, file)
