"""Cells run where they can do no harm: in bubblewrap, with limits, watched from outside."""

import builtins
import json
import os
import platform
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import tomllib
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import psutil

from ..errors import SCONotesError, shown
from ..files import data_folder

MOST_REPORT = 20_000_000  # bytes of the values of a cell
MOST_START = 60  # seconds for the interpreter and its imports on a busy machine
HOME = "/home/student"
HOME_SIZE = 50_000_000  # bytes, as of /tmp and /dev/shm: all that can be written to


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


# By the machine for which they are numbered, which comes first.
FORBIDDEN = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
BROKEN = CellResult("error", "the cell wrote into the report of the grader")


@dataclass(frozen=True)
class Sandbox:
    """Where cells run; those that are not isolated run in the folder."""

    folder: Path
    limits: Limits = Limits()
    isolated: bool = True
    stop: Event = field(default_factory=Event, compare=False)

    def prepare(self) -> None:
        """Make the folder; raise where submissions cannot be run in isolation, saying what to do."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if not self.isolated:
            return
        if not shutil.which("bwrap"):
            remedy = "elsewhere grade in a Linux container, where --no-sandbox may be used"
            raise SCONotesError(f"bubblewrap is not installed: apt install bubblewrap on Debian; {remedy}")
        with _filled(call_filter()) as rules:
            command = [*self._bubblewrap(rules.fileno()), "true"]
            probe = subprocess.run(command, pass_fds=[rules.fileno()], capture_output=True, text=True)
        if probe.returncode:
            remedy = "give the container user namespaces, or use --no-sandbox if it is the isolation itself"
            raise SCONotesError(f"bubblewrap makes no sandbox here ({probe.stderr.strip()[:200]}); {remedy}")

    def run(self, cells: list[dict]) -> list[CellResult]:
        """Run cells {"source", "values"} in their order in one interpreter; return what became of each.

        One that reaches a limit is left out, and the others are run again: it costs its own points only.
        """
        numbers = list(range(len(cells)))
        known: dict[int, CellResult] = {}
        until = time.monotonic() + self.limits.seconds
        while True:
            results = self._attempt([cells[i] for i in numbers], until)
            known.update(zip(numbers, results, strict=False))
            if len(results) >= len(numbers) or time.monotonic() >= until:
                late = CellResult("time-out", f"the whole notebook took over {self.limits.seconds:g} seconds")
                return [known.get(i, late) for i in range(len(cells))]
            del numbers[len(results) - 1]

    def _attempt(self, cells: list[dict], until: float) -> list[CellResult]:
        """One run: what became of the cells, up to the one that ended it."""
        task = {"cells": cells, "memory": self.limits.memory, "processes": self.limits.processes}
        reader, writer = os.pipe()
        command = [sys.executable, "-I", "-m", "sco_notes.course.runner", str(writer)]
        environment = {
            "PATH": os.defpath, "HOME": HOME if self.isolated else str(self.folder), "MPLBACKEND": "agg",
            "LANG": "C.UTF-8", "PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1",
        }  # fmt: skip
        with _filled(json.dumps(task).encode()) as task_file, _filled(call_filter()) as rules:
            child = subprocess.Popen(
                [*self._bubblewrap(rules.fileno()), *command] if self.isolated else command,
                stdin=task_file, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment,
                pass_fds=[writer, rules.fileno()], start_new_session=True, cwd=self.folder,
            )  # fmt: skip
        os.close(writer)
        with child, os.fdopen(reader):
            try:
                return self._watch(child, reader, cells, until)
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGKILL)

    def _watch(self, child, reader: int, cells: list[dict], until: float) -> list[CellResult]:
        results: list[CellResult] = []
        output, report, ready = 0, b"", False
        deadline = time.monotonic() + MOST_START
        streams = [reader, child.stdout.fileno()]
        while len(results) < len(cells):
            if self.stop.is_set():
                raise KeyboardInterrupt
            for stream in select.select(streams, [], [], 0.1)[0]:
                data = os.read(stream, 65536)
                if stream != reader:
                    output += len(data)
                    if not data:
                        streams.remove(stream)
                    continue
                if not data:
                    return [*results, CellResult("dead kernel", "the interpreter ended in this cell")]
                *lines, report = (report + data).split(b"\n")
                for line in lines if ready else lines[1:]:
                    results.append(cell_result(line, cells))
                    if results[-1] == BROKEN:
                        return results
                if lines:
                    ready, deadline = True, time.monotonic() + self.limits.cell_seconds
            trouble = self._limit_reached(child, output, len(report), deadline, until)
            if trouble and len(results) < len(cells):
                return [*results, trouble]
        return results[: len(cells)]

    def _limit_reached(self, child, output: int, report: int, deadline: float, until: float):
        limits, now = self.limits, time.monotonic()
        used = []  # by each process; RLIMIT_AS holds for each alone
        with suppress(psutil.NoSuchProcess):
            for process in psutil.Process(child.pid).children(recursive=True):
                used.append(0)
                with suppress(psutil.NoSuchProcess):
                    used[-1] = process.memory_info().rss
        reached = [
            (output > limits.output, "too much output", f"over {limits.output // 1_000_000} MB of output"),
            (report > MOST_REPORT, "too much output", "the values are too large"),
            (now > deadline, "time-out", f"the cell took over {limits.cell_seconds:g} seconds"),
            (now > until, "time-out", f"the whole notebook took over {limits.seconds:g} seconds"),
            (len(used) > limits.processes, "error", f"over {limits.processes} processes were started"),
            (sum(used) > limits.memory, "memory", f"over {limits.memory / 1024**3:.1f} GiB of memory"),
        ]
        return next((CellResult(status, said) for is_reached, status, said in reached if is_reached), None)

    def _bubblewrap(self, rules: int) -> list[str]:
        """The command that makes the sandbox: what is not bound here does not exist in it."""
        system = ["/usr", "/bin", "/lib", "/lib64", "/etc/fonts", "/etc/ld.so.cache"]
        python = [sys.prefix, sys.base_prefix, Path(__file__).parents[1], data_folder()]
        command = ["bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL"]
        for folder in ("/home", "/tmp"):
            command += ["--size", str(HOME_SIZE), "--tmpfs", folder]
        for folder in sorted({*map(str, [*system, *python])}):
            command += ["--ro-bind-try", folder, folder]
        command += ["--proc", "/proc", "--dev", "/dev", "--size", str(HOME_SIZE), "--tmpfs", "/dev/shm"]
        command += ["--seccomp", str(rules)]
        # Everything else is read-only, the root too: what is written there counts to no limit.
        return [*command, "--dir", HOME, "--remount-ro", "/", "--remount-ro", "/dev", "--chdir", HOME]


def _filled(content: bytes):
    file = tempfile.TemporaryFile()  # noqa: SIM115  # whoever asks for it closes it
    file.write(content)
    file.seek(0)
    return file


def call_filter() -> bytes:
    """Return the program of seccomp's machine that answers FORBIDDEN with "not permitted"."""
    machine, *calls = FORBIDDEN.get(platform.machine(), {"machine": 0}).values()
    n, step = len(calls), struct.Struct("=HBBI").pack
    known = [step(0x20, 0, 0, 4), step(0x15, 0, n + 3, machine)] if machine else []  # else: refused
    number = [step(0x20, 0, 0, 0), step(0x35, n + 1, 0, 0x40000000)]  # x32 numbers its calls anew, from there
    refused = [step(0x15, n - i, 0, call) for i, call in enumerate(calls)]
    return b"".join([*known, *number, *refused, step(6, 0, 0, 0x7FFF0000), step(6, 0, 0, 0x00050001)])


def cell_result(line: bytes, cells: list[dict]) -> CellResult:
    """Return what a line of the channel says, which code in the sandbox may have written too."""
    try:
        report = json.loads(line)
        error, values = _said(report["error"], cells), tuple(report["values"])
        for value in values:
            if value["type"] == "fault":
                value["value"] = _said(value["value"], cells)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return BROKEN
    status = "memory" if error.startswith("MemoryError") else "error" if error else "done"
    return CellResult(status, error, values)


def _said(error: list, cells: list[dict]) -> str:
    """What an error is called, and the student's own line that it comes from; "" where there is none."""
    if not error:
        return ""
    kind, number, line = error
    if not isinstance(getattr(builtins, kind, None), type) or not isinstance(number, int):
        raise ValueError
    lines = cells[number]["source"].splitlines() if 0 <= number < len(cells) else []
    own = shown(lines[line - 1].strip()) if 0 < line <= len(lines) else ""
    return f"{kind} in your line “{own}”" if own else kind
