"""Where one clause of a sentence ends and the next begins, and which of them is about somebody else."""

import re
from bisect import bisect_left
from typing import NamedTuple

OTHERS = 0.25  # weight of a word in a clause about another actor: "while Belarus ..."

BREAK = re.compile(
    r"[;:]|\s[–—-]+\s|,?\s(?:but|while|whereas|although|though|which|who|whom|whose|because|if|that|unless)\b|,",
    re.IGNORECASE,
)
_CONTRAST = re.compile(r"\b(?:while|whilst|whereas)\b", re.IGNORECASE)
_END = re.compile(r"[,;]")
_LATE_END = re.compile(r";")


class Clauses(NamedTuple):
    """What a sentence's clauses say of two places in it; read once, whoever is the target."""

    breaks: list[int]  # where clauses end
    contrasts: list[tuple[int, int]]  # the parts that "while" sets against the rest
    inside: int  # the contrasts in which somebody is named, one bit each
    outside: int  # those outside of which somebody is

    def sides(self, place: int) -> int:
        """The contrasts in which a place is, one bit each."""
        if not self.contrasts:
            return 0
        return sum(1 << k for k, (first, last) in enumerate(self.contrasts) if first <= place < last)

    def is_about_another(self, sides: int, target_sides: int) -> bool:
        """Whether a contrast parts a place from the target, and names somebody on that place's side."""
        return bool(sides & ~target_sides & self.inside or ~sides & target_sides & self.outside)


def read_clauses(sentence: str, names: tuple[tuple[int, int], ...]) -> Clauses:
    """The clauses of a sentence in which these names stand, in order.

    >>> clauses = read_clauses("Kazakhstan hosted the talks, while Belarus stayed away.", ((0, 10), (35, 42)))
    >>> clauses.breaks, clauses.contrasts
    ([27], [(29, 55)])
    >>> clauses.is_about_another(clauses.sides(43), clauses.sides(0))
    True
    """
    starts = [start for start, _ in names]
    contrasts: list[tuple[int, int]] = []
    inside = outside = 0
    for match in _CONTRAST.finditer(sentence):
        opens = not sentence[: match.start()].strip("\"'“«( ")
        stop = (_END if opens else _LATE_END).search(sentence, match.end())
        first, last = match.start(), stop.start() if stop else len(sentence)
        named = bisect_left(starts, last) - bisect_left(starts, first)
        inside |= (named > 0) << len(contrasts)
        outside |= (named < len(starts)) << len(contrasts)
        contrasts.append((first, last))
    return Clauses([match.start() for match in BREAK.finditer(sentence)], contrasts, inside, outside)
