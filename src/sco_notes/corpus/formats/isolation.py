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
from . import KINDS
from .zipped import unpack

SECONDS = 20
MEMORY = 2 * 1024**3  # bytes of address space; pyarrow alone reserves half of it
LARGEST = {kind: about.get("largest", LARGEST_FILE) for kind, about in KINDS.items()}  # bytes
_NO_TEXT = re.compile("[\0\ud800-\udfff]")


def convert(file: Path, kind: str, name: str, encoding: str | None = None, folder: str = "") -> dict:
    """Read what one file says; `name` is what errors call it, `folder` for what is unpacked of a zip.

    Returns {"text", "title", "date", "author", "source", "losses"}, the last a list of what is not in the
    text; of a table {"header", "cells", "notes", "faults"}; nothing of a zip. Raises SCONotesError where it
    cannot be read within the limits.
    """
    check_size(file, kind, name)
    path = str(file.resolve())
    task = {"path": path, "kind": kind, "encoding": encoding, "folder": folder, "memory": MEMORY}
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
        if kind == "zip":
            return unpack(path, task["folder"])
        module, _, function = KINDS[kind]["reader"].partition(".")
        reader = getattr(import_module(f"sco_notes.corpus.formats.{module}"), function)
        said = reader(path, task["encoding"])
    except SCONotesError:
        raise
    except MemoryError:
        raise SCONotesError("it unfolds to more than the memory allowed; split it") from None
    except ImportError as error:
        command = f"{sys.executable} -m pip install {KINDS[kind].get('package', error.name)}"
        raise SCONotesError(f"the package {error.name} is needed to read it: {command}") from None
    except Exception as error:  # of a parser, on a file that may have been made to break it
        reason = f"{type(error).__name__}: {shown(str(error), 120) or 'no reason given'}"
        remedy = "write it again, or as .csv" if kind == "parquet" else "save it again, or its text as .txt"
        raise SCONotesError(f"not a readable {kind} file ({reason}); {remedy}") from None
    if isinstance(said, dict):
        return said
    text, losses, about = said
    if not text.strip():
        raise SCONotesError("no text in it; is it the right file?")
    text, n_odd = _NO_TEXT.subn("", text)
    losses += [f"{n_odd:,} characters that are no text dropped"] if n_odd else []
    stated = {key: shown(about.get(key) or "", 300) for key in ("title", "date", "author", "source")}
    return {"text": text, "losses": losses, **stated}


if __name__ == "__main__":
    answer(read)
