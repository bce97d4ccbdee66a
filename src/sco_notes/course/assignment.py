"""Read the source of an exercise: its tasks, the release that students get, where their answers stand.

A source is a notebook in nbgrader's format: cells with nbgrader metadata, solutions between
`### BEGIN SOLUTION` and `### END SOLUTION`, hidden tests of `grade(answer, expected, ...)` calls between
`### BEGIN HIDDEN TESTS` and `### END HIDDEN TESTS`. A task is a solution cell "NAME" and the locked cell
"NAME-test" with its points, or one cell of prose that is both and is read by a person.
"""

import ast
import copy
import hashlib
import json
import re
import textwrap
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from ..errors import SCONotesError

MISSING = "missing"
_SOLUTION = re.compile(r"^([ \t]*)### BEGIN SOLUTION\n(.*?)^[ \t]*### END SOLUTION[^\n]*\n?", re.M | re.S)
_HIDDEN = re.compile(r"^[ \t]*### BEGIN HIDDEN TESTS\n(.*?)^[ \t]*### END HIDDEN TESTS[^\n]*\n?", re.M | re.S)


@dataclass(frozen=True)
class AnswerPart:
    """One graded part of a task: the expression for the answer, that for what is expected, points, hint."""

    answer: str
    expected: str
    points: float
    hint: str
    tolerance: float | None = None


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

    @property
    def digest(self) -> str:
        return hashlib.sha256(json.dumps(self.source, sort_keys=True).encode()).hexdigest()


@dataclass
class CellToRun:
    """A cell of a submission: its source, then the expressions to evaluate, and the task it belongs to.

    `answers` says that the values are the answers of the task.
    """

    source: str
    task: str = ""
    values: list[str] = field(default_factory=list)
    answers: bool = False


def read_assignments(folder: Path) -> list[Assignment]:
    """Read every exercise of a folder; SCONotesError where there is none."""
    files = sorted(folder.glob("*.ipynb"))
    if not files:
        raise SCONotesError(f"{folder}: no exercise (.ipynb) in it")
    return [read_assignment(file) for file in files]


def read_assignment(file: Path) -> Assignment:
    """Read the source of an exercise and check that it can be released and graded."""
    try:
        source = json.loads(file.read_text(encoding="utf-8"))
        cells = source["cells"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SCONotesError(f"{file.name}: not a notebook ({type(error).__name__})") from None
    tasks, names = [], set()
    for number, cell in enumerate(cells, 1):
        name = grading_marks(cell).get("grade_id", "")
        if name and name in names:
            fault = "the name is used twice; each cell needs its own grade_id"
            raise SCONotesError(f"{file.name}, cell {number} ({name}): {fault}")
        names.add(name)
        try:
            tasks += _tasks(cell, names)
        except SCONotesError as error:
            raise SCONotesError(f"{file.name}, cell {number} ({name}): {error}") from None
    if not tasks:
        raise SCONotesError(f"{file.name}: no graded cell in it; see the README of the exercises")
    title = next((line[2:] for line in text_of(cells[0]).splitlines() if line.startswith("# ")), file.stem)
    return Assignment(file.stem, title, tuple(tasks), source, _release(source, file.stem))


def grading_marks(cell: dict) -> dict:
    """Return the nbgrader metadata of a cell; {} where there is none or it is of another form."""
    metadata = cell.get("metadata")
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return marks if isinstance(marks, dict) else {}


def text_of(cell: dict) -> str:
    """Return the source of a cell, which may be stored as a list of lines."""
    source = cell.get("source", "")
    return "".join(source) if isinstance(source, list) else str(source)


def _tasks(cell: dict, names: set[str]) -> list[Task]:
    """The task that a graded cell ends, if it is one; `names` are the cells up to it."""
    marks = grading_marks(cell)
    if not marks.get("grade"):
        return []
    points, name = float(marks["points"]), marks["grade_id"].removesuffix("-test")
    if marks.get("solution"):
        return [Task(marks["grade_id"], points)]
    parts = _parts(text_of(cell))
    if name not in names or name == marks["grade_id"]:
        raise SCONotesError("its solution cell is missing; a test NAME-test follows a cell NAME")
    given = sum(part.points for part in parts)
    if given != points:
        raise SCONotesError(f"its parts give {given:g} points, but the cell says {marks['points']}")
    return [Task(name, points, parts)]


def _parts(source: str) -> tuple[AnswerPart, ...]:
    """The graded parts that the hidden tests of a cell state."""
    hidden = "\n".join(match.group(1) for match in _HIDDEN.finditer(source))
    parts = []
    for statement in ast.parse(textwrap.dedent(hidden)).body:
        match statement:
            case ast.Expr(ast.Call(ast.Name("grade"), [answer, expected], keywords)):
                options = {word.arg: ast.literal_eval(word.value) for word in keywords}
                points, hint = float(options.get("points", 1)), options.get("hint", "")
                texts = ast.unparse(answer), ast.unparse(expected)
                parts.append(AnswerPart(*texts, points, hint, options.get("tolerance")))
    if not parts:
        raise SCONotesError("no grade(answer, expected) between the marks of the hidden tests")
    return tuple(parts)


def _release(source: dict, id: str) -> dict:
    """What students get: no solution, no hidden test, no output."""
    release = copy.deepcopy(source)
    for cell in release["cells"]:
        text = _SOLUTION.sub(partial(_placeholder, cell["cell_type"]), text_of(cell))
        cell["source"] = _HIDDEN.sub("", text).rstrip().splitlines(keepends=True)
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
        marks = grading_marks(cell)
        if marks.get("locked"):
            cell["metadata"].update(editable=False, deletable=False)
        if marks.get("grade") and not marks.get("solution"):
            # "Run All" goes on past an answer that is not right yet.
            tags = cell["metadata"].get("tags", [])
            cell["metadata"]["tags"] = sorted({*tags, "raises-exception"})
    release["metadata"]["sco_notes"] = {"exercise": id}
    return release


def _placeholder(cell_type: str, solution: re.Match) -> str:
    """What stands for a solution: `name = ...` for each name that it gives a value to."""
    indent, body = solution.group(1), solution.group(2)
    if cell_type != "code":
        return "*Your answer here.*\n"
    if indent:
        return f"{indent}...  # your answer here\n"
    targets = [t for node in ast.parse(body).body if isinstance(node, ast.Assign) for t in node.targets]
    names = dict.fromkeys(target.id for target in targets if isinstance(target, ast.Name))
    lines = [f"{name} = ...\n" for name in names]
    return "# Your answer here: replace the three dots.\n" + "".join(lines)


def arrange(assignment: Assignment, notebook: dict) -> tuple[list[CellToRun], dict[str, str]]:
    """Return the cells to run for a submission, and what is to be said of some tasks ({name: note}).

    Locked cells are those of the release, whatever became of them in the submission; where there are several
    of a solution cell, the last that was changed counts; cells of the student's own run where they stand.
    """
    given, own = _by_name(assignment, notebook)
    tests = {f"{task.name}-test": task for task in assignment.tasks if task.parts}
    cells, notes = own.get("", []), {}
    for cell in assignment.release["cells"]:
        marks, is_code = grading_marks(cell), cell["cell_type"] == "code"
        name, versions = marks.get("grade_id", ""), given.get(marks.get("grade_id", ""), [])
        if not name:
            continue
        if marks.get("solution"):
            changed = [text for text in versions if text.strip() != text_of(cell).strip()]
            if not versions:
                notes[name] = MISSING
            elif not changed and marks.get("grade"):
                notes[name] = "not answered yet"
            elif len(versions) > 1:
                notes[name] = "there are several of this cell; the last that was changed counts"
            if is_code:
                cells += [CellToRun(text, name) for text in (changed or versions)[-1:]]
        elif name in tests:
            values = [part.answer for part in tests[name].parts]
            cells.append(CellToRun("", tests[name].name, values, answers=True))
        elif is_code:
            cells.append(CellToRun(text_of(cell)))
        cells += own.get(name, [])
    return cells, notes


def _by_name(assignment: Assignment, notebook: dict) -> tuple[dict[str, list], dict[str, list[CellToRun]]]:
    """The texts of the exercise's own cells by name, and the other code cells by the name they follow."""
    known = {str(grading_marks(cell).get("grade_id", "")) for cell in assignment.release["cells"]} - {""}
    given: dict[str, list[str]] = {}
    own: dict[str, list[CellToRun]] = {}
    before = ""
    for cell in notebook["cells"]:
        name = str(grading_marks(cell).get("grade_id", ""))
        if name in known:
            # What stands right before a test is meant as its answer, retyped in a cell without a name.
            for earlier in own.get(before, []) if name.endswith("-test") else []:
                earlier.task = name.removesuffix("-test")
            given.setdefault(name, []).append(text_of(cell))
            before = name
        elif cell.get("cell_type") == "code" and text_of(cell).strip():
            own.setdefault(before, []).append(CellToRun(text_of(cell)))
    return given, own
