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


class Baseline(NamedTuple):
    """What the mean of an actor is held against, and what it would be without each document or sentence."""

    value: float
    units: dict[str, np.ndarray]  # "documents", "sentences": the number of the unit of each row, from 0
    without: dict[str, np.ndarray]  # the baseline without each unit; missing where nothing is left


def baseline(
    actors: np.ndarray, units: dict[str, np.ndarray], valence: np.ndarray, kind: str = "sentences"
) -> Baseline:
    """The mean of all rows ("sentences"), or the mean of the actors' means, each counting once ("actors").

    `actors` and `units` number, from 0 without gaps, what each row belongs to. With "actors" those with at
    least FEWEST rows count; only the means of the actors in a unit change when it is left out.
    """
    if kind == "sentences":
        value = valence.mean() if len(valence) else np.nan
        return Baseline(value, units, {name: _mean_without(unit, valence) for name, unit in units.items()})
    counted = np.bincount(actors)[actors] >= FEWEST if len(actors) else np.zeros(0, bool)
    sums, counts = _by_unit(actors[counted], valence[counted])
    means = sums[counts > 0] / counts[counts > 0]
    value = means.mean() if len(means) else np.nan
    without = {
        name: _mean_of_means_without(unit, actors, valence, counted, sums, counts)
        for name, unit in units.items()
    }
    return Baseline(value, units, without)


def _mean_without(unit: np.ndarray, valence: np.ndarray) -> np.ndarray:
    sums, counts = _by_unit(unit, valence)
    with np.errstate(invalid="ignore"):
        return (sums.sum() - sums) / (counts.sum() - counts)


def _mean_of_means_without(
    unit: np.ndarray,
    actors: np.ndarray,
    valence: np.ndarray,
    counted: np.ndarray,
    sums: np.ndarray,
    counts: np.ndarray,
) -> np.ndarray:
    n_units = unit.max() + 1 if len(unit) else 0
    keys, pair = np.unique(actors[counted] * n_units + unit[counted], return_inverse=True)
    actor, its_unit = np.divmod(keys, max(n_units, 1))
    its_sums, its_counts = _by_unit(pair, valence[counted])
    left = counts[actor] - its_counts
    is_gone = left == 0  # an actor all of whose sentences are in the unit is no part of the mean without it
    means = sums[actor] / counts[actor]
    changed = np.where(is_gone, 0, (sums[actor] - its_sums) / np.where(is_gone, 1, left))
    total = (sums[counts > 0] / counts[counts > 0]).sum()
    totals = total + np.bincount(its_unit, weights=changed - means, minlength=n_units)
    remaining = (counts > 0).sum() - np.bincount(its_unit, weights=is_gone, minlength=n_units)
    return np.divide(totals, remaining, out=np.full(n_units, np.nan), where=remaining > 0)


def estimate(valence: np.ndarray, chosen: np.ndarray, base: Baseline) -> Estimate:
    """The mean valence of the `chosen` rows (their numbers) against the baseline.

    The jackknife leaves out one document at a time (one sentence, where the chosen rows come from fewer than
    ten documents), from mean and baseline at once, since the chosen are part of both (MacKinnon, Nielsen and
    Webb 2023: their CV3). The degrees of freedom of Student's t are the effective number of documents (Kish
    1965) less one: twenty documents of which one holds most sentences say as much as a few.
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
    error = jackknife_error(without_both - base.without[interval])
    p_value = p_of(difference, error, degrees)
    return Estimate(mean, max(mean - half, -1), min(mean + half, 1), interval, difference, p_value)


def unit_of(documents: np.ndarray) -> str:
    """Over what the interval of rows from these documents is: "documents" from ten on, or "sentences"."""
    return "documents" if len(np.unique(documents)) >= FEWEST_DOCUMENTS else "sentences"


def without_each(unit: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The units there are; the mean without each; the share of each in all rows."""
    used, number = np.unique(unit, return_inverse=True)
    sums, counts = _by_unit(number, values)
    with np.errstate(invalid="ignore", divide="ignore"):
        return used, (sums.sum() - sums) / (counts.sum() - counts), counts / counts.sum()


def degrees_of_freedom(shares: np.ndarray) -> float:
    """Those of an error to which each unit contributes its share: the effective number of units less one."""
    return max(float(shares.sum() ** 2 / (shares**2).sum()) - 1, 1.0)


def q_values(p_values: pd.Series) -> pd.Series:
    """The p-values corrected for their number (Benjamini and Hochberg 1995); missing ones stay missing."""
    from scipy.stats import false_discovery_control

    known = p_values.dropna()
    q = false_discovery_control(known) if len(known) else []
    return pd.Series(q, index=known.index, dtype=float).reindex(p_values.index)


def _by_unit(unit: np.ndarray, valence: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return np.bincount(unit, weights=valence), np.bincount(unit).astype(float)


def jackknife_error(without: np.ndarray) -> float:
    """The standard error of a statistic from its values with one unit left out each; missing if one is."""
    n = len(without)
    return float(np.sqrt((n - 1) / n * ((without - without.mean()) ** 2).sum()))


def t_quantile(degrees: float) -> float:
    """By how many standard errors a 95% interval reaches to either side."""
    from scipy.special import stdtrit

    return float(stdtrit(degrees, 0.975))


def p_of(difference: float, error: float, degrees: float) -> float:
    """How often chance alone makes a difference as large, by Student's t; missing without an error."""
    from scipy.special import stdtr

    return float(2 * stdtr(degrees, -abs(difference) / error)) if error > 0 else np.nan
