"""Notebooks run by papermill in worker processes: `run_jobs` is one end of a pipe, `_work` the other.

papermill changes the directory of its process, so threads will not do. A worker imports papermill once and
takes one job after the other, a line of JSON each. When its standard input ends, for whatever reason, it
takes its kernel with it: so neither Ctrl-C nor a kill leaves anything running.
"""

import json
import os
import queue
import re
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

CELL_LIMIT = 600  # seconds
STARTS = 3  # of a kernel: it ends at once where another program has taken its port meanwhile


@dataclass(frozen=True, eq=False)
class Job:
    """One notebook to run: where it is, with what, and where the executed notebook and the page go.

    `page` is what `pages.render_page` needs besides the notebook; `working_folder` is where the kernel runs.
    """

    notebook: str
    parameters: dict
    executed: str
    html: str
    page: dict
    working_folder: str
    cell_limit: float = CELL_LIMIT


def run_jobs(jobs: list[Job], processes: int, folder: Path) -> Iterator[tuple[Job, str, float]]:
    """Run jobs side by side; yield each when it is done, with its error ("" if none) and its seconds.

    `folder` takes what Jupyter wants to write; nothing is written to the home folder.
    """
    environment = _environment(folder)
    waiting, finished = deque(jobs), queue.SimpleQueue()  # type: ignore[var-annotated]
    running: set[subprocess.Popen] = set()

    def serve() -> None:
        worker = None
        while waiting:
            try:
                job = waiting.popleft()
            except IndexError:  # another thread took the last one
                return
            started = time.perf_counter()
            try:
                if worker is None or worker.poll() is not None:
                    worker = _start_worker(environment, folder)
                    running.add(worker)
                error = _ask(worker, job)
            except OSError as fault:
                error = f"{Path(job.notebook).name}: no process could be started ({fault.strerror})"
            finished.put((job, error, time.perf_counter() - started))

    for _ in range(min(processes, len(jobs))):
        threading.Thread(target=serve, daemon=True).start()
    try:
        for _ in jobs:
            yield finished.get()
    finally:
        waiting.clear()
        for worker in list(running):
            _stop(worker)


def _start_worker(environment: dict, folder: Path) -> subprocess.Popen:
    with (folder / "workers.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "sco_notes.reports.execution"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            env=environment,
            text=True,
            encoding="utf-8",
            start_new_session=True,  # Ctrl-C is for us alone; we tell the workers
        )


def _ask(worker: subprocess.Popen, job: Job) -> str:
    assert worker.stdin and worker.stdout
    try:
        worker.stdin.write(json.dumps(asdict(job)) + "\n")
        worker.stdin.flush()
        return json.loads(worker.stdout.readline())
    except (OSError, ValueError):  # the pipe broke, or ended before the answer
        return f"{Path(job.notebook).name}: the process that ran it ended (exit code {worker.wait()})"


def _stop(worker: subprocess.Popen) -> None:
    assert worker.stdin
    try:
        worker.stdin.close()
        worker.wait(5)
    except (OSError, subprocess.TimeoutExpired):
        worker.kill()
        worker.wait()


def _environment(folder: Path) -> dict:
    """What workers and kernels see: this interpreter as the kernel "python3", and no settings of the user.

    A kernel of that name in the home folder may belong to another Python; a matplotlibrc there would change
    the charts.
    """
    spec = {
        "argv": [
            sys.executable, "-P", "-X", "frozen_modules=off", "-m", "ipykernel_launcher",
            "-f", "{connection_file}", "--InteractiveShellApp.ignore_cwd=True",
        ],
        "display_name": "Python 3",
        "language": "python",
        "env": {
            "PYTHONHASHSEED": "0", "TZ": "UTC", "COLUMNS": "80",
            "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        },
    }  # fmt: skip
    kernel = folder / "jupyter" / "kernels" / "python3" / "kernel.json"
    kernel.parent.mkdir(parents=True)
    kernel.write_text(json.dumps(spec), encoding="utf-8")
    (folder / "matplotlibrc").touch()
    return {
        **os.environ,
        "PYTHONUTF8": "1",
        "JUPYTER_PATH": str(folder / "jupyter"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "IPYTHONDIR": str(folder / "ipython"),
        "MATPLOTLIBRC": str(folder / "matplotlibrc"),
        "SCO_NOTES_TABLES": str(folder.parent / ".tables"),  # made by one notebook, read by the others
    }


def _work() -> None:
    """A worker: jobs from standard input, answers to standard output, until the input ends."""
    # Nothing that papermill or a library prints may get among the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    jobs: queue.SimpleQueue = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(jobs,), daemon=True).start()
    while True:
        job = Job(**jobs.get())
        try:
            error = _render(job)
        except Exception as fault:
            error = f"{Path(job.notebook).name}: {_last_line(f'{type(fault).__name__}: {fault}')}"
        answers.write(json.dumps(error) + "\n")
        answers.flush()


def _listen(jobs: queue.SimpleQueue) -> None:
    for line in sys.stdin:
        jobs.put(json.loads(line))
    import psutil

    for kernel in psutil.Process().children(recursive=True):
        kernel.kill()
    os._exit(0)


def _render(job: Job) -> str:
    """Run a notebook and write it, scrubbed, and its page. Returns what went wrong, naming the cell."""
    from .pages import render_page
    from .scrub import scrub

    notebook, error = _execute(job)
    if error:
        return f"{Path(job.notebook).name}, {error}"
    scrub(notebook, job.page["inputs"], [job.working_folder, str(Path(__file__).parents[3]), sys.prefix])
    text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    Path(job.executed).write_bytes(text.encode("utf-8", "replace"))
    Path(job.html).write_bytes(render_page(notebook, **job.page).encode("utf-8", "replace"))
    return ""


def _execute(job: Job) -> tuple[dict, str]:
    # jsonschema would build a grammar for addresses (0.9 s) that no notebook needs.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.engines import NBClientEngine, papermill_engines

    states = []

    class Engine(NBClientEngine):
        """papermill's own; it keeps the notebook, so that the cell is known at which a kernel died."""

        @classmethod
        def execute_managed_notebook(cls, nb_man, kernel_name, **options):
            states.append(nb_man.nb)
            return super().execute_managed_notebook(nb_man, kernel_name, **options)

    papermill_engines.register("sco-notes", Engine)
    for start in range(1, STARTS + 1):
        states.clear()
        try:
            notebook = papermill.execute_notebook(
                job.notebook,
                None,
                job.parameters,
                engine_name="sco-notes",
                kernel_name="python3",
                cwd=job.working_folder,
                progress_bar=False,
                request_save_on_cell_execute=False,
                execution_timeout=job.cell_limit,
                shutdown_kernel="immediate",
            )
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
            if all(_completed(cell) for cell in notebook["cells"]):
                return notebook, ""
            reason = "the notebook ended itself before its last cell"
        break
    return {}, f"{_place(states[-1]['cells'] if states else [])}: {reason}"


def _completed(cell: dict) -> bool:
    return cell["cell_type"] != "code" or (
        cell["metadata"]["papermill"]["status"] == "completed"
        and not any(output["output_type"] == "error" for output in cell["outputs"])
    )


def _place(cells: list[dict]) -> str:
    """Where a run stopped: the last cell that papermill touched, counted as in the notebook itself."""
    added = {"injected-parameters", "papermill-error-cell-tag"}  # by papermill
    own = [cell for cell in cells if not added & set(cell["metadata"].get("tags", []))]
    touched = [
        (number, cell)
        for number, cell in enumerate(own, 1)
        if cell["cell_type"] == "code" and cell["metadata"].get("papermill", {}).get("status") != "pending"
    ]
    if not touched:
        return "before the first cell"
    number, cell = touched[-1]
    lines = [line for line in cell["source"].splitlines() if line.strip()]
    return f"cell {number} ({_last_line(lines[0])})" if lines else f"cell {number}"


def _last_line(text: str, most: int = 300) -> str:
    lines = [line for line in str(text).splitlines() if line.strip()]
    line = re.sub(r"\x1b\[[0-9;]*m", "", lines[-1].strip()) if lines else ""
    return line if len(line) <= most else line[: most - 1] + "…"


if __name__ == "__main__":
    _work()
