"""Score mentions: the valence towards the actor that each names, by one of several scorers.

A user adds a scorer for one session as an entry of SCORERS:

>>> from sco_notes.sentiment import SCORERS, Score, Scorer, Target
>>> def score(targets: list[Target]) -> list[Score]:
...     return [Score(0.5, "positive", []) if "peace" in target.sentence else Score(0.0, "neutral", [])
...             for target in targets]
>>> SCORERS["peace"] = Scorer("peace 1", score)
>>> import pandas as pd, sco_notes as sn
>>> docs = pd.DataFrame({"doc_id": ["a"], "text": ["China wants peace."]})
>>> sn.score_mentions(docs, sn.find_mentions(docs), "peace")[["actor", "valence", "label", "scorer"]]
  actor  valence     label   scorer
0   CHN      0.5  positive  peace 1
>>> del SCORERS["peace"]

For good it is an entry point of a package, as the language model MPNet is one:

    [project.entry-points."sco_notes.scorers"]
    peace = "my_package:PEACE"
"""

import logging
from bisect import bisect_right
from collections.abc import Collection, Iterator
from importlib.metadata import entry_points
from itertools import compress
from numbers import Real

import pandas as pd

from ..actors import find_mentions, read_actors
from ..corpus.frames import as_documents, as_mentions
from ..corpus.text import on_one_line, sentence_spans, why_not_english
from ..errors import SCONotesError, some
from . import linear, vader
from .encoder import is_installed
from .scorer import LABELS, Score, Scorer, Target, Word

ENTRY_POINTS = "sco_notes.scorers"
# Those that need no more than the project installs; the derived tables have their scores.
SCORERS = {
    "vader": Scorer(vader.NAME, vader.score),
    "linear": Scorer(linear.NAME, linear.score),
}
SCORE_COLUMNS = {
    "valence": "float64", "label": "str", "scorer": "str",
    "p_negative": "float64", "p_neutral": "float64", "p_positive": "float64", "evidence": "str",
}  # fmt: skip
_BATCH = 500  # mentions scored at once: the words of all would need much memory
_MAX_EVIDENCE_WORDS = 5  # in the column evidence; explain_mentions has all
_MIN_EVIDENCE_PART = 0.05
_UNKNOWN = (float("nan"),) * 3
_NOTES = logging.getLogger("sco_notes")


def score_sentences(documents: pd.DataFrame) -> pd.DataFrame:
    """Score every sentence by VADER (Hutto and Gilbert 2014), as NLTK implements it.

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
    documents: pd.DataFrame,
    mentions: pd.DataFrame,
    scorer: str = "linear",
    actors: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Score how the sentence of each mention speaks of the actor that it names.

    Takes doc_id, text of documents; doc_id, start, end (characters) of mentions; `actors`, the table by which
    they were found, where it is your own. The scorer is "vader" (the whole sentence, whoever is named),
    "linear" (learned from labelled news), "mpnet" (a language model, installed apart; the most accurate,
    slower), or one of your own (see sco_notes.sentiment.scores).

    Returns the mentions with sentence, valence in [-1, 1], label, scorer (with its version), p_negative,
    p_neutral, p_positive (missing where the scorer gives none) and evidence (the words that count most, each
    with its part). Mentions in a document that is not English have no valence, and a note names it. Raises
    SCONotesError for an unknown scorer, one that fails or returns what is no score, documents of which none
    is in English, and a mention outside its document's sentences.

    >>> text = "China praised the success, while Iran saw a threat."
    >>> docs = pd.DataFrame({"doc_id": ["a"], "text": [text]})
    >>> score_mentions(docs, find_mentions(docs))[["actor", "valence", "label"]].round(1)
      actor  valence     label
    0   CHN      0.9  positive
    1   IRN     -0.3  negative
    """
    chosen = find_scorer(scorer)
    mentions, _, targets = find_targets(documents, mentions, actors)
    named = documents[documents["doc_id"].astype(str).isin(set(mentions["doc_id"]))]
    if unread := _other_languages(named):
        if len(unread) == len(named):
            _refuse_other_languages(named)
        _NOTES.warning("not scored, since the scorers read English only: %s", some(list(unread.values())))
    is_read = ~mentions["doc_id"].isin(unread)
    rows = [
        (s.valence, s.label, chosen.name, *(s.probabilities or _UNKNOWN), _in_short(s.words))
        for s in _scores(chosen, list(compress(targets, is_read)))
    ]
    scores = pd.DataFrame(rows, columns=list(SCORE_COLUMNS)).astype(SCORE_COLUMNS)
    scores = scores.set_axis(mentions.index[is_read]).reindex(mentions.index)
    return mentions.assign(**scores.fillna({"evidence": ""}))


def explain_mentions(
    documents: pd.DataFrame,
    mentions: pd.DataFrame,
    scorer: str = "linear",
    actors: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """List every word behind the score of each mention.

    Takes what score_mentions takes. Returns doc_id, start, end (of the mention), word, word_start (in the
    text), value (the word's own), factor (by what its place multiplies it), part (value times factor) and
    why. The parts of a mention sum to its raw score; of "mpnet" one is by how much the valence falls without
    the word.
    """
    chosen = find_scorer(scorer)
    mentions, offsets, targets = find_targets(documents, mentions, actors)
    _refuse_other_languages(documents[documents["doc_id"].astype(str).isin(set(mentions["doc_id"]))])
    explaining = chosen._replace(score=chosen.explain or chosen.score)
    places = zip(mentions["doc_id"], mentions["start"], mentions["end"], offsets, strict=True)
    rows = [
        (doc_id, start, end, w.word, offset + w.start, w.value, w.factor, w.value * w.factor, w.why)
        for (doc_id, start, end, offset), score in zip(places, _scores(explaining, targets), strict=True)
        for w in sorted(score.words, key=lambda word: word.start)
    ]
    columns = ["doc_id", "start", "end", "word", "word_start", "value", "factor", "part", "why"]
    return pd.DataFrame(rows, columns=columns)


def best_scorer(known: Collection[str] = ()) -> str:
    """Return the most accurate scorer: "mpnet" where installed or among those a corpus has, else "linear".

    >>> best_scorer(["vader", "mpnet"])
    'mpnet'
    """
    return "mpnet" if "mpnet" in known or is_installed() else "linear"


def find_scorer(name: str) -> Scorer:
    """Return the scorer of a name, from SCORERS or the entry points of installed packages.

    Raises SCONotesError for an unknown name, and for what is no Scorer.

    >>> find_scorer("vader").name
    'vader nltk 3'
    """
    installed = {entry.name: entry for entry in entry_points(group=ENTRY_POINTS)}
    known = {**SCORERS, **installed}
    if not isinstance(name, str) or name not in known:
        raise SCONotesError(
            f"unknown scorer {name!r}; known: {', '.join(known)}; add "
            "your own by SCORERS[name] = Scorer(name, function)"
        )
    found = SCORERS[name] if name in SCORERS else installed[name].load()
    if not isinstance(found, Scorer):
        raise SCONotesError(
            f"scorer {name!r} is {found!r}; expected a Scorer: a name and a function from a list of "
            f"targets to a list of scores; write Scorer('{name} 1', function)"
        )
    return found


def _other_languages(documents: pd.DataFrame) -> dict[str, str]:
    """The documents that are not English, each with the reason."""
    texts = zip(documents["doc_id"].astype(str), documents["text"], strict=True)
    reasons = {doc_id: why_not_english(text) for doc_id, text in texts}
    return {doc_id: f"document {doc_id!r} ({reason})" for doc_id, reason in reasons.items() if reason}


def _refuse_other_languages(documents: pd.DataFrame) -> None:
    for found in _other_languages(documents).values():
        raise SCONotesError(
            f"{found}: no sentiment, since the scorers read English only; "
            "leave it out here (its terms can be counted and its names found)"
        )


def _scores(scorer: Scorer, targets: list[Target]) -> Iterator[Score]:
    """The score of each target, checked: a scorer may be anybody's function."""
    for first in range(0, len(targets), _BATCH):
        batch = targets[first : first + _BATCH]
        try:
            scores = list(scorer.score(batch))
        except SCONotesError:
            raise
        except Exception as error:
            raise SCONotesError(
                f"scorer {scorer.name!r} failed on mentions {first + 1} to {first + len(batch)} "
                f"({type(error).__name__}: {error}); it takes a list of targets and returns a score for each"
            ) from error
        if len(scores) != len(batch):
            raise SCONotesError(
                f"scorer {scorer.name!r} returned {len(scores)} scores for {len(batch)} mentions; "
                "expected is one for each, in their order"
            )
        for number, score in enumerate(scores, first + 1):
            if wrong := _fault(score):
                raise SCONotesError(f"scorer {scorer.name!r}, mention {number}: it returned {wrong}")
            yield score


def _fault(score: Score) -> str:
    """What is wrong with what a scorer returned for a mention, "" where nothing is."""
    if not isinstance(score, Score):
        return f"{score!r}; expected a Score(valence, label, words)"
    if not isinstance(score.valence, Real) or not -1 <= score.valence <= 1:
        return f"the valence {score.valence!r}; expected a number from -1 to 1"
    names = ", ".join(map(repr, LABELS))
    if score.label not in LABELS:
        return f"the label {score.label!r}; expected one of {names}"
    if not all(isinstance(word, Word) for word in score.words):
        return f"the words {score.words!r}; expected a list of Word(word, start, value, factor, why)"
    if score.probabilities is not None and len(score.probabilities) != len(LABELS):
        return f"the probabilities {score.probabilities!r}; expected None or those of {names}"
    return ""


def _in_short(words: list[Word]) -> str:
    """The words that count most, in the order of the sentence: "great +3.1; threat -1.2"."""
    parts: dict[tuple[int, str], float] = {}
    for word in words:
        parts[word.start, word.word] = parts.get((word.start, word.word), 0.0) + word.value * word.factor
    most = sorted(parts, key=lambda key: (-abs(parts[key]), key))[:_MAX_EVIDENCE_WORDS]
    shown = [key for key in sorted(most) if abs(parts[key]) >= _MIN_EVIDENCE_PART]
    return "; ".join(f"{key[1]} {parts[key]:+.1f}" for key in shown)


def find_targets(
    documents: pd.DataFrame, mentions: pd.DataFrame, actors: pd.DataFrame | None = None
) -> tuple[pd.DataFrame, list[int], list[Target]]:
    """Return the mentions, checked, with the sentence in which each begins; where that begins in the text;
    each in its sentence, as a scorer takes it."""
    documents = as_documents(documents)
    mentions = as_mentions(mentions, documents)
    documents = documents[documents["doc_id"].isin(set(mentions["doc_id"]))]
    texts = dict(zip(documents["doc_id"], documents["text"], strict=True))
    spans = {doc_id: sentence_spans(text) for doc_id, text in texts.items()}
    names = _names(documents, actors)
    numbers: list[int] = []
    offsets: list[int] = []
    targets: list[Target] = []
    for doc_id, start, end in zip(mentions["doc_id"], mentions["start"], mentions["end"], strict=True):
        text, sentences, found = texts[doc_id], spans[doc_id], names.get(doc_id, [])
        number = last = _last_before(sentences, start)
        if number < 0:
            raise SCONotesError(
                f"mention {len(targets) + 1}: document {doc_id!r} has no sentence at character {start}; "
                "do the mentions belong to these documents?"
            )
        if text.count("\n", start, end) < 2:  # a name may run over a line, not over an empty one
            last = max(_last_before(sentences, end - 1), number)
        since, until = sentences[number][0], sentences[last][1]
        near = found[_last_before(found, since - 1) + 1 : _last_before(found, until - 1) + 1]
        inside = tuple((a - since, b - since) for a, b in near)
        targets.append(Target(on_one_line(text[since:until]), start - since, end - since, inside))
        numbers.append(number)
        offsets.append(since)
    mentions = mentions.reset_index(drop=True).assign(sentence=pd.Series(numbers, dtype="int64"))
    return mentions, offsets, targets


def _last_before(spans: list[tuple[int, int]], place: int) -> int:
    """The number of the last span that starts at a place or before it, -1 for none."""
    return bisect_right(spans, place, key=lambda span: span[0]) - 1


def _names(documents: pd.DataFrame, actors: pd.DataFrame | None) -> dict[str, list[tuple[int, int]]]:
    """The places of all names in each document: of the actors of actors.toml and of those of `actors`.

    A table of one's own may have three actors, and the others keep their names.
    """
    known = read_actors()
    tables = [known] if actors is None or actors.equals(known) else [known, actors]
    by_id = pd.concat([find_mentions(documents, table) for table in tables]).groupby("doc_id")
    return {str(i): sorted({*zip(part["start"], part["end"], strict=True)}) for i, part in by_id}
