"""Where the partitions are run: in this process, or on Dask (workers of this machine, or a cluster).

An engine takes a function and partitions, and yields each partition with its manifest and what went wrong.
"""

import errno
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial

from ..errors import SCONotesError
from .partitions import Partition

MOST_ATTEMPTS = 3  # to hand the partitions to a scheduler that goes away
FIRST_WAIT, NEXT_WAIT = 10, 60  # seconds for a scheduler to answer: at first, and when it has gone away
DISK_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}

Outcome = tuple[Partition, dict, str]
Engine = Callable[[Callable[[Partition], dict], list[Partition]], Iterator[Outcome]]


def here(run: Callable[[Partition], dict], parts: list[Partition]) -> Iterator[Outcome]:
    """Run the partitions one after the other in this process."""
    return (attempt(run, part) for part in parts)


def attempt(run: Callable[[Partition], dict], part: Partition) -> Outcome:
    """Return a partition with its manifest, or with what went wrong."""
    try:
        return part, run(part), ""
    except SCONotesError as error:
        return part, {}, str(error)
    except (OSError, ValueError, MemoryError) as error:
        full = isinstance(error, OSError) and error.errno in DISK_FULL
        return part, {"full": full}, f"{type(error).__name__}: {error}"


def dask(address: str | None, workers: int, progress: Callable[[str], object]) -> Engine:
    """Return the engine for a cluster of the user's, or without an address for workers of this machine.

    Dask starts again what a worker did that was killed, and gives up a partition that no worker survives.
    TLS and time-outs are as Dask's own settings say (DASK_DISTRIBUTED__...).
    """

    def engine(run: Callable[[Partition], dict], parts: list[Partition]) -> Iterator[Outcome]:
        if not parts:
            return
        task, left, wait = partial(attempt, run), set(parts), FIRST_WAIT
        with ExitStack() as stack:
            scheduler = address or stack.enter_context(_local_cluster(min(workers, len(parts))))
            for _ in range(MOST_ATTEMPTS):
                for outcome in _on_cluster(scheduler, task, sorted(left, key=_number), wait, progress):
                    left.discard(outcome[0])
                    yield outcome
                if not left:
                    return
                wait = NEXT_WAIT
        raise SCONotesError(
            f"{address}: the scheduler went away {MOST_ATTEMPTS} times; what is finished is kept: run the "
            "command again"
        )

    return engine


def _number(part: Partition) -> int:
    return part.number


def _local_cluster(workers: int):
    """Worker processes of this machine; nothing listens beyond loopback."""
    distributed = _distributed()
    quiet = {"dashboard_address": None, "silence_logs": "CRITICAL"}
    return distributed.LocalCluster(workers, threads_per_worker=1, host="127.0.0.1", **quiet)


def _distributed():
    try:
        import distributed
    except ImportError:
        raise SCONotesError(
            "several workers, or a cluster, need the extra: pip install 'sco-notes[scale]'"
        ) from None
    return distributed


def _on_cluster(scheduler, task, parts: list[Partition], wait: int, progress) -> Iterator[Outcome]:
    """What the cluster has done, until all is done or its scheduler is gone."""
    distributed = _distributed()
    try:
        client = distributed.Client(scheduler, timeout=f"{wait}s", set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise SCONotesError(
            f"{scheduler}: no Dask scheduler answers there ({error}); what is finished is kept"
        ) from None
    with client:
        if not client.nthreads():
            progress(f"{scheduler}: no worker yet; waiting for one (dask worker {scheduler})")
        futures = client.map(task, parts, pure=False, batch_size=1000)
        part_of = dict(zip(futures, parts, strict=True))
        del futures
        for future in distributed.as_completed(part_of, loop=client.loop):
            if future.status == "cancelled":
                progress(f"{scheduler}: the scheduler is gone; waiting for it to come back")
                return
            part = part_of.pop(future)
            if future.status == "finished":
                yield future.result()
            else:
                yield part, {}, f"its worker died several times ({type(future.exception()).__name__})"
            future.release()
