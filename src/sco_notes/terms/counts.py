"""Documents to counts of terms.

A term is a lower-cased token: a run of two or more letters or digits, the default of scikit-learn's
CountVectorizer, so that every count here can be checked there. Counts keep all terms; stop words are left
out only where a table is read.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection
from itertools import count, pairwise
from pathlib import Path

import numpy as np
import pandas as pd

from ..corpus.frames import as_documents
from ..corpus.text import decode, sentence_spans
from ..errors import SCONotesError
from ..files import data_folder

CountArrays = tuple[np.ndarray, np.ndarray, np.ndarray]  # document, token or term, count
_EMPTY = (np.empty(0, np.int32),) * 3
_TOKEN = re.compile(r"\w\w+")
_BLOCK, _BLOCK_LENGTH = 64, 4_000_000  # documents, and characters, counted at a time
# Bytes of one-byte characters: capitals become small, everything that no token contains becomes a space.
# Bytes of longer characters stay, and the tokens they stand in go through the exact pattern.
_TABLE = bytes(
    byte if byte >= 128 or chr(byte).isalnum() or chr(byte) == "_" else 32
    for byte in bytes(range(256)).lower()
)


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
    if n > 1:
        return _count_sequences(documents, n)
    texts, numbers = documents["text"].tolist(), defaultdict[bytes, int](count().__next__)
    # Block by block: sorting stays in the cache, and no array but the table is as long as the corpus.
    block = np.cumsum([len(text) for text in texts]) // _BLOCK_LENGTH + np.arange(len(texts)) // _BLOCK
    begins = [*np.flatnonzero(np.diff(block, prepend=-1)), len(texts)]
    parts = [_count_tokens(texts[begin:end], begin, numbers) for begin, end in pairwise(begins)]
    terms_of = [_terms(token) for token in numbers]
    vocabulary = sorted({term for terms in terms_of for term in terms})
    place = {term: i for i, term in enumerate(vocabulary)}
    # One row a term: most tokens are one term, a few none ("a") or several ("women’s" is "women" and "s").
    times = np.fromiter(map(len, terms_of), np.int64, len(terms_of))
    terms = np.fromiter((place[term] for terms in terms_of for term in terms), np.int64, int(times.sum()))
    for i, part in enumerate(parts):
        parts[i] = _count_block(*part, times, terms, len(vocabulary))
    where, which, total = (np.concatenate(column) for column in zip(_EMPTY, *parts, strict=True))
    del parts
    doc_ids = pd.array(documents["doc_id"].astype(str), dtype="str").take(where)
    terms = pd.array(vocabulary, dtype="str").take(which)
    return pd.DataFrame({"doc_id": doc_ids, "term": terms, "n": total.astype(np.int64)})


def _count_tokens(texts: list[str], begin: int, numbers: defaultdict[bytes, int]) -> CountArrays:
    """Texts to document (from `begin`), number of the token and count: the quick half, by Arrow's kernels."""
    import pyarrow as pa
    from pyarrow import compute

    runs = compute.ascii_split_whitespace(
        pa.array(map(_bytes, texts), pa.large_binary()).view(pa.large_string())
    )
    tokens = runs.flatten().dictionary_encode()
    different = tokens.dictionary.view(pa.large_binary()).to_pylist()
    number = np.fromiter(map(numbers.__getitem__, different), np.int32, len(different))
    document = np.repeat(np.arange(len(texts)), runs.value_lengths().to_numpy())
    key = document * len(different) + tokens.indices.to_numpy()
    key.sort()
    begins = np.flatnonzero(np.diff(key, prepend=-1))
    where, which = np.divmod(key[begins], max(len(different), 1))
    return (where + begin).astype(np.int32), number[which], np.diff(begins, append=len(key)).astype(np.int32)


def _count_block(
    document: np.ndarray, token: np.ndarray, n: np.ndarray, times: np.ndarray, terms: np.ndarray, size: int
) -> CountArrays:
    """Document, token and count to document, term and count, in order."""
    rows = np.repeat(np.arange(len(token)), times[token])
    nth = np.arange(len(rows)) - np.repeat(np.cumsum(times[token]) - times[token], times[token])
    first = np.cumsum(times) - times
    key = document[rows] * np.int64(size) + terms[first[token[rows]] + nth]
    # The same term may have come from several tokens of a document: "peace" and "«peace»".
    order = np.argsort(key)
    key = key[order]
    begins = np.flatnonzero(np.diff(key, prepend=-1))
    total = np.add.reduceat(n[rows][order], begins) if len(key) else n[:0]
    where, which = np.divmod(key[begins], max(size, 1))
    return where.astype(np.int32), which.astype(np.int32), total.astype(np.int32)


def _count_sequences(documents: pd.DataFrame, n: int) -> pd.DataFrame:
    parts = []
    for doc_id, text in zip(documents["doc_id"].astype(str), documents["text"], strict=True):
        counted: Counter[str] = Counter()
        for start, end in sentence_spans(text):
            found = _TOKEN.findall(text[start:end].lower())
            counted.update(map(" ".join, zip(*(found[i:] for i in range(n)), strict=False)))
        parts += [(doc_id, term, counted[term]) for term in sorted(counted)]
    return pd.DataFrame(parts, columns=["doc_id", "term", "n"]).astype({"doc_id": "str", "term": "str"})


def _bytes(text: str) -> bytes:
    """The runs of letters and digits of a text, small ones of its capitals, with spaces between them."""
    if "Σ" in text:  # the one letter whose small form depends on what follows its token
        text = text.lower()
    return text.encode("utf-8", "surrogatepass").translate(_TABLE)


def _terms(token: bytes) -> list[str]:
    """The terms in a run of bytes: the exact half, needed once for each different run."""
    if token.isascii():
        return [token.decode()] if len(token) > 1 else []
    return _TOKEN.findall(token.decode("utf-8", "surrogatepass").lower())


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
