"""What a date belongs to and whether it happened, against data/gold/attachment.csv: 100 dates of un-debate.

    python benchmarks/events_attachment.py

Needs the texts of un-debate. The rule to beat is that of tilse (Martschat and Markert 2017): the actors of
a sentence belong to its first date, so a later date has none; every statement is taken to have happened.
The rules were written by the reader who labelled, after reading these sentences: the figures are of
development data, and on other texts they will be lower. The errors of even rows were looked at while two
rules were mended, those of odd rows were not.
"""

from importlib.metadata import version

import pandas as pd

import sco_notes as sn
from sco_notes.files import data_folder
from sco_notes.tables import has_texts


def measure() -> list[tuple]:
    """Rows of data/accuracy.csv; none where the texts are not at hand."""
    folder = data_folder() / "un-debate"
    if not has_texts(folder):
        return []
    right = compare(sn.read_corpus(folder).reset_index(drop=True))
    print(right.groupby(right.index % 2).mean().rename(index={0: "even rows", 1: "odd rows"}).to_string())
    return [_row(measure, right[measure]) for measure in right]


def compare(documents: pd.DataFrame) -> pd.DataFrame:
    """One row a labelled date, one column a measure: is it right?"""
    gold = pd.read_csv(data_folder() / "gold" / "attachment.csv", keep_default_na=False)
    documents = documents[documents["doc_id"].isin(gold["doc_id"])]
    mentions = sn.find_mentions(documents)
    events = sn.find_events(documents, mentions)
    first = set(events.groupby(["doc_id", "sentence"])["start"].min().items())
    acting = mentions[mentions["reading"] != "place"]
    named = acting.groupby(["doc_id", "sentence"])["actor"].agg(lambda actors: sorted(set(actors)))
    joined = gold.merge(events, on=["doc_id", "start", "end"], how="left", suffixes=("_gold", ""))
    ours, simple = [], []
    for row in joined.fillna("").itertuples():
        place = (row.doc_id, row.sentence)
        ours.append(sorted(filter(None, row.actors.split(";"))))
        simple.append(list(named.get(place, [])) if (place, row.start) in first else [])
    wanted = [list(filter(None, actors.split(";"))) for actors in joined["actors_gold"]]
    columns = {
        "actors of a date right": [a == b for a, b in zip(ours, wanted, strict=True)],
        "the same by the simple rule: first date of the sentence": [
            a == b for a, b in zip(simple, wanted, strict=True)
        ],
        "modality right": joined["modality"] == joined["modality_gold"],
        "the same by the simple rule: it happened": joined["modality_gold"] == "happened",
    }
    return pd.DataFrame(columns)


def _row(measure: str, right: pd.Series) -> tuple:
    from scipy.stats import binomtest

    interval = binomtest(int(right.sum()), len(right)).proportion_ci(method="wilson")
    made = f"sco-notes {version('sco-notes')}"
    low, high = round(interval.low, 3), round(interval.high, 3)
    return (
        "events",
        made,
        "un-debate (one reader, development data)",
        measure,
        round(right.mean(), 3),
        low,
        high,
        len(right),
    )


if __name__ == "__main__":
    for row in measure():
        print(*row, sep=",")
