"""Settings of all tests."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import settings

CASES = tomllib.loads(Path(__file__).with_name("robustness.toml").read_text(encoding="utf-8"))["cases"]

# A time limit on each example would fail at random on a busy machine; benchmarks measure speed.
settings.register_profile("sco-notes", deadline=None)
settings.load_profile("sco-notes")


def pytest_collection_modifyitems(items):
    """Give the tests that robustness.toml names the marker robustness(number)."""
    for item in items:
        folder, file = item.path.parent, item.path.stem.removeprefix("test_")
        place = f"browser/{file}" if folder.name == "browser" else file
        name = f"{place}::{item.name.removeprefix('test_')}"
        for number, (_, *tests) in CASES.items():
            if any(test and name.startswith(test) for test in tests):
                item.add_marker(pytest.mark.robustness(int(number)))
