"""Keep the ledger: the findings the project stands for, in a file under git. What moves is said, and why.

`reports/findings.csv` has a row a finding: report, id, statement, value, low, high, n, unit, tolerance (how
far a number may move, as a share of it; edit it where a method is not exact) and reason (of the last change
that was accepted). `reports/inputs.csv` has the hash of every input at that moment.
"""

import re
from pathlib import Path

import pandas as pd

from ..errors import SCONotesError, some
from ..files import write_whole
from ..notebook.display import CSV, FINDING
from .inputs import own_inputs, shared_inputs
from .listing import Report
from .pages import findings_of
from .parameters import displayed, joined, read_notebook

NUMBERS = ["value", "low", "high", "n"]
FOUND = ["report", "id", "statement", *NUMBERS, "unit"]
COLUMNS = [*FOUND, "tolerance", "reason"]
TOLERANCE = 1e-6
_NUMBER = re.compile(r"[+-]?\d[\d,]*(?:\.\d+)?")


def read_findings(reports: list[Report], folder: Path) -> pd.DataFrame:
    """Read the findings of executed notebooks in a folder: report, id, statement, NUMBERS, unit."""
    found = {report.id: findings_of(read_notebook(folder / f"{report.id}.ipynb")) for report in reports}
    rows = [{"report": id, **finding} for id, findings in found.items() for finding in findings]
    return pd.DataFrame(rows, columns=FOUND).astype(dict.fromkeys(NUMBERS, "float64"))


def tables_of(notebook: dict) -> dict[str, str]:
    """Return the tables of an executed notebook as CSV: rows of findings by their id, others by caption."""
    found = {}
    for data in displayed(notebook, CSV):
        name = data[FINDING]["id"] if FINDING in data else joined(data["text/plain"]).partition("\n")[0]
        found[name] = joined(data[CSV])
    return found


def moved_findings(ledger: Path, reports: list[Report], folder: Path) -> list[str]:
    """Return what differs between the ledger and the findings in a folder, some lines for each finding.

    Raises SCONotesError where the ledger is missing or cannot be read.
    """
    old, new = _by_name(_read_ledger(ledger)), _by_name(read_findings(reports, folder))
    listed = {report.id: report for report in reports}
    moved = []
    for key in sorted(old.keys() | new.keys()):
        name, before, after = "/".join(key), old.get(key), new.get(key)
        if before is None:
            moved.append(f"{name}: not in the ledger\n  is:  {new[key].statement}")
        elif after is None:
            moved.append(f"{name}: no report makes this finding any more\n  was: {before.statement}")
        elif changes := _changes(before, after):
            inputs = some(_changed_inputs(ledger, listed[key[0]]), 8)
            inputs = inputs or "none; the ledger was edited, or this machine computes differently"
            told = f"  was: {before.statement}\n  is:  {after.statement}\n  inputs that changed: {inputs}"
            moved.append(f"{name}: {'; '.join(changes)}\n{told}")
    return moved


def write_ledger(ledger: Path, reports: list[Report], folder: Path, reason: str) -> int:
    """Write the findings in a folder as the ledger; return how many are new or moved: they get the reason."""
    old = _by_name(_read_ledger(ledger)) if ledger.is_file() else {}
    rows, accepted = [], 0
    for key, row in _by_name(read_findings(reports, folder)).items():
        before = old.get(key)
        if before and not _changes(before, row):
            rows.append(before._asdict())
        else:
            accepted += 1
            tolerance = before.tolerance if before else TOLERANCE
            rows.append({**row._asdict(), "tolerance": tolerance, "reason": reason})
    table = pd.DataFrame(rows, columns=COLUMNS).sort_values(["report", "id"]).astype({"n": "Int64"})
    write_whole(ledger, table.to_csv(index=False, float_format="%.10g", lineterminator="\n"))
    inputs = pd.DataFrame(sorted(_inputs(reports).items()), columns=["input", "hash"])
    write_whole(ledger.with_name("inputs.csv"), inputs.to_csv(index=False, lineterminator="\n"))
    return accepted


def _by_name(table: pd.DataFrame) -> dict:
    return {(row.report, row.id): row for row in table.itertuples(index=False)}


def _read_ledger(ledger: Path) -> pd.DataFrame:
    kinds = dict.fromkeys(COLUMNS, str) | dict.fromkeys([*NUMBERS, "tolerance"], "float64")
    try:
        table = pd.read_csv(ledger, dtype=kinds, keep_default_na=False, na_values=dict.fromkeys(NUMBERS, ""))
        return table[COLUMNS]
    except FileNotFoundError:
        remedy = "`sco-notes findings --accept REASON` writes it"
        raise SCONotesError(f"{ledger}: no such file; {remedy}") from None
    except (KeyError, ValueError) as error:
        expected = f"the columns {', '.join(COLUMNS)} are expected; restore it from git"
        raise SCONotesError(f"{ledger}: not a ledger ({error}); {expected}") from None


def _changes(before, after) -> list[str]:
    """How two rows of one finding differ: numbers beyond the tolerance, n, unit, or the words."""
    changes = []
    for name in NUMBERS:
        old, new = getattr(before, name), getattr(after, name)
        if not _near(old, new, 0 if name == "n" else before.tolerance):
            was, now = ("none" if pd.isna(number) else f"{number:.10g}" for number in (old, new))
            changes.append(f"{name} was {was}, is {now}")
    if before.unit != after.unit:
        changes.append(f"unit was {before.unit!r}, is {after.unit!r}")
    if not changes and not _same_words(before.statement, after.statement, before.tolerance):
        changes.append("the statement changed")
    return changes


def _near(old: float, new: float, tolerance: float) -> bool:
    return (pd.isna(old) and pd.isna(new)) or abs(new - old) <= max(tolerance, 1e-9) * abs(old) + 1e-12


def _same_words(old: str, new: str, tolerance: float) -> bool:
    """Whether two statements have the same words, and numbers as near to each other as the tolerance says."""
    if _NUMBER.split(old) != _NUMBER.split(new):
        return False
    pairs = zip(_NUMBER.findall(old), _NUMBER.findall(new), strict=True)
    return all(_near(float(a.replace(",", "")), float(b.replace(",", "")), tolerance) for a, b in pairs)


def _inputs(reports: list[Report]) -> dict[str, str]:
    # Texts that may not be passed on are left out: findings are the same with and without them.
    own = [own_inputs(report, report.notebook.parent, texts=False) for report in reports]
    return {name: digest for part in [shared_inputs(), *own] for name, digest in part.items()}


def _changed_inputs(ledger: Path, report: Report) -> list[str]:
    now, file = _inputs([report]), ledger.with_name("inputs.csv")
    then = dict(pd.read_csv(file, dtype=str).itertuples(index=False)) if file.is_file() else {}
    return sorted(name for name, digest in now.items() if then.get(name) != digest)
