"""Documents to counts of terms.

A term is a lower-cased token: a run of two or more letters or digits, the default of scikit-learn's
CountVectorizer, so that every count here can be checked there. Counts keep all terms; stop words are left
out only where a table is read.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path
from sys import intern

import pandas as pd

from ..corpus.frames import as_documents
from ..corpus.text import decode, sentence_spans
from ..errors import SCONotesError
from ..files import data_folder

_TOKEN = re.compile(r"\w\w+")


def count_terms(documents: pd.DataFrame, n: int = 1) -> pd.DataFrame:
    """Count every term, or every sequence of `n` terms, in every document.

    Takes a frame with doc_id and text; returns doc_id, term, n, in the order of the documents and then of
    the alphabet. With n = 2 or 3 a term is so many neighbouring ones of a sentence ("central asia").

    >>> docs = pd.DataFrame({"doc_id": ["a"], "text": ["Trust builds trust."]})
    >>> count_terms(docs)
      doc_id    term  n
    0      a  builds  1
    1      a   trust  2
    """
    documents = as_documents(documents)
    if n not in (1, 2, 3):
        raise SCONotesError(f"count_terms: n = {n!r}; 1, 2 or 3 is expected")
    ids: list[str] = []
    terms: list[str] = []
    counts: list[int] = []
    for doc_id, text in zip(documents["doc_id"], documents["text"], strict=True):
        counted = Counter(_TOKEN.findall(text.lower()) if n == 1 else _sequences(text, n))
        in_order = sorted(counted)
        ids += [doc_id] * len(in_order)
        terms += map(intern, in_order)  # one string for a term, however many documents have it
        counts += [counted[term] for term in in_order]
    table = pd.DataFrame({"doc_id": ids, "term": terms, "n": counts})
    return table.astype({"doc_id": "str", "term": "str", "n": "int64"})


def _sequences(text: str, n: int) -> Iterator[str]:
    """The sequences of `n` neighbouring terms in the sentences of a text."""
    for start, end in sentence_spans(text):
        tokens = _TOKEN.findall(text[start:end].lower())
        yield from map(" ".join, zip(*(tokens[i:] for i in range(n)), strict=False))


def read_stopwords(path: str | Path | None = None) -> frozenset[str]:
    """Read the words of a stop list, by default data/stopwords.txt. Lines that begin with # are comments."""
    file = Path(path) if path else data_folder() / "stopwords.txt"
    if not file.is_file():
        raise SCONotesError(f"{file}: no such stop list; give a text file with one word a line")
    lines = decode(file.read_bytes(), str(file)).splitlines()
    return frozenset(
        word.lower() for line in lines if not line.lstrip().startswith("#") for word in line.split()
    )


def stop_list(stopwords: Collection[str] | None) -> frozenset[str]:
    """Return the stop words that an argument means: None those of the project, () none."""
    if isinstance(stopwords, str):
        raise SCONotesError(f"stopwords = {stopwords!r}: a list of words is expected, such as ['the', 'of']")
    return read_stopwords() if stopwords is None else frozenset(stopwords)
