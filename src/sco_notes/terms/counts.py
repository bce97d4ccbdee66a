"""Documents to counts of terms.

A term is a lower-cased token: a run of two or more letters or digits, the default of scikit-learn's
CountVectorizer, so that every count here can be checked there. Counts keep all terms; stop words are left
out only where a table is read.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import count
from pathlib import Path

import numpy as np
import pandas as pd

from ..corpus.frames import as_documents
from ..corpus.text import decode, sentence_spans
from ..errors import SCONotesError
from ..files import data_folder

_TOKEN = re.compile(r"\w\w+")
_BLOCK, _BLOCK_LENGTH = 64, 4_000_000  # documents, and characters, counted at a time
_MOST_REPLACED = 100  # different characters that are replaced one by one
_ASCII = bytes(range(128))
# ASCII capitals become small and what no token contains becomes a space; longer characters keep their bytes.
_TABLE = bytes(
    byte if byte >= 128 or chr(byte).isalnum() or chr(byte) == "_" else 32
    for byte in bytes(range(256)).lower()
)


def count_terms(documents: pd.DataFrame, n: int = 1) -> pd.DataFrame:
    """Count every term, or every sequence of `n` terms, in every document.

    Parameters
    ----------
    documents : frame with doc_id and text
    n : 1, or 2 or 3 for neighbouring terms of a sentence ("central asia")

    Returns
    -------
    doc_id, term, n, in the order of the documents and then of the alphabet

    >>> docs = pd.DataFrame({"doc_id": ["a"], "text": ["Trust builds trust."]})
    >>> count_terms(docs)
      doc_id    term  n
    0      a  builds  1
    1      a   trust  2
    """
    documents = as_documents(documents)
    if n not in (1, 2, 3):
        raise SCONotesError(f"count_terms: n = {n!r}; 1, 2 or 3 is expected")
    if n > 1:
        return _count_sequences(documents, n)
    numbers: defaultdict[str, int] = defaultdict(count().__next__)  # each new term gets the next
    parts = [_count_block(texts, begin, numbers) for begin, texts in _blocks(documents["text"])]
    empty = (np.empty(0, np.int32),) * 3
    document, term, total = (np.concatenate(column) for column in zip(empty, *parts, strict=True))
    return pd.DataFrame(
        {
            "doc_id": pd.array(documents["doc_id"], dtype="str").take(document),
            "term": pd.array(list(numbers), dtype="str").take(term),
            "n": total.astype(np.int64),
        }
    )


def _blocks(texts: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """Texts to be counted together, with the number of the first."""
    block: list[str] = []
    begin = length = 0
    for number, text in enumerate(texts):
        block.append(text)
        length += len(text)
        if len(block) == _BLOCK or length > _BLOCK_LENGTH:
            yield begin, block
            block, begin, length = [], number + 1, 0
    if block:
        yield begin, block


def _count_block(texts: list[str], begin: int, numbers: defaultdict[str, int]) -> tuple[np.ndarray, ...]:
    """Number of the document (from `begin`), number of the term, and count: by Arrow's kernels."""
    import pyarrow as pa
    from pyarrow import compute

    runs = compute.ascii_split_whitespace(pa.array(map(_spaced, texts), pa.large_binary()).view("large_utf8"))
    tokens = runs.flatten().dictionary_encode()
    # Arrow orders by bytes, which in UTF-8 is the order of the characters.
    order = compute.sort_indices(tokens.dictionary).to_numpy()
    alphabet = tokens.dictionary.take(order).to_pylist()
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    document = np.repeat(np.arange(len(texts)), runs.value_lengths().to_numpy())
    # One whole number for a document and a term: sorting them is all that counting takes.
    key = document * len(alphabet) + place[tokens.indices.to_numpy()]
    key.sort()
    begins = np.flatnonzero(np.diff(key, prepend=-1))
    where, which = np.divmod(key[begins], max(len(alphabet), 1))
    number = np.array([numbers[token] if len(token) > 1 else -1 for token in alphabet], np.int32)[which]
    is_term = number >= 0
    table = (where + begin).astype(np.int32), number, np.diff(begins, append=len(key)).astype(np.int32)
    return tuple(column[is_term] for column in table)


def _spaced(text: str) -> bytes:
    """The lower-cased runs of letters and digits of a text, with spaces between them, in UTF-8."""
    if text.isascii():
        return text.encode().translate(_TABLE)
    if "Σ" in text:  # the one letter whose small form depends on what follows its token
        text = text.lower()
    raw = text.encode("utf-8", "surrogatepass").translate(_TABLE)
    # Lower-casing a text as a whole takes longer than looking at its few characters beyond ASCII.
    beyond = set(raw.translate(None, _ASCII).decode("utf-8", "surrogatepass"))
    replaced = {old: new for old in beyond if (new := re.sub(r"\W", " ", old.lower())) != old}
    if len(replaced) > _MOST_REPLACED:
        return " ".join(_TOKEN.findall(text.lower())).encode()
    for old, new in replaced.items():
        raw = raw.replace(old.encode("utf-8", "surrogatepass"), new.encode())
    return raw


def _count_sequences(documents: pd.DataFrame, n: int) -> pd.DataFrame:
    parts = []
    for doc_id, text in zip(documents["doc_id"], documents["text"], strict=True):
        counted: Counter[str] = Counter()
        for start, end in sentence_spans(text):
            found = _TOKEN.findall(text[start:end].lower())
            counted.update(map(" ".join, zip(*(found[i:] for i in range(n)), strict=False)))
        parts += [(doc_id, term, counted[term]) for term in sorted(counted)]
    return pd.DataFrame(parts, columns=["doc_id", "term", "n"]).astype({"doc_id": "str", "term": "str"})


def read_stopwords(path: str | Path | None = None) -> frozenset[str]:
    """Return the words of a stop list, by default of data/stopwords.txt; lines after # are comments."""
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
