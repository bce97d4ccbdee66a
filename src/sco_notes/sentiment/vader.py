"""VADER (Hutto and Gilbert 2014) on a whole sentence: the reference's score, and the words behind it.

The lexicon is the one in the package vaderSentiment 3.3.2 (nltk's VADER differs from it in 3% of sentences),
and so are the rules, to the last of four decimals: tests compare the two. Only they are applied to the few
words that are in the lexicon, so that the time grows with the length of a sentence and not with its square.
"""

import heapq
import math
import re
import string
from functools import lru_cache

from vaderSentiment.vaderSentiment import BOOSTER_DICT, NEGATE, SPECIAL_CASES, SentimentIntensityAnalyzer

from .scorer import Score, Target, Word, label

NAME = "vader 3.3.2"
DEAD_ZONE = 0.05  # VADER's own bound: neutral between -0.05 and 0.05

_NEGATED = -0.74
_CAPITALS = 0.733
_FADING = (0.0, 1.0, 0.95, 0.9)  # of a booster, by its distance from the word
_NEGATIONS = frozenset(NEGATE)
_MODIFIERS = frozenset({*BOOSTER_DICT, *NEGATE, "no", "this", "least", "but"})
# One word of every phrase in SPECIAL_CASES and of every booster of two words.
_IN_PHRASES = frozenset("shit bomb ass stop yeah kiss die beating enough kind sort".split())
_TOKEN = re.compile(r"\S+")


def score(targets: list[Target]) -> list[Score]:
    """VADER's compound score of the whole sentence around each target, whoever the target is."""
    known: dict[str, Score] = {}
    for target in targets:
        if target.sentence not in known:
            known[target.sentence] = score_sentence(target.sentence)
    return [known[target.sentence] for target in targets]


def valence(sentence: str) -> float:
    """VADER's compound score of one sentence, in [-1, 1], rounded to four decimals as in the reference.

    >>> valence("A great success!")
    0.8439
    """
    text = _plain_emoji(sentence)[0]
    return _compound([value for _, value in rate(text.split(), lexicon(), _reader())], text)


def score_sentence(sentence: str) -> Score:
    """The valence of one sentence, with the words that made it."""
    text, places = _plain_emoji(sentence)
    tokens, ratings = text.split(), lexicon()
    rated = rate(tokens, ratings, _reader())
    starts = _starts([i for i, _ in rated], tokens, text)
    found = []
    for (i, value), start in zip(rated, starts, strict=True):
        word = strip(tokens[i])
        start += tokens[i].index(word)
        found.append(explain(word, places[start] if places else start, ratings[word.lower()], value))
    total, emphasis = sum([value for _, value in rated]), _emphasis(text)
    if emphasis and total:
        mark = "!" if "!" in text else "?"
        factor = math.copysign(1, total)
        found.append(Word(mark, sentence.index(mark), emphasis, factor, "marks strengthen the sentence"))
    compound = _compound([value for _, value in rated], text)
    return Score(compound, label(compound, DEAD_ZONE), found)


def explain(word: str, start: int, rating: float, value: float) -> Word:
    """A word, its rating in the lexicon, and by what the words around it multiply it."""
    if value == rating:
        return Word(word, start, rating, 1.0, "as listed")
    factor = value / rating
    why = "turned by its context" if factor < 0 else "strengthened" if factor > 1 else "weakened"
    return Word(word, start, rating, factor, why)


def squash(total: float) -> float:
    """VADER's scale: a sum of word values to the open interval from -1 to 1."""
    return max(-1.0, min(1.0, total / math.sqrt(total * total + 15)))


def _compound(values: list[float], text: str) -> float:
    # Python's own sum and round, as in the reference: numpy's differ in the last place.
    total = float(sum(values))
    if total:
        total += math.copysign(_emphasis(text), total)
    return round(squash(total), 4)


@lru_cache(maxsize=1)
def lexicon() -> dict[str, float]:
    """VADER's 7,500 words with their mean rating by people, from -4 to 4."""
    return SentimentIntensityAnalyzer().lexicon


class Reader(dict):
    """Tokens to the lower-case words that matter to VADER, "" for all others; each token is read once."""

    def __init__(self, ratings: dict[str, float]):
        self.ratings = ratings

    def __missing__(self, token: str) -> str:
        word = strip(token).lower()
        if len(self) >= 500_000:  # a newspaper archive has more, most of them once
            self.clear()
        matters = word in self.ratings or word in _MODIFIERS or word in _IN_PHRASES or "n't" in word
        self[token] = word if matters else ""
        return self[token]


@lru_cache(maxsize=1)
def _reader() -> Reader:
    return Reader(lexicon())


def strip(token: str) -> str:
    """A token without the signs around it, unless it is an emoticon or as short as one."""
    stripped = token.strip(string.punctuation)
    return token if len(stripped) <= 2 else stripped


def rate(tokens: list[str], ratings: dict[str, float], reader: Reader) -> list[tuple[int, float]]:
    """The tokens that have a tone: their number, and their rating after the words around them."""
    words = list(map(reader.__getitem__, tokens))
    marked = [i for i, word in enumerate(words) if word]
    hits = [i for i in marked if words[i] in ratings]
    if not hits:
        return []
    has_phrases = not _IN_PHRASES.isdisjoint(words)
    shouted = _shouted(tokens)
    # Most words stand alone: only near these is there anything to work out.
    context = shouted.union([i for i in marked if words[i] in _MODIFIERS or "n't" in words[i]])
    rated = []
    for i in hits:
        value = ratings[words[i]]
        if has_phrases or not context.isdisjoint((i, i - 1, i - 2, i - 3)):
            value = _in_context(i, tokens, ratings, shouted, has_phrases)
        if value:
            rated.append((i, value))
    return _around_but(rated, words.index("but")) if "but" in words else rated


def _starts(numbers: list[int], tokens: list[str], text: str) -> list[int]:
    """Where in the text the tokens of these numbers begin."""
    if len(" ".join(tokens)) != len(text):  # other white space than single spaces
        starts = [match.start() for match in _TOKEN.finditer(text)]
        return [starts[i] for i in numbers]
    found, start, last = [], 0, 0
    for i in numbers:
        start += len(" ".join(tokens[last:i])) + (i > last)
        found.append(start)
        last = i
    return found


def _in_context(
    i: int, tokens: list[str], ratings: dict[str, float], shouted: frozenset[int], has_phrases: bool
) -> float:
    """The rating of token i after boosters, negation and capitals: the reference's steps in their order."""
    around = [strip(token).lower() for token in tokens[max(i - 3, 0) : i + 3]]
    at = min(i, 3)
    word, after = around[at], around[at + 1] if at + 1 < len(around) else ""
    first, second, third = (around[at - back] if i >= back else "" for back in (1, 2, 3))
    if word == "kind" and after == "of":
        return 0.0
    value = ratings[word]
    if word == "no" and after in ratings:
        value = 0.0  # it negates the next word instead
    if "no" in (first, second) or (third == "no" and first in ("or", "nor")):
        value = ratings[word] * _NEGATED
    if i in shouted:
        value += _CAPITALS if value > 0 else -_CAPITALS
    for back, before in ((1, first), (2, second), (3, third)):
        if i < back or before in ratings:
            continue
        if before in BOOSTER_DICT:
            value += _boost(before, value, i - back in shouted) * _FADING[back]
        value = _negate(value, back, first, second, third)
        if back == 3 and has_phrases:
            value = _phrases(value, around)
    if first == "least" and first not in ratings and second not in ("at", "very"):
        value *= _NEGATED
    return value


def _boost(word: str, value: float, is_shouted: bool) -> float:
    boost = -BOOSTER_DICT[word] if value < 0 else BOOSTER_DICT[word]
    if is_shouted:
        boost += _CAPITALS if value > 0 else -_CAPITALS
    return boost


def _negate(value: float, back: int, first: str, second: str, third: str) -> float:
    if back == 1:
        return value * _NEGATED if _is_negation(first) else value
    before = second if back == 2 else third
    if back == 2 and before == "never" and first in ("so", "this"):
        return value * 1.25
    if back == 3 and ((before == "never" and second in ("so", "this")) or first in ("so", "this")):
        return value * 1.25
    if before == "without" and (first == "doubt" or (back == 3 and second == "doubt")):
        return value
    return value * _NEGATED if _is_negation(before) else value


def _is_negation(word: str) -> bool:
    return word in _NEGATIONS or "n't" in word


def _phrases(value: float, around: list[str]) -> float:
    """Special cases ("kiss of death") and boosters of two words ("kind of"); the word is the fourth."""
    before = [around[2:4], around[1:4], around[1:3], around[0:3], around[0:2]]
    phrases = [" ".join(words) for words in before]
    value = next((SPECIAL_CASES[phrase] for phrase in phrases if phrase in SPECIAL_CASES), value)
    for length in (2, 3):
        if len(around) >= 3 + length:
            value = SPECIAL_CASES.get(" ".join(around[3 : 3 + length]), value)
    for phrase in (phrases[3], phrases[4], phrases[2]):
        value += BOOSTER_DICT.get(phrase, 0.0)
    return value


def _around_but(rated: list[tuple[int, float]], but: int) -> list[tuple[int, float]]:
    """Halve what stands before "but", and give half as much again to what follows.

    The reference looks each word up by its value, so that of equal values the first may be changed twice and
    the second not at all; so it is done here.
    """
    values = [value for _, value in rated]
    places: dict[float, list[int]] = {}
    for k, value in enumerate(values):
        places.setdefault(value, []).append(k)
    for k in range(len(values)):
        at = places[values[k]][0]
        if rated[at][0] == but:
            continue
        heapq.heappop(places[values[at]])
        values[at] *= 0.5 if rated[at][0] < but else 1.5
        heapq.heappush(places.setdefault(values[at], []), at)
    return [(i, value) for (i, _), value in zip(rated, values, strict=True)]


def _shouted(words: list[str]) -> frozenset[int]:
    """The numbers of the words in capitals, where not all words are."""
    upper = [i for i, word in enumerate(words) if word.isupper()] if any(map(str.isupper, words)) else []
    return frozenset(upper) if len(upper) < len(words) else frozenset()


def _emphasis(text: str) -> float:
    marks = text.count("?")
    questions = 0 if marks < 2 else marks * 0.18 if marks <= 3 else 0.96
    return min(text.count("!"), 4) * 0.292 + questions


@lru_cache(maxsize=1)
def _emojis() -> dict[str, str]:
    return SentimentIntensityAnalyzer().emojis


def _plain_emoji(sentence: str) -> tuple[str, list[int] | None]:
    """The sentence with its emoji in words, and if there are any, the place in it of each character."""
    emojis = _emojis()
    if sentence.isascii() or emojis.keys().isdisjoint(sentence):
        return sentence, None
    parts: list[str] = []
    places: list[int] = []
    after_space = True
    for place, character in enumerate(sentence):
        part = character
        if character in emojis:
            part = emojis[character] if after_space else f" {emojis[character]}"
        parts.append(part)
        places += [place] * len(part)
        after_space = character == " "
    return "".join(parts), places
