"""The source of an exercise: its tasks, the release that students get, and where their answers stand.

A source is a notebook in nbgrader's format: cells with nbgrader metadata, solutions between
`### BEGIN SOLUTION` and `### END SOLUTION`, hidden tests of `grade(answer, expected, ...)` calls between
`### BEGIN HIDDEN TESTS` and `### END HIDDEN TESTS`. A task is a solution cell "NAME" and the locked cell
"NAME-test" with its points, or one cell of prose that is both and is read by a person.
"""

import ast
import copy
import json
import re
import textwrap
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import SCONotesError
from .values import TOLERANCE

MISSING = "the cell for the answer is not there"
_SOLUTION = re.compile(r"^([ \t]*)### BEGIN SOLUTION\n(.*?)^[ \t]*### END SOLUTION[^\n]*\n?", re.M | re.S)
_HIDDEN = re.compile(r"^[ \t]*### BEGIN HIDDEN TESTS\n(.*?)^[ \t]*### END HIDDEN TESTS[^\n]*\n?", re.M | re.S)


@dataclass(frozen=True)
class AnswerPart:
    """One graded part of a task: the expression for the answer, that for what is expected, points, hint."""

    answer: str
    expected: str
    points: float = 1
    hint: str = ""
    tolerance: float = TOLERANCE


@dataclass(frozen=True)
class Task:
    """A graded task: its name, its points, and its parts (none where a person reads the answer)."""

    name: str
    points: float
    parts: tuple[AnswerPart, ...] = ()


@dataclass(frozen=True)
class Assignment:
    """An exercise: its id, title, tasks in order, its source and its release as notebook dictionaries."""

    id: str
    title: str
    tasks: tuple[Task, ...]
    source: dict = field(repr=False)
    release: dict = field(repr=False)


def read_assignments(folder: Path) -> dict[str, Assignment]:
    """Read the exercises in a folder, by their ids."""
    assignments = {file.stem: read_assignment(file) for file in sorted(folder.glob("*.ipynb"))}
    if not assignments:
        raise SCONotesError(f"{folder}: no exercise (.ipynb) in it")
    return assignments


def read_assignment(file: Path) -> Assignment:
    """Read the source of an exercise and check that it can be released and graded."""
    try:
        source = json.loads(file.read_text(encoding="utf-8"))
        cells = source["cells"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SCONotesError(f"{file.name}: not a notebook ({type(error).__name__})") from None
    tasks, names = [], {""}
    for number, cell in enumerate(cells, 1):
        name, marks = name_of(cell), grading_marks(cell)
        where = f"{file.name}, cell {number} ({name})"
        if name and name in names:
            raise SCONotesError(f"{where}: another cell has this grade_id; give each cell its own")
        names.add(name)
        if marks.get("grade"):
            tasks.append(_task(cell, name, names, where))
    if not tasks:
        raise SCONotesError(f"{file.name}: no graded cell in it; see the README of the exercises")
    title = next((line[2:] for line in text_of(cells[0]).splitlines() if line.startswith("# ")), file.stem)
    return Assignment(file.stem, title, tuple(tasks), source, _release(source, file.stem))


def grading_marks(cell: dict) -> dict:
    """Return the nbgrader metadata of a cell; {} where there is none or it is of another form."""
    metadata = cell.get("metadata")
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return marks if isinstance(marks, dict) else {}


def name_of(cell: dict) -> str:
    """Return the grade_id of a cell; "" where it has none."""
    return str(grading_marks(cell).get("grade_id", ""))


def text_of(cell: dict) -> str:
    """Return the source of a cell, which a notebook holds as a text or as lines."""
    source = cell.get("source", "")
    return "".join(map(str, source)) if isinstance(source, list) else str(source)


def texts_by_name(notebook: dict) -> dict[str, list[str]]:
    """Return the texts of the cells of each name, in their order."""
    texts = defaultdict(list)
    for cell in notebook["cells"]:
        texts[name_of(cell)].append(text_of(cell))
    return texts


def _task(cell: dict, name: str, names: set[str], where: str) -> Task:
    """The task of a graded cell: one that a person reads, or NAME-test with its hidden tests."""
    points = float(grading_marks(cell)["points"])
    if grading_marks(cell).get("solution"):
        return Task(name, points)
    parts = tuple(_parts(text_of(cell)))
    task, total = name.removesuffix("-test"), sum(part.points for part in parts)
    if not parts:
        raise SCONotesError(f"{where}: no grade(answer, expected) between the marks of the hidden tests")
    if task == name or task not in names:
        raise SCONotesError(f"{where}: its solution cell is missing; a test NAME-test follows a cell NAME")
    if total != points:
        raise SCONotesError(f"{where}: its parts give {total:g} points, but the cell says {points:g}")
    return Task(task, points, parts)


def _parts(source: str) -> Iterator[AnswerPart]:
    hidden = "\n".join(match.group(1) for match in _HIDDEN.finditer(source))
    for statement in ast.parse(textwrap.dedent(hidden)).body:
        match statement:
            case ast.Expr(ast.Call(ast.Name("grade"), [answer, expected], keywords)):
                options = {str(word.arg): ast.literal_eval(word.value) for word in keywords}
                yield AnswerPart(ast.unparse(answer), ast.unparse(expected), **options)


def _release(source: dict, id: str) -> dict:
    """What students get: no solution, no hidden test, no output."""
    release = copy.deepcopy(source)
    for cell in release["cells"]:
        marks, is_code = grading_marks(cell), cell["cell_type"] == "code"
        text = _SOLUTION.sub(_placeholder if is_code else "*Your answer here.*\n", text_of(cell))
        cell["source"] = _HIDDEN.sub("", text).rstrip().splitlines(keepends=True)
        if is_code:
            cell |= {"outputs": [], "execution_count": None}
        if marks.get("locked"):
            cell["metadata"].update(editable=False, deletable=False)
        if marks.get("grade") and not marks.get("solution"):
            # "Run All" goes on past an answer that is not right yet.
            cell["metadata"]["tags"] = sorted({*cell["metadata"].get("tags", []), "raises-exception"})
    release["metadata"]["sco_notes"] = {"exercise": id}
    return release


def _placeholder(solution: re.Match) -> str:
    """What stands for a solution in code: `name = ...` for each name that it gives a value to."""
    indent, body = solution.group(1), solution.group(2)
    if indent:
        return f"{indent}...  # your answer here\n"
    assigned = [node for node in ast.parse(body).body if isinstance(node, ast.Assign)]
    names = [target.id for node in assigned for target in node.targets if isinstance(target, ast.Name)]
    lines = [f"{name} = ...\n" for name in dict.fromkeys(names)]
    return "# Your answer here: replace the three dots.\n" + "".join(lines)


def arrange(assignment: Assignment, notebook: dict) -> tuple[list[dict], dict[str, str]]:
    """Return the cells to run for a submission, and what is to be said of some tasks ({name: note}).

    Locked cells are those of the release, whatever became of them in the submission; of a solution cell that
    occurs more than once the last that was changed counts; cells of the student's own run where they stand.
    A cell is {"source", "values", "task"}: the values are the expressions for the answers to the task.
    """
    named = [cell for cell in assignment.release["cells"] if name_of(cell)]
    tests = {f"{task.name}-test": task for task in assignment.tasks if task.parts}
    given, own = texts_by_name(notebook), _own_cells(notebook, {name_of(cell) for cell in named})
    cells, notes = own[""], {}
    for cell in named:
        name, text, marks = name_of(cell), text_of(cell), grading_marks(cell)
        is_code = cell["cell_type"] == "code"
        if name in tests:
            cells.append(_to_run("", tests[name].name, tests[name].parts))
        elif not marks.get("solution"):
            cells += [_to_run(text)] if is_code else []
        else:
            versions = given.get(name, [])
            changed = [version for version in versions if version.strip() != text.strip()]
            if not versions:
                notes[name] = MISSING
            elif not changed and marks.get("grade"):
                notes[name] = "not answered yet"
            elif len(versions) > 1:
                notes[name] = "the cell occurs more than once; the last that was changed counts"
            cells += [_to_run(version, name) for version in (changed or versions)[-1:] if is_code]
        cells += own[name]
    return cells, notes


def _own_cells(notebook: dict, names: set[str]) -> dict[str, list[dict]]:
    """The student's own code cells, to run, by the name of the exercise's cell that they follow."""
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
            own[before].append(_to_run(text_of(cell)))
    return own


def _to_run(source: str, task: str = "", parts: Sequence[AnswerPart] = ()) -> dict:
    return {"source": source, "values": [part.answer for part in parts], "task": task}
