"""Submissions to verdicts, a gradebook, a page a student and an overview of the class.

The stages: expected values from a run of each solution; a run of each submission, in the sandbox; a verdict
for each task; one table of all verdicts, from which every file is written.
"""

import hashlib
import json
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from ..errors import SCONotesError
from ..files import write_whole
from .assignment import MISSING, AnswerPart, Assignment, Task, arrange, read_assignments, texts_by_name
from .feedback import write_pages
from .sandbox import CellResult, Limits, Sandbox
from .submissions import Submission, read_submissions
from .values import difference


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
    """Grade every submission of a folder or zip; what has been graded before is not graded again.

    Parameters
    ----------
    submissions : the folder or zip, as a learning platform exports it
    sources : the folder of the exercises
    out : gets gradebook.csv, overview.html and students/NAME.html
    class_list : a file with one name a line, or names in the first column of a CSV
    sandboxed : False runs submissions with the rights of the caller
    limits : what one submission may use
    jobs : how many run at a time; 0 is one a core
    progress : gets a line for each submission

    Returns
    -------
    The gradebook, one row a student and task: student, exercise, task, points (empty where a person has to
    read), max_points, status (ok, wrong, missing cell, error, time-out, memory, too much output, dead kernel,
    unreadable file, no submission, to read), message.

    Raises
    ------
    SCONotesError : no exercise, no submission or no sandbox; an unreadable class list; a wrong solution
    """
    sandbox = Sandbox((out / "cache").resolve(), limits or Limits(), sandboxed)
    sandbox.prepare()
    assignments = read_assignments(sources)
    handed_in = read_submissions(submissions, assignments)
    students = read_class_list(class_list) if class_list else []
    used = sorted({s.exercise for s in handed_in if s.exercise})
    expected = {id: expected_values(assignments[id], sandbox) for id in used}

    grade = partial(_grade_whatever, assignments=assignments, expected=expected, sandbox=sandbox)
    rows: list[tuple[Submission, Verdict]] = []
    with ThreadPoolExecutor(jobs or os.cpu_count()) as pool:
        graded = zip(handed_in, pool.map(grade, handed_in), strict=True)
        for i, (s, (verdicts, seconds)) in enumerate(graded, 1):
            rows += [(s, verdict) for verdict in verdicts]
            progress(f"[{i}/{len(handed_in)}] {_summary(s, verdicts)}, {seconds:.1f} s")

    there = {s.student.casefold() for s in handed_in}
    absent = [Submission(name, "", id) for name in students if name.casefold() not in there for id in used]
    for s in absent:
        rows += [(s, Verdict(t.name, 0, t.points, "no submission")) for t in assignments[s.exercise].tasks]
    rows.sort(key=lambda row: (row[0].student.casefold(), row[0].exercise))
    whole = ({"student": s.student, "exercise": s.exercise, **asdict(v)} for s, v in rows)
    book = pd.DataFrame({name: _writable(value) for name, value in row.items()} for row in whole)
    book["points"] = book["points"].astype(float)
    write_pages(book, {id: assignment.title for id, assignment in assignments.items()}, out)
    gradebook = book.drop(columns="text")
    write_whole(out / "gradebook.csv", _for_spreadsheets(gradebook))
    return gradebook


def _writable(value):
    """A text as a file can hold it: half an emoji, as a student's string may have one, becomes "?"."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def read_class_list(file: Path) -> list[str]:
    """Read the names of a class: one a line, or the first column of a CSV."""
    columns = {"header": None, "usecols": [0], "dtype": str}
    try:
        names = pd.read_csv(file, **columns, keep_default_na=False, encoding="utf-8-sig")[0]
    except (OSError, ValueError) as error:
        raise SCONotesError(f"{file}: the class list cannot be read ({type(error).__name__})") from None
    return [name.strip() for name in names if name.strip()]


def check_reference(assignment: Assignment, folder: Path, limits: Limits | None = None) -> None:
    """Raise where the solution of an exercise does not get full marks, or its release gets any."""
    sandbox = Sandbox(folder, limits or Limits(), isolated=False)
    blank = _verdicts(assignment, assignment.release, expected_values(assignment, sandbox), sandbox)
    gained = [verdict.task for verdict in blank if verdict.points]
    if gained:
        raise SCONotesError(f"{assignment.id}: the unsolved release gets points for {', '.join(gained)}")


def expected_values(assignment: Assignment, sandbox: Sandbox) -> dict[str, list[dict]]:
    """Return the plain expected values of each task, from a run of the solution; it must be right itself."""
    cells, _ = arrange(assignment, assignment.source)
    parts = {task.name: task.parts for task in assignment.tasks}
    for cell in cells:
        if cell["values"]:
            cell["values"] += [part.expected for part in parts[cell["task"]]]
    expected = {}
    for cell, result in zip(cells, sandbox.run(cells), strict=True):
        where = f"{assignment.id}, {cell['task'] or 'set-up'}"
        if result.status != "done":
            raise SCONotesError(f"{where}: the solution fails: {result.message}")
        if not cell["values"]:
            continue
        wanted = expected[cell["task"]] = list(result.values[len(result.values) // 2 :])
        for part, right, given in zip(parts[cell["task"]], wanted, result.values, strict=False):
            problem = _problem(part, right, given)
            if problem or right["type"] in ("fault", "other"):
                where += f", grade({part.answer[:60]}, ...)"
                raise SCONotesError(f"{where}: the solution does not get its points: {problem or right}")
    return expected


def _grade_whatever(submission: Submission, **given) -> tuple[list[Verdict], float]:
    """The verdicts on a submission; where grading fails, that is this student's error and no other's."""
    try:
        return _grade_one(submission, **given)
    except Exception as error:
        reference = hashlib.sha256(submission.data).hexdigest()[:8]
        message = f"could not be graded ({type(error).__name__}); ask your instructor, reference {reference}"
        assignment = given["assignments"].get(submission.exercise)
        tasks = assignment.tasks if assignment else [Task("", 0)]
        return [Verdict(task.name, 0, task.points, "error", message) for task in tasks], 0.0


def _grade_one(
    submission: Submission, assignments: dict[str, Assignment], expected: dict, sandbox: Sandbox
) -> tuple[list[Verdict], float]:
    """The verdicts on a submission, kept in the cache or made now, and the seconds that took."""
    began = time.perf_counter()
    assignment = assignments.get(submission.exercise)
    if submission.problem or not assignment:
        tasks = assignment.tasks if assignment else [Task("", 0)]
        return [Verdict(t.name, 0, t.points, "unreadable file", submission.problem) for t in tasks], 0.0
    settings = [asdict(sandbox.limits), sandbox.isolated, version("sco-notes")]
    key = json.dumps([assignment.source, expected[assignment.id], settings], sort_keys=True).encode()
    kept = sandbox.folder / f"{hashlib.sha256(key + submission.data).hexdigest()}.json"
    try:
        verdicts = [Verdict(**verdict) for verdict in json.loads(kept.read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError):  # not graded yet
        verdicts = _verdicts(assignment, submission.notebook(), expected[assignment.id], sandbox)
        write_whole(kept, json.dumps([asdict(verdict) for verdict in verdicts]))
    return verdicts, time.perf_counter() - began


def _verdicts(assignment: Assignment, notebook: dict, expected: dict, sandbox: Sandbox) -> list[Verdict]:
    cells, notes = arrange(assignment, notebook)
    ran = list(zip(cells, sandbox.run(cells), strict=True))
    verdicts = []
    for task in assignment.tasks:
        note, own = notes.get(task.name, ""), [pair for pair in ran if pair[0]["task"] == task.name]
        if task.parts:
            verdicts.append(_verdict(task, own, expected[task.name], note))
        else:
            verdicts.append(_to_read(task, notebook, note))
    return verdicts


def _verdict(task: Task, ran: list[tuple[dict, CellResult]], expected: list[dict], note: str) -> Verdict:
    """The verdict on what became of the cells of a task, and on the values given as its answers."""
    given = next(result.values for cell, result in ran if cell["values"])
    if len(given) != len(task.parts):  # its cell did not come back
        given = ({},) * len(task.parts)
    problems = [_problem(*part) for part in zip(task.parts, expected, given, strict=True)]
    points = sum(part.points for part, problem in zip(task.parts, problems, strict=True) if not problem)
    first = next(filter(None, problems), "")
    failed = next((result for _, result in ran if result.status != "done"), None)
    if not first:
        status, message = "ok", "" if note == MISSING else note
    elif failed:
        status, message = failed.status, failed.message
    elif note == MISSING:
        status, message = "missing cell", note
    else:
        status, message = "wrong", "; ".join(filter(None, [first, note]))
    return Verdict(task.name, points, task.points, status, message)


def _problem(part: AnswerPart, wanted: dict, value) -> str:
    """What is wrong with one answer ("" if nothing), with the hint of the task."""
    try:
        if value["type"] == "fault":
            return str(value["value"])
        problem = difference(wanted, value, part.tolerance)
        has_hint = problem and value["type"] != "unanswered"
        return f"{problem}. {part.hint}".rstrip(". ") if has_hint else problem
    except Exception:  # code in the sandbox can send anything
        return "no answer came back"


def _to_read(task: Task, notebook: dict, note: str) -> Verdict:
    if note:
        return Verdict(task.name, 0, task.points, "missing cell" if note == MISSING else "wrong", note)
    text = texts_by_name(notebook)[task.name][-1][:20_000]
    return Verdict(task.name, None, task.points, "to read", text=text)


def _summary(submission: Submission, verdicts: list[Verdict]) -> str:
    points, most = sum(v.points or 0 for v in verdicts), sum(v.max_points for v in verdicts)
    faults = sorted({v.status for v in verdicts} - {"ok", "wrong", "to read"})
    return f"{submission.student}: {points:g} of {most:g} points" + f" ({', '.join(faults)})" * bool(faults)


def _for_spreadsheets(book: pd.DataFrame) -> str:
    """The gradebook as CSV; text that a spreadsheet would take for a formula gets an apostrophe."""
    text = book[["student", "message"]].replace(r"^(?=[=+\-@\t\r])", "'", regex=True)
    return book.assign(**text).to_csv(index=False, lineterminator="\n", float_format="%g")
