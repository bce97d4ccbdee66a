"""Counts of terms to how evenly they are spread over the documents."""

from collections.abc import Collection

import numpy as np
import pandas as pd

from ..corpus.frames import as_counts
from ..errors import SCONotesError, check_whole
from .counts import stop_list


def dispersion(
    terms: pd.DataFrame, part: str = "doc_id", stopwords: Collection[str] = (), min_n: int = 5
) -> pd.DataFrame:
    """Measure how unevenly each term is spread over the documents, or over the groups in the column `part`.

    Takes doc_id, term, n (and the column `part`). Returns term, n, n_parts (with the term), dp, dp_norm,
    dp_chance for the terms that occur `min_n` times or more, the most frequent first:

    - dp: deviation of proportions (Gries 2008): half the sum, over the parts, of the difference between the
      part's share of the term and its share of all tokens;
    - dp_norm: dp divided by its largest possible value (Lijffijt and Gries 2012);
    - dp_chance: the mean dp of a term so frequent if its places were drawn at random: a rare term has a high
      dp by necessity.

    Raises SCONotesError where there are fewer than two parts.

    >>> terms = pd.DataFrame({"doc_id": ["a", "a", "b", "b"], "term": ["peace", "war", "peace", "war"],
    ...                       "n": [50, 10, 50, 90]})
    >>> dispersion(terms).round(2)
        term    n  n_parts   dp  dp_norm  dp_chance
    0  peace  100        2  0.2     0.29       0.04
    1    war  100        2  0.2     0.29       0.04
    """
    from scipy.stats import binom

    terms, stopwords = as_counts(terms, part), stop_list(stopwords)
    check_whole(min_n, "min_n")
    sizes = terms.groupby(part, observed=True)["n"].sum()
    if len(sizes) < 2:
        raise SCONotesError(
            f"dispersion: {len(sizes)} part{'s' * (len(sizes) != 1)} in the column {part!r}; two or more are "
            "needed (the places within one text are shown by plot_dispersion)"
        )
    totals = terms.groupby("term", observed=True)["n"].sum()
    frequent = totals.index[(totals >= min_n) & ~totals.index.isin(stopwords)]
    shares = sizes / sizes.sum()
    counts = terms[terms["term"].isin(frequent)].groupby(["term", part], observed=True)["n"].sum()
    counts = counts.rename("k").reset_index()
    share = counts[part].map(shares).astype(float)
    counts["n"] = counts["term"].map(totals).astype("int64")
    # A part without the term adds its own share: 1 less the shares of the parts with it.
    counts["excess"] = (counts["k"] / counts["n"] - share).abs() - share
    table = counts.groupby("term", observed=True).agg(
        n=("n", "first"), n_parts=("k", "size"), excess=("excess", "sum")
    )
    table = table.sort_values("n", ascending=False, kind="stable").reset_index()
    table["dp"] = ((1 + table.pop("excess")) / 2).clip(0, 1)
    table["dp_norm"] = table["dp"] / (1 - shares.min())
    # The mean dp of n tokens drawn at random: from the mean deviation of a binomial count (De Moivre).
    chance, share_of = {}, shares.to_numpy(float)
    for n in table["n"].unique():
        middle = np.floor(n * share_of) + 1
        deviation = 2 * middle * (1 - share_of) * binom.pmf(middle, n, share_of)
        chance[n] = deviation.sum() / n / 2
    table["dp_chance"] = table["n"].map(chance).astype(float)
    return table
