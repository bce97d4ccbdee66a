"""The notebooks as they are committed: no outputs, documented parameters, the anatomy readers rely on."""

import ast
import json
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent.parent / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("[1-9]_*.ipynb"))  # those that reports run


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def cells(request):
    return json.loads(request.param.read_text(encoding="utf-8"))["cells"]


def source(cell):
    return "".join(cell["source"])


def test_there_are_five():
    assert [path.stem for path in NOTEBOOKS] == [
        "1_term_frequencies", "2_actor_sentiment", "3_timeline", "4_keywords_over_time",
        "5_formulas",
    ]  # fmt: skip


def test_nothing_that_ran_is_committed(cells):
    for cell in cells:
        if cell["cell_type"] == "code":
            assert not cell["outputs"] and cell["execution_count"] is None


def test_every_parameter_has_a_type_a_default_and_a_comment(cells):
    (cell,) = [cell for cell in cells if "parameters" in cell["metadata"].get("tags", [])]
    lines = source(cell).splitlines()
    statements = ast.parse(source(cell)).body
    assert len(lines) == len(statements)
    for line, statement in zip(lines, statements, strict=True):
        assert isinstance(statement, ast.AnnAssign) and statement.value is not None, line
        assert len(line.split("  # ")[1]) > 10, line


def test_a_notebook_opens_with_a_question_and_ends_with_limits_tasks_and_provenance(cells):
    prose = [source(cell) for cell in cells if cell["cell_type"] == "markdown"]
    assert prose[0].startswith("# ") and "?" in prose[0].splitlines()[0]
    assert "**What you will learn.**" in prose[0]
    rest = "\n".join(prose)
    assert rest.index("## Limits") < rest.index("## Try it") < rest.index("## Provenance")
    assert cells[-1]["metadata"]["tags"] == ["provenance"]


def test_every_parameter_stands_in_the_provenance(cells):
    (cell,) = [cell for cell in cells if "parameters" in cell["metadata"].get("tags", [])]
    names = {statement.target.id for statement in ast.parse(source(cell)).body}
    call = ast.parse(source(cells[-1])).body[-1].value
    assert {keyword.arg for keyword in call.keywords} == names


def test_code_cells_have_ids_and_fit_a_screen(cells):
    assert len({cell["id"] for cell in cells}) == len(cells)
    assert max(len(source(cell).splitlines()) for cell in cells if cell["cell_type"] == "code") <= 20
