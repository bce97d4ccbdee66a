"""Concordance: exact places, wildcards, sorting, and linear time on hostile queries and texts."""

import re
import time

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sco_notes as sn


def corpus(*texts):
    return pd.DataFrame({"doc_id": [f"d{i}" for i in range(len(texts))], "text": texts})


def nodes(text, query, **options):
    return sn.concordance(corpus(text), query, **options)["node"].tolist()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("terroris*", ["terrorism", "Terrorist"]),
        ("*terrorism", ["counterterrorism", "terrorism"]),
        ("organi?ation*", ["organisation", "organizations"]),
        ("states' shared", ["states’ shared"]),
        ("long-term", ["long‑term"]),
        ("our * goals", ["our common goals"]),
        ("(SCO)", ["(SCO)"]),
        ("why now?", ["why now?"]),
        ("CÔTE", ["Côte"]),
    ],
)
def test_query_language(query, found):
    text = (
        "counterterrorism, terrorism, Terrorist; organisation, organizations; states’ shared and "
        "long‑term plans; our common goals (SCO): why now? Côte."
    )
    assert nodes(text, query) == found


def test_case_matters_where_asked():
    assert nodes("us and US", "US", ignore_case=False) == ["US"]


def test_sorted_by_the_words_nearest_the_node():
    docs = corpus("big old trade fell. new trade grew. free old trade ended.")
    left = sn.concordance(docs, "trade", sort="left", width=9)
    assert [row.split()[-2:] for row in left["left"]] == [["ell.", "new"], ["big", "old"], ["free", "old"]]
    right = sn.concordance(docs, "trade", sort="right", width=6)
    assert right["right"].str.strip(" .").tolist() == ["ended", "fell", "grew"]


def test_several_queries_come_in_text_order():
    both = sn.concordance(corpus("war and peace", "peace and war"), ["war", "peace"])
    assert both[["doc_id", "query"]].values.tolist() == [
        ["d0", "war"], ["d0", "peace"], ["d1", "peace"], ["d1", "war"],
    ]  # fmt: skip


def test_a_single_word_is_found_where_the_concordance_of_nltk_finds_it():
    from nltk.text import ConcordanceIndex

    text = "War and peace. Peace, then; no peaceful war, but PEACE."
    tokens = list(re.finditer(r"\w+", text))
    index = ConcordanceIndex([token.group() for token in tokens], key=str.lower)
    theirs = [tokens[place].start() for place in index.offsets("peace")]
    assert sn.concordance(corpus(text), "peace")["start"].tolist() == theirs and len(theirs) == 3


WORDS = st.text("abKkıſS* ?.\n'’", min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(WORDS, st.text("abKkKıİſS. \n\t'’-\0", max_size=40), st.booleans())
def test_places_are_exact_and_those_a_plain_pattern_finds(query, text, ignore_case):
    try:
        found = sn.concordance(corpus(text), query, width=5, ignore_case=ignore_case)
    except sn.SCONotesError:
        assert not re.search(r"\w", query)
        return
    for row in found.itertuples():
        assert text[row.start : row.end] == row.node
        assert text[max(0, row.start - 5) : row.start] == row.left
        assert text[row.end : row.end + 5] == row.right
    assert found["node"].tolist() == plain(query, text, ignore_case)


def plain(query, text, ignore_case):
    """The definition, written to be read and not to be quick."""
    words = []
    for word in re.sub(r"\*+", "*", query).split():
        one = re.sub(r"(?<=[\w*])\?(?=[\w*])", "\0", word)
        made = "".join(
            r"\w" if c == "\0" else r"\w*" if c == "*" else "['’‘ʼ]" if c in "'’" else re.escape(c)
            for c in one
        )
        words.append(r"\w+" if word == "*" else made)
        words[-1] += r"(?!\w)" if re.match(r"[\w*\0]", one[-1]) else ""
    start = r"(?<!\w)" if re.match(r"[\w*]", query.split()[0]) else ""
    return re.findall(start + r"\s+".join(words), text, re.IGNORECASE if ignore_case else 0)


@pytest.mark.parametrize("query", ["*a*a*a*a*b", "*a?a?a*c x", "* a a * b", "*.*.*.*x", "a b", "?a?*b"])
@pytest.mark.parametrize("text", ["a", "a ", "a.", "ab"])
def test_time_grows_with_the_length_of_the_text_whatever_the_query(query, text):
    size = 200_000
    start = time.process_time()
    sn.concordance(corpus(text * size + " " * size), query)
    assert time.process_time() - start < 2  # some hundredths of a second; an hour where it were quadratic


def test_bad_arguments_are_said():
    docs = corpus("peace")
    for query in ("", "*", "* * * *", "?!"):
        with pytest.raises(sn.SCONotesError, match="no word in it"):
            sn.concordance(docs, query)
    for option in ({"width": "ten"}, {"width": -1}, {"sort": "up"}):
        with pytest.raises(sn.SCONotesError, match="expected"):
            sn.concordance(docs, "peace", **option)
    with pytest.raises(sn.SCONotesError, match="at most 200"):
        sn.concordance(docs, "a" * 5_000_000)
    with pytest.raises(sn.SCONotesError, match="no column 'text'"):
        sn.concordance(docs.drop(columns="text"), "peace")


def test_an_empty_corpus_has_an_empty_concordance():
    assert sn.concordance(corpus(), "peace").columns.tolist() == [
        "doc_id", "start", "end", "left", "node", "right",
    ]  # fmt: skip


def test_a_letter_with_a_star_is_also_that_letter_alone():
    assert sn.concordance(corpus("I am in Iran"), "i*")["node"].tolist() == ["I", "in", "Iran"]
