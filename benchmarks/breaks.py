"""How often find_breaks is right on corpora with a known answer: python benchmarks/breaks.py [RUNS]."""

import sys

import numpy as np
import pandas as pd

import sco_notes as sn

YEARS, DOCUMENTS = range(1995, 2025), 8


def corpus(rng: np.random.Generator, times: float, words: int = 1) -> pd.DataFrame:
    """Counts of words whose level is `times` as high from 2010 on, and varies by year and by document."""
    shape = (words, len(YEARS), DOCUMENTS)
    level = 4 * np.exp(rng.normal(0, 0.3, shape[:2])) * np.where(np.array(YEARS) < 2010, 1, times)
    counts = rng.poisson(level[:, :, None] * rng.gamma(2, 0.5, shape))
    others = rng.integers(500, 3000, shape[1:])
    grid = np.concatenate([counts, others[None]])
    word, year, document = np.indices(grid.shape).reshape(3, -1)
    return pd.DataFrame(
        {
            "doc_id": year * DOCUMENTS + document,
            "year": np.array(YEARS)[year],
            "term": [f"word{i}" for i in word],
            "n": grid.ravel(),
        }
    )


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    rng = np.random.default_rng(1)
    for times, words in ((1, 1), (1, 6), (1.3, 1), (1.6, 1), (2, 1)):
        found = near = held = 0
        for _ in range(runs):
            breaks = sn.find_breaks(corpus(rng, times, words), [f"word{i}" for i in range(words)])
            accepted = breaks[breaks["accepted"]]
            found += len(accepted) > 0
            near += accepted["at"].between(2009, 2011).any()
            held += ((accepted["low"] <= 2010) & (accepted["high"] >= 2010)).any()
        said = f"level x {times}, {words} word(s): a break in {found / runs:.1%} of {runs}"
        if times > 1:
            said += f", within a year {near / runs:.1%}; {held / found:.1%} of those found hold 2010"
        print(said, flush=True)


if __name__ == "__main__":
    main()
