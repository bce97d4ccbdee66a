"""Every data file is what data/datapackage.json says, and data/README.md says the same."""

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sco_notes.corpus.documents import read_table

TOOL = Path(__file__).parents[1] / "tools" / "codebook.py"
SPEC = importlib.util.spec_from_file_location("codebook", TOOL)
codebook = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(codebook)

SPEECHES = codebook.DATA / "un-debate"
TABLES = [resource for resource in codebook.read_package(codebook.DATA)["resources"] if "schema" in resource]


def test_nothing_is_stale():
    check = subprocess.run([sys.executable, TOOL, "--check"], capture_output=True, text=True)
    assert (check.returncode, check.stderr) == (0, "")


@pytest.mark.parametrize("resource", TABLES, ids=lambda resource: resource["path"])
def test_values_are_what_the_schema_says(resource):
    file = codebook.DATA / resource["path"]
    table = read_table(file) if file.suffix == ".csv" else pd.read_parquet(file)
    keys = resource["schema"].get("primaryKey", [])
    assert not keys or not table.duplicated(keys).any()
    for field in resource["schema"]["fields"]:
        column, constraints = table[field["name"]], field.get("constraints", {})
        # A scorer that knows no probabilities has none; nothing else is missing.
        assert column.notna().all() or field["name"] in ("p_negative", "p_neutral", "p_positive")
        column = column.dropna()
        if constraints.get("required"):
            assert (column.astype(str) != "").all(), field["name"]
        column = column[column.astype(str) != ""]
        if "enum" in constraints:
            assert set(column) <= set(constraints["enum"]), field["name"]
        if "pattern" in constraints:
            assert column.str.fullmatch(constraints["pattern"]).all(), field["name"]
        if field["type"] in ("integer", "number"):
            numbers = pd.to_numeric(column)
            assert numbers.between(constraints.get("minimum", -1e9), constraints.get("maximum", 1e9)).all()
        if field["type"] == "boolean":
            assert set(column) <= {*field["trueValues"], *field["falseValues"]}
        if constraints.get("unique"):
            assert column.is_unique


def test_tables_of_the_same_name_have_the_same_columns_in_every_corpus():
    derived: dict[str, list] = {}
    for resource in TABLES:
        if "/derived/" in resource["path"]:
            derived.setdefault(Path(resource["path"]).name, []).append(resource["schema"])
    assert all(schema == schemas[0] for schemas in derived.values() for schema in schemas)


@pytest.fixture
def data(tmp_path):
    """A small data folder, described and fresh."""
    (tmp_path / "towns.csv").write_text("town,n\nAstana,2\n")
    pd.DataFrame({"town": ["Astana"], "n": [2]}).to_parquet(tmp_path / "towns.parquet")
    fields = [
        {"name": "town", "type": "string", "description": "A town."},
        {"name": "n", "type": "integer", "unit": "count", "description": "How often."},
    ]
    shared = {"description": "Towns.", "licenses": [{"title": "CC BY 4.0"}], "schema": {"fields": fields}}
    resources = [{"path": "towns.csv", **shared}, {"path": "towns.parquet", **shared}]
    package = {"title": "Towns", "description": "", "licenses": [{"title": "CC BY 4.0"}], "corpora": []}
    (tmp_path / "datapackage.json").write_text(json.dumps(package | {"resources": resources}))
    codebook.refresh(tmp_path)
    return tmp_path


def test_a_refreshed_folder_has_no_faults(data):
    assert codebook.faults(data) == []
    assert "### towns.csv, towns.parquet" in (data / "README.md").read_text()
    assert "| n | integer | count | How often. |" in (data / "README.md").read_text()


def test_a_changed_file_is_named(data):
    (data / "towns.csv").write_text("town,n\nAstana,3\n")
    assert codebook.faults(data) == [
        "towns.csv: changed since its hash was written; run `python tools/codebook.py --refresh`"
    ]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda data: (data / "towns.csv").unlink(), "towns.csv: described in datapackage.json, but"),
        (lambda data: (data / "more.csv").write_text("a\n"), "more.csv: not described; add it"),
        (lambda data: (data / "README.md").write_text("# Mine"), "README.md: not what datapackage.json says"),
        (lambda data: (data / "README.md").unlink(), "README.md: not what datapackage.json says"),
    ],
)  # fmt: skip
def test_other_staleness_is_named(data, change, fault):
    change(data)
    (found,) = codebook.faults(data)
    assert found.startswith(fault)


def test_other_columns_are_named_even_after_a_refresh(data):
    (data / "towns.csv").write_text("town,count\nAstana,2\n")
    pd.DataFrame({"town": ["Astana"], "n": [2.5]}).to_parquet(data / "towns.parquet")
    codebook.refresh(data)
    assert codebook.faults(data) == [
        "towns.csv: has the columns town, count; described: town, n",
        "towns.parquet, column n: double, described as integer",
    ]


def test_texts_need_no_description(data):
    (data / "un" / "texts").mkdir(parents=True)
    (data / "un" / "texts" / "a.txt").write_text("A text.")
    assert codebook.faults(data) == []


@given(st.text(alphabet="ab |\\", min_size=1))
def test_a_description_never_breaks_the_table(description):
    field = {"name": "n", "type": "integer", "description": description}
    row = codebook.column_table({"fields": [field]}).splitlines()[2]
    assert len(re.findall(r"(?<!\\)\|", row)) == 5
