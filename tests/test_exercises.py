"""Exercises: what students get, what they are told at once, and how their answers are graded."""

import ast
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from sco_notes.cli import main
from sco_notes.course import NotYet, check, grade
from sco_notes.course.assignment import (
    Assignment,
    arrange,
    name_of,
    read_assignment,
    read_assignments,
    text_of,
    texts_by_name,
)  # fmt: skip
from sco_notes.course.check import difference, digest_of, literal, plain
from sco_notes.course.feedback import spreadsheet
from sco_notes.course.grading import expected_values, grade_submissions, verdict_on
from sco_notes.course.release import new_exercise, try_exercise, write_release
from sco_notes.course.sandbox import Limits, Sandbox, cell_result
from sco_notes.course.submissions import read_class_list, read_submissions
from sco_notes.errors import SCONotesError

SOURCES = Path(__file__).parents[1] / "notebooks" / "exercises"
EXERCISES = sorted(SOURCES.glob("*.ipynb"))
needs_sandbox = pytest.mark.skipif(not shutil.which("bwrap"), reason="bubblewrap is not installed")
FUZZED = int(os.environ.get("SCO_NOTES_FUZZED", 200))  # mutated submissions; by night 2000
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
    book, _ = grade_submissions(tmp_path / "handed-in", sources, tmp_path / "grades", **options)
    return book.set_index(["student", "task"])


def kept_verdicts(tmp_path) -> list[Path]:
    cache = (tmp_path / "grades" / "cache").iterdir()
    return [file for file in cache if file.suffix == ".json" and not file.name.startswith("expected")]


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


# Answers that are right by chance: no task may give a point for one.
TRIVIAL = ("0", "1", "-1", "0.5", "True", "False", "None", "''", "'a'", "[]", "{}")


def constants(assignment: Assignment, expected: dict, sandbox: Sandbox) -> dict[str, float]:
    """The points of the best constant in each task: for a function also the answers expected of it."""
    cells, tried = [], []
    texts = texts_by_name(assignment.release)
    setup, _ = arrange(assignment, assignment.release)
    for task in filter(lambda task: task.parts, assignment.tasks):
        text = texts[task.name][0]
        functions = re.findall(r"^def (\w+)", text, re.M)
        likely = [text for value in expected[task.name] for text in written(value)] if functions else []
        values = next(cell["values"] for cell in setup if cell["task"] == task.name and cell["values"])
        for constant in dict.fromkeys([*TRIVIAL, *likely]):
            given = [f"def {name}(*_, **__): return {constant}" for name in functions]
            given += [line.replace("...", constant) for line in text.splitlines() if " = ..." in line]
            cells.append({"source": "\n".join(given), "values": values, "task": task.name})
            tried.append(task)
    before = [cell for cell in setup if not cell["values"] and not cell["task"]]
    best: dict[str, float] = {}
    for task, cell, result in zip(tried, cells, sandbox.run(before + cells)[len(before) :], strict=True):
        verdict = verdict_on(task, [(cell, result)], expected[task.name], "", sandbox)
        best[task.name] = max(best.get(task.name, 0), verdict.points or 0)
    return best


def written(value: dict) -> Iterator[str]:
    """A value, and the items of a list, as they are written in Python."""
    for item in (value, *(value["value"] if value["type"] == "list" else [])):
        with suppress(TypeError):  # a table
            yield repr(literal(item))


@pytest.mark.slow
@pytest.mark.parametrize("file", EXERCISES, ids=lambda file: file.stem)
def test_solution_gets_full_marks_release_and_constants_none(file, tmp_path):
    copy = shutil.copy(file, tmp_path)
    tried = try_exercise(Path(copy), tmp_path / "run").set_index("task")
    assert (tried["blank"] == 0).all()
    graded_alone = tried["solution"].notna()
    assert (tried["solution"] == tried["points"])[graded_alone].all()
    assert Path(copy).read_bytes() == file.read_bytes(), "digests: sco-notes exercises --try all"
    sandbox = Sandbox(tmp_path / "run", isolated=False)
    assignment = read_assignment(file)
    best = constants(assignment, expected_values(assignment, sandbox), sandbox)
    assert best == {task.name: 0 for task in assignment.tasks if task.parts}


def test_a_constant_that_earns_a_point_is_found(sources, tmp_path):
    made = json.loads((sources / "sums.ipynb").read_text())
    made["cells"][5]["source"] = made["cells"][5]["source"].replace("[4, -2]", "[4, 4]").replace("-1", "2.0")
    (sources / "sums.ipynb").write_text(json.dumps(made))
    assignment, sandbox = read_assignment(sources / "sums.ipynb"), Sandbox(tmp_path, isolated=False)
    assert constants(assignment, expected_values(assignment, sandbox), sandbox) == {"sums-1": 0, "sums-2": 2}


@pytest.mark.slow
@pytest.mark.parametrize("file", EXERCISES, ids=lambda file: file.stem)
def test_half_the_points_are_told_right_from_wrong_at_once(file, tmp_path):
    assignment = read_assignment(file)
    cells, _ = arrange(assignment, assignment.source)
    checks, told = {}, 0
    for one in assignment.release["cells"]:
        calls = (
            [n for n in ast.walk(ast.parse(text_of(one))) if isinstance(n, ast.Call)]
            if "check(" in text_of(one)
            else []
        )
        tells = [c for c in calls if {"digest", "expected"} & {word.arg for word in c.keywords}]
        checks[name_of(one)] = {n.id for c in tells for n in ast.walk(c.args[0]) if isinstance(n, ast.Name)}
    for task in assignment.tasks:
        for part in task.parts:
            asked = {n.id for n in ast.walk(ast.parse(part.answer)) if isinstance(n, ast.Name)}
            told += part.points * bool(asked & (checks[f"{task.name}-test"] - {"pd", "sn", "list"}))
    assert told >= sum(task.points for task in assignment.tasks) / 2
    visible = {name_of(one): text_of(one) for one in assignment.release["cells"]}
    for one in cells:
        one["source"] = visible[f"{one['task']}-test"] if one["values"] else one["source"]
    results = Sandbox(tmp_path, isolated=False).run(cells)
    assert [(r.status, r.message) for r in results] == [("done", "")] * len(cells)


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
        try_exercise(sources / "sums.ipynb", tmp_path / "run")


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

    with pytest.raises(NotYet, match="a number is expected; yours is something else"):
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
    assert difference(expected, plain(pd.DataFrame({"term": ["a"], "n": [1]}))) == "2 rows expected"


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
    (tmp_path / "class.csv").write_text("name,id\nblank,1\nabsent,2\n")

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
    pages = "".join(f.read_text() for f in (tmp_path / "grades" / "students").iterdir())
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
    assert [line.split(": ")[1].split(",")[0] for line in lines] == ["5 of 9 points", "5 of 9 points"]
    assert len(kept_verdicts(tmp_path)) == 3


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


# Whose file it is


@pytest.fixture
def owners(sources, tmp_path):
    """Read submissions of these names as they are; return {file: student}, and the problems as lines."""
    release = read_assignment(sources / "sums.ipynb").release

    def read(*names, students=""):
        assignments = read_assignments(sources)
        folder = tmp_path / "handed-in"
        for i, name in enumerate(names):
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            own = {"cells": [*release["cells"], cell("markdown", f"Answer {i}")]}
            data = json.dumps(release | own).encode() if name.endswith(".ipynb") else b"%PDF"
            file.write_bytes(data)
        (tmp_path / "class.csv").write_text(students, encoding="utf-8-sig")
        listed = read_class_list(tmp_path / "class.csv") if students else []
        found, problems = read_submissions(folder, assignments, listed)
        return {s.file: s.student for s in found}, [f"{student}: {why}" for student, _, why in problems]

    return read


@pytest.mark.parametrize(
    ("file", "student"),
    [
        ("lee_LATE_12_345_1_counting.ipynb", "lee"),
        ("Mia O'Neil_88_assignsubmission_file_/1_counting.ipynb", "Mia O'Neil"),
        ("Mia O'Neil_88_assignsubmission_file/1_counting.ipynb", "Mia O'Neil"),
        ("Mia O'Neil_88_assignsubmission_file_1_counting.ipynb", "Mia O'Neil"),
        ("hw1_jdoe_attempt_2024-01-30-20-30-10_1_counting.ipynb", "jdoe"),
        ("plain name.ipynb", "plain name"),
        ("hw_2024_001.ipynb", "hw_2024_001"),
        ("bob/sums/sums.ipynb", "bob"),
        ("bob_sums.ipynb", "bob"),
    ],
)
def test_student_is_read_from_the_name_that_a_platform_gives(owners, file, student):
    assert owners(file) == ({file: student}, [])


def test_files_without_a_class_list(owners):
    found, problems = owners(
        "all/Ana Pop_501_assignsubmission_file_/sums.ipynb",
        "all/Ana Pop_502_assignsubmission_file_/sums.ipynb",
        "all/Bo_503_assignsubmission_file_/sums.ipynb", "all/Bo_503_assignsubmission_file_/notes.pdf",
        "all/Cy_504_assignsubmission_file_/report.pdf",
    )  # fmt: skip
    assert sorted(found.values()) == ["Ana Pop (501)", "Ana Pop (502)", "Bo", "Cy"]
    assert problems == ["Cy: not a notebook (.ipynb)"]


def test_the_newest_counts_and_the_others_are_named(owners):
    found, problems = owners("mia/sums v9.ipynb", "mia/sums v10.ipynb", "bo/sums.ipynb")
    assert found == {"bo/sums.ipynb": "bo", "mia/sums v10.ipynb": "mia"}
    assert problems == ["mia: another file of the same student is graded: mia/sums v10.ipynb"]


@pytest.mark.parametrize(
    ("names", "newest"),
    [
        (["lee_12_99_sums.ipynb", "lee_12_345_sums-2.ipynb"], 1),
        (["lee_12_345_sums-10.ipynb", "lee_12_345_sums-9.ipynb"], 0),
        (["lee/sums (1).ipynb", "lee/sums.ipynb"], 0),
        (["h_x_attempt_2024-02-01-01-01-01_b.ipynb", "h_x_attempt_2024-01-30-20-30-10_c.ipynb"], 0),
    ],
)
def test_the_number_of_the_platform_says_which_is_newest(owners, names, newest):
    assert list(owners(*names)[0]) == [names[newest]]


def test_an_exercise_that_only_one_has_handed_in_is_named_and_asked_of_nobody(sources, hand_in, tmp_path):
    other = read_assignment(new_exercise(sources / "other.ipynb", sources / "sums.ipynb")).release
    for i in range(11):
        hand_in(f"s{i}", {**RIGHT, "sums-3": f"Because {i}."})
    (tmp_path / "handed-in" / "stray").mkdir()
    (tmp_path / "handed-in" / "stray" / "other.ipynb").write_text(json.dumps(other))
    found, problems = read_submissions(tmp_path / "handed-in", read_assignments(sources))
    assert {s.exercise for s in found} == {"sums"} and len(found) == 12
    assert problems == [("stray", "stray/other.ipynb", "this is other; the class handed in sums")]


CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,Sums (4711)
,,,,,Manual Posting
"    Points Possible",,,,,9
"Smith, John",12345,u1,jsmith,A,
"Smith, John",12346,u2,jsmith2,A,
"Пак, Ли",777,u3,lpak,B,
"Student, Test",9,,t,A,
"""
MOODLE = """Identifier,Full name,Email address,Status,Grade,Maximum grade
Participant 501,Ana Pop,ana@uni.edu,Submitted,,9
Participant 502,Ana Pop,pop2@uni.edu,Submitted,,9
Participant 503,"Bo, the =younger",bo@uni.edu,Submitted,,9
"""


def test_a_class_list_as_canvas_exports_it(owners):
    found, problems = owners(
        "smithjohn_LATE_12346_1_sums.ipynb", "smithjohn_12345_2_sums.ipynb", "пакли_777_3_sums.ipynb",
        students=CANVAS,
    )  # fmt: skip
    assert sorted(found.values()) == ["Smith, John (u1)", "Smith, John (u2)", "Пак, Ли"] and problems == []
    assert found["smithjohn_LATE_12346_1_sums.ipynb"] == "Smith, John (u2)"


def test_a_class_list_as_moodle_exports_it(owners):
    found, problems = owners(
        "x/Ana Pop_502_assignsubmission_file_sums.ipynb", "x/Ana Pop_501_assignsubmission_file_sums.ipynb",
        students=MOODLE,
    )  # fmt: skip
    assert found == {
        "x/Ana Pop_501_assignsubmission_file_sums.ipynb": "Ana Pop (ana@uni.edu)",
        "x/Ana Pop_502_assignsubmission_file_sums.ipynb": "Ana Pop (pop2@uni.edu)",
    }
    assert problems == ["Bo, the =younger: no file"]


def test_files_that_claim_one_student_none_or_several(owners):
    names = "name;id;email\nMia O'Neil;s1;mia@x.org\nBo Li;s2;bo@x.org\nLi Bo;s3;li@x.org\n"
    found, problems = owners(
        "mia_oneil.ipynb", "s1/sums.ipynb", "bo@x.org.ipynb", "stranger.ipynb", "libo.ipynb", students=names
    )
    assert found["s1/sums.ipynb"] == "Mia O'Neil" and found["bo@x.org.ipynb"] == "Bo Li"
    assert sorted(problems) == [
        "Li Bo: no file",
        "Mia O'Neil: another file of the same student is graded: s1/sums.ipynb",
        "libo: may be of Bo Li; Li Bo; name the file after one of them",
        "stranger: of nobody in the class list; rename it or add the student",
    ]


def test_the_only_folder_may_be_a_student_of_the_class_list(owners):
    found, problems = owners("mia/a.ipynb", "mia/b.ipynb", students="name\nMia\n")
    assert found == {"mia/b.ipynb": "Mia"} and [line.split(":")[1] for line in problems] == [
        " another file of the same student is graded"
    ]


def test_zips_in_zips_are_read(sources, hand_in, tmp_path):
    hand_in("x", RIGHT)
    inner = tmp_path / "inner.zip"
    with zipfile.ZipFile(inner, "w") as archive:
        archive.write(tmp_path / "handed-in" / "x" / "sums.ipynb", "my work/sums.ipynb")
        archive.writestr("__MACOSX/._sums.ipynb", "x")
    outer = tmp_path / "outer.zip"
    with zipfile.ZipFile(outer, "w") as archive:
        archive.write(inner, "all/Mia_1_assignsubmission_file_/work.zip")
        archive.write(inner, "all/Bo_2_assignsubmission_file_work.zip")
    found, problems = read_submissions(outer, read_assignments(sources))
    assert [s.student for s in found] == ["Bo", "Mia"] and not problems


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Vorname,Nachname\nA,B\n", "no heading tells what its columns are; head them name, id, email"),
        ("name,id\nPop, Ana,1\n", "row 2: more fields than headings; quote what holds commas"),
        ("name,id\n", "no student in it"),
        ("name\nA\nA\n", "stands in it twice"),
        (b"name\n\xe4", "not a CSV in UTF-8"),
    ],
)
def test_a_class_list_that_cannot_be_used_says_why(tmp_path, text, message):
    (tmp_path / "class.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(SCONotesError, match=message):
        read_class_list(tmp_path / "class.csv")


def test_problems_stop_the_command_until_they_are_accepted(sources, hand_in, tmp_path):
    hand_in("mia", RIGHT)
    (tmp_path / "class.csv").write_text("name\nmia\nbo\n")
    command = ["grade", str(tmp_path / "handed-in"), "--sources", str(sources), "--out", str(tmp_path / "g"),
               "--class", str(tmp_path / "class.csv"), "--no-sandbox"]  # fmt: skip
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 3 and "bo: no file" in result.stderr
    assert CliRunner().invoke(main, [*command, "--accept"]).exit_code == 0
    assert CliRunner().invoke(main, command).exit_code == 0
    hand_in("stranger", {**RIGHT, "sums-3": "Something else."})
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 3 and "1 problem" in result.stderr and "stranger" in result.stderr
    result = CliRunner().invoke(main, ["grade", str(tmp_path), *command[2:]])
    assert result.exit_code == 2 and "holds the exercises" in result.stderr


def test_what_is_accepted_stays_so_whatever_it_is_called(sources, hand_in, tmp_path):
    hand_in("mia", RIGHT)
    hand_in("=1+1;x", RIGHT)
    file = tmp_path / "handed-in" / "=1+1;x" / "sums.ipynb"
    made = json.loads(file.read_text())
    made["metadata"]["kernelspec"]["language"] = "\ud83d"
    file.write_text(json.dumps(made))
    for accept in (True, False):
        _, problems = grade_submissions(
            tmp_path / "handed-in", sources, tmp_path / "grades", sandboxed=False, accept=accept
        )
        assert problems["problem"].tolist() == ["the notebook is written for ?, not Python"]
        assert problems["accepted"].tolist() == ["yes"]


# Prose, and the way back


def rows_of(file: Path) -> pd.DataFrame:
    return pd.read_csv(file, encoding="utf-8-sig", dtype=str, keep_default_na=False)


def test_prose_is_read_wherever_it_stands(sources, hand_in, tmp_path):
    place = {
        "in its cell": ({"sums-3": "Because."}, []),
        "copied": ({}, [cell("markdown", "Because.", grade_id="sums-3", grade=True, solution=True)]),
        "in a cell below": ({}, [cell("markdown", "Because.")]),
        "as code": ({}, [cell("code", "Because of this.")]),
        "its cell deleted": ({"sums-3": None}, [cell("raw", "Because.")]),
    }
    for name, (changes, extra) in place.items():
        hand_in(name, changes)
        file = tmp_path / "handed-in" / name / "sums.ipynb"
        made = json.loads(file.read_text())
        file.write_text(json.dumps(made | {"cells": [*made["cells"], *extra]}))
    hand_in("blank", {"sums-1": "total = 1"}, extra=[cell("markdown", "A note on the first task.")])
    book = graded(tmp_path, sources, sandboxed=False)
    for name in place:
        assert book.loc[(name, "sums-3"), "status"] == "to read", name
    assert book.loc[("blank", "sums-3"), ["status", "points"]].tolist() == ["wrong", 0]


def test_points_for_prose_come_back_and_stay(sources, hand_in, tmp_path):
    out = tmp_path / "grades"
    hand_in("mia", {**RIGHT, "sums-3": "<script>alert(1)</script>\n=1+1; it's"})
    hand_in("bo", {**RIGHT, "sums-3": "Since."})
    graded(tmp_path, sources, sandboxed=False)
    sheet = rows_of(out / "prose.csv")
    page = (out / "prose.html").read_text()
    assert "mia" not in page + (out / "prose.csv").read_text() and "<script" not in page and "Secret." in page
    assert sorted(sheet["answer"].str.replace("'", "")) == ["<script>alert(1)</script>\n=1+1; its", "Since."]
    sheet["points"], sheet["comment"] = "2,5", "Good;\nyes"
    sheet.to_csv(out / "prose.csv", index=False, sep=";")  # as a European spreadsheet saves it
    for _ in range(2):
        book = graded(tmp_path, sources, sandboxed=False)
        assert book.loc[("mia", "sums-3"), ["points", "status", "message"]].tolist() == [
            2.5,
            "read",
            "Good;\nyes",
        ]
    assert "Good;" in next((out / "students").glob("mia*")).read_text()
    hand_in("mia", {**RIGHT, "sums-3": "Another answer."})
    shutil.rmtree(tmp_path / "handed-in" / "bo")
    book = graded(tmp_path, sources, sandboxed=False)
    assert book.loc[("mia", "sums-3"), "status"] == "to read"
    sheet = rows_of(out / "prose.csv").set_index("answer")
    assert sheet.loc["Another answer.", "comment"] == "(an earlier answer got 2.5) Good;\nyes"
    assert sheet.loc["Since.", "points"] == "2.5"  # the answer is gone, what was entered is not
    sheet.reset_index().assign(points="9").to_csv(out / "prose.csv", index=False)
    with pytest.raises(SCONotesError, match=r"prose.csv, row 2 \(sums-3\): points '9'; a number from 0 to 4"):
        graded(tmp_path, sources, sandboxed=False)


def test_marks_go_back_to_the_platform(sources, hand_in, tmp_path):
    out = tmp_path / "grades"
    hand_in("smithjohn_12345_2_x", {**RIGHT, "sums-3": ""})
    hand_in("smithjohn_12346_3_x", RIGHT)
    (tmp_path / "class.csv").write_text(CANVAS)
    graded(tmp_path, sources, sandboxed=False, class_list=tmp_path / "class.csv")
    canvas = (out / "marks-canvas.csv").read_text(encoding="utf-8-sig").splitlines()
    assert canvas == [
        "Student,ID,SIS User ID,SIS Login ID,Section,Sums (4711)", "    Points Possible,,,,,9",
        '"Smith, John",12345,u1,jsmith,A,5', '"Smith, John",12346,u2,jsmith2,A,', '"Пак, Ли",777,u3,lpak,B,0',
    ]  # fmt: skip
    assert rows_of(out / "gradebook.csv")["id"].unique().tolist() == ["u1", "u2", "u3"]
    assert (out / "gradebook.csv").read_bytes().startswith(b"\xef\xbb\xbf")

    shutil.rmtree(tmp_path / "handed-in")
    hand_in("Ana Pop_502_assignsubmission_file_", {**RIGHT, "sums-3": ""})
    (tmp_path / "class.csv").write_text(MOODLE)
    graded(tmp_path, sources, sandboxed=False, class_list=tmp_path / "class.csv")
    moodle = rows_of(out / "marks-moodle.csv")
    assert moodle.columns.tolist() == MOODLE.splitlines()[0].split(",")
    assert moodle["Grade"].tolist() == ["0", "5", "0"]
    (tmp_path / "class.csv").write_text("First name,Last name,ID number,Email address\nAna,Pop,7,a@x.org\n")
    graded(tmp_path, sources, sandboxed=False, class_list=tmp_path / "class.csv")
    assert rows_of(out / "marks-moodle.csv").to_dict("records") == [
        {"First name": "Ana", "Last name": "Pop", "ID number": "7", "Email address": "a@x.org", "Sums": "5"}
    ]


LATE = """[late]
percent_a_day = 10
most_percent = 25
[due]
sums = 2026-11-20 23:59:00
"""


def test_late_submissions_lose_points_where_the_course_says_so_and_it_is_shown(sources, hand_in, tmp_path):
    moodle = MOODLE.replace("Status,", "Status,Last modified (submission),").splitlines()
    times = ["Friday, 20 November 2026, 11:59 PM", "Saturday, 21 November 2026, 12:01 AM", "nie"]
    rows = [
        row.replace("Submitted,", f'Submitted,"{time}",') for row, time in zip(moodle[1:], times, strict=True)
    ]
    (tmp_path / "class.csv").write_text("\n".join([moodle[0], *rows]))
    for name in ("Ana Pop_501", "Ana Pop_502", "Bo, the =younger_503"):
        hand_in(f"{name}_assignsubmission_file_", {**RIGHT, "sums-3": ""})
    options = {"sandboxed": False, "class_list": tmp_path / "class.csv"}
    assert "late" not in graded(tmp_path, sources, **options)["status"].tolist()
    (sources / "course.toml").write_text(LATE)
    book = graded(tmp_path, sources, **options)
    assert book[book["status"] == "late"]["points"].to_dict() == {("Ana Pop (pop2@uni.edu)", "late"): -0.5}
    said = "handed in 2026-11-21 00:01, due 2026-11-20 23:59: 1 day, 10% of 5 points"
    assert book.loc[("Ana Pop (pop2@uni.edu)", "late"), "message"] == said
    out = tmp_path / "grades"
    assert said in next((out / "students").glob("*pop2*")).read_text()
    assert rows_of(out / "marks-moodle.csv")["Grade"].tolist() == ["5", "4.5", "5"]
    assert rows_of(out / "tasks.csv")["task"].tolist() == ["sums-1", "sums-2", "sums-3"]
    problems = rows_of(out / "problems.csv").set_index("student")["problem"]
    assert "when it was handed in is not known" in problems["Bo, the =younger"]


def test_a_platform_that_calls_a_submission_late_or_names_its_time_is_believed(sources, hand_in, tmp_path):
    (sources / "course.toml").write_text(LATE)
    for name in ("lee_LATE_12_345_sums", "kim_13_346_sums", "hw_s7_attempt_2026-11-24-08-00-00_sums"):
        hand_in(name, {**RIGHT, "sums-3": ""})
    book = graded(tmp_path, sources, sandboxed=False)
    assert book[book["status"] == "late"]["points"].to_dict() == {
        ("lee", "late"): -0.5,
        ("s7", "late"): -1.25,
    }
    assert "late for the platform, which does not tell how much" in book.loc[("lee", "late"), "message"]


@pytest.mark.parametrize(
    "course", ["[late]\npercent = 5", "[due]\nsum = 2026-11-20 23:59:00", "[due]\nsums = 2026-11-20", "late",
               "[late]\npercent_a_day = 30\nmost_percent = 20", "due = 5", "[late]\npercent_a_day = 'x'"],
)  # fmt: skip
def test_a_course_file_of_another_form_is_named(sources, hand_in, tmp_path, course):
    hand_in("mia", RIGHT)
    (sources / "course.toml").write_text(course)
    with pytest.raises(SCONotesError, match=r"course.toml: not in its form: \[late\] with percent_a_day"):
        graded(tmp_path, sources, sandboxed=False)


def test_pages_go_back_under_the_names_that_a_platform_gave(sources, hand_in, tmp_path):
    out = tmp_path / "grades"
    for i, name in enumerate(["Ana Pop_501_assignsubmission_file_", "leejun_LATE_12_345_my sums-2", "plain"]):
        hand_in(name, {**RIGHT, "sums-1": f"total = {i}"})
    flat = tmp_path / "handed-in" / "Bo Li_502_assignsubmission_file_sums.ipynb"
    (tmp_path / "handed-in" / "plain" / "sums.ipynb").rename(flat)
    graded(tmp_path, sources, sandboxed=False)
    names = {}
    for platform in ("moodle", "canvas"):
        with zipfile.ZipFile(out / f"feedback-{platform}.zip") as archive:
            names[platform] = archive.namelist()
            assert all(b"Points by task" in archive.read(name) for name in archive.namelist())
    folders = [f"{name}_assignsubmission_file_/feedback.html" for name in ("Ana Pop_501", "Bo Li_502")]
    assert names == {"moodle": folders, "canvas": ["leejun_LATE_12_345_feedback.html"]}
    flat.unlink()
    shutil.rmtree(tmp_path / "handed-in" / "Ana Pop_501_assignsubmission_file_")
    graded(tmp_path, sources, sandboxed=False)
    assert not (out / "feedback-moodle.zip").exists()


def test_the_same_text_of_two_students_is_to_be_looked_at(sources, hand_in, tmp_path):
    prose = "The numbers add up, but what is added up was chosen by those who wrote the documents."
    for student, text in {"mia": prose, "bo": prose.replace(" ", "\n"), "cy": "Because."}.items():
        hand_in(student, {**RIGHT, "sums-3": text})
    problems = [
        f"{s}: {why}" for s, _, why in read_submissions(tmp_path / "handed-in", read_assignments(sources))[1]
    ]
    assert sorted(problems) == [
        "bo: the same stands word for word in mia/sums.ipynb; look at both",
        "mia: the same stands word for word in bo/sums.ipynb; look at both",
    ]


def test_what_comes_after_the_last_answer_is_not_run(sources, hand_in, tmp_path):
    made = json.loads((sources / "sums.ipynb").read_text())
    made["cells"].append(cell("code", "raise SystemExit"))
    (sources / "sums.ipynb").write_text(json.dumps(made))
    hand_in("mia", RIGHT)
    cells, _ = arrange(
        read_assignment(sources / "sums.ipynb"), read_assignment(sources / "sums.ipynb").release
    )
    assert [one["source"] for one in cells if "SystemExit" in one["source"]] == []
    assert graded(tmp_path, sources, sandboxed=False)["points"].sum() == 5


@given(st.lists(st.sampled_from(["=1+1", "@x", "-2", "+a", ";", ",", "\t", "\n", '"', "'", " ", "x", "＝1"])))
def test_no_cell_of_a_table_is_a_formula_at_either_separator(parts):
    text = spreadsheet(pd.DataFrame({"a": ["x"], "b": ["".join(parts)]})).decode("utf-8-sig")
    for cell_text in re.split(r"[,;\t\n]", text):
        assert not re.match(r"""["\s]*[=+\-@＝]""", cell_text), text


def test_a_task_has_its_difficulty_and_its_discrimination(sources, hand_in, tmp_path):
    right, wrong = RIGHT["sums-1"], "total = 7\nlargest = 7"
    for i, (first, second) in enumerate(
        [(right, RIGHT["sums-2"]), (right, RIGHT["sums-2"]), (wrong, "pass")]
    ):
        hand_in(f"s{i}", {"sums-1": first, "sums-2": second})
    graded(tmp_path, sources, sandboxed=False)
    tasks = rows_of(tmp_path / "grades" / "tasks.csv").set_index("task")
    assert tasks.loc["sums-1", ["n", "full", "difficulty", "discrimination"]].tolist() == [
        "3",
        "2",
        "0.67",
        "1",
    ]
    assert tasks.loc["sums-1", "commonest_messages"] == "the number is not right. Add them up (1)"


# Nothing to find, nobody to stop


def test_a_hidden_input_does_not_come_out(sources, hand_in, tmp_path):
    tell = {
        "by an error": "def double(x):\n    raise ValueError(f'input {x} 4711')",
        "by its name": "def double(x):\n    raise type(f'Input{x}_4711', (Exception,), {})",
        "by a class": "def double(x):\n    return type(f'Input{x}_4711', (), {})()",
        "by columns": "import pandas as pd\ndef double(x):\n    return pd.DataFrame({f'input{x}4711': []})",
        "by an own cell": "seen = []\ndef double(x):\n    seen.append(x + 4709)\n    return x",
    }
    for name, source in tell.items():
        hand_in(name, {"sums-1": RIGHT["sums-1"], "sums-2": source})
    file = tmp_path / "handed-in" / "by an own cell" / "sums.ipynb"
    made = json.loads(file.read_text())
    made["cells"].append(cell("code", "largest = undefined\nraise ValueError(str(seen))"))
    made["cells"].insert(5, cell("code", "total = 1\nraise ValueError(str(seen))"))
    file.write_text(json.dumps(made))
    book = graded(tmp_path, sources, sandboxed=False)
    assert book.loc[("by an error", "sums-2"), "message"].startswith(
        "ValueError in your line “raise ValueError(f'input {x} 4711')”"
    )
    for page in (tmp_path / "grades" / "students").iterdir():
        text = re.sub(r"“.*?”", "", page.read_text())
        assert "4711" not in text and "nput" not in text


def test_forged_lines_of_the_channel_say_nothing():
    cells = [{"source": "x = 1\ny = 2", "values": []}]
    for line in (
        b"{}", b"[" * 100_000, b'{"error": "input 4711", "values": []}', b'{"error": [], "values": 1}',
        b'{"error": ["input 4711", 0, 1], "values": []}', b'{"error": [], "values": [{"type": "fault"}]}',
        b'{"error": ["print", 0, 1], "values": []}', b"\xff", b"null",
        b'{"error": ["KeyError", "a", 1], "values": []}',
    ):  # fmt: skip
        assert cell_result(line, cells).status == "error"
        assert "4711" not in cell_result(line, cells).message
    line = b'{"error": ["KeyError", 0, 2], "values": [{"type": "input 4711", "value": 1}]}'
    assert cell_result(line, cells).message == "KeyError in your line “y = 2”"
    assert (
        difference(plain(1), cell_result(line, cells).values[0])
        == "a number is expected; yours is something else"
    )


def ask_the_library(sources: Path) -> None:
    """Make the first task one in which the library is asked about the answer."""
    made = json.loads((sources / "sums.ipynb").read_text())
    made["cells"][1]["source"] = "import pandas as pd\nimport sco_notes as sn"
    made["cells"][2]["source"] = "### BEGIN SOLUTION\ntext = 'They met in Astana.'\n### END SOLUTION"
    made["cells"][3]["source"] = (
        "### BEGIN HIDDEN TESTS\ngrade(sn.find_mentions(pd.DataFrame({'doc_id': ['a'], 'text': [text]}))"
        "['actor'], ['KAZ'], points=3)\n### END HIDDEN TESTS"
    )
    (sources / "sums.ipynb").write_text(json.dumps(made))


def test_a_patched_library_earns_nothing(sources, tmp_path):
    ask_the_library(sources)
    patched = "sn.find_mentions = lambda table: {'actor': ['KAZ']}\ntext = 'x'"
    object_ = "class T(str):\n    pass\ntext = T('Astana met.')"
    release = read_assignment(sources / "sums.ipynb").release
    for name, source in {"patched": patched, "object": object_, "right": "text = 'Astana said no.'"}.items():
        made = json.loads(json.dumps(release))
        made["cells"][2]["source"] = source
        (tmp_path / "handed-in" / name).mkdir(parents=True)
        (tmp_path / "handed-in" / name / "sums.ipynb").write_text(json.dumps(made))
    book = graded(tmp_path, sources, sandboxed=False)
    assert [book.loc[(name, "sums-1"), "points"] for name in ("patched", "object", "right")] == [0, 0, 3]


@pytest.mark.parametrize(
    ("place", "source", "message"),
    [
        (2, "### begin solution\ntotal = largest = 6\n### end solution", "no solution between the marks"),
        (2, "### BEGIN SOLUTION\ntotal = largest = 6", "no solution between the marks"),
        (
            2,
            "### BEGIN SOLUTION\ntotal = 6\n### END SOLUTION\n#BEGIN SOLUTION",
            "would be left in the release",
        ),
        (6, "No marks at all.", "no solution between the marks"),
        (0, "# Sums\n### END HIDDEN TESTS", "would be left in the release"),
        (3, "### BEGIN HIDDEN TESTS\ngrade(total, 6, point=3)\n### END HIDDEN TESTS", "TypeError"),
        (3, "### BEGIN HIDDEN TESTS\ngrade(total, 6\n### END HIDDEN TESTS", "SyntaxError"),
    ],
)
def test_a_source_that_would_leak_is_no_exercise(sources, place, source, message):
    made = json.loads((sources / "sums.ipynb").read_text())
    made["cells"][place]["source"] = source
    (sources / "sums.ipynb").write_text(json.dumps(made))
    with pytest.raises(SCONotesError, match=f"sums.ipynb, cell {place + 1}.*{message}"):
        read_assignment(sources / "sums.ipynb")


def test_blanks_after_a_mark_and_metadata_release_nothing(sources):
    made = json.loads((sources / "sums.ipynb").read_text())
    made["cells"][2]["source"] = (
        "### BEGIN SOLUTION \t\r\ntotal = 6\r\nlargest = inner = 3\r\n### END SOLUTION \r\n"
    )
    made["cells"][2]["metadata"]["notes"] = made["metadata"]["notes"] = "the answer is 4711"
    made["cells"][2]["id"] = made["cells"][4]["id"] = "the-same"
    (sources / "sums.ipynb").write_text(json.dumps(made))
    release = read_assignment(sources / "sums.ipynb").release
    assert "4711" not in json.dumps(release)
    assert text_of(release["cells"][2]).splitlines()[1:] == ["total = ...", "largest = ..."]
    assert len({one["id"] for one in release["cells"]}) == len(release["cells"])


@pytest.mark.parametrize("file", EXERCISES, ids=lambda file: file.stem)
def test_no_line_of_a_solution_is_in_a_release_unless_given_elsewhere(file):
    assignment = read_assignment(file)
    secret = {
        line.strip()
        for one in assignment.source["cells"]
        for part in re.findall(r"### BEGIN .*?\n(.*?)### END", text_of(one), re.S)
        for line in part.splitlines() if len(line.strip()) > 8
    }  # fmt: skip
    released = {line.strip() for one in assignment.release["cells"] for line in text_of(one).splitlines()}
    assert secret and not secret & released
    ids = [one["id"] for one in assignment.source["cells"]]
    assert len(set(ids)) == len(ids) and [one["id"] for one in assignment.release["cells"]] == ids


def test_a_new_exercise_and_a_copy_have_ids_of_their_own(sources, tmp_path):
    result = CliRunner().invoke(main, ["exercises", "--sources", str(sources), "--new", "7_venues"])
    assert result.exit_code == 0 and "venues-2" in result.output, result.output
    copied = new_exercise(sources / "more.ipynb", sources / "sums.ipynb")
    assert {task.name for task in read_assignment(copied).tasks} == {"more-1", "more-2", "more-3"}
    assert len(read_assignments(sources)) == 3
    result = CliRunner().invoke(main, ["exercises", "--sources", str(sources), "--try", "8_gone"])
    assert result.exit_code == 2 and "8_gone: no such exercise" in result.stderr
    with pytest.raises(SCONotesError, match="is there already"):
        new_exercise(copied)
    shutil.copy(copied, sources / "by_hand.ipynb")
    with pytest.raises(SCONotesError, match=r"more.ipynb: its cell more-.* is one of by_hand too"):
        read_assignments(sources)


def test_check_names_the_variable_and_the_value(capsys):
    n_words = 12
    with pytest.raises(NotYet, match="n_words is 12, which is not right; 13 is expected"):
        check(n_words, "number", expected=13)
    with pytest.raises(NotYet, match=r" is nothing \(None\): a number is expected; is there a `return`"):
        check({}.get(n_words), "number")
    with pytest.raises(NotYet, match="n_words is 12: a text is expected; yours is a number"):
        check(n_words, "text")
    digest = digest_of(plain([0.12345, "a"]), salt="abcd")
    check([0.12346, "a"], "list", digest=digest)
    assert capsys.readouterr().out == "[0.12346, 'a'] is [0.12346, 'a']: right.\n"
    with pytest.raises(NotYet, match="which is not right yet"):
        check([0.1236, "a"], "list", digest=digest)


def mutated(notebook: dict, random: Random) -> bytes:
    """A notebook in which something, of any kind, stands where something else stood; or damaged bytes."""
    odd = [
        None,
        True,
        -1,
        10**30,
        0.5,
        "",
        "\ud83d",
        "x" * 1000,
        [],
        {},
        [[]],
        {"nbgrader": []},
        ["a", 1, None],
    ]

    def change(value, left: int):
        if left == 0 or not isinstance(value, dict | list) or not value:
            return random.choice(odd)
        key = random.choice(list(value) if isinstance(value, dict) else range(len(value)))
        made = value.copy()
        made[key] = change(value[key], left - 1)
        return made

    data = json.dumps(change(notebook, random.randint(0, 6))).encode()
    if random.random() < 0.2:
        data = data[: random.randrange(len(data))] + random.randbytes(3) + data[random.randrange(len(data)) :]
    return data


@pytest.mark.parametrize("seed", range(FUZZED // 50))
def test_whatever_is_handed_in_ends_in_a_row(sources, hand_in, tmp_path, monkeypatch, seed):
    random = Random(seed)
    hand_in("whole", RIGHT)
    whole = json.loads((tmp_path / "handed-in" / "whole" / "sums.ipynb").read_text())
    for i in range(50):
        (tmp_path / "handed-in" / f"s{i}").mkdir()
        (tmp_path / "handed-in" / f"s{i}" / "sums.ipynb").write_bytes(mutated(whole, random))
    line = {"error": [], "values": [{"type": "number", "value": 6}, {"type": "number", "value": 3}]}
    real = Sandbox.run

    def run(self, cells):
        is_solution = any(len(one["values"]) > 3 for one in cells)
        return (
            real(self, cells) if is_solution else [cell_result(mutated(line, random), cells) for _ in cells]
        )

    monkeypatch.setattr(Sandbox, "run", run)
    book = graded(tmp_path, sources, sandboxed=False).reset_index()
    assert book["student"].nunique() == 51
    assert book["points"].dropna().between(0, 4).all() and (book["points"] <= book["max_points"]).sum() > 51
    by_student = book[book["exercise"] == "sums"].groupby("student").size()
    assert len(by_student) == 51 and (by_student == 3).all()


@needs_sandbox
def test_ctrl_c_stops_at_once_and_says_what_is_kept(sources, hand_in, tmp_path):
    for i in range(3):
        hand_in(f"s{i}", {"sums-1": "import time\ntime.sleep(60)"})
    command = [str(Path(sys.executable).with_name("sco-notes")), "grade", str(tmp_path / "handed-in"),
               "--sources", str(sources), "--out", str(tmp_path / "grades"), "--jobs", "2"]  # fmt: skip
    hand_in("a first", RIGHT)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as grading:
        first = grading.stdout.readline()
        began = time.monotonic()
        grading.send_signal(signal.SIGINT)
        rest = grading.stdout.read()
    assert first.startswith("[1/4] a first: 5 of 9") and grading.returncode != 0
    assert time.monotonic() - began < 5 and "stopped: 1 of 4 are graded and kept" in rest
    assert not (tmp_path / "grades" / "gradebook.csv").exists()


@needs_sandbox
def test_a_time_out_is_tried_again(sources, hand_in, tmp_path):
    hand_in("slow", {**RIGHT, "sums-1": "import time\ntime.sleep(9)"})
    limits = Limits(cell_seconds=1, seconds=5)
    lines = []
    for _ in range(2):
        graded(tmp_path, sources, limits=limits, progress=lines.append)
    assert len(lines) == 2 and not kept_verdicts(tmp_path)


@needs_sandbox
def test_a_set_up_that_runs_out_of_time_is_no_fault_of_the_answer(sources, hand_in, tmp_path):
    made = json.loads((sources / "sums.ipynb").read_text())
    made["cells"][1]["source"] = "import time\ntime.sleep(1.5)\nnumbers = [1, 2, 3]"
    (sources / "sums.ipynb").write_text(json.dumps(made))
    hand_in("mia", {**RIGHT, "sums-1": "total, largest = sum(numbers), max(numbers)"})
    book = graded(tmp_path, sources, limits=Limits(cell_seconds=1, seconds=20))
    assert book.loc[("mia", "sums-1"), "status"] == "time-out" and not kept_verdicts(tmp_path)
    assert graded(tmp_path, sources, limits=Limits())["points"].sum() == 5


@needs_sandbox
def test_memory_that_no_limit_counts_cannot_be_had(tmp_path):
    sandbox = Sandbox(tmp_path)
    anonymous = "import os\nos.memfd_create('x')"
    shared = "import ctypes\nid = ctypes.CDLL(None, use_errno=True).shmget(0, 4096, 0o1600)"
    buffers = "import socket\nsocket.socketpair()[0].setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 10**9)"
    cells = [{"source": anonymous, "values": []}, {"source": shared, "values": ["(id, ctypes.get_errno())"]}]
    first, second, third = sandbox.run([*cells, {"source": buffers, "values": []}])
    assert third.message.startswith("PermissionError in your line “socket.socketpair()")
    assert first.message == "PermissionError in your line “os.memfd_create('x')”"
    assert literal(second.values[0]) == [-1, 1]  # EPERM


def test_a_zip_that_swells_is_its_students_problem(sources, hand_in, tmp_path):
    hand_in("mia", RIGHT)
    with zipfile.ZipFile(tmp_path / "handed-in" / "bo.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for i in range(11):
            archive.writestr(f"{i}.ipynb", bytes(19_000_000))
    found, problems = read_submissions(tmp_path / "handed-in", read_assignments(sources))
    assert [s.student for s in found if not s.problem] == ["mia"]
    assert problems == [("bo", "bo.zip", "over 20,000 files, 200 MB or 4 zips in zips are not read")]


def test_blank_lines_without_end_are_guarded_in_no_time():
    began = time.process_time()
    assert spreadsheet(pd.DataFrame({"answer": ["a" + "\n" * 50_000 + "b"]}))
    assert time.process_time() - began < 2
