"""A folder, a CSV or a Parquet file of texts to one tidy frame of documents, checked.

Nothing is guessed: not the encoding, not a date, not a missing value. What is wrong is said with its file
and row, all faults of a file at once.
"""

import csv
import hashlib
import io
import logging
import re
from collections import Counter
from pathlib import Path

import pandas as pd

from ..errors import SCONotesError, nearest, require_columns, some
from ..files import check_file, check_inside, data_folder
from .edtf import edtf_bounds
from .frames import faulty_ids
from .repair import MOJIBAKE, apply_repairs, read_repairs
from .text import decode, normalise, why_not_english

_NOTES = logging.getLogger("sco_notes")

COLUMNS = ["doc_id", "date", "title", "source", "kind", "country", "language", "rights", "sha256"]
LARGEST_CELL = 50_000_000  # characters, of a CSV file

_NOT_TEXT = re.compile("[\0\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_MIXED_SCRIPT = re.compile(r"\b(?=\w*[A-Za-z])(?=\w*[\u0400-\u04ff])\w+")
_TAG = re.compile(r"</?(?:a|br|body|div|h[1-6]|html|li|p|span|table|td|tr)\b[^<>\n]{0,300}>", re.IGNORECASE)
_CONDITION = re.compile(r"\s*(\w+)\s*(!=|<=|>=|=|<|>)\s*['\"]?(.*?)['\"]?\s*")
_COMPARE = {"=": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}  # methods of a Series


def read_corpus(path: str | Path, encoding: str | None = None) -> pd.DataFrame:
    """Read texts into a frame with one row a document.

    Parameters
    ----------
    path : a folder with documents.csv and texts/DOC_ID.txt, any folder of .txt files, one .txt file, or a
        CSV or Parquet file with the columns doc_id and text
    encoding : of the files, where it is not UTF-8

    Returns
    -------
    doc_id, date (EDTF, "" where unknown), title, source, kind, country (the state for which the text speaks,
    "" where for none), language, rights, sha256 (of the normalised text), year (of the date's beginning), any
    further columns of the file, and last text (normalised). The index repeats doc_id, so that
    `docs["year"] >= 2017` says which documents are meant.

    Raises
    ------
    SCONotesError : for a file that is missing, empty, not text or in another encoding, for an id that is
        missing or repeated, a column that is missing, a date that is not EDTF
    """
    if not str(path):
        raise SCONotesError("read_corpus: path is empty; the name of a folder or a file is expected")
    path = Path(path)
    kind = path.suffix.lower()
    if (path / "documents.csv").is_file():
        documents = read_documents(path)
        documents["text"] = _listed_texts(path, documents, encoding)
        return _finish(documents, path)
    if path.is_dir():
        return _finish(_folder_of_texts(path, encoding), path)
    if not path.exists():
        raise SCONotesError(f"{path}: no such file or folder")
    if kind == ".csv":
        return check_documents(read_table(path, encoding), path)
    if kind in (".parquet", ".pq"):
        return check_documents(_read_parquet(path), path)
    if kind in (".txt", ".text", ".md"):
        return _finish(pd.DataFrame({"doc_id": [path.stem], "text": [read_text(path, encoding)]}), path)
    raise SCONotesError(f"{path}: cannot read this kind of file; sco-notes add reads .docx, .pdf and .html")


def read_documents(folder: str | Path) -> pd.DataFrame:
    """Read the metadata of a corpus folder, its documents.csv, without any text."""
    path = Path(folder) / "documents.csv"
    return _finish(read_table(path), path)


def read_text(path: Path, encoding: str | None = None, repairs: pd.DataFrame | None = None) -> str:
    """Read the normalised text of one file, after its repairs (see sco_notes.corpus.repair).

    Raises SCONotesError where it is no regular file, empty, above 50 MB, or not in its encoding.
    """
    check_file(path)
    text = decode(path.read_bytes(), str(path), encoding)
    text = normalise(text if repairs is None else apply_repairs(text, repairs))
    if not text:
        raise SCONotesError(f"{path}: no text in this file; remove it or put text in it")
    return text


def read_chronology(path: str | Path | None = None) -> pd.DataFrame:
    """Read the reference facts of data/chronology.csv: one row a claim, with its EDTF date and its source.

    A fact on which sources differ has a row for each claim, the accepted one first (column claim).
    """
    file = Path(path) if path else data_folder() / "chronology.csv"
    facts = read_table(file)
    _, faults = _years(facts["date"])
    if faults:
        raise SCONotesError(f"{file}, {some(faults)}")
    return facts


def read_table(path: Path, encoding: str | None = None) -> pd.DataFrame:
    """Read a CSV file as text, cell by cell: "007" and "NA" stay what they are.

    Raises SCONotesError for rows of another length than the header, unclosed quotes, repeated names in the
    header, other separators than the comma, and for a file without rows.
    """
    check_file(path)
    text = decode(path.read_bytes(), str(path), encoding)
    csv.field_size_limit(LARGEST_CELL)
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
    repeated = sorted(name for name, n in Counter(header).items() if n > 1)
    if repeated:
        raise SCONotesError(f"{path}, line 1: column {repeated[0]!r} is repeated; rename one")
    ragged = [f"line {line} has {len(row)}" for line, row in rows[1:] if len(row) != len(header)]
    if ragged:
        expected = f"{len(header)} cells a row are expected"
        raise SCONotesError(f"{path}: {expected}, {some(ragged)}; quote cells with commas")
    if len(rows) == 1:
        raise SCONotesError(f"{path}: no documents, only a header")
    return pd.DataFrame([row for _, row in rows[1:]], columns=header, dtype="object")


def select_documents(documents: pd.DataFrame, condition: str) -> pd.Series:
    """Return True for the documents that meet a condition such as "year >= 2017" or "country = KAZ".

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
            raise SCONotesError(f"invalid condition {part!r}; write it as 'year >= 2017' or 'country = KAZ'")
        column, sign, value = match.groups()
        if column not in documents.columns:
            near = nearest(column, documents.columns, 0.4)
            hint = f"is {near!r} meant?" if near else f"columns: {', '.join(documents.columns)}"
            raise SCONotesError(f"condition {part!r}: the documents have no column {column!r}; {hint}")
        values = documents[column]
        try:
            other = float(value) if pd.api.types.is_numeric_dtype(values) else value
        except ValueError:
            raise SCONotesError(f"condition {part!r}: {column} holds numbers, {value!r} is none") from None
        chosen &= getattr(values, _COMPARE[sign])(other).fillna(False).astype(bool)
    return chosen


def check_documents(table: pd.DataFrame, name: str | Path = "documents") -> pd.DataFrame:
    """Return a table with doc_id and text as read_corpus returns documents; `name` is for errors."""
    require_columns(table, "doc_id", "text", name=name)
    table = table.astype(object).where(table.notna(), "")
    texts = [normalise(str(text)) for text in table["text"]]
    empty = [f"row {row} ({table['doc_id'].iloc[row - 1]})" for row, text in enumerate(texts, 1) if not text]
    if empty:
        raise SCONotesError(f"{name}, {some(empty)}: no text; fill the cell or remove the row")
    odd = [f"row {row}" for row, text in enumerate(texts, 1) if _NOT_TEXT.search(text)]
    if odd:
        raise SCONotesError(f"{name}, {some(odd)}: characters that are not text (NUL or half a pair)")
    return _finish(table.assign(text=texts), Path(name))


def text_file(folder: Path, doc_id: str) -> Path:
    """Return where the text of a document stands; raise for an id that would lead out of the folder."""
    if Path(doc_id).is_absolute() or re.search(r"[\\:]", doc_id) or ".." in Path(doc_id).parts:
        raise SCONotesError(f"{folder / 'documents.csv'}: doc_id {doc_id!r} leads out of the folder")
    return folder / "texts" / f"{doc_id}.txt"


def corpus_digest(documents: pd.DataFrame) -> str:
    """Return one sha256 for a corpus: of its document ids and the hashes of their texts, in order of id."""
    pairs = sorted(zip(documents["doc_id"], documents["sha256"], strict=True))
    return hashlib.sha256("".join(f"{doc_id}\t{digest}\n" for doc_id, digest in pairs).encode()).hexdigest()


def text_digest(text: str) -> str:
    """Return the sha256 of a normalised text, by which a corpus without texts recognises its texts."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _read_parquet(path: Path) -> pd.DataFrame:
    try:
        table = pd.read_parquet(path)
    except Exception as error:
        raise SCONotesError(f"{path}: not a readable Parquet file ({error})") from None
    for text in table.get("text", ()):
        if isinstance(text, bytes) or not pd.api.types.is_scalar(text):
            raise SCONotesError(f"{path}: column 'text' holds {type(text).__name__}, not text; convert it")
    if "date" in table and pd.api.types.is_datetime64_any_dtype(table["date"]):
        table["date"] = table["date"].dt.strftime("%Y-%m-%d")
    return table


def _folder_of_texts(folder: Path, encoding: str | None) -> pd.DataFrame:
    files = sorted(file for file in folder.rglob("*") if file.suffix.lower() in (".txt", ".text"))
    if not files:
        raise SCONotesError(f"{folder}: no .txt files and no documents.csv in this folder")
    ids = [file.relative_to(folder).with_suffix("").as_posix() for file in files]
    check_inside(files, folder)
    seen: dict[str, str] = {}
    for doc_id in ids:
        if (other := seen.setdefault(doc_id.lower(), doc_id)) != doc_id:
            raise SCONotesError(f"{folder}: {other} and {doc_id} differ in capitals only; rename one")
    return pd.DataFrame({"doc_id": ids, "text": _read_all(files, encoding)})


def _listed_texts(folder: Path, documents: pd.DataFrame, encoding: str | None) -> list[str]:
    """The texts of the documents.csv of a folder, each with the hash stated there."""
    files = [text_file(folder, doc_id) for doc_id in documents["doc_id"]]
    if missing := [file for file in files if not file.exists()]:
        remedy = f"`sco-notes texts {folder.name}` downloads it; sn.load({folder.name!r}) reads its tables"
        raise SCONotesError(f"{missing[0]}: this text is not here; {remedy}")
    repairs = read_repairs(folder)
    texts = _read_all(files, encoding, [repairs.get(doc_id) for doc_id in documents["doc_id"]])
    rows = zip(files, texts, documents["sha256"], strict=True)
    if changed := [str(file) for file, text, digest in rows if digest and digest != text_digest(text)]:
        remedy = "restore the file, or empty that cell if the change is meant"
        raise SCONotesError(f"{some(changed)}: the text differs from the sha256 in documents.csv; {remedy}")
    return texts


def _read_all(files: list[Path], encoding: str | None, repairs: list | None = None) -> list[str]:
    """All texts, or one error that names every bad file."""
    texts, faults = [], []
    for file, mended in zip(files, repairs or [None] * len(files), strict=True):
        try:
            texts.append(read_text(file, encoding, mended))
        except SCONotesError as error:
            faults.append(str(error))
    if faults:
        raise SCONotesError(some(faults))
    return texts


def _finish(table: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Check ids and dates, add what is missing, put the columns in order."""
    require_columns(table, "doc_id", name=path)
    table = table.assign(**{name: "" for name in COLUMNS[1:] if name not in table.columns})
    ids = table["doc_id"].astype(str)
    years, bad_dates = _years(table["date"])
    faults = faulty_ids(ids, ids.str.strip() == "") + bad_dates
    odd = ids.map(_CONTROL.search).notna()
    faults += [f"row {row}: doc_id has a control character" for row, is_odd in enumerate(odd, 1) if is_odd]
    if faults:
        raise SCONotesError(f"{path}, {some(faults)}")
    table = table.assign(doc_id=ids, year=pd.array(years, dtype="Int64"))
    if "text" in table.columns:
        table = table.assign(sha256=table["text"].map(text_digest))
        for doc_id, text in zip(ids, table["text"], strict=True):
            for oddity in _oddities(text):
                _NOTES.warning("%s, %s: %s", path.name, doc_id, oddity)
    rest = [name for name in table.columns if name not in [*COLUMNS, "year", "text"]]
    order = [*COLUMNS, "year", *rest, *(["text"] if "text" in table.columns else [])]
    table = table[order].sort_values("doc_id", kind="stable")
    words = [name for name in [*COLUMNS, *rest] if table[name].dtype == object]
    return table.astype(dict.fromkeys(words, "str")).set_index(pd.Index(table["doc_id"].tolist()))


def _years(dates: pd.Series) -> tuple[list[int | None], list[str]]:
    """The year in which each date begins, and the faults of those that are no dates."""
    years: list[int | None] = []
    faults = []
    for row, date in enumerate(dates.astype(str), 1):
        try:
            earliest, latest = edtf_bounds(date) if date else ("", "")
        except SCONotesError as error:
            faults.append(f"row {row}: {error}")
        else:
            year = re.match(r"-?\d+", earliest or latest)  # an open beginning ("../2035") has no earliest day
            years.append(int(year.group()) if year else None)
    return years, faults


def _oddities(text: str) -> list[str]:
    """What a reader should know of a text before trusting its counts."""
    broken, tags = len(MOJIBAKE.findall(text)), len(_TAG.findall(text))
    mixed = ", ".join(map(ascii, sorted(set(_MIXED_SCRIPT.findall(text)))[:3]))
    reason = why_not_english(text)
    notes = {
        f"{broken} characters read in a wrong encoding (like â€™); check the source": broken,
        f"{tags} HTML tags, which are counted as words; save it as .html and add that": tags > 2,
        f"Latin and Cyrillic letters in one word ({mixed}): not matched as a name": mixed,
        f"{reason}; the methods here read English only": reason,
    }
    return [note for note, is_so in notes.items() if is_so]
