"""Charts of actors: the tone in which they are named."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ..errors import NothingToDraw, check_whole, require_columns
from ..sentiment.estimates import FEWEST
from .figure import BLUE, BROWN, GREY, NOT_STATED, chart, finish, listed, new_axes, small, whiskers


@chart
def plot_actors(
    summary: pd.DataFrame,
    names: Mapping[str, str] | None = None,
    top: int = 20,
    title: str = "Tone in which each actor is named",
    label: str = "actor",
):
    """Draw the mean valence per actor with its 95% interval; below five sentences the values themselves.

    Takes the table of `summarise_actors`; `names` gives the names to write instead of the ids, `label` the
    column that names a row ("country" for one actor by speaker). A table with n_speakers is one of
    `compare_within_speakers`: its differences are drawn. What an actor's own state says is drawn as
    a grey diamond; the baseline is dashed. Raises SCONotesError for an empty table.
    """
    check_whole(top, "top", 1, 100)
    require_columns(summary, label, "n", "mean", "low", "high")
    if summary.empty:
        raise NothingToDraw("plot_actors: no actor is mentioned, so there is nothing to draw")
    shown = summary.head(top).iloc[::-1].reset_index(drop=True)  # from the bottom
    named = {} if names is None else names
    shown[label] = [named.get(key, key) or NOT_STATED for key in shown[label]]
    is_within = "n_speakers" in shown
    known = shown["baseline"].dropna().unique() if "baseline" in shown and not is_within else []
    baseline = float(known[0]) if len(known) == 1 else None  # of differences it is the line at 0
    xlabel = "mean valence, -1 to +1"
    if is_within:
        xlabel = "difference in valence (0: as the same states speak of others)"
    has_interval, has_singles = shown["low"].notna().any(), shown["n"].between(1, FEWEST - 1).any()
    is_told = has_interval and "verdict" in shown
    remarks = {
        "line: 95% interval" + " of the mean" * (not is_within): has_interval,
        "hollow circles: single sentences, where there are fewer than 5": has_singles,
        "grey diamond: by the actor's own state": "n_own" in shown and (shown["n_own"] > 0).any(),
        "blue: told apart from its baseline, all tested together (q < 0.05); grey: not": is_told,
        "dashed: the baseline": baseline is not None,
        "every mean is 0: no word of tone was found": shown["mean"].max() == shown["mean"].min() == 0,
    }
    notes = "; ".join(remark for remark, applies in remarks.items() if applies)
    ax = new_axes(height=1.2 + 0.28 * len(shown))
    labels = [f"{name}  (n = {n:,})" for name, n in zip(shown[label], shown["n"], strict=True)]
    texts = listed(_draw(ax, shown, labels, baseline)[::-1], "; ")
    ax.set_yticks(range(len(shown)), labels)
    words = f"Dot chart, {small(title)}: {xlabel}, with 95% intervals: {texts}."
    words += f" Baseline {baseline:+.2f}." if baseline is not None else ""
    return finish(ax, title, xlabel + f"\n({notes})" * bool(notes), words, shown[::-1])


def _draw(ax, shown: pd.DataFrame, labels: list[str], baseline: float | None) -> list[str]:
    """Draw a row each, and say it in words."""
    texts = []
    for y, (label, row) in enumerate(zip(labels, shown.itertuples(), strict=True)):
        if getattr(row, "n_own", 0) > 0:
            ax.plot(row.mean_own, y, "D", markerfacecolor="none", color=GREY, markersize=5)
        if not row.n > 0:
            text = "no mentions by others"
        elif row.n < FEWEST:
            singles = [float(value) for value in row.singles.split("; ")]
            ax.plot(singles, [y] * len(singles), "o", markerfacecolor="none", color=GREY, markersize=5)
            text = "too few for a mean"
        else:
            told_apart = getattr(row, "verdict", "warmer") in ("warmer", "cooler")
            colour = BLUE if told_apart else GREY
            whiskers(ax, [row.low], [row.high], [y], colour=colour)
            ax.plot(row.mean, y, "o", color=colour, markersize=6)
            between = f"{_signed(row.low)} to {_signed(row.high)}" if np.isfinite(row.low) else "no interval"
            text = f"{_signed(row.mean)} ({between})" + f", {getattr(row, 'verdict', '')}".rstrip(", ")
        texts.append(f"{label} {text}")
    ax.axvline(0, color="black", linewidth=0.8)
    if baseline is not None:
        ax.axvline(baseline, color=BROWN, linewidth=1.2, linestyle="--")
    ax.set_ylim(-0.7, len(shown) - 0.3)
    ax.locator_params(axis="x", nbins=min(6, round(ax.figure.get_figwidth())))  # a phone has room for few
    return texts


def _signed(value: float) -> str:
    """ "+0.10"; a value that rounds to zero has no minus."""
    return f"{round(value, 2) + 0:+.2f}"
