"""Tell whether "Astana" is the government that acts or the city, by the rules of metonyms.toml."""

import re
import tomllib
from functools import lru_cache
from itertools import groupby, pairwise
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from .matching import Match, with_pieces

MAX_CONTEXT = 120  # characters on either side of a name that the rules look at

_AND = re.compile(r"(?:,?\s+(?:and|or|nor)\s+(?:the\s+)?|,?\s+(?:but\s+)?not\s+|\s*[&/–-]\s?)\Z")
_COMMA = re.compile(r",\s+(?:the\s+)?\Z")


class Rule(NamedTuple):
    reading: str
    left: re.Pattern[str]
    right: re.Pattern[str]


def metonym_readings(text: str, matches: list[Match]) -> list[str]:
    """Return the reading of each mention: "actor", "place" or "ambiguous" for metonyms, "actor" for others.

    `matches` are sorted by start.

    >>> from sco_notes.actors.matching import Alias
    >>> text = "Talks between Washington and Beijing were held in Astana."
    >>> places = [(14, 24, "USA"), (29, 36, "CHN"), (50, 56, "KAZ")]
    >>> aliases = [Alias(text[start:end], actor, "metonym") for start, end, actor in places]
    >>> metonym_readings(text, [Match(*place[:2], a, 0, (0, 57)) for place, a in zip(places, aliases)])
    ['actor', 'actor', 'place']
    """
    readings = []
    for group in _joined_groups(text, matches):
        is_metonym = [match.alias.kind == "metonym" for match in group]
        rule = deciding_rule(text, group[0], group[-1]) if any(is_metonym) else None
        reading = rule.reading if rule else "ambiguous"
        readings += [reading if is_one else "actor" for is_one in is_metonym]
    for i, (city, country) in enumerate(pairwise(matches)):
        is_same = city.alias.kind == "metonym" and city.alias.actor == country.alias.actor
        if is_same and _COMMA.match(text[city.end : country.start]):  # "Astana, Kazakhstan"
            readings[i] = "place"
    return readings


def deciding_rule(text: str, first: Match, last: Match) -> Rule | None:
    """Find the first rule that fits around names that are joined, or None."""
    start, end = first.bounds
    left = text[max(start, first.start - MAX_CONTEXT) : first.start]
    right = text[last.end : min(end, last.end + MAX_CONTEXT)]
    fitting = (rule for rule in read_rules() if rule.right.match(right) and rule.left.search(left))
    return next(fitting, None)


def _joined_groups(text: str, matches: list[Match]) -> list[list[Match]]:
    """The matches, those together that are joined by "and", or by commas before an "and"."""
    groups: list[list[Match]] = []  # from the last to the first: an "and" tells what the commas before it are
    is_list = False
    for match in reversed(matches):
        following = groups[-1][0] if groups else match
        is_near = following.start - match.end < 12 and following.bounds == match.bounds
        between = text[match.end : following.start] if is_near else ""
        is_list = bool(_AND.match(between) or (is_list and _COMMA.match(between)))
        if is_list:
            groups[-1].insert(0, match)
        else:
            groups.append([match])
    return groups[::-1]


@lru_cache(maxsize=1)
def read_rules() -> tuple[Rule, ...]:
    """Read the rules of metonyms.toml, in their order."""
    table = tomllib.loads((Path(__file__).parent / "metonyms.toml").read_text(encoding="utf-8"))
    pieces = {name: any_of(words.split(",")) for name, words in table["words"].items()}
    pieces |= {name: f"(?:{pattern})".replace(" ", r"\s+") for name, pattern in table["pieces"].items()}

    def compiled(pattern: str) -> re.Pattern[str]:
        return re.compile(with_pieces(pattern.replace(" ", r"\s+"), pieces))

    return tuple(
        Rule(rule["reading"], compiled(f"(?:{rule.get('left', '')})$"), compiled(rule.get("right", "")))
        for rule in table["rule"]
    )


def any_of(words: list[str]) -> str:
    """Any of the words, in any case. Those of one initial stand together: three times as fast."""
    patterns = sorted((r"\s+".join(word.split()) for word in words), key=itemgetter(0))
    ways = []
    for initial, same in groupby(patterns, key=itemgetter(0)):
        if initial.isalpha():
            ways.append(f"{initial}(?:{'|'.join(pattern[1:] for pattern in same)})")
        else:
            ways += same  # a pattern: "(?:bigger|busier) than"
    return f"(?i:{'|'.join(ways)})"
