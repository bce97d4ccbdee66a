"""The house: which room may import which. Imports run downward only, and no file name is used twice."""

import ast
from collections import Counter
from pathlib import Path

import pytest

import sco_notes

PACKAGE = Path(sco_notes.__file__).parent

# From the top floor down. A room may import those below it, and the files below them all.
ROOMS = [
    "cli",
    "course",
    "reports",
    "notebook",
    "charts",
    "tables",
    "events",
    "sentiment",
    "actors",
    "terms",
    "dates",
    "corpus",
]
BELOW_ALL = ["errors", "files", "processes", "templates"]
# The chart of a table bears the table's name: the same word for the same thing.
SAME_THING = {"__init__", "actors", "terms", "topics", "timeline", "dispersion"}


def imported_rooms(file: Path) -> set[str]:
    """The rooms of this package that a file imports from, at its top or inside functions."""
    inside = file.relative_to(PACKAGE).with_suffix("").parts
    package = list(inside[:-1])
    rooms = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = package[: len(package) - (node.level - 1)] + (
                node.module.split(".") if node.module else []
            )
            rooms |= {base[0]} if base else {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sco_notes"):
            rooms.add((node.module + ".").split(".")[1])
        elif isinstance(node, ast.Import):
            rooms |= {name.name.split(".")[1] for name in node.names if name.name.startswith("sco_notes.")}
    return rooms - {""}


FILES = sorted(PACKAGE.rglob("*.py"))


def test_the_rooms_are_those_listed():
    rooms = {path.name for path in PACKAGE.iterdir() if path.is_dir()} - {"__pycache__", "data", "notebooks"}
    assert rooms == set(ROOMS)
    assert len(ROOMS) <= 12


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_a_room_imports_from_those_below_it_only(file):
    parts = file.relative_to(PACKAGE).parts
    if parts == ("__init__.py",):  # the face: every room's public names
        allowed = {*ROOMS, *BELOW_ALL}
    elif len(parts) == 1:
        allowed = set(BELOW_ALL)
    else:
        allowed = {*ROOMS[ROOMS.index(parts[0]) :], *BELOW_ALL}
    assert imported_rooms(file) <= allowed


def test_no_file_name_is_used_twice_unless_it_means_the_same():
    names = Counter(file.stem for file in FILES)
    assert {name for name, number in names.items() if number > 1} <= SAME_THING


def test_the_map_of_the_house_names_every_room():
    page = (PACKAGE.parents[1] / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert [room for room in ROOMS if f"| `{room}/`" not in page] == []
