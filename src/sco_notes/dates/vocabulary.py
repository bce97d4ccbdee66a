"""Read the words of an expression, the groups of its rule, as numbers: months, days, years, counts, units."""

import re
import tomllib
from pathlib import Path
from typing import Any

WORDS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("vocabulary.toml").read_text(encoding="utf-8"))
MONTHS, WEEKDAYS, ORDINALS = WORDS["months"], WORDS["weekdays"], WORDS["ordinals"]
BACK, AHEAD = frozenset(WORDS["back"]), frozenset(WORDS["ahead"])
FROM_NOW = frozenset(WORDS["from_now"])
UNKNOWN, DAYTIMES = WORDS["unknown"], WORDS["daytimes"]


def month_in(groups: dict[str, str]) -> int:
    for name in ("month", "full_month", "full_month_two", "full_month_three", "month_two"):
        if name in groups:
            return MONTHS.index(groups[name][:3]) + 1
    return int(groups.get("month_no", 0))


def day_in(groups: dict[str, str]) -> int:
    if "ordinal" in groups:
        return ordinal_of(groups["ordinal"])
    day = next((groups[name] for name in ("day", "day_no", "day_two") if name in groups), "")
    return int(re.sub(r"[^0-9]", "", day) or 0)


def part_in(groups: dict[str, str]) -> str:
    if "season" in groups:
        return WORDS["seasons"][groups["season"]]
    fraction = groups.get("fraction") or groups.get("fraction_two")
    if not fraction:
        return ""
    part, kind = groups.get("part") or groups["part_two"], fraction[0].upper()
    count = {"first": 1, "second": 2, "third": 3, "fourth": 4}.get(part)
    if count is None:
        count = int(part[0]) if part[0].isdigit() else (2 if kind == "H" else 4)
    return f"{kind}{min(count, 2 if kind == 'H' else 4)}"


def year_in(groups: dict[str, str]) -> int | None:
    if "year" not in groups and "number" not in groups:
        return None
    year = int(groups.get("year") or groups["number"])
    return 1 - year if groups.get("era", "").startswith("b") else year


def unit_in(groups: dict[str, str]) -> str:
    unit = groups.get("unit") or groups.get("unit_two") or groups.get("units", "").removesuffix("s")
    unit = unit or groups["one"]
    return "century" if unit == "centurie" else unit


def number_of(words: str) -> float | None:
    """The number that digits or words name, None for "few" and "many".

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
        if word in WORDS["times"]:
            total *= WORDS["times"][word]
        elif word in WORDS["numbers"]:
            total, known = total + WORDS["numbers"][word], True
        else:
            return None
    return float(total) if known else None


def duration_value(groups: dict[str, str]) -> str:
    unit = unit_in(groups)
    number = 1.0 if "one" in groups else number_of(groups.get("n", ""))
    if number is not None and unit == "fortnight":
        number *= 2
    vague = number is None or "n_two" in groups or "n_from" in groups
    letters = WORDS["durations"][unit]
    count = "X" if vague else f"{number:g}"
    return f"P{'T' * (letters[0] == 'T')}{count}{letters.lstrip('T')}"


def step_of(word: str) -> int:
    return -1 if word in BACK else int(word in AHEAD)


def vague_reference(step: int) -> str:
    return {-1: "PAST_REF", 0: "PRESENT_REF", 1: "FUTURE_REF"}[step]


def ordinal_of(word: str) -> int:
    """
    >>> ordinal_of("21st"), ordinal_of("twenty first")
    (21, 21)
    """
    return int(word[:-2]) if word[0].isdigit() else ORDINALS.index(word.replace(" ", "-")) + 1
