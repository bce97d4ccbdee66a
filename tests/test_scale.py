"""Tables of any number of documents: the same rows wherever and however they are made."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

import sco_notes as sn
from sco_notes.cli import main
from sco_notes.errors import SCONotesError
from sco_notes.files import data_folder
from sco_notes.tables import DERIVED, extract, extract_corpus, has_texts

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
    assert extract_corpus(str(texts), out, progress=str).empty
    return rows(out)


def test_one_partition_gives_what_extract_gives(texts, whole):
    made = extract(sn.read_corpus(texts), "texts")
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
    extract_corpus(str(texts), out, partition_bytes=size, progress=str)
    assert_same(rows(out), whole)


def test_parquet_and_csv_give_the_rows_of_the_files(texts, whole, tmp_path):
    documents = sn.read_corpus(texts)[["doc_id", "text"]]
    documents.to_parquet(tmp_path / "in.parquet", row_group_size=5, index=False)
    documents.to_csv(tmp_path / "in.csv", index=False)
    for name in ("in.parquet", "in.csv"):
        out = tmp_path / f"out-{name}"
        extract_corpus(str(tmp_path / name), out, partition_bytes=500, progress=str)
        assert_same(rows(out), whole)


@pytest.mark.parametrize(
    ("corpus", "sizes", "scorers"),
    [
        ("chronicle", [6_000], ["vader", "linear"]),
        pytest.param("op-ed", [1_000], sn.SCORERS, marks=pytest.mark.slow),
        pytest.param("un-debate", [700_000], [], marks=pytest.mark.slow),
    ],
)
def test_corpus_gives_the_rows_and_sums_of_extract(corpus, sizes, scorers, tmp_path):
    folder = data_folder() / corpus
    if not has_texts(folder):
        pytest.skip("the texts are not at hand")
    made = extract(sn.read_corpus(folder), corpus, scorers=scorers)
    expected = {name: sort(plain(getattr(made, name))) for name in ["documents", *DERIVED]}
    for size in sizes:
        out = tmp_path / f"{size}"
        extract_corpus(str(folder), out, partition_bytes=size, scorers=scorers, workers=2, progress=str)
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
    extract_corpus(f"{root}/{kind}", tmp_path / "out", partition_bytes=700, progress=str)
    assert_same(rows(tmp_path / "out"), whole)
    said: list[str] = []
    extract_corpus(f"{root}/{kind}", tmp_path / "out", partition_bytes=700, progress=said.append)
    assert len(said) == 1 and "done already" in said[0]


def test_parquet_in_one_row_group_is_cut(texts, whole, tmp_path):
    sn.read_corpus(texts)[["doc_id", "text"]].to_parquet(tmp_path / "in.parquet", index=False)
    said: list[str] = []
    extract_corpus(str(tmp_path / "*.parquet"), tmp_path / "out", partition_bytes=500, progress=said.append)
    assert len(said) >= 6
    assert_same(rows(tmp_path / "out"), whole)


def test_whole_numbers_beside_a_gap_stay_whole(tmp_path):
    frame = pd.DataFrame({"doc_id": ["a", "b"], "text": ["One war.", "Two wars."]})
    frame = frame.assign(page=pd.array([7, None], dtype="Int64"))
    frame.to_parquet(tmp_path / "in.parquet", row_group_size=1)
    for size in (1, 1000):
        extract_corpus(str(tmp_path / "in.parquet"), tmp_path / "out", partition_bytes=size, progress=str)
        assert rows(tmp_path / "out")["documents"]["page"].tolist() == ["7", ""]


def test_input_file_that_is_damaged_costs_its_own_partition_only(texts, tmp_path):
    documents = sn.read_corpus(texts)[["doc_id", "text"]]
    documents[:6].to_parquet(tmp_path / "a.parquet")
    (tmp_path / "b.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(SCONotesError, match=r"1 of 2 partitions failed, part-00001: .*b\.parquet: not a"):
        extract_corpus(str(tmp_path / "*.parquet"), tmp_path / "out", progress=str)
    documents[6:].to_parquet(tmp_path / "b.parquet")
    said: list[str] = []
    extract_corpus(str(tmp_path / "*.parquet"), tmp_path / "out", progress=said.append)
    assert said[0] == "1 of 2 partitions are done already" and len(said) == 2
    assert len(rows(tmp_path / "out")["documents"]) == 12


def test_text_that_is_not_the_listed_one_is_an_error_of_its_own(tmp_path):
    (tmp_path / "texts").mkdir()
    for doc_id in "ab":
        (tmp_path / "texts" / f"{doc_id}.txt").write_text(f"The meeting {doc_id} took place in Astana.")
    (tmp_path / "documents.csv").write_text("doc_id,country,sha256\na,KAZ,\nb,CHN,0000\n")
    errors = extract_corpus(str(tmp_path), tmp_path / "out", progress=str)
    assert errors["doc_id"].tolist() == ["b"] and "differs from the sha256" in errors["error"][0]
    assert rows(tmp_path / "out")["documents"]["country"].tolist() == ["KAZ"]


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_bad_rows_of_a_table_are_named_and_the_others_are_there(tmp_path, kind):
    file, out = tmp_path / f"in.{kind}", tmp_path / "out"
    good, twice = "Kazakhstan hosted a meeting.", "is that of a document before"
    if kind == "csv":
        lines = [
            "doc_id,text,date",
            f"a,{good},2024",
            f"b,{good},2024,more",
            f"c,{good}",
            "",
            f"a,{good},2001",
        ]
        lines += [f"d,{good},2024-99-99", "e,...,2024", f'f,"{good}\n\n“More”, said",2024']
        file.write_text("\n".join(lines), encoding="utf-8-sig")
        kept, faults = (
            ["a", "f"],
            ["line 3 has 4 cells instead of 3", "line 4 has 2", twice, "month 99", "no text"],
        )
    else:
        days = pa.array([10**15, 2**62, 1, 1, 1], pa.timestamp("us"))  # the second is in year 148,000
        table = {"doc_id": ["a", "b", "a", None, "e"], "text": [good] * 4 + [None], "date": days}
        parquet.write_table(pa.table(table), file)
        kept, faults = ["a"], ["row 2: a value cannot be read", twice, "doc_id is missing", "no text"]
    for _ in range(2):  # the second time nothing is left to do, and the faults are the same
        done = CliRunner().invoke(main, ["extract", str(file), str(out), "--scorer", "none"])
        assert done.exit_code == 3 and f"{len(faults)} documents could not be read" in done.stderr
        assert sort(pd.read_parquet(out / "documents"))["doc_id"].tolist() == kept
        said = "\n".join(pd.read_csv(out / "errors.csv")["error"])
        assert all(fault in said for fault in faults), said


def test_a_csv_that_is_none_is_an_error(tmp_path):
    (tmp_path / "in.csv").write_text('doc_id,text\na,"Kazakhstan hosted')
    with pytest.raises(SCONotesError, match=r"in.csv: not a readable CSV .unexpected end of data"):
        extract_corpus(str(tmp_path / "in.csv"), tmp_path / "out", progress=str)


def test_tables_that_are_damaged_or_lead_elsewhere_are_an_error(texts, tmp_path):
    out, terms = tmp_path / "out", tmp_path / "out" / "terms" / "part-00000.parquet"
    extract_corpus(str(texts), out, scorers=[], progress=str)
    whole = terms.read_bytes()
    terms.write_bytes(whole[:-9])
    with pytest.raises(SCONotesError, match=r"terms: cannot be read .*; run sco-notes extract again"):
        _ = sn.load(out).terms
    (tmp_path / "secret").write_bytes(whole)
    terms.unlink()
    terms.symlink_to(tmp_path / "secret")
    with pytest.raises(SCONotesError, match="a link that leads out of its folder"):
        _ = sn.load(out).terms
    extract_corpus(str(texts), out, scorers=[], progress=str)  # leaves what is whole
    (out / "tables.json").write_text('{"rows": ')
    with pytest.raises(SCONotesError, match=r"tables.json: damaged; run sco-notes extract again"):
        sn.load(out)


def test_what_a_killed_run_has_cut_is_removed_by_the_next(texts, tmp_path):
    for name in (".part-00007-abc", "input/.cut-abc"):
        (tmp_path / "out" / name).mkdir(parents=True)
    extract_corpus(str(texts), tmp_path / "out", scorers=[], progress=str)
    assert not [*(tmp_path / "out").rglob(".*")]


def test_actors_of_the_run_are_those_of_the_tables(texts, tmp_path):
    (tmp_path / "mine.toml").write_text('[[actor]]\nid = "MIN"\ntype = "organisation"\nname = "ministers"\n')
    extract_corpus(str(texts), tmp_path / "out", actors=tmp_path / "mine.toml", progress=str)
    study = sn.load(tmp_path / "out")
    assert set(study.mentions["actor"]) == {"MIN"} and set(study.actors["actor"]) == {"MIN"}


def test_bad_documents_are_named_and_the_others_are_there(texts, whole, tmp_path):
    source = tmp_path / "in"
    shutil.copytree(texts, source)
    (source / "empty.txt").touch()
    (source / "latin.txt").write_bytes("Café".encode("cp1252"))
    errors = extract_corpus(str(source), tmp_path / "out", partition_bytes=700, progress=str)
    assert errors["doc_id"].tolist() == ["empty", "latin"]
    assert "no text" in errors["error"][0]
    assert_same(rows(tmp_path / "out"), whole)
    frame = pd.DataFrame({"doc_id": ["a", "b"], "text": [None, "Fine words."]})
    frame.to_parquet(tmp_path / "in.parquet")
    errors = extract_corpus(str(tmp_path / "in.parquet"), tmp_path / "out-2", progress=str)
    assert errors["doc_id"].tolist() == ["a"] and len(rows(tmp_path / "out-2")["documents"]) == 1


def test_finished_partitions_are_kept_and_a_damaged_one_is_made_again(texts, whole, tmp_path):
    extract_corpus(str(texts), tmp_path, partition_bytes=500, progress=str)
    damaged = tmp_path / "terms" / "part-00001.parquet"
    kept = (tmp_path / "terms" / "part-00000.parquet").stat().st_mtime_ns
    damaged.write_bytes(damaged.read_bytes()[:100])
    said: list[str] = []
    extract_corpus(str(texts), tmp_path, partition_bytes=500, progress=said.append)
    assert "partitions are done already" in said[0] and len(said) == 2 and "part-00001" in said[1]
    assert (tmp_path / "terms" / "part-00000.parquet").stat().st_mtime_ns == kept
    assert_same(rows(tmp_path), whole)


def test_stored_tables_are_read_as_they_are_used(texts, tmp_path):
    extract_corpus(str(texts), tmp_path / "out", partition_bytes=500, progress=str)
    study = sn.load(tmp_path / "out")
    assert study.mentions["actor"].value_counts()["CHN"] >= 12
    assert "terms" not in vars(study) and not study.has_texts
    assert len(study.digest) == 64


def test_partitions_in_which_nothing_is_found_are_read_too(tmp_path):
    for name, text in {
        "a": "It rained on them all week.",
        "b": "China met Iran in 2001. A great success.",
    }.items():
        (tmp_path / f"{name}.txt").write_text(text)
    extract_corpus(str(tmp_path / "*.txt"), tmp_path / "out", partition_bytes=10, progress=str)
    study = sn.load(tmp_path / "out")
    assert study.mentions["doc_id"].tolist() == ["b", "b"] and study.mentions["self_mention"].dtype == bool
    assert study.events["edtf"].tolist() == ["2001"]
    assert sn.scored(study, "vader")["valence"].tolist() == [0.0, 0.0]


def test_of_many_rows_those_of_a_sample_of_the_documents_are_read(texts, tmp_path, monkeypatch):
    extract_corpus(str(texts), tmp_path / "out", partition_bytes=500, progress=str)
    everything = sn.load(tmp_path / "out")
    monkeypatch.setattr(
        "sco_notes.tables.study.MOST_ROWS", sum(len(getattr(everything, t)) for t in DERIVED) // 2
    )
    study = sn.load(tmp_path / "out")
    ids = set(study.documents["doc_id"])
    assert 0 < len(ids) < 12 and study.name == f"out (a sample of {len(ids)} of 12 documents)"
    for name in DERIVED:
        whole = getattr(everything, name)
        part = whole[whole["doc_id"].isin(ids)].astype({"doc_id": str}).reset_index(drop=True)
        pd.testing.assert_frame_equal(
            getattr(study, name).astype({"doc_id": str}), part, check_categorical=False
        )
    assert sn.load(tmp_path / "out").digest == study.digest != everything.digest


def test_scorers_can_be_chosen(texts, whole, tmp_path):
    extract_corpus(str(texts), tmp_path / "one", scorers=["linear"], progress=str)
    scores = rows(tmp_path / "one")["scores"]
    assert set(scores["scorer"].str.split().str[0]) == {"linear"}
    assert len(scores) == len(whole["mentions"])
    extract_corpus(str(texts), tmp_path / "none", scorers=[], progress=str)
    made = rows(tmp_path / "none")
    assert made["scores"].empty and made["scores"].columns.equals(scores.columns)
    assert_same({"mentions": made["mentions"]}, {"mentions": whole["mentions"]})
    done = subprocess.run(
        [*COMMAND, texts, tmp_path / "no", "--scorer", "lineer"], capture_output=True, text=True
    )
    assert done.returncode == 2 and "did you mean 'linear'" in done.stderr and not (tmp_path / "no").exists()


@pytest.mark.parametrize(
    ("source", "message"),
    [("nowhere", "no such file or folder"), ("*.txt", "expected"), ("nowhere://x", "pip install")],
)
def test_input_that_cannot_be_used_is_said(source, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SCONotesError, match=message):
        extract_corpus(source, tmp_path / "out", progress=str)


def test_an_id_in_two_partitions_is_an_error(tmp_path):
    pd.DataFrame({"doc_id": ["a", "a"], "text": ["One.", "Two."]}).to_parquet(
        tmp_path / "in.parquet", row_group_size=1
    )
    with pytest.raises(SCONotesError, match="doc_id 'a' is used more than once"):
        extract_corpus(str(tmp_path / "in.parquet"), tmp_path / "out", partition_bytes=1, progress=str)


@pytest.mark.slow
def test_worker_that_is_killed_costs_nothing(texts, whole, tmp_path):
    run = subprocess.Popen(
        [*COMMAND, texts, tmp_path / "out", "--workers", "2"], stdout=subprocess.PIPE, text=True
    )
    assert "part-" in run.stdout.readline()  # the workers are up by then
    worker = first_worker(run.pid)
    os.kill(worker, signal.SIGKILL)
    run.communicate(timeout=120)
    assert run.returncode == 0
    assert_same(rows(tmp_path / "out"), whole)


def first_worker(pid: int) -> int:
    """A worker that Dask has started; the tracker of resources is none."""
    import psutil

    until = time.monotonic() + 60
    while time.monotonic() < until:
        for child in psutil.Process(pid).children():
            with suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
                if "spawn_main" in " ".join(child.cmdline()):
                    return child.pid
    raise AssertionError("no worker was started")


@pytest.mark.slow
def test_interrupted_run_goes_on_where_it_was(texts, whole, tmp_path):
    command = [*COMMAND, texts, tmp_path / "out"]
    listens = {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.default_int_handler)}
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **listens)
    assert "part-00000" in run.stdout.readline()
    run.send_signal(signal.SIGINT)
    assert "what is finished is kept" in run.communicate(timeout=120)[1] and run.returncode == 130
    kept = len(list((tmp_path / "out" / "manifest").iterdir()))
    done = subprocess.run(command, capture_output=True, text=True)
    assert kept == 1 and f"{kept} of 2 partitions are done already" in done.stdout
    assert_same(rows(tmp_path / "out"), whole)


@pytest.mark.slow
def test_full_disk_is_said_and_nothing_half_is_left(texts, whole, tmp_path):
    import resource

    command = [*COMMAND, texts, tmp_path / "out"]
    full = subprocess.run(
        command, capture_output=True, text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000)),
    )  # fmt: skip
    assert full.returncode == 2 and "1 of 2 partitions failed" in full.stderr
    assert not list((tmp_path / "out").rglob("*.parquet")) + list((tmp_path / "out").rglob("*.tmp"))
    sn.read_corpus(texts)[["doc_id", "text"]].to_csv(tmp_path / "in.csv")
    cut = subprocess.run(
        [*COMMAND, tmp_path / "in.csv", tmp_path / "out"], capture_output=True, text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500)),
    )  # fmt: skip
    assert cut.returncode == 2 and "could not be cut" in cut.stderr
    assert not list((tmp_path / "out").rglob("*.tmp"))
    assert subprocess.run(command, capture_output=True).returncode == 0
    assert_same(rows(tmp_path / "out"), whole)


@pytest.fixture
def cluster_commands(tmp_path):
    """The commands of docs/scale.md, on a free port; what they start is ended."""
    pytest.importorskip("distributed")
    guide = Path(__file__).parents[1] / "docs" / "scale.md"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    bin = Path(sys.executable).parent
    lines = [
        line for line in guide.read_text().splitlines() if "127.0.0.1:8786" in line or "--port 8786" in line
    ]
    return [
        [
            bin / word if word in ("dask", "sco-notes") else word.replace("8786", str(port))
            for word in line.split()
        ]
        for line in lines
    ]


def start_all(commands: list, stack: ExitStack, **environment: str) -> list[subprocess.Popen]:
    processes = []
    for command in commands:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        processes.append(subprocess.Popen(command, env=os.environ | environment, **quiet))
        stack.callback(processes[-1].terminate)
    return processes


@pytest.mark.slow
def test_cluster_started_as_documented_gives_the_same_rows(texts, whole, tmp_path, cluster_commands):
    scheduler, worker, extract = cluster_commands
    extract = [*extract[:2], "--megabytes", "0.001", texts, tmp_path / "out", *extract[4:]]
    with ExitStack() as stack:
        processes = start_all([scheduler, worker], stack)
        run = subprocess.Popen(extract, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        stack.callback(run.kill)
        while "part-" not in (line := run.stdout.readline()):
            assert line
        import psutil

        everything = [psutil.Process(process.pid) for process in (run, *processes)]
        everything += [child for process in everything for child in process.children(recursive=True)]
        listening = [
            connection.laddr.ip
            for process in everything
            for connection in process.net_connections("inet")
            if connection.status == "LISTEN"
        ]
        assert set(listening) == {"127.0.0.1"}
        assert run.communicate(timeout=120)[1] == "" and run.returncode == 0
    assert_same(rows(tmp_path / "out"), whole)


@pytest.mark.slow
def test_scheduler_that_goes_away_ends_the_run_and_the_next_one_goes_on(
    texts, whole, tmp_path, cluster_commands
):
    scheduler, worker, extract = cluster_commands
    extract = [*extract[:2], texts, tmp_path / "out", *extract[4:]]
    with ExitStack() as stack:
        first = start_all([scheduler], stack)[0]
        run = subprocess.Popen(extract, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        stack.callback(run.kill)
        assert "no worker yet" in run.stdout.readline()
        first.kill()
        assert "the scheduler is gone" in run.communicate(timeout=120)[1] and run.returncode == 2
        first.wait()
        start_all([scheduler, worker], stack)
        assert subprocess.run(extract, capture_output=True, timeout=120).returncode == 0
    assert_same(rows(tmp_path / "out"), whole)


@pytest.mark.slow
def test_tls_settings_of_dask_are_used(texts, whole, tmp_path, cluster_commands):
    if not shutil.which("openssl"):
        pytest.skip("openssl makes the certificate")
    key, certificate = str(tmp_path / "key.pem"), str(tmp_path / "certificate.pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-days", "2",
         "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    tls = {
        "DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION": "True",
        "DASK_DISTRIBUTED__COMM__TLS__CA_FILE": certificate,
    }
    for role in ("SCHEDULER", "WORKER", "CLIENT"):
        tls |= {
            f"DASK_DISTRIBUTED__COMM__TLS__{role}__{name}": file
            for name, file in (("KEY", key), ("CERT", certificate))
        }
    scheduler, worker, extract = [
        [str(w).replace("tcp://", "tls://") for w in command] for command in cluster_commands
    ]
    extract = [*extract[:2], texts, tmp_path / "out", *extract[4:]]
    with ExitStack() as stack:
        start_all([[*scheduler, "--protocol", "tls"], worker], stack, **tls)
        done = subprocess.run(extract, env=os.environ | tls, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        extract[3] = tmp_path / "bare"
        bare = subprocess.run(extract, capture_output=True, text=True, timeout=120)
        assert bare.returncode == 2 and "no Dask scheduler answers" in bare.stderr
    assert_same(rows(tmp_path / "out"), whole)


def test_scheduler_that_is_not_there_is_said(texts, tmp_path):
    pytest.importorskip("distributed")
    with pytest.raises(SCONotesError, match="no Dask scheduler answers"):
        extract_corpus(str(texts), tmp_path, scheduler="http://127.0.0.1:1", progress=str)
