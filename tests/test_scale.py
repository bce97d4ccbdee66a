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
from sco_notes.tables import DERIVED, has_texts

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
    return {name: sort(pd.read_parquet(out / name)) for name in ["documents", *DERIVED]}


def sort(table: pd.DataFrame) -> pd.DataFrame:
    keys = ("doc_id", "sentence", "start", "term", "scorer", "group", "actor")
    table = table.sort_values([k for k in keys if k in table], ignore_index=True)
    return table.astype({"year": "Int64"})


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


@pytest.mark.parametrize(
    ("corpus", "sizes", "scorers"),
    [
        ("chronicle", [3_000, 20_000], ["vader", "clause"]),
        pytest.param("op-ed", [1_000], sn.SCORERS, marks=pytest.mark.slow),
        pytest.param("un-debate", [700_000], [], marks=pytest.mark.slow),
    ],
)
def test_corpus_gives_the_rows_and_sums_of_extract(corpus, sizes, scorers, tmp_path):
    folder = sn.data_folder() / corpus
    if not has_texts(folder):
        pytest.skip("the texts are not at hand")
    made = sn.extract(sn.read_corpus(folder), corpus, scorers=scorers)
    expected = {name: sort(plain(getattr(made, name))) for name in ["documents", *DERIVED]}
    for size in sizes:
        out = tmp_path / f"{size}"
        extract_corpus(str(folder), out, partition_bytes=size, scorers=scorers, workers=2, say=str)
        assert_same(rows(out), expected)
        stored = sn.load(out)
        for by in ("country", "year"):
            assert_equal_sums(stored.terms, made.terms, by)
            assert_equal_sums(stored.mentions.assign(n=1), made.mentions.assign(n=1), by)


def plain(table: pd.DataFrame) -> pd.DataFrame:
    table = table.drop(columns="text", errors="ignore") if "sha256" in table else table
    return table.astype({name: "str" for name in table if table[name].dtype == "category"})


def assert_equal_sums(one: pd.DataFrame, other: pd.DataFrame, by: str) -> None:
    sums = [table.astype({by: "str"}).groupby(by)["n"].sum() for table in (one, other)]
    pd.testing.assert_series_equal(*sums, check_index_type=False)


@pytest.mark.parametrize("protocol", ["memory", "file"])
@pytest.mark.parametrize("kind", ["texts", "in.csv", "*.parquet"])
def test_addresses_give_the_rows_of_the_files(texts, whole, tmp_path, protocol, kind):
    fsspec = pytest.importorskip("fsspec")
    documents = sn.read_corpus(texts)[["doc_id", "text"]]
    root = f"memory://{tmp_path.name}" if protocol == "memory" else f"file://{tmp_path}/in"
    system, path = fsspec.core.url_to_fs(root)
    system.makedirs(f"{path}/texts")
    for doc_id, text in documents.itertuples(index=False):
        system.pipe(f"{path}/texts/{doc_id}.txt", text.encode())
    system.pipe(f"{path}/in.csv", documents.to_csv(index=False).encode())
    for half, frame in enumerate([documents[:5], documents[5:]]):
        system.pipe(f"{path}/{half}.parquet", frame.to_parquet(index=False, row_group_size=2))
    extract_corpus(f"{root}/{kind}", tmp_path / "out", partition_bytes=700, say=str)
    assert_same(rows(tmp_path / "out"), whole)
    said: list[str] = []
    extract_corpus(f"{root}/{kind}", tmp_path / "out", partition_bytes=700, say=said.append)
    assert len(said) == 1 and "done already" in said[0]


def test_parquet_in_one_row_group_is_cut(texts, whole, tmp_path):
    sn.read_corpus(texts)[["doc_id", "text"]].to_parquet(tmp_path / "in.parquet", index=False)
    said: list[str] = []
    extract_corpus(str(tmp_path / "*.parquet"), tmp_path / "out", partition_bytes=500, say=said.append)
    assert_same(rows(tmp_path / "out"), whole)


def test_whole_numbers_beside_a_gap_stay_whole(tmp_path):
    frame = pd.DataFrame({"doc_id": ["a", "b"], "text": ["One war.", "Two wars."]})
    frame = frame.assign(page=pd.array([7, None], dtype="Int64"))
    frame.to_parquet(tmp_path / "in.parquet", row_group_size=1)
    for size in (1, 1000):
        extract_corpus(str(tmp_path / "in.parquet"), tmp_path / "out", partition_bytes=size, say=str)
        assert rows(tmp_path / "out")["documents"]["page"].tolist() == ["7", ""]


def test_input_file_that_is_damaged_costs_its_own_partition_only(texts, tmp_path):
    documents = sn.read_corpus(texts)[["doc_id", "text"]]
    documents[:6].to_parquet(tmp_path / "a.parquet")
    (tmp_path / "b.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(SCONotesError, match="1 of 2 partitions failed, part-00001: .*b.parquet: not a read"):
        extract_corpus(str(tmp_path / "*.parquet"), tmp_path / "out", say=str)
    documents[6:].to_parquet(tmp_path / "b.parquet")
    said: list[str] = []
    extract_corpus(str(tmp_path / "*.parquet"), tmp_path / "out", say=said.append)
    assert said[0] == "1 of 2 partitions are done already" and len(said) == 2
    assert len(rows(tmp_path / "out")["documents"]) == 12


def test_text_that_is_not_the_listed_one_is_an_error_of_its_own(tmp_path):
    (tmp_path / "texts").mkdir()
    for doc_id in "ab":
        (tmp_path / "texts" / f"{doc_id}.txt").write_text(f"The meeting {doc_id} took place in Astana.")
    (tmp_path / "documents.csv").write_text("doc_id,country,sha256\na,KAZ,\nb,CHN,0000\n")
    errors = extract_corpus(str(tmp_path), tmp_path / "out", say=str)
    assert errors["doc_id"].tolist() == ["b"] and "differs from the sha256" in errors["error"][0]
    assert rows(tmp_path / "out")["documents"]["country"].tolist() == ["KAZ"]


def test_actors_of_the_run_are_those_of_the_tables(texts, tmp_path):
    (tmp_path / "mine.toml").write_text('[[actor]]\nid = "MIN"\ntype = "organisation"\nname = "ministers"\n')
    extract_corpus(str(texts), tmp_path / "out", actors=tmp_path / "mine.toml", say=str)
    study = sn.load(tmp_path / "out")
    assert set(study.mentions["actor"]) == {"MIN"} and set(study.actors["actor"]) == {"MIN"}


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
