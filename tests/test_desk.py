"""One's own copies of notebooks and exercises: made once, never overwritten."""

import json
import re
import subprocess
import sys
import zipfile

import pytest
from click.testing import CliRunner

import sco_notes as sn
from sco_notes.cli import desk as module
from sco_notes.cli import main


def start(desk, *names):
    answer = CliRunner().invoke(main, ["start", "--desk", str(desk), *names])
    return answer.exit_code, answer.output


def test_copies_are_made_once_and_hold_no_solution(tmp_path):
    assert start(tmp_path)[0] == 0
    made = sorted(file.relative_to(tmp_path).as_posix() for file in tmp_path.rglob("*.ipynb"))
    assert "1_term_frequencies.ipynb" in made and "exercises/1_counting.ipynb" in made
    for file in (tmp_path / "exercises").iterdir():
        text = file.read_text(encoding="utf-8")
        assert "BEGIN SOLUTION" not in text and "HIDDEN TESTS" not in text
    own = tmp_path / "exercises" / "1_counting.ipynb"
    own.write_text("my answer")
    assert start(tmp_path) == (0, "")
    assert own.read_text() == "my answer"


def test_a_newer_version_is_put_beside_the_work(tmp_path, monkeypatch):
    start(tmp_path)
    (tmp_path / "3_timeline.ipynb").write_text("my notes")
    sources = {**dict(module._sources()), "3_timeline": b"newer"}
    monkeypatch.setattr(module, "_sources", lambda: iter(sources.items()))
    said = start(tmp_path)[1]
    assert "3_timeline-new.ipynb: a newer version" in said
    assert (tmp_path / "3_timeline.ipynb").read_text() == "my notes"
    assert (tmp_path / "3_timeline-new.ipynb").read_bytes() == b"newer"
    assert start(tmp_path) == (0, "")


def test_a_fresh_copy_gets_the_next_number(tmp_path):
    for expected in ("3_timeline.ipynb", "3_timeline-2.ipynb", "3_timeline-3.ipynb"):
        code, said = start(tmp_path, "3_timeline")
        assert code == 0 and str(tmp_path / expected) in said
        assert json.loads((tmp_path / expected).read_bytes())["cells"]
    code, said = start(tmp_path, "3_timline")
    assert code == 2 and "is 3_timeline meant?" in said


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("country = Kazakhstam", "is 'KAZ' meant"),
        ("year > 2030", "year is from 1992 to 2024"),
        ("kind = speach", "is 'speech' meant"),
        ("country = KAZ and kind = speech and year < 1990", "year is from 1992 to 2024"),
        ("country = AFG and year = 1992", "though some meet each part"),
        ("Kazakhstan", "invalid condition"),
    ],
)
def test_a_condition_that_no_document_meets_is_an_error(condition, message):
    study = sn.load("un-debate")
    with pytest.raises(sn.SCONotesError, match=message):
        sn.select.documents(study, condition)
    for same in ("country = KAZ", "country == Kazakhstan", "country = 'kazakh'"):
        assert sn.select.documents(study, same).sum() == 33


def test_what_students_get_has_no_solution_and_lays_out_a_desk(tmp_path):
    bundle = tmp_path / "students.zip"
    assert CliRunner().invoke(main, ["exercises", "--bundle", str(bundle)]).exit_code == 0
    with zipfile.ZipFile(bundle) as project:
        names = project.namelist()
        project.extractall(tmp_path)
    assert "sco-notes/notebooks/exercises/release/1_counting.ipynb" in names
    assert not [name for name in names if "tests/" in name or re.search(r"exercises/\w+\.ipynb", name)]
    for name in names:
        if name.endswith((".ipynb", ".py", ".md")) and "/src/" not in name:
            text = (tmp_path / name).read_text(encoding="utf-8")
            assert "BEGIN SOLUTION" not in text and "BEGIN HIDDEN" not in text, name
    run = "from sco_notes.cli import main; main(['start', '--desk', 'work'])"
    home = tmp_path / "sco-notes"
    subprocess.run([sys.executable, "-c", run], cwd=home, env={"PYTHONPATH": str(home / "src")}, check=True)
    assert (home / "work" / "exercises" / "1_counting.ipynb").is_file()


def test_jupyterlab_opens_without_news_and_keeps_the_settings_there_are(tmp_path):
    (tmp_path / "share" / "jupyter" / "lab").mkdir(parents=True)
    file = tmp_path / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    module.quiet_jupyter(tmp_path)
    assert json.loads(file.read_text())["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"
    file.write_text("{}")
    module.quiet_jupyter(tmp_path)
    assert file.read_text() == "{}"
    module.quiet_jupyter(tmp_path / "no-jupyter")
    assert not (tmp_path / "no-jupyter").exists()
