"""Documents to the expressions of several words that they use as one."""

import re
from collections import defaultdict
from collections.abc import Collection

import numpy as np
import pandas as pd

from ..errors import check_whole
from .collocations import ordered_words
from .counts import stop_list

# An expression does not go on over a comma or a bracket; over a hyphen or an apostrophe it does.
_PUNCTUATION = re.compile(r"[^\w\s'’‘ʼ\-‐‑]+")


def find_expressions(
    documents: pd.DataFrame, longest: int = 4, min_n: int = 10, stopwords: Collection[str] | None = None
) -> pd.DataFrame:
    """Expressions of two to `longest` words, as the data have them ("shanghai cooperation organization").

    Takes doc_id and text. A candidate stands within one sentence, without punctuation inside, `min_n` times
    or more, and neither begins nor ends with one of the `stopwords` (None takes the project's list, () none)
    or a single letter. Returns expression (small letters), n_words, n, n_documents, c_value, the highest
    first. The C-value (Frantzi, Ananiadou and Mima 2000) is log2 of the words times n, n first lessened by
    the mean n of the longer candidates around it: a part of a longer expression that hardly stands alone has
    a value near 0. Only those above 0 are returned.
    Raises SCONotesError where `longest` is not from 2 to 6.

    >>> docs = pd.DataFrame({"doc_id": ["a"], "text": ["Rule of law, rule of law; North Asia, North Asia"]})
    >>> find_expressions(docs, min_n=2)[["expression", "n_words", "n", "c_value"]].round(2)
         expression  n_words  n  c_value
    0   rule of law        3  2     3.17
    1    north asia        2  2     2.00
    """
    check_whole(longest, "longest", 2, 6)
    check_whole(min_n, "min_n")
    stopwords = stop_list(stopwords)
    words = ordered_words(documents, _PUNCTUATION)
    edge = np.array([len(word) > 1 and word not in stopwords for word in words.vocabulary], bool)
    size = max(len(words.vocabulary), 1)
    begins, run = np.arange(len(words.term)), words.term
    found: dict[tuple[str, ...], tuple[int, int]] = {}
    # Two words further than is listed: else a piece of a longer expression would pass for a whole one.
    for length in range(2, longest + 3):
        # One word further, where that is in the same sentence and the shorter run is frequent enough.
        ends = begins + length - 1
        inside = ends < len(words.term)
        begins, run, ends = begins[inside], run[inside], ends[inside]
        same = words.sentence[begins] == words.sentence[ends]
        begins, ends = begins[same], ends[same]
        _, run, times = np.unique(
            run[same] * size + words.term[ends], return_inverse=True, return_counts=True
        )
        often = times[run] >= min_n
        begins, ends, run = begins[often], ends[often], run[often]
        if not len(begins):
            break
        listed = np.flatnonzero(edge[words.term[begins]] & edge[words.term[ends]])
        _, first, which, times = np.unique(
            run[listed], return_index=True, return_inverse=True, return_counts=True
        )
        pairs = np.unique(which * len(documents) + words.document[begins[listed]])
        n_documents = np.bincount(pairs // len(documents), minlength=len(first))
        for at, n, among in zip(begins[listed[first]], times.tolist(), n_documents.tolist(), strict=True):
            expression = tuple(words.vocabulary[words.term[at : at + length]])
            found[expression] = (n, among)
    around: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for expression, (n, _) in found.items():
        for part in _parts(expression):
            around[part].append(n)
    rows = []
    for expression, (n, among) in found.items():
        alone = n - np.mean(around[expression]) if expression in around else n
        length = len(expression)
        rows.append((" ".join(expression), length, n, among, np.log2(length) * alone))
    table = pd.DataFrame(rows, columns=["expression", "n_words", "n", "n_documents", "c_value"])
    table = table[(table["c_value"] > 0) & (table["n_words"] <= longest)]
    return table.sort_values(["c_value", "expression"], ascending=[False, True], ignore_index=True)


def _parts(expression: tuple[str, ...]) -> set[tuple[str, ...]]:
    """The shorter runs of words in an expression."""
    size = len(expression)
    runs = {expression[a:b] for a in range(size) for b in range(a + 2, size + 1)}
    return runs - {expression}
