"""Find time expressions in English prose, by a table of rules, and read them as TIMEX3 and EDTF values.

In two steps: `candidates` finds what fits a rule of rules.toml, marks ranges and hands a year that is given
once to both of their ends; `interpretation` reads one after the other, in the light of the document date and
of the last date before it. Nothing is guessed by pandas or dateutil, and no date of today is ever used.
"""

import re

import pandas as pd

from ..corpus.edtf import iso_day
from ..corpus.frames import as_documents
from ..errors import SCONotesError
from .anchor import Context
from .candidates import Candidate, find_candidates
from .interpretation import read_expression
from .units import Span, TimeValue, from_edtf, modified
from .vocabulary import year_in

DATE_COLUMNS = "start end text type value edtf earliest latest precision mod resolved_from basis".split()

_SPEAKING = re.compile(r"(?<!\w)(?:we|our|my)(?!\w)")
_FROM = re.compile(r"(?<!\w)(?:[Ff]rom|[Bb]etween)\s\Z")


def find_dates(
    text_or_documents: str | pd.DataFrame, reference: str | None = None, ranges: bool = True
) -> pd.DataFrame:
    """Find the time expressions of a text, or of every text of a documents frame.

    "In June" takes its year from the document date: the June within 90 days of it, unless a word of tense
    stands beside; otherwise the last June, or the next where the sentence speaks of the future. Where a text
    speaks of a quarter, "the quarter" and "a year earlier" are read from the first that it names. In a
    narrative (most full dates lie more than a year from the document's) and in a text without a date, the
    year is that of the date before, or of the next where the date before is an aside. "That year" and "two
    days later" count from the date before.

    Conventions: of ten years "early" is the first four, "mid" the next three, "late" the last three; of a
    year and of a month they are thirds. A century is the years of equal digits. Seasons are northern.

    What it does not do: dates named by their event ("since independence"), other calendars, other scripts.

    Takes a text, or a frame with doc_id and text, and date where it is known. `reference` is the date (EDTF)
    against which "last week" is read, by default the date of each document; without `ranges` the two ends of
    a range are rows of their own, as TimeML annotates them.

    Returns one row an expression: doc_id (for documents), start, end (characters), text, type (DATE, TIME,
    DURATION, SET), value (TIMEX3; an interval as A/B), edtf, earliest, latest (ISO days; BC as astronomers
    count), precision, mod (START, MID, END, APPROX or ""), resolved_from, basis. basis is what a date rests
    on: "explicit" where the text says it all; otherwise "document date" or "context" (a date that the text
    named before), and resolved_from is that date. What cannot be placed in the calendar has edtf, earliest,
    latest and basis "". Raises SCONotesError for a reference that is no EDTF date, and for missing columns.

    >>> find_dates("It met on July 3-4, 2024, as in the early 1990s.")[["text", "edtf", "earliest", "latest"]]
                  text                   edtf    earliest      latest
    0   July 3-4, 2024  2024-07-03/2024-07-04  2024-07-03  2024-07-04
    1  the early 1990s                   199X  1990-01-01  1993-12-31
    """
    if isinstance(text_or_documents, str):
        rows = _rows(text_or_documents, _reference(reference, "reference"), ranges)
        return pd.DataFrame(rows, columns=DATE_COLUMNS).astype({"start": "int64", "end": "int64"})
    documents = as_documents(text_or_documents)
    dates = documents["date"] if "date" in documents and reference is None else [reference] * len(documents)
    found: list[dict] = []
    for doc_id, text, date in zip(documents["doc_id"], documents["text"], dates, strict=True):
        span = _reference(date, f"documents, doc_id {doc_id!r}" if reference is None else "reference")
        found += [{"doc_id": doc_id, **row} for row in _rows(text, span, ranges)]
    table = pd.DataFrame(found, columns=["doc_id", *DATE_COLUMNS]).astype({"start": "int64", "end": "int64"})
    return table.sort_values(["doc_id", "start"], kind="stable", ignore_index=True)


def _reference(date: object, where: str) -> Span | None:
    if not isinstance(date, str) or not date:
        return None
    try:
        return from_edtf(date)
    except SCONotesError as error:
        raise SCONotesError(f"{where}: {error}") from None


def _rows(text: str, reference: Span | None, ranges: bool) -> list[dict]:
    """The rows of one text, each read in the light of those before it; the two ends of a range as one."""
    # The one letter that grows when made small would shift all offsets behind it.
    small = text.replace("İ", "I").lower()
    candidates = find_candidates(text, small)
    years = ((one.start, year_in(one.groups)) for one in candidates if one.kind in ("calendar", "year"))
    named = [(start, year) for start, year in years if year is not None]
    context = Context(small, reference, _is_narrative(candidates, reference, small), named)
    rows: list[dict] = []
    first_end: Span | None = None  # of a range whose second end is not read yet
    for found in candidates:
        if (value := read_expression(found, context)) is None:
            continue
        row, span = _row(found, value, text, reference), value.span
        # "A year earlier" only stands beside another date: nothing counts from it.
        if span and found.kind != "period" and found.groups.get("way") != "earlier":
            context.remember(span, found.end, value.source)
        if first_end and span and first_end.first <= span.first and first_end.last <= span.last:
            rows[-1] = _interval_row(rows[-1], row, text)
            first_end = None
        else:
            rows.append(row)
            first_end = span if found.to_next and ranges else None
    return rows


def _is_narrative(found: list[Candidate], reference: Span | None, small: str) -> bool:
    """Whether a text tells of other times than its own: most of its full dates are not of the reference's
    year, the one before or the one after, and there are at least three such dates. A speech does not: of its
    thousand words more than five are "we", "our" and "my"; histories have none."""
    if reference is None:
        return True
    years = [int(one.groups["year"]) for one in found if {"year", "month"} <= one.groups.keys()]
    years += [-int(one.groups["number"]) for one in found if "number" in one.groups]
    far = sum(abs(year - reference.year) > 1 for year in years)
    return far >= 3 and far > len(years) / 2 and len(_SPEAKING.findall(small)) < small.count(" ") / 200


def _row(found: Candidate, value: TimeValue, text: str, reference: Span | None) -> dict:
    span, source = value.span, value.source
    start, end, mod = found.start, found.end, found.mod
    edtf = earliest = latest = resolved_from = basis = ""
    if span:
        is_approximate = mod == "APPROX" and "/" not in span.edtf
        edtf = span.edtf.rstrip("~") + "~" if is_approximate else span.edtf
        earliest, latest = map(iso_day, modified(span, mod))
        basis = "document date" if source is reference else "context"
        resolved_from, basis = (source.edtf, basis) if source else ("", "explicit")
    precision = span.unit if span else value.precision
    words = start, end, text[start:end], value.type, value.value
    cells = *words, edtf, earliest, latest, precision, mod, resolved_from, basis
    return dict(zip(DATE_COLUMNS, cells, strict=True))


def _interval_row(first: dict, last: dict, text: str) -> dict:
    """The rows of the two ends as one."""
    start, end = first["start"], last["end"]
    if lead := _FROM.search(text, max(start - 10, 0), start):
        start = lead.start()
    edtf, value = (f"{first[name]}/{last[name]}" for name in ("edtf", "value"))
    if edtf.count("/") > 1:
        edtf = f"{first['earliest']}/{last['latest']}"
    place = {"start": start, "end": end, "text": text[start:end]}
    bounds = {"earliest": first["earliest"], "latest": last["latest"]}
    interval = {"type": "DATE", "value": value, "edtf": edtf, "precision": "interval", "mod": ""}
    return (first if first["resolved_from"] else last) | place | bounds | interval
