"""The one error a user meets: something in the input, said in a line that tells what to do."""

import difflib
import re
import traceback
from collections.abc import Iterable
from numbers import Integral


class SCONotesError(Exception):
    """Bad input. The message names the file, the row or byte, what is wrong and the remedy.

    The command line prints it as one line and exits with 2. What has no blank for hundreds of letters is cut.
    """

    def __init__(self, message: str):
        super().__init__(re.sub(r"(\S{80})\S{200,}(\S{80})", r"\1…\2", message))

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows: the line of the cell and the message, not the inside of the library."""
        places = [one for one in traceback.extract_tb(self.__traceback__) if "ipykernel_" in one.filename]
        return [*(f"line {one.lineno}: {one.line}" for one in places), f"{type(self).__name__}: {self}"]


class NothingToDraw(SCONotesError):
    """A table without anything to draw: in a notebook the chart is then a sentence."""


def printable(text: str) -> str:
    """Text that a terminal shows and does not obey: control characters become visible."""
    return "".join(c if c.isprintable() or c == "\n" else repr(c)[1:-1] for c in text)


def counted(n: int, one: str, many: str = "") -> str:
    """Return a number with its noun, or with other words that follow its number, for a sentence.

    >>> counted(1, "document"), counted(1200, "sentence"), counted(2, "fact is", "facts are")
    ('1 document', '1,200 sentences', '2 facts are')
    """
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def shown(text: str, most: int = 100) -> str:
    """Text of a file as part of one line, `most` characters of it."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def nearest(value: object, known: Iterable, cutoff: float = 0.5) -> str:
    """The known name that is spelled most like a value, or "" where none is near."""
    return next(iter(difflib.get_close_matches(str(value), map(str, known), 1, cutoff)), "")


def hint(value: object, known: Iterable, cutoff: float = 0.5) -> str:
    """Return the remedy for an unknown name: the nearest one, and all there are where they are few.

    >>> hint("yaer", ["year", "decade"])
    "did you mean 'year'? (known: year, decade)"
    """
    known = [*map(str, known)]
    near = nearest(value, known, cutoff)
    every = f"known: {', '.join(known[:40]) or 'none'}"
    return f"did you mean {near!r}?{f' ({every})' * (len(known) <= 8)}" if near else every


def some(items: list[str], most: int = 5) -> str:
    """The first few of many, with the number of the rest."""
    more = f" (and {len(items) - most} more)" if len(items) > most else ""
    return "; ".join(items[:most]) + more


def require_columns(table, *columns: str, name: object = "") -> None:
    """Raise where a table lacks one of the columns, naming what it has instead; `name` is its file."""
    names = ", ".join(map(str, columns))
    expected = f"{name}{': ' if name else ''}a table with the columns {names} is expected"
    if not hasattr(table, "columns"):
        raise SCONotesError(f"{expected}, not {type(table).__name__}")
    for missing in [column for column in columns if column not in table.columns]:
        near = nearest(missing, table.columns)
        hint = f"; is it {near!r}? Rename it" if near and near not in columns else ""
        found = ", ".join(map(str, table.columns))
        raise SCONotesError(f"{expected}; yours has no column {missing!r} (it has {found}){hint}")


def check_whole(value, name: str, least: int = 1, most: int | None = None) -> None:
    """Raise where an argument is no whole number in its range."""
    is_whole = isinstance(value, Integral) and not isinstance(value, bool)
    if not is_whole or value < least or (most is not None and value > most):
        wanted = f"of {least} or more" if most is None else f"from {least} to {most}"
        raise SCONotesError(f"{name} = {value!r}: a whole number {wanted} is expected")
