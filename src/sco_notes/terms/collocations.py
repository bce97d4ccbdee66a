"""Documents to which terms stand together: beside each other, or in the same sentence."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain, combinations, pairwise
from math import log2

import pandas as pd

from ..corpus.frames import as_documents
from ..corpus.text import sentence_spans
from ..errors import check_whole
from .counts import stop_list

_WORD = re.compile(r"\w+")


def collocations(
    documents: pd.DataFrame, min_n: int = 5, stopwords: Collection[str] | None = None
) -> pd.DataFrame:
    """Find which term follows which more often than chance, never across the end of a sentence.

    Takes doc_id and text; a pair that occurs fewer than `min_n` times is left out, and the `stopwords` (None
    takes the project's list, () none) and single letters are left out of the table, not of the counts.
    Returns term, collocate (the next word), n, n_term, n_collocate, n_documents, g2, pmi, log_dice, sorted by
    g2; the values are those of NLTK's BigramCollocationFinder over sentences:

    - g2: log-likelihood ratio over the four cells (Dunning 1993); large where chance is unlikely;
    - pmi: log2 of how many times more often than chance (Church and Hanks 1990); prefers rare words;
    - log_dice: 14 + log2(2 n / (n_term + n_collocate)), at most 14, whatever the size of the corpus
      (Rychlý 2008).

    >>> docs = pd.DataFrame({"doc_id": ["a"], "text": ["Central Asia trades. Asia and Central Asia agree."]})
    >>> collocations(docs, min_n=2)[["term", "collocate", "n", "n_term", "n_collocate", "pmi"]].round(2)
          term collocate  n  n_term  n_collocate   pmi
    0  central      asia  2       2            3  1.42
    """
    check_whole(min_n, "min_n")
    stopwords = stop_list(stopwords)
    n_of: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    n_documents: Counter[tuple[str, str]] = Counter()
    for sentences in _sentences(documents):
        here = Counter(chain.from_iterable(map(pairwise, sentences)))
        n_of.update(chain.from_iterable(sentences))
        pairs.update(here)
        n_documents.update(here.keys())
    listed = _listed(n_of, stopwords)
    often = {pair: n for pair, n in pairs.items() if n >= min_n and listed.issuperset(pair)}
    table = _association(often, n_of, n_of.total(), "collocate")
    both = zip(table["term"], table["collocate"], strict=True)
    table.insert(5, "n_documents", pd.Series([n_documents[pair] for pair in both], dtype="int64"))
    return table


def cooccurrences(
    documents: pd.DataFrame, top: int = 40, min_n: int = 5, stopwords: Collection[str] | None = None
) -> pd.DataFrame:
    """Find which terms stand in the same sentences more often than chance.

    Looks at the `top` terms (2 to 500) that stand in the most sentences; takes what collocations takes.
    Returns term, other (in the order of the alphabet), n (sentences with both), n_term, n_other, expected (n
    by chance), g2, pmi, log_dice as in `collocations` but counted in sentences; sorted by g2.

    >>> docs = pd.DataFrame({"doc_id": ["a"], "text": ["Trade for peace. Slow trade. Peace by trade. War."]})
    >>> cooccurrences(docs, min_n=2)[["term", "other", "n", "n_term", "n_other", "expected"]]
        term  other  n  n_term  n_other  expected
    0  peace  trade  2       2        3       1.5
    """
    check_whole(top, "top", 2, 500)
    check_whole(min_n, "min_n")
    stopwords = stop_list(stopwords)
    sentences = [set(words) for words in chain.from_iterable(_sentences(documents))]
    n_of = Counter(chain.from_iterable(sentences))
    chosen = set(sorted(_listed(n_of, stopwords), key=lambda word: (-n_of[word], word))[:top])
    pairs = Counter(pair for words in sentences for pair in combinations(sorted(words & chosen), 2))
    often = {pair: n for pair, n in pairs.items() if n >= min_n}
    table = _association(often, n_of, len(sentences), "other")
    table.insert(5, "expected", table["n_term"] * table["n_other"] / max(len(sentences), 1))
    return table


def _sentences(documents: pd.DataFrame) -> Iterator[list[list[str]]]:
    """The words of each sentence of each document."""
    for text in as_documents(documents)["text"]:
        yield [_WORD.findall(text[start:end].lower()) for start, end in sentence_spans(text)]


def _listed(words: Iterable[str], stopwords: Collection[str]) -> set[str]:
    return {word for word in words if len(word) > 1 and word not in stopwords}


def _association(
    pairs: Mapping[tuple[str, str], int], n_of: Mapping[str, int], total: int, other: str
) -> pd.DataFrame:
    """NLTK's association measures for the pairs that are more frequent than by chance, by g2."""
    from nltk.metrics.association import BigramAssocMeasures as measures

    rows = []
    for (a, b), n in pairs.items():
        marginals = n, (n_of[a], n_of[b]), total
        if (pmi := measures.pmi(*marginals)) > 0:
            # Rounded, so that pairs of the same counts tie: sums in another order differ in the last digits.
            g2 = round(measures.likelihood_ratio(*marginals), 9)
            rows.append((a, b, n, n_of[a], n_of[b], g2, pmi, 14 + log2(measures.dice(*marginals))))
    columns = ["term", other, "n", "n_term", f"n_{other}", "g2", "pmi", "log_dice"]
    table = pd.DataFrame(rows, columns=columns).astype({"term": "str", other: "str"})
    return table.sort_values(["g2", "term", other], ascending=[False, True, True], ignore_index=True)
