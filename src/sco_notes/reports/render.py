"""Make reports: notebooks with parameters into pages; only what changed, several at a time.

A page carries the digest of all it was made from. It is made in a folder of its own and moved into place
when every cell has completed, so that at any moment each page is whole: the new one, or the old one.
"""

import os
import shlex
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import pandas as pd

from ..corpus.documents import read_corpus
from ..errors import SCONotesError, counted, printable, shown
from ..files import LARGEST_FILE, check_inside, data_folder, locked, temporary_folder
from .execution import CELL_LIMIT, LOG, Job, run_jobs
from .index import is_ours, is_whole, page_digest, write_index
from .inputs import digest_of, report_digest, shared_inputs
from .listing import Report, own_reports, read_reports
from .parameters import check_parameters, read_notebook, unknown

Progress = Callable[[str], object]
# What must not show in a page: the second run has another of each.
ELSEWHERE = {"TZ": "Asia/Almaty", "LC_ALL": "C", "LANG": "C", "PYTHONHASHSEED": "7", "COLUMNS": "200"}
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True)
class Outcome:
    """What became of a report: "made", "current" (nothing had changed) or "failed", with the error."""

    report: Report
    status: str
    seconds: float = 0.0
    error: str = ""


def build(
    listing: str | Path,
    out: str | Path,
    only: Sequence[str] = (),
    force: bool = False,
    jobs: int | None = None,
    progress: Progress = print,
) -> list[Outcome]:
    """Make the reports that a TOML file lists (or those named in `only`), and their index, in `out`.

    Pages of reports that are listed no more are removed. Raises SCONotesError before anything runs where the
    list is faulty or the folder cannot be written; a report that fails is an Outcome with its error.
    """
    reports = read_reports(listing)
    ids = [report.id for report in reports]
    for name in [name for name in only if name not in ids]:
        raise SCONotesError(f"{listing}: {unknown(name, ids, 'report')}")
    wanted = [report for report in reports if not only or report.id in only]
    is_project = (data_folder().parent / "Makefile").is_file()
    command = "make reports" if is_project else "sco-notes reports"
    return render_reports(wanted, Path(out), None, jobs, force, command, progress, reports)


def differences(listing: Path, out: Path, progress: Progress) -> list[str]:
    """Make all reports again in a temporary folder and return each file that differs, and where first."""
    shutil.rmtree(data_folder() / ".tables", ignore_errors=True)  # tables kept from the first time
    with temporary_folder() as folder, patch.dict(os.environ, ELSEWHERE):
        again = folder / "again"
        failed = [f"{o.report.id}: {o.error}" for o in build(listing, again, progress=progress) if o.error]
        made = [*out.iterdir(), *again.iterdir()]
        names = sorted({file.name for file in made if file.suffix in (".html", ".ipynb")})
        found = [first_difference(out / name, again / name) for name in names]
        return failed + [line for line in found if line]


def first_difference(one: Path, two: Path) -> str:
    """Return where two files first differ, with what stands there; "" where they are the same bytes."""
    if not (one.is_file() and two.is_file()):
        return f"{one.name}: made only {'once' if one.is_file() else 'the second time'}"
    first, second = one.read_bytes(), two.read_bytes()
    if first == second:
        return ""
    unequal = (number for number, (a, b) in enumerate(zip(first, second, strict=False)) if a != b)
    place = next(unequal, min(len(first), len(second)))
    line = first.count(b"\n", 0, place) + 1
    around = [data[max(0, place - 20) : place + 40].decode("utf-8", "replace") for data in (first, second)]
    return f"{one.name}, line {line}, byte {place}: {around[0]!r}, the second time {around[1]!r}"


def analyse(
    source: str | Path,
    out: str | Path,
    documents: pd.DataFrame | None = None,
    options: str = "",
    progress: Progress = print,
) -> list[Outcome]:
    """Make the three reports and their index for texts of one's own: what read_corpus reads.

    `documents` are those of the source where they have been read, by the `options` of the command. Raises
    SCONotesError where the texts cannot be read, before anything is made.
    """
    source = Path(source).absolute()
    documents = read_corpus(source) if documents is None else documents
    if (data_folder() / source.name / "documents.csv").is_file():
        raise SCONotesError(f"{source}: the project has a corpus of this name; rename yours")
    if documents["text"].str.len().sum() > LARGEST_FILE:
        raise SCONotesError(f"{source}: over {LARGEST_FILE // 1_000_000} MB of text; use sco-notes extract")
    name = shown(source.name, 200)
    progress(f"{counted(len(documents), 'document')} read from {name}; making tables, then pages")
    # The notebooks see the texts by a name alone: a page shall not tell the folders of its maker.
    with temporary_folder() as folder:
        place = source.parent
        if not (source / "documents.csv").is_file():  # a corpus folder is read as it is
            place = folder
            (place / name).mkdir()
            documents.drop(columns="year").to_csv(place / name / "documents.csv", index=False)
            if (source / "actors.toml").is_file():
                check_inside([source / "actors.toml"], source)
                shutil.copy(source / "actors.toml", place / name)
        known: dict = {"command": f"sco-notes analyse {shlex.quote(name)}{options}", "progress": progress}
        reports = own_reports(name, shown(source.stem, 80), documents)
        return render_reports(reports, Path(out), place, **known, title=f"Reports on {name}")


def render_reports(
    reports: Sequence[Report],
    out: Path,
    working_folder: Path | None = None,
    jobs: int | None = None,
    force: bool = False,
    command: str = "make reports",
    progress: Progress = print,
    listed: Sequence[Report] | None = None,
    title: str = "Reports",
    cell_limit: float = CELL_LIMIT,
) -> list[Outcome]:
    """Make the pages ID.html, the executed notebooks ID.ipynb and the index of reports, in the folder `out`.

    A report that fails leaves its earlier page as it is, and the others are made. Raises SCONotesError where
    `out` cannot be written, or holds a file of the same name that is not ours.

    Parameters
    ----------
    reports, out : what to make, and the folder for it
    working_folder : where the notebooks run (their own folder by default)
    jobs : how many at a time (one a core by default)
    force : make pages also where nothing has changed
    command : what makes the pages again, as they state it
    listed : all reports of the index where `reports` are only some; pages that are not listed are removed
    title : of the index
    cell_limit : seconds that a cell may take
    """
    for report in reports:
        check_parameters(report.notebook, report.parameters)
    all_reports = list(reports if listed is None else listed)
    shared = f"{digest_of(shared_inputs())} {command}"
    inputs = {r.id: report_digest(r, working_folder or r.notebook.parent, shared) for r in all_reports}
    with locked(out, progress):
        for name in ["index", *(report.id for report in reports)]:
            _refuse_to_overwrite(out, name)
        stale = [
            report for report in reports
            if force or page_digest(out / f"{report.id}.html") != inputs[report.id]
            or not is_whole(out / f"{report.id}.ipynb")
        ]  # fmt: skip
        if len(stale) < len(reports):
            progress(f"{len(reports) - len(stale)} of {len(reports)} reports are up to date")
        work = out.resolve() / ".work"  # in `out`, so that a page is moved and never copied into place
        shutil.rmtree(work, ignore_errors=True)  # of a run that was killed
        try:
            work.mkdir()
            tasks = {_job(r, work, working_folder, inputs[r.id], command, cell_limit): r for r in stale}
            outcomes = _run(tasks, jobs or CORES, work, progress)
            for page in sorted(out.glob("*.html")) if listed is not None else []:
                if page.stem not in {"index", *inputs} and page_digest(page) is not None:
                    page.unlink()
                    page.with_suffix(".ipynb").unlink(missing_ok=True)
                    progress(f"{page.stem} is listed no more: its page is removed")
            index = write_index(all_reports, out, inputs, title)
        except OSError as error:
            raise SCONotesError(f"{error.filename or out}: cannot be written ({error.strerror})") from None
        finally:
            # What libraries complained of, each thing once: it is no part of any page.
            log = (work / LOG).read_bytes().decode("utf-8", "replace") if (work / LOG).is_file() else ""
            for line in dict.fromkeys(printable(log).splitlines()):
                progress(f"log: {line}")
            shutil.rmtree(work, ignore_errors=True)
    failed = sum(bool(outcome.error) for outcome in outcomes.values())
    progress(f"{len(reports) - failed} of {len(reports)} reports are there: {index}")
    return [outcomes.get(report.id, Outcome(report, "current")) for report in reports]


def _job(report: Report, work: Path, folder: Path | None, inputs: str, command: str, limit: float) -> Job:
    page = {"id": report.id, "title": report.title, "parameters": report.parameters}
    page |= {"inputs": inputs, "command": command}
    place = (folder or report.notebook.parent).resolve()
    return Job(str(report.notebook.resolve()), page, str(work), str(place), limit)


def _run(tasks: dict[Job, Report], processes: int, work: Path, progress: Progress) -> dict[str, Outcome]:
    """Run the jobs, move each finished page into place, and say how it went."""
    outcomes = {}
    for number, (job, error, seconds) in enumerate(run_jobs(list(tasks), processes, work, progress), 1):
        report = tasks[job]
        try:
            for made in [] if error else job.made():
                made.replace(work.parent / made.name)
        except OSError as fault:
            error = f"{fault.filename2 or fault.filename}: cannot be written ({fault.strerror})"
        outcomes[report.id] = Outcome(report, "failed" if error else "made", seconds, error)
        took = f"FAILED: {error}" if error else f"{seconds:.1f} s"
        progress(f"[{number}/{len(tasks)}] {report.id} ... {took}")
    return outcomes


def _refuse_to_overwrite(out: Path, name: str) -> None:
    """Raise where a file has the name of a page or executed notebook to be made and is neither."""
    file, notebook = out / f"{name}.html", out / f"{name}.ipynb"
    ours = not file.exists() or is_ours(file)
    if name != "index" and not file.exists() and notebook.is_file():
        file, ours = notebook, "sco_notes" in read_notebook(notebook).get("metadata", {})
    if not ours:
        why = "a file of this name is there, and it is no report"
        raise SCONotesError(f"{file}: {why}; choose another folder")
