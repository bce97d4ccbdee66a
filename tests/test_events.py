"""Dated statements: which dates count, who is named beside them, and labels in the words of the text."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sco_notes.errors import SCONotesError
from sco_notes.events import EVENT_COLUMNS, LONGEST_LABEL, find_events


def events_of(text: str, date: str = "", mentions: pd.DataFrame | None = None) -> pd.DataFrame:
    return find_events(pd.DataFrame({"doc_id": ["a"], "text": [text], "date": [date]}), mentions)


def test_one_row_for_each_date_with_its_sentence_and_bounds():
    events = events_of("The SCO met in Astana. It met on July 3-4, 2024. It was founded in 2001.")
    assert list(events.columns) == EVENT_COLUMNS
    assert events["sentence"].tolist() == [1, 2]
    assert events["edtf"].tolist() == ["2024-07-03/2024-07-04", "2001"]
    assert events.loc[0, ["earliest", "latest", "precision"]].tolist() == [
        "2024-07-03",
        "2024-07-04",
        "interval",
    ]


def test_durations_sets_and_vague_dates_are_no_events():
    assert events_of("For twenty years they met every June. Recently they met in July.").empty


def test_actors_are_those_of_the_clause():
    events = events_of("China and Russia signed it on 4 July 2024; Pakistan welcomed the text.")
    assert events["actors"].tolist() == ["CHN;RUS"]


def test_actors_of_the_sentence_where_the_clause_names_none():
    events = events_of("Pakistan welcomed the text; it had been signed on 4 July 2024.")
    assert events["actors"].tolist() == ["PAK"]


def test_a_date_alone_in_brackets_belongs_to_the_clause_before():
    events = events_of("India joined late: the summit in Kazakhstan (9 June 2017) admitted Pakistan.")
    assert events["actors"].tolist() == ["KAZ"]


def test_places_do_not_act_and_each_actor_stands_once():
    mentions = pd.DataFrame(
        [
            ("a", 0, 2, "X", "place"),
            ("a", 5, 7, "Y", "actor"),
            ("a", 9, 11, "Z", "ambiguous"),
            ("a", 12, 14, "Y", "actor"),
        ],
        columns=["doc_id", "start", "end", "actor", "reading"],
    )
    assert events_of("AA with BB, CC DD met in 2001.", mentions=mentions)["actors"].tolist() == ["Y;Z"]


def test_relative_date_is_read_with_the_date_of_the_document():
    events = events_of("Last year they met.", date="2016")
    assert events[["value", "edtf"]].values.tolist() == [["2015", "2015"]]


def test_short_sentence_is_its_own_label():
    text = "Before it. They met in 2001. After it."
    assert events_of(text)["label"].tolist() == ["They met in 2001."]


def test_long_sentence_is_cut_at_words_with_ellipses():
    text = (
        "The first of many words, "
        + "and so on and so on, " * 10
        + "but in 2001 they met "
        + "again and again " * 12
        + "there."
    )
    label = events_of(text)["label"].iloc[0]
    assert label.startswith("…in 2001 they met") or label.startswith("…but in 2001 they met")
    assert label.endswith("…") and len(label) <= LONGEST_LABEL
    assert label.strip("…") in text


def test_missing_columns_are_named():
    with pytest.raises(SCONotesError, match="no column 'text'"):
        find_events(pd.DataFrame({"doc_id": ["a"]}))
    with pytest.raises(SCONotesError, match="mentions: no column 'actor'"):
        events_of("In 2001 they met.", mentions=pd.DataFrame({"doc_id": [], "start": []}))


def test_no_dates_give_an_empty_table_with_all_columns():
    assert list(events_of("No date.").columns) == EVENT_COLUMNS


WORDS = [
    "China",
    "in 2001",
    "on July 3-4, 2024",
    "(220-280 AD)",
    ";",
    ".",
    "they met",
    ", and",
    "—",
    "\n\n",
    "x" * 60,
]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join))
def test_labels_are_the_words_of_the_text_around_the_date(text):
    for row in events_of(text).itertuples():
        assert text[row.start : row.end] == row.text
        assert row.label.strip("…") in " ".join(text.split())
        assert " ".join(row.text.split()) in row.label
        assert len(row.label) <= LONGEST_LABEL
