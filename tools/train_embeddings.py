"""Adapt MiniLM to labelled news and write data/models/embeddings.npz: make model GOLD=folder VECTORS=wheel.

GOLD/newsmtsc/train.jsonl holds NewsMTSC (Hamborg and Donnay 2021; MIT, see data/models/NOTICE); beside it
stand those of composed_diplomatic.txt. Needs PyTorch (`pip install torch`) and the package with MiniLM (see
sco_notes.sentiment.embeddings). MiniLM itself stays as it is: beside some matrices of its upper layers
stand two small ones each (Hu et al. 2022), which are learned, with the linear layer that reads the result.
Three such adaptations are learned, each without another fifth of the texts, and scores are made from the mean
of their sums. On the texts left out each is measured. About fifteen minutes on one core. Each uses one core,
so that the same files, version of PyTorch and kind of processor give the same bytes.

    python tools/train_embeddings.py GOLD
"""

import math
import re
import sys
from pathlib import Path

import numpy as np
import torch
from joblib import Parallel, delayed
from threadpoolctl import threadpool_limits
from torch.nn import functional as F

import sco_notes as sn
from sco_notes.sentiment import Target, minilm
from sco_notes.sentiment.embeddings import FIRST, STAND_INS, is_said, package_folder, tokens
from sco_notes.sentiment.scores import find_targets

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "benchmarks"))
from sentiment_gold import LABELS, macro_f1, read_newsmtsc

MEMBERS = 3
FOLDS = 5
EPOCHS = 3
BATCH = 32
RATE = 1e-3  # of learning, at its highest
RANK = 8
DROPPED = 0.1
COMPOSED = 3  # times a composed sentence is shown in an epoch; once those of the news,
SEVERAL = 2  # but twice those with several targets, which tell most about whom a word is said of
SIZE = 384
ADAPTED = ["attention.self.query", "attention.self.value", "attention.output.dense", "output.dense"]
HALF = torch.bfloat16


def main() -> None:
    documents, mentions = read_newsmtsc(Path(sys.argv[1]) / "newsmtsc" / "train.jsonl")
    labels = [LABELS.index(label) for label in mentions["gold"]]
    news = list(zip(find_targets(documents, mentions), labels, strict=True))
    folder = package_folder()
    weights = minilm.read_weights(folder / "model.safetensors")
    vocabulary = minilm.read_vocabulary(folder / "vocab.txt")
    with threadpool_limits(1):
        examples = [prepare(target, label, weights, vocabulary) for target, label in [*news, *composed()]]
    fold = np.array([int(text) % FOLDS for text in mentions["doc_id"]] + [-1] * (len(examples) - len(news)))
    several = mentions.groupby("doc_id")["start"].transform("size").to_numpy() > 1
    times = np.array([*np.where(several, SEVERAL, 1), *[COMPOSED] * (len(examples) - len(news))])
    times *= np.array([example is not None for example in examples])
    rows = np.repeat(np.arange(len(examples)), times)
    weights = {
        name: torch.tensor(array).to(HALF) for name, array in weights.items() if array.dtype != np.int64
    }
    members = Parallel(MEMBERS)(
        delayed(train)([examples[i] for i in rows[fold[rows] != number]], weights, number)
        for number in range(MEMBERS)
    )
    write({f"{number} {name}": array for number, own in enumerate(members) for name, array in own.items()})
    measure(members, examples, fold, weights)


def composed() -> list[tuple[Target, int]]:
    """The composed sentences, with a name for {T} and for {O}: it is not read."""
    found = []
    lines = Path(__file__).with_name("composed_diplomatic.txt").read_text(encoding="utf-8").splitlines()
    for line in [line for line in lines if line[0] != "#"]:
        spans, sentence = {"T": [], "O": []}, ""
        for part in re.split(r"(\{[TO]\})", line[2:]):
            if part[:1] == "{":
                spans[part[1]].append((len(sentence), len(sentence) + 4))
            sentence += "Name" if part[:1] == "{" else part
        ((start, end),) = spans["T"]
        found.append(
            (Target(sentence, start, end, tuple(sorted(spans["T"] + spans["O"]))), "-0+".index(line[0]))
        )
    return found


def prepare(target: Target, label: int, weights: dict, vocabulary: dict) -> tuple | None:
    """What the upper layers are given: the vectors below them, the marks, the words that are said."""
    found = tokens(target, vocabulary)
    kinds = tuple(token.kind for token in found)
    if "word" not in kinds:
        return None
    numbers = np.array([vocabulary["[CLS]"], *(token.number for token in found), vocabulary["[SEP]"]])
    state = minilm.transform(minilm.embed(numbers, weights), weights, range(FIRST))
    places = [[False, *(kind == mark for kind in kinds), False] for mark in STAND_INS]
    places.append([False, *is_said(kinds).tolist(), False])
    return torch.tensor(state).to(HALF), torch.tensor(places), int(label)


def train(examples: list[tuple], weights: dict, seed: int) -> dict[str, np.ndarray]:
    """The arrays of one adaptation."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    order = np.random.default_rng(seed)
    own = new_parameters(weights)
    optimiser = torch.optim.AdamW(own.values(), lr=RATE)
    steps = EPOCHS * math.ceil(len(examples) / BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / (0.06 * steps), 1) * (1 - step / steps)
    )
    for epoch in range(EPOCHS):
        losses = []
        for rows in batches(examples, order):
            batch = [examples[i] for i in rows]
            loss = F.cross_entropy(sums(batch, own, weights), torch.tensor([label for *_, label in batch]))
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(own.values(), 1.0)
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
        print(f"adaptation {seed}, epoch {epoch + 1}: loss {np.mean(losses):.3f}", flush=True)
    return {name: values.detach().numpy() for name, values in own.items()}


def new_parameters(weights: dict) -> dict[str, torch.nn.Parameter]:
    start = {"attention": torch.zeros(SIZE), "neutral": torch.zeros(1)}
    start |= {name: torch.randn(3, SIZE) / 50 for name in ("values", "target_values")}
    start |= {kind: torch.zeros(SIZE) for kind in STAND_INS}
    for layer in range(FIRST, minilm.LAYERS):
        for part in ADAPTED:
            name = f"encoder.layer.{layer}.{part}.weight"
            rows, columns = weights[name].shape
            start[f"{name} down"] = torch.randn(RANK, columns) / math.sqrt(columns)
            start[f"{name} up"] = torch.zeros(rows, RANK)
    return {name: torch.nn.Parameter(values) for name, values in start.items()}


def batches(examples: list[tuple], order: np.random.Generator) -> list[np.ndarray]:
    """Rows in random order, those of like length together."""
    rows = order.permutation(len(examples))
    blocks = [rows[i : i + 20 * BATCH] for i in range(0, len(rows), 20 * BATCH)]
    blocks = [block[np.argsort([len(examples[i][0]) for i in block], kind="stable")] for block in blocks]
    found = [block[i : i + BATCH] for block in blocks for i in range(0, len(block), BATCH)]
    return [found[i] for i in order.permutation(len(found))]


def sums(batch: list[tuple], own: dict, weights: dict, training: bool = True) -> torch.Tensor:
    """For each sentence the sum of each label: what sco_notes.sentiment.embeddings computes, many at once."""
    length = max(len(state) for state, *_ in batch)
    there = torch.stack([torch.arange(length) < len(state) for state, *_ in batch])
    places = torch.stack([F.pad(place, (0, length - place.shape[1])) for _, place, _ in batch])
    state = torch.stack([F.pad(state, (0, 0, 0, length - len(state))) for state, *_ in batch])
    for number, kind in enumerate(STAND_INS):
        state = state + (places[:, number, :, None] * own[kind]).to(HALF)
    hidden = torch.zeros(there.shape).masked_fill(~there, -1e4)[:, None, None].to(HALF)
    for layer in range(FIRST, minilm.LAYERS):
        name = f"encoder.layer.{layer}."
        mixed = attend(state, hidden, name + "attention.", own, weights)
        state = normed(state + drop(mixed, training), name + "attention.output.LayerNorm", weights)
        inner = F.gelu(linear(state, name + "intermediate.dense", own, weights), approximate="tanh")
        inner = linear(inner, name + "output.dense", own, weights)
        state = normed(state + drop(inner, training), name + "output.LayerNorm", weights)
    state = state.float()
    factors = (state @ own["attention"]).masked_fill(~places[:, -1], -1e4).softmax(1)
    pooled = drop((factors[..., None] * state).sum(1), training)
    target = drop((places[:, 0, :, None] * state).sum(1), training)
    found = pooled @ own["values"].T + target @ own["target_values"].T
    return found + own["neutral"] * torch.tensor([0.0, 1.0, 0.0])


def attend(state: torch.Tensor, hidden: torch.Tensor, name: str, own: dict, weights: dict) -> torch.Tensor:
    query, key, value = (
        linear(state, f"{name}self.{part}", own, weights)
        .view(*state.shape[:2], minilm.HEADS, -1)
        .transpose(1, 2)
        for part in ("query", "key", "value")
    )
    factors = (query @ key.transpose(2, 3) / math.sqrt(query.shape[3]) + hidden).softmax(-1)
    return linear((factors @ value).transpose(1, 2).reshape(state.shape), name + "output.dense", own, weights)


def linear(state: torch.Tensor, name: str, own: dict, weights: dict) -> torch.Tensor:
    result = F.linear(state, weights[name + ".weight"], weights[name + ".bias"])
    if f"{name}.weight down" in own:
        inner = F.linear(state, own[f"{name}.weight down"].to(HALF))
        result = result + F.linear(inner, own[f"{name}.weight up"].to(HALF))
    return result


def normed(state: torch.Tensor, name: str, weights: dict) -> torch.Tensor:
    scale, shift = (weights[f"{name}.{part}"].float() for part in ("weight", "bias"))
    return F.layer_norm(state.float(), (SIZE,), scale, shift, 1e-12).to(HALF)


NOISE = torch.rand(1 << 22, generator=torch.Generator().manual_seed(0)) >= DROPPED


def drop(state: torch.Tensor, training: bool) -> torch.Tensor:
    """Dropout; the noise is made once, since making it anew took a quarter of the time."""
    if not training:
        return state
    first = int(torch.randint(len(NOISE) - state.numel(), (1,)))
    kept = NOISE[first : first + state.numel()].view(state.shape)
    return (state * kept / (1 - DROPPED)).to(state.dtype)


def measure(members: list[dict], examples: list, fold: np.ndarray, weights: dict) -> None:
    """Each member on the texts that it has not seen."""
    torch.set_num_threads(1)
    found, labels = [], []
    for example, number in zip(examples, fold, strict=True):
        if example and 0 <= number < MEMBERS:
            own = {name: torch.tensor(array) for name, array in members[number].items()}
            with torch.no_grad():
                found.append(int(sums([example], own, weights, training=False).argmax()))
            labels.append(example[-1])
    score = macro_f1(np.array(labels), np.array(found))
    print(f"macro-F1 on texts not seen, {len(labels)} targets: {score:.3f}")


def write(own: dict[str, np.ndarray]) -> None:
    file = sn.data_folder() / "models" / "embeddings.npz"
    np.savez(file, **{name: values.astype(np.float16) for name, values in own.items()})
    print(f"{file.name}: {file.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
