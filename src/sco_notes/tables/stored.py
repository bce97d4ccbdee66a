"""Tables written and read again: the derived tables of a corpus, and tables made once and kept.

The kept tables of a corpus lie in a zip whose name is a digest of all they were made from. A zip has a
checksum of each table: one that is damaged is made again, and all of them are safe to delete.
"""

import hashlib
import json
import os
import sys
from contextlib import ExitStack
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import pandas as pd

from ..actors import find_slogans
from ..corpus.documents import read_corpus
from ..errors import SCONotesError
from ..events import label_events
from ..files import check_inside, data_folder, describe, file_digest, locked, read_checked, write_whole
from ..sentiment import SCORERS
from ..sentiment.encoder import is_installed
from ..terms import find_formulas
from . import study
from .study import DERIVED, GROUPS, Progress, Tables

# What quotes the text at length stays out of derived tables.
WITHHELD = {"events": ["label"]}
KEPT = ["formulas", "slogans"]
MOST_KEPT = 12  # zips in a folder; the oldest goes
# What may change a row: another version of one of these makes the kept tables again.
_LIBRARIES = ("nltk", "numpy", "nupunkt", "pandas", "scikit-learn", "scipy")


def make_derived(folder: Path, progress: Progress = lambda line: None) -> Tables:
    """Make the tables of a corpus from its texts, with the scores by MPNet.

    Where MPNet is not installed its scores are taken as they are from the derived tables.
    """
    return _make(folder, progress, is_installed() or _has_mpnet(folder))


def _make(folder: Path, progress: Progress, mpnet: bool) -> Tables:
    actors = study.corpus_actors(folder)
    tables = study.extract(read_corpus(folder), folder.name, progress, actors, [*SCORERS])
    if not mpnet:
        return tables
    if is_installed():
        return study.with_scorer(tables, "mpnet", progress)
    stored = _read(folder, "scores")
    stored = stored[stored["scorer"].str.startswith("mpnet")]
    return replace(tables, scores=pd.concat([tables.scores, stored], ignore_index=True))


def _has_mpnet(folder: Path) -> bool:
    """Whether the derived tables have scores by MPNet."""
    scores = read_kept(folder, "scores")
    return scores is not None and scores["scorer"].str.startswith("mpnet").any()


def write_derived(tables: Tables, folder: Path) -> list[Path]:
    """Write the tables to folder/derived as Parquet, without any sentence: same tables, same bytes."""
    files = {folder / "derived" / f"{name}.parquet": content for name, content in _derived(tables).items()}
    for file, content in files.items():
        write_whole(file, content)
    describe([*files])
    return [*files]


def _derived(tables: Tables) -> dict[str, bytes]:
    """The derived tables as files; formulas are what documents share, so one document has none."""
    found = {name: _as_parquet(tables, name) for name in DERIVED}
    if len(tables.documents) > 1:
        found["formulas"] = _parquet(find_formulas(tables.documents, tables.sentences))
    slogans = find_slogans(tables.documents, tables.sentences, tables.groups)
    return found | ({"slogans": _parquet(slogans)} if len(slogans) else {})


def read_kept(folder: Path, name: str) -> pd.DataFrame | None:
    """Read a table that is kept with a corpus, such as its formulas; None where there is none."""
    is_there = (folder / "derived" / f"{name}.parquet").is_file()
    return _read(folder, name) if is_there else None


def verify(folder: Path, progress: Progress = lambda line: None) -> list[str]:
    """Check the derived tables of a corpus by their sha256, and make them again; name those that differ.

    Without texts they are checked by their sha256 alone.
    """
    faults = []
    for name in [*DERIVED, *KEPT]:
        try:
            (_read if name in DERIVED else read_kept)(folder, name)
        except SCONotesError as error:
            faults.append(f"{name} ({error})")
    if faults or not study.has_texts(folder):
        return faults
    tables = _make(folder, progress, _has_mpnet(folder))
    kept = {file.stem: file.read_bytes() for file in folder.glob("derived/*.parquet")}
    return [name for name, content in _derived(tables).items() if kept.get(name) != content]


def read_derived(folder: Path, documents: pd.DataFrame) -> Tables:
    """Read the derived tables of a corpus folder; raises SCONotesError for one that is damaged or missing."""
    tables = {name: _read(folder, name) for name in DERIVED}
    return _complete(folder.name, documents, study.corpus_actors(folder), tables)


def _read(folder: Path, name: str) -> pd.DataFrame:
    file = folder / "derived" / f"{name}.parquet"
    check_inside([file], folder)
    try:
        return pd.read_parquet(BytesIO(read_checked(file)))
    except SCONotesError:
        raise
    except Exception as error:
        raise SCONotesError(
            f"{file}: cannot be read ({type(error).__name__}); restore it, or with the texts in place "
            f"run `sco-notes derive {folder.name}`"
        ) from None


def made_once(
    folder: Path, documents: pd.DataFrame, actors: pd.DataFrame, scorer: str, progress: Progress
) -> Tables:
    """Return the tables of texts, kept from an earlier call where nothing they depend on has changed.

    Those of a corpus in the data folder are kept there, in .tables; those of other texts in the folder that
    SCO_NOTES_TABLES names, as a run of reports sets it, else nowhere. With the scores of `scorer`, unless "".
    """

    def made() -> Tables:
        return study.extract(documents, folder.stem, progress, actors)

    is_corpus = folder.parent == data_folder()
    place = data_folder() / ".tables" if is_corpus else Path(os.environ.get("SCO_NOTES_TABLES", ""))
    if place == Path():
        return made()
    key = [documents.drop(columns="text").to_csv(), actors.to_csv(), _library_digest()]
    file = place / f"{hashlib.sha256(json.dumps(key).encode()).hexdigest()}.zip"
    with ExitStack() as stack:
        try:
            stack.enter_context(locked(place, lambda line: None))
        except SCONotesError:  # a folder that cannot be written: nothing can be kept
            return made()
        kept = _read_zip(file)  # made before, or by another notebook meanwhile
        tables = _complete(folder.stem, documents, actors, kept) if kept else made()
        scored = study.with_scorer(tables, scorer, progress) if scorer else tables
        if kept and scored is tables:
            return tables
        _write_zip(file, scored)
        return _complete(folder.stem, documents, actors, _read_zip(file))


@cache
def _library_digest() -> str:
    """Of the code and the data that tables are made with."""
    package, data = Path(__file__).parents[1], data_folder()
    files = [*package.rglob("*.py"), *package.rglob("*.toml"), *data.glob("*.*"), *data.glob("models/*")]
    digests = [file_digest(file) for file in sorted(files) if file.is_file()]
    return json.dumps([sys.version, [version(name) for name in _LIBRARIES], digests])


def _read_zip(file: Path) -> dict[str, pd.DataFrame]:
    """The kept tables; none where they have not been made, or are damaged."""
    try:
        with ZipFile(file) as tables:
            return {name: pd.read_parquet(BytesIO(tables.read(name))) for name in DERIVED}
    except (OSError, BadZipFile, KeyError):
        return {}


def _write_zip(file: Path, tables: Tables) -> None:
    content = BytesIO()
    with ZipFile(content, "w") as written:
        for name in DERIVED:
            written.writestr(name, _as_parquet(tables, name, compression_level=1))
    write_whole(file, content.getvalue())
    others = sorted(file.parent.glob("*.zip"), key=lambda other: other.stat().st_mtime)
    for old in others[:-MOST_KEPT]:
        old.unlink()


def _complete(name: str, documents: pd.DataFrame, actors: pd.DataFrame, tables: dict) -> Tables:
    """Add what stored tables leave out."""
    if "text" in documents:
        tables["events"] = label_events(tables["events"], documents, tables["sentences"])
    return study.with_groups(name, documents, actors, tables)


def _as_parquet(tables: Tables, name: str, compression_level: int = 19) -> bytes:
    joined = [*GROUPS, "self_mention", *WITHHELD.get(name, [])]
    return _parquet(getattr(tables, name).drop(columns=joined, errors="ignore"), compression_level)


def _parquet(table: pd.DataFrame, compression_level: int = 19) -> bytes:
    import pyarrow as pa
    from pyarrow import parquet

    # Without metadata: it would name the version of pandas, and the bytes would change with it.
    arrow = pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(None).combine_chunks()
    sink = pa.BufferOutputStream()
    parquet.write_table(arrow, sink, compression="zstd", compression_level=compression_level)
    return sink.getvalue().to_pybytes()
