"""The labels in data/gold: what the guide promises of them."""

from pathlib import Path

import pandas as pd
import pytest

import sco_notes as sn
from sco_notes.files import data_folder
from sco_notes.tables import has_texts

GOLD = data_folder() / "gold"
CORPUS = data_folder() / "un-debate"
PAIRS = pd.read_csv(GOLD / "valence.csv", dtype={"second": "Int64"})
READINGS = pd.read_csv(GOLD / "readings.csv")


def test_what_linear_was_taught_is_not_what_it_is_measured_by():
    taught = pd.read_parquet(Path(__file__).parents[1] / "tools" / "taught.parquet")
    assert set(taught["source"]) == {"news", "words", "speeches"}
    assert taught[["negative", "positive"]].sum(axis=1).between(0, 1.01).all()
    assert taught.merge(PAIRS, on=["doc_id", "start"]).empty


def test_two_hundred_pairs_of_all_labels_at_most_two_a_speech():
    assert len(PAIRS) == 200 and not PAIRS.duplicated(["doc_id", "start"]).any()
    assert PAIRS["label"].value_counts(normalize=True).min() > 0.15
    assert set(PAIRS["label"]) | set(PAIRS["second"].dropna()) == {-1, 0, 1}
    assert PAIRS["doc_id"].value_counts().max() <= 2
    assert PAIRS["second"].notna().sum() >= 100


def test_documents_and_actors_are_known_and_there_is_no_text():
    known = set(pd.read_csv(CORPUS / "documents.csv")["doc_id"])
    for table in (PAIRS, READINGS):
        assert set(table["doc_id"]) <= known
        assert set(table["actor"]) <= set(sn.read_actors()["actor"])
        assert not {"text", "sentence", "quote"} & set(table.columns)
    assert set(READINGS["reading"]) == {"actor", "place"}


@pytest.mark.skipif(not has_texts(CORPUS), reason="the texts of un-debate are not here")
@pytest.mark.slow
def test_offsets_are_those_of_mentions():
    documents = sn.read_corpus(CORPUS)
    mentions = sn.find_mentions(documents).set_index(["doc_id", "start"])
    for table in (PAIRS, READINGS):
        found = mentions.loc[list(zip(table["doc_id"], table["start"], strict=True))]
        assert found["actor"].tolist() == table["actor"].tolist()
        assert found["end"].tolist() == table["end"].tolist()
