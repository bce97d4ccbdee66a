"""Counts of terms of two groups of documents to what marks the one against the other."""

from collections.abc import Collection, Iterable
from functools import lru_cache

import numpy as np
import pandas as pd

from ..corpus.frames import as_counts
from ..errors import SCONotesError, check_whole, require_columns
from .counts import stop_list
from .frequency import FEWEST_DOCUMENTS, FEWEST_WITH_TERM, rates
from .groups import unite_variants

_SIDES = ["target", "reference"]


def compare_corpora(
    terms: pd.DataFrame, reference: pd.DataFrame, stopwords: Collection[str] = (), min_n: int = 5,
    variants: bool = True,
) -> pd.DataFrame:  # fmt: skip
    """Compare one corpus with another: the term counts of each give the table of `keyness`."""
    both = pd.concat([as_counts(terms), as_counts(reference)], keys=[True, False], names=["target", "row"])
    both = both[["doc_id", "term", "n"]].reset_index("target").reset_index(drop=True)
    return keyness(both, both["target"], stopwords, min_n, variants)


def keyness(
    terms: pd.DataFrame, target: pd.Series | Iterable[str], stopwords: Collection[str] = (), min_n: int = 5,
    variants: bool = True,
) -> pd.DataFrame:  # fmt: skip
    """Find which terms mark the target documents against all the others.

    Takes doc_id, term, n, and the target: true or false for each row of `terms`, or for each document
    (indexed by doc_id, as in `docs.set_index("doc_id")["year"] >= 2017`), or the ids of its documents.
    `stopwords` are left out of the table (None takes the project's list); a term with fewer than `min_n` in
    both together is not tested; `variants` counts spellings and short names of data/variants.toml as one
    ("UN" and "United Nations"), so that a habit of spelling marks nothing. Returns term, n, n_reference,
    n_documents, n_documents_reference, per_1000, per_1000_reference and, sorted by g2:

    - g2: log-likelihood ratio over the four cells of the table (Dunning 1993), without correction; takes
      tokens as independent, so that a single document can carry a term;
    - log_ratio: log2 of the ratio of relative frequencies (Hardie 2014), positive where the term is more
      frequent in the target, a count of 0 taken as 0.5;
    - low, high: its 95% interval, from those of the two relative frequencies (Zou and Donner 2008); missing
      where a side has none of the term and no bound;
    - test: of the difference. "documents": Welch's t on the log ratio with errors over documents;
      "presence": Fisher's exact test of how many documents have the term, where fewer than five of a side
      do; "tokens": g2, where a side has fewer than ten documents, which speaks of these texts only;
    - q_value: the share of false discoveries among terms with so small a p-value (Benjamini and Hochberg
      1995).

    Raises SCONotesError where either side has no documents.

    >>> terms = pd.DataFrame({"doc_id": ["a", "a", "b", "b"], "term": ["peace", "war", "peace", "war"],
    ...                       "n": [30, 10, 10, 30]})
    >>> keyness(terms, ["a"])[["term", "n", "n_reference", "g2", "log_ratio"]].round(2)
        term   n  n_reference     g2  log_ratio
    0  peace  30           10  20.93       1.58
    1    war  10           30  20.93      -1.58
    """
    from scipy.stats import false_discovery_control

    check_whole(min_n, "min_n")
    stopwords = stop_list(stopwords)
    sides = _sides(terms, target)
    sides = unite_variants(sides) if variants else sides
    by_side = dict(list(rates(sides, sides, "side").set_index("term").groupby("side", observed=True)))
    here, there = (by_side[side].drop(columns="side") for side in _SIDES)
    sizes, totals = ([int(side[name].iloc[0]) for side in (here, there)] for name in ("size", "n_tokens"))
    table = here.join(there.add_suffix("_reference"), how="outer")
    counted = ["n", "n_reference", "n_documents", "n_documents_reference"]
    rated = ["per_1000", "per_1000_reference"]
    table = table.fillna(dict.fromkeys([*counted, *rated], 0)).astype(dict.fromkeys(counted, "int64"))
    table = table[(table["n"] + table["n_reference"] >= min_n) & ~table.index.isin(stopwords)]
    log_ratio, low, high = _log_ratio(table, totals)
    g2 = _log_likelihood(table[["n", "n_reference"]].to_numpy(float).T, totals)
    table = table.assign(g2=g2, log_ratio=log_ratio, low=low, high=high)
    test, p_value = _p_values(table, sizes)
    table = table[[*counted, *rated, "g2", "log_ratio", "low", "high"]].assign(
        test=pd.Series(test, table.index, dtype="str"),
        q_value=false_discovery_control(p_value) if len(p_value) else p_value,
    )
    return table.reset_index().sort_values(["g2", "term"], ascending=[False, True], ignore_index=True)


def _p_values(table: pd.DataFrame, sizes: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """How each difference is tested, and how often chance makes one as large."""
    from scipy.special import chdtrc, stdtr

    if min(sizes) < FEWEST_DOCUMENTS:
        return np.full(len(table), "tokens"), chdtrc(1, table["g2"].to_numpy())
    presence = table[["n_documents", "n_documents_reference"]].to_numpy()
    few = (presence < FEWEST_WITH_TERM).any(axis=1)
    variance = table[["error", "error_reference"]].to_numpy(float) ** 2
    of_sides = table[["degrees", "degrees_reference"]].to_numpy(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        degrees = variance.sum(axis=1) ** 2 / (variance**2 / of_sides).sum(axis=1)
        t = table["log_ratio"].to_numpy() * np.log(2) / np.sqrt(variance.sum(axis=1))
    p_value = 2 * stdtr(degrees, -np.abs(t))
    p_value[few] = [_fisher(tuple(pair), tuple(sizes)) for pair in presence[few].tolist()]
    return np.where(few, "presence", "documents"), np.nan_to_num(p_value, nan=1.0)


@lru_cache(maxsize=10_000)
def _fisher(present: tuple[int, int], sizes: tuple[int, int]) -> float:
    from scipy.stats import fisher_exact

    absent = [size - n for n, size in zip(present, sizes, strict=True)]
    return float(fisher_exact([present, absent]).pvalue)


def _log_likelihood(n: np.ndarray, totals: list[int]) -> np.ndarray:
    """G2 of each column over the four cells: the term and all other tokens, on either side."""
    from scipy.special import xlogy

    sizes = np.array(totals)[:, None]
    observed = np.array([n, sizes - n])
    expected = observed.sum(axis=1, keepdims=True) * sizes / sizes.sum()
    g2 = 2 * xlogy(observed, observed / expected).sum(axis=(0, 1))
    return np.maximum(g2, 0)  # equal shares leave -1e-16


def _log_ratio(table: pd.DataFrame, totals: list[int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The log ratio with its interval (Zou and Donner 2008), missing where a side is unbounded."""
    sides = []
    for side, total in zip(("", "_reference"), totals, strict=True):
        n, low, high = (table[f"{name}{side}"] for name in ("n", "low", "high"))
        none = n == 0  # taken as 0.5; the bounds of 0 are 0 and 3.689 (Garwood 1936)
        bounds = low.where(~none, 0) / 1000, (high / 1000).where(~none, 3.689 / total)
        sides.append(np.array([n.where(~none, 0.5) / total, *bounds]))
    ratio = np.log2(sides[0][0] / sides[1][0])
    with np.errstate(divide="ignore"):
        (rate, low, high), (rate_there, low_there, high_there) = np.log2(sides)
    lower = ratio - np.sqrt((rate - low) ** 2 + (high_there - rate_there) ** 2)
    upper = ratio + np.sqrt((high - rate) ** 2 + (rate_there - low_there) ** 2)
    return ratio, *(np.where(np.isfinite(bound), bound, np.nan) for bound in (lower, upper))


def _sides(terms: pd.DataFrame, target: pd.Series | Iterable[str]) -> pd.DataFrame:
    """The counts: doc_id, term, n, side ("target", "reference")."""
    require_columns(terms, "doc_id", "term", "n")
    if not (isinstance(target, pd.Series) and pd.api.types.is_bool_dtype(target)):
        inside = terms["doc_id"].isin(list(target)).to_numpy()
    elif target.index.equals(terms.index):
        inside = target.to_numpy(bool, na_value=False)
    else:
        doc_ids = target.index.astype(str)  # as the ids of the counts are
        if not doc_ids.isin(terms["doc_id"].unique()).any():
            raise SCONotesError(
                "keyness: the target says true or false for rows that are not documents of these counts; "
                "index it by doc_id: docs.set_index('doc_id')['year'] >= 2017"
            )
        inside = terms["doc_id"].isin(doc_ids[target.to_numpy(bool, na_value=False)]).to_numpy()
    sides = as_counts(terms.assign(side=pd.Categorical.from_codes((~inside).astype("int8"), _SIDES)))
    for name in _SIDES:
        if not (sides["side"] == name).any():
            raise SCONotesError(f"keyness: the {name} has no documents; look at the condition of the target")
    return sides[["doc_id", "term", "n", "side"]]
