"""A corpus to its tables and back: derived tables hold no sentence and rebuild to the same bytes."""

import shutil

import pandas as pd
import pytest

import sco_notes as sn
from sco_notes.tables import DERIVED, extract, verify, write_derived

TEXTS = {
    "b": "Kazakhstan praised the agreement of 4 July 2024. The summit in Astana was a success.",
    "a": "China and Kazakhstan met in June 2001.\n\nNobody recorded a dispute in the 1990s.",
}


@pytest.fixture
def folder(tmp_path):
    corpus = tmp_path / "mine"
    (corpus / "texts").mkdir(parents=True)
    for doc_id, text in TEXTS.items():
        (corpus / "texts" / f"{doc_id}.txt").write_text(text, encoding="utf-8")
    rows = ["doc_id,date,country,kind", "b,2024-07-05,KAZ,speech", "a,2001,CHN,speech"]
    (corpus / "documents.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return corpus


def with_hashes(folder):
    documents = sn.read_corpus(folder)
    documents.drop(columns=["text", "year"]).to_csv(folder / "documents.csv", index=False)
    return documents


def test_every_table_has_its_columns_and_the_groups_of_its_document(folder):
    study = sn.load(folder)
    groups = ["year", "country", "kind"]
    assert study.terms.columns.tolist() == ["doc_id", "term", "n", *groups]
    assert study.sentences.columns.tolist() == [
        "doc_id",
        "sentence",
        "start",
        "end",
        "valence",
        "evidence",
        *groups,
    ]
    mentions = "doc_id sentence start end alias actor reading voice".split()
    assert study.mentions.columns.tolist() == [*mentions, *groups, "self_mention"]
    assert (study.mentions["self_mention"] == (study.mentions["actor"] == study.mentions["country"])).all()
    assert {"edtf", "earliest", "latest", "precision", "actors", "label"} <= set(study.events.columns)
    named = study.mentions[study.mentions["alias"] == "Kazakhstan"]
    assert named[["doc_id", "year", "country"]].values.tolist() == [
        ["a", 2001, "CHN"],
        ["b", 2024, "KAZ"],
    ]
    assert study.events["edtf"].tolist() == ["2001-06", "199X", "2024-07-04"]


def test_offsets_point_at_what_was_found(folder):
    study = sn.load(folder)
    for row in study.mentions.itertuples():
        assert study.documents["text"][row.doc_id][row.start : row.end] == row.alias
    for row in study.events.itertuples():
        assert study.documents["text"][row.doc_id][row.start : row.end] == row.text


def test_derived_tables_replace_the_texts_and_hold_none_of_their_sentences(folder):
    with_hashes(folder)
    whole = sn.load(folder)
    written = write_derived(whole, folder)
    shutil.rmtree(folder / "texts")
    dark = sn.load(folder)
    assert not dark.has_texts and dark.digest == whole.digest
    for name in DERIVED:
        kept = getattr(whole, name).drop(columns=["label"] if name == "events" else [])
        pd.testing.assert_frame_equal(getattr(dark, name), kept, check_dtype=False)
    stored = "".join(
        str(value) for file in written for value in pd.read_parquet(file).astype(str).to_numpy().ravel()
    )
    assert not any(sentence in stored for text in TEXTS.values() for sentence in text.split(". "))
    assert max(len(head.split()) for head in whole.events["head"]) <= 6


def test_evidence_is_the_sentence_or_the_place_to_look_it_up(folder):
    with_hashes(folder)
    whole = sn.load(folder)
    rows = whole.mentions[whole.mentions["alias"] == "Astana"]
    assert sn.evidence(whole, rows)["quote"].tolist() == ["The summit in Astana was a success."]
    write_derived(whole, folder)
    shutil.rmtree(folder / "texts")
    assert sn.evidence(sn.load(folder), rows)["quote"].tolist() == ["b, characters 49-84"]


def test_tables_rebuild_to_the_same_bytes_and_a_change_is_named(folder):
    with_hashes(folder)
    first = [file.read_bytes() for file in write_derived(sn.load(folder), folder)]
    assert verify(folder) == []
    shutil.rmtree(folder / "derived")
    assert [file.read_bytes() for file in write_derived(sn.load(folder), folder)] == first
    table = folder / "derived" / "terms.parquet"
    pd.read_parquet(table).assign(n=1).to_parquet(table)
    assert verify(folder) == ["terms"]


def test_a_broken_derived_table_is_named_with_the_remedy(folder):
    with_hashes(folder)
    write_derived(sn.load(folder), folder)
    (folder / "derived" / "terms.parquet").write_bytes(b"half")
    with pytest.raises(sn.SCONotesError, match=r"terms\.parquet: cannot be read.*sco-notes derive mine"):
        sn.load(folder)


def test_an_unknown_corpus_is_named_with_those_there_are():
    with pytest.raises(sn.SCONotesError, match=r"corpora here: chronicle, .*un-debate"):
        sn.load("un-debates")


def test_tables_do_not_depend_on_the_order_of_documents(folder):
    documents = sn.read_corpus(folder)
    for name in DERIVED:
        forwards = getattr(extract(documents, "x"), name)
        backwards = getattr(extract(documents[::-1], "x"), name)
        by = ["doc_id", *[c for c in ("term", "sentence", "start") if c in forwards.columns]]
        pd.testing.assert_frame_equal(
            forwards.sort_values(by, ignore_index=True), backwards.sort_values(by, ignore_index=True)
        )
