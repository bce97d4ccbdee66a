"""A linear model learned from labelled news (NewsMTSC, Hamborg and Donnay 2021): words by their place.

What counts for or against an actor is read from data/models/linear.csv, one row a feature: a stem before or
after the actor, anywhere in the sentence, or one or two words away; two stems beside the actor; and the sums
of the clause scorer. By how much a word counts at its place is learned too and stands in linear_factors.csv:
less with its distance and with every clause and name between, and by what stands beside the actor ("by",
"and", a verb). All names weigh the same. It learned from a language model too, in news and UN speeches. The
model was trained by tools/train_linear.py (`make model`); the sentences themselves are not part of it.
"""

import csv
import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from ..files import data_folder
from ..terms import read_stopwords
from . import clause_scorer as clause
from .clauses import Clauses, read_clauses
from .scorer import LABELS, Score, Target, Word

NAME = "linear 5"
FAR = 60  # words before and after the actor beyond which none counts
DISTANCES = (1, 2, 3, 4, 6, 8, 12, 18, 30)  # the last of each class; the tenth is farther
MOST = 4  # clause breaks or names between that are told apart
NEGATED = -0.5
ALL = "(all)"  # the context of every word
NEAR = 2  # words before and after the actor that count by their exact place

# An article belongs to its name: "the United States" is one word. Quotation marks are no tokens.
_TOKEN = re.compile(r"(?:[Tt]he\s+[\"']?)?\x01+|[A-Za-z]+(?:'[a-z]+)?|[;:,.()!?-]")
_BREAKS = frozenset(
    "while whereas but although though which who whom because when where if that and after before since "
    "until unless".split()
)
_BREAK_SIGNS = frozenset(";:,()-")
_NEGATIONS = frozenset("not no never none nor neither cannot without hardly barely nothing nobody".split())
# What may stand beside the actor, told apart by word; other words by their kind (see _kind).
_PREPOSITIONS = frozenset(
    "by of with against to from in for on at about over between under like into toward towards than as via "
    "through".split()
)
_AUXILIARIES = frozenset(
    "is are was were be been has have had do does did "
    "will would can could may might must should shall".split()
)
_START, _NAME, _MASK = "(start)", "(name)", "\x01"
# Parts of the clause scorer that this model has features of its own for: with them it is no more accurate.
_WITHOUT = frozenset({"length", "nearness", "speech", "places", "blame", "against"})


class Feature(NamedTuple):
    """A word of a sentence as a target sees it: in which places it counts, and how much in each.

    `contexts` say by what that is multiplied in the places before, after and anywhere: those of the word and
    those of the target.
    """

    stem: str
    places: tuple[tuple[str, float], ...]
    word: str
    start: int
    why: str
    contexts: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())


class _Token(NamedTuple):
    start: int
    word: str
    stem: str  # "" for a sign
    sign: float  # less than nothing after a negation
    breaks: int  # clause breaks before it
    names: int  # and names
    own: int  # 1 where it is a break
    sides: int  # of the sentence's contrasts


class _Sentence(NamedTuple):
    tokens: list[_Token]
    runs: dict[int, tuple[int, int]]  # names that follow each other: their token, where they begin and end
    clauses: Clauses


def score(targets: list[Target]) -> list[Score]:
    """The probability of blame, neither and praise of each target; the valence is praise less blame."""
    return [score_target(target) for target in targets]


def score_target(target: Target) -> Score:
    model = read_model()
    negative, positive = model[_START][""]
    words = []
    for part in features(target):
        weights = model.get(part.stem)
        if weights is None:
            continue
        factors = _factors(*part.contexts)
        blame = praise = 0.0
        for place, amount in part.places:
            if place in weights:
                amount *= factors.get(place, 1.0)
                both = weights[place]
                blame += amount * both[0]
                praise += amount * both[1]
        if blame or praise:
            negative += blame
            positive += praise
            words.append(Word(part.word, part.start, praise - blame, 1.0, part.why))
    probabilities = _softmax(negative, 0.0, positive)
    label = LABELS[max(range(3), key=lambda k: (probabilities[k], k == 1))]
    return Score(round(probabilities[2] - probabilities[0], 4), label, words, probabilities)


def _softmax(first: float, second: float, third: float) -> tuple[float, float, float]:
    most = max(first, second, third)
    a, b, c = math.exp(first - most), math.exp(second - most), math.exp(third - most)
    total = a + b + c
    return a / total, b / total, c / total


@lru_cache(maxsize=1)
def read_model() -> dict[str, dict[str, tuple[float, float]]]:
    """Stem and place to the weights for blame and for praise, both against neither."""
    model: dict[str, dict[str, tuple[float, float]]] = {}
    with (data_folder() / "models" / "linear.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            weights = float(row["negative"]), float(row["positive"])
            model.setdefault(row["stem"], {})[row["place"]] = weights
    return model


@lru_cache(maxsize=1)
def read_factors() -> dict[str, tuple[float, float]]:
    """Context to its factor in the places before and after, and in the place anywhere."""
    with (data_folder() / "models" / "linear_factors.csv").open(encoding="utf-8", newline="") as lines:
        return {
            row["context"]: (float(row["beside"]), float(row["anywhere"])) for row in csv.DictReader(lines)
        }


@lru_cache(maxsize=100_000)
def _factors(of_word: tuple[str, ...], of_target: tuple[str, ...]) -> dict[str, float]:
    """By what an amount is multiplied, by its place; contexts that are not in the table count once."""
    if not of_word:
        return {}
    known = read_factors()
    beside, anywhere = known[ALL]
    for context in (*of_word, *of_target):
        both = known.get(context, (1.0, 1.0))
        beside, anywhere = beside * both[0], anywhere * both[1]
    return {"before": beside, "after": beside, "anywhere": anywhere}


def features(target: Target) -> Iterator[Feature]:
    """The words of a sentence as seen from the target; none where it says nothing but names and titles."""
    tokens, runs, clauses = _read(target.sentence, clause.all_names(target))
    if not tokens:
        return
    at = bisect_right(tokens, target.start, key=_start) - 1
    sides, breaks = clauses.sides(target.start), tokens[at].breaks
    opens, ends = runs[at]
    # Names beside the target, parted from it by nothing, are a word of their own.
    before, after = int(opens < target.start), int(ends > target.end)
    settings = _settings(tokens, at, before, after)
    for is_there, distance, start in ((before, -1, opens), (after, 1, target.end)):
        if is_there:
            yield _part(_NAME, _NAME, start, distance, 0, 0, False, 1.0, settings)
    for i in range(max(at - FAR, 0), min(at + FAR + 1, len(tokens))):
        start, word, stem, sign, its_breaks, its_names, own, its_sides = tokens[i]
        if i == at or not stem:
            continue
        if i < at:
            distance, between = i - at - before, breaks - its_breaks - own
            apart = tokens[at].names - its_names - (stem == _NAME) + before
        else:
            distance, between = i - at + after, its_breaks + own - breaks
            apart = its_names - tokens[at].names - 1 + after
        is_other = its_sides != sides and clauses.is_about_another(its_sides, sides)
        yield _part(stem, word, start, distance, between, apart, is_other, sign, settings)
    yield from _pairs(tokens, at)
    for hit in clause.score_target(target, _WITHOUT).words:
        amount = hit.value * hit.factor / 2
        side = "before" if hit.start < target.start else "after"
        stem = "(praise)" if amount > 0 else "(blame)"
        yield Feature(stem, ((side, amount), ("anywhere", amount)), hit.word, hit.start, "in the list")


def _part(
    stem: str,
    word: str,
    start: int,
    distance: int,
    between: int,
    apart: int,
    is_other: bool,
    sign: float,
    settings: dict[str, tuple[str, ...]],
) -> Feature:
    side = "before" if distance < 0 else "after"
    places, contexts, why = _places(side, abs(distance), between, apart, is_other, sign)
    return Feature(stem, places, word, start, why, (contexts, settings[side]))


@lru_cache(maxsize=100_000)
def _places(
    side: str, distance: int, between: int, apart: int, is_other: bool, sign: float
) -> tuple[tuple[tuple[str, float], ...], tuple[str, ...], str]:
    """Where a word counts that is so many words from the target, its contexts, and both in words."""
    places = [(side, sign), ("anywhere", sign)]
    if distance <= NEAR:
        places.append((f"{distance} {side}", 0.5 if sign > 0 else 0.5 * NEGATED))
    contexts = [
        f"{side}: distance {bisect_left(DISTANCES, distance) + 1}",
        f"{side}: clauses {min(between, MOST)}",
        f"{side}: names {min(apart, MOST)}",
    ]
    if is_other:
        contexts.append("about another")
    why = f"{distance} words {side}{', negated' if sign < 0 else ''}"
    return tuple(places), tuple(contexts), why


def _settings(tokens: list[_Token], at: int, before: int, after: int) -> dict[str, tuple[str, ...]]:
    """The contexts of a target, for the words before it and for those after it."""
    left = _kind(tokens[at - 1]) if at else "start"
    right = _kind(tokens[at + 1]) if at + 1 < len(tokens) else "end"
    left, right = ("name" if before else left), ("name" if after else right)
    names = sum(token.stem == _NAME for token in tokens) - 1 + before + after
    size = (f"names {min(names, 5)}", f"length {min(len(tokens) // 10, 6)}")
    return {
        side: (f"{side}: actor after {left}", f"{side}: actor before {right}", *size)
        for side in ("before", "after")
    }


def _kind(token: _Token) -> str:
    """A word beside the actor: itself where it is a preposition, otherwise its kind, by its ending."""
    word = token.word
    if word == _NAME:
        return "name"
    if word in _PREPOSITIONS:
        return word
    if word in ("and", "or"):
        return "and"
    if word in _AUXILIARIES:
        return "auxiliary"
    if word in _BREAKS:
        return "conjunction"
    if not word[0].isalpha():
        return "sign"
    for ending in ("ed", "ing"):
        if word.endswith(ending):
            return f"-{ending}"
    if word in _function_words():
        return "function word"
    return "-s" if word.endswith("s") else "word"


def _pairs(tokens: list[_Token], at: int) -> Iterator[Feature]:
    """The two words before the target, the two after it, and the two around it."""
    for first, second, place in (
        (at - 2, at - 1, "before"),
        (at + 1, at + 2, "after"),
        (at - 1, at + 1, "around"),
    ):
        if first >= 0 and second < len(tokens):
            one, other = tokens[first], tokens[second]
            pair = f"{one.stem or one.word} {other.stem or other.word}"
            yield Feature(
                pair, ((f"pair {place}", 0.5),), f"{one.word} {other.word}", one.start, f"pair {place}"
            )


def _start(token: _Token) -> int:
    return token.start


@lru_cache(maxsize=1024)
def _read(sentence: str, names: tuple[tuple[int, int], ...]) -> _Sentence:
    """What is the same for every target of a sentence, worked out once."""
    clauses = read_clauses(sentence, names)
    words, starts, runs = _words(sentence, names)
    if not any(word[0].isalpha() and word not in _function_words() for word in words):
        return _Sentence([], {}, clauses)
    negated, breaks, before, tokens = _negated(words), 0, 0, []
    for i, (word, start) in enumerate(zip(words, starts, strict=True)):
        own = int(_is_break(words, i))
        root = word if word == _NAME else stem(word) if word[0].isalpha() else ""
        sign = NEGATED if i in negated else 1.0
        tokens.append(_Token(start, word, root, sign, breaks, before, own, clauses.sides(start)))
        breaks += own
        before += word == _NAME
    return _Sentence(tokens, runs, clauses)


@lru_cache(maxsize=1)
def _function_words() -> frozenset[str]:
    return frozenset(read_stopwords())


def _words(
    sentence: str, names: tuple[tuple[int, int], ...]
) -> tuple[list[str], list[int], dict[int, tuple[int, int]]]:
    """Words in lower case, signs, each run of names as one; their offsets; where the runs begin and end."""
    text = clause.hide_titles(sentence.translate(clause.PLAIN), names, _MASK)
    text = clause.mask(text, names, _MASK)
    words: list[str] = []
    starts: list[int] = []
    runs: dict[int, tuple[int, int]] = {}
    for match in _TOKEN.finditer(text):
        word, (start, end) = match.group(), match.span()
        is_masked = word[-1] == _MASK
        if is_masked or (word[0].isupper() and word != "I" and not _opens(text, start)):
            start = start + word.index(_MASK) if is_masked else start
            if words and words[-1] == _NAME:
                runs[len(words) - 1] = runs[len(words) - 1][0], end
                continue
            runs[len(words)] = start, end
            word = _NAME
        words.append(word if word == _NAME else word.lower())
        starts.append(match.start())
    return words, starts, runs


def _opens(text: str, start: int) -> bool:
    """Whether a word opens a sentence or a quotation, where any word has a capital."""
    before = text[max(start - 4, 0) : start].rstrip(" ")
    is_apart = before and text[start - 1] == " "
    return not before or before[-1] in (".!?:" if is_apart else "\"'(.!?:")


def _is_break(words: list[str], i: int) -> bool:
    """Whether a clause begins with word i: a comma and the conjunction after it are one break."""
    if words[i] in _BREAK_SIGNS:
        return True
    return words[i] in _BREAKS and not (i and words[i - 1] in _BREAK_SIGNS)


def _negated(words: list[str]) -> set[int]:
    """The numbers of the three words after a negation, up to the next sign."""
    found: set[int] = set()
    for i, word in enumerate(words):
        if word in _NEGATIONS or word.endswith("n't"):
            for k in range(i + 1, min(i + 4, len(words))):
                if not words[k][0].isalpha() and words[k] != _NAME:
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
