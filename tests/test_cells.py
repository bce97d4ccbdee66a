"""Cells that a student can read: few and short lines, no branches, no sentence put together in a cell."""

import ast
import json
import re
from pathlib import Path
from statistics import median

import pytest

FOLDER = Path(__file__).parent.parent / "notebooks"
NOTEBOOKS = [*sorted(FOLDER.glob("[0-9]_*.ipynb")), *sorted(FOLDER.glob("exercises/*.ipynb"))]
# What students write and what grades it is no given code.
HIDDEN = re.compile(r"^ *### BEGIN (SOLUTION|HIDDEN TESTS)\n.*?^ *### END \1\n?", re.MULTILINE | re.DOTALL)
LONGEST_LINE = 88  # characters
MOST_LINES, MEDIAN_LINES = 6, 2
MOST_FIELDS = 2  # of the f-strings of a cell, together
BRANCHES = (ast.If, ast.IfExp, ast.For, ast.While, ast.Try, ast.With, ast.Match)


def given_cells(file: Path) -> list[str]:
    """The code of a notebook that students are given, cell by cell."""
    cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
    sources = [
        (HIDDEN.sub("", "".join(cell["source"])), cell["metadata"].get("tags", []))
        for cell in cells
        if cell["cell_type"] == "code"
    ]
    # The parameters are a list, one a line: as many lines as there are parameters.
    return [source.strip() for source, tags in sources if source.strip() and "parameters" not in tags]


def parameter_lines(file: Path) -> list[str]:
    cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
    tagged = [cell for cell in cells if "parameters" in cell["metadata"].get("tags", [])]
    return "".join(line for cell in tagged for line in cell["source"]).splitlines()


def tree_of(source: str) -> ast.Module:
    """The syntax of a cell; a function whose body is the student's has none."""
    return ast.parse(re.sub(r"(?m)^(def .*:)$(?!\n +\S)", r"\1 ...", source))


@pytest.fixture(params=NOTEBOOKS, ids=lambda file: file.stem)
def file(request):
    return request.param


def test_lines_are_short(file):
    lines = [line for source in given_cells(file) for line in source.splitlines()]
    assert [line for line in [*lines, *parameter_lines(file)] if len(line) > LONGEST_LINE] == []


def test_cells_are_short(file):
    sizes = [len(source.splitlines()) for source in given_cells(file)]
    assert median(sizes) <= MEDIAN_LINES
    assert max(sizes) <= MOST_LINES


def test_cells_have_no_branches(file):
    for source in given_cells(file):
        assert not [node for node in ast.walk(tree_of(source)) if isinstance(node, BRANCHES)], source


def test_no_sentence_is_put_together_in_a_cell(file):
    for source in given_cells(file):
        fields = [node for node in ast.walk(tree_of(source)) if isinstance(node, ast.FormattedValue)]
        assert len(fields) <= MOST_FIELDS, source


def test_nltk_is_used_where_students_meet_it():
    used = {file.stem for file in NOTEBOOKS if "nltk" in "\n".join(given_cells(file))}
    assert {"1_term_frequencies", "2_actor_sentiment", "3_concordance"} <= used


def test_no_cell_of_a_page_needs_a_lesson(file):
    """Cells tagged `lesson` do not run for a page: what they alone define is used by lessons alone."""
    taught: set[str] = set()
    for cell in json.loads(file.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] != "code":
            continue
        nodes = [*ast.walk(tree_of("".join(cell["source"])))]
        names = [node for node in nodes if isinstance(node, ast.Name)]
        made = {name.id for name in names if isinstance(name.ctx, ast.Store)}
        imports = [node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]
        made |= {alias.asname or alias.name for node in imports for alias in node.names}
        if "lesson" in cell["metadata"].get("tags", []):
            taught |= made
        else:
            used = {name.id for name in names if isinstance(name.ctx, ast.Load)} - made
            assert used & taught == set(), cell["id"]
            taught -= made
