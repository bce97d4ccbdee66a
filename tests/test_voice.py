"""Whose words name an actor."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sco_notes as sn
from sco_notes.actors import attribution, find_slogans


def quoted(text: str) -> list[str]:
    """The actors that are named in words which the text quotes or reports."""
    documents = pd.DataFrame({"doc_id": ["d"], "text": [text]})
    mentions = sn.find_mentions(documents)
    return mentions["actor"][attribution(documents, mentions) == "quoted"].tolist()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("China praised Iran.", []),
        ("The minister of Iran said that China is a friend.", ["CHN"]),
        ("The minister has repeatedly claimed that China is a threat.", ["CHN"]),
        ("We said that China is a friend.", []),
        ("I have already noted that China is a friend.", []),
        ("My delegation has stated that China is a friend.", []),
        ("It must be said that China is a friend.", []),
        ("As President Tokayev noted, China is a friend.", ["CHN"]),
        ("As I noted, China is a friend.", []),
        ("As American political scientist John Doe notes, China is a friend.", ["CHN"]),
        ("He wrote: «We see the «spirit of trust» in all that China does». Iran left.", ["CHN"]),
        ("According to the World Bank, China grew.", ["CHN"]),
        ("According to this rule China may vote.", []),
        ("The book says “the road to China is long and open” and Iran agrees.", ["CHN"]),
        ("The book says «the road to China is long and open» and Iran agrees.", ["CHN"]),
        ('It says "the road to China is long and open" and Iran agrees.', ["CHN"]),
        ("They spoke of the “Iran question” at length.", []),
        ("A report entitled “The long road of China to trade” was read.", []),
        (
            "He said: “Iran is a friend of ours.\n\n“China is one as well, they say.” Nepal agreed.",
            ["IRN", "CHN"],
        ),
    ],
)
def test_voice(text, expected):
    assert quoted(text) == expected


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(["Iran", "said that", "“", "”", "As", "the", "noted", ",", ".", "We", "«", '"'])
    ).map(" ".join)
)
def test_every_mention_has_a_voice(text):
    documents = pd.DataFrame({"doc_id": ["d"], "text": [text]})
    mentions = sn.find_mentions(documents)
    found = attribution(documents, mentions)
    assert found.index.equals(mentions.index) and set(found) <= {"author", "quoted"}


def test_long_texts_take_no_longer_than_their_length():
    documents = pd.DataFrame({"doc_id": ["d"], "text": ["As The The " * 20_000]})
    mentions = pd.DataFrame({"doc_id": ["d"], "start": [0], "end": [2]})
    assert attribution(documents, mentions).tolist() == ["author"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They spoke of «the spirit of trust».", ("the spirit of trust", "no source", "")),
        ("As President Doe notes, the “great game” is over.", ("great game", "quoted", "President Doe")),
        ("According to the World Bank, “green growth” pays.", ("green growth", "quoted", "the World Bank")),
        ("In 1999 Jane Roe said of it, “no way”.", ("no way", "quoted", "Jane Roe")),
        (
            "The initiative of 2004, “Water for Life”, ended.",
            ("Water for Life", "document", "The initiative of 2004"),
        ),
        ("It keeps to the “Shanghai spirit.”", ("Shanghai spirit", "fixed term", "Shanghai spirit")),
        ("It is “one two three four five six seven”.", ("one two three four five six…", "no source", "")),
        (f"He said “{'so ' * 16}”.", None),  # a statement
        ("It is “1992-2024”.", None),
    ],
)
def test_a_slogan_has_the_source_that_its_sentence_names(text, expected):
    documents = pd.DataFrame({"doc_id": ["d"], "text": [text]})
    sentences = pd.DataFrame({"doc_id": ["d"], "sentence": [0], "start": [0], "end": [len(text)]})
    table = find_slogans(documents, sentences, sn.terms.find_groups(documents))
    assert [tuple(row) for row in table[["slogan", "whose", "source"]].to_numpy()] == [expected] * bool(
        expected
    )
    for row in table.itertuples():
        assert text[row.start : row.end].startswith(row.slogan.rstrip("…"))


@given(st.text('ab .“”«»"12', max_size=60))
def test_the_place_of_a_slogan_lies_in_its_text(text):
    documents = pd.DataFrame({"doc_id": ["d"], "text": [text]})
    sentences = pd.DataFrame({"doc_id": ["d"], "sentence": [0], "start": [0], "end": [len(text)]})
    for row in find_slogans(documents, sentences, sn.terms.find_groups(documents.head(0))).itertuples():
        assert 0 <= row.start < row.end <= len(text) and row.slogan[0] in text[row.start : row.end]
