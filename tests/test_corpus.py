"""Files and folders to a checked frame of documents. Cases are numbered as in the list of bad inputs."""

import os

import pandas as pd
import pytest

import sco_notes as sn
from sco_notes.corpus.documents import read_chronology, read_documents


def write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def error_of(path, **options):
    with pytest.raises(sn.SCONotesError) as error:
        sn.read_corpus(path, **options)
    return str(error.value)


def test_a_folder_of_texts_has_one_row_a_file_in_order(tmp_path):
    write(tmp_path / "b c.txt", "Second.")
    write(tmp_path / "sub" / "Доклад.txt", "Third.")
    write(tmp_path / "a.txt", "First.")
    write(tmp_path / "picture.png", b"\x89PNG")
    docs = sn.read_corpus(tmp_path)
    assert docs["doc_id"].tolist() == ["a", "b c", "sub/Доклад"]
    assert docs["text"].tolist() == ["First.", "Second.", "Third."]
    assert docs.index.tolist() == docs["doc_id"].tolist() and docs["date"].tolist() == [""] * 3


def test_a_csv_keeps_what_is_written_in_it(tmp_path):
    rows = 'doc_id,text,country,date,weight\n007,"One, two",NA,2024-07,3\n008,Next one,null,,4\n'
    docs = sn.read_corpus(write(tmp_path / "d.csv", rows))
    assert docs["doc_id"].tolist() == ["007", "008"]
    assert docs["country"].tolist() == ["NA", "null"]
    assert docs["year"].tolist() == [2024, pd.NA]
    assert docs["weight"].tolist() == ["3", "4"]
    assert docs.columns[-1] == "text"


def test_parquet_is_read_like_csv(tmp_path):
    pd.DataFrame({"doc_id": ["a"], "text": ["One  two"], "date": ["1996"]}).to_parquet(tmp_path / "d.parquet")
    assert sn.read_corpus(tmp_path / "d.parquet")[["text", "year"]].values.tolist() == [["One two", 1996]]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "an empty file; remove it or put text in it"),
        (" \n", "the file is empty"),
        ("doc_id,text\n", "no documents, only a header"),
        ("doc_id,text\na,One\na,Two\n", "rows 1 and 2: doc_id 'a' is repeated"),
        ("doc_id,txt\na,One\n", "no column 'text' (it has doc_id, txt); say which one holds the texts: "),
        ("doc_id,a;text\nx,y;One\n", "its columns could be parted by , and ;; save it with one of them"),
        (
            "doc_id,text\na,One,two\nb,x\n",
            "line 2 has 3 cells instead of 2; quote cells that hold the separator",
        ),
        ('doc_id,text\na,"One\nb,Two\n', "line 2: unexpected end of data; is a quotation mark not closed?"),
        ("doc_id,text,text\na,One,Two\n", "column 'text' is repeated; rename one"),
        ("doc_id,text\na,\n", "row 1 (a): no text; fill the cell or remove the row"),
        ("doc_id,text\n,One\n", "row 1: doc_id is missing"),
        ("doc_id,text,date\na,One,2024-02-30\n", "row 1"),
        (
            "doc_id,text,date\na,One,03/07/2024\n",
            "ambiguous, 2024-07-03 (day-first) or 2024-03-07 (month-first)? Write it so, or say --dates",
        ),
        ('doc_id,text,date\na,One,"July 3-4, 2024"\n', "row 1"),
        ("doc_id,text,date\na,One,2024/2023\n", "row 1"),
    ],
    ids="empty blank 40 31 32text 36 37 38 39 1 noid 41 43 42 45".split(),
)
def test_case_31_to_45_a_faulty_csv_gets_one_clear_line(tmp_path, content, message):
    text = error_of(write(tmp_path / "d.csv", content))
    assert text.startswith(str(tmp_path / "d.csv")) and message in text and "\n" not in text


def test_case_44_dates_outside_the_calendar_of_computers_are_fine(tmp_path):
    rows = "doc_id,text,date\na,One,0220/0280\nb,Two,-0489\nc,Three,../2035\nd,Four,199X\n"
    docs = sn.read_corpus(write(tmp_path / "d.csv", rows))
    assert docs["year"].tolist() == [220, -489, 2035, 1990]
    far = write(tmp_path / "far.csv", "doc_id,text,date\na,One,Y170000002\nb,Two,2024\nc,Three,Y-20000\n")
    error = error_of(far)
    assert "row 1: date 'Y170000002': a year from -9999 to 9999 is expected" in error and "row 3" in error


@pytest.mark.parametrize("heading", ["a;b", "a\tb"])
def test_a_heading_with_another_separator_does_not_make_a_table_doubtful(tmp_path, heading):
    file = write(tmp_path / "d.csv", f"doc_id,text,{heading}\na,One two,x\n")
    assert sn.read_corpus(file)["text"].tolist() == ["One two"]


def test_case_57_all_faults_are_named_at_once(tmp_path):
    lines = [f"d{i},Text {i}.,2001" for i in range(10_000)]
    for row in (17, 4000, 9999):
        lines[row] = f"d{row},Text.,2001-13"
    text = error_of(write(tmp_path / "d.csv", "\n".join(["doc_id,text,date", *lines])))
    assert all(f"row {row + 1}:" in text for row in (17, 4000, 9999))


@pytest.mark.parametrize("content", ["", " \n\n \t"], ids=["1 empty", "2 white space"])
def test_case_1_and_2_a_text_without_text_is_named_and_the_others_are_checked_too(tmp_path, content):
    write(tmp_path / "a.txt", content)
    write(tmp_path / "b.txt", "café".encode("cp1252"))
    text = error_of(tmp_path)
    assert ("a.txt: an empty" if not content else "a.txt: no text in this file") in text
    assert "b.txt, byte 3: not valid UTF-8" in text


def corpus(folder, ids, **hashes):
    rows = ["doc_id,date,sha256", *(f"{i},2001,{hashes.get(i, '')}" for i in ids)]
    write(folder / "documents.csv", "\n".join(rows) + "\n")
    return folder


def test_case_48_a_text_that_is_not_the_stated_one_is_refused(tmp_path):
    write(tmp_path / "texts" / "a.txt", "Changed.")
    assert "a.txt: the text differs from the sha256 in documents.csv" in error_of(
        corpus(tmp_path, ["a"], a="0" * 64)
    )


@pytest.mark.parametrize("doc_id", ["../../etc/passwd", "/etc/passwd", r"C:\secret", r"\\host\share"])
def test_case_49_and_50_an_id_cannot_lead_out_of_the_folder(tmp_path, doc_id):
    assert "leads out of the folder" in error_of(corpus(tmp_path, [doc_id]))


def test_case_51_neither_can_a_link(tmp_path):
    write(tmp_path / "secret.txt", "Secret.")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").symlink_to(tmp_path / "secret.txt")
    assert "a link that leads out" in error_of(tmp_path / "in")
    (tmp_path / "loop").mkdir()
    (tmp_path / "loop" / "a.txt").symlink_to(tmp_path / "loop" / "a.txt")
    assert "no such file" in error_of(tmp_path / "loop")


@pytest.mark.parametrize("name", ["texts/a.txt", "documents.csv", "repairs.csv", "actors.toml"])
def test_no_file_of_a_received_corpus_leads_out_of_its_folder(tmp_path, name):
    folder = corpus(tmp_path / "got", ["a"])
    write(folder / "texts" / "a.txt", "Text.")
    (folder / name).unlink(missing_ok=True)
    (folder / name).symlink_to(
        "/etc/hostname" if name != "documents.csv" else write(tmp_path / "x", "doc_id\na\n")
    )
    with pytest.raises(sn.SCONotesError, match="a link that leads out of its folder"):
        sn.load(folder)


def test_case_53_names_that_differ_in_capitals_or_ending_only_are_all_read(tmp_path):
    write(tmp_path / "A.txt", "One.")
    write(tmp_path / "a.txt", "Two.")
    write(tmp_path / "a.md", "Three.")
    assert sn.read_corpus(tmp_path)["text"].to_dict() == {"A": "One.", "a": "Three.", "a-2": "Two."}


def test_case_53_they_are_an_error_where_a_corpus_lists_them(tmp_path):
    folder = corpus(tmp_path / "mine", ["A", "a"])
    for name in ("A", "a"):
        write(folder / "texts" / f"{name}.txt", "One two.")
    assert error_of(folder).endswith("a.txt: one file on Windows and macOS for two documents; rename one")


def test_case_54_what_is_no_file_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    assert "not a regular file" in error_of(tmp_path / "pipe.txt")
    assert "no such file or folder" in error_of(tmp_path / "none.txt")
    (tmp_path / "empty").mkdir()
    assert "no file in it that can be read" in error_of(tmp_path / "empty")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read every file")
def test_case_55_an_unreadable_file_is_named(tmp_path):
    write(tmp_path / "a.txt", "One.").chmod(0)
    assert "cannot be read" in error_of(tmp_path)


def test_texts_that_are_not_here_are_named_with_the_way_to_get_them(tmp_path):
    text = error_of(corpus(tmp_path / "mine", ["a"]))
    assert "this text is not here" in text and "`sco-notes texts mine` downloads it" in text
    assert read_documents(tmp_path / "mine")["year"].tolist() == [2001]


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("Kazakhstanâ€™s aims.", "1 characters read in a wrong encoding"),
        ("The summit in Аstana.", "Latin and Cyrillic letters in one word"),
        ("Саммит Шанхайской организации прошёл в Астане.", "0% of its letters are Latin"),
        ("<p>The summit</p> <p>of Astana.</p>", "4 HTML tags, which are counted as words; save it as .html"),
    ],
    ids=["12", "18", "19", "30"],
)
def test_case_12_18_19_and_30_odd_texts_are_read_with_a_note(tmp_path, caplog, text, note):
    sn.read_corpus(write(tmp_path / "odd.txt", text))
    assert note in caplog.text and "odd.txt, odd:" in caplog.text


def test_the_chronology_keeps_conflicting_claims_as_rows():
    facts = read_chronology()
    conflicting = facts[facts["claim"] == "conflicting"]
    assert len(conflicting) == 8
    assert set(conflicting["fact_id"]) < set(facts.loc[facts["claim"] == "accepted", "fact_id"])
