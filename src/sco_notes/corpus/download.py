"""Texts that the project may not pass on: downloaded from pinned addresses, or put in by who owns them.

The one module that goes to the network. Every text is checked by its sha256 before it gets its name, so a
file under texts/ is either whole and right or not there.
"""

import hashlib
import os
import re
import shutil
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path, PurePosixPath
from typing import Any

import pandas as pd

from ..errors import SCONotesError
from .documents import read_documents, read_text, text_digest
from .text import decode, normalise, token_spans

AT_A_TIME = 4
TIMEOUT = (10, 30)  # seconds to connect, seconds between two pieces of an answer
LONGEST = 120  # seconds for one text: a server may also send a byte now and then for ever
PAUSES = (1.0, 4.0)  # seconds before the second and the third attempt
PATIENCE = 8  # failures in a row that another try might have mended, before the rest is left alone
MOST_SHOWN = 10  # faults; a wrong mirror would fill the screen with hundreds of the same

Progress = Callable[[str], Any]
_ADDRESS = re.compile(r"(https?://[^/\s]+)(/\S*)?")


def fetch_texts(corpus_folder: str | Path, mirror: str | None = None, progress: Progress = print) -> int:
    """Download the texts of a corpus that are missing or changed into its folder texts/; return how many.

    documents.csv says for each doc_id the address, raw_bytes and raw_sha256 of the file. What is already
    right is not touched, so the same call again resumes. `mirror` stands in for the scheme and host of every
    address: with "https://mirror.example/un", "https://raw.githubusercontent.com/a/b" is read from
    https://mirror.example/un/a/b. `progress` is told of progress and of every text that could not be had.
    Raises SCONotesError before any download if documents.csv is unfit, and at the end if texts are missing.
    """
    folder = Path(corpus_folder)
    documents = _with_addresses(folder, mirror)
    files = {doc_id: _text_file(folder, doc_id) for doc_id in documents["doc_id"]}
    n_all = len(documents)
    wanted = [row for row in documents.itertuples() if not _is_right(files[row.doc_id], row)]
    if not wanted:
        progress(f"{folder.name}: all {n_all} texts are here and right")
        return 0
    n_right = n_all - len(wanted)
    progress(f"{folder.name}: {n_right} of {n_all} texts are here and right, downloading {len(wanted)}")
    part = folder / "texts" / ".part"
    try:
        faults = _download_all(wanted, files, part, progress)
    finally:
        shutil.rmtree(part, ignore_errors=True)  # with what a killed run left there
    if faults:
        raise SCONotesError(
            f"{folder.name}: {len(faults)} of {n_all} texts could not be had; {faults[0]} (the same command "
            "again goes on with what is missing)"
        )
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
        raise SCONotesError(_difference(folder, documents, file, text))
    target = _text_file(folder, right.iloc[0])
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(text.encode())
        temporary.replace(target)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise SCONotesError(
            f"{target}: cannot be written ({error.strerror}); make room or check permissions"
        ) from None
    return target


def _with_addresses(folder: Path, mirror: str | None) -> pd.DataFrame:
    """documents.csv with checked addresses, sizes and hashes: nothing is downloaded where one is wrong."""
    listing = folder / "documents.csv"
    documents = read_documents(folder)
    missing = [name for name in ("address", "raw_bytes", "raw_sha256") if name not in documents.columns]
    if missing:
        raise SCONotesError(
            f"{listing}: no column {missing[0]}, so nothing can be downloaded and checked; a text that you "
            f"own is put in with `sco-notes texts {folder.name} --file FILE`"
        )
    if mirror is not None and not _ADDRESS.fullmatch(mirror):
        raise SCONotesError(f"--mirror {mirror}: not an http or https address; give for example https://host")
    for row in documents.itertuples():
        what = f"{listing}, document {row.doc_id}"
        if not _ADDRESS.fullmatch(row.address):
            raise SCONotesError(f"{what}: address {row.address!r} is not an http or https address")
        if not re.fullmatch(r"[1-9]\d{0,8}", row.raw_bytes):
            raise SCONotesError(f"{what}: raw_bytes {row.raw_bytes!r} is not a number of bytes")
        if not re.fullmatch(r"[0-9a-f]{64}", row.raw_sha256):
            raise SCONotesError(f"{what}: raw_sha256 is not a sha256 (64 digits 0-9 a-f)")
    if mirror is not None:
        base = mirror.rstrip("/")
        documents["address"] = [_ADDRESS.sub(lambda m: base + (m[2] or ""), a) for a in documents["address"]]
    return documents


def _text_file(folder: Path, doc_id: str) -> Path:
    path = PurePosixPath(doc_id)
    if path.is_absolute() or ".." in path.parts or re.search(r"[\\:]", doc_id):
        raise SCONotesError(f"{folder / 'documents.csv'}: doc_id {doc_id!r} leads out of the folder")
    return folder / "texts" / f"{doc_id}.txt"


def _is_right(file: Path, row: Any) -> bool:
    """Whether a text is in place: the very file, or one that normalises to the same text."""
    if not file.exists():
        return False
    if not file.is_file():
        raise SCONotesError(f"{file}: not a regular file; remove it, the text belongs there")
    try:
        data = file.read_bytes()
        return hashlib.sha256(data).hexdigest() == row.raw_sha256 or (
            text_digest(normalise(decode(data))) == row.sha256
        )
    except OSError as error:
        raise SCONotesError(f"{file}: cannot be read ({error.strerror}); check its permissions") from None
    except SCONotesError:
        return False


def _download_all(rows: list[Any], files: dict[str, Path], part: Path, progress: Progress) -> list[str]:
    """Download a few at a time, each in the folder `part` until it is whole; return a line for each fault."""
    import pooch
    import requests

    pooch.get_logger().setLevel("WARNING")  # it would announce every file
    faults: list[str] = []
    stop = threading.Event()  # going on is of no use, or the user interrupted
    n_in_a_row = 0
    with requests.Session() as session, ThreadPoolExecutor(AT_A_TIME) as pool:
        session.headers["User-Agent"] = "sco-notes"
        jobs = [pool.submit(_download, row, files[row.doc_id], part, session, stop) for row in rows]
        try:
            for n, job in enumerate(as_completed(jobs), 1):
                fault, may_pass = job.result()
                if fault:
                    faults.append(fault)
                if stop.is_set():
                    continue
                if fault and len(faults) <= MOST_SHOWN:
                    progress(fault)
                n_in_a_row = n_in_a_row + 1 if may_pass else 0
                if n_in_a_row == PATIENCE:
                    stop.set()
                    progress(f"{PATIENCE} downloads failed in a row: stopped, {len(rows) - n} not tried")
                elif n % 50 == 0:
                    progress(f"  {n} of {len(rows)}")
        except BaseException:
            stop.set()
            raise
    if len(faults) > MOST_SHOWN and not stop.is_set():
        progress(f"... and {len(faults) - MOST_SHOWN} more")
    return faults


def _download(row: Any, file: Path, part: Path, session: Any, stop: threading.Event) -> tuple[str, bool]:
    """Download one text; return "", or what went wrong with the remedy, and whether it may pass by itself."""
    import pooch

    def receive(url: str, output: str, _: Any) -> None:
        _receive(session, url, Path(output), int(row.raw_bytes))

    fault, may_pass = "not tried", True
    for pause in (0.0, *PAUSES):
        if not may_pass or stop.wait(pause):
            break
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            pooch.retrieve(row.address, row.raw_sha256, fname=row.raw_sha256, path=part, downloader=receive)
            (part / row.raw_sha256).replace(file)
            return "", False
        except (OSError, ValueError, SCONotesError) as error:
            fault, may_pass = _explain(error)
    return f"{file.name} from {row.address}: {fault}", may_pass


def _receive(session: Any, url: str, file: Path, expected: int) -> None:
    """Write an answer to a file, but never more than the number of bytes expected."""
    received, began = 0, time.monotonic()
    with session.get(url, stream=True, timeout=TIMEOUT) as answer, file.open("wb") as out:
        answer.raise_for_status()
        file.chmod(0o644)  # pooch's temporary file is for the owner alone
        for piece in answer.iter_content(65_536):
            received += len(piece)
            if received > expected:
                by = f" by {answer.url}" if answer.url != url else ""
                raise SCONotesError(
                    f"more than the {expected:,} bytes expected are sent{by}; a login page, or another "
                    "version? Try another network, or name a copy with --mirror"
                )
            if time.monotonic() - began > LONGEST:
                raise TimeoutError(f"not done after {LONGEST} seconds")
            out.write(piece)
    if received < expected:
        raise ConnectionError(f"{received:,} of {expected:,} bytes")


def _explain(error: Any) -> tuple[str, bool]:
    """What an error means for the reader and what to do, and whether it may pass by itself."""
    from requests import exceptions

    if isinstance(error, SCONotesError):
        return str(error), False
    answer = getattr(error, "response", None)
    if answer is not None:
        status = f"{answer.status_code} {answer.reason}"
        if answer.status_code == 429:
            return f"the server asks to wait ({status}); run the same command again in an hour", True
        if answer.status_code >= 500:
            return f"the server failed ({status}); try again later", True
        return f"the server does not have it ({status}); name a copy with --mirror", False
    reason = _innermost(error)
    if isinstance(error, exceptions.SSLError):
        return f"no safe connection ({reason}); check the clock, or try another network", True
    if isinstance(error, (exceptions.ConnectionError, exceptions.Timeout)):
        return f"no connection ({reason}); check the network, or name a copy with --mirror", True
    if isinstance(error, (exceptions.RequestException, ConnectionError, TimeoutError)):
        return f"the download broke off ({reason}); try again later", True
    if isinstance(error, OSError):
        return f"cannot be written ({error.strerror or error}); make room or check permissions", True
    return (  # the ValueError of pooch
        "another text than expected (its sha256 is not raw_sha256 of documents.csv), changed at the source "
        "or on the way; try another network, or name a copy with --mirror"
    ), False


def _innermost(error: Any) -> str:
    """What began it: requests wraps errors of urllib3, which wrap those of the system."""
    while isinstance(getattr(error, "reason", None), Exception):
        error = error.reason
    if error.args and isinstance(error.args[-1], Exception):
        return _innermost(error.args[-1])
    return str(error).rsplit(": ", 1)[-1][:160]


def _difference(folder: Path, documents: pd.DataFrame, file: str | Path, text: str) -> str:
    """How a text differs from the one expected, as far as its length and its words tell."""
    line = f"{file}: not the text this corpus was made from"
    if len(documents) > 1:
        return f"{line}: none of the {len(documents)} documents is this text; name the one with --document"
    row = documents.iloc[0]
    if not row["sha256"]:
        return f"{folder / 'documents.csv'}: no sha256 for {row['doc_id']}, so no text can be checked"
    if row.get("n_characters"):
        line += f"; {int(row['n_characters']):,} characters are expected, it has {len(text):,}"
    return (
        f"{line}{_different_words(folder, row['doc_id'], text)}. White space and line breaks do not matter, "
        "words and punctuation do: give the text alone, without menus, captions and comments around it"
    )


def _different_words(folder: Path, doc_id: str, text: str) -> str:
    """Words that are too many or missing, where the corpus brings its counts of terms."""
    terms_file = folder / "derived" / "terms.parquet"
    if not terms_file.is_file():
        return ""
    expected = pd.read_parquet(terms_file).query("doc_id == @doc_id").set_index("term")["n"]
    found = pd.Series(Counter(text[start:end].lower() for start, end in token_spans(text)))
    surplus = found.sub(expected, fill_value=0).astype(int)
    if not surplus.any():
        return "; its words are right, so their order or the punctuation differs (’ for ', « for \")"
    extra, missing = surplus[surplus > 0].nlargest(5), -surplus[surplus < 0].nsmallest(5)
    named = [(what, words) for what, words in (("too many", extra), ("missing", missing)) if len(words)]
    return "".join(f"; {what}: {', '.join(f'{t} ({n})' for t, n in words.items())}" for what, words in named)
