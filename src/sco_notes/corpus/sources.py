"""Files, folders, archives and addresses to the documents in them: the one reader of texts of one's own."""

import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, count
from pathlib import Path
from tempfile import mkdtemp
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import pandas as pd

from ..errors import SCONotesError, counted, nearest, shown
from ..files import temporary_folder
from . import formats
from .address import fetch
from .documents import COLUMNS, as_table, check_documents, read_corpus, read_table, read_text
from .edtf import MONTHS, read_date
from .formats.isolation import check_size, convert
from .text import decode

KINDS = {ending: kind for kind, about in formats.KINDS.items() for ending in about["endings"]}
_HIDDEN = (".", "~$", "__MACOSX")  # what a system or a word processor keeps beside the files of a user
MOST_FILES = 10_000
LONGEST_HEADING = 80  # characters; what is longer is a text
TO_SAVE = "; save those with text as .docx or .pdf"
AT_A_TIME = 2  # files; each may take up to 2 GiB
_NO_TEXT = (b"%PDF-", b"PK\x03\x04", b"PAR1", b"{\\rtf", b"\xd0\xcf\x11\xe0")  # PDF, zip, Parquet, RTF, Word
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}(?<!\.)")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)  # no file names on Windows
_MONTH = "|".join(f"{name}|{name[:3]}" for name in MONTHS)
_DATE_IN_NAME = re.compile(
    r"(?<!\d)(?:[12]\d{3}([-_. ]?)[01]\d\1[0-3]\d|[0-3]?\d([-_. ])[01]?\d\2[12]\d{3}|[12]\d{3}[-_][01]\d|"
    rf"(?:[0-3]?\d[-_. ])?(?<![a-z])(?:{_MONTH})[-_. ](?:[0-3]?\d,?[-_. ])?[12]\d{{3}}|[12]\d{{3}})(?!\d)",
    re.IGNORECASE,
)


class Place(NamedTuple):
    """A file, corpus folder or address: where it is, what errors call it, the doc_id of its text."""

    where: str
    name: str
    doc_id: str


def read_sources(
    places: Sequence[str], encoding: str | None = None, columns: Mapping[str, str] | None = None,
    dates: Sequence[str] = (), progress: Callable[[str], object] = lambda line: None,
) -> tuple[pd.DataFrame, list[str]]:  # fmt: skip
    """Read documents from files, folders, zips of files and web addresses, as `sco-notes add` takes them.

    A folder stands for all files in it and in its folders but hidden ones, a zip for its files; a table
    (.csv, .tsv, .xlsx, .json, .jsonl, .parquet) for a document a row, a corpus folder for its documents, any
    other file for one. All but plain text and .csv is read in a process with limits on time and memory.

    Parameters
    ----------
    places : paths, and http or https addresses
    encoding, columns, dates : as in read_corpus
    progress : is told what of a file or folder is not read

    Returns
    -------
    The documents, with the columns of read_corpus and author, file (its name), losses (what of the file is
    not in the text): title, author, date and source are what the file states, or "". And a line for each file
    and row that is left out, with its reason and remedy.

    Raises
    ------
    SCONotesError : for an option that cannot be right
    """
    decode(b" ", "--encoding", encoding)  # raises for a name that is none
    how = {"encoding": encoding, "columns": dict(columns or {}), "dates": list(dates)}
    frames: list[pd.DataFrame] = []
    faults: list[str] = []
    found: list[Place] = []
    with temporary_folder() as folder:
        for place in places:
            try:
                found += _files_of(str(place), shown(str(place), 300), str(folder), faults, progress)
            except SCONotesError as error:
                faults.append(str(error))
        with ThreadPoolExecutor(AT_A_TIME) as pool:  # each file waits for its own process
            alone = len(found) == 1
            for table, notes, wrong in pool.map(lambda place: _read_place(place, **how, alone=alone), found):
                frames.append(table)
                faults += wrong
                for note in notes:
                    progress(note)
    frames = [table for table in frames if len(table)]
    if not frames:
        return pd.DataFrame(columns=[*COLUMNS, "year", "author", "file", "losses", "text"]), faults
    documents = pd.concat(frames).sort_values(["doc_id", "file", "sha256"], kind="stable", ignore_index=True)
    documents["doc_id"] = distinct(documents["doc_id"])
    words = documents.columns.drop("year")
    documents = documents.fillna(dict.fromkeys(words, ""))[[*documents.columns.drop("text"), "text"]]
    return documents.set_index(pd.Index(documents["doc_id"].tolist())), faults


def _files_of(place: str, name: str, folder: str, faults: list[str], progress: Callable) -> Iterator[Place]:
    """What one place stands for; `folder` is for what is unpacked, "" inside of a zip."""
    found = [Place(place, name, _id_of(Path(place).name))]
    if _is_folder(place) and not (Path(place) / "documents.csv").is_file():
        found = _in_folder(place, name, faults, progress)
    for each in found:
        if Path(each.where).suffix.lower() != ".zip" or _is_address(each.where):
            yield each
        elif not folder:
            faults.append(f"{each.name}: a zip inside a zip; unpack it first")
        else:
            try:
                inside = mkdtemp(dir=folder)
                convert(Path(each.where), "zip", each.name, folder=inside)
                before = "" if each.where == place else f"{each.doc_id}/"
                for file in _files_of(inside, each.name, "", faults, progress):
                    yield file._replace(doc_id=before + file.doc_id)
            except SCONotesError as error:
                faults.append(str(error))


def _in_folder(place: str, name: str, faults: list[str], progress: Callable) -> list[Place]:
    """The files in a folder that may be read, in order of name; links to folders are not followed."""
    if (root := Path(place).resolve()) == Path(root.anchor):
        raise SCONotesError(f"{name}: all files of this machine; give the folder with your texts")
    places, endings = [], []
    for here, folders, files in os.walk(place):
        folders[:] = sorted(each for each in folders if not each.startswith(_HIDDEN))
        for file in (
            Path(here, each) for each in files if not each.startswith(_HIDDEN) and each != "actors.toml"
        ):
            path = file.relative_to(place).as_posix()
            if file.suffix.lower() not in KINDS:
                endings.append(file.suffix.lower() or "none")
            elif not Path(os.path.realpath(file)).is_relative_to(root):
                faults.append(f"{shown(f'{name}/{path}', 300)}: a link that leads out; copy the file instead")
            else:
                places.append(Place(str(file), shown(f"{name}/{path}", 300), _id_of(path)))
        if len(places) + len(endings) > MOST_FILES:
            raise SCONotesError(f"{name}: over {MOST_FILES:,} files in it; give a folder of texts only")
    if not places:
        raise SCONotesError(f"{name}: no file in it that can be read ({', '.join(KINDS)})")
    if endings:
        others = counted(len(endings), "file of another kind", "files of other kinds")
        progress(shown(f"{name}: {others} passed over ({', '.join(sorted(set(endings)))}){TO_SAVE}", 300))
    return sorted(places)


def _is_folder(place: str) -> bool:
    return not _is_address(place) and os.path.isdir(place)  # noqa: PTH112  # False for a name that is too long


def _is_address(place: str) -> bool:
    return re.match(r"[a-z][a-z0-9+.-]+://", place, re.IGNORECASE) is not None


def _read_place(place: Place, encoding, columns, dates, alone) -> tuple[pd.DataFrame, list[str], list[str]]:
    """The documents of a place, notes on it, and what is wrong with the others."""
    faults: list[str] = []
    notes: list[str] = []
    try:
        table, name = _table_of(place, encoding, columns, dates, alone, faults, notes)
    except SCONotesError as error:
        return pd.DataFrame(), notes, [*faults, str(error)]
    return table.assign(**({"author": "", "file": name, "losses": ""} | dict(table.items()))), notes, faults


def _table_of(place: Place, encoding, columns, dates, alone, faults, notes) -> tuple[pd.DataFrame, str]:
    where, label, doc_id = place
    if _is_folder(where):
        return read_corpus(where, encoding), shown(Path(label).resolve().name)
    order = next((way for way in dates if way != "filename"), "")
    if _is_address(where):
        name = Path(unquote(urlsplit(where).path)).name or urlsplit(where).hostname or "page"
        doc_id = shown(Path(name).stem)
        with temporary_folder() as folder:
            page = fetch(where, folder / "page")
            kind, final = page["kind"], page["address"]
            table = _read(folder / "page", kind, label, encoding or page["encoding"], faults, notes)
        table = table.assign(source=where if final == where else f"{where} (redirected to {final})")
    else:
        name, kind = Path(label).name, KINDS.get(Path(where).suffix.lower(), "")
        if not kind and os.path.exists(where):  # noqa: PTH110
            known = ", ".join(KINDS)
            raise SCONotesError(f"{label}: cannot read this kind of file; save it as one of {known}")
        table = _read(Path(where), kind or "txt", label, encoding, faults, notes)
    is_table = "is_table" in formats.KINDS[kind or "txt"]
    if is_table:
        table = _with_columns(table, columns, label, doc_id, alone, notes)
    else:
        table = table.assign(doc_id=doc_id)
    if "filename" in dates and not (is_table and "date" in table):
        try:
            found = date_in(shown(Path(name).stem), order)
        except SCONotesError as error:
            raise SCONotesError(f"{label}: {error}") from None
        notes += [] if found else [f"{label}: no date in its name, or several"]
        table = table.assign(date=found) if found else table
    return check_documents(table, label, order, faults), shown(name)


def _read(file: Path, kind: str, name: str, encoding, faults: list, notes: list) -> pd.DataFrame:
    """What one file says, a row for each of its documents."""
    check_size(file, kind, name)
    if kind in ("txt", "md", "csv", "json", "jsonl") and file.open("rb").read(8).startswith(_NO_TEXT):
        raise SCONotesError(f"{name}: not text, whatever its name says; give it the ending of what it is")
    if kind == "txt":
        return pd.DataFrame([{"text": read_text(file, encoding, name=name)}])
    if kind == "csv":
        return read_table(file, encoding, faults, name)
    said = convert(file, kind, name, encoding)
    if "cells" in said:
        faults += [f"{name}, {fault}" for fault in said.get("faults", ())]
        rows = pd.Index(said["rows"], name="row") if "rows" in said else None
        notes += [f"{name}: {note}" for note in said["notes"]]
        return as_table(said["header"], said["cells"], name, rows)
    losses = said.pop("losses")
    try:
        said["date"] = read_date(said["date"]) if said["date"] else ""
    except SCONotesError:
        losses.append(f"the date it states, {said['date']!r}, cannot be read in one way: not taken")
        said["date"] = ""
    for key in ("title", "author", "source"):
        if (plain := said[key].lstrip("=+-@")) != said[key]:  # documents.csv may be opened by a spreadsheet
            losses.append(f"the {key} it states begins as a formula does: its first signs are left out")
            said[key] = plain
    return pd.DataFrame([{**said, "losses": "; ".join(losses)}])


def _with_columns(table, columns: Mapping, name: str, doc_id: str, alone: bool, notes: list) -> pd.DataFrame:
    """A table with the columns of documents: those named by the user, those that differ in capitals only.

    Where there is no doc_id rows are numbered. Raises SCONotesError where there is no column text, and for a
    heading that is not there; a table among others (not `alone`) may do without all but that of the text.
    """
    has = f"it has {', '.join(map(shown, table.columns[:20]))}"
    for target, heading in columns.items():
        if heading in table.columns:
            table = table.drop(columns=table.columns.intersection([target]).difference([heading]))
            table = table.rename(columns={heading: target})
        elif target not in table.columns:
            near = nearest(heading, table.columns)
            fault = f"{name}: no column {heading!r} ({has})" + f"; is {near!r} meant?" * bool(near)
            if alone or target == "text":
                raise SCONotesError(fault)
            notes.append(fault)
    for column in table.columns:
        if column.lower() in {*COLUMNS, "text", "author"} and column.lower() not in table.columns:
            table = table.rename(columns={column: column.lower()})
    if "text" not in table.columns:
        worded = [column for column in table if table[column].str.contains(r"[^\W\d]").any()]
        longest = table[worded].map(len).sum().idxmax() if worded else ""
        remedy = f"say which one holds the texts: --columns 'text={longest}'"
        if len(longest) > LONGEST_HEADING:
            remedy = "its first row is no header; put one above it, such as doc_id, date, text"
        elif not worded:
            remedy = "none of them looks like texts; put a text into each row"
        raise SCONotesError(f"{name}: no column 'text' ({has}); {remedy}")
    missing = [column for column in ("doc_id", "date") if column not in table.columns]
    if "doc_id" in missing:
        digits = len(str(len(table)))
        table = table.assign(doc_id=[f"{doc_id}-{row:0{digits}}" for row in range(1, len(table) + 1)])
    fates = {"doc_id": "rows are numbered", "date": "dates are unknown"}
    fate = " and ".join(fates[column] for column in missing)
    note = f"{name}: no column {' or '.join(missing)} ({has}), so {fate}"
    notes += [f"{note}; --columns {missing[-1]}=HEADING says which it is"] if missing else []
    return table


def date_in(name: str, order: str) -> str:
    """The one date in the name of a file, "" where there is none or several."""
    found = {re.sub(r"[-_. ]+", " ", match[0]) for match in _DATE_IN_NAME.finditer(name)}
    sign = "." if re.search(r"\d\.\d", name) else "-"
    found = {each if re.search("[A-Za-z]", each) else each.replace(" ", sign) for each in found}
    dates = {read_date(each, order) for each in found}
    return dates.pop() if len(dates) == 1 else ""


def with_stated(documents: pd.DataFrame, given: Mapping[str, str | None], order: str = "") -> pd.DataFrame:
    """Return documents with the title, date, author or source that the user gave.

    Raises SCONotesError for a date that cannot be read and for one title of several documents.
    """
    if given.get("title") and len(documents) > 1:
        raise SCONotesError(f"--title: one title for {len(documents)} documents; add them one by one")
    stated = {name: value for name, value in given.items() if value}
    if "date" in stated:
        stated["date"] = read_date(stated["date"], order)
    return documents.drop(columns="year").assign(**stated)


def distinct(ids: Iterable[str], taken: Iterable[str] = (), key: Callable[[str], str] = str) -> list[str]:
    """Names of which each is used once: a second one gets a number.

    >>> distinct(["talk", "talk", "Talk"], key=str.lower)
    ['talk', 'talk-2', 'Talk-3']
    """
    used, names = set(map(key, taken)), []
    for name in ids:
        tries = chain([name], (f"{name}-{number}" for number in count(2)))
        names.append(next(name for name in tries if key(name) not in used))
        used.add(key(names[-1]))
    return names


def _id_of(path: str) -> str:
    """The path of a text without its ending, as a doc_id."""
    return shown(re.sub(r"(?<=[^/])\.[^./]*$", "", path), 200)


def safe_id(name: str) -> str:
    """A name as a doc_id that is a file name everywhere: itself, or its letters and digits.

    >>> safe_id("Speech (final), 3 July"), safe_id("../../etc/passwd"), safe_id("речь"), safe_id("NUL")
    ('speech-final-3-july', 'etc-passwd', 'text', 'text-nul')
    """
    if _SAFE.fullmatch(name) and not _RESERVED.fullmatch(name):
        return name
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9_]+", "-", plain).strip("-_")[:60] or "text"
    return f"text-{slug}" if _RESERVED.fullmatch(slug) else slug
