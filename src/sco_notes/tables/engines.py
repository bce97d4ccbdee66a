"""Where the partitions are run: here, in a pool of processes, or on a Dask cluster.

An engine takes a function and partitions, and yields each partition with its manifest and what went wrong.
"""

import contextlib
import errno
from collections.abc import Callable, Iterator
from functools import partial

from ..errors import SCONotesError
from .partitions import Partition

ATTEMPTS = 3  # at what a worker or a scheduler dies of
PATIENCE = 60  # seconds that a cluster's scheduler may be away before the run ends
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}

Outcome = tuple[Partition, dict, str]
Engine = Callable[[Callable[[Partition], dict], list[Partition]], Iterator[Outcome]]


def here(run: Callable[[Partition], dict], parts: list[Partition]) -> Iterator[Outcome]:
    for part in parts:
        yield attempt(run, part)


def attempt(run: Callable[[Partition], dict], part: Partition) -> Outcome:
    """A partition with its manifest, or with what went wrong."""
    try:
        return part, run(part), ""
    except SCONotesError as error:
        return part, {}, str(error)
    except (OSError, ValueError, MemoryError) as error:
        full = isinstance(error, OSError) and error.errno in FULL
        return part, {"full": full}, f"{type(error).__name__}: {error}"


def pool(workers: int) -> Engine:
    """Processes by joblib, whose pool notices a worker that was killed; what it had is tried again.

    Where one is killed time after time and nothing gets done, the first partition is run by itself, so that
    it is known which partition it is that no worker survives.
    """

    def engine(run: Callable[[Partition], dict], parts: list[Partition]) -> Iterator[Outcome]:
        left, deaths = list(parts), 0
        while left:
            alone = deaths >= ATTEMPTS
            before = len(left)
            for outcome in _in_processes(run, left[:1] if alone else list(left), 1 if alone else workers):
                left.remove(outcome[0])
                yield outcome
            deaths = 0 if len(left) < before else deaths + 1
            if deaths >= 2 * ATTEMPTS:
                yield left.pop(0), {}, f"its worker died {ATTEMPTS} times (out of memory?)"
                deaths = 0

    return engine


def _in_processes(run: Callable[[Partition], dict], parts: list[Partition], n: int) -> Iterator[Outcome]:
    """What a pool has done, until all is done or one of its workers was killed."""
    from joblib import Parallel, delayed
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    processes = Parallel(n_jobs=max(n, 2), return_as="generator_unordered", pre_dispatch=2 * n)
    with contextlib.suppress(TerminatedWorkerError):
        yield from processes(delayed(attempt)(run, part) for part in parts)


def dask(address: str, progress: Callable[[str], object]) -> Engine:
    """A cluster of the user's. TLS and time-outs are as Dask's own settings say (DASK_DISTRIBUTED__...)."""

    def engine(run: Callable[[Partition], dict], parts: list[Partition]) -> Iterator[Outcome]:
        tries = dict.fromkeys(parts, 0)
        patience = 10
        while tries:
            for outcome in _on_cluster(address, partial(attempt, run), list(tries), patience, progress):
                del tries[outcome[0]]
                yield outcome
            patience = PATIENCE
            tries = {part: n + 1 for part, n in tries.items()}
            if tries and max(tries.values()) >= ATTEMPTS:
                raise SCONotesError(
                    f"{address}: the scheduler went away {ATTEMPTS} times; what is finished is kept: run the "
                    "command again"
                )

    return engine


def _on_cluster(address: str, task, parts: list[Partition], patience: int, progress) -> Iterator[Outcome]:
    """What the cluster has done, until all is done or its scheduler is gone."""
    try:
        from distributed import Client, as_completed
    except ImportError:
        raise SCONotesError("a cluster needs the extra: pip install 'sco-notes[scale]'") from None
    try:
        client = Client(address, timeout=f"{patience}s", set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise SCONotesError(
            f"{address}: no Dask scheduler answers there ({error}); what is finished is kept"
        ) from None
    with client:
        if not client.nthreads():
            progress(f"{address}: no worker yet; waiting for one (dask worker {address})")
        futures = client.map(task, parts, pure=False, batch_size=1000)
        part_of = dict(zip(futures, parts, strict=True))
        del futures
        for future in as_completed(part_of, loop=client.loop):
            if future.status == "cancelled":
                progress(f"{address}: the scheduler is gone; waiting for it to come back")
                return
            part = part_of.pop(future)
            if future.status == "finished":
                yield future.result()
            else:
                yield part, {}, f"its worker died ({type(future.exception()).__name__})"
            future.release()
