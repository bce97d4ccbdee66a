"""Counts of terms of two groups of documents to what marks the one against the other."""

from collections.abc import Collection, Iterable

import numpy as np
import pandas as pd

from ..errors import SCONotesError, require_columns


def compare_corpora(
    terms: pd.DataFrame, reference: pd.DataFrame, stopwords: Collection[str] = (), min_n: int = 5
) -> pd.DataFrame:
    """Keyness of one corpus against another: the term counts of each, and the table of `keyness`."""
    both = pd.concat([terms[["doc_id", "term", "n"]], reference[["doc_id", "term", "n"]]], ignore_index=True)
    return keyness(both, pd.Series(both.index < len(terms), both.index), stopwords, min_n)


def keyness(
    terms: pd.DataFrame, target: pd.Series | Iterable[str], stopwords: Collection[str] = (), min_n: int = 5
) -> pd.DataFrame:
    """Which terms mark the target documents against all the others.

    `target` is true or false for each row of `terms`, or for each document (indexed by doc_id, as in
    `docs["year"] >= 2017`), or simply the ids of the target documents. Terms below `min_n` in both
    together are not tested.

    Returns term, n, n_reference, per_1000, per_1000_reference, g2, log_ratio, q_value, sorted by g2:

    - g2: log-likelihood ratio over the four cells of the table (Dunning 1993), without correction; large
      where the difference is unlikely to be chance;
    - log_ratio: log2 of the ratio of relative frequencies (Hardie 2014), positive where the term is more
      frequent in the target, a count of 0 taken as 0.5; the size of the difference;
    - q_value: the share of false discoveries among terms with so large a g2 (Benjamini and Hochberg 1995).

    Tokens are taken as independent, as all of these measures do: a single long document can carry a term.
    Raises SCONotesError where either side has no documents.

    >>> terms = pd.DataFrame({"doc_id": ["a", "a", "b", "b"], "term": ["peace", "war", "peace", "war"],
    ...                       "n": [30, 10, 10, 30]})
    >>> keyness(terms, ["a"])[["term", "n", "n_reference", "g2", "log_ratio"]].round(2)
        term   n  n_reference     g2  log_ratio
    0  peace  30           10  20.93       1.58
    1    war  10           30  20.93      -1.58
    """
    from scipy.stats import chi2, false_discovery_control

    require_columns(terms, "doc_id", "term", "n")
    inside = _target_rows(terms, target)
    total, total_reference = int(terms.loc[inside, "n"].sum()), int(terms.loc[~inside, "n"].sum())
    if not total or not total_reference:
        side = "target" if not total else "reference"
        raise SCONotesError(f"keyness: the {side} has no documents, so there is nothing to compare")
    counts = pd.DataFrame(
        {
            "n": terms[inside].groupby("term")["n"].sum(),
            "n_reference": terms[~inside].groupby("term")["n"].sum(),
        }
    ).fillna(0)
    counts = counts[(counts.sum(axis=1) >= min_n) & ~counts.index.isin(stopwords)].astype("int64")
    n, n_reference = counts["n"].to_numpy(float), counts["n_reference"].to_numpy(float)
    observed = np.array([n, n_reference, total - n, total_reference - n_reference])
    row_sums = np.array([total, total_reference, total, total_reference])[:, None]
    term_sums, all_sums = observed[:2].sum(axis=0), total + total_reference
    column_sums = np.array([term_sums, term_sums, all_sums - term_sums, all_sums - term_sums])
    expected = row_sums * column_sums / all_sums
    with np.errstate(divide="ignore", invalid="ignore"):
        g2 = 2 * np.where(observed > 0, observed * np.log(observed / expected), 0).sum(axis=0)
    g2 = np.maximum(g2, 0)  # equal shares leave -1e-16
    ratio = (np.maximum(n, 0.5) / total) / (np.maximum(n_reference, 0.5) / total_reference)
    p_value = chi2.sf(g2, df=1)
    table = counts.assign(
        per_1000=1000 * n / total,
        per_1000_reference=1000 * n_reference / total_reference,
        g2=g2,
        log_ratio=np.log2(ratio),
        q_value=false_discovery_control(p_value) if len(p_value) else p_value,
    ).reset_index()
    return table.sort_values(["g2", "term"], ascending=[False, True], ignore_index=True)


def _target_rows(terms: pd.DataFrame, target: pd.Series | Iterable[str]) -> np.ndarray:
    if isinstance(target, pd.Series) and pd.api.types.is_bool_dtype(target):
        if target.index.equals(terms.index):
            return target.to_numpy(bool, na_value=False)
        known = target.index.isin(terms["doc_id"])
        if not known.any():
            raise SCONotesError(
                "keyness: the target says true or false for rows that are not documents of these counts; "
                "index it by doc_id: docs.set_index('doc_id')['year'] >= 2017"
            )
        target = target.index[target.to_numpy(bool, na_value=False)]
    return terms["doc_id"].isin(list(target)).to_numpy()
