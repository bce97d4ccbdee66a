"""Read notebooks and the parameters they take; check parameters before anything runs.

papermill only warns of a misspelt name, and writes names raw into the notebook: so they are checked here.
"""

import ast
import io
import json
import re
import tokenize
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import NoneType
from typing import Any

import pandas as pd

from ..errors import SCONotesError, hint

_TYPES: dict[str, Any] = {
    "str": str, "int": int, "float": (int, float), "bool": bool, "list": list, "None": NoneType,
}  # fmt: skip
_RANGE = re.compile(r"(?<![\w.-])(-?\d+(?:\.\d+)?) to (-?\d+(?:\.\d+)?)(?![\w-])")


@dataclass(frozen=True)
class Parameter:
    """One line of a parameters cell: `name: type = default  # help`."""

    name: str
    type: str
    default: str
    help: str

    @property
    def value(self):
        """The default as a value; None where the notebook computes it."""
        try:
            return ast.literal_eval(self.default)
        except (ValueError, SyntaxError):
            return None

    def fault(self, value) -> str:
        """What is wrong with a value: its type, or the range that the help states ("how many, 1 to 100")."""
        if not _fits(value, self.type):
            return f"parameter {self.name!r} is {value!r}; {self.type} is expected"
        stated = _RANGE.search(self.help) if self.type in ("int", "float") else None
        if stated and not float(stated[1]) <= value <= float(stated[2]):
            return f"parameter {self.name!r} is {value!r}; a number from {stated[0]} is expected"
        return ""


def read_notebook(path: Path) -> dict:
    """Read a notebook as the dictionary that its JSON is; each source is one string.

    Raises SCONotesError where the file is missing or is not a notebook.
    """
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SCONotesError(f"{path}: no such notebook") from None
    except (OSError, ValueError) as error:
        raise SCONotesError(f"{path}: not a notebook ({error}); save it again from JupyterLab") from None
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        raise SCONotesError(f"{path}: not a notebook of format 4 (no cells); save it again from JupyterLab")
    for cell in notebook["cells"]:
        cell["source"] = joined(cell.get("source", ""))
    return notebook


def joined(text: str | list[str]) -> str:
    """Return a text of a notebook, which may be stored as a list of lines."""
    return text if isinstance(text, str) else "".join(text)


def tagged(cell: dict, tag: str) -> bool:
    """Tell whether a cell of a notebook carries a tag."""
    return tag in cell.get("metadata", {}).get("tags", [])


def displayed(notebook: dict, kind: str) -> list[dict]:
    """Return what an executed notebook displays in a MIME type: the data of each such output, in order."""
    outputs = [output.get("data", {}) for cell in notebook["cells"] for output in cell.get("outputs", [])]
    return [data for data in outputs if kind in data]


def read_parameters(notebook: Path) -> list[Parameter]:
    """Read the parameters of a notebook in the order of its cell tagged "parameters"; [] without one.

    Raises SCONotesError where the cell holds anything but assignments, or cannot be parsed.
    """
    cells, where = read_notebook(notebook)["cells"], f"{notebook}, parameters cell, line"
    source = next((cell["source"] for cell in cells if tagged(cell, "parameters")), "")
    try:
        statements = ast.parse(source).body
    except SyntaxError as error:
        raise SCONotesError(f"{where} {error.lineno}: {error.msg}") from None
    comments = {
        token.start[0]: token.string.lstrip("# ")
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    }
    found = []
    for statement in statements:
        match statement:
            case ast.AnnAssign(ast.Name(name), annotation):
                type = ast.unparse(annotation)
            case ast.Assign([ast.Name(name), *_]):
                type = ""
            case _:
                form = "only lines of the form `name: type = value  # meaning` may stand in this cell"
                raise SCONotesError(f"{where} {statement.lineno}: {form}; move the rest to the next one")
        default = ast.unparse(statement.value) if statement.value else ""
        found.append(Parameter(name, type, default, comments.get(statement.end_lineno or 0, "")))
    return found


def describe_parameters(notebook: str | Path) -> pd.DataFrame:
    """Return the parameters of a notebook: name, type, default, help, in the order of its parameters cell.

    Raises SCONotesError where the notebook or its parameters cell cannot be read.
    """
    names = ["name", "type", "default", "help"]
    return pd.DataFrame(read_parameters(Path(notebook)), columns=names, dtype="str")


def check_parameters(notebook: str | Path, parameters: dict) -> None:
    """Check parameters against a notebook, all faults at once.

    Raises SCONotesError for a name the notebook does not take, with the nearest one, and for a value that is
    not of the type stated there (str, int, float, bool, a list of these, or `| None`) or in the range that
    the comment states ("1 to 100").
    """
    known = {p.name: p for p in read_parameters(Path(notebook))}
    faults = [
        known[name].fault(value) if name in known else unknown(name, known, "parameter")
        for name, value in parameters.items()
    ]
    if any(faults):
        raise SCONotesError(f"{Path(notebook).name}: {'; '.join(filter(None, faults))}")


def unknown(name: str, known: Iterable[str], what: str = "key") -> str:
    """Return what to say of an unknown name: the nearest one that is known, or all there are."""
    return f"no {what} {name!r}; {hint(name, known, 0.4)}"


def _fits(value, type: str) -> bool:
    """Whether a value is of a type such as `list[str]` or `int | None`; any value fits an unknown type."""
    if " | " in type:
        return any(_fits(value, part) for part in type.split(" | "))
    if type.startswith("list["):
        return isinstance(value, list) and all(_fits(item, type[5:-1]) for item in value)
    if isinstance(value, bool):
        return type == "bool" or type not in _TYPES
    return isinstance(value, _TYPES.get(type, object))
