"""VADER's words and those of diplomatic prose, weighted by their place: the actor's own clause counts most.

What is done beside VADER; each helps on both halves of NewsMTSC's training sentences, or on UN speeches:

- data/register.csv gives words of diplomacy a tone, and corrects some of VADER's;
- names of actors ("United Nations" alone scores +0.42), bodies and titles ("Security Council") have no tone;
- what is mitigated, prevented or combated is not held against the actor ("mitigate conflicts");
- a word counts 0.6 times for each clause that ends between it and the actor, and a quarter of that where
  "while" sets its clause, about another actor, against the actor's own;
- a word beside the actor counts 1.5 times, one 20 words further half of that;
- what an actor says is not said of it: where a verb of saying follows, each word counts 0.3 times;
- after "in", "from" and the like the name is a place rather than an actor: 0.25 times;
- negative words count 1.25 times (an idea of Taboada et al. 2011), since most texts are friendly by habit;
- "against" before the actor has the value -1;
- in a sentence of more than 30 words each counts less, since long ones gather words of any tone;
- the label is neutral between -0.2 and 0.2, not only between -0.05 and 0.05.

"""

import csv
import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import NamedTuple

from ..actors.matching import phrase_pattern
from ..files import data_folder
from . import vader
from .clauses import OTHERS, pattern, read_clauses
from .scorer import Score, Target, Word, label

NAME = "clause 4"
DEAD_ZONE = 0.2
CLAUSE_WEIGHT = 0.6  # of a word, for each clause break between it and the actor
FULL_LENGTH = 30  # words; in a sentence of twice as many each word counts half
BESIDE, HALVING_DISTANCE = 1.5, 20  # factor of a word beside the actor; words after which it is half of that
SAID, PLACE, NEGATIVE, AGAINST = 0.3, 0.25, 1.25, -1.0
OBJECT_REACH = 6  # words after "mitigate" in which its object is looked for
CONTEXT_BEFORE = 24  # characters before the actor in which a preposition is looked for

# The lists know straight apostrophes and ASCII signs only. One character for one, so that offsets stay.
PLAIN = str.maketrans("‘’‚‛“”„‟«»‹›–—―…", '\'\'\'\'""""""""   .')
_TOKEN = re.compile(r"\S+")
_SIGNS = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
_ENDS = ",;:."  # an object does not reach over these
_ARTICLES = {"the", "a", "an"}
_SAYS, _PLACE, _AGAINST, _TITLE = (pattern(name) for name in ("says", "place", "against", "title"))


class Register(NamedTuple):
    """data/register.csv, and VADER's list with its words."""

    ratings: dict[str, float]  # VADER's and the register's, phrases written with "_"
    phrases: re.Pattern[str]  # those of the register that are more than one word
    titles: re.Pattern[str]
    counters: dict[str, float]  # "mitigate": by what its object is multiplied


def score(targets: list[Target]) -> list[Score]:
    """Return the valence of the words around each target, less with every clause between word and target."""
    return [_score(target) for target in targets]


def _score(target: Target) -> Score:
    _, starts = _read(target.sentence, target.all_names())
    general, reasons = _standing(target, len(starts))
    at = bisect_right(starts, target.start) - 1
    words = []
    for word in toned_words(target):
        distance = abs(bisect_right(starts, word.start) - 1 - at)
        factor = word.factor * BESIDE / (1 + max(distance - 1, 0) / HALVING_DISTANCE)
        if word.value * factor < 0:
            factor *= NEGATIVE
        words.append(word._replace(factor=factor * general, why=word.why + reasons))
    if against := _AGAINST.search(_before(target)):
        start = target.start - len(against.group())
        words.append(Word("against", start, AGAINST, 1.0, "before the actor"))
    total = sum(word.value * word.factor for word in words)
    valence = round(total / math.sqrt(total * total + 15), 4)  # VADER's scale
    return Score(valence, label(valence, DEAD_ZONE), words)


def toned_words(target: Target) -> list[Word]:
    """Return the words with a tone, each less with every clause between it and the target."""
    names = target.all_names()
    hits, _ = _read(target.sentence, names)
    clauses = read_clauses(target.sentence, names)
    first, last = (bisect_left(clauses.breaks, place) for place in (target.start, target.end))
    words = []
    for word in hits:
        breaks = bisect_left(clauses.breaks, word.start)
        between = first - breaks if word.start < target.start else breaks - last
        factor, why = word.factor, word.why
        if between > 0:
            factor *= CLAUSE_WEIGHT**between
            why += f", {between} clause{'s' if between > 1 else ''} away"
        if clauses.is_about_another(word.start, target.start):
            factor *= OTHERS
            why += ", about another actor"
        words.append(word._replace(factor=factor, why=why))
    return words


def _standing(target: Target, n_words: int) -> tuple[float, str]:
    """By what the words beside the target, and the length of its sentence, multiply every word; why."""
    factor, why = 1.0, ""
    if _SAYS.match(target.sentence, target.end):
        factor, why = SAID, ", said by the actor"
    if _PLACE.search(_before(target)):
        factor, why = factor * PLACE, why + ", the actor as a place"
    if n_words > FULL_LENGTH:
        factor, why = factor * FULL_LENGTH / n_words, why + ", long sentence"
    return factor, why


def _before(target: Target) -> str:
    return target.sentence[max(target.start - CONTEXT_BEFORE, 0) : target.start]


@lru_cache(maxsize=1024)
def _read(sentence: str, names: tuple[tuple[int, int], ...]) -> tuple[list[Word], list[int]]:
    """The words with a tone, and where all words start but articles, which belong to what follows them."""
    register = read_register()
    text = mask(hide_titles(sentence.translate(PLAIN), names, "x"), names, "x")
    text = register.phrases.sub(lambda match: match.group().replace(" ", "_"), text)
    matches = list(_TOKEN.finditer(text))
    tokens = [match.group() for match in matches]
    objects = _objects(tokens, register.counters)
    hits = []
    words = [_stripped(token) for token in tokens]
    for i, value in enumerate(vader.word_values(words, register.ratings)):
        if not value or (value < 0 and objects and words[i].lower() in register.counters):
            continue  # who prevents and combats does no harm by it
        start = matches[i].start() + tokens[i].index(words[i])
        rating = register.ratings[words[i].lower()]
        word = vader.explain(words[i].replace("_", " "), start, rating, value)
        if value < 0 and i in objects:
            factor = word.factor * register.counters[objects[i]]
            verb = objects[i].replace("_", " ")
            word = word._replace(factor=factor, why=f"{word.why}, object of {verb}")
        hits.append(word)
    counted = [m for m in matches if m[0].lower() not in _ARTICLES and any(map(str.isalnum, m[0]))]
    return hits, [match.start() for match in counted]


def _stripped(token: str) -> str:
    """A token without the signs around it, unless it is an emoticon or as short as one."""
    word = token.strip(_SIGNS)
    return word if len(word) > 2 else token


def hide_titles(text: str, names: Iterable[tuple[int, int]], sign: str) -> str:
    """Hide titles behind a sign, at the same length, but no name: those of the register, and those known by
    their capitals ("Office on Drugs and Crime", "Peacekeeping Force")."""
    by_capitals = _TITLE.finditer(mask(text, names, "x"))
    titles = [*read_register().titles.finditer(text), *by_capitals]
    return mask(text, (match.span() for match in titles), sign)


def mask(text: str, spans: Iterable[tuple[int, int]], sign: str) -> str:
    """Write each span as one word of this sign, of the same length.

    >>> mask("We thank China.", [(9, 14)], "x")
    'We thank xxxxx.'
    """
    parts, last = [], 0
    for start, end in sorted(spans):
        start = max(start, last)
        parts += [text[last:start], sign * (end - start)]
        last = max(last, end)
    return "".join([*parts, text[last:]])


def _objects(tokens: list[str], counters: dict[str, float]) -> dict[int, str]:
    """The numbers of the tokens that may be the object of a verb like "mitigate", each with its verb."""
    found: dict[int, str] = {}
    for i, token in enumerate(tokens):
        verb = _stripped(token).lower()
        if verb in counters and token[-1] not in _ENDS:
            for k in range(i + 1, min(i + 1 + OBJECT_REACH, len(tokens))):
                found.setdefault(k, verb)
                if tokens[k][-1] in _ENDS:
                    break
    return found


@cache
def read_register() -> Register:
    """Read the register, and VADER's list corrected by it."""
    values: dict[str, dict[str, float]] = {"tone": {}, "title": {}, "counters": {}}
    with (data_folder() / "register.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            values[row["kind"]] |= dict.fromkeys(row["words"].split("; "), float(row["value"]))
    phrases = [phrase for phrase in values["tone"] | values["counters"] if " " in phrase]
    tones, counters = (
        {words.replace(" ", "_"): value for words, value in values[kind].items()}
        for kind in ("tone", "counters")
    )
    ratings = {word: value for word, value in (vader.lexicon() | tones).items() if value}
    return Register(ratings, _any_case(phrases), _any_case(values["title"]), counters)


def _any_case(phrases: Iterable[str]) -> re.Pattern[str]:
    return re.compile(phrase_pattern(phrases).pattern, re.IGNORECASE)
