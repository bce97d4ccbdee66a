"""Read dates of any year: Extended Date/Time Format (EDTF, ISO 8601-2) to its first and last day.

Python's datetime ends at the years 1 and 9999 and pandas guesses, so days are plain integers here: the number
of the day in the Gregorian calendar carried back without end (1970-01-01 is 0), years as
astronomers count them (1 BC is the year 0, 490 BC is -489). Source of the format:
https://www.loc.gov/standards/datetime/
"""

import re
from contextlib import suppress
from datetime import date as Date
from datetime import timedelta

from ..errors import SCONotesError

# Seasons of the northern hemisphere, quarters and halves of a year: EDTF code -> (first month, months).
# A winter belongs to the year in which it begins.
PARTS_OF_YEAR = {21: (3, 3), 22: (6, 3), 23: (9, 3), 24: (12, 3)}
PARTS_OF_YEAR |= {33 + quarter: (1 + 3 * quarter, 3) for quarter in range(4)} | {40: (1, 6), 41: (7, 6)}

# The calendar repeats every 400 years: all is counted from 2000 on, where datetime.date knows it.
CYCLE_YEARS, CYCLE_DAYS = 400, 146_097
_2000, _1970 = Date(2000, 1, 1).toordinal(), Date(1970, 1, 1).toordinal()

_ISO = re.compile(r"(-?[0-9]{4,})-([0-9]{2})-([0-9]{2})")
_NUMBERS = re.compile(r"(\d{1,4})([./-]) ?(\d{1,2})\2 ?(\d{1,4})")
_TIME = re.compile(r"(?<=\d)[T ]\d{1,2}:\d\d.*")
MONTHS = "january february march april may june july august september october november december".split()
_NAMED = re.compile(r"(?:(\d{1,2})[a-z.]{0,2} )?([a-z]{3,9})\.?(?: (\d{1,2})[a-z]{0,2})? (\d{4})")
_WEEKDAY = re.compile(r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.? ")
_DATE = re.compile(
    r"(?P<year>-?[0-9]{4}|Y-?[0-9]{5,9}|-?[0-9]{3}X|-?[0-9]{2}XX)"
    r"(?:-(?P<month>[0-9]{2}|XX)(?:-(?P<day>[0-9]{2}|XX))?)?[?~%]?"
)


def edtf_bounds(edtf: str) -> tuple[str, str]:
    """Return the first and last day of an EDTF date, as ISO strings; "" for an open (..) or unknown end.

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
    """Return the first and last day of an EDTF date as numbers, None for an open or unknown end."""
    if not isinstance(edtf, str):
        raise SCONotesError(f"date {edtf!r}: not text; write a date like 2024-07-03")
    start, slash, end = edtf.partition("/")
    if not slash:
        return _days_of(edtf, edtf)
    if "/" in end or {start, end} <= {"", ".."}:
        raise _unreadable(edtf)
    first, last = (None if part in ("", "..") else _days_of(part, edtf) for part in (start, end))
    if first and last and (first[0] > last[0] or first[1] > last[1]):
        remedy = "write the earlier date first"
        raise SCONotesError(f"date {edtf!r}: the interval ends before it begins; {remedy}")
    return first[0] if first else None, last[1] if last else None


def read_date(written: str, order: str = "") -> str:
    """Return a date as people write it in EDTF, where it can be read in one way only.

    EDTF stays what it is; a time of day is dropped. `order`, "day-first" or "month-first", decides where
    numbers could be either; with points (04.07.2024) the day comes first. Raises SCONotesError where no order
    is given, and for what is no date.

    >>> read_date("15/08/2021"), read_date("4 July 2024"), read_date("04/07/2024", "day-first")
    ('2021-08-15', '2024-07-04', '2024-07-04')
    """
    text = _TIME.sub("", " ".join(str(written).split()))
    text = re.sub(r"([12]\d{3})(\d\d)(\d\d)", r"\1-\2-\3", text) if len(text) == 8 else text
    with suppress(SCONotesError):
        edtf_bounds(text)
        return text
    ways: dict[str, tuple[str, ...]]
    if match := _NUMBERS.fullmatch(text):
        first, sign, middle, last = match.groups()
        if sorted(map(len, (first, last)))[0] > 2 or 4 not in map(len, (first, last)):
            raise SCONotesError(f"date {written!r}: a year has four digits; write it like 2024-07-03")
        ways = {"day-first": (last, middle, first), "month-first": (last, first, middle)}
        ways = ways if len(last) == 4 else {"": (first, middle, last)}
        if sign == "." and order != "month-first":  # nobody writes months first with points
            ways.pop("month-first", None)
    elif named := _NAMED.fullmatch(_WEEKDAY.sub("", re.sub(r"(?:,| of)? ", " ", text.lower()))):
        day, month = named[1] or named[3], named[2].replace("sept", "sep")
        months = [n for n, name in enumerate(MONTHS, 1) if name.startswith((month, named[2]))]
        if not months or (named[1] and named[3]):
            raise _unreadable(written)
        ways = {"": (named[4], str(months[0]), *([day] if day else []))}
    else:
        edtf_bounds(text)  # it says what is wrong
        raise _unreadable(written)
    readings = {}
    for way, parts in ways.items():
        with suppress(SCONotesError):
            date = "-".join(part.zfill(2) for part in parts)
            edtf_bounds(date)
            readings[way] = date
    if not readings:
        if len(ways) == 1:
            edtf_bounds(date)  # it says what is wrong with an ISO date
        raise SCONotesError(f"date {written!r}: there is no such day; correct the day or the month")
    if len(set(readings.values())) > 1 and order not in readings:
        both = " or ".join(f"{date} ({way})" for way, date in readings.items())
        how = "write it so, or say --dates day-first or month-first"
        raise SCONotesError(f"date {written!r}: ambiguous, {both}? {how.capitalize()}")
    return readings.get(order) or next(iter(readings.values()))


def _days_of(date: str, whole: str) -> tuple[int, int]:
    match = _DATE.fullmatch(date)
    if not match:
        raise _not_a_year(date) if re.fullmatch(r"-?[0-9]+", date) else _unreadable(whole)
    year, month, day = match.group("year", "month", "day")
    if "X" in year:
        if month:
            raise _unreadable(whole)
        first, last = sorted(int(year.replace("X", digit)) for digit in "09")
        return month_start(first, 1), month_start(last + 1, 1) - 1
    if year == "-0000":
        raise SCONotesError(f"date {whole!r}: there is no year -0000; 1 BC is 0000, 2 BC is -0001")
    y, m = int(year.removeprefix("Y")), int((month or "XX").replace("XX", "1"))
    months = 1 if month and month != "XX" else 12
    if m in PARTS_OF_YEAR and not day:
        m, months = PARTS_OF_YEAR[m]
    if not 1 <= m <= 12:
        remedy = "write year-month-day, like 2024-07-03"
        raise SCONotesError(f"date {whole!r}: there is no month {month}; {remedy}")
    first, last = month_start(y, m), month_start(y, m + months) - 1
    if months > 1 or not day or day == "XX":
        return first, last
    if not 1 <= int(day) <= last - first + 1:
        raise SCONotesError(f"date {whole!r}: {year}-{month} has {last - first + 1} days; correct the day")
    return first + int(day) - 1, first + int(day) - 1


def _unreadable(date: str) -> SCONotesError:
    forms = "2024-07-03 (or 2024-07, 2024, 199X, 2024-07-03/2024-07-04)"
    return SCONotesError(f"date {date!r}: not a date that can be read; write {forms}")


def _not_a_year(date: str) -> SCONotesError:
    digits = date.removeprefix("-")
    if len(digits) > 4:
        day = Date(1899, 12, 30) + timedelta(int(digits)) if len(digits) == 5 else ""
        meant = f"as a day number of a spreadsheet it is {day}: format the cells as dates" if day else ""
        return SCONotesError(f"date {date!r}: {meant or 'is it a year?'}; a year so far is written Y{date}")
    hint = f"write {date[: -len(digits)]}{digits.zfill(4)}"
    if int(digits) == 0:
        hint = "there is no year 0, and 0000 stands for 1 BC"
    return SCONotesError(f"date {date!r}: a year has four digits; {hint}")


def decimal_year(iso: str) -> float:
    """Return an ISO day of any year as a number for plotting: the year and the share of it that is past.

    Raises SCONotesError if `iso` is not a day like 2024-07-03.

    >>> decimal_year("2023-07-02"), decimal_year("-0489-01-01")
    (2023.4986301369863, -489.0)
    """
    match = _ISO.fullmatch(iso) if isinstance(iso, str) else None
    if not match:
        remedy = "write it like 2024-07-03 (an EDTF date: see edtf_bounds)"
        raise SCONotesError(f"date {iso!r}: not a day; {remedy}")
    year, month, day = map(int, match.groups())
    if not (1 <= month <= 12 and 1 <= day <= days_in_month(year, month)):
        raise SCONotesError(f"date {iso!r}: there is no such day; correct the month or the day")
    start, end = month_start(year, 1), month_start(year + 1, 1)
    return year + (month_start(year, month) + day - 1 - start) / (end - start)


def days_in_month(year: int, month: int) -> int:
    return month_start(year, month + 1) - month_start(year, month)


def month_start(year: int, month: int) -> int:
    """Return the number of a month's first day; months beyond 12 or below 1 are those of the years around.

    >>> month_start(1999, 13)
    10957
    """
    cycles, months = divmod(12 * (year - 2000) + month - 1, 12 * CYCLE_YEARS)
    first = Date(2000 + months // 12, months % 12 + 1, 1)
    return cycles * CYCLE_DAYS + first.toordinal() - _1970


def calendar_day(number: int) -> tuple[int, int, int]:
    """Return year, month and day of a day's number, 0 for 1970-01-01.

    >>> calendar_day(10957)
    (2000, 1, 1)
    """
    cycles, days = divmod(number + _1970 - _2000, CYCLE_DAYS)
    day = Date.fromordinal(_2000 + days)
    return day.year + cycles * CYCLE_YEARS, day.month, day.day


def iso_year(year: int) -> str:
    return f"{'-' if year < 0 else ''}{abs(year):04d}"


def iso_day(number: int) -> str:
    """Return a day's number as an ISO string.

    >>> iso_day(0)
    '1970-01-01'
    """
    year, month, day = calendar_day(number)
    return f"{iso_year(year)}-{month:02d}-{day:02d}"
