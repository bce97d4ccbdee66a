"""Sentences to valence; mentions to the valence of their sentence.

First version: the valence of a mention is that of its whole sentence, so it is the tone in which an actor is
mentioned, not what is said of it: praise of one actor and blame of another in one sentence give both the
same value. Sarcasm, implication and quoted speech are not told apart.
"""

import re

import numpy as np
import pandas as pd

from ..actors import find_mentions
from ..errors import SCONotesError
from ..text import sentence_spans
from .vader import SCORER, plain, vader

NEUTRAL = 0.05  # VADER's own bound: labels are neutral between -0.05 and 0.05
_LETTER = re.compile(r"[^\W\d_]")


def score_sentences(documents: pd.DataFrame, mentions: pd.DataFrame | None = None) -> pd.DataFrame:
    """The valence of every sentence.

    Takes doc_id and text, and the mentions if they are at hand: names of actors are masked before scoring,
    since "United Nations" alone scores +0.42. Returns doc_id, sentence, start, end, valence (VADER's
    compound, in [-1, 1], Hutto and Gilbert 2014) and evidence (the words that made it, each with its
    valence after boosters and negation, on VADER's scale from -4 to 4).

    >>> docs = pd.DataFrame({"doc_id": ["a"], "text": ["A great success. They met in Astana."]})
    >>> score_sentences(docs)[["sentence", "valence", "evidence"]]
       sentence  valence                  evidence
    0         0   0.8316  great +3.1; success +2.7
    1         1   0.0000
    """
    mentions = find_mentions(documents) if mentions is None else mentions
    spans_of = {
        doc_id: list(zip(part["start"], part["end"], strict=True))
        for doc_id, part in mentions.groupby("doc_id", sort=False)
    }
    rows = []
    for doc_id, text in zip(documents["doc_id"], documents["text"], strict=True):
        masked = plain(_mask(text, spans_of.get(doc_id, ())))
        for number, (start, end) in enumerate(sentence_spans(text)):
            rows.append((doc_id, number, start, end, *vader(masked[start:end])))
    columns = ["doc_id", "sentence", "start", "end", "valence", "evidence"]
    return pd.DataFrame(rows, columns=columns).astype({"doc_id": "str", "evidence": "str"})


def score_mentions(
    documents: pd.DataFrame, mentions: pd.DataFrame, sentences: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Give each mention the valence of its sentence.

    Takes doc_id, start, end of each mention, its other columns are kept; `sentences` as score_sentences
    returns them, or None to score them here. Returns the mentions with sentence, valence in [-1, 1], label
    (negative, neutral, positive; neutral from -0.05 to 0.05), scorer and evidence.
    Raises SCONotesError where a mention lies outside its document's sentences.
    """
    sentences = score_sentences(documents, mentions) if sentences is None else sentences
    located = _locate(mentions, sentences)
    columns = ["doc_id", "sentence", "valence", "evidence"]
    scored = located.merge(sentences[columns], on=["doc_id", "sentence"], how="left", validate="many_to_one")
    valence = scored.pop("valence")
    evidence = scored.pop("evidence")
    label = np.select([valence >= NEUTRAL, valence <= -NEUTRAL], ["positive", "negative"], "neutral")
    return scored.assign(valence=valence, label=label, scorer=SCORER, evidence=evidence)


def _locate(mentions: pd.DataFrame, sentences: pd.DataFrame) -> pd.DataFrame:
    """The mentions with the number of the sentence in which each begins."""
    starts = {doc_id: part["start"].to_numpy() for doc_id, part in sentences.groupby("doc_id", sort=False)}
    numbers = [
        int(np.searchsorted(starts.get(doc_id, np.array([])), start, side="right")) - 1
        for doc_id, start in zip(mentions["doc_id"], mentions["start"], strict=True)
    ]
    if -1 in numbers:
        row = numbers.index(-1)
        raise SCONotesError(
            f"mention {row + 1}: document {mentions['doc_id'].iloc[row]!r} has no sentence at character "
            f"{mentions['start'].iloc[row]}; do the mentions belong to these documents?"
        )
    return mentions.assign(sentence=np.array(numbers, dtype="int64")).reset_index(drop=True)


def _mask(text: str, spans) -> str:
    """The text with the letters of the names replaced, so that a name has a place but no tone."""
    parts, position = [], 0
    for start, end in sorted(spans):
        if start >= position:
            parts += [text[position:start], _LETTER.sub("x", text[start:end])]
            position = end
    return "".join([*parts, text[position:]])
