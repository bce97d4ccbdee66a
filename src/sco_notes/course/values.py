"""Turn values into plain data with their exact types, so that a verdict never trusts a submitted object.

`plain` turns a value into dictionaries and lists that JSON can hold; `difference` compares two such values.
An object of any class of one's own, even one derived from a number, is of the type "other": its `__eq__` is
never asked.
"""

from math import isclose, isfinite

MAX_PARTS = 20_000  # of one answer; no task asks for more
TOLERANCE = 1e-6  # relative, and absolute below 1
_SCALARS = {bool: "yes/no", int: "number", float: "number", str: "text"}


def plain(value) -> dict:
    """Return a value as {"type": ..., "value": ...}, types being nothing, yes/no, number, text, list,
    mapping, table, unanswered (`...`), too large or other. Arrays and columns are lists.

    >>> plain([1, "a"])
    {'type': 'list', 'value': [{'type': 'number', 'value': 1}, {'type': 'text', 'value': 'a'}]}
    """
    try:
        return _plain(value, [MAX_PARTS])
    except OverflowError:
        return {"type": "too large", "value": None}


def outline(value) -> dict:
    """Return what `plain` does, but of a table only the names of its columns and the number of its rows."""
    import pandas as pd

    if type(value) is pd.DataFrame:
        return {"type": "table", "value": {str(name): [] for name in value}, "rows": len(value)}
    return plain(value)


def _plain(value, left: list[int]) -> dict:
    """`left` holds one number: how many parts the whole answer may still have."""
    import numpy as np
    import pandas as pd

    left[0] -= 1
    if left[0] < 0:
        raise OverflowError
    if isinstance(value, np.generic) and type(value).__module__ == "numpy":
        value = value.item()
    kind = type(value)
    if value is None or value is pd.NA or value is pd.NaT:
        return {"type": "nothing", "value": None}
    if value is Ellipsis:
        return {"type": "unanswered", "value": None}
    if kind in _SCALARS:
        left[0] -= len(value) // 100 if kind is str else 0
        is_json = kind is not float or isfinite(value)
        return {"type": _SCALARS[kind], "value": value if is_json else str(value)}
    if kind in (np.ndarray, pd.Series, pd.Index, pd.RangeIndex):
        return _plain(value.tolist(), left)
    if kind in (set, frozenset):
        return _plain(sorted(value, key=repr), left)
    if kind in (list, tuple):
        return {"type": "list", "value": [_plain(item, left) for item in value]}
    if kind is dict:
        return {"type": "mapping", "value": [[str(k), _plain(v, left)] for k, v in value.items()]}
    if kind is pd.DataFrame:
        columns = {str(name): _plain(column, left)["value"] for name, column in value.items()}
        return {"type": "table", "value": columns, "rows": len(value)}
    return {"type": "other", "value": kind.__name__[:60]}


def describe(given: dict) -> str:
    """Return what a plain value is, in words that do not tell its content.

    >>> describe(plain({"a": 1}))
    'a mapping of 1 item'
    """
    kind, value = given["type"], given["value"]
    if kind == "table":
        return f"a table of {count(given['rows'], 'row')} with the columns {', '.join(value) or 'none'}"
    if kind in ("list", "mapping"):
        return f"a {kind} of {count(len(value), 'item')}"
    words = {
        "nothing": "nothing (None)",
        "unanswered": "not answered yet",
        "too large": "too large to be an answer",
        "other": f"an object of {value}",
    }
    return words.get(kind, f"a {kind}")


def difference(expected: dict, given: dict, tolerance: float = TOLERANCE) -> str:
    """Return what is wrong with an answer, without saying what is right; "" where nothing is.

    Numbers may differ by `tolerance`; a list, a column of a table and an array are alike; a table may have
    more columns than expected, in any order, but its rows count in their order.

    >>> difference(plain(3), plain("3"))
    'a number is expected; yours is a text'
    """
    kind, wanted, got = expected["type"], expected["value"], given["value"]
    if given["type"] == "unanswered":
        return "not answered yet"
    if kind != given["type"]:
        columns = f" with the columns {', '.join(wanted)}" if kind == "table" else ""
        name = "nothing (None)" if kind == "nothing" else f"a {kind}"
        return f"{name}{columns} is expected; yours is {describe(given)}"
    if kind == "number" and not isinstance(wanted, str) and not isinstance(got, str):
        is_right = isclose(wanted, got, rel_tol=tolerance, abs_tol=tolerance)
        return "" if is_right else "the number is not right"
    if kind == "list":
        return _list_difference(wanted, got, tolerance)
    if kind == "mapping":
        return _mapping_difference(dict(wanted), dict(got), tolerance)
    if kind == "table":
        return _table_difference(expected, given, tolerance)
    return "" if wanted == got else f"the {kind} is not right"


def _list_difference(wanted: list, got: list, tolerance: float) -> str:
    if len(wanted) != len(got):
        return f"{count(len(wanted), 'item')} expected; yours has {len(got)}"
    wrong = sum(bool(difference(a, b, tolerance)) for a, b in zip(wanted, got, strict=True))
    return f"{wrong} of {count(len(wanted), 'item')} not right" if wrong else ""


def _mapping_difference(wanted: dict, got: dict, tolerance: float) -> str:
    if wanted.keys() - got.keys():
        return "an entry is missing from the mapping"
    if len(got) > len(wanted):
        return "the mapping has an entry too many"
    wrong = sum(bool(difference(wanted[key], got[key], tolerance)) for key in wanted)
    return f"{wrong} of {count(len(wanted), 'entry', 'entries')} not right" if wrong else ""


def _table_difference(expected: dict, given: dict, tolerance: float) -> str:
    wanted, got = expected["value"], given["value"]
    missing = [name for name in wanted if name not in got]
    if missing:
        columns = ", ".join(wanted)
        return f"a table with the columns {columns} is expected; yours has no column {missing[0]}"
    if expected["rows"] != given["rows"]:
        return f"a table of {count(expected['rows'], 'row')} is expected; yours has {given['rows']}"
    wrong = [name for name in wanted if _list_difference(wanted[name], got[name], tolerance)]
    return f"not right in the column {wrong[0]}" if wrong else ""


def count(n: int, one: str, many: str = "") -> str:
    """Return a number with its unit: "1 row", "2 rows"."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"
