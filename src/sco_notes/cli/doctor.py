"""Say what is installed, what is missing for which feature, and the fix. Standard library only.

It must run where anything else is broken, so it imports none of the packages it looks at.
"""

import csv
import json
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata, version
from pathlib import Path
from typing import NamedTuple

from ..files import data_folder

# What each extra of pyproject.toml is for; "dev" is for those who work on the project.
FEATURES = {
    "ingest": "texts of your own as .pdf, .html, .xlsx, .rtf, and web addresses",
    "lab": "the controls of notebooks/0_explore.ipynb",
    "scale": "sco-notes extract on a Dask cluster",
}
PIP = f"{sys.executable} -m pip install"


class Finding(NamedTuple):
    """State: "ok", "missing" (a feature cannot be used), "differs" (from the lock) or "BROKEN" (needed)."""

    state: str
    what: str
    fix: str = ""


def examine() -> list[Finding]:
    """Look at everything, the needed things first."""
    root = data_folder().parent
    sandbox = Finding("ok", "sco-notes grade in a sandbox")
    if not shutil.which("bwrap"):
        sandbox = Finding("missing", f"{sandbox.what}: without bwrap", "apt install bubblewrap")
    found = [*_packages(root / "requirements.lock"), _kernel(), *_places(root)]
    return [*found, *_extras(), sandbox, *_texts()]


def _packages(lock: Path) -> Iterator[Finding]:
    """The packages the core needs, against the versions of the lock."""
    text = lock.read_text(encoding="utf-8") if lock.is_file() else ""
    locked: dict[str, set[str]] = {}  # a universal lock may have several versions, by Python and platform
    for name, number in re.findall(r"^([\w.-]+)==([\w.]+)", text, re.MULTILINE):
        locked.setdefault(name.lower(), set()).add(number)
    fix = f"{sys.executable} {lock.parent / 'tools' / 'setup.py'}" if text else f"{PIP} sco-notes"
    found = {name: _version(name) for name in _needs()}
    others = [f"{name} {n}" for name, n in found.items() if n and n not in locked.get(name.lower(), {n})]
    compared = ", no lock here to compare with" if not text else "" if others else ", as locked"
    yield Finding("ok", f"Python {sys.version.split()[0]}, {len(found)} packages of the core{compared}")
    for name, number in found.items():
        if not number:
            yield Finding("BROKEN", f"package {name}: not installed", fix)
    if others:
        yield Finding("differs", f"not the versions of the lock: {', '.join(others)}", fix)


def _kernel() -> Finding:
    """The kernel that runs notebooks: its specification must name an interpreter that exists."""
    file = Path(sys.prefix) / "share" / "jupyter" / "kernels" / "python3" / "kernel.json"
    try:
        program = json.loads(file.read_text(encoding="utf-8"))["argv"][0]
        fault = "" if shutil.which(program) else f": it names {program}, which is not there"
    except OSError:
        fault = ": not installed, notebooks cannot run"
    except (ValueError, LookupError, TypeError):
        fault = f": {file} is damaged"
    fix = f"{sys.executable} -m ipykernel install --sys-prefix" if fault else ""
    return Finding("BROKEN" if fault else "ok", f"Jupyter kernel python3{fault}", fix)


def _places(root: Path) -> Iterator[Finding]:
    """Where commands write: the project where this is one, else the current folder."""
    for place in [root / "reports", root / "data"] if (root / "Makefile").is_file() else [Path.cwd()]:
        try:
            with tempfile.TemporaryFile(dir=place):
                yield Finding("ok", f"can write to {place}")
        except OSError as error:
            fix = f"chmod u+rwx {place}, or make room on its disk"
            yield Finding("BROKEN", f"cannot write to {place} ({error.strerror})", fix)


def _extras() -> Iterator[Finding]:
    for extra, feature in FEATURES.items():
        lost = [name for name in _needs(extra) if not _version(name)]
        what = f"{feature} [{extra}]" + (f": without {', '.join(lost)}" if lost else "")
        yield Finding("missing", what, f"{PIP} {' '.join(lost)}") if lost else Finding("ok", what)


def _texts() -> Iterator[Finding]:
    """The texts of corpora that come without them."""
    for folder in sorted(path.parent for path in data_folder().glob("*/derived")):
        with (folder / "documents.csv").open(encoding="utf-8", newline="") as lines:
            ids = [row["doc_id"] for row in csv.DictReader(lines)]
        here = sum((folder / "texts" / f"{doc_id}.txt").is_file() for doc_id in ids)
        own = " --file FILE (a text you own)" if folder.name == "op-ed" else ""
        what = f"quotations from {folder.name}: {here} of {len(ids)} texts here"
        fix = f"sco-notes texts {folder.name}{own}"
        yield Finding("ok", what) if here == len(ids) else Finding("missing", what, fix)


def _needs(extra: str = "") -> list[str]:
    """The names of the packages that the core, or one extra, asks for."""
    needs = metadata("sco-notes").get_all("Requires-Dist") or []
    of_extra = re.compile(rf"extra == ['\"]{extra or '.*'}['\"]")
    return [re.split(r"[^\w.-]", need)[0] for need in needs if bool(of_extra.search(need)) == bool(extra)]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
