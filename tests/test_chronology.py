"""The chronology and the briefs composed from it: every date, state and list can be traced to a row."""

import re

import pandas as pd
import pytest

import sco_notes as sn
from sco_notes.corpus.documents import read_documents, read_text
from sco_notes.dates import edtf_bounds
from sco_notes.files import data_folder

FACT_COLUMNS = (
    "fact_id date kind event place country actors claim confirmed source_title source_url note"
).split()
DAY_OR_MONTH = r"\d{4}-\d{2}(-\d{2})?"


@pytest.fixture(scope="module")
def facts():
    return sn.read_chronology()


@pytest.fixture(scope="module")
def accepted(facts):
    return facts[facts["claim"] == "accepted"].set_index("fact_id")


@pytest.fixture(scope="module")
def briefs():
    """Read past the hashes: what the texts say is tested here, that they are unchanged elsewhere."""
    folder = data_folder() / "chronicle"
    documents = read_documents(folder)
    assert {file.stem for file in (folder / "texts").iterdir()} == set(documents["doc_id"])
    documents["text"] = [read_text(folder / "texts" / f"{doc_id}.txt") for doc_id in documents["doc_id"]]
    return documents.reset_index(drop=True)


@pytest.fixture(scope="module")
def dates_in(briefs):
    return sn.find_dates(briefs)


def days(edtf: str) -> set[str]:
    """The two ends of an interval, or the date itself."""
    return set(edtf.split("/"))


def test_rows_are_claims_with_a_date_a_source_and_known_actors(facts):
    assert facts.columns.tolist() == FACT_COLUMNS
    assert facts["fact_id"].str.fullmatch(r"\d{4}-\d{2}(-\d{2})?-[a-z0-9-]+").all()
    assert facts["date"].str.fullmatch(f"{DAY_OR_MONTH}(/{DAY_OR_MONTH})?").all()
    for date in facts["date"]:
        first, last = edtf_bounds(date)  # raises where an interval ends before it begins
        assert "1996" <= first <= last < "2026"
    assert (facts["source_title"] != "").all()
    assert facts["source_url"].str.match("https?://").where(facts["claim"] == "accepted", True).all()
    states = {actor for actors in facts["actors"] for actor in actors.split(";")}
    assert states == set("BLR CHN IND IRN KAZ KGZ LKA PAK RUS TJK UZB".split())
    assert set(facts["country"]) <= states | {""}
    assert (facts.groupby("place")["country"].nunique() == 1).all()


def test_a_fact_has_one_accepted_claim_and_conflicting_ones_after_it(facts, accepted):
    assert set(facts["claim"]) == {"accepted", "conflicting"}
    assert accepted.index.is_unique and set(accepted.index) == set(facts["fact_id"])
    assert set(accepted["confirmed"]) == {"yes", "partly"}
    order = facts.assign(when=facts["fact_id"].map(accepted["date"]))
    assert order.equals(order.sort_values(["when", "fact_id", "claim"], kind="stable"))
    for row in facts[facts["claim"] == "conflicting"].itertuples():
        assert row.date != accepted["date"][row.fact_id]


def test_a_brief_is_dated_to_the_last_day_of_its_fact(briefs, accepted):
    for row in briefs.itertuples():
        main, *others = row.facts.split(";")
        assert {main, *others} <= set(accepted.index)
        assert row.date == accepted["date"][main].split("/")[-1]
        assert row.venue == accepted["country"][main]
        assert (
            row.source
            == f"Composed for this project from data/chronology.csv (facts {row.facts.replace(';', '; ')})"
        )
    assert set(briefs["language"] + briefs["rights"]) == {"enCC BY 4.0"}


def test_a_brief_speaks_for_no_state():
    study = sn.load("chronicle")
    assert set(study.documents["country"]) == {""} and not study.mentions["self_mention"].any()


def test_briefs_are_of_the_promised_number_and_length(briefs):
    assert 40 <= len(briefs) <= 50
    assert briefs["text"].str.split().str.len().between(120, 250).all()


def test_every_claim_on_a_date_is_stated_in_a_brief_on_that_fact(facts, briefs, dates_in):
    stated = dates_in.groupby("doc_id")["edtf"].agg(set)
    cited = briefs.assign(fact_id=briefs["facts"].str.split(";")).explode("fact_id")
    for row in facts.itertuples():
        where = cited.loc[cited["fact_id"] == row.fact_id, "doc_id"]
        # "on 10 and 11 June 2010" are two days, "10-11 June 2010" is an interval.
        assert any(row.date in stated[d] or days(row.date) <= stated[d] for d in where), row


def test_briefs_state_no_date_that_the_chronology_does_not_have(facts, briefs, dates_in):
    remarks = sn.find_dates(
        facts.assign(doc_id=range(len(facts)), text=facts["source_title"] + ". " + facts["note"]), "2001"
    )
    known = set().union(*facts["date"].map(days), *remarks["edtf"].map(days))
    explicit = dates_in[dates_in["resolved_from"] == ""]
    for row in explicit[explicit["edtf"].str.contains(r"^\d{4}-\d{2}-\d{2}")].itertuples():
        assert days(row.edtf) <= known, (row.doc_id, row.text)
    years = {date[:4] for date in known} | {"2035"}
    for row in briefs.itertuples():
        text = re.sub(r"\b\d{3}0s\b", "", row.text)
        assert set(re.findall(r"\b\d{4}\b", text)) <= years, row.doc_id


def test_briefs_name_no_state_that_the_chronology_does_not_have(facts, briefs):
    mentions = sn.find_mentions(briefs)
    named = set(mentions["actor"])
    others = {"SCO", "RATS", "BRICS", "YELTSIN"}  # the organisation, its body, a remark on two sources
    assert named - others == {actor for actors in facts["actors"] for actor in actors.split(";")}


def test_briefs_of_a_meeting_name_everyone_who_took_part(briefs, accepted):
    mentions = sn.find_mentions(briefs)
    named = mentions.groupby("doc_id")["actor"].agg(set)
    for row in briefs.itertuples():
        took_part = set(accepted["actors"][row.facts.split(";")[0]].split(";"))
        assert took_part <= named[row.doc_id], row.doc_id


def test_membership_grows_as_the_accessions_say(accepted):
    summits = accepted[(accepted["kind"] == "summit") & accepted.index.str.endswith("-summit")]
    summits = summits[summits["event"].str.contains("SCO summit")]
    sizes = summits["actors"].str.split(";").str.len().tolist()
    assert sizes == [6] * 17 + [8] * 6 + [9, 10]
    assert [int(re.match(r"\d+", event).group()) for event in summits["event"]] == list(range(1, 26))
    assert pd.Series(sizes).is_monotonic_increasing
