"""Submissions and the class list, as a platform exports them, to one notebook a student and exercise."""

import csv
import json
import re
import tomllib
import unicodedata
import zipfile
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from io import BytesIO, StringIO
from itertools import chain
from pathlib import Path, PurePosixPath

from ..errors import SCONotesError, some
from .assignment import Assignments, text_of, texts_by_name

LARGEST = 20_000_000  # bytes of a notebook: its code is small, what is large is output
LARGEST_ZIP = 200_000_000  # bytes of a zip in a zip
MOST_FILES = 20_000
MOST_DEPTH = 4  # zips in zips
TOO_MUCH = f"over {MOST_FILES:,} files, {LARGEST_ZIP // 10**6} MB or {MOST_DEPTH} zips in zips are not read"
SAME_BY_CHANCE = 60  # letters of prose; of code five times as many
NO_EXERCISE = "no cell of any exercise is in the notebook"
NO_NOTEBOOK = "not a notebook (.ipynb)"
PLATFORMS = tomllib.loads(Path(__file__).with_name("platforms.toml").read_text(encoding="utf-8"))
_FORMS = {name: re.compile(form) for name, form in PLATFORMS["file_names"].items()}
_HEADINGS = PLATFORMS["headings"]


@dataclass(frozen=True)
class Student:
    """A student of the class list: the label that no other has, and the row of the list as it came."""

    label: str
    name: str
    id: str = ""
    numbers: Set[str] = frozenset()
    words: Set[str] = frozenset()
    spellings: Set[str] = frozenset()
    row: dict = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Submission:
    """One notebook of a student; where it cannot be graded, `problem` says why."""

    student: str
    file: str
    exercise: str = ""
    data: bytes = b""
    problem: str = ""
    attempt: str = ""
    id: str = ""


File = tuple[str, bytes, str]  # its name, its content, why it cannot be read
Problem = tuple[str, str, str]  # what a person has to look at: the student, the file, why


def writable(value):
    """Return a text as a file can hold it: half an emoji becomes "?"; another value as it is."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def letters(text: str) -> str:
    """Return the letters and digits of a text without accents or case: what no spreadsheet changes in it."""
    return "".join(c for c in unicodedata.normalize("NFKD", text).casefold() if c.isalnum())


def read_csv_rows(file: Path) -> list[list[str]]:
    """Read a CSV as a spreadsheet writes it, with commas, semicolons or tabs."""
    try:
        text = file.read_text(encoding="utf-8-sig")
        separator = max(",;\t", key=text.split("\n", 1)[0].count)
        return [row for row in csv.reader(StringIO(text, newline=""), delimiter=separator) if any(row)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SCONotesError(f"{file}: not a CSV in UTF-8 ({error}); save it as “CSV UTF-8”") from None


def read_class_list(file: Path) -> list[Student]:
    """Read a class list: a CSV of Moodle or Canvas, one headed name, id, email, or one name a line."""
    rows = read_csv_rows(file)
    headings = [re.sub(r"\W|_", "", heading).casefold() for heading in rows[0]] if rows else []
    if not {*headings} & {*chain(*_HEADINGS.values())}:
        if any(len(row) > 1 for row in rows):
            raise SCONotesError(f"{file}: no heading tells what its columns are; head them name, id, email")
        rows, headings = [["name"], *rows], ["name"]
    students = []
    for number, row in enumerate(rows[1:], 2):
        if len(row) > len(headings):
            raise SCONotesError(f"{file}, row {number}: more fields than headings; quote what holds commas")
        given = {key: value.strip() for key, value in zip(headings, row, strict=False) if value.strip()}
        student = _student(given, dict(zip(rows[0], row, strict=False)))
        if student.label and student.label.casefold() not in PLATFORMS["no_students"]:
            students.append(student)
    if not students:
        raise SCONotesError(f"{file}: no student in it")
    often = Counter(one.label for one in students)
    students = [replace(s, label=f"{s.label} ({s.id})") if often[s.label] > 1 else s for s in students]
    for label in [label for label, n in Counter(one.label for one in students).items() if n > 1]:
        raise SCONotesError(f"{file}: {label} stands in it twice; tell the two apart by an id")
    return students


def _student(given: dict[str, str], row: dict) -> Student:
    found = {what: [given[key] for key in keys if key in given] for what, keys in _HEADINGS.items()}
    first, last, email, name = (next(iter(found[one]), "") for one in ("first", "last", "email", "name"))
    name = name or f"{first} {last}".strip()
    # "Participant 501" in a list stands as 501 in the name of a file.
    numbers = {re.sub(r"^\D+", "", given[key]) for key in PLATFORMS["numbers"] if key in given}
    words = {word.casefold() for word in [*found["id"], email, email.split("@")[0]] if word}
    id = next(iter(found["id"]), email)
    parts = name.replace(",", " ").split()
    # From each word on: Canvas writes "smithjohn" for John Smith.
    spellings = {letters("".join(parts[i:] + parts[:i])) for i in range(len(parts))}
    return Student(name or id, name, id, numbers - {""}, words, spellings, row)


def find_students(students: Iterable[Student], text: str, number: str = "") -> list[Student]:
    """Return those whom a number of the platform, a name, or an id or e-mail in a file's name can mean."""
    words = {text.strip().casefold(), *re.split(r"[\s_]+", text.casefold())}
    by_number = [one for one in students if number and number in one.numbers]
    by_name = [one for one in students if letters(text) in one.spellings]
    by_word = [one for one in students if words & one.words]
    both = [one for one in by_number if one in by_name]
    return min(filter(None, (both, by_name, by_number, by_word)), key=len, default=[])


def read_submissions(
    path: Path, assignments: Assignments, students: Sequence[Student] = ()
) -> tuple[list[Submission], list[Problem]]:
    """Read the submissions in a folder or zip, one a student and exercise, and what has to be looked at."""
    if not path.exists():
        raise SCONotesError(f"{path}: no such folder or zip of submissions")
    files = [(writable(name), data, why) for name, data, why in _files(path) if not _is_hidden(name)]
    if not any(name.lower().endswith((".ipynb", ".zip")) for name, _, _ in files):
        raise SCONotesError(f"{path}: no notebook (.ipynb) in it; give the folder that the platform exported")
    owners, problems = _owners([name for name, _, _ in files], assignments, students)
    found = [replace(_submission(*file, assignments), **owners[file[0]]) for file in files]
    often = Counter(s.exercise for s in found if s.exercise) or Counter([""])
    main, most = often.most_common(1)[0]
    found = [  # one in the place of another: nobody else has to answer it
        replace(s, exercise=main, problem=f"this is {s.exercise}; the class handed in {main}")
        if 10 * often.get(s.exercise, most) < most else s for s in found
    ]  # fmt: skip
    has_notebook = {s.student for s in found if s.exercise and s.data}
    # What is no exercise matters only where its student has handed in nothing else.
    found = [s for s in found if s.problem not in (NO_EXERCISE, NO_NOTEBOOK) or s.student not in has_notebook]
    if len({s.exercise for s in found} | {""}) == 2:  # a batch of one: what cannot be read was meant for it
        found = [replace(s, exercise=main) for s in found]
    problems += [(s.student, s.file, s.problem) for s in found if s.problem]
    # Of several that can be read counts the last by the platform's number, else by the numbers in its name.
    groups = defaultdict(list)
    padded = partial(re.sub, r"\d+", lambda digits: digits[0].zfill(20))  # v9 before v10
    found.sort(key=lambda s: (not s.problem, padded(s.attempt), padded(s.file.removesuffix(".ipynb"))))
    for s in found:
        groups[s.student, s.exercise or s.file].append(s)
    for *older, newest in groups.values():
        why = f"another file of the same student is graded: {newest.file}"
        problems += [(s.student, s.file, why) for s in older if s.data and s.data != newest.data]
    kept = [group[-1] for group in groups.values()]
    problems += _alike(kept, assignments)
    absent = {one.label for one in students} - {s.student for s in kept}
    return kept, problems + [(label, "", "no file") for label in absent]


def _alike(found: list[Submission], assignments: Assignments) -> list[Problem]:
    """Those who have written the same: all, or a paragraph; what is short may be the same by chance."""
    writers: dict[tuple[str, str], list[Submission]] = defaultdict(list)
    for s in (s for s in found if s.exercise and s.data and not s.problem):
        texts = [(cell.get("cell_type"), letters(text_of(cell))) for cell in json.loads(s.data)["cells"]]
        released = {letters(text_of(cell)) for cell in assignments[s.exercise].release["cells"]}
        own = [text for _, text in texts if text not in released]
        prose = {text for kind, text in texts if kind == "markdown" and len(text) > SAME_BY_CHANCE} & {*own}
        for text in prose | {whole for whole in ["".join(own)] if len(whole) > 5 * SAME_BY_CHANCE}:
            writers[s.exercise, text].append(s)
    why = "the same stands word for word in {}; look at both"
    return [
        (s.student, s.file, why.format(some([other.file for other in group if other != s], 3)))
        for group in writers.values() for s in group if len(group) > 1
    ]  # fmt: skip


def _owners(names: list[str], assignments: Assignments, students: Sequence[Student]) -> tuple[dict, list]:
    """Whose each file is ({file: {"student", "id", "attempt"}}), and the files of which that is not clear."""
    claims = {name: _claims(name, assignments) for name in names}
    # How many folders enclose all files, so that they name nobody; not one student's folder with one file.
    are_same = [len({*level}) == 1 for level in zip(*claims.values(), strict=False)]
    shared = [*are_same, False].index(False)
    enclosing = shared if shared < len(are_same) else max(shared - 2, 0)
    owners: dict[str, dict] = {}
    problems: list[Problem] = []
    for name, claim in claims.items():
        found = [find_students(students, text, number) for text, number, _ in claim] if students else []
        mine = min(filter(None, found), key=len, default=[])  # those whom it names most clearly
        text, number, attempt = claim[enclosing]
        student, id = (mine[0].label, mine[0].id) if len(mine) == 1 else (text, number)
        owners[name] = {"student": student, "id": id, "attempt": attempt}
        if len(mine) > 1:
            who = f"may be of {some([student.label for student in mine])}; name the file after one of them"
            problems.append((text, name, who))
        elif students and not mine:
            problems.append((text, name, "of nobody in the class list; rename it or add the student"))
    alike = Counter(name for name, _ in {(o["student"].casefold(), o["id"]) for o in owners.values()})
    for owner in (o for o in owners.values() if alike[o["student"].casefold()] > 1 and o["id"]):  # namesakes
        owner["student"] = f"{owner['student']} ({owner['id']})"
    return owners, problems


def feedback_name(file: str) -> tuple[str, str]:
    """The platform that a file comes from, and the name under which it takes a page for whose file it is."""
    for part in PurePosixPath(file).parts:
        if match := _FORMS["moodle"].match(part):
            return "moodle", f"{match['name']}_{match['number']}_assignsubmission_file_/feedback.html"
        if not _FORMS["blackboard"].match(part) and (match := _FORMS["canvas"].match(part)):
            return "canvas", f"{part[: match.start('file')]}feedback.html"
    return "", ""


def _claims(name: str, assignments: Assignments) -> list[tuple[str, str, str]]:
    """What may name the student, from the outermost folder on: (text, number of the platform, attempt)."""
    stems = [re.sub(r"\.[A-Za-z]{1,5}$", "", part) for part in PurePosixPath(name).parts]
    matches = (form.match(stem) for stem in stems for form in _FORMS.values())
    if match := next(filter(None, matches), None):
        given = match.groupdict("")
        return [(given["name"], given.get("number", ""), given.get("attempt", ""))]
    ids = re.compile(rf"(?<![^\W_])({'|'.join(map(re.escape, assignments))})(?![^\W_])", re.IGNORECASE)
    own = [ids.sub("", stem).strip(" _-.") for stem in stems]
    return [(text, "", "") for text in own if text] or [(stems[0], "", "")]


def _submission(name: str, data: bytes, problem: str, assignments: Assignments) -> Submission:
    if problem:
        return Submission("", name, problem=problem)
    try:
        notebook = json.loads(data)
        if not all(isinstance(cell.get("source", ""), str | list) for cell in notebook["cells"]):
            raise TypeError
    except (AttributeError, ValueError, KeyError, TypeError, RecursionError):
        is_page = data.lstrip().startswith(b"<")
        what = "an HTML page" if is_page else "not a notebook, or a damaged one" if data.strip() else "empty"
        return Submission("", name, problem=f"the file is {what}; hand in the notebook (.ipynb) itself")
    # The exercise that it shares most cells with, else that of its name; before these what it says itself.
    there = texts_by_name(notebook).keys() - {""}
    n, exercise = max((len(there & texts_by_name(one.source).keys()), id) for id, one in assignments.items())
    exercise = exercise if n else next((id for id in assignments if id in name), "")
    with suppress(KeyError, TypeError):
        said = notebook["metadata"]["sco_notes"]["exercise"]
        exercise = said if said in assignments else exercise
    if not exercise:
        return Submission("", name, problem=NO_EXERCISE)
    with suppress(KeyError, TypeError):
        language = str(notebook["metadata"]["kernelspec"]["language"])
        if language.lower() != "python":
            problem = f"the notebook is written for {language}, not Python"
    return Submission("", name, exercise, data, problem)


def _files(path: Path) -> Iterator[File]:
    """The name and content of each file in a folder or zip, and why one cannot be read."""
    left = [MOST_FILES]
    if path.is_file() and not zipfile.is_zipfile(path):
        raise SCONotesError(f"{path}: not a zip, or a damaged one; give a folder or a zip")
    if path.is_file():
        yield from _zip_files(path, "", path.name, left)
    for file in sorted(path.rglob("*")):
        name = file.relative_to(path).as_posix()
        if file.is_symlink() or not (file.is_file() or file.is_dir()):
            yield name, b"", "the file is a link or a device, not a file"
        elif file.suffix.lower() == ".zip" and file.is_file():
            yield from _zip_files(file, name[: -len(".zip")] + "/", name, left)
        elif file.is_file():
            yield name, *_content(name, file.stat().st_size, file.read_bytes)


def _zip_files(file, prefix: str, own: str, left: list[int], depth: int = 1) -> Iterator[File]:
    """The files of a zip and of zips in it, read in memory; names that lead out of it are not followed."""
    try:
        with zipfile.ZipFile(file) as archive:
            left[0] -= len(archive.infolist())
            size = sum(info.file_size for info in archive.infolist()) if depth > 1 or prefix else 0
            if left[0] < 0 or depth > MOST_DEPTH or size > LARGEST_ZIP:
                yield own, b"", TOO_MUCH
                return
            for info in archive.infolist():
                path = PurePosixPath(info.filename.replace("\\", "/"))
                name = prefix + path.as_posix()
                if ".." in path.parts or path.is_absolute() or re.match(r"[A-Za-z]:", info.filename):
                    yield own, b"", "the zip holds a name that leads out of its folder; it was not unpacked"
                elif path.suffix.lower() == ".zip" and info.file_size <= LARGEST_ZIP:
                    inner = BytesIO(archive.read(info))
                    yield from _zip_files(inner, name[: -len(".zip")] + "/", name, left, depth + 1)
                elif not info.is_dir():
                    yield name, *_content(name, info.file_size, partial(archive.read, info))
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError, ValueError, zlib.error):
        yield own, b"", "the zip is damaged or locked with a password"


def _content(name: str, size: int, read: Callable[[], bytes]) -> tuple[bytes, str]:
    if not name.lower().endswith(".ipynb"):
        return b"", NO_NOTEBOOK
    if size > LARGEST:
        return b"", f"the file has {size / 1e6:,.0f} MB; {LARGEST / 1e6:.0f} are allowed: clear the outputs"
    try:
        return read(), ""
    except PermissionError as error:
        return b"", f"the file cannot be read ({error.strerror})"


def _is_hidden(name: str) -> bool:
    """Whether it is what a system or a platform adds of its own."""
    parts = PurePosixPath(name.casefold()).parts
    note = _FORMS["blackboard"].match(name.removesuffix(".txt")) if name.endswith(".txt") else None
    system = any(part.startswith((".", "__macosx", "~$", "thumbs.db", "desktop.ini")) for part in parts)
    return system or bool(note and not note["file"])
