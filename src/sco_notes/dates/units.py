"""Stretches of the calendar (a day, a month, a decade, ...) with TIMEX3 value, EDTF and bounds.

Values follow ISO-TimeML: 2024-07-03, 2024-07, 2024, 199 (decade), 19 (century), 2024-W27, 2024-SU, 2024-Q3;
years before our era follow TIMEX2: BC0490. A century is its hundred years of equal digits, 1900 to 1999.
"""

from dataclasses import dataclass, replace

from ..corpus.edtf import calendar_day, day_number, days_in_month, edtf_days, iso_year, month_start
from .vocabulary import WORDS

FINENESS = ("century", "decade", "year", "half", "season", "quarter", "month", "week", "weekend", "day")
FIRST_YEAR, LAST_YEAR = -99999, 9999  # of what a text can name; nothing computed leaves them


@dataclass(frozen=True)
class Span:
    """A stretch of the calendar; first and last are numbers of days (see `edtf`)."""

    unit: str
    first: int
    last: int
    value: str
    edtf: str

    @property
    def year(self) -> int:
        return calendar_day(self.first)[0]

    @property
    def month(self) -> int:
        return calendar_day(self.first)[1]


@dataclass(frozen=True)
class TimeValue:
    """What an expression says; span is None where it has no place in the calendar."""

    type: str
    value: str
    span: Span | None = None
    source: Span | None = None  # the date that gave what the expression leaves out
    precision: str = ""


def dated(span: Span, source: Span | None = None) -> TimeValue:
    """A date of which the place in the calendar is known."""
    return TimeValue("DATE", span.value, span, source)


def year_span(year: int) -> Span:
    """
    >>> year_span(-489).value, year_span(-489).edtf
    ('BC0490', '-0489')
    """
    return Span("year", day_number(year, 1, 1), day_number(year, 12, 31), timex_year(year), edtf_year(year))


def month_span(year: int, month: int) -> Span:
    """The month; months beyond 12 or below 1 are those of the years around."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    tail = f"-{month:02d}"
    first, after = month_start(year, month), month_start(year, month + 1)
    return Span("month", first, after - 1, timex_year(year) + tail, edtf_year(year) + tail)


def day_span(number: int) -> Span:
    year, month, day = calendar_day(number)
    tail = f"-{month:02d}-{day:02d}"
    return Span("day", number, number, timex_year(year) + tail, edtf_year(year) + tail)


def calendar_span(year: int, month: int, day: int) -> Span | None:
    """The day, or None if the month has no such day."""
    return day_span(day_number(year, month, day)) if 1 <= day <= days_in_month(year, month) else None


def part_span(year: int, part: str) -> Span:
    """A season (SP, SU, FA, WI), quarter (Q1) or half (H1) of a year.

    >>> part_span(2023, "Q3").edtf
    '2023-35'
    """
    edtf = f"{edtf_year(year)}-{WORDS['edtf_parts'][part]}"
    first, last = edtf_days(edtf)
    unit = {"Q": "quarter", "H": "half"}.get(part[0], "season")
    assert first is not None and last is not None
    return Span(unit, first, last, f"{timex_year(year)}-{part}", edtf)


def decade_span(year: int) -> Span:
    """The ten years that share their first three digits with `year`; the 470s BC are 479 to 470 BC.

    >>> decade_span(1994).edtf, decade_span(-478).edtf, decade_span(-478).value
    ('199X', '-0478/-0469', 'BC047')
    """
    if year > 0:
        start = year // 10 * 10
        edtf, value = f"{start // 10:03d}X", f"{start // 10:03d}"
        if start > 9999:
            edtf = f"{edtf_year(start)}/{edtf_year(start + 9)}"
    else:
        start = -((1 - year) // 10 * 10 + 9) + 1
        edtf, value = f"{edtf_year(start)}/{edtf_year(start + 9)}", f"BC{(1 - year) // 10:03d}"
    return Span("decade", day_number(start, 1, 1), day_number(start + 9, 12, 31), value, edtf)


def century_span(number: int) -> Span:
    """The century 20 is 1900 to 1999, the century -4 is 400 to 301 BC.

    >>> century_span(20).edtf, century_span(-4).edtf, century_span(-4).value
    ('19XX', '-03XX', 'BC03')
    """
    count = abs(number) - 1
    start = 100 * count if number > 0 else -100 * count - 99
    value = f"{'' if number > 0 else 'BC'}{count:02d}"
    edtf = f"{'' if number > 0 else '-'}{count:02d}XX"
    if count > 99:
        edtf = f"{edtf_year(start)}/{edtf_year(start + 99)}"
    return Span("century", day_number(start, 1, 1), day_number(start + 99, 12, 31), value, edtf)


def week_span(number: int, weekend: bool = False) -> Span:
    """The week, Monday to Sunday, in which a day lies (or its weekend)."""
    monday = number - (number + 3) % 7  # day 0, 1970-01-01, was a Thursday
    year = calendar_day(monday + 3)[0]  # ISO 8601: a week belongs to the year of its Thursday
    week = (monday + 3 - day_number(year, 1, 1)) // 7 + 1
    first = monday + 5 if weekend else monday
    value = f"{timex_year(year)}-W{week:02d}{'-WE' if weekend else ''}"
    unit = "weekend" if weekend else "week"
    return Span(unit, first, monday + 6, value, f"{day_span(first).edtf}/{day_span(monday + 6).edtf}")


def containing(unit: str, number: int) -> Span:
    """The day, week, month, quarter, year, decade or century in which a day lies."""
    year, month, _ = calendar_day(number)
    if unit == "day":
        return day_span(number)
    if unit in ("week", "weekend"):
        return week_span(number, unit == "weekend")
    if unit == "month":
        return month_span(year, month)
    if unit == "quarter":
        return part_span(year, f"Q{(month + 2) // 3}")
    if unit == "century":
        return century_span(year // 100 + 1 if year > 0 else -((-year) // 100 + 1))
    return decade_span(year) if unit == "decade" else year_span(year)


def shift(span: Span, unit: str, n: int) -> Span | None:
    """The unit n units after the one in which `span` begins; None beyond the years a text can name."""
    year, month, _ = calendar_day(span.first)
    years = {"century": 100, "decade": 10, "year": 1}.get(unit, 0)
    if abs(n) > 99999 or not FIRST_YEAR < year + n * years < LAST_YEAR:
        return None
    if unit in ("day", "week", "weekend"):
        return containing(unit, span.first + n * (1 if unit == "day" else 7))
    if unit == "month":
        return month_span(year, month + n)
    if unit == "quarter":
        return containing(unit, month_start(year, month + 3 * n))
    if unit == "decade":
        return decade_span(year + 10 * n)
    if unit == "century":
        return containing("century", day_number(year + 100 * n, 1, 1))
    return year_span(year + n)


def from_edtf(edtf: str) -> Span | None:
    """The stretch that an EDTF date names, for use as a reference; None if it is open."""
    first, last = edtf_days(edtf)
    if first is None or last is None:
        return None
    unit = next(
        (u for u in ("day", "month", "year", "decade", "century") if spans_whole(u, first, last)), "interval"
    )
    if unit == "interval":
        return Span(unit, first, last, edtf, edtf)
    return replace(containing(unit, first), edtf=edtf)


def spans_whole(unit: str, first: int, last: int) -> bool:
    whole = containing(unit, first)
    return (whole.first, whole.last) == (first, last)


def modified(span: Span, mod: str) -> tuple[int, int]:
    """The bounds of "early", "mid", "late": of ten years, decades or hundreds the first four, the next three,
    the last three; of a year, season or part the thirds; of a month days 1-10, 11-20 and the rest.

    >>> [day_span(day).edtf for day in modified(decade_span(1990), "START")]
    ['1990-01-01', '1993-12-31']
    """
    third = {"START": 0, "MID": 1, "END": 2}.get(mod)
    if third is None or span.unit in ("day", "weekend", "interval"):
        return span.first, span.last
    if span.unit in ("decade", "century"):
        size = 1 if span.unit == "decade" else 10
        cuts = [day_number(span.year + size * years, 1, 1) for years in (0, 4, 7, 10)]
    elif span.unit in ("month", "week"):
        cuts = [span.first + days for days in ((0, 10, 20) if span.unit == "month" else (0, 2, 5))]
        cuts.append(span.last + 1)
    else:
        year, month, _ = calendar_day(span.first)
        step = {"year": 4, "half": 2}.get(span.unit, 1)
        cuts = [month_start(year, month + step * i) for i in range(4)]
    return max(cuts[third], span.first), cuts[third + 1] - 1


def edtf_year(year: int) -> str:
    return f"Y{year}" if abs(year) > 9999 else iso_year(year)


def timex_year(year: int) -> str:
    return f"{year:04d}" if year > 0 else f"BC{1 - year:04d}"
