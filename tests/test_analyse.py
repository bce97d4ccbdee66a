"""The whole way for texts of one's own: one command, three pages and an index, with the right numbers."""

import re

import pytest
from click.testing import CliRunner
from making import docx, paragraph

from sco_notes.cli import main

pytestmark = pytest.mark.slow

ROWS = [
    "doc_id,date,country,text",
    'first,2001-06-20,KAZ,"Kazakhstan welcomed the agreement of 15 June 2001. Trade grows, trade helps."',
    'second,2004,CHN,"China praised the summit in Tashkent. Kazakh trade suffered in the late 1990s."',
    'third,2004-07,KGZ,"<script>alert(1)</script> & $x$ [link](javascript:alert(1)): the SCO praised trade '
    'again in July 2004."',
]


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("own")
    source = folder / "my speeches.csv"
    source.write_text("\n".join(ROWS) + "\n", encoding="utf-8")
    before = source.read_bytes()
    result = CliRunner().invoke(main, ["analyse", str(source), "--out", str(folder / "out")])
    assert result.exit_code == 0, result.output
    assert source.read_bytes() == before
    assert sorted(path.name for path in folder.iterdir()) == ["my speeches.csv", "out"]
    return {path.stem: path.read_text(encoding="utf-8") for path in (folder / "out").glob("*.html")}


def words(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_three_pages_and_an_index(pages):
    assert sorted(pages) == ["actors", "index", "terms", "timeline"]
    for name in ("actors", "terms", "timeline"):
        assert f'href="{name}.html"' in pages["index"]


def test_the_numbers_are_those_of_the_texts(pages):
    # 40 tokens of two letters and more; "trade" stands in them four times.
    assert "trade most in 2001 (166.7), least in 2004 (74.1)" in pages["terms"]  # 2 of 12 tokens, 2 of 27
    assert "2001" in words(pages["timeline"])
    assert "2001-06-15" in pages["timeline"] and "199X" in pages["timeline"]
    assert "Kazakhstan" in pages["actors"] and "praised +" in words(pages["actors"])


def test_text_is_shown_as_text(pages):
    for page in pages.values():
        assert "<script" not in page and not re.search(r"(?:href|src)\W+javascript:", page)
    assert "&lt;script&gt;alert(1)" in pages["actors"]


def test_no_path_of_the_reader_stands_in_a_page(pages, tmp_path_factory):
    for page in pages.values():
        assert str(tmp_path_factory.getbasetemp()) not in page


def test_what_is_read_is_shown_first_and_what_is_left_out_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "texts"
    (folder / "more").mkdir(parents=True)
    (folder / "talk 2024-07-04.txt").write_text("Iran praised the summit. Trade grew.")
    (folder / "more" / "a.docx").write_bytes(docx(paragraph("China praised trade.")))
    (folder / "empty.md").touch()
    (folder / "rows.csv").write_text("Rede;Tag\nRussia praised trade.;04/07/2021\n;05/07/2021\n")
    options = ["--columns", "text=Rede,date=Tag", "--dates", "day-first", "--dates", "filename"]
    shown = CliRunner().invoke(main, ["analyse", "texts", "--dry-run", *options])
    assert shown.exit_code == 3 and not (tmp_path / "texts-reports").exists()
    lines = [line.split(maxsplit=3) for line in shown.stdout.splitlines()]
    assert ["rows-1", "2021-07-04", "3", "Russia praised trade."] in lines
    assert (
        "3 documents, 1 without a date, 12 words; 2 files or rows are left out, named above" in shown.stdout
    )
    assert shown.stderr.splitlines() == [
        "sco-notes: texts/empty.md: an empty file; remove it or put text in it",
        "sco-notes: texts/rows.csv, row 2 (rows-2): no text; fill the cell or remove the row",
    ]
    made = CliRunner().invoke(main, ["analyse", "texts", *options])
    assert made.exit_code == 3 and "3 of 3 reports are there" in made.stdout
    page = (tmp_path / "texts-reports" / "terms.html").read_text(encoding="utf-8")
    assert "--columns text=Rede,date=Tag --dates day-first --dates filename" in words(page)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--columns", "Rede"], "--columns: 'Rede' is no NAME=HEADING"),
        (["--encoding", "klingon"], "unknown encoding 'klingon'"),
        (["--columns", "text=Text,text=Day"], "--columns: a NAME stands twice"),
        (["--columns", "title=Rede"], "no column 'Rede' (it has Text, Day)"),
    ],
)
def test_an_option_that_cannot_be_right_writes_nothing(tmp_path, options, message):
    (tmp_path / "a.csv").write_text("Text,Day\nTrade grew.,2021\n")
    options = [*options, "--out", str(tmp_path / "out")]
    result = CliRunner().invoke(main, ["analyse", str(tmp_path / "a.csv"), *options])
    assert result.exit_code == 2 and message in result.stderr and not (tmp_path / "out").exists()
