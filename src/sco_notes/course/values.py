"""Values as plain data with their exact types: no object of a submission is ever asked for its `__eq__`."""

import unicodedata
from collections.abc import Sequence
from math import isclose, isfinite

from ..errors import counted

LARGEST = 20_000  # parts of one answer; no task asks for more
TOLERANCE = 1e-6  # relative, and absolute below 1
TYPES = ("number", "text", "yes/no", "list", "mapping", "table")
_SCALARS = {bool: "yes/no", int: "number", float: "number", str: "text"}
_WORDS = {"nothing": "nothing (None)", "unanswered": "not answered yet",
          "too large": "too large to be an answer"}  # fmt: skip


def plain(value) -> dict:
    """Return a value as {"type": ..., "value": ...}, of a table also its "rows".

    >>> plain([1, "a"])
    {'type': 'list', 'value': [{'type': 'number', 'value': 1}, {'type': 'text', 'value': 'a'}]}
    """
    try:
        return _plain(value, [LARGEST])
    except OverflowError:
        return {"type": "too large", "value": None}


def _plain(value, left: list[int]) -> dict:
    import numpy as np
    import pandas as pd

    if isinstance(value, np.generic) and type(value).__module__ == "numpy":
        value = value.item()
    kind = type(value)
    left[0] -= 1 + (len(value) // 100 if kind is str else 0)
    if left[0] < 0:
        raise OverflowError
    if value is None or value is pd.NA or value is pd.NaT:
        return {"type": "nothing", "value": None}
    if value is Ellipsis:
        return {"type": "unanswered", "value": None}
    if kind is float and not isfinite(value):
        return {"type": "number", "value": str(value)}
    if kind in _SCALARS:
        return {"type": _SCALARS[kind], "value": value}
    if kind in (set, frozenset):
        return _plain(sorted(value, key=repr), left)
    if kind in (list, tuple, np.ndarray, pd.Series, pd.Index, pd.RangeIndex):
        return {"type": "list", "value": [_plain(item, left) for item in value]}
    if kind is dict:
        return {"type": "mapping", "value": {str(key): _plain(item, left) for key, item in value.items()}}
    if kind is pd.DataFrame:
        columns = {str(name): _plain(column, left) for name, column in value.items()}
        return {"type": "table", "value": columns, "rows": len(value)}
    return {"type": "other", "value": kind.__name__[:60]}


def writable(value):
    """Return a text as a file can hold it: half an emoji becomes "?"; another value as it is."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def letters(text: str) -> str:
    """Return the letters and digits of a text without accents or case: what no spreadsheet changes in it."""
    return "".join(c for c in unicodedata.normalize("NFKD", text).casefold() if c.isalnum())


def literal(value: dict):
    """Return a plain value of texts, numbers, lists and mappings as it was; raise TypeError for another."""
    kind, content = value["type"], value["value"]
    if kind == "list":
        return [literal(item) for item in content]
    if kind == "mapping":
        return {str(key): literal(item) for key, item in content.items()}
    if (kind, type(content)) in (("number", int), ("number", float), ("text", str), ("yes/no", bool)):
        return content
    raise TypeError(kind)


def describe(given: dict) -> str:
    """Say what a plain value is, without its content.

    >>> describe(plain({"a": 1}))
    'a mapping of 1 item'
    """
    kind = given["type"]
    if kind == "other":
        return f"an object of {given['value']}"
    if kind == "table":
        names = ", ".join(given["value"]) or "no columns"
        return f"a table of {counted(given['rows'], 'row')} with the columns {names}"
    size = _size(given)
    return _WORDS.get(kind, f"a {kind}" if size is None else f"a {kind} of {counted(size, 'item')}")


def form_problem(
    given: dict, kind: str, columns: Sequence[str] = (), size: int | None = None, brief: bool = False
) -> str:
    """Say in what a plain value has not the form expected; `brief`: nothing that a submission can choose."""
    expected = f"a table with the columns {', '.join(columns)}" if columns else _WORDS.get(kind, f"a {kind}")
    if given["type"] != kind:
        name = f"a {given['type']}" if given["type"] in TYPES else "something else"
        return f"{expected} is expected; yours is {name if brief else describe(given)}"
    missing = [name for name in columns if name not in given["value"]]
    if missing:
        return f"{expected} is expected; yours has no column {missing[0]}"
    if size is not None and _size(given) != size:
        wanted = f"{counted(size, 'row' if kind == 'table' else 'item')} expected"
        return wanted if brief else f"{wanted}; yours has {_size(given)}"
    return ""


def difference(expected: dict, given: dict, tolerance: float = TOLERANCE) -> str:
    """Say what is wrong with an answer, without saying what is right; "" where nothing is.

    >>> difference(plain(3), plain("3"))
    'a number is expected; yours is a text'
    """
    kind, wanted, got = expected["type"], expected["value"], given["value"]
    if given["type"] == "unanswered":
        return "not answered yet"
    problem = form_problem(given, kind, list(wanted) if kind == "table" else (), _size(expected), brief=True)
    if problem:
        return problem
    if kind == "number" and not isinstance(wanted, str) and not isinstance(got, str):
        return "" if isclose(wanted, got, rel_tol=tolerance, abs_tol=tolerance) else "the number is not right"
    if kind not in ("list", "mapping", "table"):  # a number may be nan or infinite, as text
        return "" if wanted == got else f"the {kind} is not right"
    if kind == "list":
        wanted, got = dict(enumerate(wanted)), dict(enumerate(got))
    wrong = [key for key in wanted if key not in got or difference(wanted[key], got[key], tolerance)]
    if not wrong:
        return ""
    if kind == "table":
        return f"not right in the column {wrong[0]}"
    return f"{len(wrong)} of {counted(len(wanted), 'item')} not right"


def _size(value: dict) -> int | None:
    return len(value["value"]) if value["type"] in ("list", "mapping") else value.get("rows")
