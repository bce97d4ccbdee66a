"""How soon the first screen of a concordance is there: python benchmarks/concordance_speed.py [MEGABYTES]."""

import sys
import time
import tracemalloc

import pandas as pd
from run import real_texts

import sco_notes as sn

QUERIES = {
    "a common word": "security",
    "a word with *": "terroris*",
    "a rare phrase": "Shanghai Cooperation Organi?ation",
    "a phrase that is not there": "shanghai soup",
    "a hostile query": "*a*e*i*o* * *z",
}
SCREEN = 50  # rows


def main() -> None:
    once = real_texts()
    megabytes = float(sys.argv[1]) if len(sys.argv) > 1 else 200
    copies = max(1, round(megabytes * 1e6 / once["text"].str.len().sum()))
    # Each copy is a text of its own in memory, as it would be after reading.
    texts = [text + f" {copy}" for copy in range(copies) for text in once["text"]]
    documents = pd.DataFrame({"doc_id": [str(i) for i in range(len(texts))], "text": texts})
    size = documents["text"].str.len().sum() / 1e6
    print(f"first {SCREEN} lines over {size:.0f} MB in {len(documents):,} documents, one process")
    for name, query in QUERIES.items():
        start = time.process_time()
        found = sn.concordance(documents, query, most=SCREEN)
        print(f"  {name:28s} {time.process_time() - start:6.3f} s of processor time, {len(found)} lines")
    tracemalloc.start()
    sn.concordance(documents, QUERIES["a rare phrase"], most=SCREEN)
    print(f"  extra memory at most {tracemalloc.get_traced_memory()[1] / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
