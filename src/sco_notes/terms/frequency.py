"""Counts of terms to relative frequencies, overall, by group and over time."""

from collections.abc import Collection, Iterable

import numpy as np
import pandas as pd

from ..errors import require_columns


def relative_frequency(
    terms: pd.DataFrame, by: str | None = None, stopwords: Collection[str] = ()
) -> pd.DataFrame:
    """How often each term occurs per 1,000 tokens, overall or in each group of documents.

    Takes doc_id, term, n and, where `by` names one, that column. Returns [by,] term, n, n_documents,
    n_tokens (of the group, stop words included), per_1000, low, high: the exact 95% interval of a Poisson
    count (Garwood 1936), which takes tokens as independent and is therefore too narrow for a term that
    clusters in few documents. Sorted by group, then by frequency.
    """
    require_columns(terms, "doc_id", "term", "n", *([by] if by else []))
    groups = [by] if by else []
    tokens = terms.groupby(groups, observed=True)["n"].sum() if by else terms["n"].sum()
    kept = terms[~terms["term"].isin(stopwords)] if stopwords else terms
    table = (
        kept.groupby([*groups, "term"], observed=True)
        .agg(n=("n", "sum"), n_documents=("doc_id", "nunique"))
        .reset_index()
    )
    table["n_tokens"] = table[by].map(tokens).astype("int64") if by else int(tokens)
    table = _with_rate(table)
    order = [*groups, "n", "term"]
    return table.sort_values(order, ascending=[*[True] * len(groups), False, True], ignore_index=True)


def _with_rate(table: pd.DataFrame) -> pd.DataFrame:
    """Add per_1000, low, high to n and n_tokens."""
    from scipy.stats import chi2

    n, scale = table["n"].to_numpy(), 1000 / table["n_tokens"].to_numpy()
    low = np.where(n > 0, chi2.ppf(0.025, 2 * np.maximum(n, 1)) / 2, 0)
    high = chi2.ppf(0.975, 2 * (n + 1)) / 2
    return table.assign(per_1000=n * scale, low=low * scale, high=high * scale)


def frequency_of(terms: pd.DataFrame, words: Iterable[str], by: str) -> pd.DataFrame:
    """How often each of some terms occurs in each group of documents, groups without it included as 0.

    Takes doc_id, term, n and the column `by`; returns by, term, n, n_tokens, per_1000, low, high as
    relative_frequency does, in the order of `words`. A group without documents has no row.
    """
    require_columns(terms, "doc_id", "term", "n", by)
    words = [word.lower() for word in words]
    tokens = terms.groupby(by, observed=True)["n"].sum()
    counts = terms[terms["term"].isin(words)].groupby(["term", by], observed=True)["n"].sum()
    grid = pd.MultiIndex.from_product([words, tokens.index], names=["term", by])
    table = counts.reindex(grid, fill_value=0).reset_index()
    table["n_tokens"] = table[by].map(tokens).astype("int64")
    return _with_rate(table)[[by, "term", "n", "n_tokens", "per_1000", "low", "high"]]
