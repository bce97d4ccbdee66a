"""Mentions to the valence towards the actor that each names, by one of several scorers."""

from bisect import bisect_right
from collections.abc import Collection
from functools import partial

import pandas as pd

from ..actors import find_mentions
from ..errors import SCONotesError
from ..frames import as_documents, as_mentions
from ..text import sentence_spans, why_not_english
from . import clause, embeddings, linear, transformers, vader
from .words import Scorer, Target, Word

# Each scorer by the name that a notebook's parameter gives. A scorer of your own is an entry more.
SCORERS = {
    "vader": Scorer(vader.NAME, vader.score),
    "clause": Scorer(clause.NAME, clause.score),
    "linear": Scorer(linear.NAME, linear.score),
}
# Not in the derived tables: it needs more than the project installs, and minutes for a large corpus.
EXTRA = "embeddings"
SCORE_COLUMNS = ["valence", "label", "scorer", "p_negative", "p_neutral", "p_positive", "evidence"]
_BATCH = 500
_MOST_WORDS = 5  # in the column evidence; explain_mentions has all


def score_sentences(documents: pd.DataFrame) -> pd.DataFrame:
    """The valence of every sentence by VADER (Hutto and Gilbert 2014), exactly as the reference gives it.

    Takes doc_id and text. Returns doc_id, sentence, start, end, valence (the compound score, in [-1, 1]) and
    evidence (the words that made it, each with its rating after boosters and negation, from -4 to 4).
    Raises SCONotesError if a column is missing, and for texts that are not English.

    >>> docs = pd.DataFrame({"doc_id": ["a"], "text": ["A great success. They met in Astana."]})
    >>> score_sentences(docs)[["sentence", "valence", "evidence"]]
       sentence  valence                  evidence
    0         0   0.8316  great +3.1; success +2.7
    1         1   0.0000
    """
    documents = as_documents(documents)
    _refuse_other_languages(documents)
    rows = []
    for doc_id, text in zip(documents["doc_id"], documents["text"], strict=True):
        for number, (start, end) in enumerate(sentence_spans(text)):
            score = vader.score_sentence(text[start:end])
            rows.append((doc_id, number, start, end, score.valence, _in_short(score.words)))
    columns = ["doc_id", "sentence", "start", "end", "valence", "evidence"]
    return pd.DataFrame(rows, columns=columns).astype({"doc_id": "str", "evidence": "str"})


def score_mentions(
    documents: pd.DataFrame, mentions: pd.DataFrame, scorer: str = "clause", without: Collection[str] = ()
) -> pd.DataFrame:
    """How the sentence of each mention speaks of the actor that it names.

    Takes doc_id and text of the documents, doc_id, start and end of the mentions, whose other columns are
    kept. `scorer` is "vader" (the whole sentence, whoever is named), "clause" (words near the actor count
    more; every word shown), "linear" (learned from labelled news; the most accurate of these three), or with
    a package more "embeddings" (a language model; more accurate, slower) or "transformers:FOLDER" (a model of
    your own). `without` names parts of the clause scorer to leave out: register, titles, names, objects,
    clauses, nearness, speech, places, blame, against, length, dead zone.
    Returns the mentions in their order with sentence, valence in [-1, 1], label (negative, neutral,
    positive), scorer (with its version), p_negative, p_neutral, p_positive (missing where the scorer knows
    none) and evidence (the words that count most, each with its part).
    Raises SCONotesError for an unknown scorer or part, a scorer whose package is missing, a document that is
    not in English, and where a mention lies outside its document's sentences.

    >>> text = "China praised the success, while Iran saw a threat."
    >>> docs = pd.DataFrame({"doc_id": ["a"], "text": [text]})
    >>> score_mentions(docs, find_mentions(docs))[["actor", "valence", "label"]].round(1)
      actor  valence     label
    0   CHN      0.9  positive
    1   IRN     -0.6  negative
    """
    mentions, numbers, _, targets = _targets(documents, mentions)
    chosen = _scorer(scorer, without)
    return mentions.reset_index(drop=True).assign(
        sentence=pd.Series(numbers, dtype="int64"), **_columns(targets, chosen)
    )


def explain_mentions(
    documents: pd.DataFrame, mentions: pd.DataFrame, scorer: str = "clause", without: Collection[str] = ()
) -> pd.DataFrame:
    """Every word behind the score of each mention; the parts of a mention sum to its raw score.

    Takes what score_mentions takes. Returns doc_id, start, end (of the mention), word, word_start (in the
    text), value (the word's own), factor (by what its place multiplies it), part (value times factor) and
    why, in the order of the mentions and of the words.
    """
    mentions, _, offsets, targets = _targets(documents, mentions)
    columns = ["doc_id", "start", "end", "word", "word_start", "value", "factor", "part", "why"]
    rows = [
        (doc_id, start, end, w.word, offset + w.start, w.value, w.factor, w.value * w.factor, w.why)
        for doc_id, start, end, offset, score in zip(
            mentions["doc_id"],
            mentions["start"],
            mentions["end"],
            offsets,
            _scorer(scorer, without).score(targets),
            strict=True,
        )
        for w in sorted(score.words, key=lambda word: word.start)
    ]
    return pd.DataFrame(rows, columns=columns)


def _refuse_other_languages(documents: pd.DataFrame) -> None:
    for doc_id, text in zip(documents["doc_id"], documents["text"], strict=True):
        reason = why_not_english(text)
        if reason:
            raise SCONotesError(
                f"document {doc_id!r}: no sentiment, since the scorers read English only and {reason}; "
                "leave it out here (its terms can be counted and its names found)"
            )


def _scorer(name: str, without: Collection[str] = ()) -> Scorer:
    if name.startswith(transformers.PREFIX) and not without:
        return transformers.from_folder(name.removeprefix(transformers.PREFIX))
    if name not in SCORERS and name != EXTRA:
        choice = ", ".join(map(repr, [*SCORERS, EXTRA, f"{transformers.PREFIX}FOLDER"]))
        raise SCONotesError(f"no scorer {name!r}; choose one of {choice}")
    if not without:
        return embeddings.scorer() if name == EXTRA else SCORERS[name]
    for part in without:
        if name != "clause" or part not in clause.PARTS:
            parts = ", ".join(map(repr, clause.PARTS))
            raise SCONotesError(f"scorer {name!r} has no part {part!r} to leave out; 'clause' has {parts}")
    return Scorer(f"{clause.NAME} without {', '.join(without)}", partial(clause.score, without=without))


def _columns(targets: list[Target], scorer: Scorer) -> dict[str, pd.Series]:
    nothing = (float("nan"),) * 3
    rows = [
        (score.valence, score.label, scorer.name, *(score.probabilities or nothing), _in_short(score.words))
        for first in range(0, len(targets), _BATCH)  # the words of all mentions at once are much to hold
        for score in scorer.score(targets[first : first + _BATCH])
    ]
    values = zip(*rows, strict=True) if rows else [()] * len(SCORE_COLUMNS)
    kinds = ["float64", "str", "str", "float64", "float64", "float64", "str"]
    return {
        name: pd.Series(column, dtype=kind)
        for name, column, kind in zip(SCORE_COLUMNS, values, kinds, strict=True)
    }


def _in_short(words: list[Word]) -> str:
    """The words that count most, in the order of the sentence: "great +3.1; threat -1.2"."""
    parts: dict[tuple[int, str], float] = {}
    for word in words:
        parts[word.start, word.word] = parts.get((word.start, word.word), 0.0) + word.value * word.factor
    most = sorted(parts, key=lambda key: (-abs(parts[key]), key))[:_MOST_WORDS]
    return "; ".join(f"{key[1]} {parts[key]:+.1f}" for key in sorted(most) if abs(parts[key]) >= 0.05)


def find_targets(documents: pd.DataFrame, mentions: pd.DataFrame) -> list[Target]:
    """Each mention in its sentence, as a scorer takes it."""
    return _targets(documents, mentions)[-1]


def _targets(
    documents: pd.DataFrame, mentions: pd.DataFrame
) -> tuple[pd.DataFrame, list[int], list[int], list[Target]]:
    """The mentions, checked; the number and the offset of the sentence in which each begins; each in it."""
    documents = as_documents(documents)
    mentions = as_mentions(mentions, documents)
    concerned = documents[documents["doc_id"].isin(set(mentions["doc_id"]))]
    _refuse_other_languages(concerned)
    texts = dict(zip(concerned["doc_id"], concerned["text"], strict=True))
    spans = {doc_id: sentence_spans(text) for doc_id, text in texts.items()}
    first = {doc_id: [start for start, _ in sentences] for doc_id, sentences in spans.items()}
    names = _names(concerned, mentions)
    begins = {doc_id: [start for start, _ in found] for doc_id, found in names.items()}
    numbers: list[int] = []
    offsets: list[int] = []
    targets: list[Target] = []
    for doc_id, start, end in zip(mentions["doc_id"], mentions["start"], mentions["end"], strict=True):
        number = bisect_right(first.get(doc_id, ()), start) - 1
        if number < 0:
            raise SCONotesError(
                f"mention {len(targets) + 1}: document {doc_id!r} has no sentence at character {start}; "
                "do the mentions belong to these documents?"
            )
        since, until = spans[doc_id][number]
        at = bisect_right(begins[doc_id], since - 1)
        inside = names[doc_id][at : bisect_right(begins[doc_id], until - 1)]
        numbers.append(number)
        offsets.append(since)
        targets.append(
            Target(
                texts[doc_id][since:until],
                start - since,
                end - since,
                tuple((a - since, b - since) for a, b in inside),
            )
        )
    return mentions, numbers, offsets, targets


def _names(documents: pd.DataFrame, mentions: pd.DataFrame) -> dict[str, list[tuple[int, int]]]:
    """The places of all names: those of the mentions and those of actors.toml.

    So a score does not depend on which other mentions are scored beside it.
    """
    places: dict[str, set[tuple[int, int]]] = {doc_id: set() for doc_id in documents["doc_id"]}
    for table in (find_mentions(documents), mentions):
        for doc_id, start, end in zip(table["doc_id"], table["start"], table["end"], strict=True):
            places.setdefault(doc_id, set()).add((int(start), int(end)))
    return {doc_id: sorted(spans) for doc_id, spans in places.items()}
