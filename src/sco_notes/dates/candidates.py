"""From text to candidates: what fits a rule of rules.toml, with the words that belong to it, and ranges.

What an expression means is not asked here; `interpretation` says it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from .rules import WINDOW, Rule, read_rules

_TAKES_MODIFIER = frozenset({"calendar", "decade", "century", "relative", "year", "fiscal"})
_TAKES_THE = frozenset({"decade", "century", "relative", "duration", "offset", "fiscal", "week", "turn"})
_NEEDS_THE = re.compile(
    r"[0-9]+(?:st|nd|rd|th)|[a-z-]+\s(?:day\s)?of\s[a-z]|[a-z0-9]+\s(?:half|quarter)|years?\s|calendar"
    r"|spring|summer|autumn|fall|winter"
)
# Groups that hold a name, which a capital tells from a common word.
_NAMES = frozenset(
    "month full_month full_month_two weekday holiday span often units season FUTURE_REF".split()
)
_TAKES_DEGREE = frozenset({"duration", "offset"})
# Digits tied to what stands before them are no year ("A/54/2000", "$2000", "555 1990"), but for the second
# end of a range and a hyphen after a word ("post-1991").
_TIED = re.compile(r"[\w/.,$€£#§№]\Z|[0-9]:\Z|(?<![a-z]{3})[-–—]\s?\Z|[0-9]\s\Z")
_YEAR_BEFORE = re.compile(r"(?<![0-9,.])[12][0-9]{3}\s?[-–—]\s?\Z")
_TO = re.compile(r"\s?[-–—]\s?|\s(?:to|until|till|through)\s(?:the\s)?")
_AND = re.compile(r"\s(?:and|or)\s")
_BETWEEN = re.compile(r"(?<!\w)between\s\Z")


@dataclass
class Candidate:
    """An expression as a rule found it: its place, what its groups hold, and how it goes on."""

    start: int
    end: int
    rule: Rule
    groups: dict[str, str]
    mod: str = ""
    daytime: str = ""
    to_next: bool = field(default=False)  # the first end of a range


def find_candidates(text: str, small: str) -> list[Candidate]:
    """The expressions of a text in order; `small` is the text in small letters, of the same length."""
    return _pair_up(list(_scan(text, small)), small)


def _scan(text: str, small: str) -> Iterator[Candidate]:
    rules = read_rules()
    position, last_end = 0, 0
    while match := rules.scanner.search(small, position):
        start = match.start()
        for rule in rules.from_group[str(match.lastgroup)]:
            detail = rule.pattern.match(small, start) if _may_stand_here(rule, small, start) else None
            if detail and _is_time(rule, detail, text, small):
                break
        else:
            position = start + 1
            continue
        assert detail is not None
        end = detail.end()
        groups = {name: value for name, value in detail.groupdict().items() if value is not None}
        found = Candidate(start, end, rule, groups)
        _extend_left(found, small, last_end)
        yield from _ends(found, detail)
        position = last_end = end


def _extend_left(found: Candidate, small: str, last_end: int) -> None:
    """Takes in what belongs to an expression and stands before it: a weekday, "the", "the end of", "over"."""
    context, kind = read_rules().context, found.rule.kind

    def before(name: str) -> re.Match[str] | None:
        return context[name].search(small, max(found.start - WINDOW, last_end), found.start)

    if kind == "calendar" and {"day", "day_no"} & found.groups.keys() and (weekday := before("weekday")):
        found.start = weekday.start()
    if _takes_the(found, small) and (the := before("the")):
        found.start, found.groups["the"] = the.start(), "the"
    if kind in _TAKES_MODIFIER and (modifier := before("modifier")):
        found.start, found.mod = modifier.start(), str(modifier.lastgroup)
    the_inside = "the" in found.groups or small.startswith("the ", found.start)
    if kind in _TAKES_DEGREE and not the_inside and (degree := before("degree")):
        found.start = degree.start()
        if kind == "offset" and not degree.group().startswith(("just", "only")):
            found.mod = "APPROX"  # "over 30 years ago"
    if kind == "calendar" and (part := before("part_of_day")):
        found.start, found.daytime = part.start(), part["daytime"]


def _takes_the(found: Candidate, small: str) -> bool:
    """Whether "the" is part of the expression: "the 1990s", "the 4th of July", not "the July 2001 summit"."""
    words = small[found.start : found.end]
    if "day_word" in found.groups:
        return False
    if found.rule.kind in ("calendar", "year"):
        return bool(_NEEDS_THE.match(words))
    return found.rule.kind in _TAKES_THE and (found.rule.kind == "century" or "-" not in words)


def _may_stand_here(rule: Rule, small: str, start: int) -> bool:
    """Whether the word before an expression is one of those that the rule asks for."""
    if not rule.after_words:
        return True
    before = small[max(start - 20, 0) : start]
    if not before:
        return "^" in rule.after_words
    words = before[:-1].replace("-", " ").split()
    return before[-1] in " -\n" and bool(words) and words[-1].lstrip("(\"'“‘«[") in rule.after_words


def _is_time(rule: Rule, match: re.Match[str], text: str, small: str) -> bool:
    """Whether what stands around a match lets it be a time."""
    start = match.start()
    if rule.not_before and rule.not_before.search(small, max(start - WINDOW, 0), start):
        return False
    if rule.capital is not None:
        names = [i for name, i in match.re.groupindex.items() if name in _NAMES and match[i]]
        if any(text[match.start(i)].isupper() != rule.capital for i in names):
            return False
    return rule.kind != "year" or _is_year(match, text, small)


def _is_year(match: re.Match[str], text: str, small: str) -> bool:
    """Whether four digits are a year and not a number: 1000 and more needs a word that says "when", and so
    does every hundred ("2000 soldiers"); what is numbered or counted is no year."""
    context = read_rules().context
    number, year = match.start("year"), int(match["year"])
    left = max(number - 2 * WINDOW, 0)
    before, after = small[left:number], small[match.end() : match.end() + 30]
    if _TIED.search(before) and not _YEAR_BEFORE.search(before):
        return False
    if context["counted"].match(after):
        return False
    if before.endswith(("(", "[")) or "year" in match.group():
        return True
    if context["numbered"].search(before):
        return False
    is_round = year % 100 == 0
    if is_round and (context["how_many"].search(before) or re.match(r"\s[a-z]+s\b", after)):
        return False
    if year >= 1600 and not is_round:
        return True
    around = text[max(number - 1, 0) : number] + text[match.end() : match.end() + 1]
    alone = not around.strip("\n")  # a heading
    return alone or bool(context["when"].search(before)) or (year >= 1900 and before.endswith("the "))


def _ends(found: Candidate, match: re.Match[str]) -> Iterator[Candidate]:
    """The expression, or the two ends of one that shares its month or year ("July 3-4, 2024")."""
    groups = found.groups
    if "sep" not in groups:
        yield found
        return
    first, second = dict(groups), dict(groups)
    for name in ("day", "full_month", "ordinal", "year", "number"):
        if name + "_two" in groups:
            second[name] = groups[name + "_two"]
    if len(second.get("year", "")) == 2:  # "1957-60"
        second["year"] = first["year"][:2] + second["year"]
    is_range = not _AND.fullmatch(groups["sep"]) and groups["sep"] != ", "
    yield Candidate(found.start, match.start("sep"), found.rule, first, found.mod, "", is_range)
    yield Candidate(match.end("sep"), found.end, found.rule, second)


def _pair_up(found: list[Candidate], small: str) -> list[Candidate]:
    """Marks ranges ("from May 2001 to June 2002") and completes the first end from the second."""
    for one, two in pairwise(found):
        gap = small[one.end : two.start]
        if len(gap) > 12 or not (_is_calendar(one) and _is_calendar(two)):
            continue
        before = small[max(one.start - 10, 0) : one.start]
        is_and = bool(_AND.fullmatch(gap))
        if _TO.fullmatch(gap) or (is_and and _BETWEEN.search(before)):
            one.to_next = not (one.daytime or two.daytime)
        without_year = fields(one) & {"month", "season"} and not {"year", "number"} & one.groups.keys()
        if (is_and or one.to_next) and without_year:
            one.groups |= {key: two.groups[key] for key in ("year", "number", "era") if key in two.groups}
    return found


def _is_calendar(found: Candidate) -> bool:
    return found.rule.kind in ("calendar", "year", "decade", "century")


def fields(found: Candidate) -> set[str]:
    return {name.removeprefix("full_").removesuffix("_no") for name in found.groups}
