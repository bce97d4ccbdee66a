"""Frames made by hand: each kind of oddity gives the same result as a tidy frame, or one clear error."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sco_notes as sn
from sco_notes.corpus.frames import as_documents

TEXTS = ["China praised Russia last year.", "Kazakhstan condemned the attack."]


def frame(**columns):
    return pd.DataFrame({"doc_id": ["a", "b"], "text": TEXTS} | columns)


READERS = {
    "count_terms": sn.count_terms,
    "concordance": lambda documents: sn.concordance(documents, "praised"),
    "collocations": lambda documents: sn.collocations(documents, min_n=1),
    "find_mentions": sn.find_mentions,
    "find_dates": sn.find_dates,
    "find_events": sn.find_events,
    "score_mentions": lambda documents: sn.score_mentions(documents, sn.find_mentions(documents)),
}


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
@pytest.mark.parametrize(
    ("documents", "message"),
    [
        (frame(text=[TEXTS[0], None]), "doc_id 'b': the text is nan; expected text"),
        (frame(text=[TEXTS[0], 5]), "doc_id 'b': the text is 5"),
        (frame(doc_id=["a", "a"]), "rows 1 and 2: doc_id 'a' is repeated"),
        (frame(doc_id=["a", None]), "row 2: doc_id is missing"),
        (frame().drop(columns="text"), "no column 'text'"),
        (frame(date=["2001", b"2002"]), "doc_id 'b': date b'2002'"),
        (TEXTS, r"documents: (?:a table|a DataFrame|text or a DataFrame)\b.* is expected, not list"),
    ],
)
def test_every_function_refuses_what_is_no_document(read, documents, message):
    with pytest.raises(sn.SCONotesError, match=message):
        read(documents)


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_index_and_kind_of_the_ids_do_not_matter(read):
    expected = read(frame(doc_id=["1", "2"]))
    odd = [
        frame(doc_id=[1, 2]),
        frame(doc_id=pd.Categorical(["1", "2"])),
        frame(doc_id=["1", "2"]).set_index(pd.Index([7, 7])),
        frame(doc_id=["1", "2"]).set_index(pd.Index(["1", "2"], name="doc_id")),
        frame(doc_id=["1", "2"]).astype("string"),
    ]
    for documents in odd:
        pd.testing.assert_frame_equal(read(documents), expected, check_dtype=False)


@pytest.mark.parametrize("date", ["2001-05-06", pd.Timestamp("2001-05-06"), 2001, 2001.0])
def test_a_year_or_a_timestamp_is_a_reference_for_last_year(date):
    dates = sn.find_dates(frame(date=pd.Series([date, None])))
    assert dates["edtf"].tolist() == ["2000"]


def test_mentions_need_only_their_places():
    mentions = pd.DataFrame({"doc_id": ["a", "b"], "start": [0.0, 0.0], "end": [5, 10]})
    scored = sn.score_mentions(frame(), mentions, scorer="vader")
    assert scored["label"].tolist() == ["positive", "negative"] and scored["start"].dtype == "int64"
    assert sn.score_mentions(frame(), mentions.iloc[:0])["valence"].tolist() == []


@pytest.mark.parametrize(
    ("doc_id", "start", "end", "message"),
    [
        ("a", 5, 3, "mention 1: start 5 and end 3 are no place in a text"),
        ("a", None, 3, "mention 1: start (None|nan) and end 3"),
        ("a", 0, 99, "document 'a' has no characters 0 to 99"),
        ("a", -2, 3, "document 'a' has no characters -2 to 3"),
        ("z", 0, 3, "document 'z' has no characters 0 to 3; do the mentions belong to these documents"),
    ],
)
def test_a_mention_outside_its_text_is_refused(doc_id, start, end, message):
    with pytest.raises(sn.SCONotesError, match=message):
        sn.score_mentions(frame(), pd.DataFrame({"doc_id": [doc_id], "start": [start], "end": [end]}))


def test_keyness_takes_a_target_indexed_by_whole_numbers():
    documents = frame(doc_id=[1, 2], year=[2001, 2011])
    terms = sn.count_terms(documents)
    late = sn.keyness(terms, documents.set_index("doc_id")["year"] >= 2005, min_n=1)
    assert late.set_index("term").loc["attack", ["n", "n_reference"]].tolist() == [1, 0]


@given(st.lists(st.integers(), min_size=1, unique=True))
def test_checking_twice_changes_nothing(ids):
    once = as_documents(pd.DataFrame({"doc_id": ids, "text": "x", "date": 2001}))
    assert once["doc_id"].tolist() == [str(doc_id) for doc_id in ids]
    pd.testing.assert_frame_equal(as_documents(once), once)


def test_a_parameter_that_names_nothing_is_an_error_with_the_nearest():
    sn.check_choice("focus", "SCO", ["SCO", "KAZ"])
    with pytest.raises(sn.SCONotesError, match=r"focus = 'KZA': unknown value; .*'KAZ'"):
        sn.check_choice("focus", "KZA", ["SCO", "KAZ"])
    with pytest.raises(sn.SCONotesError, match=r"voice = 'nobody'.*known: all, author"):
        sn.check_choice("voice", "nobody", ["all", "author"])
