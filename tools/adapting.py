"""Adapt an encoder to labelled targets: small matrices beside its own (low-rank adaptation, Hu et al. 2022).

The encoder itself stays as it is. What is learned are two small matrices beside some of those of its upper
layers, what is added to the vectors of the target and of other names, and a layer that reads the result, as
sco_notes.sentiment.mpnet computes it. Few sentences of the news blame one and praise another: so two
are joined to one, which is shown with the target of either. Several adaptations, each learned without another
part of the texts, on which it is measured, are merged to one. Needs PyTorch; each adaptation uses one core,
so that the same files, version of PyTorch and kind of processor give the same bytes.
"""

import math
import re
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch.nn import functional as F

from sco_notes.files import data_folder, describe
from sco_notes.sentiment import Target
from sco_notes.sentiment.encoder import EDGES, EPSILON, HEADS, WORD, Encoder
from sco_notes.sentiment.mpnet import STAND_INS, is_said, tokens

BATCH = 32
DROPPED = 0.1
JOINED = 1250  # pairs of sentences joined in an epoch, of up to so many word pieces each, by one of these
SHORT = 40
LINKS = [";", ", and", "and", ", but", ".", ". but", ", as", ","]
ADAPTED = ["attention.attn.q", "attention.attn.v", "attention.attn.o", "output.dense"]
HALF = torch.bfloat16


class Settings(NamedTuple):
    epochs: int
    rate: float  # of learning, at its highest
    rank: int
    adapted: list[str] = ADAPTED


class Example(NamedTuple):
    """A target, the chances of its labels, and what the upper layers are given: vectors and three marks."""

    tokens: list[tuple[int, str]]  # number and kind
    probabilities: tuple[float, float, float]
    state: torch.Tensor
    places: torch.Tensor  # of the target, of other names, of what is said


def as_tensors(encoder: Encoder) -> Encoder:
    """The encoder for PyTorch, its numbers in sixteen bits."""
    weights = encoder.weights.items()
    return encoder._replace(
        weights={n: torch.tensor(a).to(HALF) for n, a in weights if a.dtype == np.float32}
    )


def composed() -> list[tuple[Target, tuple[float, float, float]]]:
    """The sentences of composed_diplomatic.txt, with a name for {T} and for {O}: it is not read."""
    found = []
    lines = Path(__file__).with_name("composed_diplomatic.txt").read_text(encoding="utf-8").splitlines()
    for line in [line for line in lines if line[0] != "#"]:
        spans, sentence = {"T": [], "O": []}, ""
        for part in re.split(r"(\{[TO]\})", line[2:]):
            if part[:1] == "{":
                spans[part[1]].append((len(sentence), len(sentence) + 4))
            sentence += "Name" if part[:1] == "{" else part
        ((start, end),) = spans["T"]
        target = Target(sentence, start, end, tuple(sorted(spans["T"] + spans["O"])))
        found.append((target, certain("-0+".index(line[0]))))
    return found


def certain(label: int) -> tuple[float, float, float]:
    return (float(label == 0), float(label == 1), float(label == 2))


def read(target: Target, probabilities: tuple[float, float, float], encoder: Encoder) -> Example | None:
    return prepare([token[:2] for token in tokens(target, encoder.vocabulary)], probabilities, encoder)


def prepare(
    found: list[tuple[int, str]], probabilities: tuple[float, float, float], encoder: Encoder
) -> Example | None:
    """An example of the tokens of a sentence, unless it has no word."""
    kinds = tuple(kind for _, kind in found)
    if "word" not in kinds:
        return None
    opening, closing = (encoder.vocabulary[edge] for edge in EDGES)
    numbers = torch.tensor([opening, *(number for number, _ in found), closing])
    with torch.no_grad():
        state = embed(numbers, encoder)[None]
        hidden = torch.zeros(1, 1, 1, len(numbers), dtype=HALF)
        for layer in range(encoder.first):
            state = transform(state, hidden, layer, {}, encoder, training=False)
    places = [[False, *(kind == mark for kind in kinds), False] for mark in STAND_INS]
    places.append([False, *is_said(kinds).tolist(), False])
    return Example(found, probabilities, state[0], torch.tensor(places))


def embed(numbers: torch.Tensor, encoder: Encoder) -> torch.Tensor:
    weights = encoder.weights
    positions = weights["embeddings.position_embeddings.weight"][: len(numbers)]
    state = weights["embeddings.word_embeddings.weight"][numbers] + positions
    return normed(state, "embeddings.LayerNorm", encoder)


def joined(
    examples: list[Example], order: np.random.Generator, encoder: Encoder, pairs: int
) -> list[Example]:
    """Two sentences as one, with the target of the first and then with that of the second."""
    vocabulary = encoder.vocabulary
    short = [example for example in examples if len(example.tokens) <= SHORT]
    links = [
        [(vocabulary[sign], "word" if sign.isalpha() else "sign") for sign in WORD.findall(link)]
        for link in LINKS
    ]
    found = []
    for _ in range(pairs):
        first, second = (short[i] for i in order.choice(len(short), 2, replace=False))
        link = links[order.integers(len(links))]
        start = first.tokens[:-1] if first.tokens[-1][0] == vocabulary["."] else first.tokens
        one = [*start, *link, *as_other(second.tokens, vocabulary)]
        two = [*as_other(start, vocabulary), *link, *second.tokens]
        found += [prepare(one, first.probabilities, encoder), prepare(two, second.probabilities, encoder)]
    return found


def as_other(found: list[tuple[int, str]], vocabulary: dict[str, int]) -> list[tuple[int, str]]:
    """The tokens with another name in the place of the target."""
    name = (vocabulary[STAND_INS["name"]], "name")
    return [name if token[1] == "target" else token for token in found]


def train(
    examples: list[Example],
    once: list[Example],
    encoder: Encoder,
    settings: Settings,
    seed: int,
    known: dict[str, np.ndarray] | None = None,
    pairs: int = JOINED,
) -> dict[str, np.ndarray]:
    """The arrays of one adaptation, to examples shown in every epoch and to others shown in one.

    With `known` it begins with these arrays.
    """
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    order = np.random.default_rng(seed)
    size = len(encoder.weights["embeddings.LayerNorm.bias"])
    own = new_parameters(encoder, settings, size)
    if known:
        own = {name: torch.nn.Parameter(torch.tensor(values)) for name, values in known.items()}
    optimiser = torch.optim.AdamW(own.values(), lr=settings.rate)
    parts = np.array_split(order.permutation(len(once)), settings.epochs)
    steps = math.ceil((settings.epochs * (len(examples) + 2 * pairs) + len(once)) / BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / (0.06 * steps), 1) * max(1 - step / steps, 0)
    )
    for epoch, part in enumerate(parts):
        losses = []
        shown = examples + [once[i] for i in part] + joined(examples, order, encoder, pairs)
        for rows in batches(shown, order):
            batch = [shown[i] for i in rows]
            probabilities = torch.tensor([example.probabilities for example in batch])
            loss = F.cross_entropy(sums(batch, own, encoder), probabilities)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(own.values(), 1.0)
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
        print(f"adaptation {seed}, epoch {epoch + 1}: loss {np.mean(losses):.3f}", flush=True)
    return {name: values.detach().numpy() for name, values in own.items()}


def new_parameters(encoder: Encoder, settings: Settings, size: int) -> dict[str, torch.nn.Parameter]:
    rank = settings.rank
    start = {"attention": torch.zeros(size), "neutral": torch.zeros(1)}
    start |= {name: torch.randn(3, size) / 50 for name in ("values", "target_values")}
    start |= {kind: torch.zeros(size) for kind in STAND_INS}
    for layer in range(encoder.first, encoder.layers):
        for part in settings.adapted:
            name = f"encoder.layer.{layer}.{part}.weight"
            rows, columns = encoder.weights[name].shape
            start[f"{name} down"] = torch.randn(rank, columns) / math.sqrt(columns)
            start[f"{name} up"] = torch.zeros(rows, rank)
    return {name: torch.nn.Parameter(values) for name, values in start.items()}


def batches(examples: list[Example], order: np.random.Generator) -> list[np.ndarray]:
    """Rows in random order, those of like length together."""
    rows = order.permutation(len(examples))
    blocks = [rows[i : i + 20 * BATCH] for i in range(0, len(rows), 20 * BATCH)]
    blocks = [block[np.argsort([len(examples[i].state) for i in block], kind="stable")] for block in blocks]
    found = [block[i : i + BATCH] for block in blocks for i in range(0, len(block), BATCH)]
    return [found[i] for i in order.permutation(len(found))]


def sums(batch: list[Example], own: dict, encoder: Encoder, training: bool = True) -> torch.Tensor:
    """For each sentence the sum of each label: what sco_notes.sentiment.mpnet computes, many at once."""
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
    for layer in range(encoder.first, encoder.layers):
        state = transform(state, hidden, layer, own, encoder, training)
    state = state.float()
    factors = (state @ own["attention"]).masked_fill(~places[:, -1], -1e4).softmax(1)
    pooled = drop((factors[..., None] * state).sum(1), training)
    target = drop((places[:, 0, :, None] * state).sum(1), training)
    found = pooled @ own["values"].T + target @ own["target_values"].T
    return found + own["neutral"] * torch.tensor([0.0, 1.0, 0.0])


def transform(
    state: torch.Tensor, hidden: torch.Tensor, layer: int, own: dict, encoder: Encoder, training: bool
) -> torch.Tensor:
    name = f"encoder.layer.{layer}."
    mixed = attend(state, hidden, name + "attention.", own, encoder)
    state = normed(state + drop(mixed, training), name + "attention.LayerNorm", encoder)
    inner = F.gelu(linear(state, name + "intermediate.dense", own, encoder), approximate="tanh")
    inner = linear(inner, name + "output.dense", own, encoder)
    return normed(state + drop(inner, training), name + "output.LayerNorm", encoder)


def attend(state: torch.Tensor, hidden: torch.Tensor, name: str, own: dict, encoder: Encoder) -> torch.Tensor:
    query, key, value = (
        linear(state, f"{name}attn.{part}", own, encoder).view(*state.shape[:2], HEADS, -1).transpose(1, 2)
        for part in "qkv"
    )
    bias = distances(state.shape[1], encoder)
    factors = (query @ key.transpose(2, 3) / math.sqrt(query.shape[3]) + hidden + bias).softmax(-1)
    mixed = (factors @ value).transpose(1, 2).reshape(state.shape)
    return linear(mixed, name + "attn.o", own, encoder)


def distances(length: int, encoder: Encoder) -> torch.Tensor:
    """What MPNet adds for the distance between two tokens, by heads (Raffel et al. 2020)."""
    table = encoder.weights["encoder.relative_attention_bias.weight"]
    half = len(table) // 2
    exact = half // 2
    apart = torch.arange(length)[:, None] - torch.arange(length)
    far = exact + (
        torch.log(apart.abs().clamp(min=1) / exact) / math.log(128 / exact) * (half - exact)
    ).long().clamp(max=half - exact - 1)
    bucket = half * (apart < 0) + torch.where(apart.abs() < exact, apart.abs(), far)
    return table[bucket].permute(2, 0, 1)[None]


def linear(state: torch.Tensor, name: str, own: dict, encoder: Encoder) -> torch.Tensor:
    result = F.linear(state, encoder.weights[name + ".weight"], encoder.weights[name + ".bias"])
    if f"{name}.weight down" in own:
        inner = F.linear(state, own[f"{name}.weight down"].to(HALF))
        result = result + F.linear(inner, own[f"{name}.weight up"].to(HALF))
    return result


def normed(state: torch.Tensor, name: str, encoder: Encoder) -> torch.Tensor:
    scale, shift = (encoder.weights[f"{name}.{part}"].float() for part in ("weight", "bias"))
    return F.layer_norm(state.float(), scale.shape, scale, shift, EPSILON).to(HALF)


NOISE = torch.rand(1 << 22, generator=torch.Generator().manual_seed(0)) >= DROPPED


def drop(state: torch.Tensor, training: bool) -> torch.Tensor:
    """Dropout; the noise is made once, since making it anew took a quarter of the time."""
    if not training:
        return state
    first = int(torch.randint(len(NOISE) - state.numel(), (1,)))
    kept = NOISE[first : first + state.numel()].view(state.shape)
    return (state * kept / (1 - DROPPED)).to(state.dtype)


def read_chances(examples: list[Example | None], own: dict, encoder: Encoder) -> np.ndarray:
    """The chance of each label for each example; of no word: neutral."""
    torch.set_num_threads(1)
    tensors = {name: torch.as_tensor(array) for name, array in own.items()}
    found = np.tile([0.0, 1.0, 0.0], (len(examples), 1))
    rows = sorted((i for i, e in enumerate(examples) if e), key=lambda i: len(examples[i].state))
    with torch.no_grad():
        for at in range(0, len(rows), BATCH):
            part = rows[at : at + BATCH]
            found[part] = sums([examples[i] for i in part], tensors, encoder, training=False).softmax(1)
    return found


def merged(owns: list[dict[str, np.ndarray]], rank: int) -> dict[str, np.ndarray]:
    """The mean of adaptations (Wortsman et al. 2022), its matrices cut to a rank, in sixteen bits.

    As accurate as the mean of their results, in the time that one needs.
    """
    found = {name: np.mean([own[name] for own in owns], axis=0) for name in owns[0] if " " not in name}
    for name in [name.removesuffix(" down") for name in owns[0] if name.endswith(" down")]:
        up = np.concatenate([own[f"{name} up"] for own in owns], axis=1) / len(owns)
        down = np.concatenate([own[f"{name} down"] for own in owns])
        (left, inner), (right, outer) = np.linalg.qr(up), np.linalg.qr(down.T)
        turn, sizes, back = np.linalg.svd(inner @ outer.T)
        found[f"{name} up"] = left @ turn[:, :rank] * sizes[:rank]
        found[f"{name} down"] = back[:rank] @ right.T
    return {name: values.astype(np.float16) for name, values in found.items()}


def write(own: dict[str, np.ndarray]) -> None:
    file = data_folder() / "models" / "mpnet.npz"
    np.savez(file, **own)
    describe([file])
    print(f"{file.name}: {file.stat().st_size / 1e6:.2f} MB")
