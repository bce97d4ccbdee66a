"""Find where one clause of a sentence ends and the next begins, and which of them is about somebody else."""

import re
from bisect import bisect_left
from functools import lru_cache
from typing import NamedTuple

from .word_lists import pattern

OTHERS = 0.25  # weight of a word in a clause about another actor: "while Belarus ..."

_BREAK, _CONTRAST = pattern("clause_break"), pattern("contrast")
_HEAD, _SUBJECT = pattern("contrast_head"), pattern("subject")
_COMMA = re.compile(r",\W*")
_NO_PREDICATE = {"a", "an", "the", "and", "of"}


class Contrast(NamedTuple):
    """A part of a sentence that "while" sets against the rest, and whether names are in it and outside."""

    start: int
    end: int
    names_inside: bool
    names_outside: bool


class Clauses(NamedTuple):
    """The clauses of a sentence, whoever is the target."""

    breaks: list[int]  # where clauses end
    contrasts: list[Contrast]

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
    for match in _CONTRAST.finditer(sentence):
        start, end = match.start(), _contrast_end(sentence, match.start(), match.end(), starts)
        inside = bisect_left(starts, end) - bisect_left(starts, start)
        contrasts.append(Contrast(start, end, inside > 0, inside < len(starts)))
    return Clauses([match.start() for match in _BREAK.finditer(sentence)], contrasts)


def _contrast_end(sentence: str, start: int, after: int, names: list[int]) -> int:
    """Find where the clause that "while" opens ends.

    At a semicolon or with the sentence; if "while" heads the sentence, where the main clause begins: at the
    first comma with a subject after it (a name, an article, a pronoun) and a predicate before it. So neither
    "the host," nor a list ("kills, lies and sponsors terrorism,") ends it.
    """
    end = sentence.find(";", after)
    end = len(sentence) if end < 0 else end
    if bisect_left(names, start) or not _HEAD.fullmatch(sentence[:start]):
        return end
    commas = list(_COMMA.finditer(sentence, after, end))
    for comma in commas:
        opens = comma.end() in names or _SUBJECT.match(sentence, comma.end())
        if opens and _is_clause(sentence[after : comma.start()]):
            return comma.start()
    return commas[0].start() if commas else end


def _is_clause(text: str) -> bool:
    """Return whether a stretch has a predicate: two words in lower case besides articles."""
    return sum(word.islower() and word not in _NO_PREDICATE for word in text.split()) > 1
