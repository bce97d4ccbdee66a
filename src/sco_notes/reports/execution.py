"""Notebooks run by papermill in processes of their own: `run_jobs` is one end of a pipe, `_serve` the other.

papermill changes the directory of its process, so threads will not do. One process imports once what all
notebooks need; each report is made in a process forked from it, and its kernel is forked as well, so that
neither waits for imports (Linux; elsewhere they are started as new processes). When the standard input of the
first process ends, for whatever reason, it takes all the others with it: so neither Ctrl-C nor a kill leaves
anything running.
"""

import gc
import json
import multiprocessing
import os
import re
import subprocess
import sys
import threading
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import partial
from importlib import import_module
from io import BytesIO
from multiprocessing.connection import Connection, wait
from pathlib import Path
from secrets import token_hex
from typing import Any

from ..errors import SCONotesError
from ..files import data_folder, write_whole
from ..processes import take_standard_output

SETTINGS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
CELL_LIMIT = 600  # seconds
LOG = SETTINGS["places"]["SCO_NOTES_LOG"]  # what libraries complain of
ISOLATED = ["-P", "-X", "frozen_modules=off", "-m"]
LESSON = "lesson"  # the tag of cells that no page shows: they need not run for one
ENDED = "{}: the process that ran it ended (exit code {})"
SILENCE = 5  # seconds after which it is told how far the tables are
SAMPLE = "China welcomed the agreement of 4 July 2024."
CAN_FORK = sys.platform == "linux"
STARTS = 3  # of a kernel: it ends at once where another program has taken its port meanwhile


@dataclass(frozen=True, eq=False)
class Job:
    """One notebook to run: where it is, with what, where the page goes, and where the kernel runs.

    `page` is what `pages.render_page` needs besides the notebook.
    """

    notebook: str
    page: dict
    out: str
    working_folder: str
    cell_limit: float = CELL_LIMIT

    def made(self) -> tuple[Path, Path]:
        """The executed notebook and the page, which says that both are there."""
        file = Path(self.out, f"{self.page['id']}.ipynb")
        return file, file.with_suffix(".html")


def run_jobs(
    jobs: list[Job], processes: int, folder: Path, progress: Callable[[str], object]
) -> Iterator[tuple[Job, str, float]]:
    """Run jobs side by side; yield each when it is done, with its error ("" if none) and its seconds.

    `progress` is told how far the tables are that all of them read. `folder` takes what Jupyter and libraries
    want to write, LOG too; nothing is written to the home folder.
    """
    if not jobs:
        return
    with (folder / "workers.log").open("ab") as log:
        server = subprocess.Popen(
            [sys.executable, *ISOLATED, "sco_notes.reports.execution"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, encoding="utf-8",
            env=_environment(folder),
            start_new_session=True,  # Ctrl-C is for us alone; we tell the others
        )  # fmt: skip
    assert server.stdin and server.stdout
    left = dict(enumerate(jobs))
    try:
        with suppress(OSError):
            server.stdin.write(json.dumps([processes, [asdict(job) for job in jobs]]) + "\n")
            server.stdin.flush()
        # One answer a job, fewer where the process that serves them has ended.
        while left and (answer := server.stdout.readline()):
            number, said, seconds = json.loads(answer)
            if number is None:
                progress(said)
            else:
                yield left.pop(number), said, seconds
        for job in left.values():
            yield job, ENDED.format(Path(job.notebook).name, server.wait()), 0.0
    finally:
        with suppress(OSError):
            server.stdin.close()
        try:
            server.wait(5)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _environment(folder: Path) -> dict:
    """What workers and kernels see: this interpreter as the kernel "python3", and no settings of the user.

    A kernel of that name in the home folder may be of another Python.
    """
    command = [sys.executable, *ISOLATED, "ipykernel_launcher", "-f", "{connection_file}"]
    log_warnings = "__import__('sco_notes.reports.kernel', fromlist=['kernel']).log_warnings()"
    options = ["ignore_cwd=True", f"exec_lines={log_warnings}"]
    command += [f"--InteractiveShellApp.{option}" for option in options]
    spec: dict = {"argv": command, "display_name": "Python 3", "language": "python"}
    spec["metadata"] = {"kernel_provisioner": {"provisioner_name": "sco-notes"}}
    kernel = folder / "jupyter" / "kernels" / "python3" / "kernel.json"
    kernel.parent.mkdir(parents=True)
    kernel.write_text(json.dumps(spec), encoding="utf-8")
    (folder / "matplotlibrc").touch()
    (folder / "temporary").mkdir()
    places = {name: str(folder / place) for name, place in SETTINGS["places"].items()}
    places["SCO_NOTES_TABLES"] = str(folder.parent / ".tables")  # made by one notebook, read by the others
    return {**os.environ, **SETTINGS["environment"], **places}


def _serve() -> None:
    """Run the jobs that standard input names; answer each on standard output: number, error, seconds.

    Before, where it takes long, None, how far the tables are, seconds.
    """
    output = take_standard_output()  # nothing that papermill or a library prints gets among the answers

    def answer(*said) -> None:
        output.write(json.dumps(said) + "\n")
        output.flush()

    processes, jobs = json.loads(sys.stdin.readline())
    # Not read by sys.stdin: its lock would be held in the processes that are forked.
    _end_after(lambda: all(iter(lambda: os.read(0, 1000), b"")))
    waiting = list(enumerate(Job(**job) for job in jobs))
    if CAN_FORK:
        _preload()
    _make_tables([job for _, job in waiting], partial(answer, None))
    start: Any = multiprocessing.get_context("fork" if CAN_FORK else "spawn")
    running: dict = {}
    while waiting or running:
        while waiting and len(running) < processes:
            number, job = waiting.pop(0)
            receiver, sender = start.Pipe(duplex=False)
            process = start.Process(target=_work, args=(job, sender))
            process.start()
            sender.close()
            running[receiver] = number, job, process, time.perf_counter()
        for ready in wait([*running]):
            number, job, process, began = running.pop(ready)
            try:
                error = ready.recv()  # type: ignore[union-attr, call-arg]
            except EOFError:
                process.join()
                error = ENDED.format(Path(job.notebook).name, process.exitcode)
            answer(number, error, time.perf_counter() - began)
            process.join()


def _preload() -> None:
    """Import, and do once, what every notebook would: patterns are compiled then, and fonts are read."""
    _spare_grammar()
    for module in SETTINGS["preloaded"]:
        import_module(module)
    import pandas as pd
    from matplotlib.figure import Figure

    from ..charts.figure import svg
    from ..corpus.documents import check_documents
    from ..tables import extract

    extract(check_documents(pd.DataFrame({"doc_id": ["a"], "text": [SAMPLE]})), "sample")
    figure = Figure(layout="constrained")  # not by pyplot, whose backend would look for a notebook here
    figure.subplots()
    svg(figure)
    figure.savefig(BytesIO())
    gc.freeze()  # pyplot collects garbage after each figure: not among all that was imported


def _make_tables(jobs: list[Job], tell: Callable[[str, float], object]) -> None:
    """Make the tables of texts that have none, which may take hours: before a cell's time is counted."""
    from ..sentiment import best_scorer
    from ..tables import corpora, load

    began = told = time.monotonic()

    def progress(line: str) -> None:
        nonlocal told
        if (now := time.monotonic()) - told >= SILENCE:
            told = now
            tell(line, now - began)

    wanted = {(job.working_folder, str(job.page["parameters"].get("corpus", ""))) for job in jobs}
    for folder, corpus in sorted(wanted):
        place = data_folder() / corpus if corpus in corpora() else Path(folder, corpus)
        if corpus and not (place / "derived").is_dir() and not (place / "tables.json").is_file():
            with suppress(SCONotesError):  # the notebook says it as well, at its cell
                load(place, best_scorer(), progress)


def _end_children() -> None:
    import psutil

    for process in (children := psutil.Process().children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(children, timeout=3)


def _end_after(wait: Callable[[], object]) -> None:
    """End this process and its children when `wait`, called in a thread, returns."""

    def end() -> None:
        wait()
        _end_children()
        os._exit(0)

    threading.Thread(target=end, daemon=True).start()


def _spare_grammar() -> None:
    """Keep jsonschema from building a grammar for addresses (0.9 s) that no notebook needs."""
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]


def _work(job: Job, answer: Connection) -> None:
    """One report in a process of its own, whose kernel is forked first, while there are no threads."""
    from .kernel import fork_kernel

    if CAN_FORK:
        fork_kernel()
    _end_after(multiprocessing.parent_process().join)  # type: ignore[union-attr]
    try:
        error = _render(job)
    except Exception as fault:
        error = f"{Path(job.notebook).name}: {_last_line(f'{type(fault).__name__}: {fault}')}"
    answer.send(error)
    _end_children()
    os._exit(0)


def _render(job: Job) -> str:
    """Run a notebook and write it, scrubbed, and its page. Returns what went wrong, naming the cell."""
    from .pages import render_page
    from .scrub import scrub

    notebook, error = _execute(job)
    if error:
        return f"{Path(job.notebook).name}, {error}"
    folder = os.fsdecode(os.fsencode(job.working_folder))  # the first process may have decoded it otherwise
    scrub(notebook, job.page["inputs"], [folder, str(Path(__file__).parents[3]), sys.prefix])
    text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    for file, made in zip(job.made(), (text, render_page(notebook, **job.page)), strict=True):
        write_whole(file, made.encode("utf-8", "replace"))
    return ""


def _execute(job: Job) -> tuple[dict, str]:
    _spare_grammar()
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.engines import NBClientEngine, papermill_engines
    from traitlets.config import Config

    from .kernel import register

    register()
    places = []

    class Engine(NBClientEngine):
        """papermill's own; it says where it stopped, before papermill marks the rest as completed."""

        @classmethod
        def execute_managed_notebook(cls, nb_man, kernel_name, **options):
            try:
                return super().execute_managed_notebook(nb_man, kernel_name, **options)
            finally:
                places.append(_place(nb_man.nb["cells"]))

    papermill_engines.register("sco-notes", Engine)
    # Linux: sockets without ports or files. They need no network, not even that of this machine.
    sockets = {"transport": "ipc", "ip": f"@sco-notes-{token_hex(8)}"} if CAN_FORK else {}
    for start in range(1, STARTS + 1):
        places.clear()
        try:
            notebook = papermill.execute_notebook(
                job.notebook, None, job.page["parameters"], engine_name="sco-notes", kernel_name="python3",
                cwd=job.working_folder, progress_bar=False, request_save_on_cell_execute=False,
                execution_timeout=job.cell_limit, shutdown_kernel="immediate",
                config=Config(KernelManager=sockets, NotebookClient={"skip_cells_with_tag": LESSON}),
            )  # fmt: skip
        except papermill.PapermillExecutionError as fault:
            reason = f"{fault.ename}: {_last_line(fault.evalue)}"
        except CellTimeoutError:
            reason = f"not done after {job.cell_limit:g} seconds"
        except DeadKernelError:
            reason = "the kernel died (out of memory, or ended by the code)"
        except RuntimeError as fault:  # the kernel ended before it answered
            if start < STARTS:
                continue
            reason = f"the kernel did not start ({_last_line(str(fault))})"
        else:
            code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
            failed = any(output["output_type"] == "error" for cell in code for output in cell["outputs"])
            statuses = {cell["metadata"]["papermill"]["status"] for cell in code}
            if statuses <= {"completed"} and not failed:
                return notebook, ""
            reason = "the notebook ended itself before its last cell"
        break
    return {}, f"{places[-1] if places else _place([])}: {reason}"


def _place(cells: list[dict]) -> str:
    """Where a run stopped: the last cell that papermill touched, counted as in the notebook itself."""
    added = {"injected-parameters", "papermill-error-cell-tag"}  # by papermill
    own = [cell for cell in cells if not added & set(cell["metadata"].get("tags", []))]
    for number, cell in reversed([*enumerate(own, 1)]):
        is_code, run = cell["cell_type"] == "code", cell["metadata"].get("papermill", {})
        if is_code and run.get("status") != "pending":
            first = cell["source"].strip().partition("\n")[0]
            return f"cell {number} ({_last_line(first)})" if first else f"cell {number}"
    return "before the first cell"


def _last_line(text: str, most: int = 300) -> str:
    lines = str(text).strip().splitlines() or [""]
    line = re.sub(r"\x1b\[[0-9;]*m", "", lines[-1].strip())
    return line if len(line) <= most else line[: most - 1] + "…"


if __name__ == "__main__":
    _serve()
