"""What the cells of an exercise call: `check` for the student, at once; `grade` in the hidden tests."""

from collections.abc import Sequence

from .values import TOLERANCE, describe, difference, form_problem, outline, plain


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
    answer : of any type
    kind : "number", "text", "list", "table", "yes/no" or "mapping"
    columns : those that a table must have
    size : the items of a list or mapping, the rows of a table
    between : the lowest and the highest number possible
    one_of : the texts that are possible

    Raises
    ------
    NotYet : it has another form; a notebook shows this as one line

    >>> check(0.4, "number", between=(0, 1))
    The form is right: a number. Whether it is the right one is graded later.
    >>> check("many", "number")
    Traceback (most recent call last):
    sco_notes.course.check.NotYet: a number is expected; yours is a text
    """
    given = outline(answer)
    value = given["value"]
    if given["type"] == "unanswered":
        raise NotYet("the answer is still `...`; replace it in the cell above, and run both cells")
    problem = form_problem(given, kind, columns, size)
    if not problem and between and (isinstance(value, str) or not between[0] <= value <= between[1]):
        problem = f"a number from {between[0]} to {between[1]} is expected"
    if not problem and one_of and value not in one_of:
        problem = f"one of these is expected: {', '.join(one_of)}"
    if problem:
        raise NotYet(problem)
    print(f"The form is right: {describe(given)}. Whether it is the right one is graded later.")


def grade(answer, expected, points: float = 1, hint: str = "", tolerance: float = TOLERANCE) -> None:
    """Compare an answer with the one expected, in the hidden tests of an exercise, as nbgrader runs them.

    `sco-notes grade` takes the two expressions apart, evaluates only the first in the student's interpreter,
    and compares their plain values.

    Parameters
    ----------
    answer, expected : of any type; only their plain values are compared
    points : of this part of the task
    hint : what the student is told if the answer is wrong
    tolerance : by which numbers may differ, relative, and absolute below 1

    Raises
    ------
    NotYet : the answer is wrong

    >>> grade(2 + 2, 4)
    """
    problem = difference(plain(expected), plain(answer), tolerance)
    if problem:
        raise NotYet(f"{problem}. {hint}".rstrip())
