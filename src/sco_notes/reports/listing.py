"""The list of reports, a TOML file: read, and checked to the last parameter before anything runs."""

import difflib
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ..corpus.edtf import edtf_bounds
from ..errors import SCONotesError
from ..files import data_folder
from .parameters import check_parameters

# The reports on a corpus of one's own: id, title, notebook, parameters besides corpus and by.
ANALYSES: tuple[tuple[str, str, str, dict[str, str]], ...] = (
    ("terms", "its terms", "1_term_frequencies", {"target": ""}),
    ("actors", "whom it names, and in what tone", "2_actor_sentiment", {}),
    ("timeline", "the dates it names", "3_timeline", {}),
)
_OWN_REPORTS = """\
# The reports that `make reports` makes of this corpus, into reports/html/{name}/. They are yours to change:
# `sco-notes parameters notebooks/1_term_frequencies.ipynb` lists what a notebook takes.
"""
_KEYS = {"id": str, "title": str, "notebook": str, "parameters": dict}


@dataclass(frozen=True)
class Report:
    """One page to make: a notebook file with the values of its parameters."""

    id: str
    title: str
    notebook: Path
    parameters: dict


def read_reports(path: str | Path, notebooks: Path | None = None) -> list[Report]:
    """The reports that a TOML file lists, in its order.

    Each [[report]] has id (the name of its page), title, notebook (a file of the folder `notebooks`, by
    default the one beside the file's folder, without .ipynb) and optionally [report.parameters].
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
    notebooks = notebooks or path.parent.parent / "notebooks"
    if not notebooks.is_dir():
        notebooks = data_folder().parent / "notebooks"
    entries = listed.pop("report", [])
    faults = [unknown(key, ["report"]) for key in listed]
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise SCONotesError(f"{path}: reports are written as [[report]], in double brackets")
    reports: list[Report] = []
    for number, entry in enumerate(entries, 1):
        name = f"report {entry.get('id', number)!r}"
        found = [*_faults(entry, {report.id.lower() for report in reports})]
        if not found:
            report = Report(
                entry["id"],
                entry["title"],
                notebooks / f"{entry['notebook'].removesuffix('.ipynb')}.ipynb",
                entry.get("parameters", {}),
            )
            reports.append(report)
            try:
                check_parameters(report.notebook, report.parameters)
            except SCONotesError as error:
                found = [str(error)]
        faults += [f"{name}: {fault}" for fault in found]
    if not entries and not faults:
        faults = ["no [[report]] in this file"]
    if faults:
        raise SCONotesError(f"{path}, {'; '.join(faults)}")
    return reports


def _faults(entry: dict, taken: set[str]) -> Iterator[str]:
    for key in entry:
        if key not in _KEYS:
            yield unknown(key, list(_KEYS))
    for key, kind in _KEYS.items():
        if key not in entry and key != "parameters":
            yield f"{key!r} is missing"
        elif not isinstance(entry.get(key, kind()), kind):
            yield f"{key!r} is {entry[key]!r}; {'a table' if kind is dict else 'a text'} is expected"
        elif kind is str and not entry[key].strip():
            yield f"{key!r} is empty"
    id, notebook = entry.get("id"), entry.get("notebook")
    if isinstance(id, str) and id:
        if (
            not re.fullmatch(r"[A-Za-z0-9](?:[\w.-]{0,78}[A-Za-z0-9])?", id, re.ASCII)
            or id.lower() == "index"
        ):
            yield "its id names the page: letters, digits, - and _ are expected (and not 'index')"
        elif id.lower() in taken:
            yield "another report has this id"
    if isinstance(notebook, str) and (Path(notebook).name != notebook or "\\" in notebook):
        yield f"the notebook {notebook!r} is expected as a name alone, without folders"


def unknown(name: str, known: list[str], what: str = "key") -> str:
    """What to say of a name that is none: the nearest that is, or all there are."""
    near = difflib.get_close_matches(name, known, 1, 0.4)
    return f"no {what} {name!r}; " + (f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known)}")


def list_own_reports(name: str, documents: pd.DataFrame) -> str:
    """Return the reports.toml of a corpus of one's own: the three reports of ANALYSES."""
    years = documents["date"].map(lambda date: edtf_bounds(date)[0][:4] if date else "")
    groups = {"year": years, "country": documents["country"], "kind": documents["kind"]}
    by = next((group for group, values in groups.items() if values.nunique() > 1), "kind")
    text = _OWN_REPORTS.format(name=name)
    for id, title, notebook, parameters in ANALYSES:
        values = {"corpus": name, "by": by, **parameters}
        text += f'\n[[report]]\nid = "{id}"\ntitle = "{name}: {title}"\nnotebook = "{notebook}"\n'
        text += "[report.parameters]\n"
        text += "".join(f'{key} = "{value}"\n' for key, value in values.items())
    return text
