"""A run over all partitions, in this process or on Dask: what is done already, what is missing."""

import errno
import json
import shutil
import time
from collections.abc import Callable, Collection, Iterator
from functools import partial
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from ..corpus.frames import check_choice
from ..errors import SCONotesError
from ..files import file_digest, write_whole
from ..sentiment import SCORERS
from .partitions import Partition, partitions
from .study import Progress
from .worker import TABLES, Settings, extract_partition, partition_digest

PARTITION_BYTES = 64_000_000  # of text
DISK_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
KEPT = "what is finished is kept: run the command again"

Outcome = tuple[Partition, dict, str]  # a partition with its manifest, or what went wrong


def extract_corpus(
    source: str,
    out: Path,
    actors: Path | None = None,
    encoding: str | None = None,
    workers: int = 1,
    scheduler: str | None = None,
    partition_bytes: int = PARTITION_BYTES,
    scorers: Collection[str] = tuple(SCORERS),
    progress: Progress = print,
) -> pd.DataFrame:
    """Make the tables of a corpus of any size: OUT/TABLE/part-N.parquet, and OUT/errors.csv.

    Parameters
    ----------
    source : a folder (with documents.csv and texts/, or of .txt or of .parquet files), a .txt, CSV or Parquet
        file (with the columns doc_id and text), a glob of them, or an address such as s3://bucket/folder
    out : folder for the tables; what an earlier run has finished there is kept
    actors : table of actors instead of data/actors.toml
    encoding : of the files, if not UTF-8
    workers : processes of this machine; more than one need Dask
    scheduler : address of a Dask cluster, whose workers see the input and OUT under the same paths
    partition_bytes : bytes of text in a partition
    scorers : those that score each mention, which takes most of the time
    progress : is told of each partition

    Returns
    -------
    doc_id, source, error: the documents that could not be read; all others are in the tables.

    Raises
    ------
    SCONotesError where the input or the folder is not usable, and where partitions failed.
    """
    for name in scorers:
        check_choice("scorer", name, SCORERS)
    own_actors = str(actors.resolve()) if actors else None
    settings = Settings(str(out.resolve()), own_actors, encoding, tuple(scorers))
    source = source if "://" in source else str(Path(source).resolve())
    parts = partitions(source, out, partition_bytes, encoding)
    wanted = {part.name: partition_digest(part, settings) for part in parts}
    _remove_others(out, wanted)
    if actors:  # who is an actor in these tables
        write_whole(out / "actors.toml", actors.read_bytes())
    missing = [part for part in parts if not _is_done(out, part, wanted[part.name])]
    if len(missing) < len(parts):
        progress(f"{len(parts) - len(missing)} of {len(parts)} partitions are done already")
    run = partial(_attempt, settings=settings)
    on_dask = missing and (scheduler or workers > 1)
    outcomes = _on_dask(run, missing, scheduler, workers, progress) if on_dask else map(run, missing)
    failed = _watch(outcomes, missing, wanted, progress)
    if failed:
        name, error = next(iter(failed.items()))
        raise SCONotesError(f"{len(failed)} of {len(parts)} partitions failed, {name}: {error}; {KEPT}")
    return _finish(out, parts)


def _attempt(part: Partition, settings: Settings) -> Outcome:
    try:
        return part, extract_partition(part, settings), ""
    except SCONotesError as error:
        return part, {}, str(error)
    except (OSError, ValueError, MemoryError) as error:
        full = isinstance(error, OSError) and error.errno in DISK_FULL
        return part, {"full": full}, f"{type(error).__name__}: {error}"


def _on_dask(
    run: Callable, parts: list[Partition], address: str | None, workers: int, progress: Progress
) -> Iterator[Outcome]:
    """Run the partitions on a cluster of the user's, or without an address on workers of this machine.

    Dask starts again what a worker did that was killed, and gives up a partition that no worker survives.
    TLS and time-outs are as Dask's own settings say (DASK_DISTRIBUTED__...).
    """
    try:
        import distributed
    except ImportError:
        raise SCONotesError(
            "several workers, or a cluster, need the extra: pip install 'sco-notes[scale]'"
        ) from None
    cluster = {"n_workers": min(workers, len(parts)), "threads_per_worker": 1, "host": "127.0.0.1"}
    where = {"address": address} if address else cluster | {"dashboard_address": None, "silence_logs": 50}
    try:
        client = distributed.Client(**where, timeout="10s", set_as_default=False)
    except (OSError, ValueError, TypeError, RuntimeError) as error:
        no_answer = f"{address}: no Dask scheduler answers there"
        what = no_answer if address else "the workers could not be started"
        raise SCONotesError(f"{what} ({error}); {KEPT}") from None
    with client:
        if not client.nthreads():
            progress(f"{address}: no worker yet; waiting for one (dask worker {address})")
        part_of = dict(zip(client.map(run, parts, pure=False, batch_size=1000), parts, strict=True))
        for future in distributed.as_completed(list(part_of), loop=client.loop):
            if future.status == "cancelled":
                raise SCONotesError(f"{address}: the scheduler is gone; {KEPT}")
            part = part_of.pop(future)
            if future.status == "finished":
                yield future.result()
            else:
                yield part, {}, f"its worker died several times ({type(future.exception()).__name__})"
            future.release()


def _watch(
    outcomes: Iterator[Outcome], missing: list[Partition], wanted: dict[str, str], progress: Progress
) -> dict[str, str]:
    """Say how it goes; return what went wrong, by partition."""
    began, size, failed = time.monotonic(), 0, {}
    whole = sum(part.size for part in missing)
    for done, (part, manifest, error) in enumerate(outcomes, 1):
        if not error and manifest["digest"] != wanted[part.name]:
            error = "its input changed meanwhile, or its worker has another version of sco-notes"
        size += part.size
        if error:
            failed[part.name] = error
            state = f" FAILED: {error}"
        else:
            left = (time.monotonic() - began) * (whole - size) / max(size, 1) / 60
            state = f": {manifest['rows']['documents']:,} documents; {left:.0f} min left"
        progress(f"[{done}/{len(missing)}] {part.name}{state}")
        if manifest.get("full"):
            break  # the others would fail as well
    return failed


def _remove_others(out: Path, wanted: dict) -> None:
    """Remove partitions of an earlier run on another input, what a killed run left, and what it said."""
    for name in ("tables.json", "actors.toml"):
        (out / name).unlink(missing_ok=True)
    for folder in [*out.glob(".part-*"), *out.glob("input/.cut-*")]:
        shutil.rmtree(folder, ignore_errors=True)
    for file in out.glob("*/part-*"):
        if file.stem not in wanted:
            file.unlink()


def _is_done(out: Path, part: Partition, digest: str) -> bool:
    """Whether a partition was finished from the same input and its files are whole."""
    try:
        manifest = _read_manifest(out, part)
        return manifest["digest"] == digest and all(
            file_digest(out / name) == stated for name, stated in manifest["files"].items()
        )
    except (OSError, ValueError, KeyError):
        return False


def _read_manifest(out: Path, part: Partition) -> dict:
    return json.loads((out / "manifest" / f"{part.name}.json").read_bytes())


def _finish(out: Path, parts: list[Partition]) -> pd.DataFrame:
    """Write what is known of the whole, once all partitions are there."""
    from pyarrow import compute, dataset

    manifests = [_read_manifest(out, part) for part in parts]
    rows = {table: sum(manifest["rows"][table] for manifest in manifests) for table in TABLES}
    errors = [error for manifest in manifests for error in manifest["errors"]]
    table = pd.DataFrame(errors, columns=["doc_id", "source", "error"])
    if not rows["documents"]:
        raise SCONotesError(f"no document could be read; {errors[0][2] if errors else 'the input is empty'}")
    ids = dataset.dataset(out / "documents").to_table(columns=["doc_id"])["doc_id"]
    counts = compute.value_counts(ids)
    repeated = counts.filter(compute.greater(counts.field("counts"), 1)).field("values").to_pylist()
    if repeated:
        raise SCONotesError(
            f"doc_id {repeated[0]!r} is used more than once ({len(repeated):,} such); rename one in the input"
        )
    write_whole(out / "errors.csv", table.to_csv(index=False, lineterminator="\n"))
    summary = {"partitions": len(parts), "rows": rows, "errors": len(table), "version": version("sco-notes")}
    write_whole(out / "tables.json", json.dumps(summary, indent=1) + "\n")
    return table
