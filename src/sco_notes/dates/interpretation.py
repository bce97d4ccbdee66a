"""Say what one expression means: from what a rule found and the context to a place in the calendar.

There is a reader for each kind of rule in rules.toml; READERS, at the end, is the list.
"""

from collections.abc import Callable

from . import units, vocabulary
from .anchor import FROM_NOW, Context
from .candidates import Candidate
from .units import Span, TimeValue, dated
from .vocabulary import WEEKDAYS, WORDS, day_in, month_in, ordinal_of, part_in, step_of, year_in

DAYS_NEAR = 90  # from the document date, before or after: so near is a date without a year and a tense
MAX_ADJACENT = 10  # characters to the word of tense that a date near the document date heeds


def read_expression(found: Candidate, context: Context) -> TimeValue | None:
    """Return what an expression says, or None if there is no such date ("31 June")."""
    value = READERS[found.kind](found, context)
    daytime = found.daytime or found.groups.get("daytime")
    if value and value.span and value.span.unit == "day" and daytime:
        return value._replace(type="TIME", value=f"{value.value}T{WORDS['daytimes'][daytime]}")
    return value


def _calendar(found: Candidate, context: Context) -> TimeValue | None:
    groups = found.groups
    month, day, part = month_in(groups), day_in(groups), part_in(groups)
    weekday: list[int] = []
    if "holiday" in groups:
        holidays = WORDS["holidays"].items()
        month, day, *weekday = next(date for name, date in holidays if name in groups["holiday"])
    if "weekday" in groups and not day:
        return _weekday(found, context)
    year, source = year_in(groups), None
    if year is None:
        year, source = _year_from_context(found, month, day, part, context)
    if year is None:
        value = "XXXX" + (f"-{month:02d}" if month else f"-{part}") + (f"-{day:02d}" if day else "")
        return TimeValue("DATE", value, precision="day" if day else "month" if month else "season")
    if weekday:  # "Thanksgiving", the fourth Thursday of November
        first = units.month_start(year, month)
        return dated(units.day_span(first + (weekday[0] - first - 4) % 7 + 7 * day - 7), source)
    span = _part_of(year, month, day, part)
    return dated(span, source) if span else None


def _part_of(year: int, month: int, day: int, part: str) -> Span | None:
    """The season, month or day of a year, or all of it; None where there is no such day."""
    if part:
        return units.part_span(year, part)
    if not month:
        return units.year_span(year)
    return units.calendar_span(year, month, day) if day else units.month_span(year, month)


def _year_from_context(
    found: Candidate, month: int, day: int, part: str, context: Context
) -> tuple[int | None, Span | None]:
    """The year of a date that names none, and the date that gave it."""
    if "which" in found.groups:  # "June last year"
        base = context.base("year", found.groups["which"], False)
        return (base.year + step_of(found.groups["which"]), base) if base else (None, None)
    of_quarter = "fraction" in found.groups and not context.anchor_is_told
    if context.narrative or (context.goes_on(found.start) and not of_quarter):
        anchor = context.story_year(found.start, month) if context.narrative else context.anchor("year")
        if anchor:
            return anchor.year, anchor
    now = context.now("year")
    if not now:
        return None, None
    this = _part_of(now.year, month, day, part)
    if now.unit == "year" or this is None:
        return now.year, now
    tense = context.tense(found.start, found.end)
    if this.unit in ("quarter", "half"):
        if this.last < now.first <= this.last + DAYS_NEAR:
            return now.year, now  # the one that ended last, even where its results "will" come
    elif (day or tense) and not context.tense(found.start, found.end, MAX_ADJACENT):
        # A verb farther off may tell of another time; a month in a sentence without any is the last one.
        for year in (now.year - 1, now.year, now.year + 1):
            near = _part_of(year, month, day, part)
            if near and near.first - now.last < DAYS_NEAR and now.first - near.last < DAYS_NEAR:
                return year, now
    if tense == "future":
        return now.year + (this.last < now.first), now
    return now.year - (this.first > now.last), now


def _weekday(found: Candidate, context: Context) -> TimeValue:
    number = WEEKDAYS.index(found.groups["weekday"])
    base, days_back = context.now("day"), 6
    if context.narrative or not base:
        base, days_back = context.anchor("day"), 3  # the nearest such day
    elif context.tense(found.start, found.end) == "future":
        days_back = 0
    if base is None:
        return TimeValue("DATE", f"XXXX-WXX-{number + 1}", precision="day")
    first = base.first - days_back
    return dated(units.day_span(first + (number - (first + 3)) % 7), base)


def _numeric(found: Candidate, context: Context) -> TimeValue | None:
    """15.06.2001 is 15 June; 03/07/2024 may be in March or in July: a day of 2024, and no more is said."""
    one, two, year = (int(found.groups[name]) for name in ("day", "month", "year"))
    days = (units.calendar_span(year, m, d) for m, d in {(two, one), (one, two)} if 1 <= m <= 12)
    spans = [*filter(None, days)]
    if len(spans) < 2:
        return dated(spans[0]) if spans else None
    unclear = f"{year:04d}-XX-XX"
    return dated(units.year_span(year)._replace(value=unclear, edtf=unclear))


def _decade(found: Candidate, context: Context) -> TimeValue:
    if (year := year_in(found.groups)) is not None:
        is_century = 0 < year < 2000 and year % 100 == 0  # of the 2000s, only ten years are told of yet
        return dated(units.century_span(year // 100 + 1) if is_century else units.decade_span(year))
    word = found.groups.get("tens_of_word", "")  # "the nineties"
    tens = vocabulary.NUMBERS[word.removesuffix("ies") + "y"] if word else int(found.groups["tens_of"])
    span_of = units.decade_span if word or found.groups["s"] else units.year_span  # "'89"
    now = context.anchor("year") if context.narrative else context.now("year")
    if now is None:
        return dated(span_of(1900 + tens))
    start = now.year // 100 * 100 + tens
    return dated(span_of(start if start <= now.year else start - 100), now)


def _century(found: Candidate, context: Context) -> TimeValue | None:
    groups, number = found.groups, ordinal_of(found.groups["ordinal"])
    if "decade" in groups:
        decade = 10 if groups["decade"] == "last" else ordinal_of(groups["decade"])
        return dated(units.decade_span(100 * (number - 1) + 10 * (decade - 1))) if number > 1 else None
    number = -number if groups.get("era", "").startswith("b") else number
    return dated(units.century_span(number)) if 1 <= abs(number) <= 99 else None


def _turn(found: Candidate, context: Context) -> TimeValue | None:
    """The year of hundreds nearest to the date that counts: to 1995, 2000."""
    source = None
    if "ordinal" in found.groups:
        year = 100 * (ordinal_of(found.groups["ordinal"]) - 1)
    elif "millennium" in found.groups:
        year = 2000
    elif source := context.base("year", "this", True):
        year = (source.year + 50) // 100 * 100
    else:
        return TimeValue("DATE", "XX00", precision="year")
    span = units.year_span(year)
    return dated(span._replace(edtf=f"{span.edtf}~"), source) if year > 0 else None


def _period(found: Candidate, context: Context) -> TimeValue:
    """A quarter or half of another year, numbered, or the one the text is about ("the year-ago period")."""
    groups, now = found.groups, context.now("year")
    which, year, source = groups.get("which", ""), year_in(groups), None
    if "month" in groups:  # "the quarter ended Sept. 30": the one in which its middle lies
        year, source = _year_from_context(found, month := month_in(groups), 0, "", context)
        if year:
            return dated(units.containing("quarter", units.month_start(year, month - 1)), source)
    last = context.quarter or (units.shift(now, "quarter", -1) if now and context.now("quarter") else None)
    if year is None:
        source = now if which in ("this", "last", "next", "last year") else last
        if source is None:
            return TimeValue("DATE", WORDS["unknown"]["quarter"], precision="quarter")
        year = source.year + (which == "next") - (which not in ("this", "next", ""))
    if "part" in groups:
        return dated(units.part_span(year, part_in(groups)), source)
    is_year = groups["fraction"] == "period" and which and not context.quarter
    span = units.part_span(year, last.value[-2:]) if last and not is_year else units.year_span(year)
    return dated(span, source)


def _fiscal(found: Candidate, context: Context) -> TimeValue:
    year = found.groups["year"]
    return dated(units.year_span(int(year))._replace(edtf=f"{year}~"))


def _week(found: Candidate, context: Context) -> TimeValue | None:
    if "week" in found.groups:  # the week of 4 January is the first
        first = units.month_start(int(found.groups["year"]), 1) + 3
        return dated(units.week_span(first + 7 * int(found.groups["week"]) - 7))
    day = _calendar(found, context)
    return dated(units.week_span(day.span.first), day.source) if day and day.span else day


def _set(found: Candidate, context: Context) -> TimeValue:
    groups = found.groups
    month, part = month_in(groups), part_in(groups)
    if "often" in groups:
        value = WORDS["often"][groups["often"]]
    elif "weekend" in groups:
        value = "XXXX-WXX-WE"
    elif "weekday" in groups:
        value = f"XXXX-WXX-{WEEKDAYS.index(groups['weekday']) + 1}"
    elif "daytime" in groups:
        value = f"XXXX-XX-XXT{WORDS['daytimes'][groups['daytime']]}"
    elif month or part:
        value = f"XXXX-{part or f'{month:02d}'}"
    else:
        value = vocabulary.duration_value({"n": "a", **groups})
    return TimeValue("SET", value)


def _clock(found: Candidate, context: Context) -> TimeValue | None:
    groups = found.groups
    hour = 0 if groups.get("noon") == "midnight" else int(groups.get("hour", 12))
    if "half_day" in groups:
        hour = hour % 12 + (12 if groups["half_day"][0] == "p" else 0)
    time = f"T{hour:02d}:{groups.get('minute', '00')}"
    if {"year", "month", "weekday"} & groups.keys():
        day = _calendar(found, context)
        return TimeValue("TIME", day.span.value + time, day.span, day.source) if day and day.span else None
    is_near = context.narrative or context.same_sentence(found.start)
    source = (context.anchor("day") if is_near else None) or context.now("day")
    if source is None:
        return TimeValue("TIME", time)
    span = units.day_span(source.first)
    return TimeValue("TIME", span.value + time, span, source)


def _relative(found: Candidate, context: Context) -> TimeValue | None:
    """What "last year", "the weekend" or "yesterday" means; None beyond what a text can name."""
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
    if unit == "weekend" and word in ("coming", "upcoming"):
        step = 0
    elif unit == "weekend" and not word and context.tense(found.start, found.end) != "future":
        step = -(units.week_span(base.first, "weekend").first > base.last)  # the last one
    is_first = unit == "century" and base.year % 100 == 0  # in 2000 the next century is the twenty-first
    span = units.shift(units.year_span(base.year - 1) if is_first else base, unit, step)
    return dated(span, base) if span else None


def _unknown(value: str, precision: str, word: str, step: int) -> TimeValue:
    """A date that cannot be placed: PAST_REF, FUTURE_REF where it counts from the time of writing."""
    is_vague = word in FROM_NOW or word == "next"
    return TimeValue("DATE", vocabulary.VAGUE[step] if is_vague else value, precision=precision)


def _day_word(groups: dict[str, str], context: Context) -> TimeValue:
    word, now = groups["day_word"], context.now("day")
    if now is None or context.narrative:
        is_present = word in ("today", "tonight", "overnight")
        return TimeValue("DATE", "PRESENT_REF" if is_present else WORDS["unknown"]["day"], precision="day")
    days = word.endswith("tomorrow") - word.endswith("yesterday")
    if "before" in word or "after" in word:
        days *= 2
    return dated(units.day_span(now.first + days), now)


def _named_part(groups: dict[str, str], context: Context) -> TimeValue:
    """ "last June", "next summer", "that autumn": the nearest before or after, or the one of that year."""
    part, month = part_in(groups), month_in(groups)
    word, the = groups.get("which", ""), "the" in groups
    step = step_of(word)
    base = context.base("month" if step else "year", word, the) or context.base("year", word, the)
    is_year_only = base and base.unit in ("century", "decade", "year")
    if not base or (is_year_only and step and (word in FROM_NOW or word == "next")):
        precision = "season" if part else "month"
        return TimeValue("DATE", f"XXXX-{part or f'{month:02d}'}", precision=precision)
    # In the direction that counts.
    years = [base.year + step * away for away in (-2, -1, 0, 1, 2)]
    spans = [span for year in years if (span := _part_of(year, month, 0, part))]
    if is_year_only or not step:
        return dated(spans[3], base)
    nearest = next(span for span in spans if (span.last < base.first if step < 0 else span.first > base.last))
    return dated(nearest, base)


def _offset(found: Candidate, context: Context) -> TimeValue:
    """What "three days ago" or "two years later" means."""
    groups = found.groups
    way, unit = groups["way"], vocabulary.unit_in(groups)
    step = step_of(way) or 1
    count = 1 if "one" in groups else vocabulary.number_of(groups.get("n", ""))
    if unit == "fortnight":
        unit, count = "week", count and 2 * count
    unit = "day" if unit == "night" else unit
    is_about = way == "ago" and bool(count) and (unit == "decade" or (unit, count) == ("century", 0.5))
    if is_about and count:  # "two decades ago" is a year, if not an exact one
        unit, count = "year", count * (10 if unit == "decade" else 100)
    if count is None or count != int(count) or unit not in WORDS["unknown"]:
        is_clock = unit in ("hour", "minute", "second")
        return TimeValue("TIME" if is_clock else "DATE", vocabulary.VAGUE[step])
    if context.quarter and not context.narrative and (unit, count, step) == ("year", 1, -1):
        quarter = context.quarter  # of a year ago, where a quarter is spoken of, its results are meant
        return dated(units.part_span(quarter.year - 1, quarter.value[-2:]), quarter)
    base = context.base(unit, way, False)
    span = base and units.shift(base, unit, step * int(count))
    if span and is_about:
        span = span._replace(edtf=f"{span.edtf}~")
    return dated(span, base) if span else _unknown(WORDS["unknown"][unit], unit, way, step)


READERS: dict[str, Callable[[Candidate, Context], TimeValue | None]] = {
    "calendar": _calendar,
    "year": _calendar,
    "numeric": _numeric,
    "decade": _decade,
    "century": _century,
    "fiscal": _fiscal,
    "period": _period,
    "turn": _turn,
    "week": _week,
    "relative": _relative,
    "offset": _offset,
    "duration": lambda found, _: TimeValue("DURATION", vocabulary.duration_value(found.groups)),
    "set": _set,
    "clock": _clock,
    "part": lambda found, _: TimeValue("TIME", f"XXXX-XX-XXT{WORDS['daytimes'][found.groups['daytime']]}"),
    "vague": lambda found, _: TimeValue("DATE", next(iter(found.groups))),
    "told": lambda found, context: READERS["vague"](found, context) if context.narrative else None,
}
