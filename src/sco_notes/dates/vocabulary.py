"""Turn the words of an expression into numbers: months, days, years, counts, units (see vocabulary.toml).

`groups` are the groups of a rule and the words that they hold, in small letters.
"""

import re
import tomllib
from pathlib import Path

WORDS = tomllib.loads((Path(__file__).parent / "vocabulary.toml").read_text(encoding="utf-8"))
MONTHS, WEEKDAYS, ORDINALS, BACK, AHEAD = (
    WORDS[name].split() for name in ("months", "weekdays", "ordinals", "back", "ahead")
)
NUMBERS = {word: n for n, word in enumerate(WORDS["numbers"]["count"].split())} | {"a": 1, "an": 1}
NUMBERS |= {word: 10 * n for n, word in enumerate(WORDS["numbers"]["tens"].split(), 1)}
TIMES = WORDS["numbers"]["times"]
VAGUE = {-1: "PAST_REF", 0: "PRESENT_REF", 1: "FUTURE_REF"}  # by the step of a word


def month_in(groups: dict[str, str]) -> int:
    """Return 1 to 12, or 0 where no month is named."""
    month = groups.get("month", "0")
    return int(month) if month.isdigit() else MONTHS.index(month[:3]) + 1


def day_in(groups: dict[str, str]) -> int:
    """Return the day of the month, or 0 where none is named."""
    day = groups.get("ordinal") or groups.get("day")
    return ordinal_of(day) if day else 0


def part_in(groups: dict[str, str]) -> str:
    """Return the season ("SU"), quarter ("Q3") or half ("H1") of a year, or ""."""
    if "season" in groups:
        return WORDS["seasons"][groups["season"]]
    if "fraction" not in groups:
        return ""
    part, kind = groups["part"], groups["fraction"][0].upper()
    parts = 2 if kind == "H" else 4
    if part in ("last", "latter"):
        return f"{kind}{parts}"
    return f"{kind}{min(ordinal_of(part), parts)}"


def year_in(groups: dict[str, str]) -> int | None:
    """Return the year as astronomers count (490 BC is -489), or None where none is named."""
    if words := groups.get("year_words"):  # "nineteen ninety-six", "two thousand"
        first, rest = words.split(maxsplit=1)
        return 2000 if rest == "thousand" else 100 * NUMBERS[first] + int(number_of(rest) or 0)
    year = groups.get("year") or groups.get("number")
    if not year:
        return None
    return 1 - int(year) if groups.get("era", "").startswith("b") else int(year)


def unit_in(groups: dict[str, str]) -> str:
    unit = groups.get("unit") or groups.get("units", "").removesuffix("s") or groups["one"]
    return "century" if unit == "centurie" else unit


def number_of(words: str) -> float | None:
    """Return the number that digits or words name, None for "few" and "many".

    >>> number_of("twenty-five"), number_of("two thousand"), number_of("half a"), number_of("a few")
    (25.0, 2000.0, 0.5, None)
    """
    words = words.replace(",", "")
    if words in ("half a", "half an"):
        return 0.5
    if half := re.fullmatch(r"(.+?)[\s-](?:and[\s-]a[\s-]half|1/2)", words):
        whole = number_of(half[1])
        return None if whole is None else whole + 0.5
    if words[:1].isdigit():
        return float(words)
    total, known = 0, False
    for word in re.split(r"[\s-]+", words):
        if word in TIMES:
            total *= TIMES[word]
        elif word in NUMBERS:
            total, known = total + NUMBERS[word], True
        else:
            return None
    return float(total) if known else None


def ordinal_of(word: str) -> int:
    """
    >>> ordinal_of("21st"), ordinal_of("twenty first")
    (21, 21)
    """
    return int(word.rstrip("dhnrst")) if word[0].isdigit() else ORDINALS.index(word.replace(" ", "-")) + 1


def duration_value(groups: dict[str, str]) -> str:
    """Return the value of a duration: "P2Y", "PT1H", "PXD" for a few days."""
    unit = unit_in(groups)
    words = groups.get("n", "")
    number = 1.0 if "one" in groups else 2.0 if "couple" in words else number_of(words)
    if number is not None and unit == "fortnight":
        number *= 2
    is_vague = number is None or "n_two" in groups or "n_from" in groups
    code = WORDS["durations"][unit]
    return f"P{'T' if code[0] == 'T' else ''}{'X' if is_vague else f'{number:g}'}{code.removeprefix('T')}"


def step_of(word: str) -> int:
    """Return -1 for a word that points back, 1 for one that points ahead, 0 for "this" and "that"."""
    return -1 if word in BACK else int(word in AHEAD)
