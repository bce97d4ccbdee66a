"""Names inside other names: the phrases of `not_actors` that have braces, such as "{demonym} poet".

In lower case the braces hold the alias itself, which is no actor in such a phrase: {demonym}, {metonym}
or {state} (any alias of a state). With a capital they hold what makes the alias beside them something else:
{Name} (a word with a capital that does not begin its sentence), {Person} (a word that may be a given name)
or {State} (any alias of a state): "{Person} Washington", "Security Council of {State}".
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from .matching import START, fold, literal, one_of

PLACEHOLDER = re.compile(r"\{(demonym|metonym|state|Name|Person|State)\}")

_NAME = r"(?:[\w,;)]\s+[A-Z][\w’'-]*|\b(?:Mrs?|Ms|Dr|Gov|Rep|Sen)\.)"
_TITLE = re.compile(r"\b(?:Miss|Mrs?\.?|Ms\.?) \Z")
_PERSON_BEFORE = re.compile(r"(?<!\S)[“\"(]?([A-Z][a-z][\w-]*)(?: [A-Z]\.)?[ \u00a0]\Z")
# With a capital, and no given name: what begins a sentence, titles, looks of a town, times, continents.
_NO_PERSON = frozenset(
    """
    A About Across Africa After Again Against All Allied Along Also Although Am Ambassador America Among An
    Ancient And Another Any April Are Around As Asia At August Autumn Away Ayatollah Back Because Before
    Behind Below Beneath Beside Besides Between Beyond Both But By Can Captain Central Chairman Chancellor
    Chief Colonel Colonial Commander Communist Communists Comrade Congressman Contemporary Could Critics
    December Despite Did Director Do Doctor Does Downtown Dr During Each East Eastern Either Elsewhere
    Emperor Enter Envoy Europe Even Ever Every Excellency Except Father February Federal Few First For Forget
    Former Free Friday From Further General Given Governor Grand Greater Had Has Have He Hence Her Here
    Hereafter His Hojatoleslam How However If Imam Imperial In Indeed Independent Inner Inside Instead Into
    Is It Its January Judge July June Just Justice King Lady Land Last Late Later Leader Leave Less Let
    Lieutenant Like Lord Maj Major Many March Marshal May Maybe Medieval Meet Metropolitan Might Minister
    Miss Modern Monday More Most Mr Mrs Ms Much Must My Nazi Near Neither Never Next No Nor North Northeast
    Northern Northwest Not November Now Occupied October Of Off Officer Official Often Old On Once One Only
    Or Our Out Outside Over Past Per Perhaps Premier President Presidents Prime Prince Prof Professor Queen
    Rather Red Remember Rep Representative Royal Saint Same Saturday Says Sayyed Sayyid Secretary See Seen
    Sen Senator September Seyed Seyyed She Sheikh Sheriff Should Shri Since Sir So Some Sometimes Soon South
    Southeast Southern Southwest Speaker Spring State Still Suburban Such Summer Sunday Supreme Tell Than
    That The Their Them Then There Therefore These They This Those Though Thursday Thus Till To Today
    Together Tomorrow Tonight Too Toward Towards Tsarist Tuesday Two Under Unless Unlike Until Up Upon Versus
    Very Via Victorian Visit Wartime Was We Wednesday Well Were West Western What Whatever When Whenever
    Where Whereas Wherever Whether Which While Who Whose Why Will Winter With Within Without Would Yes
    Yesterday Yet You Your
    """.split()
)
_OTHER_FORM = re.compile(r".*(?:ly|ing|ed|ovich|evich|[’']s)\Z")  # "Seeing", "Clearly", "Anatolyevich"
# After a language no noun follows: "written in Russian at first", but "spoke in Russian schools".
_NO_NOUN = re.compile(
    r"\W*\Z|\s*[^\w\s-]|\s+(?:after|although|and|as|at|because|before|but|by|during|for|from|in|into|is|nor|of|on|or|"
    r"rather|since|than|that|through|to|today|under|until|was|when|where|which|while|with|without|yesterday|\w+ly)\b"
)
_JOINED = re.compile(r"(?:,\s*|\s)(?:(?:and|or)\s)?\Z")


class Match(NamedTuple):
    """An alias where it stands, whatever it means there."""

    start: int
    end: int
    alias: str
    actor: str  # "" for an exclusion, and where the alias is out of its time
    kind: str
    unless: str
    unless_near: str
    type: str


class Exclusions(NamedTuple):
    left: dict[tuple[str, bool], re.Pattern[str]]  # by kind and whether it is a state: what stands left
    right: dict[tuple[str, bool], re.Pattern[str]]  # and right of an alias that is no actor there
    beside: dict[str, list["Beside"]]  # by alias
    own: dict[str, set[str]]  # by actor: the words of its names, such as a leader's given names


class Beside(NamedTuple):
    """What makes the alias beside it something else."""

    placeholder: str
    is_left: bool
    between: str  # folded
    pattern: re.Pattern[str]  # of a {Name}


def read_exclusions(phrases: Iterable[str], aliases: Iterable[tuple[str, str]]) -> Exclusions:
    """The phrases with braces, sorted by the aliases they are about. A phrase about no alias says nothing.

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
        elif before:
            ends = [i for i in range(len(before) + 1) if fold(before[:i]) in known]
            if ends:
                between = fold(before[max(ends) :])
                words = [literal(between), ""] if between else [""]
                pattern = re.compile(r"\s+" + r"\s+".join(words) + r"(?:[Tt]he\s+)?[A-Z]")
                beside[known[fold(before[: max(ends)])]].append(Beside(name, False, between, pattern))
        else:
            starts = [i for i in range(len(after)) if fold(after[i:]) in known]
            if starts:
                between = fold(after[: min(starts)])
                pattern = re.compile(rf"{_NAME}{literal(between)}\s+\Z")
                beside[known[fold(after[min(starts) :])]].append(Beside(name, True, between, pattern))
    lefts, rights = {}, {}
    for kind in ("name", "demonym", "metonym"):
        for is_state in (True, False):
            names = [kind, "state"] if is_state else [kind]
            if first := [phrase for name in names for phrase in left[name]]:
                # At the beginning of a sentence "spoke in {demonym}" has a capital.
                either = [f"[{p[0].upper()}{p[0]}]{literal(p[1:])}" for p in first]
                lefts[kind, is_state] = re.compile(rf"{START}(?:{'|'.join(either)})\Z")
            if last := [phrase for name in names for phrase in right[name]]:
                rights[kind, is_state] = re.compile(one_of(last))
    return Exclusions(lefts, rights, dict(beside), dict(own))


def actors_only(text: str, found: list[Match], exclusions: Exclusions) -> list[Match]:
    """The matches that name an actor: the others are part of another name."""
    left, right, beside, _ = exclusions
    kept = []
    language = -9  # where the last name of a language ends
    for i, match in enumerate(found):
        start, end, alias, actor, kind, *_, of_type = match
        if not actor:
            continue
        key = kind, of_type == "state"
        if key in right and right[key].match(text, end):
            continue
        is_after = key in left and left[key].search(text, max(start - 40, 0), start)
        if kind == "demonym":
            is_next = 0 <= start - language < 8 and _JOINED.match(text[language:start])
            is_after = (is_after or is_next) and _NO_NOUN.match(text, end)
            language = end if is_after else -9
        if not is_after and not (alias in beside and _is_beside(text, found, i, exclusions)):
            kept.append(match)
    return kept


def _is_beside(text: str, found: list[Match], i: int, exclusions: Exclusions) -> bool:
    return any(_is_this_beside(text, found, i, way, exclusions) for way in exclusions.beside[found[i].alias])


def _is_this_beside(text: str, found: list[Match], i: int, way: Beside, exclusions: Exclusions) -> bool:
    start, end = found[i].start, found[i].end
    if way.placeholder == "State":
        return _is_beside_state(text, found, i, way)
    if text[start:end].isupper():  # where all is in capitals they say nothing
        return False
    if way.placeholder == "Person":
        return _is_after_person(text, found, i, exclusions.own[found[i].actor])
    if way.is_left:
        return bool(way.pattern.search(text, max(start - 60, 0), start))
    return bool(way.pattern.match(text, end))


def _is_beside_state(text: str, found: list[Match], i: int, way: Beside) -> bool:
    j = i - 1 if way.is_left else i + 1
    if not 0 <= j < len(found) or found[j].type != "state":
        return False
    between = text[found[j].end : found[i].start] if way.is_left else text[found[i].end : found[j].start]
    return 0 < len(between) < 20 and fold(between) == way.between


def _is_after_person(text: str, found: list[Match], i: int, own: set[str]) -> bool:
    start = found[i].start
    if found[i].type != "leader" and _TITLE.search(text, max(start - 8, 0), start):
        return True
    person = _PERSON_BEFORE.search(text, max(start - 40, 0), start)
    if not person or person[1] in _NO_PERSON or person[1] in own or _OTHER_FORM.match(person[1]):
        return False
    return not (i and found[i - 1].actor and found[i - 1].end > person.start(1))
