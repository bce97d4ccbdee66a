"""Time expressions in English prose: found by a table of rules, read as TIMEX3 and EDTF values with bounds.

In three steps: `_scan` finds what fits a rule of rules.toml; `_pair_up` marks ranges and hands a year
that stands once to both of their ends; `_resolve` reads one expression after the other, in the light of the
document date and of the last date before it. Nothing is guessed by pandas or dateutil, and no date of today
is ever used.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import pandas as pd

from ..errors import SCONotesError
from .context import Context
from .edtf import decimal_year, edtf_bounds, iso_day
from .readings import Reading, read_expression
from .rules import WINDOW, Rule, read_rules
from .units import Span, from_edtf, modified
from .words import year_in

__all__ = ["DATE_COLUMNS", "decimal_year", "edtf_bounds", "find_dates"]

DATE_COLUMNS = [
    "start",
    "end",
    "text",
    "type",
    "value",
    "edtf",
    "earliest",
    "latest",
    "precision",
    "mod",
    "resolved_from",
    "basis",
]

_TAKES_MODIFIER = frozenset({"calendar", "decade", "century", "relative", "year", "fiscal"})
_TAKES_THE = frozenset({"decade", "century", "relative", "duration", "offset", "fiscal", "week", "turn"})
_NEEDS_THE = re.compile(
    r"[0-9]+(?:st|nd|rd|th)|[a-z-]+\s(?:day\s)?of\s[a-z]|[a-z0-9]+\s(?:half|quarter)|years?\s|calendar"
    r"|spring|summer|autumn|fall|winter"
)
_NAMES = frozenset(
    {
        "month",
        "full_month",
        "full_month_two",
        "weekday",
        "holiday",
        "span",
        "often",
        "units",
        "season",
        "FUTURE_REF",
    }
)
_TAKES_DEGREE = frozenset({"duration", "offset"})
# Digits tied to what stands before them are no year ("A/54/2000", "$2000", "555 1990"), but for the second
# end of a range and a hyphen after a word ("post-1991").
_TIED = re.compile(r"[\w/.,$€£#§№]\Z|[0-9]:\Z|(?<![a-z]{3})[-–—]\s?\Z|[0-9]\s\Z")
_YEAR_BEFORE = re.compile(r"(?<![0-9,.])[12][0-9]{3}\s?[-–—]\s?\Z")
_TO = re.compile(r"\s?[-–—]\s?|\s(?:to|until|till|through)\s(?:the\s)?")
_AND = re.compile(r"\s(?:and|or)\s")
_FROM = re.compile(r"(?<!\w)(?:[Ff]rom|[Bb]etween)\s\Z")
_BETWEEN = re.compile(r"(?<!\w)between\s\Z")


@dataclass
class _Found:
    """An expression as a rule found it: its place, what its groups hold, and how it goes on."""

    start: int
    end: int
    rule: Rule
    groups: dict[str, str]
    mod: str = ""
    daytime: str = ""
    to_next: bool = field(default=False)  # the first end of a range


def find_dates(
    text_or_documents: str | pd.DataFrame, reference: str | None = None, ranges: bool = True
) -> pd.DataFrame:
    """The time expressions of a text, or of every text of a documents frame.

    `reference` is the date (EDTF) against which "last week" is read; of documents the column `date` is.
    Columns out: doc_id (for documents), start, end, text, type (DATE, TIME, DURATION, SET), value (TIMEX3;
    an interval as A/B), edtf, earliest, latest (ISO days; BC as astronomers count), precision, mod (START,
    MID, END, APPROX or ""), resolved_from, basis.
    basis is what a date rests on: "explicit" where the text says it all; otherwise "document date" or
    "context" (a date that the text named before), and resolved_from is that date. What cannot be placed in
    the calendar has edtf, earliest, latest and basis "".

    "In June" takes its year from the document date (the last June, or the next where the sentence speaks of
    the future); in a narrative, a text most of whose full dates lie more than a year from its own, and in a
    text without a date, from the date before. "That year" and "two days later" count from the date before.

    Conventions: of ten years "early" is the first four, "mid" the next three, "late" the last three; of a
    year and of a month they are thirds. A century is the years of equal digits. Seasons are northern.
    `ranges=False` returns the two ends of a range as rows of their own, as TimeML annotates them.
    Raises SCONotesError for a reference that is no EDTF date, and for missing columns.

    What it does not do: dates named by their event ("since independence"), other calendars, other scripts.

    >>> find_dates("It met on July 3-4, 2024, as in the early 1990s.")[["text", "edtf", "earliest", "latest"]]
                  text                   edtf    earliest      latest
    0   July 3-4, 2024  2024-07-03/2024-07-04  2024-07-03  2024-07-04
    1  the early 1990s                   199X  1990-01-01  1993-12-31
    """
    if isinstance(text_or_documents, str):
        rows = _rows(text_or_documents, _reference(reference, "reference"), ranges)
        return pd.DataFrame(rows, columns=DATE_COLUMNS).astype({"start": "int64", "end": "int64"})
    documents = text_or_documents
    for column in ("doc_id", "text"):
        if column not in documents:
            raise SCONotesError(
                f"documents: no column {column!r}; found {', '.join(map(str, documents.columns))}"
            )
    if reference is not None:
        dates: list[str | None] = [reference] * len(documents)
    else:
        dates = list(documents["date"]) if "date" in documents else [None] * len(documents)
    found: list[tuple] = []
    for doc_id, text, date in zip(documents["doc_id"], documents["text"], dates, strict=True):
        if not isinstance(text, str):
            raise SCONotesError(f"documents, doc_id {doc_id!r}: the text is {text!r}; expected text")
        span = _reference(date, f"documents, doc_id {doc_id!r}")
        found += [(doc_id, *row) for row in _rows(text, span, ranges)]
    table = pd.DataFrame(found, columns=["doc_id", *DATE_COLUMNS]).astype({"start": "int64", "end": "int64"})
    return table.sort_values(["doc_id", "start"], kind="stable", ignore_index=True)


def _reference(date: object, where: str) -> Span | None:
    if not isinstance(date, str) or not date:
        return None
    try:
        return from_edtf(date)
    except SCONotesError as error:
        raise SCONotesError(f"{where}: {error}") from None


def _rows(text: str, reference: Span | None, ranges: bool) -> list[tuple]:
    # The one letter that grows when made small would shift all offsets behind it.
    small = text.replace("İ", "I").lower()
    found = _pair_up(list(_scan(text, small)), small)
    return list(_resolve(found, text, small, reference, ranges))


# ---- finding ----


def _scan(text: str, small: str) -> Iterator[_Found]:
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
        found = _Found(start, end, rule, groups)
        _extend_left(found, small, last_end)
        yield from _ends(found, detail)
        position = last_end = end


def _extend_left(found: _Found, small: str, last_end: int) -> None:
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


def _takes_the(found: _Found, small: str) -> bool:
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


def _ends(found: _Found, match: re.Match[str]) -> Iterator[_Found]:
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
    yield _Found(found.start, match.start("sep"), found.rule, first, found.mod, "", is_range)
    yield _Found(match.end("sep"), found.end, found.rule, second)


def _pair_up(found: list[_Found], small: str) -> list[_Found]:
    """Marks ranges ("from May 2001 to June 2002") and completes the first end from the second."""
    for one, two in pairwise(found):
        gap = small[one.end : two.start]
        if len(gap) > 12 or not (_is_calendar(one) and _is_calendar(two)):
            continue
        before = small[max(one.start - 10, 0) : one.start]
        is_and = bool(_AND.fullmatch(gap))
        if _TO.fullmatch(gap) or (is_and and _BETWEEN.search(before)):
            one.to_next = not (one.daytime or two.daytime)
        if (
            (is_and or one.to_next)
            and _fields(one) & {"month", "season"}
            and not {"year", "number"} & one.groups.keys()
        ):
            one.groups |= {key: two.groups[key] for key in ("year", "number", "era") if key in two.groups}
    return found


def _is_calendar(found: _Found) -> bool:
    return found.rule.kind in ("calendar", "year", "decade", "century")


def _fields(found: _Found) -> set[str]:
    return {name.removeprefix("full_").removesuffix("_no") for name in found.groups}


# ---- reading ----


def _resolve(
    found: list[_Found], text: str, small: str, reference: Span | None, ranges: bool
) -> Iterator[tuple]:
    context = Context(small, reference, _is_narrative(found, reference), _named_years(found))
    first: tuple[_Found, Reading] | None = None
    for one in found:
        reading = read_expression(one.rule.kind, one.groups, one.start, one.end, context, one.daytime)
        if reading is None:
            continue
        if reading.span is not None:
            context.remember(reading.span, one.end)
        if first is not None and reading.span is not None and _in_order(first[1], reading):
            yield _interval_row(_row(*first, text, reference), _row(one, reading, text, reference), text)
            first = None
            continue
        if first is not None:
            yield _row(*first, text, reference)
        first = (one, reading) if one.to_next and ranges and reading.span is not None else None
        if first is None:
            yield _row(one, reading, text, reference)
    if first is not None:
        yield _row(*first, text, reference)


def _named_years(found: list[_Found]) -> list[tuple[int, int]]:
    years = ((one.start, year_in(one.groups)) for one in found if one.rule.kind in ("calendar", "year"))
    return [(start, year) for start, year in years if year is not None]


def _is_narrative(found: list[_Found], reference: Span | None) -> bool:
    """Whether a text tells of other times than its own: most of its full dates are not of the reference's
    year, the one before or the one after, and there are at least three such dates."""
    if reference is None:
        return True
    years = [int(one.groups["year"]) for one in found if "year" in one.groups and "month" in _fields(one)]
    years += [-int(one.groups["number"]) for one in found if "number" in one.groups]
    far = sum(abs(year - reference.year) > 1 for year in years)
    return far >= 3 and far > len(years) / 2


def _in_order(first: Reading, second: Reading) -> bool:
    one, two = first.span, second.span
    return one is not None and two is not None and one.first <= two.first and one.last <= two.last


def _row(found: _Found, reading: Reading, text: str, reference: Span | None) -> tuple:
    span, place = reading.span, (found.start, found.end, text[found.start : found.end])
    if span is None:
        return (*place, reading.type, reading.value, "", "", "", reading.precision, found.mod, "", "")
    first, last = modified(span, found.mod)
    edtf = span.edtf.rstrip("~") + "~" if found.mod == "APPROX" and "/" not in span.edtf else span.edtf
    source = reading.source.edtf if reading.source else ""
    basis = "document date" if reading.source is reference else "context"
    rests_on = (source, basis if reading.source else "explicit")
    return (
        *place,
        reading.type,
        reading.value,
        edtf,
        iso_day(first),
        iso_day(last),
        span.unit,
        found.mod,
        *rests_on,
    )


def _interval_row(one: tuple, two: tuple, text: str) -> tuple:
    """The rows of the two ends as one."""
    first, last = (dict(zip(DATE_COLUMNS, row, strict=True)) for row in (one, two))
    start, end = first["start"], last["end"]
    if lead := _FROM.search(text, max(start - 10, 0), start):
        start = lead.start()
    edtf = f"{first['edtf']}/{last['edtf']}"
    if edtf.count("/") > 1:
        edtf = f"{first['earliest']}/{last['latest']}"
    rests_on = first if first["resolved_from"] else last
    return (
        start,
        end,
        text[start:end],
        "DATE",
        f"{first['value']}/{last['value']}",
        edtf,
        first["earliest"],
        last["latest"],
        "interval",
        "",
        rests_on["resolved_from"],
        rests_on["basis"],
    )
