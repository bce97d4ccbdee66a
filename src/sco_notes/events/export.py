"""Dated statements for other programs: CSV, TimelineJS and calendars (iCalendar)."""

import hashlib
import json
from html import escape
from pathlib import Path

import pandas as pd

from ..corpus.edtf import calendar_day, edtf_days
from ..errors import SCONotesError, require_columns
from ..files import write_whole


def write_timeline(events: pd.DataFrame, path: str | Path) -> Path:
    """Write dated statements (or merged events) to a file; its suffix says what for.

    .csv   the table as it is, UTF-8, for spreadsheets and pandas
    .json  TimelineJS (https://timeline.knightlab.com/docs/json-format.html): years BC are negative years as
           historians count them, an open end is said in display_date, texts are escaped
    .ics   iCalendar (RFC 5545), a whole-day event each, for calendar programs; an open end becomes its one
           known day. A calendar has no years before 1 or after 9999: such rows are refused

    Needs edtf, earliest, latest; label, text, doc_id, actors, place, modality are used where they are there.
    The file is written beside and then moved into place, so a failure leaves no half file. Same table, same
    bytes. Raises SCONotesError for another suffix, missing columns, and dates that the format cannot hold.
    """
    path = Path(path)
    writers = {".csv": _csv, ".json": _timelinejs, ".ics": _icalendar}
    if path.suffix.lower() not in writers:
        raise SCONotesError(
            f"{path.name}: ends in {path.suffix or 'no suffix'!r}; expected {', '.join(writers)}; rename it"
        )
    require_columns(events, "edtf", "earliest", "latest")
    content = writers[path.suffix.lower()](events, path.name)
    try:
        write_whole(path, content)
    except OSError as error:
        raise SCONotesError(f"{path}: cannot be written ({error.strerror}); choose another folder") from None
    return path


def _csv(events: pd.DataFrame, name: str) -> str:
    return events.to_csv(index=False, lineterminator="\n")


def _timelinejs(events: pd.DataFrame, name: str) -> str:
    slides = []
    for number, row in enumerate(events.itertuples(index=False)):
        first, last = _days(row)
        said = _said(row)
        slide = {
            "unique_id": _identity(row, number),
            "start_date": _slide_date(first if first is not None else last),
            "display_date": escape(row.edtf),
            "text": {"headline": escape(said), "text": f"<p>{escape(_details(row))}</p>"},
        }
        if None not in (first, last) and first != last:
            slide["end_date"] = _slide_date(last)
        if getattr(row, "modality", ""):
            slide["group"] = row.modality
        slides.append(slide)
    return json.dumps({"events": slides}, ensure_ascii=False, indent=1) + "\n"


def _slide_date(number: int | None) -> dict[str, int]:
    assert number is not None
    year, month, day = calendar_day(number)
    return {"year": year if year > 0 else year - 1, "month": month, "day": day}


def _whole_days(row, name: str, number: int) -> list[str]:
    """The first day, and the day after the last, as a calendar writes them."""
    first, last = _days(row)
    known = [day for day in (first, last) if day is not None]
    days = calendar_day(known[0]), calendar_day(known[-1] + 1)
    if days[0][0] < 1 or days[1][0] > 9999:
        raise SCONotesError(
            f"{name}, row {number + 1}: {row.edtf} is outside the years 1 to 9999 that a calendar can hold; "
            f"leave such rows out, or write .csv or .json"
        )
    return [f"{year:04d}{month:02d}{day:02d}" for year, month, day in days]


def _icalendar(events: pd.DataFrame, name: str) -> str:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//sco-notes//timeline//EN", "CALSCALE:GREGORIAN"]
    for number, row in enumerate(events.itertuples(index=False)):
        begin, after = _whole_days(row, name, number)
        lines += [
            "BEGIN:VEVENT",
            f"UID:{_identity(row, number)}@sco-notes",
            "DTSTAMP:19700101T000000Z",  # required; the time of writing would change the bytes
            f"DTSTART;VALUE=DATE:{begin}",
            f"DTEND;VALUE=DATE:{after}",  # the day after the last
            f"SUMMARY:{_escaped(_said(row))}",
            f"DESCRIPTION:{_escaped(_details(row))}",
            *([f"LOCATION:{_escaped(row.place)}"] if getattr(row, "place", "") else []),
            "STATUS:CONFIRMED" if getattr(row, "modality", "happened") == "happened" else "STATUS:TENTATIVE",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    return "".join(_folded(line) for line in [*lines, "END:VCALENDAR"])


def _escaped(text: str) -> str:
    for plain, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(plain, written)
    return "".join(c for c in text if c >= " " and c != "\x7f")


def _folded(line: str) -> str:
    """A line of at most 75 bytes, the rest on lines that begin with a space; no character is cut."""
    parts, length = [""], 0
    for character in line:
        size = len(character.encode("utf-8", "replace"))
        if length + size > 74:
            parts.append("")
            length = 0
        parts[-1] += character
        length += size
    return "\r\n ".join(parts) + "\r\n"


def _days(row) -> tuple[int | None, int | None]:
    return edtf_days(f"{row.earliest or '..'}/{row.latest or '..'}")


def _said(row) -> str:
    said = getattr(row, "label", "")
    said = said if isinstance(said, str) and said else getattr(row, "text", "")
    return " ".join(str(said or row.edtf).split())


def _details(row) -> str:
    names = {"edtf": "date (EDTF)", "actors": "actors", "place": "place", "modality": "modality"}
    names |= {"basis": "date rests on", "doc_id": "document"}
    values = {name: str(getattr(row, column, "") or "") for column, name in names.items()}
    return "; ".join(f"{name}: {value}" for name, value in values.items() if value)


def _identity(row, number: int) -> str:
    about = f"{getattr(row, 'doc_id', '')}:{getattr(row, 'start', number)}:{row.edtf}"
    return hashlib.sha256(about.encode("utf-8", "replace")).hexdigest()[:24]
