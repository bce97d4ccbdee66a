"""`sco-notes add`: shown first, then put in whole; what is there already is passed over."""

import csv
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from making import docx, paragraph

import sco_notes as sn
from sco_notes import files
from sco_notes.cli import main
from sco_notes.cli import own_texts as commands
from sco_notes.corpus import normalise
from sco_notes.corpus import own as store
from sco_notes.corpus.own import add_documents, corpus_folder, new_documents
from sco_notes.corpus.sources import read_sources, with_stated
from sco_notes.errors import SCONotesError

S = "The council met in Astana on 4 July 2024 and praised trade."
ROOT = Path(__file__).parent.parent


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A project of one's own: an empty data folder, and a folder of texts to stand in."""
    (tmp_path / "Makefile").touch()
    for name in ("data", "texts"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(store, "data_folder", lambda: tmp_path / "data")
    monkeypatch.chdir(tmp_path / "texts")
    Path("talk.txt").write_text(S)
    Path("note.md").write_text("---\ntitle: A note\ndate: 2023-05\n---\nTrade grows in Almaty.")
    return tmp_path / "data"


def add(*arguments, **more):
    return CliRunner().invoke(main, ["add", *map(str, arguments), "--corpus", "mine"], **more)


def snapshot(folder):
    return {file.name: file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def test_it_shows_what_it_understood_and_adds_nothing_when_dry(here):
    result = add("talk.txt", "note.md", "--dry-run")
    assert result.exit_code == 0 and not list(here.iterdir())
    for line in (
        "talk.txt → talk", "  title    not stated (--title)", "  title    A note", "  date     2023-05",
        "  size     11 words, 1 sentence", "  language 100% Latin letters, 20% common English words",
        "  dates    4 July 2024 (2024-07-04)", f"  begins   {S}",
        "mine: nothing added (--dry-run); 2 documents would be",
    ):  # fmt: skip
        assert line in result.output.splitlines()


def test_case_46_a_date_in_the_future_is_pointed_out_before_texts_are_added(here):
    result = add("talk.txt", "note.md", "--date", "4024-07-03", "--dry-run")
    assert result.output.splitlines().count("  date     4024-07-03, in the future: a slip?") == 2
    rows = [f'd{i},"{S} {i}",{date}' for i, date in enumerate(["2024", "3024", "20XX", ""] * 3)]
    Path("table.csv").write_text("\n".join(["doc_id,text,date", *rows]))
    assert "12 documents, 3 without a date, 3 dated in the future" in add("table.csv", "--dry-run").output


@pytest.mark.parametrize("text", ["... !!! ???", "__ _", "\u0301\u0301", "😀"])
def test_what_has_no_word_is_no_text(here, text):
    Path("none.txt").write_text(text)
    result = add("none.txt", "--yes")
    assert result.exit_code == 2 and not list(here.iterdir())
    assert result.stderr == "sco-notes: none.txt: no text in this file; remove it or put text in it\n"
    Path("some.csv").write_text(f'text\n"{text}"\n{S}\n')
    result = add("some.csv", "--yes")
    assert result.exit_code == 3 and "some.csv, row 1 (some-1): no text" in result.stderr
    assert sn.read_corpus(here / "mine")["text"].tolist() == [S]


def test_what_is_added_is_a_corpus_that_git_leaves_alone(here):
    result = add("talk.txt", "note.md", "--yes", "--author", "N. N.")
    assert result.exit_code == 0, result.output
    assert "mine: 2 documents added" in result.output and "Next: sco-notes " in result.output
    documents = sn.read_corpus(here / "mine")
    assert documents.index.tolist() == ["note", "talk"] and documents.at["talk", "text"] == S
    assert documents["author"].tolist() == ["N. N."] * 2 and documents["date"].tolist() == ["2023-05", ""]
    with (here / "mine" / "documents.csv").open(newline="") as lines:
        header = next(csv.reader(lines))
    assert header == (
        "doc_id,date,title,author,source,kind,country,language,rights,sha256,file,losses".split(",")
    )
    assert (here / "mine" / ".gitignore").read_text().endswith("\n*\n")
    subprocess.run(["git", "init", "-q"], cwd=here, check=True)
    status = subprocess.run(
        ["git", "status", "--short"], cwd=here, check=True, capture_output=True, text=True
    )
    assert status.stdout == ""


def test_adding_again_changes_nothing(here):
    add("talk.txt", "--yes")
    before = snapshot(here)
    Path("copy.txt").write_text(f"\ufeff{S}\r\n", newline="")
    result = add("copy.txt", "talk.txt", "--yes")
    assert result.exit_code == 0 and snapshot(here) == before
    assert "copy.txt: the same text is there already, as talk; passed over" in result.output
    assert "mine: nothing added" in result.output


def test_a_second_text_of_the_same_name_gets_an_id_of_its_own(here):
    add("talk.txt", "--yes")
    Path("talk.txt").write_text("Another talk.")
    Path("more").mkdir()
    Path("more/TALK.md").write_text("A third talk.")
    assert add("talk.txt", "more", "--yes").exit_code == 0
    texts = sn.read_corpus(here / "mine")["text"]
    assert texts["talk"] == S and sorted(texts) == ["A third talk.", "Another talk.", S]
    assert len({doc_id.lower() for doc_id in texts.index}) == 3


@pytest.mark.parametrize("yes", [[], ["--title", "T"]])
def test_without_a_terminal_nothing_is_added_unless_asked_for(here, yes):
    result = add("talk.txt", *yes)
    assert result.exit_code == 2 and not list(here.iterdir())
    assert result.stderr == (
        "sco-notes: nothing added: there is no terminal to ask on; add --yes to add, or --dry-run\n"
    )


def test_on_a_terminal_it_asks_for_what_is_not_stated(here, monkeypatch):
    monkeypatch.setattr(commands, "_on_terminal", lambda: True)
    result = add("note.md", input="\nThe Paper\ny\n")
    assert result.exit_code == 0, result.output
    assert sn.read_corpus(here / "mine").loc["note", ["title", "date", "author", "source"]].tolist() == [
        "A note", "2023-05", "", "The Paper",
    ]  # fmt: skip
    result = add("talk.txt", input="Talk\n4/7/2024\n2024-07-04\n\n\nn\n")
    assert "2024-07-04 (day-first) or" in result.output and result.exit_code == 2
    assert sn.read_corpus(here / "mine").index.tolist() == ["note"]


def test_what_cannot_be_read_is_said_and_the_rest_is_added(here):
    Path("empty.docx").write_bytes(docx())
    result = add("empty.docx", "talk.txt", "none.txt", "--yes")
    assert result.exit_code == 3 and sn.read_corpus(here / "mine").index.tolist() == ["talk"]
    assert result.stderr.splitlines() == [
        "sco-notes: empty.docx: no text in it; is it the right file?",
        "sco-notes: none.txt: no such file or folder",
    ]
    result = add("empty.docx", "--yes")
    assert result.exit_code == 2 and result.stderr.startswith("sco-notes: empty.docx: no text in it")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--date", "03/07/2024"], "ambiguous, 2024-07-03 (day-first) or 2024-03-07 (month-first)?"),
        (["--date", "soon"], "write 2024-07-03"),
        (["note.md", "--title", "T"], "--title: one title for 2 documents; add them one by one"),
        (["--encoding", "klingon"], "unknown encoding 'klingon'"),
    ],
)
def test_options_that_cannot_be_right(here, arguments, message):
    result = add("talk.txt", *arguments, "--yes")
    assert result.exit_code == 2 and message in result.stderr and not list(here.iterdir())


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("../evil", "letters, digits, - and _ are expected"),
        ("a b", "letters, digits"),
        ("", "letters, digits"),
        ("NUL", "letters, digits"),
        ("x" * 41, "40 at most"),
        ("Mine", "mine is there already; use its name"),
        ("ours", "this corpus is the project's and stays as it is"),
        ("full", "a folder without documents.csv is in the way"),
        ("file", "a file of this name is in the way"),
        ("tables", "it has derived tables"),
    ],
)
def test_names_a_corpus_cannot_have(here, name, message, monkeypatch):
    monkeypatch.setattr(files, "data_folder", lambda: here)
    (here / "datapackage.json").write_text('{"corpora": [{"name": "ours"}]}')
    for folder in ("mine", "ours", "full", "tables/derived"):
        (here / folder).mkdir(parents=True)
    (here / "full" / "x").touch()
    (here / "file").touch()
    with pytest.raises(SCONotesError, match=message):
        corpus_folder(name)


def test_the_corpora_of_the_project_are_refused():
    for name in ("chronicle", "op-ed", "un-debate", "gold", "models"):
        with pytest.raises(SCONotesError, match=f"--corpus {name}: "):
            corpus_folder(name)


def test_without_the_repository_the_corpus_is_a_folder_beside_you(here):
    (here.parent / "Makefile").unlink()
    result = add("talk.txt", "--yes")
    assert result.exit_code == 0 and "Next: sco-notes analyse mine" in result.output
    assert sn.read_corpus("mine").at["talk", "text"] == S


def test_a_write_that_fails_leaves_the_corpus_as_it_was(here, monkeypatch):
    add("talk.txt", "--yes")
    before = snapshot(here)
    whole = store.write_whole

    def full(file, content):
        if file.name == "documents.csv":
            raise SCONotesError(f"{file}: cannot be written (No space left on device)")
        whole(file, content)

    monkeypatch.setattr(store, "write_whole", full)
    result = add("note.md", "--yes")
    assert result.exit_code == 2 and "(No space left on device); nothing was added" in result.stderr
    assert snapshot(here) == before


@pytest.mark.slow
def test_killed_at_any_write_the_corpus_is_as_before_or_complete(here):
    for number in range(6):
        code = (
            "import os, sys; from pathlib import Path; from sco_notes.corpus import own as store\n"
            f"store.data_folder = lambda: Path({str(here)!r})\n"
            "left, whole = int(sys.argv[1]), store.write_whole\n"
            "def once(file, content):\n"
            "    global left\n"
            "    if left == 0: os._exit(9)\n"
            "    left -= 1; whole(file, content)\n"
            "store.write_whole = once\n"
            "from sco_notes.cli import main\n"
            "main(['add', 'talk.txt', 'note.md', '--corpus', 'mine', '--yes'])"
        )
        done = subprocess.run([sys.executable, "-c", code, str(number)], capture_output=True)
        complete = (here / "mine" / "documents.csv").is_file()
        assert complete == (done.returncode == 0) == (number == 5)
    assert len(sn.read_corpus(here / "mine")) == 2


def test_control_characters_of_a_file_do_not_reach_the_terminal(here):
    Path("\x1b[31mred.txt").write_text("Red \x1b[31m text \x07 here.")
    result = add("\x1b[31mred.txt", "--yes")
    assert result.exit_code == 0 and "\x1b" not in result.output and "\x07" not in result.output


def test_ids_of_a_table_that_are_no_file_names_are_made_safe(here):
    rows = [
        ("../../etc/passwd", "One."),
        ("/root", "Two."),
        ("C:\\x", "Three."),
        ("A", "Four."),
        ("a", "Five."),
    ]
    pd.DataFrame(rows, columns=["doc_id", "text"]).to_csv("odd.csv", index=False)
    assert add("odd.csv", "--yes").exit_code == 0
    files = sorted(file.name for file in (here / "mine" / "texts").iterdir())
    assert len({name.lower() for name in files}) == 5 and sorted(sn.read_corpus(here / "mine")["text"]) == [
        "Five.", "Four.", "One.", "Three.", "Two.",
    ]  # fmt: skip


WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=80).map("Item 12 {}".format)


@given(st.lists(WORDS, min_size=1, max_size=5), st.randoms())
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_added_is_what_is_read_whatever_the_order(tmp_path_factory, texts, random):
    written = []
    for order in (lambda files: files, lambda files: random.shuffle(files) or files):
        folder = tmp_path_factory.mktemp("corpus")
        files = []
        for number, text in enumerate(texts):
            (folder / f"{number % 2}").mkdir(exist_ok=True)
            files.append(folder / f"{number % 2}" / f"text {number // 2}.txt")
            files[-1].write_bytes(text.encode())
        found, faults = read_sources(order(files))
        added, known = new_documents(with_stated(found, {}), folder / "corpus")
        assert not faults and len(added) + len(known) == len(texts)
        add_documents(added, folder / "corpus")
        written.append(snapshot(folder / "corpus"))
        documents = sn.read_corpus(folder / "corpus")
        assert sorted(documents["text"]) == sorted({normalise(text) for text in texts})
    assert written[0] == written[1]


@pytest.mark.slow
def test_the_commands_of_the_readme_one_after_the_other(tmp_path, monkeypatch):
    """The whole way, in the project itself: add, reports by name, check; then the corpus is gone again."""
    (block,) = re.findall(r"^```bash\n(.*?)^```", (ROOT / "README.md").read_text(), re.DOTALL | re.MULTILINE)
    name = f"test-{os.getpid()}"
    (tmp_path / "speech.docx").write_bytes(docx(paragraph(S) + paragraph("Kazakhstan praised the summit.")))
    (tmp_path / "notes.md").write_text("Trade grows, *Astana* says.")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(commands, "_on_terminal", lambda: True)
    said = []
    try:
        for line in block.splitlines():
            program, *arguments = shlex.split(line.replace("speeches", name), comments=True)
            assert program == ".venv/bin/sco-notes"
            result = CliRunner().invoke(main, arguments, input="\n" * 6 + "y\n")
            assert result.exit_code == 0, result.output
            said.append(result.output)
        assert f"Next: sco-notes reports {name}" in said[0] and "3 of 3 reports are there" in said[1]
        assert said[2].endswith("2 places\n") and said[3].endswith("the core is fine\n")
        pages = ROOT / "reports" / "html" / name
        assert {file.stem for file in pages.glob("*.html")} == {"actors", "index", "terms", "timeline"}
        assert sn.load(name).documents["date"].tolist() == ["2024-07-04"] * 2
        codebook = [sys.executable, ROOT / "tools" / "codebook.py", "--check"]
        assert name not in subprocess.run(codebook, capture_output=True, text=True).stderr
        status = subprocess.run(["git", "status", "--short"], cwd=ROOT, capture_output=True, text=True)
        assert name not in status.stdout
    finally:
        for folder in (ROOT / "data" / name, ROOT / "reports" / "html" / name):
            shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.slow
def test_in_a_real_terminal_it_asks_and_takes_the_answers(tmp_path):
    pexpect = pytest.importorskip("pexpect")
    (tmp_path / "talk.txt").write_text(S)
    code = (
        "from pathlib import Path\n"
        "from sco_notes.cli import main; from sco_notes.corpus import own as store\n"
        f"store.data_folder = lambda: Path({str(tmp_path)!r}) / 'data'\n"
        "main(['add', 'talk.txt', '--corpus', 'mine', '--source', 'The Paper'])"
    )
    terminal = pexpect.spawn(sys.executable, ["-c", code], cwd=tmp_path, encoding="utf-8", timeout=60)
    for question, answer in (
        ("title", "Talk"),
        ("date", "4/7/2024"),
        ("date", "2024-07-04"),
        ("author", ""),
        ("Add 1 ", "y"),
    ):
        terminal.expect(question + r"[^\n]*[:?] ")
        terminal.sendline(answer)
    terminal.expect(pexpect.EOF)
    documents = sn.read_corpus(tmp_path / "mine")
    assert documents.loc["talk", ["title", "date", "author", "source"]].tolist() == [
        "Talk",
        "2024-07-04",
        "",
        "The Paper",
    ]
