"""What goes wrong on the way, and what it costs: python benchmarks/scale_faults.py [local_killed ...]

The UN speeches in partitions of 200 kB. With two local workers, and on a cluster of two, a worker is killed
(SIGKILL) ten times at fixed moments; the scheduler is killed and started again; the command is interrupted
(ctrl-C) and run again; the disk is full and then is not. Each time the rows are compared with those of an
undisturbed run in one process.
"""

import contextlib
import resource
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd
import psutil
from scale import ADDRESS, BIN, write_texts

from sco_notes.tables import DERIVED

DELAYS = [3.0, 1.1, 2.3, 0.4, 1.7, 2.9, 0.8, 1.3, 2.1, 0.6]  # seconds after a partition was finished
OPTIONS = ["--scorer", "none", "--megabytes", "0.2"]


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "in.parquet"
        write_texts(source, 4)
        calm = start(source, folder / "calm")
        said = calm.communicate()[0]
        print(f"undisturbed: exit {calm.returncode}, {said.count('documents;')} partitions", flush=True)
        faults = (local_killed, worker_killed, scheduler_killed, interrupted, disk_full)
        for fault in [each for each in faults if each.__name__ in sys.argv[1:] or not sys.argv[1:]]:
            began = time.monotonic()
            found = fault(source, folder / fault.__name__)
            same = rows(folder / fault.__name__) == rows(folder / "calm")
            print(
                f"{fault.__name__}: {found}; rows equal: {same}; {time.monotonic() - began:.0f} s", flush=True
            )


def start(source: Path, out: Path, *options: str, limit: int | None = None) -> subprocess.Popen:
    def limited() -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)  # as at a terminal, not in the background
        if limit:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    command = [str(BIN / "sco-notes"), "extract", str(source), str(out), *OPTIONS, *options]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, preexec_fn=limited
    )


def rows(out: Path) -> dict[str, int]:
    """A hash of each table that does not depend on the order of its rows."""
    return {
        table: int(pd.util.hash_pandas_object(pd.read_parquet(out / table), index=False).sum())
        for table in ["documents", *DERIVED]
    }


def local_killed(source: Path, out: Path) -> str:
    run = start(source, out, "--workers", "2")

    def kill() -> None:
        for child in psutil.Process(run.pid).children():
            with contextlib.suppress(psutil.Error):
                if "spawn_main" in " ".join(child.cmdline()):
                    return child.kill()

    killed = kill_now_and_then(run, out, kill)
    return f"{killed} workers killed, exit {run.wait()}"


def worker_killed(source: Path, out: Path) -> str:
    scheduler, workers = start_scheduler(), [start_worker(), start_worker()]
    run = start(source, out, "--scheduler", ADDRESS)

    def kill() -> None:
        workers.pop(0).kill()
        workers.append(start_worker())

    killed = kill_now_and_then(run, out, kill)
    again = finish(run, source, out)[1]
    for process in [scheduler, *workers]:
        process.kill()
    return f"{killed} workers killed, {again} further runs"


def kill_now_and_then(run: subprocess.Popen, out: Path, kill) -> int:
    """Each time when a partition has been finished since the last time, and so many seconds later."""
    done, killed = 0, 0
    for delay in DELAYS:
        while run.poll() is None and finished(out) <= done:
            time.sleep(0.05)
        done = finished(out)
        time.sleep(delay)
        if run.poll() is None:
            kill()
            killed += 1
    return killed


def finished(out: Path) -> int:
    return len(list((out / "manifest").glob("part-*")))


def scheduler_killed(source: Path, out: Path) -> str:
    processes = [start_scheduler(), start_worker()]
    run = start(source, out, "--scheduler", ADDRESS)
    run.stdout.readline()
    for process in processes:
        process.kill()
    processes = [start_scheduler(), start_worker()]
    said, again = finish(run, source, out)
    for process in processes:
        process.kill()
    return f"scheduler and worker killed once, {again} further runs, {said.count('is gone')} said"


def interrupted(source: Path, out: Path) -> str:
    run = start(source, out)
    for _ in range(5):
        run.stdout.readline()
    run.send_signal(signal.SIGINT)
    said = run.communicate()[0]
    kept = finished(out)
    again = start(source, out)
    resumed = again.communicate()[0].splitlines()[0]
    last = said.splitlines()[-1]
    return f"exit {run.returncode}, {last!r}, {kept} kept; again: exit {again.returncode}, {resumed!r}"


def disk_full(source: Path, out: Path) -> str:
    """No file above 40 kB may be written: the terms of a partition are more."""
    run = start(source, out, limit=40_000)
    said = run.communicate()[0]
    left = len([f for f in out.rglob("*.tmp")])
    again = start(source, out)
    again.communicate()
    return (
        f"exit {run.returncode}, {said.splitlines()[-1]!r}, {left} files left; again: exit {again.returncode}"
    )


def finish(run: subprocess.Popen, source: Path, out: Path) -> tuple[str, int]:
    """What a run has said, and how often it had to be started again."""
    said, again = run.communicate()[0], 0
    while run.returncode and again < 3:
        run = start(source, out, "--scheduler", ADDRESS)
        said, again = said + run.communicate()[0], again + 1
    return said, again


def start_scheduler() -> subprocess.Popen:
    return quiet("scheduler", "--host", "127.0.0.1", "--port", ADDRESS.rsplit(":")[-1], "--no-dashboard")


def start_worker() -> subprocess.Popen:
    return quiet("worker", ADDRESS, "--nthreads", "1", "--no-nanny", "--no-dashboard")


def quiet(*command: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "dask", *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


if __name__ == "__main__":
    main()
