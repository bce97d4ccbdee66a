"""Time expressions in English prose: found by a table of rules, read as TIMEX3 and EDTF values with bounds.

In two steps: `candidates` finds what fits a rule of rules.toml, marks ranges and hands a year that stands
once to both of their ends; `_resolve` reads one expression after the other, in the light of the
document date and of the last date before it. Nothing is guessed by pandas or dateutil, and no date of today
is ever used.
"""

import re
from collections.abc import Iterator

import pandas as pd

from ..corpus.edtf import decimal_year, edtf_bounds, iso_day
from ..corpus.frames import as_documents
from ..errors import SCONotesError
from .anchor import Context
from .candidates import Candidate, fields, find_candidates
from .interpretation import read_expression
from .units import Span, TimeValue, from_edtf, modified
from .vocabulary import year_in

__all__ = ["DATE_COLUMNS", "decimal_year", "edtf_bounds", "find_dates"]

DATE_COLUMNS = [
    "start", "end", "text", "type", "value", "edtf", "earliest", "latest", "precision", "mod",
    "resolved_from", "basis",
]  # fmt: skip

_FROM = re.compile(r"(?<!\w)(?:[Ff]rom|[Bb]etween)\s\Z")


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

    "In June" takes its year from the document date: the last June, or the next where the nearest word of
    tense speaks of the future, or where none is near and June lies within 90 days. In a narrative (most full
    dates lie more than a year from the document's) and in a text without a date, the year is that of the date
    before, or of the next where the date before is an aside. "That year" and "two days later" count from the
    date before.

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
    documents = as_documents(text_or_documents)
    if reference is not None:
        dates: list[str | None] = [reference] * len(documents)
    else:
        dates = list(documents["date"]) if "date" in documents else [None] * len(documents)
    found: list[tuple] = []
    for doc_id, text, date in zip(documents["doc_id"], documents["text"], dates, strict=True):
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
    found = find_candidates(text, small)
    return list(_resolve(found, text, small, reference, ranges))


def _resolve(
    found: list[Candidate], text: str, small: str, reference: Span | None, ranges: bool
) -> Iterator[tuple]:
    context = Context(small, reference, _is_narrative(found, reference), _named_years(found))
    first: tuple[Candidate, TimeValue] | None = None
    for one in found:
        reading = read_expression(one.rule.kind, one.groups, one.start, one.end, context, one.daytime)
        if reading is None:
            continue
        if reading.span is not None:
            context.remember(reading.span, one.end, reading.source)
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


def _named_years(found: list[Candidate]) -> list[tuple[int, int]]:
    years = ((one.start, year_in(one.groups)) for one in found if one.rule.kind in ("calendar", "year"))
    return [(start, year) for start, year in years if year is not None]


def _is_narrative(found: list[Candidate], reference: Span | None) -> bool:
    """Whether a text tells of other times than its own: most of its full dates are not of the reference's
    year, the one before or the one after, and there are at least three such dates."""
    if reference is None:
        return True
    years = [int(one.groups["year"]) for one in found if "year" in one.groups and "month" in fields(one)]
    years += [-int(one.groups["number"]) for one in found if "number" in one.groups]
    far = sum(abs(year - reference.year) > 1 for year in years)
    return far >= 3 and far > len(years) / 2


def _in_order(first: TimeValue, second: TimeValue) -> bool:
    one, two = first.span, second.span
    return one is not None and two is not None and one.first <= two.first and one.last <= two.last


def _row(found: Candidate, reading: TimeValue, text: str, reference: Span | None) -> tuple:
    span, place = reading.span, (found.start, found.end, text[found.start : found.end])
    if span is None:
        return (*place, reading.type, reading.value, "", "", "", reading.precision, found.mod, "", "")
    first, last = modified(span, found.mod)
    edtf = span.edtf.rstrip("~") + "~" if found.mod == "APPROX" and "/" not in span.edtf else span.edtf
    basis = "document date" if reading.source is reference else "context"
    rests_on = (reading.source.edtf, basis) if reading.source else ("", "explicit")
    bounds = (iso_day(first), iso_day(last), span.unit, found.mod)
    return (*place, reading.type, reading.value, edtf, *bounds, *rests_on)


def _interval_row(one: tuple, two: tuple, text: str) -> tuple:
    """The rows of the two ends as one."""
    first, last = (dict(zip(DATE_COLUMNS, row, strict=True)) for row in (one, two))
    start, end = first["start"], last["end"]
    if lead := _FROM.search(text, max(start - 10, 0), start):
        start = lead.start()
    edtf = f"{first['edtf']}/{last['edtf']}"
    if edtf.count("/") > 1:
        edtf = f"{first['earliest']}/{last['latest']}"
    value, rests_on = f"{first['value']}/{last['value']}", first if first["resolved_from"] else last
    bounds = (first["earliest"], last["latest"], "interval", "")
    return (
        start,
        end,
        text[start:end],
        "DATE",
        value,
        edtf,
        *bounds,
        rests_on["resolved_from"],
        rests_on["basis"],
    )
