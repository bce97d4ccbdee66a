"""What damages, interrupts or surrounds a run: files altered, processes ended, another machine."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import tomllib
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from socket import gethostname

import pandas as pd
import psutil
import pytest
from click.testing import CliRunner
from making import docx, paragraph, properties, zipped
from test_fetch import TEXTS, corpus, serving

import sco_notes as sn
from sco_notes import files
from sco_notes.cli import main
from sco_notes.corpus.documents import text_digest
from sco_notes.corpus.sources import read_sources
from sco_notes.errors import require_columns
from sco_notes.reports.index import is_ours, page_digest
from sco_notes.reports.inputs import report_digest
from sco_notes.sentiment import linear, vader
from sco_notes.tables import DERIVED, verify, write_derived

ROOT = Path(__file__).parent.parent
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
COMMAND = [sys.executable, "-c", "from sco_notes.cli import main; main()"]


def run(*arguments, **options):
    """`sco-notes` in a process of its own, as from a shell."""
    return subprocess.run([*COMMAND, *map(str, arguments)], capture_output=True, text=True, **options)


def flipped(file, place=None):
    """Change one bit of a file."""
    content = bytearray(file.read_bytes())
    content[len(content) // 2 if place is None else place] ^= 1
    file.write_bytes(content)


# --- derived tables and models: those that datapackage.json describes


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A data folder with a corpus of one text, its derived tables, the models, and their description."""
    data = tmp_path / "data"
    shutil.copytree(ROOT / "data" / "models", data / "models")
    for file in ROOT.glob("data/[!.]*.*"):
        shutil.copy(file, data)
    for module in list(sys.modules.values()):
        if module.__name__.startswith("sco_notes") and hasattr(module, "data_folder"):
            monkeypatch.setattr(module, "data_folder", lambda: data)
    folder = data / "ours"
    (folder / "texts").mkdir(parents=True)
    text = "China praised the agreement of 4 July 2024. Iran was sharply criticised."
    (folder / "texts" / "a.txt").write_text(text)
    digest = hashlib.sha256(text.encode()).hexdigest()
    (folder / "documents.csv").write_text(f"doc_id,date,sha256\na,2024-07-04,{digest}\n")
    names = ["models/linear.csv", "vader_lexicon.txt", *(f"ours/derived/{name}.parquet" for name in DERIVED)]
    package = {"resources": [{"path": name, "bytes": 0, "hash": "sha256:0"} for name in names]}
    (data / "datapackage.json").write_text(json.dumps(package))
    files.describe([data / name for name in names[:2]])
    tables = sn.load("ours")
    write_derived(tables, folder)
    return data


@pytest.mark.parametrize("name", DERIVED)
def test_a_derived_table_that_was_altered_is_an_error_and_restored_it_is_none(data, name):
    file = data / "ours" / "derived" / f"{name}.parquet"
    content = file.read_bytes()
    assert len(sn.load("ours").mentions) == 2 and verify(data / "ours") == []
    for damage in (
        lambda: flipped(file),
        lambda: file.write_bytes(content[:-100]),
        lambda: flipped(file, -1),
    ):
        damage()
        with pytest.raises(sn.SCONotesError) as caught:
            sn.load("ours")
        assert str(caught.value).startswith(f"data/ours/derived/{name}.parquet: damaged, or changed by hand")
        assert "with the texts in place sco-notes derive ours" in str(caught.value)
        assert verify(data / "ours")[0].startswith(f"{name} (data/ours")
        file.write_bytes(content)
    file.unlink()
    with pytest.raises(sn.SCONotesError, match=f"{name}.parquet: cannot be read"):
        sn.load("ours")
    file.write_bytes(content)
    sn.load("ours")


def test_without_texts_the_tables_are_checked_by_their_hashes(data):
    shutil.rmtree(data / "ours" / "texts")
    assert verify(data / "ours") == []
    flipped(data / "ours" / "derived" / "events.parquet")
    (fault,) = verify(data / "ours")
    assert fault.startswith("events (data/ours/derived/events.parquet: damaged")


def test_tables_made_again_are_described_again(data):
    (data / "ours" / "actors.toml").write_text('[[actor]]\nid = "CHN"\ntype = "state"\nname = "China"\n')
    write_derived(sn.tables.make_derived(data / "ours"), data / "ours")
    assert sn.load("ours").mentions["actor"].tolist() == ["CHN"]
    described = {one["path"]: one for one in json.loads((data / "datapackage.json").read_text())["resources"]}
    file = data / "ours" / "derived" / "mentions.parquet"
    assert described["ours/derived/mentions.parquet"] == {
        "path": "ours/derived/mentions.parquet", "bytes": file.stat().st_size,
        "hash": f"sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}",
    }  # fmt: skip


def test_an_altered_model_or_word_list_is_an_error(data):
    table, words = data / "models" / "linear.csv", data / "vader_lexicon.txt"
    linear.read_model.cache_clear()
    vader.lexicon.cache_clear()
    content = table.read_text()
    assert linear.read_model() and vader.lexicon()
    table.write_text(content.replace("1", "2", 1))
    words.write_text(words.read_text()[:-10])
    linear.read_model.cache_clear()
    vader.lexicon.cache_clear()
    with pytest.raises(
        sn.SCONotesError, match=r"data/models/linear.csv: damaged.*install the project again$"
    ):
        linear.read_model()
    with pytest.raises(sn.SCONotesError, match=r"data/vader_lexicon.txt: damaged"):
        vader.lexicon()
    (data.parent / ".git").mkdir()
    with pytest.raises(sn.SCONotesError, match=r"to restore it: git restore data/models/linear.csv$"):
        linear.read_model()


def test_a_derived_table_that_is_a_link_out_of_its_folder_is_refused(data, tmp_path):
    folder = tmp_path / "received"
    shutil.copytree(data / "ours", folder)
    for name in DERIVED:
        table = folder / "derived" / f"{name}.parquet"
        table.unlink()
        table.symlink_to(data / "ours" / "derived" / f"{name}.parquet")
    with pytest.raises(sn.SCONotesError, match="a link that leads out of its folder"):
        sn.load(folder)


def test_a_table_of_ones_own_is_described_nowhere_and_read_as_it_is(data, tmp_path):
    folder = tmp_path / "mine"
    shutil.copytree(data / "ours", folder)
    table = folder / "derived" / "terms.parquet"
    pd.read_parquet(table).assign(n=7).to_parquet(table)
    assert (sn.load(folder).terms["n"] == 7).all()
    (data / "datapackage.json").unlink()
    assert len(sn.load("ours").terms)


def test_a_damaged_description_is_an_error_of_its_own(data):
    (data / "datapackage.json").write_text('{"resources": [')
    with pytest.raises(sn.SCONotesError, match=r"datapackage.json: damaged; restore it"):
        sn.load("ours")


def test_verify_says_what_it_checked_and_exits_accordingly(data):
    def verified():
        done = CliRunner().invoke(main, ["verify", "ours"])
        return done.exit_code, done.output.splitlines()[0]

    assert verified() == (0, "ours: same bytes")
    texts = (data / "ours" / "texts").rename(data / "elsewhere")
    code, line = verified()
    assert code == 0 and line.startswith(
        "ours: its tables are undamaged (by their sha256), but not made again"
    )
    flipped(data / "ours" / "derived" / "terms.parquet")
    code, line = verified()
    assert code == 1 and line.startswith("ours: DIFFERENT: terms (data/ours/derived/terms.parquet: damaged")
    texts.rename(data / "ours" / "texts")
    assert verified()[0] == 1
    done = CliRunner().invoke(main, ["timeline", "ours", "--out", str(data / "o.csv")])
    assert done.exit_code == 2 and "terms.parquet: damaged" in done.output and not (data / "o.csv").exists()


# --- the same bytes on anyone's machine

CELLS = [
    "import logging, os, warnings\nimport matplotlib.pyplot as plt, numpy as np, pandas as pd",
    "import sco_notes as sn\nstudy = sn.load('chronicle')\nstudy.mentions.head(20)",
    "plt.plot([1, 2, 3])\nplt.title('Ö, Ш, ı, ${x}$')\nplt.gcf()",
    "warnings.warn('of a library', FutureWarning)\nlogging.getLogger('of.a.library').warning(os.getcwd())",
    "warnings.warn('to the reader')\nlogging.getLogger('sco_notes').warning('note of the package')",
    "print(np.linalg.svd(np.sin(np.arange(90_000.0)).reshape(300, 300))[1].sum(), set('abcdef'))",
    "print(os.path.expanduser('~'), os.getcwd(), pd.Timestamp(0).tz_localize('UTC'), 'ğ'.upper())",
]
CLOCK = """#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>
int clock_gettime(clockid_t id, struct timespec *now) {
    int (*real)(clockid_t, struct timespec *) = dlsym(RTLD_NEXT, "clock_gettime");
    int code = real(id, now);
    if (id == CLOCK_REALTIME) now->tv_sec = YEAR_2100 + now->tv_sec % 100000;
    return code;
}
"""


def clone(place):
    """Another copy of the project, with a report of its own; the packages are those of this one."""
    for name in ("src", "data"):
        shutil.copytree(
            ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__", ".tables", "un-debate")
        )
    shutil.copy(ROOT / "requirements.lock", place)
    code = [
        {
            "cell_type": "code",
            "id": f"c{i}",
            "execution_count": None,
            "outputs": [],
            "metadata": {},
            "source": source,
        }
        for i, source in enumerate(CELLS)
    ]
    code[0]["metadata"] = {"tags": ["parameters"]}
    code[0]["source"], code[1]["source"] = "top: int = 1", f"{CELLS[0]}\n{CELLS[1]}"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = {"cells": code, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    for name, content in (
        ("notebooks/short.ipynb", json.dumps(notebook)),
        ("reports/reports.toml", '[[report]]\nid = "short"\ntitle = "Short"\nnotebook = "short"\n'),
    ):
        (place / name).parent.mkdir()
        (place / name).write_text(content)
    return place


def pages(place, prefix=(), **environment):
    """What `sco-notes reports` makes in a clone, by name."""
    out = place / "reports" / "html"
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(place / "src"), **environment}
    done = subprocess.run(
        [*prefix, *COMMAND, "reports"], capture_output=True, text=True, cwd="/", timeout=120,
        env={name: value for name, value in environment.items() if value is not None},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "FutureWarning: of a library" in done.stdout and "WARNING:of.a.library:" in done.stdout
    return {file.name: file.read_bytes() for file in sorted(out.iterdir())}


def unequal(first, second):
    """The lines in which the files of two runs differ."""
    lines = [
        [f"{name}: {line}" for name in run for line in run[name].decode().splitlines()]
        for run in (first, second)
    ]
    return [pair for pair in zip(*lines, strict=False) if len(set(pair)) > 1] or set(first) ^ set(second)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="users, namespaces and preloading of Linux")
def test_pages_hold_nothing_of_the_machine():
    place = Path(tempfile.mkdtemp(prefix="sco-notes-test-"))
    try:
        first = pages(clone(place / "one"), HOME=str(place), LANG="C.UTF-8")
        assert sorted(first) == ["index.html", "short.html", "short.ipynb"]
        page = first["short.html"].decode()
        assert "to the reader" in page and "note of the package" in page
        assert "of a library" not in page.partition("Notes of the program")[2]
        assert str(place) not in page + first["short.ipynb"].decode()

        # Another user, with a home folder that nobody can write to; another clock, language and network.
        other = clone(place / "Zwölf Ӕ klöne's")
        home = place / "home"
        (home / ".config" / "matplotlib").mkdir(parents=True)
        (home / ".config" / "matplotlib" / "matplotlibrc").write_text("lines.linewidth: 9\n")
        (home / ".ipython" / "profile_default" / "startup").mkdir(parents=True)
        (home / ".ipython" / "profile_default" / "startup" / "0.py").write_text("print('mine')")
        home.chmod(0o555)
        elsewhere = {
            "TZ": "Asia/Almaty", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "7", "PYTHONUTF8": "0",
            "OPENBLAS_NUM_THREADS": "2", "COLUMNS": "200",
        }  # fmt: skip
        if shutil.which("cc"):
            (place / "clock.c").write_text(CLOCK.replace("YEAR_2100", "4102444800"))
            build = ["cc", "-shared", "-fPIC", "-o", place / "clock.so", place / "clock.c", "-ldl"]
            subprocess.run(build, check=True)
            elsewhere["LD_PRELOAD"] = str(place / "clock.so")
        prefix = ["unshare", "--user", "--map-user=4321", "--net"]  # no rights beyond those of files
        if subprocess.run([*prefix, "true"], capture_output=True).returncode:
            prefix = []
        umask = ["sh", "-c", 'umask 077; exec "$@"', "sh"]
        second = pages(other, [*umask, *prefix], HOME=str(home), **elsewhere)
        assert not unequal(first, second)

        # Without a home folder at all.
        shutil.rmtree(other / "reports" / "html")
        assert not unequal(first, pages(other, prefix, HOME=None, **elsewhere))
    finally:
        shutil.rmtree(place, ignore_errors=True)


# --- files written whole or not at all


def test_threads_that_write_one_file_never_show_half_of_it(tmp_path):
    file, n = tmp_path / "one.txt", 8
    contents = {str(number) * 20_000 for number in range(n)}

    def write(content):
        for _ in range(100):
            files.write_whole(file, content)
            assert file.read_text() in contents

    with ThreadPoolExecutor(n) as pool:
        assert len([*pool.map(write, contents)]) == n
    assert [*tmp_path.iterdir()] == [file]


def test_what_a_killed_run_began_to_write_is_gone_after_the_next(tmp_path):
    code = (
        "import os, pathlib, sys\nfrom sco_notes import files\n"
        "os.fsync = lambda number: os._exit(9)\nfiles.write_whole(pathlib.Path(sys.argv[1]), 'new')"
    )
    file = tmp_path / "one.txt"
    file.write_text("old")
    assert subprocess.run([sys.executable, "-c", code, str(file)]).returncode == 9
    assert file.read_text() == "old" and len([*tmp_path.iterdir()]) == 2
    of_a_run_at_work = tmp_path / f".sco-notes-{gethostname()}-{os.getppid()}-1.tmp"
    of_another_machine = tmp_path / ".sco-notes-elsewhere-1-1.tmp"
    of_nobody = tmp_path / f"sco-notes-{gethostname()}-x-1.tmp"
    for mine in (of_a_run_at_work, of_another_machine, of_nobody):
        mine.touch()
    files.write_whole(file, "newer")
    assert file.read_text() == "newer"
    assert {*tmp_path.iterdir()} == {file, of_a_run_at_work, of_another_machine, of_nobody}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere what a killed run has started ends later")
def test_a_killed_run_leaves_no_process_and_its_folder_goes_with_the_next(tmp_path, monkeypatch):
    for name in ("temporary", "data"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    page = f"<p {' '.join(f'a{i}=x' for i in range(50_000))}>China met Iran.</p>"  # takes seconds to read
    (tmp_path / "a.zip").write_bytes(zipped({"a.html": page, "b.txt": "China met Iran."}))
    reading = "sco_notes.corpus.formats.isolation"
    command = [*COMMAND, "analyse", tmp_path / "a.zip", "--dry-run"]
    running = subprocess.Popen([*map(str, command)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def children():
        found = []
        for each in psutil.Process(running.pid).children():
            with suppress(psutil.Error):  # one that ends just now
                found += [each] * (reading in each.cmdline())
        return found

    def unpacked():
        return [*(tmp_path / "temporary").rglob("b.txt")]

    try:
        while not (unpacked() and children()):
            assert running.poll() is None
            time.sleep(0.01)
        family = children()
    finally:
        running.kill()
        running.wait()
    assert psutil.wait_procs(family, timeout=10)[1] == []
    (mine,) = (tmp_path / "temporary").iterdir()
    at_work = mine.with_name(mine.name.replace(f"-{running.pid}-", f"-{os.getpid()}-"))
    shutil.copytree(mine, at_work)
    (tmp_path / "b.txt").write_text("China met Iran.")
    done = run("analyse", tmp_path / "b.txt", "--dry-run")
    assert done.returncode == 0 and [*(tmp_path / "temporary").iterdir()] == [at_work]


@pytest.mark.parametrize("name", ["a" * 255, "ö" * 127, "with a blank", "-rf", "é\u0301"])
def test_a_name_of_any_length_is_written(tmp_path, name):
    files.write_whole(tmp_path / name, "text")
    assert [file.read_text() for file in tmp_path.iterdir()] == ["text"]


def test_where_there_is_no_room_the_old_file_stays(tmp_path, monkeypatch):
    file = tmp_path / "one.txt"
    files.write_whole(file, "old")
    monkeypatch.setattr(os, "fsync", lambda number: (_ for _ in ()).throw(OSError(28, "No space left")))
    with pytest.raises(sn.SCONotesError, match=r"one.txt: cannot be written .No space.*; make room"):
        files.write_whole(file, "new")
    assert file.read_text() == "old" and [*tmp_path.iterdir()] == [file]


@pytest.mark.parametrize(
    "command",
    [
        ["exercises", "--new", "mine", "--sources", "OUT"],
        ["exercises", "--bundle", "OUT/b.zip"],
        ["timeline", "chronicle", "--out", "OUT/t.csv"],
        ["timeline", "chronicle", "--out", "OUT/t.ics", "--merge"],
        ["start", "--desk", "OUT"],
        ["repair", "OUT"],
        ["texts", "OUT", "--file", "OUT/old.txt"],
        ["extract", "OUT/in", "OUT/out", "--scorer", "none"],
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_where_there_is_no_room_a_command_names_the_file_and_the_remedy(tmp_path, monkeypatch, command):
    (tmp_path / "texts").mkdir()
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("China met Iran.")
    for name, content in (
        ("old.txt", "China met Iran."),
        ("texts/a.txt", "China, 12\n\nmet."),
        ("t.csv", "old"),
    ):
        (tmp_path / name).write_text(content)
    (tmp_path / "documents.csv").write_text(f"doc_id,sha256\na,{text_digest('China met Iran.')}\n")
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    monkeypatch.setattr(sys.modules["sco_notes.cli.main"], "_corpus", lambda name: Path(name), raising=False)
    monkeypatch.setattr(
        os, "fsync", lambda number: (_ for _ in ()).throw(OSError(28, "No space left on device"))
    )
    done = CliRunner().invoke(main, [word.replace("OUT", str(tmp_path)) for word in command])
    assert done.exit_code == 2, done.output
    (line,) = done.stderr.splitlines()
    assert line.startswith("sco-notes: ") and "No space left on device" in line
    assert str(tmp_path) in line or "overrides.json" in line  # `start` writes the settings of the lab first
    assert "make room, or choose another folder" in line or "run the command again" in line
    there = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    assert {file for file in there if "out" not in file.parts} == before.keys()
    assert all(there[file] == content for file, content in before.items())


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path):
    (tmp_path / "file").touch()
    for command in (["extract", str(tmp_path / "file"), str(tmp_path / "file" / "out")],
                    ["grade", str(tmp_path), "--out", str(tmp_path / "file" / "out")]):  # fmt: skip
        done = CliRunner().invoke(main, command)
        assert done.exit_code == 2 and len(done.stderr.splitlines()) == 1, done.output


# --- commands that are stopped

STOPPED = {"SIGINT": 130, "SIGTERM": 143}


def stop(command, begun, name, **options):
    """Start a command and send it a signal once it has begun: its exit code, what it said, its seconds."""
    running = subprocess.Popen(
        [*map(str, command)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options
    )
    while not begun():
        assert running.poll() is None, running.communicate()
        time.sleep(0.02)
    family = psutil.Process(running.pid).children(recursive=True)
    started = time.monotonic()
    running.send_signal(getattr(signal, name))
    said = running.communicate(timeout=60)[1]
    seconds = time.monotonic() - started
    assert psutil.wait_procs(family, timeout=3)[1] == []
    return running.returncode, said, seconds


@pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")
@pytest.mark.parametrize("name", STOPPED)
def test_a_download_that_is_stopped_keeps_whole_texts(tmp_path, name, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    never = threading.Event()
    answers = {f"/o/r/{doc_id}.txt": body for doc_id, body in TEXTS.items()}
    answers["/o/r/TJK_6.txt"] = lambda handler: never.wait(60)
    data = tmp_path / "data"
    data.mkdir()
    corpus(data / "un")
    code = (
        "import sys\nfrom pathlib import Path\nimport sco_notes.files\n"
        f"sco_notes.files.data_folder = lambda: Path({str(data)!r})\n"
        "import sco_notes.tables.study as study\nstudy.data_folder = sco_notes.files.data_folder\n"
        "from sco_notes.cli import main\nmain()"
    )
    with serving(answers) as server:
        command = [sys.executable, "-c", code, "texts", "un", "--mirror", server.address]
        texts = data / "un" / "texts"
        begun = lambda: texts.is_dir() and len([*texts.glob("*.txt")]) == 5 and len(server.asked) == 6  # noqa: E731
        returned, said, seconds = stop(command, begun, name)
        never.set()
    assert returned == STOPPED[name] and seconds < 3
    assert said == (
        "sco-notes: stopped; what is finished is kept. "
        f"To go on: sco-notes texts un --mirror {server.address}\n"
    )
    assert {file.name: file.read_bytes() for file in texts.iterdir()} == {
        f"{doc_id}.txt": body for doc_id, body in TEXTS.items() if doc_id != "TJK_6"
    }


@pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")
@pytest.mark.parametrize("name", STOPPED)
def test_a_run_that_computes_and_does_not_listen_is_stopped_too(tmp_path, name):
    """As in grading: threads wait for children, the main thread for them; nothing of it is recorded."""
    code = (
        "import pathlib, subprocess, sys\nfrom concurrent.futures import ThreadPoolExecutor\n"
        "from sco_notes.processes import stoppable\n"
        "def work(number):\n"
        "    subprocess.run(['sleep', '70'])\n"
        "    pathlib.Path(sys.argv[1], f'{number}.result').touch()\n"
        "with stoppable(lambda: print('said', file=sys.stderr)), ThreadPoolExecutor(4) as pool:\n"
        "    pathlib.Path(sys.argv[1], 'begun').touch()\n"
        "    list(pool.map(work, range(20)))"
    )
    begun = lambda: (tmp_path / "begun").exists()  # noqa: E731
    returned, said, seconds = stop([sys.executable, "-c", code, tmp_path], begun, name)
    assert returned == STOPPED[name] and seconds < 3 and said == "said\n"
    assert [file.name for file in tmp_path.iterdir()] == ["begun"]


# --- pages that are damaged


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder with one report, as it was made, and what makes it again."""
    folder = tmp_path_factory.mktemp("made")
    code = {"cell_type": "code", "id": "a", "execution_count": None, "outputs": [], "metadata": {}}
    file = folder / "one.ipynb"
    cells = [code | {"source": "import time\nprint(time.time_ns())"}]
    file.write_text(json.dumps({"cells": cells, "metadata": KERNEL, "nbformat": 4, "nbformat_minor": 5}))
    report = sn.reports.Report("one", "One", file, {})
    sn.reports.render_reports([report], folder / "out", progress=str)
    return report, folder / "out"


def test_the_index_is_made_from_the_pages_that_it_shows(tmp_path):
    report = sn.reports.Report("a", "A", tmp_path / "one.ipynb", {})
    head = '<meta name="generator" content="sco-notes">\n<meta name="sco-notes-inputs" content="%s"></html>'
    (tmp_path / "a.html").write_text(head % ("1" * 64))

    def index(finding):
        data = {"application/vnd.sco-notes.finding+json": {"id": "f", "statement": finding}}
        cells = [
            {"cell_type": "code", "source": "", "outputs": [{"output_type": "display_data", "data": data}]}
        ]
        (tmp_path / "a.ipynb").write_text(json.dumps({"cells": cells, "metadata": {"sco_notes": {}}}))
        return sn.reports.write_index([report], tmp_path, {"a": "1" * 64}).read_text()

    first, second = index("Before."), index("After.")  # as `--force` may do: the same inputs, another page
    assert "Before." in first and "After." in second and "Before." not in second
    (tmp_path / "index.html").write_text(second[:-100])
    assert index("After.") == second


@pytest.mark.slow
@pytest.mark.parametrize("cut", [0, 1, 300, -2])
def test_an_executed_notebook_that_is_cut_off_beside_a_whole_page_is_made_again(made, cut):
    report, out = made
    sn.reports.render_reports([report], out, progress=str)
    (out / "one.ipynb").write_bytes((out / "one.ipynb").read_bytes()[:cut])
    outcomes = sn.reports.render_reports([report], out, progress=str)
    assert [outcome.status for outcome in outcomes] == ["made"]
    assert json.loads((out / "one.ipynb").read_bytes())["cells"]
    outcomes = sn.reports.render_reports([report], out, progress=str)
    assert [outcome.status for outcome in outcomes] == ["current"]


@pytest.mark.slow
def test_a_page_that_is_cut_off_anywhere_is_made_again_and_blocks_nothing(made):
    report, out = made
    page, index = (out / "one.html").read_bytes(), (out / "index.html").read_bytes()
    for cut in (0, 1, 100, 150, 300, 2500, len(page) - 20):
        (out / "one.html").write_bytes(page[:cut])
        (out / "index.html").write_bytes(index[:cut])
        assert page_digest(out / "one.html") is None and is_ours(out / "one.html"), cut
        assert is_ours(out / "index.html")
    outcomes = sn.reports.render_reports([report], out, progress=str)
    assert [outcome.status for outcome in outcomes] == ["made"] and page_digest(out / "one.html")
    assert (out / "index.html").read_bytes().endswith(b"</html>")
    for mine in ("mine", '<!DOCTYPE html>\n<html lang="en">\n<head>\n</head></html>'):
        (out / "one.html").write_text(mine)
        with pytest.raises(sn.SCONotesError, match="it is no report; choose another folder"):
            sn.reports.render_reports([report], out, progress=str)
        assert (out / "one.html").read_text() == mine


def test_a_pipe_among_the_files_of_a_corpus_is_passed_over(tmp_path):
    folder, notebook = tmp_path / "mine", tmp_path / "one.ipynb"
    (folder / "texts").mkdir(parents=True)
    (folder / "documents.csv").write_text("doc_id\na\n")
    code = {"cell_type": "code", "source": "corpus: str = ''", "metadata": {"tags": ["parameters"]}}
    notebook.write_text(json.dumps({"cells": [code], "metadata": {}}))
    report = sn.reports.Report("one", "One", notebook, {"corpus": "mine"})
    before = report_digest(report, tmp_path, "")
    (folder / "folder.csv").mkdir()
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "texts" / "pipe.txt")
    assert report_digest(report, tmp_path, "") == before


# --- robustness.toml, and the cases that have no other place


def test_every_case_has_tests_that_exist_or_a_reason():
    cases = tomllib.loads((ROOT / "tests" / "robustness.toml").read_text())["cases"]
    assert [int(number) for number in cases] == list(range(1, 101))
    for _, *tests in cases.values():
        if not tests[0]:
            assert len(tests) == 2 and tests[1]
            continue
        for place, name in (test.split("::") for test in tests):
            folder, _, file = place.rpartition("/")
            source = (ROOT / "tests" / folder / f"test_{file}.py").read_text()
            assert f"def test_{name}" in source, name


def test_case_16_offsets_count_code_points():
    documents = pd.DataFrame({"doc_id": ["a"], "text": ["😀👩‍👩‍👧 China met Iran. 🇰🇿 Kazakhstan 😀 agreed."]})
    text = documents["text"][0]
    found = sn.find_mentions(documents)
    assert [text[row.start : row.end] for row in found.itertuples()] == ["China", "Iran", "Kazakhstan"]


def test_case_21_a_file_that_is_too_large_is_an_error(tmp_path):
    with (tmp_path / "large.txt").open("wb") as file:
        file.truncate(files.LARGEST_FILE + 1)
    with pytest.raises(sn.SCONotesError, match=r"large.txt: 50.0 MB, at most 50 MB can be read; split it"):
        sn.read_corpus(tmp_path)


@pytest.mark.parametrize("marks", ["!?", "a!?", ".", "?!. "])
def test_case_23_stops_without_end_take_linear_time(marks):
    text = f"It began. {marks * 3_000_000}"[:1_000_000] + " It ended. So it was."
    started = time.process_time()
    found = [text[start:end] for start, end in sn.sentence_spans(text)]
    assert time.process_time() - started < 30
    assert found[0].startswith("It began.") and found[-1] == "So it was."


@pytest.mark.skipif(sys.platform == "win32", reason="names that Windows does not allow")
@pytest.mark.parametrize("name", ["a b", "it's", 'say "x"', "Доклад", "é", "-rf", "$(x)", "%s{0}"])
def test_case_52_names_of_files_and_folders_are_only_names(tmp_path, name):
    (tmp_path / name).mkdir()
    (tmp_path / name / f"{name}.txt").write_text("China met Iran.")
    study = sn.load(tmp_path / name)
    assert study.documents["doc_id"].tolist() == [name] and len(study.mentions) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="a name that Windows does not allow")
def test_case_52_a_line_break_in_a_name_is_a_blank(tmp_path):
    (tmp_path / "line\nbreak.txt").write_text("China met Iran.")
    assert sn.read_corpus(tmp_path)["doc_id"].tolist() == ["line break"]


def test_case_75_what_a_file_states_is_no_formula_of_a_spreadsheet(tmp_path):
    title = '=HYPERLINK("http://127.0.0.1/?"&amp;A1,"open")'
    file = tmp_path / "speech.docx"
    parts = {"docProps/core.xml": properties(title, "@SUM(A1)")}
    file.write_bytes(docx(paragraph("China met Iran in Astana."), parts))
    row = read_sources([str(file)])[0].iloc[0]
    assert row["title"].startswith("HYPERLINK(") and row["author"] == "SUM(A1)"
    assert "the title it states begins as a formula does" in row["losses"]


@pytest.mark.parametrize("changed", ["pyarrow", "repeated index"])
def test_frames_of_another_kind_are_scored_as_they_are(changed):
    documents = pd.DataFrame({"doc_id": ["a", "b"], "text": ["China praised Iran.", "Russia met China."]})
    mentions = sn.find_mentions(documents)
    expected = sn.score_mentions(documents, mentions)
    if changed == "pyarrow":
        other, scores = (t.convert_dtypes(dtype_backend="pyarrow") for t in (mentions, expected))
        assert len(sn.scorer_agreement(pd.concat([scores, scores.assign(scorer="vader nltk 3")])))
    else:
        other = mentions.set_axis([0] * len(mentions))
    found = sn.score_mentions(documents, other)
    assert found["valence"].tolist() == expected["valence"].tolist()
    infinite = mentions.astype({"start": float}).assign(start=float("inf"))
    with pytest.raises(sn.SCONotesError, match="start inf and end 5 are no place in a text"):
        sn.score_mentions(documents, infinite)


def test_a_number_among_the_columns_that_are_expected_is_said():
    with pytest.raises(sn.SCONotesError, match="with the columns 5, text is expected; yours has no column 5"):
        require_columns(pd.DataFrame({"doc_id": ["a"]}), 5, "text")


@pytest.mark.slow
def test_case_79_a_parameter_arrives_as_it_is(tmp_path):
    value = "a \"b\" 'c' \n \"\"\"d\"\"\" '''e''' {f} \\ \t $(g) ğ 😀"
    code = {"cell_type": "code", "execution_count": None, "outputs": []}
    cells = [
        code | {"id": "p", "metadata": {"tags": ["parameters"]}, "source": "phrase: str = ''  # any text"},
        code | {"id": "q", "metadata": {}, "source": "print(ascii(phrase))"},
    ]
    file = tmp_path / "one.ipynb"
    file.write_text(json.dumps({"cells": cells, "metadata": KERNEL, "nbformat": 4, "nbformat_minor": 5}))
    report = sn.reports.Report("one", "One", file, {"phrase": value})
    (outcome,) = sn.reports.render_reports([report], tmp_path / "out", progress=str)
    assert outcome.error == ""
    executed = json.loads((tmp_path / "out" / "one.ipynb").read_text())
    assert executed["cells"][-1]["outputs"][0]["text"] == f"{value!a}\n"
