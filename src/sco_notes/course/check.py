"""What the cells of an exercise call: `check` for the student, at once; `grade` in the hidden tests."""

from collections.abc import Sequence

from .values import TOLERANCE, describe, difference, outline, plain


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

    kind is "number", "text", "list", "table", "yes/no" or "mapping"; `columns` are those a table must have,
    `size` the items of a list or rows of a table, `between` the bounds of a number, `one_of` the texts that
    are possible. Raises NotYet, which is shown as one line.

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
    got = "list" if given["type"] == "column" else given["type"]
    if got == "unanswered":
        return "the answer is still `...`; replace it in the cell above, and run both cells"
    expected = f"a table with the columns {', '.join(columns)}" if columns else f"a {kind}"
    if got != kind:
        return f"{expected} is expected; yours is {describe(given)}"
    for name in columns:
        if name not in given["value"]:
            return f"{expected} is expected; yours has no column {name}"
    found = given.get("rows") if kind == "table" else len(given["value"]) if kind == "list" else None
    if size is not None and found != size:
        unit = ("row" if kind == "table" else "item") + ("" if size == 1 else "s")
        return f"{size} {unit} expected; yours has {found}"
    if between:
        low, high = between
        if isinstance(given["value"], str) or not low <= given["value"] <= high:
            return f"a number from {low} to {high} is expected"
    if one_of and given["value"] not in one_of:
        return f"one of these is expected: {', '.join(one_of)}"
    return ""


def grade(answer, expected, points: float = 1, hint: str = "", tolerance: float = TOLERANCE) -> None:
    """One graded part of a task: raises NotYet, with the hint, where the answer is not the expected one.

    Stands in the hidden tests of an exercise. `sco-notes grade` does not call it in the student's
    interpreter: it takes the two expressions apart, evaluates the first there and the second elsewhere, and
    compares their plain values. nbgrader runs it as it stands.

    >>> grade(2 + 2, 4)
    """
    problem = difference(plain(expected), plain(answer), tolerance)
    if problem:
        raise NotYet(f"{problem}. {hint}".rstrip())
