"""Accuracy on the project's own labels in data/gold: tone towards an actor, state or place, two passes.

Needs the texts of un-debate. data/gold/GUIDE.md says how the labels were given.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy.stats import binomtest
from sentiment_gold import macro_f1, scorers

import sco_notes as sn
from sco_notes.files import data_folder
from sco_notes.sentiment import LABELS

GOLD = data_folder() / "gold"
RESAMPLES = 1000
NAME = "UN speeches, 200 pairs (one reader)"
VICTIMS = "UN speeches, 336 pairs, many of them victims (one reader)"


def measure() -> list[dict]:
    """Rows of accuracy.csv: each scorer, the agreement of the two passes, and the readings of capitals."""
    documents = sn.read_corpus(data_folder() / "un-debate")
    pairs = pd.read_csv(GOLD / "valence.csv", dtype={"second": "Int64"})
    victims = pd.read_csv(GOLD / "victims.csv")
    return [
        *(_scorer_row(documents, pairs, scorer, NAME) for scorer in scorers()),
        *(_scorer_row(documents, victims, scorer, VICTIMS) for scorer in scorers()),
        *(_victims_row(documents, victims, scorer) for scorer in scorers()),
        _agreement_row(pairs),
        *_reading_rows(documents),
    ]


def _victims_row(documents: pd.DataFrame, pairs: pd.DataFrame, scorer: str) -> dict:
    """How many victims, places of conflict and targets of measures are wrongly called negative."""
    drawn = pairs["drawn_as"].isin(["people", "situation", "against", "victim"])
    spared = pairs[drawn & (pairs["label"] != -1)]
    scored = sn.score_mentions(documents, spared.drop(columns="label"), scorer)
    wrong = int((scored["label"] == "negative").sum())
    low, high = binomtest(wrong, len(spared)).proportion_ci(method="wilson")
    version, share = scored["scorer"].iloc[0], wrong / len(spared)
    return _row(scorer, version, VICTIMS, "victims called negative", share, low, high, len(spared))


def _scorer_row(documents: pd.DataFrame, pairs: pd.DataFrame, scorer: str, name: str) -> dict:
    scored = sn.score_mentions(documents, pairs.drop(columns="label"), scorer)
    gold = pairs["label"].to_numpy() + 1
    found = scored["label"].map(LABELS.index).to_numpy()
    groups = list(pairs.groupby("doc_id").indices.values())
    value, low, high = _interval(lambda rows: macro_f1(gold[rows], found[rows]), groups)
    return _row(scorer, scored["scorer"].iloc[0], name, "macro-F1", value, low, high, len(pairs))


def _agreement_row(pairs: pd.DataFrame) -> dict:
    both = pairs.dropna(subset=["second"])
    first, second = both["label"].to_numpy() + 1, both["second"].to_numpy(int) + 1
    groups = list(both.groupby("doc_id").indices.values())
    value, low, high = _interval(lambda rows: kappa(first[rows], second[rows]), groups)
    measured = "Cohen's kappa of two passes by the same reader"
    return _row("gold", "1", NAME, measured, value, low, high, len(both))


def _reading_rows(documents: pd.DataFrame) -> list[dict]:
    known = pd.read_csv(GOLD / "readings.csv")
    found = sn.find_mentions(documents)[["doc_id", "start", "reading"]]
    both = known.merge(found, on=["doc_id", "start"], how="left", suffixes=("", "_found"))
    rows = []
    for sample, part in both.groupby("sample"):
        right = int((part["reading"] == part["reading_found"]).sum())
        low, high = binomtest(right, len(part)).proportion_ci(method="wilson")  # resampling fails at 100%
        name = f"UN speeches, capitals and buildings, sample {sample}"
        version = "seen while the rules were made" if sample == 1 else "not seen"
        rows.append(_row("readings", version, name, "share right", right / len(part), low, high, len(part)))
    return rows


def kappa(first: np.ndarray, second: np.ndarray) -> float:
    """Agreement beyond chance (Cohen 1960) of two labellings by 0, 1 and 2."""
    shares = [np.bincount(labels, minlength=3) / len(labels) for labels in (first, second)]
    chance = float(shares[0] @ shares[1])
    return (float(np.mean(first == second)) - chance) / (1 - chance)


def _interval(measured: Callable, groups: list[np.ndarray]) -> tuple[float, float, float]:
    """The value on all rows, and its 95% interval from resampling documents."""
    rng = np.random.default_rng(0)
    chosen = rng.integers(len(groups), size=(RESAMPLES, len(groups)))
    resampled = [measured(np.concatenate([groups[i] for i in row])) for row in chosen]
    low, high = np.quantile(resampled, [0.025, 0.975])
    return float(measured(np.concatenate(groups))), float(low), float(high)


def _row(method: str, version: str, gold: str, measured: str, *rest) -> dict:
    value, low, high, n = rest
    numbers = {"value": round(value, 3), "low": round(low, 3), "high": round(high, 3), "n": n}
    return {"method": method, "version": version, "gold": gold, "measure": measured} | numbers


if __name__ == "__main__":
    print(pd.DataFrame(measure()).to_string(index=False))
