"""Prove that pages can be made again: all of them once more, elsewhere, compared byte for byte."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

from ..files import data_folder, temporary_folder
from .render import build

# What must not show in a page: the second run has another of each.
ELSEWHERE = {"TZ": "Asia/Almaty", "LC_ALL": "C", "LANG": "C", "PYTHONHASHSEED": "7", "COLUMNS": "200"}


def differences(listing: Path, out: Path, progress: Callable[[str], object]) -> list[str]:
    """Make all reports again in a temporary folder and return each file that differs, and where first."""
    shutil.rmtree(data_folder() / ".tables", ignore_errors=True)  # tables kept from the first time
    with temporary_folder() as folder, patch.dict(os.environ, ELSEWHERE):
        again = folder / "again"
        failed = [f"{o.report.id}: {o.error}" for o in build(listing, again, progress=progress) if o.error]
        made = [*out.iterdir(), *again.iterdir()]
        names = sorted({file.name for file in made if file.suffix in (".html", ".ipynb")})
        found = [first_difference(out / name, again / name) for name in names]
        return failed + [line for line in found if line]


def first_difference(one: Path, two: Path) -> str:
    """Return where two files first differ, with what stands there; "" where they are the same bytes."""
    if not (one.is_file() and two.is_file()):
        return f"{one.name}: made only {'once' if one.is_file() else 'the second time'}"
    first, second = one.read_bytes(), two.read_bytes()
    if first == second:
        return ""
    unequal = (number for number, (a, b) in enumerate(zip(first, second, strict=False)) if a != b)
    place = next(unequal, min(len(first), len(second)))
    line = first.count(b"\n", 0, place) + 1
    around = [data[max(0, place - 20) : place + 40].decode("utf-8", "replace") for data in (first, second)]
    return f"{one.name}, line {line}, byte {place}: {around[0]!r}, the second time {around[1]!r}"
