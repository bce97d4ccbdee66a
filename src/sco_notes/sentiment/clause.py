"""VADER's words, weighted by their place: words in the actor's own clause count more."""

import re

from . import vader
from .words import Score, Target, Word, label

NAME = "clause 1"
DEAD_ZONE = 0.2
WEIGHT = 0.7  # of a word, for each clause break between it and the actor

# VADER knows straight apostrophes and ASCII signs only: "isn’t good" scores +0.44, «peace» 0.0.
# One character for one, so that offsets stay.
_PLAIN = str.maketrans("‘’‚‛“”„‟«»‹›–—―…", '\'\'\'\'""""""""   .')
_TOKEN = re.compile(r"\S+")
_BREAK = re.compile(
    r"[;:]|,|\s[–—-]\s|\b(?:but|while|whereas|although|though|which|who|whom|because|when|where|if|that|and)\b",
    re.IGNORECASE,
)


def score(targets: list[Target]) -> list[Score]:
    """The valence of the words around each target, less with every clause between word and target."""
    return [score_target(target) for target in targets]


def score_target(target: Target) -> Score:
    text = mask(target.sentence.translate(_PLAIN), [*target.names, (target.start, target.end)])
    matches = list(_TOKEN.finditer(text))
    tokens = [match.group() for match in matches]
    breaks = [match.start() for match in _BREAK.finditer(target.sentence)]
    ratings = vader.lexicon()
    words = []
    for i, value in vader.rate(tokens, ratings, vader._reader()):
        word = vader.strip(tokens[i])
        start = matches[i].start() + tokens[i].index(word)
        between = sum(min(start, target.end) <= at < max(start, target.start) for at in breaks)
        found = vader.explain(word, start, ratings[word.lower()], value)
        if between:
            found = Word(word, start, found.value, found.factor * WEIGHT**between, f"{between} clauses away")
        words.append(found)
    valence = round(vader.squash(sum(word.value * word.factor for word in words)), 4)
    return Score(valence, label(valence, DEAD_ZONE), words)


def mask(text: str, names: list[tuple[int, int]]) -> str:
    """The text with each name as one word without a tone, of the same length."""
    for start, end in names:
        text = text[:start] + "x" * (end - start) + text[end:]
    return text
