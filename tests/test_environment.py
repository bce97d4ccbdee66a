"""environment.yml, pyproject.toml and requirements.lock name the same packages."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
PYPI_NAME = {"matplotlib-base": "matplotlib"}  # conda's package without a desktop toolkit


def requirements(lines):
    pairs = (re.match(r"([A-Za-z0-9_-]+)(.*)", line.strip()).groups() for line in lines)
    return {PYPI_NAME.get(name, name).lower(): ranges for name, ranges in pairs}


def test_environment_yml_names_the_dependencies_of_pyproject_with_the_same_ranges():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    entries = re.findall(r"^ +- ([^\n:]+)$", (ROOT / "environment.yml").read_text(), re.MULTILINE)
    conda = requirements(e for e in entries if e not in ("conda-forge", "nodefaults", "pip") and e[0] != "-")
    assert conda.pop("python") == project["requires-python"]
    assert conda == requirements(project["dependencies"] + project["optional-dependencies"]["lab"])


def test_environment_yml_has_the_form_that_conda_and_binder_read():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    assert list(environment) == ["name", "channels", "dependencies"] and environment["name"] == "sco-notes"
    *conda, pip = environment["dependencies"]
    assert all(isinstance(entry, str) for entry in conda) and conda[-1] == "pip" and list(pip) == ["pip"]
    assert pip["pip"][-1] == "--editable ."  # the package itself, so that notebooks find it
    # Binder would read a file in one of these, and this one no more.
    assert not (ROOT / "binder").exists() and not (ROOT / ".binder").exists()


def test_environment_yml_names_the_ranges_of_the_extra_for_own_texts():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    (line,) = re.findall(r"^# conda install .*$", (ROOT / "environment.yml").read_text(), re.MULTILINE)
    assert re.findall(r'"(.+?)"', line) == project["optional-dependencies"]["ingest"]


@pytest.mark.slow
def test_pip_takes_the_lines_that_conda_hands_it(tmp_path):
    lines = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"][-1]["pip"]
    (tmp_path / "requirements.txt").write_text("\n".join(lines) + "\n")
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--dry-run",
        "--no-deps",
        "--no-index",
        "--no-build-isolation",
    ]
    done = subprocess.run(
        [*command, "--requirement", str(tmp_path / "requirements.txt")],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0 and "Would install sco-notes-" in done.stdout, done.stderr


def test_lock_pins_every_dependency_with_hashes_and_names_no_index():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lock = (ROOT / "requirements.lock").read_text()
    extras = project["optional-dependencies"]
    wanted = requirements(project["dependencies"] + extras["dev"] + extras["lab"])
    pinned = set(re.findall(r"^([a-z0-9-]+)==", lock, re.MULTILINE))
    assert {name.replace("_", "-") for name in wanted} <= pinned
    for block in re.split(r"\n(?=[a-z0-9])", lock.strip()):
        assert "--hash=sha256:" in block, block.splitlines()[0]
    assert "://" not in lock and "index-url" not in lock
