"""Run the tests of tests/robustness.toml and print number, case and result.

python tools/robustness.py             all of them (some minutes)
python tools/robustness.py "not slow"  those that take no notebook

Exit code 1 where a case fails. A case that has no test says why.
"""

import sys
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LISTED = ROOT / "tests" / "robustness.toml"


class Results:
    """A plugin of pytest that keeps what became of the tests of each case."""

    def __init__(self):
        self.numbers: dict[str, list[int]] = {}
        self.of_case: dict[int, list[str]] = defaultdict(list)

    def pytest_collection_finish(self, session):
        for item in session.items:
            self.numbers[item.nodeid] = [mark.args[0] for mark in item.iter_markers("robustness")]

    def pytest_runtest_logreport(self, report):
        if report.when == "call" or report.outcome != "passed":  # set-up and end count where they fail
            for number in self.numbers.get(report.nodeid, ()):
                self.of_case[number].append(report.outcome)


def main() -> None:
    cases = tomllib.loads(LISTED.read_text(encoding="utf-8"))["cases"]
    which = " and ".join(["robustness", *(f"({only})" for only in sys.argv[1:])])
    results = Results()
    pytest.main(["-q", "--no-header", "-m", which, str(ROOT / "tests"), "--rootdir", str(ROOT)], [results])
    lines = [
        (int(number), case, result(results.of_case[int(number)], tests))
        for number, (case, *tests) in cases.items()
    ]
    for number, case, line in lines:
        print(f"{number:>3}  {case:<70} {line}")
    failed = sum(line.startswith("FAILED") for _, _, line in lines)
    shown = sum(line.startswith("passed") for _, _, line in lines)
    print(f"{shown} of {len(lines)} cases shown, {failed} failed")
    sys.exit(1 if failed else 0)


def result(outcomes: list[str], tests: list[str]) -> str:
    """What the tests of a case say together."""
    if not tests[0]:
        return tests[1]
    if "failed" in outcomes:
        return f"FAILED ({outcomes.count('failed')} of {len(outcomes)})"
    passed = outcomes.count("passed")
    return f"passed ({passed})" if passed else "not run" if not outcomes else "skipped here"


if __name__ == "__main__":
    main()
