"""Names inside other names: applies the phrases of `not_actors` that have braces, such as "{demonym} poet".

In lower case the braces hold the alias itself, which is no actor in such a phrase: {demonym}, {metonym}
or {state} (any alias of a state). With a capital they hold what makes the alias beside them something else:
{Name} (a word with a capital that does not begin its sentence), {Person} (a word that may be a given name)
or {State} (any alias of a state): "{Person} Washington", "Security Council of {State}". The words that tell a
given name and a language stand in exclusions.toml.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from .matching import START, Match, fold, literal, one_of, read_patterns

_PATTERNS = read_patterns(Path(__file__).with_name("exclusions.toml"))
PLACEHOLDER = re.compile(r"\{(demonym|metonym|state|Name|Person|State)\}")
MAX_LANGUAGE_GAP = 8  # characters between two languages that are named together
MAX_LEFT = 40  # characters that are looked at before an alias

_NAME = r"(?:[\w,;)]\s+[A-Z][\w’'-]*|\b(?:Mrs?|Ms|Dr|Gov|Rep|Sen)\.)"
_PERSON_BEFORE = re.compile(r"(?<!\S)[“\"(]?([A-Z][a-z][\w-]*)(?: [A-Z]\.)?[ \u00a0]\Z")
_JOINED = re.compile(r"(?:,\s*|\s)(?:(?:and|or)\s)?\Z")


class Beside(NamedTuple):
    """What makes the alias beside it something else."""

    placeholder: str
    is_left: bool
    between: str  # the words between it and the alias
    pattern: re.Pattern[str]  # of a {Name} with these words


class Exclusions(NamedTuple):
    left: dict[str, re.Pattern[str]]  # by kind, or "state": what stands left
    right: dict[str, re.Pattern[str]]  # and right of an alias that is no actor there
    beside: dict[str, list[Beside]]  # by alias
    own: dict[str, set[str]]  # by actor: the words of its names, such as a leader's given names


def read_exclusions(phrases: Iterable[str], aliases: Iterable[tuple[str, str]]) -> Exclusions:
    """Sort the phrases with braces by the aliases they are about. A phrase about no alias says nothing.

    `aliases` are pairs of alias and actor.
    """
    own: dict[str, set[str]] = defaultdict(set)
    for alias, actor in aliases:
        own[actor] |= set(fold(alias).split())
    known = {fold(alias): alias for alias, _ in aliases}
    left: dict[str, list[str]] = defaultdict(list)
    right: dict[str, list[str]] = defaultdict(list)
    beside: dict[str, list[Beside]] = defaultdict(list)
    for phrase in phrases:
        before, name, after = PLACEHOLDER.split(phrase, maxsplit=1)
        if name.islower():
            (left if before else right)[name].append(before or after)
        elif found := _longest_alias(fold(before or after).split(" "), bool(before), known):
            alias, between = found
            words = rf"{literal(between)}\s+" if between or not before else ""
            pattern = rf"\s+{words}(?:[Tt]he\s+)?[A-Z]" if before else rf"{_NAME}{words}\Z"
            beside[alias].append(Beside(name, not before, between, re.compile(pattern)))
    # At the beginning of a sentence "spoke in {demonym}" has a capital.
    capital = {name: [f"[{p[0].upper()}{p[0]}]{literal(p[1:])}" for p in ps] for name, ps in left.items()}
    befores = {name: re.compile(rf"{START}(?:{'|'.join(either)})\Z") for name, either in capital.items()}
    afters = {name: re.compile(one_of(ends)) for name, ends in right.items()}
    return Exclusions(befores, afters, beside, own)


def _longest_alias(words: list[str], at_start: bool, known: dict[str, str]) -> tuple[str, str] | None:
    """The longest alias with which the words begin (or end), and the other words."""
    for n in range(len(words), 0, -1):
        alias, rest = (words[:n], words[n:]) if at_start else (words[-n:], words[:-n])
        if " ".join(alias) in known:
            return known[" ".join(alias)], " ".join(rest)
    return None


def actors_only(text: str, found: list[Match], exclusions: Exclusions) -> list[Match]:
    """Return the matches that name an actor; the others are part of another name."""
    left, right, beside, own = exclusions
    kept = []
    language_end = -MAX_LANGUAGE_GAP  # of the last name of a language
    for i, match in enumerate(found):
        start, end, alias, *_ = match
        kinds = (alias.kind, alias.type)
        if not alias.actor or any(key in right and right[key].match(text, end) for key in kinds):
            continue
        begin = max(start - MAX_LEFT, 0)
        is_after = any(key in left and left[key].search(text, begin, start) for key in kinds)
        if alias.kind == "demonym":
            is_near = 0 <= start - language_end < MAX_LANGUAGE_GAP
            is_next = is_near and _JOINED.match(text[language_end:start])
            follows = _PATTERNS["after_language"].match(text, end)
            is_after = bool((is_after or is_next) and follows)
            language_end = end if is_after else -MAX_LANGUAGE_GAP
        ways = beside.get(alias.text, ())
        if not (is_after or any(_is_beside(text, found, i, way, own) for way in ways)):
            kept.append(match)
    return kept


def _is_beside(text: str, found: list[Match], i: int, way: Beside, own: dict[str, set[str]]) -> bool:
    """Whether a match stands beside what makes it something else."""
    start, end = found[i].start, found[i].end
    if way.placeholder == "State":
        pair = found[max(i - way.is_left, 0) : i - way.is_left + 2]
        between = text[pair[0].end : pair[-1].start]
        is_state = len(pair) == 2 and pair[not way.is_left].alias.type == "state"
        return is_state and 0 < len(between) < 20 and fold(between) == way.between
    if text[start:end].isupper():  # where all is in capitals they say nothing
        return False
    if way.placeholder == "Person":
        return _is_after_person(text, found, i, own[found[i].alias.actor])
    pattern = way.pattern
    return bool(pattern.search(text, max(start - 60, 0), start) if way.is_left else pattern.match(text, end))


def _is_after_person(text: str, found: list[Match], i: int, own: set[str]) -> bool:
    start = found[i].start
    if found[i].alias.type != "leader" and _PATTERNS["title"].search(text, max(start - 8, 0), start):
        return True
    person = _PERSON_BEFORE.search(text, max(start - MAX_LEFT, 0), start)
    if not person or person[1] in own or _PATTERNS["no_given_name"].match(person[1]):
        return False
    return not (i and found[i - 1].alias.actor and found[i - 1].end > person.start(1))
