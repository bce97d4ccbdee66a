"""The command line: help that loads nothing heavy, one clear line for bad input, exit code 2."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

from sco_notes.cli import main, printable


def run(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_help_lists_the_commands_with_examples():
    result = run("--help")
    assert result.exit_code == 0
    for name in ("analyse", "reports", "texts", "derive", "verify", "findings", "bundle", "parameters"):
        assert name in result.output
        assert run(name, "--help").exit_code == 0
    assert "sco-notes analyse speech.txt" in result.output


def test_help_imports_no_heavy_library():
    code = (
        "import sys\nfrom sco_notes.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "print([m for m in ('pandas', 'numpy', 'nltk', 'matplotlib', 'papermill') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.txt", b"", "empty.txt: no text in this file"),
        ("old.txt", "caf\xe9".encode("cp1252"), "old.txt, byte 3: not valid UTF-8"),
        ("no.csv", b"id,text\n1,Hello there\n", "column 'doc_id' is missing; is it 'id'? Rename it"),
        ("twice.csv", b"doc_id,text\na,One\na,Two\n", "rows 1 and 2: doc_id 'a' stands twice"),
        ("odd.xyz", b"text", "cannot read this kind of file"),
        ("dots.txt", b"... !!! ???", "no word in these texts"),
        (
            "other.csv",
            b"name,body\na,Hello\n",
            "columns 'doc_id' and 'text' are missing; columns found: name",
        ),
        ("cp.txt", b"caf\xe9", "encoding='cp1252' (--encoding cp1252)"),
    ],
)
def test_a_wrong_file_gets_one_line_and_exit_code_2(tmp_path, name, content, message):
    (tmp_path / name).write_bytes(content)
    result = run("analyse", tmp_path / name, "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert message in result.stderr and len(result.stderr.splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_unknown_corpus_exits_2():
    result = run("texts", "un-debates")
    assert result.exit_code == 2 and "corpora here: chronicle, op-ed, un-debate" in result.stderr


def test_control_characters_in_names_do_not_reach_the_terminal():
    assert printable("a\x1b[31mred\tb") == r"a\x1b[31mred\tb"
