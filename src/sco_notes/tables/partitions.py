"""An input of any size to partitions, by names and sizes alone: no text is read here.

Files and addresses such as s3://bucket/folder go through fsspec, with the drivers and settings of the user.
"""

import csv
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from ..corpus.documents import LARGEST_CELL, read_documents, text_file
from ..errors import SCONotesError

PARQUET = {".parquet", ".pq"}
TEXTS = {".txt", ".text"}
ROWS_READ = 100  # of a table at a time
FAULT = "_fault"  # column of a CSV that is cut: why a row of it is none


@dataclass(frozen=True)
class Partition:
    """A share of the input: some text files, or a Parquet file."""

    number: int
    files: tuple[str, ...]
    size: int  # bytes
    root: str = ""  # the folder that doc_ids are counted from
    metadata: str = ""  # of text files that a documents.csv lists: its rows, as JSON

    @property
    def name(self) -> str:
        return f"part-{self.number:05d}"


def partitions(source: str, out: Path, size: int, encoding: str | None = None) -> list[Partition]:
    """Divide the input into partitions of about `size` bytes, in an order that depends on names alone.

    `source` is what extract_corpus takes. Raises SCONotesError where it is none of that.
    """
    if Path(source, "documents.csv").is_file():
        shares = _of_listed(Path(source), size)
    else:
        sizes, root = _find_files(source, out)
        kinds = {Path(file).suffix.lower() for file in sizes}
        if kinds and kinds <= TEXTS:
            found = share_out(sizes.items(), size)
            shares = ({"files": files, "size": n, "root": root} for files, n in found)
        elif kinds and (kinds <= PARQUET or kinds == {".csv"}):
            shares = (share for file in sizes for share in _of_table(file, sizes[file], out, size, encoding))
        else:
            there = f"there are {', '.join(sorted(kinds))}" if kinds else "there are none"
            raise SCONotesError(f"{source}: .txt, .parquet or .csv files, of one kind, are expected; {there}")
    return [Partition(number, **share) for number, share in enumerate(shares)]


def open_address(address: str):
    """Open a file or an address for reading bytes."""
    system, path = _file_system(address)
    return system.open(path, "rb")


def file_state(address: str) -> list:
    """Return what changes when the file behind an address does."""
    system, path = _file_system(address)
    info = system.info(path)
    return [info["size"], info["mtime"]] if "mtime" in info else [system.ukey(path)]


def parquet_batches(file: str) -> Iterator:
    """Read a Parquet file, some rows at a time; raises SCONotesError where it is none."""
    from pyarrow import ArrowInvalid, parquet

    try:
        with parquet.ParquetFile(open_address(file)) as source:
            yield from source.iter_batches(ROWS_READ)
    except (ArrowInvalid, OSError) as error:
        raise SCONotesError(f"{file}: not a readable Parquet file ({error})") from None


def _file_system(address: str):
    import fsspec

    try:
        return fsspec.core.url_to_fs(address)
    except (ImportError, ValueError) as error:
        raise SCONotesError(f"{address}: {error}; pip install its driver for fsspec, such as s3fs") from None


def _find_files(source: str, out: Path) -> tuple[dict[str, int], str]:
    """The files behind a source with their sizes, sorted, and the folder they are in ("" where none)."""
    system, path = _file_system(source)
    root = ""
    try:
        if any(character in path for character in "*?["):
            found = system.glob(path, detail=True)
        elif system.isdir(path):
            root, found = path, system.find(path, detail=True)
            found = {f: info for f, info in found.items() if Path(f).suffix.lower() in TEXTS | PARQUET}
        else:
            found = {path: system.info(path)}
    except FileNotFoundError:
        raise SCONotesError(f"{source}: no such file or folder") from None
    except OSError as error:
        raise SCONotesError(f"{source}: {error}") from None
    if "file" in system.protocol:  # the tables of an earlier run may lie in the folder
        sizes = {f: info["size"] for f, info in found.items() if not Path(f).is_relative_to(out.resolve())}
    else:
        sizes = {system.unstrip_protocol(f): info["size"] or 0 for f, info in found.items()}
        root = root and system.unstrip_protocol(root)
    return dict(sorted(sizes.items())), root


def _of_listed(folder: Path, size: int) -> Iterator[dict]:
    """The texts that a documents.csv lists, with its rows."""
    rows, sizes = {}, {}
    for row in read_documents(folder).drop(columns="year").to_dict("records"):
        file = text_file(folder, row["doc_id"])
        rows[str(file)] = row
        sizes[str(file)] = file.stat().st_size if file.exists() else 0  # reading it says what is wrong
    for files, total in share_out(sizes.items(), size):
        metadata = json.dumps([rows[file] for file in files])
        yield {"files": files, "size": total, "root": str(folder / "texts"), "metadata": metadata}


def _of_table(file: str, size: int, out: Path, most: int, encoding: str | None) -> Iterator[dict]:
    """A Parquet file as it is; a CSV, or a larger Parquet file, cut into Parquet files in OUT/input, once."""
    is_csv = file.lower().endswith(".csv")
    stamp = hashlib.sha256(json.dumps([file, file_state(file), most, encoding]).encode()).hexdigest()
    pieces = out.resolve() / "input" / stamp[:16]
    try:
        if (is_csv or size > most) and not pieces.is_dir():
            _cut(_csv_batches(file, encoding) if is_csv else parquet_batches(file), most, pieces)
    except OSError as error:
        raise SCONotesError(
            f"{pieces.parent}: {file} could not be cut into parts there ({error}); make room"
        ) from None
    except SCONotesError:
        if is_csv:
            raise  # a Parquet file's partition fails and says so; the others go on
    if not pieces.is_dir():
        yield {"files": (file,), "size": size}
        return
    for piece in sorted(pieces.iterdir()):
        yield {"files": (str(piece),), "size": piece.stat().st_size}


def _csv_batches(file: str, encoding: str | None) -> Iterator:
    """The rows of a CSV; those of another length than the header say so in the column FAULT."""
    import pyarrow as pa

    csv.field_size_limit(LARGEST_CELL)
    try:
        with open_address(file) as opened, TextIOWrapper(opened, encoding or "utf-8-sig", newline="") as text:
            rows = csv.reader(text, strict=True)
            header = next(rows, [])
            schema = pa.schema([(name, pa.string()) for name in [*header, FAULT]])
            while part := [(row, rows.line_num) for row in islice(filter(None, rows), ROWS_READ)]:
                cells = [_whole(row, f"line {number}", len(header)) for row, number in part]
                yield pa.RecordBatch.from_arrays([*map(pa.array, zip(*cells, strict=True))], schema=schema)
    except (ValueError, LookupError, csv.Error) as error:
        raise SCONotesError(f"{file}: not a readable CSV ({error})") from None


def _whole(row: list[str], line: str, n: int) -> list[str]:
    """A row with an empty FAULT, or an empty row with one."""
    fault = f"{line} has {len(row)} cells instead of {n}; quote cells with commas"
    return [*row, ""] if len(row) == n else [*[""] * n, fault]


def _cut(batches: Iterator, most: int, folder: Path) -> None:
    """Write the rows as Parquet files of about `most` bytes of text each: all of them, or no folder."""
    import pyarrow as pa
    from pyarrow import parquet

    rows = (batch.slice(row, 1) for batch in batches for row in range(batch.num_rows))
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".cut-", dir=folder.parent) as temporary:
        for number, (share, _) in enumerate(share_out(((row, row.nbytes) for row in rows), most)):
            parquet.write_table(pa.Table.from_batches(share), Path(temporary, f"{number:06d}.parquet"))
        Path(temporary).rename(folder)


def share_out(items: Iterable[tuple], most: int) -> Iterator[tuple[tuple, int]]:
    """Yield consecutive items of up to `most` bytes together, and how many; items have a size."""
    share: list = []
    total = 0
    for item, size in items:
        if share and total + size > most:
            yield tuple(share), total
            share, total = [], 0
        share.append(item)
        total += size
    if share:
        yield tuple(share), total
