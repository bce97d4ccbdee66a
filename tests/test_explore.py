"""One look at a corpus: four views of what was asked for, and a sentence where there is nothing to show."""

import json
from dataclasses import replace
from html import escape
from pathlib import Path

import matplotlib as mpl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from making import shown_into

import sco_notes as sn
from sco_notes.notebook import exploring
from sco_notes.tables import extract

mpl.use("agg")
NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "0_explore.ipynb"

TEXTS = {
    "a": "Kazakhstan praised the summit of 4 July 2001. The summit was long, and Kazakhstan thanked China.",
    "b": "In August 2005 China warned of <b>danger & war</b> at the summit.",
    "c": "Nobody met.",
}


@pytest.fixture(scope="module")
def study():
    docs = pd.DataFrame({"doc_id": list(TEXTS), "text": list(TEXTS.values()), "date": ["2001", "2005", ""]})
    docs = docs.assign(year=pd.array([2001, 2005, None], "Int64"), country="", kind="brief", sha256="")
    return extract(docs.set_index("doc_id", drop=False).rename_axis(None), "three")


@pytest.fixture(scope="module")
def chronicle():
    return sn.load("chronicle")


def views(capsys, *asked, **named):
    """What explore says under each heading."""
    sn.explore(*asked, **named)
    said = capsys.readouterr().out
    return dict(part.strip().split("\n", 1) for part in said.split("\n\n") if "\n" in part) or said.strip()


def html_of(monkeypatch, *asked, **named):
    shown = []
    monkeypatch.setattr(exploring, "_show", shown_into(shown))
    sn.explore(*asked, **named)
    return shown[0]["text/html"]


def test_four_views_say_what_was_found(study, capsys):
    said = views(capsys, study, term="summit", actor="China")
    assert list(said) == ["How often", "In context", "In what tone", "Dated statements"]
    # 3 summits among the 15 + 11 + 2 tokens of two or more letters or digits.
    assert said["How often"].startswith(
        f"“summit” occurs 3 times in 2 of 3 documents: {3000 / 28:.2f} per 1,000 tokens"
    )
    assert said["In context"].startswith("3 passages:")
    assert said["In context"].count("[summit]") == 3
    assert "…Kazakhstan praised the [summit] of 4 July 2001. The summit" in said["In context"]
    assert "The texts name China in 2 sentences of 2 documents" in said["In what tone"]
    assert "rests on too few sentences for a mean" in said["In what tone"]
    assert said["Dated statements"].startswith("1 dated statement naming China, in 1 document")


def test_the_count_is_that_of_the_library(chronicle, capsys):
    said = views(capsys, chronicle, term="summit", actor="KAZ", period=(2001, 2010))
    terms = chronicle.terms[chronicle.terms["year"].between(2001, 2010)]
    row = sn.relative_frequency(terms).set_index("term").loc["summit"]
    assert (
        f"occurs {row['n']} times in {row['n_documents']} of {terms['doc_id'].nunique()}" in said["How often"]
    )
    assert f"(95% interval {row['low']:.2f} to {row['high']:.2f}, over documents)" in said["How often"]
    mentions = sn.scored(chronicle, "mpnet")
    mentions = mentions[(mentions["reading"] != "place") & mentions["year"].between(2001, 2010)]
    tone = sn.summarise_actors(mentions, actors=["KAZ"]).iloc[0]
    assert f"in {tone['n']} sentences" in said["In what tone"]
    interval = f"95% interval {tone['low']:.2f} to {tone['high']:.2f}"
    assert f"{tone['mean']:.2f} mean valence, {interval}" in said["In what tone"]
    assert "macro-F1" in said["In what tone"]


@pytest.mark.parametrize("term", ["summit", "terrorism", "members", "sco", "long-term", "member* states"])
def test_as_many_passages_as_occurrences(chronicle, capsys, term):
    found = sn.concordance(chronicle.documents, term)
    places = chronicle.groups[chronicle.groups["group"] == term]
    n = len(places) or len(found)
    said = views(capsys, chronicle, term=term)
    assert (f"occurs {n} time" in said["How often"]) == (n > 0)
    assert (f"of {n} passages" in said["In context"] or f"{n} passage" in said["In context"]) == (n > 0)


def test_without_texts_the_numbers_are_the_same_and_passages_are_said_to_be_dark(chronicle, capsys):
    dark = replace(chronicle, documents=chronicle.documents.drop(columns="text"))
    lit, unlit = (views(capsys, each, term="summit", actor="SCO") for each in (chronicle, dark))
    assert lit["How often"] == unlit["How often"] and lit["In what tone"] == unlit["In what tone"]
    assert unlit["In context"].startswith("The texts of chronicle do not come with this project")
    assert "It occurs most often in" in unlit["In context"]
    phrase = views(capsys, dark, term="member states of")
    assert "is no word and no term group in 50 documents; phrases" in phrase["How often"]


@pytest.mark.parametrize(
    ("asked", "heading", "sentence"),
    [
        ({"term": "unicorn"}, "How often", "“unicorn” does not occur in 3 documents."),
        ({"term": "unicorn"}, "In context", "No passage has “unicorn”."),
        ({"term": ""}, "How often", "No term was chosen."),
        ({"term": "?!"}, "In context", "has no word in it"),
        ({"actor": ""}, "In what tone", "No actor was chosen."),
        ({"actor": "Kazakhstam"}, "In what tone", "is 'Kazakhstan' (KAZ) meant?"),
        ({"actor": "IND"}, "In what tone", "These documents do not name India."),
        ({"actor": "IND"}, "Dated statements", "There are no dated statements naming India"),
    ],
)
def test_what_is_not_there_is_said_in_a_sentence(study, capsys, asked, heading, sentence):
    assert sentence in views(capsys, study, **asked)[heading]


def test_an_actor_without_scores_is_a_sentence(study, capsys):
    unscored = replace(study, scores=study.scores.assign(valence=float("nan")))
    for each in (unscored, replace(study, scores=study.scores.head(0))):
        said = views(capsys, each, actor="KAZ")["In what tone"]
        assert said.startswith("No sentence that names Kazakhstan was scored")


def test_a_group_of_a_document_without_a_year_is_counted(capsys, tmp_path):
    for name, text in {"2001": "A war on terrorism.", "2004": "No war.", "x": "Terrorism again."}.items():
        (tmp_path / f"{name}.txt").write_text(text)
    assert views(capsys, tmp_path, term="terrorism")["How often"].startswith(
        "“terrorism” occurs 2 times in 2"
    )


def test_a_slip_in_a_term_is_answered_with_the_nearest(chronicle, capsys):
    assert "Is “terrorism” meant?" in views(capsys, chronicle, term="Terrorisim")["How often"]
    assert "meant" not in views(capsys, chronicle, term="America")["How often"]


def test_a_name_has_its_article_in_a_sentence(capsys):
    said = views(capsys, sn.load("chronicle"), actor="SCO")
    assert "The texts name the Shanghai Cooperation Organisation in" in said["In what tone"]


@pytest.mark.parametrize(
    ("corpus", "period", "sentence"),
    [
        ("nowhere", (None, None), "nowhere: no such corpus, file or folder"),
        ("chronicle", (2050, None), "no document from 2050 on; its documents are of 1996 to 2025"),
        ("chronicle", (2010, 2001), "The period ends (2001) before it begins (2010)"),
    ],
)
def test_no_documents_is_a_sentence_too(corpus, period, sentence, capsys):
    sn.explore(corpus, period=period)
    said = capsys.readouterr().out
    assert sentence in said and said.count("\n") == 1


def test_text_of_a_corpus_and_of_the_reader_is_escaped(study, monkeypatch):
    html = html_of(monkeypatch, study, term="danger & war", actor="<script>alert(1)</script>")
    assert "danger &amp; war" in html and "<b>" not in html and "<script" not in html


def test_figures_are_closed_and_carry_their_words(study, monkeypatch):
    import matplotlib.pyplot as plt

    plt.close("all")
    html = html_of(monkeypatch, study, term="summit", actor="KAZ", period=(2001, 2005))
    assert html.count('<img class="sco-figure" alt="') >= 2
    assert plt.get_fignums() == []


YEARS = st.none() | st.integers(2000, 2006)


@settings(max_examples=40)
@given(st.text(max_size=12), st.text(max_size=8) | st.sampled_from(["KAZ", "china"]), YEARS, YEARS)
def test_nothing_that_is_asked_for_raises(study, term, actor, first, last):
    sn.explore(study, term=term, actor=actor, period=(first, last))


def test_controls_show_what_the_function_shows_and_answer_to_changes(monkeypatch):
    asked, calls = [], []
    monkeypatch.setattr(exploring, "_show", lambda html, plain: calls.append(plain))
    monkeypatch.setattr(exploring, "explore", lambda study, *rest: asked.append((study.name, *rest)))
    box = sn.explorer("chronicle")
    corpus, rest, _ = box.children
    term, actor, first, last = rest.children
    assert asked == [("chronicle", term.value, actor.value, (None, None))] and term.value and actor.value
    term.value, first.value = "treaty", 2010
    assert asked[1:] == [
        ("chronicle", "treaty", actor.value, (None, None)),
        ("chronicle", "treaty", actor.value, (2010, 2025)),
    ]
    assert calls[-1] == (
        f'sn.explore("chronicle", term="treaty", actor="{actor.value}", period=(2010, 2025))'
    )
    assert {"Shanghai Cooperation Organisation", "treaty", "terrorism"} <= {*term.options}
    assert "Uzbekistan" in actor.options
    corpus.value = "op-ed"
    _, rest, _ = box.children
    _, _, first, last = rest.children
    assert asked[-1][0] == "op-ed" and first.value == last.value == 2024


def test_the_call_that_is_written_shows_the_same(monkeypatch):
    shown = []
    monkeypatch.setattr(exploring, "_show", shown_into(shown))
    term, actor, first, _ = sn.explorer("un-debate").children[1].children
    with monkeypatch.context() as once:  # the four controls change one after the other
        once.setattr(exploring, "explore", lambda *asked: None)
        term.value, actor.value = 'the "West" \\ peace', "America"
    shown.clear()
    first.value = 2010
    call, by_clicks = shown
    assert escape(call["text/plain"]) in call["text/html"] and 'the "West" \\ peace' not in call["text/plain"]
    exec(call["text/plain"], {"sn": sn})
    assert shown[2] == by_clicks and "United States" in by_clicks["text/plain"]


def test_the_baseline_is_that_of_notebook_2(chronicle, capsys):
    said = views(capsys, chronicle, actor="SCO")["In what tone"]
    mentions = sn.select.mentions(chronicle, sn.select.scorer(chronicle, "best"))
    table = sn.summarise_actors(mentions, baseline="actors").set_index("actor")
    assert f"five sentences or more ({table.at['SCO', 'baseline']:+.2f})" in said
    assert f"({table.at['SCO', 'mean']:.2f} mean valence" in said
    said = views(capsys, "un-debate", actor="SCO")["In what tone"]
    assert "each state's own level" in said and "difference within speakers" in said


def test_the_notebook_has_short_cells_limits_and_tasks():
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    prose = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert prose[0].startswith("# ") and "?" in prose[0].splitlines()[0]
    assert "## Limits" in prose[-1] and "## Try it" in prose[-1]
    assert all(not cell["outputs"] and len(cell["source"]) <= 4 for cell in code)
