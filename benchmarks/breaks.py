"""How often find_breaks is right on corpora with a known answer: python benchmarks/breaks.py [RUNS]."""

import sys

import numpy as np
import pandas as pd

import sco_notes as sn

YEARS, DOCUMENTS = range(1995, 2025), 8


def corpus(rng: np.random.Generator, times: float, words: int = 1, persistent: float = 0) -> pd.DataFrame:
    """Counts of words whose level is `times` as high from 2010 on, and varies by year and by document.

    `persistent` is the correlation of a year's level with the next.
    """
    shape = (words, len(YEARS), DOCUMENTS)
    steps = rng.normal(0, 0.3, shape[:2])
    wander = steps.copy()
    for year in range(1, len(YEARS)):
        wander[:, year] = persistent * wander[:, year - 1] + np.sqrt(1 - persistent**2) * steps[:, year]
    level = 4 * np.exp(wander) * np.where(np.array(YEARS) < 2010, 1, times)
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
    worlds = [(1, words, persistent) for persistent in (0, 0.3, 0.6, 0.8) for words in (1, 6)]
    worlds += [(times, words, 0.2) for times in (1.6, 2, 3) for words in (1, 6)]
    for times, words, persistent in worlds:
        found = near = held = 0
        for _ in range(runs):
            terms = corpus(rng, times, words, persistent)
            breaks = sn.find_breaks(terms, [f"word{i}" for i in range(words)], permutations=199)
            accepted = breaks[breaks["accepted"]]
            found += len(accepted) > 0
            near += accepted["at"].between(2009, 2011).any()
            held += ((accepted["low"] <= 2010) & (accepted["high"] >= 2010)).any()
        said = f"level x {times}, {words} word(s), correlation {persistent}: "
        said += f"a break in {found / runs:.1%} of {runs}"
        if times > 1 and found:
            said += f", within a year {near / runs:.1%}; {held / found:.1%} of those found hold 2010"
        print(said, flush=True)


if __name__ == "__main__":
    main()
