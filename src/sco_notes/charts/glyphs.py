"""What the font of the charts can draw, and what stands for the rest: no empty boxes."""

from functools import cache
from itertools import groupby

FONT = "DejaVu Sans"  # matplotlib brings it: the same picture everywhere; Latin, Greek, Cyrillic and more


def drawable(text: str) -> str:
    """A text with each run of characters that the font does not have as their numbers.

    >>> drawable("Си Цзиньпин, 习近平")
    'Си Цзиньпин, [U+4E60 U+8FD1 U+5E73]'
    """
    runs = groupby(text, lambda letter: letter == "\n" or ord(letter) in _glyphs())
    return "".join(
        "".join(run) if known else f"[{' '.join(f'U+{ord(letter):04X}' for letter in run)}]"
        for known, run in runs
    )


@cache
def _glyphs() -> frozenset[int]:
    """The characters that the font of all charts has."""
    from matplotlib.font_manager import findfont, get_font

    return frozenset(get_font(findfont(FONT)).get_charmap())


def number_undrawable(figure) -> bool:
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
