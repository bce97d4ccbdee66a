"""Charts of where things stand in the texts."""

import textwrap

import numpy as np
import pandas as pd

from ..errors import NothingToDraw, SCONotesError, require_columns
from .figure import BLUE, chart, describe, listed, new_axes, set_title, set_xlabel, small

MOST_SERIES = 12
MOST_STROKES = 400
_GAPS = 0.1  # of the width, all together


@chart
def plot_dispersion(
    places: pd.DataFrame,
    documents: pd.DataFrame,
    series: str | None = None,
    by: str | None = None,
    title: str = "Where it stands in the texts",
):
    """Draw an x-ray of the texts: a stroke at each place, the documents side by side, as wide as long.

    `places` is any table with doc_id and start: a concordance, mentions, events; the column `series` parts
    its rows into lines (of the commonest twelve). `documents` are all documents in their order, with their
    text, or the table of their sentences (doc_id, end). With `by`, a column of the documents such as year,
    gaps stand between its groups instead of between documents. Raises SCONotesError where no place is drawn.
    """
    require_columns(places, "doc_id", "start", *([series] if series else []))
    if by in documents and documents[by].nunique() < 2:
        by = None  # one year parts nothing
    extents = _extents(documents, by)
    places = places.assign(doc_id=places["doc_id"].astype(str))
    places = places[places["doc_id"].isin(extents.index)]
    if places.empty:
        where = f"a document that states its {by}" if by else "these documents"
        raise NothingToDraw(f"plot_dispersion: none of the places lies in {where}: there is nothing to draw")
    lines = list(places[series].astype(object).value_counts().index) if series else [None]
    shown = lines[:MOST_SERIES]
    where = extents["begin"][places["doc_id"]].to_numpy() + places["start"].to_numpy()
    left_out = f"; {len(lines) - len(shown)} rarer ones left out" if len(lines) > len(shown) else ""
    blocks = extents.groupby("block", sort=False).agg(begin=("begin", "min"), end=("end", "max"))
    block = "tenth of the text" if len(blocks) == 1 else by or "document"
    ax = new_axes(height=1.5 + 0.42 * len(shown))
    labels, texts, dense = [], [], False
    for y, line in enumerate(shown):
        own = (places[series] == line).to_numpy() if series else np.ones(len(places), bool)
        dense |= own.sum() > MOST_STROKES
        _strokes(ax, where[own], y, extents["end"].max())
        among = f"{own.sum():,}"
        if len(extents) > 1:
            among += f" in {places['doc_id'][own].nunique():,} of {len(extents):,} documents"
        labels.append(f"{line}\n{among}" if series else among)
        texts.append(labels[-1].replace("\n", " "))
    _shade(ax, blocks, len(shown), by)
    ax.set_yticks(range(len(shown)), labels, fontsize=9)
    ax.set_ylim(len(shown) - 0.5, -0.5)
    ax.set_xlim(extents["begin"].min(), extents["end"].max())
    ax.grid(visible=False)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    set_title(ax, title)
    what = "characters" if len(blocks) == 1 else f"the texts side by side, by {block}"
    shades = f"; in rows of more than {MOST_STROKES:,} places: the darker, the more" if dense else ""
    set_xlabel(ax, f"{what}{shades}{left_out}")
    inside, most = _by_block(blocks, where, block)
    text = f"Dispersion plot, {small(title)}: {listed(texts, '; ')}{left_out}. {most}"
    table = pd.DataFrame({block: inside}, places.index)
    if series:
        table.insert(0, series, places[series].astype(str))
    table = table.groupby(list(table), observed=True).size().reset_index(name="n")
    return describe(ax, text, table)


def _strokes(ax, where: np.ndarray, y: float, end: float) -> None:
    """A stroke for each place, or where strokes would run together, shades by how many fall into a bin."""
    if len(where) <= MOST_STROKES:
        # One path with breaks: a path for each stroke would make a page of megabytes.
        heights = np.tile([y - 0.38, y + 0.38, np.nan], len(where))
        ax.plot(np.repeat(where, 3), heights, color=BLUE, linewidth=1, solid_capstyle="butt")
        return
    counts = np.histogram(where, bins=MOST_STROKES, range=(0, end))[0].astype(float)
    shades = np.ma.masked_equal(counts[None], 0)
    least = -0.3 * counts.max()  # so that one occurrence is seen as well
    extent = (0, end, y + 0.38, y - 0.38)
    look = {"cmap": "Blues", "aspect": "auto", "interpolation": "nearest", "zorder": 1}
    ax.imshow(shades, vmin=least, extent=extent, **look)


def _extents(documents: pd.DataFrame, by: str | None) -> pd.DataFrame:
    """Where each document begins and ends on the common axis, by doc_id: begin, end, block."""
    require_columns(documents, "doc_id", *([by] if by else []))
    documents = documents.assign(doc_id=documents["doc_id"].astype(str))
    if "text" in documents:
        length = documents.set_index("doc_id")["text"].map(len).astype("int64")
    elif "end" in documents:
        length = documents.groupby("doc_id", sort=False, observed=True)["end"].max()
    else:
        raise SCONotesError(
            "plot_dispersion: the documents have no text and no end, so their length is not known; give the "
            "table of their sentences instead"
        )
    first = documents.drop_duplicates("doc_id").set_index("doc_id")
    extents = pd.DataFrame({"length": length, "block": first[by] if by else first.index})
    if by:
        extents = extents[extents["block"].notna()].sort_values("block", kind="stable")
        extents["block"] = extents["block"].astype(str)
    gaps = (extents["block"] != extents["block"].shift()).cumsum() - 1
    gap = extents["length"].sum() * min(0.004, _GAPS / (gaps.max() + 1))
    extents["end"] = extents["length"].cumsum() + gaps * gap
    return extents.assign(begin=extents["end"] - extents["length"])


def _shade(ax, blocks: pd.DataFrame, n_lines: int, by: str | None) -> None:
    """Every block of text on a grey ground, so that gaps show; names below those that have the room."""
    end = blocks["end"].max()
    spans = list(zip(blocks["begin"], blocks["end"] - blocks["begin"], strict=True))
    ground = spans if len(spans) <= MOST_STROKES else [(0, end)]
    for y in range(n_lines):
        ax.broken_barh(ground, (y - 0.42, 0.84), color="#eef0f3", linewidth=0, zorder=0)
    if len(blocks) == 1:
        return
    names = [textwrap.shorten(str(name), 24, placeholder="…") for name in blocks.index]
    candidates = list(range(len(names)))
    if not by and len(names) > 12:  # ids are long: the number of every so manieth document is written
        names = [str(number) for number in range(1, len(names) + 1)]
        candidates = candidates[:: -(-len(names) // 20)]
    scale = 7.4 / ax.figure.get_figwidth()
    upright = sum(len(names[i]) for i in candidates) > 50 / scale
    room = [scale**1.5 * (0.028 if upright else 0.0115 * (len(name) + 1)) for name in names]
    middles = ((blocks["begin"] + blocks["end"]) / 2 / end).tolist()
    kept: list[int] = []
    for i in sorted(candidates, key=lambda i: -spans[i][1]):  # the wide ones first
        if all(abs(middles[i] - middles[j]) >= (room[i] + room[j]) / 2 for j in kept):
            kept.append(i)
    at, labels = [middles[i] * end for i in kept], [names[i] for i in kept]
    ax.set_xticks(at, labels, fontsize=8, rotation=90 * upright)


def _by_block(blocks: pd.DataFrame, where: np.ndarray, block: str) -> tuple[pd.Categorical, str]:
    """The block of each place (of one text, its tenths), and in words where most are."""
    if len(blocks) == 1:
        begin, end = blocks.iloc[0]
        tenths = np.minimum((10 * (where - begin) / (end - begin)).astype(int), 9)
        inside = pd.Categorical.from_codes(tenths, [str(number) for number in range(1, 11)])
        return inside, f"Occurrences by {block}: {', '.join(map(str, inside.value_counts()))}."
    numbers = np.searchsorted(blocks["begin"], where, side="right") - 1
    inside = pd.Categorical.from_codes(numbers, list(map(str, blocks.index)))
    most = inside.value_counts().sort_values(ascending=False, kind="stable").head(5)
    return inside, f"Most by {block}: {listed([f'{name} {n:,}' for name, n in most.items() if n])}."
