"""An input of any size to partitions, by names and sizes alone: no text is read here.

Addresses such as s3://bucket/folder go through fsspec, with the driver and the settings of the user.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from glob import glob  # Path.glob takes no absolute pattern
from pathlib import Path

import pandas as pd

from ..corpus.documents import read_documents
from ..errors import SCONotesError

PARQUET = (".parquet", ".pq")
TEXTS = (".txt", ".text")
HELD = 4_000_000  # bytes of a table read at a time


@dataclass(frozen=True)
class Partition:
    """A share of the input: some text files, or some row groups of a Parquet file."""

    number: int
    files: tuple[str, ...]
    size: int  # bytes of text, about
    groups: tuple[int, ...] = ()  # of the one Parquet file
    root: str = ""  # the folder that doc_ids are counted from
    metadata: str = ""  # of text files that a documents.csv lists: its rows, as JSON

    @property
    def name(self) -> str:
        return f"part-{self.number:05d}"


def partitions(source: str, out: Path, size: int, encoding: str | None = None) -> Iterator[Partition]:
    """The partitions of the input, in an order that depends on names alone.

    `source` is a folder (with documents.csv and texts/, or of .txt or .parquet files), a .txt, CSV or Parquet
    file, a glob of them, or an address of one of these. Raises SCONotesError where it is none of them.
    """
    if "://" not in source and Path(source, "documents.csv").is_file():
        yield from _numbered(_of_listed(Path(source), size))
        return
    files, root = _files(source, out)
    kinds = {_suffix(file) for file in files}
    if kinds and kinds <= set(TEXTS):
        yield from _numbered(_of_texts(files, root, size))
    elif kinds and (kinds <= set(PARQUET) or kinds == {".csv"}):
        yield from _numbered(share for file in files for share in _of_table(file, out, size, encoding))
    else:
        raise SCONotesError(
            f"{source}: .txt files, or .parquet files, or .csv files are expected, of one kind; "
            + (f"there are {', '.join(sorted(kinds))}" if kinds else "there are none")
        )


def open_address(address: str):
    """A file or an address, opened for reading bytes."""
    if "://" not in address:
        return Path(address).open("rb")
    return _system(address)[0].open(address, "rb")


def state(address: str) -> list:
    """What changes when the file behind an address does."""
    if "://" not in address:
        found = Path(address).stat()
        return [found.st_size, found.st_mtime_ns]
    system, path = _system(address)
    return [system.ukey(path)]


def open_parquet(file: str):
    from pyarrow import ArrowInvalid, parquet

    try:
        return parquet.ParquetFile(open_address(file) if "://" in file else file)
    except (ArrowInvalid, OSError) as error:
        raise SCONotesError(f"{file}: not a readable Parquet file ({error})") from None


def _numbered(shares: Iterator[dict]) -> Iterator[Partition]:
    for number, share in enumerate(shares):
        yield Partition(number, **share)


def _files(source: str, out: Path) -> tuple[list[str], str]:
    """The files behind a source, sorted, and the folder that they are in ("" where it is none)."""
    if "://" in source:
        return _remote(source)
    if any(character in source for character in "*?["):
        return sorted(glob(source, recursive=True)), ""  # noqa: PTH207
    path = Path(source)
    if not path.exists():
        raise SCONotesError(f"{source}: no such file or folder")
    if not path.is_dir():
        return [source], ""
    found = [f for f in path.rglob("*") if f.suffix.lower() in (*TEXTS, *PARQUET)]
    return sorted(str(f) for f in found if out.resolve() not in f.resolve().parents), source


def _remote(address: str) -> tuple[list[str], str]:
    system, path = _system(address)
    try:
        if any(c in path for c in "*?["):
            return sorted(map(system.unstrip_protocol, system.glob(path))), ""
        if system.isdir(path):
            found = [f for f in system.find(path) if _suffix(f) in (*TEXTS, *PARQUET)]
            return sorted(map(system.unstrip_protocol, found)), system.unstrip_protocol(path)
        if not system.exists(path):
            raise FileNotFoundError("no such file or folder")
    except OSError as error:
        raise SCONotesError(f"{address}: {error}") from None
    return [system.unstrip_protocol(path)], ""


def _system(address: str):
    try:
        import fsspec

        return fsspec.core.url_to_fs(address)
    except (ImportError, ValueError) as error:
        raise SCONotesError(f"{address}: {error}; pip install 'sco-notes[scale]' and its driver") from None


def _suffix(file: str) -> str:
    return Path(file).suffix.lower()


def _of_listed(folder: Path, size: int) -> Iterator[dict]:
    """The texts that a documents.csv lists, with its rows."""
    table = read_documents(folder).drop(columns="year")
    ids = table["doc_id"].tolist()
    for doc_id in ids:
        if Path(doc_id).is_absolute() or "\\" in doc_id or ":" in doc_id or ".." in Path(doc_id).parts:
            raise SCONotesError(f"{folder / 'documents.csv'}: doc_id {doc_id!r} leads out of the folder")
    rows = dict(zip(ids, table.to_dict("records"), strict=True))
    root = str(folder / "texts")
    for share in _of_texts([f"{root}/{doc_id}.txt" for doc_id in ids], root, size):
        listed = [rows[Path(file).relative_to(root).as_posix()[:-4]] for file in share["files"]]
        yield share | {"metadata": json.dumps(listed)}


def _of_texts(files: list[str], root: str, size: int) -> Iterator[dict]:
    share: list[str] = []
    total = 0
    for file in files:
        length = _size(file)
        if share and total + length > size:
            yield {"files": tuple(share), "size": total, "root": root}
            share, total = [], 0
        share.append(file)
        total += length
    if share:
        yield {"files": tuple(share), "size": total, "root": root}


def _size(file: str) -> int:
    try:
        if "://" in file:
            system, path = _system(file)
            return system.size(path) or 0
        return Path(file).stat().st_size
    except OSError:
        return 0  # it is said when the file is read


def _of_table(file: str, out: Path, size: int, encoding: str | None) -> Iterator[dict]:
    if _suffix(file) == ".csv":
        file = _cut(file, _csv_chunks(file, encoding), out, size)
    try:
        lengths = _row_groups(file)
    except SCONotesError:  # the partition fails and says so; the others go on
        yield {"files": (file,), "size": 0}
        return
    if max(lengths, default=0) > 2 * size:  # pandas writes a million rows as one group
        file = _cut(file, _parquet_chunks(file), out, size)
        lengths = _row_groups(file)
    share: list[int] = []
    total = 0
    for group, length in enumerate(lengths):
        if share and total + length > size:
            yield {"files": (file,), "size": total, "groups": tuple(share)}
            share, total = [], 0
        share.append(group)
        total += length
    if share:
        yield {"files": (file,), "size": total, "groups": tuple(share)}


def _row_groups(file: str) -> list[int]:
    with open_parquet(file) as source:
        return [source.metadata.row_group(i).total_byte_size for i in range(source.num_row_groups)]


def batch_rows(source) -> int:
    """So many rows of an open Parquet file that about HELD bytes are held at a time."""
    size = sum(source.metadata.row_group(i).total_byte_size for i in range(source.num_row_groups))
    return int(min(1000, max(1, HELD * source.metadata.num_rows // max(size, 1))))


def _parquet_chunks(file: str):
    with open_parquet(file) as source:
        yield from source.iter_batches(batch_size=batch_rows(source))


def _csv_chunks(file: str, encoding: str | None):
    import pyarrow as pa

    try:
        with open_address(file) as opened:
            for chunk in pd.read_csv(
                opened, dtype=str, keep_default_na=False, chunksize=200, encoding=encoding or "utf-8"
            ):
                yield pa.RecordBatch.from_pandas(chunk, preserve_index=False)
    except (ValueError, UnicodeDecodeError, pd.errors.ParserError) as error:
        raise SCONotesError(f"{file}: not a readable CSV ({error})") from None


def _cut(file: str, chunks, out: Path, size: int) -> str:
    """A CSV, or a Parquet file of too large row groups, cut into small ones once, in the folder OUT/input.

    The rows of a CSV cannot be found without reading all before them.
    """
    from pyarrow import parquet

    name = file if "://" in file else str(Path(file).resolve())
    most = min(size, HELD)
    stamp = hashlib.sha256(json.dumps([name, state(file), most]).encode()).hexdigest()
    target = out.resolve() / "input" / f"{stamp[:16]}.parquet"
    if target.is_file():
        return str(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_suffix(".tmp")
    writer = None
    try:
        for chunk in chunks:
            writer = writer or parquet.ParquetWriter(temporary, chunk.schema, compression="zstd")
            rows = max(1, most * chunk.num_rows // max(chunk.nbytes, 1))
            for begin in range(0, chunk.num_rows, rows):
                writer.write_batch(chunk.slice(begin, rows))
        if not writer:
            raise SCONotesError(f"{file}: no documents, only a header")
        writer.close()
    except OSError as error:
        if writer:
            with suppress(OSError):
                writer.close()
        temporary.unlink(missing_ok=True)
        raise SCONotesError(f"{target.parent}: {file} could not be cut into parts there ({error})") from None
    temporary.replace(target)
    return str(target)
