"""Counts of terms to topics: groups of terms that documents use together, and how far to trust them."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..corpus.frames import as_counts
from ..errors import SCONotesError, check_whole
from .counts import stop_list

FEWEST_DOCUMENTS = 20
_COMMONEST = 0.8  # of the documents: a term in more of them tells none from the others
_MOST_TOPICS = 30
_MOST_DOCUMENTS = 2000  # drawn from more of them, for the fits that measure stability
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
    """Find `k` topics in the documents' vocabulary; k is a choice: compare the stability of several.

    Non-negative matrix factorisation (Lee and Seung 1999, scikit-learn's, from its deterministic start
    nndsvda) of tf-idf weights with logarithmic counts, over the terms of three letters and more that are no
    number, stand in 3 documents and in 1% of them or more and in 80% or fewer.

    Stability (Greene, O'Callaghan and Cunningham 2014): the mean Jaccard index of the ten first terms of a
    topic and of its best match, in `runs` fits from random starts, and in as many on random halves of the
    documents (of 2,000 drawn from more). Equal topics have 1; a topic that shares a third of the ten has 0.2.

    Takes doc_id, term, n, and columns of the documents; k from 2 to 30, `runs` from 1 to 100; `stopwords` are
    left out (None takes the project's list: add names to it where topics turn into speakers). Raises
    SCONotesError below 20 documents, and where k is out of its range or no term is left.
    """
    check_whole(runs, "runs", 1, 100)
    weights, vocabulary, doc_ids = _weights(terms, stopwords)
    check_whole(k, "k", 2, min(_MOST_TOPICS, weights.shape[0] // 2, weights.shape[1]))
    shares, parts = _factors(weights, k, None)
    order = np.argsort(-shares.mean(axis=0), kind="stable")
    shares, parts = shares[:, order], parts[order]
    best = _first_terms(parts)
    labels = [", ".join(vocabulary[row[:3]]) for row in best]
    topics = pd.DataFrame({"topic": range(1, k + 1), "label": labels})
    top = topics.loc[topics.index.repeat(_TOP)].reset_index(drop=True)
    top["rank"] = np.tile(np.arange(1, _TOP + 1), k)
    top = top.assign(term=vocabulary[best].ravel(), weight=np.take_along_axis(parts, best, axis=1).ravel())
    documents = topics.merge(pd.DataFrame({"doc_id": doc_ids}), how="cross").assign(share=shares.T.ravel())
    documents = documents.sort_values(
        ["topic", "share", "doc_id"], ascending=[True, False, True], ignore_index=True
    )
    groups = terms.drop(columns=["term", "n"]).drop_duplicates("doc_id")
    documents = documents[["doc_id", "topic", "label", "share"]].merge(groups, on="doc_id", how="left")
    over_seeds, over_halves = _stability(weights, k, runs, best)
    stability = topics.assign(over_seeds=over_seeds, over_halves=over_halves)
    return Topics(top, documents, stability)


def _weights(terms: pd.DataFrame, stopwords: Collection[str] | None):
    """Documents by terms: a sparse array of tf-idf weights, the terms, the ids of the documents."""
    from scipy.sparse import coo_array
    from sklearn.feature_extraction.text import TfidfTransformer

    terms, stopwords = as_counts(terms), stop_list(stopwords)
    rows, columns = (pd.Categorical(terms[name].astype(str)) for name in ("doc_id", "term"))
    doc_ids, names = rows.categories, columns.categories
    if len(doc_ids) < FEWEST_DOCUMENTS:
        raise SCONotesError(
            f"topics: at least {FEWEST_DOCUMENTS} documents are needed for topics to mean anything, yours "
            f"are {len(doc_ids)}; collocations and cooccurrences work on one"
        )
    cells = terms["n"].to_numpy(float), (rows.codes, columns.codes)
    grid = coo_array(cells, shape=(len(doc_ids), len(names))).tocsr()
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


def _factors(weights, k: int, seed: int | None) -> tuple[np.ndarray, np.ndarray]:
    """Documents by topics and topics by terms, as shares of a document and of a topic."""
    import warnings

    from sklearn.decomposition import NMF
    from sklearn.exceptions import ConvergenceWarning

    init = "nndsvda" if seed is None else "random"
    model = NMF(k, init=init, random_state=seed or 0, tol=3e-3, max_iter=400)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        shares = model.fit_transform(weights)
    sizes = np.maximum(model.components_.sum(axis=1), 1e-12)
    shares = shares * sizes
    return shares / np.maximum(shares.sum(axis=1, keepdims=True), 1e-12), model.components_ / sizes[:, None]


def _first_terms(parts: np.ndarray) -> np.ndarray:
    """The numbers of the ten first terms of each topic."""
    return np.argsort(-parts, axis=1, kind="stable")[:, :_TOP]


def _stability(weights, k: int, runs: int, best: np.ndarray) -> np.ndarray:
    """For each topic the mean likeness of its best match, over random starts and over random halves."""
    rng = np.random.default_rng(0)
    weights = weights.astype(np.float32)  # half the time, the same ten terms
    if weights.shape[0] > _MOST_DOCUMENTS:
        weights = weights[np.sort(rng.permutation(weights.shape[0])[:_MOST_DOCUMENTS])]
    likeness = np.empty((2, runs, k))
    for run in range(runs):
        half = np.sort(rng.permutation(weights.shape[0])[: weights.shape[0] // 2])
        for kind, part in enumerate((weights, weights[half])):
            others = _first_terms(_factors(part, k, run + 1)[1])
            shared = np.array([[len(np.intersect1d(a, b)) for b in others] for a in best])
            likeness[kind, run] = (shared / (2 * _TOP - shared)).max(axis=1)
    return likeness.mean(axis=1)
