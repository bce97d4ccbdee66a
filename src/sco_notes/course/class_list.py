"""The class: its students, as a learning platform exports them, and whom the name of a file means."""

import csv
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from io import StringIO
from pathlib import Path

from ..errors import SCONotesError
from .values import letters

# The headings of Moodle's participants and grading worksheet and of Canvas's gradebook, letters alone.
_NAMES = ("name", "fullname", "student", "studentname")
_FIRST, _LAST = ("firstname", "givenname"), ("lastname", "surname", "familyname")
_IDS = ("idnumber", "sisuserid", "studentid", "matriculationnumber", "id", "username", "sisloginid", "login")
_EMAILS = ("emailaddress", "email")
# What stands in the file names of a download: Moodle's participant, Canvas's user.
_NUMBERS = ("identifier", "id")
_NO_STUDENTS = ("points possible", "student, test", "test student")


@dataclass(frozen=True)
class Student:
    """A student of the class list: the label that no other has, and the row of the list as it came."""

    label: str
    name: str
    id: str = ""
    numbers: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    row: dict = field(default_factory=dict, hash=False, repr=False)


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
    if not set(headings) & {*_NAMES, *_FIRST, *_LAST, *_IDS, *_EMAILS}:
        if any(len(row) > 1 for row in rows):
            raise SCONotesError(f"{file}: no heading tells what its columns are; head them name, id, email")
        rows, headings = [["name"], *rows], ["name"]
    students = []
    for number, row in enumerate(rows[1:], 2):
        if len(row) > len(headings):
            raise SCONotesError(f"{file}, row {number}: more fields than headings; quote what holds commas")
        given = {key: value.strip() for key, value in zip(headings, row, strict=False) if value.strip()}
        student = _student(given, dict(zip(rows[0], row, strict=False)))
        if student.label and student.label.casefold() not in _NO_STUDENTS:
            students.append(student)
    if not students:
        raise SCONotesError(f"{file}: no student in it")
    often = Counter(one.label for one in students)
    students = [replace(s, label=f"{s.label} ({s.id})") if often[s.label] > 1 else s for s in students]
    for label in [label for label, n in Counter(one.label for one in students).items() if n > 1]:
        raise SCONotesError(f"{file}: {label} stands in it twice; tell the two apart by an id")
    return students


def _student(given: dict[str, str], row: dict) -> Student:
    def first(keys: Iterable[str]) -> str:
        return next((given[key] for key in keys if key in given), "")

    name = first(_NAMES) or f"{first(_FIRST)} {first(_LAST)}".strip()
    ids, email = [given[key] for key in _IDS if key in given], first(_EMAILS)
    numbers = {re.sub(r"^\D+", "", given[key]) for key in _NUMBERS if key in given}  # "Participant 501"
    words = {word.casefold() for word in [*ids, email, email.split("@")[0]] if word}
    id = next(iter(ids), email)
    return Student(name or id, name, id, frozenset(numbers - {""}), frozenset(words), row)


def find_students(students: Iterable[Student], text: str, number: str = "") -> list[Student]:
    """Return those whom a number of the platform, a name, or an id or e-mail in a file's name can mean."""
    text = text.strip()
    words = {text.casefold(), *re.split(r"[\s_]+", text.casefold())}
    by_number = [one for one in students if number and number in one.numbers]
    by_name = [one for one in students if letters(text) in _spellings(one.name)]
    by_word = [one for one in students if words & one.words]
    both = [one for one in by_number if one in by_name]
    ways = [found for found in (both, by_name, by_number, by_word) if found]
    return min(ways, key=len, default=[])


def _spellings(name: str) -> set[str]:
    """A name in letters alone, from each of its words on: Canvas writes "smithjohn" for John Smith."""
    words = name.replace(",", " ").split()
    return {letters("".join(words[i:] + words[:i])) for i in range(len(words))}
