"""Work done in a process of its own, with limits of time and memory: one JSON object in, one out.

`run_limited` is the parent's end. The module it starts calls `answer` (or, for a protocol of its own,
`limit_process` and `take_standard_output`).
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from .errors import SCONotesError


def run_limited(module: str, task: dict, seconds: float, folder: Path | None = None) -> dict:
    """Run `python -m MODULE` on a task and return its answer.

    Parameters
    ----------
    module : its full name; its main function is `answer(...)`
    task : what it reads from standard input, as JSON; "memory" is the most it may use, in bytes
    seconds : after which it is killed
    folder : its working folder

    Raises
    ------
    TimeoutError : it took longer
    ChildProcessError : it ended without an answer; the message is its exit code
    SCONotesError : what it raised
    """
    command = [sys.executable, "-I", "-m", module]
    try:
        done = subprocess.run(
            command, input=json.dumps(task).encode(), capture_output=True, timeout=seconds, cwd=folder
        )
    except subprocess.TimeoutExpired:
        raise TimeoutError(f"not done after {seconds:g} seconds") from None
    try:
        said = json.loads(done.stdout)
    except ValueError:
        raise ChildProcessError(str(done.returncode)) from None
    if "error" in said:
        raise SCONotesError(said["error"])
    return said


def answer(work: Callable[[dict], dict]) -> None:
    """Do the task on standard input within its "memory", write what `work` returns or raises, and end."""
    answers = take_standard_output()
    task = json.load(sys.stdin)
    limit_process(AS=task["memory"], CORE=0)
    try:
        said = work(task)
    except SCONotesError as error:
        said = {"error": str(error)}
    json.dump(said, answers)
    answers.flush()
    os._exit(0)  # taking apart a deep tree of objects may fail or take long


def take_standard_output() -> TextIO:
    """Return standard output as a stream for answers; what is printed goes to standard error from now on."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return answers


def limit_process(**limits: int) -> None:
    """Limit this process and its children: AS (bytes of memory), NPROC, FSIZE, NOFILE, CORE as in setrlimit.

    The limits cannot be raised again. Windows has none: limits of time and of file sizes still hold there.
    """
    try:
        import resource
    except ImportError:
        return
    for name, most in limits.items():
        kind = getattr(resource, f"RLIMIT_{name}")
        hard = resource.getrlimit(kind)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (most, most))
