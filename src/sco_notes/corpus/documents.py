"""A folder, a CSV or a Parquet file of texts to one tidy frame of documents, checked.

Nothing is guessed: not the encoding, not a date, not a missing value. What is wrong is said with its file
and row, all faults of a file at once.
"""

import csv
import difflib
import hashlib
import io
import logging
import operator
import re
from pathlib import Path

import pandas as pd

from ..errors import SCONotesError
from ..files import data_folder
from .edtf import edtf_bounds
from .text import decode, normalise, why_not_english

_NOTES = logging.getLogger("sco_notes")

COLUMNS = ["doc_id", "date", "title", "source", "kind", "country", "language", "rights", "sha256"]
LARGEST_FILE = 50_000_000  # bytes

_MOJIBAKE = re.compile(r"â€[™œ\x9d“”˜\x80-\xbf]|Ã[\x80-\xbf©¨¶¼¤]|Â[«»\xa0°]")
_MIXED_SCRIPT = re.compile(r"\b(?=\w*[A-Za-z])(?=\w*[\u0400-\u04ff])\w+")
_TAG = re.compile(r"</?(?:a|br|body|div|h[1-6]|html|li|p|span|table|td|tr)\b[^<>\n]{0,300}>", re.IGNORECASE)
_CONDITION = re.compile(r"\s*(\w+)\s*(!=|<=|>=|=|<|>)\s*['\"]?(.*?)['\"]?\s*")
_COMPARE = {
    "=": operator.eq, "!=": operator.ne,
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_BAD_ID = re.compile(r"[\x00-\x1f\x7f]")


def read_corpus(path: str | Path, encoding: str | None = None) -> pd.DataFrame:
    """Read texts into a frame with one row a document.

    `path` is a folder with documents.csv and texts/DOC_ID.txt, any folder of .txt files, one .txt file, or
    a CSV or Parquet file with the columns doc_id and text. Files are UTF-8, or in the `encoding` stated.

    Returns doc_id, date (EDTF, "" where unknown), title, source, kind, country (the state for which the text
    speaks, "" where for none), language, rights, sha256 (of the normalised text), year (of the date's
    beginning), any further columns of the file, and last text (normalised). The index repeats doc_id, so that
    `docs["year"] >= 2017` says which documents are meant.
    Raises SCONotesError for a file that is missing, empty, not text or in another encoding, and for an id
    that is missing or stands twice, a column that is missing, a date that is not EDTF.
    """
    path = Path(path)
    if path.is_dir():
        if (path / "documents.csv").is_file():
            documents = read_documents(path)
            documents["text"] = _listed_texts(path, documents, encoding)
        else:
            documents = _folder_of_texts(path, encoding)
    elif not path.exists():
        raise SCONotesError(f"{path}: no such file or folder")
    elif path.suffix.lower() == ".csv":
        documents = _with_normalised_text(read_table(path, encoding), path)
    elif path.suffix.lower() in (".parquet", ".pq"):
        documents = _with_normalised_text(_read_parquet(path), path)
    elif path.suffix.lower() in (".txt", ".text", ".md"):
        documents = pd.DataFrame({"doc_id": [path.stem], "text": [read_text(path, encoding)]})
    else:
        raise SCONotesError(
            f"{path}: cannot read this kind of file; give .txt, .csv, .parquet or a folder (sco-notes add "
            "reads .docx, .pdf and .html)"
        )
    return _finish(documents, path)


def read_documents(folder: str | Path) -> pd.DataFrame:
    """The metadata of a corpus folder, its documents.csv, without reading any text."""
    path = Path(folder) / "documents.csv"
    return _finish(read_table(path), path)


def read_text(path: Path, encoding: str | None = None) -> str:
    """The normalised text of one file.

    Raises SCONotesError where it is no regular file, empty, above 50 MB, or not in its encoding.
    """
    if not path.is_file():
        raise SCONotesError(f"{path}: not a regular file; give a text file")
    if path.stat().st_size > LARGEST_FILE:
        raise SCONotesError(f"{path}: larger than {LARGEST_FILE // 1_000_000} MB; split it into documents")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SCONotesError(f"{path}: cannot be read ({error.strerror}); check its permissions") from None
    text = normalise(decode(data, str(path), encoding))
    if not text:
        raise SCONotesError(f"{path}: no text in this file; remove it or put text in it")
    return text


def read_chronology(path: str | Path | None = None) -> pd.DataFrame:
    """The reference facts of data/chronology.csv: one row a claim, with its EDTF date and its source.

    A fact on which sources differ has a row for each claim, the accepted one first (column claim).
    """
    file = Path(path) if path else data_folder() / "chronology.csv"
    facts = read_table(file)
    for row, date in enumerate(facts["date"], 1):
        try:
            edtf_bounds(date)
        except SCONotesError as error:
            raise SCONotesError(f"{file}, row {row}: {error}") from None
    return facts


def read_table(path: Path, encoding: str | None = None) -> pd.DataFrame:
    """A CSV file as text, cell by cell: "007" and "NA" stay what they are.

    Raises SCONotesError for rows of another length than the header, unclosed quotes, a header with a name
    twice, other separators than the comma, and for a file without rows.
    """
    if not path.is_file():
        raise SCONotesError(f"{path}: no such file")
    text = decode(path.read_bytes(), str(path), encoding)
    csv.field_size_limit(LARGEST_FILE)
    rows, first_line = [], 1
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for row in reader:
            if row:
                rows.append((first_line, row))
            first_line = reader.line_num + 1
    except csv.Error as error:
        raise SCONotesError(f"{path}, line {first_line}: {error}; is a quotation mark not closed?") from None
    if not rows:
        raise SCONotesError(f"{path}: the file is empty; a header with doc_id and text is expected")
    header = rows[0][1]
    if len(header) == 1 and re.search(r"[;\t]", header[0]):
        raise SCONotesError(f"{path}, line 1: columns are separated by ; or tabs; save it with commas")
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise SCONotesError(f"{path}, line 1: column {twice[0]!r} stands twice; rename one")
    ragged = [f"line {line} has {len(row)}" for line, row in rows[1:] if len(row) != len(header)]
    if ragged:
        raise SCONotesError(
            f"{path}: {len(header)} cells a row are expected, {_some(ragged)}; quote cells with commas"
        )
    if len(rows) == 1:
        raise SCONotesError(f"{path}: no documents, only a header")
    return pd.DataFrame([row for _, row in rows[1:]], columns=header, dtype="object")


def select_documents(documents: pd.DataFrame, condition: str) -> pd.Series:
    """True for the documents that meet a condition such as "year >= 2017" or "country = KAZ".

    The condition is a column, one of = != < <= > >=, and a value; several are joined by " and ". Numbers are
    compared as numbers where the column holds numbers. An empty condition takes all documents. Raises
    SCONotesError for anything else.

    >>> docs = pd.DataFrame({"doc_id": ["a", "b"], "year": [2001, 2024]}, index=["a", "b"])
    >>> select_documents(docs, "year >= 2017").tolist()
    [False, True]
    """
    chosen = pd.Series(True, index=documents.index)
    for part in condition.split(" and ") if condition.strip() else ():
        match = _CONDITION.fullmatch(part)
        if not match:
            raise SCONotesError(f"{part!r} is no condition; write it as 'year >= 2017' or 'country = KAZ'")
        column, sign, value = match.groups()
        if column not in documents.columns:
            near = difflib.get_close_matches(column, documents.columns, 1, 0.4)
            hint = f"is {near[0]!r} meant?" if near else f"columns: {', '.join(documents.columns)}"
            raise SCONotesError(f"condition {part!r}: the documents have no column {column!r}; {hint}")
        values = documents[column]
        try:
            other = float(value) if pd.api.types.is_numeric_dtype(values) else value
        except ValueError:
            raise SCONotesError(f"condition {part!r}: {column} holds numbers, {value!r} is none") from None
        chosen &= _COMPARE[sign](values, other).fillna(False).astype(bool)
    return chosen


def check_documents(table: pd.DataFrame, name: str = "documents") -> pd.DataFrame:
    """A table with doc_id and text as a documents frame, as read_corpus returns it; `name` is for errors."""
    return _finish(_with_normalised_text(table, Path(name)), Path(name))


def corpus_digest(documents: pd.DataFrame) -> str:
    """One sha256 for a corpus: of its document ids and the hashes of their texts, in order of id."""
    pairs = sorted(zip(documents["doc_id"], documents["sha256"], strict=True))
    return hashlib.sha256("".join(f"{doc_id}\t{digest}\n" for doc_id, digest in pairs).encode()).hexdigest()


def text_digest(text: str) -> str:
    """The sha256 of a normalised text, by which a corpus without texts knows its texts again."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _read_parquet(path: Path) -> pd.DataFrame:
    try:
        table = pd.read_parquet(path)
    except Exception as error:
        raise SCONotesError(f"{path}: not a readable Parquet file ({error})") from None
    is_text = pd.api.types.is_scalar
    odd = next((text for text in table.get("text", ()) if isinstance(text, bytes) or not is_text(text)), None)
    if odd is not None:
        raise SCONotesError(f"{path}: column 'text' holds {type(odd).__name__}, not text; convert it")
    if "date" in table and pd.api.types.is_datetime64_any_dtype(table["date"]):
        table["date"] = table["date"].dt.strftime("%Y-%m-%d")
    return table


def _folder_of_texts(folder: Path, encoding: str | None) -> pd.DataFrame:
    files = sorted(p for p in folder.rglob("*") if p.suffix.lower() in (".txt", ".text"))
    if not files:
        raise SCONotesError(f"{folder}: no .txt files and no documents.csv in this folder")
    outside = [str(file) for file in files if not _is_inside(file, folder)]
    if outside:
        raise SCONotesError(
            f"{outside[0]}: a link that leads out of its folder, or nowhere; copy the file instead"
        )
    ids = [p.relative_to(folder).with_suffix("").as_posix() for p in files]
    unprintable = [doc_id for doc_id in ids if _BAD_ID.search(doc_id)]
    if unprintable:
        raise SCONotesError(
            f"{folder}: the name of the file {unprintable[0]!r} has a control character; rename the file"
        )
    seen: dict[str, str] = {}
    for doc_id in ids:
        if doc_id.lower() in seen:
            raise SCONotesError(
                f"{folder}: {seen[doc_id.lower()]} and {doc_id} differ in capitals at most and are one file "
                "on some systems; rename one"
            )
        seen[doc_id.lower()] = doc_id
    return pd.DataFrame({"doc_id": ids, "text": _read_all(files, encoding)})


def _is_inside(file: Path, folder: Path) -> bool:
    try:
        return file.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # a link to itself
        return False


def _listed_texts(folder: Path, documents: pd.DataFrame, encoding: str | None) -> list[str]:
    """The texts of the documents.csv of a folder, each with the hash stated there."""
    files = []
    for doc_id in documents["doc_id"]:
        file = folder / "texts" / f"{doc_id}.txt"
        if Path(doc_id).is_absolute() or "\\" in doc_id or ":" in doc_id or ".." in Path(doc_id).parts:
            raise SCONotesError(f"{folder / 'documents.csv'}: doc_id {doc_id!r} leads out of the folder")
        if not file.exists():
            raise SCONotesError(
                f"{file}: this text is not here; if it may not be passed on with the project, fetch it with "
                f"`sco-notes texts {folder.name}`, or use the derived tables: sn.load({folder.name!r})"
            )
        files.append(file)
    texts = _read_all(files, encoding)
    stated = documents["sha256"].tolist()
    changed = [
        str(file)
        for file, text, digest in zip(files, texts, stated, strict=True)
        if digest and text_digest(text) != digest
    ]
    if changed:
        raise SCONotesError(
            f"{_some(changed)}: the text differs from the sha256 in documents.csv; restore the file, or "
            "empty that cell if the change is meant"
        )
    return texts


def _read_all(files: list[Path], encoding: str | None) -> list[str]:
    """All texts, or one error that names every bad file."""
    texts, faults = [], []
    for file in files:
        try:
            texts.append(read_text(file, encoding))
        except SCONotesError as error:
            faults.append(str(error))
    if faults:
        raise SCONotesError(_some(faults))
    return texts


def _with_normalised_text(table: pd.DataFrame, path: Path) -> pd.DataFrame:
    missing = [name for name in ("doc_id", "text") if name not in table.columns]
    if missing:
        near = difflib.get_close_matches(missing[0], table.columns, 1, 0.5) if len(missing) == 1 else []
        found = ", ".join(map(str, table.columns))
        hint = (
            f"is it {near[0]!r}? Rename it"
            if near
            else f"columns found: {found}; rename those that are meant"
        )
        verb = "columns {} are" if len(missing) == 2 else "column {} is"
        raise SCONotesError(f"{path}: {verb.format(' and '.join(map(repr, missing)))} missing; {hint}")
    table = table.astype(object).where(table.notna(), "")
    texts = [normalise(str(text)) for text in table["text"]]
    faults = [f"row {row} ({table['doc_id'].iloc[row - 1]})" for row, text in enumerate(texts, 1) if not text]
    if faults:
        raise SCONotesError(f"{path}, {_some(faults)}: no text; fill the cell or remove the row")
    odd = [f"row {row}" for row, text in enumerate(texts, 1) if re.search("[\0\ud800-\udfff]", text)]
    if odd:
        raise SCONotesError(f"{path}, {_some(odd)}: characters that are not text (NUL or half a pair)")
    return table.assign(text=texts)


def _finish(table: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Check ids and dates, add what is missing, put the columns in order."""
    if "doc_id" not in table.columns:
        near = difflib.get_close_matches("doc_id", table.columns, 1, 0.4)
        raise SCONotesError(f"{path}: column 'doc_id' is missing" + (f"; is it {near[0]!r}?" if near else ""))
    ids = table["doc_id"].astype(str)
    faults = [f"row {row}: doc_id is empty" for row, doc_id in enumerate(ids, 1) if not doc_id.strip()]
    faults += [
        f"row {row}: doc_id has a control character" for row, i in enumerate(ids, 1) if _BAD_ID.search(i)
    ]
    first: dict[str, int] = {}
    for row, doc_id in enumerate(ids, 1):
        if doc_id in first and doc_id:
            faults.append(f"rows {first[doc_id]} and {row}: doc_id {doc_id!r} stands twice")
        first.setdefault(doc_id, row)
    table = table.assign(**{name: "" for name in COLUMNS[1:] if name not in table.columns})
    years: list[int | None] = []
    for row, date in enumerate(table["date"].astype(str), 1):
        try:
            earliest, latest = edtf_bounds(date) if date else ("", "")
        except SCONotesError as error:
            faults.append(f"row {row}: {error}")
        else:
            year = re.match(r"-?\d+", earliest or latest)  # an open beginning ("../2035") has no earliest day
            years.append(int(year.group()) if year else None)
    if faults:
        raise SCONotesError(f"{path}, {_some(faults)}")
    table = table.assign(doc_id=ids, year=pd.array(years, dtype="Int64"))
    if "text" in table.columns:
        table = table.assign(sha256=[text_digest(text) for text in table["text"]])
        for doc_id, text in zip(ids, table["text"], strict=True):
            for oddity in _oddities(text):
                _NOTES.warning("%s, %s: %s", path.name, doc_id, oddity)
    rest = [name for name in table.columns if name not in [*COLUMNS, "year", "text"]]
    order = [*COLUMNS, "year", *rest, *(["text"] if "text" in table.columns else [])]
    table = table[order].sort_values("doc_id", kind="stable")
    for name in [*COLUMNS, *rest]:
        if table[name].dtype == object:
            table[name] = table[name].astype("str")
    return table.set_index(pd.Index(table["doc_id"].tolist()))


def _oddities(text: str) -> list[str]:
    """What a reader should know of a text before trusting its counts."""
    notes = []
    broken = len(_MOJIBAKE.findall(text))
    if broken:
        notes.append(f"{broken} characters read in a wrong encoding (like â€™); check the source")
    tags = len(_TAG.findall(text))
    if tags > 2:
        notes.append(f"{tags} HTML tags, which are counted as words; save it as .html and add that")
    mixed = sorted(set(_MIXED_SCRIPT.findall(text)))
    if mixed:
        shown = ", ".join(map(ascii, mixed[:3]))
        notes.append(f"Latin and Cyrillic letters in one word ({shown}): not matched as a name")
    reason = why_not_english(text)
    if reason:
        notes.append(f"{reason}; the methods here read English only")
    return notes


def _some(items: list[str], most: int = 5) -> str:
    """The first few of many, with the number of the rest."""
    more = f" (and {len(items) - most} more)" if len(items) > most else ""
    return "; ".join(items[:most]) + more
