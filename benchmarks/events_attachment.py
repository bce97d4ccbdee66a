"""When, who, what and whether it happened, against data/gold/attachment.csv: 590 dates of un-debate.

    python benchmarks/events_attachment.py

Needs the texts of un-debate. The rule to beat is that of tilse (Martschat and Markert 2017): the actors of
a sentence belong to its first date, so a later date has none; every statement is taken to have happened.
The errors of rounds 4 and 6 were never read; the other rounds are development data (data/gold/attachment.md).
"""

import re
from importlib.metadata import version

import pandas as pd

import sco_notes as sn
from sco_notes.dates import edtf_bounds
from sco_notes.files import data_folder
from sco_notes.tables import has_texts

UNREAD = (4, 6)  # rounds whose errors nobody has read


def measure() -> list[tuple]:
    """Rows of data/accuracy.csv; none where the texts are not at hand."""
    folder = data_folder() / "un-debate"
    if not has_texts(folder):
        return []
    right = compare(sn.read_corpus(folder).reset_index(drop=True))
    unread = right.pop("round").isin(UNREAD)
    parts = {"one reader, held out": right[unread], "one reader, development data": right[~unread]}
    return [_row(name, measure, part[measure].dropna()) for name, part in parts.items() for measure in right]


def compare(documents: pd.DataFrame) -> pd.DataFrame:
    """One row a labelled date, one column a measure: is it right? Missing where a measure is not asked."""
    gold = pd.read_csv(data_folder() / "gold" / "attachment.csv", keep_default_na=False)
    documents = documents[documents["doc_id"].isin(gold["doc_id"])]
    mentions = sn.find_mentions(documents)
    events = sn.find_events(documents, mentions)
    first = set(events.groupby(["doc_id", "sentence"])["start"].min().items())
    acting = mentions[mentions["reading"] != "place"]
    named = acting.groupby(["doc_id", "sentence"])["actor"].agg(set)
    joined = gold.merge(events, on=["doc_id", "start", "end"], how="left", suffixes=("_gold", "")).fillna("")
    places = [(row.doc_id, row.sentence) for row in joined.itertuples()]
    simple = [
        named.get(place, set()) if (place, start) in first else set()
        for place, start in zip(places, joined["start"], strict=True)
    ]
    wanted, ours = (joined[column].map(_ids) for column in ("actors_gold", "actors"))
    actors, modality = ours == wanted, joined["modality"] == joined["modality_gold"]
    date = pd.Series([_is_date(row) for row in joined.itertuples()])
    columns = {
        "round": joined["round"],
        "actors of a date right": actors,
        "actors right where there are any": actors.astype(object).where(wanted.map(len) > 0),
        "the same by the simple rule: first date of the sentence": pd.Series(simple) == wanted,
        "modality right": modality,
        "the same by the simple rule: it happened": joined["modality_gold"] == "happened",
        "date right": date,
        "date, actors and modality right": date & actors & modality,
        "head useful": [_is_useful(*pair) for pair in zip(joined["head"], joined["head_gold"], strict=True)],
    }
    return pd.DataFrame(columns)


def _ids(actors: str) -> set[str]:
    return set(filter(None, actors.split(";")))


def _is_date(row) -> bool:
    found = row.earliest, row.latest
    return any(edtf_bounds(edtf) == found for edtf in row.edtf_gold.split("|"))


def _is_useful(head: str, wanted: str) -> bool:
    if not wanted:
        return not head
    return any(re.search(rf"\b{re.escape(word)}", head.lower()) for word in wanted.split("|"))


def _row(part: str, measure: str, right: pd.Series) -> tuple:
    from scipy.stats import binomtest

    interval = binomtest(int(right.sum()), len(right)).proportion_ci(method="wilson")
    made = f"sco-notes {version('sco-notes')}"
    low, high = round(interval.low, 3), round(interval.high, 3)
    return (
        "events",
        made,
        f"un-debate ({part})",
        measure,
        round(right.mean(), 3),
        low,
        high,
        len(right),
    )


if __name__ == "__main__":
    for row in measure():
        print(*row, sep=",")
