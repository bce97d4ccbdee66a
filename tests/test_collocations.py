"""Collocations and co-occurrence: NLTK's values, nothing across a sentence end, counts by hand."""

import re
from collections import Counter
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sco_notes as sn
from sco_notes.terms import cooccurrences


def corpus(*texts):
    return pd.DataFrame({"doc_id": [f"d{i}" for i in range(len(texts))], "text": texts})


TEXT = (
    "Central Asia needs water, and water needs Central Asia. The region of Central Asia trades with Asia.\n\n"
    "Water is scarce in the region; the region trades water for energy. Energy moves the region."
)


def test_values_are_those_of_nltk():
    from nltk.collocations import BigramAssocMeasures, BigramCollocationFinder

    sentences = [re.findall(r"\w+", TEXT[a:b].lower()) for a, b in sn.sentence_spans(TEXT)]
    finder = BigramCollocationFinder.from_documents(sentences)
    ours = sn.collocations(corpus(TEXT), min_n=1, stopwords=()).set_index(["term", "collocate"])
    for name, measure in (("g2", BigramAssocMeasures.likelihood_ratio), ("pmi", BigramAssocMeasures.pmi)):
        theirs = dict(finder.score_ngrams(measure))
        for pair, value in ours[name].items():
            assert value == pytest.approx(theirs[pair], rel=1e-6, abs=1e-9)
    assert ours["n"].to_dict() == {pair: finder.ngram_fd[pair] for pair in ours.index}
    assert len(ours) > 15


def test_a_word_that_makes_up_most_of_the_text_is_no_error():
    assert len(sn.collocations(corpus("no no no no peace"), min_n=1, stopwords=())) == 1
    assert sn.collocations(corpus("no no no"), min_n=1, stopwords=()).empty


def test_g2_equals_scipy_over_the_four_cells():
    from scipy.stats import chi2_contingency

    docs = corpus("Silk Road and Silk Road and Silk and gold and iron.")
    row = sn.collocations(docs, min_n=2).set_index("term").loc["silk"]
    # Of eleven words three are "silk", two "road", and both of these follow it.
    expected = chi2_contingency([[2, 0], [1, 8]], correction=False, lambda_="log-likelihood")
    assert row["g2"] == pytest.approx(expected.statistic)


def test_log_dice_by_hand_and_documents_counted():
    row = (
        sn.collocations(corpus("Silk Road and Silk Road.", "Silk Road."), min_n=1)
        .set_index("term")
        .loc["silk"]
    )
    assert row[["n", "n_term", "n_collocate", "n_documents", "log_dice"]].tolist() == [3, 3, 3, 2, 14]


def test_no_pair_across_the_end_of_a_sentence_a_paragraph_or_a_document():
    docs = corpus("Leaders praised trade. Peace followed trade.\n\nGrowth came", "Growth came")
    pairs = set(
        sn.collocations(docs, min_n=1, stopwords=())[["term", "collocate"]].itertuples(index=False, name=None)
    )
    assert ("praised", "trade") in pairs and ("growth", "came") in pairs
    assert not {("trade", "peace"), ("trade", "growth"), ("came", "growth")} & pairs


def test_stop_words_and_single_letters_hold_their_place_but_are_not_listed():
    table = sn.collocations(corpus(*["The rule of law. Such a state."] * 5))
    assert table.empty
    every = sn.collocations(corpus(*["The rule of law."] * 5), stopwords=())
    assert every[["term", "collocate"]].values.tolist() == [["of", "law"], ["rule", "of"], ["the", "rule"]]


TEXTS = st.lists(st.text("ab .\n", max_size=40), min_size=1, max_size=3)


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_counts_add_up_over_the_documents_in_any_order(texts):
    texts = [re.sub("a", "aa", text) for text in texts]
    pairs = Counter()
    for text in texts:
        for start, end in sn.sentence_spans(text):
            words = re.findall(r"\w+", text[start:end])
            pairs.update(pairwise(words))
    found = sn.collocations(corpus(*texts), min_n=1, stopwords=())
    assert all(row.n == pairs[row.term, row.collocate] for row in found.itertuples())
    again = sn.collocations(corpus(*texts[::-1]), min_n=1, stopwords=())
    pd.testing.assert_frame_equal(found, again)


def test_cooccurrence_counts_sentences_with_both():
    docs = corpus("Trade for peace, and more trade. Slow trade came. Peace by trade came.", "Wars end.")
    table = cooccurrences(docs, min_n=1)
    row = table.set_index(["term", "other"], drop=False).loc[("peace", "trade")]
    assert row[["term", "other", "n", "n_term", "n_other"]].tolist() == ["peace", "trade", 2, 2, 3]
    assert row["expected"] == pytest.approx(2 * 3 / 4)  # of four sentences
    from scipy.stats import chi2_contingency

    expected = chi2_contingency([[2, 0], [1, 1]], correction=False, lambda_="log-likelihood")
    assert row["g2"] == pytest.approx(expected.statistic)


def test_the_top_terms_are_those_in_most_sentences_the_first_in_the_alphabet_of_equal_ones():
    docs = corpus("Zinc and gold and iron. Zinc and gold. Gold and iron. Water.")
    table = cooccurrences(docs, top=2, min_n=1)
    assert set(table["term"]) | set(table["other"]) == {"gold", "iron"}


@pytest.mark.parametrize(
    "docs", [corpus(), corpus(""), corpus("the of and"), corpus("Peace."), corpus("a\0b")]
)
def test_nothing_to_pair_is_an_empty_table(docs):
    assert sn.collocations(docs).columns.tolist() == [
        "term", "collocate", "n", "n_term", "n_collocate", "n_documents", "g2", "pmi", "log_dice",
    ]  # fmt: skip
    assert sn.collocations(docs).empty and cooccurrences(docs).empty


def test_mixed_scripts_and_a_word_of_a_megabyte_are_counted():
    long = "x" * 1_000_000
    docs = corpus(f"Шанхайский дух жив. Шанхайский дух {long}.")
    assert sn.collocations(docs, min_n=2)[["term", "collocate"]].values.tolist() == [["шанхайский", "дух"]]


def test_bad_arguments_are_said():
    for option in ({"min_n": 0}, {"min_n": "two"}):
        with pytest.raises(sn.SCONotesError, match="a whole number of 1 or more"):
            sn.collocations(corpus("x"), **option)
    for top in (0, -1, "ten", 501):
        with pytest.raises(sn.SCONotesError, match="a whole number from 2 to 500"):
            cooccurrences(corpus("x"), top=top)
    with pytest.raises(sn.SCONotesError, match="no column 'text'"):
        sn.collocations(corpus("x").drop(columns="text"))
