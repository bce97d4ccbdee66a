"""Tables of any number of documents: the same rows wherever and however they are made."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sco_notes as sn
from sco_notes.errors import SCONotesError
from sco_notes.scale import extract_corpus
from sco_notes.tables import DERIVED

COMMAND = [Path(sys.executable).with_name("sco-notes"), "extract", "--megabytes", "0.001"]


@pytest.fixture(scope="module")
def texts(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("texts")
    for number in range(12):
        (folder / f"brief-{number:02}.txt").write_text(
            f"Kazakhstan hosted meeting {number} in July {2001 + number}. China welcomed the success.\n\n"
            "Moscow and Beijing agreed on the border; the ministers met in Astana a year later."
        )
    return folder


def rows(out: Path) -> dict[str, pd.DataFrame]:
    tables = {name: pd.read_parquet(out / name) for name in ["documents", *DERIVED]}
    keys = ("doc_id", "sentence", "start", "term", "scorer", "group")
    return {
        name: table.sort_values([k for k in keys if k in table], ignore_index=True)
        for name, table in tables.items()
    }


def assert_same(one: dict, other: dict) -> None:
    for name in one:
        pd.testing.assert_frame_equal(one[name], other[name])


@pytest.fixture(scope="module")
def whole(texts, tmp_path_factory) -> dict[str, pd.DataFrame]:
    out = tmp_path_factory.mktemp("whole")
    assert extract_corpus(str(texts), out, say=str).empty
    return rows(out)


def test_one_partition_gives_what_extract_gives(texts, whole):
    made = sn.extract(sn.read_corpus(texts), "texts")
    assert len(whole["documents"]) == 12
    for name in DERIVED:
        assert len(whole[name]) == len(getattr(made, name)), name
    columns = ["doc_id", "term", "n"]
    expected = made.terms[columns].sort_values(["doc_id", "term"], ignore_index=True)
    pd.testing.assert_frame_equal(whole["terms"][columns], expected)


@settings(max_examples=5, deadline=None)
@given(size=st.integers(1, 3000))
def test_rows_do_not_depend_on_the_partitions(texts, whole, tmp_path_factory, size):
    out = tmp_path_factory.mktemp("cut")
    extract_corpus(str(texts), out, partition_bytes=size, say=str)
    assert_same(rows(out), whole)


def test_parquet_and_csv_give_the_rows_of_the_files(texts, whole, tmp_path):
    documents = sn.read_corpus(texts)[["doc_id", "text"]]
    documents.to_parquet(tmp_path / "in.parquet", row_group_size=5, index=False)
    documents.to_csv(tmp_path / "in.csv", index=False)
    for name in ("in.parquet", "in.csv"):
        out = tmp_path / f"out-{name}"
        extract_corpus(str(tmp_path / name), out, partition_bytes=500, say=str)
        assert_same(rows(out), whole)


def test_bad_documents_are_named_and_the_others_are_there(texts, whole, tmp_path):
    source = tmp_path / "in"
    shutil.copytree(texts, source)
    (source / "empty.txt").touch()
    (source / "latin.txt").write_bytes("Café".encode("cp1252"))
    errors = extract_corpus(str(source), tmp_path / "out", partition_bytes=700, say=str)
    assert errors["doc_id"].tolist() == ["empty", "latin"]
    assert "no text" in errors["error"][0]
    assert_same(rows(tmp_path / "out"), whole)
    frame = pd.DataFrame({"doc_id": ["a", "b"], "text": [None, "Fine words."]})
    frame.to_parquet(tmp_path / "in.parquet")
    errors = extract_corpus(str(tmp_path / "in.parquet"), tmp_path / "out-2", say=str)
    assert errors["doc_id"].tolist() == ["a"] and len(rows(tmp_path / "out-2")["documents"]) == 1


def test_finished_partitions_are_kept_and_a_damaged_one_is_made_again(texts, whole, tmp_path):
    extract_corpus(str(texts), tmp_path, partition_bytes=500, say=str)
    damaged = tmp_path / "terms" / "part-00001.parquet"
    kept = (tmp_path / "terms" / "part-00000.parquet").stat().st_mtime_ns
    damaged.write_bytes(damaged.read_bytes()[:100])
    said: list[str] = []
    extract_corpus(str(texts), tmp_path, partition_bytes=500, say=said.append)
    assert "partitions are done already" in said[0] and len(said) == 2 and "part-00001" in said[1]
    assert (tmp_path / "terms" / "part-00000.parquet").stat().st_mtime_ns == kept
    assert_same(rows(tmp_path), whole)


def test_stored_tables_are_read_as_they_are_used(texts, tmp_path):
    extract_corpus(str(texts), tmp_path / "out", partition_bytes=500, say=str)
    study = sn.load(tmp_path / "out")
    assert study.mentions["actor"].value_counts()["CHN"] >= 12
    assert "terms" not in vars(study) and not study.has_texts
    assert len(study.digest) == 64


def test_scorers_can_be_chosen(texts, whole, tmp_path):
    extract_corpus(str(texts), tmp_path / "one", scorers=["clause"], say=str)
    scores = rows(tmp_path / "one")["scores"]
    assert set(scores["scorer"].str.split().str[0]) == {"clause"}
    assert len(scores) == len(whole["mentions"])
    extract_corpus(str(texts), tmp_path / "none", scorers=[], say=str)
    made = rows(tmp_path / "none")
    assert made["scores"].empty and made["scores"].columns.equals(scores.columns)
    assert_same({"mentions": made["mentions"]}, {"mentions": whole["mentions"]})
    done = subprocess.run(
        [*COMMAND, texts, tmp_path / "no", "--scorer", "claus"], capture_output=True, text=True
    )
    assert done.returncode == 2 and "did you mean 'clause'" in done.stderr and not (tmp_path / "no").exists()


@pytest.mark.parametrize(
    ("source", "message"),
    [("nowhere", "no such file or folder"), ("*.txt", "expected"), ("nowhere://x", "pip install")],
)
def test_input_that_cannot_be_used_is_said(source, message, tmp_path):
    with pytest.raises(SCONotesError, match=message):
        extract_corpus(source, tmp_path / "out", say=str)


def test_twins_in_two_partitions_are_said(tmp_path):
    pd.DataFrame({"doc_id": ["a", "a"], "text": ["One.", "Two."]}).to_parquet(
        tmp_path / "in.parquet", row_group_size=1
    )
    with pytest.raises(SCONotesError, match="doc_id 'a' stands twice"):
        extract_corpus(str(tmp_path / "in.parquet"), tmp_path / "out", partition_bytes=1, say=str)


@pytest.mark.slow
def test_worker_that_is_killed_costs_nothing(texts, whole, tmp_path):
    run = subprocess.Popen(
        [*COMMAND, texts, tmp_path / "out", "--workers", "2"], stdout=subprocess.PIPE, text=True
    )
    worker = first_worker(run.pid)
    os.kill(worker, signal.SIGKILL)
    run.communicate(timeout=120)
    assert run.returncode == 0
    assert_same(rows(tmp_path / "out"), whole)


def first_worker(pid: int) -> int:
    """A process of the pool; the tracker of resources is none."""
    import psutil

    until = time.monotonic() + 60
    while time.monotonic() < until:
        for child in psutil.Process(pid).children():
            if "LokyProcess" in " ".join(child.cmdline()):
                return child.pid
    raise AssertionError("no worker was started")


@pytest.mark.slow
def test_dask_cluster_gives_the_same_rows(texts, whole, tmp_path):
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, processes=True
    ) as cluster:
        done = subprocess.run(
            [*COMMAND, texts, tmp_path / "out", "--scheduler", cluster.scheduler_address],
            capture_output=True, text=True, timeout=120,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert_same(rows(tmp_path / "out"), whole)
    done = subprocess.run(
        [*COMMAND, texts, tmp_path / "no", "--scheduler", "tcp://127.0.0.1:1"], capture_output=True, text=True
    )
    assert done.returncode == 2 and "no Dask scheduler answers" in done.stderr
