"""Whose words a mention stands in."""

import pandas as pd
import pytest

import sco_notes as sn


def voices(text, *names):
    documents = pd.DataFrame({"doc_id": ["a"], "text": [text]})
    starts = [text.index(name) for name in names]
    ends = [start + len(name) for start, name in zip(starts, names, strict=True)]
    mentions = pd.DataFrame({"doc_id": ["a"] * len(names), "start": starts, "end": ends})
    return sn.mark_voice(documents, mentions)["voice"].tolist()


@pytest.mark.parametrize("opening, closing", ["“”", "«»", '""', "„“"])
def test_words_between_quotation_marks_are_quoted(opening, closing):
    text = f"The envoy of India replied: {opening}We and Iran will never give up on this.{closing}"
    assert voices(text, "India", "Iran") == ["author", "quoted"]


def test_a_quoted_term_is_the_authors_word():
    assert voices("The «spirit of Shanghai» guides China.", "Shanghai", "China") == ["author", "author"]


def test_what_follows_said_that_is_quoted_and_who_says_it_is_not():
    assert voices("China claims that India broke the accord.", "China", "India") == ["author", "quoted"]
    assert voices("China has agreed that India may join.", "India") == ["author"]


def test_the_speakers_own_words_are_the_authors():
    assert voices("I have said that India is a friend.", "India") == ["author"]
    assert voices("Our delegation has stressed that India is a friend.", "India") == ["author"]


def test_according_to_and_as_somebody_notes_make_the_rest_of_the_sentence_quoted():
    text = "According to China, the fault lies with India."
    assert voices(text, "China", "India") == ["author", "quoted"]
    assert voices("The fault, as China notes, lies with India.", "China", "India") == ["author", "quoted"]
    assert voices("As we noted, the fault lies with India.", "India") == ["author"]


def test_said_at_the_end_makes_what_precedes_quoted():
    text = "India would not attend, the ministry of China said."
    assert voices(text, "India", "China") == ["quoted", "author"]


def test_a_quotation_ends_with_its_sentence_and_mentions_keep_their_order():
    text = "China said that India agreed. Iran did not."
    assert voices(text, "Iran", "India") == ["author", "quoted"]


def test_a_frame_without_its_columns_is_refused():
    with pytest.raises(sn.SCONotesError, match="no column 'start'"):
        sn.mark_voice(pd.DataFrame({"doc_id": [], "text": []}), pd.DataFrame({"doc_id": []}))
