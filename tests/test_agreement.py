"""Agreement between scorers, and the words behind a score as they are shown."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from making import shown_into
from scipy.stats import spearmanr

import sco_notes as sn
from sco_notes.notebook import display
from sco_notes.sentiment import disputed_mentions
from sco_notes.tables import Tables, scored


def scores(**valences):
    labels = {True: "positive", False: "negative"}
    rows = [
        ("d", 10 * i, 10 * i + 3, f"{name} 1", value, labels[value > 0] if value else "neutral")
        for name, values in valences.items()
        for i, value in enumerate(values)
    ]
    return pd.DataFrame(rows, columns=["doc_id", "start", "end", "scorer", "valence", "label"])


def test_agreement_by_hand():
    table = sn.scorer_agreement(scores(b=[0.5, 0.1, -0.2, 0.0], a=[0.4, -0.1, -0.3, 0.2]))
    # Ranks 4 3 1 2 and 4 2 1 3: squared differences 1 + 1, so rho = 1 - 6 * 2 / (4 * 15) = 0.8.
    assert table.values.tolist() == [["a", "b", 4, 0.5, pytest.approx(0.8)]]


def test_a_constant_scorer_has_no_rank_correlation():
    table = sn.scorer_agreement(scores(a=[0.0, 0.0], b=[0.1, 0.0]))
    assert table["spearman"].isna().all() and table["same_label"].tolist() == [0.5]
    assert sn.scorer_agreement(scores()).empty


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(-3, 3), st.integers(-3, 3)), min_size=2, max_size=20))
def test_rank_correlation_is_scipys(pairs):
    one, other = ([pair[k] / 3 for pair in pairs] for k in (0, 1))
    found = sn.scorer_agreement(scores(a=one, b=other))["spearman"].iloc[0]
    if len(set(one)) > 1 and len(set(other)) > 1:
        assert found == pytest.approx(spearmanr(one, other).statistic)


def test_disputed_mentions_come_with_the_widest_difference_first():
    table = scores(a=[0.5, 0.1, -0.9], b=[0.4, -0.5, -0.8])
    mentions = table[table["scorer"] == "a 1"][["doc_id", "start", "end"]].assign(actor="SCO")
    found = disputed_mentions(mentions, table, "a", "b")
    assert found["start"].tolist() == [10, 0, 20]
    assert found[["a", "b", "difference"]].iloc[0].tolist() == pytest.approx([0.1, -0.5, 0.6])
    with pytest.raises(sn.SCONotesError, match="no scores by 'c'; there are a, b"):
        disputed_mentions(mentions, table, "a", "c")


def test_the_words_behind_a_score_are_marked_in_an_escaped_sentence(tmp_path, monkeypatch):
    text = "China praised the <b>great</b> success. Iran saw a threat."
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    study = sn.load(tmp_path)
    shown = []
    monkeypatch.setattr(display, "_show", shown_into(shown))
    display.show_words(study, scored(study, "vader"), "vader")
    html = shown[0]["text/html"]
    assert "&lt;b&gt;" in html and "<b>" not in html
    assert "<strong>China</strong>" in html and "<mark>threat<sub>-" in html
    assert html.count("<li>") == 2 and "Iran" not in html.split("</li>")[0]


def test_without_texts_the_place_and_the_words_are_shown(tmp_path, monkeypatch):
    (tmp_path / "a.txt").write_text("China praised the success.", encoding="utf-8")
    study = sn.load(tmp_path)
    dark = Tables(**{**vars(study), "documents": study.documents.drop(columns="text")})
    shown = []
    monkeypatch.setattr(display, "_show", shown_into(shown))
    display.show_words(dark, scored(study, "vader"), "vader")
    assert "characters 0-5; words: " in shown[0]["text/html"] and "success" in shown[0]["text/html"]
