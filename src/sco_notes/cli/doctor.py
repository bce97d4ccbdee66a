"""Say what is installed, what is missing for which feature, and the fix. Standard library only.

It must run where anything else is broken, so it imports none of the packages it looks at.
"""

import csv
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata, version
from pathlib import Path
from typing import NamedTuple

from ..files import data_folder

OLDEST_PYTHON = (3, 11)
# What each extra of pyproject.toml is for; "dev" is for those who work on the project.
FEATURES = {
    "ingest": "sco-notes add with .pdf, .html and web addresses",
    "lab": "the controls of notebooks/0_explore.ipynb",
    "scale": "sco-notes extract on a Dask cluster",
}
PROGRAMS = {
    "bwrap": ("sco-notes grade in a sandbox", "apt install bubblewrap"),
    "chromium": ("the tests that open pages in a browser", "apt install chromium"),
}
DATA = ["actors.toml", "chronology.csv", "stopwords.txt", "register.csv", "models/linear.csv", "chronicle"]


class Finding(NamedTuple):
    """State: "ok", "missing" (a feature cannot be used), "differs" (from the lock) or "BROKEN" (needed)."""

    state: str
    what: str
    fix: str = ""


def examine() -> list[Finding]:
    """Look at everything, the needed things first."""
    root = data_folder().parent
    needed = [_python(), *_packages(root), _kernel(), _data(), *_places(root)]
    return [*needed, *_extras(), *_programs(), *_texts()]


def _python() -> Finding:
    name = f"Python {sys.version.split()[0]}"
    if sys.version_info >= OLDEST_PYTHON:
        return Finding("ok", name)
    oldest = ".".join(map(str, OLDEST_PYTHON))
    return Finding("BROKEN", f"{name}: {oldest} or newer is needed", "make PYTHON=python3.12")


def _packages(root: Path) -> Iterator[Finding]:
    """The packages the core needs, against the versions of the lock."""
    lock = root / "requirements.lock"
    text = lock.read_text(encoding="utf-8") if lock.is_file() else ""
    locked: dict[str, set[str]] = {}  # a universal lock may have several versions, by Python and platform
    for name, number in re.findall(r"^([\w.-]+)==([\w.]+)", text, re.MULTILINE):
        locked.setdefault(_plain(name), set()).add(number)
    fix = f"{sys.executable} {root / 'tools' / 'setup.py'}" if locked else _install("sco-notes")
    found = {name: _version(name) for name in _needs()}
    lost = [name for name, number in found.items() if not number]
    others = [f"{name} {n}" for name, n in found.items() if n and n not in locked.get(_plain(name), {n})]
    compared = ", no lock here to compare with" if not locked else "" if others else ", as locked"
    yield Finding("ok", f"{len(found) - len(lost)} of {len(found)} packages of the core{compared}")
    yield from (Finding("BROKEN", f"package {name}: not installed", fix) for name in lost)
    if others:
        yield Finding("differs", f"not the versions of the lock: {', '.join(others)}", fix)


def _kernel() -> Finding:
    """The kernel that runs notebooks: its specification must name an interpreter that exists."""
    file = Path(sys.prefix) / "share" / "jupyter" / "kernels" / "python3" / "kernel.json"
    try:
        program = json.loads(file.read_text(encoding="utf-8"))["argv"][0]
        fault = "" if shutil.which(program) else f"it names {program}, which is not there"
    except OSError:
        fault = "not installed, notebooks cannot run"
    except (ValueError, LookupError, TypeError):
        fault = f"{file} is damaged"
    if not fault:
        return Finding("ok", "Jupyter kernel python3")
    fix = f"{sys.executable} -m ipykernel install --sys-prefix"
    return Finding("BROKEN", f"Jupyter kernel python3: {fault}", fix)


def _data() -> Finding:
    """The data that every command reads."""
    lost = [name for name in DATA if not (data_folder() / name).exists()]
    if lost:
        fix = "git checkout -- data, or install again"
        return Finding("BROKEN", f"data: {', '.join(lost)} not there", fix)
    return Finding("ok", "data: actors, chronology, word lists, chronicle")


def _places(root: Path) -> Iterator[Finding]:
    """Where commands write: the project where this is one, else the current folder."""
    places = [root / "reports", root / "data"] if (root / "Makefile").is_file() else [Path.cwd()]
    for place in [*places, Path(tempfile.gettempdir())]:
        try:
            with tempfile.TemporaryFile(dir=place):
                yield Finding("ok", f"can write to {place}")
        except OSError as error:
            fix = f"chmod u+rwx {place}, or make room on its disk"
            yield Finding("BROKEN", f"cannot write to {place} ({error.strerror})", fix)


def _extras() -> Iterator[Finding]:
    for extra in metadata("sco-notes").get_all("Provides-Extra") or []:
        if extra != "dev":
            what = f"{FEATURES.get(extra, 'the extra')} [{extra}]"
            lost = [name for name in _needs(extra) if not _version(name)]
            missing = Finding("missing", f"{what}: without {', '.join(lost)}", _install(*lost))
            yield missing if lost else Finding("ok", what)


def _programs() -> Iterator[Finding]:
    trial = ["bwrap", "--unshare-all", "--ro-bind", "/", "/", "true"]
    for program, (feature, fix) in PROGRAMS.items():
        if not shutil.which(program):
            yield Finding("missing", f"{feature}: without {program}", fix)
        elif program == "bwrap" and subprocess.run(trial, capture_output=True).returncode:
            fix = "give the container user namespaces"
            yield Finding("missing", f"{feature}: bwrap cannot make one here", fix)
        else:
            yield Finding("ok", feature)


def _texts() -> Iterator[Finding]:
    """The texts of corpora that come without them."""
    for folder in sorted(path.parent for path in data_folder().glob("*/derived")):
        with (folder / "documents.csv").open(encoding="utf-8", newline="") as lines:
            ids = [row["doc_id"] for row in csv.DictReader(lines)]
        here = sum((folder / "texts" / f"{doc_id}.txt").is_file() for doc_id in ids)
        own = " --file FILE (a text you own)" if folder.name == "op-ed" else ""
        missing = Finding("missing", f"quotations from {folder.name}: {here} of {len(ids)} texts here",
                          f"sco-notes texts {folder.name}{own}")  # fmt: skip
        yield Finding("ok", f"texts of {folder.name}: {here}") if here == len(ids) else missing


def _needs(extra: str = "") -> list[str]:
    """The names of the packages that the core, or one extra, asks for."""
    needs = metadata("sco-notes").get_all("Requires-Dist") or []
    of_extra = re.compile(rf"extra == ['\"]{extra or '.*'}['\"]")
    return [re.split(r"[^\w.-]", need)[0] for need in needs if bool(of_extra.search(need)) == bool(extra)]


def _install(*names: str) -> str:
    return f"{sys.executable} -m pip install {' '.join(names)}"


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
