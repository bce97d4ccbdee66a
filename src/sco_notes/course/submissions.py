"""A folder or zip of submissions, as a platform exports it, to one notebook a student and exercise."""

import json
import re
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ..errors import SCONotesError
from .assignment import Assignment, grading_marks

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
    """Every submission in a folder or zip, sorted by student; nothing of it is written anywhere.

    The student is named by the first folder, or by the file where there is none. Raises SCONotesError where
    there is no notebook at all.
    """
    if not path.exists():
        raise SCONotesError(f"{path}: no such folder or zip of submissions")
    found = []
    for name, data, problem in _zip_files(path, "") if path.is_file() else _folder_files(path):
        student = student_name(name)
        found.append(_submission(student, name, data, problem, assignments))
    if not found:
        raise SCONotesError(f"{path}: no notebook (.ipynb) in it; give the folder that the platform exported")
    # Where a student handed in an exercise twice, the last by name counts.
    latest = {(s.student, s.exercise or s.file): s for s in sorted(found, key=lambda s: (s.student, s.file))}
    only = {s.exercise for s in latest.values() if s.exercise}
    if len(only) == 1:  # a batch of one exercise: what cannot be read was meant for it
        exercise = only.pop()
        readable = {student for student, which in latest if which == exercise}
        latest = {
            key: s if s.exercise else Submission(s.student, s.file, exercise, s.data, s.problem)
            for key, s in latest.items()
            if s.exercise or s.student not in readable
        }
    return list(latest.values())


def student_name(file: str) -> str:
    """The student of a submitted file, by its first folder or its own name.

    >>> student_name("Ана Петрова_4711_assignsubmission_file_/1_counting.ipynb")
    'Ана Петрова'
    >>> student_name("lee_LATE_12_345_1_counting.ipynb")
    'lee'
    """
    first = PurePosixPath(file).parts[0]
    stem = re.sub(r"\.(ipynb|zip)$", "", first, flags=re.IGNORECASE)
    return _PLATFORM.sub("", stem) or stem


def _submission(student, name, data, problem, assignments) -> Submission:
    if problem:
        return Submission(student, name, problem=problem)
    try:
        notebook = json.loads(data)
        cells = notebook["cells"]
        if not all(isinstance(c, dict) and isinstance(c.get("source", ""), str | list) for c in cells):
            raise TypeError
    except (ValueError, KeyError, TypeError, RecursionError):
        kind = "an HTML page" if data.lstrip()[:1] == b"<" else "not a notebook, or a damaged one"
        return Submission(
            student, name, problem=f"the file is {kind}" if data.strip() else "the file is empty"
        )
    exercise = _exercise(notebook, name, assignments)
    if not exercise:
        return Submission(student, name, problem="no cell of any exercise is in the notebook")
    metadata = notebook.get("metadata")
    kernel = metadata.get("kernelspec", {}) if isinstance(metadata, dict) else {}
    language = kernel.get("language", "python") if isinstance(kernel, dict) else "python"
    if str(language).lower() != "python":
        return Submission(
            student, name, exercise, problem=f"the notebook is written for {language}, not Python"
        )
    return Submission(student, name, exercise, data)


def _exercise(notebook: dict, name: str, assignments: dict[str, Assignment]) -> str:
    """The exercise with which a notebook shares most cells; else the one its name speaks of."""
    there = {str(grading_marks(cell).get("grade_id", "")) for cell in notebook["cells"]} - {""}
    shared = {
        id: len(there & {grading_marks(cell).get("grade_id") for cell in assignment.source["cells"]})
        for id, assignment in assignments.items()
    }
    best = max(shared, key=shared.__getitem__)
    return best if shared[best] else next((id for id in assignments if id in name), "")


def _folder_files(folder: Path) -> Iterator[tuple[str, bytes, str]]:
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder).as_posix()
        hidden = any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(name).parts)
        if hidden or file.suffix.lower() not in (".ipynb", ".zip") or file.is_dir():
            continue
        if file.is_symlink() or not file.is_file():
            yield name, b"", "the file is a link or a device, not a file"
        elif file.suffix.lower() == ".zip":
            yield from _zip_files(file, name.removesuffix(".zip") + "/")
        elif file.stat().st_size > LARGEST:
            yield name, b"", _too_large(file.stat().st_size)
        else:
            try:
                yield name, file.read_bytes(), ""
            except OSError as error:
                yield name, b"", f"the file cannot be read ({error.strerror})"


def _zip_files(file: Path, prefix: str) -> Iterator[tuple[str, bytes, str]]:
    """The notebooks of a zip, read in memory; names that lead out of it are named and not followed."""
    own = prefix or file.name
    try:
        with zipfile.ZipFile(file) as archive:
            infos = archive.infolist()
            if len(infos) > MOST_FILES:
                yield own, b"", f"the zip holds {len(infos):,} files"
                return
            for info in infos:
                parts = PurePosixPath(info.filename.replace("\\", "/")).parts
                if ".." in parts or info.filename.startswith("/") or re.match(r"[A-Za-z]:", info.filename):
                    yield own, b"", "the zip holds a name that leads out of its folder; it was not unpacked"
                    continue
                if any(part.startswith((".", "__MACOSX")) for part in parts) or not parts:
                    continue
                if PurePosixPath(info.filename).suffix.lower() != ".ipynb":
                    continue
                name = prefix + info.filename
                if stat.S_ISLNK(info.external_attr >> 16):
                    yield name, b"", "the file is a link, not a file"
                elif info.file_size > LARGEST:
                    yield name, b"", _too_large(info.file_size)
                else:
                    with archive.open(info) as stream:
                        data = stream.read(LARGEST + 1)
                    yield name, data[:LARGEST], _too_large(len(data)) if len(data) > LARGEST else ""
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError, ValueError):
        if not prefix:
            raise SCONotesError(f"{file}: not a zip, or a damaged one; give a folder or a zip") from None
        yield own, b"", "the zip is damaged or locked with a password"


def _too_large(size: int) -> str:
    return f"the file has {size / 1e6:,.0f} MB; {LARGEST / 1e6:.0f} are allowed: clear the outputs"
