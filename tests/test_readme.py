"""What README.md says works: its snippet runs, its commands, targets and files exist."""

import re
from pathlib import Path

import matplotlib as mpl
import pytest

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


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`((?:[\w-]+/)+[\w.-]*|[\w-]+\.\w+)`", README))))
def test_every_file_it_names_is_there(name):
    assert (ROOT / name).exists() or name.startswith("reports/html")
