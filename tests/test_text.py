"""Bytes to normalised text, sentences and tokens."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sco_notes as sn
from sco_notes.corpus import text as module
from sco_notes.corpus.text import (
    decode,
    english_shares,
    normalise,
    sentence_spans,
    token_spans,
    why_not_english,
)


@pytest.mark.parametrize(
    "data",
    [
        "Türkiye".encode(),
        "Türkiye".encode("utf-8-sig"),
        "Türkiye".encode("utf-16"),
        "\ufeffTürkiye".encode("utf-16-be"),
        "Türkiye".encode("utf-32"),
    ],
    ids=["utf-8", "with mark", "utf-16", "utf-16-be", "utf-32"],
)
def test_case_3_to_5_byte_order_marks_are_understood_and_dropped(data):
    assert decode(data) == "Türkiye"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("café".encode("cp1252"), r"f\.txt, byte 3: not valid UTF-8 .*state its encoding.*cp1252"),
        ("Астана".encode("cp1251"), r"f\.txt, byte 0: not valid UTF-8"),
        ("Türkiye".encode()[:2], r"f\.txt, byte 1: not valid UTF-8"),
        ("Astana".encode("utf-16-le"), r"f\.txt, character 1: a NUL character.*utf-16-le"),
        (bytes(range(1, 200)) * 3, r"f\.txt, byte 127: .*binary file"),
    ],
    ids=["7 cp1252", "8 cp1251", "9 truncated", "6 utf-16 without mark", "29 binary"],
)
def test_case_6_to_10_and_29_a_wrong_encoding_is_named_with_its_byte_and_never_guessed(data, message):
    with pytest.raises(sn.SCONotesError, match=message):
        decode(data, "f.txt")


def test_a_stated_encoding_is_used_and_an_unknown_one_refused():
    assert decode("café".encode("cp1252"), encoding="cp1252") == "café"
    with pytest.raises(sn.SCONotesError, match="unknown encoding 'latin-99'"):
        decode(b"x", encoding="latin-99")


def test_case_11_and_26_every_kind_of_line_break_is_the_same():
    texts = [
        f"First line ends.{end}{end}Second begins." for end in ("\n", "\r\n", "\r", "\u2028", "\x85", "\f")
    ]
    assert {normalise(text) for text in texts} == {"First line ends.\n\nSecond begins."}


def test_case_13_composed_and_decomposed_characters_are_one():
    assert normalise("Tu\u0308rkiye") == "Türkiye"


def test_case_14_and_15_invisible_characters_are_removed():
    assert normalise("A\u00adsta\u200bna \u202esummit\u202c") == "Astana summit"


def test_case_25_wrapped_lines_and_hyphens_are_joined():
    wrapped = (
        "The members of the Shanghai Cooperation\nOrganisation agreed on long-\nterm trade and on "
        "the imple-\nmentation of the treaty. They will meet\nagain in a year, and again after that.\n"
        "A new paragraph follows here now,\nand it ends."
    )
    text = normalise(wrapped)
    assert "Shanghai Cooperation Organisation agreed on long-term trade and on the implementation of" in text


def test_a_short_last_line_ends_its_paragraph_and_a_heading_stands_alone():
    lines = [
        "The delegates of the five states met for two",
        "days in the spring, and they signed it.",
        "End.",
    ]
    lines += [
        "Then the ministers of all the member states",
        "came, and the secretaries after them, and",
        "left.",
    ]
    assert normalise("\n".join(lines)).split("\n\n")[1].startswith("Then the ministers")
    text = normalise("Results\nThe summit ended. It was short.\n\nOutlook\nMore will follow.")
    assert text.split("\n\n") == [
        "Results",
        "The summit ended. It was short.",
        "Outlook",
        "More will follow.",
    ]


def test_one_sentence_a_line_is_not_taken_for_wrapping():
    assert normalise("China spoke.\nRussia spoke.\nIndia spoke.").count("\n\n") == 2


def test_a_sentence_that_runs_over_an_empty_line_is_one():
    assert normalise("The agreement was\n\nsigned in June.") == "The agreement was signed in June."


@given(st.text(max_size=300))
def test_normalising_twice_changes_nothing(raw):
    assert normalise(normalise(raw)) == normalise(raw)


@given(st.text(alphabet="ab.-' \n\t\u00ad\u200b\u0308—«»A1", max_size=200))
def test_normalising_twice_changes_nothing_for_awkward_characters(raw):
    assert normalise(normalise(raw)) == normalise(raw)


def test_sentences_keep_abbreviations_and_quotation_marks_together():
    text = "The U.S. delegation met Mr. Smith. It spoke of «peace». Was it “agreed?” Yes."
    assert [text[a:b] for a, b in sentence_spans(text)] == [
        "The U.S. delegation met Mr. Smith.", "It spoke of «peace».", "Was it “agreed?”", "Yes.",
    ]  # fmt: skip


@given(st.text(max_size=300))
def test_sentences_are_in_order_inside_the_text_and_without_white_space_around(raw):
    text = normalise(raw)
    position = 0
    for start, end in sentence_spans(text):
        assert position <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        position = end


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("China\nbetrayed its friends.", ["China\nbetrayed its friends."]),
        ("Shanghai Cooperation\r\nOrganisation met.", ["Shanghai Cooperation\r\nOrganisation met."]),
        ("China spoke.\nRussia spoke.", ["China spoke.", "Russia spoke."]),
        ("Results\nThe summit ended. It was short.\n\nOutlook\nMore will follow.",
         ["Results", "The summit ended.", "It was short.", "Outlook", "More will follow."]),
    ],
)  # fmt: skip
def test_a_line_wrapped_by_hand_ends_no_sentence_and_a_heading_does(text, sentences):
    assert [text[a:b] for a, b in sentence_spans(text)] == sentences


@given(st.text(alphabet="abAB.-, \n\r\u2028\x0b—«»1", max_size=200))
def test_a_text_has_the_sentences_of_its_normalised_form(raw):
    def letters(text):
        return ["".join(re.findall("[abAB1]", text[a:b])) for a, b in sentence_spans(text)]

    assert letters(raw) == letters(normalise(raw))


def test_case_24_and_28_a_text_without_stops_is_cut():
    spans = sentence_spans("word " * 1000)
    assert [len(("word " * 1000)[a:b].split()) for a, b in spans] == [400, 400, 200]


@given(st.text(max_size=200))
def test_tokens_are_those_of_scikit_learns_default_pattern(text):
    assert [text[a:b] for a, b in token_spans(text)] == re.findall(r"\w\w+", text)


@pytest.mark.slow
@pytest.mark.parametrize(
    "raw", ["a" * 5_000_000, "." * 200_000, "word " * 2_000_000, "a. " * 300_000, "x-\ny" * 300_000],
    ids=["22 one word", "23 dots", "20 one line", "short sentences", "line-end hyphens"],
)  # fmt: skip
def test_case_20_to_23_long_inputs_take_linear_time(raw):
    text = normalise(raw)
    assert sentence_spans(text)[-1][1] == len(text)


FRENCH = (
    "Le sommet a été tenu à Astana en juillet et les chefs d’État ont adopté une déclaration sur la paix, "
    "car on a parlé de sécurité dans la région, ce qui est important pour tous et pour leurs voisins."
)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("The summit in Astana is over, and all of the guests have left.", ""),
        ("Саммит прошёл в Астане, сообщает агентство.", "0% of its letters are Latin"),
        ("Astana (Астана)", "50% of its letters are Latin"),
        (FRENCH, "0% of its words are common English ones"),
        ("Astana", ""),
        ("2024", ""),
        ("", ""),
    ],
)
def test_a_text_that_is_not_english_is_told_with_the_reason(text, reason):
    assert why_not_english(text) == reason


@pytest.mark.parametrize(("wrapped", "joined"), module._WORDS["hyphen"]["examples"])
def test_the_examples_of_hyphens_at_line_ends(wrapped, joined):
    assert normalise(wrapped) == joined


@pytest.mark.parametrize(("text", "share"), module._WORDS["english"]["examples"])
def test_the_examples_of_common_english_words(text, share):
    assert english_shares(text)[2] == share
