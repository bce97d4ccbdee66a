"""The source of an exercise, as their README describes it: its tasks, its release, where answers stand."""

import ast
import builtins
import json
import re
import textwrap
from collections import defaultdict
from collections.abc import Container
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from ..errors import SCONotesError
from .check import TOLERANCE

MISSING = "the cell for the answer is not there"
_REGION = r"(?ms)^([ \t]*)### BEGIN {0}\s*?\n(.*?)^[ \t]*### END {0}[^\n]*\n?"
_SOLUTION, _HIDDEN = (re.compile(_REGION.format(what)) for what in ("SOLUTION", "HIDDEN TESTS"))
_TRACE = re.compile(r"(begin|end)\s+(solution|hidden\s+test|mark\s+scheme)", re.IGNORECASE)
_KEPT = ("nbgrader", "tags", "editable", "deletable")  # of the metadata of a cell, in a release


@dataclass(frozen=True)
class AnswerPart:
    """One graded part of a task: the expression for the answer, that for what is expected, points, hint."""

    answer: str
    expected: str
    points: float = 1
    hint: str = ""
    tolerance: float = TOLERANCE

    def names(self) -> list[str]:
        """The student's names in an answer that the library is asked about, apart from the student's code."""
        names = {node.id for node in ast.walk(ast.parse(self.answer)) if isinstance(node, ast.Name)}
        return sorted(names - {"sn", "pd", *dir(builtins)}) if "sn" in names else []

    def asked(self) -> str:
        """What is evaluated where the student's code has run: the answer, or the values of its names."""
        values = ", ".join(f"{name!r}: {name}" for name in self.names())
        return f"{{{values}}}" if values else self.answer


@dataclass(frozen=True)
class Task:
    """A graded task, with the imports for its answers; it has no parts where a person reads the answer."""

    name: str
    points: float
    parts: tuple[AnswerPart, ...] = ()
    imports: str = ""


@dataclass(frozen=True)
class Assignment:
    """An exercise, with its source and its release as notebook dictionaries."""

    id: str
    title: str
    tasks: tuple[Task, ...]
    source: dict = field(repr=False)
    release: dict = field(repr=False)


Assignments = dict[str, Assignment]  # by their ids


def read_assignments(folder: Path) -> Assignments:
    """Read the exercises in a folder, by their ids."""
    assignments = {file.stem: read_assignment(file) for file in sorted(folder.glob("*.ipynb"))}
    if not assignments:
        raise SCONotesError(f"{folder}: no exercise (.ipynb) in it")
    owners: dict[str, str] = {}
    for id, one in assignments.items():
        for name in filter(None, map(name_of, one.source["cells"])):
            if owners.setdefault(name, id) != id:
                how = "copy an exercise by sco-notes exercises --new NAME --copy EXERCISE"
                raise SCONotesError(f"{id}.ipynb: its cell {name} is one of {owners[name]} too; {how}")
    return assignments


def read_assignment(file: Path) -> Assignment:
    """Read the source of an exercise and check that it can be released and graded."""
    try:
        source = json.loads(file.read_text(encoding="utf-8"))
        cells = source["cells"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        why = getattr(error, "strerror", "") or type(error).__name__
        raise SCONotesError(f"{file.name}: not a notebook ({why})") from None
    tests = {name_of(cell).removesuffix("-test"): text_of(cell) for cell in cells}
    locked = "\n".join(text_of(cell) for cell in cells if grading_marks(cell).get("locked"))
    imports = "\n".join(re.findall(r"^(?:import|from) .*", locked, re.M))
    tasks, names, ids = [], {""}, {""}
    for number, cell in enumerate(cells, 1):
        cell["source"] = text_of(cell).replace("\r\n", "\n")
        cell["id"] = f"cell-{number}" if cell.get("id", "") in ids else cell["id"]
        ids.add(cell["id"])
        name, marks = name_of(cell), grading_marks(cell)
        where = f"{file.name}, cell {number} ({name})"
        if name and name in names:
            raise SCONotesError(f"{where}: another cell has this grade_id; give each cell its own")
        names.add(name)
        try:
            if marks.get("solution") and not _SOLUTION.search(text_of(cell)):
                raise SCONotesError(f"{where}: no solution between the marks, so all of it would be released")
            if marks.get("grade"):
                tasks.append(_task(cell, name, names, imports, where))
        except (SyntaxError, ValueError, TypeError, KeyError) as error:
            raise SCONotesError(f"{where}: {type(error).__name__}: {error}; see the README") from None
    if not tasks:
        raise SCONotesError(f"{file.name}: no graded cell in it; see the README of the exercises")
    try:
        released = [_released(cell, tests, f"{file.name}, cell {n}") for n, cell in enumerate(cells, 1)]
    except SyntaxError as error:
        raise SCONotesError(f"{file.name}: a solution is not Python alone: {error.text or error}") from None
    kept = {k: v for k, v in source["metadata"].items() if k in ("kernelspec", "language_info")}
    release = source | {"cells": released, "metadata": kept | {"sco_notes": {"exercise": file.stem}}}
    title = next((line[2:] for line in text_of(cells[0]).splitlines() if line.startswith("# ")), file.stem)
    return Assignment(file.stem, title, tuple(tasks), source, release)


def grading_marks(cell: dict) -> dict:
    """Return the nbgrader metadata of a cell; {} where there is none or it is of another form."""
    metadata = cell.get("metadata")
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return marks if isinstance(marks, dict) else {}


def name_of(cell: dict) -> str:
    """Return the grade_id of a cell, or ""."""
    return str(grading_marks(cell).get("grade_id", ""))


def text_of(cell: dict) -> str:
    """Return the source of a cell, which a notebook holds as a text or as lines."""
    source = cell.get("source", "")
    return "".join(map(str, source)) if isinstance(source, list) else str(source)


def as_text(notebook: dict) -> str:
    """Return a notebook as its file holds it, its sources as lines."""
    for cell in notebook["cells"]:
        cell["source"] = text_of(cell).splitlines(keepends=True)
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def texts_by_name(notebook: dict) -> dict[str, list[str]]:
    """Return the texts of the cells of each name, in their order."""
    texts = defaultdict(list)
    for cell in notebook["cells"]:
        texts[name_of(cell)].append(text_of(cell))
    return texts


def _task(cell: dict, name: str, names: set[str], imports: str, where: str) -> Task:
    points = float(grading_marks(cell)["points"])
    if grading_marks(cell).get("solution"):
        return Task(name, points)
    hidden = "\n".join(match.group(2) for match in _HIDDEN.finditer(text_of(cell)))
    parts: list[AnswerPart] = []
    for statement in ast.parse(textwrap.dedent(hidden)).body:
        match statement:
            case ast.Expr(ast.Call(ast.Name("grade"), [answer, expected], keywords)):
                options = {str(word.arg): ast.literal_eval(word.value) for word in keywords}
                parts.append(AnswerPart(ast.unparse(answer), ast.unparse(expected), **options))
    task, total = name.removesuffix("-test"), sum(part.points for part in parts)
    if not parts:
        raise SCONotesError(f"{where}: no grade(answer, expected) between the marks of the hidden tests")
    if task == name or task not in names:
        raise SCONotesError(f"{where}: its solution cell is missing; a test NAME-test follows a cell NAME")
    if total != points:
        raise SCONotesError(f"{where}: its parts give {total:g} points, but the cell says {points:g}")
    return Task(task, points, tuple(parts), imports)


def _released(cell: dict, tests: dict[str, str], where: str) -> dict:
    """A cell as students get it: no solution, no hidden test, no output, no metadata of other tools."""
    marks, is_code = grading_marks(cell), cell["cell_type"] == "code"
    blank = partial(_placeholder, tests.get(name_of(cell), "")) if is_code else "*Your answer here.*\n"
    text = _HIDDEN.sub("", _SOLUTION.sub(blank, text_of(cell)))
    metadata = {key: value for key, value in cell["metadata"].items() if key in _KEPT}
    if marks.get("locked"):
        metadata.update(editable=False, deletable=False)
    if marks.get("grade") and not marks.get("solution"):
        # "Run All" goes on past an answer that is not right yet.
        metadata["tags"] = sorted({*metadata.get("tags", []), "raises-exception"})
    made = cell | {"source": text.rstrip().splitlines(keepends=True), "metadata": metadata}
    made |= {"outputs": [], "execution_count": None} if is_code else {}
    if trace := _TRACE.search(json.dumps(made)):
        remedy = "a mark is written ### BEGIN SOLUTION, alone, and has its end"
        raise SCONotesError(f"{where}: “{trace[0]}” would be left in the release; {remedy}")
    return made


def _placeholder(test: str, solution: re.Match) -> str:
    """What stands for a solution in code: `name = ...` for each name that its test asks for."""
    indent, body = solution.group(1), solution.group(2)
    if indent:
        return f"{indent}...  # your answer here\n"
    asked = {node.id for node in ast.walk(ast.parse(test)) if isinstance(node, ast.Name)}
    assigned = [node for node in ast.parse(body).body if isinstance(node, ast.Assign)]
    nodes = [node for one in assigned for target in one.targets for node in ast.walk(target)]
    names = dict.fromkeys(node.id for node in nodes if isinstance(node, ast.Name) and node.id in asked)
    return "# Your answer here: replace the three dots.\n" + "".join(f"{name} = ...\n" for name in names)


def arrange(assignment: Assignment, notebook: dict) -> tuple[list[dict], dict[str, str]]:
    """Return the cells to run for a submission, and what is to be said of some tasks ({name: note}).

    Locked cells come from the release. A cell is {"source", "values": the answers to be evaluated, "task"}.
    """
    named = {name_of(cell): cell for cell in assignment.release["cells"] if name_of(cell)}
    tests = {f"{task.name}-test": task for task in assignment.tasks if task.parts}
    given, own = texts_by_name(notebook), _own_cells(notebook, named)
    cells, notes = own[""], {}
    for name, cell in named.items():
        text, marks, is_code = text_of(cell), grading_marks(cell), cell["cell_type"] == "code"
        if name in tests:
            answers = [part.asked() for part in tests[name].parts]
            cells.append({"source": "", "values": answers, "task": tests[name].name})
        elif not marks.get("solution"):
            cells += [{"source": text, "values": [], "task": ""}] if is_code else []
        else:
            versions = given.get(name, [])
            changed = [version for version in versions if version.strip() != text.strip()]
            if not versions:
                notes[name] = MISSING
            elif len(versions) > 1:
                notes[name] = "the cell occurs more than once; the last that was changed counts"
            counted = (changed or versions)[-1:] if is_code else []
            cells += [{"source": version, "values": [], "task": name} for version in counted]
        cells += own[name]
    while cells and not cells[-1]["values"]:  # nothing that is asked for comes after it
        cells.pop()
    return cells, notes


def _own_cells(notebook: dict, names: Container[str]) -> dict[str, list[dict]]:
    """The student's own code cells by the name of the exercise's cell that they follow."""
    own: dict[str, list[dict]] = defaultdict(list)
    before = ""
    for cell in notebook["cells"]:
        name = name_of(cell)
        if name in names:
            # What stands right before a test is meant as its answer, retyped in a cell without a name.
            for earlier in own[before] if name.endswith("-test") else []:
                earlier["task"] = name.removesuffix("-test")
            before = name
        elif cell.get("cell_type") == "code" and text_of(cell).strip():
            own[before].append({"source": text_of(cell), "values": [], "task": ""})
    return own


def prose_answers(assignment: Assignment, notebook: dict) -> dict[str, str]:
    """Return what was written for each task that a person reads, also in own cells around its cell."""
    named = [name_of(cell) for cell in assignment.release["cells"] if name_of(cell)]
    found: dict[str, list[str]] = {task.name: [] for task in assignment.tasks if not task.parts}
    after = {previous: name for previous, name in zip(["", *named], named, strict=False) if name in found}
    after |= {name: name for name in found}
    before, released = "", {text_of(cell).strip() for cell in assignment.release["cells"]}
    for cell in notebook["cells"]:
        name, text = name_of(cell), text_of(cell).strip()
        is_own = name not in named
        before = before if is_own else name
        task = after.get(before, "") if is_own or name in found else ""
        if task and text and text not in released and (not is_own or _is_prose(cell)):
            found[task].append(text)
    return {name: "\n\n".join(dict.fromkeys(texts)) for name, texts in found.items()}


def _is_prose(cell: dict) -> bool:
    """Whether a cell of one's own is for a reader: no code, or code that does nothing or is none."""
    try:
        body = ast.parse(text_of(cell)).body if cell.get("cell_type") == "code" else []
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return not text_of(cell).lstrip().startswith(("%", "!"))
    return all(isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) for node in body)
