"""Counts of terms of two groups of documents to what marks the one against the other."""

from collections.abc import Collection, Iterable

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from ..corpus.frames import as_counts
from ..errors import SCONotesError, check_whole, require_columns
from .counts import stop_list
from .frequency import relative_frequency


def compare_corpora(
    terms: pd.DataFrame, reference: pd.DataFrame, stopwords: Collection[str] = (), min_n: int = 5
) -> pd.DataFrame:
    """Keyness of one corpus against another: the term counts of each, and the table of `keyness`."""
    sides = [as_counts(terms), as_counts(reference)]
    words = {
        name: union_categoricals([side[name].astype("category") for side in sides], sort_categories=True)
        for name in ("doc_id", "term")
    }
    both = pd.DataFrame({**words, "n": np.concatenate([side["n"] for side in sides])})
    return keyness(both, pd.Series(both.index < len(sides[0]), both.index), stopwords, min_n)


def keyness(
    terms: pd.DataFrame, target: pd.Series | Iterable[str], stopwords: Collection[str] = (), min_n: int = 5
) -> pd.DataFrame:
    """Which terms mark the target documents against all the others.

    `target` is true or false for each row of `terms`, or for each document (indexed by doc_id, as in
    `docs["year"] >= 2017`), or simply the ids of the target documents. Terms below `min_n` in both
    together are not tested.

    Returns term, n, n_reference, n_documents, n_documents_reference, per_1000, per_1000_reference, g2,
    log_ratio, low, high, q_value, sorted by g2:

    - g2: log-likelihood ratio over the four cells of the table (Dunning 1993), without correction; large
      where the difference is unlikely to be chance. The calculator of Rayson and Garside (2000) sums over the
      two cells of the term only and gives a little less; quanteda's "lr" divides by Williams' correction;
    - log_ratio: log2 of the ratio of relative frequencies (Hardie 2014), positive where the term is more
      frequent in the target, a count of 0 taken as 0.5; the size of the difference;
    - low, high: its 95% interval, from those of the two relative frequencies (Zou and Donner 2008), which
      are over documents where there are enough; missing where a side has none of the term and no bound;
    - q_value: the share of false discoveries among terms with so large a g2 (Benjamini and Hochberg 1995).

    g2 and q_value take tokens as independent, so a single document can carry a term: n_documents and the
    interval tell.
    Raises SCONotesError where either side has no documents.

    >>> terms = pd.DataFrame({"doc_id": ["a", "a", "b", "b"], "term": ["peace", "war", "peace", "war"],
    ...                       "n": [30, 10, 10, 30]})
    >>> keyness(terms, ["a"])[["term", "n", "n_reference", "g2", "log_ratio"]].round(2)
        term   n  n_reference     g2  log_ratio
    0  peace  30           10  20.93       1.58
    1    war  10           30  20.93      -1.58
    """
    from scipy.stats import chi2, false_discovery_control

    check_whole(min_n, "min_n")
    stopwords = stop_list(stopwords)
    terms, inside = _sides(terms, target)
    total, total_reference = int(terms.loc[inside, "n"].sum()), int(terms.loc[~inside, "n"].sum())
    _refuse_empty("keyness", total, total_reference)
    side = pd.Categorical.from_codes(inside.astype("int8"), ["reference", "target"])
    sides = terms[["doc_id", "term", "n"]].assign(side=side)
    rates = relative_frequency(sides, by="side").pivot(index="term", columns="side")
    here, there = (rates.xs(side, axis=1, level="side") for side in ("target", "reference"))
    known = here["n"].fillna(0) + there["n"].fillna(0) >= min_n
    known &= ~rates.index.isin(stopwords)
    here, there = here[known], there[known]
    counts = pd.DataFrame({"n": here["n"], "n_reference": there["n"]}).fillna(0).astype("int64")
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
    low, high = _interval(
        _logarithms(n, total, here), _logarithms(n_reference, total_reference, there), np.log2(ratio)
    )
    table = counts.assign(
        n_documents=here["n_documents"].fillna(0).astype("int64"),
        n_documents_reference=there["n_documents"].fillna(0).astype("int64"),
        per_1000=1000 * n / total,
        per_1000_reference=1000 * n_reference / total_reference,
        g2=g2,
        log_ratio=np.log2(ratio),
        low=low,
        high=high,
        q_value=false_discovery_control(p_value) if len(p_value) else p_value,
    ).reset_index()
    return table.sort_values(["g2", "term"], ascending=[False, True], ignore_index=True)


def word_shift(
    terms: pd.DataFrame, target: pd.Series | Iterable[str], stopwords: Collection[str] = ()
) -> pd.DataFrame:
    """Which terms make up the difference between the target documents and the others, and by how much.

    The difference is the Jensen-Shannon divergence of the two distributions of terms, in bits: 0 for the
    same, 1 for no term in common, both sides having equal weight; it is the sum of what each term contributes
    (Gallagher et al. 2021). Takes what keyness takes. Returns term, n, n_reference, share, share_reference
    (of the tokens that are not stop words), contribution (in bits), part (of the whole divergence), those
    that contribute most first. Raises SCONotesError where a side has no tokens.

    >>> terms = pd.DataFrame({"doc_id": ["a", "a", "b"], "term": ["peace", "war", "war"], "n": [1, 1, 2]})
    >>> word_shift(terms, ["a"])[["term", "contribution", "part"]].round(3)
        term  contribution   part
    0  peace         0.250  0.803
    1    war         0.061  0.197
    """
    stopwords = stop_list(stopwords)
    terms, inside = _sides(terms, target)
    kept = ~terms["term"].isin(stopwords).to_numpy()
    sides = [terms[rows & kept].groupby("term", observed=True)["n"].sum() for rows in (inside, ~inside)]
    _refuse_empty("word_shift", *(side.sum() for side in sides))
    table = pd.DataFrame({"n": sides[0], "n_reference": sides[1]}).fillna(0).astype("int64")
    shares = table.to_numpy(float) / table.sum().to_numpy(float)
    middle = shares.mean(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        contribution = np.where(shares > 0, shares * np.log2(shares / middle), 0).sum(axis=1) / 2
    table = table.assign(
        share=shares[:, 0],
        share_reference=shares[:, 1],
        contribution=contribution,
        part=contribution / contribution.sum() if contribution.sum() else 0.0,
    ).reset_index()
    return table.sort_values(["contribution", "term"], ascending=[False, True], ignore_index=True)


def _logarithms(n: np.ndarray, total: int, rates: pd.DataFrame) -> np.ndarray:
    """The logarithms to base 2 of a relative frequency and of the bounds of its interval."""
    rate = np.maximum(n, 0.5) / total
    none = n == 0  # the bounds of a count of 0 are 0 and 3.7 (Garwood 1936)
    low = np.where(none, 0, rates["low"].fillna(0) / 1000)
    high = np.where(none, 3.689 / total, rates["high"].fillna(0) / 1000)
    with np.errstate(divide="ignore"):
        return np.log2(np.array([rate, low, high]))


def _interval(here: np.ndarray, there: np.ndarray, ratio: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    low = ratio - np.sqrt((here[0] - here[1]) ** 2 + (there[2] - there[0]) ** 2)
    high = ratio + np.sqrt((here[2] - here[0]) ** 2 + (there[0] - there[1]) ** 2)
    return np.where(np.isfinite(low), low, np.nan), np.where(np.isfinite(high), high, np.nan)


def _refuse_empty(what: str, total: int, total_reference: int) -> None:
    if not total or not total_reference:
        side = "target" if not total else "reference"
        raise SCONotesError(f"{what}: the {side} has no documents, so there is nothing to compare")


def _sides(terms: pd.DataFrame, target: pd.Series | Iterable[str]) -> tuple[pd.DataFrame, np.ndarray]:
    """The counts, checked, and which of their rows are of the target."""
    require_columns(terms, "doc_id", "term", "n")
    marked = as_counts(terms.assign(inside=_target_rows(terms, target)))
    return marked, marked["inside"].to_numpy()


def _target_rows(terms: pd.DataFrame, target: pd.Series | Iterable[str]) -> np.ndarray:
    if isinstance(target, pd.Series) and pd.api.types.is_bool_dtype(target):
        if target.index.equals(terms.index):
            return target.to_numpy(bool, na_value=False)
        target = target.set_axis(target.index.astype(str))  # as the ids of the counts are
        known = target.index.isin(terms["doc_id"].unique())
        if not known.any():
            raise SCONotesError(
                "keyness: the target says true or false for rows that are not documents of these counts; "
                "index it by doc_id: docs.set_index('doc_id')['year'] >= 2017"
            )
        target = target.index[target.to_numpy(bool, na_value=False)]
    return terms["doc_id"].isin(list(target)).to_numpy()
