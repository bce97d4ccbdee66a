"""Tell whose words name an actor: the text's own, or words that it quotes or reports."""

import re
import tomllib
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from ..corpus.frames import as_documents, as_mentions
from ..corpus.text import sentence_spans

MIN_QUOTED_WORDS = 5
MAX_TITLE = 20  # characters before a quotation in which the word for a title is looked for
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


def quoted_spans(text: str) -> list[tuple[int, int]]:
    """Return start and end of what is quoted or reported, sorted; spans may overlap."""
    patterns = _patterns()
    spans = []
    for paragraph in _PARAGRAPH.finditer(text):
        for match in _QUOTATION.finditer(text, *paragraph.span()):
            before = max(match.start() - MAX_TITLE, paragraph.start())
            is_title = patterns["title"].search(text, before, match.start())
            if len(match.group().split()) >= MIN_QUOTED_WORDS and not is_title:
                spans.append(match.span())
    for start, end in sentence_spans(text):
        if not patterns["reports"].search(text, start, end):
            continue
        reported = patterns["reported"].finditer(text, start, end)
        spans += [(match.end(), end) for match in reported if not match["own"]]
        for name in ("as X notes", "according to X"):
            for match in patterns[name].finditer(text, start, end):
                spans += [(start, match.start()), (match.end(), end)]
    return sorted(span for span in spans if span[0] < span[1])


@lru_cache(maxsize=1)
def _patterns() -> dict[str, re.Pattern[str]]:
    """What a report looks like, with the words of attribution.toml."""
    table = tomllib.loads((Path(__file__).parent / "attribution.toml").read_text(encoding="utf-8"))
    lists = {name: [" ".join(w.split()) for w in part["words"].split(",")] for name, part in table.items()}
    any_of = {name: f"(?:{'|'.join(words)})".replace(" ", r"\s+") for name, words in lists.items()}
    verbs, own = any_of["verbs"], any_of["own"]
    initials = "".join(sorted({verb[0] for verb in lists["verbs"]}))
    of = r"(?:of|and|for|the|on)"
    name = rf"(?:[A-Z][\w.’'-]*(?:\s+|(?=[,;:.]))(?:{of}\s+)*)+"
    # "American political scientist Michael Rossi": an office of up to three words between two names.
    source = rf"(?:(?:the|a|his|her|its|of|and)\s+)*{name}(?:(?:[a-z-]+\s+){{1,3}}{name})?"
    subject = rf"(?P<own>\b{own})?(?:\s+{any_of['adverbs']})*"
    patterns = {
        "title": rf"{any_of['titles']}\W*$",
        # The look-ahead at the first letter lets the engine pass over most places.
        "reports": rf"\b(?=[Aa{initials}])(?:{verbs}|[Aa]ccording)",
        "reported": rf"{subject}\s+{verbs}(?:\s+that\b|\s*:(?!\s*[“«\"]))",
        "as X notes": rf"\b[Aa]s\s+(?!{own}\b){source}(?:has\s+|have\s+|\w+ly\s+)*{verbs}\b",
        "according to X": rf"\b[Aa]ccording\s+to\s+{source}[^,;:.]{{0,60}}",
    }
    return {name: re.compile(pattern) for name, pattern in patterns.items()}
