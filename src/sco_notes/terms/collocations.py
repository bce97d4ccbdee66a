"""Documents to which terms stand together: beside each other, in the same sentence, as one expression."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from itertools import chain, combinations, pairwise
from math import log2
from statistics import mean

import pandas as pd

from ..corpus.frames import as_documents
from ..corpus.text import sentence_spans
from ..errors import check_whole
from .counts import stop_list

_WORD = re.compile(r"\w+")
# An expression does not go on over a comma or a bracket; over a hyphen or an apostrophe it does.
_PUNCTUATION = re.compile(r"[^\w\s'’‘ʼ\-‐‑]+")


def collocations(
    documents: pd.DataFrame, min_n: int = 5, stopwords: Collection[str] | None = None
) -> pd.DataFrame:
    """Find which term follows which more often than chance, never across the end of a sentence.

    Parameters
    ----------
    documents : frame with doc_id and text
    min_n : a pair that occurs less often is left out
    stopwords : left out of the table, as single letters are, not out of the counts; None takes the project's
        list, () none

    Returns
    -------
    term, collocate (the next word), n, n_term, n_collocate, n_documents, g2, pmi, log_dice, sorted by g2;
    the values are those of NLTK's BigramCollocationFinder over sentences:

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
    listed = {word for word in n_of if _is_listed(word, stopwords)}
    often = {pair: n for pair, n in pairs.items() if n >= min_n and listed.issuperset(pair)}
    table = _association(often, n_of, n_of.total(), "collocate")
    both = zip(table["term"], table["collocate"], strict=True)
    table.insert(5, "n_documents", pd.Series([n_documents[pair] for pair in both], dtype="int64"))
    return table


def cooccurrences(
    documents: pd.DataFrame, top: int = 40, min_n: int = 5, stopwords: Collection[str] | None = None
) -> pd.DataFrame:
    """Find which terms stand in the same sentences more often than chance.

    Parameters
    ----------
    documents : frame with doc_id and text
    top : how many terms, those that stand in the most sentences, 2 to 500
    min_n : a pair that stands in fewer sentences is left out
    stopwords : left out, as single letters are; None takes the project's list, () none

    Returns
    -------
    term, other (in the order of the alphabet), n (sentences with both), n_term, n_other, expected (n by
    chance), g2, pmi, log_dice as in `collocations` but counted in sentences; sorted by g2

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
    listed = [word for word in n_of if _is_listed(word, stopwords)]
    chosen = set(sorted(listed, key=lambda word: (-n_of[word], word))[:top])
    pairs = Counter(pair for words in sentences for pair in combinations(sorted(words & chosen), 2))
    often = {pair: n for pair, n in pairs.items() if n >= min_n}
    table = _association(often, n_of, len(sentences), "other")
    table.insert(5, "expected", table["n_term"] * table["n_other"] / max(len(sentences), 1))
    return table


def find_expressions(
    documents: pd.DataFrame, longest: int = 4, min_n: int = 10, stopwords: Collection[str] | None = None
) -> pd.DataFrame:
    """Find expressions of two to `longest` words ("shanghai cooperation organization").

    Parameters
    ----------
    documents : frame with doc_id and text
    longest : 2 to 6 words
    min_n : an expression that occurs less often is left out
    stopwords : no expression begins or ends with one, or with a single letter; None takes the project's
        list, () none

    Returns
    -------
    expression (lower case, within one sentence, without punctuation inside), n_words, n, n_documents,
    c_value, the highest first. The C-value (Frantzi, Ananiadou and Mima 2000) is log2 of the words times n,
    n first lessened by the mean n of the longer candidates around it: a part of a longer expression that
    hardly stands alone has a value near 0. Only those above 0 are returned.

    >>> docs = pd.DataFrame({"doc_id": ["a"], "text": ["Rule of law, rule of law; North Asia, North Asia"]})
    >>> find_expressions(docs, min_n=2)[["expression", "n_words", "n", "c_value"]].round(2)
         expression  n_words  n  c_value
    0   rule of law        3  2     3.17
    1    north asia        2  2     2.00
    """
    check_whole(longest, "longest", 2, 6)
    check_whole(min_n, "min_n")
    stopwords = stop_list(stopwords)
    counts: Counter[tuple[str, ...]] = Counter()
    n_documents: Counter[tuple[str, ...]] = Counter()
    for pieces in _sentences(documents, _PUNCTUATION):
        # Two words further than is listed: else a part of a longer expression would pass for a whole one.
        here = Counter(run for words in pieces for run in _runs(words, longest + 2, stopwords))
        counts.update(here)
        n_documents.update(here.keys())
    found = {run: n for run, n in counts.items() if n >= min_n}
    around: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for run, n in found.items():
        for part in set(_runs(run, len(run) - 1)) & found.keys():
            around[part].append(n)
    rows = [
        (" ".join(run), len(run), n, n_documents[run], log2(len(run)) * (n - mean(around.get(run, [0]))))
        for run, n in found.items()
        if len(run) <= longest
    ]
    table = pd.DataFrame(rows, columns=["expression", "n_words", "n", "n_documents", "c_value"])
    table = table[table["c_value"] > 0]
    return table.sort_values(["c_value", "expression"], ascending=[False, True], ignore_index=True)


def _sentences(documents: pd.DataFrame, apart: re.Pattern[str] | None = None) -> Iterator[list[list[str]]]:
    """The words of each sentence of each document; what matches `apart` parts sentences too."""
    for text in as_documents(documents)["text"]:
        parts = [text[start:end].lower() for start, end in sentence_spans(text)]
        if apart:
            parts = [piece for part in parts for piece in apart.split(part)]
        yield [_WORD.findall(part) for part in parts]


def _is_listed(word: str, stopwords: Collection[str]) -> bool:
    return len(word) > 1 and word not in stopwords


def _runs(words, longest: int, stopwords: Collection[str] = ()) -> Iterator[tuple[str, ...]]:
    """The runs of 2 to `longest` words that neither begin nor end with a stop word or a single letter."""
    edges = [place for place, word in enumerate(words) if _is_listed(word, stopwords)]
    for number, first in enumerate(edges):
        for last in edges[number + 1 :]:
            if last - first >= longest:
                break
            yield tuple(words[first : last + 1])


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
