"""Tables to charts: each function takes a table and returns matplotlib Axes that can describe themselves.

Every chart is made by `_axes` and finished by `_describe`, which demands the alternative text; in a notebook
the figure is then shown as SVG with that text, in the same bytes every time.
"""

import io
import textwrap
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from .dates import decimal_year
from .errors import SCONotesError
from .terms import read_stopwords, relative_frequency

# Okabe and Ito (2008): told apart by colour-blind readers.
BLUE, ORANGE, GREEN, RED, PURPLE, SKY, GREY = (
    "#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#6b7280",
)  # fmt: skip
SERIES = [BLUE, RED, GREEN, PURPLE, ORANGE, SKY, "#000000"]
STYLE: dict[str, Any] = {
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "grid.color": "#e5e7eb",
    "text.parse_math": False,  # a title with two $ is a title
    "svg.hashsalt": "sco-notes",
    "figure.dpi": 72,
}
MOST_LABELLED_EVENTS = 40

_descriptions: WeakKeyDictionary = WeakKeyDictionary()


def alternative_text(ax) -> str:
    """What the chart shows, in words, for those who cannot see it."""
    return _descriptions.get(ax.figure, "")


def plot_terms(
    terms: pd.DataFrame, by: str | None = None, top: int = 15, stopwords: Collection[str] | None = None
):
    """The most frequent terms: bars with 95% intervals, or with `by` a heat map of terms by group.

    Takes doc_id, term, n (and the column `by`). `stopwords` are left out; None takes the project's list,
    () takes none out. Raises SCONotesError where nothing is left to draw or `top` is not from 1 to 100.
    """
    _check_top(top)
    stopwords = read_stopwords() if stopwords is None else stopwords
    overall = relative_frequency(terms, stopwords=stopwords).head(top)
    if overall.empty:
        raise SCONotesError("plot_terms: no term is left to draw; is every token a stop word?")
    if by:
        table = relative_frequency(terms[terms["term"].isin(overall["term"])], by=by)
        tokens = terms.groupby(by, observed=True)["n"].sum()
        table["per_1000"] = 1000 * table["n"] / table[by].map(tokens).astype(float)
        return plot_heat(
            table.assign(term=pd.Categorical(table["term"], overall["term"])),
            rows="term", columns=by, values="per_1000",
            title=f"The {len(overall)} most frequent terms by {by}, per 1,000 tokens",
        )  # fmt: skip
    with _style():
        ax = _axes(height=0.8 + 0.28 * len(overall))
        y = np.arange(len(overall))[::-1]
        ax.barh(y, overall["per_1000"], color=BLUE, height=0.7)
        _whiskers(ax, overall["per_1000"], overall["low"], overall["high"], y)
        ax.set_yticks(y, overall["term"])
        ax.grid(axis="y", visible=False)
        _xlabel(ax, "per 1,000 tokens (line: 95% interval)")
        _title(ax, f"The {len(overall)} most frequent terms")
        items = [f"{row.term} {row.per_1000:.1f} (n = {row.n:,})" for row in overall.itertuples()]
        return _describe(
            ax, f"Bar chart of the {len(overall)} most frequent terms per 1,000 tokens: {_list(items)}."
        )


def plot_keyness(table: pd.DataFrame, top: int = 10, target: str = "target", reference: str = "reference"):
    """The terms that mark the target (right) and the reference (left), by log ratio.

    Takes the table of `keyness`; draws the `top` terms with the largest G2 on each side whose q-value is
    below 0.05. Raises SCONotesError where there are none.
    """
    _check_top(top)
    sure = table[table["q_value"] < 0.05]
    chosen = pd.concat([sure[sure["log_ratio"] > 0].head(top), sure[sure["log_ratio"] < 0].head(top)])
    if chosen.empty:
        raise SCONotesError("plot_keyness: no term differs with q < 0.05; read the table instead of a chart")
    chosen = chosen.sort_values(["log_ratio", "term"], ignore_index=True)
    with _style():
        ax = _axes(height=1.0 + 0.26 * len(chosen))
        y = np.arange(len(chosen))
        ax.barh(y, chosen["log_ratio"], color=np.where(chosen["log_ratio"] > 0, BLUE, RED), height=0.7)
        ax.axvline(0, color="black", linewidth=0.8)
        ax.set_yticks(y, chosen["term"])
        ax.grid(axis="y", visible=False)
        _xlabel(ax, f"log ratio (+1: twice as frequent in {target}; -1: twice as frequent in {reference})")
        _title(ax, f"Terms that mark {target} and {reference}")
        sides = [
            f"{side}: {_list([f'{r.term} {r.log_ratio:+.1f}' for r in part.itertuples()])}"
            for side, part in (
                (f"more frequent in {target}", chosen[chosen["log_ratio"] > 0][::-1]),
                (f"more frequent in {reference}", chosen[chosen["log_ratio"] < 0]),
            )
            if len(part)
        ]
        return _describe(ax, f"Bar chart of log ratios. {'; '.join(sides)}.")


def plot_trend(
    table: pd.DataFrame,
    over: str = "year",
    series: str = "term",
    value: str = "per_1000",
    unit: str = "per 1,000 tokens",
):
    """Values over years, one line a series with its 95% band; a missing year is a gap in the line.

    Takes the columns `over`, `series`, `value`, low, high; at most seven series.
    """
    names = list(dict.fromkeys(table[series]))
    if not 1 <= len(names) <= len(SERIES):
        raise SCONotesError(
            f"plot_trend: 1 to {len(SERIES)} series can be told apart; yours has {len(names)}"
        )
    with _style():
        ax = _axes(height=3.8)
        years = np.arange(table[over].min(), table[over].max() + 1)
        texts = []
        for name, colour in zip(names, SERIES, strict=False):
            part = table[table[series] == name].set_index(over).reindex(years)
            ax.plot(years, part[value].astype(float), color=colour, marker=".", label=str(name))
            ax.fill_between(
                years,
                part["low"].astype(float),
                part["high"].astype(float),
                color=colour,
                alpha=0.15,
                linewidth=0,
            )
            known = part[value].dropna()
            first, last, peak = known.index[0], known.index[-1], known.idxmax()
            texts.append(
                f"{name} from {known[first]:.2f} in {first} to {known[last]:.2f} in {last}, "
                f"highest {known[peak]:.2f} in {peak}"
            )
        ax.set_ylabel(unit)
        # In a short document even a term that does not occur has a band as wide as the chart: it is cut.
        ax.set_ylim(min(0, ax.get_ylim()[0]), min(ax.get_ylim()[1], 2 * table[value].max() or 1))
        _title(ax, f"{', '.join(map(str, names))} over time")
        if len(names) > 1:
            ax.legend(frameon=False, ncols=min(4, len(names)))
        return _describe(ax, f"Line chart over {over}, {unit}, with 95% bands: {_list(texts, '; ')}.")


def plot_heat(table: pd.DataFrame, rows: str, columns: str, values: str, title: str):
    """A heat map of `values` by `rows` and `columns`, with the numbers in the cells where they fit.

    A combination that the table does not have is left white, which is not the same as 0.
    """
    grid = table.pivot_table(index=rows, columns=columns, values=values, aggfunc="sum", observed=True)
    with _style():
        ax = _axes(height=1.2 + 0.28 * len(grid))
        image = ax.imshow(grid.to_numpy(float), aspect="auto", cmap="Blues", vmin=0)
        ax.set_xticks(range(len(grid.columns)), [str(c) for c in grid.columns])
        ax.set_yticks(range(len(grid)), [str(r) for r in grid.index])
        if len(grid.columns) > 12:
            ax.tick_params(axis="x", rotation=90)
        ax.tick_params(length=0)
        ax.grid(visible=False)
        ax.spines[:].set_visible(False)
        _title(ax, title)
        if len(grid.columns) <= 14:
            middle = np.nanmax(grid.to_numpy(float)) * 0.6
            for (i, j), value in np.ndenumerate(grid.to_numpy(float)):
                if np.isfinite(value):
                    colour = "white" if value > middle else "black"
                    text = f"{value:.0f}" if float(value).is_integer() and value >= 10 else f"{value:.1f}"
                    ax.text(j, i, text, ha="center", va="center", fontsize=8, color=colour)
        else:
            ax.figure.colorbar(image, ax=ax, pad=0.01, fraction=0.03)
        items = []
        for row, cells in grid.iterrows():
            known = cells.dropna()
            if len(known):
                most, least = f"{known.idxmax()} ({known.max():.1f})", f"{known.idxmin()} ({known.min():.1f})"
                items.append(f"{row} most in {most}, least in {least}")
        return _describe(ax, f"Heat map, {title[0].lower()}{title[1:]}: {_list(items, '; ')}.")


def plot_actors(
    summary: pd.DataFrame,
    names: Mapping[str, str] | None = None,
    top: int = 20,
    title: str = "Tone of the sentences that name each actor",
):
    """Mean valence per actor as a point with its 95% interval; below five sentences the values themselves.

    Takes the table of `summarise_actors`; `names` gives the names to write instead of the actors' ids.
    """
    _check_top(top)
    if summary.empty:
        raise SCONotesError("plot_actors: no actor is mentioned, so there is nothing to draw")
    names = {} if names is None else names
    shown = summary.head(top).iloc[::-1].reset_index(drop=True)
    labels = [f"{names.get(r.actor, r.actor)}  (n = {r.n:,})" for r in shown.itertuples()]
    with _style():
        ax = _axes(height=1.0 + 0.28 * len(shown))
        texts = []
        for y, row in enumerate(shown.itertuples()):
            if row.singles:
                singles = [float(v) for v in row.singles.split("; ")]
                ax.plot(singles, [y] * len(singles), "o", markerfacecolor="none", color=GREY, markersize=5)
                texts.append(f"{labels[y]} too few for a mean")
            else:
                _whiskers(ax, [row.mean], [row.low], [row.high], [y], colour=BLUE)
                ax.plot(row.mean, y, "o", color=BLUE, markersize=6)
                interval = f" ({row.low:+.2f} to {row.high:+.2f})" if np.isfinite(row.low) else ""
                texts.append(f"{labels[y]} {row.mean:+.2f}{interval}")
        ax.axvline(0, color="black", linewidth=0.8)
        ax.set_yticks(range(len(shown)), labels)
        ax.set_ylim(-0.7, len(shown) - 0.3)
        _xlabel(
            ax,
            "mean valence of the sentences, -1 to +1\n"
            "(line: 95% interval; hollow: single sentences, where there are fewer than 5)",
        )
        _title(ax, title)
        return _describe(
            ax,
            f"Dot chart, {title[0].lower()}{title[1:]}: mean valence, -1 to +1, with 95% intervals: "
            f"{_list(texts[::-1], '; ')}.",
        )


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
    with _style():
        ax = _labelled_timeline(near) if len(near) <= top else _timeline_counts(near)
        outside = sorted(set(far["edtf"]))
        if outside:
            _title(ax, f"{ax.figure.get_suptitle()}\noutside the window: {_list(outside, most=6)}")
        first, last = near["edtf"].iloc[0], near["edtf"].iloc[-1]
        text = f"Timeline of {len(near):,} dated statements from {first} to {last}"
        if outside:
            text += f", and {len(far)} outside this window ({_list(outside)})"
        if len(near) <= top:
            text += f": {_list([f'{r.edtf} {_event_label(r, 60)}' for r in near.itertuples()], '; ', 12)}"
        return _describe(ax, text + ".")


def _labelled_timeline(events: pd.DataFrame):
    ax = _axes(height=1.0 + 0.27 * len(events))
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
    ax.xaxis.set_major_locator(_year_ticks())
    _title(ax, f"{len(events)} dated statements (diamond: a day; bar: from its earliest to its latest bound)")
    return ax


def _timeline_counts(events: pd.DataFrame):
    ax = _axes(height=3.4)
    years = np.floor((events["begin"] + events["finish"]) / 2).astype(int)
    step = 10 if years.max() - years.min() > 120 else 1
    counts = (years // step * step).value_counts().sort_index()
    ax.bar(counts.index + step / 2, counts, width=0.9 * step, color=BLUE)
    ax.set_ylabel(f"statements per {'decade' if step == 10 else 'year'} they date")
    ax.xaxis.set_major_locator(_year_ticks())
    ax.grid(axis="x", visible=False)
    _title(ax, f"{len(events):,} dated statements, at the middle of their bounds")
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


def _year_ticks():
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(nbins=10, integer=True, min_n_ticks=1)


def _style():
    import matplotlib.pyplot as plt

    # Loads the backend: in a notebook that turns interactive mode on, which rc_context would undo again.
    plt.draw_if_interactive()
    return plt.rc_context(STYLE)


def _axes(width: float = 7.4, height: float = 4.0):
    """New axes on a figure that a notebook shows as SVG, with the alternative text, and a small PNG."""
    import matplotlib.pyplot as plt

    _, ax = plt.subplots(figsize=(width, min(height, 14)), layout="constrained")
    _register_formatters()
    return ax


def _title(ax, text: str) -> None:
    """A title over the whole figure: over the axes alone it is cut off where their labels are long."""
    lines = [line for part in text.split("\n") for line in textwrap.wrap(part, 88)]
    ax.figure.suptitle("\n".join(lines), x=0.01, ha="left", fontsize=11, fontweight="bold")


def _xlabel(ax, text: str) -> None:
    lines = [line for part in text.split("\n") for line in textwrap.wrap(part, 100)]
    ax.figure.supxlabel("\n".join(lines), fontsize=10)


def _describe(ax, text: str):
    _descriptions[ax.figure] = text
    return ax


def _register_formatters() -> None:
    """Tell IPython, where there is one, how to show a figure. pyplot's own backend sets PNG, without text."""
    from IPython.core.getipython import get_ipython
    from matplotlib.figure import Figure

    shell = get_ipython()
    if shell is None or shell.display_formatter is None:
        return
    formatters = shell.display_formatter.formatters
    formatters["image/svg+xml"].for_type(Figure, _svg)
    formatters["image/png"].for_type(Figure, _png)
    formatters["text/plain"].for_type(
        Figure, lambda figure, printer, _: printer.text(_descriptions.get(figure, "Figure"))
    )


def _svg(figure) -> str:
    import matplotlib.pyplot as plt

    buffer = io.StringIO()
    with plt.rc_context(STYLE):  # type: ignore[arg-type]
        figure.savefig(buffer, format="svg", metadata=dict.fromkeys(["Date", "Creator", "Format", "Type"]))
    return buffer.getvalue()


def _png(figure) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=72, metadata={"Software": None})
    return buffer.getvalue()


def _whiskers(ax, values: Sequence, low: Sequence, high: Sequence, y: Any, colour: str = "#374151") -> None:
    known = np.isfinite(np.asarray(low, float))
    ax.hlines(
        np.asarray(y)[known],
        np.asarray(low, float)[known],
        np.asarray(high, float)[known],
        color=colour,
        linewidth=1.4,
    )


def _check_top(top: int) -> None:
    if isinstance(top, bool) or not isinstance(top, (int, np.integer)) or not 1 <= top <= 100:
        raise SCONotesError(f"top = {top!r}: a whole number from 1 to 100 is expected")


def _list(items: Sequence[str], separator: str = ", ", most: int = 20) -> str:
    more = f"{separator}and {len(items) - most} more" if len(items) > most else ""
    return separator.join(items[:most]) + more
