"""How every chart is made: one style, and no figure without its description in words.

A function marked `chart` begins with `new_axes` and ends by `finish` or `describe`, which demand the
alternative text. In a notebook the figure is then shown as SVG with that text, in the same bytes every time.
"""

import base64
import io
import os
import textwrap
import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, wraps
from html import escape
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from .table_html import table_html

if TYPE_CHECKING:  # matplotlib is imported where a figure is made
    from matplotlib.axes import Axes

# Blue and red of Okabe and Ito (2008), the others darkened until each stands out from white (3:1) and no two
# come near each other for a colour-blind reader or in grey; tests/test_look.py measures it.
BLUE, RED, GREEN, PURPLE, BROWN, SKY, GREY = (
    "#0072B2", "#D55E00", "#006644", "#550077", "#663300", "#3399DD", "#6b7280",
)  # fmt: skip
# Colour, marker and line of each series: in grey print the last two tell them apart.
SERIES = [
    (BLUE, "o", "-"), (RED, "s", "--"), (GREEN, "^", "-."), (PURPLE, "D", ":"),
    (SKY, "v", (0, (5, 1, 1, 1, 1, 1))), (BROWN, "P", (0, (8, 2))), ("#000000", "X", (0, (2, 1))),
]  # fmt: skip
STYLE = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
LONGEST_LINE = 200  # letters, in a chart: a label of thousands makes a picture of gigabytes
NOT_STATED = "not stated"  # the label of documents whose column is empty
CSV = "application/vnd.sco-notes.table+csv"
FIGURE_TABLE = "application/vnd.sco-notes.figure-table+html"
NARROW_SVG = "application/vnd.sco-notes.narrow+svg"
PHONE = 3.6  # inches: a page of 390 pixels between its margins
A_LINE = 0.17  # inches
MOST_LETTERS = 24  # in a line of a label on a phone

_width = ContextVar("width", default=14.0)
_described: WeakKeyDictionary = WeakKeyDictionary()  # the words and the table of a figure, as a page has them
_again: WeakKeyDictionary = WeakKeyDictionary()  # what draws a figure once more


def alternative_text(ax: "Axes") -> str:
    """What the chart shows, in words, for those who cannot see it."""
    return _described.get(ax.figure, {}).get("text/plain", "")


def style():
    import matplotlib.pyplot as plt

    # Loads the backend: in a notebook that turns interactive mode on, which rc_context would undo again.
    plt.draw_if_interactive()
    return plt.rc_context(STYLE)


def chart(plot: Callable) -> Callable:
    """A function that draws in our style; for a page its chart is drawn once more, as wide as a phone."""

    @wraps(plot)
    def drawn(*args, **kwargs):
        with style():
            ax = plot(*args, **kwargs)
        _again[ax.figure] = lambda: drawn(*args, **kwargs)
        ax.figure.stale = False  # it is drawn when it is shown; pyplot would draw it once more before
        return ax

    return drawn


def new_axes(width: float = 7.4, height: float = 4.0):
    """New axes on a figure that a notebook shows as SVG, with the alternative text."""
    import matplotlib.pyplot as plt
    from IPython.core.getipython import get_ipython

    figure, ax = plt.subplots(figsize=(min(width, _width.get()), min(height, 14)), layout="constrained")
    shell = get_ipython()
    if shell is not None and shell.display_formatter is not None:
        # pyplot's own backend sets PNG, without text.
        shell.display_formatter.mimebundle_formatter.for_type(type(figure), _shown)
        # Axes as the last line of a cell are not written out beside their chart.
        shell.display_formatter.ipython_display_formatter.for_type(type(ax), lambda axes: None)
    return ax


@contextmanager
def narrow(width: float = 5.2) -> Iterator[None]:
    """Charts made in here are at most so many inches wide, with type of the same size."""
    before = _width.set(width)
    try:
        yield
    finally:
        _width.reset(before)


def is_for_phone() -> bool:
    return _width.get() <= PHONE


def grow(ax, lines: float) -> None:
    """Make a chart for a phone so many lines of text higher."""
    if is_for_phone():
        ax.figure.set_figheight(ax.figure.get_figheight() + A_LINE * lines)


def set_title(ax, text: str) -> None:
    """A title over the whole figure: over the axes alone it is cut off where their labels are long."""
    ax.figure.suptitle(_lines(ax, text, 10.4), x=0.01, ha="left", fontsize=11, fontweight="bold")


def set_xlabel(ax, text: str) -> None:
    ax.figure.supxlabel(_lines(ax, text, 13.5), fontsize=10)


def _lines(ax, text: str, an_inch: float) -> str:
    """Lines of as many characters as the figure is wide; a narrow one grows by them."""
    width = int(an_inch * ax.figure.get_figwidth())
    parts = drawable(text).split("\n")
    lines = [line for part in parts for line in textwrap.wrap(part, width, break_on_hyphens=False)]
    grow(ax, len(lines) - 1)
    return "\n".join(lines)


def describe(ax, text: str, table: pd.DataFrame | None = None):
    """Finish a chart: what it shows in words, and the table behind it, which a page folds away under it.

    A character that the font does not have (Chinese, say) is drawn as its number; words and table have it.
    """
    if _number_undrawable(ax.figure):
        note = ax.figure.get_supxlabel()
        more = "U+: a character that this font does not have; the words of the figure have it"
        set_xlabel(ax, f"{note}\n{more}" if note and more not in note else more)
    for panel in ax.figure.axes if is_for_phone() else ():
        names = [label.get_text() for label in panel.get_yticklabels()]
        if max(map(len, names), default=0) > MOST_LETTERS:
            panel.set_yticks(panel.get_yticks(), [folded(name) for name in names], fontsize=8)
    bundle = _described[ax.figure] = {"text/plain": text}
    if table is not None:
        bundle[FIGURE_TABLE] = table_html(table, "The numbers of the figure")
        bundle[CSV] = table.to_csv(index=False, lineterminator="\n")
    return ax


def finish(ax, title: str, xlabel: str, text: str, table: pd.DataFrame):
    """Give a chart its title and the text below it, then describe it."""
    set_xlabel(ax, xlabel)
    set_title(ax, title)
    return describe(ax, text, table)


def folded(name: str) -> str:
    """A long label in two lines, its count in one piece."""
    parts = name.replace(" = ", "\u00a0=\u00a0").replace("  ", " ").split("\n")
    return "\n".join(textwrap.fill(part, max(MOST_LETTERS, len(part) // 2 + 5)) for part in parts)


def small(title: str) -> str:
    """A title inside a sentence."""
    return title[:1].lower() + title[1:]


def ink_on(colour) -> str:
    """Black or white, whichever is read better on a colour: at least 4.5:1 on any."""
    from matplotlib.colors import to_rgb

    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]  # WCAG 2
    return "black" if luminance > 0.179 else "white"


def _shown(figure, include=None, exclude=None) -> dict:
    again = _again.get(figure) if os.environ.get("SCO_NOTES_PAGE") and not figure.stale else None
    described, drawing = _described.get(figure, {"text/plain": "Figure"}), svg(figure)
    source = f"data:image/svg+xml;base64,{base64.b64encode(drawing.encode()).decode()}"
    # JupyterLab shows image/svg+xml without alternative text, and prefers HTML to it.
    html = f'<img class="sco-figure" alt="{escape(described["text/plain"])}" src="{source}">'
    phone = {NARROW_SVG: _for_phone(again)} if again else {}
    return {"text/html": html, "image/svg+xml": drawing, **described, **phone}


def _for_phone(draw: Callable) -> str:
    import matplotlib.pyplot as plt

    with narrow(PHONE):
        figure = draw().figure
        try:
            return svg(figure)
        finally:
            plt.close(figure)


def svg(figure) -> str:
    if engine := figure.get_layout_engine():
        engine.execute(figure)  # once more than savefig does: it comes nearer each time
    buffer = io.BytesIO()
    with style():
        figure.savefig(buffer, format="svg", metadata=dict.fromkeys(["Date", "Creator", "Format", "Type"]))
    return buffer.getvalue().decode()


def whiskers(ax, low: Sequence, high: Sequence, y: Sequence, colour: str = "#374151") -> None:
    """Lines from low to high, on a white rim so that they show on a bar as well; none where unknown."""
    ends = np.array([y, low, high], float)
    ends = ends[:, np.isfinite(ends[1])]
    ax.hlines(*ends, color="white", linewidth=3.2, zorder=1.5)
    ax.hlines(*ends, color=colour, linewidth=1.4)


def shortened(text: object, most: int = 40) -> str:
    """A text as a label: drawing one of a million letters takes minutes, and leaves no room for the chart."""
    if len(name := str(text)) <= most:
        return name
    whole = name[: most - 1].rpartition(" ")[0]  # between two words, unless that leaves little
    return (whole if len(whole) > most / 2 else name[: most - 1]).rstrip(" ,;:") + "…"


def listed(items: Sequence[str], separator: str = ", ", most: int = 20) -> str:
    more = f"{separator}and {len(items) - most} more" if len(items) > most else ""
    return separator.join(items[:most]) + more


def drawable(text: str) -> str:
    """A text with each run of characters that the font does not have as their numbers, long lines cut.

    >>> drawable("Си Цзиньпин, 习近平")
    'Си Цзиньпин, [U+4E60 U+8FD1 U+5E73]'
    """
    runs = groupby(text, lambda letter: letter == "\n" or ord(letter) in _glyphs())
    drawn = "".join(
        "".join(run) if known else f"[{' '.join(f'U+{ord(letter):04X}' for letter in run)}]"
        for known, run in runs
    )
    return "\n".join(shortened(line, LONGEST_LINE) for line in drawn.split("\n"))


@cache
def _glyphs() -> frozenset[int]:
    """The characters that the font of all charts has."""
    from matplotlib.font_manager import findfont, get_font

    return frozenset(get_font(findfont(STYLE["font.family"])).get_charmap())


def _number_undrawable(figure) -> bool:
    """Make every text of a figure drawable; whether there are numbers in it now."""
    from matplotlib.text import Text
    from matplotlib.ticker import FixedFormatter, FuncFormatter

    shown = []
    for axis in (axis for ax in figure.axes for axis in (ax.xaxis, ax.yaxis)):
        names = axis.get_major_formatter()
        if isinstance(names, FixedFormatter | FuncFormatter):  # texts of ticks are made when it is drawn
            labels = names.format_ticks(axis.get_ticklocs())
            if (drawn := [drawable(label) for label in labels]) != labels:
                axis.set_ticks(axis.get_ticklocs(), drawn)
            shown += drawn
    for text in figure.findobj(Text):
        text.set_text(drawable(text.get_text()))
        shown.append(text.get_text())
    return any("[U+" in text for text in shown)
