"""Adapt MPNet to labelled news: data/models/mpnet.npz; and let it label more names: tools/taught.csv.

It learns from GOLD/newsmtsc/train.jsonl (NewsMTSC, Hamborg and Donnay 2021; MIT, see data/models/NOTICE) and
from the sentences of composed_diplomatic.txt. It knows more of language than MiniLM and the words of "linear"
do, which learn from its probabilities, too (Hinton et al. 2015): those for every name in the sentences of the
news that has no label there, for one more word of each, and for mentions in the UN speeches, not those whose
labels accuracy is measured by. The file holds places and probabilities, no texts. To be run before `make
model` where the texts of un-debate have changed. Needs PyTorch, these texts (`make texts`) and the packages
with MPNet (see sco_notes.sentiment.encoder); about 45 minutes on two cores.

    python tools/train_mpnet.py GOLD
"""

import re
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from joblib import Parallel, delayed

import sco_notes as sn
from sco_notes.sentiment.encoder import Encoder, read_mpnet
from sco_notes.sentiment.scores import find_targets

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "benchmarks"))
from adapting import Settings, as_tensors, certain, composed, merged, read, read_chances, train, write
from sentiment_gold import LABELS, macro_f1, read_diplomatic, read_newsmtsc

MENTIONS = 12_000  # in speeches, drawn by lot
MEMBERS = 2
FOLDS = 5
SETTINGS = Settings(epochs=3, rate=7e-4, rank=16)
_CAPITALISED = r"[A-Z][A-Za-z'’.-]*[A-Za-z]"
_NAME = re.compile(rf"{_CAPITALISED}(?:\s(?:of\s|the\s)?{_CAPITALISED})*")
_OTHER = re.compile(r"\b([Hh]e|[Ss]he|[Tt]hey|him|her|them|his|their|(?<=\b[Tt]he )[a-z]{4,})\b")
_OPENING = re.compile(r"""(?:^|["'(.!?:]) {0,3}$""")  # after which any word has a capital


def main() -> None:
    gold, encoder = Path(sys.argv[1]), as_tensors(read_mpnet())
    documents, labelled = read_newsmtsc(gold / "newsmtsc" / "train.jsonl")
    labels = np.array([LABELS.index(label) for label in labelled["gold"]])
    pairs = list(zip(find_targets(documents, labelled), map(certain, labels), strict=True))
    examples = [read(target, chances, encoder) for target, chances in [*pairs, *composed()]]
    fold = np.array([int(text) % FOLDS for text in labelled["doc_id"]] + [-1] * (len(examples) - len(pairs)))
    several = labelled.groupby("doc_id")["start"].transform("size").to_numpy() > 1
    owns = Parallel(MEMBERS)(
        delayed(adapt)(examples, fold, several, labels, number, encoder) for number in range(MEMBERS)
    )
    write(merged(owns, SETTINGS.rank), encoder)
    taught = []
    words = other_words(documents, labelled)
    sources = [("news", documents, names(documents, labelled)), ("words", documents, words)]
    sources.append(("speeches", *speeches(gold)))
    for source, texts, mentions in sources:
        asked = [read(target, certain(1), encoder) for target in find_targets(texts, mentions)]
        each = Parallel(MEMBERS)(delayed(read_chances)(asked, own, encoder) for own in owns)
        chances = np.mean(each, axis=0)
        table = mentions[["doc_id", "start", "end"]].assign(
            negative=[f"{chance:.2f}" for chance in chances[:, 0]],
            positive=[f"{chance:.2f}" for chance in chances[:, 2]],
        )
        table.insert(0, "source", source)
        taught.append(table.sort_values(["doc_id", "start"]))
    file = Path(__file__).with_name("taught.csv")
    pd.concat(taught).to_csv(file, index=False, lineterminator="\n")


def adapt(
    examples: list, fold: np.ndarray, several: np.ndarray, labels: np.ndarray, number: int, encoder: Encoder
) -> dict[str, np.ndarray]:
    """An adaptation, measured on the fold that it has not seen."""
    seen = [e for e, own in zip(examples, fold, strict=True) if e and own != number]
    # Those of sentences with several names, which tell most about whom a word is said of, twice.
    seen += [examples[i] for i in np.flatnonzero(several) if examples[i] and fold[i] != number]
    own = train(seen, [], encoder, SETTINGS, number)
    rows = np.flatnonzero(fold == number)
    found = read_chances([examples[i] for i in rows], own, encoder).argmax(1)
    many = several[rows]
    print(
        f"adaptation {number}: macro-F1 on texts not seen {macro_f1(labels[rows], found):.3f} (n = "
        f"{len(rows)}), with several names {macro_f1(labels[rows][many], found[many]):.3f} ({many.sum()})",
        flush=True,
    )
    return own


def names(documents: pd.DataFrame, labelled: pd.DataFrame) -> pd.DataFrame:
    """Names without a label, by their capitals."""
    spans, rows = _spans(labelled), []
    for doc_id, text in documents.drop_duplicates("text")[["doc_id", "text"]].itertuples(index=False):
        for match in _NAME.finditer(text):
            start, end = match.span()
            end -= 2 * match.group().endswith(("'s", "’s"))
            is_labelled = any(first < end and start < last for first, last in spans[doc_id])
            if not is_labelled and (" " in match.group() or not _OPENING.search(text, 0, start)):
                rows.append((doc_id, start, end))
    return pd.DataFrame(rows, columns=["doc_id", "start", "end"])


def other_words(documents: pd.DataFrame, labelled: pd.DataFrame) -> pd.DataFrame:
    """In each sentence one pronoun or noun, by lot: of them things are said as of names."""
    spans, rows, order = _spans(labelled), [], np.random.default_rng(0)
    for doc_id, text in documents.drop_duplicates("text")[["doc_id", "text"]].itertuples(index=False):
        places = [match.span(1) for match in _OTHER.finditer(text)]
        places = [p for p in places if not any(a < p[1] and p[0] < b for a, b in spans[doc_id])]
        if places:
            rows.append((doc_id, *places[order.integers(len(places))]))
    return pd.DataFrame(rows, columns=["doc_id", "start", "end"])


def _spans(labelled: pd.DataFrame) -> dict[str, list[tuple[int, int]]]:
    return {doc_id: list(zip(g["start"], g["end"], strict=True)) for doc_id, g in labelled.groupby("doc_id")}


def speeches(gold: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    documents = sn.read_corpus(sn.data_folder() / "un-debate")
    mentions = sn.find_mentions(documents)
    mentions = mentions[mentions["reading"] == "actor"].reset_index(drop=True)
    targets = find_targets(documents, mentions)
    own = pd.read_csv(sn.data_folder() / "gold" / "valence.csv")
    measured = [_plain(target.sentence) for target in find_targets(documents, own)]
    measured += [_plain(text) for text in read_diplomatic(gold / "diplomatic" / "labels.csv")[0]["text"]]
    everything, known = "\n".join(measured), set(measured)
    others = []
    for i, target in enumerate(targets):
        plain = _plain(target.sentence)
        if plain not in everything and not any(text in plain for text in known):
            others.append(i)
    chosen = np.sort(np.random.default_rng(0).permutation(others)[:MENTIONS])
    return documents, mentions.iloc[chosen]


def _plain(sentence: str) -> str:
    return re.sub(r"\W+", " ", sentence).strip().lower()


if __name__ == "__main__":
    main()
