"""`sco-notes doctor`: what is there, what is missing for which feature, and the command that mends it."""

import json
import subprocess
import sys
import time

import pytest
from click.testing import CliRunner

from sco_notes.cli import doctor, main
from sco_notes.cli.doctor import Finding, examine


def states(findings, word):
    return [finding.state for finding in findings if word in finding.what]


def test_here_the_core_is_fine_and_every_fault_has_a_fix():
    result = CliRunner().invoke(main, ["doctor"])
    assert result.exit_code == 0 and result.output.endswith("the core is fine\n"), result.output
    findings = examine()
    assert all(finding.fix or finding.state == "ok" for finding in findings)
    for word in ("Python 3.", "packages of the core", "Jupyter kernel", "can write to",
                 "[ingest]", "[scale]", "sandbox", "un-debate", "op-ed"):  # fmt: skip
        assert states(findings, word), word


def test_it_takes_under_three_seconds_and_loads_nothing_it_examines():
    code = (
        "import sys; from sco_notes.cli.doctor import examine; examine()\n"
        "print([m for m in ('pandas', 'numpy', 'matplotlib', 'jupyter_client') if m in sys.modules])"
    )
    began = time.process_time()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n" and time.process_time() - began < 3


def test_a_package_that_is_missing_or_not_as_locked(monkeypatch):
    known = doctor.version
    monkeypatch.setattr(doctor, "version", lambda name: {"numpy": "0.1"}.get(name) or known(name))
    (finding,) = [finding for finding in examine() if "numpy 0.1" in finding.what]
    assert finding.state == "differs" and finding.fix.endswith("setup.py")

    def gone(name):
        if name in ("scipy", "pypdf"):
            raise doctor.PackageNotFoundError(name)
        return known(name)

    monkeypatch.setattr(doctor, "version", gone)
    findings = examine()
    assert states(findings, "package scipy: not installed") == ["BROKEN"]
    assert states(findings, "[ingest]: without pypdf") == ["missing"] or states(findings, "pypdf") == [
        "missing"
    ]
    result = CliRunner().invoke(main, ["doctor"])
    assert result.exit_code == 1 and "BROKEN   package scipy: not installed\n         fix: " in result.output


@pytest.mark.parametrize(
    ("kernel", "message"),
    [
        (None, "not installed, notebooks cannot run"),
        ("{", "is damaged"),
        ('{"argv": []}', "is damaged"),
        (json.dumps({"argv": ["/nowhere/python"]}), "it names /nowhere/python, which is not there"),
    ],
)
def test_a_kernel_that_cannot_run(tmp_path, monkeypatch, kernel, message):
    if kernel is not None:
        file = tmp_path / "share" / "jupyter" / "kernels" / "python3" / "kernel.json"
        file.parent.mkdir(parents=True)
        file.write_text(kernel)
    monkeypatch.setattr(doctor.sys, "prefix", str(tmp_path))
    finding = doctor._kernel()
    assert finding.state == "BROKEN" and message in finding.what and "ipykernel install" in finding.fix


def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "Makefile").touch()
    findings = list(doctor._places(tmp_path))  # without the folders reports and data
    assert states(findings, "cannot write to") == ["BROKEN"] * 2 and "make room" in findings[0].fix


def test_texts_that_are_not_there(tmp_path, monkeypatch):
    (tmp_path / "op-ed" / "derived").mkdir(parents=True)
    (tmp_path / "op-ed" / "documents.csv").write_text("doc_id,title\na,A\nb,B\n")
    monkeypatch.setattr(doctor, "data_folder", lambda: tmp_path)
    (finding,) = doctor._texts()
    assert finding == Finding(
        "missing",
        "quotations from op-ed: 0 of 2 texts here",
        "sco-notes texts op-ed --file FILE (a text you own)",
    )


def test_a_program_that_is_not_there(monkeypatch):
    monkeypatch.setattr(doctor.shutil, "which", lambda name: None)
    (finding,) = [finding for finding in examine() if "sandbox" in finding.what]
    assert (finding.state, finding.fix) == ("missing", "apt install bubblewrap")
