"""Any number of documents to the tidy tables on disk, partition by partition.

A partition is a list of text files, or some row groups of a Parquet file, of about 64 MB of text. The same
function makes its tables in this process, in a pool, or on a Dask cluster; it takes the documents in batches,
so that memory is bounded by a batch, and writes each table under another name before it moves it into place.
What a run has finished stays: the next one goes on with what is missing. Merging is concatenation only.
"""

import hashlib
import json
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from glob import glob  # Path.glob takes no absolute pattern
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from .corpus import check_documents, read_text
from .errors import SCONotesError
from .files import write_whole
from .frames import check_choice
from .sentiment import SCORERS
from .tables import DERIVED, extract

PARTITION = 64_000_000  # bytes of text
BATCH = 4_000_000  # characters of text taken at a time
ATTEMPTS = 3  # at a partition whose worker dies
ERRORS = ["doc_id", "source", "error"]


@dataclass(frozen=True)
class Partition:
    """A share of the input: some text files, or some row groups of a Parquet file."""

    number: int
    files: tuple[str, ...]
    groups: tuple[int, ...] = ()  # of the one Parquet file
    root: str = ""  # the folder that doc_ids are counted from

    @property
    def name(self) -> str:
        return f"part-{self.number:05d}"


@dataclass(frozen=True)
class Settings:
    """What the tables depend on besides the texts."""

    out: str
    actors: str | None = None
    encoding: str | None = None
    scorers: tuple[str, ...] = tuple(SCORERS)


def extract_corpus(
    source: str,
    out: Path,
    actors: Path | None = None,
    encoding: str | None = None,
    workers: int = 1,
    scheduler: str | None = None,
    partition_bytes: int = PARTITION,
    scorers: Collection[str] = tuple(SCORERS),
    say: Callable[[str], object] = print,
) -> pd.DataFrame:
    """Make the tables of a corpus of any size: OUT/TABLE/part-N.parquet, and OUT/errors.csv.

    `source` is a folder of .txt files, a Parquet file or a glob of them (with the columns doc_id and text),
    or a CSV; addresses such as s3:// work where fsspec and its driver are installed. One process by default,
    a pool with `workers`, a Dask cluster with `scheduler` (its address); each mention is scored by the
    `scorers`, which takes most of the time. Returns doc_id, source, error: the
    documents that could not be read; the others are all in the tables. Raises SCONotesError where the input
    or the folder is not usable, and where partitions failed (what is finished is kept).
    """
    for name in scorers:
        check_choice("scorer", name, SCORERS)
    settings = Settings(
        str(out.resolve()), str(actors.resolve()) if actors else None, encoding, tuple(scorers)
    )
    parts = list(partitions(source, out, partition_bytes, encoding))
    wanted = {part.name: _digest(part, settings) for part in parts}
    _remove_others(out, wanted)
    missing = [part for part in parts if not _is_done(out, part, wanted[part.name])]
    if len(missing) < len(parts):
        say(f"{len(parts) - len(missing)} of {len(parts)} partitions are done already")
    run = partial(extract_partition, settings=settings)
    engine = _dask(scheduler) if scheduler else _pool(workers) if workers > 1 else _here
    began, documents, failed = time.monotonic(), 0, {}
    for done, (part, summary, error) in enumerate(engine(run, missing), 1):
        if error:
            failed[part.name] = error
            say(f"[{done}/{len(missing)}] {part.name} FAILED: {error}")
            continue
        documents += summary["rows"]["documents"]
        seconds = time.monotonic() - began
        left = seconds / done * (len(missing) - done)
        say(
            f"[{done}/{len(missing)}] {part.name}: {summary['rows']['documents']:,} documents, "
            f"{documents / max(seconds, 1e-9):,.0f} a second, {_duration(left)} left"
        )
    if failed:
        name, error = next(iter(failed.items()))
        raise SCONotesError(
            f"{len(failed)} of {len(parts)} partitions failed, {name}: {error}; what is finished is kept: "
            "run the command again"
        )
    manifests = [json.loads((out / "manifest" / f"{part.name}.json").read_bytes()) for part in parts]
    errors = pd.DataFrame([row for one in manifests for row in one["errors"]], columns=ERRORS)
    _refuse_twins(out)
    write_whole(out / "errors.csv", errors.to_csv(index=False, lineterminator="\n"))
    rows = {table: sum(one["rows"][table] for one in manifests) for table in ["documents", *DERIVED]}
    summary = {"partitions": len(parts), "rows": rows, "errors": len(errors), "version": version("sco-notes")}
    write_whole(out / "tables.json", json.dumps(summary, indent=1) + "\n")
    return errors


def _refuse_twins(out: Path) -> None:
    ids = pd.read_parquet(out / "documents", columns=["doc_id"])["doc_id"]
    twice = ids[ids.duplicated()]
    if len(twice):
        raise SCONotesError(
            f"doc_id {twice.iloc[0]!r} stands twice ({len(twice)} such); rename one in the input"
        )


def partitions(source: str, out: Path, size: int, encoding: str | None = None) -> Iterator[Partition]:
    """The partitions of the input, in an order that depends on names alone."""
    for number, (files, groups, root) in enumerate(_shares(source, out, size, encoding)):
        yield Partition(number, tuple(files), tuple(groups), root)


def extract_partition(part: Partition, settings: Settings) -> dict:
    """Make and write the tables of one partition; returns its manifest (rows, files with sha256, errors)."""
    import pyarrow as pa
    from pyarrow import parquet

    from .actors import read_actors

    out = Path(settings.out)
    actors = read_actors(settings.actors) if settings.actors else None
    writers: dict[str, parquet.ParquetWriter] = {}
    errors: list[tuple[str, str, str]] = []
    rows = dict.fromkeys(["documents", *DERIVED], 0)
    temporary = {table: out / table / f".{part.name}.parquet.tmp" for table in rows}
    try:
        for documents in _batches(_read(part, settings, errors), BATCH, errors):
            tables = extract(documents, out.name, actors=actors, scorers=settings.scorers)
            for table in rows:
                frame = getattr(tables, table)
                if table == "documents":
                    frame = frame.drop(columns="text")
                frame = frame.astype({name: "str" for name in frame if frame[name].dtype == "category"})
                rows[table] += len(frame)
                arrow = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
                if table not in writers:
                    temporary[table].parent.mkdir(parents=True, exist_ok=True)
                    writers[table] = parquet.ParquetWriter(temporary[table], arrow.schema, compression="zstd")
                writers[table].write_table(arrow.cast(writers[table].schema))
        for writer in writers.values():
            writer.close()
        files = {}
        for table in writers:
            file = out / table / f"{part.name}.parquet"
            files[f"{table}/{file.name}"] = hashlib.sha256(temporary[table].read_bytes()).hexdigest()
            temporary[table].replace(file)
    finally:
        for writer in writers.values():
            writer.close()
        for file in temporary.values():
            file.unlink(missing_ok=True)
    manifest = {"digest": _digest(part, settings), "rows": rows, "files": files, "errors": errors}
    write_whole(out / "manifest" / f"{part.name}.json", json.dumps(manifest))
    return manifest


# Where the partitions are run


def _here(run, parts):
    for part in parts:
        yield _attempt(run, part)


def _attempt(run, part) -> tuple[Partition, dict, str]:
    """A partition with its manifest, or with what went wrong."""
    try:
        return part, run(part), ""
    except SCONotesError as error:
        return part, {}, str(error)
    except (OSError, ValueError, MemoryError) as error:
        return part, {}, f"{type(error).__name__}: {error}"


def _pool(workers: int):
    """Processes by joblib, whose pool notices a worker that was killed; what it had is tried again."""

    def engine(run, parts):
        from joblib import Parallel, delayed
        from joblib.externals.loky.process_executor import TerminatedWorkerError

        tries = dict.fromkeys(parts, 0)
        while tries:
            pool = Parallel(n_jobs=workers, return_as="generator_unordered", pre_dispatch=2 * workers)
            try:
                for part, summary, error in pool(delayed(_attempt)(run, part) for part in list(tries)):
                    del tries[part]
                    yield part, summary, error
            except TerminatedWorkerError:
                tries = {part: n + 1 for part, n in tries.items()}
            for part in [part for part, n in tries.items() if n >= ATTEMPTS]:
                del tries[part]
                yield part, {}, f"its worker died {ATTEMPTS} times (out of memory?)"

    return engine


def _dask(address: str):
    def engine(run, parts):
        try:
            from distributed import Client, as_completed
        except ImportError:
            raise SCONotesError("a cluster needs the extra: pip install 'sco-notes[scale]'") from None
        try:
            client = Client(address, timeout="10s", set_as_default=False)
        except (OSError, ValueError) as error:
            raise SCONotesError(f"{address}: no Dask scheduler answers there ({error})") from None
        with client:
            futures = client.map(partial(_attempt, run), parts, pure=False, retries=ATTEMPTS, batch_size=1000)
            part_of = dict(zip(futures, parts, strict=True))
            for future in as_completed(futures, loop=client.loop):
                part = part_of.pop(future)
                if future.status == "finished":
                    yield future.result()
                else:
                    yield part, {}, f"its worker died ({type(future.exception()).__name__})"
                future.release()

    return engine


# What the partitions hold


def _shares(source: str, out: Path, size: int, encoding: str | None):
    """(files, row groups, root) of each partition."""
    if "://" in source:
        files = _remote(source)
    elif any(character in source for character in "*?["):
        files = sorted(glob(source, recursive=True))  # noqa: PTH207
    else:
        path = Path(source)
        if not path.exists():
            raise SCONotesError(f"{source}: no such file or folder")
        if path.is_dir():
            files = sorted(str(f) for f in path.rglob("*") if f.suffix.lower() in (".txt", ".parquet", ".pq"))
        else:
            files = [source]
    kinds = {Path(file).suffix.lower() for file in files}
    if not files or not kinds <= {".txt", ".parquet", ".pq", ".csv"} or len(kinds - {".pq"}) > 1:
        raise SCONotesError(f"{source}: .txt files, or .parquet files, or a .csv are expected")
    if ".txt" in kinds:
        yield from _of_texts(files, source if Path(source).is_dir() else "", size)
    elif ".csv" in kinds:
        for file in files:
            yield from _of_parquet(_csv_to_parquet(Path(file), out, size, encoding), size)
    else:
        for file in files:
            yield from _of_parquet(file, size)


def _of_texts(files: list[str], root: str, size: int):
    share: list[str] = []
    total = 0
    for file in files:
        length = Path(file).stat().st_size
        if share and total + length > size:
            yield share, (), root
            share, total = [], 0
        share.append(file)
        total += length
    if share:
        yield share, (), root


def _of_parquet(file: str, size: int):
    with _open_parquet(file) as source:
        lengths = [source.metadata.row_group(i).total_byte_size for i in range(source.num_row_groups)]
    share: list[int] = []
    total = 0
    for group, length in enumerate(lengths):
        if share and total + length > size:
            yield [file], share, ""
            share, total = [], 0
        share.append(group)
        total += length
    if share:
        yield [file], share, ""


def _remote(address: str) -> list[str]:
    """The files behind an address such as s3://bucket/folder/*.parquet."""
    try:
        import fsspec

        system, path = fsspec.core.url_to_fs(address)
        found = system.glob(path) if any(c in path for c in "*?[") else [path]
    except (ImportError, ValueError) as error:
        raise SCONotesError(f"{address}: {error}; pip install 'sco-notes[scale]' and its driver") from None
    return sorted(f"{address.split('://')[0]}://{name}" for name in found)


def _open_parquet(file: str):
    from pyarrow import ArrowInvalid, parquet

    try:
        if "://" in file:
            import fsspec

            return parquet.ParquetFile(fsspec.open(file).open())
        return parquet.ParquetFile(file)
    except (ArrowInvalid, OSError) as error:
        raise SCONotesError(f"{file}: not a readable Parquet file ({error})") from None


def _csv_to_parquet(file: Path, out: Path, size: int, encoding: str | None) -> str:
    """A CSV cut into row groups, once: its rows cannot be found without reading all before them."""
    import pyarrow as pa
    from pyarrow import parquet

    stamp = hashlib.sha256(f"{file.resolve()} {file.stat().st_size} {file.stat().st_mtime_ns}".encode())
    target = out / "input" / f"{stamp.hexdigest()[:16]}.parquet"
    if target.is_file():
        return str(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_suffix(".tmp")
    try:
        chunks = pd.read_csv(
            file, dtype=str, keep_default_na=False, chunksize=1000, encoding=encoding or "utf-8"
        )
        writer = None
        for chunk in chunks:
            table = pa.Table.from_pandas(chunk, preserve_index=False)
            writer = writer or parquet.ParquetWriter(temporary, table.schema, compression="zstd")
            writer.write_table(table)
        if writer:
            writer.close()
    except (ValueError, UnicodeDecodeError, pd.errors.ParserError) as error:
        raise SCONotesError(f"{file}: not a readable CSV ({error})") from None
    temporary.replace(target)
    return str(target)


def _read(part: Partition, settings: Settings, errors: list) -> Iterator[dict]:
    """The documents of a partition as rows; those that cannot be read go to `errors`."""
    for file in part.files:
        if file.endswith(".txt"):
            doc_id = Path(file).relative_to(part.root or Path(file).parent).with_suffix("").as_posix()
            try:
                yield {"doc_id": doc_id, "text": read_text(Path(file), settings.encoding)}
            except SCONotesError as error:
                errors.append((doc_id, Path(file).name, str(error)))
        else:
            with _open_parquet(file) as source:
                _require_columns(file, source.schema_arrow.names)
                for batch in source.iter_batches(batch_size=64, row_groups=list(part.groups)):
                    yield from batch.to_pylist()


def _require_columns(file: str, names: list[str]) -> None:
    for name in ("doc_id", "text"):
        if name not in names:
            raise SCONotesError(f"{file}: column {name!r} is missing; columns found: {', '.join(names)}")


def _batches(rows: Iterator[dict], most: int, errors: list) -> Iterator[pd.DataFrame]:
    """Documents frames of about `most` characters; a document that is not valid goes to `errors`."""
    batch, length = [], 0
    for row in rows:
        batch.append(row)
        length += len(row["text"] or "")
        if length >= most:
            yield from _checked(batch, errors)
            batch, length = [], 0
    if batch:
        yield from _checked(batch, errors)


def _checked(batch: list[dict], errors: list) -> Iterator[pd.DataFrame]:
    try:
        yield check_documents(pd.DataFrame(batch), "input")
        return
    except SCONotesError:
        pass
    good = []
    for row in batch:
        try:
            check_documents(pd.DataFrame([row]), "input")
            good.append(row)
        except SCONotesError as error:
            errors.append((str(row["doc_id"]), "", str(error)))
    if good:
        yield check_documents(pd.DataFrame(good), "input")


# What is done already


def _digest(part: Partition, settings: Settings) -> str:
    """What the tables of a partition were made from: its files as they are now, the settings, the version."""
    stats = [(f, Path(f).stat().st_size, Path(f).stat().st_mtime_ns) for f in part.files if "://" not in f]
    actors = Path(settings.actors).read_bytes() if settings.actors else b""
    known = [
        asdict(part),
        stats,
        settings.encoding,
        settings.scorers,
        hashlib.sha256(actors).hexdigest(),
        version("sco-notes"),
    ]
    return hashlib.sha256(json.dumps(known).encode()).hexdigest()


def _is_done(out: Path, part: Partition, digest: str) -> bool:
    """Whether a partition was finished from the same input and its files are whole."""
    try:
        manifest = json.loads((out / "manifest" / f"{part.name}.json").read_bytes())
        return manifest["digest"] == digest and all(
            hashlib.sha256((out / name).read_bytes()).hexdigest() == digest
            for name, digest in manifest["files"].items()
        )
    except (OSError, ValueError, KeyError):
        return False


def _remove_others(out: Path, wanted: dict) -> None:
    """Remove partitions of an earlier run on another input, and what a killed run left."""
    for folder in (out / name for name in ["manifest", "documents", *DERIVED]):
        for file in folder.glob(".*.tmp"):
            file.unlink()
        for file in folder.glob("part-*"):
            if file.stem not in wanted:
                file.unlink()


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
