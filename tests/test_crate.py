"""Where pages come from: RO-Crate metadata, the zip of all, and how two runs are compared."""

import hashlib
import json
import zipfile

import pytest

from sco_notes.notebook.display import CSV, PROVENANCE
from sco_notes.reports import Report, write_bundle
from sco_notes.reports.crate import write_crate
from sco_notes.reports.verification import first_difference


@pytest.fixture
def made(tmp_path):
    parameters = {
        "cell_type": "code",
        "source": "top: int = 5  # how many",
        "metadata": {"tags": ["parameters"]},
    }
    notebook = tmp_path / "one.ipynb"
    notebook.write_text(json.dumps({"cells": [parameters], "metadata": {}}))
    shown = {CSV: "term,n\n<b>,1\n", "text/plain": "Terms & n (1 of 2 rows)\n term n"}
    stated = {PROVENANCE: {"corpus digest (sha256)": "0" * 64, "numpy": "2.0"}}
    outputs = [{"output_type": "display_data", "data": data} for data in (shown, stated)]
    cells = [{"cell_type": "code", "source": "", "outputs": outputs}]
    out = tmp_path / "out"
    out.mkdir()
    (out / "index.html").write_text("index")
    (out / "r.html").write_text("page")
    (out / "r.ipynb").write_text(json.dumps({"cells": cells, "metadata": {}}))
    return [Report("r", "R & <b>", notebook, {"top": 7})], out


def test_the_metadata_names_every_file_with_its_hash_and_how_it_was_made(made):
    reports, out = made
    crate = json.loads(write_crate(reports, out, "Reports", "make reports").read_text())
    assert crate["@context"] == "https://w3id.org/ro/crate/1.1/context"
    things = {thing["@id"]: thing for thing in crate["@graph"]}
    assert len(things) == len(crate["@graph"])
    assert things["ro-crate-metadata.json"]["about"] == {"@id": "./"}
    assert [part["@id"] for part in things["./"]["hasPart"]] == ["r.html", "r.ipynb"]
    assert things["r.html"]["sha256"] == hashlib.sha256(b"page").hexdigest()
    run = things["#run-r"]
    assert run["name"] == "make reports" and run["result"] == things["./"]["hasPart"]
    used = {things[part["@id"]]["name"]: things[part["@id"]]["value"] for part in run["object"]}
    assert used == {"top": "7", "corpus digest (sha256)": "0" * 64, "numpy": "2.0"}
    assert things["#notebook-one"]["sha256"] == hashlib.sha256(reports[0].notebook.read_bytes()).hexdigest()


def test_every_reference_in_the_metadata_has_its_goal(made):
    crate = json.loads(write_crate(*made, "Reports", "make reports").read_text())
    known = {thing["@id"] for thing in crate["@graph"]}

    def references(value):
        if isinstance(value, dict) and set(value) == {"@id"}:
            yield value["@id"]
        elif isinstance(value, (dict, list)):
            for part in value.values() if isinstance(value, dict) else value:
                yield from references(part)

    assert set(references(crate["@graph"])) - known == {"https://w3id.org/ro/crate/1.1"}


def test_metadata_is_written_only_when_a_page_changes(made):
    reports, out = made
    file = write_crate(reports, out, "Reports", "make reports")
    before = file.stat().st_mtime_ns, file.read_bytes()
    write_crate(reports, out, "Reports", "make reports")
    assert (file.stat().st_mtime_ns, file.read_bytes()) == before
    (out / "r.html").write_text("another")
    assert write_crate(reports, out, "Reports", "make reports").read_bytes() != before[1]


def test_a_bundle_holds_pages_notebooks_tables_and_lock_in_the_same_bytes(made, tmp_path):
    reports, out = made
    write_crate(reports, out, "Reports", "make reports")
    one, two = write_bundle(reports, out, tmp_path / "1.zip"), write_bundle(reports, out, tmp_path / "2.zip")
    assert one.read_bytes() == two.read_bytes()
    with zipfile.ZipFile(one) as archive:
        names = archive.namelist()
        assert archive.testzip() is None and names == sorted(names)
        assert archive.read("tables/r/01-terms-n-1-of-2-rows.csv") == b"term,n\n<b>,1\n"
    assert {
        "reports/r.html", "reports/r.ipynb", "reports/index.html", "reports/ro-crate-metadata.json",
        "notebooks/one.ipynb", "requirements.lock",
    } <= set(names)  # fmt: skip


def test_the_first_difference_of_two_files_is_named_with_its_place(tmp_path):
    one, two = tmp_path / "a.html", tmp_path / "b.html"
    one.write_text("first\nsecond line at 10:00\n")
    two.write_text("first\nsecond line at 10:07\n")
    assert first_difference(one, two) == (
        "a.html, line 2, byte 25: '\\nsecond line at 10:00\\n', the second time '\\nsecond line at 10:07\\n'"
    )
    two.write_text(one.read_text())
    assert first_difference(one, two) == ""
    two.write_text(one.read_text() + "more")
    assert "a.html, line 3, byte 27" in first_difference(one, two)
    assert first_difference(one, tmp_path / "none") == "a.html: made only once"
