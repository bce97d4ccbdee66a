"""Read words.toml: the words and patterns of the scorers."""

import re
import tomllib
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=1)
def read_lists() -> dict:
    """Return words.toml, read once."""
    return tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))


def words(name: str) -> tuple[str, ...]:
    """Return the words of a list in their order.

    >>> words("contrast")
    ('while', 'whilst', 'whereas')
    """
    return tuple(read_lists()[name]["words"].split())


def pattern(name: str) -> re.Pattern[str]:
    """Compile the pattern of a list.

    >>> pattern("contrast").findall("Iran spoke, while China was silent.")
    ['while']
    """
    text = read_lists()[name]["pattern"]
    for part in ("quote", "link"):
        text = text.replace(f"{{{part}}}", read_lists()[part])
    return re.compile(text.replace("{words}", "|".join(words(name))) if "{words}" in text else text)
