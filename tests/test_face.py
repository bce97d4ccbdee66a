"""The public face: lazy, seen by editors and type checkers, light enough for a Python without Jupyter."""

import subprocess
import sys
from pathlib import Path

import sco_notes as sn

PACKAGE = Path(sn.__file__).parent
ROOT = Path(__file__).parent.parent


def run(code: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)


def test_every_line_of_the_stub_for_editors_is_a_lazy_name():
    written = (PACKAGE / "__init__.pyi").read_text(encoding="utf-8")
    lines = [line.split() for line in written.splitlines() if line and line[0] != "#"]
    assert sorted(sn.__all__) == sorted(line[-1] for line in lines) and len(lines) > 50
    assert all(len(line) == 6 and line[0] == "from" and line[3] == line[5] for line in lines)


def test_every_public_name_is_there_and_a_wrong_one_is_not():
    assert [name for name in dir(sn) if getattr(sn, name, None) is None] == []
    assert not hasattr(sn, "find_everything")


def test_the_pages_of_the_library_hold_every_public_name(tmp_path):
    command = [sys.executable, str(ROOT / "tools" / "docs.py"), str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0 and "does not resolve" not in done.stderr, done.stderr
    page = (tmp_path / "sco_notes.html").read_text(encoding="utf-8")
    assert [name for name in sn.__all__ if f'id="{name}"' not in page] == []


def test_a_type_checker_sees_the_lazy_names(tmp_path):
    (tmp_path / "use.py").write_text(
        "import sco_notes as sn\nreveal_type(sn.count_terms)\nsn.find_dates(reference=7)\nsn.no_such_name\n"
    )
    command = [sys.executable, "-m", "mypy", "--no-incremental", str(tmp_path / "use.py")]
    shown = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True).stdout
    assert 'Revealed type is "def (documents:' in shown
    assert '"find_dates" has incompatible type "int"' in shown
    assert 'Module has no attribute "no_such_name"' in shown


def test_importing_the_package_imports_no_pandas():
    assert run("import sys, sco_notes; assert 'pandas' not in sys.modules").returncode == 0


def test_the_analysis_runs_without_papermill_jupyterlab_and_psutil():
    done = run(
        """
import sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"papermill", "jupyterlab", "psutil", "nbformat", "nbclient"}:
            raise ImportError(f"{name} is blocked")

sys.meta_path.insert(0, Blocked())
import matplotlib
matplotlib.use("agg")
import sco_notes as sn

documents = sn.read_corpus("data/chronicle").head(8)
mentions = sn.find_mentions(documents)
scored = sn.score_mentions(documents, mentions)
events = sn.find_events(documents, mentions)
sn.plot_actors(sn.summarise_actors(scored))
sn.plot_timeline(events)
sn.plot_terms(sn.count_terms(documents))
print(len(scored), len(events))
"""
    )
    assert done.returncode == 0, done.stderr
    assert all(int(n) > 10 for n in done.stdout.split())
