"""Texts that the project may not pass on: downloaded from pinned addresses, or put in by who owns them.

Every text is checked by its sha256 before it gets its name, so a file under texts/ is either whole and right
or not there.
"""

import hashlib
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from ..errors import SCONotesError, shown
from ..files import check_file, read_checked, write_whole
from .address import innermost, open_page, receive
from .documents import read_documents, read_text, text_digest, text_file
from .text import token_spans

AT_A_TIME = 4
TIMEOUT = (10, 30)  # seconds to connect, seconds between two pieces of an answer
LONGEST = 120  # seconds for one text, all in all: a server may also send a byte now and then for ever
RETRIES = 2  # where there is no connection, or the server is busy or failing
PAUSE = 1.0  # seconds before the second retry, as `backoff_factor` of urllib3
BUSY = (429, 500, 502, 503, 504)  # status of a server that asks for, or needs, another try
PATIENCE = 8  # failures in a row before the rest is left alone

_ADDRESS = re.compile(r"(https?://[^/\s]+)(/\S*)?")
_EXPECTED = {  # column of documents.csv: the form of its values, and what that is
    "address": (_ADDRESS, "an http or https address"),
    "raw_bytes": (re.compile(r"[1-9]\d{0,8}"), "a number of bytes"),
    "raw_sha256": (re.compile(r"[0-9a-f]{64}"), "a sha256 (64 digits 0-9 a-f)"),
}


def fetch_texts(
    corpus_folder: str | Path, mirror: str | None = None, progress: Callable[[str], Any] = print
) -> int:
    """Download the texts of a corpus that are missing or changed into its folder texts/; return how many.

    documents.csv says for each doc_id the address, raw_bytes and raw_sha256 of the file. What is already
    right is not touched, so the same call again resumes. `mirror` stands in for the scheme and host of every
    address: with "https://mirror.example/un", "https://raw.githubusercontent.com/a/b" is read from
    https://mirror.example/un/a/b. Raises SCONotesError before any download if documents.csv is unfit, and at
    the end if texts are missing.
    """
    folder = Path(corpus_folder)
    documents = _with_addresses(folder, mirror)
    n_all = len(documents)
    wanted = [row for row in documents.itertuples() if not _is_right(row)]
    if not wanted:
        progress(f"{folder.name}: all {n_all} texts are here and right")
        return 0
    n_right = n_all - len(wanted)
    progress(f"{folder.name}: {n_right} of {n_all} texts are here and right, downloading {len(wanted)}")
    faults, n_done = _download_all(wanted, progress, {urlsplit(mirror).hostname} if mirror else set())
    if faults:
        missing = f"{len(wanted) - n_done} of {n_all} texts could not be downloaded"
        again = "the same command again goes on with what is missing"
        raise SCONotesError(f"{folder.name}: {missing}; {faults[0]} ({again})")
    progress(f"{folder.name}: {len(wanted)} downloaded, all {n_all} texts are here and right")
    return len(wanted)


def add_own_text(
    corpus_folder: str | Path, file: str | Path, doc_id: str | None = None, encoding: str | None = None
) -> Path:
    """Put a text you own into the corpus it belongs to, if it is the one the corpus was made from.

    The hash of the normalised text decides: line breaks, white space, byte order marks and the way accents
    are composed do not matter, words and punctuation do. In a corpus of several documents the text is
    recognised by its hash, or `doc_id` names it. Returns the path of the normalised copy.
    Raises SCONotesError where the text is another one, and says how far it differs.
    """
    folder = Path(corpus_folder)
    documents = read_documents(folder)
    if doc_id is not None:
        documents = documents[documents["doc_id"] == doc_id]
        if documents.empty:
            raise SCONotesError(f"{folder / 'documents.csv'}: no document {doc_id!r}; see its column doc_id")
    text = read_text(Path(file), encoding)
    right = documents.loc[documents["sha256"] == text_digest(text), "doc_id"]
    if right.empty:
        raise SCONotesError(f"{file}: {_difference(folder, documents, text)}")
    target = text_file(folder, right.iloc[0])
    write_whole(target, text)
    return target


def _with_addresses(folder: Path, mirror: str | None) -> pd.DataFrame:
    """documents.csv with checked addresses, sizes and hashes: nothing is downloaded where one is wrong."""
    listing = folder / "documents.csv"
    documents = read_documents(folder)
    for column, (form, what) in _EXPECTED.items():
        if column not in documents.columns:
            remedy = f"a text that you own is put in with `sco-notes texts {folder.name} --file FILE`"
            raise SCONotesError(f"{listing}: no column {column}, so nothing can be downloaded; {remedy}")
        for doc_id, value in zip(documents["doc_id"], documents[column], strict=True):
            if not form.fullmatch(value):
                raise SCONotesError(f"{listing}, document {doc_id}: {column} {value!r} is not {what}")
    if mirror is not None:
        if not _ADDRESS.fullmatch(mirror):
            raise SCONotesError(f"--mirror {mirror}: not an http or https address, such as https://host")
        paths = documents["address"].str.replace(r"https?://[^/]+", "", regex=True)
        documents["address"] = mirror.rstrip("/") + paths
    return documents.assign(file=[text_file(folder, doc_id) for doc_id in documents["doc_id"]])


def _is_right(row: Any) -> bool:
    """Whether a text is in place: the very file, or one that normalises to the same text."""
    if not row.file.exists():
        return False
    check_file(row.file)
    if hashlib.sha256(row.file.read_bytes()).hexdigest() == row.raw_sha256:
        return True
    try:
        return text_digest(read_text(row.file)) == row.sha256
    except SCONotesError:
        return False


def _download_all(rows: list[Any], progress: Callable[[str], Any], allowed: set) -> tuple[list[str], int]:
    """Download a few at a time; return what went wrong, a line for a text, and how many were downloaded."""
    import requests
    from requests.adapters import HTTPAdapter
    from urllib3.util import Retry

    session = requests.Session()
    session.headers["User-Agent"] = "sco-notes"
    again = Retry(RETRIES, backoff_factor=PAUSE, status_forcelist=BUSY, raise_on_status=False)
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(max_retries=again))
    faults: list[str] = []
    n_done = n_in_a_row = 0
    for n, fault in enumerate(_side_by_side(rows, lambda row: _download(row, session, allowed)), 1):
        if fault:
            faults.append(fault)
            progress(fault)
        n_done, n_in_a_row = (n_done, n_in_a_row + 1) if fault else (n_done + 1, 0)
        if n_in_a_row == PATIENCE and n < len(rows):
            progress(f"{PATIENCE} downloads failed in a row: stopped, {len(rows) - n} not tried")
            break
        if n % 50 == 0:
            progress(f"  {n} of {len(rows)}")
    return faults, n_done


def _side_by_side(rows: list[Any], download: Callable[[Any], str]) -> Iterator[str]:
    """Yield what `download` says of each row. A thread that takes too long is left alone."""
    said: SimpleQueue = SimpleQueue()
    waiting = rows[::-1]
    until: dict[Any, float] = {}
    while waiting or until:
        while waiting and len(until) < AT_A_TIME:
            row = waiting.pop()
            until[row] = time.monotonic() + LONGEST
            Thread(target=lambda row=row: said.put((row, download(row))), daemon=True).start()
        try:
            row, fault = said.get(timeout=max(0.0, min(until.values()) - time.monotonic()))
        except Empty:
            row = min(until, key=lambda row: until[row])
            slow = f"not done after {LONGEST:g} seconds; try again later, or name a copy with --mirror"
            fault = f"{row.file.name} from {row.address}: {slow}"
        if until.pop(row, None):
            yield fault


def _download(row: Any, session: Any, allowed: set) -> str:
    """Download one text; return "", or what went wrong with the remedy."""
    try:
        here, page = open_page(row.address, session, TIMEOUT, allowed)
        with page:
            page.raise_for_status()
            data = receive(page, int(row.raw_bytes))
        if hashlib.sha256(data).hexdigest() == row.raw_sha256:
            write_whole(row.file, data)
            return ""
        remedy = "a login page, or another version? Try another network, or name a copy with --mirror"
        fault = f"another text than expected (by its sha256) is sent by {here}: {remedy}"
    except SCONotesError as error:
        fault = str(error)
    except Exception as error:  # of requests, mostly; whatever a server sends, the others go on
        answer = getattr(error, "response", None)
        if answer is None:
            fault = f"broken off ({innermost(error)}); check the network, or name a copy with --mirror"
        elif answer.status_code in BUSY:
            fault = f"the server failed ({answer.status_code} {answer.reason}); try again later"
        else:
            has_not = f"the server does not have it ({answer.status_code} {answer.reason})"
            fault = f"{has_not}; name a copy with --mirror"
    return shown(f"{row.file.name} from {row.address}: {fault}", 500)


def _difference(folder: Path, documents: pd.DataFrame, text: str) -> str:
    """How a text differs from the one expected, as far as its length and the counts of terms tell."""
    line = "not the text this corpus was made from"
    if len(documents) > 1:
        return f"{line}: none of the {len(documents)} documents is this text; name the one with --document"
    row = documents.iloc[0]
    if row.get("n_characters"):
        line += f"; {int(row['n_characters']):,} characters are expected, it has {len(text):,}"
    if (terms_file := folder / "derived" / "terms.parquet").is_file():
        terms = pd.read_parquet(BytesIO(read_checked(terms_file)))
        terms = terms[terms["doc_id"] == row["doc_id"]]
        found = Counter(text[start:end].lower() for start, end in token_spans(text))
        expected = Counter(dict(zip(terms["term"], terms["n"], strict=True)))
        if found == expected:
            line += "; its words are right, so their order or the punctuation differs (’ for ', « for \")"
        for what, words in (("too many", found - expected), ("missing", expected - found)):
            if words:
                line += f"; {what}: {', '.join(f'{term} ({n})' for term, n in words.most_common(5))}"
    remedy = "give the text alone, without menus, captions and comments around it"
    return f"{line}. White space and line breaks do not matter, words and punctuation do: {remedy}"
