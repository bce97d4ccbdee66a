"""Dated statements for other programs: CSV, TimelineJS and calendars (iCalendar)."""

import hashlib
import json
import logging
from collections.abc import Iterator
from contextlib import suppress
from html import escape
from pathlib import Path

import pandas as pd

from ..corpus.edtf import calendar_day, edtf_days
from ..errors import SCONotesError, require_columns, some
from ..files import write_whole

_NOTES = logging.getLogger("sco_notes")
_OPTIONAL = ["doc_id", "text", "label", "head", "actors", "place", "modality", "basis"]
_DETAILS = {"edtf": "date (EDTF)", "actors": "actors", "place": "place", "modality": "modality"}
_DETAILS |= {"basis": "date rests on", "doc_id": "document"}
# RFC 5545, 3.3.11: what is written for a character of a text; control characters are left out.
_ESCAPES = str.maketrans(dict.fromkeys([*map(chr, range(32)), "\x7f"], ""))
_ESCAPES |= str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
_MAX_LINE = 74  # bytes of a line, the blank of a continued one aside


def write_timeline(events: pd.DataFrame, path: str | Path) -> Path:
    """Write dated statements (or merged events) to a file for another program; return its path.

    `events` has edtf, earliest, latest; label, head, text, doc_id, actors, place, modality, basis are used
    where they are there. The suffix of `path` says what for:

    .csv   the table as it is, UTF-8, for spreadsheets and pandas
    .json  TimelineJS (https://timeline.knightlab.com/docs/json-format.html): years BC are negative years as
           historians count them, an open end is said in display_date, texts are escaped
    .ics   iCalendar (RFC 5545), a whole-day event each; an open end becomes its one known day. A calendar has
           no years before 1 or after 9999: such rows are left out, and a note names them

    A row without a date is left out of both and named. Raises SCONotesError for another suffix and missing
    columns.
    """
    path = Path(path)
    writers = {".csv": _csv, ".json": _timelinejs, ".ics": _icalendar}
    if path.suffix.lower() not in writers:
        suffix = path.suffix or "no suffix"
        raise SCONotesError(f"{path.name}: ends in {suffix!r}; expected {', '.join(writers)}; rename it")
    require_columns(events, "edtf", "earliest", "latest")
    write_whole(path, writers[path.suffix.lower()](events, path.name))
    return path


def _csv(events: pd.DataFrame, name: str) -> str:
    return events.to_csv(index=False, lineterminator="\n")


def _timelinejs(events: pd.DataFrame, name: str) -> str:
    slides = []
    for row, (first, *rest) in _dated(events, name):
        slide = {
            "unique_id": _identity(row),
            "start_date": _slide_date(first),
            "display_date": escape(row.edtf),
            "text": {"headline": escape(_headline(row)), "text": f"<p>{escape(_details(row))}</p>"},
        }
        if rest and rest != [first]:
            slide["end_date"] = _slide_date(*rest)
        if row.modality:
            slide["group"] = row.modality
        slides.append(slide)
    return json.dumps({"events": slides}, ensure_ascii=False, indent=1) + "\n"


def _icalendar(events: pd.DataFrame, name: str) -> str:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//sco-notes//timeline//EN", "CALSCALE:GREGORIAN"]
    for row, known in _dated(events, name, 1, 9999):  # of which the day after the last is written
        days = [calendar_day(day) for day in (known[0], known[-1] + 1)]
        begin, after = (f"{year:04d}{month:02d}{day:02d}" for year, month, day in days)
        lines += [
            "BEGIN:VEVENT",
            f"UID:{_identity(row)}@sco-notes",
            "DTSTAMP:19700101T000000Z",  # required; the time of writing would change the bytes
            f"DTSTART;VALUE=DATE:{begin}",
            f"DTEND;VALUE=DATE:{after}",
            f"SUMMARY:{_headline(row).translate(_ESCAPES)}",
            f"DESCRIPTION:{_details(row).translate(_ESCAPES)}",
            *([f"LOCATION:{row.place.translate(_ESCAPES)}"] if row.place else []),
            f"STATUS:{'CONFIRMED' if row.modality in ('', 'happened') else 'TENTATIVE'}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    return "".join(_folded(line) for line in [*lines, "END:VCALENDAR"])


def _dated(events: pd.DataFrame, name: str, *years: int) -> Iterator[tuple]:
    """The rows with the first and the last day, or the one that is known; what is optional is "" where it is
    missing, and start the number of the row. Rows without a day, or outside the years, are named."""
    optional = {each: events[each].astype(object).fillna("") if each in events else "" for each in _OPTIONAL}
    start = events["start"] if "start" in events else range(len(events))
    left_out = []
    for number, row in enumerate(events.assign(**optional, start=start).itertuples(index=False), 1):
        days: list[int] = []
        with suppress(SCONotesError):
            ends = edtf_days(f"{row.earliest or '..'}/{row.latest or '..'}")
            days = [day for day in ends if day is not None]
        if days and (
            not years or years[0] <= calendar_day(days[0])[0] <= calendar_day(days[-1] + 1)[0] <= years[1]
        ):
            yield row, days
        else:
            left_out.append(f"row {number} ({row.edtf})")
    if left_out:
        _NOTES.warning("%s: left out, no date, or outside the years 1 to 9999: %s", name, some(left_out))


def _slide_date(number: int) -> dict[str, int]:
    year, month, day = calendar_day(number)
    return {"year": year if year > 0 else year - 1, "month": month, "day": day}


def _headline(row) -> str:
    told = ": ".join(filter(None, [row.actors.replace(";", ", "), row.head])) if row.head else ""
    return " ".join(str(row.label or told or row.text or row.edtf).split())


def _details(row) -> str:
    values = {name: getattr(row, column) for column, name in _DETAILS.items()}
    return "; ".join(f"{name}: {value}" for name, value in values.items() if value)


def _identity(row) -> str:
    about = f"{row.doc_id}:{row.start}:{row.edtf}"
    return hashlib.sha256(about.encode("utf-8", "replace")).hexdigest()[:24]


def _folded(line: str) -> str:
    """A line of at most 75 bytes, the rest on lines that begin with a space; no character is cut."""
    parts = [""]
    for character in line:
        if len((parts[-1] + character).encode("utf-8", "replace")) > _MAX_LINE:
            parts.append("")
        parts[-1] += character
    return "\r\n ".join(parts) + "\r\n"
