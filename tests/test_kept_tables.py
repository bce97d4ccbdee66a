"""Tables are made once from texts and read afterwards: never stale, never half, safe to delete."""

import multiprocessing

import pandas as pd
import pytest

import sco_notes as sn
from sco_notes.tables import DERIVED, extract, stored, study


@pytest.fixture
def texts(tmp_path, monkeypatch):
    """A folder of two texts, and a place to keep their tables."""
    monkeypatch.setenv("SCO_NOTES_TABLES", str(tmp_path / "kept"))
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "a.txt").write_text("Kazakhstan praised the agreement of 4 July 2024.")
    (folder / "b.txt").write_text("China met Iran in June 2001.\n\nNobody recorded a dispute in the 1990s.")
    return folder


@pytest.fixture
def made(monkeypatch):
    """The names of the corpora whose tables are made."""
    names, extract = [], study.extract
    monkeypatch.setattr(
        study, "extract", lambda *given, **more: names.append(given[1]) or extract(*given, **more)
    )
    return names


def zips(texts):
    return sorted((texts.parent / "kept").glob("*.zip"))


def test_the_tables_are_made_once_and_are_those_that_extract_makes(texts, made):
    first, second = sn.load(texts), sn.load(texts)
    expected = extract(sn.read_corpus(texts), "mine")
    assert made == ["mine"] and len(zips(texts)) == 1
    for name in [*DERIVED, "documents"]:
        pd.testing.assert_frame_equal(getattr(first, name), getattr(second, name))
        pd.testing.assert_frame_equal(getattr(first, name), getattr(expected, name), check_dtype=False)


def test_another_text_another_actor_or_another_library_makes_them_again(texts, made, monkeypatch):
    sn.load(texts)
    (texts / "a.txt").write_text("Russia praised the agreement of 4 July 2024.")
    assert "RUS" in sn.load(texts).mentions["actor"].tolist() and made == ["mine"] * 2
    (texts / "actors.toml").write_text('[[actor]]\nid = "N"\ntype = "organisation"\nname = "Nobody"\n')
    assert sn.load(texts).mentions["actor"].tolist() == ["N"] and made == ["mine"] * 3
    monkeypatch.setattr(stored, "_library_digest", lambda: "of another version")
    sn.load(texts)
    assert made == ["mine"] * 4


def test_damaged_tables_and_tables_that_were_removed_are_made_again(texts, made):
    before = sn.load(texts).terms
    (file,) = zips(texts)
    content = bytearray(file.read_bytes())
    content[200] ^= 255
    file.write_bytes(content)
    pd.testing.assert_frame_equal(sn.load(texts).terms, before)
    file.write_bytes(file.read_bytes()[:1000])
    pd.testing.assert_frame_equal(sn.load(texts).terms, before)
    file.unlink()
    sn.load(texts)
    assert made == ["mine"] * 4


def test_only_so_many_are_kept_and_nothing_beside_texts_of_other_people(texts, made, monkeypatch):
    monkeypatch.setattr(stored, "MOST_KEPT", 2)
    for number in range(4):
        (texts / "a.txt").write_text(f"Meeting number {number}.")
        sn.load(texts)
    assert len(zips(texts)) == 2
    monkeypatch.delenv("SCO_NOTES_TABLES")
    sn.load(texts)
    assert made == ["mine"] * 5 and not list(texts.rglob("*.zip"))


def test_the_tables_of_a_corpus_are_kept_in_the_data_folder(texts, made, tmp_path, monkeypatch):
    monkeypatch.setattr(stored, "data_folder", lambda: tmp_path)
    monkeypatch.delenv("SCO_NOTES_TABLES")
    sn.load(texts)
    sn.load(texts)
    assert made == ["mine"] and len(list((tmp_path / ".tables").glob("*.zip"))) == 1


def test_a_place_that_cannot_be_written_is_no_error(texts, made, monkeypatch):
    monkeypatch.setenv("SCO_NOTES_TABLES", str(texts / "a.txt" / "kept"))
    assert len(sn.load(texts).mentions) == len(sn.load(texts).mentions) == 3 and len(made) == 2


def test_notebooks_that_run_at_the_same_time_make_them_once(texts):
    processes = multiprocessing.get_context("fork").Pool(3)
    with processes:
        paths = processes.map(_load, [str(texts)] * 3)
    assert sum(paths) == 1


def _load(folder: str) -> int:
    made, extract = [], study.extract
    study.extract = lambda *given, **more: made.append(1) or extract(*given, **more)
    sn.load(folder)
    return len(made)
