"""Reading one expression: from what a rule found and the context to a place in the calendar.

There is a reader for each kind of rule in rules.toml; READERS, at the end, is the list.
"""

from collections.abc import Callable
from dataclasses import replace

from . import units
from .anchor import Context
from .relative import read_offset, read_relative
from .units import Span, TimeValue, dated
from .vocabulary import (
    DAYTIMES,
    WEEKDAYS,
    WORDS,
    day_in,
    duration_value,
    month_in,
    ordinal_of,
    part_in,
    step_of,
    year_in,
)

MAX_DAYS_AHEAD = 90  # within which a date without a year and without a tense lies ahead


def read_expression(
    kind: str, groups: dict[str, str], start: int, end: int, context: Context, daytime: str = ""
) -> TimeValue | None:
    """What an expression of a kind says, or None if there is no such date ("31 June")."""
    reading = READERS[kind](groups, start, end, context)
    if reading and daytime and reading.span and reading.span.unit == "day":
        return TimeValue("TIME", f"{reading.value}T{DAYTIMES[daytime]}", reading.span, reading.source)
    return reading


def _calendar(groups: dict[str, str], start: int, end: int, context: Context) -> TimeValue | None:
    month, day, part = month_in(groups), day_in(groups), part_in(groups)
    if "holiday" in groups:
        month, day = next(date for name, date in WORDS["holidays"].items() if name in groups["holiday"])
    if "weekday" in groups and not day:
        return _weekday(groups, start, end, context)
    year, source = year_in(groups), None
    if year is None:
        year, source = _year_from_context(groups, month, day, start, end, context)
    if year is None:
        value = "XXXX" + (f"-{month:02d}" if month else f"-{part}") + (f"-{day:02d}" if day else "")
        return TimeValue("DATE", value, precision="day" if day else "month" if month else "season")
    span = _part_of(year, groups, month, day) if month or part else units.year_span(year)
    return dated(span, source) if span else None


def _year_from_context(
    groups: dict[str, str], month: int, day: int, start: int, end: int, context: Context
) -> tuple[int | None, Span | None]:
    """The year of a date that names none, and the date that gave it."""
    now = context.now("year")
    if "which" in groups:  # "June last year"
        base = context.base("year", groups["which"], False)
        return (base.year + step_of(groups["which"]), base) if base else (None, None)
    if context.narrative or context.goes_on(start):
        anchor = context.story_year(start, month) if context.narrative else context.anchor("year")
        if anchor:
            return anchor.year, anchor
    if not now:
        return None, None
    of_now = _part_of(now.year, groups, month, day)
    if now.unit == "year" or of_now is None:
        return now.year, now
    tense = context.tense(start, end)
    if tense == "future":
        return now.year + (of_now.last < now.first), now
    is_soon = now.last < of_now.first < now.last + MAX_DAYS_AHEAD and of_now.unit not in ("quarter", "half")
    if is_soon and not tense:
        return now.year, now
    return now.year - (of_now.first > now.last), now


def _part_of(year: int, groups: dict[str, str], month: int, day: int) -> Span | None:
    """The season, month or day of a year that the groups name."""
    if part := part_in(groups):
        return units.part_span(year, part)
    return units.calendar_span(year, month, day) if day else units.month_span(year, month)


def _weekday(groups: dict[str, str], start: int, end: int, context: Context) -> TimeValue:
    number = WEEKDAYS.index(groups["weekday"])
    anchor, now = context.anchor("day"), context.now("day")
    if context.narrative or not now:
        base, back = anchor, 3  # the nearest such day
    else:
        base, back = now, 0 if context.tense(start, end) == "future" else 6
    if base is None:
        return TimeValue("DATE", f"XXXX-WXX-{number + 1}", precision="day")
    first = base.first - back
    span = units.day_span(first + (number - (first + 3)) % 7)
    if "daytime" in groups:
        return TimeValue("TIME", f"{span.value}T{DAYTIMES[groups['daytime']]}", span, base)
    return dated(span, base)


def _numeric(groups: dict[str, str], start: int, end: int, context: Context) -> TimeValue | None:
    """15.06.2001 is 15 June; 03/07/2024 may be in March or in July: a day of 2024, and no more is said."""
    one, two, year = int(groups["day"]), int(groups["month_no"]), int(groups["year"])
    days = [units.calendar_span(year, m, d) for m, d in {(two, one), (one, two)} if 1 <= m <= 12]
    spans = [span for span in days if span]
    if len(spans) < 2:
        return dated(spans[0]) if spans else None
    whole, unclear = units.year_span(year), f"{year:04d}-XX-XX"
    return dated(Span("year", whole.first, whole.last, unclear, unclear))


def _decade(groups: dict[str, str], start: int, end: int, context: Context) -> TimeValue:
    year = year_in(groups)
    if year is not None:
        century = 0 < year < 2000 and year % 100 == 0  # of the 2000s, only ten years are told of yet
        return dated(units.century_span(year // 100 + 1) if century else units.decade_span(year))
    tens = WORDS["tens"].get(groups.get("tens_of_word", "")) or int(groups.get("tens_of", "0")[0])
    now = context.anchor("year") if context.narrative else context.now("year")
    if now is None:
        return dated(units.decade_span(1900 + 10 * tens))
    start_year = now.year // 100 * 100 + 10 * tens
    return dated(units.decade_span(start_year if start_year + 9 < now.year else start_year - 100), now)


def _century(groups: dict[str, str], start: int, end: int, context: Context) -> TimeValue | None:
    number = ordinal_of(groups["ordinal"])
    before = groups.get("era", "").startswith("b")
    if "decade" in groups:
        decade = 10 if groups["decade"] == "last" else ordinal_of(groups["decade"])
        return dated(units.decade_span(100 * (number - 1) + 10 * (decade - 1))) if number > 1 else None
    return dated(units.century_span(-number if before else number)) if 1 <= number <= 99 else None


def _turn(groups: dict[str, str], start: int, end: int, context: Context) -> TimeValue | None:
    """The year of hundreds nearest to the date that counts: to 1995, 2000."""
    source = None if {"ordinal", "millennium"} & groups.keys() else context.base("year", "this", True)
    if "ordinal" in groups:
        year = 100 * (ordinal_of(groups["ordinal"]) - 1)
    elif source:
        year = (source.year + 50) // 100 * 100
    elif "millennium" in groups:
        year = 2000
    else:
        return TimeValue("DATE", "XX00", precision="year")
    span = units.year_span(year)
    return dated(replace(span, edtf=f"{span.edtf}~"), source) if year > 0 else None


def _fiscal(groups: dict[str, str], start: int, end: int, context: Context) -> TimeValue:
    span = units.year_span(int(groups["year"]))
    return dated(Span("year", span.first, span.last, f"FY{span.value}", f"{span.edtf}~"))


def _week(groups: dict[str, str], start: int, end: int, context: Context) -> TimeValue | None:
    if "week" in groups:  # the week of 4 January is the first
        first = units.calendar_span(int(groups["year"]), 1, 4)
        return dated(units.week_span(first.first + 7 * int(groups["week"]) - 7)) if first else None
    day = _calendar(groups, start, end, context)
    return dated(units.week_span(day.span.first), day.source) if day and day.span else day


def _duration(groups: dict[str, str], start: int, end: int, context: Context) -> TimeValue:
    return TimeValue("DURATION", duration_value(groups))


def _set(groups: dict[str, str], start: int, end: int, context: Context) -> TimeValue:
    if "often" in groups:
        return TimeValue("SET", WORDS["often"].get(groups["often"], "XXXX"))
    if "weekend" in groups:
        return TimeValue("SET", "XXXX-WXX-WE")
    if "weekday" in groups:
        return TimeValue("SET", f"XXXX-WXX-{WEEKDAYS.index(groups['weekday']) + 1}")
    month, part = month_in(groups), part_in(groups)
    if month or part:
        return TimeValue("SET", f"XXXX-{part or f'{month:02d}'}")
    return TimeValue("SET", duration_value({"n": "a", **groups}))


def _clock(groups: dict[str, str], start: int, end: int, context: Context) -> TimeValue | None:
    hour, minute = int(groups.get("hour", 12)), groups.get("minute", "00")
    if groups.get("noon") == "midnight":
        hour = 0
    if "half_day" in groups:
        hour = hour % 12 + (12 if groups["half_day"][0] == "p" else 0)
    near = context.anchor("day") if context.narrative or context.same_sentence(start) else None
    day = near or context.now("day")
    if {"year", "month", "weekday"} & groups.keys():
        named = _calendar(groups, start, end, context)
        day = named.span if named else None
        if not day:
            return None
        return TimeValue("TIME", f"{day.value}T{hour:02d}:{minute}", day, named.source if named else None)
    time = f"T{hour:02d}:{minute}"
    if day is None:
        return TimeValue("TIME", time)
    span = units.containing("day", day.first)
    return TimeValue("TIME", span.value + time, span, day)


def _part_of_day(groups: dict[str, str], start: int, end: int, context: Context) -> TimeValue:
    return TimeValue("TIME", f"XXXX-XX-XXT{DAYTIMES[groups['daytime']]}")


def _vague_word(groups: dict[str, str], start: int, end: int, context: Context) -> TimeValue:
    return TimeValue("DATE", next(iter(groups)))


READERS: dict[str, Callable[[dict[str, str], int, int, Context], TimeValue | None]] = {
    "calendar": _calendar,
    "year": _calendar,
    "numeric": _numeric,
    "decade": _decade,
    "century": _century,
    "fiscal": _fiscal,
    "turn": _turn,
    "week": _week,
    "relative": read_relative,
    "offset": read_offset,
    "duration": _duration,
    "set": _set,
    "clock": _clock,
    "part": _part_of_day,
    "vague": _vague_word,
}
