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
# What may stand before "while" at the head of a sentence: "But", "And even", "In the same year,".
_HEAD = re.compile(
    r"\W*(?:(?:and|but|yet|so|even|now|then|still)\b\W*)*(?:(?:\w+\s+){0,5}\w+,\W*)?", re.IGNORECASE
)
_COMMA = re.compile(r",\W*")
_SUBJECT = re.compile(
    r"(?:the|a|an|this|these|that|those|its|his|her|their|our|my|it|he|she|they|we|i|you|there|all|both|many|"
    r"most|some|no|none|nobody|others)\b",
    re.IGNORECASE,
)


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
        first, last = match.start(), _contrast_end(sentence, match, starts)
        named = bisect_left(starts, last) - bisect_left(starts, first)
        inside |= (named > 0) << len(contrasts)
        outside |= (named < len(starts)) << len(contrasts)
        contrasts.append((first, last))
    return Clauses([match.start() for match in BREAK.finditer(sentence)], contrasts, inside, outside)


def _contrast_end(sentence: str, opening: re.Match[str], starts: list[int]) -> int:
    """Where the clause that "while" opens ends.

    At a semicolon or with the sentence; if "while" heads the sentence, where the main clause begins: at the
    first comma with a subject after it (a name, an article, a pronoun) and a predicate before it. So neither
    "the host," nor a list ("kills, lies and sponsors terrorism,") ends it.
    """
    end = sentence.find(";", opening.end())
    end = len(sentence) if end < 0 else end
    named_before = bisect_left(starts, opening.start())
    if named_before or not _HEAD.fullmatch(sentence, 0, opening.start()):
        return end
    commas = list(_COMMA.finditer(sentence, opening.end(), end))
    for comma in commas:
        at = bisect_left(starts, comma.end())
        is_name = at < len(starts) and starts[at] == comma.end()
        if (is_name or _SUBJECT.match(sentence, comma.end())) and _is_clause(
            sentence[opening.end() : comma.start()]
        ):
            return comma.start()
    return commas[0].start() if commas else end


def _is_clause(text: str) -> bool:
    """Whether a stretch has a predicate: more in lower case than an article and a noun."""
    return sum(word.islower() and word not in ("a", "an", "the", "and", "of") for word in text.split()) > 1
