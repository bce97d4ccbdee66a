"""VADER's scores, their words, and estimates per actor."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

import sco_notes as sn

REFERENCE = SentimentIntensityAnalyzer()
NO_MENTIONS = pd.DataFrame({"doc_id": [], "start": [], "end": []})


def docs(*texts):
    return pd.DataFrame({"doc_id": [f"d{i}" for i in range(len(texts))], "text": texts})


def valence(text):
    return sn.score_sentences(docs(text), NO_MENTIONS)["valence"].tolist()


SENTENCES = [
    "The talks were not good, but the agreement is a GREAT success!!!",
    "No progress was made and no one was happy?",
    "It was kind of a disaster :( yet the least bad of all.",
    "Never so hopeful: they cut the mustard, without doubt.",
    "A fairly friendly, very warm welcome \U0001f600 and trust.",
    "Uneventful.",
]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_valence_is_exactly_that_of_the_reference(sentence):
    assert valence(sentence) == [REFERENCE.polarity_scores(sentence)["compound"]]


@given(
    st.lists(st.sampled_from("not very good bad no but kind of least war peace WIN hope never so !".split()))
)
def test_valence_is_that_of_the_reference_for_any_order_of_words(words):
    sentence = " ".join(["x", *words])
    expected = REFERENCE.polarity_scores(sentence)["compound"]
    assert valence(sentence)[:1] == [expected] if "!" not in words[:-1] else True


def test_curly_apostrophes_and_guillemets_change_nothing():
    assert valence("This isn’t good.") == valence("This isn't good.") != valence("This is good.")
    assert valence("They want «peace».") == valence('They want "peace".') != [0.0]
    assert valence("Peace—at last.") == valence("Peace at last.")


def test_a_bare_name_has_no_tone():
    # VADER alone: +0.42 for "united".
    assert sn.score_sentences(docs("The United Nations met."))["valence"].tolist() == [0.0]


def test_evidence_names_the_words_with_their_values():
    scored = sn.score_sentences(docs("A great success, not a failure."), NO_MENTIONS)
    assert scored["evidence"].tolist() == ["great +3.1; success +2.7; failure +1.7"]


def test_mentions_get_the_valence_of_the_sentence_in_which_they_begin():
    documents = docs("Kazakhstan hosted it. China praised the success.")
    by_hand = pd.DataFrame({"doc_id": ["d0", "d0"], "start": [0, 22], "end": [10, 27], "note": ["x", "y"]})
    scored = sn.score_mentions(documents, by_hand)
    assert scored["sentence"].tolist() == [0, 1]
    assert scored["label"].tolist() == ["neutral", "positive"]
    assert scored["note"].tolist() == ["x", "y"] and scored["scorer"].unique().tolist() == ["vader 3.3.2"]


def test_a_mention_of_another_corpus_is_refused():
    with pytest.raises(sn.SCONotesError, match="do the mentions belong to these documents"):
        sn.score_mentions(docs("One sentence."), pd.DataFrame({"doc_id": ["zz"], "start": [0], "end": [1]}))
