"""How often the valence of a mention has the sign that people gave it: macro-F1 over three classes.

NewsMTSC (Hamborg and Donnay 2021), sentiment towards a target in US news, and a folder of (sentence, actor)
pairs from diplomatic prose. The labelled texts are not part of the project: give the folder that holds them.
"""

import csv
import json
from pathlib import Path

import numpy as np
import pandas as pd

import sco_notes as sn
from sco_notes.sentiment import LABELS
from sco_notes.sentiment.encoder import read_encoder

RESAMPLES = 1000


def measure(gold: Path) -> list[dict]:
    """One row a scorer and gold set: macro-F1 with a 95% interval from resampling sentences."""
    sets = {
        "NewsMTSC rw (development half)": read_newsmtsc(gold / "newsmtsc" / "rw-dev.jsonl"),
        "NewsMTSC mt (development half)": read_newsmtsc(gold / "newsmtsc" / "mt-dev.jsonl"),
        "diplomatic prose (one reader)": read_diplomatic(gold / "diplomatic" / "labels.csv"),
    }
    return [_row(scorer, name, *labelled) for scorer in scorers() for name, labelled in sets.items()]


def scorers() -> list[str]:
    """The built-in scorers, and "mpnet" where the language model is installed."""
    try:
        read_encoder()
    except sn.SCONotesError:
        return [*sn.SCORERS]
    return [*sn.SCORERS, "mpnet"]


def read_newsmtsc(file: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    documents, mentions = [], []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines()):
        item = json.loads(line)
        documents.append((f"{number:04}", item["sentence_normalized"]))
        for target in item["targets"]:
            label = {2: "negative", 4: "neutral", 6: "positive"}[int(target["polarity"])]
            mentions.append((f"{number:04}", target["from"], target["to"], label))
    return _frames(documents, mentions)


def read_diplomatic(file: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    documents, mentions, known = [], [], {}
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["text"] not in known:
                known[row["text"]] = f"{len(known):04}"
                documents.append((known[row["text"]], row["text"]))
            label = LABELS[int(row["label"]) + 1]
            mentions.append((known[row["text"]], int(row["start"]), int(row["end"]), label))
    return _frames(documents, mentions)


def _frames(documents: list, mentions: list) -> tuple[pd.DataFrame, pd.DataFrame]:
    return (
        pd.DataFrame(documents, columns=["doc_id", "text"]),
        pd.DataFrame(mentions, columns=["doc_id", "start", "end", "gold"]),
    )


def _row(scorer: str, name: str, documents: pd.DataFrame, mentions: pd.DataFrame) -> dict:
    scored = sn.score_mentions(documents, mentions, scorer)
    gold = np.array([LABELS.index(label) for label in scored["gold"]])
    found = np.array([LABELS.index(label) for label in scored["label"]])
    groups = list(scored.groupby("doc_id").indices.values())
    rng = np.random.default_rng(0)
    resampled = []
    for _ in range(RESAMPLES):
        rows = np.concatenate([groups[i] for i in rng.integers(len(groups), size=len(groups))])
        resampled.append(macro_f1(gold[rows], found[rows]))
    low, high = np.quantile(resampled, [0.025, 0.975])
    return {
        "method": scorer,
        "version": scored["scorer"].iloc[0],
        "gold": name,
        "measure": "macro-F1",
        "value": round(macro_f1(gold, found), 3),
        "low": round(low, 3),
        "high": round(high, 3),
        "n": len(scored),
    }


def macro_f1(gold: np.ndarray, found: np.ndarray) -> float:
    confusion = np.bincount(3 * gold + found, minlength=9).reshape(3, 3)
    totals = confusion.sum(axis=0) + confusion.sum(axis=1)
    return float(np.mean(2 * confusion.diagonal() / np.maximum(totals, 1)))
