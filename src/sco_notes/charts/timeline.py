"""The timeline: dated statements with the uncertainty of their dates."""

import numpy as np
import pandas as pd

from ..dates import decimal_year
from ..errors import SCONotesError
from .figure import BLUE, describe, listed, new_axes, set_title, style, year_ticks

MOST_LABELLED_EVENTS = 40


def plot_timeline(events: pd.DataFrame, top: int = MOST_LABELLED_EVENTS):
    """Dated statements in time: one line each up to `top` of them, a count per year or decade for more.

    Takes edtf, earliest, latest, precision, and for the labels label (or actors) and text. A day is a
    diamond, anything longer a bar from its earliest to its latest bound. Dates far from the others are
    listed in the title instead of stretching the axis.
    """
    if events.empty:
        raise SCONotesError("plot_timeline: no dated statement was found, so there is nothing to draw")
    spans = events.assign(
        begin=[decimal_year(date) for date in events["earliest"]],
        finish=[decimal_year(date) for date in events["latest"]],
    ).sort_values(["begin", "finish", "doc_id", "start"], kind="stable", ignore_index=True)
    near, far = _window(spans)
    with style():
        ax = _labelled_timeline(near) if len(near) <= top else _timeline_counts(near)
        outside = sorted(set(far["edtf"]))
        if outside:
            set_title(ax, f"{ax.figure.get_suptitle()}\noutside the window: {listed(outside, most=6)}")
        first, last = near["edtf"].iloc[0], near["edtf"].iloc[-1]
        text = f"Timeline of {len(near):,} dated statements from {first} to {last}"
        if outside:
            text += f", and {len(far)} outside this window ({listed(outside)})"
        if len(near) <= top:
            text += f": {listed([f'{r.edtf} {_event_label(r, 60)}' for r in near.itertuples()], '; ', 12)}"
        return describe(ax, text + ".", table=_behind(near, len(near) <= top))


def _behind(events: pd.DataFrame, one_by_one: bool) -> pd.DataFrame:
    """What the chart was drawn from: the statements, or how many of them begin in each year."""
    if one_by_one:
        return events[["edtf", "earliest", "latest", "precision", "doc_id", "actors"]]
    years = np.floor((events["begin"] + events["finish"]) / 2).astype(int).astype(str)
    return years.value_counts().sort_index().rename_axis("year").reset_index(name="statements")


def _labelled_timeline(events: pd.DataFrame):
    ax = new_axes(height=1.0 + 0.27 * len(events))
    y = np.arange(len(events))[::-1]
    width = max(events["finish"].max() - events["begin"].min(), 0.1)
    for row, level in zip(events.itertuples(), y, strict=True):
        if row.finish - row.begin < 0.004:
            ax.plot(row.begin, level, "D", color=BLUE, markersize=6)
        else:
            ax.plot(
                [row.begin, row.finish], [level, level], "|-", color=BLUE, linewidth=4, solid_capstyle="butt"
            )
        ax.text(
            row.finish + width * 0.02, level, f"{row.edtf}  {_event_label(row, 48)}", va="center", fontsize=8
        )
    ax.set_xlim(events["begin"].min() - width * 0.03, events["begin"].min() + width * 1.9)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.xaxis.set_major_locator(year_ticks())
    set_title(
        ax, f"{len(events)} dated statements (diamond: a day; bar: from its earliest to its latest bound)"
    )
    return ax


def _timeline_counts(events: pd.DataFrame):
    ax = new_axes(height=3.4)
    years = np.floor((events["begin"] + events["finish"]) / 2).astype(int)
    step = 10 if years.max() - years.min() > 120 else 1
    counts = (years // step * step).value_counts().sort_index()
    ax.bar(counts.index + step / 2, counts, width=0.9 * step, color=BLUE)
    ax.set_ylabel(f"statements per {'decade' if step == 10 else 'year'} they date")
    ax.xaxis.set_major_locator(year_ticks())
    ax.grid(axis="x", visible=False)
    set_title(ax, f"{len(events):,} dated statements, at the middle of their bounds")
    return ax


def _window(spans: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The statements near the others, and those more than six median deviations and 60 years away."""
    middle = (spans["begin"] + spans["finish"]) / 2
    distance = (middle - middle.median()).abs()
    near = distance <= max(6 * distance.median(), 60)
    return spans[near], spans[~near]


def _event_label(row, most: int) -> str:
    label = getattr(row, "label", "") or row.actors.replace(";", ", ") or row.text
    return label if len(label) <= most else label[: most - 1].rstrip() + "…"
