"""All reports from clean, beside a plain loop of papermill and nbconvert: python benchmarks/reports.py."""

import json
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from sco_notes.files import data_folder
from sco_notes.reports import build, read_reports

LISTING = data_folder().parent / "reports" / "reports.toml"


def main() -> None:
    with TemporaryDirectory() as folder:
        start = time.perf_counter()
        failed = [
            o.error for o in build(LISTING, Path(folder) / "ours", progress=lambda line: None) if o.error
        ]
        ours = time.perf_counter() - start
        start = time.perf_counter()
        plain_loop(Path(folder))
        plain = time.perf_counter() - start
    if failed:
        sys.exit("\n".join(failed))
    print(f"sco-notes reports                {ours:6.1f} s")
    print(f"  beside it: papermill, nbconvert {plain:5.1f} s, {plain / ours:.1f} times as long")


def plain_loop(folder: Path) -> None:
    """What one would write in a shell: two commands a report, one after the other."""
    tools = Path(sys.executable).parent
    for report in read_reports(LISTING):
        values = folder / "values.yaml"
        values.write_text(json.dumps(report.parameters), encoding="utf-8")  # JSON is YAML
        executed = folder / f"{report.id}.ipynb"
        run(tools / "papermill", report.notebook, executed, "-f", values, "--cwd", report.notebook.parent)
        run(tools / "jupyter", "nbconvert", "--to", "html", executed)


def run(*command) -> None:
    subprocess.run([str(part) for part in command], check=True, capture_output=True)


if __name__ == "__main__":
    main()
