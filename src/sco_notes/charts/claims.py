"""Conflicting claims: the dates that sources and texts give for one fact."""

import pandas as pd

from ..corpus.edtf import edtf_days
from ..errors import NothingToDraw, require_columns
from .figure import BLUE, RED, chart, finish, is_for_phone, new_axes, shortened
from .timeline import in_words


@chart
def plot_claims(claims: pd.DataFrame):
    """Draw the facts on which sources or texts differ: each claim's date, in days from the accepted one.

    `claims` is what `compare_events` returns. One lane a fact with two or more claims; the accepted date is
    filled, a conflicting one hollow and red, with the source that makes the claim.
    """
    require_columns(claims, "fact_id", "date", "earliest", "latest", "claim", "event", "source_title")
    drawn = claims[claims.groupby("fact_id")["date"].transform("size") > 1].assign(edtf=claims["date"])
    if drawn.empty:
        raise NothingToDraw("plot_claims: no fact has two dates, so there is nothing to draw")
    facts = drawn.groupby("fact_id", sort=False)
    some = "1 fact" if len(facts) == 1 else f"{len(facts)} facts"
    ax = new_axes(width=8.4, height=1.4 + 0.28 * len(drawn) + 0.32 * len(facts))
    letters = int(8.3 * ax.figure.get_figwidth())
    level, described = 0.0, []
    for _, claimed in facts:
        rows = list(claimed.itertuples())
        heading = {"fontsize": 8.5, "fontweight": "bold", "va": "center"}
        left = ax.get_yaxis_transform()
        ax.text(0, level, shortened(rows[0].event, letters), transform=left, **heading)
        origin = _day(rows[0].earliest)
        for row in rows:
            level -= 1
            _claim(ax, row, [_day(day) - origin for day in (row.earliest, row.latest)], level, letters)
        told = ", ".join(f"{in_words(row)} ({row.claim}, {row.source_title})" for row in rows)
        described.append(f"{rows[0].event}: {told}")
        level -= 1.2
    low, high = ax.get_xlim()
    ax.set_xticks([tick for tick in ax.get_xticks() if low <= tick <= high][:: 2 if is_for_phone() else 1])
    ax.set_xlim(low - 1, high + (high - low) * (2 if is_for_phone() else 1))
    ax.set_ylim(level + 0.6, 0.8)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    return finish(
        ax, f"{some} with more than one date, and who says which",
        "days from the first day of the accepted date (filled: accepted, hollow: conflicting)",
        f"{some} with more than one date. {'; '.join(described)}.",
        drawn[["event", "date", "claim", "source_title"]],
    )  # fmt: skip


def _claim(ax, row, span: list[int], level: float, letters: int) -> None:
    """The date that one source claims, filled where it is the accepted one."""
    accepted = row.claim == "accepted"
    colour = BLUE if accepted else RED
    ax.plot(span, [level] * 2, "-", color=colour, linewidth=3 if accepted else 1.2)
    face = colour if accepted else "white"
    ax.plot(span, [level] * 2, "D", color=colour, markersize=6, markerfacecolor=face)
    label = shortened(f"{in_words(row)}  {row.claim}: {row.source_title}", letters)
    ax.annotate(label, (span[1], level), (8, 0), textcoords="offset points", fontsize=8, va="center")


def _day(iso: str) -> int:
    return edtf_days(iso)[0] or 0
