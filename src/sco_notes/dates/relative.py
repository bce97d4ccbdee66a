"""Reading what counts from another date: "last year", "the following day", "two weeks ago"."""

from . import units
from .anchor import Context
from .units import Span, TimeValue, dated
from .vocabulary import (
    DAYTIMES,
    FROM_NOW,
    UNKNOWN,
    WEEKDAYS,
    month_in,
    number_of,
    part_in,
    step_of,
    unit_in,
    vague_reference,
)


def read_relative(groups: dict[str, str], start: int, end: int, context: Context) -> TimeValue | None:
    if "day_word" in groups:
        return _day_word(groups, context)
    word, the = groups.get("which", ""), "the" in groups
    step = step_of(word)
    if "full_month" in groups or "season" in groups:
        return _named_part(groups, word, the, step, context)
    unit = groups.get("span") or ("weekend" if "weekend" in groups else "day")
    base = context.base(unit, word, the)
    if not word:  # "the end of the year"
        here = context.narrative or context.same_sentence(start)
        base = context.anchor(unit) if here else context.now(unit) or context.anchor(unit)
    if "weekend" in groups and not word and base:  # the last or the next
        ahead = units.week_span(base.first, weekend=True).first > base.last
        step = 0 if context.tense(start, end) == "future" else -ahead
    if "weekend" in groups and word in ("coming", "upcoming"):
        step = 0
    if base is None:
        value = vague_reference(step) if word in FROM_NOW or word == "next" else UNKNOWN[unit]
        return TimeValue("DATE", value, precision=unit)
    if "weekday" in groups:
        return _weekday_beside(groups["weekday"], step, base)
    span = units.shift(base, unit, step)
    if span is None:
        return None
    if "daytime" in groups:
        return TimeValue("TIME", f"{span.value}T{DAYTIMES[groups['daytime']]}", span, base)
    return dated(span, base)


def _day_word(groups: dict[str, str], context: Context) -> TimeValue:
    word, now = groups["day_word"], context.now("day")
    if now is None or context.narrative:
        value = "PRESENT_REF" if word in ("today", "tonight", "overnight") else UNKNOWN["day"]
        return TimeValue("DATE", value, precision="day")
    days = 2 if "before" in word or "after" in word else 1
    span = units.day_span(now.first + days * (word.endswith("tomorrow") - word.endswith("yesterday")))
    daytime = "night" if word.endswith("night") else groups.get("daytime", "")
    return TimeValue("TIME", f"{span.value}T{DAYTIMES[daytime]}", span, now) if daytime else dated(span, now)


def _weekday_beside(weekday: str, step: int, base: Span) -> TimeValue:
    number = WEEKDAYS.index(weekday)
    monday = units.week_span(base.first).first
    day = monday + number
    if step > 0 and day <= base.first:
        day += 7
    if step < 0 and day >= base.first:
        day -= 7
    return dated(units.day_span(day), base)


def _named_part(groups: dict[str, str], word: str, the: bool, step: int, context: Context) -> TimeValue:
    """ "last June", "next summer", "that autumn": the nearest before or after, or the one of that year."""
    part, month = part_in(groups), month_in(groups)
    base = context.base("year" if not step else "month", word, the) or context.base("year", word, the)
    unknown = TimeValue("DATE", f"XXXX-{part or f'{month:02d}'}", precision="season" if part else "month")
    if base is None:
        return unknown

    def of(year: int) -> Span:
        return units.part_span(year, part) if part else units.month_span(year, month)

    if base.unit != "interval" and units.FINENESS.index(base.unit) <= units.FINENESS.index("year") and step:
        # "last June" in a text of which only the year is known: of that year, or of the one before
        if word in FROM_NOW or word == "next":
            return unknown
        return dated(of(base.year + step), base)
    if not step:
        return dated(of(base.year + step), base)
    years = [base.year + offset for offset in (-2, -1, 0, 1, 2)]
    if step < 0:
        return dated(next(of(year) for year in reversed(years) if of(year).last < base.first), base)
    return dated(next(of(year) for year in years if of(year).first > base.last), base)


def read_offset(groups: dict[str, str], start: int, end: int, context: Context) -> TimeValue:
    """ "three days ago", "two years later" """
    way, unit = groups["way"], unit_in(groups)
    step = step_of(way) or 1
    count = number_of(groups.get("n", ""))
    if unit == "fortnight":
        unit, count = "week", count and 2 * count
    if unit == "night":
        unit = "day"
    if "one" in groups:
        count = 1
    if count is None or count != int(count) or unit not in UNKNOWN:
        return TimeValue("TIME" if unit in ("hour", "minute", "second") else "DATE", vague_reference(step))
    base = context.base(unit, way, False)
    span = base and units.shift(base, unit, step * int(count))
    if not base or not span:
        return TimeValue("DATE", vague_reference(step) if way in FROM_NOW else UNKNOWN[unit], precision=unit)
    return dated(span, base)
