"""environment.yml, pyproject.toml and requirements.lock name the same packages."""

import re
import tomllib
from pathlib import Path

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
    assert conda == requirements(project["dependencies"])


def test_lock_pins_every_dependency_with_hashes_and_names_no_index():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lock = (ROOT / "requirements.lock").read_text()
    wanted = requirements(project["dependencies"] + project["optional-dependencies"]["dev"])
    pinned = set(re.findall(r"^([a-z0-9-]+)==", lock, re.MULTILINE))
    assert {name.replace("_", "-") for name in wanted} <= pinned
    for block in re.split(r"\n(?=[a-z0-9])", lock.strip()):
        assert "--hash=sha256:" in block, block.splitlines()[0]
    assert "://" not in lock and "index-url" not in lock
