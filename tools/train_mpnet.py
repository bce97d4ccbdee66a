"""Adapt MPNet to labelled news: data/models/mpnet.npz.

It learns from GOLD/newsmtsc/train.jsonl (NewsMTSC, Hamborg and Donnay 2021; MIT, see data/models/NOTICE) and
from the sentences of composed_diplomatic.txt. It knows more of language than the words of "linear",
which learns from its probabilities (see teach.py). Needs PyTorch and the packages with MPNet (see
sco_notes.sentiment.encoder); about half an hour on two cores.

    python tools/train_mpnet.py GOLD
    python tools/train_mpnet.py GOLD --further

With --further it goes on from the file that is there, for sentences that were composed since: twice, over
more or less of the news, and takes the mean of both and of the file as it was. The file in the project was
made so, from that of 203 composed sentences; an hour on one core.
"""

import sys
from pathlib import Path

import numpy as np
from joblib import Parallel, delayed

from sco_notes.files import data_folder
from sco_notes.sentiment import LABELS
from sco_notes.sentiment.encoder import Encoder, read_encoder
from sco_notes.sentiment.scores import find_targets

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "benchmarks"))
from adapting import Settings, as_tensors, certain, composed, merged, read, read_chances, train, write
from sentiment_gold import macro_f1, read_newsmtsc

MEMBERS = 2
FOLDS = 5
SETTINGS = Settings(epochs=3, rate=7e-4, rank=16)
# Settings, news sentences shown again, how often those composed are shown, pairs joined in an epoch.
FURTHER = [
    (Settings(epochs=2, rate=2e-4, rank=16), 2400, 2, 800),
    (Settings(epochs=1, rate=3e-4, rank=16), 9000, 3, 1250),
]


def main() -> None:
    gold, encoder = Path(sys.argv[1]), as_tensors(read_encoder())
    documents, labelled = read_newsmtsc(gold / "newsmtsc" / "train.jsonl")
    labels = np.array([LABELS.index(label) for label in labelled["gold"]])
    pairs = list(zip(find_targets(documents, labelled)[-1], map(certain, labels), strict=True))
    examples = [read(target, probabilities, encoder) for target, probabilities in [*pairs, *composed()]]
    if "--further" in sys.argv:
        further(examples[: len(pairs)], examples[len(pairs) :], encoder)
        return
    fold = np.array([int(text) % FOLDS for text in labelled["doc_id"]] + [-1] * (len(examples) - len(pairs)))
    several = labelled.groupby("doc_id")["start"].transform("size").to_numpy() > 1
    owns = Parallel(MEMBERS)(
        delayed(adapt)(examples, fold, several, labels, number, encoder) for number in range(MEMBERS)
    )
    write(merged(owns, SETTINGS.rank))


def further(news: list, composed: list, encoder: Encoder) -> None:
    """Go on from the adaptation that is there."""
    with np.load(data_folder() / "models" / "mpnet.npz", allow_pickle=False) as file:
        known = {name: file[name].astype(np.float32) for name in file.files}
    news = [example for example in news if example]
    owns = [known]
    for seed, (settings, most, times, pairs) in enumerate(FURTHER):
        again = [news[i] for i in np.random.default_rng(0).permutation(len(news))[:most]]
        owns.append(train([*again, *composed * times], [], encoder, settings, seed, known, pairs))
    write(merged(owns, SETTINGS.rank))


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


if __name__ == "__main__":
    main()
