"""Counts of terms to topics: groups of terms that documents use together, and how far to trust them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..corpus.frames import as_counts
from ..errors import SCONotesError, check_whole
from .counts import stop_list

FEWEST_DOCUMENTS = 20
_COMMONEST = 0.8  # a term in more of the documents than this parts none from the others
_MOST_TOPICS = 30
_MOST_DOCUMENTS = 2000  # drawn from more of them, for what is tried over and over
_TOP = 10  # the terms by which two topics are compared


@dataclass(frozen=True)
class Topics:
    """What `find_topics` found, as tables; topics are numbered from 1, the most widespread first.

    terms: topic, label (its first three terms), rank, term, weight (share of the topic), 10 rows a topic.
    documents: doc_id, topic, label, share of the document's topics, the most typical documents of a topic
    first, and the columns of the documents that the term counts carry (year, country, kind).
    stability: topic, label, over_seeds, over_halves: 1 where the topic comes again with the same ten terms.
    """

    terms: pd.DataFrame
    documents: pd.DataFrame
    stability: pd.DataFrame


def find_topics(
    terms: pd.DataFrame, k: int = 8, stopwords: Collection[str] | None = None, runs: int = 10
) -> Topics:
    """Part the documents' vocabulary into `k` topics; k is a choice, not a finding (see topic_stability).

    Takes doc_id, term, n. Non-negative matrix factorisation (Lee and Seung 1999, scikit-learn's, from its
    deterministic start nndsvda) of tf-idf weights with logarithmic counts, over the terms of three letters
    and more that are no number, stand in 3 documents and in 1% of them or more and in 80% or fewer;
    `stopwords` (None takes the project's list) are left out: add names to it where topics turn into speakers.

    Stability (Greene, O'Callaghan and Cunningham 2014): the mean Jaccard index of the ten first terms of a
    topic and of its best match, in `runs` fits from random starts, and in as many on random halves of the
    documents (of 2,000 drawn from more). Equal topics have 1; a topic that shares a third of the ten has 0.2.
    Raises SCONotesError below 20 documents, and where k is not from 2 to 30 or no term is left.
    """
    check_whole(runs, "runs", 1, 100)
    weights, vocabulary, doc_ids = _weights(terms, stopwords)
    check_whole(k, "k", 2, min(_MOST_TOPICS, weights.shape[0] // 2, weights.shape[1]))
    shares, parts = _factors(weights, k, None)
    order = np.argsort(-shares.mean(axis=0), kind="stable")
    shares, parts = shares[:, order], parts[order]
    best = np.argsort(-parts, axis=1, kind="stable")[:, :_TOP]
    labels = [", ".join(vocabulary[row[:3]]) for row in best]
    numbers = np.arange(1, k + 1)
    per_topic = pd.DataFrame(
        {
            "topic": np.repeat(numbers, best.shape[1]),
            "label": np.repeat(labels, best.shape[1]),
            "rank": np.tile(np.arange(1, best.shape[1] + 1), k),
            "term": vocabulary[best.ravel()],
            "weight": np.take_along_axis(parts, best, axis=1).ravel(),
        }
    )
    documents = pd.DataFrame(
        {
            "doc_id": np.tile(doc_ids, k),
            "topic": np.repeat(numbers, len(doc_ids)),
            "label": np.repeat(labels, len(doc_ids)),
            "share": shares.T.ravel(),
        }
    ).sort_values(["topic", "share", "doc_id"], ascending=[True, False, True], ignore_index=True)
    groups = terms.drop(columns=["term", "n"]).drop_duplicates("doc_id")
    over_seeds, over_halves = _stability(weights, k, runs, best)
    return Topics(
        per_topic,
        documents.merge(groups, on="doc_id", how="left"),
        pd.DataFrame(
            {"topic": numbers, "label": labels, "over_seeds": over_seeds, "over_halves": over_halves}
        ),
    )


def topic_stability(
    terms: pd.DataFrame,
    ks: int | Iterable[int] = range(4, 13),
    stopwords: Collection[str] | None = None,
    runs: int = 5,
) -> pd.DataFrame:
    """How stable topics are for different k: the table to look at before choosing one.

    Takes what `find_topics` takes. Returns k, over_seeds, over_halves (means over the topics), least (the
    lowest over_halves of a topic) and error, the share of the weights that the topics do not explain, which
    falls with every topic more and so says nothing by itself. Takes some seconds for each k.
    """
    check_whole(runs, "runs", 1, 100)
    weights, _, _ = _weights(terms, stopwords)
    rows = []
    for k in [ks] if isinstance(ks, int) else ks:
        check_whole(k, "k", 2, min(_MOST_TOPICS, weights.shape[0] // 2, weights.shape[1]))
        shares, parts = _factors(weights, k, None, scaled=False)
        best = np.argsort(-parts, axis=1, kind="stable")[:, :_TOP]
        over_seeds, over_halves = _stability(weights, k, runs, best)
        # |X - WH|^2 without the dense product: |X|^2 - 2 <X, WH> + |WH|^2.
        whole = float((weights.data**2).sum())
        crossed = float((shares * (weights @ parts.T)).sum())
        squared = float(((shares.T @ shares) * (parts @ parts.T)).sum())
        error = (whole - 2 * crossed + squared) / whole
        rows.append((k, over_seeds.mean(), over_halves.mean(), over_halves.min(), error))
    return pd.DataFrame(rows, columns=["k", "over_seeds", "over_halves", "least", "error"])


def _weights(terms: pd.DataFrame, stopwords: Collection[str] | None):
    """Documents by terms: a sparse array of tf-idf weights, the terms, the ids of the documents."""
    from scipy.sparse import coo_array
    from sklearn.feature_extraction.text import TfidfTransformer

    terms = as_counts(terms)
    stopwords = stop_list(stopwords)
    rows, doc_ids = _in_order(terms["doc_id"])
    if len(doc_ids) < FEWEST_DOCUMENTS:
        raise SCONotesError(
            f"topics: at least {FEWEST_DOCUMENTS} documents are needed for topics to mean anything, yours "
            f"are {len(doc_ids)}; collocations and cooccurrences work on one"
        )
    columns, names = _in_order(terms["term"])
    grid = coo_array((terms["n"].to_numpy(float), (rows, columns)), shape=(len(doc_ids), len(names))).tocsr()
    spread = np.bincount(grid.indices, minlength=len(names))
    fewest = max(3, int(np.ceil(0.01 * len(doc_ids))))
    chosen = (spread >= fewest) & (spread <= _COMMONEST * len(doc_ids))
    chosen &= (names.str.len() > 2) & ~names.str.isnumeric() & ~names.isin(list(stopwords))
    if chosen.sum() < _TOP:
        raise SCONotesError(
            f"topics: {chosen.sum()} terms are left that stand in {fewest} documents or more and are no stop "
            "words; more text is needed, or a shorter stop list"
        )
    weights = TfidfTransformer(sublinear_tf=True).fit_transform(grid[:, chosen.nonzero()[0]])
    return weights, names[chosen].to_numpy(object), doc_ids.to_numpy(object)


def _in_order(values: pd.Series) -> tuple[np.ndarray, pd.Index]:
    """The number of each value among the different ones in order, and these."""
    codes, found = pd.factorize(values)
    found = pd.Index(found.astype(str))
    order = found.argsort()
    number = np.empty(len(order), int)
    number[order] = np.arange(len(order))
    return number[codes], found[order]


def _factors(weights, k: int, seed: int | None, scaled: bool = True) -> tuple[np.ndarray, np.ndarray]:
    """Documents by topics and topics by terms; `scaled`: as shares of a document and of a topic."""
    import warnings

    from sklearn.decomposition import NMF
    from sklearn.exceptions import ConvergenceWarning

    model = NMF(
        k, init="nndsvda" if seed is None else "random", random_state=seed or 0, tol=3e-3, max_iter=400
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        shares = model.fit_transform(weights)
    parts = model.components_
    if not scaled:
        return shares, parts
    sizes = np.maximum(parts.sum(axis=1), 1e-12)
    shares = shares * sizes
    return shares / np.maximum(shares.sum(axis=1, keepdims=True), 1e-12), parts / sizes[:, None]


def _stability(weights, k: int, runs: int, best: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each topic the mean likeness of its best match, over random starts and over random halves."""
    rng = np.random.default_rng(0)
    weights = weights.astype(np.float32)  # half the time, the same ten terms
    if weights.shape[0] > _MOST_DOCUMENTS:
        weights = weights[np.sort(rng.permutation(weights.shape[0])[:_MOST_DOCUMENTS])]
    seeds, halves = [], []
    for seed in range(1, runs + 1):
        seeds.append(_likeness(best, _factors(weights, k, seed)[1]))
        half = np.sort(rng.permutation(weights.shape[0])[: weights.shape[0] // 2])
        halves.append(_likeness(best, _factors(weights[half], k, seed)[1]))
    return np.mean(seeds, axis=0), np.mean(halves, axis=0)


def _likeness(best: np.ndarray, parts: np.ndarray) -> np.ndarray:
    """The largest Jaccard index of each topic's first terms with those of any topic of another fit."""
    others = np.argsort(-parts, axis=1, kind="stable")[:, :_TOP]
    shared = np.array([[len(np.intersect1d(a, b)) for b in others] for a in best])
    return (shared / (2 * best.shape[1] - shared)).max(axis=1)
