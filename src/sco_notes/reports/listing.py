"""Read the list of reports, a TOML file, and check it to the last parameter before anything runs."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ..corpus.edtf import edtf_bounds
from ..errors import SCONotesError
from ..files import data_folder
from .parameters import check_parameters, unknown

# The reports on a corpus of one's own, with {corpus}, {title} and {by} to be filled in.
_OWN_REPORTS = Path(__file__).with_name("own_reports.toml")
_KEYS = {"id": str, "title": str, "notebook": str, "parameters": dict}
_ID = re.compile(r"(?!index$)[A-Za-z0-9]([\w.-]{0,78}[A-Za-z0-9])?", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class Report:
    """One page to make: a notebook file with the values of its parameters."""

    id: str
    title: str
    notebook: Path
    parameters: dict


def read_reports(path: str | Path) -> list[Report]:
    """Read the reports that a TOML file lists, in its order.

    Each [[report]] has id (the name of its page), title, notebook (a file of the folder `notebooks` beside
    the file's folder, or of the project's, without .ipynb) and optionally [report.parameters].
    Raises SCONotesError for all faults of the file at once: a key that is unknown or missing, an id twice
    or no file name, a notebook that is not there, a parameter the notebook does not take.
    """
    path = Path(path)
    try:
        listed = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SCONotesError(f"{path}: no such file; it lists the reports to make") from None
    except (OSError, ValueError) as error:
        raise SCONotesError(f"{path}: not valid TOML: {error}") from None
    entries = listed.pop("report", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise SCONotesError(f"{path}: reports are written as [[report]], in double brackets")
    beside = path.parent.parent / "notebooks"
    notebooks = beside if beside.is_dir() else data_folder().parent / "notebooks"
    reports: list[Report] = []
    faults = [unknown(key, ["report"]) for key in listed]
    for number, entry in enumerate(entries, 1):
        found = list(_faults(entry, {report.id.lower() for report in reports}))
        if not found:
            file = notebooks / f"{entry['notebook'].removesuffix('.ipynb')}.ipynb"
            reports.append(Report(entry["id"], entry["title"], file, entry.get("parameters", {})))
            try:
                check_parameters(file, reports[-1].parameters)
            except SCONotesError as error:
                found = [str(error)]
        faults += [f"report {entry.get('id', number)!r}: {fault}" for fault in found]
    if not entries and not faults:
        faults = ["no [[report]] in this file"]
    if faults:
        raise SCONotesError(f"{path}, {'; '.join(faults)}")
    return reports


def _faults(entry: dict, taken: set[str]) -> Iterator[str]:
    yield from (unknown(key, _KEYS) for key in entry if key not in _KEYS)
    for key, kind in _KEYS.items():
        value = entry.get(key, {} if kind is dict else None)
        if value is None:
            yield f"{key!r} is missing"
        elif not isinstance(value, kind):
            yield f"{key!r} is {value!r}; {'a table' if kind is dict else 'a text'} is expected"
        elif kind is str and not value.strip():
            yield f"{key!r} is empty"
        elif key == "id" and not _ID.fullmatch(value):
            yield "its id names the page: letters, digits, - and _ are expected (and not 'index')"
        elif key == "id" and value.lower() in taken:
            yield "another report has this id"
        elif key == "notebook" and (Path(value).name != value or "\\" in value):
            yield f"the notebook {value!r} is expected as a name alone, without folders"


def list_own_reports(name: str, documents: pd.DataFrame) -> str:
    """Return the reports.toml of a corpus of one's own."""
    by = _grouping(documents)
    return _OWN_REPORTS.read_text(encoding="utf-8").format(corpus=name, title=name, by=by)


def own_reports(name: str, title: str, documents: pd.DataFrame) -> list[Report]:
    """Return the same reports for texts that stand in no corpus: `name` is their file or folder."""
    filled = {"corpus": name, "title": title, "by": _grouping(documents)}
    reports = []
    for entry in tomllib.loads(_OWN_REPORTS.read_text(encoding="utf-8"))["report"]:
        notebook = data_folder().parent / "notebooks" / f"{entry['notebook']}.ipynb"
        parameters = {key: value.format(**filled) for key, value in entry["parameters"].items()}
        reports.append(Report(entry["id"], entry["title"].format(**filled), notebook, parameters))
    return reports


def _grouping(documents: pd.DataFrame) -> str:
    """Return the first of year, country and kind in which documents differ; "kind" where they do in none."""
    years = documents["date"].map(lambda date: edtf_bounds(date)[0][:4] if date else None)
    groups = {"year": years, "country": documents["country"], "kind": documents["kind"]}
    return next((group for group, values in groups.items() if values.nunique() > 1), "kind")
