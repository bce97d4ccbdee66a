"""Bad input to the counting of terms and its charts: a line that says what is wrong, or a right result."""

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

import sco_notes as sn
from sco_notes.charts import alternative_text
from sco_notes.charts.figure import FIGURE_TABLE, _shown
from sco_notes.notebook.drawing import plot_topics
from sco_notes.terms import (
    cooccurrences,
    find_groups,
    find_topics,
    largest_change,
    read_groups,
)

mpl.use("agg")

WORDS = "peace trade summit member water treaty border energy".split()
DOCS = pd.DataFrame(
    {
        "doc_id": [f"d{i}" for i in range(24)],
        "year": [2001 + i % 4 for i in range(24)],
        "country": ["KAZ", "CHN"] * 12,
        "text": [" ".join(WORDS[: 2 + i % 7]) + ". The SCO met." for i in range(24)],
    }
)
TERMS = sn.count_terms(DOCS).merge(DOCS[["doc_id", "year", "country"]], on="doc_id")
RATES = sn.frequency_of(TERMS, ["peace", "trade"], by="year")
KEY = sn.keyness(TERMS, ["d0", "d6"], min_n=1)
GROUPS = find_groups(DOCS)
LONG = DOCS.assign(text=["a" * 300_000 + " peace. " + "b" * 500 + " trade trade"] * 24)


@pytest.fixture(autouse=True)
def close_figures():
    yield
    import matplotlib.pyplot as plt

    plt.close("all")


@pytest.mark.parametrize("value", [0, -1, "ten", 2.5, 1e9, True, float("nan")])
@pytest.mark.parametrize(
    "ask",
    [
        lambda v: sn.relative_frequency(TERMS, top=v),
        lambda v: sn.stop_list_effect(TERMS, [], top=v),
        lambda v: sn.keyness(TERMS, ["d0"], min_n=v),
        lambda v: sn.dispersion(TERMS, min_n=v),
        lambda v: sn.collocations(DOCS, min_n=v),
        lambda v: cooccurrences(DOCS, top=v),
        lambda v: sn.periods(TERMS["year"], v),
        lambda v: find_topics(TERMS, k=2, runs=v),
    ],
)
def test_what_is_no_whole_number_in_its_range_is_refused(ask, value):
    with pytest.raises(sn.SCONotesError, match="a whole number"):
        ask(value)


@pytest.mark.parametrize(
    "ask",
    [
        lambda c: sn.relative_frequency(TERMS, by=c),
        lambda c: sn.frequency_of(TERMS, ["peace"], by=c),
        lambda c: sn.dispersion(TERMS, part=c),
        lambda c: largest_change(RATES, c),
        lambda c: sn.frequency_of(TERMS, ["peace"], c, GROUPS),
        lambda c: sn.plot_terms(TERMS, by=c),
        lambda c: sn.plot_trend(RATES, over=c),
        lambda c: sn.plot_trend(RATES, value=c),
        lambda c: sn.plot_heat(RATES, c, "year", "per_1000", "Title"),
        lambda c: sn.plot_dispersion(GROUPS, DOCS, by=c),
        lambda c: sn.plot_network(TERMS, c, "term"),
    ],
)
def test_an_unknown_column_is_named(ask):
    with pytest.raises(sn.SCONotesError, match="no column 'countrry'"):
        ask("countrry")


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: sn.plot_terms([1, 2]), "expected, not list"),
        (lambda: sn.plot_keyness(RATES), "no column 'log_ratio'"),
        (lambda: plot_topics(TERMS), "what find_topics returns is expected, not DataFrame"),
        (lambda: sn.compare_corpora(DOCS, TERMS), "no column 'term'"),
        (lambda: sn.relative_frequency(TERMS.assign(n=-TERMS["n"])), "row 1: n is"),
        (lambda: sn.dispersion(TERMS.assign(n="many")), "row 1: n is 'many'"),
        (lambda: sn.keyness(TERMS.assign(n=np.nan), ["d0"]), "row 1: n is .*nan"),
        (lambda: sn.relative_frequency(TERMS, stopwords="the"), "a list of words is expected"),
        (lambda: sn.collocations(DOCS, stopwords="the"), "a list of words is expected"),
        (lambda: sn.concordance(DOCS, 5), "a phrase or a list of them is expected"),
        (lambda: sn.concordance(DOCS, None), "a phrase or a list of them is expected"),
        (lambda: sn.periods(TERMS["country"]), "a column of years as numbers"),
        (lambda: sn.plot_trend(RATES.assign(year="x")), "plot_heat draws periods"),
        (lambda: sn.plot_heat(RATES.head(0), "term", "year", "per_1000", "T"), "nothing to draw"),
        (lambda: sn.plot_dispersion(GROUPS, DOCS.head(0)), "nothing to draw"),
        (lambda: largest_change(RATES.head(0), "year"), "nothing to compare"),
    ],
)
def test_what_cannot_be_done_is_said(ask, message):
    with pytest.raises(sn.SCONotesError, match=message):
        ask()


@pytest.mark.parametrize(
    ("data", "read", "message"),
    [
        (b"\xff\xfe\x00", sn.read_stopwords, "not valid UTF-16"),
        (b"groups = 3", read_groups, r"no group under \[groups\]"),
        (b"[groups]\n", read_groups, r"no group under \[groups\]"),
    ],
)
def test_a_list_that_is_none_is_named(tmp_path, data, read, message):
    (tmp_path / "own.txt").write_bytes(data)
    with pytest.raises(sn.SCONotesError, match=f"own.txt.*{message}"):
        read(tmp_path / "own.txt")


def test_a_lone_surrogate_is_named():
    text = pd.Series(["peace \ud800 trade"], dtype=object)
    with pytest.raises(sn.SCONotesError, match="doc_id 'd0', character 6: a lone surrogate"):
        sn.concordance(DOCS.head(1).assign(text=text), "peace")


def test_nothing_counted_is_nothing_and_no_division_by_zero():
    nothing = TERMS.assign(n=0)
    assert sn.relative_frequency(nothing).empty
    with pytest.raises(sn.SCONotesError, match="no term is left to draw"):
        sn.plot_terms(nothing)
    with pytest.raises(sn.SCONotesError, match="target has no documents"):
        sn.keyness(nothing, ["d0"])


def test_a_row_of_zero_counts_for_nothing():
    more = pd.concat([TERMS, TERMS.head(1).assign(term="zebra", n=0)], ignore_index=True)
    pd.testing.assert_frame_equal(sn.relative_frequency(more), sn.relative_frequency(TERMS))
    more = more.sample(frac=1, random_state=0, ignore_index=True)
    by_row = sn.keyness(more, more["year"] == 2001)
    pd.testing.assert_frame_equal(by_row, sn.keyness(TERMS, TERMS["year"] == 2001))


def test_one_word_in_place_of_a_list_is_a_list_of_one():
    pd.testing.assert_frame_equal(
        sn.frequency_of(TERMS, "peace", by="year"), sn.frequency_of(TERMS, ["peace"], by="year")
    )


def test_no_pattern_finds_no_place():
    assert find_groups(DOCS, pd.DataFrame({"group": [], "pattern": []}, dtype="str")).empty


def test_ids_that_are_numbers_have_their_places():
    docs = DOCS.assign(doc_id=range(24))
    places = sn.concordance(docs, "SCO")
    assert "24 in 24 of 24 documents" in alternative_text(sn.plot_dispersion(places, docs))


@pytest.mark.filterwarnings("error")
def test_a_word_of_a_million_letters_is_a_short_label():
    terms = sn.count_terms(LONG).merge(DOCS[["doc_id", "year"]], on="doc_id")
    for ax in (
        sn.plot_terms(terms),
        sn.plot_terms(terms, by="year"),
    ):
        labels = [label.get_text() for label in ax.get_yticklabels()]
        assert "a" * 39 + "…" in labels
        shown = _shown(ax.figure)
        assert len(shown["text/plain"]) < 1500 and len(shown[FIGURE_TABLE]) < 5000


def test_every_chart_brings_its_numbers():
    pairs = pd.DataFrame({"term": ["peace", "war"], "other": ["trade", "trade"], "n": [3, 2]})
    for ax, part in (
        (sn.plot_network(pairs, "term", "other"), '<th scope="row">peace</th><td>trade</td>'),
        (sn.plot_dispersion(GROUPS, DOCS, series="group", by="year"), "<td>2001</td>"),
        (sn.plot_dispersion(GROUPS, DOCS.head(1)), "tenth of the text"),
    ):
        assert part in _shown(ax.figure)[FIGURE_TABLE]
