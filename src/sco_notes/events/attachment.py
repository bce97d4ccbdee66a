"""What a date belongs to: the clause or the noun phrase around it; whether it happened or is to come.

The patterns stand in rules.toml, with examples.
"""

import re
import tomllib
from pathlib import Path

from .verbs import AUXILIARIES, PREPOSITIONS, SETS, TELLING

Span = tuple[int, int]
Bounds = tuple[str, str]

RULES = tomllib.loads(Path(__file__).with_name("rules.toml").read_text(encoding="utf-8"))
LONG = {"decade", "century", "millennium"}  # precisions of what names no year
# Prepositions over which a noun phrase goes on after its date: "the 2010 Treaty between Russia and China".
_PREPOSITIONS = {"on", "for", "with", "in", "at", "by", "to"}
# What {verb}, {adverb} and {preposition} stand for in rules.toml.
_LISTS = {"verb": AUXILIARIES - {"to"} | TELLING, "adverb": SETS["adverbs"], "preposition": PREPOSITIONS}
_LISTS["ordinal"] = frozenset(RULES["words"]["ordinals"].split()[1:])


def _compiled(rule: dict) -> re.Pattern[str]:
    pattern = "|".join(rule["patterns"])
    for name, words in _LISTS.items():
        pattern = pattern.replace(f"{{{name}}}", "|".join(sorted(words)))
    pattern = rf"(?:{pattern})\Z" if rule.get("before_date") else pattern
    return re.compile(pattern, re.IGNORECASE if rule.get("ignore_case") else 0)


REACH = 500  # characters on either side of a date in which its clause is looked for
_LISTED = re.compile(r"(?:(?:[A-Z][a-z]+ )?\d{1,4}(?:st|nd|rd|th)?(?:,| and|, and| or|[-–])\s*)+\Z")
PATTERNS = {name: _compiled(rule) for name, rule in RULES.items() if "patterns" in rule}


def whole_date(text: str, clause: Span, date: Span) -> Span:
    """The date with those that are listed before it: "on 10 and 11 June"."""
    listed = _LISTED.search(text, max(clause[0], date[0] - 40), date[0])
    return (listed.start() if listed else date[0]), date[1]


def clause_span(text: str, sentence: Span, date: Span) -> Span:
    """The part of the sentence between the breaks around the date; a date alone in brackets belongs to the
    clause before it."""
    start, end = max(sentence[0], date[0] - REACH), min(sentence[1], date[1] + REACH)
    breaks = [match.span() for match in PATTERNS["clause_break"].finditer(text, start, max(end, date[1]))]
    whole = asides(text, (start, end), date, "aside", "interposed")
    whole += [match.span() for match in PATTERNS["cleft"].finditer(text, start, end)]
    breaks = [span for span in breaks if not any(first <= span[0] < last for first, last in whole)]
    left = max([after for _, after in breaks if after <= date[0]], default=start)
    right = min([before for before, _ in breaks if before >= date[1]], default=end)
    rest = text[left : date[0]] + text[date[1] : right]
    goes_on = PATTERNS["goes_on"].match(text, left, date[0]) and not PATTERNS["told"].search(rest)
    if not re.search(r"\w", rest) or (goes_on and not re.search(r"\w", text[date[1] : right])):
        left = max([after for _, after in breaks if after < left], default=start)
    rest = text[left : date[0]] + text[date[1] : right]
    if len(rest) < 40 and not PATTERNS["time_only"].sub("", rest):  # "Last year, when they met"
        right = min([before for before, _ in breaks if before > right], default=end)
    elif not PATTERNS["told"].search(rest) and (inner := PATTERNS["inserted"].match(text, right, end)):
        right = min([before for before, _ in breaks if before > inner.end()], default=end)
    if introduction := PATTERNS["introduction"].match(text, left, date[0]):
        left = introduction.end()
    return left, max(right, date[1])


def asides(text: str, span: Span, date: Span, *rules: str) -> list[Span]:
    """What is put between the parts of a clause, by the rules named; not what the date stands in."""
    found = [match.span() for rule in rules for match in PATTERNS[rule].finditer(text, *span)]
    return [(first, last) for first, last in found if last <= date[0] or date[1] <= first]


def attached_span(text: str, sentence: Span, date: Span, clause: Span) -> Span:
    """What the date belongs to: a noun phrase ("the 2010 Treaty", "the attacks of 2001", "resolution 1456
    (2003)"), otherwise the clause."""
    date = whole_date(text, clause, date)
    before, after = text[sentence[0] : date[0]], text[date[1] : sentence[1]]
    if before.endswith("(") and after.startswith(")"):
        return _noun_before(text, sentence[0], date[0] - 1), date[1]
    of = re.search(r"\sof\s\Z", before)
    if of and not PATTERNS["time_noun"].search(before[: of.start() + 1]):
        first = _noun_before(text, sentence[0], sentence[0] + of.start())
        return first, max(_noun_after(text, date[1], clause[1]), date[1])
    is_owner = re.match(r"[’']s\s", after) and re.search(r"\b(?:of|to|from|by|with|under)\s\Z", before)
    determiner = PATTERNS["determiner"].search(before)
    if is_owner or (determiner and PATTERNS["premodified"].match(after)):
        first = sentence[0] + determiner.start() if determiner and not is_owner else date[0]
        first = _noun_before(text, sentence[0], first) if text[first] in "’'" else first  # "China’s 2010"
        return first, _noun_after(text, date[1], clause[1], across=True)
    return clause


def modality(
    text: str, clause: Span, told: Span, bounds: Bounds, document: Bounds | None, verb: str = ""
) -> str:
    """happened, planned or hypothetical, by the words of the clause and by the date against the document's.
    `told` is what of the clause a wish must stand in: the dated noun phrase, or the clause.

    What lies before the document happened, unless the clause says "if" or "would have". Words of wish,
    proposal or condition are hypothetical, words of intention planned, whichever comes first; a proposal of
    which something is told ("the initiative was received") is none. What lies after the document is planned.
    In between, and without a document date, it happened.
    """
    words = text[slice(*clause)]
    asked = PATTERNS["asked"].search(text, max(clause[0] - 20, 0), clause[0])
    if asked and words.startswith("that "):  # "I propose that it meet in 2025"
        words = asked[0] + words
    if document is not None and bounds[1] and _precedes(bounds[1], document[0]):
        return "hypothetical" if re.search(r"\b(?:if|would have|could have)\b", words) else "happened"
    first = bounds[0] or bounds[1]
    later = document is not None and bool(first) and _precedes(document[1], first)
    hypothetical, planned = PATTERNS["hypothetical"].search(words), PATTERNS["planned"].search(words)
    if hypothetical and told != clause and not PATTERNS["hypothetical"].search(text, *told):
        hypothetical = None
    if verb.startswith("be ") and not planned:  # "that 2011 be proclaimed"
        return "hypothetical"
    rest = re.sub("proposed|suggested|called", "", verb)  # on that day a proposal was made
    # What is to be in 2030, or was proposed holding, the proposal itself is not dated by.
    is_open = re.match(r"to |\w+ing\b", verb) or (document is not None and _precedes(document[1], bounds[1]))
    is_told = verb and not is_open and not PATTERNS["hypothetical"].search(rest)
    if hypothetical and is_told and re.match("propos|initiative|suggest|called", hypothetical[0]):
        hypothetical = None
    if hypothetical and (not planned or hypothetical.start() <= planned.start()):
        return "hypothetical"
    return "planned" if planned or later else "happened"


def date_kind(text: str, date: Span, edtf: str, precision: str, is_later: bool) -> str:
    """What a date stands for: "event"; "name", of which it is a part ("the 2030 Agenda"); "period" (a decade,
    a century); "deadline" (open to the left, or later than the document after "by")."""
    before = text[max(date[0] - 60, 0) : date[0]]
    is_year = re.fullmatch(r"\d{4}", text[slice(*date)])
    if is_year and (
        PATTERNS["name_before"].search(before) or PATTERNS["name_after"].search(text[date[1] : date[1] + 60])
    ):
        return "name"
    if re.fullmatch(r"\d{4}\s?[-–]\s?\d{4}", text[slice(*date)]) and re.search(
        r"[A-Z]\w+\s\Z|”,?\s\Z", before
    ):
        return "name"  # "the Decade of Action 2005-2015"
    if precision in LONG:
        return "period"
    if edtf.startswith("../") or (is_later and PATTERNS["deadline"].search(before)):
        return "deadline"
    return "event"


def _precedes(first: str, second: str) -> bool:
    return first.startswith("-") or (first < second and not second.startswith("-"))


def _noun_before(text: str, start: int, end: int) -> int:
    """Where the noun phrase that ends at `end` begins."""
    while listed := PATTERNS["listed"].search(text, start, end):
        opened = text.rfind("(", start, listed.start())
        if opened < 0:
            break
        end = opened
    names = [match.span() for match in PATTERNS["in_name"].finditer(text, start, end)]
    stops = [match.span() for match in PATTERNS["no_noun"].finditer(text, start, end)]
    return max([last for _, last in stops if not any(a < last <= b for a, b in names)], default=start)


def _noun_after(text: str, start: int, end: int, across: bool = False) -> int:
    """Where the noun phrase that begins before `start` ends; `across` takes its prepositions with it."""
    for match in PATTERNS["no_noun"].finditer(text, start, end):
        if not (across and match.group().lower() in _PREPOSITIONS):
            return match.start()
    return end if across else start
