"""Read a folder or zip of submissions, as a platform exports it: one notebook a student and exercise."""

import json
import re
import stat
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath

from ..errors import SCONotesError
from .assignment import Assignment, grading_marks

MAX_NOTEBOOK = 20_000_000  # bytes: its code is small, what is large is output
MAX_ZIP_FILES = 5_000
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
    """Read every submission in a folder or zip, sorted by student; nothing of it is written anywhere.

    The student is named by the first folder, or by the file where there is none. Where a student handed in
    an exercise twice, the last by name counts. Raises SCONotesError where there is no notebook at all.
    """
    if not path.exists():
        raise SCONotesError(f"{path}: no such folder or zip of submissions")
    files = _zip_files(path, "") if path.is_file() else _folder_files(path)
    found = [_submission(name, data, problem, assignments) for name, data, problem in files]
    if not found:
        raise SCONotesError(f"{path}: no notebook (.ipynb) in it; give the folder that the platform exported")
    found.sort(key=lambda s: (s.student, s.file))
    exercises = {s.exercise for s in found} - {""}
    if len(exercises) == 1:  # a batch of one exercise: what cannot be read was meant for it
        readable = {s.student for s in found if s.exercise}
        found = [
            s if s.exercise else replace(s, exercise=min(exercises))
            for s in found
            if s.exercise or s.student not in readable
        ]
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
    submission = Submission(student_name(name), name)
    if problem:
        return replace(submission, problem=problem)
    try:
        notebook = json.loads(data)
        cells = notebook["cells"]
        if not all(isinstance(c, dict) and isinstance(c.get("source", ""), str | list) for c in cells):
            raise TypeError
    except (ValueError, KeyError, TypeError, RecursionError):
        is_page = data.lstrip()[:1] == b"<"
        kind = "an HTML page" if is_page else "not a notebook, or a damaged one" if data.strip() else "empty"
        return replace(submission, problem=f"the file is {kind}")
    exercise = _exercise(cells, name, assignments)
    if not exercise:
        return replace(submission, problem="no cell of any exercise is in the notebook")
    try:
        language = notebook["metadata"]["kernelspec"]["language"]
    except (KeyError, TypeError):
        language = "python"
    if str(language).lower() != "python":
        problem = f"the notebook is written for {language}, not Python"
        return replace(submission, exercise=exercise, problem=problem)
    return replace(submission, exercise=exercise, data=data)


def _exercise(cells: list[dict], name: str, assignments: dict[str, Assignment]) -> str:
    """The exercise with which a notebook shares most cells; else the one its name speaks of."""
    there = {str(grading_marks(cell).get("grade_id", "")) for cell in cells} - {""}
    shared = {
        id: len(there & {grading_marks(cell).get("grade_id") for cell in assignment.source["cells"]})
        for id, assignment in assignments.items()
    }
    best = max(shared, key=shared.__getitem__)
    return best if shared[best] else next((id for id in assignments if id in name), "")


def _folder_files(folder: Path) -> Iterator[tuple[str, bytes, str]]:
    """Name, content and problem of each notebook in a folder and in the zips there."""
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder).as_posix()
        if _is_hidden(name) or file.suffix.lower() not in (".ipynb", ".zip") or file.is_dir():
            continue
        if file.is_symlink() or not file.is_file():
            yield name, b"", "the file is a link or a device, not a file"
        elif file.suffix.lower() == ".zip":
            yield from _zip_files(file, f"{name.removesuffix('.zip')}/")
        else:
            yield name, *_content(partial(file.open, "rb"), file.stat().st_size)


def _zip_files(file: Path, prefix: str) -> Iterator[tuple[str, bytes, str]]:
    """The same of a zip, read in memory; names that lead out of it are reported and not followed."""
    own = prefix or file.name
    try:
        with zipfile.ZipFile(file) as archive:
            infos = archive.infolist()
            if len(infos) > MAX_ZIP_FILES:
                yield own, b"", f"the zip holds {len(infos):,} files"
                return
            for info in infos:
                if _leads_out(info.filename):
                    yield own, b"", "the zip holds a name that leads out of its folder; it was not unpacked"
                elif _is_hidden(info.filename) or not info.filename.lower().endswith(".ipynb"):
                    continue
                elif stat.S_ISLNK(info.external_attr >> 16):
                    yield prefix + info.filename, b"", "the file is a link, not a file"
                else:
                    yield prefix + info.filename, *_content(partial(archive.open, info), info.file_size)
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError, ValueError):
        if not prefix:
            raise SCONotesError(f"{file}: not a zip, or a damaged one; give a folder or a zip") from None
        yield own, b"", "the zip is damaged or locked with a password"


def _content(open: Callable, size: int) -> tuple[bytes, str]:
    """The bytes of a notebook, or what is wrong with it; the size that a zip states is not trusted."""
    data = b""
    if size <= MAX_NOTEBOOK:
        try:
            with open() as stream:
                data = stream.read(MAX_NOTEBOOK + 1)
        except OSError as error:
            return b"", f"the file cannot be read ({error.strerror})"
    if max(size, len(data)) <= MAX_NOTEBOOK:
        return data, ""
    most = f"{MAX_NOTEBOOK / 1e6:.0f} are allowed: clear the outputs"
    return b"", f"the file has {max(size, len(data)) / 1e6:,.0f} MB; {most}"


def _is_hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(name).parts)


def _leads_out(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return ".." in parts or name.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", name) is not None
