"""The digest of all that a page is made from: where it is the same, the page need not be made again."""

import hashlib
import json
import re
import sys
from importlib.metadata import requires, version
from pathlib import Path

from ..corpus import data_folder
from .listing import Report
from .parameters import effective_parameters

_TEXTS = {".txt", ".text", ".md", ".csv", ".parquet", ".pq", ".toml"}


def shared_digest() -> str:
    """The digest of what every page is made from: the library, its word lists, the versions it runs with."""
    package, data = Path(__file__).parents[1], data_folder()
    files = [file for file in package.rglob("*.*") if file.suffix in (".py", ".toml", ".jinja")]
    files += [file for file in data.glob("*.*") if file.suffix in (".toml", ".txt", ".csv")]
    files += [file for file in [data.parent / "requirements.lock"] if file.is_file()]
    names = [re.split(r"[^\w.-]", need)[0] for need in requires("sco-notes") or [] if "extra ==" not in need]
    versions = [sys.version_info[:2], *((name, version(name)) for name in names)]
    return _digest_of({"files": [(file.name, _hash(file)) for file in sorted(files)], "versions": versions})


def report_digest(report: Report, folder: Path, shared: str) -> str:
    """The digest of all that one page is made from.

    A parameter that names a corpus, or a file or folder of texts beside the notebook, stands for its files.
    """
    values = effective_parameters(report.notebook, report.parameters)
    names = sorted(
        {v for v in values.values() if isinstance(v, str) and v and v.isprintable() and len(v) < 250}
    )
    corpora = {}
    for name in names:
        corpus = data_folder() / name
        path = corpus if (corpus / "documents.csv").is_file() else folder / name
        files = sorted(path.rglob("*")) if path.is_dir() else [path] if path.is_file() else []
        corpora[name] = [
            (file.relative_to(path).as_posix(), _hash(file))
            for file in files
            if file.suffix.lower() in _TEXTS
        ]
    return _digest_of(
        {
            "shared": shared, "id": report.id, "title": report.title, "parameters": report.parameters,
            "notebook": _hash(report.notebook), "corpora": corpora,
        }
    )  # fmt: skip


def _digest_of(value) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()


def _hash(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
