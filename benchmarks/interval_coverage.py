"""How often the 95% interval of a mean valence holds the truth: python benchmarks/interval_coverage.py.

Documents are drawn from worlds whose mean is known; sentences of a document resemble each other. Beside the
interval of `summarise_actors` stands scipy's BCa bootstrap over the same units (on a tenth of the runs).
"""

import sys
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from sco_notes.sentiment.estimates import Estimate, estimate

WORLDS: dict[str, Callable] = {
    "one sentence each, normal": lambda rng: rng.normal(0.2, 0.3, 1),
    "one sentence each, skewed": lambda rng: np.tanh(rng.gamma(1.0, 0.3, 1) + rng.gamma(0.5, 0.3)),
    "a few each, normal": lambda rng: rng.normal(0.2, 0.2) + rng.normal(0, 0.3, 1 + rng.poisson(1.5)),
    "like VADER: bounded, a quarter zeros": lambda rng: _bounded(rng, 1 + rng.poisson(1.5)),
    "like VADER, documents of very unequal length": lambda rng: _bounded(rng, rng.geometric(0.15)),
}
SIZES = {1: (5, 8, 15, 30), 2: (10, 20, 50)}  # in documents; with one sentence each also in sentences


def measure(runs: int, sizes: dict[int, tuple[int, ...]] | None = None) -> Iterator[tuple]:
    """World, documents, share of intervals that hold the truth, the same for the BCa bootstrap."""
    for name, draw in WORLDS.items():
        rng = np.random.default_rng(0)
        many = [draw(rng) for _ in range(200_000)]
        truth = sum(values.sum() for values in many) / sum(map(len, many))
        for n in (sizes or SIZES)[1 if name.startswith("one") else 2]:
            samples = [_frame([draw(rng) for _ in range(n)]) for _ in range(runs)]
            found = [_estimate(sample) for sample in samples]
            held = np.mean([one.low <= truth <= one.high for one in found if one.interval != "none"])
            bca = np.mean([low <= truth <= high for low, high in map(_bca, samples[: runs // 10])])
            yield name, n, held, bca


def _bounded(rng: np.random.Generator, n: int) -> np.ndarray:
    values = np.clip(rng.normal(0.25, 0.25) + rng.normal(0, 0.45, n), -1, 1)
    return np.where(rng.random(n) < 0.25, 0, values)


def _frame(documents: list[np.ndarray]) -> pd.DataFrame:
    doc_id = np.repeat(np.arange(len(documents)), [len(values) for values in documents])
    values = np.concatenate(documents)
    return pd.DataFrame({"doc_id": doc_id, "sentence": np.arange(len(values)), "valence": values})


def _estimate(sample: pd.DataFrame) -> Estimate:
    columns = (sample[name].to_numpy() for name in ("doc_id", "sentence", "valence"))
    return estimate(*columns, np.ones(len(sample), bool))


def _bca(sample: pd.DataFrame) -> tuple[float, float]:
    from scipy.stats import bootstrap

    totals = sample.groupby("doc_id")["valence"].agg(["sum", "count"]).to_numpy(float)
    found = bootstrap(
        (totals[:, 0], totals[:, 1]),
        lambda sums, counts, axis: sums.sum(axis) / counts.sum(axis),
        paired=True,
        n_resamples=1000,
        rng=np.random.default_rng(0),
    )
    return found.confidence_interval


if __name__ == "__main__":
    print(f"{'world':46} documents  covered  BCa bootstrap")
    for world, n, held, bca in measure(int(sys.argv[1]) if len(sys.argv) > 1 else 2000):
        print(f"{world:46} {n:9}  {held:7.1%}  {bca:7.1%}", flush=True)
