"""Frames made by hand, as a student makes them: checked, and brought to the form the library works on."""

from collections.abc import Iterable
from datetime import date

import numpy as np
import pandas as pd

from ..errors import SCONotesError, hint, require_columns, some


def as_documents(table: pd.DataFrame) -> pd.DataFrame:
    """Return a frame with doc_id and text, its ids as text, and its column date, if any, as EDTF text.

    A year (2001) and a timestamp become text; a missing date becomes "". Nothing else is changed.
    Raises SCONotesError where a column is missing, an id is missing or repeated, a text is not text.

    >>> as_documents(pd.DataFrame({"doc_id": [1, 2], "text": ["One", "Two"], "date": [2001, None]}))
      doc_id text  date
    0      1  One  2001
    1      2  Two
    """
    require_columns(table, "doc_id", "text", name="documents")
    ids = table["doc_id"].astype(str)
    if faults := faulty_ids(ids.set_axis(range(1, len(ids) + 1)), table["doc_id"].isna()):
        raise SCONotesError(f"documents, {some(list(faults.values()))}")
    for doc_id, text in zip(ids, table["text"], strict=True):
        if not isinstance(text, str):
            raise SCONotesError(f"documents, doc_id {doc_id!r}: the text is {text!r}; expected text")
    table = table.assign(doc_id=ids)
    if "date" not in table.columns:
        return table
    return table.assign(date=[_edtf(day, doc_id) for day, doc_id in zip(table["date"], ids, strict=True)])


def faulty_ids(ids: pd.Series, is_missing: pd.Series) -> dict[int, str]:
    """Name the rows, by their number in the index, whose id is missing or was used in a row before.

    >>> ids = pd.Series(["a", "", "a"], index=[1, 2, 3])
    >>> faulty_ids(ids, ids == "")
    {2: 'row 2: doc_id is missing; give it one', 3: "rows 1 and 3: doc_id 'a' is repeated; give each its own"}
    """
    faults: dict[int, str] = {}
    first: dict[str, int] = {}
    for row, doc_id, missing in zip(ids.index, ids, is_missing, strict=True):
        if missing:
            faults[row] = f"row {row}: doc_id is missing; give it one"
        elif first.setdefault(doc_id, row) != row:
            faults[row] = f"rows {first[doc_id]} and {row}: doc_id {doc_id!r} is repeated; give each its own"
    return faults


def as_counts(table: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Return a frame with doc_id, term, n (and `columns`), without the rows that count nothing.

    Raises SCONotesError where a column is missing or n is no number of 0 or more.

    >>> len(as_counts(pd.DataFrame({"doc_id": ["a", "a"], "term": ["peace", "war"], "n": [2, 0]})))
    1
    """
    require_columns(table, "doc_id", "term", "n", *columns)
    n = table["n"]
    is_count = n >= 0 if pd.api.types.is_numeric_dtype(n) else pd.Series(False, table.index)
    if (row := _first(~is_count.fillna(False).to_numpy(bool))) is not None:
        raise SCONotesError(f"counts, row {row + 1}: n is {n.iloc[row]!r}; a number of 0 or more is expected")
    return table if (n > 0).all() else table[n > 0]


def as_mentions(table: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    """Return a frame with doc_id, start, end, its ids as text, its places inside their documents.

    `documents` is what `as_documents` returns. Raises SCONotesError where a column is missing and for the
    first row whose place is none.
    """
    require_columns(table, "doc_id", "start", "end")
    ids = table["doc_id"].astype(str)
    # As numpy has them: numbers of pyarrow know no remainder.
    numbers = [pd.to_numeric(table[name], errors="coerce") for name in ("start", "end")]
    start, end = (pd.Series(n.to_numpy(float, na_value=np.nan), table.index) for n in numbers)
    is_place = (start % 1 == 0) & (end % 1 == 0) & (start < end)
    if (row := _first(~is_place)) is not None:
        place = f"start {table['start'].iloc[row]} and end {table['end'].iloc[row]} are no place in a text"
        raise SCONotesError(f"mention {row + 1}: {place}; whole numbers, the first smaller")
    sizes = dict(zip(documents["doc_id"], map(len, documents["text"]), strict=True))
    is_inside = (start >= 0) & (end <= [sizes.get(doc_id, -1) for doc_id in ids])
    if (row := _first(~is_inside)) is not None:
        place = f"document {ids.iloc[row]!r} has no characters {start.iloc[row]:.0f} to {end.iloc[row]:.0f}"
        raise SCONotesError(f"mention {row + 1}: {place}; do the mentions belong to these documents?")
    return table.assign(doc_id=ids, start=start.astype("int64"), end=end.astype("int64"))


def as_scored(table: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Return scored mentions (with `columns`), those without a valence left out, with an index of their own.

    Raises SCONotesError where a column is missing, for the first row whose valence is no number from -1 to 1,
    and for the first that has a valence but no actor, doc_id or sentence.
    """
    needed = ["actor", "doc_id", "sentence"]
    require_columns(table, *columns, *needed, "valence")
    known = table["valence"].notna().to_numpy()
    valence = pd.to_numeric(table["valence"], errors="coerce")
    is_text = table["valence"].map(type).eq(str)
    if (row := _first(known & ~(valence.between(-1, 1) & ~is_text))) is not None:
        given = f"scored mentions, row {row + 1}: valence is {table['valence'].iloc[row]!r}"
        remedy = "as score_mentions gives it (divide a scale of your own by its largest value)"
        raise SCONotesError(f"{given}; a number from -1 to 1 is expected, {remedy}")
    for name in needed:
        if (row := _first(known & table[name].isna())) is not None:
            raise SCONotesError(f"scored mentions, row {row + 1}: {name} is missing; fill it")
    return table[known].assign(valence=valence[known].astype(float)).reset_index(drop=True)


def check_choice(name: str, value: str, choices: Iterable[str]) -> None:
    """Raise SCONotesError where the value of a parameter is none of those there are, naming the nearest.

    >>> check_choice("voice", "author", ["all", "author", "quoted"])
    """
    known = list(dict.fromkeys(choices))
    if value not in known:
        raise SCONotesError(f"{name} = {value!r}: unknown value; {hint(value, known, 0.6)}")


def _first(wrong) -> int | None:
    """The place of the first row that is wrong."""
    rows = np.flatnonzero(wrong)
    return int(rows[0]) if len(rows) else None


def _edtf(day: object, doc_id: str) -> str:
    if isinstance(day, str):
        return day
    if pd.isna(day):
        return ""
    if isinstance(day, date):  # as datetime and Timestamp are
        return f"{day.year:04}-{day.month:02}-{day.day:02}"
    if isinstance(day, int | float) and day % 1 == 0:  # with a gap in the column pandas makes years floats
        return f"{int(day):04}"
    raise SCONotesError(f"documents, doc_id {doc_id!r}: date {day!r}; expected text such as '2024-07-03'")
