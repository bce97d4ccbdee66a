"""The ledger of findings: what moved is said with old, new and the inputs that changed; nothing else is."""

import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from sco_notes.cli import main
from sco_notes.errors import SCONotesError
from sco_notes.notebook.display import FINDING
from sco_notes.reports import Report, moved_findings, write_ledger
from sco_notes.reports.ledger import _near, _same_words

STATEMENT = "Trade is named 12 times, tea 1,200.5 times."


@pytest.fixture
def made(tmp_path):
    """Reports whose executed notebooks state the findings given; returns reports and folder."""

    def make(*findings, report="r"):
        notebook = tmp_path / "one.ipynb"
        notebook.write_text('{"cells": [], "metadata": {}}')
        cells = [
            {
                "cell_type": "code",
                "source": "",
                "outputs": [{"output_type": "display_data", "data": {FINDING: f}}],
            }
            for f in findings
        ]
        (tmp_path / f"{report}.ipynb").write_text(json.dumps({"cells": cells, "metadata": {}}))
        return [Report(report, "R", notebook, {})]

    return make


def finding(statement=STATEMENT, **numbers):
    kept = {"value": 12.0, "low": 8.5, "high": 16.25, "n": 40, "unit": "times"}
    return {"id": "trade", "statement": statement, **kept, **numbers}


def test_a_ledger_holds_what_the_reports_found(made, tmp_path):
    reports = made(finding(), {**finding(value=None, low=None, high=None, n=None), "id": "none"})
    assert write_ledger(tmp_path / "findings.csv", reports, tmp_path, "first") == 2
    assert (tmp_path / "findings.csv").read_text() == (
        "report,id,statement,value,low,high,n,unit,tolerance,reason\n"
        f'r,none,"{STATEMENT}",,,,,times,1e-06,first\n'
        f'r,trade,"{STATEMENT}",12,8.5,16.25,40,times,1e-06,first\n'
    )
    inputs = pd.read_csv(tmp_path / "inputs.csv", dtype=str)
    assert {"notebooks/one.ipynb", "data/actors.toml", "sco_notes/cli/main.py", "numpy"} <= set(
        inputs["input"]
    )
    assert moved_findings(tmp_path / "findings.csv", reports, tmp_path) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"value": 13.0}, "value was 12, is 13"),
        ({"high": None}, "high was 16.25, is none"),
        ({"n": 41}, "n was 40, is 41"),
        ({"unit": "%"}, "unit was 'times', is '%'"),
        ({"statement": "Tea is named 12 times, trade 1,200.5 times."}, "the statement changed"),
        ({"statement": "Trade is named 12 times, tea 1,300.5 times."}, "the statement changed"),
    ],
)
def test_what_moved_is_said_with_old_and_new(made, tmp_path, changed, said):
    ledger = tmp_path / "findings.csv"
    write_ledger(ledger, made(finding()), tmp_path, "first")
    (line,) = moved_findings(ledger, made(finding(**changed)), tmp_path)
    assert line.startswith(f"r/trade: {said}\n  was: {STATEMENT}\n  is:  ")
    assert "inputs that changed: none; the ledger was edited" in line


def test_inputs_that_changed_are_named(made, tmp_path):
    ledger = tmp_path / "findings.csv"
    reports = made(finding())
    write_ledger(ledger, reports, tmp_path, "first")
    made(finding(value=13.0))
    (tmp_path / "one.ipynb").write_text('{"cells": [], "metadata": {"x": 1}}')
    (line,) = moved_findings(ledger, reports, tmp_path)
    assert line.endswith("inputs that changed: notebooks/one.ipynb")


def test_findings_that_come_and_go_are_said(made, tmp_path):
    ledger = tmp_path / "findings.csv"
    write_ledger(ledger, made(finding()), tmp_path, "first")
    gone, new = moved_findings(ledger, made({**finding(), "id": "tea"}), tmp_path)[::-1]
    assert gone == f"r/trade: no report makes this finding any more\n  was: {STATEMENT}"
    assert new == f"r/tea: not in the ledger\n  is:  {STATEMENT}"


def test_within_its_own_tolerance_a_finding_may_move(made, tmp_path):
    ledger = tmp_path / "findings.csv"
    write_ledger(ledger, made(finding()), tmp_path, "first")
    ledger.write_text(ledger.read_text().replace("1e-06", "0.05"))
    near = finding("Trade is named 12.3 times, tea 1,210 times.", value=12.3)
    assert moved_findings(ledger, made(near), tmp_path) == []
    assert len(moved_findings(ledger, made(finding(value=13.0)), tmp_path)) == 1
    assert len(moved_findings(ledger, made({**near, "n": 41}), tmp_path)) == 1  # counts are exact


def test_accepting_gives_the_reason_to_what_moved_and_to_nothing_else(made, tmp_path):
    ledger = tmp_path / "findings.csv"
    other = {**finding(), "id": "other"}
    write_ledger(ledger, made(finding(), other), tmp_path, "first")
    assert write_ledger(ledger, made(finding(value=13.0), other), tmp_path, "tea is no trade") == 1
    assert pd.read_csv(ledger).set_index("id")["reason"].to_dict() == {
        "other": "first", "trade": "tea is no trade",
    }  # fmt: skip


@pytest.mark.parametrize("content", [None, "a,b\n1,2\n", 'report,id\n"', ""])
def test_a_ledger_that_is_none_is_an_error(made, tmp_path, content):
    if content is not None:
        (tmp_path / "findings.csv").write_text(content)
    with pytest.raises(SCONotesError, match=r"findings\.csv: "):
        moved_findings(tmp_path / "findings.csv", made(finding()), tmp_path)


@given(st.integers(-(10**6), 10**6), st.floats(1e-8, 0.5))
def test_tolerance_is_a_share_of_the_number(number, tolerance):
    assert _near(number, number * (1 + tolerance / 2), tolerance)
    assert number == 0 or not _near(number, number * (1 + 2 * tolerance), tolerance)


@given(st.text(max_size=40))
def test_a_statement_is_itself(text):
    assert _same_words(text, text, 0.0)


def test_the_committed_ledger_has_a_reason_for_every_row():
    ledger = pd.read_csv(Path(__file__).parent.parent / "reports" / "findings.csv")
    assert ledger["reason"].notna().all() and not ledger.duplicated(["report", "id"]).any()


def test_the_command_says_what_it_does():
    assert "--accept REASON" in CliRunner().invoke(main, ["findings", "--help"]).output
