"""What a date belongs to: the clause or the noun phrase around it; whether it happened or is to come."""

import re

Span = tuple[int, int]
Bounds = tuple[str, str]

# Where one clause of a sentence ends and the next begins.
_CLAUSE_BREAK = re.compile(
    r"[;:()]\s*|\s[–—]\s"
    r"|,\s(?=(?:and|but|while|whereas|although|though|as|so|yet)\s)"
    # "in that regard" goes on; so does "with that in mind".
    r"|,?(?<!\bin)(?<!\bof)(?<!\bto)(?<!\bon)(?<!\bat)(?<!\bby)(?<!\bfor)(?<!\bwith)(?<!\bfrom)\s(?=that\s)"
    r"|,?\s(?=(?:which|who|whom|whose|when|where|because|if|whether|unless|following)\s)"
)
# A noun phrase does not reach over these: verbs that are only verbs, prepositions other than "of", "that" ...
_NO_NOUN = re.compile(
    r"[,;:()–—]|\b(?:is|are|was|were|be|been|being|has|have|had|will|would|shall|should|can|could|may|might|must"
    r"|do|does|did|that|which|who|when|where|if|as|than|or|but|after|before|since|until|during|under|on|in|at"
    r"|to|for|from|with|by|into|through|upon|over|about|according)\b",
    re.IGNORECASE,
)
# In "the period of 2001-2004" the noun says nothing but time: the clause is dated.
_TIME_NOUN = re.compile(
    r"\b(?:year|years|month|months|week|day|days|period|term|end|beginning|start|threshold|eve|course|spring"
    r"|summer|autumn|winter|morning|evening|rest|half|events)\s\Z"
)
# A clause that begins so ends where the main clause goes on: "as approved in March, we ..."
_SUBORDINATE = re.compile(
    r"(?:as|that|which|who|when|where|while|because|if|although|though)\s", re.IGNORECASE
)
_MAIN_GOES_ON = re.compile(r",\s(?=(?:we|I|it|they|he|she)\s)")
_PREMODIFIED = re.compile(r"\s+(?!(?:of|and|or|to)\b)(?:[A-Z][\w’'-]+|[a-z-]{4,}(?<!ed)(?<!ly))\b")
# "51 (1948)" in a list goes on with the noun of "resolutions 47 (1948)".
_LISTED = re.compile(r"\)\s*(?:,|and|or|,\s*and)?\s*[\w/.-]{0,12}\s*\Z")

_HYPOTHETICAL = re.compile(
    r"\b(?:[Ss]hould|would|[Cc]ould|might|must|ought|[Ii]f|[Uu]nless|[Ww]hether|cannot|[Cc]an|may(?=\s[a-z])"
    r"|propos(?:e|es|ed|al|als|ing)"
    r"|initiative|urges?|calls? (?:on|for|upon)|hopes? that"
    r"|[Ll]et us|suggest(?:s|ed)?|demands?|(?:need|have|has) to|wish(?:es)?)\b"
)
_PLANNED = re.compile(
    r"\b(?:will|shall|to be [a-z]+(?:ed|ld|en)|is to|are to|plans? to|planned|scheduled|intends?|intention"
    r"|upcoming|forthcoming|expected|due to|going to|task is|slated|aims? to|agenda for|approaching"
    r"|deadline|threshold)\b"
)

_PAST = re.compile(
    r"\b(?:was|were|had|did|came|met|took|fell|began|became|went|saw|stood|(?<!has\s)(?<!have\s)(?<!be\s)[a-z]{2,}ed)\b"
)
_AIM = re.compile(r"\b(?:by|until|till|for|to|post-|towards?|the)\s?\Z")


def clause_span(text: str, sentence: Span, date: Span) -> Span:
    """The part of the sentence between the breaks around the date; a date alone in brackets belongs to the
    clause before it."""
    start, end = sentence
    breaks = [match.span() for match in _CLAUSE_BREAK.finditer(text, start, max(end, date[1]))]
    left = max([after for _, after in breaks if after <= date[0]], default=start)
    right = min([before for before, _ in breaks if before >= date[1]], default=end)
    if not re.search(r"\w", text[left : date[0]] + text[date[1] : right]):
        left = max([after for _, after in breaks if after < left], default=start)
    if _SUBORDINATE.match(text, left, right):
        ends = [match.span() for match in _MAIN_GOES_ON.finditer(text, left, right)]
        right = min([before for before, _ in ends if before >= date[1]], default=right)
        left = max([after for _, after in ends if after <= date[0]], default=left)
    return left, max(right, date[1])


def attached_span(text: str, sentence: Span, date: Span) -> Span:
    """What the date belongs to: a noun phrase ("the 2010 Treaty", "the attacks of 2001", "resolution 1456
    (2003)"), otherwise the clause."""
    clause = clause_span(text, sentence, date)
    before, after = text[sentence[0] : date[0]], text[date[1] : sentence[1]]
    if before.endswith("(") and after.startswith(")"):
        return _noun_before(text, sentence[0], date[0] - 1), date[1]
    of = re.search(r"\sof\s\Z", before)
    if of and not _TIME_NOUN.search(before[: of.start() + 1]):
        first = _noun_before(text, sentence[0], sentence[0] + of.start())
        return first, max(_noun_after(text, date[1], clause[1]), date[1])
    if re.search(r"(?:\b(?:[Tt]he|[Ii]ts|[Tt]heir|[Oo]ur)\s|post-)\Z", before) and _PREMODIFIED.match(after):
        return date[0], _noun_after(text, date[1], clause[1], across=True)
    return clause


def modality(text: str, clause: Span, date: Span, bounds: Bounds, document: Bounds | None) -> str:
    """happened, planned or hypothetical, by the words of the clause and by the date against the document's.

    `bounds` and `document` are (earliest, latest), ISO days or "". What lies before the document happened,
    unless the clause says "if" or "would have". Words of wish, proposal or condition are hypothetical, words
    of intention planned, whichever comes first. What lies after the document is planned, unless a verb of
    the past tells that the text looks back on it. In between, and without a document date, it happened.
    """
    words, before = text[slice(*clause)], text[clause[0] : date[0]]
    if document is not None and bounds[1] and _precedes(bounds[1], document[0]):
        return "hypothetical" if re.search(r"\b(?:if|would have|could have)\b", words) else "happened"
    later = document is not None and bool(bounds[0]) and _precedes(document[1], bounds[0])
    if later and _PAST.search(words) and not _AIM.search(before):
        return "happened"
    hypothetical, planned = _HYPOTHETICAL.search(words), _PLANNED.search(words)
    if hypothetical and (not planned or hypothetical.start() <= planned.start()):
        return "hypothetical"
    return "planned" if planned or later else "happened"


def _precedes(first: str, second: str) -> bool:
    return first.startswith("-") or (first < second and not second.startswith("-"))


def _noun_before(text: str, start: int, end: int) -> int:
    """Where the noun phrase that ends at `end` begins."""
    while listed := _LISTED.search(text, start, end):
        opened = text.rfind("(", start, listed.start())
        if opened < 0:
            break
        end = opened
    stops = [match.end() for match in _NO_NOUN.finditer(text, start, end)]
    return stops[-1] if stops else start


def _noun_after(text: str, start: int, end: int, across: bool = False) -> int:
    """Where the noun phrase that begins before `start` ends; `across` takes its prepositions with it
    ("the 2010 Treaty between the United States and Russia")."""
    for match in _NO_NOUN.finditer(text, start, end):
        if not (across and match.group().lower() in ("on", "for", "with", "in", "at", "by", "to")):
            return match.start()
    return end if across else start
