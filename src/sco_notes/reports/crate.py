"""Where the pages come from, as RO-Crate 1.1 metadata (https://w3id.org/ro/crate/1.1), and all in one zip."""

import hashlib
import json
import re
import zipfile
from importlib.metadata import version
from pathlib import Path

from ..files import data_folder
from ..notebook.display import CSV, PROVENANCE
from .inputs import digest_of, own_inputs
from .listing import Report
from .pages import joined
from .parameters import effective_parameters, read_notebook

CRATE = "ro-crate-metadata.json"
# RO-Crate wants a date, and no clock may show in what is made: the day of the version, changed with it.
PUBLISHED = "2026-11-23"
_KINDS = {".html": "text/html", ".ipynb": "application/x-ipynb+json"}


def write_crate(reports: list[Report], folder: Path, title: str, command: str) -> Path:
    """Write folder/ro-crate-metadata.json: every page with its notebook, parameters, corpus and versions.

    Nothing is written where the pages are those it describes already.
    """
    pages = [
        r for r in reports if (folder / f"{r.id}.html").is_file() and (folder / f"{r.id}.ipynb").is_file()
    ]
    files = {file: _digest(folder / file) for r in pages for file in (f"{r.id}.html", f"{r.id}.ipynb")}
    target, state = (
        folder / CRATE,
        digest_of([files, title, command, Path(__file__).read_text(encoding="utf-8")]),
    )
    if not target.is_file() or state not in target.read_text(encoding="utf-8", errors="replace"):
        text = json.dumps(_crate(pages, folder, files, title, command, state), ensure_ascii=False, indent=1)
        temporary = folder / ".crate.tmp"
        temporary.write_bytes((text + "\n").encode("utf-8", "replace"))
        temporary.replace(target)
    return target


def _crate(
    pages: list[Report], folder: Path, files: dict[str, str], title: str, command: str, state: str
) -> dict:
    things: dict[str, dict] = {}

    def add(id: str, kind: str, **more) -> dict:
        things[id] = {"@id": id, "@type": kind, **more}
        return {"@id": id}

    def property_(id: str, name: str, value) -> dict:
        return add(
            id, "PropertyValue", name=name, value=value if isinstance(value, str) else json.dumps(value)
        )

    software = add("#sco-notes", "SoftwareApplication", name="sco-notes", version=version("sco-notes"))
    runs = []
    for report in pages:
        stated = _provenance(read_notebook(folder / f"{report.id}.ipynb"))
        results = [
            add(
                f"{report.id}{suffix}", "File", name=report.title, encodingFormat=kind,
                contentSize=(folder / f"{report.id}{suffix}").stat().st_size,
                sha256=files[f"{report.id}{suffix}"],
            )
            for suffix, kind in _KINDS.items()
        ]  # fmt: skip
        notebook = add(
            f"#notebook-{report.notebook.stem}", "SoftwareSourceCode", name=report.notebook.name,
            programmingLanguage="Python", sha256=_digest(report.notebook),
        )  # fmt: skip
        values = effective_parameters(report.notebook, report.parameters)
        stated_values = [property_(f"#{report.id}-{name}", name, value) for name, value in values.items()]
        used = [property_(f"#{report.id}-{name}", name, value) for name, value in stated.items()]
        runs.append(
            add(
                f"#run-{report.id}", "CreateAction", name=command, instrument=[software, notebook],
                object=[*stated_values, *used], result=results,
            )
        )  # fmt: skip
    root = {
        "@id": "./", "@type": "Dataset", "name": title, "datePublished": PUBLISHED, "identifier": state,
        "description": f"Reports made with sco-notes; `{command}` makes them again, byte for byte.",
        "license": "Pages: as the corpora they are made from; see data/README.md of sco-notes.",
        "hasPart": [{"@id": name} for name in files], "mentions": runs,
    }  # fmt: skip
    about = {
        "@id": CRATE, "@type": "CreativeWork", "about": {"@id": "./"},
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
    }  # fmt: skip
    return {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": [about, root, *things.values()]}


def write_bundle(reports: list[Report], folder: Path, file: Path) -> Path:
    """Write one zip: pages, executed notebooks, their tables as CSV, the data and code list they rest on.

    Same pages, same bytes: names sorted, no times, and nothing compressed, since compressors differ.
    """
    names = ["index.html", CRATE, *(f"{r.id}{suffix}" for r in reports for suffix in _KINDS)]
    inside = {f"reports/{name}": (folder / name).read_bytes() for name in names}
    for report in reports:
        for number, (name, table) in enumerate(_csv_tables(folder / f"{report.id}.ipynb"), 1):
            inside[f"tables/{report.id}/{number:02}-{name}.csv"] = table.encode("utf-8", "replace")
        inside[f"notebooks/{report.notebook.name}"] = report.notebook.read_bytes()
        for name in own_inputs(report, report.notebook.parent, texts=False):
            if (source := data_folder() / name).is_file():
                inside[f"data/{name}"] = source.read_bytes()
    root = data_folder().parent
    others = ["requirements.lock", "reports/reports.toml", "reports/findings.csv", "CITATION.cff", "LICENSE"]
    inside |= {name: (root / name).read_bytes() for name in others if (root / name).is_file()}
    with zipfile.ZipFile(file, "w") as archive:
        for name in sorted(inside):
            archive.writestr(zipfile.ZipInfo(name), inside[name])
    return file


def _csv_tables(notebook: Path) -> list[tuple[str, str]]:
    """The tables an executed notebook shows: a name made of the caption, and the rows as CSV."""
    outputs = [output for cell in read_notebook(notebook)["cells"] for output in cell.get("outputs", [])]
    shown = [output["data"] for output in outputs if CSV in output.get("data", {})]
    return [
        (
            re.sub(r"\W+", "-", joined(data["text/plain"]).split("\n")[0].lower())[:50].strip("-"),
            joined(data[CSV]),
        )
        for data in shown
    ]


def _provenance(notebook: dict) -> dict:
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
    return next((o["data"][PROVENANCE] for o in outputs if PROVENANCE in o.get("data", {})), {})


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
