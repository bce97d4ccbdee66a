"""What is installed, what is missing for which feature, and the fix. Standard library only.

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
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata, version
from pathlib import Path

from ..files import data_folder

OLDEST_PYTHON = (3, 11)
FEATURES = {  # what each extra of pyproject.toml is for
    "ingest": "sco-notes add with .pdf, .html and web addresses",
    "lab": "the controls of notebooks/0_explore.ipynb",
    "scale": "sco-notes extract with several workers, or on a Dask cluster",
}
PROGRAMS = {
    "bwrap": ("sco-notes grade in a sandbox", "apt install bubblewrap"),
    "chromium": ("the tests that open pages in a browser", "apt install chromium"),
}
DATA = """actors.toml chronology.csv stopwords.txt register.csv models/linear.csv models/linear_factors.csv
    chronicle""".split()
PIP = f"{sys.executable} -m pip install"


@dataclass(frozen=True)
class Finding:
    """State: "ok", "missing" (a feature cannot be used), "differs" (from the lock) or "BROKEN" (needed)."""

    state: str
    what: str
    fix: str = ""


def examine() -> list[Finding]:
    """Look at everything, the needed things first."""
    root = data_folder().parent
    return [
        _python(), *_packages(root), _kernel(), _data(), *_places(root), *_extras(),
        *map(_program, PROGRAMS), *_texts(),
    ]  # fmt: skip


def _python() -> Finding:
    oldest = ".".join(map(str, OLDEST_PYTHON))
    name = f"Python {sys.version.split()[0]}"
    if sys.version_info < OLDEST_PYTHON:
        return Finding("BROKEN", f"{name}: {oldest} or newer is needed", "make PYTHON=python3.12")
    return Finding("ok", name)


def _packages(root: Path) -> Iterator[Finding]:
    """The packages the core needs, against the versions of the lock (several, by Python and platform)."""
    lock = root / "requirements.lock"
    text = lock.read_text(encoding="utf-8") if lock.is_file() else ""
    locked = {(_plain(name), number) for name, number in re.findall(r"(?m)^([\w.-]+)==([\w.]+)", text)}
    names = {name for name, _ in locked}
    fix = f"{sys.executable} {root / 'tools' / 'setup.py'}" if locked else f"{PIP} sco-notes"
    found = {name: _version(name) for name in _needs("")}
    lost = [name for name, number in found.items() if not number]
    others = [
        f"{name} {number}"
        for name, number in found.items()
        if number and _plain(name) in names and (_plain(name), number) not in locked
    ]
    compared = "" if others else ", as locked" if locked else ", no lock here to compare with"
    yield Finding("ok", f"{len(found) - len(lost)} of {len(found)} packages of the core{compared}")
    for name in lost:
        yield Finding("BROKEN", f"package {name}: not installed", fix)
    if others:
        yield Finding("differs", f"not the versions of the lock: {', '.join(others)}", fix)


def _kernel() -> Finding:
    """The kernel that runs notebooks: its specification must name an interpreter that exists."""
    file = Path(sys.prefix) / "share" / "jupyter" / "kernels" / "python3" / "kernel.json"
    fault = ""
    try:
        program = json.loads(file.read_text(encoding="utf-8"))["argv"][0]
        if not shutil.which(program):
            fault = f"it names {program}, which is not there"
    except OSError:
        fault = "not installed, notebooks cannot run"
    except (ValueError, LookupError, TypeError):
        fault = f"{file} is damaged"
    if fault:
        fix = f"{sys.executable} -m ipykernel install --sys-prefix"
        return Finding("BROKEN", f"Jupyter kernel python3: {fault}", fix)
    return Finding("ok", "Jupyter kernel python3")


def _data() -> Finding:
    """The data that every command reads."""
    lost = [name for name in DATA if not (data_folder() / name).exists()]
    if lost:
        return Finding("BROKEN", f"data: {', '.join(lost)} not there", "git checkout -- data, or reinstall")
    return Finding("ok", "data: actors, chronology, word lists, chronicle")


def _places(root: Path) -> Iterator[Finding]:
    """Where commands write: the project where this is one, else the current folder."""
    is_project = (root / "Makefile").is_file()
    places = [root / "reports", root / "data"] if is_project else [Path.cwd()]
    for place in [*places, Path(tempfile.gettempdir())]:
        try:
            tempfile.TemporaryFile(dir=place).close()
            yield Finding("ok", f"can write to {place}")
        except OSError as error:
            fix = f"chmod u+rwx {place}, or make room on its disk"
            yield Finding("BROKEN", f"cannot write to {place} ({error.strerror})", fix)


def _extras() -> Iterator[Finding]:
    for extra in metadata("sco-notes").get_all("Provides-Extra") or []:
        if extra != "dev":
            what = f"{FEATURES.get(extra, 'the extra')} [{extra}]"
            lost = [name for name in _needs(extra) if not _version(name)]
            yield _needed(what, ", ".join(lost), f"{PIP} {' '.join(lost)}")


def _program(program: str) -> Finding:
    feature, fix = PROGRAMS[program]
    if not shutil.which(program):
        return _needed(feature, program, fix)
    sandbox = ["bwrap", "--unshare-all", "--ro-bind", "/", "/", "true"]
    if program == "bwrap" and subprocess.run(sandbox, capture_output=True).returncode:
        return Finding(
            "missing", f"{feature}: bwrap cannot make one here", "give the container user namespaces"
        )
    return Finding("ok", feature)


def _texts() -> Iterator[Finding]:
    """The texts of corpora that come without them."""
    for derived in sorted(data_folder().glob("*/derived")):
        folder = derived.parent
        with (folder / "documents.csv").open(encoding="utf-8", newline="") as lines:
            ids = [row["doc_id"] for row in csv.DictReader(lines)]
        here = sum((folder / "texts" / f"{doc_id}.txt").is_file() for doc_id in ids)
        if here == len(ids):
            yield Finding("ok", f"texts of {folder.name}: {here} of {len(ids)}")
        else:
            own = " --file FILE (a text you own)" if folder.name == "op-ed" else ""
            what = f"quotations from {folder.name}: {here} of {len(ids)} texts here"
            yield Finding("missing", what, f"sco-notes texts {folder.name}{own}")


def _needed(feature: str, lost: str, fix: str) -> Finding:
    return Finding("missing", f"{feature}: without {lost}", fix) if lost else Finding("ok", feature)


def _needs(extra: str) -> list[str]:
    """The packages of an extra; of "", those of the core."""
    named = re.compile(r"extra == ['\"](.*?)['\"]")
    needs = metadata("sco-notes").get_all("Requires-Dist") or []
    return [re.split(r"[^\w.-]", need)[0] for need in needs if "".join(named.findall(need)) == extra]


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
