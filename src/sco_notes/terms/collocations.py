"""Documents to which terms stand together: beside each other, or in the same sentence."""

import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..corpus.frames import as_documents
from ..corpus.text import sentence_spans
from ..errors import check_whole
from .counts import stop_list

_WORD = re.compile(r"\w+")


def collocations(
    documents: pd.DataFrame,
    window: int = 1,
    min_n: int = 5,
    stopwords: Collection[str] | None = None,
) -> pd.DataFrame:
    """Which term follows which more often than chance, never across the end of a sentence.

    Takes doc_id and text. A pair counts where `collocate` is one of the `window` words after `term`.
    Returns term, collocate, n, n_term, n_collocate, n_documents, g2, pmi, log_dice for pairs that occur
    `min_n` times or more and more often than chance; `stopwords` (None takes the project's list, () none)
    and single letters are left out of the table, not out of the counts. Sorted by g2:

    - g2: log-likelihood ratio over the four cells (Dunning 1993); large where chance is unlikely;
    - pmi: log2 of how many times more often than chance (Church and Hanks 1990); prefers rare words;
    - log_dice: 14 + log2(2 n / (n_term + n_collocate)), at most 14, whatever the size of the corpus
      (Rychlý 2008).

    The values are those of NLTK's BigramCollocationFinder with window_size = window + 1. Raises
    SCONotesError where `window` is not from 1 to 10 or `min_n` is below 1.

    >>> docs = pd.DataFrame({"doc_id": ["a"], "text": ["Central Asia trades. Asia and Central Asia agree."]})
    >>> collocations(docs, min_n=2)[["term", "collocate", "n", "n_term", "n_collocate", "pmi"]].round(2)
          term collocate  n  n_term  n_collocate   pmi
    0  central      asia  2       2            3  1.42
    """
    check_whole(window, "window", most=10)
    check_whole(min_n, "min_n")
    words = ordered_words(documents)
    size, total = len(words.vocabulary), len(words.term)
    n_of = np.bincount(words.term, minlength=size)
    ahead = range(1, window + 1)
    places = [np.flatnonzero(words.sentence[step:] == words.sentence[:-step]) for step in ahead]
    first = np.concatenate(places)
    second = np.concatenate([place + step for step, place in zip(ahead, places, strict=True)])
    key, pair, n = np.unique(
        words.term[first] * size + words.term[second], return_inverse=True, return_counts=True
    )
    in_document = np.unique(pair * len(documents) + words.document[first]) // max(len(documents), 1)
    n_documents = np.bincount(in_document, minlength=len(key))
    keep = n >= min_n
    left, right = np.divmod(key[keep], max(size, 1))
    table = pd.DataFrame(
        {
            "term": words.vocabulary[left],
            "collocate": words.vocabulary[right],
            "n": n[keep],
            "n_term": n_of[left],
            "n_collocate": n_of[right],
            "n_documents": n_documents[keep],
            **_measures(n[keep] / window, n_of[left], n_of[right], total),
        }
    )
    return _best(table, "collocate", stopwords)


def cooccurrences(
    documents: pd.DataFrame,
    words: Collection[str] | None = None,
    top: int = 40,
    min_n: int = 5,
    stopwords: Collection[str] | None = None,
) -> pd.DataFrame:
    """Which terms stand in the same sentences more often than chance.

    Takes doc_id and text. Looks at the terms in `words`, or at the `top` terms that stand in the most
    sentences, less `stopwords` (None takes the project's list, () none). Returns one row a pair: term, other
    (in the order of the alphabet), n (sentences with both), n_term, n_other, expected (n by chance), g2, pmi,
    log_dice as in `collocations` but counted in sentences, for pairs with n of `min_n` or more and above
    chance. Sorted by g2. Raises SCONotesError where `top` is not from 2 to 500.

    >>> docs = pd.DataFrame({"doc_id": ["a"], "text": ["Trade for peace. Slow trade. Peace by trade. War."]})
    >>> cooccurrences(docs, min_n=2)[["term", "other", "n", "n_term", "n_other", "expected"]]
        term  other  n  n_term  n_other  expected
    0  peace  trade  2       2        3       1.5
    """
    from scipy.sparse import coo_array

    check_whole(top, "top", 2, 500)
    check_whole(min_n, "min_n")
    found = ordered_words(documents)
    size, n_sentences = len(found.vocabulary), int(found.sentence.max(initial=-1)) + 1
    both = np.unique(found.sentence * max(size, 1) + found.term)
    sentence, term = np.divmod(both, max(size, 1))
    n_of = np.bincount(term, minlength=size)
    if words is None:
        stopwords = stop_list(stopwords)
        listed = np.array([len(word) > 1 and word not in stopwords for word in found.vocabulary], bool)
        # The commonest, of equal ones the first in the alphabet.
        order = np.lexsort([found.vocabulary, -n_of])
        chosen = order[listed[order]][:top]
    else:
        words = [words] if isinstance(words, str) else words
        chosen = np.flatnonzero(np.isin(found.vocabulary, [word.lower() for word in words]))
    chosen = chosen[np.argsort(found.vocabulary[chosen])]
    place = np.full(size, -1)
    place[chosen] = np.arange(len(chosen))
    kept = place[term] >= 0
    grid = coo_array(
        (np.ones(kept.sum(), np.int64), (sentence[kept], place[term[kept]])),
        shape=(n_sentences, len(chosen)),
    ).tocsc()
    left, right = np.triu_indices(len(chosen), 1)
    n = (grid.T @ grid).toarray()[left, right]
    left, right, n = (part[n >= min_n] for part in (left, right, n))
    n_left, n_right = n_of[chosen[left]], n_of[chosen[right]]
    table = pd.DataFrame(
        {
            "term": found.vocabulary[chosen[left]],
            "other": found.vocabulary[chosen[right]],
            "n": n,
            "n_term": n_left,
            "n_other": n_right,
            "expected": n_left * n_right / max(n_sentences, 1),
            **_measures(n, n_left, n_right, n_sentences),
        }
    )
    return _best(table, "other", ())


@dataclass(frozen=True)
class _Words:
    """Every word of a corpus in order: the numbers of its term, its sentence, its document."""

    vocabulary: np.ndarray
    term: np.ndarray
    sentence: np.ndarray
    document: np.ndarray


def ordered_words(documents: pd.DataFrame, apart: re.Pattern[str] | None = None) -> _Words:
    """The words of a corpus; what matches `apart` parts sentences too."""
    documents = as_documents(documents)
    numbers: defaultdict[str, int] = defaultdict()
    numbers.default_factory = numbers.__len__
    terms, lengths, sentences = [np.empty(0, np.int64)], [], []
    for text in documents["text"]:
        parts = [text[start:end] for start, end in sentence_spans(text)]
        if apart:
            parts = [piece for part in parts for piece in apart.split(part)]
        found = [_WORD.findall(part.lower()) for part in parts]
        terms.append(np.array([numbers[word] for words in found for word in words], np.int64))
        lengths += [len(words) for words in found]
        sentences.append(len(found))
    sizes = [len(part) for part in terms[1:]]
    return _Words(
        np.array(list(numbers), dtype=object),
        np.concatenate(terms),
        np.repeat(np.arange(sum(sentences)), lengths),
        np.repeat(np.arange(len(documents)), sizes),
    )


def _measures(n: np.ndarray, n_a: np.ndarray, n_b: np.ndarray, total: int) -> dict[str, np.ndarray]:
    observed = np.maximum([n, n_a - n, n_b - n, total - n_a - n_b + n], 0.0)
    a, b = np.array([n_a, total - n_a], float), np.array([n_b, total - n_b], float)
    expected = np.array([a[0] * b[0], a[0] * b[1], a[1] * b[0], a[1] * b[1]]) / max(total, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        g2 = 2 * np.where(observed > 0, observed * np.log(observed / expected), 0).sum(axis=0)
    return {
        "g2": np.maximum(g2, 0),  # what is as frequent as by chance leaves -1e-16
        "pmi": np.log2(n / expected[0]),
        "log_dice": 14 + np.log2(2 * n / (n_a + n_b)),
    }


def _best(table: pd.DataFrame, other: str, stopwords: Collection[str] | None) -> pd.DataFrame:
    """The pairs above chance whose terms may be listed, by g2."""
    stopwords = stop_list(stopwords)
    keep = table["pmi"] > 0
    for name in ("term", other):
        table[name] = table[name].astype("str")
        keep &= ~table[name].isin(stopwords) & (table[name].str.len() > 1)
    order = ["g2", "term", other]
    return table[keep].sort_values(order, ascending=[False, True, True], ignore_index=True)
