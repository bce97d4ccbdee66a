"""Find what fits a rule of rules.toml, with the words that belong to it, and mark ranges.

What an expression means is not asked here; `interpretation` says it.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

SPACE = r"(?:[^\S\n]{1,2}\n?|\n)"  # a blank of a pattern: never over the end of a paragraph
MAX_BEFORE = 40  # how many characters before an expression are looked at
MAX_GAP = 12  # characters between the two ends of a range
_GROUP = re.compile(r"\(\?P<(?!dot>)\w+>")  # all but the one that its own pattern refers to
_PIECE = re.compile(r"\{(-?)([A-Za-z_]+?)(_two)?\}")
_NAMES = frozenset({"month", "weekday", "holiday", "span", "often", "units", "season", "FUTURE_REF"})


class Rule(NamedTuple):
    kind: str
    starts: frozenset[str]
    pattern: re.Pattern[str]
    after_words: frozenset[str]
    not_before: re.Pattern[str] | None
    capital: bool | None  # a proper name (true), no proper name (false), either


class Rules(NamedTuple):
    scanner: re.Pattern[str]
    from_group: dict[str, list[Rule]]  # the rule that a group of the scanner names, and those after it
    context: dict[str, re.Pattern[str]]
    takes: dict[str, frozenset[str]]


@dataclass
class Candidate:
    """An expression as a rule found it: its place, what its groups hold, and how it goes on."""

    start: int
    end: int
    kind: str
    groups: dict[str, str]
    mod: str = ""
    daytime: str = ""
    to_next: bool = False  # the first end of a range


def find_candidates(text: str, small: str) -> list[Candidate]:
    """Find the expressions of a text, in order; `small` is the text in small letters, of the same length."""
    found = list(_scan(text, small))
    for one, two in pairwise(found):
        _join(one, two, small)
    return found


def _scan(text: str, small: str) -> Iterator[Candidate]:
    rules = read_rules()
    position, last_end = 0, 0
    while match := rules.scanner.search(small, position):
        start = match.start()
        for rule in rules.from_group[str(match.lastgroup)]:
            detail = rule.pattern.match(small, start) if _may_be_here(rule, small, start) else None
            if detail and _is_time(rule, detail, text, small):
                found = Candidate(start, detail.end(), rule.kind, _groups_of(detail))
                _extend_left(found, small, last_end)
                yield from _ends(found, detail)
                position = last_end = detail.end()
                break
        else:
            position = start + 1


def _may_be_here(rule: Rule, small: str, start: int) -> bool:
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
    if rule.not_before and rule.not_before.search(small, max(start - MAX_BEFORE, 0), start):
        return False
    if rule.capital is not None:
        for name, words in match.groupdict().items():
            is_name = words and name.removeprefix("full_").removesuffix("_two") in _NAMES
            if is_name and text[match.start(name)].isupper() != rule.capital:
                return False
    return rule.kind != "year" or _is_year(match, text, small)


def _is_year(match: re.Match[str], text: str, small: str) -> bool:
    """Whether four digits are a year and not a number: 1000 and more needs a word that says "when", and so
    does every hundred ("2000 soldiers"); what is numbered or counted is no year."""
    context = read_rules().context
    number, year = match.start("year"), int(match["year"])
    before, after = small[max(number - 2 * MAX_BEFORE, 0) : number], small[match.end() : match.end() + 30]
    is_tied = context["tied"].search(before) and not context["range_from"].search(before)
    if is_tied or context["counted"].match(after):
        return False
    if before.endswith(("(", "[")) or "year" in match.group():
        return True
    is_round = year % 100 == 0
    is_amount = is_round and (context["how_many"].search(before) or re.match(r"\s[a-z]+s\b", after))
    if (is_round or year < 1600) and context["weak_when"].search(before):
        is_amount = is_amount or context["things"].match(after)
    if is_amount or context["numbered"].search(before):
        return False
    if year >= 1600 and not is_round:
        return True
    around = text[max(number - 1, 0) : number] + text[match.end() : match.end() + 1]
    is_heading = not around.strip("\n")
    return is_heading or bool(context["when"].search(before)) or (year >= 1900 and before.endswith("the "))


def _groups_of(match: re.Match[str]) -> dict[str, str]:
    """The groups by what they hold: {full_month} and {month_no} are a month, and so is {month_two}, unless it
    stands behind a `sep`, for the second of two dates."""
    groups = {name: words for name, words in match.groupdict().items() if words is not None}
    found: dict[str, str] = {}
    for name, words in groups.items():
        name = name.removeprefix("full_").removesuffix("_no")
        if "sep" not in groups and name != "n_two":
            name = name.removesuffix("_two")
        found.setdefault(name, words)
    return found


def _extend_left(found: Candidate, small: str, last_end: int) -> None:
    """Takes in what belongs to an expression and stands before it: a weekday, "the", "the end of", "over"."""
    rules, kind = read_rules(), found.kind

    def before(name: str) -> re.Match[str] | None:
        return rules.context[name].search(small, max(found.start - MAX_BEFORE, last_end), found.start)

    if kind == "calendar" and "day" in found.groups and (weekday := before("weekday")):
        found.start = weekday.start()
    if _takes_the(found, small) and (the := before("the")):
        found.start, found.groups["the"] = the.start(), "the"
    if kind in rules.takes["modifier"] and (modifier := before("modifier")):
        found.start, found.mod = modifier.start(), str(modifier.lastgroup)
    has_the = "the" in found.groups or small.startswith(("the ", "recent "), found.start)
    if kind in rules.takes["degree"] and not has_the and (degree := before("degree")):
        found.start = degree.start()
        if kind == "offset" and not degree.group().startswith(("just", "only")):
            found.mod = "APPROX"  # "over 30 years ago"
    if kind == "calendar" and (part := before("part_of_day")):
        found.start, found.daytime = part.start(), part["daytime"]


def _takes_the(found: Candidate, small: str) -> bool:
    """Whether "the" is part of the expression: "the 1990s", "the 4th of July", not "the July 2001 summit"."""
    if found.kind in ("calendar", "year"):
        return bool(read_rules().context["needs_the"].match(small, found.start, found.end))
    is_compound = "-" in small[found.start : found.end] and found.kind not in ("century", "period")
    return not is_compound and found.kind in read_rules().takes["the"] and "day_word" not in found.groups


def _ends(found: Candidate, match: re.Match[str]) -> Iterator[Candidate]:
    """The expression, or the two ends of one that shares its month or year ("July 3-4, 2024")."""
    first = found.groups
    if "sep" not in first:
        yield found
        return
    second = first | {name.removesuffix("_two"): words for name, words in first.items() if "_two" in name}
    if len(second.get("year", "")) == 2:  # "1957-60"
        second["year"] = first["year"][:2] + second["year"]
    is_range = not read_rules().context["and"].fullmatch(first["sep"]) and first["sep"] != ", "
    yield Candidate(found.start, match.start("sep"), found.kind, first, found.mod, to_next=is_range)
    yield Candidate(match.end("sep"), found.end, found.kind, second)


def _join(one: Candidate, two: Candidate, small: str) -> None:
    """Marks a range ("from May 2001 to June 2002") and completes its first end from the second."""
    context, gap = read_rules().context, small[one.end : two.start]
    calendar = ("calendar", "year", "decade", "century")
    if len(gap) > MAX_GAP or one.kind not in calendar or two.kind not in calendar:
        return
    is_and = bool(context["and"].fullmatch(gap))
    is_between = context["between"].search(small, max(one.start - 10, 0), one.start)
    if context["to"].fullmatch(gap) or (is_and and is_between):
        one.to_next = not (one.daytime or two.daytime)
    has_year = {"year", "number", "which"} & one.groups.keys()
    if (is_and or one.to_next) and {"month", "season"} & one.groups.keys() and not has_year:
        year = {"year", "number", "era", "which"}
        one.groups |= {name: words for name, words in two.groups.items() if name in year}


@cache
def read_rules() -> Rules:
    """Return the pattern that finds any of the rules, the rules in their order, and what is around them."""
    table = tomllib.loads((Path(__file__).parent / "rules.toml").read_text(encoding="utf-8"))
    pieces = table["pieces"]
    rules = [
        Rule(
            kind=rule["kind"],
            starts=frozenset(rule["starts"].split()),
            pattern=re.compile(rf"(?:{_full(rule['pattern'], pieces)})(?!\w)"),  # no end inside a word
            after_words=frozenset(rule.get("after_words", "").split()),
            not_before=re.compile(_full(rule["not_before"], pieces)) if "not_before" in rule else None,
            capital=rule.get("capital"),
        )
        for rule in table["rule"]
    ]
    from_group: dict[str, list[Rule]] = {}
    branches = []
    for start, beginning in table["starts"].items():
        # Groups inside would slow the scanner down: it says by the name of its group which rule fits, and the
        # rule's own pattern says the rest.
        fitting = [rule for rule in rules if start in rule.starts]
        from_group |= {f"{start}_{i}": fitting[i:] for i in range(len(fitting))}
        bare = (_GROUP.sub("(?:", rule.pattern.pattern) for rule in fitting)
        named = "|".join(f"(?P<{start}_{i}>{pattern})" for i, pattern in enumerate(bare))
        branches.append(f"(?={_full(beginning, pieces)})(?:{named})")
    return Rules(
        re.compile(rf"(?<!\w)(?:{'|'.join(branches)})"),
        from_group,
        {name: re.compile(_full(pattern, pieces)) for name, pattern in table["context"].items()},
        {words: frozenset(kinds.split()) for words, kinds in table["takes"].items()},
    )


def _full(pattern: str, pieces: dict[str, str]) -> str:
    """A pattern with its pieces put in, and its blanks as SPACE (in a class like [ -] as any white space).

    >>> _full("{n}-{-n}{n_two}", {"n": "1|2"})
    '(?P<n>1|2)-(?:1|2)(?P<n_two>1|2)'
    """

    def put(match: re.Match[str]) -> str:
        is_hidden, name, again = match.groups()
        inner = _PIECE.sub(put, pieces[name])
        return f"(?:{inner})" if is_hidden else f"(?P<{name}{again or ''}>{inner})"

    def space(match: re.Match[str]) -> str:
        return SPACE if match.group() == " " else match.group().replace(" ", r"\s")

    return re.sub(r"\[[^]]*\]| ", space, _PIECE.sub(put, pattern))
