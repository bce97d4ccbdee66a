"""Charts: each describes itself in words, refuses what it cannot draw, and is the same in every run."""

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

import sco_notes as sn
from sco_notes.charts import alternative_text
from sco_notes.charts.figure import FIGURE_TABLE, _shown, svg

mpl.use("agg")

TERMS = pd.DataFrame(
    {
        "doc_id": ["a", "a", "a", "b", "b"],
        "term": ["peace", "the", "trade", "peace", "trade"],
        "n": [30, 60, 10, 5, 95],
        "year": [2001, 2001, 2001, 2003, 2003],
    }
)
EVENTS = pd.DataFrame(
    {
        "doc_id": ["a"] * 3,
        "start": [0, 10, 20],
        "text": ["July 3-4, 2024", "the 1990s", "220-280 AD"],
        "edtf": ["2024-07-03/2024-07-04", "199X", "0220/0280"],
        "earliest": ["2024-07-03", "1990-01-01", "0220-01-01"],
        "latest": ["2024-07-04", "1999-12-31", "0280-12-31"],
        "precision": ["interval", "decade", "interval"],
        "actors": ["SCO", "KAZ;CHN", ""],
    }
)
SUMMARY = pd.DataFrame(
    {
        "actor": ["SCO", "KAZ"],
        "n": [40, 2],
        "n_documents": [12, 1],
        "mean": [0.25, 0.125],
        "low": [0.1, np.nan],
        "high": [0.4, np.nan],
        "interval": ["documents", "none"],
        "singles": ["", "+0.50; -0.25"],
    }
)


def described(ax):
    return alternative_text(ax)


def test_term_chart_describes_its_bars_and_leaves_stop_words_out():
    ax = sn.plot_terms(TERMS, top=5)
    assert described(ax) == (
        "Bar chart of the 2 most frequent terms per 1,000 tokens: "
        "trade 525.0 (n = 105), peace 175.0 (n = 35)."
    )
    assert [label.get_text() for label in ax.get_yticklabels()] == ["trade", "peace"]


def test_term_chart_by_year_is_a_heat_map_with_the_share_of_all_tokens():
    ax = sn.plot_terms(TERMS, by="year")
    assert "peace most in 2001 (300), least in 2003 (50)" in described(ax)


@pytest.mark.parametrize("top", [0, -1, 101, "ten", 2.5, True])
def test_top_outside_its_range_is_refused(top):
    with pytest.raises(sn.SCONotesError, match="a whole number from 1 to 100"):
        sn.plot_terms(TERMS, top=top)


def test_only_stop_words_is_a_plain_sentence():
    with pytest.raises(sn.SCONotesError, match="is every token a stop word"):
        sn.plot_terms(TERMS[TERMS["term"] == "the"])


def test_documents_whose_column_is_empty_have_a_label():
    terms = pd.DataFrame({"doc_id": ["a", "b"], "term": "astana", "n": [2, 3], "country": ["", "KAZ"]})
    assert "astana 1000 in not stated, KAZ" in described(sn.plot_terms(terms, by="country"))
    scored = pd.DataFrame(
        {"actor": "SCO", "doc_id": ["a", "b"], "sentence": 0, "valence": 0.5, "country": ["", "KAZ"]}
    )
    by_country = sn.summarise_actors(scored, by="country")
    assert "not stated  (n = 1)" in described(sn.plot_actors(by_country, label="country"))


def test_heat_map_writes_counts_as_counts_and_keeps_an_empty_category():
    years = pd.Categorical([2001, 2001, 2003], [2001, 2002, 2003])
    table = pd.DataFrame({"formula": ["a fair order", "peace", "peace"], "year": years, "n": [2, 1, 3]})
    ax = sn.plot_heat(table, "formula", "year", "n", "Documents")
    assert described(ax) == (
        "Heat map, documents: a fair order 2 in 2001; peace most in 2003 (3), least in 2001 (1)."
    )
    assert [label.get_text() for label in ax.get_xticklabels()] == ["2001", "2002", "2003"]


def test_keyness_chart_names_both_sides():
    table = sn.keyness(TERMS, ["a"], stopwords=["the"])
    ax = sn.plot_keyness(table, target="early", reference="late")
    assert described(ax).startswith(
        "Bar chart of log ratios, early against late: more frequent in early: peace +2.6; more frequent"
    )
    with pytest.raises(sn.SCONotesError, match="no term differs"):
        sn.plot_keyness(table.assign(q_value=0.5))


def test_trend_has_a_gap_where_a_year_is_missing():
    table = sn.frequency_of(TERMS, ["peace", "trade"], by="year")
    ax = sn.plot_trend(table)
    assert np.isnan(ax.lines[0].get_ydata()[1])
    assert "peace from 300.00 in 2001 to 50.00 in 2003, highest 300.00 in 2001" in described(ax)


def test_actor_chart_gives_intervals_and_draws_single_values_below_five():
    ax = sn.plot_actors(SUMMARY, names={"SCO": "SCO", "KAZ": "Kazakhstan"})
    assert "SCO  (n = 40) +0.25 (+0.10 to +0.40)" in described(ax)
    assert "Kazakhstan  (n = 2) too few for a mean" in described(ax)
    assert sorted(ax.lines[0].get_xdata()) == [-0.25, 0.5]


def test_a_chart_brings_the_table_it_was_drawn_from():
    names = pd.Series({"SCO": "SCO", "KAZ": "Kazakhstan"})
    for ax in (sn.plot_actors(SUMMARY, names=names), sn.plot_terms(TERMS)):
        shown = _shown(ax.figure)
        assert shown["text/plain"] == described(ax)
        assert shown[FIGURE_TABLE].startswith('<table class="sco-table"><caption>The numbers of the figure')
    assert "Kazakhstan" in _shown(sn.plot_actors(SUMMARY, names=names).figure)[FIGURE_TABLE]


def test_timeline_lists_far_off_dates_beside_its_window():
    ax = sn.plot_timeline(EVENTS)
    assert "2 dated statements from the 1990s to 3–4 July 2024" in described(ax)
    assert "outside this window (220–280)" in described(ax)
    assert any(text.get_text().startswith("◂ 220–280") for text in ax.texts)
    assert ax.get_xlim()[0] > 1900


def test_timeline_counts_by_year_where_there_are_many():
    many = pd.concat([EVENTS.head(2)] * 30).assign(start=range(60))
    ax = sn.plot_timeline(many)
    assert "60 dated statements by the year they speak of" in ax.figure.get_suptitle()
    assert sum(bar.get_height() for bar in ax.patches) == 60


def test_nothing_to_draw_is_said():
    for plot, table in ((sn.plot_timeline, EVENTS.head(0)), (sn.plot_actors, SUMMARY.head(0))):
        with pytest.raises(sn.SCONotesError, match="nothing to draw"):
            plot(table)


def test_a_figure_has_the_same_bytes_every_time_and_no_date():
    first, second = (svg(sn.plot_terms(TERMS).figure) for _ in range(2))
    assert first == second
    assert "<metadata>" not in first


def test_dollar_signs_in_a_label_are_not_mathematics():
    ax = sn.plot_timeline(EVENTS.head(1).assign(label="costs $5 and $6 <script>alert(1)</script>"))
    assert "costs $5 and $6 <script>" in described(ax)
    assert "<script>" not in svg(ax.figure)


@pytest.fixture(autouse=True)
def close_figures():
    yield
    import matplotlib.pyplot as plt

    plt.close("all")
