"""How well `find_dates` reads the dates of WikiWars (Mazur and Dale 2010), against people's annotation.

    python benchmarks/dates_wikiwars.py FOLDER [--errors]

FOLDER holds one .txt a document and timex.csv (doc, dct, start, end, text, type, value, mod). Of nested
annotations the outermost counts, and the two ends of a range count apart, as the annotators marked them.
Expressions are paired one to one, in order, where they overlap. Strict F1: same span; relaxed F1: overlap;
value F1: relaxed F1 times the share of pairs whose values are equal.
"""

import sys
import time
from pathlib import Path

import pandas as pd

from sco_notes.dates import find_dates


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
    return 200 * right / (gold + found)


def main(folder: Path, show_errors: bool) -> None:
    gold = read_gold(folder)
    n_found = strict = equal = 0
    pairs = []
    began = time.perf_counter()
    for doc, rows in gold.groupby("doc"):
        text = (folder / f"{doc}.txt").read_bytes().decode("utf-8")
        found = find_dates(text, reference=rows["dct"].iloc[0][:10], ranges=False)
        n_found += len(found)
        matched = pair(rows, found)
        pairs += matched
        if show_errors:
            print_errors(doc, rows, found, matched, text)
    seconds = time.perf_counter() - began
    strict = sum(g.start == f.start and g.end == f.end for g, f in pairs)
    equal = sum(g.value == f.value for g, f in pairs)
    relaxed = f1(len(pairs), len(gold), n_found)
    print(f"gold {len(gold)}, found {n_found}, paired {len(pairs)}, values equal {equal}, {seconds:.1f} s")
    print(f"precision {100 * len(pairs) / n_found:.1f} recall {100 * len(pairs) / len(gold):.1f}")
    print(f"strict F1 {f1(strict, len(gold), n_found):.1f}")
    print(f"relaxed F1 {relaxed:.1f}")
    print(f"value F1 {relaxed * equal / len(pairs):.1f}")


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
    main(Path(sys.argv[1]), "--errors" in sys.argv)
