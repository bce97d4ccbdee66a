"""Sentences to valence (VADER); mentions to the valence of their sentence; valence to an estimate per actor.

First version: the valence of a mention is that of its whole sentence, so it is the tone in which an actor is
mentioned, not what is said of it: praise of one actor and blame of another in one sentence give both the
same value. Sarcasm, implication and quoted speech are not told apart.
"""

import re
from functools import lru_cache

import numpy as np
import pandas as pd

from .actors import find_mentions
from .errors import SCONotesError
from .text import sentence_spans

NEUTRAL = 0.05  # VADER's own bound: labels are neutral between -0.05 and 0.05
FEWEST = 5  # below this many sentences an actor gets no interval and no bar
DOCUMENTS_FOR_BOOTSTRAP = 10
RESAMPLES = 2000
SCORER = "vader 3.3.2"

# VADER knows straight apostrophes and ASCII punctuation only: "isn’t good" scores +0.44, «peace» 0.0.
# One character for one, so that offsets stay.
_PLAIN = str.maketrans("‘’‚‛“”„‟«»‹›–—―…", '\'\'\'\'""""""""   .')
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
        masked = _mask(text, spans_of.get(doc_id, ())).translate(_PLAIN)
        for number, (start, end) in enumerate(sentence_spans(text)):
            rows.append((doc_id, number, start, end, *_vader(masked[start:end])))
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


def summarise_actors(scored: pd.DataFrame, by: str | None = None) -> pd.DataFrame:
    """Mean valence per actor, with an interval.

    Takes actor, doc_id, sentence, valence, and where `by` names one, that column (such as the speaker's
    country). A sentence that names an actor twice counts once. Returns [by,] actor, n (sentences),
    n_documents, mean, low, high, interval and singles (below 5 sentences their values, which say more than
    a mean), sorted by n:

    - interval "documents": 95% by BCa bootstrap over documents (Efron 1987), from ten documents on, since
      sentences of one document resemble each other;
    - "sentences": the same over sentences, for fewer documents: it speaks of these texts only;
    - "none": fewer than 5 sentences, or all values equal; low and high are missing.
    """
    keys = [by, "actor"] if by else ["actor"]
    missing = [name for name in [*keys, "doc_id", "sentence", "valence"] if name not in scored.columns]
    if missing:
        raise SCONotesError(
            f"scored mentions are expected; column {missing[0]!r} is missing: use score_mentions"
        )
    once = scored.drop_duplicates([*keys, "doc_id", "sentence"])
    rows = []
    for key, part in once.groupby(keys, sort=True):
        low, high, interval = _interval(part)
        singles = "; ".join(f"{value:+.2f}" for value in part["valence"]) if len(part) < FEWEST else ""
        n_documents = part["doc_id"].nunique()
        rows.append((*key, len(part), n_documents, part["valence"].mean(), low, high, interval, singles))
    columns = [*keys, "n", "n_documents", "mean", "low", "high", "interval", "singles"]
    table = pd.DataFrame(rows, columns=columns)
    order = [*keys[:-1], "n", "actor"]
    return table.sort_values(order, ascending=[*[True] * len(keys[:-1]), False, True], ignore_index=True)


def _interval(part: pd.DataFrame) -> tuple[float, float, str]:
    from scipy.stats import bootstrap

    values = part["valence"].to_numpy(float)
    if len(values) < FEWEST or np.ptp(values) == 0:
        return np.nan, np.nan, "none"
    by_document = part.groupby("doc_id")["valence"].agg(["sum", "count"]).to_numpy(float)
    if len(by_document) >= DOCUMENTS_FOR_BOOTSTRAP:
        sums, counts, unit = by_document[:, 0], by_document[:, 1], "documents"
    else:
        sums, counts, unit = values, np.ones(len(values)), "sentences"
    result = bootstrap(
        (sums, counts),
        lambda sums, counts, axis: sums.sum(axis) / counts.sum(axis),
        paired=True,
        vectorized=True,
        n_resamples=RESAMPLES,
        batch=RESAMPLES,
        rng=np.random.default_rng(0),
    )
    low, high = result.confidence_interval
    return (float(low), float(high), unit) if np.isfinite([low, high]).all() else (np.nan, np.nan, "none")


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


@lru_cache(maxsize=1)
def _vader_parts():
    from vaderSentiment import vaderSentiment

    return vaderSentiment, vaderSentiment.SentimentIntensityAnalyzer()


def _vader(sentence: str) -> tuple[float, str]:
    """VADER's compound score and the words behind it.

    The steps are those of SentimentIntensityAnalyzer.polarity_scores, which keeps the words to itself;
    tests compare the two.
    """
    vader, analyser = _vader_parts()
    text = sentence if sentence.isascii() else _spell_emoji(sentence, analyser.emojis)
    marked = vader.SentiText(text)
    words = marked.words_and_emoticons
    values: list[float] = []
    for i, word in enumerate(words):
        lower = word.lower()
        is_kind_of = lower == "kind" and i + 1 < len(words) and words[i + 1].lower() == "of"
        if lower not in analyser.lexicon or lower in vader.BOOSTER_DICT or is_kind_of:
            values.append(0)
        else:
            values = analyser.sentiment_valence(0, marked, word, i, values)
    values = analyser._but_check(words, values)
    compound = analyser.score_valence(values, text)["compound"] if values else 0.0
    evidence = "; ".join(f"{word} {value:+.1f}" for word, value in zip(words, values, strict=True) if value)
    return compound, evidence


def _spell_emoji(sentence: str, emojis: dict[str, str]) -> str:
    text = ""
    after_space = True
    for character in sentence:
        if character in emojis:
            text += ("" if after_space else " ") + emojis[character]
            after_space = False
        else:
            text += character
            after_space = character == " "
    return text.strip()
