"""A folder or zip of submissions, as a platform exports it, to one notebook a student and exercise."""

import json
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath

from ..errors import SCONotesError
from .assignment import Assignment, texts_by_name

LARGEST = 20_000_000  # bytes of a notebook: its code is small, what is large is output
MOST_FILES = 5_000
# Moodle: "Name_1234_assignsubmission_file"; Canvas: "name_LATE_123_456_notebook".
_PLATFORM = re.compile(r"_\d+_assignsubmission_file_?$|(_LATE)?_\d+_\d+(_.*)?$")


@dataclass(frozen=True)
class Submission:
    """One notebook of a student; where it cannot be graded, `problem` says why."""

    student: str
    file: str
    exercise: str = ""
    data: bytes = b""
    problem: str = ""

    def notebook(self) -> dict:
        return json.loads(self.data)


def read_submissions(path: Path, assignments: dict[str, Assignment]) -> list[Submission]:
    """Read the submissions in a folder or zip, one a student and exercise; nothing of it is written anywhere.

    The student is named by the first folder, or by the file where there is none. Raises SCONotesError where
    there is no notebook at all.
    """
    if not path.exists():
        raise SCONotesError(f"{path}: no such folder or zip of submissions")
    found = [_submission(*file, assignments) for file in _files(path)]
    if not found:
        raise SCONotesError(f"{path}: no notebook (.ipynb) in it; give the folder that the platform exported")
    exercises = {s.exercise for s in found if s.exercise}
    if len(exercises) == 1:  # a batch of one exercise: what cannot be read was meant for it
        found = [replace(s, exercise=next(iter(exercises))) for s in found]
    # Where a student handed in an exercise twice, the last by name counts, of those that can be read.
    found.sort(key=lambda s: (s.student, bool(s.data), s.file))
    return list({(s.student, s.exercise or s.file): s for s in found}.values())


def student_name(file: str) -> str:
    """Return the student of a submitted file, by its first folder or its own name.

    >>> student_name("Ана Петрова_4711_assignsubmission_file_/1_counting.ipynb")
    'Ана Петрова'
    >>> student_name("lee_LATE_12_345_1_counting.ipynb")
    'lee'
    """
    first = PurePosixPath(file).parts[0]
    stem = re.sub(r"\.(ipynb|zip)$", "", first, flags=re.IGNORECASE)
    return _PLATFORM.sub("", stem) or stem


def _submission(name: str, data: bytes, problem: str, assignments: dict[str, Assignment]) -> Submission:
    student = student_name(name)
    if problem:
        return Submission(student, name, problem=problem)
    try:
        notebook = json.loads(data)
        if not all(isinstance(cell.get("source", ""), str | list) for cell in notebook["cells"]):
            raise TypeError
    except (AttributeError, ValueError, KeyError, TypeError, RecursionError):
        is_page = data.lstrip().startswith(b"<")
        what = "an HTML page" if is_page else "not a notebook, or a damaged one" if data.strip() else "empty"
        return Submission(student, name, problem=f"the file is {what}")
    # The exercise with which it shares most cells; else the one named in its file name.
    there = texts_by_name(notebook).keys() - {""}
    shared = {id: len(there & texts_by_name(one.source).keys()) for id, one in assignments.items()}
    exercise = max(shared, key=shared.__getitem__)
    if not shared[exercise]:
        exercise = next((id for id in assignments if id in name), "")
    if not exercise:
        return Submission(student, name, problem="no cell of any exercise is in the notebook")
    try:
        language = str(notebook["metadata"]["kernelspec"]["language"])
    except (KeyError, TypeError):
        language = "Python"
    if language.lower() != "python":
        problem = f"the notebook is written for {language}, not Python"
    return Submission(student, name, exercise, data, problem)


def _files(path: Path) -> Iterator[tuple[str, bytes, str]]:
    """The name and content of each notebook in a folder or zip, and why one cannot be read."""
    if path.is_file():
        if not zipfile.is_zipfile(path):
            raise SCONotesError(f"{path}: not a zip, or a damaged one; give a folder or a zip")
        yield from _zip_files(path, "")
        return
    for file in sorted(path.rglob("*")):
        name, kind = file.relative_to(path).as_posix(), file.suffix.lower()
        if _is_hidden(name) or kind not in (".ipynb", ".zip") or file.is_dir():
            continue
        if file.is_symlink() or not file.is_file():
            yield name, b"", "the file is a link or a device, not a file"
        elif kind == ".zip":
            yield from _zip_files(file, name.removesuffix(".zip") + "/")
        else:
            yield name, *_content(file.stat().st_size, file.read_bytes)


def _zip_files(file: Path, prefix: str) -> Iterator[tuple[str, bytes, str]]:
    """The notebooks of a zip, read in memory; names that lead out of it are named and not followed."""
    own = prefix or file.name
    try:
        with zipfile.ZipFile(file) as archive:
            if len(archive.infolist()) > MOST_FILES:
                yield own, b"", f"the zip holds {len(archive.infolist()):,} files"
                return
            for info in archive.infolist():
                path = PurePosixPath(info.filename.replace("\\", "/"))
                if ".." in path.parts or path.is_absolute() or re.match(r"[A-Za-z]:", info.filename):
                    yield own, b"", "the zip holds a name that leads out of its folder; it was not unpacked"
                elif path.suffix.lower() != ".ipynb" or _is_hidden(info.filename):
                    continue
                else:
                    yield prefix + info.filename, *_content(info.file_size, partial(archive.read, info))
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError, ValueError, zlib.error):
        yield own, b"", "the zip is damaged or locked with a password"


def _is_hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(name).parts)


def _content(size: int, read: Callable[[], bytes]) -> tuple[bytes, str]:
    """What a file holds, and why it is not read."""
    if size > LARGEST:
        return b"", f"the file has {size / 1e6:,.0f} MB; {LARGEST / 1e6:.0f} are allowed: clear the outputs"
    try:
        return read(), ""
    except PermissionError as error:
        return b"", f"the file cannot be read ({error.strerror})"
