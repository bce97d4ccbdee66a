"""A file from anywhere is read in a process of its own, with limits: what it does there stays there.

A PDF of 0.6 MB may unfold to 300 MB, a web page may keep a parser busy for minutes. Where a limit is reached
that process ends, the file is named, and nothing else happens.
"""

import re
import sys
from importlib import import_module
from pathlib import Path

from ...errors import SCONotesError, shown
from ...files import LARGEST_FILE, check_file
from ...processes import answer, run_limited

SECONDS = 20
MEMORY = 2 * 1024**3  # bytes of address space; pyarrow alone reserves half of it
LARGEST = dict.fromkeys(("txt", "md", "csv", "parquet", "pdf", "docx"), LARGEST_FILE)  # bytes
LARGEST["html"] = 5_000_000  # its parsers take more than linear time
_NO_TEXT = re.compile("[\0\ud800-\udfff]")


def convert(file: Path, kind: str, name: str, encoding: str | None = None) -> dict:
    """Read what one file says.

    Parameters
    ----------
    file, kind : where it is, and a kind of LARGEST
    name : what errors call it
    encoding : of a text or page, where it is stated

    Returns
    -------
    {"text", "title", "date", "author", "source", "losses"}, the last a list of what of the file is not in the
    text, or {"rows"} of a table

    Raises
    ------
    SCONotesError : where it cannot be read within the limits
    """
    check_size(file, kind, name)
    path = str(file.resolve())
    task = {"path": path, "kind": kind, "encoding": encoding, "memory": MEMORY}
    remedy = "save its text as .txt and add that"
    try:
        return run_limited(__name__, task, SECONDS, file.parent)
    except SCONotesError as error:
        # Where the error names the file, it is by the name that the user gave.
        reason = shown(str(error).replace(path, name), 1000)
        raise SCONotesError(reason if reason.startswith(name) else f"{name}: {reason}") from None
    except TimeoutError as error:
        raise SCONotesError(f"{name}: {error}; split it, or {remedy}") from None
    except ChildProcessError as error:
        reason = f"cannot be read within {MEMORY / 1e9:.1f} GB of memory, or is damaged (exit {error})"
        raise SCONotesError(f"{name}: {reason}; {remedy}") from None


def check_size(file: Path, kind: str, name: str) -> None:
    """Raise for what is no regular file, is empty, or larger than files of its kind may be."""
    check_file(file, name, LARGEST[kind])
    if not file.stat().st_size:
        raise SCONotesError(f"{name}: an empty file; remove it or put text in it")


def read(task: dict) -> dict:
    """Read one file in the child process; return what `convert` does."""
    path, kind = task["path"], task["kind"]
    try:
        return _rows(path) if kind == "parquet" else _text(path, kind, task["encoding"])
    except SCONotesError:
        raise
    except MemoryError:
        raise SCONotesError("it unfolds to more than the memory allowed; split it") from None
    except ImportError as error:
        command = f"{sys.executable} -m pip install {'pypdf' if kind == 'pdf' else 'trafilatura'}"
        raise SCONotesError(f"the package {error.name} is needed to read it: {command}") from None
    except Exception as error:  # of a parser, on a file that may have been made to break it
        reason = f"{type(error).__name__}: {shown(str(error), 120) or 'no reason given'}"
        remedy = "write it again, or as .csv" if kind == "parquet" else "save it again, or its text as .txt"
        raise SCONotesError(f"not a readable {kind} file ({reason}); {remedy}") from None


def _text(path: str, kind: str, encoding: str | None) -> dict:
    module = {"docx": "docx", "html": "html", "md": "markdown", "pdf": "pdf"}[kind]
    text, losses, about = import_module(f"sco_notes.corpus.formats.{module}").read(path, encoding)
    text, n_odd = _NO_TEXT.subn("", text)
    losses += [f"{n_odd:,} characters that are no text dropped"] if n_odd else []
    stated = {key: shown(about.get(key) or "", 300) for key in ("title", "date", "author", "source")}
    return {"text": text, "losses": losses, **stated}


def _rows(path: str) -> dict:
    """The documents of a Parquet file, in which a text of 1 MB may stand a million times in a few bytes."""
    from pyarrow import parquet

    from ..documents import read_corpus

    file = parquet.ParquetFile(path)
    if "text" in file.schema_arrow.names:
        unfolded = 0
        for batch in file.iter_batches(1000, columns=["text"]):
            unfolded += sum(len(str(text)) for text in batch.column(0).to_pylist())
            if unfolded > LARGEST_FILE:
                raise SCONotesError(f"over {LARGEST_FILE // 1_000_000} MB of text in it; split it")
    return {"rows": read_corpus(path).drop(columns=["year", "sha256"]).astype(str).to_dict("records")}


if __name__ == "__main__":
    answer(read)
