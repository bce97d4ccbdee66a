"""Events known by a name: "the eighteenth SCO summit", "the Qingdao summit" have a date in the chronology."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from ..corpus.documents import read_chronology
from ..corpus.edtf import edtf_bounds
from ..files import data_folder
from .attachment import RULES

ORDINALS = RULES["words"]["ordinals"].split()


class Summit(NamedTuple):
    """A summit of the chronology; number is 0 where it has none."""

    fact_id: str
    edtf: str
    place: str
    number: int


def find_named(text: str, latest: str = "") -> list[tuple[int, int, Summit, bool]]:
    """Find the summits that a text names by number ("the 18th SCO summit") or by city ("the Qingdao summit"):
    start, end, the summit, and whether it is named by its number.

    A city with several summits means the last of them that began by `latest`, an ISO day (the end of the
    document's date); where that is not known, nothing is guessed: only a city with one summit is read.
    """
    found = []
    for match in name_pattern().finditer(text):
        words, city = match["number"], match["place"] or match["city"]
        if words:
            number = int(words[:-2]) if words[0].isdigit() else ORDINALS.index(words) + 1
            named = [summit for summit in summits() if summit.number == number > 0]
        else:
            named = [summit for summit in summits() if summit.number and summit.place == city]
            if latest or len(named) > 1:
                named = [summit for summit in named if edtf_bounds(summit.edtf)[0] <= latest]
        if named:
            found.append((*match.span(), named[-1], bool(words)))
    return found


@lru_cache
def summits() -> list[Summit]:
    """Return the summits of the chronology with their accepted dates, in its order."""
    facts = read_chronology(data_folder() / "chronology.csv")
    kept = facts[(facts["kind"] == "summit") & (facts["claim"] == "accepted")]
    number = kept["event"].str.extract(r"^(\d+)(?:st|nd|rd|th) SCO summit")[0].fillna(0).astype(int)
    return [Summit(*row) for row in zip(kept["fact_id"], kept["date"], kept["place"], number, strict=True)]


@lru_cache
def city_pattern() -> re.Pattern[str]:
    """Return a pattern for "in" or "at" a city in which a summit met."""
    return re.compile(rf"\b(?:in|at)\s({_any_of(summit.place for summit in summits())})\b")


@lru_cache
def name_pattern() -> re.Pattern[str]:
    """Return a pattern for a name of a summit, with the groups number, place and city."""
    cities = _any_of(summit.place for summit in summits() if summit.number)
    number = rf"{_any_of(ORDINALS)}|\d{{1,2}}(?:st|nd|rd|th)"
    return re.compile(
        rf"\b(?:(?P<number>{number})\s(?:SCO\s[Ss]ummit|summit\sof\sthe\sSCO)"
        rf"|(?P<place>{cities})\s(?:SCO\s)?[Ss]ummit|SCO\s[Ss]ummit\s(?:held\s)?in\s(?P<city>{cities}))\b"
    )


def _any_of(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first."""
    return "|".join(map(re.escape, sorted({*words} - {"online"}, key=lambda word: (-len(word), word))))
