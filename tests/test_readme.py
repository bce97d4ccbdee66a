"""What README.md says works: blocks run and print what they show; targets, commands and files exist."""

import doctest
import importlib.util
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import matplotlib as mpl
import pandas as pd
import pytest
from click.testing import CliRunner
from PIL import Image

from sco_notes.cli import main

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
mpl.use("agg")


def test_every_line_of_the_snippet_runs(monkeypatch):
    import matplotlib.pyplot as plt

    monkeypatch.chdir(ROOT)
    (snippet,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    names: dict = {}
    exec(snippet, names)
    plt.close("all")
    assert names["terms"].columns.tolist() == ["doc_id", "term", "n"]
    assert len(names["scored"]) == len(names["mentions"]) > 100


def test_every_make_target_and_command_exists():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"(?:`|^)make ([a-z]+)", README, re.MULTILINE)) <= targets
    assert set(re.findall(r"sco-notes ([a-z]+) ", README)) <= set(main.commands)


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("block", blocks("pycon"))
def test_what_a_session_shows_is_what_it_prints(block):
    session = doctest.DocTestParser().get_doctest(block, {}, "README.md", None, 0)
    assert doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(session).failed == 0


COMMANDS = [
    line.split("#")[0].strip() for block in blocks("sh") for line in block.splitlines() if line.strip()
]


@pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")
@pytest.mark.parametrize("command", [line for line in COMMANDS if line.startswith("make ")])
def test_make_knows_how(command):
    done = subprocess.run([*shlex.split(command), "-n"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout.strip(), done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("command", [line for line in COMMANDS if not line.startswith("make ")])
def test_every_command_does_what_it_says(command, tmp_path, monkeypatch):
    (tmp_path / "speeches").mkdir()
    for year, said in (
        ("2001", "China praised the treaty of 15 June 2001."),
        ("2004", "Iran warned of a war."),
    ):
        (tmp_path / "speeches" / f"{year}.txt").write_text(f"{said} The summit of 2004 was long.\n")
    monkeypatch.chdir(tmp_path)
    program, *arguments = shlex.split(command)
    assert program == ".venv/bin/sco-notes"
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output


def test_the_picture_is_there_small_and_described():
    ((alternative, file),) = re.findall(r"!\[(.+?)\]\((.+?)\)", README)
    assert len(alternative) > 100
    assert (ROOT / file).stat().st_size < 150_000
    with Image.open(ROOT / file) as picture:
        assert picture.format == "PNG" and picture.width >= 800


def test_the_finding_that_is_traced_is_in_the_ledger():
    (finding,) = re.findall(r"finds: \*(.+?)\.?\*", README)
    ledger = pd.read_csv(ROOT / "reports" / "findings.csv").set_index("report").loc["chronicle-timeline"]
    assert finding in [statement.rstrip(".") for statement in ledger["statement"]]


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`((?:[\w-]+/)+[\w.-]*|[\w-]+\.\w+)`", README))))
def test_every_file_it_names_is_there(name):
    assert (ROOT / name).exists() or name.startswith(("reports/html", "docs/api", "work/"))


def test_it_is_short():
    assert len(README.splitlines()) <= 120


def test_the_page_of_accuracy_is_what_was_measured():
    spec = importlib.util.spec_from_file_location("accuracy_page", ROOT / "tools" / "accuracy_page.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert tool.PAGE.read_text(encoding="utf-8") == tool.page()
