"""The exercises in nbgrader itself, where it is installed: it opens, releases and grades them as they are."""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sco_notes.course.assignment import (
    AnswerPart,
    Assignment,
    Task,
    grading_marks,
    name_of,
    read_assignment,
    text_of,
)  # fmt: skip
from sco_notes.course.grading import expected_values, verdicts_on
from sco_notes.course.sandbox import Sandbox

SOURCES = Path(__file__).parents[1] / "notebooks" / "exercises"
NBGRADER = shutil.which("nbgrader")
EXPECTED = (  # in what it says; every hidden test makes it say that the checksum has changed
    "TCP without encryption", "Attribute 'checksum' for cell", "SAWarning", "submission.assignment.notebooks",
    "self._base_cells", "Assertion failed: pfd.revents & POLLIN",  # libzmq, at its end
)  # fmt: skip
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not NBGRADER, reason="nbgrader is not installed")]


@pytest.fixture
def nbgrader(tmp_path, monkeypatch):
    """Run nbgrader in a course, with the kernel of this environment; return what it says beside the usual."""
    kernel = {"argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]}
    kernels = tmp_path / "jupyter" / "kernels" / "python3"
    kernels.mkdir(parents=True)
    (kernels / "kernel.json").write_text(json.dumps(kernel | {"display_name": "", "language": "python"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    monkeypatch.setenv("PATH", f"{Path(NBGRADER).parent}{os.pathsep}{os.environ['PATH']}")  # it calls alembic
    (tmp_path / "nbgrader_config.py").write_text("get_config().CourseDirectory.course_id = 'course'\n")

    def run(*arguments: str) -> list[str]:
        done = subprocess.run(
            [NBGRADER, *arguments], cwd=tmp_path, capture_output=True, text=True, timeout=600
        )
        lines = (done.stdout + done.stderr).splitlines()
        assert done.returncode == 0, lines
        return [line for line in lines if "INFO" not in line and not any(usual in line for usual in EXPECTED)]

    return run


def lone_part(assignment: Assignment) -> tuple[Task, AnswerPart]:
    """A task of several parts, and the one of them whose answer is a name that no later task takes up."""
    texts = [text_of(one) for one in assignment.source["cells"] if grading_marks(one)]
    for task in (task for task in assignment.tasks if len(task.parts) > 1):
        for part in task.parts:
            uses = [text for text in texts if re.search(rf"\b{part.answer}\b", text)]
            if part.answer.isidentifier() and len(uses) == 2:  # its own cell, and the test
                return task, part
    raise AssertionError("no such part")


@pytest.mark.parametrize("file", sorted(SOURCES.glob("*.ipynb")), ids=lambda file: file.stem)
def test_nbgrader_validates_releases_and_grades_an_exercise(nbgrader, tmp_path, file):
    assignment, name = read_assignment(file), f"{file.stem}.ipynb"
    (tmp_path / "source" / file.stem).mkdir(parents=True)
    source = shutil.copy(file, tmp_path / "source" / file.stem)
    assert nbgrader("validate", str(source)) == ["Success! Your notebook passes all the tests."]
    assert nbgrader("generate_assignment", file.stem, "--create") == []

    task, part = lone_part(assignment)
    partly = json.loads(file.read_text(encoding="utf-8"))
    for one in partly["cells"]:
        if name_of(one) == task.name:
            one["source"] = f"{text_of(one)}\n{part.answer} = 'of another kind'"
        elif name_of(one) == f"{task.name}-test":
            one["source"] = "pass"  # a locked cell is restored
    copies = {
        "solution": file.read_text(encoding="utf-8"),
        "theirs": (tmp_path / "release" / file.stem / name).read_text(encoding="utf-8"),
        "ours": json.dumps(assignment.release),
        "partly right": json.dumps(partly),
    }
    for student, text in copies.items():
        (tmp_path / "submitted" / student / file.stem).mkdir(parents=True)
        (tmp_path / "submitted" / student / file.stem / name).write_text(text, encoding="utf-8")
    assert nbgrader("autograde", file.stem, "--create") == []
    nbgrader("export")
    with (tmp_path / "grades.csv").open() as written:
        points = {row["student_id"]: float(row["raw_score"]) for row in csv.DictReader(written)}
    full = sum(task.points for task in assignment.tasks if task.parts)
    assert points == {"solution": full, "theirs": 0, "ours": 0, "partly right": full - task.points}
    sandbox = Sandbox(tmp_path, isolated=False)  # here the parts that are right count
    verdicts = verdicts_on(assignment, partly, expected_values(assignment, sandbox), sandbox)
    assert sum(verdict.points or 0 for verdict in verdicts) == full - part.points
