"""Submissions to verdicts, a gradebook, a page a student and an overview of the class."""

import csv
import hashlib
import io
import json
import os
import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from ..errors import SCONotesError
from ..files import write_whole
from .assignment import (
    MISSING,
    AnswerPart,
    Assignment,
    Task,
    arrange,
    grading_marks,
    read_assignment,
    text_of,
)
from .feedback import write_pages
from .sandbox import CellResult, Limits, require_sandbox, run_cells
from .submissions import Submission, read_submissions
from .values import TOLERANCE, difference

COLUMNS = ["student", "exercise", "task", "points", "max_points", "status", "message"]


@dataclass(frozen=True)
class Verdict:
    """What a task got. points is None where a person has to read the answer, which `text` then holds."""

    task: str
    points: float | None
    max_points: float
    status: str
    message: str = ""
    text: str = ""


def grade_submissions(
    submissions: Path,
    sources: Path,
    out: Path,
    class_list: Path | None = None,
    sandboxed: bool = True,
    limits: Limits | None = None,
    jobs: int = 0,
    progress: Callable[[str], None] = lambda line: None,
) -> pd.DataFrame:
    """Grade every submission of a folder or zip; returns and writes the gradebook.

    Columns: student, exercise, task, points (empty where a person has to read), max_points, status (ok,
    wrong, missing cell, error, time-out, memory, too much output, dead kernel, unreadable file, no
    submission, to read), message. `out` gets gradebook.csv, overview.html and students/NAME.html. What has
    been graded before with the same exercise is not graded again.
    """
    limits = limits or Limits()
    if sandboxed:
        require_sandbox()
    assignments = {a.id: a for a in map(read_assignment, sorted(sources.glob("*.ipynb")))}
    if not assignments:
        raise SCONotesError(f"{sources}: no exercise (.ipynb) in it")
    handed_in = read_submissions(submissions, assignments)
    expected_students = read_class_list(class_list) if class_list else []
    scratch = out / "cache"
    (scratch / "matplotlib").mkdir(parents=True, exist_ok=True)

    used = sorted({s.exercise for s in handed_in if s.exercise})
    expected = {id: _expected(assignments[id], limits, sandboxed, scratch) for id in used}
    graded: dict[int, list[Verdict]] = {}
    with ThreadPoolExecutor(jobs or os.cpu_count() or 1) as pool:
        waiting = {
            pool.submit(_grade_one, s, assignments, expected, limits, sandboxed, scratch): i
            for i, s in enumerate(handed_in)
        }
        try:
            for count, future in enumerate(as_completed(waiting), 1):
                i = waiting[future]
                graded[i], seconds = future.result()
                progress(f"[{count}/{len(handed_in)}] {_summary(handed_in[i], graded[i])}, {seconds:.1f} s")
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise

    rows = [(handed_in[i], verdict) for i in sorted(graded) for verdict in graded[i]]
    there = {s.student.casefold() for s in handed_in}
    absent = [name for name in expected_students if name.casefold() not in there]
    rows += [
        (Submission(name, "", id), Verdict(task.name, 0, task.points, "no submission"))
        for name in absent
        for id in used
        for task in assignments[id].tasks
    ]
    rows.sort(key=lambda row: (row[0].student.casefold(), row[0].exercise))
    book = pd.DataFrame(
        [(s.student, s.exercise, v.task, v.points, v.max_points, v.status, v.message) for s, v in rows],
        columns=COLUMNS,
    )
    write_whole(out / "gradebook.csv", _for_spreadsheets(book))
    write_pages(rows, assignments, out)
    return book


def read_class_list(file: Path) -> list[str]:
    """The names of a class: one a line, or the first column of a CSV."""
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SCONotesError(f"{file}: the class list cannot be read ({type(error).__name__})") from None
    return [row[0].strip() for row in csv.reader(lines) if row and row[0].strip()]


def check_reference(assignment: Assignment, scratch: Path, limits: Limits | None = None) -> None:
    """Raise where the solution of an exercise does not get full marks, or its release gets any."""
    limits = limits or Limits()
    expected = _expected(assignment, limits, False, scratch)
    blank = _verdicts(assignment, assignment.release, expected, limits, False, scratch)
    gained = [verdict.task for verdict in blank if verdict.points]
    if gained:
        raise SCONotesError(f"{assignment.id}: the unsolved release gets points for {', '.join(gained)}")


def _expected(assignment: Assignment, limits: Limits, sandboxed: bool, scratch: Path) -> dict[str, list]:
    """The expected values of each task, from a run of the solution, which must be right itself."""
    cells, _ = arrange(assignment, assignment.source)
    tasks = {task.name: task for task in assignment.tasks}
    for cell in cells:
        if cell["answers"]:
            cell["values"] = cell["values"] + [part.expected for part in tasks[cell["task"]].parts]
    expected = {}
    for cell, ran in zip(cells, _run(cells, limits, sandboxed, scratch), strict=True):
        if ran.status != "done":
            raise SCONotesError(
                f"{assignment.id}, {cell['task'] or 'set-up'}: the solution fails: {ran.message}"
            )
        if cell["answers"]:
            n = len(ran.values) // 2
            parts = tasks[cell["task"]].parts
            for part, given, wanted in zip(parts, ran.values[:n], ran.values[n:], strict=True):
                problem = _problem(part, wanted, given)
                if problem or wanted["type"] in ("fault", "other"):
                    where = f"{assignment.id}, {cell['task']}, grade({part.answer[:60]}, ...)"
                    raise SCONotesError(f"{where}: the solution does not get its points: {problem or wanted}")
            expected[cell["task"]] = list(ran.values[n:])
    return expected


def _grade_one(submission, assignments, expected, limits, sandboxed, scratch) -> tuple[list[Verdict], float]:
    began = time.perf_counter()
    if submission.problem:
        tasks = assignments[submission.exercise].tasks if submission.exercise else (Task("", 0),)
        verdicts = [Verdict(t.name, 0, t.points, "unreadable file", submission.problem) for t in tasks]
        return verdicts, 0.0
    assignment = assignments[submission.exercise]
    key = json.dumps(
        [assignment.digest, asdict(limits), sandboxed, version("sco-notes"), expected[assignment.id]]
    )
    kept = scratch / f"{hashlib.sha256(key.encode() + submission.data).hexdigest()}.json"
    try:
        return [Verdict(**verdict) for verdict in json.loads(kept.read_text(encoding="utf-8"))], 0.0
    except (OSError, ValueError, TypeError):
        pass
    expected_values = expected[assignment.id]
    verdicts = _verdicts(assignment, submission.notebook(), expected_values, limits, sandboxed, scratch)
    write_whole(kept, json.dumps([asdict(verdict) for verdict in verdicts]))
    return verdicts, time.perf_counter() - began


def _verdicts(assignment, notebook, expected, limits, sandboxed, scratch) -> list[Verdict]:
    cells, notes = arrange(assignment, notebook)
    ran = list(zip(cells, _run(cells, limits, sandboxed, scratch), strict=True))
    verdicts = []
    for task in assignment.tasks:
        note = notes.get(task.name, "")
        if task.parts:
            own = [r for cell, r in ran if cell["task"] == task.name and not cell["answers"]]
            answers = next(r for cell, r in ran if cell["task"] == task.name and cell["answers"])
            verdicts.append(_verdict(task, own, answers, expected[task.name], note))
        else:
            verdicts.append(_to_read(task, notebook, note))
    return verdicts


def _verdict(
    task: Task, own: list[CellResult], answers: CellResult, expected: list[dict], note: str
) -> Verdict:
    failed = next((r for r in [*own, answers] if r.status != "done"), None)
    given = answers.values if len(answers.values) == len(task.parts) else ({},) * len(task.parts)
    problems = [
        _problem(part, wanted, value) for part, wanted, value in zip(task.parts, expected, given, strict=True)
    ]
    points = sum(part.points for part, problem in zip(task.parts, problems, strict=True) if not problem)
    first = next(filter(None, problems), "")
    missing = note == MISSING
    if not first:
        status, message = "ok", "" if missing else note
    elif failed:
        status, message = failed.status, failed.message
    elif missing:
        status, message = "missing cell", "the cell for the answer is not there"
    else:
        status, message = "wrong", "; ".join(filter(None, [first, note]))
    return Verdict(task.name, points, task.points, status, message)


def _problem(part: AnswerPart, wanted: dict, value) -> str:
    """What is wrong with one answer ("" if nothing), with the hint of the task."""
    if not _well_formed(value):
        return "no answer came back"
    if value["type"] == "fault":
        return _fault_text(value)
    problem = difference(wanted, value, part.tolerance or TOLERANCE)
    return f"{problem}. {part.hint}".rstrip(". ") if problem and value["type"] != "unanswered" else problem


def _to_read(task: Task, notebook: dict, note: str) -> Verdict:
    if note == MISSING:
        return Verdict(task.name, 0, task.points, "missing cell", "the cell for the answer is not there")
    if note:
        return Verdict(task.name, 0, task.points, "wrong", note)
    text = [text_of(c) for c in notebook["cells"] if grading_marks(c).get("grade_id") == task.name][-1]
    return Verdict(task.name, None, task.points, "to read", "", text[:20_000])


def _run(cells: list[dict], limits: Limits, sandboxed: bool, scratch: Path) -> list[CellResult]:
    plain = [{"source": cell["source"], "values": cell["values"]} for cell in cells]
    return run_cells(plain, limits, sandboxed, scratch)


def _well_formed(value) -> bool:
    """Whether a value is one that `plain` or the runner makes: code in the sandbox can send anything."""
    return isinstance(value, dict) and isinstance(value.get("type"), str) and "value" in value


def _fault_text(value: dict) -> str:
    if not isinstance(value["value"], dict):
        return "no answer came back"
    name, text = str(value["value"].get("name")), str(value["value"].get("text"))
    return text if name == "NameError" else f"{name}: {text}"


def _summary(submission: Submission, verdicts: list[Verdict]) -> str:
    got, most = sum(v.points or 0 for v in verdicts), sum(v.max_points for v in verdicts)
    faults = sorted({v.status for v in verdicts} - {"ok", "wrong", "to read"})
    return f"{submission.student}: {got:g} of {most:g} points" + (f" ({', '.join(faults)})" if faults else "")


def _for_spreadsheets(book: pd.DataFrame) -> str:
    """The gradebook as CSV; text that a spreadsheet would take for a formula gets an apostrophe."""
    safe = book.copy()
    for name in ("student", "message"):
        safe[name] = [re.sub(r"^(?=[=+\-@\t\r])", "'", text) for text in safe[name]]
    buffer = io.StringIO()
    safe.to_csv(buffer, index=False, lineterminator="\n", float_format="%g")
    return buffer.getvalue()
