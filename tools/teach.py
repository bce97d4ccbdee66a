"""Let MPNet label more places: tools/taught.parquet.

From its probabilities "linear" learns (Hinton et al. 2015). The places are the names in NewsMTSC's
training sentences that have no label there, three more words of each sentence (of nouns and pronouns things
are said as of names), and all mentions in the UN speeches. Sentences by whose labels accuracy is measured are
left out. The file holds places and probabilities (negative, positive; the rest is neutral), no texts. To be
run where the texts of un-debate or mpnet.npz have changed. Needs these texts (`make texts`) and MPNet (see
sco_notes.sentiment.encoder); about two hours on one core. In the file that is here 32,396 rows were labelled
by the two adaptations of train_mpnet.py before they were merged.

    python tools/teach.py GOLD
"""

import re
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

import sco_notes as sn
from sco_notes.files import data_folder
from sco_notes.sentiment import mpnet
from sco_notes.sentiment.scores import find_targets

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "benchmarks"))
from sentiment_gold import read_diplomatic, read_newsmtsc

IN_SENTENCE = 3  # words other than names, drawn by lot
_CAPITALISED = r"[A-Z][A-Za-z'’.-]*[A-Za-z]"
_NAME = re.compile(rf"{_CAPITALISED}(?:\s(?:of\s|the\s)?{_CAPITALISED})*")
_OTHER = re.compile(r"\b([Hh]e|[Ss]he|[Tt]hey|him|her|them|his|their|(?<=\b[Tt]he )[a-z]{4,})\b")
_OPENING = re.compile(r"""(?:^|["'(.!?:]) {0,3}$""")  # after which any word has a capital


def main() -> None:
    gold = Path(sys.argv[1])
    news, labelled = read_newsmtsc(gold / "newsmtsc" / "train.jsonl")
    speeches = sn.read_corpus(data_folder() / "un-debate")
    others = not_measured(speeches, gold)
    mentions = sn.find_mentions(speeches)
    mentions = mentions[mentions["reading"] == "actor"]
    sources = [
        ("news", news, names(news, labelled)),
        ("words", news, other_words(news, labelled, IN_SENTENCE)),
        ("speeches", speeches, others(mentions)),
    ]
    taught = []
    for source, texts, places in sources:
        places = places[["doc_id", "start", "end"]].reset_index(drop=True)
        probabilities = np.array(
            [score.probabilities for score in mpnet.score(find_targets(texts, places)[-1])]
        )
        probabilities = probabilities.round(2).astype(np.float32)
        taught.append(
            places.assign(source=source, negative=probabilities[:, 0], positive=probabilities[:, 2])
        )
        print(f"{source}: {len(places)} places", flush=True)
    table = pd.concat(taught).astype({"start": "int32", "end": "int32"})
    table = table.sort_values(["source", "doc_id", "start"], kind="stable", ignore_index=True)
    table = table[["source", "doc_id", "start", "end", "negative", "positive"]]
    table.to_parquet(Path(__file__).with_name("taught.parquet"), index=False, compression="zstd")


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


def other_words(documents: pd.DataFrame, labelled: pd.DataFrame, most: int) -> pd.DataFrame:
    """In each text some pronouns or nouns, by lot."""
    spans, rows, order = _spans(labelled), [], np.random.default_rng(0)
    for doc_id, text in documents.drop_duplicates("text")[["doc_id", "text"]].itertuples(index=False):
        places = [match.span(1) for match in _OTHER.finditer(text)]
        places = [p for p in places if not any(a < p[1] and p[0] < b for a, b in spans.get(doc_id, ()))]
        rows += [(doc_id, *places[i]) for i in order.permutation(len(places))[:most]]
    return pd.DataFrame(rows, columns=["doc_id", "start", "end"])


def _spans(labelled: pd.DataFrame) -> dict[str, list[tuple[int, int]]]:
    return {doc_id: list(zip(g["start"], g["end"], strict=True)) for doc_id, g in labelled.groupby("doc_id")}


def not_measured(speeches: pd.DataFrame, gold: Path) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """What leaves out the places in sentences by whose labels accuracy is measured."""
    own = pd.concat(pd.read_csv(data_folder() / "gold" / f"{name}.csv") for name in ("valence", "victims"))
    known = {_plain(target.sentence) for target in find_targets(speeches, own)[-1]}
    known |= {_plain(text) for text in read_diplomatic(gold / "diplomatic" / "labels.csv")[0]["text"]}
    everything = "\n".join(known)

    def others(places: pd.DataFrame) -> pd.DataFrame:
        sentences = [_plain(target.sentence) for target in find_targets(speeches, places)[-1]]
        return places[[s not in everything and not any(text in s for text in known) for s in sentences]]

    return others


def _plain(sentence: str) -> str:
    return re.sub(r"\W+", " ", sentence).strip().lower()


if __name__ == "__main__":
    main()
