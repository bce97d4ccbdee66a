"""What the cells of an exercise call: `check` for the student, at once; `grade` in the hidden tests."""

import ast
import hashlib
import json
import linecache
import sys
from collections.abc import Sequence
from contextlib import suppress

from ..errors import shown
from .values import TOLERANCE, describe, difference, form_problem, literal, plain


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
    name = _argument()
    value = given["value"]
    if given["type"] == "unanswered":
        raise NotYet(f"{name} is still `...`; replace it in the cell above, and run both cells")
    try:
        seen = f"{name} is {shown(repr(literal(given)), 60)}"
    except TypeError:
        seen = f"{name} is {describe(given)}"
    problem = form_problem(given, kind, columns, size)
    if not problem and between and (isinstance(value, str) or not between[0] <= value <= between[1]):
        problem = f"a number from {between[0]} to {between[1]} is expected"
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
