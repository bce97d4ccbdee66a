"""Estimate how sure a mean is: jackknife over documents or sentences, Student's t, many tests at once."""

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


class Baseline(NamedTuple):
    """What the mean of an actor is held against, and what it would be without each document or sentence."""

    value: float
    units: dict[str, np.ndarray]  # "documents", "sentences": the number of the unit of each row, from 0
    without: dict[str, np.ndarray]  # the baseline without each unit; missing where nothing is left


def baseline(
    actors: np.ndarray, units: dict[str, np.ndarray], valence: np.ndarray, kind: str = "sentences"
) -> Baseline:
    """Return the mean of all rows ("sentences"), or of the means of actors with FEWEST rows ("actors").

    `actors` and `units` number, from 0 without gaps, what each row belongs to.
    """
    group, fewest = (np.zeros_like(actors), 1) if kind == "sentences" else (actors, FEWEST)
    counted = np.bincount(group)[group] >= fewest if len(group) else np.zeros(0, bool)
    group = np.unique(group[counted], return_inverse=True)[1]
    sums, counts = _by_unit(group, valence[counted])
    without = {
        name: _without(unit[counted], unit.max(initial=-1) + 1, group, valence[counted])
        for name, unit in units.items()
    }
    return Baseline((sums / counts).mean() if len(sums) else np.nan, units, without)


def _without(unit: np.ndarray, n_units: int, group: np.ndarray, valence: np.ndarray) -> np.ndarray:
    """The mean of the groups' means without each unit, which changes those of its groups only."""
    sums, counts = _by_unit(group, valence)
    means = sums / counts
    pair, row = np.unique(group * n_units + unit, return_inverse=True)
    of, its_unit = np.divmod(pair, max(n_units, 1))
    pair_sums, pair_counts = _by_unit(row, valence)
    left = counts[of] - pair_counts
    with np.errstate(invalid="ignore", divide="ignore"):
        changed = np.where(left > 0, (sums[of] - pair_sums) / left, 0) - means[of]
        totals = means.sum() + np.bincount(its_unit, changed, n_units)
        remaining = len(means) - np.bincount(its_unit, left == 0, n_units)
        return np.where(remaining > 0, totals / remaining, np.nan)


def estimate(valence: np.ndarray, chosen: np.ndarray, base: Baseline) -> Estimate:
    """Estimate the mean valence of the `chosen` rows (their numbers) against the baseline.

    The jackknife leaves out one document at a time (one sentence, where the chosen rows come from fewer than
    ten documents), from mean and baseline at once, since the chosen are part of both (MacKinnon, Nielsen and
    Webb 2023: their CV3). The degrees of freedom of Student's t are the effective number of documents (Kish
    1965) less one.
    """
    values = valence[chosen]
    if not len(values):
        return Estimate()
    mean = float(values.mean())
    difference = mean - float(base.value)
    if len(values) < FEWEST or np.ptp(values) == 0:
        return Estimate(mean, difference=difference)
    interval = unit_of(base.units["documents"][chosen])
    used, without, shares = without_each(base.units[interval][chosen], values)
    degrees = degrees_of_freedom(shares)
    half = t_quantile(degrees) * jackknife_error(without)
    without_both = np.full(len(base.without[interval]), mean)
    without_both[used] = without
    p_value = p_of(difference, jackknife_error(without_both - base.without[interval]), degrees)
    return Estimate(mean, max(mean - half, -1), min(mean + half, 1), interval, difference, p_value)


def unit_of(documents: np.ndarray) -> str:
    """Return over what an interval is: "documents" from ten on, or "sentences"."""
    return "documents" if len(np.unique(documents)) >= FEWEST_DOCUMENTS else "sentences"


def without_each(unit: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the units there are; the mean without each; the share of each in all rows."""
    used, number = np.unique(unit, return_inverse=True)
    sums, counts = _by_unit(number, values)
    with np.errstate(invalid="ignore", divide="ignore"):
        return used, (sums.sum() - sums) / (counts.sum() - counts), counts / counts.sum()


def _by_unit(unit: np.ndarray, valence: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return np.bincount(unit, weights=valence), np.bincount(unit).astype(float)


def degrees_of_freedom(shares: np.ndarray) -> float:
    """Return the effective number of units less one, from the share of each in an error."""
    return max(float(shares.sum() ** 2 / (shares**2).sum()) - 1, 1.0)


def jackknife_error(without: np.ndarray) -> float:
    """Return the standard error of a statistic from its values without each unit; missing if one is."""
    n = len(without)
    return float(np.sqrt((n - 1) / n * ((without - without.mean()) ** 2).sum()))


def t_quantile(degrees: float) -> float:
    """Return by how many standard errors a 95% interval reaches to either side."""
    from scipy.special import stdtrit

    return float(stdtrit(degrees, 0.975))


def p_of(difference: float, error: float, degrees: float) -> float:
    """Return how often chance makes a difference as large, by Student's t; missing without an error."""
    from scipy.special import stdtr

    return float(2 * stdtr(degrees, -abs(difference) / error)) if error > 0 else np.nan


def q_values(p_values: pd.Series) -> pd.Series:
    """Correct p-values for their number (Benjamini and Hochberg 1995); missing ones stay missing."""
    known = p_values.dropna().astype(float).sort_values()
    corrected = known * (len(known) / np.arange(1.0, len(known) + 1))
    return corrected[::-1].cummin().clip(upper=1).reindex(p_values.index)
