"""Compare two groups of mentions: by how much one is warmer, and how sure that is."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from ..actors import self_mentions
from ..corpus.frames import as_scored
from ..errors import SCONotesError, require_columns
from .estimates import FEWEST, degrees_of_freedom, jackknife_error, p_of, t_quantile, unit_of, without_each


class Comparison(NamedTuple):
    """Two means and their difference (the first less the other), with a 95% interval and the p-value."""

    mean: float = np.nan
    mean_other: float = np.nan
    difference: float = np.nan
    low: float = np.nan
    high: float = np.nan
    p_value: float = np.nan
    interval: str = "none"  # over what: "documents", "sentences", or the column `within`
    n_units: int = 0  # of these
    n: int = 0  # sentences
    n_other: int = 0


def compare_tone(
    scored: pd.DataFrame, one: pd.Series, other: pd.Series, within: str | None = None
) -> Comparison:
    """Compare the mean valence of two groups of mentions, with a 95% interval of the difference.

    A sentence counts once in each group, with the mean of its values there. As in `summarise_actors`, rows
    without a valence and what a state says of itself are left out. The interval comes from the jackknife over
    documents, left out of both means at once, or, where one group comes from fewer than ten, over sentences:
    then it speaks of these texts only. That two intervals overlap does not show that there is no difference;
    this one holds 0 where none can be shown.

    Parameters
    ----------
    scored : scored mentions as `summarise_actors` takes them
    one, other : which rows belong to the group, as a column of true and false (an actor, a decade ...)
    within : a column such as country. The two means are then taken of each speaker with at least 5 sentences
        in both groups, and the interval is Student's t over the speakers' differences, so that no talkative
        speaker decides; means and difference are those of the speakers, each counting once

    Raises
    ------
    SCONotesError
        For what summarise_actors refuses, a group that is not a column of true and false for these rows, and
        a row that is in both.

    >>> scored = pd.DataFrame({"actor": ["KAZ", "USA"] * 6, "doc_id": list("aabbccddeeff"), "sentence": 0,
    ...                        "valence": [0.4, 0.1, 0.5, 0.3, 0.3, 0.1, 0.4, 0.2, 0.6, 0.2, 0.5, 0.3]})
    >>> found = compare_tone(scored, scored["actor"] == "KAZ", scored["actor"] == "USA")
    >>> print(f"warmer by {found.difference:.2f} ({found.low:.2f} to {found.high:.2f})")
    warmer by 0.25 (0.16 to 0.34)
    """
    keys = [within] if within else []
    require_columns(scored, *keys, "valence")
    one, other = _mask(scored, one, "one"), _mask(scored, other, "other")
    if (one & other).any():
        row = int((one & other).argmax()) + 1
        raise SCONotesError(f"row {row} is in both groups; expected are two that share no mention")
    table = as_scored(scored.assign(_side=np.where(one, 1, np.where(other, 2, 0))), *keys)
    table = table[(table["_side"] > 0) & ~self_mentions(table)]
    once = table.groupby(["_side", "doc_id", "sentence", *keys], as_index=False, observed=True)[
        "valence"
    ].mean()
    return _over_speakers(once, within) if within else _over_documents(once)


def _mask(scored: pd.DataFrame, chosen: pd.Series, name: str) -> np.ndarray:
    if isinstance(chosen, pd.Series) and chosen.dtype == "boolean":
        chosen = chosen.fillna(False).astype(bool)  # where an actor is missing, a comparison is too
    values = np.asarray(chosen)
    if values.shape != (len(scored),) or values.dtype != bool:
        raise SCONotesError(
            f"{name}: true or false for each of the {len(scored)} rows is expected, such as "
            f"scored['actor'] == 'SCO', not {type(chosen).__name__} of {values.dtype}"
        )
    if isinstance(chosen, pd.Series) and not chosen.index.equals(scored.index):
        raise SCONotesError(f"{name}: its index is not that of the mentions; make it from the same table")
    return values


def _over_documents(once: pd.DataFrame) -> Comparison:
    is_one = (once["_side"] == 1).to_numpy()
    sides, values = [is_one, ~is_one], once["valence"].to_numpy()
    n, n_other = (int(side.sum()) for side in sides)
    if not n or not n_other:
        return Comparison(n=n, n_other=n_other)
    mean, mean_other = (float(values[side].mean()) for side in sides)
    found = Comparison(mean, mean_other, mean - mean_other, n=n, n_other=n_other)
    if min(n, n_other) < FEWEST:
        return found
    documents = pd.factorize(once["doc_id"])[0]
    is_by_document = all(unit_of(documents[side]) == "documents" for side in sides)
    sentences = once.groupby(["doc_id", "sentence"], observed=True).ngroup().to_numpy()
    interval, unit = ("documents", documents) if is_by_document else ("sentences", sentences)
    # What each unit moves the difference by, and its part in the error: a document may be on both sides.
    moves, parts = np.zeros(unit.max() + 1), np.zeros(unit.max() + 1)
    for side, sign in zip(sides, (1, -1), strict=True):
        used, without, shares = without_each(unit[side], values[side])
        moves[used] += sign * np.sqrt((len(used) - 1) / len(used)) * (without - without.mean())
        parts[used] += jackknife_error(without) ** 2 * shares
    return _with_interval(
        found, float(np.sqrt((moves**2).sum())), degrees_of_freedom(parts), interval
    )._replace(n_units=len(moves))


def _over_speakers(once: pd.DataFrame, within: str) -> Comparison:
    grouped = once.groupby(["_side", within], observed=True)["valence"].agg(["mean", "size"])
    grouped = grouped[grouped["size"] >= FEWEST]
    one, other = (grouped.loc[grouped.index.get_level_values(0) == side].droplevel(0) for side in (1, 2))
    both = one.join(other.add_suffix("_other"), how="inner")
    n, n_other = int(both["size"].sum()), int(both["size_other"].sum())
    differences = (both["mean"] - both["mean_other"]).to_numpy()
    count = len(differences)
    if not count:
        return Comparison()
    found = Comparison(
        float(both["mean"].mean()), float(both["mean_other"].mean()), float(differences.mean()),
        n_units=count, n=n, n_other=n_other,
    )  # fmt: skip
    if count < 2:
        return found
    return _with_interval(found, float(differences.std(ddof=1) / np.sqrt(count)), count - 1, within)


def _with_interval(found: Comparison, error: float, degrees: float, interval: str) -> Comparison:
    if not error > 0:  # all values equal, or a unit without which a mean is gone
        return found
    half = t_quantile(degrees) * error
    return found._replace(
        low=max(found.difference - half, -2.0),
        high=min(found.difference + half, 2.0),
        p_value=p_of(found.difference, error, degrees),
        interval=interval,
    )
