"""What README.md says works: its snippet runs, its commands, targets and files exist."""

import re
from pathlib import Path

import matplotlib as mpl
import pandas as pd
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


def test_the_figures_are_those_that_were_measured():
    accuracy = pd.read_csv(ROOT / "data" / "accuracy.csv").set_index(["method", "version", "gold", "measure"])
    rows = re.findall(
        r"^\| (\w+) \| (.+?) \| (.+?) \| (\d\.\d\d) \((.+?) to (.+?)\) \|", README, re.MULTILINE
    )
    assert len(rows) > 10
    for method, gold, measure, *figures in rows:
        known = accuracy.xs((method, gold, measure), level=["method", "gold", "measure"])
        measured = [[f"{row[name]:.2f}" for name in ("value", "low", "high")] for _, row in known.iterrows()]
        assert figures in measured, (method, gold, measure)
