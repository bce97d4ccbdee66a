"""Run cells where they can do no harm: in bubblewrap, with limits, watched from outside.

The child sees a read-only system, this package, its environment and the project's data; an empty home
folder in memory; no network, no other process, no course folder. Where a limit is reached the whole sandbox
is killed, the cell is named, and the run goes on without it.
"""

import json
import os
import selectors
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ..errors import SCONotesError
from ..files import data_folder
from .assignment import CellToRun

MAX_REPORT = 20_000_000  # bytes of values
MAX_HOME = 50_000_000  # bytes of the files that cells write
START_SECONDS = 60  # for the interpreter and its imports on a busy machine
SYSTEM_FOLDERS = ["/usr", "/bin", "/lib", "/lib64", "/etc/fonts", "/etc/ld.so.cache"]


@dataclass(frozen=True)
class Limits:
    """What one submission may use: seconds a cell and in all, bytes of memory and of output, processes."""

    cell_seconds: float = 60
    seconds: float = 300
    memory: int = 2 * 1024**3
    output: int = 5_000_000
    processes: int = 64


@dataclass(frozen=True)
class CellResult:
    """What became of a cell; status: done, error, time-out, memory, too much output or dead kernel."""

    status: str
    message: str = ""
    values: tuple[dict, ...] = ()


def require_sandbox() -> None:
    """Raise where submissions cannot be run in isolation, saying what to do."""
    if not shutil.which("bwrap"):
        raise SCONotesError(
            "bubblewrap is not installed, and without it submitted code would run with your rights. On "
            "Debian and Ubuntu: apt install bubblewrap. On macOS and Windows grade inside a Linux container, "
            "where --no-sandbox may be used"
        )
    probe = subprocess.run([*_bubblewrap(), "true"], capture_output=True, text=True)
    if probe.returncode:
        raise SCONotesError(
            f"bubblewrap cannot make a sandbox here ({probe.stderr.strip()[:200]}); inside a container "
            "give it user namespaces, or use --no-sandbox if the container itself is the isolation"
        )


def run_cells(cells: Sequence[CellToRun], limits: Limits, sandboxed: bool, scratch: Path) -> list[CellResult]:
    """Run cells in their order in one interpreter; return what became of each.

    One that reaches a limit or ends the interpreter is left out, and the others are run again from the
    first, so that a bad cell costs its own points only. `scratch` is a folder that keeps the font cache of
    matplotlib from run to run.
    """
    lost: dict[int, CellResult] = {}
    until = time.monotonic() + limits.seconds
    while True:
        numbers = [i for i in range(len(cells)) if i not in lost]
        results, fatal = _attempt([cells[i] for i in numbers], limits, until, sandboxed, scratch)
        if fatal:
            place, result = fatal
            lost[numbers[min(place, len(numbers) - 1)]] = result
        if not fatal or time.monotonic() >= until or len(lost) == len(cells):
            break
    known = {numbers[i]: result for i, result in results.items() if 0 <= i < len(numbers)} | lost
    out_of_time = CellResult("time-out", f"the whole notebook took over {limits.seconds:.0f} seconds")
    return [known.get(i, out_of_time) for i in range(len(cells))]


def _attempt(cells: list[CellToRun], limits: Limits, until: float, sandboxed: bool, scratch: Path):
    """One run: what is known of each cell, and (place, result) of the one that ended it."""
    reader, writer = os.pipe()
    environment = {
        "PATH": os.defpath,
        "HOME": "/home/student" if sandboxed else str(scratch),
        "MPLCONFIGDIR": str(scratch / "matplotlib"),
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        "OPENBLAS_NUM_THREADS": "1",
    }
    child = subprocess.Popen(
        [
            *(_bubblewrap(scratch) if sandboxed else []),
            *(sys.executable, "-I", "-m", "sco_notes.course.runner", str(writer)),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        pass_fds=[writer],
        env=environment,
        start_new_session=True,
        cwd=None if sandboxed else scratch,
    )
    os.close(writer)
    assert child.stdin and child.stdout
    sources = [{"source": cell.source, "values": cell.values} for cell in cells]
    task = {"cells": sources, "memory": limits.memory, "processes": limits.processes}
    try:
        with suppress(BrokenPipeError):  # it has ended already, which _watch finds out
            child.stdin.write(json.dumps(task).encode())
            child.stdin.close()
        return _watch(child, reader, len(cells), limits, until)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        child.stdout.close()
        os.close(reader)


def _watch(child: subprocess.Popen, reader: int, n_cells: int, limits: Limits, until: float):
    """Follow a run to its end: the cells that came back, and (place, result) of the one that did not."""
    results: dict[int, CellResult] = {}
    place, began, output, report = 0, time.monotonic(), 0, b""
    patience = limits.cell_seconds + START_SECONDS  # the first cell waits for the imports
    with selectors.DefaultSelector() as selector:
        selector.register(reader, selectors.EVENT_READ)
        selector.register(child.stdout, selectors.EVENT_READ)  # type: ignore[arg-type]
        while True:
            for key, _ in selector.select(timeout=0.1):
                data = os.read(key.fd, 65536)
                if key.fd != reader:
                    output += len(data)
                    if not data:
                        selector.unregister(key.fileobj)
                    continue
                if not data:
                    return results, (place, CellResult("dead kernel", "the interpreter ended in this cell"))
                *lines, report = (report + data).split(b"\n")
                for step, number, result in map(_step, lines):
                    if step == "begin":
                        place, began, patience = number, time.monotonic(), limits.cell_seconds
                    elif step == "end":
                        results[number] = result
                    elif len(results) < n_cells:
                        forged = CellResult("error", "the cell wrote into the report of the grader")
                        return results, (place, forged)
                    else:
                        return results, None
            now = time.monotonic()
            trouble = _too_much(child, limits)
            if now - began > patience:
                trouble = "time-out", f"the cell took over {limits.cell_seconds:g} seconds"
            if now > until:
                trouble = "time-out", f"the whole notebook took over {limits.seconds:g} seconds"
            if len(report) > MAX_REPORT:
                trouble = "too much output", "the values are too large"
            if output > limits.output:
                trouble = "too much output", f"over {limits.output // 1_000_000} MB of output"
            if trouble:
                return results, (place, CellResult(*trouble))


def _step(line: bytes) -> tuple[str, int, CellResult]:
    """A line of the channel; code in the sandbox may have written it too, and "done" ends the run."""
    try:
        step = json.loads(line)
        if "begin" in step:
            return "begin", int(step["begin"]), CellResult("done")
        number, error, values = int(step["end"]), step["error"], tuple(step["values"])
        if not error:
            return "end", number, CellResult("done", "", values)
        status = "memory" if error["name"] == "MemoryError" else "error"
        return "end", number, CellResult(status, f"{error['name']}: {error['text']}".rstrip(": "), values)
    except (ValueError, TypeError, KeyError, RecursionError):
        return "done", 0, CellResult("done")


def _too_much(child: subprocess.Popen, limits: Limits) -> tuple[str, str] | None:
    """Whether the processes of the sandbox together use too much; RLIMIT_AS holds for each alone."""
    import psutil

    memory = 0
    processes: list[psutil.Process] = []
    with suppress(psutil.NoSuchProcess):
        processes = psutil.Process(child.pid).children(recursive=True)
    if len(processes) > limits.processes:
        return "error", f"over {limits.processes} processes were started"
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            memory += process.memory_info().rss
    return ("memory", f"over {limits.memory / 1024**3:.1f} GiB of memory") if memory > limits.memory else None


def _bubblewrap(scratch: Path | None = None) -> list[str]:
    """The command that makes the sandbox: what is not bound here does not exist in it."""
    package = Path(__file__).parents[1]
    needed = {Path(sys.prefix), Path(sys.base_prefix), package, data_folder(), *map(Path, SYSTEM_FOLDERS)}
    bound = [path for path in sorted(needed) if path.exists()]
    if scratch:
        bound.append(scratch / "matplotlib")
    in_memory = [arg for folder in ("/home", "/tmp") for arg in ("--size", str(MAX_HOME), "--tmpfs", folder)]
    return [
        "bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL", *in_memory,
        *(arg for path in map(str, bound) for arg in ("--ro-bind", path, path)),
        "--proc", "/proc", "--dev", "/dev", "--dir", "/home/student", "--chdir", "/home/student",
    ]  # fmt: skip
