"""Reports: the list and its faults, parameters, what is made again, what a failure leaves behind."""

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from sco_notes.errors import SCONotesError
from sco_notes.files import locked
from sco_notes.reports import (
    Report,
    build,
    check_parameters,
    describe_parameters,
    read_reports,
    render_reports,
    write_index,
)
from sco_notes.reports.index import page_digest
from sco_notes.reports.inputs import report_digest
from sco_notes.reports.scrub import scrub

PARAMETERS = """corpus: str = "none"  # which texts
top: int = 5  # how many
share: float = 0.5  # of what
words: list[str] = ["a"]  # to follow
phrase: str | None = None  # to look up
deep: bool = False"""


def notebook(path, *sources, parameters=PARAMETERS):
    cells = [
        {
            "cell_type": "code", "id": f"cell-{number}", "execution_count": None, "outputs": [],
            "source": source,
            "metadata": {"tags": ["parameters"]} if source is parameters else {},
        }
        for number, source in enumerate((parameters, *sources))
    ]  # fmt: skip
    cells.insert(0, {"cell_type": "markdown", "id": "title", "metadata": {}, "source": "# A question?"})
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    content = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


@pytest.fixture
def project(tmp_path):
    """A listing with one notebook; returns a function that writes the listing and gives its path."""
    notebook(tmp_path / "notebooks" / "one.ipynb", "print(top)")
    listing = tmp_path / "reports" / "reports.toml"
    listing.parent.mkdir()

    def write(text):
        listing.write_text(text, encoding="utf-8")
        return listing

    return write


def test_a_listing_is_read_in_its_order(project, tmp_path):
    reports = read_reports(
        project(
            '[[report]]\nid="b"\ntitle="B"\nnotebook="one"\n[report.parameters]\ntop=3\n'
            '[[report]]\nid="a"\ntitle="A"\nnotebook="one.ipynb"'
        )
    )
    file = tmp_path / "notebooks" / "one.ipynb"
    assert reports == [Report("b", "B", file, {"top": 3}), Report("a", "A", file, {})]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[report]\n", "reports.toml: not valid TOML: .*line 1"),
        ("", r"reports.toml, no \[\[report\]\]"),
        ("[report]\nid='x'", "written as .* double brackets"),
        ("[[reports]]\nid='x'", "no key 'reports'; did you mean 'report'"),
        ("[[report]]\nid='x'\nname='y'\nnotebook='one'", "'x': no key 'name'.*'x': 'title' is missing"),
        ("[[report]]\ntitle='y'\nnotebook='one'", "report 1: 'id' is missing"),
        ("[[report]]\nid='x'\ntitle=' '\nnotebook='one'", "report 'x': 'title' is empty"),
        ("[[report]]\nid='x'\ntitle=3\nnotebook='one'", "'title' is 3; a text is expected"),
        ("[[report]]\nid='../x'\ntitle='y'\nnotebook='one'", "its id names the page"),
        ("[[report]]\nid='index'\ntitle='y'\nnotebook='one'", "its id names the page"),
        ("[[report]]\nid='x'\ntitle='y'\nnotebook='two'", "two.ipynb: no such notebook"),
        ("[[report]]\nid='x'\ntitle='y'\nnotebook='../one'", "expected as a name alone"),
        (
            "[[report]]\nid='x'\ntitle='y'\nnotebook='one'\n[[report]]\nid='X'\ntitle='y'\nnotebook='one'",
            "report 'X': another report has this id",
        ),
        (
            "[[report]]\nid='x'\ntitle='y'\nnotebook='one'\nparameters={topp=1}\n"
            "[[report]]\nid='z'\ntitle='y'\nnotebook='one'\nparameters={top='1'}",
            "report 'x': one.ipynb: no parameter 'topp'; did you mean 'top'.*"
            "report 'z': one.ipynb: parameter 'top' is '1'; int is expected",
        ),
    ],
)  # fmt: skip
def test_a_faulty_listing_says_what_is_wrong(project, text, message):
    with pytest.raises(SCONotesError, match=message):
        read_reports(project(text))


@pytest.mark.parametrize(
    "good", [{"top": 3}, {"share": 1}, {"words": []}, {"phrase": None}, {"phrase": "x"}, {"deep": True}]
)
def test_values_of_the_right_type_pass(tmp_path, good):
    check_parameters(notebook(tmp_path / "n.ipynb"), good)


@pytest.mark.parametrize(
    "wrong",
    [{"top": "3"}, {"top": True}, {"top": 1.5}, {"words": "a"}, {"words": [1]}, {"phrase": 1}, {"deep": 1}],
)
def test_values_of_another_type_are_errors(tmp_path, wrong):
    (name,) = wrong
    with pytest.raises(SCONotesError, match=f"n.ipynb: parameter '{name}' is .* is expected"):
        check_parameters(notebook(tmp_path / "n.ipynb"), wrong)


@pytest.mark.parametrize(("name", "value"), [("top", 0), ("top", 101), ("share", -0.6), ("share", 1)])
def test_values_out_of_the_range_that_the_comment_states_are_errors(tmp_path, name, value):
    lines = "top: int = 5  # how many, 1 to 100\nshare: float = 0  # of what, -0.5 to 0.5"
    file = notebook(tmp_path / "n.ipynb", parameters=lines)
    check_parameters(file, {"top": 100, "share": -0.5})
    with pytest.raises(SCONotesError, match=rf"'{name}' is {value}; a number from -?[\d.]+ to [\d.]+ is exp"):
        check_parameters(file, {name: value})


def test_code_as_the_name_of_a_parameter_is_an_error(tmp_path):
    with pytest.raises(SCONotesError, match="no parameter"):
        check_parameters(notebook(tmp_path / "n.ipynb"), {"import os; top": 1})


def test_parameters_are_described(tmp_path):
    table = describe_parameters(notebook(tmp_path / "n.ipynb"))
    assert list(table.columns) == ["name", "type", "default", "help"]
    assert table.iloc[0].tolist() == ["corpus", "str", "'none'", "which texts"]
    assert table.iloc[4].tolist() == ["phrase", "str | None", "None", "to look up"]
    assert table.iloc[5]["help"] == ""


def test_a_parameters_cell_holds_assignments_only(tmp_path):
    bad = notebook(tmp_path / "n.ipynb", parameters="top: int = 1\nprint(top)")
    with pytest.raises(SCONotesError, match=r"n.ipynb, parameters cell, line 2: only lines of the form"):
        describe_parameters(bad)


def test_what_is_no_notebook_is_an_error(tmp_path):
    (tmp_path / "n.ipynb").write_text("{")
    with pytest.raises(SCONotesError, match="not a notebook"):
        describe_parameters(tmp_path / "n.ipynb")


def test_a_chart_of_a_cell_stands_in_its_page(project, tmp_path):
    draw = "import sco_notes as sn\nstudy = sn.load('chronicle')\nsn.plot_terms(study.terms)"
    notebook(tmp_path / "notebooks" / "one.ipynb", draw)
    listing = project('[[report]]\nid="a"\ntitle="A"\nnotebook="one"')
    assert [outcome.error for outcome in build(listing, tmp_path / "html", progress=str)] == [""]
    executed = json.loads((tmp_path / "html" / "a.ipynb").read_bytes())
    (shown,) = (output for cell in executed["cells"] for output in cell.get("outputs", []))
    assert {"image/svg+xml", "image/png"} <= set(shown["data"])
    page = (tmp_path / "html" / "a.html").read_text(encoding="utf-8")
    assert 'alt="Bar chart' in page


def test_the_digest_changes_with_each_input(tmp_path):
    file = notebook(tmp_path / "n.ipynb", "1")
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "a.txt").write_text("One.")
    digest = lambda **changes: report_digest(  # noqa: E731
        Report(**{"id": "a", "title": "A", "notebook": file, "parameters": {"corpus": "texts"}, **changes}),
        tmp_path,
        "shared",
    )
    seen = [digest(), digest(title="B"), digest(id="b"), digest(parameters={"corpus": "texts", "top": 1})]
    (texts / "a.txt").write_text("Two.")
    seen.append(digest())
    notebook(file, "2")
    seen.append(digest())
    assert len(set(seen)) == len(seen) and digest() == seen[-1]


def test_scrubbing_takes_out_what_differs_from_run_to_run():
    def ran(time, number):
        stream = [
            {"output_type": "stream", "name": "stdout", "text": "a"},
            {
                "output_type": "stream",
                "name": "stderr",
                "text": f"/tmp/ipykernel_{number}/{number}9.py:3: odd",
            },
            {"output_type": "stream", "name": "stdout", "text": f"b <object at 0x{number}abcdef>, /place/x"},
        ]
        return {
            "metadata": {"papermill": {"start_time": time}, "language_info": {"version": time}},
            "cells": [
                {
                    "cell_type": "code", "id": f"{number}", "outputs": stream,
                    "metadata": {"tags": ["injected-parameters"], "papermill": {"duration": time}},
                }
            ],
        }  # fmt: skip

    one, two = ran("1", 123456), ran("2", 654321)
    scrub(one, "0", ["/place"])
    scrub(two, "0", ["/place"])
    assert one == two
    assert [output["text"] for output in one["cells"][0]["outputs"]] == [
        "ab <object at 0x…>, …/x", "<cell>:3: odd",
    ]  # fmt: skip


def test_a_very_long_word_is_scrubbed_in_no_time():
    stream = {"output_type": "stream", "name": "stdout", "text": "x" * 1_000_000}
    cell = {"cell_type": "code", "id": "a", "outputs": [stream], "metadata": {}}
    executed = {"metadata": {}, "cells": [cell]}
    started = time.process_time()
    scrub(executed, "0", [])
    assert executed["cells"][0]["outputs"] == [stream] and time.process_time() - started < 1


def test_a_folder_is_held_by_one_run_at_a_time(tmp_path):
    said, order = [], []
    other = threading.Thread(target=lambda: _hold(tmp_path, said, order))
    with locked(tmp_path, print):
        other.start()
        while not said:
            time.sleep(0.01)
        order.append("first")
    other.join()
    assert order == ["first", "second"] and "another run is at work here" in said[0]
    assert not (tmp_path / ".lock").exists()


def _hold(folder, said, order):
    with locked(folder, said.append):
        order.append("second")


def test_the_lock_of_a_killed_run_is_taken_over(tmp_path):
    code = (
        "import os, pathlib, sys\nfrom sco_notes.files import locked\n"
        "with locked(pathlib.Path(sys.argv[1]), print): os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(tmp_path)]).returncode == 9
    assert (tmp_path / ".lock").exists()
    with locked(tmp_path, pytest.fail):
        pass


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(SCONotesError, match="cannot be written"), locked(tmp_path / "file" / "out", print):
        pass


def test_a_file_that_is_no_report_is_not_overwritten(tmp_path):
    file = notebook(tmp_path / "n.ipynb")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "index.html").write_text("mine")
    with pytest.raises(SCONotesError, match="a file of this name is there, and it is no report"):
        render_reports([Report("a", "A", file, {})], tmp_path / "out")
    assert (tmp_path / "out" / "index.html").read_text() == "mine"


def fake_page(folder, id, digest, picture=""):
    folder.mkdir(exist_ok=True)
    (folder / f"{id}.html").write_text(
        '<meta name="generator" content="sco-notes">\n'
        f'<meta name="sco-notes-inputs" content="{digest}"></html>'
    )
    data = {
        "application/vnd.sco-notes.finding+json": {"id": "f", "statement": f"Finding of {id} <b>."},
        "text/plain": f"Finding of {id} <b>. (n = 3)",
    }
    outputs = [{"output_type": "display_data", "data": data}]
    if picture:
        outputs.append(
            {"output_type": "display_data", "data": {"image/png": picture, "text/plain": "Bars: a 1"}}
        )
    cells = [{"cell_type": "code", "source": "", "outputs": outputs}]
    (folder / f"{id}.ipynb").write_text(json.dumps({"cells": cells, "metadata": {"sco_notes": {}}}))


def test_the_index_lists_reports_by_corpus_with_finding_and_picture(tmp_path):
    picture = noise(600, 400)
    reports = [
        Report(f"r{number}", f"Report {number} & more", Path("one.ipynb"), {"corpus": corpus, "top": 3})
        for number, corpus in enumerate(["first", "second"] * 6)
    ]
    for report in reports[:-1]:
        fake_page(tmp_path, report.id, "1" * 64, picture)
    inputs = {report.id: "1" * 64 for report in reports} | {"r1": "2" * 64}
    html = write_index(reports, tmp_path, inputs, "All of them").read_text()
    assert len(html) < 300_000
    assert html.index("<h2>first</h2>") < html.index("r10.html") < html.index("<h2>second</h2>")
    assert '<a href="r0.html">Report 0 &amp; more</a>' in html
    assert "Finding of r0 &lt;b&gt;." in html and "n = 3" in html and "top: 3" in html
    assert html.count('src="data:image/png;base64,') == 11 and 'alt="Bars"' in html
    assert (
        html.count("Made from earlier inputs") == 1 and html.count("There is no page of this report yet") == 1
    )
    assert "<script" not in html and "default-src" in html


def noise(width, height):
    """A picture as hard to compress as a chart never is."""
    import base64
    import io

    from PIL import Image

    buffer = io.BytesIO()
    pattern = bytes(
        (x * 31 + y * 17) % 251 for y in range(height) for x in range(width // 20) for _ in range(20)
    )
    Image.frombytes("L", (width, height), pattern).convert("RGB").save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()


def test_the_index_is_written_only_when_it_changes(tmp_path):
    report = Report("a", "A", Path("one.ipynb"), {})
    fake_page(tmp_path, "a", "1" * 64)
    file = write_index([report], tmp_path, {"a": "1" * 64})
    os.utime(file, (1, 1))
    assert write_index([report], tmp_path, {"a": "1" * 64}).stat().st_mtime == 1
    assert write_index([report], tmp_path, {"a": "2" * 64}).stat().st_mtime > 1


def test_an_unknown_report_is_named_with_the_nearest(project, tmp_path):
    listing = project('[[report]]\nid="terms"\ntitle="A"\nnotebook="one"')
    with pytest.raises(SCONotesError, match="no report 'term'; did you mean 'terms'"):
        build(listing, tmp_path / "out", only=["term"])


def contents(folder):
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}


@pytest.mark.slow
def test_reports_are_made_once_the_same_everywhere_and_failures_leave_the_old_page(
    project, tmp_path, monkeypatch
):
    monkeypatch.setattr("sco_notes.reports.render.shared_inputs", lambda: {"library": "as it is"})
    listing = project(
        '[[report]]\nid="good"\ntitle="Good"\nnotebook="one"\n'
        '[[report]]\nid="other"\ntitle="Other"\nnotebook="two"\nparameters={top=1}'
    )
    one, two = tmp_path / "notebooks" / "one.ipynb", tmp_path / "notebooks" / "two.ipynb"
    hostile = "import os, warnings\nprint(set('abcdef'), os.getcwd())\nwarnings.warn('x')\nobject()"
    notebook(one, hostile)
    notebook(two, "if top > 1:\n    raise ValueError('too many')\nprint(top)")
    said, out = [], tmp_path / "html"
    assert [o.status for o in build(listing, out, progress=said.append)] == ["made", "made"]
    assert sorted(contents(out)) == [
        "good.html", "good.ipynb", "index.html", "other.html", "other.ipynb",
    ]  # fmt: skip
    assert said[0].startswith("[1/2] ") and said[-1] == f"2 of 2 reports are there: {out / 'index.html'}"
    for file in contents(out).values():
        assert str(tmp_path).encode() not in file and b"ipykernel" not in file

    # The same bytes from another folder, time zone and hash seed.
    first = contents(out)
    monkeypatch.setenv("TZ", "Asia/Almaty")
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    monkeypatch.setenv("LC_ALL", "C")
    build(listing, tmp_path / "elsewhere", progress=said.append)
    assert contents(tmp_path / "elsewhere") == first

    # Nothing changed, nothing made.
    assert [o.status for o in build(listing, out, progress=said.append)] == ["current", "current"]

    # A failing cell: its page stays, the other is made, the index says so.
    notebook(one, "print('new')")
    listing.write_text(listing.read_text().replace("top=1", "top=2"))
    outcomes = build(listing, out, progress=said.append)
    assert [o.status for o in outcomes] == ["made", "failed"]
    assert outcomes[1].error == "two.ipynb, cell 3 (if top > 1:): ValueError: too many"
    assert contents(out)["other.html"] == first["other.html"] and b"new" in contents(out)["good.html"]
    assert b"Made from earlier inputs" in contents(out)["index.html"]

    # A report that is listed no more loses its page; a file that is none of ours stays.
    (out / "mine.html").write_text("mine")
    listing.write_text(listing.read_text().split('[[report]]\nid="other"')[0])
    build(listing, out, progress=said.append)
    assert sorted(contents(out)) == [
        "good.html", "good.ipynb", "index.html", "mine.html",
    ]  # fmt: skip


@pytest.mark.slow
def test_an_endless_cell_a_dead_kernel_and_an_early_end_are_failures_of_their_own_report(tmp_path):
    sources = {
        "endless": "while True: pass",
        "dead": "import os\nos._exit(3)",
        "ended": "raise SystemExit",
        "good": "print(1)",
    }
    reports = [
        Report(name, name, notebook(tmp_path / "notebooks" / f"{name}.ipynb", source, "print(2)"), {})
        for name, source in sources.items()
    ]
    outcomes = render_reports(reports, tmp_path / "out", progress=lambda line: None, cell_limit=4)
    assert {outcome.report.id: outcome.error for outcome in outcomes} == {
        "endless": "endless.ipynb, cell 3 (while True: pass): not done after 4 seconds",
        "dead": "dead.ipynb, cell 3 (import os): the kernel died (out of memory, or ended by the code)",
        "ended": "ended.ipynb, cell 3 (raise SystemExit): the notebook ended itself before its last cell",
        "good": "",
    }
    assert page_digest(tmp_path / "out" / "good.html") and not (tmp_path / "out" / "dead.html").exists()


@pytest.mark.slow
def test_tables_of_texts_are_made_before_the_time_of_a_cell_is_counted(tmp_path):
    source = "import os, pathlib\nassert [*pathlib.Path(os.environ['SCO_NOTES_TABLES']).glob('*.zip')]"
    book = notebook(tmp_path / "notebooks" / "kept.ipynb", source, parameters='corpus: str = "mine"')
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "a.txt").write_text("China welcomed the agreement of 4 July 2024.")
    report = Report("kept", "kept", book, {"corpus": "mine"})
    (outcome,) = render_reports([report], tmp_path / "out", tmp_path, progress=lambda line: None)
    assert outcome.error == ""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")
@pytest.mark.parametrize("signal", ["SIGINT", "SIGTERM", "SIGKILL"])
def test_no_kernel_outlives_a_run_that_is_ended(tmp_path, signal):
    import signal as signals

    import psutil

    started = tmp_path / "started"
    source = (
        f"import os, pathlib\npathlib.Path({str(started)!r}).write_text(str(os.getpid()))\nwhile True: pass"
    )
    file = notebook(tmp_path / "notebooks" / "n.ipynb", source)
    code = (
        "import pathlib, signal, sys\n"
        # A shell lets its background jobs ignore SIGINT, and so do their children.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from sco_notes.reports import Report, render_reports\n"
        "render_reports([Report('n', 'N', pathlib.Path(sys.argv[1]), {})], pathlib.Path(sys.argv[2]))"
    )
    run = subprocess.Popen(
        [sys.executable, "-c", code, str(file), str(tmp_path / "out")], stderr=subprocess.DEVNULL
    )
    while not (started.exists() and started.read_text()):
        assert run.poll() is None
        time.sleep(0.05)
    kernel = psutil.Process(int(started.read_text()))
    run.send_signal(getattr(signals, signal))
    assert run.wait(60) != 0  # a machine at work on something else takes its time
    psutil.wait_procs([kernel], timeout=5)
    assert not kernel.is_running()
    assert not list((tmp_path / "out").glob("*.html"))


def command(listing, out, **options):
    """`sco-notes reports` in a process of its own, as from a shell."""
    code = "from sco_notes.cli import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", code, "reports", "--file", str(listing), "--out", str(out)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options,
    )  # fmt: skip


def run_whole(listing, out):
    run = command(listing, out)
    said = run.communicate()[0]
    assert run.returncode == 0, said


@pytest.mark.parametrize(
    ("failures", "said"),
    [(1, ""), (9, "before the first cell: the kernel did not start (Kernel died before replying)")],
)
def test_a_kernel_that_does_not_start_is_started_again(monkeypatch, failures, said):
    import papermill

    from sco_notes.reports import execution

    starts = []

    def execute(*_, **__):
        starts.append(1)
        if len(starts) <= failures:
            raise RuntimeError("Kernel died before replying")
        return {"cells": []}

    monkeypatch.setattr(papermill, "execute_notebook", execute)
    job = execution.Job("one.ipynb", {"id": "one", "parameters": {}}, "", ".")
    assert execution._execute(job)[1] == said
    assert len(starts) == min(failures + 1, execution.STARTS)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="limits of Unix")
def test_a_full_disk_leaves_the_old_page_and_the_next_run_repairs_it(project, tmp_path):
    import resource

    small, large = tmp_path / "notebooks" / "small.ipynb", tmp_path / "notebooks" / "large.ipynb"
    notebook(small, "print(1)")
    notebook(large, "print(1)")
    listing = project(
        '[[report]]\nid="small"\ntitle="S"\nnotebook="small"\n[[report]]\nid="large"\ntitle="L"\nnotebook="large"'
    )
    out = tmp_path / "html"
    assert command(listing, out).communicate()[0] and page_digest(out / "large.html")
    before = contents(out)
    notebook(small, "print(2)")
    notebook(large, "print('x' * 300_000)")
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))  # noqa: E731
    run = command(listing, out, preexec_fn=limit)
    said = run.communicate()[0]
    assert run.returncode == 1 and "large ... FAILED: large.ipynb" in said and "File too large" in said
    assert contents(out)["large.html"] == before["large.html"]
    assert contents(out)["small.html"] != before["small.html"]
    run = command(listing, out)
    assert "[1/1] large" in run.communicate()[0] and run.returncode == 0
    assert sorted(contents(out)) == sorted(before)


@pytest.mark.slow
def test_two_runs_at_once_make_the_same_pages_as_one(project, tmp_path):
    listing = project(
        '[[report]]\nid="a"\ntitle="A"\nnotebook="one"\n[[report]]\nid="b"\ntitle="B"\nnotebook="one"'
    )
    assert command(listing, tmp_path / "alone").communicate()[0]
    runs = [command(listing, tmp_path / "both") for _ in range(2)]
    said = [run.communicate()[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0]
    assert sum("another run is at work here" in text for text in said) == 1
    assert sum("2 of 2 reports are up to date" in text for text in said) == 1
    assert contents(tmp_path / "both") == contents(tmp_path / "alone")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")
def test_killed_at_any_moment_a_run_leaves_whole_pages_and_the_next_one_repairs(project, tmp_path):
    """Three kills; SCO_NOTES_KILLS=20 tries harder."""
    import random

    import psutil

    listing = project(
        "".join(f'[[report]]\nid="{id}"\ntitle="{id}"\nnotebook="one"\n' for id in ("a", "b", "c"))
    )
    out, moments = tmp_path / "html", random.Random(1)
    started = time.monotonic()
    run_whole(listing, out)
    whole = time.monotonic() - started
    good = contents(out)
    for _ in range(int(os.environ.get("SCO_NOTES_KILLS", 3))):
        for file in moments.sample(sorted(out.glob("*.html")), 3):
            file.unlink()
        run = command(listing, out)
        time.sleep(moments.uniform(0.1, whole))
        family = psutil.Process(run.pid).children(recursive=True) if run.poll() is None else []
        run.kill()
        run.wait()
        _, alive = psutil.wait_procs(family, timeout=10)
        assert alive == []
        for name, data in contents(out).items() - {(".lock", b"")} if out.exists() else []:
            assert data == good[name], name
        run_whole(listing, out)
        assert contents(out) == good
