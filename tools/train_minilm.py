"""Adapt MiniLM to labelled news and write data/models/minilm.npz: make model GOLD=folder VECTORS=wheel.

GOLD/newsmtsc/train.jsonl holds NewsMTSC (Hamborg and Donnay 2021; MIT, see data/models/NOTICE); beside it
stand the sentences of composed_diplomatic.txt, and what MPNet makes of names without a label (taught.parquet,
made by teach.py; `make texts` gets the speeches). Needs PyTorch and the package with MiniLM (see
sco_notes.sentiment.encoder); about twenty minutes on two cores.

    python tools/train_minilm.py GOLD
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from joblib import Parallel, delayed

import sco_notes as sn
from sco_notes.files import data_folder
from sco_notes.sentiment.encoder import Encoder, read_minilm
from sco_notes.sentiment.scores import find_targets

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "benchmarks"))
from adapting import (
    ADAPTED,
    Example,
    Settings,
    as_tensors,
    certain,
    composed,
    merged,
    read,
    read_chances,
    train,
    write,
)
from sentiment_gold import LABELS, macro_f1, read_newsmtsc

MEMBERS = 2
FOLDS = 5
COMPOSED = 3  # times a composed sentence is shown in an epoch; once those of the news,
SEVERAL = 2  # but twice those with several targets, which tell most about whom a word is said of
SETTINGS = Settings(epochs=3, rate=7e-4, rank=24, adapted=[*ADAPTED, "intermediate.dense"])


def main() -> None:
    documents, labelled = read_newsmtsc(Path(sys.argv[1]) / "newsmtsc" / "train.jsonl")
    labels = np.array([LABELS.index(label) for label in labelled["gold"]])
    several = labelled.groupby("doc_id")["start"].transform("size").to_numpy() > 1
    encoder = as_tensors(read_minilm())
    rows = [
        pd.DataFrame({"doc_id": labelled["doc_id"], "times": np.where(several, SEVERAL, 1)}),
        pd.DataFrame({"doc_id": [""] * len(composed()), "times": COMPOSED}),
    ]
    pairs = [*zip(find_targets(documents, labelled), map(certain, labels), strict=True), *composed()]
    for texts, taught in read_taught(documents):
        neither = 1 - taught["negative"] - taught["positive"]
        probabilities = zip(taught["negative"], neither, taught["positive"], strict=True)
        pairs += zip(find_targets(texts, taught), probabilities, strict=True)
        known = taught["doc_id"] if texts is documents else [""] * len(taught)
        rows.append(pd.DataFrame({"doc_id": known, "times": 0}))
    table = pd.concat(rows, ignore_index=True)
    table["fold"] = [int(text) % FOLDS if text else -1 for text in table["doc_id"]]
    examples = [read(target, probabilities, encoder) for target, probabilities in pairs]
    owns = Parallel(MEMBERS)(delayed(adapt)(examples, table, number, encoder) for number in range(MEMBERS))
    write(merged(owns, SETTINGS.rank), encoder)
    found = np.full(len(labels), -1)
    for number, own in enumerate(owns):
        rows = np.flatnonzero(table["fold"][: len(labels)] == number)
        found[rows] = read_chances([examples[i] for i in rows], own, encoder).argmax(1)
    for name, rows in (("all", found >= 0), ("of sentences with several", (found >= 0) & several)):
        print(f"macro-F1 on texts not seen, {name}: {macro_f1(labels[rows], found[rows]):.3f} ({rows.sum()})")


def read_taught(documents: pd.DataFrame) -> list[tuple[pd.DataFrame, pd.DataFrame]]:
    """Documents, and their names with what the larger model makes of them."""
    taught = pd.read_parquet(Path(__file__).with_name("taught.parquet"))
    sources = {
        "news": documents,
        "words": documents,
        "speeches": sn.read_corpus(data_folder() / "un-debate"),
    }
    return [(texts, taught[taught["source"] == name]) for name, texts in sources.items()]


def adapt(
    examples: list[Example | None], table: pd.DataFrame, number: int, encoder: Encoder
) -> dict[str, np.ndarray]:
    """An adaptation that has not seen the texts of one fold."""
    seen = table["fold"].to_numpy() != number
    seen &= np.array([example is not None for example in examples])
    shown = np.repeat(np.arange(len(table)), np.where(seen, table["times"], 0))
    once = np.flatnonzero(seen & (table["times"] == 0))
    return train([examples[i] for i in shown], [examples[i] for i in once], encoder, SETTINGS, number)


if __name__ == "__main__":
    main()
