"""Work done in a process of its own, with limits of time and memory: one JSON object in, one out.

`run_limited` is the parent's end. The module it starts calls `answer` (or, for a protocol of its own,
`limit_process` and `take_standard_output`).
"""

import ctypes
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from .errors import SCONotesError

PATIENCE = 2  # seconds to clean up after a signal


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
    task |= {"seconds": seconds, "parent": os.getpid()}
    try:
        done = subprocess.run(
            command, input=json.dumps(task).encode(), capture_output=True, timeout=seconds, cwd=folder,
            start_new_session=True,  # Ctrl-C is for the parent, which ends its children
        )  # fmt: skip
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
    if sys.platform == "linux":  # it ends at once where its parent is killed
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
        if os.getppid() != task["parent"]:  # killed before this process asked to hear of it
            os._exit(1)
    if hasattr(signal, "alarm"):  # and at the latest then
        signal.alarm(int(task["seconds"]) + PATIENCE)
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


@contextmanager
def stoppable(say: Callable[[], object]) -> Iterator[None]:
    """Let SIGINT and SIGTERM end this process and its children within seconds, with exit code 130 or 143.

    What is done in the block is interrupted as by Ctrl-C and may clean up for PATIENCE seconds; threads are
    not waited for. `say` is called last.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    ending, heard = threading.Lock(), []

    def end(number: int) -> None:
        import psutil

        if ending.acquire(blocking=False):  # else the other thread is at it
            with suppress(OSError):
                say()
        else:
            time.sleep(PATIENCE)
        children = psutil.Process().children(recursive=True)
        sys.setswitchinterval(60)  # no thread shall take the end of its child for a result
        for child in children:
            with suppress(OSError):
                os.kill(child.pid, signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
        os._exit(128 + number)

    def watch() -> None:
        if number := os.read(reader, 1):
            time.sleep(PATIENCE)
            end(number[0])
        os.close(reader)

    def interrupt(number: int, frame: object) -> None:
        heard.append(number)
        for each in before:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    threading.Thread(target=watch, daemon=True).start()
    signal.set_wakeup_fd(writer)  # the thread hears of a signal also while this one computes
    before = {each: signal.signal(each, interrupt) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        if heard:  # whatever was made of the interruption
            end(heard[0])
        signal.set_wakeup_fd(-1)
        for each, handler in before.items():
            signal.signal(each, handler or signal.SIG_DFL)
        os.close(writer)
