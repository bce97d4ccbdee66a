"""What a scorer takes and gives: a target in its sentence; a valence with the words behind it."""

from collections.abc import Callable
from typing import NamedTuple

LABELS = ["negative", "neutral", "positive"]  # everywhere in this order


class Target(NamedTuple):
    """A mention in its sentence: offsets count from the beginning of the sentence."""

    sentence: str
    start: int
    end: int
    names: tuple[tuple[int, int], ...] = ()  # start and end of every name in the sentence, sorted


class Word(NamedTuple):
    """A word's part in a score: value times factor; `start` counts from the beginning of the sentence."""

    word: str
    start: int
    value: float
    factor: float
    why: str


class Score(NamedTuple):
    """A valence in [-1, 1], its label, the words behind it; the probabilities of LABELS if known."""

    valence: float
    label: str
    words: list[Word]
    probabilities: tuple[float, float, float] | None = None


class Scorer(NamedTuple):
    """A named, versioned function from targets to their scores, and one whose words explain them better."""

    name: str  # with its version, as the column scorer shows it
    score: Callable[[list[Target]], list[Score]]
    explain: Callable[[list[Target]], list[Score]] | None = None


def likeliest(probabilities: tuple[float, float, float], words: list[Word]) -> Score:
    """Return the score of three probabilities: the label of the largest, and positive less negative.

    >>> likeliest((0.1, 0.2, 0.7), [])[:2]
    (0.6, 'positive')
    """
    best = max(range(3), key=lambda k: (probabilities[k], k == 1))
    return Score(round(probabilities[2] - probabilities[0], 4), LABELS[best], words, probabilities)
