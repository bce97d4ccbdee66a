"""tools/setup.py, where nothing is installed yet: it says what is missing and what to do."""

import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def test_an_old_python_is_named_with_the_remedy():
    code = (
        "import runpy, sys\nsys.version_info = (3, 10, 13)\n"
        f"runpy.run_path({str(ROOT / 'tools' / 'setup.py')!r}, run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 1
    assert "is too old; 3.11 or newer is needed. Name another one: make PYTHON=python3.12" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="uv keeps its packages elsewhere on Windows")
def test_with_a_home_that_cannot_be_written_packages_are_kept_in_the_environment(tmp_path, monkeypatch):
    tool = runpy.run_path(str(ROOT / "tools" / "setup.py"))
    for name in ("UV_CACHE_DIR", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert tool["cache"]() == {} and (tmp_path / ".cache" / "uv").is_dir()
    (tmp_path / "file").touch()
    monkeypatch.setenv("HOME", str(tmp_path / "file"))  # as little to be written as a read-only folder
    assert tool["cache"]() == {"UV_CACHE_DIR": str(tool["VENV"] / "uv-cache")}
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "mine"))
    assert tool["cache"]() == {}


@pytest.mark.slow
def test_without_a_network_it_says_so_and_can_be_run_again(tmp_path):
    (tmp_path / "tools").mkdir()
    for name in ("tools/setup.py", "requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    nowhere = "http://127.0.0.1:9/"
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(tmp_path), "PIP_CONFIG_FILE": os.devnull, "PIP_RETRIES": "0",
        "PIP_INDEX_URL": nowhere, "UV_DEFAULT_INDEX": nowhere, "UV_NO_CONFIG": "1",
        "UV_CACHE_DIR": str(tmp_path / "cache"), "PIP_NO_CACHE_DIR": "1",
    }  # fmt: skip
    command = [sys.executable, str(tmp_path / "tools" / "setup.py")]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.returncode == 1
    assert "setup: a package could not be installed. Is there a network connection" in done.stderr
    assert "run the same command again" in done.stderr
    assert "Traceback" not in done.stderr
