"""Charts of terms: how frequent, what marks a group, how it changed."""

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from ..errors import NothingToDraw, SCONotesError, check_whole, require_columns
from ..terms import relative_frequency
from ..terms.counts import stop_list
from ..terms.topics import Topics
from . import figure
from .figure import BLUE, NOT_STATED, RED, SERIES, chart, listed, shortened


@chart
def plot_terms(
    terms: pd.DataFrame,
    by: str | None = None,
    top: int = 15,
    stopwords: Collection[str] | None = None,
    names: Mapping[str, str] | None = None,
):
    """Draw the most frequent terms: bars with 95% intervals, or with `by` a heat map of terms by group.

    Takes doc_id, term, n (and the column `by`). `stopwords` are left out; None takes the project's list,
    () takes none out. `names` gives what to write instead of the values of `by`. Raises SCONotesError where
    nothing is left to draw or `top` is not from 1 to 100.
    """
    check_whole(top, "top", 1, 100)
    stopwords = stop_list(stopwords)
    overall = relative_frequency(terms, stopwords=stopwords, top=top)
    if overall.empty:
        raise NothingToDraw("plot_terms: no term is left to draw; is every token a stop word?")
    what = f"The {len(overall)} most frequent terms"
    if by:
        table = relative_frequency(terms[terms["term"].isin(overall["term"])], by=by)
        tokens = terms.groupby(by, observed=True)["n"].sum()
        table["per_1000"] = 1000 * table["n"] / table[by].map(tokens).astype(float)
        table["term"] = pd.Categorical(table["term"], overall["term"])
        table[by] = table[by].map(lambda value: (names or {}).get(value, value))
        return plot_heat(table, "term", by, "per_1000", f"{what} by {by}, per 1,000 tokens")
    items = [f"{shortened(row.term)} {row.per_1000:.1f} (n = {row.n:,})" for row in overall.itertuples()]
    xlabel = "per 1,000 tokens (line: 95% interval)"
    words = f"Bar chart of {figure.small(what)} per 1,000 tokens: {listed(items)}."
    return _bars(overall, overall["per_1000"], what, xlabel, words, from_top=True)


@chart
def plot_keyness(table: pd.DataFrame, top: int = 10, target: str = "target", reference: str = "reference"):
    """Draw the terms that mark the target (right) and the reference (left), by log ratio.

    Takes the table of `keyness`; draws the `top` terms with the largest G2 on each side whose q-value is
    below 0.05. Raises SCONotesError where there are none.
    """
    check_whole(top, "top", 1, 100)
    require_columns(table, "term", "log_ratio", "low", "high", "q_value")
    sure = table[table["q_value"] < 0.05]
    chosen = pd.concat([sure[sure["log_ratio"] > 0].head(top), sure[sure["log_ratio"] < 0].head(top)])
    if chosen.empty:
        raise NothingToDraw("plot_keyness: no term differs with q < 0.05; read the table instead of a chart")
    chosen = chosen.sort_values(["log_ratio", "term"], ignore_index=True)
    items = [f"{shortened(row.term)} {row.log_ratio:+.1f}" for row in chosen.itertuples()]
    n_reference = int((chosen["log_ratio"] < 0).sum())
    sides = {target: items[n_reference:][::-1], reference: items[:n_reference]}
    words = [f"more frequent in {side}: {listed(part)}" for side, part in sides.items() if part]
    xlabel = f"log ratio (+1: twice as frequent in {target}; -1: twice as frequent in {reference})"
    if chosen[["low", "high"]].isna().any(axis=None):
        xlabel += "\nhollow: only on one side, so how many times is not known"
    title = f"Terms that mark {target} and {reference}"
    text = f"Bar chart of log ratios, {target} against {reference}: {'; '.join(words)}."
    return _bars(chosen, chosen["log_ratio"], title, xlabel, text)


def _bars(table, values, title, xlabel, words, from_top=False):
    """A bar for each term, with its interval; from the bottom, or from the top."""
    table = table.assign(term=[shortened(term) for term in table["term"]])
    ax = figure.new_axes(height=0.8 + 0.28 * len(table) if from_top else 1.0 + 0.26 * len(table))
    y = np.arange(len(table))[:: -1 if from_top else 1]
    colours = np.where(values > 0, BLUE, BLUE if from_top else RED)
    bars = ax.barh(y, values, color=colours, height=0.7)
    figure.whiskers(ax, table["low"], table["high"], y)
    is_without_end = table[["low", "high"]].isna().any(axis=1)
    for bar, colour, is_open in zip(bars, colours, is_without_end, strict=True):
        bar.set(facecolor="white" if is_open else colour, edgecolor=colour, linewidth=1)
    if not from_top:
        ax.axvline(0, color="black", linewidth=0.8)
    ax.set_yticks(y, table["term"])
    ax.grid(axis="y", visible=False)
    return figure.finish(ax, title, xlabel, words, table if from_top else table[::-1])


@chart
def plot_trend(
    table: pd.DataFrame,
    over: str = "year",
    series: str = "term",
    value: str = "per_1000",
    unit: str = "per 1,000 tokens",
    breaks: pd.DataFrame | None = None,
):
    """Draw values over years, one line a series with its 95% interval; a missing year is a gap in the line.

    Takes the columns `over`, `series`, `value`, low, high; at most seven series. The accepted ones of
    `breaks`, as find_breaks returns them, are drawn as dotted lines before the year at which they are.
    """
    require_columns(table, over, series, value, "low", "high")
    if not pd.api.types.is_numeric_dtype(table[over]):
        raise SCONotesError(f"plot_trend: {over} holds no numbers; plot_heat draws periods and other groups")
    names = list(dict.fromkeys(table[series]))
    if not names:
        raise NothingToDraw(f"plot_trend: no {series} is chosen, so there is nothing to draw")
    if len(names) > len(SERIES):
        raise SCONotesError(f"plot_trend: up to {len(SERIES)} series can be told apart, not {len(names)}")
    ax = figure.new_axes(height=3.8)
    years = np.arange(table[over].min(), table[over].max() + 1)
    texts: list[str] = []
    for name, (colour, marker, line) in zip(names, SERIES, strict=False):
        part = table[table[series] == name].set_index(over).reindex(years)
        middle, low, high = (part[column].astype(float) for column in (value, "low", "high"))
        look = {"color": colour, "marker": marker, "linestyle": line}
        ax.plot(years, middle, **look, markersize=4, linewidth=1.3, label=str(name))
        if len(names) == 1:
            ax.fill_between(years, low, high, color=colour, alpha=0.15, linewidth=0)
        else:  # bands of several series would cover each other
            beside = years + 0.16 * (len(texts) - (len(names) - 1) / 2)
            ax.vlines(beside, low, high, color=colour, alpha=0.45, linewidth=0.9)
        known = part[value].dropna()
        first, last, peak = known.index[0], known.index[-1], known.idxmax()
        texts.append(
            f"{name} from {known[first]:.2f} in {first} to {known[last]:.2f} in {last}, "
            f"highest {known[peak]:.2f} in {peak}"
        )
    cuts = [] if breaks is None else breaks.loc[breaks["accepted"].astype(bool), "at"].tolist()
    for cut in cuts:
        ax.axvline(cut - 0.5, color="black", linestyle=":", linewidth=1)
    if cuts:
        texts.append(f"dotted lines, breaks at {listed(list(map(str, cuts)))}")
    ax.set_ylabel(unit)
    # In a short document even a term that does not occur has a band as wide as the chart: it is cut.
    top = min(ax.get_ylim()[1], 2 * table[value].max() or 1)
    ax.set_ylim(min(0, ax.get_ylim()[0]), top)
    if (table["high"] > top).any():
        ax.set_xlabel("cut off at the top: the interval ends above")
    figure.set_title(ax, f"{', '.join(map(str, names))} over time" if len(names) < 4 else "Terms over time")
    if len(names) > 1:
        across = int(12 * ax.figure.get_figwidth() / (max(len(str(name)) for name in names) + 8))
        columns = max(1, min(3, len(names), across))
        figure.grow(ax, -(-len(names) // columns) - 1)
        ax.figure.legend(loc="outside lower center", frameon=False, ncols=columns)
    words = f"Line chart over {over}, {unit}, with 95% intervals: {listed(texts, '; ')}."
    return figure.describe(ax, words, table)


@chart
def plot_heat(table: pd.DataFrame, rows: str, columns: str, values: str, title: str):
    """Draw a heat map of `values` by `rows` and `columns`, with the numbers in the cells where they fit.

    A combination that the table does not have is left white, which is not the same as 0; columns that are
    categories are all drawn, the empty ones too.
    """
    require_columns(table, rows, columns, values)
    grid = table.pivot_table(index=rows, columns=columns, values=values, aggfunc="sum", observed=True)
    if grid.empty:
        raise NothingToDraw(f"plot_heat: no {rows} has a value in any {columns}, so there is nothing to draw")
    if isinstance(table[columns].dtype, pd.CategoricalDtype):
        grid = grid.reindex(columns=table[columns].cat.categories.astype(object))
    in_two_lines = 40 if figure.is_for_phone() else 60
    room = [in_two_lines if " " in str(name) else 40 for name in grid.index]
    grid.index = pd.Index(map(shortened, grid.index, room), name=rows).map(lambda name: name or NOT_STATED)
    grid.columns = pd.Index([NOT_STATED if name == "" else name for name in grid.columns], name=columns)
    ax = figure.new_axes(height=1.2 + 0.28 * len(grid))
    form = _heat_cells(ax, grid)
    figure.set_title(ax, title)
    grid = grid.astype("Int64") if form == ".0f" else grid
    items = []
    for row, cells in grid.iterrows():
        known = cells.dropna()
        if known.nunique() > 1:
            most, least = (f"{name} ({known[name]:{form}})" for name in (known.idxmax(), known.idxmin()))
            items.append(f"{row} most in {most}, least in {least}")
        elif len(known):
            items.append(f"{row} {known.iloc[0]:{form}} in {listed(list(map(str, known.index)), most=3)}")
    return figure.describe(ax, f"Heat map, {figure.small(title)}: {listed(items, '; ')}.", grid.reset_index())


def _heat_cells(ax, grid: pd.DataFrame) -> str:
    """Draw cells with their numbers, where they have no room with a scale; return how numbers are written."""
    values, names = grid.to_numpy(float), [figure.drawable(str(name)) for name in grid.columns]
    most = float(np.nanmax(np.abs(values)))
    signed = bool(np.nanmin(values) < 0)  # of two directions: blue above 0, red below
    scale = {"cmap": "RdBu", "vmin": -most, "vmax": most} if signed else {"cmap": "Blues", "vmin": 0}
    image = ax.imshow(values, aspect="auto", **scale)
    places = np.arange(len(names))
    ax.set_xticks(places, names)
    lines = [figure.folded(name) if len(name) > 40 else name for name in map(str, grid.index)]
    ax.set_yticks(range(len(grid)), lines, fontsize=9 if "\n" in "".join(lines) else 10, linespacing=1.15)
    width = ax.figure.get_figwidth()
    labels = max(len(part) for line in lines for part in line.split("\n"))
    room = width - 0.45 - 0.07 * (min(labels, figure.MOST_LETTERS - 3) if figure.is_for_phone() else labels)
    are_long = sum(len(name) + 2 for name in names) > 12 * room
    if len(names) > 1.6 * width or (are_long and figure.is_for_phone()):
        figure.grow(ax, 0.4 * max(map(len, names)))
        size = 8 if figure.is_for_phone() else 10
        step = int(-(-len(names) * size // (65 * room)))  # more upright labels than that touch each other
        ax.set_xticks(places[::step], names[::step], rotation=90, fontsize=size)
    elif are_long:
        ax.set_xticks(places, names, rotation=30, ha="right")
    ax.tick_params(length=0)
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)
    are_counts = not signed and bool((values[np.isfinite(values)] % 1 == 0).all())
    known = [(place, value) for place, value in np.ndenumerate(values) if np.isfinite(value)]
    form = "+.2f" if signed else ".0f" if are_counts else ".1f"
    texts = [f"{value:{form}}".replace("+0.", "+.").replace("-0.", "-.") for _, value in known]
    if max(map(len, texts)) * 0.085 * len(names) > room:
        ax.figure.colorbar(image, ax=ax, pad=0.01, fraction=0.03)
        return form
    for ((i, j), value), text in zip(known, texts, strict=True):
        ax.text(j, i, text, ha="center", va="center", fontsize=8, color=figure.ink_on(image.to_rgba(value)))
    return form


@chart
def plot_topics(topics: Topics, by: str = "year", n_terms: int = 4):
    """Draw the mean share of each topic in the documents of each group, in per cent, as a heat map.

    Takes what `find_topics` returned; `by` is a column of its documents. A row is named by its first
    `n_terms` terms and its stability over halves of the documents. A group without documents is left out.
    Raises SCONotesError where no document has a value in the column.
    """
    if not isinstance(topics, Topics):
        raise SCONotesError(f"plot_topics: what find_topics returns is expected, not {type(topics).__name__}")
    require_columns(topics.documents, by)
    check_whole(n_terms, "n_terms", 1, 10)
    known = topics.documents[topics.documents[by].notna()]
    if known.empty:
        raise NothingToDraw(f"plot_topics: no document has a {by}, so there is nothing to draw")
    first = topics.terms[topics.terms["rank"] <= n_terms].groupby("topic")["term"].agg(", ".join)
    stable = topics.stability.set_index("topic")["over_halves"]
    names = {number: f"{first[number]} ({stable[number]:.2f})" for number in first.index}
    shares = known.groupby(["topic", by], observed=True)["share"].mean().mul(100).reset_index()
    shares["row"] = pd.Categorical(shares["topic"].map(names), list(names.values()))
    n = known.groupby(by, observed=True)["doc_id"].nunique()
    ax = plot_heat(shares, "row", by, "share", f"Share of {len(names)} topics by {by}, per cent")
    least, most = n.min(), n.max()
    basis = f"means over {least:,} to {most:,} documents" if least < most else f"means over {least:,}"
    note = "in brackets: stability of the topic (1: the same terms in any half of them)"
    figure.set_xlabel(ax, f"{basis}; {note}")
    return figure.describe(ax, f"{figure.alternative_text(ax)} {basis.capitalize()}; {note}.")
