"""A linear model learned from labelled news (NewsMTSC, Hamborg and Donnay 2021): words by their place.

What counts for or against an actor is read from data/models/linear.csv, one row a feature: a stem before or
after the actor, anywhere in the sentence, or one or two words away, and the sums of the clause scorer. A word
weighs less with its distance and with every clause between; names have no weight. The model was trained by
tools/train_linear.py (`make model`); the sentences themselves are not part of it.
"""

import csv
import math
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from ..corpus import data_folder
from ..terms import read_stopwords
from . import clause
from .clauses import about_others, weight
from .words import LABELS, Score, Target, Word

NAME = "linear 1"
REACH = 8  # words in which the weight of a word falls to 1/e
BREAK = 0.75  # its factor for a clause break between word and actor
ANYWHERE = 0.3  # weight of a word wherever it stands
NEGATED = -0.5
NEAR = 2  # words before and after the actor that count by their exact place

# An article belongs to its name: "the United States" is one word. Quotation marks are no tokens.
_TOKEN = re.compile(r"(?:[Tt]he\s)?(?:\x02+|\x01+)|[A-Za-z]+(?:'[a-z]+)?|[;:,.()!?-]")
_BREAKS = frozenset(
    "while whereas but although though which who whom because when where if that and after before since "
    "until unless".split()
)
_BREAK_SIGNS = frozenset(";:,()-")
_NEGATIONS = frozenset("not no never none nor neither cannot without hardly barely nothing nobody".split())
_START, _TARGET, _NAME = "(start)", "(actor)", "(name)"


class Part(NamedTuple):
    """One feature of a sentence: a word in a place, and how much of it there is."""

    feature: tuple[str, str]  # stem, place
    amount: float
    word: str
    start: int
    why: str


def score(targets: list[Target]) -> list[Score]:
    """The probability of blame, neither and praise of each target; the valence is praise less blame."""
    return [score_target(target) for target in targets]


def score_target(target: Target) -> Score:
    model = read_model()
    start = model[_START, ""]
    found = [(part, model[part.feature]) for part in parts(target) if part.feature in model]
    negative = start[0] + sum(part.amount * weights[0] for part, weights in found)
    positive = start[1] + sum(part.amount * weights[1] for part, weights in found)
    chances = _softmax(negative, 0.0, positive)
    words = [
        Word(part.word, part.start, weights[1] - weights[0], part.amount, part.why) for part, weights in found
    ]
    label = LABELS[max(range(3), key=lambda k: (chances[k], k == 1))]
    return Score(round(chances[2] - chances[0], 4), label, words, chances)


def _softmax(first: float, second: float, third: float) -> tuple[float, float, float]:
    most = max(first, second, third)
    a, b, c = math.exp(first - most), math.exp(second - most), math.exp(third - most)
    total = a + b + c
    return a / total, b / total, c / total


@lru_cache(maxsize=1)
def read_model() -> dict[tuple[str, str], tuple[float, float]]:
    """Feature (stem, place) to its weights for blame and for praise, both against neither."""
    with (data_folder() / "models" / "linear.csv").open(encoding="utf-8", newline="") as lines:
        return {
            (row["stem"], row["place"]): (float(row["negative"]), float(row["positive"]))
            for row in csv.DictReader(lines)
        }


def parts(target: Target) -> Iterator[Part]:
    """The features of a sentence as seen from the target; none where it says nothing but names and titles."""
    tokens = _tokens(target)
    if not any(_says_something(word) for word, _ in tokens):
        return
    at = next(i for i, (word, _) in enumerate(tokens) if word == _TARGET)
    others = about_others(target)
    factors = _break_factors([word for word, _ in tokens], at)
    factors = [factor * weight(start, others) for factor, (_, start) in zip(factors, tokens, strict=True)]
    turned = _negated([word for word, _ in tokens])
    for i, (word, start) in enumerate(tokens):
        if i == at or not (word[0].isalpha() or word == _NAME):
            continue
        distance, side = abs(i - at), "before" if i < at else "after"
        sign, why = (NEGATED, ", negated") if i in turned else (1.0, "")
        root = stem(word)
        decay = math.exp(-distance / REACH) * factors[i]
        yield Part((root, side), sign * decay, word, start, f"{distance} words {side}{why}")
        yield Part((root, "anywhere"), sign * ANYWHERE * factors[i], word, start, f"in the sentence{why}")
        if distance <= NEAR:
            yield Part((root, f"{distance} {side}"), 0.5, word, start, f"{distance} {side}")
    for hit in clause.score_target(target, without={"length"}).words:
        amount = hit.value * hit.factor / 2
        kind, side = ("(praise)" if amount > 0 else "(blame)"), _side(hit.start, target)
        yield Part((kind, side), amount, hit.word, hit.start, f"in the list, {side}")
        yield Part((kind, "anywhere"), amount, hit.word, hit.start, "in the list")


def _side(start: int, target: Target) -> str:
    return "before" if start < target.start else "after"


def _says_something(word: str) -> bool:
    return word[0].isalpha() and word not in _function_words()


@lru_cache(maxsize=1)
def _function_words() -> frozenset[str]:
    return frozenset(read_stopwords())


def _tokens(target: Target) -> list[tuple[str, int]]:
    """Words in lower case, signs, the actor and names (each, and each run of them, as one), with offsets."""
    text = clause.hide_titles(target.sentence.translate(clause.PLAIN), "\x01")
    for start, end in target.names:
        text = text[:start] + "\x01" * (end - start) + text[end:]
    text = text[: target.start] + "\x02" * (target.end - target.start) + text[target.end :]
    found: list[tuple[str, int]] = []
    for match in _TOKEN.finditer(text):
        word = match.group()
        if word[-1] == "\x02":
            word = _TARGET
        elif word[-1] == "\x01" or (word[0].isupper() and word != "I" and not _opens(text, match.start())):
            word = _NAME
        if word != _NAME or not found or found[-1][0] != _NAME:
            found.append((word if word in (_NAME, _TARGET) else word.lower(), match.start()))
    return found


def _opens(text: str, start: int) -> bool:
    """Whether a word opens a sentence or a quotation, where any word has a capital."""
    before = text[max(start - 4, 0) : start].rstrip(" ")
    return not before or before[-1] in "\"'(.!?:"


def _break_factors(words: list[str], at: int) -> list[float]:
    """For each word, by what the clause breaks between it and the target multiply it."""
    factors = [1.0] * len(words)
    for step, last in ((1, len(words)), (-1, -1)):
        factor = 1.0
        for i in range(at + step, last, step):
            if step == 1:
                factor *= _break(words, i)
                factors[i] = factor
            else:
                factors[i] = factor
                factor *= _break(words, i)
    return factors


def _break(words: list[str], i: int) -> float:
    """The factor of what begins with word i: a comma and the conjunction after it are one break."""
    if words[i] in _BREAK_SIGNS:
        return BREAK
    return BREAK if words[i] in _BREAKS and not (i and words[i - 1] in _BREAK_SIGNS) else 1.0


def _negated(words: list[str]) -> set[int]:
    """The numbers of the three words after a negation, up to the next sign."""
    found: set[int] = set()
    for i, word in enumerate(words):
        if word in _NEGATIONS or word.endswith("n't"):
            for k in range(i + 1, min(i + 4, len(words))):
                if not words[k][0].isalpha() and words[k] not in (_NAME, _TARGET):
                    break
                found.add(k)
    return found


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """A word without its ending, so that forms of one word share a weight.

    >>> [stem(word) for word in ("condemned", "condemns", "condemning", "policies", "stability")]
    ['condemn', 'condemn', 'condemn', 'policy', 'stability']
    """
    word = word.removesuffix("'s")
    for ending, rest in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            word = word.removesuffix(ending) + rest
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz":
        word = word[:-1]
    if len(word) > 4:
        word = word.removesuffix("e")
    return word[:-1] + "y" if len(word) > 3 and word.endswith("i") else word


_ENDINGS = (
    ("sses", "ss"),
    ("ies", "y"),
    ("ing", ""),
    ("edly", ""),
    ("ed", ""),
    ("ly", ""),
    ("es", "e"),
    ("s", ""),
)
