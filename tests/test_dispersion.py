"""Dispersion: Gries' DP on his own example, what chance alone gives, and the picture of the places."""

from itertools import pairwise

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sco_notes as sn
from sco_notes.charts import alternative_text

mpl.use("agg")

# The five parts of 9 to 11 letters that Gries (2008, Table 1) works out.
GRIES = ["bamnibeup", "basatbewqn", "bcagabesta", "baghabeaat", "bahaabeaxat"]
LETTERS = pd.DataFrame(
    [
        (f"part {i}", letter, part.count(letter))
        for i, part in enumerate(GRIES, 1)
        for letter in sorted(set(part))
    ],
    columns=["doc_id", "term", "n"],
)


def test_dp_equals_the_worked_example_of_gries():
    table = sn.dispersion(LETTERS, min_n=1).set_index("term")
    # a: 1 to 5 times; half of |1/15 - 9/50| + |2/15 - 10/50| + 0 + |4/15 - 10/50| + |5/15 - 11/50|.
    assert table.loc["a", ["n", "n_parts"]].tolist() == [15, 5]
    assert table.loc["a", "dp"] == pytest.approx(0.18)
    assert table.loc["e", "dp"] == pytest.approx(0.02)
    # x: once, in the last part alone; divided by its largest value 1 - 9/50.
    assert table.loc["x", "dp"] == pytest.approx(0.78)
    assert table.loc["x", "dp_norm"] == pytest.approx(0.78 / 0.82)
    assert table.loc["i", "dp_norm"] == pytest.approx(1)  # once, in the smallest part


def test_dp_of_chance_is_the_mean_of_random_draws():
    sizes = np.array([0.1, 0.2, 0.7])
    terms = pd.DataFrame({"doc_id": [*"abc", "a"], "term": ["rest"] * 3 + ["w"], "n": [88, 200, 700, 12]})
    draws = np.random.default_rng(1).multinomial(12, sizes, size=20_000) / 12
    expected = np.abs(draws - sizes).sum(axis=1).mean() / 2
    assert sn.dispersion(terms).set_index("term").loc["w", "dp_chance"] == pytest.approx(expected, abs=0.003)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("xyz"), st.integers(1, 99)), min_size=1))
def test_dp_is_between_0_and_its_largest_value_and_knows_no_order(rows):
    terms = pd.DataFrame(rows, columns=["doc_id", "term", "n"])
    if terms["doc_id"].nunique() < 2:
        with pytest.raises(sn.SCONotesError, match="two or more are needed"):
            sn.dispersion(terms, min_n=1)
        return
    table = sn.dispersion(terms, min_n=1)
    assert table["dp"].between(0, 1).all() and table["dp_norm"].between(0, 1 + 1e-9).all()
    assert table["n"].sum() == terms["n"].sum()
    pd.testing.assert_frame_equal(sn.dispersion(terms[::-1], min_n=1), table)


def test_parts_may_be_any_column_and_an_unknown_one_is_named():
    terms = LETTERS.assign(half=np.where(LETTERS["doc_id"] < "part 3", "first", "second"))
    assert sn.dispersion(terms, part="half", min_n=15).loc[0, "n_parts"] == 2
    with pytest.raises(sn.SCONotesError, match="no column 'country'"):
        sn.dispersion(terms, part="country")


DOCS = pd.DataFrame(
    {"doc_id": ["a", "b", "c"], "text": ["war peace", "war", "trade"], "year": [2001, 2003, 2001]}
)


def test_picture_says_how_many_where_and_leaves_gaps_between_documents():
    places = sn.concordance(DOCS, ["war", "peace"])
    ax = sn.plot_dispersion(places, DOCS, series="query")
    assert alternative_text(ax) == (
        "Dispersion plot, where it stands in the texts: war 2 in 2 of 3 documents; peace 1 in 1 of 3 "
        "documents. Most by document: a 2, b 1."
    )
    assert [label.get_text() for label in ax.get_xticklabels()] == ["a", "c", "b"]
    first, second = np.unique(ax.lines[0].get_xdata())
    assert first == 0 and second > len("war peace")  # the gap lies between


def test_documents_stand_in_the_order_of_a_column():
    ax = sn.plot_dispersion(sn.concordance(DOCS, "war"), DOCS, by="year")
    assert "Most by year: 2001 1, 2003 1." in alternative_text(ax)
    assert sorted(label.get_text() for label in ax.get_xticklabels()) == ["2001", "2003"]


def test_without_texts_the_table_of_sentences_gives_the_lengths():
    sentences = pd.DataFrame({"doc_id": ["a", "a", "b"], "start": [0, 50, 0], "end": [49, 100, 80]})
    mentions = pd.DataFrame({"doc_id": ["a", "b"], "start": [60, 10], "actor": ["KAZ", "CHN"]})
    ax = sn.plot_dispersion(mentions, sentences, series="actor")
    assert "KAZ 1 in 1 of 2 documents" in alternative_text(ax)


def test_one_document_is_drawn_by_characters_and_described_by_tenths():
    docs = DOCS.head(1)
    ax = sn.plot_dispersion(sn.concordance(docs, "peace"), docs)
    assert alternative_text(ax).endswith("Occurrences by tenth of the text: 0, 0, 0, 0, 1, 0, 0, 0, 0, 0.")


def test_many_places_in_many_documents_are_shades_and_no_tick_covers_another():
    docs = pd.DataFrame({"doc_id": [f"doc{i:04}" for i in range(2000)], "text": ["peace and war"] * 2000})
    ax = sn.plot_dispersion(sn.concordance(docs, "war"), docs)
    assert len(ax.images) == 1 and "2,000 in 2,000 of 2,000 documents" in alternative_text(ax)
    ax.figure.draw_without_rendering()
    boxes = sorted((b.x0, b.x1) for b in (t.get_window_extent() for t in ax.get_xticklabels()))
    assert len(boxes) > 5 and all(a[1] < b[0] for a, b in pairwise(boxes))


def test_nothing_to_draw_and_unknown_lengths_are_said():
    with pytest.raises(sn.SCONotesError, match="nothing to draw"):
        sn.plot_dispersion(sn.concordance(DOCS, "absent"), DOCS)
    docs = pd.DataFrame({"doc_id": list("abc"), "text": ["war", "no", "no"], "year": [None, 2001, 2004]})
    with pytest.raises(sn.SCONotesError, match="in a document that states its year"):
        sn.plot_dispersion(sn.concordance(docs, "war"), docs, by="year")
    with pytest.raises(sn.SCONotesError, match="give the table of their sentences"):
        sn.plot_dispersion(sn.concordance(DOCS, "war"), DOCS.drop(columns="text"))


@pytest.fixture(autouse=True)
def close_figures():
    yield
    import matplotlib.pyplot as plt

    plt.close("all")
