"""One's own copies of notebooks and exercises: made once, never overwritten."""

import dataclasses
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from jupyter_client.manager import start_new_kernel

import sco_notes as sn
from sco_notes.cli import desk as module
from sco_notes.cli import main

PREPARE = module.prepare_jupyter


@pytest.fixture(autouse=True)
def _the_environment_stays(monkeypatch, tmp_path):
    monkeypatch.setattr(module, "prepare_jupyter", lambda desk: PREPARE(desk, tmp_path / "no-environment"))


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
    newer = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
    sources = module._sources() | {"3_timeline": newer}
    monkeypatch.setattr(module, "_sources", lambda: sources)
    said = start(tmp_path)[1]
    assert "3_timeline-new.ipynb: a newer version" in said
    assert (tmp_path / "3_timeline.ipynb").read_text() == "my notes"
    assert json.loads((tmp_path / "3_timeline-new.ipynb").read_bytes())["cells"] == []
    assert start(tmp_path) == (0, "")
    # The newer version may hold work by the time of the next one; a record cut off by a full disk is no news.
    (tmp_path / "3_timeline-new.ipynb").write_text("my newer notes")
    sources["3_timeline"] = newer + b"\n"
    assert "3_timeline-new-2.ipynb: a newer version" in start(tmp_path)[1]
    assert (tmp_path / "3_timeline-new.ipynb").read_text() == "my newer notes"
    (tmp_path / ".copies.json").write_text("{")
    assert start(tmp_path) == (0, "")


def test_the_address_that_make_lab_prints_opens_a_notebook_there_is():
    lab = Path(__file__).parents[1].joinpath("Makefile").read_text(encoding="utf-8")
    assert re.search(r"default_url=/lab/tree/(\w+)\.ipynb", lab)[1] in dict(module._sources())


def test_a_fresh_copy_gets_the_next_number(tmp_path):
    for expected in ("3_timeline.ipynb", "3_timeline-2.ipynb", "3_timeline-3.ipynb"):
        code, said = start(tmp_path, "3_timeline")
        assert code == 0 and str(tmp_path / expected) in said
        assert json.loads((tmp_path / expected).read_bytes())["cells"]
    for written in ("1_counting", "work/exercises/1_counting.ipynb", "exercises/1_counting"):
        assert start(tmp_path, written)[0] == 0
    assert (tmp_path / "exercises" / "1_counting-3.ipynb").is_file()
    code, said = start(tmp_path, "3_timline")
    assert code == 2 and "is 3_timeline meant?" in said


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("country = Kazakhstam", "no document has 'country = Kazakhstam'; is 'KAZ' meant"),
        ("country != Kazakhstam", "every document has 'country != Kazakhstam'; is 'KAZ' meant"),
        ("country = Beijing", "is 'CHN' meant"),  # a capital may be a place
        ("country = America", "'country = America'; country is AFG; BLR"),
        ("year > 2030", "year is from 1992 to 2024"),
        ("kind = speach", "is 'speech' meant"),
        ("country = KAZ and kind = speech and year < 1990", "year is from 1992 to 2024"),
        ("country = AFG and year = 1992", "though some meet each part"),
        ("yaer > 2000", "no column 'yaer'; is 'year' meant"),
        ("year > ten", "year holds numbers, 'ten' is none"),
        ("date > 2001-07", "date holds words; only = and != compare them"),
        *((written, "invalid condition") for written in (
            "Kazakhstan", "year", "year >", "country = ", "2000 < year < 2010", "year => 2004",
            "country = KAZ or country = UZB", "country = KAZ & year > 2000", "__import__('os')",
        )),
    ],
)  # fmt: skip
def test_a_condition_that_no_document_meets_is_an_error(condition, message):
    study = sn.load("un-debate")
    with pytest.raises(sn.SCONotesError, match=message):
        sn.select.documents(study, condition)


@pytest.mark.parametrize(
    ("condition", "n", "said"),
    [
        *((f"country {rest}", 33, "documents of Kazakhstan") for rest in (
            "= KAZ", "== Kazakhstan", "= 'kazakh'", "=kaz", '= "Republic of Kazakhstan"',
        )),
        ("country != KAZ", 295, "documents not of Kazakhstan"),
        ("year ≥ 2004 AND country = KAZ", 21, "documents since 2004 of Kazakhstan"),
        ("", 328, "documents"),
    ],
)  # fmt: skip
def test_names_codes_and_demonyms_are_the_same_in_a_condition(condition, n, said):
    study = sn.load("un-debate")
    assert sn.select.documents(study, condition).sum() == n
    assert sn.select.condition_in_words(study, condition) == said


def test_a_city_is_not_taken_for_its_state_nor_a_missing_column_for_another():
    study = sn.load("chronicle")
    with pytest.raises(sn.SCONotesError, match=r"is 'KAZ' meant\? venue is CHN; KAZ"):
        sn.select.documents(study, "venue = Astana")
    with pytest.raises(sn.SCONotesError, match="the documents state no country"):
        sn.select.documents(study, "country = KAZ")


@pytest.mark.parametrize(
    ("asked", "id"),
    [
        *((name, "USA") for name in ("America", "USA", "usa", "U.S.", "the United States", "Americans ")),
        *((name, "KGZ") for name in ("Kirgizstan", "kyrgyz", "KGZ", "Bishkek")),
        ("the West", "WEST"), ("UK", "GBR"), ("PRC", "CHN"),
    ],
)  # fmt: skip
def test_an_actor_is_found_by_any_of_its_names_in_every_notebook(asked, id):
    study = sn.load("un-debate")
    assert sn.select.actor(study, asked).id == id
    pd.testing.assert_frame_equal(sn.select.events(study, asked), sn.select.events(study, id))


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (
            "Untied States",
            "no actor has the name 'Untied States'; is 'United States of America'",
        ),
        ("Kazahstan", "is 'Kazakhstan'"),
        ("Persia", "all: data/actors.toml; most often named here: Kazakhstan; Shanghai Cooperation"),
        ("  ", "no actor has the name '  '; all: data"),
    ],
)
def test_an_actor_that_is_none_is_named_with_the_nearest_or_those_there_are(asked, message):
    study = sn.load("chronicle")
    for ask in (sn.select.actor, sn.select.events):
        with pytest.raises(sn.SCONotesError, match=message):
            ask(study, asked)


@pytest.mark.parametrize(("asked", "near"), [("chronicel", "chronicle"), ("UN debate", "un-debate")])
def test_a_corpus_that_is_none_is_named_with_the_nearest(asked, near):
    said = f"no such corpus.* is '{near}' meant[?] corpora here: chronicle"
    with pytest.raises(sn.SCONotesError, match=said):
        sn.load(asked)
    for command in (["derive"], ["texts"], ["check"], ["verify"]):
        answer = CliRunner().invoke(main, [*command, asked])
        assert answer.exit_code == 2 and re.search(said, answer.output)


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
    run = "import sys; sys.prefix = ''; from sco_notes.cli import main; main(['start', '--desk', 'work'])"
    home = tmp_path / "sco-notes"
    subprocess.run([sys.executable, "-c", run], cwd=home, env={"PYTHONPATH": str(home / "src")}, check=True)
    assert (home / "work" / "exercises" / "1_counting.ipynb").is_file()


def test_jupyterlab_opens_without_news_and_keeps_the_settings_there_are(tmp_path):
    lab = tmp_path / "share" / "jupyter" / "lab"
    lab.mkdir(parents=True)
    PREPARE(tmp_path / "desk", tmp_path)
    news = json.loads((lab / "settings" / "overrides.json").read_text())
    assert news["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"
    written = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert len(written) == 3
    for file in written:
        file.write_text("{}")
    PREPARE(tmp_path / "desk", tmp_path)
    assert {file.read_text() for file in written} == {"{}"}
    PREPARE(tmp_path / "no-desk", tmp_path / "no-jupyter")
    assert not (tmp_path / "no-jupyter").exists() and not (tmp_path / "no-desk").exists()


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        (["x = = 2", "y = 2", "z = 3"], {2: "Stopped at cell [1]: invalid syntax"}),
        (["x = 1", "x / 0", "y = 2", "z = 3", "x"], {4: "Stopped at cell [2]: division by zero\nNothing"}),
        (
            ["import sco_notes as sn", "sn.load('nowhere')", "x = 3"],
            {2: "Stopped at cell [2]: nowhere: no such corpus"},
        ),
        (["1", "x / 0"], {}),  # the error stands at the end itself
        (["1", "2", "3"], {}),
    ],
)
def test_the_last_cell_says_where_run_all_stopped(cells, shown, tmp_path):
    (tmp_path / "share" / "jupyter" / "lab").mkdir(parents=True)
    PREPARE(tmp_path, tmp_path)
    (config,) = tmp_path.rglob("ipython_kernel_config.py")
    # On a busy machine the kernel may be at the error before the cells after it have arrived.
    patience = "--IPythonKernel.stop_on_error_timeout=1"
    kernel, asked = start_new_kernel(extra_arguments=[f"--IPKernelApp.extra_config_file={config}", patience])
    try:
        ids = [asked.execute(cell, stop_on_error=True) for cell in cells]
        says = dict.fromkeys(ids, "")
        idle = set()
        while idle != {*ids}:
            message = asked.get_iopub_msg(timeout=60)
            id, content = message["parent_header"].get("msg_id"), message["content"]
            if content.get("execution_state") == "idle":
                idle.add(id)
            elif message["msg_type"] == "clear_output":
                says[id] = ""
            elif message["msg_type"] == "stream":
                says[id] += content["text"]
            elif message["msg_type"] == "error" and content["ename"] == "SCONotesError":
                assert content["traceback"][0] == "line 1: sn.load('nowhere')"
                assert len(content["traceback"]) == 2
            idle &= {*ids}
        for number, id in enumerate(ids):
            assert says[id].startswith(shown.get(number, "")) and bool(says[id]) == (number in shown)
    finally:
        asked.stop_channels()
        kernel.shutdown_kernel(now=True)


def test_words_are_a_list_and_one_that_is_missing_is_said(capsys):
    study = sn.load("chronicle")
    with pytest.raises(sn.SCONotesError, match=r'a list is expected; write \["summit"\]'):
        sn.select.words(study, "summit")
    assert sn.select.words(study, ["summit ", "xyzzy"]) == ["summit"]
    assert capsys.readouterr().out == "Not in these texts: xyzzy.\n"
    assert sn.select.words(study, []) == []
    none = r"Not in these texts: peace and xyzzy\. A phrase is looked up by the parameter phrase.*"
    with pytest.raises(sn.SCONotesError, match=f"{none}Term groups here: Shanghai Cooperation Organisation"):
        sn.select.words(study, ["peace and xyzzy"])
    study = dataclasses.replace(study, groups=study.groups.head(0))
    with pytest.raises(sn.SCONotesError, match=r"Name words that occur, or none: words = \[\]\.$"):
        sn.select.words(study, ["xyzzy"])


def test_no_other_question_is_answered_than_the_one_asked():
    study = sn.load(" chronicle ")
    places = sn.select.formulas(study)
    users = sn.select.formula_users(study, places, "kind", 2)
    select = sn.select
    for wrong in ("3", -1, 2.5, None):
        for ask, *given in (
            (select.formulas, study),
            (select.formula_users, study, places, "kind"),
            (select.best_known, users),
        ):
            with pytest.raises(sn.SCONotesError, match="a whole number "):
                ask(*given, wrong)
    for top in (-1, 15.5, True):
        with pytest.raises(sn.SCONotesError, match="a whole number of 0 or more is expected"):
            sn.plot_timeline(study.events, top=top)
    for use in ("no", "False", None):
        with pytest.raises(sn.SCONotesError, match="True or False is expected, without quot"):
            sn.select.stop_words(use)
    for target in ("", "year > 1900"):
        with pytest.raises(sn.SCONotesError, match="chronicle compared with itself; name other texts in ref"):
            sn.select.contrast(study, target, "chronicle", ())
    with pytest.raises(
        sn.SCONotesError,
        match=r"^reference: write a corpus, or “un-debate: country = KAZ” .country = KAZ: no such",
    ):
        sn.select.contrast(study, "", "country = KAZ", ())
    assert sn.select.scorer(study, "VADER ") == "vader"
    assert sn.select.scorer(study, "Best") == sn.select.scorer(study, "best")
    with pytest.raises(sn.SCONotesError, match="most often named"):
        sn.select.actor(study, "Taiwan")  # the Taliban are not meant
    with pytest.raises(sn.SCONotesError) as told:
        sn.check_choice("by", "actor", ["year", "country", "kind"])
    assert "did you mean" not in str(told.value)  # 'country' is not near


def test_the_folder_of_a_user_may_begin_with_a_tilde(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (tmp_path / "note.txt").write_text("China and Russia met.")
    assert sn.load("~/note.txt").documents["doc_id"].tolist() == ["note"]
