"""Charts of actors: the tone of the sentences that name them."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ..errors import SCONotesError
from .figure import BLUE, GREY, check_top, describe, listed, new_axes, set_title, set_xlabel, style, whiskers


def plot_actors(
    summary: pd.DataFrame,
    names: Mapping[str, str] | None = None,
    top: int = 20,
    title: str = "Tone of the sentences that name each actor",
):
    """Mean valence per actor as a point with its 95% interval; below five sentences the values themselves.

    Takes the table of `summarise_actors`; `names` gives the names to write instead of the actors' ids.
    """
    check_top(top)
    if summary.empty:
        raise SCONotesError("plot_actors: no actor is mentioned, so there is nothing to draw")
    names = {} if names is None else names
    shown = summary.head(top).iloc[::-1].reset_index(drop=True)
    labels = [f"{names.get(r.actor, r.actor)}  (n = {r.n:,})" for r in shown.itertuples()]
    with style():
        ax = new_axes(height=1.0 + 0.28 * len(shown))
        texts = []
        for y, row in enumerate(shown.itertuples()):
            if row.singles:
                singles = [float(v) for v in row.singles.split("; ")]
                ax.plot(singles, [y] * len(singles), "o", markerfacecolor="none", color=GREY, markersize=5)
                texts.append(f"{labels[y]} too few for a mean")
            else:
                whiskers(ax, [row.mean], [row.low], [row.high], [y], colour=BLUE)
                ax.plot(row.mean, y, "o", color=BLUE, markersize=6)
                interval = f" ({row.low:+.2f} to {row.high:+.2f})" if np.isfinite(row.low) else ""
                texts.append(f"{labels[y]} {row.mean:+.2f}{interval}")
        ax.axvline(0, color="black", linewidth=0.8)
        ax.set_yticks(range(len(shown)), labels)
        ax.set_ylim(-0.7, len(shown) - 0.3)
        set_xlabel(
            ax,
            "mean valence of the sentences, -1 to +1\n"
            "(line: 95% interval; hollow: single sentences, where there are fewer than 5)",
        )
        set_title(ax, title)
        return describe(
            ax,
            f"Dot chart, {title[0].lower()}{title[1:]}: mean valence, -1 to +1, with 95% intervals: "
            f"{listed(texts[::-1], '; ')}.",
            table=shown[::-1].assign(actor=[names.get(actor, actor) for actor in shown["actor"][::-1]]),
        )
