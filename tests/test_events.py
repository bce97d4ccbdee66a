"""Dated statements: which dates count, who is named beside them, and labels in the words of the text."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sco_notes as sn
from sco_notes.errors import SCONotesError
from sco_notes.events import (
    EVENT_COLUMNS,
    LONGEST_LABEL,
    compare_events,
    find_events,
    label_events,
    merge_events,
)
from sco_notes.events.attachment import PATTERNS, RULES
from sco_notes.events.verbs import WORDS as WORDS_OF_CLAUSES
from sco_notes.files import data_folder


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


def test_a_date_alone_in_brackets_belongs_to_the_clause_before():
    events = events_of("India joined late: the summit in Kazakhstan (9 June 2017) admitted Pakistan.")
    assert events["actors"].tolist() == ["KAZ"]


def test_places_do_not_act_and_each_actor_stands_once():
    mentions = pd.DataFrame(
        [
            ("a", 0, 2, "X", "place"),
            ("a", 4, 6, "Y", "actor"),
            ("a", 8, 10, "Z", "ambiguous"),
            ("a", 15, 17, "Y", "actor"),
        ],
        columns=["doc_id", "start", "end", "actor", "reading"],
    )
    assert events_of("AA, BB, CC and DD met in 2001.", mentions=mentions)["actors"].tolist() == ["Y;Z"]


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
    assert label.startswith("but in 2001 they met")
    assert label.endswith("…") and len(label) <= LONGEST_LABEL
    assert label.strip("…") in text


def test_missing_columns_are_named():
    with pytest.raises(SCONotesError, match="no column 'text'"):
        find_events(pd.DataFrame({"doc_id": ["a"]}))
    with pytest.raises(SCONotesError, match="no column 'actor'"):
        events_of("In 2001 they met.", mentions=pd.DataFrame({"doc_id": [], "start": []}))


def test_no_dates_give_an_empty_table_with_all_columns():
    assert list(events_of("No date.").columns) == EVENT_COLUMNS


def test_the_clause_decides_and_the_rest_of_the_sentence_does_not():
    assert events_of("Pakistan welcomed the text; it had been signed on 4 July 2024.")["actors"].tolist() == [
        ""
    ]


@pytest.mark.parametrize(
    ("text", "actors"),
    [
        ("Belarus recalls that India joined in 2017.", ["IND"]),
        ("Kazakhstan praised the 2010 Treaty between Russia and China.", ["RUS;CHN"]),
        ("Belarus voted for Security Council resolutions 10 (2001) and 11 (2003).", ["UN", "UN"]),
        ("It rests on Conventions of the United Nations of 1961, 1971 and 1988.", ["UN", "UN", "UN"]),
        ("Iran joined the fund in 1992, and in 2001 sent doctors there.", ["IRN", "IRN"]),
        ("As Kazakhstan was told in May 2001, we trust Russia.", ["KAZ"]),
    ],
)
def test_a_date_belongs_to_its_clause_or_its_noun_phrase(text, actors):
    assert events_of(text, date="2005")["actors"].tolist() == actors


@pytest.mark.parametrize(
    ("text", "date", "expected"),
    [
        ("They met in 2001.", "2005", "happened"),
        ("They should not forget 2001.", "2005", "happened"),
        ("The summit will be held in June 2006.", "2005", "planned"),
        ("The third meeting is in 2008.", "2005", "planned"),
        ("India should join in 2008.", "2005", "hypothetical"),
        ("If they meet in 2008, all is well.", "2005", "hypothetical"),
        ("After it came a video conference in 2008.", "2005", "planned"),
        ("The summit is to be held in 2006.", "", "planned"),
        ("It should be discussed at the 2006 summit.", "2005", "planned"),
        ("I should like to recall that they met in May 2005.", "2005", "happened"),
        ("We propose that it meet in 2008.", "2005", "hypothetical"),
        ("We have proposed holding a forum in 2008.", "2005", "hypothetical"),
        ("We propose to discuss it at the forum to be held in May 2005.", "2005", "planned"),
        ("We shall go on with the plan approved by China in May 2005.", "2005", "happened"),
    ],
)
def test_modality_is_read_from_the_words_and_the_date_of_the_document(text, date, expected):
    assert events_of(text, date=date)["modality"].tolist() == [expected]


def test_since_and_until_are_open_at_one_end():
    events = events_of("Since 1996 they meet. It lasts until 2035.")
    assert events["edtf"].tolist() == ["1996/..", "../2035"]
    assert events["latest"].tolist() == ["", "2035-12-31"]
    assert events["earliest"].tolist() == ["1996-01-01", ""]


def test_a_summit_known_by_number_has_the_date_of_the_chronology():
    row = events_of("The eighteenth SCO summit was a success.").iloc[0]
    assert (row["edtf"], row["basis"]) == ("2018-06-09/2018-06-10", "named event")
    assert (row["text"], row["anchor"]) == ("eighteenth SCO summit", "2018-06-10-summit")
    assert events_of("The 18th SCO summit met on 9 June 2018.")["basis"].tolist() == ["explicit"]


def test_a_summit_known_by_place_is_the_last_before_the_document_and_never_a_guess():
    assert events_of("The SCO met. The Astana summit was long.", date="2012-01")["edtf"].tolist() == [
        "2011-06-14/2011-06-15"
    ]
    assert events_of("The SCO met. The Astana summit was long.").empty
    assert events_of("The Qingdao summit was long.").empty  # of whom?
    assert events_of("The SCO met. At the Qingdao summit the G20 met.").empty
    assert events_of("The SCO met. The Qingdao summit was long.")["edtf"].tolist() == [
        "2018-06-09/2018-06-10"
    ]


@pytest.mark.parametrize(
    ("text", "date", "fact", "edtf", "head"),
    [
        ("The Earth Summit was long.", "2000", "1992-rio", "1992-06-03/1992-06-14", "Earth Summit"),
        (
            "The upcoming SCO summit in Samarkand.",
            "2022-01",
            "2022-09-16-summit",
            "2022-09-15/2022-09-16",
            "",
        ),
        (
            "It praised the 2018 SCO summit.",
            "2020",
            "2018-06-10-summit",
            "2018-06-09/2018-06-10",
            "SCO summit",
        ),
        ("After the entry of Iran the SCO grew.", "2024", "2023-07-04-iran", "2023-07-04", "entry of Iran"),
        ("Belarus joined the SCO.", "2025", "2024-07-04-belarus", "2024-07-04", "Belarus joined"),
    ],
)
def test_events_that_a_text_names_have_their_known_dates(text, date, fact, edtf, head):
    row = events_of(text, date).iloc[0]
    assert (row["anchor"], row["edtf"], row["basis"]) == (fact, edtf, "named event")
    assert row["head"] == head or not head


def test_an_event_that_is_named_before_it_took_place_has_no_date():
    assert events_of("After the entry of Iran the SCO grows.", "2020").empty
    assert events_of("The Earth Summit will be long.", "1990").empty


def test_what_a_text_announces_is_planned_where_it_is_named_again():
    text = "On July 3-4, 2024, the summit of the SCO will be held. The 2024 SCO summit matters."
    assert events_of(text, "2024-07")["modality"].tolist() == ["planned", "planned"]


def test_every_event_of_the_world_has_a_source_a_date_and_an_example_it_is_found_in():
    table = pd.read_csv(data_folder() / "world_events.csv", dtype=str)
    assert table["event_id"].is_unique and table.notna().all(axis=None)
    for row in table.itertuples():
        found = events_of(f"Think of {row.example} today.")
        assert found.loc[found["basis"] == "named event", ["anchor", "edtf"]].values.tolist() == [
            [row.event_id, row.date]
        ]


def test_conference_that_follows_another_is_not_that_one():
    text = "The forthcoming Follow-up International Conference on Financing for Development will help."
    assert events_of(text, "2008").empty


def test_place_is_where_the_clause_says_so():
    assert events_of("They met in Qingdao in June 2018.")["place"].tolist() == ["Qingdao"]


def two_texts(*texts):
    return find_events(pd.DataFrame({"doc_id": [f"d{n}" for n in range(len(texts))], "text": texts}))


def test_statements_on_one_event_are_merged_and_kept_as_members():
    merged = merge_events(
        two_texts("The SCO adopted its Charter on 7 June 2002.", "In 2002 the SCO got a charter.")
    )
    assert merged[["edtf", "claims", "statements", "documents"]].values.tolist() == [
        ["2002-06-07", "2002-06-07;2002", 2, 2]
    ]
    assert merged["members"].tolist() == ["d0:31;d1:3"]


@pytest.mark.parametrize(
    "other",
    [
        "The SCO opened an office in 2002.",  # no noun is shared
        "India adopted a charter in 2002.",  # no actor
        "The SCO had a charter in 2003.",  # no day
        "The SCO had a charter in the 2000s.",  # too wide
    ],
)
def test_statements_that_share_too_little_stay_apart(other):
    assert len(merge_events(two_texts("The SCO adopted its Charter on 7 June 2002.", other))) == 2


def test_at_least_95_percent_of_the_chronology_is_found_in_the_chronicle_and_every_conflict_with_its_source():
    claims = compare_events(find_events(sn.read_corpus(data_folder() / "chronicle")), sn.read_chronology())
    accepted = claims[claims["claim"] == "accepted"]
    assert (accepted["status"] == "found").mean() >= 0.95
    conflicts = claims[claims["claim"] == "conflicting"]
    assert set(conflicts["status"]) == {"contradicted"}
    # The admission of Uzbekistan on 14 June 2001 is no claim on the founding of the SCO.
    assert claims.loc[
        (claims["date"] == "2001-06-14") & (claims["claim"] == "conflicting"), "doc_ids"
    ].tolist() == ["2001-06-summit-shanghai"]


def test_a_wrong_date_of_a_named_summit_contradicts_and_a_wide_one_does_not():
    facts = sn.read_chronology()
    wrong = compare_events(events_of("The 18th SCO summit met in Qingdao on 9 July 2018."), facts)
    stated = wrong[wrong["claim"] == "statement"]
    assert stated[["date", "status", "source_title"]].values.tolist() == [["2018-07-09", "contradicted", "a"]]
    assert set(wrong.loc[wrong["claim"] == "accepted", "status"]) == {"missing"}
    wide = compare_events(events_of("The 18th SCO summit met in Qingdao in June 2018."), facts)
    assert set(wide["status"]) == {"missing"}


def test_no_events_at_all_are_compared_and_merged_without_error():
    none = events_of("No date.")
    assert set(compare_events(none, sn.read_chronology())["status"]) == {"missing"}
    assert merge_events(none).empty


def test_labels_left_out_of_derived_tables_come_back_from_the_texts():
    documents = pd.DataFrame({"doc_id": ["a"], "text": ["First. They met in 2001; it rained. In 2003 too."]})
    events = find_events(documents)
    sentences = pd.DataFrame(
        [("a", n, *span) for n, span in enumerate(sn.sentence_spans(documents["text"][0]))],
        columns=["doc_id", "sentence", "start", "end"],
    )
    assert label_events(events.drop(columns="label"), documents, sentences).equals(events)


@pytest.mark.parametrize(("text", "date", "actors", "by", "head"), WORDS_OF_CLAUSES["examples"])
def test_who_did_what_is_told_by_syntax(text, date, actors, by, head):
    documents = pd.DataFrame({"doc_id": ["a"], "text": [text], "date": [date], "country": ["KAZ"]})
    assert find_events(documents)[["actors", "actor_by", "head"]].values.tolist() == [[actors, by, head]]


def marked(example: str) -> tuple[str, list[str]]:
    """A text with bars, without them, and what stands between each pair of bars."""
    return example.replace("|", ""), example.split("|")[1::2]


@pytest.mark.parametrize(
    ("name", "example"),
    [(name, text) for name, rule in RULES.items() if "patterns" in rule for text in rule["finds"]],
)
def test_rules_find_what_their_examples_mark(name, example):
    text, found = marked(example)
    assert [match.group() for match in PATTERNS[name].finditer(text)] == found


@pytest.mark.parametrize(
    ("name", "text"),
    [(name, text) for name, rule in RULES.items() if "patterns" in rule for text in rule["passes"]],
)
def test_rules_pass_what_is_something_else(name, text):
    assert PATTERNS[name].search(text) is None


WORDS = [
    "China", "in 2001", "on July 3-4, 2024", "(220-280 AD)", ";", ".", "they met", ", and", "—", "\n\n",
    "x" * 60, "since 1996",
    "the 18th SCO summit", "that", "of", "the 2010 Treaty", "as", ", we", "will", "if",
    "resolution 5 (1999)",
]  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join) | st.text(max_size=80),
    st.sampled_from(["", "2005"]),
)
def test_labels_are_the_words_of_the_text_around_the_date(text, date):
    for row in events_of(text, date).itertuples():
        assert text[row.start : row.end] == row.text
        assert row.label.strip("…") in " ".join(text.split())
        assert " ".join(row.text.split()) in row.label
        assert len(row.label) <= LONGEST_LABEL
        assert row.modality in {"happened", "planned", "hypothetical"}


@settings(max_examples=12, deadline=None)
@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=20).map(" ".join), max_size=4))
def test_every_statement_is_a_member_of_one_event_and_no_event_holds_dates_that_exclude_each_other(texts):
    events = two_texts(*texts)
    merged = merge_events(events)
    members = [member for row in merged["members"] for member in row.split(";")]
    assert sorted(members) == sorted(f"{row.doc_id}:{row.start}" for row in events.itertuples())
    bounds = {f"{row.doc_id}:{row.start}": (row.earliest, row.latest) for row in events.itertuples()}
    for together in merged["members"].str.split(";"):
        if len(together) > 1:
            assert max(bounds[m][0] for m in together) <= min(bounds[m][1] for m in together)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We adopted the 2030 Agenda.", "name"),
        ("It follows resolution 1373 (2001).", "name"),
        ("The post-2015 development agenda is long.", "name"),
        ("Vision 2030 is our plan.", "name"),
        ("The 2010 Treaty was signed.", "event"),
        ("It was signed in 2010.", "event"),
        ("We will be neutral by 2060.", "deadline"),
        ("The plan runs until 2025.", "deadline"),
        ("It is a task of the twenty-first century.", "period"),
        ("They met in the 1990s.", "period"),
    ],
)
def test_what_a_date_stands_for(text, expected):
    found = sn.find_events(pd.DataFrame({"doc_id": ["a"], "text": [text], "date": ["2016"]}))
    assert found["date_kind"].tolist() == [expected]


@pytest.mark.parametrize(
    ("text", "date", "expected"),
    [
        ("The attacks of 11 September changed much.", "2004", "2001-09-11"),
        ("It was held on 11 September.", "2000", "2000-09-11"),
        ("After 11 September 2003 it met.", "2004", "2003-09-11"),
        ("The attack on Parliament of 13 December is not forgotten.", "2002", "2001-12-13"),
        ("It met on 13 December.", "2002", "2002-12-13"),
    ],
)
def test_a_day_that_everybody_knows_needs_no_year(text, date, expected):
    found = sn.find_events(pd.DataFrame({"doc_id": ["a"], "text": [text], "date": [date]}))
    assert found["edtf"].tolist() == [expected]
