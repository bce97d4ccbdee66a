"""The ledger: the findings the project stands for, in a file that git keeps. What moves is said, and why.

`reports/findings.csv` has a row a finding: report, id, statement, value, low, high, n, unit, tolerance (how
far a number may move, as a share of it; edit it where a method is not exact) and reason (of the last change
that was accepted). `reports/inputs.csv` has the hash of every input at that moment.
"""

import re
from pathlib import Path

import pandas as pd

from ..errors import SCONotesError
from .inputs import own_inputs, shared_inputs
from .listing import Report
from .pages import findings_of
from .parameters import read_notebook

NUMBERS = ["value", "low", "high"]
COLUMNS = ["report", "id", "statement", *NUMBERS, "n", "unit", "tolerance", "reason"]
TOLERANCE = 1e-6
_NUMBER = re.compile(r"[+-]?\d[\d,]*(?:\.\d+)?")


def read_findings(reports: list[Report], folder: Path) -> pd.DataFrame:
    """The findings of executed notebooks in a folder: report, id, statement, value, low, high, n, unit."""
    rows = [
        {"report": report.id, **{key: finding[key] for key in COLUMNS[1:8]}}
        for report in reports
        for finding in findings_of(read_notebook(folder / f"{report.id}.ipynb"))
    ]
    return pd.DataFrame(rows, columns=COLUMNS[:8]).astype(dict.fromkeys([*NUMBERS, "n"], "float64"))


def moved_findings(ledger: Path, reports: list[Report], folder: Path) -> list[str]:
    """What differs between the ledger and the findings in a folder, some lines for each finding.

    Raises SCONotesError where the ledger is missing or cannot be read.
    """
    known, found = _read_ledger(ledger), read_findings(reports, folder)
    old, new = (
        {(row.report, row.id): row for row in table.itertuples(index=False)} for table in (known, found)
    )
    listed = {report.id: report for report in reports}
    said = []
    for key in sorted(old.keys() | new.keys()):
        name, before, after = "/".join(key), old.get(key), new.get(key)
        if after is None:
            said.append(f"{name}: no report makes this finding any more\n  was: {old[key].statement}")
        elif before is None:
            said.append(f"{name}: not in the ledger\n  is:  {after.statement}")
        elif changes := _changes(before, after):
            inputs = ", ".join(_changed_inputs(ledger, listed[key[0]])) or (
                "none; the ledger was edited, or this machine computes differently"
            )
            statements = f"  was: {before.statement}\n  is:  {after.statement}"
            said.append(f"{name}: {'; '.join(changes)}\n{statements}\n  inputs that changed: {inputs}")
    return said


def write_ledger(ledger: Path, reports: list[Report], folder: Path, reason: str) -> int:
    """Write the findings in a folder as the ledger; how many rows are new. Rows that moved get the reason."""
    found = read_findings(reports, folder)
    known = _read_ledger(ledger) if ledger.is_file() else pd.DataFrame(columns=COLUMNS)
    old = {(row.report, row.id): row for row in known.itertuples(index=False)}
    rows, accepted = [], 0
    for row in found.itertuples(index=False):
        before = old.get((row.report, row.id))
        if before is not None and not _changes(before, row):
            rows.append(before._asdict())
        else:
            accepted += 1
            tolerance = TOLERANCE if before is None else before.tolerance
            rows.append({**row._asdict(), "tolerance": tolerance, "reason": reason})
    table = pd.DataFrame(rows, columns=COLUMNS).sort_values(["report", "id"])
    table["n"] = table["n"].astype("Int64")
    table.to_csv(ledger, index=False, float_format="%.10g", lineterminator="\n")
    inputs = pd.DataFrame(sorted(_inputs(reports).items()), columns=["input", "hash"])
    inputs.to_csv(ledger.with_name("inputs.csv"), index=False, lineterminator="\n")
    return accepted


def _read_ledger(ledger: Path) -> pd.DataFrame:
    kinds = {"report": str, "id": str, "statement": str, "unit": str, "reason": str}
    try:
        table = pd.read_csv(
            ledger, dtype=kinds, keep_default_na=False, na_values={c: "" for c in [*NUMBERS, "n"]}
        )
    except FileNotFoundError:
        raise SCONotesError(
            f"{ledger}: no such file; `sco-notes findings --accept REASON` writes it"
        ) from None
    except ValueError as error:
        raise SCONotesError(f"{ledger}: not the table it was ({error}); restore it from git") from None
    if list(table.columns) != COLUMNS:
        raise SCONotesError(f"{ledger}: the columns {', '.join(COLUMNS)} are expected; restore it from git")
    return table.astype(dict.fromkeys([*NUMBERS, "n", "tolerance"], "float64"))


def _changes(before, after) -> list[str]:
    """How two rows of one finding differ: numbers beyond the tolerance, n, unit, or the words."""
    changes = [
        f"{name} was {_text(old)}, is {_text(new)}"
        for name in [*NUMBERS, "n"]
        if not _near(
            old := getattr(before, name), new := getattr(after, name), before.tolerance * (name != "n")
        )
    ]
    changes += [f"unit was {before.unit!r}, is {after.unit!r}"] * (before.unit != after.unit)
    if not changes and not _same_words(before.statement, after.statement, before.tolerance):
        changes = ["the statement changed"]
    return changes


def _near(old: float, new: float, tolerance: float) -> bool:
    return (pd.isna(old) and pd.isna(new)) or abs(new - old) <= max(tolerance, 1e-9) * abs(old) + 1e-12


def _same_words(old: str, new: str, tolerance: float) -> bool:
    """Whether two statements have the same words, and numbers as near to each other as the tolerance says."""
    if _NUMBER.split(old) != _NUMBER.split(new):
        return False
    pairs = zip(_NUMBER.findall(old), _NUMBER.findall(new), strict=True)
    return all(_near(float(a.replace(",", "")), float(b.replace(",", "")), tolerance) for a, b in pairs)


def _text(number: float) -> str:
    return "none" if pd.isna(number) else f"{number:.10g}"


def _inputs(reports: list[Report]) -> dict[str, str]:
    # Texts that may not be passed on are left out: findings are the same with and without them.
    own = [own_inputs(report, report.notebook.parent, texts=False) for report in reports]
    return {name: digest for part in [shared_inputs(), *own] for name, digest in part.items()}


def _changed_inputs(ledger: Path, report: Report) -> list[str]:
    now, file = _inputs([report]), ledger.with_name("inputs.csv")
    then = dict(pd.read_csv(file, dtype=str).itertuples(index=False)) if file.is_file() else {}
    return sorted(name for name, digest in now.items() if then.get(name) != digest)
