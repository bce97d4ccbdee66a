"""Pairs to a picture of who, or what, goes with whom."""

import textwrap
from collections.abc import Mapping, Sized

import numpy as np
import pandas as pd

from ..errors import NothingToDraw, check_whole, require_columns
from .figure import BLUE, chart, describe, drawable, listed, new_axes, set_title, set_xlabel, small

MOST_NODES = 40  # more names than this cannot be read on a page
_GAP = 0.05  # inches between two labels
_SMALLEST, _LARGEST = 0.05, 1.2  # inches: the radius of a node; the largest shrinks with their number


@chart
def plot_network(
    pairs: pd.DataFrame,
    source: str = "source",
    target: str = "target",
    weight: str = "n",
    names: Mapping[str, str] | None = None,
    top: int = 60,
    title: str = "Who stands with whom",
    unit: str = "sentences",
    directed: bool = False,
):
    """Draw the `top` strongest ties between at most 40 names: wide for strong ties, circles for their sum.

    Takes one row a pair, with the columns `source`, `target` and `weight` (a count of `unit`); rows of the
    same two names, in either order, are added up. With `directed` an arrow leads from `source` to `target`,
    and a pair the other way round has its own. `names` gives what to write instead of an id. The places come
    from a force-directed layout (Fruchterman and Reingold 1991), moved apart until no label covers another.
    Raises SCONotesError where there is no pair to draw, or `top` is not from 1 to 100.
    """
    from matplotlib.patheffects import withStroke

    check_whole(top, "top", 1, 100)
    ties = _ties(pairs, source, target, weight, directed)
    if ties.empty:
        raise NothingToDraw("plot_network: no two names stand together, so there is nothing to draw")
    totals = ties.melt("n", value_name="name").groupby("name")["n"].sum()
    shown = _strongest(ties, top)
    nodes = sorted(set(shown["a"]) | set(shown["b"]), key=lambda name: (-totals[name], name))
    labels = [str((names or {}).get(name, name)) for name in nodes]
    place = {name: i for i, name in enumerate(nodes)}
    edges = np.array([(place[a], place[b]) for a, b in zip(shown["a"], shown["b"], strict=True)])
    strength = shown["n"].to_numpy(float) / shown["n"].max()
    largest = _LARGEST / np.sqrt(max(len(nodes), 16))
    radius = np.maximum(np.sqrt(totals[nodes].to_numpy(float) / totals[nodes].max()) * largest, _SMALLEST)
    number = "{:,.0f}".format if (ties["n"] % 1 == 0).all() else "{:,.2f}".format
    shares = f"{_share(shown, ties, 'tie', 'strongest ')}, {_share(nodes, totals, 'name')}"
    ax = new_axes(height=min(3.0 + 0.12 * len(nodes), 7))
    ax.axis("off")
    set_title(ax, title)
    weights = f"{number(shown['n'].min())} to {number(shown['n'].max())}"
    line, what = ("arrow", f"{unit} from {source} to {target}") if directed else ("line", f"{unit} with both")
    set_xlabel(ax, f"{line}: {what} ({weights}); circle: sum of its ties\nshown: {shares}")
    # Data coordinates in inches.
    ax.figure.draw_without_rendering()
    width, height = ax.get_window_extent().size / ax.figure.dpi
    ax.set(xlim=(0, width), ylim=(0, height))
    look = {"ha": "center", "va": "center", "fontsize": 8.5, "zorder": 3}
    look["path_effects"] = [withStroke(linewidth=2.5, foreground="white")]
    lines = [textwrap.wrap(label, 20, max_lines=2, placeholder="…") for label in labels]
    texts = [ax.text(0, 0, drawable("\n".join(pair)), **look) for pair in lines]
    extents = np.array([text.get_window_extent().size for text in texts])
    boxes = np.maximum(extents / ax.figure.dpi / 2, radius[:, None])
    spots = _apart(_layout(len(nodes), edges, np.sqrt(strength)) * [width, height], boxes, width, height)
    for (i, j), s in zip(edges, strength, strict=True):
        grey = {"color": "#4b5563", "linewidth": (0.6 + 6 * s) / (1 + directed), "alpha": 0.3 + 0.3 * s}
        ax.plot(*spots[[i, j]].T, **grey, zorder=1)
        if directed:  # the head is at the middle, where no circle hides it
            head = {"arrowstyle": "-|>", "mutation_scale": 22, "color": "#4b5563", "linewidth": 0}
            ax.annotate("", spots[[i, j]].T @ [0.42, 0.58], spots[[i, j]].T @ [0.44, 0.56], arrowprops=head)
    for spot, size, text in zip(spots, radius, texts, strict=True):
        ax.plot(*spot, "o", markersize=2 * 72 * size, color=BLUE, alpha=0.35, markeredgewidth=0, zorder=2)
        text.set_position(spot)
    rows = [(labels[i], labels[j], n) for (i, j), n in zip(edges, shown["n"], strict=True)]
    strongest = [f"{one} {'to' if directed else 'and'} {other} {number(n)}" for one, other, n in rows]
    busiest = [f"{label} {number(totals[name])}" for label, name in zip(labels, nodes, strict=True)]
    words = (
        f"Network, {small(title)}: {what}; {shares}. Strongest: {listed(strongest, '; ', 15)}. "
        f"Largest sum of ties: {listed(busiest[:5])}."
    )
    cells = [(one, other, n if n % 1 else int(n)) for one, other, n in rows]
    return describe(ax, words, pd.DataFrame(cells, columns=[source, target, weight]))


def _ties(pairs: pd.DataFrame, source: str, target: str, weight: str, directed: bool) -> pd.DataFrame:
    """One row a pair, in alphabetical order unless it has a direction, the strongest first: a, b, n."""
    require_columns(pairs, source, target, weight)
    ends = pairs[[source, target]].astype(str).to_numpy(object)
    ends = ends if directed else np.sort(ends, axis=1)
    ties = pd.DataFrame({"a": ends[:, 0], "b": ends[:, 1], "n": pairs[weight].to_numpy(float)})
    ties = ties[(ties["a"] != ties["b"]) & np.isfinite(ties["n"]) & (ties["n"] > 0)]
    ties = ties.groupby(["a", "b"], as_index=False)["n"].sum()
    return ties.sort_values(["n", "a", "b"], ascending=[False, True, True], ignore_index=True)


def _strongest(ties: pd.DataFrame, top: int) -> pd.DataFrame:
    """The first `top` ties, passing over those that would bring in a name too many."""
    nodes: set[str] = set()
    rows: list[int] = []
    for row, pair in enumerate(zip(ties["a"], ties["b"], strict=True)):
        if len(rows) < top and len(nodes.union(pair)) <= MOST_NODES:
            nodes.update(pair)
            rows.append(row)
    return ties.iloc[rows]


def _layout(n: int, edges: np.ndarray, strength: np.ndarray, rounds: int = 300) -> np.ndarray:
    """Places in the unit square: ties pull, all push each other, and the middle pulls a little."""
    turn = 2 * np.pi * np.arange(n) / n
    spots = np.column_stack([np.cos(turn), np.sin(turn)]) * (0.5 + 0.5 * np.arange(n) / n)[:, None]
    pull = np.zeros((n, n))
    pull[edges[:, 0], edges[:, 1]] = pull[edges[:, 1], edges[:, 0]] = strength
    k = 1 / np.sqrt(n)
    for step in np.linspace(0.2, 0.002, rounds):
        ways = spots[:, None] - spots[None]
        distance = np.maximum(np.sqrt((ways**2).sum(axis=2)), 1e-3)
        force = (ways * ((k / distance) ** 2 - pull * distance / k)[:, :, None]).sum(axis=1) - spots
        length = np.maximum(np.sqrt((force**2).sum(axis=1)), 1e-9)
        spots = spots + force * (np.minimum(length, step) / length)[:, None]
    low, high = spots.min(axis=0), spots.max(axis=0)
    spots = (spots - low) / np.maximum(high - low, 1e-9)
    # Half way to even spacing: a few names far out would otherwise press the others together.
    ranks = spots.argsort(axis=0).argsort(axis=0) / (n - 1)
    return (spots + ranks) / 2


def _apart(spots: np.ndarray, boxes: np.ndarray, width: float, height: float) -> np.ndarray:
    """Give each box, in order, the place nearest to its own where it covers none before it."""
    steps = np.meshgrid(np.arange(0, width, 0.05), np.arange(0, height, 0.05))
    grid = np.column_stack([axis.ravel() for axis in steps])
    placed = np.empty((0, 2))
    for i, (spot, box) in enumerate(zip(spots, boxes, strict=True)):
        inside = np.clip(np.vstack([spot, grid]), box, np.maximum([width, height] - box, box))
        gaps = np.abs(inside[:, None] - placed) - (box + boxes[:i] + _GAP)
        covered = (gaps < 0).all(axis=2).sum(axis=1)
        far = ((inside - spot) ** 2).sum(axis=1)
        placed = np.vstack([placed, inside[np.lexsort([far, covered])[0]]])
    return placed.round(3)


def _share(part: Sized, whole: Sized, what: str, which: str = "") -> str:
    if len(part) < len(whole):
        return f"{which and 'the '}{len(part):,} {which}of {len(whole):,} {what}s"
    return f"all {len(whole):,} {what}s" if len(whole) > 1 else f"one {what}"
