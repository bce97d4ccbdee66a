"""Tone within speakers: what is said of an actor, with each speaker's own level taken out."""

import numpy as np
import pandas as pd

from ..actors import self_mentions
from ..corpus.frames import as_scored
from .estimates import FEWEST, p_of, q_values, t_quantile

FEWEST_SPEAKERS = 6  # of fewer no order of signs is rare enough: two of 32 are as one-sided as all five
MOST_OF_ONE = 0.6  # share of the mentions from which on the tone is that of its largest speaker
COLUMNS = [
    "actor", "n", "n_speakers", "speaker", "share", "mean", "difference", "low", "high", "p_value", "q_value",
    "verdict",
]  # fmt: skip


def compare_within_speakers(scored: pd.DataFrame) -> pd.DataFrame:
    """Find who is spoken of more warmly or coolly than the same speakers speak of others.

    Each speaker counts once: its mean towards the actor, less its own level, which is the mean of its means
    towards all other actors. Only pairs of a speaker and an actor with 5 sentences or more count. The
    interval is Student's t over speakers, who are the sample: that one speaker says much makes nothing surer.
    In simulation with speakers of unlike levels and dyads of unlike tone it covers 93-97%
    (benchmarks/interval_coverage.py).

    Parameters
    ----------
    scored : actor, country (of the speaker), doc_id, sentence, valence; rows without a country are left out,
        and what a state says of itself

    Returns
    ------- actor, n (sentences), n_speakers (that count), speaker (who names the actor most), share (of that
    speaker in the sentences, 0 to 1), mean (of all sentences, whoever speaks), difference (within speakers),
    low, high (95%), p_value, q_value (corrected for the number of actors), sorted by n, and verdict:
    "warmer", "cooler", "not told apart"; "one speaker" where one has more than 60% of the sentences or fewer
    than three count; "few speakers" for three to five, of whom a difference cannot be shown.

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
    pairs = sentences.groupby(["actor", "country"], observed=True)["valence"].agg(["size", "mean", "sum"])
    pairs = pairs.reset_index()
    known = pairs[pairs["size"] >= FEWEST]
    level, others = (
        known.groupby("country", observed=True)["mean"].transform(how) for how in ("sum", "size")
    )
    known = known.assign(difference=known["mean"] - (level - known["mean"]) / (others - 1).where(others > 1))
    differences = known.dropna(subset=["difference"]).groupby("actor", observed=True)["difference"]
    rows = []
    for actor, said in pairs.groupby("actor", observed=True):
        largest = said.sort_values(["size", "country"], ascending=[False, True]).iloc[0]
        n = int(said["size"].sum())
        found = differences.get_group(actor).to_numpy() if actor in differences.groups else np.zeros(0)
        row = (actor, n, len(found), largest["country"], largest["size"] / n, said["sum"].sum() / n)
        rows.append((*row, *_over_speakers(found)))
    table = pd.DataFrame(rows, columns=COLUMNS[:-2])
    alone = (table["n_speakers"] < 3) | (table["share"] > MOST_OF_ONE)
    tested = table["p_value"].where(~alone)
    table["q_value"] = q_values(tested)
    way = np.where(table["difference"] > 0, "warmer", "cooler")
    told = np.where(table["q_value"] < 0.05, way, "not told apart")
    few = table["p_value"].isna() & (table["n_speakers"] < FEWEST_SPEAKERS)
    table["verdict"] = np.where(alone, "one speaker", np.where(few, "few speakers", told))
    return table.sort_values(["n", "actor"], ascending=[False, True], ignore_index=True)


def _over_speakers(differences: np.ndarray) -> tuple[float, float, float, float]:
    """The mean over speakers, its interval, and how often chance makes it as large."""
    count = len(differences)
    mean = float(differences.mean()) if count else np.nan
    if count < FEWEST_SPEAKERS:
        return mean, np.nan, np.nan, np.nan
    error = float(differences.std(ddof=1) / np.sqrt(count))
    half = t_quantile(count - 1) * error
    return mean, mean - half, mean + half, p_of(mean, error, count - 1)
