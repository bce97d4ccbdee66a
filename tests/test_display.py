"""Findings and tables as a notebook shows them: escaped, rounded, with their basis."""

import dataclasses

import pandas as pd
import pytest
from making import shown_into

import sco_notes as sn
from sco_notes.notebook import display


@pytest.fixture
def shown(monkeypatch):
    bundles = []
    monkeypatch.setattr(display, "_show", shown_into(bundles))
    return bundles


def bundle(finding):
    """What a notebook keeps of a finding that is the last line of a cell."""
    return finding._repr_mimebundle_()


def test_a_finding_states_its_number_interval_and_n():
    found = sn.Finding("f", "China is named most.", 0.5, 0.25, 0.75, n=1200, unit="mean valence")
    assert repr(found) == "China is named most. (0.50 mean valence, 95% interval 0.25 to 0.75, n = 1,200)"
    assert bundle(found)["text/plain"] == repr(found)
    assert bundle(found)[display.FINDING] == {
        "id": "f", "statement": "China is named most.", "value": 0.5, "low": 0.25, "high": 0.75,
        "n": 1200, "unit": "mean valence",
    }  # fmt: skip


def test_missing_numbers_are_none_and_not_nan():
    found = sn.Finding("f", "Nothing.", value=float("nan"), low=None, n=0)
    assert bundle(found)[display.FINDING]["value"] is None
    assert repr(found) == "Nothing. (n = 0)"


def test_text_from_a_corpus_is_escaped_wherever_it_is_shown(shown):
    evil = "<script>alert(1)</script>"
    sn.show_table(pd.DataFrame({evil: [evil], "right": [evil]}), evil)
    for html in (shown[0]["text/html"], bundle(sn.Finding("f", evil))["text/html"]):
        assert "<script" not in html and "&lt;script&gt;" in html


def test_a_table_has_a_caption_and_scopes_and_says_when_it_is_cut(shown):
    sn.show_table(pd.DataFrame({"term": ["a", "b"], "per_1000": [1.5, None]}), "Terms", most=1)
    assert shown[0]["text/html"] == (
        '<table class="sco-table"><caption>Terms (1 of 2 rows)</caption><thead><tr><th scope="col">term</th>'
        '<th scope="col" class="number">per 1000</th></tr></thead><tbody><tr><th scope="row">a</th>'
        '<td class="number">1.50</td></tr></tbody></table>'
    )


def test_a_missing_value_is_an_empty_cell(shown):
    sn.show_table(pd.DataFrame({"a": ["x"], "b": [float("nan")], "c": [12345]}), "T")
    assert '<td class="number"></td><td class="number">12,345</td>' in shown[0]["text/html"]


def test_of_a_scorer_of_ones_own_the_accuracy_is_not_known_and_the_page_goes_on(capsys):
    sn.show_accuracy("mine")
    assert capsys.readouterr().out == "How often “mine” is right has not been measured on labelled texts.\n"


def test_an_empty_table_is_a_sentence(shown, capsys):
    table = pd.DataFrame(columns=["term"])
    sn.show_table(table, "Terms")
    table.attrs["note"] = "No term is left."
    sn.show_table(table, "Terms")
    assert capsys.readouterr().out == "Terms: none.\nNo term is left.\n" and not shown


def test_a_column_of_empty_texts_is_left_out(shown):
    sn.show_table(pd.DataFrame({"doc_id": ["a"], "country": [""]}), "Documents")
    assert "country" not in shown[0]["text/html"]


def test_a_finding_brings_its_rows_with_their_sentences():
    study = sn.load("chronicle")
    rows = sn.term_rows(study, ["charter"], each=2)
    assert list(rows.columns) == ["term", "doc_id", "n", "sentence"] and len(rows) == 2
    found = bundle(sn.Finding("f", "So it is.", n=2, rows=display.with_sentences(study, rows)))
    table = found[display.ROWS]
    assert f"<details><summary>The rows behind this</summary>{table}" in found["text/html"]
    for doc_id in rows["doc_id"]:
        assert doc_id in table
    assert "charter" in table.lower().split("</thead>")[1] and 'class="quote"' in table


def test_evidence_stands_in_groups_with_an_anchor_each(shown):
    study = sn.load("chronicle")
    sn.show_evidence(study, study.mentions, by="actor", each=2)
    html = shown[0]["text/html"]
    assert (
        html.count('id="evidence-actor-sco"') == 1
        and html.count("<tbody>") == study.mentions["actor"].nunique()
    )
    assert f"SCO ({(study.mentions['actor'] == 'SCO').sum():,} rows, 2 shown)" in html


def test_without_texts_the_rows_give_the_place(shown):
    study = sn.load("chronicle")
    dark = dataclasses.replace(study, documents=study.documents.drop(columns="text"))
    sn.show_evidence(dark, dark.mentions.head(3), by="actor")
    assert "characters</th>" in shown[0]["text/html"] and "quote" not in shown[0]["text/html"]
    assert list(sn.term_rows(dark, ["charter"]).columns) == ["term", "doc_id", "n"]
