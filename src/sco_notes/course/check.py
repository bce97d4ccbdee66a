"""Functions that the cells of an exercise call: `check` for students at once; `grade` in hidden tests."""

from collections.abc import Sequence

from .values import TOLERANCE, count, describe, difference, outline, plain


class NotYet(AssertionError):
    """An answer that is not right yet; a notebook shows its message and no traceback."""

    def _render_traceback_(self) -> list[str]:
        return [f"Not yet: {self}"]


def check(
    answer,
    kind: str,
    columns: Sequence[str] = (),
    size: int | None = None,
    between: tuple[float, float] | None = None,
    one_of: Sequence[str] = (),
) -> None:
    """Say at once whether an answer has the form that is asked for; whether it is right is graded later.

    Parameters
    ----------
    answer : any value
    kind : "number", "text", "list", "table", "yes/no" or "mapping"
    columns : those a table must have
    size : the items of a list, or the rows of a table
    between : the bounds of a number
    one_of : the texts that are possible

    Raises NotYet, which is shown as one line.

    >>> check(0.4, "number", between=(0, 1))
    The form is right: a number. Whether it is the right one is graded later.
    >>> check("many", "number")
    Traceback (most recent call last):
    sco_notes.course.check.NotYet: a number is expected; yours is a text
    """
    given = outline(answer)
    problem = _form(given, kind, columns, size, between, one_of)
    if problem:
        raise NotYet(problem)
    print(f"The form is right: {describe(given)}. Whether it is the right one is graded later.")


def _form(given: dict, kind: str, columns, size, between, one_of) -> str:
    """What is wrong with the form of an answer, "" where nothing is."""
    if given["type"] == "unanswered":
        return "the answer is still `...`; replace it in the cell above, and run both cells"
    expected = f"a table with the columns {', '.join(columns)}" if columns else f"a {kind}"
    if given["type"] != kind:
        return f"{expected} is expected; yours is {describe(given)}"
    missing = [name for name in columns if name not in given["value"]]
    if missing:
        return f"{expected} is expected; yours has no column {missing[0]}"
    found = given["rows"] if kind == "table" else len(given["value"]) if kind == "list" else None
    if size is not None and found != size:
        return f"{count(size, 'row' if kind == 'table' else 'item')} expected; yours has {found}"
    if between and (isinstance(given["value"], str) or not between[0] <= given["value"] <= between[1]):
        return f"a number from {between[0]} to {between[1]} is expected"
    if one_of and given["value"] not in one_of:
        return f"one of these is expected: {', '.join(one_of)}"
    return ""


def grade(answer, expected, points: float = 1, hint: str = "", tolerance: float = TOLERANCE) -> None:
    """Compare one graded part of a task: raise NotYet, with the hint, where it is not as expected.

    Called in the hidden tests of an exercise. `sco-notes grade` does not call it in the student's
    interpreter: it takes the two expressions apart, evaluates the first there and the second elsewhere, and
    compares their plain values. nbgrader runs it as it stands.

    >>> grade(2 + 2, 4)
    """
    problem = difference(plain(expected), plain(answer), tolerance)
    if problem:
        raise NotYet(f"{problem}. {hint}".rstrip())
