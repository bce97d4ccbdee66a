"""A language model, adapted to labelled news (NewsMTSC, Hamborg and Donnay 2021): the extra [embeddings].

The target is replaced by a mark, and so are the other names: the model reads what is said, not of whom. How
the model is adapted stands in data/models/mpnet.npz and minilm.npz: small matrices beside its own (low-rank
adaptation, Hu et al. 2022) and a linear layer that weighs the words and adds up a value for each, so that the
words' parts sum to the score. A part is an approximation of what a word does: its vector holds something of
the whole sentence. tools/train_mpnet.py and tools/train_minilm.py train it (`make model`).
"""

import os
import re
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

import numpy as np

from ..files import data_folder
from . import clause_scorer as clause
from . import linear
from .clauses import read_clauses
from .encoder import WORD, Encoder, embed, pieces, read_encoder, transform
from .scorer import LABELS, Score, Scorer, Target, Word

VERSION = 4
REACH = 63  # word pieces before and after the target that are read
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


def scorer() -> Scorer:
    """With the larger of the language models that are installed, which its name tells."""
    return Scorer(f"embeddings {VERSION} ({read_model().encoder.name})", score)


def score(targets: list[Target]) -> list[Score]:
    """The probability of blame, neither and praise of each target; the valence is praise less blame.

    Each sentence by itself, on one core: scores depend neither on the company of a target nor on the number
    of cores. Raises SCONotesError where no language model is installed.
    """
    from threadpoolctl import threadpool_limits

    if not targets:
        return []
    read_model()
    with threadpool_limits(limits=1, user_api="blas"), ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(score_target, targets))


def score_target(target: Target) -> Score:
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
            value = float(parts[places].sum()) / factor
            why = (
                "the actor, as read in its sentence" if token.kind == "target" else "as read in its sentence"
            )
            words.append(Word(token.word, start, value, factor, why))
    label = LABELS[max(range(3), key=lambda k: (probabilities[k], k == 1))]
    return Score(round(probabilities[2] - probabilities[0], 4), label, words, probabilities)


@lru_cache(maxsize=50_000)
def read_tokens(numbers: tuple[int, ...], kinds: tuple[str, ...]) -> tuple[tuple, np.ndarray, np.ndarray]:
    """Three probabilities; the part (praise less blame) of each token in their sums and its weight."""
    model = read_model()
    first, last = (model.encoder.vocabulary[edge] for edge in model.encoder.edges)
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
    probabilities = probabilities / probabilities.sum()
    return tuple(probabilities.tolist()), factors * (values[:, 2] - values[:, 0]), factors


def is_said(kinds: tuple[str, ...]) -> np.ndarray:
    """Whether a token is a word or another name, and not a sign or the target."""
    return np.array([kind in ("word", "name") for kind in kinds])


def tokens(target: Target, vocabulary: dict[str, int]) -> list[Token]:
    """The sentence as word pieces, the target and the other names each as one mark, without quotation marks.

    A clause about another actor after "while" is left out. An article belongs to the name after it.
    """
    text = _QUOTE.sub(" ", target.sentence.translate(clause.PLAIN))
    clauses = read_clauses(target.sentence, target.names)
    sides = clauses.sides(target.start)
    apart = [span for span in target.names if span[1] <= target.start or span[0] >= target.end]
    found: list[Token] = []
    at, place = 0, 0
    for start, end in [*sorted([*apart, (target.start, target.end)]), (len(text), len(text))]:
        if start < at:  # inside another name
            continue
        article = _ARTICLE.search(text, at, start)
        for match in WORD.finditer(text, at, article.start() if article else start):
            numbers = pieces(match.group(), vocabulary)
            kind = "word" if match.group()[0].isalnum() else "sign"
            found += [Token(number, kind, match.group(), match.start()) for number in numbers]
        if start == target.start:
            place = len(found)
        if start < end:
            kind = "target" if start == target.start else "name"
            found.append(Token(vocabulary[STAND_INS[kind]], kind, text[start:end], start))
        at = end
    near = found[max(place - REACH, 0) : place + REACH + 1]
    return [token for token in near if not clauses.is_about_another(clauses.sides(token.start), sides)]


@lru_cache(maxsize=1)
def read_model() -> Model:
    return adapt(read_encoder())


def adapt(encoder: Encoder) -> Model:
    """The model with what data/models holds of it."""
    with np.load(data_folder() / "models" / f"{encoder.name.lower()}.npz", allow_pickle=False) as file:
        own = {name: file[name].astype(np.float32) for name in file.files}
    changed = [name.removesuffix(" down") for name in own if name.endswith(" down")]
    weights = {name: encoder.weights[name] + own[f"{name} up"] @ own[f"{name} down"] for name in changed}
    return Model(
        encoder,
        encoder._replace(weights=encoder.weights | weights),
        {kind: own[kind] for kind in STAND_INS},
        own["attention"],
        own["values"],
        own["target_values"],
        own["neutral"].item(),
    )
