"""Compare tones: two groups of mentions, or within speakers, with each one's own level taken out."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from ..actors import self_mentions
from ..corpus.frames import as_scored
from ..errors import SCONotesError, require_columns
from . import estimates
from .estimates import FEWEST, q_values

FEWEST_SPEAKERS = 6  # of fewer no order of signs is rare enough: two of 32 are as one-sided as all five
MOST_OF_ONE = 0.6  # share of the mentions from which on the tone is that of its largest speaker


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

    `one` and `other` are columns of true and false: which rows belong to the group. A sentence counts once in
    each; as in `summarise_actors`, rows without a valence and what a state says of itself are left out. The
    interval comes from the jackknife over documents, left out of both means at once, or, where one group
    comes from fewer than ten, over sentences: then it speaks of these texts only.

    With `within`, a column such as country, each speaker with at least 5 sentences in both groups counts
    once, and the interval is Student's t over the speakers' differences. Raises SCONotesError for what
    summarise_actors refuses, a group that is no such column, and a row that is in both.

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
    sentences = table.groupby(["_side", "doc_id", "sentence", *keys], as_index=False, observed=True)
    once = sentences["valence"].mean()
    return _over_speakers(once, within) if within else _over_documents(once)


def describe_difference(found: Comparison) -> str:
    """Say how two groups compare, by the test of their difference (see `compare_tone`).

    >>> describe_difference(Comparison(difference=0.13, low=0.04, high=0.22, p_value=0.006))
    'warmer than'
    """
    if not found.p_value >= 0:
        return "not to be compared with"
    if found.p_value >= 0.05:
        return "not to be told apart from"
    return "warmer than" if found.difference > 0 else "cooler than"


def compare_within_speakers(scored: pd.DataFrame) -> pd.DataFrame:
    """Find who is spoken of more warmly or coolly than the same speakers speak of others.

    Each speaker with 5 sentences or more on the actor counts once: its mean towards the actor, less its own
    level, the mean of its means towards all others. The interval is Student's t over speakers; it covers
    93-97% in simulation (benchmarks/interval_coverage.py).

    Takes actor, country (of the speaker), doc_id, sentence, valence; rows without a country are left out, and
    what a state says of itself. Returns actor, n (sentences), n_speakers (that count), speaker (who names the
    actor most), share (of that speaker, 0 to 1), mean (of all sentences), difference, low, high (95%),
    p_value, q_value (corrected for the number of actors), sorted by n, and verdict: "warmer", "cooler", "not
    told apart"; "one speaker" where one has more than 60% of the sentences or fewer than three count; "few
    speakers" for three to five, of whom none can be shown.

    >>> rows = [(actor, speaker, f"{speaker}{i}", 0, tone) for actor, tone in (("UN", 0.5), ("WAR", -0.5))
    ...         for speaker in "ABCDEF" for i in range(5)]
    >>> scored = pd.DataFrame(rows, columns=["actor", "country", "doc_id", "sentence", "valence"])
    >>> scored["valence"] += scored["country"].map(dict(zip("ABCDEF", [0, 0.1, 0.2, 0.1, 0, 0.3])))
    >>> scored.loc[scored["actor"] == "UN", "valence"] += scored["country"].eq("A") * 0.1
    >>> compare_within_speakers(scored)[["actor", "n_speakers", "difference", "verdict"]].round(2)
      actor  n_speakers  difference verdict
    0    UN           6        1.02  warmer
    1   WAR           6       -1.02  cooler
    """
    scored = as_scored(scored, "country")
    scored = scored[(scored["country"].astype(str) != "") & ~self_mentions(scored)]
    once = ["actor", "country", "doc_id", "sentence"]
    sentences = scored.groupby(once, observed=True)["valence"].mean().reset_index()
    by_pair = sentences.groupby(["actor", "country"], observed=True)["valence"]
    pairs = by_pair.agg(["size", "mean", "sum"]).reset_index()
    known = pairs[pairs["size"] >= FEWEST]
    by_speaker = known.groupby("country", observed=True)["mean"]
    level, others = by_speaker.transform("sum") - known["mean"], by_speaker.transform("size") - 1
    known = known.assign(difference=known["mean"] - level / others.where(others > 0))
    rows = []
    for actor, said in pairs.groupby("actor", observed=True):
        largest = said.sort_values(["size", "country"], ascending=[False, True]).iloc[0]
        n = int(said["size"].sum())
        found = known.loc[known["actor"] == actor, "difference"].dropna().to_numpy(float)
        row = (actor, n, len(found), largest["country"], largest["size"] / n, said["sum"].sum() / n)
        rows.append((*row, *_mean_over_speakers(found)))
    columns = ["actor", "n", "n_speakers", "speaker", "share", "mean"]
    table = pd.DataFrame(rows, columns=[*columns, "difference", "low", "high", "p_value"])
    alone = (table["n_speakers"] < 3) | (table["share"] > MOST_OF_ONE)
    table["q_value"] = q_values(table["p_value"].where(~alone))
    way = np.where(table["difference"] > 0, "warmer", "cooler")
    told = np.where(table["q_value"] < 0.05, way, "not told apart")
    few = table["p_value"].isna() & (table["n_speakers"] < FEWEST_SPEAKERS)
    table["verdict"] = np.where(alone, "one speaker", np.where(few, "few speakers", told))
    return table.sort_values(["n", "actor"], ascending=[False, True], ignore_index=True)


def _mean_over_speakers(differences: np.ndarray) -> tuple[float, float, float, float]:
    """The mean over speakers, its interval, and how often chance makes it as large."""
    count = len(differences)
    mean = float(differences.mean()) if count else np.nan
    if count < FEWEST_SPEAKERS:
        return mean, np.nan, np.nan, np.nan
    error = float(differences.std(ddof=1) / np.sqrt(count))
    half = estimates.t_quantile(count - 1) * error
    return mean, mean - half, mean + half, estimates.p_of(mean, error, count - 1)


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
    unit, interval = pd.factorize(once["doc_id"])[0], "documents"
    if any(estimates.unit_of(unit[side]) == "sentences" for side in sides):
        unit, interval = once.groupby(["doc_id", "sentence"], observed=True).ngroup().to_numpy(), "sentences"
    # What each unit moves the difference by, and its part in the error: a document may be on both sides.
    moves, parts = np.zeros(unit.max() + 1), np.zeros(unit.max() + 1)
    for side, sign in zip(sides, (1, -1), strict=True):
        used, without, shares = estimates.without_each(unit[side], values[side])
        moves[used] += sign * np.sqrt((len(used) - 1) / len(used)) * (without - without.mean())
        parts[used] += estimates.jackknife_error(without) ** 2 * shares
    error = float(np.sqrt((moves**2).sum()))
    degrees = estimates.degrees_of_freedom(parts)
    return _with_interval(found._replace(n_units=len(moves)), error, degrees, interval)


def _over_speakers(once: pd.DataFrame, within: str) -> Comparison:
    grouped = once.groupby(["_side", within], observed=True)["valence"].agg(["mean", "size"])
    grouped = grouped[grouped["size"] >= FEWEST]
    one, other = (grouped.loc[grouped.index.get_level_values(0) == side].droplevel(0) for side in (1, 2))
    both = one.join(other.add_suffix("_other"), how="inner")
    differences = (both["mean"] - both["mean_other"]).to_numpy()
    count = len(differences)
    if not count:
        return Comparison()
    mean, mean_other, difference = (float(x.mean()) for x in (both["mean"], both["mean_other"], differences))
    n, n_other = int(both["size"].sum()), int(both["size_other"].sum())
    found = Comparison(mean, mean_other, difference, n_units=count, n=n, n_other=n_other)
    if count < 2:
        return found
    return _with_interval(found, float(differences.std(ddof=1) / np.sqrt(count)), count - 1, within)


def _with_interval(found: Comparison, error: float, degrees: float, interval: str) -> Comparison:
    if not error > 0:  # all values equal, or a unit without which a mean is gone
        return found
    half = estimates.t_quantile(degrees) * error
    low, high = max(found.difference - half, -2.0), min(found.difference + half, 2.0)
    p_value = estimates.p_of(found.difference, error, degrees)
    return found._replace(low=low, high=high, p_value=p_value, interval=interval)
