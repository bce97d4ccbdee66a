"""The parameters of a notebook: read from its tagged cell, described, and checked before anything runs.

papermill only warns of a misspelt name, and writes names raw into the notebook: so they are checked here.
"""

import ast
import difflib
import io
import json
import re
import tokenize
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ..errors import SCONotesError

_TYPES: dict[str, tuple[type, ...]] = {"str": (str,), "int": (int,), "float": (int, float), "bool": (bool,)}


@dataclass(frozen=True)
class Parameter:
    """One line of a parameters cell: `name: type = default  # help`."""

    name: str
    type: str
    default: str
    help: str

    @property
    def bounds(self) -> tuple[float, float] | None:
        """The range that the help states of a number, as in "how many, 1 to 100"."""
        stated = re.search(r"(?<![\w.-])(-?\d+(?:\.\d+)?) to (-?\d+(?:\.\d+)?)(?![\w-])", self.help)
        return (float(stated[1]), float(stated[2])) if stated and self.type in ("int", "float") else None


def read_notebook(path: Path) -> dict:
    """A notebook as the dictionary that its JSON is; each source is one string.

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
    """The text of a notebook, which may stand there as a list of lines."""
    return text if isinstance(text, str) else "".join(text)


def tagged(cell: dict, tag: str) -> bool:
    """Whether a cell of a notebook carries a tag."""
    return tag in cell.get("metadata", {}).get("tags", [])


def read_parameters(notebook: Path) -> list[Parameter]:
    """The parameters of a notebook, in the order of its cell tagged "parameters"; none without such a cell.

    Raises SCONotesError where the cell holds anything but assignments, or cannot be parsed.
    """
    cells = [cell for cell in read_notebook(notebook)["cells"] if tagged(cell, "parameters")]
    try:
        return parse_parameters(cells[0]["source"]) if cells else []
    except SCONotesError as error:
        raise SCONotesError(f"{notebook}, {error}") from None


def parse_parameters(source: str) -> list[Parameter]:
    """The parameters that the source of a parameters cell states; SCONotesError names the line at fault."""
    try:
        statements = ast.parse(source).body
    except SyntaxError as error:
        raise SCONotesError(f"parameters cell, line {error.lineno}: {error.msg}") from None
    comments = {
        token.start[0]: token.string.lstrip("# ")
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    }
    found = []
    for statement in statements:
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            name, annotation = statement.target.id, ast.unparse(statement.annotation)
        elif isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            name, annotation = statement.targets[0].id, ""
        else:
            raise SCONotesError(
                f"parameters cell, line {statement.lineno}: only lines of the form "
                "`name: type = value  # meaning` may stand in this cell; move the rest to the next one"
            )
        default = ast.unparse(statement.value) if statement.value else ""
        last = statement.end_lineno or statement.lineno
        found.append(Parameter(name, annotation, default, comments.get(last, "")))
    return found


def describe_parameters(notebook: str | Path) -> pd.DataFrame:
    """The parameters of a notebook: name, type, default, help, in the order of its parameters cell.

    Raises SCONotesError where the notebook or its parameters cell cannot be read.
    """
    rows = [(p.name, p.type, p.default, p.help) for p in read_parameters(Path(notebook))]
    return pd.DataFrame(rows, columns=["name", "type", "default", "help"], dtype="str")


def check_parameters(notebook: str | Path, parameters: dict) -> None:
    """Check names, types and ranges of parameters against a notebook, all faults at once.

    Raises SCONotesError for a name the notebook does not take, with the nearest one, and for a value that
    is not of the type stated there (str, int, float, bool, a list of these, or `| None`), or not in the
    range that the comment states ("1 to 100").
    """
    known = {parameter.name: parameter for parameter in read_parameters(Path(notebook))}
    faults = []
    for name, value in parameters.items():
        if name not in known:
            near = difflib.get_close_matches(name, known, 1, 0.5)
            hint = f"did you mean {near[0]!r}?" if near else f"it takes {', '.join(known) or 'none'}"
            faults.append(f"no parameter {name!r}; {hint}")
        elif known[name].type and not _fits(value, ast.parse(known[name].type, mode="eval").body):
            faults.append(f"parameter {name!r} is {value!r}; {known[name].type} is expected")
        elif (bounds := known[name].bounds) and not bounds[0] <= value <= bounds[1]:
            low, high = bounds
            faults.append(f"parameter {name!r} is {value!r}; a number from {low:g} to {high:g} is expected")
    if faults:
        raise SCONotesError(f"{Path(notebook).name}: {'; '.join(faults)}")


def effective_parameters(notebook: Path, parameters: dict) -> dict:
    """All parameters of a notebook with their values: those given, the notebook's own for the others."""
    return {**{p.name: _value(p.default) for p in read_parameters(notebook)}, **parameters}


def _value(default: str):
    try:
        return ast.literal_eval(default)
    except (ValueError, SyntaxError):
        return None  # computed in the notebook


def _fits(value, expected: ast.expr) -> bool:
    """Whether a value is of the type that an annotation names; an annotation unknown here fits all."""
    match expected:
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _fits(value, left) or _fits(value, right)
        case ast.Constant(value=None):
            return value is None
        case ast.Name(id="list"):
            return isinstance(value, list)
        case ast.Subscript(value=ast.Name(id="list"), slice=inner):
            return isinstance(value, list) and all(_fits(item, inner) for item in value)
        case ast.Name(id=name) if name in _TYPES:
            return isinstance(value, _TYPES[name]) and (name == "bool" or not isinstance(value, bool))
        case _:
            return True
