"""Events known by a name: summits and accessions of the chronology ("the Qingdao summit", "the entry of
India"), events of the world ("the Earth Summit")."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from ..corpus.documents import read_chronology, read_table
from ..corpus.edtf import edtf_bounds
from ..files import data_folder
from .acting import LONGEST_HEAD, Name
from .attachment import PATTERNS, RULES, Span

NEAR = 600  # characters: a text that names the SCO there means its summit
RIVAL = re.compile(r"\b(?:G-?8|G-?20|NATO|EU|OSCE|CSTO|CIS|CICA|BRICS|NAM|OIC|Group of|Commonwealth)\b")
JOINING_NOUN = re.compile(r"\b(?:accession|admission|entry|full membership)\b")
JOINED = re.compile(r"\s(joined|acceded|became (?:a )?(?:full )?members?|became (?:a )?member states?)\b")
YEAR_SUMMIT = re.compile(r"\s(?:(?:[A-Z]\w+\s)?SCO\s[Ss]ummit|[Ss]ummit\sof\sthe\s(?:SCO|Shanghai))\b")
ORDINALS = RULES["words"]["ordinals"].split()


class Summit(NamedTuple):
    """A summit of the chronology; number is 0 where it has none."""

    fact_id: str
    edtf: str
    place: str
    number: int


class Known(NamedTuple):
    """An event that a text names: where, its id, date and head."""

    start: int
    end: int
    fact_id: str
    edtf: str
    head: str = ""
    actor: str = ""


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


def find_known(text: str, latest: str, names: list[Name]) -> list[Known]:
    """Find the events that a text names: summits and accessions of the SCO, where it stands near, and events
    of data/world_events.csv. `latest` is the last day of the document's date, "" where it has none; only a
    summit that is called upcoming can be later. `names` are the mentions of actors."""
    places = [name.start for name in names if name.actor == "SCO"]
    found = []
    for start, end, summit, by_number in find_named(text, latest):
        is_near = any(abs(start - place) < NEAR for place in places)
        if by_number or (is_near and not RIVAL.search(text, max(start - 150, 0), end + 150)):
            found.append(Known(start, end, summit.fact_id, summit.edtf, _named(text[start:end])))
    for match in PATTERNS["upcoming"].finditer(text):
        there = [summit for summit in summits() if summit.number and summit.place == match["city"]]
        coming = next((summit for summit in there if edtf_bounds(summit.edtf)[0] > latest > ""), None)
        if coming and int(coming.edtf[:4]) - int(latest[:4]) <= 1:
            found.append(Known(*match.span(), coming.fact_id, coming.edtf, _named(match.group())))
    for name in (name for name in names if name.actor in accessions()):
        facts = [fact for fact in accessions()[name.actor] if not latest or fact[1] <= latest]
        is_near = any(abs(name.start - place) < NEAR for place in places)
        if facts and is_near and (told := _accession(text, name)):
            found.append(Known(name.start, name.end, *facts[-1], told, name.actor))
    for event_id, date, words, pattern in world_events():
        # Most texts have none of the words: one look for them is a hundred times faster than the patterns.
        if any(word in text for word in words) and (not latest or edtf_bounds(date)[0] <= latest):
            for match in pattern.finditer(text):
                if not PATTERNS["another"].search(text, max(match.start() - 30, 0), match.start()):
                    found.append(Known(*match.span(), event_id, date, _named(match.group())))
    return sorted(set(found))


def find_year_summit(text: str, date: Span, edtf: str) -> Summit | None:
    """Return the summit that a year before its name dates ("the 2024 SCO summit"), or None."""
    if not re.fullmatch(r"\d{4}", edtf) or not YEAR_SUMMIT.match(text, date[1]):
        return None
    held = [summit for summit in summits() if summit.number and summit.edtf.startswith(edtf)]
    return held[0] if len(held) == 1 else None


def _named(words: str) -> str:
    kept = " ".join(words.split()[:LONGEST_HEAD]).removeprefix("the ")
    return re.sub(r"(?: (?:and|of|on|in|the))+$", "", kept)


def _accession(text: str, name: Name) -> str:
    """The words of the sentence that say that a state joined, with its name."""
    before, called = text[max(name.start - 90, 0) : name.start], text[name.start : name.end]
    nouns = JOINING_NOUN.findall(re.split(r"[.;:]\s", before)[-1])
    verb = JOINED.match(text[name.end : name.end + 40])
    return f"{nouns[-1]} of {called}" if nouns else f"{called} {verb[1]}" if verb else ""


@lru_cache
def accessions() -> dict[str, list[tuple[str, str]]]:
    """Return the facts by which states became members, with their dates, by state."""
    facts = read_chronology(data_folder() / "chronology.csv")
    kept = facts[(facts["kind"] == "accession") & (facts["claim"] == "accepted")]
    kept = kept[kept["event"].str.contains("becomes? (?:a )?member")]
    found: dict[str, list[tuple[str, str]]] = {}
    for fact in kept.itertuples():
        for state in fact.actors.split(";"):
            found.setdefault(state, []).append((fact.fact_id, fact.date))
    return found


@lru_cache
def world_events() -> list[tuple[str, str, list[str], re.Pattern[str]]]:
    """Return the id, date, words and pattern of each event of data/world_events.csv."""
    table = read_table(data_folder() / "world_events.csv")
    words, patterns = table["words"].str.split("|"), [re.compile(rf"\b(?:{p})") for p in table["pattern"]]
    return list(zip(table["event_id"], table["date"], words, patterns, strict=True))


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
        rf"|(?P<place>{cities})\s(?:SCO\s)?[Ss]ummit|[Ss]ummit\s(?:of\sthe\sSCO\s)?(?:held\s)?in\s(?P<city>{cities}))\b"
    )


def _any_of(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first."""
    return "|".join(map(re.escape, sorted({*words} - {"online"}, key=lambda word: (-len(word), word))))
