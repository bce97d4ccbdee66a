"""Whose words name an actor."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sco_notes as sn
from sco_notes.actors import attribution


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
