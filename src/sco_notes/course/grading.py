"""Grade submissions: read, run, compare with what is expected; then a gradebook and pages.

The stages in their order: `read_submissions`; `_expected` (the values of the solution); `_grade` (a
submission to its verdicts, kept for the next time); `_table` (all verdicts, and who handed in nothing).
"""

import csv
import hashlib
import json
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from ..errors import SCONotesError
from ..files import write_whole
from .assignment import (
    MISSING,
    AnswerPart,
    Assignment,
    CellToRun,
    Task,
    arrange,
    grading_marks,
    read_assignments,
    text_of,
)
from .feedback import write_pages
from .sandbox import CellResult, Limits, require_sandbox, run_cells
from .submissions import Submission, read_submissions
from .values import TOLERANCE, difference

COLUMNS = ["student", "exercise", "task", "points", "max_points", "status", "message"]
MAX_TEXT = 20_000  # characters of an answer that a person reads
_NO_ANSWER = "no answer came back"
_NO_CELL = "the cell for the answer is not there"

Run = Callable[[list[CellToRun]], list[CellResult]]


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
    """Grade every submission of a folder or zip; return and write the gradebook.

    What has been graded before with the same exercise is not graded again.

    Parameters
    ----------
    submissions : a folder or zip, as a platform exports it
    sources : the folder of the exercises
    out : gets gradebook.csv, overview.html and students/NAME.html
    class_list : names, one a line, to find who handed in nothing
    sandboxed : whether submitted code runs in isolation
    limits : what a submission may use
    jobs : how many at a time (0: one a core)

    Returns
    -------
    student, exercise, task, points (empty where a person has to read), max_points, status (ok, wrong,
    missing cell, error, time-out, memory, too much output, dead kernel, unreadable file, no submission, to
    read), message
    """
    limits = limits or Limits()
    if sandboxed:
        require_sandbox()
    assignments = {assignment.id: assignment for assignment in read_assignments(sources)}
    found = read_submissions(submissions, assignments)
    names = read_class_list(class_list) if class_list else []
    cache = out / "cache"
    (cache / "matplotlib").mkdir(parents=True, exist_ok=True)
    run = partial(run_cells, limits=limits, sandboxed=sandboxed, scratch=cache)
    used = [assignments[id] for id in sorted({s.exercise for s in found} - {""})]
    expected = {assignment.id: _expected(assignment, run) for assignment in used}
    settings = json.dumps([asdict(limits), sandboxed, version("sco-notes")])

    def grade(submission: Submission) -> tuple[Submission, list[Verdict], float]:
        began = time.perf_counter()
        if submission.problem:
            return submission, _unreadable(submission, assignments), 0.0
        assignment, values = assignments[submission.exercise], expected[submission.exercise]
        verdicts, is_known = _grade(submission, assignment, values, run, settings, cache)
        return submission, verdicts, 0.0 if is_known else time.perf_counter() - began

    graded = []
    with ThreadPoolExecutor(jobs or os.cpu_count() or 1) as pool:
        waiting = [pool.submit(grade, submission) for submission in found]
        try:
            for number, future in enumerate(as_completed(waiting), 1):
                submission, verdicts, seconds = future.result()
                graded.append((submission, verdicts))
                progress(f"[{number}/{len(found)}] {_summary(submission, verdicts)}, {seconds:.1f} s")
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    table = _table([*graded, *_absent(names, found, used)])
    write_whole(out / "gradebook.csv", _for_spreadsheets(table[COLUMNS]))
    write_pages(table, assignments, out)
    return table[COLUMNS]


def read_class_list(file: Path) -> list[str]:
    """Read the names of a class: one a line, or the first column of a CSV."""
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SCONotesError(f"{file}: the class list cannot be read ({type(error).__name__})") from None
    return [row[0].strip() for row in csv.reader(lines) if row and row[0].strip()]


def check_reference(assignment: Assignment, scratch: Path, limits: Limits | None = None) -> None:
    """Raise where the solution of an exercise does not get full marks, or its release gets any."""
    run = partial(run_cells, limits=limits or Limits(), sandboxed=False, scratch=scratch)
    blank = _verdicts(assignment, assignment.release, _expected(assignment, run), run)
    gained = [verdict.task for verdict in blank if verdict.points]
    if gained:
        raise SCONotesError(f"{assignment.id}: the unsolved release gets points for {', '.join(gained)}")


def _expected(assignment: Assignment, run: Run) -> dict[str, list[dict]]:
    """The expected values of each task, from a run of the solution, which must be right itself."""
    cells, _ = arrange(assignment, assignment.source)
    parts = {task.name: task.parts for task in assignment.tasks}
    for cell in cells:
        if cell.answers:
            cell.values += [part.expected for part in parts[cell.task]]
    expected = {}
    for cell, result in zip(cells, run(cells), strict=True):
        where = f"{assignment.id}, {cell.task or 'set-up'}"
        if result.status != "done":
            raise SCONotesError(f"{where}: the solution fails: {result.message}")
        if cell.answers:
            n = len(parts[cell.task])
            expected[cell.task] = list(result.values[n:])
            for part, given, wanted in zip(parts[cell.task], result.values, result.values[n:], strict=False):
                problem = _problem(part, wanted, given)
                if problem or wanted["type"] in ("fault", "other"):
                    answer = f"grade({part.answer[:60]}, ...)"
                    fault = f"the solution does not get its points: {problem or wanted}"
                    raise SCONotesError(f"{where}, {answer}: {fault}")
    return expected


def _grade(
    submission: Submission, assignment: Assignment, expected: dict, run: Run, settings: str, cache: Path
) -> tuple[list[Verdict], bool]:
    """The verdicts on a submission, and whether they were known from an earlier run."""
    key = f"{settings} {assignment.digest} {json.dumps(expected)}".encode() + submission.data
    kept = cache / f"{hashlib.sha256(key).hexdigest()}.json"
    try:
        return [Verdict(**verdict) for verdict in json.loads(kept.read_text(encoding="utf-8"))], True
    except (OSError, ValueError, TypeError):
        verdicts = _verdicts(assignment, submission.notebook(), expected, run)
        write_whole(kept, json.dumps([asdict(verdict) for verdict in verdicts]))
        return verdicts, False


def _verdicts(assignment: Assignment, notebook: dict, expected: dict, run: Run) -> list[Verdict]:
    cells, notes = arrange(assignment, notebook)
    results = list(zip(cells, run(cells), strict=True))
    verdicts = []
    for task in assignment.tasks:
        note = notes.get(task.name, "")
        if task.parts:
            own = sorted(
                ((cell, result) for cell, result in results if cell.task == task.name),
                key=lambda pair: pair[0].answers,
            )
            verdicts.append(_verdict(task, [result for _, result in own], expected[task.name], note))
        else:
            verdicts.append(_to_read(task, notebook, note))
    return verdicts


def _verdict(task: Task, results: list[CellResult], expected: list[dict], note: str) -> Verdict:
    """The verdict on a task from the results of its cells, of which the last holds its answers."""
    given = results[-1].values
    if len(given) != len(task.parts):
        given = ({},) * len(task.parts)
    problems = list(map(_problem, task.parts, expected, given))
    points = sum(part.points for part, problem in zip(task.parts, problems, strict=True) if not problem)
    failed = next((result for result in results if result.status != "done"), None)
    if not any(problems):
        status, message = "ok", "" if note == MISSING else note
    elif failed:
        status, message = failed.status, failed.message
    elif note == MISSING:
        status, message = "missing cell", _NO_CELL
    else:
        first = next(filter(None, problems))
        status, message = "wrong", "; ".join(filter(None, [first, note]))
    return Verdict(task.name, points, task.points, status, message)


def _problem(part: AnswerPart, wanted: dict, value: dict) -> str:
    """What is wrong with one answer ("" if nothing), with the hint of the task."""
    try:
        if value["type"] == "fault":
            name, text = str(value["value"]["name"]), str(value["value"]["text"])
            return text if name == "NameError" else f"{name}: {text}"
        problem = difference(wanted, value, part.tolerance or TOLERANCE)
    except (TypeError, KeyError, ValueError, AttributeError, RecursionError):
        # Code in the sandbox can send anything.
        return _NO_ANSWER
    return f"{problem}. {part.hint}".rstrip(". ") if problem and value["type"] != "unanswered" else problem


def _to_read(task: Task, notebook: dict, note: str) -> Verdict:
    if note == MISSING:
        return Verdict(task.name, 0, task.points, "missing cell", _NO_CELL)
    if note:
        return Verdict(task.name, 0, task.points, "wrong", note)
    text = [text_of(c) for c in notebook["cells"] if grading_marks(c).get("grade_id") == task.name][-1]
    return Verdict(task.name, None, task.points, "to read", text=text[:MAX_TEXT])


def _unreadable(submission: Submission, assignments: dict[str, Assignment]) -> list[Verdict]:
    tasks = assignments[submission.exercise].tasks if submission.exercise else (Task("", 0),)
    return [Verdict(task.name, 0, task.points, "unreadable file", submission.problem) for task in tasks]


def _absent(names: list[str], found: list[Submission], used: list[Assignment]):
    """Submissions that were not made by those of the class who handed in nothing, with their verdicts."""
    there = {submission.student.casefold() for submission in found}
    for name in names:
        for assignment in used if name.casefold() not in there else []:
            verdicts = [Verdict(task.name, 0, task.points, "no submission") for task in assignment.tasks]
            yield Submission(name, "", assignment.id), verdicts


def _table(graded: list[tuple[Submission, list[Verdict]]]) -> pd.DataFrame:
    """All verdicts, sorted by student and exercise: COLUMNS, and text for a person to read."""
    rows = [
        {"student": submission.student, "exercise": submission.exercise, **asdict(verdict)}
        for submission, verdicts in sorted(graded, key=lambda g: (g[0].student.casefold(), g[0].exercise))
        for verdict in verdicts
    ]
    return pd.DataFrame(rows, columns=[*COLUMNS, "text"]).astype({"points": "float64"})


def _summary(submission: Submission, verdicts: list[Verdict]) -> str:
    got, most = sum(v.points or 0 for v in verdicts), sum(v.max_points for v in verdicts)
    faults = sorted({v.status for v in verdicts} - {"ok", "wrong", "to read"})
    return f"{submission.student}: {got:g} of {most:g} points" + (f" ({', '.join(faults)})" if faults else "")


def _for_spreadsheets(book: pd.DataFrame) -> str:
    """The gradebook as CSV; text that a spreadsheet would take for a formula gets an apostrophe."""
    texts = ["student", "message"]
    safe = book.assign(**book[texts].replace(r"^(?=[=+\-@\t\r])", "'", regex=True))
    return safe.to_csv(index=False, lineterminator="\n", float_format="%g")
