"""Known groups: does a speaker's tone towards a target have the sign that nobody disputes?

A scorer that cannot tell these apart measures nothing (validity by known groups: Cronbach and Meehl 1955).
For each pair: the mean valence of the speaker's mentions of the target, and how far it lies from the
speaker's baseline, the mean of its mentions of all others but its own state (mostly of the UN, which is
addressed warmly), with a 95% interval of that difference from resampling speeches. Both counts are reported:
the sign of the mean and, stricter, that of the difference. Needs the texts of un-debate.

Of the 1,422 mentions of these pairs 800 are also in tools/taught.csv: `linear` learned from what another
model, MPNet, gives for them. Nobody labelled them, so it saw no answer, but they are not new to it either.
"""

import numpy as np
import pandas as pd
from scipy.stats import binomtest
from sentiment_gold import scorers

import sco_notes as sn
from sco_notes.actors import self_mentions
from sco_notes.files import data_folder

# speaker, target, sign, why it is not in dispute: the records of the General Debate themselves.
PAIRS = [
    ("IND", "PAK", -1, "rights of reply on Kashmir and terrorism in most sessions"),
    ("PAK", "IND", -1, "the same dispute, from the other side"),
    ("IRN", "ISR", -1, "does not recognise it; calls for its condemnation every year"),
    ("IRN", "USA", -1, "no diplomatic relations; sanctions, 1979 to today"),
    ("BLR", "WEST", -1, "under Western sanctions since 1997 and again since 2020"),
    ("RUS", "NATO", -1, "objects to its enlargement in 1996, 1997, mostly since 2014; not in 2002-2006"),
    ("PAK", "CHN", 1, "each calls the other its all-weather strategic partner"),
    ("KAZ", "CENTRAL-ASIA", 1, "host of its nuclear-weapon-free zone and its meetings of heads of state"),
    ("UZB", "CENTRAL-ASIA", 1, "its declared first priority; author of Assembly resolution 72/283 on it"),
    ("KAZ", "CICA", 1, "the conference was proposed by Kazakhstan in 1992"),
    ("KGZ", "SCO", 1, "a founding member, which hosted its summits in 2007, 2013 and 2019"),
    ("RUS", "SCO", 1, "a founding member, which lists it among its partners"),
]  # fmt: skip
RESAMPLES = 1000
NAME = f"UN speeches, {len(PAIRS)} pairs of speaker and target"


def measure() -> list[dict]:
    """Rows of accuracy.csv: of each scorer the share of pairs with the right sign, by both counts."""
    rows = []
    for scorer, table in tables().items():
        for column, measured in (
            ("mean", "sign of the mean right"),
            ("difference", "right side of the baseline"),
        ):
            right, n = int((table[column] * table["sign"] > 0).sum()), len(table)
            low, high = binomtest(right, n).proportion_ci(method="wilson")
            row = {"method": scorer, "version": table.attrs["version"], "gold": NAME, "measure": measured}
            numbers = {"value": round(right / n, 3), "low": round(low, 3), "high": round(high, 3), "n": n}
            rows.append(row | numbers)
    return rows


def tables() -> dict[str, pd.DataFrame]:
    """Of each scorer: speaker, target, sign, n, mean, difference, low, high."""
    documents = sn.read_corpus(data_folder() / "un-debate")
    mentions = sn.find_mentions(documents)
    mentions = mentions[mentions["reading"] == "actor"].merge(documents[["doc_id", "country"]], on="doc_id")
    mentions = mentions[~self_mentions(mentions)]
    mentions = mentions[mentions["country"].isin({speaker for speaker, *_ in PAIRS})]
    return {name: _table(sn.score_mentions(documents, mentions, name)) for name in scorers()}


def _table(scored: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for speaker, target, sign, _ in PAIRS:
        spoken = scored[scored["country"] == speaker]
        is_target = spoken["actor"] == target
        parts = [spoken["valence"].where(rows_of) for rows_of in (is_target, ~is_target)]
        sums = np.column_stack(
            [part.groupby(spoken["doc_id"]).agg(how) for part in parts for how in ("sum", "count")]
        )
        chosen = np.random.default_rng(0).integers(len(sums), size=(RESAMPLES, len(sums)))
        drawn = np.vstack([sums.sum(axis=0), sums[chosen].sum(axis=1)])
        drawn = drawn[(drawn[:, 1] > 0) & (drawn[:, 3] > 0)]
        differences = drawn[:, 0] / drawn[:, 1] - drawn[:, 2] / drawn[:, 3]
        low, high = np.quantile(differences[1:], [0.025, 0.975])
        mean, difference = parts[0].mean(), differences[0]
        rows.append((speaker, target, sign, int(is_target.sum()), mean, difference, low, high))
    columns = ["speaker", "target", "sign", "n", "mean", "difference", "low", "high"]
    table = pd.DataFrame(rows, columns=columns)
    table.attrs["version"] = scored["scorer"].iloc[0]
    return table


if __name__ == "__main__":
    for name, found in tables().items():
        signs = [(found[column] * found["sign"] > 0).sum() for column in ("mean", "difference")]
        print(f"{name}: of {len(found)} signs {signs[0]} right; {signs[1]} on the right side of the baseline")
        print(found.round(2).to_string(index=False), "\n")
