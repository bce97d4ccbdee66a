"""Tell whose words they are that name an actor or stand in quotation marks: the text's own, or others'."""

import re
from pathlib import Path

import numpy as np
import pandas as pd

from ..corpus.frames import as_documents, as_mentions
from ..corpus.text import sentence_spans
from .matching import read_patterns

WHOSE = ["quoted", "document", "fixed term", "no source"]
SLOGAN = ["slogan", "whose", "source", "doc_id", "sentence", "start", "end"]
MOST_WORDS = 15  # of a slogan: more are a statement
MOST_SHOWN = 6  # words by which a slogan or its source is named
MIN_QUOTED_WORDS = 5
MAX_TITLE = 20  # characters before a quotation in which the word for a title is looked for
_PATTERNS = read_patterns(Path(__file__).with_name("attribution.toml"))
_NAMING = ("as X notes", "according to X")
_PARAGRAPH = re.compile(r"[^\n]+")
# A quotation that goes on in the next paragraph is opened again there, so an open end is the paragraph's end.
_QUOTATION = re.compile(r"“[^“”]*(?:”|$)|«[^«»]*(?:«[^«»]*»[^«»]*)*(?:»|$)|(?<!\w)\"[^\"]*\"")


def attribution(documents: pd.DataFrame, mentions: pd.DataFrame) -> pd.Series:
    """Return "author" or "quoted" for each mention, in the order of the mentions.

    Quoted are mentions inside quotation marks around five words or more (fewer are a title or a word at a
    distance), after a reporting verb with another subject than "I" or "we" ("the minister said that", but not
    "it must be said that"), and in sentences with "as X notes" or "according to X", but for X itself, by the
    words of attribution.toml. Free indirect speech is not found.

    Takes doc_id and text; doc_id, start, end (characters) of mentions. Raises SCONotesError if a column is
    missing, or a mention lies outside its document.

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
        spans = quoted_spans(texts[doc_id])
        if spans:
            starts, ends = np.array(spans).T
            before = np.searchsorted(starts, part["start"], side="right")  # how many spans begin before it
            reach = np.concatenate([[0], np.maximum.accumulate(ends)])[before]
            found[part.index[reach > part["start"]]] = "quoted"
    return found


def find_slogans(documents: pd.DataFrame, sentences: pd.DataFrame, groups: pd.DataFrame) -> pd.DataFrame:
    """Find what stands in quotation marks, in up to 15 words, and what the text names as its source.

    Takes doc_id, text; doc_id, sentence, start, end; the places of term groups (see `find_groups`). Returns
    a row a place: slogan (its first six words), whose ("quoted": somebody said it; "document": it is a title
    or stands in a document; "fixed term": a term group; "no source": the author's own words, or others' of
    whom nothing is said), source, doc_id, sentence, start, end. Only the sentence of the slogan is read.

    >>> docs = pd.DataFrame({"doc_id": ["a"], "text": ["The “big game”, as Jane Roe notes, is over."]})
    >>> spans = pd.DataFrame({"doc_id": ["a"], "sentence": [0], "start": [0], "end": [43]})
    >>> groups = pd.DataFrame(columns=["doc_id", "start", "end", "group"])
    >>> find_slogans(docs, spans, groups).iloc[0, :3].tolist()
    ['big game', 'quoted', 'Jane Roe']
    """
    rows = []
    terms = {(doc_id, start): (end, group) for doc_id, start, end, group in
             groups[["doc_id", "start", "end", "group"]].itertuples(index=False)}  # fmt: skip
    spans = {doc_id: part for doc_id, part in sentences.groupby("doc_id", sort=False, observed=True)}
    for doc_id, text in documents[["doc_id", "text"]].itertuples(index=False):
        for number, begin, stop in spans[doc_id][["sentence", "start", "end"]].itertuples(index=False):
            for found in _QUOTATION.finditer(text, begin, stop):
                start, end = found.start() + 1, found.end() - (found[0][-1] in '”»"')
                words = text[start:end].strip(" .,;:!?").split()
                if not 0 < len(words) <= MOST_WORDS or not any(map(str.isalpha, "".join(words))):
                    continue
                named = [_PATTERNS[way].search(text, begin, stop) for way in _NAMING]
                named += [*_PATTERNS["X says"].finditer(text, begin, start)][-1:]
                said = next((each for each in named if each), None)
                work = _PATTERNS["document"].search(text, begin, found.start())
                until, term = terms.get((doc_id, start), (0, ""))
                whose, source = (
                    ("quoted", said["source"]) if said
                    else ("document", work["source"]) if work
                    else ("fixed term", term) if 0 <= end - until <= 1 < len(words)
                    else ("no source", "")
                )  # fmt: skip
                rows.append((_first(words), whose, _first(source.split()), doc_id, number, start, end))
    return pd.DataFrame(rows, columns=SLOGAN)


def _first(words: list[str]) -> str:
    return " ".join(words[:MOST_SHOWN]).rstrip(" ,;:(") + "…" * (len(words) > MOST_SHOWN)


def quoted_spans(text: str) -> list[tuple[int, int]]:
    """Return start and end of what is quoted or reported, sorted; spans may overlap."""
    spans = []
    for paragraph in _PARAGRAPH.finditer(text):
        for match in _QUOTATION.finditer(text, *paragraph.span()):
            before = max(match.start() - MAX_TITLE, paragraph.start())
            is_title = _PATTERNS["title"].search(text, before, match.start())
            if len(match.group().split()) >= MIN_QUOTED_WORDS and not is_title:
                spans.append(match.span())
    for start, end in sentence_spans(text):
        if not _PATTERNS["reports"].search(text, start, end):
            continue
        reported = _PATTERNS["reported"].finditer(text, start, end)
        spans += [(match.end(), end) for match in reported if not match["own"]]
        for way in _NAMING:
            for match in _PATTERNS[way].finditer(text, start, end):
                spans += [(start, match.start()), (match.end(), end)]
    return sorted(span for span in spans if span[0] < span[1])
