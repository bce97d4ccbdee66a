"""Where one clause of a sentence ends and the next begins, and which of them is about somebody else."""

import re

from .words import Target

OTHERS = 0.25  # weight of a word in a clause about another actor: "while Belarus ..."

BREAK = re.compile(
    r"[;:]|\s[–—-]+\s|,?\s(?:but|while|whereas|although|though|which|who|whom|whose|because|if|that|unless)\b|,",
    re.IGNORECASE,
)
_CONTRAST = re.compile(r"\b(?:while|whilst|whereas)\b", re.IGNORECASE)
_END = re.compile(r"[,;]")
_LATE_END = re.compile(r";")


def about_others(target: Target) -> list[tuple[int, int]]:
    """The parts of the sentence that "while" sets against the target's own, where they name somebody else.

    >>> sentence = "Kazakhstan hosted the talks, while Belarus stayed away."
    >>> about_others(Target(sentence, 0, 10, ((0, 10), (35, 42))))
    [(29, 55)]
    """
    found = []
    for match in _CONTRAST.finditer(target.sentence):
        opens = not target.sentence[: match.start()].strip("\"'“«( ")
        stop = (_END if opens else _LATE_END).search(target.sentence, match.end())
        first, last = match.start(), stop.start() if stop else len(target.sentence)
        if first <= target.start < last:
            others = [(0, first), (last, len(target.sentence))]
        else:
            others = [(first, last)]
        if any(_is_in(start, others) for start, _ in target.names):
            found += others
    return found


def weight(start: int, others: list[tuple[int, int]]) -> float:
    """The factor of a word at this offset: less than one where the clause is about another actor."""
    return OTHERS if _is_in(start, others) else 1.0


def _is_in(start: int, spans: list[tuple[int, int]]) -> bool:
    return any(first <= start < last for first, last in spans)
