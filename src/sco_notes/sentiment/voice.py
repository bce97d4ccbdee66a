"""Whose words a mention stands in: the author's, or words that the text gives as somebody else's."""

import re
from bisect import bisect_right

import pandas as pd

from ..errors import require_columns
from ..text import sentence_spans

FEWEST_WORDS = 5  # between quotation marks: fewer are a term or a title («Shanghai Spirit»), not speech

_VERBS = (
    "said|says|say|stated|states|noted|notes|stressed|stresses|declared|declares|argued|argues|argue|"
    "claimed|claims|claim|announced|announces|emphasised|emphasized|emphasises|emphasizes|underlined|"
    "underlines|warned|warns|insisted|insists|insist|alleged|alleges|added|adds|wrote|writes|reported|"
    "reports|asserted|asserts|maintained|maintains|recalled|recalls|told reporters|believes|believed|"
    "pointed out|points out"
)
_QUOTES = re.compile(r"“[^”]*”|«[^»]*»|„[^“”]*[“”]|\"[^\"]*\"|‘[^’]{20,}’(?!\w)")
_THAT = re.compile(rf"\b(?:{_VERBS})\s+that\b", re.IGNORECASE)
_OWN = re.compile(r"\b(?:I|[Ww]e|[Mm]y|[Oo]ur|[Ll]et me|[Ii]t)\b[^,;:.]{0,40}$")
_ACCORDING = re.compile(r"\b[Aa]ccording to\b[^,;:.]*")
_AS_NOTED = re.compile(rf"\b[Aa]s\b(?!\s+(?:I|we)\b)[^,;:.]{{1,60}}?\b(?:{_VERBS}|put it)\b[^,;:.]*")
_SAID_LAST = re.compile(
    rf",[”\"»’]?\s+(?!(?:I|we|which|who|and)\b)[^,;:.“\"]{{2,60}}?\b(?:{_VERBS})\b[^,;:]*$"
)


def mark_voice(documents: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
    """The mentions with the column voice: "quoted" in words given as somebody else's, otherwise "author".

    Takes doc_id and text of the documents, doc_id, start and end of the mentions. Quoted are: at least five
    words between quotation marks of one paragraph; what follows "X said that" (or noted, claims, ...) to the
    end of the sentence; what precedes ", X said" at its end; and a sentence with "according to X" or "as X
    notes". The X itself is the author's. "I said that" and "we believe that" are the author's own words.
    Speech that is reported without any of these signs is taken for the author's.
    Raises SCONotesError if a column is missing.

    >>> text = "China said that India had agreed. We note that Iran agreed."
    >>> docs = pd.DataFrame({"doc_id": ["a"], "text": [text]})
    >>> mentions = pd.DataFrame({"doc_id": ["a"] * 3, "start": [0, 16, 47], "end": [5, 21, 51]})
    >>> mark_voice(docs, mentions)["voice"].tolist()
    ['author', 'quoted', 'author']
    """
    require_columns(documents, "doc_id", "text")
    require_columns(mentions, "doc_id", "start", "end")
    named = set(mentions["doc_id"])
    spans = {
        doc_id: _quoted_spans(text)
        for doc_id, text in zip(documents["doc_id"], documents["text"], strict=True)
        if doc_id in named
    }
    starts = {doc_id: [start for start, _ in found] for doc_id, found in spans.items()}
    voices = []
    for doc_id, start, end in zip(mentions["doc_id"], mentions["start"], mentions["end"], strict=True):
        at = bisect_right(starts.get(doc_id, []), start) - 1
        voices.append("quoted" if at >= 0 and end <= spans[doc_id][at][1] else "author")
    return mentions.reset_index(drop=True).assign(voice=pd.Series(voices, dtype="str"))


def _quoted_spans(text: str) -> list[tuple[int, int]]:
    """Start and end of what is given as somebody else's words, in order and without overlap."""
    found = []
    for paragraph in re.finditer(r"[^\n]+", text):
        for match in _QUOTES.finditer(paragraph.group()):
            if len(match.group().split()) >= FEWEST_WORDS:
                found.append((paragraph.start() + match.start(), paragraph.start() + match.end()))
    for start, end in sentence_spans(text):
        found += [(start + first, start + last) for first, last in _reported(text[start:end])]
    joined: list[tuple[int, int]] = []
    for first, last in sorted(found):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined


def _reported(sentence: str) -> list[tuple[int, int]]:
    """The parts of a sentence that somebody is said to have said."""
    that = _THAT.search(sentence)
    if that and not _OWN.search(sentence[: that.start()]):
        return [(that.end(), len(sentence))]
    source = _ACCORDING.search(sentence) or _AS_NOTED.search(sentence)
    if source:
        return [(0, source.start()), (source.end(), len(sentence))]
    last = _SAID_LAST.search(sentence)
    return [(0, last.start())] if last else []
