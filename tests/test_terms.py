"""Counts, relative frequency, keyness and concordance."""

import re
from collections import Counter

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sco_notes as sn
from sco_notes.terms import largest_change


def corpus(*texts):
    return pd.DataFrame({"doc_id": [f"d{i}" for i in range(len(texts))], "text": texts})


def counts(text):
    return dict(sn.count_terms(corpus(text))[["term", "n"]].itertuples(index=False))


def test_terms_are_lower_case_runs_of_two_or_more_letters_or_digits():
    assert counts("A long-term aim: the G20, Kazakhstan's aim.") == {
        "long": 1, "term": 1, "aim": 2, "the": 1, "g20": 1, "kazakhstan": 1,
    }  # fmt: skip


def test_typographic_marks_and_other_scripts_count_as_the_exact_pattern_says():
    text = "«Peace» for Türkiye’s and Қазақстан’s people — naïve? İstanbul ΟΔΟΣ'Α"
    assert counts(text) == Counter(re.findall(r"\w\w+", text.lower()))


@given(st.lists(st.text(max_size=60), max_size=4))
def test_counts_equal_the_plain_pattern_on_any_text(texts):
    expected = [Counter(re.findall(r"\w\w+", text.lower())) for text in texts]
    found = sn.count_terms(corpus(*texts))
    for i, wanted in enumerate(expected):
        part = found[found["doc_id"] == f"d{i}"]
        assert dict(zip(part["term"], part["n"], strict=True)) == wanted


def test_counts_equal_those_of_scikit_learn_with_its_defaults():
    from sklearn.feature_extraction.text import CountVectorizer

    texts = ["Trade, trade and more trade in 2024.", "Peace isn't trade; Peace_now", "Çin’de barış"]
    vectorizer = CountVectorizer()
    matrix = vectorizer.fit_transform(texts).toarray()
    theirs = {
        (f"d{i}", term): matrix[i, j]
        for term, j in vectorizer.vocabulary_.items()
        for i in range(3)
        if matrix[i, j]
    }
    ours = sn.count_terms(corpus(*texts)).set_index(["doc_id", "term"])["n"].to_dict()
    assert ours == theirs


def test_relative_frequency_counts_stop_words_in_the_tokens_but_does_not_list_them():
    table = sn.relative_frequency(sn.count_terms(corpus("the peace the war", "the peace")), stopwords={"the"})
    assert table["term"].tolist() == ["peace", "war"]
    assert table["n_documents"].tolist() == [2, 1]
    assert table["per_1000"].round(1).tolist() == [333.3, 166.7]


def test_interval_is_the_exact_poisson_interval():
    # Garwood's table: a count of 5 has the 95% interval 1.623 to 11.668.
    table = sn.relative_frequency(pd.DataFrame({"doc_id": ["a"] * 2, "term": ["x", "y"], "n": [5, 995]}))
    row = table.set_index("term").loc["x"]
    assert (round(row.low, 3), round(row.high, 3)) == (1.623, 11.668)


def test_frequency_of_shows_zero_for_a_group_without_the_term_and_nothing_for_a_missing_group():
    terms = sn.count_terms(corpus("peace now", "war now")).assign(year=[2001, 2001, 2003, 2003])
    table = sn.frequency_of(terms, ["Peace"], by="year")
    assert table[["year", "n", "low"]].values.tolist() == [[2001, 1, table["low"].iloc[0]], [2003, 0, 0.0]]


def test_keyness_equals_scipy_on_the_four_cells():
    # A term 120 times in 50,000 tokens and 60 times in 60,000.
    terms = pd.DataFrame(
        {"doc_id": ["a", "a", "b", "b"], "term": ["w", "rest"] * 2, "n": [120, 49_880, 60, 59_940]}
    )
    from scipy.stats import chi2_contingency

    expected = chi2_contingency([[120, 60], [49_880, 59_940]], correction=False, lambda_="log-likelihood")
    row = sn.keyness(terms, ["a"]).set_index("term").loc["w"]
    assert row["g2"] == pytest.approx(expected.statistic)
    assert row["log_ratio"] == pytest.approx(1.263, abs=5e-4)  # log2(2.4 / 1.0)


def test_keyness_takes_a_count_of_zero_as_a_half():
    terms = pd.DataFrame({"doc_id": ["a", "a", "b"], "term": ["new", "old", "old"], "n": [8, 92, 100]})
    row = sn.keyness(terms, ["a"]).set_index("term").loc["new"]
    assert row["n_reference"] == 0 and row["log_ratio"] == 4.0


def test_keyness_accepts_a_mask_by_document_by_row_or_a_list():
    docs = corpus("peace peace peace now now", "war war war now now").assign(year=[2001, 2020])
    terms = sn.count_terms(docs)
    by_document = sn.keyness(terms, docs.set_index("doc_id")["year"] >= 2017, min_n=1)
    by_row = sn.keyness(terms, terms["doc_id"] == "d1", min_n=1)
    assert by_document.equals(by_row) and by_document.equals(sn.keyness(terms, ["d1"], min_n=1))
    assert by_document.set_index("term")["n"].to_dict() == {"now": 2, "war": 3, "peace": 0}
    with pytest.raises(sn.SCONotesError, match=r"index it by doc_id"):
        sn.keyness(terms, pd.Series([False, True, True]))


@pytest.mark.parametrize(("target", "side"), [([], "target"), (["d0", "d1"], "reference")])
def test_keyness_refuses_an_empty_side(target, side):
    with pytest.raises(sn.SCONotesError, match=f"the {side} has no documents"):
        sn.keyness(sn.count_terms(corpus("a war", "a peace")), target)


def test_concordance_is_tolerant_of_white_space_and_knows_the_wildcard():
    found = sn.concordance(
        corpus("Against terrorism\nand terrorists; counterterrorism."), "terroris*", width=4
    )
    assert found["node"].tolist() == ["terrorism", "terrorists"]
    phrase = sn.concordance(corpus("the Shanghai\n spirit"), "shanghai  SPIRIT")
    assert phrase[["start", "end", "node"]].values.tolist() == [[4, 20, "Shanghai\n spirit"]]


def test_concordance_takes_pattern_characters_as_they_are():
    assert len(sn.concordance(corpus("the U.S. and the UKSX"), "U.S.")) == 1
    for query in ("", "  ", "*", "?!"):
        with pytest.raises(sn.SCONotesError, match="no word in it"):
            sn.concordance(corpus("x"), query)


def test_missing_column_is_named_with_those_there_are():
    with pytest.raises(sn.SCONotesError, match=r"no column 'n' \(it has doc_id, term, count\)"):
        sn.relative_frequency(pd.DataFrame(columns=["doc_id", "term", "count"]))


def test_stop_list_has_no_polarity_word_no_word_of_the_field_and_no_actor():
    words = sn.read_stopwords()
    assert 150 <= len(words) <= 220
    assert not words & {
        "not",
        "no",
        "good",
        "bad",
        "state",
        "states",
        "member",
        "members",
        "world",
        "interests",
    }
    assert not words & {"united", "new", "first", "like", "well", "againstwar"}
    aliases = set(sn.read_actors()["alias"]) - {"US"}
    assert not {w for w in words if w in aliases}


def test_a_term_that_one_period_alone_has_did_not_rise_from_a_number():
    terms = pd.DataFrame(
        {"doc_id": list("aabb"), "term": ["rest", "summit"] * 2, "n": [900, 0, 900, 80], "year": [1, 1, 2, 2]}
    )
    terms = terms[terms["n"] > 0]
    found = largest_change(sn.frequency_of(terms, ["summit"], by="year"), over="year")
    assert found["statement"] == (
        "“summit” stands in the texts of 2 (80 times, 81.63 in 1,000 tokens), and nowhere in those of 1; "
        "the 95% intervals do not overlap."
    )
