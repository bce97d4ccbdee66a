"""Hash what a page is made from: where all inputs are the same, it need not be made again."""

import hashlib
import json
import re
import sys
from importlib.metadata import requires, version
from pathlib import Path

from ..files import data_folder
from .listing import Report
from .parameters import read_parameters

_TEXTS = {".txt", ".text", ".md", ".csv", ".parquet", ".pq", ".toml"}
MAX_NAME = 250  # characters of a parameter that may be the name of a file


def shared_inputs() -> dict[str, str]:
    """Return what every page is made from, with hashes and versions: library, word lists, packages."""
    package, data = Path(__file__).parents[1], data_folder()
    code = [f for f in package.rglob("*.*") if f.suffix in (".py", ".pyi", ".toml", ".jinja")]
    files = {f"sco_notes/{f.relative_to(package).as_posix()}": f for f in code if data not in f.parents}
    files |= {f"data/{f.name}": f for f in data.glob("*.*") if f.suffix in (".toml", ".txt", ".csv")}
    files |= {f"data/models/{f.name}": f for f in data.glob("models/*.*")}
    files |= {f.name: f for f in [data.parent / "requirements.lock"] if f.is_file()}
    names = [re.split(r"[^\w.-]", need)[0] for need in requires("sco-notes") or [] if "extra ==" not in need]
    versions = {"Python": ".".join(map(str, sys.version_info[:2])), **{name: version(name) for name in names}}
    return {name: _hash(file) for name, file in sorted(files.items())} | versions


def own_inputs(report: Report, folder: Path, texts: bool = True) -> dict[str, str]:
    """Return what one page is made from besides: its notebook and the files of the corpora it names.

    A parameter that names a corpus, or a file or folder of texts in `folder`, stands for its files;
    with `texts` false, not for the texts themselves, which may not be ours to pass on.
    """
    values = ({p.name: p.value for p in read_parameters(report.notebook)} | report.parameters).values()
    texts_of = {v for v in values if isinstance(v, str) and v and v.isprintable() and len(v) < MAX_NAME}
    found = {f"notebooks/{report.notebook.name}": _hash(report.notebook)}
    for name in sorted(texts_of):
        corpus = data_folder() / name
        path = corpus if (corpus / "documents.csv").is_file() else folder / name
        files = sorted(path.rglob("*")) if path.is_dir() else [path] if path.is_file() else []
        left_out = None if texts else path / "texts"
        for file in files:
            if file.suffix.lower() in _TEXTS and file.is_file() and left_out not in file.parents:
                found[f"{name}/{file.relative_to(path).as_posix()}"] = _hash(file)
    return found


def report_digest(report: Report, folder: Path, shared: str) -> str:
    """Return the digest of all that one page is made from."""
    stated = {"id": report.id, "title": report.title, "parameters": report.parameters}
    return digest_of(stated | {"shared": shared, "files": own_inputs(report, folder)})


def digest_of(value) -> str:
    """Return the sha256 of a value that JSON can hold."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()


def _hash(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
