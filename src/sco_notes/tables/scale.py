"""A run over all partitions: what is done already, what is missing, and what became of it."""

import hashlib
import json
import shutil
import time
from collections.abc import Callable, Collection
from functools import partial
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd

from ..corpus.frames import check_choice
from ..errors import SCONotesError
from ..files import write_whole
from ..sentiment import SCORERS
from .engines import Engine, dask, here, pool
from .partitions import Partition, partitions
from .worker import TABLES, Settings, extract_partition, partition_digest

PARTITION = 64_000_000  # bytes of text
ERRORS = ["doc_id", "source", "error"]
IDS = 20_000_000  # ids compared at a time, by 8 bytes each


def extract_corpus(
    source: str,
    out: Path,
    actors: Path | None = None,
    encoding: str | None = None,
    workers: int = 1,
    scheduler: str | None = None,
    partition_bytes: int = PARTITION,
    scorers: Collection[str] = tuple(SCORERS),
    progress: Callable[[str], object] = print,
) -> pd.DataFrame:
    """Make the tables of a corpus of any size: OUT/TABLE/part-N.parquet, and OUT/errors.csv.

    `source` is a folder (with documents.csv and texts/, or of .txt or of .parquet files), a .txt, CSV or
    Parquet file (with the columns doc_id and text), or a glob of them; addresses such as s3:// work where
    fsspec and its driver are installed. One process by default, a pool with `workers`, a Dask cluster with
    `scheduler` (its address; every worker must see the input and OUT under the same path); each mention is
    scored by the `scorers`, which takes most of the time. Returns doc_id, source, error: the documents that
    could not be read; the others are all in the tables. Raises SCONotesError where the input or the folder
    is not usable, and where partitions failed (what is finished is kept).
    """
    for name in scorers:
        check_choice("scorer", name, SCORERS)
    settings = Settings(
        str(out.resolve()), str(actors.resolve()) if actors else None, encoding, tuple(scorers)
    )
    source = source if "://" in source else str(Path(source).absolute())
    parts = list(partitions(source, out, partition_bytes, encoding))
    wanted = {part.name: partition_digest(part, settings) for part in parts}
    _remove_others(out, wanted)
    (out / "actors.toml").unlink(missing_ok=True)
    if actors:  # who is an actor in these tables
        out.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(actors, out / "actors.toml")
    missing = [part for part in parts if not _is_done(out, part, wanted[part.name])]
    if len(missing) < len(parts):
        progress(f"{len(parts) - len(missing)} of {len(parts)} partitions are done already")
    engine = dask(scheduler, progress) if scheduler else pool(workers) if workers > 1 else here
    failed = _run(engine, missing, settings, wanted, progress)
    if failed:
        name, error = next(iter(failed.items()))
        raise SCONotesError(
            f"{len(failed)} of {len(parts)} partitions failed, {name}: {error}; what is finished is kept: "
            "run the command again"
        )
    return _finish(out, parts)


def _run(
    engine: Engine,
    missing: list[Partition],
    settings: Settings,
    wanted: dict,
    progress: Callable[[str], object],
) -> dict[str, str]:
    """Run the missing partitions and say how it goes; returns what went wrong, by partition."""
    began, documents, size, failed = time.monotonic(), 0, 0, {}
    whole = sum(part.size for part in missing)
    run = partial(extract_partition, settings=settings)
    for done, (part, manifest, error) in enumerate(engine(run, missing), 1):
        if not error and manifest["digest"] != wanted[part.name]:
            error = "its input changed meanwhile, or its worker has another version of sco-notes"
        size += part.size
        if error:
            failed[part.name] = error
            progress(f"[{done}/{len(missing)}] {part.name} FAILED: {error}")
            if manifest.get("full"):
                break  # the others would fail as well
            continue
        documents += manifest["rows"]["documents"]
        seconds = max(time.monotonic() - began, 1e-9)
        left = _duration(seconds / max(size, 1) * (whole - size))
        progress(
            f"[{done}/{len(missing)}] {part.name}: {manifest['rows']['documents']:,} documents; "
            f"{documents / seconds:,.0f} documents and {size / 1e6 / seconds:.2f} MB a second, {left} left"
        )
    return failed


def _finish(out: Path, parts: list[Partition]) -> pd.DataFrame:
    """Write what is known of the whole, once all partitions are there."""
    errors: list[list[str]] = []
    rows = dict.fromkeys(TABLES, 0)
    for part in parts:
        manifest = json.loads((out / "manifest" / f"{part.name}.json").read_bytes())
        errors += manifest["errors"]
        rows = {table: n + manifest["rows"][table] for table, n in rows.items()}
    table = pd.DataFrame(errors, columns=ERRORS)
    if not rows["documents"]:
        raise SCONotesError(f"no document could be read; {errors[0][2] if errors else 'the input is empty'}")
    _refuse_twins(out, rows["documents"])
    write_whole(out / "errors.csv", table.to_csv(index=False, lineterminator="\n"))
    summary = {"partitions": len(parts), "rows": rows, "errors": len(table), "version": version("sco-notes")}
    write_whole(out / "tables.json", json.dumps(summary, indent=1) + "\n")
    return table


def _refuse_twins(out: Path, n: int) -> None:
    """Raise where a doc_id stands twice. Ids are compared by a hash of 8 bytes, a share of them at a time."""
    shares = n // IDS + 1
    files = sorted((out / "documents").glob("part-*.parquet"))
    for share in range(shares):
        hashes = np.concatenate([h[h % shares == share] for h in map(_hashes, files)])
        values, counts = np.unique(hashes, return_counts=True)
        twice = values[counts > 1]
        if len(twice):
            ids = pd.concat([_ids(file)[np.isin(_hashes(file), twice)] for file in files])
            if ids.duplicated().any():
                raise SCONotesError(
                    f"doc_id {ids[ids.duplicated()].iloc[0]!r} stands twice ({ids.duplicated().sum():,} "
                    "such); rename one in the input"
                )


def _ids(file: Path) -> pd.Series:
    return pd.read_parquet(file, columns=["doc_id"])["doc_id"]


def _hashes(file: Path) -> np.ndarray:
    return pd.util.hash_array(_ids(file).to_numpy(object), categorize=False)


def _is_done(out: Path, part: Partition, digest: str) -> bool:
    """Whether a partition was finished from the same input and its files are whole."""
    try:
        manifest = json.loads((out / "manifest" / f"{part.name}.json").read_bytes())
        return manifest["digest"] == digest and all(
            _file_digest(out / name) == digest for name, digest in manifest["files"].items()
        )
    except (OSError, ValueError, KeyError):
        return False


def _file_digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _remove_others(out: Path, wanted: dict) -> None:
    """Remove partitions of an earlier run on another input, what a killed run left, and what it said."""
    (out / "tables.json").unlink(missing_ok=True)
    for folder in (out / name for name in ["manifest", *TABLES]):
        for file in folder.glob(".*.tmp"):
            file.unlink(missing_ok=True)
        for file in folder.glob("part-*"):
            if file.stem not in wanted:
                file.unlink()


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
