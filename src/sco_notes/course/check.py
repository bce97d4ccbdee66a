"""What the cells of an exercise call; answers are compared as plain data, none of their objects is asked."""

import ast
import hashlib
import json
import linecache
import sys
from collections.abc import Sequence
from contextlib import suppress
from math import isclose, isfinite

from ..errors import counted, shown

LARGEST = 20_000  # parts of one answer; no task asks for more
TOLERANCE = 1e-6  # relative, and absolute below 1
TYPES = ("number", "text", "yes/no", "list", "mapping", "table")
_SCALARS = {bool: "yes/no", int: "number", float: "number", str: "text"}
_WORDS = {"nothing": "nothing (None)", "unanswered": "not answered yet", "too large": "too large an answer"}


class NotYet(AssertionError):
    """An answer that is not right yet; a notebook shows its message and no traceback."""

    def _render_traceback_(self) -> list[str]:
        return [f"Not yet: {self}"]


def check(
    answer, kind: str, columns: Sequence[str] = (), size: int | None = None,
    between: tuple[float, float] | None = None, expected=None, digest: str = "",
) -> None:  # fmt: skip
    """Say at once whether an answer has the form that is asked for and, where it can be told, is right.

    The kinds are "number", "text", "list", "table", "yes/no" and "mapping"; `columns` are those that a table
    must have, `size` its rows or the items of a list. `expected` is the answer itself, for an example that
    gives nothing away, `digest` tells the right answer without holding it. Raises NotYet, which a notebook
    shows as one line.

    >>> share = 0.4
    >>> check(share, "number", between=(0, 1))
    share is 0.4. The form is right: a number. Whether it is the right one is graded later.
    >>> check(2 + 2, "number", expected=5)
    Traceback (most recent call last):
    sco_notes.course.check.NotYet: 2 + 2 is 4, which is not right; 5 is expected
    """
    is_table = type(answer).__name__ == "DataFrame"  # which may be too large to take apart
    given = plain(answer.head(0)) | {"rows": len(answer)} if is_table else plain(answer)
    name, value = _argument(), given["value"]
    if given["type"] == "unanswered":
        raise NotYet(f"{name} is still `...`; replace it in the cell above, and run both cells")
    try:
        seen = f"{name} is {shown(repr(literal(given)), 60)}"
    except TypeError:
        seen = f"{name} is {describe(given)}"
    problem = form_problem(given, kind, columns, size)
    if not problem and between and (isinstance(value, str) or not between[0] <= value <= between[1]):
        problem = f"a number from {between[0]} to {between[1]} is expected"
    problem = problem.replace("; yours is nothing (None)", "; is there a `return`?" * ("(" in name))
    if problem:
        raise NotYet(f"{seen}: {problem}")
    if expected is None and not digest:
        print(f"{seen}. The form is right: {describe(given)}. Whether it is the right one is graded later.")
    elif expected is not None and difference(plain(expected), plain(answer), 1e-3):
        raise NotYet(f"{seen}, which is not right; {expected} is expected")
    elif digest and digest_of(plain(answer), columns, digest[:4]) != digest:
        raise NotYet(f"{seen}, which is not right yet")
    else:
        print(f"{seen}: right.")


def digest_of(value: dict, columns: Sequence[str] = (), salt: str = "0000") -> str:
    """Return what tells a plain value from others, numbers to four digits, and does not tell what it is."""
    if value["type"] == "table":
        value = value | {"value": {name: value["value"][name] for name in columns}}
    text = json.dumps(_rounded(value["value"]), sort_keys=True).encode()
    return salt + hashlib.pbkdf2_hmac("sha256", text, salt.encode(), 100_000).hex()[:16]


def _rounded(value):
    """Values without their types, numbers as text."""
    if isinstance(value, dict):
        is_typed = value.keys() >= {"type", "value"}
        return _rounded(value["value"]) if is_typed else {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    if type(value) in (int, float):
        return str(round(value)) if abs(value - round(value)) < 1e-9 else f"{value:.4g}"
    return value


def _argument() -> str:
    """The first argument of the call of `check`, as it is written in the cell."""
    frame = sys._getframe(2)
    lines = linecache.getlines(frame.f_code.co_filename, frame.f_globals)
    with suppress(SyntaxError):
        calls = (node for node in ast.walk(ast.parse("".join(lines))) if isinstance(node, ast.Call))
        for call in calls:
            is_here = call.lineno <= frame.f_lineno <= (call.end_lineno or 0)
            if is_here and call.args and ast.unparse(call.func) == "check":
                return ast.unparse(call.args[0])
    return "your answer"


def grade(answer, expected, points: float = 1, hint: str = "", tolerance: float = TOLERANCE) -> None:
    """Compare the plain values of an answer and the one expected; raise NotYet where the answer is wrong.

    This is for nbgrader: `sco-notes grade` evaluates only the first in the student's interpreter.

    >>> grade(2 + 2, 4)
    """
    if problem := difference(plain(expected), plain(answer), tolerance):
        raise NotYet(f"{problem}. {hint}".rstrip())


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


def literal(value: dict):
    """Return a plain value of texts, numbers, lists and mappings as it was; raise TypeError for another."""
    kind, content = value["type"], value["value"]
    if kind == "list":
        return [literal(item) for item in content]
    if kind == "mapping":
        return {str(key): literal(item) for key, item in content.items()}
    if _SCALARS.get(type(content)) == kind:
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


def form_problem(given: dict, kind: str, columns: Sequence, size: int | None, brief: bool = False) -> str:
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
