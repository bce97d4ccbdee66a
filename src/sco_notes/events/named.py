"""Events known by a name: "the eighteenth SCO summit", "the Qingdao summit" have a date in the chronology."""

import re
from functools import lru_cache
from typing import NamedTuple

from ..corpus.documents import read_chronology
from ..corpus.edtf import edtf_bounds
from ..files import data_folder

_ONES = "first second third fourth fifth sixth seventh eighth ninth".split()
_TEENS = "tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth".split()
_TEENS += ["seventeenth", "eighteenth", "nineteenth"]
ORDINALS = [*_ONES, *_TEENS, "twentieth", *(f"twenty-{one}" for one in _ONES), "thirtieth"]


class Named(NamedTuple):
    """A place in a text that names a known event, and the date of that event."""

    start: int
    end: int
    fact_id: str
    edtf: str
    place: str
    by_number: bool


def find_named(text: str, latest: str = "") -> list[Named]:
    """The summits that a text names by number ("the 18th SCO summit") or by place ("the Qingdao summit").

    A place with several summits means the last of them that began by `latest`, an ISO day (the end of the
    document's date); where that is not known, nothing is guessed. So only unique names are read then.
    """
    pattern, by_number, by_place = _table()
    found = []
    for match in pattern.finditer(text):
        if match["number"]:
            known = by_number.get(_number(match["number"]))
        else:
            facts = by_place[match["place"] or match["city"]]
            past = [fact for fact in facts if latest and edtf_bounds(fact[1])[0] <= latest]
            known = past[-1] if past else facts[0] if len(facts) == 1 and not latest else None
        if known:
            found.append(
                Named(match.start(), match.end(), known[0], known[1], known[2], bool(match["number"]))
            )
    return found


def places() -> re.Pattern[str]:
    """The places of the chronology, as a pattern."""
    return _table_of_places()


@lru_cache
def _summits() -> list[tuple[str, str, str, str]]:
    facts = read_chronology(data_folder() / "chronology.csv")
    kept = facts[(facts["kind"] == "summit") & (facts["claim"] == "accepted")]
    return list(zip(kept["fact_id"], kept["date"], kept["place"], kept["event"], strict=True))


@lru_cache
def _table():
    by_number, by_place = {}, {}
    for fact_id, date, place, event in _summits():
        if number := re.match(r"(\d+)(?:st|nd|rd|th) SCO summit", event):
            by_number[int(number[1])] = (fact_id, date, place)
            if place != "online":
                by_place.setdefault(place, []).append((fact_id, date, place))
    cities = "|".join(map(re.escape, by_place))
    words = "|".join([*map(re.escape, sorted(ORDINALS, key=len, reverse=True)), r"\d{1,2}(?:st|nd|rd|th)"])
    pattern = rf"\b(?:(?P<number>{words})\s(?:SCO\s[Ss]ummit|summit\sof\sthe\sSCO)"
    pattern += (
        rf"|(?P<place>{cities})\s(?:SCO\s)?[Ss]ummit|SCO\s[Ss]ummit\s(?:held\s)?in\s(?P<city>{cities}))\b"
    )
    return re.compile(pattern), by_number, by_place


@lru_cache
def _table_of_places() -> re.Pattern[str]:
    names = sorted({place for _, _, place, _ in _summits() if place != "online"})
    return re.compile(rf"\b(?:in|at)\s({'|'.join(map(re.escape, names))})\b")


def _number(words: str) -> int:
    return int(words[:-2]) if words[0].isdigit() else ORDINALS.index(words) + 1
