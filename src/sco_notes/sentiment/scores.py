"""Mentions to the valence towards the actor that each names, by one of several scorers."""

from bisect import bisect_right
from collections.abc import Collection, Iterator
from functools import partial
from numbers import Real

import pandas as pd

from ..actors import find_mentions, read_actors
from ..corpus.frames import as_documents, as_mentions
from ..corpus.text import on_one_line, sentence_spans, why_not_english
from ..errors import SCONotesError
from . import clause_scorer as clause
from . import embeddings, linear, transformers, vader
from .scorer import LABELS, Score, Scorer, Target, Word

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
    documents: pd.DataFrame,
    mentions: pd.DataFrame,
    scorer: str = "clause",
    without: Collection[str] = (),
    actors: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """How the sentence of each mention speaks of the actor that it names.

    Takes doc_id and text of the documents, doc_id, start and end of the mentions, whose other columns are
    kept. `scorer` is "vader" (the whole sentence, whoever is named), "clause" (words near the actor count
    more; every word shown), "linear" (learned from labelled news; the most accurate of these three), or with
    a package more "embeddings" (a language model; more accurate, slower) or "transformers:FOLDER" (a model of
    your own). `without` names parts of the clause scorer to leave out: register, titles, names, objects,
    clauses, nearness, speech, places, blame, against, length, dead zone.
    `actors` is the table by which the mentions were found, where it is one of your own. A score depends on
    the document, the place of the mention, the scorer and this table, and on nothing else: the names that a
    scorer sets apart are those that data/actors.toml and `actors` find in the document, whichever mentions
    are scored beside it.
    Returns the mentions in their order with sentence, valence in [-1, 1], label (negative, neutral,
    positive), scorer (with its version), p_negative, p_neutral, p_positive (missing where the scorer knows
    none) and evidence (the words that count most, each with its part).
    Raises SCONotesError for an unknown scorer or part, a scorer whose package is missing, one of your own
    that fails or returns what is no score, a document that is not in English, and where a mention lies
    outside its document's sentences.

    >>> text = "China praised the success, while Iran saw a threat."
    >>> docs = pd.DataFrame({"doc_id": ["a"], "text": [text]})
    >>> score_mentions(docs, find_mentions(docs))[["actor", "valence", "label"]].round(1)
      actor  valence     label
    0   CHN      0.9  positive
    1   IRN     -0.6  negative
    """
    chosen = _scorer(scorer, without)
    mentions, numbers, _, targets = _targets(documents, mentions, actors)
    return mentions.reset_index(drop=True).assign(
        sentence=pd.Series(numbers, dtype="int64"), **_columns(targets, chosen)
    )


def explain_mentions(
    documents: pd.DataFrame,
    mentions: pd.DataFrame,
    scorer: str = "clause",
    without: Collection[str] = (),
    actors: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Every word behind the score of each mention; the parts of a mention sum to its raw score.

    Takes what score_mentions takes. Returns doc_id, start, end (of the mention), word, word_start (in the
    text), value (the word's own), factor (by what its place multiplies it), part (value times factor) and
    why, in the order of the mentions and of the words.
    """
    chosen = _scorer(scorer, without)
    mentions, _, offsets, targets = _targets(documents, mentions, actors)
    columns = ["doc_id", "start", "end", "word", "word_start", "value", "factor", "part", "why"]
    rows = [
        (doc_id, start, end, w.word, offset + w.start, w.value, w.factor, w.value * w.factor, w.why)
        for doc_id, start, end, offset, score in zip(
            mentions["doc_id"],
            mentions["start"],
            mentions["end"],
            offsets,
            _scores(chosen, targets),
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
    is_name = isinstance(name, str)
    if is_name and name.startswith(transformers.PREFIX) and not without:
        return transformers.from_folder(name.removeprefix(transformers.PREFIX))
    if not is_name or (name not in SCORERS and name != EXTRA):
        choice = ", ".join(map(repr, [*SCORERS, EXTRA, f"{transformers.PREFIX}FOLDER"]))
        own = "" if is_name else "; one of your own gets a name by SCORERS[name] = Scorer(name, function)"
        raise SCONotesError(f"no scorer {name!r}; choose one of {choice}{own}")
    if name in SCORERS and not isinstance(SCORERS[name], Scorer):
        raise SCONotesError(
            f"SCORERS[{name!r}] is {SCORERS[name]!r}; expected a Scorer: a name and a function from a list "
            f"of targets to a list of scores; write SCORERS[{name!r}] = Scorer('{name} 1', function)"
        )
    if isinstance(without, str):
        without = [without]
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
        for score in _scores(scorer, targets)
    ]
    values = zip(*rows, strict=True) if rows else [()] * len(SCORE_COLUMNS)
    kinds = ["float64", "str", "str", "float64", "float64", "float64", "str"]
    return {
        name: pd.Series(column, dtype=kind)
        for name, column, kind in zip(SCORE_COLUMNS, values, kinds, strict=True)
    }


def _scores(scorer: Scorer, targets: list[Target]) -> Iterator[Score]:
    """The score of each target, checked: a scorer may be anybody's function."""
    for first in range(0, len(targets), _BATCH):  # the words of all mentions at once are much to hold
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
            _check_score(score, number, scorer.name)
            yield score


def _check_score(score: Score, number: int, name: str) -> None:
    """Raise where what a scorer returned for a mention is no score."""
    if not isinstance(score, Score):
        wrong = f"{score!r}; expected a Score(valence, label, words)"
    elif not isinstance(score.valence, Real) or not -1 <= score.valence <= 1:
        wrong = f"the valence {score.valence!r}; expected a number from -1 to 1"
    elif score.label not in LABELS:
        wrong = f"the label {score.label!r}; expected one of {', '.join(map(repr, LABELS))}"
    elif not all(isinstance(word, Word) for word in score.words):
        wrong = f"the words {score.words!r}; expected a list of Word(word, start, value, factor, why)"
    elif score.probabilities is not None and len(score.probabilities) != len(LABELS):
        wrong = f"the probabilities {score.probabilities!r}; expected None or those of {', '.join(LABELS)}"
    else:
        return
    raise SCONotesError(f"scorer {name!r}, mention {number}: it returned {wrong}")


def _in_short(words: list[Word]) -> str:
    """The words that count most, in the order of the sentence: "great +3.1; threat -1.2"."""
    parts: dict[tuple[int, str], float] = {}
    for word in words:
        parts[word.start, word.word] = parts.get((word.start, word.word), 0.0) + word.value * word.factor
    most = sorted(parts, key=lambda key: (-abs(parts[key]), key))[:_MOST_WORDS]
    return "; ".join(f"{key[1]} {parts[key]:+.1f}" for key in sorted(most) if abs(parts[key]) >= 0.05)


def find_targets(
    documents: pd.DataFrame, mentions: pd.DataFrame, actors: pd.DataFrame | None = None
) -> list[Target]:
    """Each mention in its sentence, as a scorer takes it."""
    return _targets(documents, mentions, actors)[-1]


def _targets(
    documents: pd.DataFrame, mentions: pd.DataFrame, actors: pd.DataFrame | None
) -> tuple[pd.DataFrame, list[int], list[int], list[Target]]:
    """The mentions, checked; the number and the offset of the sentence in which each begins; each in it."""
    documents = as_documents(documents)
    mentions = as_mentions(mentions, documents)
    concerned = documents[documents["doc_id"].isin(set(mentions["doc_id"]))]
    _refuse_other_languages(concerned)
    texts = dict(zip(concerned["doc_id"], concerned["text"], strict=True))
    spans = {doc_id: sentence_spans(text) for doc_id, text in texts.items()}
    first = {doc_id: [start for start, _ in sentences] for doc_id, sentences in spans.items()}
    names = _names(concerned, actors)
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
        last = number
        if texts[doc_id].count("\n", start, end) < 2:  # a name may run over a line, not over an empty one
            last = max(bisect_right(first[doc_id], end - 1) - 1, number)
        since, until = spans[doc_id][number][0], spans[doc_id][last][1]
        at = bisect_right(begins[doc_id], since - 1)
        inside = names[doc_id][at : bisect_right(begins[doc_id], until - 1)]
        numbers.append(number)
        offsets.append(since)
        targets.append(
            Target(
                on_one_line(texts[doc_id][since:until]),
                start - since,
                end - since,
                tuple((a - since, b - since) for a, b in inside),
            )
        )
    return mentions, numbers, offsets, targets


def _names(documents: pd.DataFrame, actors: pd.DataFrame | None) -> dict[str, list[tuple[int, int]]]:
    """The places of all names in each document: of the actors of actors.toml and of those of `actors`.

    Both, since a table of one's own may have three actors, and the others keep their names.
    """
    known = read_actors()
    tables = [known] if actors is None or actors.equals(known) else [known, actors]
    places: dict[str, set[tuple[int, int]]] = {doc_id: set() for doc_id in documents["doc_id"]}
    for found in (find_mentions(documents, table) for table in tables):
        for doc_id, start, end in zip(found["doc_id"], found["start"], found["end"], strict=True):
            places[doc_id].add((start, end))
    return {doc_id: sorted(spans) for doc_id, spans in places.items()}
