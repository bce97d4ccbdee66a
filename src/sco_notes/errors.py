"""The one error a user meets: something in the input, said in a line that tells what to do."""

from numbers import Integral


class SCONotesError(Exception):
    """Bad input. The message names the file, the row or byte, what is wrong and the remedy.

    The command line prints it as one line and exits with 2.
    """


def printable(text: str) -> str:
    """Text that a terminal shows and does not obey: control characters become visible."""
    return "".join(c if c.isprintable() or c == "\n" else repr(c)[1:-1] for c in text)


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
