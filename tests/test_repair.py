"""Faults of a source: found, listed, applied when a text is read, and left alone where they are none."""

import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import sco_notes as sn
from sco_notes.cli import main
from sco_notes.corpus.repair import COLUMNS, apply_repairs, as_csv, find_repairs, read_repairs
from sco_notes.files import data_folder

PAGES = (
    "It was held in the\n12\n\ncapital of the\n13\n\nrepublic.\n"
    "A/70/PV.24 01/10/2015\n15-29876 16/26\nIt ended."
)


def repaired(text, **others):
    return apply_repairs(text, find_repairs({"a": text, **others}).query("doc_id == 'a'"))


def test_page_numbers_and_running_heads_go_and_their_sentence_goes_on():
    assert repaired(PAGES) == "It was held in the\ncapital of the\nrepublic.\nIt ended."


@pytest.mark.parametrize(
    "text",
    [
        "We ask for:\n1\nPeace.\n3\nWater.",  # no pages: they do not follow one another
        "In the year\n2024\nit met.",
        "He cited the report (A/59/565).\nA/59/565, he said, is clear.",
        "See paras. 3 and pp. 4. The end vs. the means, p. xi.",
        "One *starred* word and 2 * 3.",
        "The e.g. of an author. it is his own habit.",
    ],
)
def test_what_is_no_fault_stays(text):
    assert repaired(text) == text


def test_marks_of_markdown_go_where_a_document_has_several():
    text = "## Aims\n**Mr. President,**\n> we *act*.\n### Page 4 (continued):\nThank you.\n*****\nThe end."
    assert repaired(text) == "Aims\nMr. President,\nwe act.\nThank you.\nThe end."


def test_full_stops_before_small_letters_become_commas_where_there_are_several():
    text = "In 1945. when it began. the world was poor. However, it grew. and it is rich. The U.S. is. too."
    wanted = "In 1945, when it began, the world was poor. However, it grew, and it is rich. The U.S. is, too."
    assert repaired(text) == wanted
    assert repaired("In 1945. when it began.") == "In 1945. when it began."


CUT = (
    "internaonal sancons naons relaons occupaon liberaon plaorm beter constuon jusce essenal vicms Palesne "
    "posion"
)
WHOLE = (
    "international sanctions nations relations occupation liberation platform better constitution justice "
    "essential victims palestine position "
)


def test_signs_that_were_read_in_a_wrong_encoding_are_read_again():
    text = "Itâ€™s a â€œplanâ€\x9d of 20Â°, Ã©lan"
    assert repaired(text) == "It’s a “plan” of 20°, élan"


def test_lost_ligatures_are_read_by_the_words_of_the_other_documents():
    mended = repaired(CUT, b=WHOLE * 3)
    assert mended.lower() == WHOLE.strip()
    assert "Palestine" in mended
    assert repaired(CUT, b=WHOLE) == CUT  # words seen once prove nothing
    assert repaired("internaonal sancons", b=WHOLE * 3) == "internaonal sancons"  # two slips of an author


def test_a_cut_word_with_two_readings_stays():
    assert "liing" in repaired(CUT + " liing", b=(WHOLE + "lifting liffing ") * 3)


@given(st.text(alphabet="ab1*#>.\n \r-/"))
def test_repairs_can_be_undone(text):
    repairs = find_repairs({"a": text})
    mended, shift, rows = apply_repairs(text, repairs), 0, []
    for row in repairs.to_dict("records"):
        start = row["start"] + shift
        shift += len(row["to"]) - len(row["from"])
        rows.append(("a", start, start + len(row["to"]), row["to"], row["from"], row["rule"]))
    assert apply_repairs(mended, pd.DataFrame(rows, columns=COLUMNS)) == text


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "speeches"
    (folder / "texts").mkdir(parents=True)
    (folder / "texts" / "a.txt").write_bytes(PAGES.replace("\n", "\r\n").encode())
    (folder / "documents.csv").write_text("doc_id,date,title,sha256\na,2015,A speech,\n")
    return folder


def test_a_corpus_is_repaired_by_a_command_and_read_with_its_list(corpus):
    answer = CliRunner().invoke(main, ["repair", str(corpus)])
    assert answer.exit_code == 0, answer.output
    assert "page line: 3 in 1 documents" in answer.output
    assert b"A/70/PV.24" in (corpus / "texts" / "a.txt").read_bytes()
    text = sn.read_corpus(corpus)["text"].iloc[0]
    assert text == "It was held in the capital of the republic.\n\nIt ended."
    kept = read_repairs(corpus)["a"]
    assert as_csv(kept) == (corpus / "repairs.csv").read_text()
    (corpus / "repairs.csv").unlink()
    with pytest.raises(sn.SCONotesError, match="differs from the sha256"):
        sn.read_corpus(corpus)


def test_a_text_that_is_a_link_out_of_the_corpus_is_not_repaired(corpus, tmp_path_factory):
    secret = tmp_path_factory.mktemp("elsewhere") / "secret.txt"
    text = next((corpus / "texts").iterdir())
    secret.write_bytes(text.read_bytes())
    text.unlink()
    text.symlink_to(secret)
    result = CliRunner().invoke(main, ["repair", str(corpus)])
    assert result.exit_code == 2 and "a link that leads out of its folder" in result.stderr
    assert not (corpus / "repairs.csv").exists()


def test_a_list_for_another_text_is_refused(corpus):
    CliRunner().invoke(main, ["repair", str(corpus)])
    (corpus / "texts" / "a.txt").write_text(
        "Another text, in which nothing of the list stands where it should."
    )
    with pytest.raises(sn.SCONotesError, match=r"characters 18-26: .* is not there; restore the text"):
        sn.read_corpus(corpus)
    (corpus / "repairs.csv").write_text("doc_id,start,end,from,to,rule\na,x,3,a,b,by hand\n")
    with pytest.raises(sn.SCONotesError, match="the offsets whole numbers"):
        sn.read_corpus(corpus)


def test_the_repairs_of_the_speeches_have_a_rule_and_quote_no_sentence():
    repairs = pd.concat(read_repairs(data_folder() / "un-debate").values())
    assert set(repairs["rule"]) == {"page line", "markdown", "ligature", "stop for comma", "wrong encoding"}
    assert repairs["from"].str.split().str.len().max() <= 9  # numbers and symbols
    assert not repairs.duplicated(["doc_id", "start"]).any()
