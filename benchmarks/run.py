"""Accuracy where the labelled texts are at hand, and speed: python benchmarks/run.py [GOLD_FOLDER]."""

import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pandas as pd
import sentiment_gold

import sco_notes as sn
from sco_notes.files import data_folder
from sco_notes.sentiment import vader
from sco_notes.tables import has_texts

ACCURACY = data_folder() / "accuracy.csv"
MEGABYTES = 5


def main() -> None:
    if len(sys.argv) > 1 and sys.argv[1]:
        measure_accuracy(Path(sys.argv[1]))
    else:
        print("accuracy: not measured, no folder with labelled texts was given (make bench GOLD=folder)")
    measure_speed()
    subprocess.run([sys.executable, Path(__file__).with_name("terms.py"), "10"], check=True)


def measure_accuracy(gold: Path) -> None:
    import dates_gold
    import events_attachment
    import known_groups
    import mentions_gold
    import own_gold

    rows = [*dates_gold.measure(gold), *sentiment_gold.measure(gold), *own_gold.measure()]
    rows += [*known_groups.measure(), *mentions_gold.measure(gold)]
    columns = ["method", "version", "gold", "measure", "value", "low", "high", "n"]
    table = pd.concat([pd.DataFrame(part, columns=columns) for part in (rows, events_attachment.measure())])
    known = pd.read_csv(ACCURACY)  # without MPNet its rows stay
    stays = (known["method"] == "mpnet") & ~known["version"].isin(table["version"])
    table = pd.concat([table, known[stays]])
    print(table.to_string(index=False))
    table.to_csv(ACCURACY, index=False, lineterminator="\n")


def measure_speed() -> None:
    documents = real_texts()
    size = documents["text"].str.len().sum() / 1e6
    print(f"\nspeed over {size:.1f} MB of text in {len(documents)} documents, one process")
    counting = timed("count_terms", lambda: sn.count_terms(documents), size)
    peer = timed("  beside it: CountVectorizer", lambda: count_vectorizer(documents), size)
    print(f"  count_terms runs at {peer / counting:.2f} times the speed of CountVectorizer")
    mentions = sn.find_mentions(documents)
    timed("find_mentions", lambda: sn.find_mentions(documents), size)
    sentences = [text[start:end] for text in documents["text"] for start, end in sn.sentence_spans(text)]
    timed("VADER, sentence by sentence", lambda: [vader.score_sentence(s) for s in sentences], size)
    for scorer in sn.SCORERS:  # mpnet takes minutes
        timed(f"score_mentions by {scorer}", partial(sn.score_mentions, documents, mentions, scorer), size)
    timed("find_dates", lambda: sn.find_dates(documents), size)
    timed("find_events", lambda: sn.find_events(documents, mentions), size)


def real_texts() -> pd.DataFrame:
    """The UN speeches where they are at hand, otherwise the chronicle repeated to the same size."""
    folder = data_folder() / "un-debate"
    if has_texts(folder):
        return sn.read_corpus(folder)
    chronicle = sn.read_corpus(data_folder() / "chronicle")
    copies = int(MEGABYTES * 1e6 / chronicle["text"].str.len().sum()) + 1
    return pd.concat(
        [chronicle.assign(doc_id=chronicle["doc_id"] + f"-{copy}") for copy in range(copies)],
        ignore_index=True,
    )


def count_vectorizer(documents: pd.DataFrame) -> pd.DataFrame:
    """The same tidy table, by scikit-learn."""
    from sklearn.feature_extraction.text import CountVectorizer

    vectorizer = CountVectorizer()
    counts = vectorizer.fit_transform(documents["text"]).tocoo()
    return pd.DataFrame(
        {
            "doc_id": documents["doc_id"].to_numpy()[counts.row],
            "term": vectorizer.get_feature_names_out()[counts.col],
            "n": counts.data,
        }
    )


def timed(name: str, work: Callable, size: float, runs: int = 3) -> float:
    """The best of a few runs in CPU seconds, after one that loads what is loaded once."""
    work()
    seconds = []
    for _ in range(runs):
        start = time.process_time()
        work()
        seconds.append(time.process_time() - start)
    print(f"{name:30} {min(seconds):6.2f} s  {size / min(seconds):6.1f} MB/s")
    return min(seconds)


if __name__ == "__main__":
    main()
