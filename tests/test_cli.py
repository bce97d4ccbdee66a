"""The command line: help that loads nothing heavy, one clear line for bad input, exit code 2."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from sco_notes.cli import main
from sco_notes.cli.main import HELP
from sco_notes.errors import printable

ROOT = Path(__file__).parent.parent
EXAMPLES = {name: [line for line, _ in about["examples"]] for name, about in HELP.items()}


def run(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_help_lists_the_commands_with_examples():
    result = run("--help")
    assert result.exit_code == 0
    assert all(name in result.output for name in main.commands)
    assert "sco-notes analyse speech.txt" in result.output


def test_every_command_ends_its_help_with_examples_and_exit_codes():
    assert set(EXAMPLES) == {"sco-notes", *main.commands}
    for name in EXAMPLES:
        text = " ".join(run(*[name] * (name != "sco-notes"), "--help").output.split())
        assert all(" ".join(line.split()) in text for line in EXAMPLES[name]) and "Exit code 0: " in text


@pytest.mark.parametrize("line", sorted({line for lines in EXAMPLES.values() for line in lines}))
def test_an_example_is_a_line_that_the_command_understands(line, monkeypatch):
    monkeypatch.chdir(ROOT)
    program, *rest = shlex.split(line)
    name, command, rest = main.resolve_command(main.make_context(program, [*rest]), rest)
    assert command.make_context(name, [*rest]).command is main.commands[name]
    for argument in rest:
        assert argument in ("notes/", "speeches/") or "/" not in argument or "*" in argument or (
            "://" in argument or (ROOT / argument).exists()
        )  # fmt: skip


@pytest.mark.parametrize(
    "line", [line for name in ("check", "doctor", "parameters", "timeline") for line in EXAMPLES[name]]
)
def test_an_example_runs(line, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for name in ("data", "notebooks"):
        (tmp_path / name).symlink_to(ROOT / name)
    result = run(*shlex.split(line)[1:])
    assert result.exit_code == 0, result.output


def test_the_shell_completes_commands_options_and_corpora():
    def complete(words):
        settings = {
            "_SCO_NOTES_COMPLETE": "bash_complete",
            "COMP_WORDS": words,
            "COMP_CWORD": str(words.count(" ")),
        }
        code = "from sco_notes.cli import main; main(prog_name='sco-notes')"
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, env=os.environ | settings
        )
        return {line.partition(",")[2] for line in done.stdout.splitlines()}

    assert complete("sco-notes an") == {"analyse"}
    assert {"--alias", "--texts"} <= complete("sco-notes check --")
    assert "chronicle" in complete("sco-notes check ") and complete("sco-notes timeline un") == {"un-debate"}
    assert complete("sco-notes add --corpus chr") == {"chronicle"}


def test_the_line_of_the_help_switches_completion_on():
    bash = shutil.which("bash")
    folder = str(Path(sys.executable).parent)
    completion = HELP["sco-notes"]["end"].splitlines()[-1]
    script = f"{completion} && complete -p sco-notes"
    done = subprocess.run(
        [bash, "-c", script], capture_output=True, text=True,
        env=os.environ | {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"},
    )  # fmt: skip
    assert "_sco_notes_completion" in done.stdout, done.stderr


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
        ("empty.txt", b"", "empty.txt: an empty file; remove it or put text in it"),
        ("old.txt", "caf\xe9".encode("cp1252"), "old.txt, byte 3: not valid UTF-8"),
        ("odd.xyz", b"text", "cannot read this kind of file"),
        ("dots.txt", b"... !!! ???", "dots.txt: no text in this file"),
        (
            "other.csv",
            b"name,body\na,Hello\n",
            "no column 'text' (it has name, body); say which one holds the texts: --columns 'text=body'",
        ),
        ("cp.txt", b"caf\xe9", "choose by what reads right: --encoding cp1252 reads “café”"),
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
    assert result.exit_code == 2 and "corpora here: chronicle, " in result.stderr


def test_control_characters_in_names_do_not_reach_the_terminal():
    assert printable("a\x1b[31mred\tb") == r"a\x1b[31mred\tb"
