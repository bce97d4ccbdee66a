"""Read words.toml; find where clauses end, and which of them is about somebody else than the target."""

import re
import tomllib
from bisect import bisect_left
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

OTHERS = 0.25  # weight of a word in a clause about another actor: "while Belarus ..."

_COMMA = re.compile(r",\W*")
_NO_PREDICATE = {"a", "an", "the", "and", "of"}


@cache
def read_lists() -> dict:
    """Read words.toml: the words and patterns of the scorers."""
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


def words(name: str) -> tuple[str, ...]:
    """Return the words of a list in their order.

    >>> words("contrast")
    ('while', 'whilst', 'whereas')
    """
    return tuple(read_lists()[name]["words"].split())


@cache
def pattern(name: str) -> re.Pattern[str]:
    """Compile the pattern of a list.

    >>> pattern("contrast").findall("Iran spoke, while China was silent.")
    ['while']
    """
    text = read_lists()[name]["pattern"]
    for part in ("quote", "link"):
        text = text.replace(f"{{{part}}}", read_lists()[part])
    return re.compile(text.replace("{words}", "|".join(words(name))) if "{words}" in text else text)


class Clauses(NamedTuple):
    """The clauses of a sentence, whoever is the target."""

    breaks: list[int]  # where clauses end
    # Parts that "while" sets against the rest: start, end, whether names are inside and outside.
    contrasts: list[tuple[int, int, bool, bool]]

    def is_about_another(self, place: int, target: int) -> bool:
        """Return whether a contrast parts a place from the target, with a name on the place's side."""
        for start, end, names_inside, names_outside in self.contrasts:
            is_inside = start <= place < end
            if is_inside != (start <= target < end) and (names_inside if is_inside else names_outside):
                return True
        return False


@lru_cache(maxsize=1024)
def read_clauses(sentence: str, names: tuple[tuple[int, int], ...]) -> Clauses:
    """Find the clauses of a sentence in which these names stand, in order.

    >>> clauses = read_clauses("Kazakhstan hosted the talks, while Belarus stayed away.", ((0, 10), (35, 42)))
    >>> clauses.breaks, clauses.contrasts[0][:2], clauses.is_about_another(43, 0)
    ([27], (29, 55), True)
    """
    starts = [start for start, _ in names]
    contrasts = []
    for match in pattern("contrast").finditer(sentence):
        start, end = match.start(), _contrast_end(sentence, match.start(), match.end(), starts)
        inside = bisect_left(starts, end) - bisect_left(starts, start)
        contrasts.append((start, end, inside > 0, inside < len(starts)))
    return Clauses([match.start() for match in pattern("clause_break").finditer(sentence)], contrasts)


def _contrast_end(sentence: str, start: int, after: int, names: list[int]) -> int:
    """Find where the clause that "while" opens ends.

    At a semicolon or with the sentence; if "while" heads the sentence, where the main clause begins: at the
    first comma with a subject after it (a name, an article, a pronoun) and a predicate before it. So neither
    "the host," nor a list ("kills, lies and sponsors terrorism,") ends it.
    """
    end = sentence.find(";", after)
    end = len(sentence) if end < 0 else end
    if bisect_left(names, start) or not pattern("contrast_head").fullmatch(sentence[:start]):
        return end
    commas = list(_COMMA.finditer(sentence, after, end))
    for comma in commas:
        opens = comma.end() in names or pattern("subject").match(sentence, comma.end())
        if opens and _is_clause(sentence[after : comma.start()]):
            return comma.start()
    return commas[0].start() if commas else end


def _is_clause(text: str) -> bool:
    """Return whether a stretch has a predicate: two words in lower case besides articles."""
    return sum(word.islower() and word not in _NO_PREDICATE for word in text.split()) > 1
