"""One partition to its tables on disk: the function that runs here, in a pool, or on a cluster."""

import contextlib
import hashlib
import json
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from ..actors import read_actors
from ..corpus.documents import check_documents, read_text, text_digest
from ..corpus.text import decode, normalise
from ..errors import SCONotesError
from ..files import LARGEST_FILE, write_whole
from ..sentiment import SCORERS
from .partitions import TEXTS, Partition, batch_rows, open_address, open_parquet, state
from .study import DERIVED, extract

BATCH = 4_000_000  # characters of text taken at a time
TABLES = ["documents", *DERIVED]


@dataclass(frozen=True)
class Settings:
    """What the tables depend on besides the texts."""

    out: str
    actors: str | None = None
    encoding: str | None = None
    scorers: tuple[str, ...] = tuple(SCORERS)


def extract_partition(part: Partition, settings: Settings) -> dict:
    """Make and write the tables of one partition; returns its manifest (rows, files with sha256, errors)."""
    out = Path(settings.out)
    digest = partition_digest(part, settings)
    actors = read_actors(settings.actors) if settings.actors else None
    errors: list[tuple[str, str, str]] = []
    rows, files = dict.fromkeys(TABLES, 0), {}
    with _Writers(out, part.name) as writers:
        for documents in _batches(_read(part, settings, errors), errors):
            tables = extract(documents, out.name, actors=actors, scorers=settings.scorers)
            for table in TABLES:
                frame = getattr(tables, table)
                frame = frame.drop(columns="text") if table == "documents" else frame
                writers.write(table, frame)
                rows[table] += len(frame)
        files = writers.finish()
    manifest = {"digest": digest, "rows": rows, "files": files, "errors": errors}
    write_whole(out / "manifest" / f"{part.name}.json", json.dumps(manifest))
    return manifest


def partition_digest(part: Partition, settings: Settings) -> str:
    """What the tables of a partition were made from: its files as they are now, the settings, the version."""
    states = []
    for file in part.files:
        try:
            states.append([file, *state(file)])
        except OSError:
            states.append([file, "missing"])
    actors = Path(settings.actors).read_bytes() if settings.actors else b""
    known = [
        asdict(part), states, settings.encoding, settings.scorers,
        hashlib.sha256(actors).hexdigest(), version("sco-notes"),
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(known).encode()).hexdigest()


class _Writers:
    """The files of one partition, one a table: written under other names, moved when all are whole.

    The other names are of this attempt alone: a cluster may start a partition again while the worker it has
    lost is still at it. Both write the same bytes.
    """

    def __init__(self, out: Path, name: str):
        mark = uuid.uuid4().hex[:8]
        self._writers: dict = {}
        self._files = {table: out / table / f"{name}.parquet" for table in TABLES}
        self._temporary = {table: out / table / f".{name}.{mark}.tmp" for table in TABLES}

    def __enter__(self) -> "_Writers":
        return self

    def write(self, table: str, frame: pd.DataFrame) -> None:
        import pyarrow as pa
        from pyarrow import parquet

        frame = frame.astype({name: "str" for name in frame if frame[name].dtype == "category"})
        arrow = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
        # A column without a value has no type; in the next batch or partition it is text.
        texts = pa.types.is_null, pa.types.is_large_string
        fields = [f.with_type(pa.string()) if any(of(f.type) for of in texts) else f for f in arrow.schema]
        arrow = arrow.cast(pa.schema(fields))
        if table not in self._writers:
            file = self._temporary[table]
            file.parent.mkdir(parents=True, exist_ok=True)
            self._writers[table] = parquet.ParquetWriter(file, arrow.schema, compression="zstd")
        self._writers[table].write_table(arrow.cast(self._writers[table].schema))

    def finish(self) -> dict[str, str]:
        """Move the files into place; their sha256 by name."""
        for writer in self._writers.values():
            writer.close()
        found = {}
        for table in self._writers:
            file = self._files[table]
            with self._temporary[table].open("rb") as written:
                found[f"{table}/{file.name}"] = hashlib.file_digest(written, "sha256").hexdigest()
        for table in self._writers:
            self._temporary[table].replace(self._files[table])
        return found

    def __exit__(self, *exception: object) -> None:
        for table, writer in self._writers.items():
            with contextlib.suppress(OSError):  # on a full disk closing fails too
                writer.close()
            self._temporary[table].unlink(missing_ok=True)


def _read(part: Partition, settings: Settings, errors: list) -> Iterator[dict]:
    """The documents of a partition as rows; those that cannot be read go to `errors`."""
    if Path(part.files[0]).suffix.lower() not in TEXTS:
        yield from _table_rows(part, errors)
        return
    listed = json.loads(part.metadata) if part.metadata else [{}] * len(part.files)
    root = part.root.rstrip("/")
    for file, row in zip(part.files, listed, strict=True):
        doc_id = file[len(root) + 1 :] if root else file.rsplit("/", 1)[-1]
        doc_id = doc_id.rsplit(".", 1)[0]
        try:
            text = _text_of(file, root, settings.encoding)
            if row.get("sha256") and row["sha256"] != text_digest(text):
                raise SCONotesError(f"{file}: the text differs from the sha256 in documents.csv")
            yield {"doc_id": doc_id, **row, "text": text}
        except SCONotesError as error:
            errors.append((doc_id, Path(file).name, str(error)))


def _text_of(file: str, root: str, encoding: str | None) -> str:
    if "://" not in file:
        if root and not Path(file).resolve().is_relative_to(Path(root).resolve()):
            raise SCONotesError(f"{file}: a link that leads out of its folder; copy the file instead")
        return read_text(Path(file), encoding)
    with open_address(file) as opened:
        data = opened.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        raise _too_large(file)
    text = normalise(decode(data, file, encoding))
    if not text:
        raise SCONotesError(f"{file}: no text in this file; remove it or put text in it")
    return text


def _too_large(name: str) -> SCONotesError:
    return SCONotesError(f"{name}: larger than {LARGEST_FILE // 1_000_000} MB; split it into documents")


def _table_rows(part: Partition, errors: list) -> Iterator[dict]:
    file = part.files[0]
    with open_parquet(file) as source:
        names = source.schema_arrow.names
        for name in ("doc_id", "text"):
            if name not in names:
                raise SCONotesError(f"{file}: column {name!r} is missing; columns found: {', '.join(names)}")
        groups = list(part.groups) or None
        for batch in source.iter_batches(batch_size=batch_rows(source), row_groups=groups):
            for row in batch.to_pylist():
                if row["text"] and len(row["text"].encode("utf-8", "surrogatepass")) > LARGEST_FILE:
                    errors.append((str(row["doc_id"]), Path(file).name, str(_too_large(row["doc_id"]))))
                else:
                    yield row


def _batches(rows: Iterator[dict], errors: list) -> Iterator[pd.DataFrame]:
    """Documents frames of about BATCH characters; a document that is not valid goes to `errors`."""
    batch: list[dict] = []
    length = 0
    for row in rows:
        if batch and length + len(row["text"] or "") > BATCH:
            yield from _checked(batch, errors)
            batch, length = [], 0
        batch.append(row)
        length += len(row["text"] or "")
    if batch:
        yield from _checked(batch, errors)


def _checked(batch: list[dict], errors: list) -> Iterator[pd.DataFrame]:
    try:
        # As objects: a whole number beside a gap would become a float in one batch and not in another.
        yield check_documents(pd.DataFrame(batch, dtype="object"), "input")
        return
    except SCONotesError:
        pass
    good = []
    for row in batch:
        try:
            check_documents(pd.DataFrame([row], dtype="object"), "input")
            good.append(row)
        except SCONotesError as error:
            errors.append((str(row["doc_id"]), "", str(error)))
    if good:
        yield check_documents(pd.DataFrame(good, dtype="object"), "input")
