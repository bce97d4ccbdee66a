"""Dates of any year: Extended Date/Time Format (EDTF, ISO 8601-2) to its first and last day, and arithmetic.

Python's datetime ends at the years 1 and 9999 and pandas guesses, so days are plain integers here: the number
of the day in the Gregorian calendar carried back without end (1970-01-01 is 0), years as astronomers count
them (1 BC is the year 0, 490 BC is -489). Source of the format: https://www.loc.gov/standards/datetime/
"""

import calendar
import re
from datetime import date, timedelta

from ..errors import SCONotesError

DAYS_IN_CYCLE = 146_097  # 400 years, after which the Gregorian calendar repeats itself
_YEAR_0 = date(2000, 1, 1)  # stands for the year 0, being a whole number of cycles later
_DAY_0 = date(1970, 1, 1)
# Seasons of the northern hemisphere, quarters and halves of a year: EDTF code -> (first month, months).
# A winter belongs to the year in which it begins.
PARTS_OF_YEAR = {21: (3, 3), 22: (6, 3), 23: (9, 3), 24: (12, 3)}
PARTS_OF_YEAR |= {33 + quarter: (1 + 3 * quarter, 3) for quarter in range(4)} | {40: (1, 6), 41: (7, 6)}

AMBIGUOUS = "ambiguous, write 2024-07-03 (or 2024-07, 2024, 199X, 2024-07-03/2024-07-04)"
_ISO = re.compile(r"(-?[0-9]{4,})-([0-9]{2})-([0-9]{2})")
_DATE = re.compile(
    r"(?P<year>-?[0-9]{4}|Y-?[0-9]{5,9}|-?[0-9]{3}X|-?[0-9]{2}XX)(?:-(?P<month>[0-9]{2}|XX)(?:-(?P<day>[0-9]{2}|XX))?)?[?~%]?"
)


def edtf_bounds(edtf: str) -> tuple[str, str]:
    """First and last day of an EDTF date, as ISO strings; "" for an end that is open (..) or unknown.

    Reads days, months, years, decades (199X), centuries (19XX), seasons and parts of a year (2001-21),
    intervals (2013/2023, 1996/..), years beyond four digits (Y12000), and the marks ? ~ %, which change no
    bound. A season is that of the northern hemisphere, a winter runs from December of its year to February.
    Raises SCONotesError for anything else, with the form that is expected.

    >>> edtf_bounds("2024-02")
    ('2024-02-01', '2024-02-29')
    >>> edtf_bounds("-0489/..")
    ('-0489-01-01', '')
    """
    first, last = edtf_days(edtf)
    return "" if first is None else iso_day(first), "" if last is None else iso_day(last)


def edtf_days(edtf: str) -> tuple[int | None, int | None]:
    """First and last day of an EDTF date as numbers, None for an open or unknown end."""
    if not isinstance(edtf, str):
        raise _fault(edtf, "not text; write a date like 2024-07-03")
    parts = edtf.split("/")
    if len(parts) == 1:
        return _days_of(edtf, edtf)
    if len(parts) > 2 or set(parts) <= {"", ".."}:
        raise _fault(edtf, AMBIGUOUS)
    first, last = (None if part in ("", "..") else _days_of(part, edtf) for part in parts)
    if first and last and (first[0] > last[0] or first[1] > last[1]):
        raise _fault(edtf, "the interval ends before it begins; write the earlier date first")
    return first[0] if first else None, last[1] if last else None


def _days_of(part: str, edtf: str) -> tuple[int, int]:
    match = _DATE.fullmatch(part)
    if not match:
        raise _not_a_year(part) if re.fullmatch(r"-?[0-9]+", part) else _fault(edtf, AMBIGUOUS)
    year, month, day = match.group("year", "month", "day")
    if "X" in year:
        if month:
            raise _fault(edtf, AMBIGUOUS)
        first, last = sorted(int(year.replace("X", digit)) for digit in "09")
        return day_number(first, 1, 1), day_number(last, 12, 31)
    y = int(year.removeprefix("Y"))
    if year == "-0000":
        raise _fault(edtf, "there is no year -0000; 1 BC is 0000, 2 BC is -0001")
    if month in (None, "XX"):
        return day_number(y, 1, 1), day_number(y, 12, 31)
    m = int(month)
    if m in PARTS_OF_YEAR and not day:
        start, months = PARTS_OF_YEAR[m]
        return day_number(y, start, 1), month_start(y, start + months) - 1
    if not 1 <= m <= 12:
        raise _fault(edtf, f"there is no month {month}; write year-month-day, like 2024-07-03")
    if day in (None, "XX"):
        return day_number(y, m, 1), month_start(y, m + 1) - 1
    if not 1 <= int(day) <= days_in_month(y, m):
        raise _fault(edtf, f"{year}-{month} has {days_in_month(y, m)} days; correct the day")
    return (day_number(y, m, int(day)),) * 2


def _not_a_year(part: str) -> SCONotesError:
    digits = part.lstrip("-")
    if len(digits) > 4:
        return _fault(part, f"a year beyond four digits is written Y{part}; is it a year?")
    hint = f"write {iso_year(int(part))}" if int(part) else "there is no year 0, and 0000 stands for 1 BC"
    return _fault(part, f"a year has four digits; {hint}")


def _fault(edtf: object, what: str) -> SCONotesError:
    return SCONotesError(f"date {edtf!r}: {what}")


def decimal_year(iso: str) -> float:
    """An ISO day of any year as a number for plotting: the year and the share of it that is past.

    Raises SCONotesError if `iso` is not a day like 2024-07-03.

    >>> decimal_year("2023-07-02"), decimal_year("-0489-01-01")
    (2023.4986301369863, -489.0)
    """
    match = _ISO.fullmatch(iso) if isinstance(iso, str) else None
    if not match:
        raise _fault(iso, "not a day; write it like 2024-07-03 (an EDTF date: see edtf_bounds)")
    year, month, day = map(int, match.groups())
    if not (1 <= month <= 12 and 1 <= day <= days_in_month(year, month)):
        raise _fault(iso, "there is no such day; correct the month or the day")
    start = day_number(year, 1, 1)
    return year + (day_number(year, month, day) - start) / (day_number(year + 1, 1, 1) - start)


def days_in_month(year: int, month: int) -> int:
    """The number of days in a month of any year."""
    return calendar.monthrange(2000 + year % 400, month)[1]


def day_number(year: int, month: int, day: int) -> int:
    """The number of a day, 0 for 1970-01-01.

    >>> day_number(2000, 1, 1)
    10957
    """
    cycles, year_in_cycle = divmod(year, 400)
    return (date(2000 + year_in_cycle, month, day) - _DAY_0).days + (cycles - 5) * DAYS_IN_CYCLE


def month_start(year: int, month: int) -> int:
    """The number of a month's first day; months beyond 12 or below 1 are those of the years around."""
    return day_number(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def calendar_day(number: int) -> tuple[int, int, int]:
    """Year, month and day of a day's number; the inverse of `day_number`.

    >>> calendar_day(10957)
    (2000, 1, 1)
    """
    cycles, days = divmod(number - day_number(0, 1, 1), DAYS_IN_CYCLE)
    day = _YEAR_0 + timedelta(days)
    return day.year - 2000 + 400 * cycles, day.month, day.day


def iso_year(year: int) -> str:
    return f"{'-' if year < 0 else ''}{abs(year):04d}"


def iso_day(number: int) -> str:
    """A day's number as an ISO string.

    >>> iso_day(0)
    '1970-01-01'
    """
    year, month, day = calendar_day(number)
    return f"{iso_year(year)}-{month:02d}-{day:02d}"
