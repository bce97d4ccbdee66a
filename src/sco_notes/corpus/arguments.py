"""Explain errors of the public functions by their arguments, in one place: a clear line, no traceback.

The annotations of a function say of what type an argument is; `arguments.toml` says, by the name of the
parameter, which columns a table needs, and by the name of a column what it holds. `sco_notes.__getattr__`
wraps each public function. The check runs only where a call has failed: it costs nothing otherwise, refuses
nothing that works, and leaves the more exact messages of the functions as they are.
"""

import functools
import inspect
import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from numbers import Integral, Real
from pathlib import Path
from types import FunctionType, ModuleType, NoneType, SimpleNamespace, UnionType
from typing import Any, Union, get_args, get_origin

import numpy as np
import pandas as pd

from ..errors import SCONotesError, require_columns

MAX_WHOLE_NUMBER = 10**9
MAX_SHOWN = 40  # characters of a wrong value in a message
RULES = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_HINTS = {name: f"; {hint}" for name, hint in RULES["hints"].items()}
_RULE_OF = {column: rule for rule in RULES["values"] for column in rule.pop("columns")}

# A type in an annotation: how a message calls it, and what is of that type.
_TYPES: dict[Any, tuple[str, Callable[[Any], bool]]] = {
    str: ("text", lambda value: isinstance(value, str)),
    int: ("a whole number", lambda value: _is_number(value, Integral) and abs(value) <= MAX_WHOLE_NUMBER),
    float: ("a number", lambda value: _is_number(value, Real)),
    bool: ("True or False", lambda value: isinstance(value, bool | np.bool_)),
    Path: ("a path", lambda value: isinstance(value, Path)),
    pd.DataFrame: ("a DataFrame", lambda value: isinstance(value, pd.DataFrame)),
    pd.Series: ("a Series", lambda value: isinstance(value, pd.Series)),
    NoneType: ("None", lambda value: value is None),
    Callable: ("a function", callable),
}
_COLLECTIONS = (Collection, Iterable, Sequence)
_UNIONS = (Union, UnionType)
# What the values of a column are, as arguments.toml says it.
_HOLDS: dict[str, Callable[[Any], bool]] = {
    "text": lambda value: isinstance(value, str),
    "an id": lambda value: isinstance(value, str | Real),
    "a finite number": lambda value: _is_number(value, Real) and abs(value) < np.inf,
}


@functools.cache
def explained(function: Callable) -> Callable:
    """Return the function, its errors explained where an argument is wrong; signature and docstring stay.

    The wrapper raises SCONotesError that names the function, the parameter, what is expected and what was
    given. An error for which no argument is to blame comes through as it is.

    >>> def halve(n: int):
    ...     return n / 2
    >>> explained(halve)(4)
    2.0
    >>> explained(halve)("four")
    Traceback (most recent call last):
    sco_notes.errors.SCONotesError: halve: n: a whole number is expected, not 'four'
    """
    signature = inspect.signature(function)

    @functools.wraps(function)
    def call(*args, **kwargs):
        try:
            return function(*args, **kwargs)
        except SCONotesError as error:
            shows_a_table = "\n" in str(error)
            check_arguments(function.__name__, signature, args, kwargs, only_tables=not shows_a_table)
            raise
        except Exception as error:
            check_arguments(function.__name__, signature, args, kwargs)
            if isinstance(error, KeyError):
                _check_for_column(error, function.__name__, signature.bind(*args, **kwargs).arguments)
            raise

    call.__module__ = "sco_notes"  # pickle finds the wrapper by the name that users import
    return call


@functools.cache
def explained_module(module: ModuleType) -> SimpleNamespace:
    """Return the public functions of a module such as sn.findings, their errors explained as well."""
    functions = {
        name: explained(value)
        for name, value in vars(module).items()
        if isinstance(value, FunctionType) and value.__module__ == module.__name__ and name[0] != "_"
    }
    return SimpleNamespace(**functions, __doc__=module.__doc__)


def check_arguments(
    function: str, signature: inspect.Signature, args: tuple, kwargs: dict, only_tables: bool = False
) -> None:
    """Raise SCONotesError for the first argument that is not what its annotation and arguments.toml say.

    `only_tables`: look only for what is no table or lacks a column, which functions say less exactly.
    """
    try:
        given = signature.bind(*args, **kwargs).arguments
    except TypeError:  # a parameter is missing or unknown: Python says so itself
        return
    for name, value in given.items():
        annotation, default = signature.parameters[name].annotation, signature.parameters[name].default
        is_table = pd.DataFrame in (annotation, *get_args(annotation))
        if value is default or annotation is signature.empty or (only_tables and not is_table):
            continue
        place = f"{function}: {name}"
        if not _fits(value, annotation):
            wrong = f"{_described(annotation, function, name)} is expected, not {_shown(value)}"
            raise SCONotesError(f"{place}: {wrong}{_HINTS.get(name, '')}") from None
        if isinstance(value, pd.DataFrame):
            _check_columns(value, function, name)
        if isinstance(value, pd.DataFrame) and not only_tables:
            _check_values(value, place)
        if isinstance(value, str):
            is_long = name in RULES["names"]["of_files"] and len(max(value.split("/"), key=len)) > 255
            faults = {
                "contains a NUL character": "\0" in value,
                "contains half a surrogate pair": re.search("[\ud800-\udfff]", value),
                "is too long for a name": is_long,
            }
            if fault := next((fault for fault, is_so in faults.items() if is_so), ""):
                raise SCONotesError(f"{place}: {_shown(value)} {fault}") from None


def _check_for_column(error: KeyError, function: str, given: dict) -> None:
    """Raise where the key that was not found is the name of a column, and a table among the arguments lacks
    it. The error stays visible: the key could have been looked up elsewhere."""
    column = error.args[0] if error.args else None
    for name, value in given.items():
        is_name = isinstance(column, str) and column.isidentifier() and column.islower()
        if is_name and isinstance(value, pd.DataFrame) and column not in value:
            has = ", ".join(map(str, value.columns))
            raise SCONotesError(f"{function}: {name}: no column {column!r} (it has {has})") from error


def _fits(value: Any, annotation: Any) -> bool:
    """Whether the value is of the type, and a collection of parts of the type."""
    kind, parts = get_origin(annotation) or annotation, get_args(annotation)
    if kind in _UNIONS:
        return any(_fits(value, each) for each in parts)
    if kind in _TYPES:
        return _TYPES[kind][1](value)
    if kind in _COLLECTIONS:
        is_collection = isinstance(value, list | tuple | set | frozenset | range | dict)
        return is_collection and all(_fits(part, parts[0]) for part in value)
    if kind is Mapping:
        return isinstance(value, Mapping | pd.Series) and all(_fits(key, parts[0]) for key in dict(value))
    if kind is tuple:
        is_pair = isinstance(value, tuple | list) and len(value) == len(parts)
        return is_pair and all(_fits(part, each) for part, each in zip(value, parts, strict=True))
    if hasattr(kind, "has_texts"):  # a study: made in memory, or read from a folder when it is needed
        return hasattr(value, "has_texts") and not isinstance(value, type)
    return isinstance(value, kind) if isinstance(kind, type) else True


def _described(annotation: Any, function: str, name: str) -> str:
    """The type in words: "a DataFrame with doc_id and text"."""
    kind, parts = get_origin(annotation) or annotation, get_args(annotation)
    if kind in _UNIONS:
        return " or ".join(dict.fromkeys(_described(p, function, name) for p in parts if p is not NoneType))
    if kind is pd.DataFrame and (columns := _needed(function, name)):
        return f"a DataFrame with the columns {', '.join(columns)}"
    if kind in _TYPES:
        return _TYPES[kind][0]
    if kind in _COLLECTIONS:
        return f"a list or set, each entry {_described(parts[0], function, name)},"
    if kind is Mapping:
        return f"a dictionary whose keys are {_described(parts[0], function, name)}"
    if kind is tuple:
        return f"({', '.join(_described(each, function, name) for each in parts)})"
    return "a study" if hasattr(kind, "has_texts") else f"a {getattr(kind, '__name__', kind)}"


def _check_columns(table: pd.DataFrame, function: str, name: str) -> None:
    """Raise where a table lacks a column or has one twice."""
    try:
        require_columns(table, *_needed(function, name))
    except SCONotesError as error:
        raise SCONotesError(f"{function}: {name}: {error}{_HINTS.get(name, '')}") from None
    for twice in table.columns[table.columns.duplicated()]:
        message = f"{function}: {name}: more than one column is called {twice!r}; keep one"
        raise SCONotesError(message) from None


def _check_values(table: pd.DataFrame, place: str) -> None:
    """Raise for the first value that is not what a column of that name holds."""
    for column in table.columns.intersection(list(_RULE_OF), sort=False):
        rule, is_missing = _RULE_OF[column], table[column].isna()
        for row, (value, missing) in enumerate(zip(table[column], is_missing, strict=True), 1):
            if not (rule["may_be_missing"] if missing else _HOLDS[rule["holds"]](value)):
                message = f"{place}, row {row}: {column} is {_shown(value)}; {rule['holds']} is expected"
                raise SCONotesError(message) from None


def _needed(function: str, name: str) -> list[str]:
    return RULES["columns"].get(f"{function}.{name}", RULES["columns"].get(name, []))


def _is_number(value: Any, kind: type) -> bool:
    return isinstance(value, kind) and not isinstance(value, bool)


def _shown(value: Any) -> str:
    """The value where it is text, a number or a tuple, cut where it is long; otherwise its type."""
    value = value.item() if isinstance(value, np.generic) else value
    shown = repr(value) if isinstance(value, str | Real | tuple | None) else type(value).__name__
    return shown if len(shown) <= MAX_SHOWN else shown[:MAX_SHOWN] + "…"
