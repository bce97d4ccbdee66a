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
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from ..errors import SCONotesError, require_columns, shown, some
from ..files import check_file, check_inside, data_folder
from .edtf import edtf_bounds, read_date
from .frames import faulty_ids
from .repair import MOJIBAKE, apply_repairs, read_repairs
from .text import decoded, normalise, why_not_english

_NOTES = logging.getLogger("sco_notes")

COLUMNS = ["doc_id", "date", "title", "source", "kind", "country", "language", "rights", "sha256"]
LARGEST_CELL = 50_000_000  # characters, of a CSV file
MOST_COLUMNS = 100
MOST_YEARS = 9999  # before and after year 0: a chart over years has room for each

_NOT_TEXT = re.compile("[\0\ud800-\udfff]")
_has_words = re.compile(r"[^\W_]").search
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_MIXED_SCRIPT = re.compile(r"\b(?=\w*[A-Za-z])(?=\w*[\u0400-\u04ff])\w+")
_TAG = re.compile(r"</?(?:a|br|body|div|h[1-6]|html|li|p|span|table|td|tr)\b[^<>\n]{0,300}>", re.IGNORECASE)


def read_corpus(
    path: str | Path, encoding: str | None = None, columns: Mapping[str, str] | None = None,
    dates: Sequence[str] = (),
) -> pd.DataFrame:  # fmt: skip
    """Read texts into a frame with one row a document.

    Parameters
    ----------
    path : a folder with documents.csv and texts/DOC_ID.txt, or what `sco-notes add` reads: a file, a zip or
        any folder of files, those in its folders too
    encoding : of the files that are not UTF-8
    columns : of tables with other headings: {"text": "Redetext", "date": "Datum"}
    dates : "day-first" or "month-first" for dates like 04/07/2024, "filename" for the date in a file's name

    Returns
    -------
    doc_id, date (EDTF, "" where unknown), title, source, kind, country (the state for which the text speaks,
    "" where for none), language, rights, sha256 (of the normalised text), year (of the date's beginning), any
    further columns of the file, and last text (normalised). The index repeats doc_id, so that
    `docs["year"] >= 2017` says which documents are meant.

    Raises
    ------
    SCONotesError : naming each file and row that is no document (missing, empty, not text, in another
        encoding, with a repeated id or a date that is none); read_sources reads the others
    """
    if not str(path):
        raise SCONotesError("read_corpus: path is empty; the name of a folder or a file is expected")
    path = Path(path)
    if (path / "documents.csv").is_file():
        documents = read_documents(path)
        if "text" in documents:
            return check_documents(documents, path / "documents.csv")
        documents["text"] = _listed_texts(path, documents, encoding)
        return _finish(documents, path)
    from .sources import read_sources

    documents, faults = read_sources([str(path)], encoding, columns, dates)
    if faults:
        raise SCONotesError(some(faults))
    return documents


def read_documents(folder: str | Path) -> pd.DataFrame:
    """Read the metadata of a corpus folder, its documents.csv, without any text."""
    path = Path(folder) / "documents.csv"
    check_inside([path], Path(folder))
    return _finish(read_table(path), path)


def read_text(
    path: Path, encoding: str | None = None, repairs: pd.DataFrame | None = None, name: str = ""
) -> str:
    """Read the normalised text of one file, after its repairs (see sco_notes.corpus.repair).

    `name` is what errors call it. Raises SCONotesError where it is no regular file, empty, above 50 MB, or
    not in its encoding.
    """
    name = name or str(path)
    check_file(path, name)
    text = decoded(path.read_bytes(), name, encoding)
    return checked_text(normalise(text if repairs is None else apply_repairs(text, repairs)), name)


def checked_text(text: str, name: object) -> str:
    """Return a normalised text, in which there is a word or a number; raise where there is none."""
    if not _has_words(text):
        raise SCONotesError(f"{name}: no text in this file; remove it or put text in it")
    return text


def read_chronology(path: str | Path | None = None) -> pd.DataFrame:
    """Read the reference facts of data/chronology.csv: one row a claim, with its EDTF date and its source.

    A fact on which sources differ has a row for each claim, the accepted one first (column claim).
    """
    file = Path(path) if path else data_folder() / "chronology.csv"
    facts = read_table(file)
    *_, faults = _read_dates(_numbered(facts)["date"])
    if faults:
        raise SCONotesError(f"{file}, {some(list(faults.values()))}")
    return facts


def read_table(
    path: Path, encoding: str | None = None, faults: list[str] | None = None, name: str = ""
) -> pd.DataFrame:
    """Read a CSV file as text, cell by cell: "007" and "NA" stay what they are.

    Cells are parted by commas, semicolons or tabs, by the one that gives every row as many cells as the
    header, else by the only one in the header. Raises SCONotesError for rows of another length (or, where a
    list of `faults` is given, adds them to it and leaves them out), unclosed quotes, repeated names in the
    header, and for a file without rows.
    """
    name = name or str(path)
    check_file(path, name)
    text = re.sub(r"\Asep=.\r?\n", "", decoded(path.read_bytes(), name, encoding))
    if not text.strip():
        raise SCONotesError(f"{name}: the file is empty; a header with doc_id and text is expected")
    first_line = text.lstrip().partition("\n")[0]
    signs = ["\t"] if path.suffix.lower() == ".tsv" else [sign for sign in ",;\t" if sign in first_line]
    tried = {sign: _parse_csv(text, sign) for sign in signs or [","]}
    read = {sign: [*rows.values()] for sign, (rows, error) in tried.items() if not error}
    fitting = [sign for sign, parts in read.items() if len({*map(len, parts)}) == 1]
    fitting = [sign for sign in fitting if {"doc_id", "text"} & {*read[sign][0]}] or fitting
    if len(fitting or tried) > 1:
        named = " and ".join("tab" if sign == "\t" else sign for sign in fitting or tried)
        remedy = "save it with one of them, or as .xlsx"
        raise SCONotesError(f"{name}: its columns could be parted by {named}; {remedy}")
    rows, error = tried[(fitting or list(tried))[0]]
    if error:
        raise SCONotesError(f"{name}, {error}; is a quotation mark not closed?")
    (_, header), *cells = rows.items()
    ragged = {line: len(row) for line, row in cells if len(row) != len(header)}
    said, n = [f"line {line} has {n}" for line, n in ragged.items()], len(header)
    if said and faults is not None and len(said) < len(cells):
        remedy = "quote cells that hold the separator"
        faults += [f"{name}, {fault} cells instead of {n}; {remedy}" for fault in said]
    elif said:
        raise SCONotesError(f"{name}: {n} cells a row are expected, {some(said)}; quote cells with commas")
    whole = {row: values for row, (line, values) in enumerate(cells, 1) if line not in ragged}
    return as_table(header, list(whole.values()), name, pd.Index(whole, name="row"))


def as_table(header: list[str], cells: list[list[str]], name: str | Path, rows: pd.Index | None = None):
    """Return the cells of a table as text, without columns that have neither name nor content.

    Raises SCONotesError for repeated names, for over 100 columns, and where there is no row.
    """
    header = [shown(column, 200) for column in header]
    used = [i for i, column in enumerate(header) if column or any(row[i] for row in cells)]
    if (n := len(used)) > MOST_COLUMNS:
        raise SCONotesError(f"{name}: {n:,} columns, at most {MOST_COLUMNS} are kept; remove some")
    names = [header[i] for i in used]
    if repeated := [column for column, n in Counter(names).items() if n > 1]:
        no_header = "columns without a name; the first row must name them, so remove what stands above it"
        fault = f"column {repeated[0]!r} is repeated; rename one" if repeated[0] else no_header
        raise SCONotesError(f"{name}, line 1: {fault}")
    if not cells:
        raise SCONotesError(f"{name}: no documents, only a header")
    return pd.DataFrame([[row[i] for i in used] for row in cells], columns=names, index=rows, dtype="object")


def _parse_csv(text: str, sign: str) -> tuple[dict[int, list[str]], str]:
    """The rows by the line on which each begins, and what is wrong, with the line."""
    csv.field_size_limit(LARGEST_CELL)
    rows, first_line = {}, 1
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=sign)
    try:
        for row in reader:
            if any(row):
                rows[first_line] = row
            first_line = reader.line_num + 1
    except csv.Error as error:
        return rows, f"line {first_line}: {error}"
    return rows, ""


def check_documents(
    table: pd.DataFrame, name: str | Path = "documents", order: str = "", faults: list[str] | None = None
) -> pd.DataFrame:
    """Return a table with doc_id and text as read_corpus returns documents; `name` is for errors.

    Where a list of `faults` is given, rows that are no documents are added to it and left out; else they are
    an error. `order` is that of dates (see read_date).
    """
    require_columns(table, "doc_id", "text", name=name)
    table = _numbered(table.astype(object).where(table.notna(), ""))
    odd = table.index[table.map(lambda cell: bool(_NOT_TEXT.search(str(cell)))).any(axis=1)]
    table.loc[odd] = ""
    texts = [normalise(str(text)) for text in table["text"]]
    wrong = {
        row: f"row {row} ({doc_id}): no text; fill the cell or remove the row"
        for row, doc_id, text in zip(table.index, table["doc_id"], texts, strict=True)
        if not _has_words(text)
    }
    wrong |= {row: f"row {row}: characters that are not text (NUL or half a pair)" for row in odd}
    return _finish(table.assign(text=texts), Path(name), order, wrong, faults)


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


def _listed_texts(folder: Path, documents: pd.DataFrame, encoding: str | None) -> list[str]:
    """The texts of the documents.csv of a folder, each with the hash stated there."""
    files = [text_file(folder, doc_id) for doc_id in documents["doc_id"]]
    if twins := [file for file, n in Counter(str(file).lower() for file in files).items() if n > 1]:
        raise SCONotesError(f"{twins[0]}: one file on Windows and macOS for two documents; rename one")
    check_inside([*files, folder / "repairs.csv"], folder)
    if missing := [file for file in files if not file.exists()]:
        remedy = f"`sco-notes texts {folder.name}` downloads it; sn.load({folder.name!r}) reads its tables"
        raise SCONotesError(f"{missing[0]}: this text is not here; {remedy}")
    repairs = read_repairs(folder)
    texts, faults = [], []
    for file, doc_id in zip(files, documents["doc_id"], strict=True):
        try:
            texts.append(read_text(file, encoding, repairs.get(doc_id)))
        except SCONotesError as error:
            faults.append(str(error))
    if faults:
        raise SCONotesError(some(faults))
    rows = zip(files, texts, documents["sha256"], strict=True)
    if changed := [str(file) for file, text, digest in rows if digest and digest != text_digest(text)]:
        remedy = "restore the file, or empty that cell if the change is meant"
        raise SCONotesError(f"{some(changed)}: the text differs from the sha256 in documents.csv; {remedy}")
    return texts


def _finish(
    table: pd.DataFrame, path: Path, order: str = "", wrong: Mapping[int, str] | None = None,
    left_out: list[str] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Check ids and dates, add what is missing, put the columns in order; `wrong` rows are known already."""
    require_columns(table, "doc_id", name=path)
    table = _numbered(table).assign(**{name: "" for name in COLUMNS[1:] if name not in table.columns})
    ids = table["doc_id"].astype(str)
    dates, years, bad_dates = _read_dates(table["date"], order)
    odd = ids[ids.map(_CONTROL.search).notna()]
    faults = {row: f"row {row}: doc_id has a control character" for row in odd.index}
    faults = faults | bad_dates | faulty_ids(ids, ids.str.strip() == "") | dict(wrong or {})
    if faults and left_out is None:
        raise SCONotesError(f"{path}, {some([faults[row] for row in sorted(faults)])}")
    table = table.assign(doc_id=ids, date=dates, year=pd.array(years, dtype="Int64"))
    if left_out is not None:
        left_out += [f"{path}, {faults[row]}" for row in sorted(faults)]
        table = table.drop(index=list(faults))
    if "text" in table.columns:
        table = table.assign(sha256=table["text"].map(text_digest))
        for doc_id, text in zip(table["doc_id"], table["text"], strict=True):
            for oddity in _oddities(text):
                _NOTES.warning("%s, %s: %s", path.name, doc_id, oddity)
    rest = [name for name in table.columns if name not in [*COLUMNS, "year", "text"]]
    columns = [*COLUMNS, "year", *rest, *(["text"] if "text" in table.columns else [])]
    table = table[columns].sort_values("doc_id", kind="stable")
    words = [name for name in [*COLUMNS, *rest] if table[name].dtype == object]
    return table.astype(dict.fromkeys(words, "str")).set_index(pd.Index(table["doc_id"].tolist()))


def _numbered(table: pd.DataFrame) -> pd.DataFrame:
    """The table with the numbers of its rows as index, those of its file where some were left out."""
    if table.index.name == "row":
        return table
    return table.set_axis(pd.RangeIndex(1, len(table) + 1, name="row"))


def _read_dates(dates: pd.Series, order: str = "") -> tuple[list[str], list[int | None], dict[int, str]]:
    """The dates in EDTF, the year in which each begins, and the faults of those that are no dates, by row."""
    read: list[str] = []
    years: list[int | None] = []
    faults = {}
    for row, date in dates.astype(str).items():
        try:
            date = read_date(date, order) if date.strip() else ""
            earliest, latest = edtf_bounds(date) if date else ("", "")
        except SCONotesError as error:
            faults[row] = f"row {row}: {error}"
            date, earliest, latest = "", "", ""
        year = re.match(r"-?\d+", earliest or latest)  # an open beginning ("../2035") has no earliest day
        if year and abs(int(year.group())) > MOST_YEARS:
            faults[row] = f"row {row}: date {date!r}: a year from -{MOST_YEARS} to {MOST_YEARS} is expected"
        read.append(date)
        years.append(int(year.group()) if year else None)
    return read, years, faults


def _oddities(text: str) -> list[str]:
    """What a reader should know of a text before trusting its counts."""
    broken, tags = len(MOJIBAKE.findall(text)), len(_TAG.findall(text))
    is_cyrillic = _CYRILLIC.search(text)  # a quick question before a slow one
    mixed = ", ".join(map(ascii, sorted(set(_MIXED_SCRIPT.findall(text)))[:3])) if is_cyrillic else ""
    reason = why_not_english(text)
    notes = {
        f"{broken} characters read in a wrong encoding (like â€™); check the source": broken,
        f"{tags} HTML tags, which are counted as words; save it as .html and add that": tags > 2,
        f"Latin and Cyrillic letters in one word ({mixed}): not matched as a name": mixed,
        f"{reason}; the methods here read English only": reason,
    }
    return [note for note, is_so in notes.items() if is_so]
