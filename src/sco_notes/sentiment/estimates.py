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


def estimate(
    documents: np.ndarray, sentences: np.ndarray, valence: np.ndarray, chosen: np.ndarray
) -> Estimate:
    """The mean valence of the `chosen` rows against the mean of all rows.

    `documents` and `sentences` number what each row belongs to, from 0 without gaps.

    The jackknife leaves out one document at a time (one sentence, where the chosen rows come from fewer than
    ten documents), from both means at once, since the chosen are part of all (MacKinnon, Nielsen and Webb
    2023: their CV3). The degrees of freedom of Student's t are the effective number of documents (Kish 1965)
    less one: twenty documents of which one holds most sentences say as much as a few.
    """
    values = valence[chosen]
    if not len(values):
        return Estimate()
    mean = float(values.mean())
    difference = mean - float(valence.mean())
    if len(values) < FEWEST or np.ptp(values) == 0:
        return Estimate(mean, difference=difference)
    by_document = len(np.unique(documents[chosen])) >= FEWEST_DOCUMENTS
    interval, unit = ("documents", documents) if by_document else ("sentences", sentences)
    sums, counts = _by_unit(unit[chosen], values, unit.max() + 1)
    all_sums, all_counts = _by_unit(unit, valence, unit.max() + 1)
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


def _by_unit(unit: np.ndarray, valence: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
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
