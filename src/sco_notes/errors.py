"""The one error a user meets: something in the input, said in a line that tells what to do."""

from numbers import Integral


class SCONotesError(Exception):
    """Bad input. The message names the file, the row or byte, what is wrong and the remedy.

    The command line prints it as one line and exits with 2.
    """


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


def require_columns(table, *columns: str) -> None:
    """Raise where a table lacks one of the columns, naming what it has instead."""
    if not hasattr(table, "columns"):
        raise SCONotesError(
            f"a table with the columns {', '.join(columns)} is expected, not {type(table).__name__}"
        )
    missing = [name for name in columns if name not in table.columns]
    if missing:
        raise SCONotesError(
            f"a table with the columns {', '.join(columns)} is expected; yours has no column {missing[0]!r} "
            f"(it has {', '.join(map(str, table.columns))})"
        )


def check_whole(value, name: str, least: int = 1, most: int | None = None) -> None:
    """Raise where an argument is no whole number in its range."""
    is_whole = isinstance(value, Integral) and not isinstance(value, bool)
    if not is_whole or value < least or (most is not None and value > most):
        upper = "" if most is None else f" to {most}"
        raise SCONotesError(f"{name} = {value!r}: a whole number from {least}{upper} is expected")
