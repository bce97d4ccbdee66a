"""Exercises: what students get, what they are told at once, and how their answers are graded."""

import json
import re
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sco_notes.course import NotYet, check, grade
from sco_notes.course.assignment import read_assignment, text_of
from sco_notes.course.grading import check_reference, grade_submissions
from sco_notes.course.release import write_release
from sco_notes.course.sandbox import Limits
from sco_notes.course.submissions import student_name
from sco_notes.course.values import difference, plain
from sco_notes.errors import SCONotesError

SOURCES = Path(__file__).parents[1] / "notebooks" / "exercises"
EXERCISES = sorted(SOURCES.glob("*.ipynb"))
needs_sandbox = pytest.mark.skipif(not shutil.which("bwrap"), reason="bubblewrap is not installed")
LIMITS = Limits(cell_seconds=3, seconds=20, memory=1024**3, output=1_000_000, processes=32)


def cell(kind: str, source: str, **marks) -> dict:
    made = {"cell_type": kind, "id": marks.get("grade_id", "x"), "metadata": {}, "source": source}
    if marks:
        made["metadata"]["nbgrader"] = {"schema_version": 3, "task": False, **marks}
    if kind == "code":
        made |= {"outputs": [], "execution_count": None}
    return made


def notebook(cells: list[dict]) -> dict:
    return {
        "cells": cells, "metadata": {"kernelspec": {"name": "python3", "language": "python"}},
        "nbformat": 4, "nbformat_minor": 5,
    }  # fmt: skip


@pytest.fixture
def sources(tmp_path) -> Path:
    """An exercise of two graded tasks and one that a person reads."""
    hidden = "### BEGIN HIDDEN TESTS\n{}\n### END HIDDEN TESTS"
    cells = [
        cell("markdown", "# Sums"),
        cell("code", "numbers = [1, 2, 3]", grade_id="setup", locked=True),
        cell("code", "### BEGIN SOLUTION\ntotal = sum(numbers)\nlargest = max(numbers)\n### END SOLUTION",
             grade_id="sums-1", solution=True),
        cell("code", hidden.format('grade(total, 6, points=2, hint="Add them up")\ngrade(largest, 3)'),
             grade_id="sums-1-test", grade=True, locked=True, points=3),
        cell("code", "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION\n",
             grade_id="sums-2", solution=True),
        cell("code", hidden.format("grade([double(2), double(-1)], [4, -2], points=2)"),
             grade_id="sums-2-test", grade=True, locked=True, points=2),
        cell("markdown", "### BEGIN SOLUTION\nSecret.\n### END SOLUTION",
             grade_id="sums-3", grade=True, solution=True, points=4),
    ]  # fmt: skip
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "sums.ipynb").write_text(json.dumps(notebook(cells)))
    return folder


@pytest.fixture
def hand_in(sources, tmp_path):
    """Write a submission of the exercise, some of its cells replaced ({name: source, or None: deleted})."""
    release = read_assignment(sources / "sums.ipynb").release

    def write(student: str, changes: dict, extra: list[dict] = ()) -> None:
        made = json.loads(json.dumps(release))
        for one in made["cells"]:
            name = one["metadata"].get("nbgrader", {}).get("grade_id")
            if name in changes and changes[name] is not None:
                one["source"] = changes[name]
        made["cells"] = [
            one for one in made["cells"]
            if changes.get(one["metadata"].get("nbgrader", {}).get("grade_id"), "") is not None
        ]  # fmt: skip
        made["cells"][3:3] = extra
        file = tmp_path / "handed-in" / student / "sums.ipynb"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(made))

    return write


def graded(tmp_path, sources, **options) -> pd.DataFrame:
    options = {"limits": LIMITS, "jobs": 2, **options}
    book = grade_submissions(tmp_path / "handed-in", sources, tmp_path / "grades", **options)
    return book.set_index(["student", "task"])


RIGHT = {
    "sums-1": "total = 6\nlargest = 3",
    "sums-2": "def double(x):\n    return x + x",
    "sums-3": "Because.",
}


# The release


@pytest.mark.parametrize("file", EXERCISES, ids=lambda file: file.stem)
def test_release_holds_no_solution_no_hidden_test_and_no_output(file, tmp_path):
    assignment = read_assignment(file)
    (written,) = [f for f in write_release(SOURCES, tmp_path) if f.stem == file.stem]
    text = written.read_text(encoding="utf-8")
    for mark in ("SOLUTION", "HIDDEN", "For graders", "grade("):
        assert mark not in text
    released = "\n".join(text_of(one) for one in json.loads(text)["cells"])
    for one in assignment.source["cells"]:
        for solution in re.findall(r"BEGIN SOLUTION\n(.*?)\n\s*### END", text_of(one), re.S):
            longest = max(solution.splitlines(), key=len).strip()
            assert longest not in released
    assert not any(one.get("outputs") for one in json.loads(text)["cells"])


@pytest.mark.parametrize("file", EXERCISES, ids=lambda file: file.stem)
def test_exercise_has_five_to_eight_tasks_goals_and_an_own_text(file):
    assignment = read_assignment(file)
    text = "\n".join(map(text_of, assignment.source["cells"]))
    assert 5 <= len(assignment.tasks) <= 8
    assert any(not task.parts for task in assignment.tasks) and "What is looked for" in text
    assert "After this exercise" in text and "of your own" in text
    said = sum(int(n) for n in re.findall(r"\((\d+) points?\)\n", text))
    assert said == sum(task.points for task in assignment.tasks)
    assert f"{said} points" in text_of(assignment.source["cells"][0])


@pytest.mark.slow
@pytest.mark.parametrize("file", EXERCISES, ids=lambda file: file.stem)
def test_solution_gets_full_marks_and_release_none(file, tmp_path):
    check_reference(read_assignment(file), tmp_path)


def test_a_name_stands_for_each_answer_in_the_release(sources):
    cells = read_assignment(sources / "sums.ipynb").release["cells"]
    assert "total = ...\nlargest = ..." in text_of(cells[2])
    assert text_of(cells[4]) == "def double(x):\n    ...  # your answer here"
    assert cells[3]["metadata"]["deletable"] is False


def test_source_that_cannot_be_graded_is_named(sources):
    made = json.loads((sources / "sums.ipynb").read_text())
    made["cells"][3]["metadata"]["nbgrader"]["points"] = 5
    (sources / "sums.ipynb").write_text(json.dumps(made))
    with pytest.raises(SCONotesError, match=r"sums.ipynb, cell 4 \(sums-1-test\): its parts give 3 points"):
        read_assignment(sources / "sums.ipynb")


def test_solution_that_is_wrong_is_found(sources, tmp_path):
    made = json.loads((sources / "sums.ipynb").read_text())
    made["cells"][2]["source"] = made["cells"][2]["source"].replace("sum(numbers)", "7")
    (sources / "sums.ipynb").write_text(json.dumps(made))
    with pytest.raises(SCONotesError, match="the solution does not get its points: the number is not right"):
        check_reference(read_assignment(sources / "sums.ipynb"), tmp_path)


# What a student is told


def test_check_says_what_is_wrong_and_not_what_is_right(capsys):
    table = pd.DataFrame({"doc_id": ["a"], "term": ["peace"]})
    with pytest.raises(
        NotYet, match="a table with the columns doc_id, term, n is expected; yours has no col"
    ):
        check(table, "table", columns=["doc_id", "term", "n"])
    with pytest.raises(NotYet, match=r"still `\.\.\."):
        check(..., "number")
    with pytest.raises(NotYet, match="5 items expected; yours has 1"):
        check(["a"], "list", size=5)
    check(0.5, "number", between=(0, 1))
    assert "The form is right: a number" in capsys.readouterr().out


def test_grade_compares_without_asking_the_answer():
    class Agreeable(int):
        def __eq__(self, other):
            return True

        __hash__ = int.__hash__

    with pytest.raises(NotYet, match="a number is expected; yours is an object of Agreeable"):
        grade(Agreeable(5), 6)
    grade(np.int64(6), 6)
    with pytest.raises(NotYet, match="a number is expected; yours is a yes/no"):
        grade(True, 1)


SIMPLE = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text()


@given(st.recursive(SIMPLE, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=10))
def test_every_value_equals_itself_and_survives_json(value):
    assert difference(plain(value), json.loads(json.dumps(plain(value)))) == ""


def test_tables_differ_by_column_row_and_value():
    expected = plain(pd.DataFrame({"term": ["a", "b"], "n": [1, 2]}))
    assert difference(expected, plain(pd.DataFrame({"n": [1.0, 2.0], "term": ["a", "b"], "more": 0}))) == ""
    assert "yours has no column n" in difference(expected, plain(pd.DataFrame({"term": ["a", "b"]})))
    assert difference(expected, plain(pd.DataFrame({"term": ["a", "b"], "n": [1, 3]}))) == (
        "not right in the column n"
    )
    assert "2 rows expected; yours has 1" in difference(
        expected, plain(pd.DataFrame({"term": ["a"], "n": [1]}))
    )


# Grading


@needs_sandbox
def test_points_and_status_of_a_class(sources, hand_in, tmp_path):
    outside = tmp_path / "outside.txt"
    outside.write_text("unharmed")
    bad = {
        "loop": ("while True: pass", "time-out"),
        "exit": ("import os\nos._exit(0)", "dead kernel"),
        "memory": ("x = bytearray(6 * 1024**3)", "memory"),
        "output": ("while True: print('x' * 10_000)", "too much output"),
        "fork": ("import os\nwhile True: os.fork()", "error"),
        "raises": ("total = undefined", "error"),
        "syntax": ("total = = 6", "error"),
        "socket": ("import socket\nsocket.create_connection(('127.0.0.1', 80), 1)", "error"),
        # The folder of the course does not exist in the sandbox.
        "outside": (f"open({str(outside)!r}, 'w').write('gone')", "error"),
        "key": (f"total = open({str(sources / 'sums.ipynb')!r}).read()", "error"),
        "types": ("total = '6'\nlargest = [3]", "wrong"),
        "shared memory": ("open('/dev/shm/x', 'wb').write(bytes(10**8))", "error"),
        "root": ("open('/x', 'w').write('x')", "error"),
        "huge": ("total = 10**400\nlargest = 10**400", "wrong"),
        "half an emoji": ("total = '\\ud83d'\nlargest = 1", "wrong"),
        "agreeable": ("class A(int):\n    __eq__ = lambda s, o: True\ntotal = largest = A(1)", "wrong"),
    }
    for name, (source, _) in bad.items():
        hand_in(name, {**RIGHT, "sums-1": source})
    hand_in("Ана Петрова_12_assignsubmission_file_", RIGHT)
    hand_in("partly right", {**RIGHT, "sums-1": "total = 7\nlargest = 3"})
    hand_in("blank", {})
    hand_in("deleted", {"sums-1": None, "sums-2": RIGHT["sums-2"]})
    hand_in(
        "tampered", {**RIGHT, "sums-1": "total = 1\nlargest = 1", "sums-1-test": "pass", "sums-2-test": None}
    )
    hand_in("retyped", {**RIGHT, "sums-1": None}, extra=[])
    retyped = tmp_path / "handed-in" / "retyped" / "sums.ipynb"
    made = json.loads(retyped.read_text())
    made["cells"][2:2] = [cell("code", RIGHT["sums-1"])]
    retyped.write_text(json.dumps(made))
    hand_in("copied", {**RIGHT, "sums-1": "total = 1"},
            extra=[cell("code", RIGHT["sums-1"], grade_id="sums-1", solution=True)])  # fmt: skip
    hand_in("numbers", {**RIGHT, "sums-1": [1, 2]})
    hand_in("surrogate", {**RIGHT, "sums-3": "Because \ud83d."})
    folder = tmp_path / "handed-in"
    (folder / "html.ipynb").write_text("<html><script>alert(1)</script></html>")
    (folder / "torn.ipynb").write_text(retyped.read_text()[:200])
    (folder / "empty.ipynb").touch()
    other = json.loads(retyped.read_text())
    other["metadata"]["kernelspec"] = {"name": "ir", "language": "R"}
    (folder / "kernel.ipynb").write_text(json.dumps(other))
    with zipfile.ZipFile(folder / "escape.zip", "w") as archive:
        archive.writestr("../../outside.txt", "overwritten")
    (tmp_path / "class.csv").write_text("blank,1\nabsent,2\n")

    book = graded(tmp_path, sources, class_list=tmp_path / "class.csv")

    for name, (_, status) in bad.items():
        assert book.loc[(name, "sums-1"), ["status", "points"]].tolist() == [status, 0], name
        assert book.loc[(name, "sums-2"), ["status", "points"]].tolist() == ["ok", 2], name
    expected = {
        ("Ана Петрова", "sums-1"): ("ok", 3), ("Ана Петрова", "sums-2"): ("ok", 2),
        ("partly right", "sums-1"): ("wrong", 1), ("blank", "sums-1"): ("wrong", 0),
        ("blank", "sums-2"): ("wrong", 0), ("blank", "sums-3"): ("wrong", 0),
        ("deleted", "sums-1"): ("missing cell", 0), ("deleted", "sums-2"): ("ok", 2),
        ("tampered", "sums-1"): ("wrong", 0), ("tampered", "sums-2"): ("ok", 2),
        ("retyped", "sums-1"): ("ok", 3), ("copied", "sums-1"): ("ok", 3),
        ("html", "sums-1"): ("unreadable file", 0), ("torn", "sums-2"): ("unreadable file", 0),
        ("empty", "sums-1"): ("unreadable file", 0), ("kernel", "sums-1"): ("unreadable file", 0),
        ("escape", "sums-1"): ("unreadable file", 0), ("absent", "sums-3"): ("no submission", 0),
    }  # fmt: skip
    for key, (status, points) in expected.items():
        assert book.loc[key, ["status", "points"]].tolist() == [status, points], key
    assert book.loc[("Ана Петрова", "sums-3"), "status"] == "to read"
    assert book.loc[("blank", "sums-1"), "message"] == "not answered yet"
    assert book.loc[("numbers", "sums-1"), "points"] == 0
    assert book.loc[("surrogate", "sums-1"), "points"] == 3
    assert "Add them up" in book.loc[("partly right", "sums-1"), "message"]
    assert outside.read_text() == "unharmed"
    pages = "".join(f.read_text() for f in (tmp_path / "grades").rglob("*.html"))
    assert "Secret." not in pages and "grade(" not in pages and "<script" not in pages
    overview = (tmp_path / "grades" / "overview.html").read_text()
    assert overview.index("sums-1") < overview.index("sums-2") < overview.index("sums-3")


@needs_sandbox
def test_grading_again_takes_what_is_known_and_gives_the_same(sources, hand_in, tmp_path):
    hand_in("a", RIGHT)
    hand_in("b", {**RIGHT, "sums-1": "total = 0"})
    first, lines = graded(tmp_path, sources), []
    hand_in("b", {**RIGHT, "sums-1": "total = 1 + 5\nlargest = 3"})
    second = graded(tmp_path, sources, progress=lines.append)
    assert second.loc[("b", "sums-1"), "points"] == 3
    pd.testing.assert_frame_equal(first.loc[["a"]], second.loc[["a"]])
    assert sorted(line.endswith(" 0.0 s") for line in lines) == [False, True]


@needs_sandbox
def test_text_of_students_is_shown_as_text(sources, hand_in, tmp_path):
    hand_in(
        "=HYPERLINK(x)", {**RIGHT, "sums-3": "<script>alert(1)</script>", "sums-1": "raise ValueError('<b>')"}
    )
    graded(tmp_path, sources)
    page = next((tmp_path / "grades" / "students").glob("*.html")).read_text()
    assert "<script>" not in page and "&lt;script&gt;" in page and "&lt;b&gt;" in page
    assert "'=HYPERLINK(x)" in (tmp_path / "grades" / "gradebook.csv").read_text()


def test_no_submission_at_all_is_an_error(sources, tmp_path):
    (tmp_path / "handed-in").mkdir()
    with pytest.raises(SCONotesError, match="no notebook"):
        graded(tmp_path, sources, sandboxed=False)
    with pytest.raises(SCONotesError, match="no such folder"):
        grade_submissions(tmp_path / "nowhere", sources, tmp_path / "grades", sandboxed=False)


@pytest.mark.parametrize(
    ("file", "student"),
    [
        ("lee_LATE_12_345_1_counting.ipynb", "lee"),
        ("Mia O'Neil_88_assignsubmission_file_/1_counting.ipynb", "Mia O'Neil"),
        ("plain name.ipynb", "plain name"),
        ("bob/1_counting/1_counting.ipynb", "bob"),
    ],
)
def test_student_is_read_from_the_name_that_a_platform_gives(file, student):
    assert student_name(file) == student
