"""How often the 95% interval of a mean valence holds the truth: python benchmarks/interval_coverage.py.

Documents are drawn from worlds whose mean is known; sentences of a document resemble each other. Beside the
interval of `summarise_actors` stand the same with fewer degrees of freedom (those of the squared numbers of
sentences), and scipy's BCa bootstrap over the same units (on a tenth of the runs). A run without an interval,
all its values being equal, is shown as such and counted neither way.

The second part asks how often an actor about whom nothing is different is called warmer or cooler, were the
verdict read as about more texts than these: below ten documents it counts sentences, which resemble each
other.
"""

import sys
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from sco_notes import summarise_actors
from sco_notes.sentiment import compare_within_speakers
from sco_notes.sentiment.estimates import Estimate, baseline, degrees_of_freedom, estimate, t_quantile

WORLDS: dict[str, Callable] = {
    "one sentence each, normal": lambda rng: rng.normal(0.2, 0.3, 1),
    "one sentence each, skewed": lambda rng: np.tanh(rng.gamma(1.0, 0.3, 1) + rng.gamma(0.5, 0.3)),
    "a few each, normal": lambda rng: rng.normal(0.2, 0.2) + rng.normal(0, 0.3, 1 + rng.poisson(1.5)),
    "like VADER: bounded, a quarter zeros": lambda rng: _bounded(rng, 1 + rng.poisson(1.5)),
    "like VADER, documents of very unequal length": lambda rng: _bounded(rng, rng.geometric(0.15)),
    "skewed documents": lambda rng: np.clip(
        0.3 - rng.gamma(0.5, 0.4) + rng.normal(0, 0.2, 1 + rng.poisson(1.5)), -1, 1
    ),
    "long documents are warmer": lambda rng: _informative(rng),
    "two kinds, 15% of documents hostile": lambda rng: np.clip(
        rng.normal(-0.6 if rng.random() < 0.15 else 0.25, 0.1) + rng.normal(0, 0.3, 1 + rng.poisson(1.5)),
        -1,
        1,
    ),
    "92% of sentences neutral": lambda rng: _neutral(rng, 1 + rng.poisson(2)),
}
SIZES = {1: (5, 8, 15, 30), 2: (10, 15, 30, 100)}  # in documents; with one sentence each also in sentences


def measure(runs: int, sizes: dict[int, tuple[int, ...]] | None = None) -> Iterator[tuple]:
    """World, documents, share of runs without an interval; of the others the share of intervals that hold the
    truth, with fewer degrees of freedom, by the BCa bootstrap; how many times as wide the second is."""
    for name, draw in WORLDS.items():
        rng = np.random.default_rng(0)
        many = [draw(rng) for _ in range(200_000)]
        truth = sum(values.sum() for values in many) / sum(map(len, many))
        for n in (sizes or SIZES)[1 if name.startswith("one") else 2]:
            samples = [_frame([draw(rng) for _ in range(n)]) for _ in range(runs)]
            found = [(_estimate(sample), sample) for sample in samples]
            known = [(one, sample) for one, sample in found if one.interval != "none"]
            held = np.mean([one.low <= truth <= one.high for one, _ in known])
            wider = [_with_fewer_degrees(one, sample) for one, sample in known]
            held_wider = np.mean([low <= truth <= high for low, high, _ in wider])
            times = np.median([times for *_, times in wider])
            bca = np.mean([low <= truth <= high for low, high in map(_bca, samples[: runs // 10])])
            yield name, n, 1 - len(known) / runs, held, held_wider, times, bca


def false_verdicts(runs: int, n: int) -> float:
    """How often one of two actors who are spoken of alike is told apart from the baseline, of n documents."""
    rng = np.random.default_rng(0)
    told = []
    for _ in range(runs):
        rows = []
        for doc_id in range(2 * n):  # each actor has documents of its own
            values = np.clip(rng.normal(0, 0.2) + rng.normal(0, 0.3, 1 + rng.poisson(4)), -1, 1)
            rows += [("AB"[doc_id % 2], str(doc_id), i, value) for i, value in enumerate(values)]
        table = pd.DataFrame(rows, columns=["actor", "doc_id", "sentence", "valence"])
        told.append(summarise_actors(table)["verdict"].isin(["warmer", "cooler"]).any())
    return float(np.mean(told))


def within_speakers(runs: int, speakers: int) -> tuple[float, float]:
    """How often the interval of compare_within_speakers holds the truth, and an actor like any is told apart.

    Speakers differ in level (0.15) and in their tone towards each of eight actors (0.15); the first actor is
    spoken of 0.2 more warmly; one speaker in three is four times as talkative, and warmer towards that actor.
    """
    rng = np.random.default_rng(speakers)
    held = told = 0
    for _ in range(runs):
        rows = []
        for speaker in range(speakers):
            level = rng.normal(0.1, 0.15)
            for actor in range(8):
                tone = level + rng.normal(0, 0.15) + (0.2 if actor == 0 else 0)
                size = (5 + rng.poisson(8)) * (4 if speaker % 3 == 0 else 1)
                values = np.clip(rng.normal(tone, 0.4, size), -1, 1)
                rows += [
                    (f"a{actor}", f"s{speaker}", f"{speaker}-{i}", actor, v) for i, v in enumerate(values)
                ]
        columns = ["actor", "country", "doc_id", "sentence", "valence"]
        found = compare_within_speakers(pd.DataFrame(rows, columns=columns)).set_index("actor")
        # Taken out is the level over the others, so the other seven are 0.2 / 7 below it.
        held += found.at["a0", "low"] <= 0.2 <= found.at["a0", "high"]
        told += found.at["a1", "low"] > -0.2 / 7 or found.at["a1", "high"] < -0.2 / 7
    return held / runs, told / runs


def _informative(rng: np.random.Generator) -> np.ndarray:
    """The warmer a document, the more of its sentences name the actor."""
    level = rng.normal()
    n = 1 + rng.poisson(np.exp(0.6 + 1.2 * level))
    return np.clip(0.1 + 0.3 * level + rng.normal(0, 0.3, n), -1, 1)


def _neutral(rng: np.random.Generator, n: int) -> np.ndarray:
    return np.where(rng.random(n) < 0.92, 0, np.clip(rng.normal(0.3, 0.4, n), -1, 1))


def _bounded(rng: np.random.Generator, n: int) -> np.ndarray:
    values = np.clip(rng.normal(0.25, 0.25) + rng.normal(0, 0.45, n), -1, 1)
    return np.where(rng.random(n) < 0.25, 0, values)


def _frame(documents: list[np.ndarray]) -> pd.DataFrame:
    doc_id = np.repeat(np.arange(len(documents)), [len(values) for values in documents])
    values = np.concatenate(documents)
    return pd.DataFrame({"doc_id": doc_id, "sentence": np.arange(len(values)), "valence": values})


def _estimate(sample: pd.DataFrame) -> Estimate:
    units = {"documents": sample["doc_id"].to_numpy(), "sentences": sample["sentence"].to_numpy()}
    valence = sample["valence"].to_numpy()
    base = baseline(np.zeros(len(sample), int), units, valence)
    return estimate(valence, np.arange(len(sample)), base)


def _with_fewer_degrees(found: Estimate, sample: pd.DataFrame) -> tuple[float, float, float]:
    """The interval whose degrees of freedom come from the squares of what each unit holds; how much wider."""
    counts = np.bincount(sample["doc_id" if found.interval == "documents" else "sentence"]).astype(float)
    usual, fewer = degrees_of_freedom(counts), degrees_of_freedom(counts**2)
    times = t_quantile(fewer) / t_quantile(usual)
    half = max(found.high - found.mean, found.mean - found.low) * times  # the other end may be cut at 1 or -1
    return found.mean - half, found.mean + half, times


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
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    print(f"{'world':46} documents  none  covered  fewer degrees (width)  BCa bootstrap")
    for world, n, none, held, held_wider, times, bca in measure(runs):
        print(
            f"{world:46} {n:9} {none:5.0%}  {held:7.1%}  {held_wider:13.1%} ({times:4.2f})  {bca:13.1%}",
            flush=True,
        )
    print("\ndocuments of each of two actors  one is falsely told apart")
    for n in (2, 4, 8, 10, 20):
        print(f"{n:31}  {false_verdicts(runs // 4, n):24.1%}", flush=True)
    print("\nspeakers  covered within speakers  falsely told apart")
    for speakers in (6, 8, 10, 13):
        print(
            f"{speakers:8}  {'{:23.1%}  {:18.1%}'.format(*within_speakers(runs // 4, speakers))}", flush=True
        )
