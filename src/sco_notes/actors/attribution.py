"""Whose words name an actor: the text's own, or words that it quotes or reports.

Quoted are mentions inside quotation marks around five words or more (fewer are a title or a word at a
distance), after a reporting verb with another subject than "I" or "we" ("the minister said that", but not "it
must be said that"), and in sentences with "as X notes" or "according to X", but for X itself.
"""

import re
from bisect import bisect_right

import pandas as pd

from ..corpus.frames import as_documents, as_mentions
from ..corpus.text import sentence_spans

FEWEST_WORDS = 5
_PARAGRAPH = re.compile(r"[^\n]+")
# A quotation that goes on in the next paragraph is opened anew there, so an open end is the paragraph's end.
_QUOTATION = re.compile(r"“[^“”]*(?:”|$)|«[^«»]*(?:»|$)|(?<!\w)\"[^\"]*\"")
_VERBS = (
    r"(?:said|says|stated|states|noted|notes|argued|argues|claimed|claims|declared|declares|announced|announces|"
    r"asserted|asserts|insisted|insists|alleged|alleges|acknowledged|admitted|warned|warns|wrote|writes|"
    r"told\s+\w+|observed|observes|pointed\s+out|points\s+out|emphasi[sz]ed|emphasi[sz]es)"
)
# Roots of the verbs, and "according": a sentence with none of them reports nothing, and is passed over.
_ROOTS = (
    "said says stat note argu claim declar announc assert insist alleg acknow admitted warn writes wrote "
    "told observe point emphas ccording"
).split()
_OWN = r"(?:I|be|been|[Ww]e|[Ll]et\s+me|[Mm]y\s+(?:delegation|country)|[Oo]ur\s+(?:delegation|country))"
_ADVERBS = r"(?:\s+(?:has|have|had|also|once|just|already|recently|rightly|clearly|even|\w+ly))*"
_REPORTED = re.compile(rf"(?P<own>\b{_OWN})?{_ADVERBS}\s+{_VERBS}(?:\s+that\b|\s*:(?!\s*[“«\"]))")
_SOURCE = (
    r"(?:(?:the|a|his|her|its|of|and)\s+)*(?:[A-Z][\w.’'-]*(?:\s+|(?=[,;:.]))(?:(?:of|and|for|the|on)\s+)*)+"
)
_AS_NOTED = re.compile(rf"\b[Aa]s\s+(?!{_OWN}\b){_SOURCE}(?:has\s+|have\s+|\w+ly\s+)*{_VERBS}\b")
_ACCORDING = re.compile(rf"\b[Aa]ccording\s+to\s+{_SOURCE}[^,;:.]{{0,60}}")
# Before the quotation marks of a title.
_TITLE = re.compile(
    r"(?:entitled|titled|called|named|theme|conference|resolution|report|forum|motto|slogan|programme)\W*$"
)


def attribution(documents: pd.DataFrame, mentions: pd.DataFrame) -> pd.Series:
    """ "author" or "quoted" for each mention, in the order of the mentions.

    Takes doc_id and text; doc_id, start, end. Free indirect speech and longer reports without a reporting
    verb in the sentence are not found. Raises SCONotesError for a column that is missing.

    >>> docs = pd.DataFrame({"doc_id": ["a"], "text": ["Iran said that China is a friend. China agreed."]})
    >>> mentions = pd.DataFrame({"doc_id": "a", "start": [0, 15, 34], "end": [4, 20, 39]})
    >>> attribution(docs, mentions).tolist()
    ['author', 'quoted', 'author']
    """
    documents = as_documents(documents)
    mentions = as_mentions(mentions, documents)
    texts = dict(zip(documents["doc_id"], documents["text"], strict=True))
    found = pd.Series("author", index=mentions.index, dtype="str")
    for doc_id, part in mentions.groupby("doc_id", sort=False):
        text = texts[doc_id]
        spans = quoted_spans(text)
        starts = [start for start, _ in spans]
        reach = _running_ends(spans)
        for index, start in zip(part.index, part["start"], strict=True):
            k = bisect_right(starts, start)
            if k and reach[k - 1] > start:
                found[index] = "quoted"
    return found


def quoted_spans(text: str) -> list[tuple[int, int]]:
    """Start and end of what is quoted or reported, sorted; spans may overlap."""
    spans = []
    for paragraph in _PARAGRAPH.finditer(text):
        for match in _QUOTATION.finditer(text, *paragraph.span()):
            is_title = _TITLE.search(text, max(match.start() - 20, paragraph.start()), match.start())
            if len(match.group().split()) >= FEWEST_WORDS and not is_title:
                spans.append(match.span())
    for start, end in sentence_spans(text):
        sentence = text[start:end]
        if not any(root in sentence for root in _ROOTS):
            continue
        for match in _REPORTED.finditer(text, start, end):
            if not match["own"]:
                spans.append((match.end(), end))
        for match in (*_AS_NOTED.finditer(text, start, end), *_ACCORDING.finditer(text, start, end)):
            spans += [(start, match.start()), (match.end(), end)]
    return sorted(span for span in spans if span[0] < span[1])


def _running_ends(spans: list[tuple[int, int]]) -> list[int]:
    """How far the spans up to each reach."""
    ends: list[int] = []
    for _, end in spans:
        ends.append(max(end, ends[-1] if ends else end))
    return ends
