"""Cells run where they can do no harm: bubblewrap, with limits, watched from outside.

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
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ..errors import SCONotesError
from ..files import data_folder

REPORT_LIMIT = 20_000_000  # bytes of values
BROKEN = "the cell wrote into the report of the grader"
STARTING = 60  # seconds for the interpreter and its imports on a busy machine


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


def run_cells(cells: list[dict], limits: Limits, sandboxed: bool, scratch: Path) -> list[CellResult]:
    """Run cells in their order in one interpreter; what became of each.

    A cell is {"source", "values"}. One that reaches a limit or ends the interpreter is left out, and the
    others are run again from the first, so that a bad cell costs its own points only. `scratch` is a folder
    that keeps the font cache of matplotlib from run to run.
    """
    lost: dict[int, CellResult] = {}
    until = time.monotonic() + limits.seconds
    while True:
        numbers = [i for i in range(len(cells)) if i not in lost]
        came_back, fatal = _attempt([cells[i] for i in numbers], limits, until, sandboxed, scratch)
        if fatal:
            place, ran = fatal
            lost[numbers[min(place, len(numbers) - 1)]] = ran
        if not fatal or time.monotonic() >= until or len(lost) == len(cells):
            break
    results = {numbers[i]: ran for i, ran in came_back.items()}
    out_of_time = CellResult("time-out", f"the whole notebook took over {limits.seconds:.0f} seconds")
    return [lost.get(i) or results.get(i) or out_of_time for i in range(len(cells))]


def _attempt(cells, limits: Limits, until: float, sandboxed: bool, scratch: Path):
    """One run: what is known of each cell, and of the one that ended it (its place, what it did)."""
    reader, writer = os.pipe()
    environment = {
        "PATH": os.defpath,
        "HOME": "/home/student" if sandboxed else str(scratch),
        "MPLCONFIGDIR": str(scratch / "matplotlib"),
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        "OPENBLAS_NUM_THREADS": "1",
    }
    command = [sys.executable, "-I", "-m", "sco_notes.course.runner", str(writer)]
    child = subprocess.Popen(
        [*_bubblewrap(scratch), *command] if sandboxed else command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        pass_fds=[writer],
        env=environment,
        start_new_session=True,
        cwd=None if sandboxed else scratch,
    )
    os.close(writer)
    try:
        task = {"cells": cells, "memory": limits.memory, "processes": limits.processes}
        _give(child, json.dumps(task).encode())
        return _watch(child, reader, len(cells), limits, until)
    finally:
        _kill(child)
        os.close(reader)


def _give(child: subprocess.Popen, data: bytes) -> None:
    with suppress(BrokenPipeError):  # it has ended already, which _watch finds out
        child.stdin.write(data)  # type: ignore[union-attr]
        child.stdin.close()  # type: ignore[union-attr]


def _watch(child: subprocess.Popen, reader: int, n_cells: int, limits: Limits, until: float):
    """Follow a run to its end: the cells that came back, and (place, Ran) of the one that did not."""
    results: dict[int, CellResult] = {}
    place, began, output, report = 0, time.monotonic(), 0, b""
    patience = limits.cell_seconds + STARTING  # the first cell waits for the imports
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
                elif data:
                    *lines, report = (report + data).split(b"\n")
                    for step in map(_step, lines):
                        if "done" in step:
                            forged = len(results) < n_cells
                            return results, (place, CellResult("error", BROKEN)) if forged else None
                        if "end" in step:
                            results[step["end"]] = _cell_result(step)
                        else:
                            place, began, patience = step["begin"], time.monotonic(), limits.cell_seconds
                else:
                    return results, (place, CellResult("dead kernel", "the interpreter ended in this cell"))
            now = time.monotonic()
            trouble = (
                ("too much output", f"over {limits.output // 1_000_000} MB of output")
                if output > limits.output
                else ("too much output", "the values are too large")
                if len(report) > REPORT_LIMIT
                else ("time-out", f"the cell took over {limits.cell_seconds:g} seconds")
                if now - began > patience
                else ("time-out", f"the whole notebook took over {limits.seconds:g} seconds")
                if now > until
                else _too_big(child, limits)
            )
            if trouble:
                return results, (place, CellResult(*trouble))


def _step(line: bytes) -> dict:
    """A line of the channel, which code in the sandbox may have written too."""
    try:
        step = json.loads(line)
        if step.keys() <= {"done", "begin", "end", "error", "values"} and all(
            isinstance(step.get(key, 0), int) for key in ("begin", "end")
        ):
            return step
    except (ValueError, AttributeError):
        pass
    return {"done": True}


def _cell_result(step: dict) -> CellResult:
    values, error = tuple(step.get("values") or ()), step.get("error")
    if not error:
        return CellResult("done", "", values)
    status = "memory" if error["name"] == "MemoryError" else "error"
    return CellResult(status, f"{error['name']}: {error['text']}".rstrip(": "), values)


def _too_big(child: subprocess.Popen, limits: Limits) -> tuple[str, str] | None:
    """Whether the processes of the sandbox together use too much; RLIMIT_AS holds for each alone."""
    import psutil

    try:
        processes = psutil.Process(child.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return None
    if len(processes) > limits.processes:
        return "error", f"over {limits.processes} processes were started"
    memory = 0
    for process in processes:
        try:
            memory += process.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return ("memory", f"over {limits.memory / 1024**3:.1f} GiB of memory") if memory > limits.memory else None


def _bubblewrap(scratch: Path | None = None) -> list[str]:
    """The command that makes the sandbox: what is not bound here does not exist in it."""
    package = Path(__file__).parents[1]
    seen = {
        Path(sys.prefix),
        Path(sys.base_prefix),
        package,
        data_folder(),
        *(Path(name) for name in ("/usr", "/bin", "/lib", "/lib64", "/etc/fonts", "/etc/ld.so.cache")),
    }
    bound = [str(path) for path in sorted(seen) if path.exists()]
    command = ["bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL"]
    for folder in ("/home", "/tmp"):
        command += ["--size", str(50_000_000), "--tmpfs", folder]
    for path in bound:
        command += ["--ro-bind", path, path]
    if scratch:
        command += ["--ro-bind", str(scratch / "matplotlib"), str(scratch / "matplotlib")]
    return [
        *command,
        "--proc",
        "/proc",
        "--dev",
        "/dev",
        "--dir",
        "/home/student",
        "--chdir",
        "/home/student",
    ]


def _kill(child: subprocess.Popen) -> None:
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()  # type: ignore[union-attr]
