"""Expressions of several words found in the data: the C-value by hand, no piece of a longer one."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sco_notes as sn
from sco_notes.terms import find_expressions


def corpus(*texts):
    return pd.DataFrame({"doc_id": [f"d{i}" for i in range(len(texts))], "text": texts})


def test_c_value_by_hand():
    docs = corpus(*["Shanghai Cooperation Organisation; Shanghai Five."] * 4, "Shanghai Cooperation.")
    table = find_expressions(docs, min_n=2).set_index("expression")
    # Three words, 4 times, in nothing longer: log2(3) * 4.
    assert table.loc["shanghai cooperation organisation", "c_value"] == pytest.approx(6.3399, abs=1e-4)
    # Two words, 5 times, of which 4 in the longer one: log2(2) * (5 - 4).
    assert table.loc["shanghai cooperation", ["n", "n_documents", "c_value"]].tolist() == [5, 5, 1]
    assert "cooperation organisation" not in table.index  # never but in the longer one: 0
    assert table.loc["shanghai five", "c_value"] == 4


def test_a_piece_of_a_longer_expression_is_not_listed_where_the_whole_is_too_long():
    docs = corpus(*["Treaty on good neighbours and partners"] * 5)
    assert find_expressions(docs, longest=3, min_n=2, stopwords=["on", "and"]).empty


def test_none_over_a_comma_a_sentence_or_with_a_stop_word_at_its_edge():
    docs = corpus(*["Peace, trade. Trade came: the rule of law (trade)."] * 5)
    assert find_expressions(docs, min_n=2)["expression"].tolist() == ["rule of law", "trade came"]


def test_hyphens_and_apostrophes_do_not_part():
    docs = corpus(*["Counter-terrorist work; people’s republic"] * 3)
    found = set(find_expressions(docs, min_n=3)["expression"])
    assert "counter terrorist work" in found


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text("ab .,", max_size=40), max_size=4))
def test_order_of_documents_does_not_matter(texts):
    texts = [text.replace("a", "aa").replace("b", "bb") for text in texts]
    found = find_expressions(corpus(*texts), min_n=1, stopwords=())
    pd.testing.assert_frame_equal(found, find_expressions(corpus(*texts[::-1]), min_n=1, stopwords=()))
    joined = " ; ".join(texts).split()
    assert found["n"].sum() <= len(joined) * 3


@pytest.mark.parametrize("docs", [corpus(), corpus(""), corpus("the of and"), corpus("x" * 1_000_000)])
def test_nothing_to_find_is_an_empty_table(docs):
    table = find_expressions(docs)
    assert table.columns.tolist() == ["expression", "n_words", "n", "n_documents", "c_value"] and table.empty


def test_bad_arguments_are_said():
    for longest in (1, 7, "three"):
        with pytest.raises(sn.SCONotesError, match="a whole number from 2 to 6"):
            find_expressions(corpus("x"), longest=longest)
