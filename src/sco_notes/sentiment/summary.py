"""Scored mentions to an estimate per actor, with its interval."""

import numpy as np
import pandas as pd

from ..errors import SCONotesError

FEWEST = 5  # below this many sentences an actor gets no interval and no bar
DOCUMENTS_FOR_BOOTSTRAP = 10
RESAMPLES = 2000


def summarise_actors(scored: pd.DataFrame, by: str | None = None) -> pd.DataFrame:
    """Mean valence per actor, with an interval.

    Takes actor, doc_id, sentence, valence, and where `by` names one, that column (such as the speaker's
    country). A sentence that names an actor twice counts once. Returns [by,] actor, n (sentences),
    n_documents, mean, low, high, interval and singles (below 5 sentences their values, which say more than
    a mean), sorted by n:

    - interval "documents": 95% by BCa bootstrap over documents (Efron 1987), from ten documents on, since
      sentences of one document resemble each other;
    - "sentences": the same over sentences, for fewer documents: it speaks of these texts only;
    - "none": fewer than 5 sentences, or all values equal; low and high are missing.
    """
    keys = [by, "actor"] if by else ["actor"]
    missing = [name for name in [*keys, "doc_id", "sentence", "valence"] if name not in scored.columns]
    if missing:
        raise SCONotesError(
            f"scored mentions are expected; column {missing[0]!r} is missing: use score_mentions"
        )
    once = scored.drop_duplicates([*keys, "doc_id", "sentence"])
    rows = []
    for key, part in once.groupby(keys, sort=True):
        low, high, interval = _interval(part)
        singles = "; ".join(f"{value:+.2f}" for value in part["valence"]) if len(part) < FEWEST else ""
        n_documents = part["doc_id"].nunique()
        rows.append((*key, len(part), n_documents, part["valence"].mean(), low, high, interval, singles))
    columns = [*keys, "n", "n_documents", "mean", "low", "high", "interval", "singles"]
    table = pd.DataFrame(rows, columns=columns)
    order = [*keys[:-1], "n", "actor"]
    return table.sort_values(order, ascending=[*[True] * len(keys[:-1]), False, True], ignore_index=True)


def _interval(part: pd.DataFrame) -> tuple[float, float, str]:
    from scipy.stats import bootstrap

    values = part["valence"].to_numpy(float)
    if len(values) < FEWEST or np.ptp(values) == 0:
        return np.nan, np.nan, "none"
    by_document = part.groupby("doc_id")["valence"].agg(["sum", "count"]).to_numpy(float)
    if len(by_document) >= DOCUMENTS_FOR_BOOTSTRAP:
        sums, counts, unit = by_document[:, 0], by_document[:, 1], "documents"
    else:
        sums, counts, unit = values, np.ones(len(values)), "sentences"
    result = bootstrap(
        (sums, counts),
        lambda sums, counts, axis: sums.sum(axis) / counts.sum(axis),
        paired=True,
        vectorized=True,
        n_resamples=RESAMPLES,
        batch=RESAMPLES,
        rng=np.random.default_rng(0),
    )
    low, high = result.confidence_interval
    return (float(low), float(high), unit) if np.isfinite([low, high]).all() else (np.nan, np.nan, "none")
