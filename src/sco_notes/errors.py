"""The one error a user meets: something in the input, said in a line that tells what to do."""


class SCONotesError(Exception):
    """Bad input. The message names the file, the row or byte, what is wrong and the remedy.

    The command line prints it as one line and exits with 2.
    """


def printable(text: str) -> str:
    """Text that a terminal shows and does not obey: control characters become visible."""
    return "".join(c if c.isprintable() or c == "\n" else repr(c)[1:-1] for c in text)


def require_columns(table, *columns: str) -> None:
    """Raise where a table lacks one of the columns, naming what it has instead."""
    missing = [name for name in columns if name not in table.columns]
    if missing:
        raise SCONotesError(
            f"a table with the columns {', '.join(columns)} is expected; yours has no column {missing[0]!r} "
            f"(it has {', '.join(map(str, table.columns))})"
        )
