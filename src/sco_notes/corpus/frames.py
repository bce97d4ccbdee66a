"""Frames made by hand, as a student makes them: checked, and brought to the form the library works on."""

import difflib
from collections.abc import Iterable
from datetime import date, datetime

import pandas as pd

from ..errors import SCONotesError, require_columns


def as_documents(table: pd.DataFrame) -> pd.DataFrame:
    """A frame with doc_id and text, its ids as text, each once, and its column date, if any, as EDTF text.

    A year (2001) and a timestamp become text; a missing date becomes "". Nothing else is changed.
    Raises SCONotesError where a column is missing, an id is missing or stands twice, a text is not text.

    >>> as_documents(pd.DataFrame({"doc_id": [1, 2], "text": ["One", "Two"], "date": [2001, None]}))
      doc_id text  date
    0      1  One  2001
    1      2  Two
    """
    if not isinstance(table, pd.DataFrame):
        raise SCONotesError(
            f"documents: a table with the columns doc_id and text is expected, not {type(table).__name__}; "
            "sn.read_corpus makes one"
        )
    require_columns(table, "doc_id", "text")
    missing = table["doc_id"].isna().to_numpy()
    if missing.any():
        raise SCONotesError(f"documents, row {missing.argmax() + 1}: doc_id is missing; give each its own")
    ids = table["doc_id"].astype(str)
    repeated = ids.duplicated().to_numpy()
    if repeated.any():
        doc_id = ids.iloc[repeated.argmax()]
        first, second = ((ids == doc_id).to_numpy().nonzero()[0] + 1)[:2]
        raise SCONotesError(
            f"documents, rows {first} and {second}: doc_id {doc_id!r} stands twice; give each its own"
        )
    for doc_id, text in zip(ids, table["text"], strict=True):
        if not isinstance(text, str):
            raise SCONotesError(
                f"documents, doc_id {doc_id!r}: the text is {text!r}; expected text; fill or remove it"
            )
    table = table.assign(doc_id=ids)
    if "date" not in table.columns:
        return table
    return table.assign(date=[_edtf(day, doc_id) for day, doc_id in zip(table["date"], ids, strict=True)])


def as_counts(table: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """A frame with doc_id, term, n (and `columns`), without the rows that count nothing.

    Raises SCONotesError where a column is missing or n is no number of 0 or more.

    >>> len(as_counts(pd.DataFrame({"doc_id": ["a", "a"], "term": ["peace", "war"], "n": [2, 0]})))
    1
    """
    require_columns(table, "doc_id", "term", "n", *columns)
    n = table["n"]
    counts = n >= 0 if pd.api.types.is_numeric_dtype(n) else pd.Series(False, table.index)
    counts = counts.fillna(False).to_numpy(bool)
    if not counts.all():
        row = int((~counts).argmax())
        raise SCONotesError(f"counts, row {row + 1}: n is {n.iloc[row]!r}; a number of 0 or more is expected")
    return table if (n > 0).all() else table[n > 0]


def as_mentions(table: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    """A frame with doc_id, start, end, its ids as text and its places whole numbers inside their documents.

    `documents` is what `as_documents` returns. Raises SCONotesError where a column is missing and for the
    first row whose place is none.
    """
    require_columns(table, "doc_id", "start", "end")
    ids = table["doc_id"].astype(str)
    start, end = (pd.to_numeric(table[name], errors="coerce") for name in ("start", "end"))
    whole = ((start % 1 == 0) & (end % 1 == 0) & (start < end)).to_numpy()
    if not whole.all():
        row = int((~whole).argmax())
        raise SCONotesError(
            f"mention {row + 1}: start {table['start'].iloc[row]} and end {table['end'].iloc[row]} are no "
            "place in a text; two whole numbers are expected, the first smaller"
        )
    sizes = dict(zip(documents["doc_id"], map(len, documents["text"]), strict=True))
    outside = ~((start >= 0) & (end <= [sizes.get(doc_id, -1) for doc_id in ids])).to_numpy()
    if outside.any():
        row = int(outside.argmax())
        raise SCONotesError(
            f"mention {row + 1}: document {ids.iloc[row]!r} has no characters {start.iloc[row]:.0f} to "
            f"{end.iloc[row]:.0f}; do the mentions belong to these documents?"
        )
    return table.assign(doc_id=ids, start=start.astype("int64"), end=end.astype("int64"))


def as_scored(table: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Scored mentions (with `columns`), those without a valence left out, with an index of their own.

    Raises SCONotesError where a column is missing, for the first row whose valence is no number from -1 to 1,
    and for the first that has a valence but no actor, doc_id or sentence.
    """
    needed = ["actor", "doc_id", "sentence"]
    require_columns(table, *columns, *needed, "valence")
    known = table["valence"].notna().to_numpy()
    valence = pd.to_numeric(table["valence"], errors="coerce")
    is_text = table["valence"].map(type).eq(str).to_numpy()
    is_wrong = known & ~(valence.between(-1, 1).to_numpy(bool) & ~is_text)
    if is_wrong.any():
        row = int(is_wrong.argmax())
        raise SCONotesError(
            f"scored mentions, row {row + 1}: valence is {table['valence'].iloc[row]!r}; a number from -1 "
            "to 1 is expected, as score_mentions gives it (divide a scale of your own by its largest value)"
        )
    for name in needed:
        is_missing = known & table[name].isna().to_numpy()
        if is_missing.any():
            raise SCONotesError(
                f"scored mentions, row {is_missing.argmax() + 1}: {name} is missing; fill it or remove "
                "the row"
            )
    return table[known].assign(valence=valence[known].astype(float)).reset_index(drop=True)


def check_choice(name: str, value: str, choices: Iterable[str]) -> None:
    """Raise SCONotesError where the value of a parameter is none of those there are, naming the nearest.

    >>> check_choice("voice", "author", ["all", "author", "quoted"])
    """
    known = list(dict.fromkeys(choices))
    if value not in known:
        near = difflib.get_close_matches(str(value), known, 1, 0.5)
        hint = f"did you mean {near[0]!r}?" if near else f"choose one of {', '.join(map(repr, known[:40]))}"
        raise SCONotesError(f"{name} = {value!r}: there is none of that name; {hint}")


def _edtf(day: object, doc_id: str) -> str:
    if isinstance(day, str):
        return day
    if pd.isna(day):
        return ""
    if isinstance(day, date | datetime):  # a Timestamp is one
        return f"{day.year:04}-{day.month:02}-{day.day:02}"
    if isinstance(day, int | float) and day % 1 == 0:  # with a gap in the column pandas makes years floats
        return f"{int(day):04}"
    raise SCONotesError(f"documents, doc_id {doc_id!r}: date {day!r}; expected text such as '2024-07-03'")
