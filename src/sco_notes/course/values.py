"""Values as plain data with their exact types, so that a verdict never trusts an object of a submission.

`plain` turns a value into dictionaries and lists that JSON can hold; `difference` compares two such values.
An object of any class of one's own, even one derived from a number, is of the type "other": its `__eq__` is
never asked.
"""

from math import isclose, isfinite

LARGEST = 20_000  # parts of one answer; no task asks for more
TOLERANCE = 1e-6  # relative, and absolute below 1


def plain(value) -> dict:
    """A value as {"type": ..., "value": ...}, types being nothing, yes/no, number, text, list, mapping,
    table, column, unanswered (`...`), too large or other.

    >>> plain([1, "a"])
    {'type': 'list', 'value': [{'type': 'number', 'value': 1}, {'type': 'text', 'value': 'a'}]}
    """
    try:
        return _plain(value, [LARGEST])
    except OverflowError:
        return {"type": "too large", "value": None}


def outline(value) -> dict:
    """As `plain`, but of a table only the names of its columns and the number of its rows."""
    import pandas as pd

    if type(value) is pd.DataFrame:
        return {"type": "table", "value": {str(name): [] for name in value}, "rows": len(value)}
    return plain(value)


def _plain(value, left: list[int]) -> dict:
    import numpy as np
    import pandas as pd

    left[0] -= 1
    if left[0] < 0:
        raise OverflowError
    kind = type(value)
    if value is None or kind in (type(pd.NA), type(pd.NaT)):
        return {"type": "nothing", "value": None}
    if value is Ellipsis:
        return {"type": "unanswered", "value": None}
    if kind in (bool, np.bool_):
        return {"type": "yes/no", "value": bool(value)}
    if kind is int or (kind.__module__ == "numpy" and issubclass(kind, np.integer)):
        return {"type": "number", "value": int(value)}
    if kind is float or (kind.__module__ == "numpy" and issubclass(kind, np.floating)):
        number = float(value)
        return {"type": "number", "value": number if isfinite(number) else str(number)}
    if kind in (str, np.str_):
        left[0] -= len(value) // 100
        return {"type": "text", "value": str(value)}
    if kind in (list, tuple, np.ndarray, pd.Index, pd.RangeIndex):
        return {"type": "list", "value": [_plain(item, left) for item in value]}
    if kind in (set, frozenset):
        return {"type": "list", "value": [_plain(item, left) for item in sorted(value, key=repr)]}
    if kind is dict:
        return {"type": "mapping", "value": [[str(k), _plain(v, left)] for k, v in value.items()]}
    if kind is pd.Series:
        return {"type": "column", "value": [_plain(item, left) for item in value.tolist()]}
    if kind is pd.DataFrame:
        columns = {str(name): [_plain(item, left) for item in value[name].tolist()] for name in value}
        return {"type": "table", "value": columns, "rows": len(value)}
    return {"type": "other", "value": kind.__name__[:60]}


def describe(given: dict) -> str:
    """What a plain value is, in words that do not tell its content.

    >>> describe(plain({"a": 1}))
    'a mapping of 1 item'
    """
    kind, value = given["type"], given["value"]
    if kind == "table":
        names = ", ".join(value) or "no columns"
        return f"a table of {_count(given['rows'], 'row')} with the columns {names}"
    if kind in ("list", "mapping", "column"):
        return f"a {kind} of {_count(len(value), 'item')}"
    words = {"nothing": "nothing (None)", "unanswered": "not answered yet", "other": f"an object of {value}"}
    return words.get(kind, "too large to be an answer" if kind == "too large" else f"a {kind}")


def difference(expected: dict, given: dict, tolerance: float = TOLERANCE) -> str:
    """What is wrong with an answer, without saying what is right; "" where nothing is.

    Numbers may differ by `tolerance`; a list, a column of a table and an array are alike; a table may have
    more columns than expected, in any order, but its rows count in their order.

    >>> difference(plain(3), plain("3"))
    'a number is expected; yours is a text'
    """
    kind, other = _kind(expected), _kind(given)
    if given["type"] == "unanswered":
        return "not answered yet"
    if kind != other:
        return f"{describe_kind(expected)} is expected; yours is {describe(given)}"
    if kind == "number":
        return "" if _close(expected["value"], given["value"], tolerance) else "the number is not right"
    if kind == "list":
        return _list_difference(expected["value"], given["value"], tolerance)
    if kind == "mapping":
        wanted, got = dict(expected["value"]), dict(given["value"])
        for key in wanted:
            if key not in got:
                return "an entry is missing from the mapping"
        if len(got) > len(wanted):
            return "the mapping has an entry too many"
        wrong = [key for key in wanted if difference(wanted[key], got[key], tolerance)]
        return f"{len(wrong)} of {_count(len(wanted), 'entry', 'entries')} not right" if wrong else ""
    if kind == "table":
        return _table_difference(expected, given, tolerance)
    return "" if expected["value"] == given["value"] else f"the {kind} is not right"


def describe_kind(expected: dict) -> str:
    """The kind of answer that is expected, for a table with its columns."""
    if expected["type"] == "table":
        return f"a table with the columns {', '.join(expected['value'])}"
    if expected["type"] == "nothing":
        return "nothing (None)"
    return f"a {_kind(expected)}"


def _table_difference(expected: dict, given: dict, tolerance: float) -> str:
    columns = ", ".join(expected["value"])
    for name in expected["value"]:
        if name not in given["value"]:
            return f"a table with the columns {columns} is expected; yours has no column {name}"
    if expected["rows"] != given["rows"]:
        return f"a table of {_count(expected['rows'], 'row')} is expected; yours has {given['rows']}"
    wrong = [
        name
        for name, values in expected["value"].items()
        if _list_difference(values, given["value"][name], tolerance)
    ]
    return f"not right in the column {wrong[0]}" if wrong else ""


def _list_difference(expected: list, given: list, tolerance: float) -> str:
    if len(expected) != len(given):
        return f"{_count(len(expected), 'item')} expected; yours has {len(given)}"
    wrong = [i for i, (a, b) in enumerate(zip(expected, given, strict=True)) if difference(a, b, tolerance)]
    return f"{len(wrong)} of {_count(len(expected), 'item')} not right" if wrong else ""


def _kind(value: dict) -> str:
    return "list" if value["type"] == "column" else value["type"]


def _close(expected, given, tolerance: float) -> bool:
    if isinstance(expected, str) or isinstance(given, str):  # nan and infinities
        return expected == given
    return isclose(expected, given, rel_tol=tolerance, abs_tol=tolerance)


def _count(n: int, one: str, many: str = "") -> str:
    return f"{n:,} {one if n == 1 else many or one + 's'}"
