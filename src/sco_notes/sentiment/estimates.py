"""How sure a mean is: jackknife over documents or sentences, Student's t, and several tests at once."""

from typing import NamedTuple

import numpy as np
import pandas as pd

FEWEST = 5  # below this many sentences there is no interval and no bar
FEWEST_DOCUMENTS = 10  # below this many the interval is over sentences, and speaks of these texts only


class Estimate(NamedTuple):
    """A mean with its 95% interval, and its difference from the mean of all with the p-value of that."""

    mean: float = np.nan
    low: float = np.nan
    high: float = np.nan
    interval: str = "none"
    difference: float = np.nan
    p_value: float = np.nan


def estimate(everything: pd.DataFrame, chosen: np.ndarray) -> Estimate:
    """The mean valence of the `chosen` rows of doc_id, sentence, valence, against the mean of all rows.

    The jackknife leaves out one document at a time (one sentence, where the chosen rows come from fewer than
    ten documents), from both means at once, since the chosen are part of all (MacKinnon, Nielsen and Webb
    2023: their CV3). The degrees of freedom of Student's t are the effective number of documents (Kish 1965)
    less one: twenty documents of which one holds most sentences say as much as a few.
    """
    part = everything[chosen]
    if part.empty:
        return Estimate()
    mean, n_documents = float(part["valence"].mean()), part["doc_id"].nunique()
    difference = mean - float(everything["valence"].mean())
    if len(part) < FEWEST or np.ptp(part["valence"]) == 0:
        return Estimate(mean, difference=difference)
    interval = "documents" if n_documents >= FEWEST_DOCUMENTS else "sentences"
    unit = everything.groupby(["doc_id"] if interval == "documents" else ["doc_id", "sentence"]).ngroup()
    sums, counts = _by_unit(unit[chosen], part["valence"], unit.max() + 1)
    all_sums, all_counts = _by_unit(unit, everything["valence"], unit.max() + 1)
    used = counts > 0
    degrees = max(counts.sum() ** 2 / (counts**2).sum() - 1, 1)
    without = (sums.sum() - sums) / (counts.sum() - counts)
    half = _t(degrees) * _jackknife(without[used])
    p_value = np.nan
    if (all_counts.sum() > all_counts).all():
        without_both = without - (all_sums.sum() - all_sums) / (all_counts.sum() - all_counts)
        p_value = _p_value(difference, _jackknife(without_both), degrees)
    return Estimate(mean, max(mean - half, -1), min(mean + half, 1), interval, difference, p_value)


def q_values(p_values: pd.Series) -> pd.Series:
    """The p-values corrected for their number (Benjamini and Hochberg 1995); missing ones stay missing."""
    from scipy.stats import false_discovery_control

    known = p_values.dropna()
    q = false_discovery_control(known) if len(known) else []
    return pd.Series(q, index=known.index, dtype=float).reindex(p_values.index)


def _by_unit(unit: pd.Series, valence: pd.Series, n: int) -> tuple[np.ndarray, np.ndarray]:
    return np.bincount(unit, weights=valence, minlength=n), np.bincount(unit, minlength=n).astype(float)


def _jackknife(without: np.ndarray) -> float:
    """The standard error of a statistic from its values with one unit left out each."""
    n = len(without)
    return float(np.sqrt((n - 1) / n * ((without - without.mean()) ** 2).sum()))


def _t(degrees: float) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(degrees, 0.975))


def _p_value(difference: float, error: float, degrees: float) -> float:
    from scipy.special import stdtr

    return float(2 * stdtr(degrees, -abs(difference) / error)) if error > 0 else np.nan
