"""The language model MPNet, adapted to labelled news (NewsMTSC, Hamborg and Donnay 2021): the extra [mpnet].

A mark stands for the target and another for other names: the model reads what is said, not of whom. What was
learned is in data/models/mpnet.npz (by tools/train_mpnet.py): small matrices beside the model's own (low-rank
adaptation, Hu et al. 2022) and a linear layer that adds up a value for each word, so that their parts sum to
the score. A part is an approximation of what a word does: its vector holds something of the whole sentence.
"""

import os
import re
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from io import BytesIO
from itertools import groupby
from typing import NamedTuple

import numpy as np

from ..files import data_folder, read_checked
from . import linear
from .clauses import PLAIN, contrasts, is_about_another
from .encoder import EDGES, WORD, Encoder, embed, pieces, read_encoder, transform
from .scorer import Score, Scorer, Target, Word, likeliest

NAME = "mpnet 5"
DECIMALS = 3  # of a probability: the last digits differ from processor to processor
PIECES_AROUND = 63  # word pieces before and after the target that are read
# What is read in the place of the target and of another name, as two strangers to everybody.
STAND_INS = {"target": "alex", "name": "chris"}
_QUOTE = re.compile(r"\"|(?<!\w)'|'(?!\w)")
_ARTICLE = re.compile(r"\b[Tt]he\s+$")


class Model(NamedTuple):
    """A language model, and what is learned: its upper layers, and how their result is read."""

    encoder: Encoder  # as published
    adapted: Encoder
    marks: dict[str, np.ndarray]  # what is added to the vectors of the target and of other names
    attention: np.ndarray
    values: np.ndarray  # of a word for each label
    target_values: np.ndarray  # of the target for each label
    neutral: float  # the start of the sum of "neutral"; those of the others are 0


class Token(NamedTuple):
    """A word piece, or the whole of the target or of another name; `start` is that of its word."""

    number: int
    kind: str  # word, sign, target, name
    word: str
    start: int


def score(targets: list[Target]) -> list[Score]:
    """Return the probabilities of the labels towards each target; the valence is positive less negative.

    Each sentence by itself, on one core, so that scores depend neither on company nor on the number of cores.
    Raises SCONotesError where MPNet is not installed.
    """
    from threadpoolctl import threadpool_limits

    read_model()
    with threadpool_limits(limits=1, user_api="blas"), ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(_score, targets))


def explain(targets: list[Target]) -> list[Score]:
    """Return the scores; a word's part is by how much the valence falls when the sentence is without it.

    Leaving a word out (Li et al. 2016) needs as many readings of a sentence as it has words.
    """
    return [score._replace(words=_left_out(one)) for one, score in zip(targets, score(targets), strict=True)]


def _left_out(target: Target) -> list[Word]:
    found = tokens(target, read_model().encoder.vocabulary)
    words = {token.start: token.word for token in found if token.kind == "word"}
    if len(words) < 2:
        return []

    def valence(without: int = -1) -> float:
        kept = [token for token in found if token.start != without]
        negative, _, positive = read_tokens(*(tuple(token[i] for token in kept) for i in (0, 1)))[0]
        return positive - negative

    whole = valence()
    return [Word(words[at], at, whole - valence(at), 1.0, "the sentence without it") for at in words]


def _score(target: Target) -> Score:
    found = tokens(target, read_model().encoder.vocabulary)
    if next(linear.features(target), None) is None or all(token.kind != "word" for token in found):
        return Score(0.0, "neutral", [], (0.0, 1.0, 0.0))  # names and titles only
    kinds = tuple(token.kind for token in found)
    probabilities, parts, factors = read_tokens(tuple(token.number for token in found), kinds)
    words: list[Word] = []
    for start, group in groupby(range(len(found)), key=lambda i: found[i].start):
        places = list(group)
        token, factor = found[places[0]], float(factors[places].sum())
        if token.kind != "sign":
            who = "the actor, " if token.kind == "target" else ""
            value = float(parts[places].sum()) / factor
            words.append(Word(token.word, start, value, factor, f"{who}as read in its sentence"))
    return likeliest(probabilities, words)


@lru_cache(maxsize=50_000)
def read_tokens(numbers: tuple[int, ...], kinds: tuple[str, ...]) -> tuple[tuple, np.ndarray, np.ndarray]:
    """Return three probabilities; each token's part (positive less negative) in the sums and its weight."""
    model = read_model()
    first, last = (model.encoder.vocabulary[edge] for edge in EDGES)
    state = embed(np.array([first, *numbers, last]), model.encoder)
    state = transform(state, model.encoder, range(model.encoder.first))
    for i, kind in enumerate(kinds, start=1):
        if kind in model.marks:
            state[i] += model.marks[kind]
    state = transform(state, model.adapted, range(model.encoder.first, model.encoder.layers))[1:-1]
    attention = state @ model.attention
    factors = np.exp(attention - attention.max()) * is_said(kinds)
    factors = factors / factors.sum()
    values = state @ model.values.T
    at = kinds.index("target")
    factors[at], values[at] = 1.0, model.target_values @ state[at]
    sums = factors @ values + [0.0, model.neutral, 0.0]
    probabilities = np.exp(sums - sums.max())
    probabilities = (probabilities / probabilities.sum()).round(DECIMALS)
    return tuple(probabilities.tolist()), factors * (values[:, 2] - values[:, 0]), factors


def is_said(kinds: tuple[str, ...]) -> np.ndarray:
    """Return whether each token is a word or another name, and not a sign or the target."""
    return np.array([kind in ("word", "name") for kind in kinds])


def tokens(target: Target, vocabulary: dict[str, int]) -> list[Token]:
    """Read the sentence as word pieces, the target and other names as one mark each, without quotation marks.

    A clause about another actor after "while" is left out. An article belongs to the name after it.
    """
    text = _QUOTE.sub(" ", target.sentence.translate(PLAIN))
    apart = [span for span in target.names if span[1] <= target.start or span[0] >= target.end]
    found: list[Token] = []
    at, place = 0, 0
    for start, end in [*sorted([*apart, (target.start, target.end)]), (len(text), len(text))]:
        if start < at:  # inside another name
            continue
        article = _ARTICLE.search(text, at, start)
        for match in WORD.finditer(text, at, article.start() if article else start):
            kind = "word" if match.group()[0].isalnum() else "sign"
            numbers = pieces(match.group(), vocabulary)
            found += [Token(number, kind, match.group(), match.start()) for number in numbers]
        if start == target.start:
            place = len(found)
        if start < end:
            kind = "target" if start == target.start else "name"
            found.append(Token(vocabulary[STAND_INS[kind]], kind, text[start:end], start))
        at = end
    others = contrasts(target.sentence, target.names)
    near = found[max(place - PIECES_AROUND, 0) : place + PIECES_AROUND + 1]
    return [token for token in near if not is_about_another(token.start, target.start, others)]


@lru_cache(maxsize=1)
def read_model() -> Model:
    """Read MPNet with what data/models/mpnet.npz holds of it."""
    encoder = read_encoder()
    content = BytesIO(read_checked(data_folder() / "models" / "mpnet.npz"))
    with np.load(content, allow_pickle=False) as file:
        own = {name: file[name].astype(np.float32) for name in file.files}
    changed = [name.removesuffix(" down") for name in own if name.endswith(" down")]
    weights = {name: encoder.weights[name] + own[f"{name} up"] @ own[f"{name} down"] for name in changed}
    marks = {kind: own[kind] for kind in STAND_INS}
    adapted = encoder._replace(weights=encoder.weights | weights)
    read = (own["attention"], own["values"], own["target_values"], own["neutral"].item())
    return Model(encoder, adapted, marks, *read)


SCORER = Scorer(NAME, score, explain)  # found by its entry point
