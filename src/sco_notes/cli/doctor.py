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
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata, version
from importlib.util import find_spec
from pathlib import Path

from ..files import data_folder

OLDEST = (3, 11)
FEATURES = {  # what each extra of pyproject.toml is for
    "ingest": "sco-notes add with .pdf, .html and web addresses",
    "lab": "the controls of notebooks/0_explore.ipynb",
    "scale": "sco-notes extract on a Dask cluster",
}
PROGRAMS = {
    "bwrap": ("sco-notes grade in a sandbox", "apt install bubblewrap"),
    "chromium": ("the tests that open pages in a browser", "apt install chromium"),
}


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
        _python(),
        *_packages(root),
        _kernel(),
        _fonts(),
        *_data(),
        *_places(root),
        *_extras(root),
        *_programs(),
        *_texts(),
    ]


def _python() -> Finding:
    name = f"Python {sys.version.split()[0]}"
    if sys.version_info < OLDEST:
        return Finding(
            "BROKEN", f"{name}: {'.'.join(map(str, OLDEST))} or newer is needed", "make PYTHON=python3.12"
        )
    return Finding("ok", name)


def _packages(root: Path) -> list[Finding]:
    """The packages the core needs, against the versions of the lock."""
    lock = root / "requirements.lock"
    text = lock.read_text(encoding="utf-8") if lock.is_file() else ""
    locked: dict[str, set[str]] = {}  # a universal lock may have several versions, by Python and platform
    for name, number in re.findall(r"^([\w.-]+)==([\w.]+)", text, re.MULTILINE):
        locked.setdefault(_plain(name), set()).add(number)
    mend = (
        f"{sys.executable} {root / 'tools' / 'setup.py'}"
        if locked
        else f"{sys.executable} -m pip install sco-notes"
    )
    needs = [
        _name(need) for need in metadata("sco-notes").get_all("Requires-Dist") or [] if "extra ==" not in need
    ]
    found = {name: _version(name) for name in needs}
    findings = [
        Finding("BROKEN", f"package {name}: not installed", mend)
        for name, number in found.items()
        if not number
    ]
    others = [
        f"{name} {number}"
        for name, number in found.items()
        if number not in locked.get(_plain(name), {number})
    ]
    if others:
        findings.append(Finding("differs", f"not the versions of the lock: {', '.join(others)}", mend))
    n = sum(map(bool, found.values()))
    as_locked = ", as locked" if locked and not others else "" if locked else ", no lock here to compare with"
    return [Finding("ok", f"{n} of {len(found)} packages of the core{as_locked}"), *findings]


def _kernel() -> Finding:
    """The kernel that runs notebooks: its specification must name an interpreter that exists."""
    mend = f"{sys.executable} -m ipykernel install --sys-prefix"
    file = Path(sys.prefix) / "share" / "jupyter" / "kernels" / "python3" / "kernel.json"
    if not find_spec("ipykernel") or not file.is_file():
        return Finding("BROKEN", "Jupyter kernel python3: not installed, notebooks cannot run", mend)
    try:
        program = json.loads(file.read_text(encoding="utf-8"))["argv"][0]
    except (ValueError, LookupError, TypeError):
        return Finding("BROKEN", f"Jupyter kernel python3: {file} is damaged", mend)
    if not shutil.which(program):
        return Finding("BROKEN", f"Jupyter kernel python3: it names {program}, which is not there", mend)
    return Finding("ok", "Jupyter kernel python3")


def _fonts() -> Finding:
    spec = find_spec("matplotlib")
    fonts = Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf" if spec and spec.origin else Path()
    if spec and not (fonts / "DejaVuSans.ttf").is_file():
        return Finding("BROKEN", "fonts of matplotlib: DejaVu Sans is not there",
                       f"{sys.executable} -m pip install --force-reinstall matplotlib")  # fmt: skip
    return Finding("ok", "fonts: DejaVu Sans (charts write a character that it lacks as its number)")


def _data() -> list[Finding]:
    """The data that every command reads."""
    needed = (
        "actors.toml",
        "chronology.csv",
        "stopwords.txt",
        "register.csv",
        "models/linear.csv",
        "models/linear_factors.csv",
        "chronicle",
    )
    lost = [name for name in needed if not (data_folder() / name).exists()]
    if lost:
        return [
            Finding("BROKEN", f"data: {', '.join(lost)} not there", "git checkout -- data, or install anew")
        ]
    return [Finding("ok", "data: actors, chronology, word lists, chronicle")]


def _places(root: Path) -> list[Finding]:
    """Where commands write: the project where this is one, else the current folder."""
    is_project = (root / "Makefile").is_file()
    places = [root / "reports", root / "data"] if is_project else [Path.cwd()]
    findings = []
    for place in [*places, Path(tempfile.gettempdir())]:
        try:
            with tempfile.TemporaryFile(dir=place):
                pass
            findings.append(Finding("ok", f"can write to {place}"))
        except OSError as error:
            mend = f"chmod u+rwx {place}, or make room on its disk"
            findings.append(Finding("BROKEN", f"cannot write to {place} ({error.strerror})", mend))
    return findings


def _extras(root: Path) -> list[Finding]:
    about = metadata("sco-notes")
    findings = []
    for extra in about.get_all("Provides-Extra") or []:
        if extra == "dev":
            continue
        sign = re.compile(rf"extra == ['\"]{extra}['\"]")
        needs = [_name(need) for need in about.get_all("Requires-Dist") or [] if sign.search(need)]
        lost = [name for name in needs if not _version(name)]
        what = f"{FEATURES.get(extra, 'the extra')} [{extra}]"
        state = Finding(
            "missing",
            f"{what}: without {', '.join(lost)}",
            f"{sys.executable} -m pip install {' '.join(lost)}",
        )
        findings.append(state if lost else Finding("ok", what))
    return findings


def _programs() -> list[Finding]:
    findings = []
    for program, (feature, mend) in PROGRAMS.items():
        if not shutil.which(program):
            findings.append(Finding("missing", f"{feature}: without {program}", mend))
        elif (
            program == "bwrap"
            and subprocess.run(
                ["bwrap", "--unshare-all", "--ro-bind", "/", "/", "true"], capture_output=True
            ).returncode
        ):
            findings.append(
                Finding(
                    "missing", f"{feature}: bwrap cannot make one here", "give the container user namespaces"
                )
            )
        else:
            findings.append(Finding("ok", feature))
    return findings


def _texts() -> list[Finding]:
    """The texts of corpora that come without them."""
    mends = {"op-ed": "sco-notes texts op-ed --file FILE (a text you own)"}
    findings = []
    for folder in sorted(data_folder().glob("*/derived")):
        folder = folder.parent
        with (folder / "documents.csv").open(encoding="utf-8", newline="") as lines:
            ids = [row["doc_id"] for row in csv.DictReader(lines)]
        here = sum((folder / "texts" / f"{doc_id}.txt").is_file() for doc_id in ids)
        if here == len(ids):
            findings.append(Finding("ok", f"texts of {folder.name}: {here} of {len(ids)}"))
        else:
            mend = mends.get(folder.name, f"sco-notes texts {folder.name}")
            findings.append(
                Finding("missing", f"quotations from {folder.name}: {here} of {len(ids)} texts here", mend)
            )
    return findings


def _name(need: str) -> str:
    return re.split(r"[^\w.-]", need)[0]


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
