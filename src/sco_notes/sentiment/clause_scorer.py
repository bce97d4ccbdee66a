"""VADER's words and those of diplomatic prose, weighted by their place: the actor's own clause counts most.

Each part can be left out by its name, so that one can see what it does:

- "register": data/register.csv gives words of diplomacy a tone, and corrects some of VADER's;
- "titles": names of bodies, titles and connectives in it have no tone ("Security Council");
- "names": names of actors have none either ("United Nations" alone scores +0.42);
- "objects": what is mitigated, prevented or combated is no blame ("mitigate conflicts");
- "clauses": a word counts 0.6 times for each clause that ends between it and the actor, and a quarter of that
  where "while" sets its clause, about another actor, against the actor's own;
- "nearness": a word beside the actor counts 1.5 times, one 20 words further half of that;
- "speech": what an actor says is not said of it: where a verb of saying follows, each word counts 0.3 times;
- "places": after "in", "from" and the like the name is a place rather than an actor: 0.25 times;
- "blame": words of blame count 1.25 times, since praise is the habit of most texts;
- "against": "against" before the actor is a word of blame itself, with the value -1;
- "length": in a sentence of more than 30 words each counts less, since long ones gather words of any tone;
- "dead zone": the label is neutral between -0.2 and 0.2, not only between -0.05 and 0.05.

The five from "nearness" to "against" help on both halves of NewsMTSC's training sentences; "places" helps on
UN speeches too, at a cost of a point where news names several actors. Tried and left out, since they did not
help: who is subject and who object of verbs of praise, blame and harm, a weight for lists of names, "must",
"calls on". Blame that weighs more is an idea of Taboada et al. (2011).

Without all of them it is VADER on the whole sentence, with signs that VADER knows (see PLAIN).
"""

import csv
import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import NamedTuple

from ..actors.matching import phrase_pattern
from ..files import data_folder
from . import vader
from .clauses import OTHERS, Clauses, read_clauses
from .scorer import Score, Target, Word, label

NAME = "clause 3"
PARTS = (
    "register", "titles", "names", "objects", "clauses", "nearness", "speech", "places", "blame", "against",
    "length", "dead zone",
)  # fmt: skip
DEAD_ZONE = 0.2
WEIGHT = 0.6  # of a word, for each clause break between it and the actor
LENGTH = 30  # words; a sentence of twice as many has half the sum
BESIDE, HALFWAY = 1.5, 20  # factor of a word beside the actor; words after which it is half of that
SAYS, PLACE, BLAME, AGAINST = 0.3, 0.25, 1.25, -1.0
REACH = 6  # words after "mitigate" in which its object is looked for

# VADER knows straight apostrophes and ASCII signs only: "isn’t good" scores +0.44, «peace» 0.0.
# One character for one, so that offsets stay.
PLAIN = str.maketrans("‘’‚‛“”„‟«»‹›–—―…", '\'\'\'\'""""""""   .')
_TOKEN = re.compile(r"\S+")
_QUOTE = r"[\"'‘’‚“”„‟«»‹›]?\s*"
_SAYS = re.compile(
    _QUOTE
    + r"\b(?:has\s|have\s|had\s|also\s)?(?:said|says|say|saying|told|tells|added|adds|tweeted|wrote|writes|"
    r"noted|claimed|argued|stated|asked|announced|warned|insisted|testified|explained)\b"
)
_PLACE = re.compile(
    rf"\b(?:in|into|from|at|near|within|inside|across|throughout)\s+(?:the\s+)?{_QUOTE}$", re.IGNORECASE
)
_AGAINST = re.compile(rf"\bagainst\s+(?:the\s+)?{_QUOTE}$", re.IGNORECASE)
_HEAD = (
    r"(?:Agency|Agreement|Assembly|Board|Bureau|Cent(?:er|re)|Charter|Commission(?:er)?|Committee|Conference|"
    r"Convention|Council|Court|Declaration|Department|Forces?|Forum|Fund|Initiative|Institute|Minist(?:er|ry)|"
    r"Mission|Office|Organi[sz]ation|Pact|Plan|Prize|Programme|Protocol|Secretary|Strategy|Treaty|Tribunal)\b"
)
_LINK = r"\s+(?:(?:of|for|on|against|and|to|the)\s+){0,3}"
_TITLE = re.compile(rf"(?:\b[A-Z][\w-]*{_LINK})*\b{_HEAD}(?:,?{_LINK}[A-Z][\w-]*)*")
_ARTICLES = frozenset({"the", "a", "an"})
_BEFORE = 24  # characters before the actor in which a preposition is looked for


class Register(NamedTuple):
    """data/register.csv, and VADER's list with its words."""

    ratings: dict[str, float]  # VADER's and the register's, phrases written with "_"
    tones: re.Pattern[str]  # phrases of the register that are more than one word
    titles: re.Pattern[str]
    counters: dict[str, float]  # "mitigate": by what its object is multiplied
    reader: vader.Reader


class _Hit(NamedTuple):
    """A word that has a tone, as every target of its sentence sees it."""

    word: Word
    number: int  # among the words of the sentence
    breaks: int  # clause breaks before it
    sides: int  # of the sentence's contrasts


class _Sentence(NamedTuple):
    hits: list[_Hit]
    starts: list[int]  # of the words, a name being one; articles, which some names have, are none
    clauses: Clauses
    damping: float


def score(targets: list[Target], without: Collection[str] = ()) -> list[Score]:
    """The valence of the words around each target, less with every clause between word and target."""
    without = frozenset(without)
    return [score_target(target, without) for target in targets]


def score_target(target: Target, without: frozenset[str] = frozenset()) -> Score:
    hits, starts, clauses, damping = _read(target.sentence, all_names(target), without)
    first, last = (bisect_left(clauses.breaks, place) for place in (target.start, target.end))
    sides = clauses.sides(target.start)
    general, reasons = _standing(target, without)
    if damping < 1:
        general, reasons = general * damping, f"{reasons}, long sentence"
    words = []
    at = bisect_right(starts, target.start) - 1
    for (word, start, value, factor, why), number, breaks, its_sides in hits:
        between = first - breaks if start < target.start else breaks - last
        if between > 0:
            factor *= WEIGHT**between
            why = f"{why}, {between} clause{'s' if between > 1 else ''} away"
        if clauses.is_about_another(its_sides, sides):
            factor *= OTHERS
            why += ", about another actor"
        if "nearness" not in without:
            factor *= BESIDE / (1 + max(abs(number - at) - 1, 0) / HALFWAY)
        if value * factor < 0 and "blame" not in without:
            factor *= BLAME
        words.append(Word(word, start, value, factor * general, why + reasons))
    against = _AGAINST.search(target.sentence, max(target.start - _BEFORE, 0), target.start)
    if against and "against" not in without:
        words.append(Word("against", against.start(), AGAINST, 1.0, "before the actor"))
    valence = round(vader.squash(sum(word.value * word.factor for word in words)), 4)
    return Score(valence, label(valence, vader.DEAD_ZONE if "dead zone" in without else DEAD_ZONE), words)


def _standing(target: Target, without: frozenset[str]) -> tuple[float, str]:
    """By what the words right beside the target multiply every other, and why."""
    factor, why = 1.0, ""
    if "speech" not in without and _SAYS.match(target.sentence, target.end):
        factor, why = factor * SAYS, why + ", said by the actor"
    if "places" not in without and _PLACE.search(
        target.sentence, max(target.start - _BEFORE, 0), target.start
    ):
        factor, why = factor * PLACE, why + ", the actor as a place"
    return factor, why


def all_names(target: Target) -> tuple[tuple[int, int], ...]:
    """The names of a target's sentence, the target among them."""
    own = (target.start, target.end)
    return target.names if own in target.names else tuple(sorted([*target.names, own]))


@lru_cache(maxsize=1024)
def _read(sentence: str, names: tuple[tuple[int, int], ...], without: frozenset[str]) -> _Sentence:
    """What is the same for every target of a sentence, worked out once."""
    register = read_register("register" not in without)
    text = sentence.translate(PLAIN)
    if "titles" not in without:
        text = hide_titles(text, names, "x")
    if "names" not in without:
        text = mask(text, names, "x")
    text = register.tones.sub(lambda match: "_".join(match.group().split(" ")), text)
    matches = list(_TOKEN.finditer(text))
    tokens = [match.group() for match in matches]
    clauses = Clauses([], [], 0, 0) if "clauses" in without else read_clauses(sentence, names)
    objects = {} if "objects" in without else _objects(tokens, register.counters)
    starts = [match.start() for match in matches if _counts(match.group())]
    hits = []
    for i, value in vader.rate(tokens, register.ratings, register.reader):
        word = vader.strip(tokens[i])
        if value < 0 and objects and word.lower() in register.counters:
            continue  # who prevents and combats does no harm by it
        start = matches[i].start() + tokens[i].index(word)
        found = vader.explain(word.replace("_", " "), start, register.ratings[word.lower()], value)
        if value < 0 and i in objects:
            factor = found.factor * register.counters[objects[i].replace(" ", "_")]
            found = found._replace(factor=factor, why=f"{found.why}, object of {objects[i]}")
        number = bisect_right(starts, start) - 1
        hits.append(_Hit(found, number, bisect_left(clauses.breaks, start), clauses.sides(start)))
    damping = 1.0 if "length" in without else min(1.0, LENGTH / max(len(starts), 1))
    return _Sentence(hits, starts, clauses, damping)


def _counts(token: str) -> bool:
    """Whether a token is a word whose place counts; an article is part of what it stands before."""
    return token.lower() not in _ARTICLES and any(map(str.isalnum, token))


def hide_titles(text: str, names: Iterable[tuple[int, int]], sign: str) -> str:
    """The text with titles hidden behind a sign, at the same length.

    They are the titles and connectives of the register, and offices, bodies and documents known by their
    capitals ("Office on Drugs and Crime", "Peacekeeping Force"), but no name.
    """
    by_capitals = _TITLE.finditer(mask(text, names, "x"))
    listed = read_register().titles.finditer(text)
    return mask(text, (match.span() for matches in (listed, by_capitals) for match in matches), sign)


def mask(text: str, names: Iterable[tuple[int, int]], sign: str) -> str:
    """The text with each name as one word of this sign, of the same length."""
    parts, last = [], 0
    for start, end in sorted(names):
        start = max(start, last)
        parts += [text[last:start], sign * (end - start)]
        last = max(last, end)
    return "".join([*parts, text[last:]])


def _objects(tokens: list[str], counters: dict[str, float]) -> dict[int, str]:
    """The numbers of the tokens that may be the object of a verb like "mitigate", each with its verb."""
    found: dict[int, str] = {}
    for i, token in enumerate(tokens):
        verb = vader.strip(token).lower()
        if verb in counters and token[-1] not in ",;:.":
            for k in range(i + 1, min(i + 1 + REACH, len(tokens))):
                found.setdefault(k, verb.replace("_", " "))
                if tokens[k][-1] in ",;:.":
                    break
    return found


@lru_cache(maxsize=2)
def read_register(is_used: bool = True) -> Register:
    """The register and the lexicon; with `is_used` false its titles and verbs, but none of its tones."""
    ratings = dict(vader.lexicon())
    phrases: dict[str, list[str]] = {"tone": [], "title": [], "counters": []}
    counters: dict[str, float] = {}
    with (data_folder() / "register.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            words = row["words"].split("; ")
            phrases[row["kind"]] += words
            if row["kind"] == "counters":
                counters |= dict.fromkeys((word.replace(" ", "_") for word in words), float(row["value"]))
            elif row["kind"] == "tone" and is_used:
                ratings |= {word.replace(" ", "_"): float(row["value"]) for word in words}
    ratings = {word: value for word, value in ratings.items() if value}
    several = [w for kind in ("tone", "counters") for w in phrases[kind] if " " in w]
    return Register(
        ratings,
        _any_case(several),
        _any_case(phrases["title"]),
        counters,
        vader.Reader(ratings),
    )


def _any_case(phrases: list[str]) -> re.Pattern[str]:
    return re.compile(phrase_pattern(phrases).pattern, re.IGNORECASE)
