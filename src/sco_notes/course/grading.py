"""Submissions to verdicts: runs of solutions and submissions, a verdict a task, one table for every file."""

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from ..errors import SCONotesError
from ..files import data_folder, write_whole
from . import feedback
from .assignment import MISSING, AnswerPart, Assignment, Task, arrange, prose_answers, read_assignments
from .check import difference, literal
from .sandbox import Limits, Sandbox
from .submissions import Problem, Submission, read_class_list, read_csv_rows, read_submissions, writable


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
    submissions: Path, sources: Path, out: Path, class_list: Path | None = None, sandboxed: bool = True,
    limits: Limits | None = None, jobs: int = 0, accept: bool = False,
    progress: Callable[[str], None] = lambda line: None,
) -> tuple[pd.DataFrame, pd.DataFrame]:  # fmt: skip
    """Grade every submission of a folder or zip; what has been graded before is not graded again.

    `jobs` run at a time (0: one a core). With `accept` the problems have been looked at, and that is kept.
    `out` gets the files that the README of the exercises names. Returns the gradebook and the problems.
    """
    if sources.resolve().is_relative_to(submissions.resolve()):
        raise SCONotesError(f"{submissions}: this folder holds the exercises; give that of the submissions")
    sandbox = Sandbox((out / "cache").resolve(), limits or Limits(), sandboxed)
    sandbox.prepare()
    assignments = read_assignments(sources)
    students = read_class_list(class_list) if class_list else []
    marks = feedback.read_marks(out / "prose.csv")
    rule = feedback.read_late_rule(sources / "course.toml", assignments)
    handed_in, problems = read_submissions(submissions, assignments, students)
    used = sorted({s.exercise for s in handed_in if s.exercise})
    rows: list[tuple[Submission, Verdict]] = []
    pool, done = ThreadPoolExecutor(jobs or os.cpu_count()), 0
    try:
        unhurried = replace(sandbox, limits=Limits())
        solved = {id: partial(expected_values, assignments[id], unhurried) for id in used}
        found = pool.map(lambda id: _kept("expected", [assignments[id].source], sandbox, solved[id]), used)
        expected = dict(zip(used, found, strict=True))
        known = [(s, assignments.get(s.exercise), expected.get(s.exercise, {}), sandbox) for s in handed_in]
        graded = pool.map(lambda one: _grade(*one), known)
        for done, (s, verdicts) in enumerate(zip(handed_in, graded, strict=True), 1):
            rows += [(s, verdict) for verdict in verdicts]
            points, most = sum(v.points or 0 for v in verdicts), sum(v.max_points for v in verdicts)
            faults = ", ".join(sorted({v.status for v in verdicts} - {"ok", "wrong", "to read"}))
            said = f"{s.student}: {points:g} of {most:g} points" + f" ({faults})" * bool(faults)
            progress(f"[{done}/{len(handed_in)}] {said}")
    except KeyboardInterrupt:
        sandbox.stop.set()
        progress(f"stopped: {done} of {len(handed_in)} are graded and kept; grade again to go on from there")
        raise
    finally:
        pool.shutdown(cancel_futures=True)
    there = {(s.student, s.exercise) for s in handed_in}
    for one, id in ((one, id) for one in students for id in used if (one.label, id) not in there):
        s = Submission(one.label, "", id, id=one.id)
        rows += [(s, Verdict(t.name, 0, t.points, "no submission")) for t in assignments[id].tasks]
    rows.sort(key=lambda row: (row[0].student.casefold(), row[0].student, row[0].exercise))
    whole = ({"student": s.student, "id": s.id, "exercise": s.exercise, **asdict(v)} for s, v in rows)
    book = pd.DataFrame({name: writable(value) for name, value in row.items()} for row in whole)
    book, sheet = feedback.enter_marks(book.astype({"points": float}), marks)
    feedback.write_prose(sheet, assignments, out)
    book, late = feedback.deduct(book, handed_in, students, rule)
    feedback.write_pages(book, assignments, handed_in, out)
    if students:
        feedback.write_marks(book, students, assignments, out)
    gradebook = book.drop(columns="text")
    write_whole(out / "gradebook.csv", feedback.spreadsheet(gradebook))
    return gradebook, _write_problems(problems + late, out / "problems.csv", accept)


def _write_problems(problems: list[Problem], file: Path, accept: bool) -> pd.DataFrame:
    """Write what has to be looked at; what has been accepted before stays so."""
    before = {tuple(row[:3]) for row in read_csv_rows(file) if row[-1] == "yes"} if file.exists() else set()
    rows = sorted({tuple(map(writable, problem)) for problem in problems})
    accepted = ["yes" * (accept or tuple(map(feedback.guarded, row)) in before) for row in rows]
    table = pd.DataFrame(rows, columns=["student", "file", "problem"]).assign(accepted=accepted)
    write_whole(file, feedback.spreadsheet(table))
    return table


def _kept(name: str, key: list, sandbox: Sandbox, make: Callable[[], Any], is_kept=bool) -> Any:
    """What `make` gives, made once for a key and a state of the library and its data."""
    state = json.dumps([key, _library(), sandbox.isolated], sort_keys=True)
    file = sandbox.folder / f"{name}-{hashlib.sha256(state.encode()).hexdigest()}.json"
    with suppress(OSError, ValueError):  # not made yet
        return json.loads(file.read_text(encoding="utf-8"))
    if is_kept(made := make()):
        with suppress(SCONotesError):  # a full disk: it is made again the next time
            write_whole(file, json.dumps(made))
    return made


@cache
def _library() -> list:
    """The sizes and times of the files of the library and its data: what verdicts were made with."""
    folders = {Path(__file__).parents[1], data_folder()}
    found = (file for folder in folders for file in folder.rglob("*") if file.suffix != ".pyc")
    files = sorted((str(file), file.stat()) for file in found if file.is_file())
    return [version("sco-notes"), *((name, stat.st_size, stat.st_mtime_ns) for name, stat in files)]


def expected_values(assignment: Assignment, sandbox: Sandbox) -> dict[str, list[dict]]:
    """Return the plain expected values of each task, from a run of the solution; it must be right itself."""
    cells, _ = arrange(assignment, assignment.source)
    tasks = {task.name: task for task in assignment.tasks}
    for cell in cells:
        if cell["values"]:
            cell["values"] += [part.expected for part in tasks[cell["task"]].parts]
    expected = {}
    for cell, result in zip(cells, sandbox.run(cells), strict=True):
        where = f"{assignment.id}, {cell['task'] or 'set-up'}"
        if result.status != "done":
            raise SCONotesError(f"{where}: the solution fails: {result.message}")
        if not cell["values"]:
            continue
        task, half = tasks[cell["task"]], len(result.values) // 2
        wanted = expected[task.name] = list(result.values[half:])
        answered = _fresh(task, result.values[:half], sandbox)
        for part, right, given in zip(task.parts, wanted, answered, strict=True):
            problem = _problem(part, right, given)
            if problem or right["type"] in ("fault", "other"):
                where += f", grade({part.answer[:60]}, ...)"
                raise SCONotesError(f"{where}: the solution does not get its points: {problem or right}")
    return expected


def _grade(s: Submission, assignment: Assignment | None, expected: dict, sandbox: Sandbox) -> list[Verdict]:
    """The verdicts on a submission, kept or made now; where that fails it is no other's error."""
    digest = hashlib.sha256(s.data).hexdigest()
    if s.problem or not assignment:
        tasks = assignment.tasks if assignment else [Task("", 0)]
        return [Verdict(task.name, 0, task.points, "unreadable file", s.problem) for task in tasks]
    try:
        rows = _kept(
            "verdicts", [assignment.source, expected, asdict(sandbox.limits), digest], sandbox,
            lambda: [asdict(one) for one in verdicts_on(assignment, json.loads(s.data), expected, sandbox)],
            # Where one ran out of time the machine may have been busy.
            is_kept=lambda rows: all(row["status"] != "time-out" for row in rows),
        )  # fmt: skip
        return [Verdict(**row) for row in rows]
    except Exception as error:
        why = f"could not be graded ({type(error).__name__}); ask your instructor, reference {digest[:8]}"
        return [Verdict(task.name, 0, task.points, "error", why) for task in assignment.tasks]


def verdicts_on(assignment: Assignment, notebook: dict, expected: dict, sandbox: Sandbox) -> list[Verdict]:
    """Run a submission and judge each task."""
    cells, notes = arrange(assignment, notebook)
    ran = list(zip(cells, sandbox.run(cells), strict=True))
    prose = prose_answers(assignment, notebook)
    verdicts = []
    for task in assignment.tasks:
        note, own = notes.get(task.name, ""), [pair for pair in ran if pair[0]["task"] == task.name]
        # Without what was to run before it no answer is right, which may be the machine's fault.
        late = [pair for pair in ran if not pair[0]["task"] and pair[1].status == "time-out"][:1]
        if task.parts:
            verdicts.append(verdict_on(task, late + own, expected[task.name], note, sandbox))
        elif text := prose[task.name][:20_000]:
            verdicts.append(Verdict(task.name, None, task.points, "to read", text=text))
        else:
            status, said = ("missing cell", note) if note == MISSING else ("wrong", "not answered yet")
            verdicts.append(Verdict(task.name, 0, task.points, status, said))
    return verdicts


def verdict_on(task: Task, ran: list[tuple], expected: list[dict], note: str, sandbox: Sandbox) -> Verdict:
    """Judge one task by what ran for it."""
    given: Sequence[dict] = next(result.values for cell, result in ran if cell["values"])
    if len(given) != len(task.parts):  # its cell did not come back
        given = ({},) * len(task.parts)
    given = _fresh(task, given, sandbox)
    problems = [_problem(*part) for part in zip(task.parts, expected, given, strict=True)]
    points = sum(part.points for part, problem in zip(task.parts, problems, strict=True) if not problem)
    first, said = next(filter(None, problems), ""), note if note != MISSING else ""
    failed = next((result for _, result in ran if result.status != "done"), None)
    verdict = partial(Verdict, task.name, points, task.points)
    if not first:
        return verdict("ok", said)
    if failed:
        return verdict(failed.status, failed.message)
    if note == MISSING:
        return verdict("missing cell", note)
    return verdict("wrong", "; ".join(filter(None, [first, said])))


def _fresh(task: Task, given: Sequence[dict], sandbox: Sandbox) -> list[dict]:
    """The values of a task; those that the library is asked about from where the student's code never ran."""
    values, cells = list(given), {}
    for i, part in ((i, part) for i, part in enumerate(task.parts) if part.names()):
        names, values[i] = values[i], {}
        with suppress(TypeError, KeyError, AttributeError, RecursionError):  # of another form: no answer
            lines = [f"{name} = {literal(names['value'][name])!r}" for name in part.names()]
            cells[i] = {"source": "\n".join(lines), "values": [part.answer]}
    if cells:
        results = sandbox.run([{"source": task.imports, "values": []}, *cells.values()])
        for i, result in zip(cells, results[1:], strict=True):
            values[i] = next(iter(result.values), {})
    return values


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
