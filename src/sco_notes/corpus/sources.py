"""A path or an address to the documents in it, as a frame."""

import os
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import unquote, urlsplit

import pandas as pd

from ..errors import SCONotesError, shown
from ..files import check_inside
from .address import fetch
from .documents import check_documents, read_corpus, read_table, read_text
from .edtf import edtf_bounds
from .formats.isolation import check_size, convert

KINDS = {
    ".txt": "txt", ".text": "txt", ".md": "md", ".markdown": "md", ".csv": "csv", ".parquet": "parquet",
    ".pq": "parquet", ".pdf": "pdf", ".docx": "docx", ".html": "html", ".htm": "html", ".xhtml": "html",
}  # fmt: skip
MOST_COLUMNS = 100
_NO_TEXT = (b"%PDF-", b"PK\x03\x04", b"PAR1", b"{\\rtf", b"\xd0\xcf\x11\xe0")  # PDF, zip, Parquet, RTF, Word
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}(?<!\.)")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)  # no file names on Windows


def find_sources(places: list[str], progress: Callable[[str], object]) -> list[str]:
    """Return files and addresses; a folder stands for the files in it that can be read, in order of name.

    A corpus folder, with documents.csv, stays one place. `progress` is told how many files of other kinds
    a folder has. Raises SCONotesError for a folder without any, and for a link in it that leads out.
    """
    found = []
    for place in places:
        folder = Path(place)
        if not _is_folder(place) or (folder / "documents.csv").is_file():
            found.append(place)
            continue
        there = [file for file in sorted(folder.rglob("*")) if not _is_hidden(file, folder)]
        files = [file for file in there if not file.is_dir()]
        known = [file for file in files if file.suffix.lower() in KINDS]
        check_inside(known, folder)
        if not known:
            raise SCONotesError(f"{place}: no file in this folder that can be read ({', '.join(KINDS)})")
        others = sorted({file.suffix.lower() or "none" for file in files} - set(KINDS))
        if others:
            n = len(files) - len(known)
            progress(f"{place}: {n} files of other kinds passed over ({', '.join(others)})")
        found += map(str, known)
    return found


def _is_hidden(file: Path, folder: Path) -> bool:
    """Whether a file is one that a system or a word processor keeps beside the files of a user."""
    return any(part.startswith((".", "~$")) for part in file.relative_to(folder).parts)


def _is_folder(place: str) -> bool:
    return not _is_address(place) and os.path.isdir(place)  # noqa: PTH112  # False for a name that is too long


def _is_address(place: str) -> bool:
    return re.match(r"[a-z][a-z0-9+.-]+://", place, re.IGNORECASE) is not None


def read_source(place: str | Path, encoding: str | None = None) -> pd.DataFrame:
    """Read the documents of one file or web address: a row each, as read_corpus returns them.

    A .txt, .md, .pdf, .docx or .html file and an address are one document; a .csv or .parquet file is one a
    row and needs doc_id and text; a corpus folder is all of its documents. All but plain text is read in a
    process of its own, with limits on time, memory and size.

    Parameters
    ----------
    place : a path, or an http or https address
    encoding : of a text or page, where it is not UTF-8

    Returns
    -------
    The columns of read_corpus and author, file (its name) and losses (what of the file is not in the text).
    Title, author, date and source are what the file states, or "".

    Raises
    ------
    SCONotesError : for what cannot be read, with the reason and the remedy; no text at all is an error
    """
    place = str(place)
    if _is_folder(place):
        return _completed(read_corpus(place, encoding), Path(place).name)
    if _is_address(place):
        with TemporaryDirectory(prefix="sco-notes-") as folder:
            file = Path(folder) / "page"
            page = fetch(place, file)  # checks the address
            kind, final = page["kind"], page["address"]
            rows = _read(file, kind, place, encoding or page["encoding"])
        name = Path(unquote(urlsplit(place).path)).name or urlsplit(place).hostname or "page"
        source = place if final == place else f"{place} (redirected to {final})"
        rows = [{**row, "source": source} for row in rows]
    else:
        name, kind = Path(place).name, KINDS.get(Path(place).suffix.lower(), "")
        if not kind and os.path.exists(place):  # noqa: PTH110
            raise SCONotesError(f"{place}: cannot read this kind of file; give one of {', '.join(KINDS)}")
        rows = _read(Path(place), kind or "txt", place, encoding)
    table = pd.DataFrame(rows)
    if kind not in ("csv", "parquet"):
        table = table.assign(doc_id=shown(Path(name).stem))
    return _completed(check_documents(table, shown(place, 300)), name)


def _completed(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """The columns that every document of an own corpus has, the text last."""
    table = table.assign(**({"author": "", "file": shown(name), "losses": ""} | dict(table.items())))
    return table[[*table.columns.drop("text"), "text"]]


def with_stated(frames: list[pd.DataFrame], given: dict[str, str | None]) -> pd.DataFrame:
    """Return several frames of documents as one, with the title, date, author or source that the user gave.

    Raises SCONotesError for a date that is not EDTF and for one title of several documents.
    """
    documents = pd.concat(frames, ignore_index=True).drop(columns="year").fillna("")
    if given.get("title") and len(documents) > 1:
        raise SCONotesError(f"--title: one title for {len(documents)} documents; add them one by one")
    if given.get("date"):
        edtf_bounds(str(given["date"]))
    return documents.assign(**{name: value for name, value in given.items() if value})


def _read(file: Path, kind: str, name: str, encoding: str | None) -> list[dict]:
    """What one file says, a dictionary for each of its documents."""
    check_size(file, kind, name)
    if kind in ("txt", "md", "csv") and file.open("rb").read(8).startswith(_NO_TEXT):
        raise SCONotesError(f"{name}: not text, whatever its name says; give it the ending of what it is")
    try:
        if kind == "txt":
            return [{"text": read_text(file, encoding)}]
        if kind == "csv":
            said: dict = {"rows": read_table(file, encoding).to_dict("records")}
        else:
            said = convert(file, kind, name, encoding)
    except SCONotesError as error:
        raise SCONotesError(str(error).replace(str(file), name)) from None
    if "rows" in said:
        if not said["rows"]:
            raise SCONotesError(f"{name}: no documents, only columns; is it the right file?")
        if (n := len(said["rows"][0])) > MOST_COLUMNS:
            raise SCONotesError(f"{name}: {n:,} columns, at most {MOST_COLUMNS} are kept; remove some")
        return said["rows"]
    losses = said.pop("losses")
    try:
        edtf_bounds(said["date"] or "2024")
    except SCONotesError:
        losses.append(f"the date it states, {said['date']!r}, is no EDTF date: not taken")
        said["date"] = ""
    for key in ("title", "author", "source"):
        if (plain := said[key].lstrip("=+-@")) != said[key]:  # documents.csv may be opened by a spreadsheet
            losses.append(f"the {key} it states begins as a formula does: its first signs are left out")
            said[key] = plain
    return [{**said, "losses": "; ".join(losses)}]


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
