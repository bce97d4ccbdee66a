"""The zip of all pages with what they were made from, and how two runs are compared."""

import json
import zipfile

import pytest

from sco_notes.notebook.display import CSV
from sco_notes.reports import Report, bundle, inputs, write_bundle
from sco_notes.reports.render import first_difference


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
    outputs = [{"output_type": "display_data", "data": shown}]
    cells = [{"cell_type": "code", "source": "", "outputs": outputs}]
    out = tmp_path / "out"
    out.mkdir()
    (out / "index.html").write_text("index")
    (out / "r.html").write_text("page")
    (out / "r.ipynb").write_text(json.dumps({"cells": cells, "metadata": {}}))
    return [Report("r", "R & <b>", notebook, {"top": 7})], out


def test_a_bundle_holds_pages_notebooks_tables_and_lock_in_the_same_bytes(made, tmp_path):
    reports, out = made
    one, two = write_bundle(reports, out, tmp_path / "1.zip"), write_bundle(reports, out, tmp_path / "2.zip")
    assert one.read_bytes() == two.read_bytes()
    with zipfile.ZipFile(one) as archive:
        names = archive.namelist()
        assert archive.testzip() is None and names == sorted(names)
        assert archive.read("tables/r/01-terms-n-1-of-2-rows.csv") == b"term,n\n<b>,1\n"
    assert {
        "reports/r.html", "reports/r.ipynb", "reports/index.html", "notebooks/one.ipynb", "requirements.lock",
    } <= set(names)  # fmt: skip


def test_case_47_no_text_is_bundled_whatever_its_licence(made, tmp_path, monkeypatch):
    data = tmp_path / "data"
    (data / "mine" / "texts").mkdir(parents=True)
    (data / "mine" / "documents.csv").write_text("doc_id,rights\na,unknown\n")
    (data / "mine" / "texts" / "a.txt").write_text("China met Iran.")
    for module in (bundle, inputs):
        monkeypatch.setattr(module, "data_folder", lambda: data)
    ([report], out), zipped = made, tmp_path / "1.zip"
    parameters = {"cell_type": "code", "source": "corpus: str = ''", "metadata": {"tags": ["parameters"]}}
    report.notebook.write_text(json.dumps({"cells": [parameters], "metadata": {}}))
    write_bundle([Report("r", "R", report.notebook, {"corpus": "mine"})], out, zipped)
    with zipfile.ZipFile(zipped) as archive:
        assert [name for name in archive.namelist() if name.startswith("data/")] == [
            "data/mine/documents.csv"
        ]


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
