"""Stretches of the calendar (a day, a month, a decade, ...) with TIMEX3 value, EDTF and bounds.

Values follow ISO-TimeML: 2024-07-03, 2024-07, 2024, 199 (decade), 19 (century), 2024-W27, 2024-SU, 2024-Q3;
years before our era follow TIMEX2: BC0490. A century is its hundred years of equal digits, 1900 to 1999.
"""

from typing import NamedTuple

from ..corpus.edtf import PARTS_OF_YEAR, calendar_day, days_in_month, edtf_days, iso_year, month_start

PART_CODES = dict(zip("SP SU FA WI Q1 Q2 Q3 Q4 H1 H2".split(), PARTS_OF_YEAR, strict=True))
FINENESS = ("century", "decade", "year", "half", "season", "quarter", "month", "week", "weekend", "day")
MONTHS_IN = {"month": 1, "quarter": 3, "season": 3, "half": 6, "year": 12, "decade": 120, "century": 1200}
FIRST_YEAR, LAST_YEAR = -99999, 9999  # of what a text can name; nothing computed leaves them
MAX_COUNT = 99999  # of units from one date to another

# Where "early", "mid" and "late" begin, in days after the beginning of a unit.
THIRDS_IN_DAYS = {"month": (0, 10, 20), "week": (0, 2, 5)}


class Span(NamedTuple):
    """A stretch of the calendar; first and last are numbers of days (see `corpus.edtf`)."""

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

    def is_at_least(self, unit: str) -> bool:
        """Whether it is as fine as a unit, or finer."""
        return self.unit != "interval" and FINENESS.index(self.unit) >= FINENESS.index(unit)


class TimeValue(NamedTuple):
    """What an expression says; span is None where it has no place in the calendar."""

    type: str
    value: str
    span: Span | None = None
    source: Span | None = None  # the date that gave what the expression leaves out
    precision: str = ""


def dated(span: Span, source: Span | None = None) -> TimeValue:
    """Return a date of which the place in the calendar is known."""
    return TimeValue("DATE", span.value, span, source)


def _months(unit: str, year: int, month: int, count: int, value: str, edtf: str) -> Span:
    return Span(unit, month_start(year, month), month_start(year, month + count) - 1, value, edtf)


def year_span(year: int) -> Span:
    """
    >>> year_span(-489).value, year_span(-489).edtf
    ('BC0490', '-0489')
    """
    return _months("year", year, 1, 12, timex_year(year), edtf_year(year))


def month_span(year: int, month: int) -> Span:
    tail = f"-{month:02d}"
    return _months("month", year, month, 1, timex_year(year) + tail, edtf_year(year) + tail)


def day_span(number: int) -> Span:
    year, month, day = calendar_day(number)
    tail = f"-{month:02d}-{day:02d}"
    return Span("day", number, number, timex_year(year) + tail, edtf_year(year) + tail)


def calendar_span(year: int, month: int, day: int) -> Span | None:
    """Return the day, or None if the month has no such day."""
    return day_span(month_start(year, month) + day - 1) if 1 <= day <= days_in_month(year, month) else None


def part_span(year: int, part: str) -> Span:
    """Return a season (SP, SU, FA, WI), quarter (Q1) or half (H1) of a year.

    >>> part_span(2023, "Q3").edtf
    '2023-35'
    """
    unit, code = {"Q": "quarter", "H": "half"}.get(part[0], "season"), PART_CODES[part]
    value, edtf = f"{timex_year(year)}-{part}", f"{edtf_year(year)}-{code}"
    return _months(unit, year, *PARTS_OF_YEAR[code], value, edtf)


def decade_span(year: int) -> Span:
    """Return the ten years that share their first three digits with `year`; the 470s BC are 479 to 470 BC.

    >>> decade_span(1994).edtf, decade_span(-478).edtf, decade_span(-478).value
    ('199X', '-0478/-0469', 'BC047')
    """
    number = year // 10 if year > 0 else (1 - year) // 10
    start = 10 * number if year > 0 else -(10 * number + 9) + 1
    value = f"{'' if year > 0 else 'BC'}{number:03d}"
    is_short = 0 < year < 10_000
    edtf = f"{value}X" if is_short else f"{edtf_year(start)}/{edtf_year(start + 9)}"
    return _months("decade", start, 1, 120, value, edtf)


def century_span(number: int) -> Span:
    """Return a century: 20 is 1900 to 1999, -4 is 400 to 301 BC.

    >>> century_span(20).edtf, century_span(-4).edtf, century_span(-4).value
    ('19XX', '-03XX', 'BC03')
    """
    count = abs(number) - 1
    start = 100 * count if number > 0 else -100 * count - 99
    value = f"{'' if number > 0 else 'BC'}{count:02d}"
    edtf = f"{value.replace('BC', '-')}XX" if count < 100 else f"{edtf_year(start)}/{edtf_year(start + 99)}"
    return _months("century", start, 1, 1200, value, edtf)


def week_span(number: int, unit: str = "week") -> Span:
    """Return the week, Monday to Sunday, in which a day lies, or its weekend."""
    monday = number - (number + 3) % 7  # day 0, 1970-01-01, was a Thursday
    year = calendar_day(monday + 3)[0]  # ISO 8601: a week belongs to the year of its Thursday
    week = (monday + 3 - month_start(year, 1)) // 7 + 1
    first, tail = (monday + 5, "-WE") if unit == "weekend" else (monday, "")
    edtf = f"{day_span(first).edtf}/{day_span(monday + 6).edtf}"
    return Span(unit, first, monday + 6, f"{timex_year(year)}-W{week:02d}{tail}", edtf)


def containing(unit: str, number: int) -> Span:
    """Return the day, week, month, quarter, year, decade or century in which a day lies."""
    if unit in ("week", "weekend"):
        return week_span(number, unit)
    if unit == "day":
        return day_span(number)
    year, month, _ = calendar_day(number)
    if unit == "month":
        return month_span(year, month)
    if unit == "quarter":
        return part_span(year, f"Q{(month + 2) // 3}")
    if unit == "century":
        return century_span(year // 100 + 1 if year > 0 else -(-year // 100 + 1))
    return decade_span(year) if unit == "decade" else year_span(year)


def shift(span: Span, unit: str, n: int) -> Span | None:
    """Return the unit n units after that in which `span` begins; None beyond what a text can name."""
    if abs(n) > MAX_COUNT:
        return None
    if unit in ("day", "week", "weekend"):
        return containing(unit, span.first + n * (1 if unit == "day" else 7))
    months = n * MONTHS_IN[unit]
    if not FIRST_YEAR < span.year + months // 12 < LAST_YEAR:
        return None
    return containing(unit, month_start(span.year, span.month + months))


def from_edtf(edtf: str) -> Span | None:
    """Return the stretch that an EDTF date names, for use as a reference; None if it is open."""
    first, last = edtf_days(edtf)
    if first is None or last is None:
        return None
    for unit in ("day", "month", "year", "decade", "century"):
        whole = containing(unit, first)
        if (whole.first, whole.last) == (first, last):
            return whole._replace(edtf=edtf)
    return Span("interval", first, last, edtf, edtf)


def modified(span: Span, mod: str) -> tuple[int, int]:
    """Return the bounds of "early", "mid", "late" (START, MID, END): of ten years, decades or hundreds the
    first four, the next three, the last three; of a year, season or part the thirds; of a month days 1-10,
    11-20 and the rest.

    >>> [day_span(day).edtf for day in modified(decade_span(1990), "START")]
    ['1990-01-01', '1993-12-31']
    """
    thirds = ("START", "MID", "END")
    if mod not in thirds or not (span.unit in MONTHS_IN or span.unit in THIRDS_IN_DAYS):
        return span.first, span.last
    if span.unit in THIRDS_IN_DAYS:
        cuts = [span.first + days for days in THIRDS_IN_DAYS[span.unit]] + [span.last + 1]
    else:
        n = MONTHS_IN[span.unit]
        months = (0, 4 * n // 10, 7 * n // 10, n) if n >= 120 else (0, n // 3, 2 * n // 3, n)
        cuts = [month_start(span.year, span.month + count) for count in months]
    third = thirds.index(mod)
    return cuts[third], cuts[third + 1] - 1


def edtf_year(year: int) -> str:
    return f"Y{year}" if abs(year) > 9999 else iso_year(year)


def timex_year(year: int) -> str:
    return f"{year:04d}" if year > 0 else f"BC{1 - year:04d}"
