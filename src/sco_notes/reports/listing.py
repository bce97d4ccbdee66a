"""Read the list of reports, a TOML file, and check it to the last parameter before anything runs."""

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from ..corpus.edtf import edtf_bounds
from ..errors import SCONotesError
from ..files import data_folder
from ..terms import count_terms, read_stopwords
from .parameters import check_parameters, unknown

MOST_READ = 2_000_000  # characters, to find frequent words
MOST_RANKED = 1000  # terms that are looked at
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


def list_own_reports(name: str, documents: pd.DataFrame, title: str = "") -> str:
    """Return the reports.toml of texts of one's own; `name` is that of their corpus, file or folder.

    The later half of the documents is compared with the earlier one, where they are of several years, else
    all with the UN speeches. The words that are followed are those that mark the texts against these.
    """
    years = documents["date"].map(lambda date: edtf_bounds(date)[0][:4] if date else None)
    known = sorted(years.dropna())
    groups = {"year": years, "country": documents["country"], "kind": documents["kind"]}
    earlier = [year for year in known[: len(known) // 2 + 1] if year < known[-1]]
    words, pairs = _frequent(documents)
    filled = {
        "corpus": name,
        "title": title or name,
        "by": next((group for group, values in groups.items() if values.nunique() > 1), "kind"),
        "target": f"year > {earlier[-1]}" if earlier else "",
        "question": f"which words mark it after {earlier[-1]}" if earlier else "which words mark it",
        "phrase": (pairs or words or [name])[0],
    }
    escaped = {key: json.dumps(value, ensure_ascii=False)[1:-1] for key, value in filled.items()}
    template = Path(__file__).with_name("own_reports.toml").read_text(encoding="utf-8")
    return template.format(**escaped, words=json.dumps(words[:5], ensure_ascii=False))


def own_reports(name: str, title: str, documents: pd.DataFrame) -> list[Report]:
    """Return the same reports for texts that stand in no corpus."""
    entries = tomllib.loads(list_own_reports(name, documents, title))["report"]
    notebooks = data_folder().parent / "notebooks"
    files = [notebooks / f"{one.pop('notebook')}.ipynb" for one in entries]
    return [Report(notebook=file, **one) for one, file in zip(entries, files, strict=True)]


def _frequent(documents: pd.DataFrame) -> tuple[list[str], list[str]]:
    """The terms that mark texts most against the UN speeches, and the most frequent pairs of terms.

    Without function words and numbers. The first part of G2 puts the terms in order.
    """
    first = documents[documents["text"].str.len().cumsum().shift(fill_value=0) < MOST_READ]
    terms, pairs = (count_terms(first, n).groupby("term")["n"].sum() for n in (1, 2))
    others = pd.read_parquet(data_folder() / "un-debate" / "derived" / "terms.parquet")
    others = others.groupby("term")["n"].sum()
    expected = (others.reindex(terms.index, fill_value=0) + 1) / others.sum() * terms.sum()
    function_words = read_stopwords()

    def most(ranks: pd.Series) -> list[str]:
        first = ranks.sort_values(ascending=False, kind="stable").head(MOST_RANKED).index
        return [
            term for term in first
            if all(word.isalpha() and word not in function_words for word in term.split())
        ]  # fmt: skip

    return most(terms * np.log(terms / expected)), most(pairs)
