"""Counts of terms over the years to the years at which they changed, as far as that can be told."""

from collections.abc import Collection, Iterable
from itertools import pairwise

import numpy as np
import pandas as pd

from ..corpus.frames import as_counts
from ..errors import SCONotesError, check_whole
from .counts import stop_list
from .dispersion import dispersion
from .frequency import counts_of
from .groups import is_number

MOST_P_VALUE = 0.05  # a break is accepted where so few series without one have one as large
MOST_PERSISTENT = 0.98  # correlation of a year with the next, in the series drawn
ERROR_DRAWN = 0.7  # of its error: by simulation, so that breaks by chance stay below 7%
_RESAMPLES = 200
_COLUMNS = ["first", "last", "at", "low", "high", "p_value", "accepted"]


def find_keywords(
    terms: pd.DataFrame, over: str = "year", top: int = 8, stopwords: Collection[str] | None = None
) -> pd.DataFrame:
    """Find the terms spread most unevenly over the years, chosen without regard to the order of the years.

    Takes doc_id, term, n and `over`. Looks at terms that are no numbers and occur ten times or more, in a
    fifth of the documents or more, less `stopwords` (None takes the project's list, () none). Returns term,
    n, n_documents, dp, dp_chance (see dispersion, with the years as parts) and times_chance = dp / dp_chance,
    the `top` largest first. Empty where there are fewer than two years. Years in any other order have the
    same terms, so find_breaks may be asked about them.
    """
    terms = as_counts(terms, over)
    check_whole(top, "top", 1, 100)
    columns = ["term", "n", "n_documents", "dp", "dp_chance", "times_chance"]
    if terms[over].nunique() < 2:
        return pd.DataFrame(columns=columns)
    table = dispersion(terms, over, stop_list(stopwords), min_n=10)
    n_documents = terms.groupby("term", observed=True)["doc_id"].nunique()
    table["n_documents"] = table["term"].map(n_documents).astype("int64")
    table["times_chance"] = table["dp"] / table["dp_chance"]
    usual = table["n_documents"] >= terms["doc_id"].nunique() / 5
    table = table[usual & ~table["term"].map(is_number).astype(bool)]
    table = table.sort_values(["times_chance", "term"], ascending=[False, True], ignore_index=True)
    return table[columns].head(top)


def find_breaks(
    terms: pd.DataFrame, words: str | Iterable[str], groups: pd.DataFrame | None = None, over: str = "year",
    shortest: int = 3, permutations: int = 999,
) -> pd.DataFrame:  # fmt: skip
    """Find the years at which the relative frequency of one word, or of several together, changed its level.

    Takes doc_id, term, n and `over`, a column of years; `words` and `groups` as frequency_of does. The years
    are cut where levels differ most: before and after a year, or inside a run of years and outside, whichever
    is less like chance (circular binary segmentation, Olshen et al. 2004; squared CUSUM weighted by tokens,
    summed over the words, each brought to the same variance). Every part has `shortest` or more years with
    documents, and is cut further while its breaks are accepted: where at most one in twenty of `permutations`
    series without a break has one as large. These series wander as much as the years do (paths of an AR(1)
    process, whose correlation is estimated, corrected for its bias (Marriott and Pope 1954) and drawn with
    a part of its error).

    Returns one row for each break tested, the accepted ones and the best of each part that was not cut
    further, in order of years: first, last (the years looked at), at (the first year after the break), low,
    high (95% of the breaks found in 200 resamples of the documents, between which it may lie), p_value,
    accepted. Empty where there are fewer than twice `shortest` years.

    Few breaks are chance, and many changes are missed (benchmarks/breaks.py). Choose the words without regard
    to the order of the years (find_keywords does): words that were chosen because they rose find a break in
    any texts. Raises SCONotesError where `over` is no number.

    >>> rows = [(f"{year}", year, "war", 5 if year < 2011 else 15 + year % 3) for year in range(2001, 2021)]
    >>> rows += [(doc_id, year, "other", 900) for doc_id, year, _, _ in rows]
    >>> terms = pd.DataFrame(rows, columns=["doc_id", "year", "term", "n"])
    >>> find_breaks(terms, "war").query("accepted")[["first", "last", "at", "p_value"]]
       first  last    at  p_value
    1   2001  2020  2011    0.002
    """
    terms = as_counts(terms, over)
    check_whole(shortest, "shortest", 2)
    check_whole(permutations, "permutations", 99, 99_999)
    if not pd.api.types.is_numeric_dtype(terms[over]):
        raise SCONotesError(f"find_breaks: {over} holds no numbers; years are expected")
    words = [words] if isinstance(words, str) else list(dict.fromkeys(words))
    if terms[over].isna().all() or not words:
        return pd.DataFrame(columns=_COLUMNS)
    counts = counts_of(terms, words, over, groups)  # groups name the documents without a year too
    terms = terms[terms[over].notna()]
    tokens = terms.groupby("doc_id", observed=True).agg(year=(over, "first"), tokens=("n", "sum"))
    tokens = tokens.sort_values("year", kind="stable")
    grid = counts.pivot_table(index="doc_id", columns="term", values="n", aggfunc="sum", observed=True)
    grid = grid.reindex(index=tokens.index, columns=words).fillna(0)
    # One row a document: how often each word, and how many tokens; then one row a year.
    documents = grid.assign(tokens=tokens["tokens"]).to_numpy(float)
    years, begins = np.unique(tokens["year"].to_numpy("int64"), return_index=True)
    rng = np.random.default_rng(0)
    draws = rng.poisson(1, (_RESAMPLES, len(documents), 1)) * documents
    counted, resamples = np.add.reduceat(documents, begins, axis=0), np.add.reduceat(draws, begins, axis=1)
    rows = _cut(counted, resamples, years, shortest, permutations, rng)
    return pd.DataFrame(rows, columns=_COLUMNS).sort_values(["first", "last"], ignore_index=True)


def stages(years: pd.Series, breaks: pd.DataFrame) -> pd.Series:
    """Name the stage that each year belongs to, as text, by the accepted rows of find_breaks.

    >>> breaks = pd.DataFrame({"at": [2001, 2010], "accepted": [True, False]})
    >>> stages(pd.Series([1992, 2000, 2004]), breaks).tolist()
    ['1992-2000', '1992-2000', '2001-2004']
    """
    known = years.dropna().astype("int64")
    if known.empty:
        return pd.Series(None, years.index, dtype="str")
    at = sorted(breaks.loc[breaks["accepted"].astype(bool), "at"])
    first, last = [known.min(), *at], [*(year - 1 for year in at), known.max()]
    names = np.array([f"{a}-{b}" for a, b in zip(first, last, strict=True)], dtype=object)
    named = pd.Series(names[np.searchsorted(at, known, side="right")], known.index, dtype="str")
    return named.reindex(years.index)


def describe_stages(breaks: pd.DataFrame, years: pd.Series) -> str:
    """Say what find_breaks found, in a sentence for a finding.

    >>> breaks = pd.DataFrame({"at": [2001], "p_value": [0.2], "accepted": [False]})
    >>> describe_stages(breaks, pd.Series([1992, 2004]))
    'By these words no stages can be told apart in 2 years: of random series that wander as these do, ...'
    """
    if breaks.empty:
        return "There are too few years to look for stages."
    best = breaks.sort_values(["p_value", "at"]).iloc[0]
    n_years = years.nunique()
    if not breaks["accepted"].any():
        return (
            f"By these words no stages can be told apart in {n_years} years: of random series that wander as "
            f"these do, {100 * best['p_value']:.0f}% show a break as large as the largest here."
        )
    names = sorted(stages(years, breaks).dropna().unique())
    return (
        f"By these words the {n_years} years fall into {len(names)} stages: {', '.join(names)}. "
        f"The clearest break is at {best['at']:.0f} (95% interval {best['low']:.0f} to {best['high']:.0f})."
    )


def _cut(
    counted: np.ndarray, resamples: np.ndarray, years: np.ndarray, shortest: int, permutations: int, rng
) -> list[tuple]:
    """The best break of these years, or the best two, and where they are accepted those of all parts."""
    from scipy.stats import rankdata

    if len(years) < 2 * shortest:
        return []
    # The runs of years that may differ from the others: from the first on (one break), or inside (two).
    begin, end = np.triu_indices(len(years) + 1, shortest)
    is_run = ((begin == 0) | (begin >= shortest)) & (end <= len(years) - shortest)
    begin, end = begin[is_run], end[is_run]
    # One break, or two where one alone would not do: a rise and a fall.
    kinds = [kind for kind in (begin == 0, begin > 0) if kind.any()]
    without = _without_breaks(counted, permutations, rng)
    sizes = [_sizes(each, begin, end) for each in [counted, *without]]
    largest = np.array([[each[kind].max() for kind in kinds] for each in sizes])
    # The smaller of the p-values of both kinds, against the same of every series without a break.
    ranks = rankdata(-(largest / np.maximum(largest.max(axis=0), 1e-300)).round(9), method="max", axis=0)
    p_value = (ranks.min(axis=1) <= ranks[0].min()).mean()
    accepted = bool(p_value <= MOST_P_VALUE)
    of_kind = np.flatnonzero(kinds[ranks[0].argmin()])
    best = of_kind[sizes[0][of_kind].argmax()]
    again = of_kind[[_sizes(each, begin, end)[of_kind].argmax() for each in resamples]]
    cuts = [(side[best], years[side[again]]) for side in (begin, end) if side[best]]
    rows = []
    for cut, found in cuts:
        low, high = np.quantile(found, [0.025, 0.975], method="nearest")
        low, high = min(low, years[cut]), max(high, years[cut])
        rows.append((years[0], years[-1], years[cut], low, high, p_value, accepted))
    if accepted:
        for first, last in pairwise([0, *(cut for cut, _ in cuts), len(years)]):
            part = slice(first, last)
            rows += _cut(counted[part], resamples[:, part], years[part], shortest, permutations, rng)
    return rows


def _without_breaks(counted: np.ndarray, number: int, rng) -> np.ndarray:
    """Series without a break that wander as the rates of these years do, all words together."""
    years, words = len(counted), counted.shape[1] - 1
    tokens = np.maximum(counted[:, -1:], 1)
    rates = counted[:, :-1] / tokens
    means = rates.mean(axis=0)
    centred = rates - means
    size = np.sqrt((centred**2).sum(axis=0))
    centred = centred / np.where(size > 0, size, 1)
    r = (centred[1:] * centred[:-1]).sum() / max((size > 0).sum(), 1)
    persistent = np.clip((years * r + 1) / max(years - 3, 1), 0, MOST_PERSISTENT)
    error = ERROR_DRAWN * np.sqrt((1 - persistent**2) / years)
    persistent = rng.normal(persistent, error, number)
    persistent = np.clip(persistent, 0, MOST_PERSISTENT)[:, None]
    _, sizes, directions = np.linalg.svd(centred, full_matrices=False)
    together = directions.T * sizes @ directions * size  # words that move together do so here
    steps = rng.normal(size=(years, number, words)) @ together
    path = np.empty_like(steps)
    path[0] = steps[0]
    for year in range(1, years):
        path[year] = persistent * path[year - 1] + np.sqrt(1 - persistent**2) * steps[year]
    drawn = (means + path) * tokens[:, None]
    as_many = np.broadcast_to(counted[:, None, -1:], (years, number, 1))
    return np.concatenate([drawn, as_many], axis=2).transpose(1, 0, 2)


def _sizes(counted: np.ndarray, begin: np.ndarray, end: np.ndarray) -> np.ndarray:
    """How far the level in each run of years is from that of the others; columns: words, tokens last."""
    sums = np.vstack([np.zeros(counted.shape[1]), counted.cumsum(axis=0)])
    total = np.maximum(sums[-1, -1], 1)
    rate = sums[-1, :-1] / total
    spread = ((counted[:, :-1] - rate * counted[:, -1:]) ** 2).sum(axis=0)
    inside = sums[end] - sums[begin]
    squared = ((inside[:, :-1] - rate * inside[:, -1:]) ** 2 / np.where(spread > 0, spread, 1)).sum(axis=1)
    share = inside[:, -1] / total
    return squared / np.maximum(share * (1 - share), 1e-9)
