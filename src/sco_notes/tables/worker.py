"""One partition to its tables on disk: the function that runs here or on a worker of Dask."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from ..actors import read_actors
from ..corpus.documents import check_documents, checked_text, read_text, text_digest
from ..corpus.formats.rows import batch_rows
from ..corpus.repair import read_repairs
from ..corpus.text import decode, normalise
from ..errors import SCONotesError, require_columns
from ..files import LARGEST_FILE, file_digest, write_whole
from .partitions import FAULT, TEXTS, Partition, file_state, open_address, parquet_batches, share_out
from .study import DERIVED, extract

BATCH_CHARACTERS = 4_000_000  # of text taken at a time
TABLES = ["documents", *DERIVED]


@dataclass(frozen=True)
class Settings:
    """What the tables depend on besides the texts."""

    out: str
    actors: str | None
    encoding: str | None
    scorers: tuple[str, ...]


def extract_partition(part: Partition, settings: Settings) -> dict:
    """Make and write the tables of one partition; return its manifest (rows, files with sha256, errors).

    They are written to a folder of this attempt alone and moved when all are whole: a cluster may start a
    partition again while the worker it has lost is still at it. Both write the same bytes.
    """
    out = Path(settings.out)
    actors = read_actors(settings.actors) if settings.actors else None
    errors: list[tuple[str, str, str]] = []
    rows = dict.fromkeys(TABLES, 0)
    files: dict[str, str] = {}
    manifest = {"digest": partition_digest(part, settings), "rows": rows, "files": files, "errors": errors}
    out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f".{part.name}-", dir=out) as folder:
        with ExitStack() as open_files:
            writers: dict = {}
            for documents in _batches(_read(part, settings, errors), errors):
                tables = extract(documents, out.name, actors=actors, scorers=settings.scorers)
                for table in TABLES:
                    frame = getattr(tables, table).drop(columns="text" if table == "documents" else [])
                    _write(frame, table, Path(folder), writers, open_files)
                    rows[table] += len(frame)
        for table in writers:
            file, name = Path(folder, table), f"{table}/{part.name}.parquet"
            files[name] = file_digest(file)
            (out / table).mkdir(exist_ok=True)
            file.replace(out / name)
    write_whole(out / "manifest" / f"{part.name}.json", json.dumps(manifest))
    return manifest


def partition_digest(part: Partition, settings: Settings) -> str:
    """Return a digest of what a partition's tables are made from: its files, the settings, the version."""
    states = []
    for file in part.files:
        try:
            states.append([file, *file_state(file)])
        except OSError:
            states.append([file, "missing"])
    actors = file_digest(Path(settings.actors)) if settings.actors else ""
    known = [asdict(part), states, settings.encoding, settings.scorers, actors, version("sco-notes")]
    return hashlib.sha256(json.dumps(known).encode()).hexdigest()


def _write(frame: pd.DataFrame, table: str, folder: Path, writers: dict, open_files: ExitStack) -> None:
    """Add the rows to the Parquet file of their table, which the first batch opens."""
    import pyarrow as pa
    from pyarrow import parquet

    frame = frame.astype({name: "str" for name in frame if frame[name].dtype == "category"})
    arrow = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    # A column without a value has no type; in the next batch or partition it is text.
    texts = pa.null(), pa.large_string()
    fields = [field.with_type(pa.string()) if field.type in texts else field for field in arrow.schema]
    if table not in writers:
        writer = parquet.ParquetWriter(folder / table, pa.schema(fields), compression="zstd")
        writers[table] = open_files.enter_context(writer)
    writers[table].write_table(arrow.cast(writers[table].schema))


def _read(part: Partition, settings: Settings, errors: list) -> Iterator[dict]:
    """The documents of a partition as rows; those that cannot be read go to `errors`."""
    if Path(part.files[0]).suffix.lower() not in TEXTS:
        n = 0
        for batch in parquet_batches(part.files[0]):
            require_columns(batch.slice(0, 0).to_pandas(), "doc_id", "text", name=part.files[0])
            faults: list[str] = []
            for row in filter(None, batch_rows(batch, faults, n)):
                if fault := row.pop(FAULT, ""):
                    faults.append(fault)
                else:
                    yield row
            errors += [("", Path(part.files[0]).name, fault) for fault in faults]
            n += batch.num_rows
        return
    listed = json.loads(part.metadata) if part.metadata else [{}] * len(part.files)
    root = part.root.rstrip("/")
    repairs = read_repairs(Path(root).parent) if part.metadata else {}
    for file, row in zip(part.files, listed, strict=True):
        doc_id = (file[len(root) + 1 :] if root else file.rsplit("/", 1)[-1]).rsplit(".", 1)[0]
        try:
            text = _text_of(file, root, settings.encoding, repairs.get(doc_id))
            if row.get("sha256") and row["sha256"] != text_digest(text):
                raise SCONotesError(f"{file}: the text differs from the sha256 in documents.csv")
            yield {"doc_id": doc_id, **row, "text": text}
        except SCONotesError as error:
            errors.append((doc_id, Path(file).name, str(error)))


def _text_of(file: str, root: str, encoding: str | None, repairs: pd.DataFrame | None) -> str:
    if "://" not in file:
        if root and not Path(file).resolve().is_relative_to(Path(root).resolve()):
            raise SCONotesError(f"{file}: a link that leads out of its folder; copy the file instead")
        return read_text(Path(file), encoding, repairs)
    with open_address(file) as opened:
        return checked_text(normalise(decode(opened.read(), file, encoding)), file)


def _batches(rows: Iterator[dict], errors: list) -> Iterator[pd.DataFrame]:
    """Documents frames of about BATCH_CHARACTERS; a document that is not valid goes to `errors`."""
    sizes = ((row, len(str(row["text"]))) for row in _fitting(rows, errors))
    for batch, _ in share_out(sizes, BATCH_CHARACTERS):
        faults: list[str] = []
        # As objects: a whole number beside a gap would become a float in one batch and not in another.
        documents = check_documents(pd.DataFrame(list(batch), dtype="object"), "input", faults=faults)
        left_out = [row["doc_id"] for row in batch if str(row["doc_id"]) not in documents.index]
        errors += [(str(doc_id), "", fault) for doc_id, fault in zip(left_out, faults, strict=True)]
        if len(documents):
            yield documents


def _fitting(rows: Iterator[dict], errors: list) -> Iterator[dict]:
    """The rows but those that are too large, or have the doc_id of a row before: these go to `errors`."""
    seen = set()
    for row in rows:
        faults = {
            f"larger than {LARGEST_FILE // 1_000_000} MB; split it": len(str(row["text"])) > LARGEST_FILE,
            "doc_id is that of a document before; give it its own": row["doc_id"] and row["doc_id"] in seen,
        }
        if fault := next((fault for fault, is_so in faults.items() if is_so), ""):
            errors.append((str(row["doc_id"]), "", fault))
        else:
            seen.add(row["doc_id"])
            yield row
