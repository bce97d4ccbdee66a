"""A file from anywhere is read in a process of its own, with limits: what it does there stays there.

A PDF of 0.6 MB may unfold to 300 MB, a web page may keep a parser busy for minutes. Where a limit is reached
that process ends, the file is named, and nothing else happens.
"""

import json
import subprocess
import sys
from pathlib import Path

from ...errors import SCONotesError
from ..stated import shown

SECONDS = 20
MEMORY = 2 * 1024**3  # bytes of address space; pyarrow alone reserves half of it
LARGEST = {"html": 5_000_000}  # bytes; its parsers take more than linear time
LARGEST_OTHER = 50_000_000


def convert(file: Path, kind: str, name: str, encoding: str | None = None) -> dict:
    """What one file says: {"text", "title", "date", "author", "source", "losses"}, or {"rows"} of a table.

    `name` is what errors call the file. Raises SCONotesError where it cannot be read within the limits.
    """
    check_size(file, kind, name)
    task = {"path": str(file.resolve()), "kind": kind, "name": name, "encoding": encoding, "memory": MEMORY}
    command = [sys.executable, "-I", "-m", "sco_notes.corpus.formats.child"]
    try:
        done = subprocess.run(
            command, input=json.dumps(task).encode(), capture_output=True, timeout=SECONDS, cwd=file.parent
        )
    except subprocess.TimeoutExpired:
        raise SCONotesError(
            f"{name}: not read after {SECONDS} seconds; split it, or save its text as .txt and add that"
        ) from None
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        raise SCONotesError(
            f"{name}: cannot be read within {MEMORY / 1e9:.1f} GB of memory, or is damaged "
            f"(exit {done.returncode}); save its text as .txt and add that"
        ) from None
    if "error" in answer:
        error = shown(answer["error"], 1000)
        raise SCONotesError(error if error.startswith(name) else f"{name}: {error}")
    return answer


def check_size(file: Path, kind: str, name: str) -> None:
    """Raise for what is no regular file, is empty, or larger than files of its kind may be."""
    try:
        if not file.is_file():
            if file.exists():
                raise SCONotesError(f"{name}: not a regular file; give a file of text")
            raise SCONotesError(f"{name}: no such file or folder")
        file.open("rb").close()
    except OSError as error:
        raise SCONotesError(
            f"{name}: cannot be read ({error.strerror}); check name and permissions"
        ) from None
    largest, size = LARGEST.get(kind, LARGEST_OTHER), file.stat().st_size
    if size > largest:
        raise SCONotesError(
            f"{name}: {size / 1e6:,.1f} MB, at most {largest // 1_000_000} MB of {kind} can be read; split it"
        )
    if not size:
        raise SCONotesError(f"{name}: an empty file; remove it or put text in it")
