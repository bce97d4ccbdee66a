"""The source of an exercise: its tasks, the release that students get, and where their answers stand.

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


def read_assignment(file: Path) -> Assignment:
    """Read the source of an exercise and check that it can be released and graded."""
    try:
        source = json.loads(file.read_text(encoding="utf-8"))
        cells = source["cells"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SCONotesError(f"{file.name}: not a notebook ({type(error).__name__})") from None
    tasks, names = [], set()
    for number, cell in enumerate(cells, 1):
        marks = grading_marks(cell)
        name = marks.get("grade_id", "")
        where = f"{file.name}, cell {number} ({name})"
        if name and name in names:
            raise SCONotesError(f"{where}: the name stands twice; each cell needs its own grade_id")
        names.add(name)
        if not marks.get("grade"):
            continue
        if marks.get("solution"):
            tasks.append(Task(name, float(marks["points"])))
            continue
        parts = _parts(text_of(cell), where)
        if name.removesuffix("-test") not in names or not name.endswith("-test"):
            raise SCONotesError(
                f"{where}: its solution cell is missing; a test NAME-test follows a cell NAME"
            )
        if sum(part.points for part in parts) != marks["points"]:
            raise SCONotesError(
                f"{where}: its parts give {sum(p.points for p in parts):g} points, "
                f"but the cell says {marks['points']}"
            )
        tasks.append(Task(name.removesuffix("-test"), float(marks["points"]), parts))
    if not tasks:
        raise SCONotesError(f"{file.name}: no graded cell in it; see the README of the exercises")
    title = next((line[2:] for line in text_of(cells[0]).splitlines() if line.startswith("# ")), file.stem)
    return Assignment(file.stem, title, tuple(tasks), source, _release(source, file.stem))


def grading_marks(cell: dict) -> dict:
    """The nbgrader metadata of a cell; {} where there is none or it is of another form."""
    metadata = cell.get("metadata")
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return marks if isinstance(marks, dict) else {}


def text_of(cell: dict) -> str:
    source = cell.get("source", "")
    return "".join(source) if isinstance(source, list) else str(source)


def _parts(source: str, where: str) -> tuple[AnswerPart, ...]:
    hidden = "\n".join(match.group(1) for match in _HIDDEN.finditer(source))
    calls = [
        node.value
        for node in ast.parse(textwrap.dedent(hidden)).body
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and getattr(node.value.func, "id", "") == "grade"
    ]
    if not calls:
        raise SCONotesError(f"{where}: no grade(answer, expected) between the marks of the hidden tests")
    parts = []
    for call in calls:
        options = {word.arg: ast.literal_eval(word.value) for word in call.keywords}
        answer, expected = (ast.unparse(argument) for argument in call.args)
        points, hint = float(options.get("points", 1)), options.get("hint", "")
        parts.append(AnswerPart(answer, expected, points, hint, options.get("tolerance")))
    return tuple(parts)


def _release(source: dict, id: str) -> dict:
    """What students get: no solution, no hidden test, no output."""
    release = copy.deepcopy(source)
    for cell in release["cells"]:
        text = _SOLUTION.sub(_placeholder(cell), text_of(cell))
        text = _HIDDEN.sub("", text).rstrip()
        cell["source"] = text.splitlines(keepends=True)
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
        marks = grading_marks(cell)
        if marks.get("locked"):
            cell["metadata"].update(editable=False, deletable=False)
        if marks.get("grade") and not marks.get("solution"):
            # "Run All" goes on past an answer that is not right yet.
            tags = cell["metadata"].setdefault("tags", [])
            cell["metadata"]["tags"] = sorted({*tags, "raises-exception"})
    release["metadata"]["sco_notes"] = {"exercise": id}
    return release


def _placeholder(cell: dict):
    """What stands for a solution: `name = ...` for each name that it gives a value to."""

    def stand_in(match: re.Match) -> str:
        indent, body = match.group(1), match.group(2)
        if cell["cell_type"] != "code":
            return "*Your answer here.*\n"
        if indent:
            return f"{indent}...  # your answer here\n"
        names = []
        for node in ast.parse(body).body:
            if isinstance(node, ast.Assign):
                names += [target.id for target in node.targets if isinstance(target, ast.Name)]
        lines = [f"{name} = ...\n" for name in dict.fromkeys(names)]
        return "# Your answer here: replace the three dots.\n" + "".join(lines)

    return stand_in


def arrange(assignment: Assignment, notebook: dict) -> tuple[list[dict], dict[str, str]]:
    """The cells to run for a submission, and what is to be said of some tasks ({name: note}).

    Locked cells are those of the release, whatever became of them in the submission; of a solution cell that
    stands more than once the last that was changed counts; cells of the student's own run where they stand.
    A cell is {"source", "values", "task", "answers"}: where answers is true, values are those of the task.
    """
    given, own = _by_name(assignment, notebook)
    tests = {f"{task.name}-test": task for task in assignment.tasks if task.parts}
    cells, notes = own.get("", []), {}
    for cell in assignment.release["cells"]:
        marks, blank = grading_marks(cell), text_of(cell).strip()
        name = marks.get("grade_id", "")
        if not name:
            continue
        versions = given.get(name, [])
        if marks.get("solution"):
            changed = [text for text in versions if text.strip() != blank]
            if not versions:
                notes[name] = MISSING
            elif not changed and marks.get("grade"):
                notes[name] = "not answered yet"
            elif len(versions) > 1:
                notes[name] = "the cell stands more than once; the last that was changed counts"
            if cell["cell_type"] == "code":
                cells += [_to_run(text, name) for text in (changed or versions)[-1:]]
        elif name in tests:
            values = [part.answer for part in tests[name].parts]
            cells.append({**_to_run("", tests[name].name), "values": values, "answers": True})
        elif cell["cell_type"] == "code":
            cells.append(_to_run(text_of(cell)))
        cells += own.get(name, [])
    return cells, notes


def _by_name(assignment: Assignment, notebook: dict) -> tuple[dict[str, list[str]], dict[str, list[dict]]]:
    """The texts of the exercise's own cells by name, and the other code cells by the name they follow."""
    known = {str(grading_marks(cell).get("grade_id", "")) for cell in assignment.release["cells"]} - {""}
    given: dict[str, list[str]] = {}
    own: dict[str, list[dict]] = {}
    before = ""
    for cell in notebook["cells"]:
        name = str(grading_marks(cell).get("grade_id", ""))
        if name in known:
            # What stands right before a test is meant as its answer, retyped in a cell without a name.
            for earlier in own.get(before, []) if name.endswith("-test") else []:
                earlier["task"] = name.removesuffix("-test")
            given.setdefault(name, []).append(text_of(cell))
            before = name
        elif cell.get("cell_type") == "code" and text_of(cell).strip():
            own.setdefault(before, []).append(_to_run(text_of(cell)))
    return given, own


def _to_run(source: str, task: str = "") -> dict:
    return {"source": source, "values": [], "task": task, "answers": False}
