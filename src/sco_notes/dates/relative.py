"""Read what counts from another date: "last year", "the following day", "two weeks ago"."""

from dataclasses import replace

from . import units
from .anchor import FROM_NOW, Context
from .candidates import Candidate
from .units import Span, TimeValue, dated
from .vocabulary import VAGUE, WEEKDAYS, WORDS, month_in, number_of, part_in, step_of, unit_in


def read_relative(found: Candidate, context: Context) -> TimeValue | None:
    """Return what "last year", "the weekend" or "yesterday" means; None beyond what a text can name."""
    groups = found.groups
    if "day_word" in groups:
        return _day_word(groups, context)
    if "month" in groups or "season" in groups:
        return _named_part(groups, context)
    # "The next fiscal year" counts from the document, whatever year was named before.
    word, the = groups.get("which", ""), "the" in groups and "fiscal" not in groups
    step = step_of(word)
    unit = groups.get("span") or ("weekend" if "weekend" in groups else "day")
    base = context.base(unit, word, the)
    if not word:  # "the end of the year"
        is_here = context.narrative or context.same_sentence(found.start)
        named = context.anchor(unit)
        base = (unit == "quarter" and context.quarter) or (is_here and named) or context.now(unit) or named
    if base is None:
        return _unknown(WORDS["unknown"][unit], unit, word, step)
    if "weekday" in groups:
        day = units.week_span(base.first).first + WEEKDAYS.index(groups["weekday"])
        weeks = (step > 0 and day <= base.first) - (step < 0 and day >= base.first)
        return dated(units.day_span(day + 7 * weeks), base)
    if unit == "weekend":
        step = _weekends_away(found, word, step, base, context)
    is_first = unit == "century" and base.year % 100 == 0  # in 2000 the next century is the twenty-first
    span = units.shift(units.year_span(base.year - 1) if is_first else base, unit, step)
    return dated(span, base, groups.get("daytime", "")) if span else None


def _unknown(value: str, precision: str, word: str, step: int) -> TimeValue:
    """A date that cannot be placed: PAST_REF, FUTURE_REF where it counts from the time of writing."""
    is_vague = word in FROM_NOW or word == "next"
    return TimeValue("DATE", VAGUE[step] if is_vague else value, precision=precision)


def _weekends_away(found: Candidate, word: str, step: int, base: Span, context: Context) -> int:
    if word in ("coming", "upcoming"):
        return 0
    if word or context.tense(found.start, found.end) == "future":
        return step
    return -1 if units.week_span(base.first, "weekend").first > base.last else 0  # the last one


def _day_word(groups: dict[str, str], context: Context) -> TimeValue:
    word, now = groups["day_word"], context.now("day")
    if now is None or context.narrative:
        is_present = word in ("today", "tonight", "overnight")
        return TimeValue("DATE", "PRESENT_REF" if is_present else WORDS["unknown"]["day"], precision="day")
    days = word.endswith("tomorrow") - word.endswith("yesterday")
    if "before" in word or "after" in word:
        days *= 2
    daytime = "night" if word.endswith("night") else groups.get("daytime", "")
    return dated(units.day_span(now.first + days), now, daytime)


def _named_part(groups: dict[str, str], context: Context) -> TimeValue:
    """ "last June", "next summer", "that autumn": the nearest before or after, or the one of that year."""
    part, month = part_in(groups), month_in(groups)
    word, the = groups.get("which", ""), "the" in groups
    step = step_of(word)
    precision = "season" if part else "month"
    unknown = TimeValue("DATE", f"XXXX-{part or f'{month:02d}'}", precision=precision)
    base = context.base("month" if step else "year", word, the) or context.base("year", word, the)
    if base is None:
        return unknown

    def of(year: int) -> Span:
        return units.part_span(year, part) if part else units.month_span(year, month)

    is_year_only = base.unit in ("century", "decade", "year")
    if is_year_only and step and (word in FROM_NOW or word == "next"):
        return unknown
    if is_year_only or not step:
        return dated(of(base.year + step), base)
    spans = (of(base.year + step * years) for years in (-2, -1, 0, 1, 2))  # in the direction that counts
    nearest = next(span for span in spans if (span.last < base.first if step < 0 else span.first > base.last))
    return dated(nearest, base)


def read_offset(found: Candidate, context: Context) -> TimeValue:
    """Return what "three days ago" or "two years later" means."""
    groups = found.groups
    way, unit = groups["way"], unit_in(groups)
    step = step_of(way) or 1
    count = 1 if "one" in groups else number_of(groups.get("n", ""))
    if unit == "fortnight":
        unit, count = "week", count and 2 * count
    unit = "day" if unit == "night" else unit
    is_about = way == "ago" and bool(count) and (unit == "decade" or (unit, count) == ("century", 0.5))
    if is_about and count:  # "two decades ago" is a year, if not an exact one
        unit, count = "year", count * (10 if unit == "decade" else 100)
    if count is None or count != int(count) or unit not in WORDS["unknown"]:
        is_clock = unit in ("hour", "minute", "second")
        return TimeValue("TIME" if is_clock else "DATE", VAGUE[step])
    if context.quarter and not context.narrative and (unit, count, step) == ("year", 1, -1):
        quarter = context.quarter  # of a year ago, where a quarter is spoken of, its results are meant
        return dated(units.part_span(quarter.year - 1, quarter.value[-2:]), quarter)
    base = context.base(unit, way, False)
    span = base and units.shift(base, unit, step * int(count))
    if span and is_about:
        span = replace(span, edtf=f"{span.edtf}~")
    return dated(span, base) if span else _unknown(WORDS["unknown"][unit], unit, way, step)
