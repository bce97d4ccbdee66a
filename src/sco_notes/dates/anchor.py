"""What is known where an expression stands: the document date, and the dates that the text named so far."""

import re
from bisect import bisect_left
from dataclasses import dataclass, field

from .candidates import read_rules
from .units import Span, year_span
from .vocabulary import BACK, WORDS

FROM_NOW = frozenset(WORDS["from_now"])
MAX_SENTENCE = 300  # characters within which the end of a sentence is looked for
OPENING = 20  # characters with which a sentence opens
MAX_RIGHT = 12  # characters from an expression to a word of tense after it that counts
MAX_ADJACENT = 15  # characters between a year and the date that belongs to it

_SENTENCE_END = re.compile(r"[.!?]['\"’”»)]?\s|\n\n")
# As fine as which unit the document date, or a date of the text, must be so that a unit is counted from it.
_NEEDED_NOW = {"week": "day", "weekend": "day", "season": "month"}
_NEEDED_ANCHOR = {"day": "day", "week": "day", "weekend": "day", "month": "month", "quarter": "month"}


@dataclass
class Context:
    """What is known where an expression stands; it grows as the text is read."""

    small: str
    reference: Span | None
    narrative: bool
    named: list[tuple[int, int]]  # where the text names which year, in order
    anchors: dict[str, Span] = field(default_factory=dict)
    anchor_end: int = -1
    anchor_is_told: bool = True  # by the text; not counted from the document date
    quarter: Span | None = None  # or half of a year that the text names first: a report is about it

    def remember(self, span: Span, end: int, source: Span | None = None) -> None:
        """Keep the date that was read last, for each fineness that it has, and what it was counted from."""
        self.anchor_is_told = source is None or source is not self.reference
        for unit in ("year", "month", "day"):
            if span.unit == "interval" or span.is_at_least(unit):
                self.anchors[unit] = span
        self.anchors.setdefault("year", span)
        if span.unit in ("quarter", "half") and not self.quarter:
            self.quarter = span
        self.anchor_end = end

    def anchor(self, unit: str) -> Span | None:
        """Return the last date of the text from which a unit can be counted."""
        return self.anchors.get(_NEEDED_ANCHOR.get(unit, "year"))

    def now(self, unit: str) -> Span | None:
        """Return the document date, if it is as fine as the unit."""
        is_fine = self.reference and self.reference.is_at_least(_NEEDED_NOW.get(unit, unit))
        return self.reference if is_fine else None

    def base(self, unit: str, word: str, the: bool) -> Span | None:
        """Return from where "last", "next", "that", "ago" count: the document date or the last date."""
        if self.narrative:
            return self.anchor(unit)
        if word in FROM_NOW or (word == "next" and (not the or unit == "century")):
            return self.now(unit)
        return self.anchor(unit) or (self.now(unit) if word in BACK else None)

    def story_year(self, start: int, month: int) -> Span | None:
        """Return the last date of a narrative, for a month without a year, or the year that is named next.

        That year holds where the last date is an aside: a bare year while the years named before and after it
        agree on another, or one far from the two named next. It also holds where the months begin again.
        """
        last = self.anchors.get("year")
        at = bisect_left(self.named, (start,))
        coming = [year for _, year in self.named[at : at + 2]]
        monthly = self.anchors.get("month")
        if not last or not coming or coming[0] == last.year:
            return last
        is_again = monthly and month and monthly.year == last.year and monthly.month > month + 5
        if is_again and coming[0] == last.year + 1:
            return year_span(coming[0])
        is_bare = monthly is not last
        if self.same_sentence(start):
            return last
        is_aside = is_bare and at > 1 and self.named[at - 2][1] == coming[0]
        is_far = coming[0] == coming[-1] and len(coming) == 2 and abs(coming[0] - last.year) > 1
        return year_span(coming[0]) if is_aside or is_far else last

    def same_sentence(self, start: int) -> bool:
        """Return whether the last date stands in the sentence of an expression."""
        gap = self.small[self.anchor_end : start]
        return self.anchor_end >= 0 and len(gap) < MAX_SENTENCE and not _SENTENCE_END.search(gap)

    def goes_on(self, start: int) -> bool:
        """Return whether an expression takes its year from the date before it in the sentence: one with a
        month, or a year right before ("in 1991, on 1 September")."""
        last = self.anchors.get("year")
        if not last or not self.same_sentence(start):
            return False
        with_month = self.anchors.get("month") is last and self.anchor_is_told
        is_year = self.anchor_is_told or last.unit == "year"  # "eight years ago, on 1 September"
        return with_month or (is_year and start - self.anchor_end < MAX_ADJACENT)

    def tense(self, start: int, end: int, within: int = MAX_SENTENCE) -> str:
        """Return "future", "past" or "": the last word of tense before an expression, or one right after it,
        or after an expression that opens the sentence; none farther off than `within`."""
        words = read_rules().context
        window = min(within + 50, MAX_SENTENCE)  # a word of tense is shorter than 50 characters
        left = _SENTENCE_END.split(self.small[max(start - window, 0) : start])[-1]
        if cues := [*words["tense"].finditer(left)]:
            return str(cues[-1].lastgroup) if len(left) - cues[-1].end() <= within else ""
        right = _SENTENCE_END.split(self.small[end : end + window], maxsplit=1)[0]
        cue = words["tense"].search(right)
        is_near = cue and cue.start() <= within and (len(left) < OPENING or cue.start() < MAX_RIGHT)
        if cue and is_near:
            return str(cue.lastgroup)
        return "future" if within == MAX_SENTENCE and words["onward"].search(left) else ""
