"""A linear model learned from labelled news (NewsMTSC, Hamborg and Donnay 2021): words by their place.

What counts for or against an actor is read from data/models/linear.csv, one row a feature: a stem before or
after the actor, anywhere in the sentence, or one or two words away; two stems beside the actor. By how much a
word counts at its place is learned too (linear_factors.csv): less with its distance and with every clause and
name between, and by what is beside the actor ("by", "and", a verb). All names weigh the same. It also learned
from the language model MPNet, in news and UN speeches.
tools/train_linear.py trains it (`make model`); the sentences themselves are not part of it.
"""

import csv
import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from ..files import data_folder, read_checked
from ..terms import read_stopwords
from .clauses import PLAIN, WORDS, contrasts, hide_titles, is_about_another, mask
from .scorer import Score, Target, Word, likeliest

NAME = "linear 7"
MAX_WORD_DISTANCE = 60  # from the actor; words farther away do not count
DISTANCES = (1, 2, 3, 4, 6, 8, 12, 18, 30)  # the last of each class; the tenth is farther
MAX_BETWEEN = 4  # clause breaks or names between that are told apart
NEGATED = -0.5
ALL = "(all)"  # the context of every word
NEAR = 2  # words before and after the actor that count by their exact place

# An article belongs to its name: "the United States" is one word. Quotation marks are no tokens.
_TOKEN = re.compile(r"(?:[Tt]he\s+[\"']?)?\x01+|[A-Za-z]+(?:'[a-z]+)?|[;:,.()!?-]")
_START, _NAME, _MASK = "(start)", "(name)", "\x01"
_BREAK_SIGNS = frozenset(";:,()-")
_BREAKS, _NEGATIONS, _AUXILIARIES, _PREPOSITIONS = (
    frozenset(WORDS[name]["words"].split())
    for name in ("linear_break", "negation", "auxiliary", "preposition")
)
_ENDINGS = [ending.split("/") for ending in WORDS["ending"]["words"].split()]
_function_words = cache(read_stopwords)
# What may be beside the actor, and its kind; prepositions are told apart.
_KINDS = (
    {_NAME: "name", "and": "and", "or": "and"}
    | dict.fromkeys(_BREAKS - {"and"}, "conjunction")
    | dict.fromkeys(_AUXILIARIES, "auxiliary")
    | {word: word for word in _PREPOSITIONS}
)


class Feature(NamedTuple):
    """A word of a sentence as a target sees it: in which places it counts, and how much in each.

    `contexts`, of the word and of the target, say by what that is multiplied before, after and anywhere.
    """

    stem: str
    places: tuple[tuple[str, float], ...]
    word: str
    start: int
    why: str
    contexts: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())


class _Token(NamedTuple):
    word: str
    start: int
    opens: int  # where a name begins without its article
    end: int  # of the last, where names follow each other
    stem: str  # "" for a sign
    sign: float  # negative after a negation
    breaks: int  # clause breaks before it
    names: int  # and names
    is_break: bool


def score(targets: list[Target]) -> list[Score]:
    """Return the probabilities of the labels towards each target; the valence is positive less negative."""
    return [_score(target) for target in targets]


def _score(target: Target) -> Score:
    model = read_model()
    negative, positive = model[_START, ""]
    words = []
    for feature in features(target):
        factors = _factors(*feature.contexts)
        less = more = 0.0
        for place, amount in feature.places:
            weights = model.get((feature.stem, place), (0.0, 0.0))
            amount *= factors.get(place, 1.0)
            less += amount * weights[0]
            more += amount * weights[1]
        if less or more:
            negative += less
            positive += more
            words.append(Word(feature.word, feature.start, more - less, 1.0, feature.why))
    return likeliest(_softmax(negative, 0.0, positive), words)


def _softmax(*sums: float) -> tuple[float, float, float]:
    a, b, c = (math.exp(value - max(sums)) for value in sums)
    total = a + b + c  # not sum(): from Python 3.12 on it rounds otherwise
    return a / total, b / total, c / total


@cache
def read_model(name: str = "linear") -> dict[tuple[str, ...], tuple[float, float]]:
    """Read stem and place to the weights for negative and for positive, both against neutral.

    Of "linear_factors": context to its factor in the places before and after, and in the place anywhere.
    """
    lines = read_checked(data_folder() / "models" / f"{name}.csv").decode().splitlines()
    return {tuple(key): (float(a), float(b)) for *key, a, b in [*csv.reader(lines)][1:]}


@lru_cache(maxsize=100_000)
def _factors(of_word: tuple[str, ...], of_target: tuple[str, ...]) -> dict[str, float]:
    """By what an amount is multiplied, by its place; contexts that are not in the table count once."""
    if not of_word:
        return {}
    known = read_model("linear_factors")
    factors = [known.get((context,), (1.0, 1.0)) for context in (ALL, *of_word, *of_target)]
    beside, anywhere = (math.prod(column) for column in zip(*factors, strict=True))
    return {"before": beside, "after": beside, "anywhere": anywhere}


def features(target: Target) -> Iterator[Feature]:
    """Find the words of a sentence as seen from the target; none where it has only names and titles."""
    names = tuple(sorted({*target.names, (target.start, target.end)}))
    if not (tokens := read_tokens(target.sentence, names)):
        return
    apart_by_while = contrasts(target.sentence, names)
    at = bisect_right(tokens, target.start, key=lambda token: token.start) - 1
    own = tokens[at]
    # Names beside the target, with nothing between, are a word of their own.
    before, after = int(own.opens < target.start), int(own.end > target.end)
    settings = _settings(tokens, at, before, after)
    for is_there, side, start in ((before, "before", own.opens), (after, "after", target.end)):
        if is_there:
            places, contexts, why = _places(side, 1, 0, 0, False, 1.0)
            yield Feature(_NAME, places, _NAME, start, why, (contexts, settings[side]))
    for i in range(max(at - MAX_WORD_DISTANCE, 0), min(at + MAX_WORD_DISTANCE + 1, len(tokens))):
        token = tokens[i]
        if i == at or not token.stem:
            continue
        if i < at:
            side, distance = "before", at - i + before
            between = own.breaks - token.breaks - token.is_break
            apart = own.names - token.names - (token.stem == _NAME) + before
        else:
            side, distance = "after", i - at + after
            between = token.breaks + token.is_break - own.breaks
            apart = token.names - own.names - 1 + after
        is_other = is_about_another(token.start, target.start, apart_by_while)
        places, contexts, why = _places(side, distance, between, apart, is_other, token.sign)
        yield Feature(token.stem, places, token.word, token.start, why, (contexts, settings[side]))
    yield from _pairs(tokens, at)


@lru_cache(maxsize=100_000)
def _places(
    side: str, distance: int, between: int, apart: int, is_other: bool, sign: float
) -> tuple[tuple[tuple[str, float], ...], tuple[str, ...], str]:
    """Where a word counts that is so many words from the target, its contexts, and both in words."""
    places = [(side, sign), ("anywhere", sign)]
    if distance <= NEAR:
        places.append((f"{distance} {side}", 0.5 if sign > 0 else 0.5 * NEGATED))
    contexts = (
        f"{side}: distance {bisect_left(DISTANCES, distance) + 1}",
        f"{side}: clauses {min(between, MAX_BETWEEN)}",
        f"{side}: names {min(apart, MAX_BETWEEN)}",
        *["about another"] * is_other,
    )
    return tuple(places), contexts, f"{distance} words {side}{', negated' if sign < 0 else ''}"


def _settings(tokens: list[_Token], at: int, before: int, after: int) -> dict[str, tuple[str, ...]]:
    """The contexts of a target, for the words before it and for those after it."""
    left = "name" if before else _kind(tokens[at - 1].word) if at else "start"
    right = "name" if after else _kind(tokens[at + 1].word) if at + 1 < len(tokens) else "end"
    names = sum(token.stem == _NAME for token in tokens) - 1 + before + after
    size = (f"names {min(names, 5)}", f"length {min(len(tokens) // 10, 6)}")
    contexts = (f"actor after {left}", f"actor before {right}")
    return {side: (*(f"{side}: {each}" for each in contexts), *size) for side in ("before", "after")}


def _kind(word: str) -> str:
    """A word beside the actor: itself where it is a preposition, otherwise its kind, by its ending."""
    if word in _KINDS:
        return _KINDS[word]
    if not word[0].isalpha():
        return "sign"
    if word.endswith(("ed", "ing")):
        return "-ed" if word.endswith("ed") else "-ing"
    if word in _function_words():
        return "function word"
    return "-s" if word.endswith("s") else "word"


def _pairs(tokens: list[_Token], at: int) -> Iterator[Feature]:
    """The two words before the target, the two after it, and the two around it."""
    for first, second, place in ((-2, -1, "before"), (1, 2, "after"), (-1, 1, "around")):
        if at + first >= 0 and at + second < len(tokens):
            one, other = tokens[at + first], tokens[at + second]
            stems = f"{one.stem or one.word} {other.stem or other.word}"
            words = f"{one.word} {other.word}"
            yield Feature(stems, ((f"pair {place}", 0.5),), words, one.start, f"pair {place}")


@lru_cache(maxsize=1024)
def read_tokens(sentence: str, names: tuple[tuple[int, int], ...]) -> list[_Token]:
    """Read words in lower case, signs and runs of names as tokens; none where there is nothing but names and
    titles."""
    text = mask(hide_titles(sentence.translate(PLAIN), names, _MASK), names, _MASK)
    tokens: list[_Token] = []
    breaks = before = turned = 0
    for match in _TOKEN.finditer(text):
        word, (start, end) = match.group(), match.span()
        last = tokens[-1].word if tokens else ""
        if word[-1] == _MASK or (word[0].isupper() and word != "I" and not _opens(text, start)):
            if last == _NAME:
                tokens[-1] = tokens[-1]._replace(end=end)
                continue
            opens, word = start + max(word.find(_MASK), 0), _NAME
        else:
            opens, word = start, word.lower()
        root = word if word == _NAME else stem(word) if word[0].isalpha() else ""
        # A negation turns the three words after it, up to the next sign.
        sign = NEGATED if turned and root else 1.0
        is_negation = word in _NEGATIONS or word.endswith("n't")
        turned = 3 if is_negation else max(turned - 1, 0) if root else 0
        # A comma and the conjunction after it are one break.
        is_break = word in _BREAK_SIGNS or (word in _BREAKS and last not in _BREAK_SIGNS)
        tokens.append(_Token(word, start, opens, end, root, sign, breaks, before, is_break))
        breaks += is_break
        before += word == _NAME
    says = any(one.word[0].isalpha() and one.word not in _function_words() for one in tokens)
    return tokens if says else []


def _opens(text: str, start: int) -> bool:
    """Whether a word opens a sentence or a quotation, where any word has a capital."""
    before = text[max(start - 4, 0) : start].rstrip(" ")
    is_apart = before and text[start - 1] == " "
    return not before or before[-1] in (".!?:" if is_apart else "\"'(.!?:")


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Take its ending off a word, so that its forms share a weight.

    An own rule, since linear.csv was learned with it: NLTK's stemmers give other stems.

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
