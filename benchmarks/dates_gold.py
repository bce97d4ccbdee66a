"""How well `find_dates` reads dates, against people's annotation: WikiWars and TimeBank with AQUAINT.

    python benchmarks/dates_gold.py GOLD_FOLDER [--errors]

The folders wikiwars (Mazur and Dale 2010; history) and tbaq (TimeBank and AQUAINT as cleaned for TempEval-3,
UzZaman et al. 2013; news) hold one .txt a document and timex.csv (doc, dct, start, end, text, type, value,
mod). Rules are written on the errors (--errors) of the documents that a hash of their name puts into the part
"read"; those of the part "unread" are never looked at.

The measures are those of TempEval-3. Of nested annotations the outermost counts, and the two ends of a range
count apart, as the annotators marked them. Expressions are paired one to one, in order, where they overlap.
Strict F1: same span; relaxed F1: overlap; value F1: relaxed F1 times the share of pairs with equal values.
That share is also given apart for what the dates rest on (the column `basis` of `find_dates`): it is the
certainty of a date of that kind.
"""

import hashlib
import re
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd

from sco_notes.dates import find_dates

RESAMPLES = 1000
SETS = {"wikiwars": "WikiWars, 11 of its 22 documents", "tbaq": "TimeBank and AQUAINT"}
PARTS = ("read", "unread")
SHARES = {
    "right, of dates that the text says in full": lambda f: f.basis == "explicit",
    "right, of dates completed from the text before": lambda f: f.basis == "context",
    "right, of dates completed from the document date": lambda f: f.basis == "document date",
    "right, of durations, sets and vague words": lambda f: f.basis == "",
    "right, of expressions with a four-digit year": lambda f: bool(re.search("[12][0-9]{3}", f.text)),
}


def part_of(doc: str) -> str:
    """The part of a document: about three of five are read."""
    return PARTS[int(hashlib.sha256(doc.encode()).hexdigest(), 16) % 5 > 2]


def read_gold(folder: Path) -> pd.DataFrame:
    gold = pd.read_csv(folder / "timex.csv", dtype={"value": str}, keep_default_na=False)
    gold = gold.sort_values(["doc", "start", "end"], ascending=[True, True, False], ignore_index=True)
    reach = gold.groupby("doc")["end"].cummax().groupby(gold["doc"]).shift(fill_value=0)
    return gold[gold["start"] >= reach]


def pair(gold: pd.DataFrame, found: pd.DataFrame) -> list[tuple]:
    """Pairs (gold row, found row) that overlap, each row once."""
    pairs, rest = [], list(found.itertuples())
    for row in gold.itertuples():
        match = next((other for other in rest if other.start < row.end and row.start < other.end), None)
        if match is not None:
            pairs.append((row, match))
            rest.remove(match)
    return pairs


def f1(right: int, gold: int, found: int) -> float:
    return 2 * right / (gold + found)


def count(folder: Path, part: str, show_errors: bool = False) -> pd.DataFrame:
    """One row a document: how many expressions are annotated, found, paired, with equal spans and values."""
    rows = []
    for doc, annotated in read_gold(folder).groupby("doc"):
        if part_of(doc) != part:
            continue
        text = (folder / f"{doc}.txt").read_bytes().decode("utf-8")
        found = find_dates(text, reference=annotated["dct"].iloc[0][:10], ranges=False)
        pairs = pair(annotated, found)
        strict = sum(g.start == f.start and g.end == f.end for g, f in pairs)
        equal = sum(g.value == f.value for g, f in pairs)
        shares = [[g.value == f.value for g, f in pairs if belongs(f)] for belongs in SHARES.values()]
        of_shares = (number for right in shares for number in (sum(right), len(right)))
        rows.append((doc, len(annotated), len(found), len(pairs), strict, equal, *of_shares))
        if show_errors and part == "read":
            print_errors(doc, annotated, found, pairs, text)
    columns = ["doc", "gold", "found", "paired", "strict", "equal"]
    return pd.DataFrame(rows, columns=columns + [f"{part}{name}" for name in SHARES for part in ("", "n ")])


def scores(counts: pd.DataFrame) -> dict[str, float]:
    total = counts.drop(columns="doc").sum()
    relaxed = f1(total["paired"], total["gold"], total["found"])
    return {
        "strict F1 (same span)": f1(total["strict"], total["gold"], total["found"]),
        "relaxed F1 (overlap)": relaxed,
        "value F1 (found, and the date right)": relaxed * total["equal"] / total["paired"],
    } | {name: total[name] / total[f"n {name}"] for name in SHARES if total[f"n {name}"]}


def measure(gold: Path) -> list[dict]:
    """One row a set, part and measure, with a 95% interval from resampling documents."""
    return [row for name in SETS for part in PARTS for row in _measure_part(gold, name, part)]


def _measure_part(gold: Path, name: str, part: str) -> list[dict]:
    counts = count(gold / name, part)
    rng = np.random.default_rng(0)
    resampled = pd.DataFrame(
        [scores(counts.iloc[rng.integers(len(counts), size=len(counts))]) for _ in range(RESAMPLES)]
    )
    return [
        {
            "method": "dates",
            "version": f"sco-notes {version('sco-notes')}",
            "gold": f"{SETS[name]}; {len(counts)} documents {part} while the rules were made",
            "measure": measured,
            "value": round(value, 3),
            "low": round(float(resampled[measured].quantile(0.025)), 3),
            "high": round(float(resampled[measured].quantile(0.975)), 3),
            "n": int(counts[f"n {measured}" if measured in SHARES else "gold"].sum()),
        }
        for measured, value in scores(counts).items()
    ]


def print_errors(doc: str, gold: pd.DataFrame, found: pd.DataFrame, pairs: list[tuple], text: str) -> None:
    matched_gold, matched_found = {g.Index for g, _ in pairs}, {f.Index for _, f in pairs}
    for row in gold.itertuples():
        if row.Index not in matched_gold:
            print(doc, "missed", repr(row.text), row.value, sep="\t")
    for row in found.itertuples():
        if row.Index not in matched_found:
            print(
                doc, "spurious", repr(text[max(row.start - 20, 0) : row.end + 20]), repr(row.text), sep="\t"
            )
    for g, f in pairs:
        if (g.start, g.end) != (f.start, f.end):
            print(doc, "span", repr(g.text), repr(f.text), sep="\t")
        if g.value != f.value:
            print(doc, "value", repr(g.text), g.value, repr(f.text), f.value, f.resolved_from, sep="\t")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    for set_name in SETS:
        for part_name in PARTS:
            counted = count(Path(sys.argv[1]) / set_name, part_name, "--errors" in sys.argv)
            print(
                f"\n{set_name}, {part_name} ({len(counted)} documents, {counted['gold'].sum()} expressions)"
            )
            for measure_name, value in scores(counted).items():
                print(f"  {measure_name}: {100 * value:.1f}")
