"""Put the pages and all they were made with into one zip, to hand in or to archive."""

import re
from pathlib import Path
from zipfile import ZIP_STORED

from ..files import data_folder, write_whole, zipped
from ..notebook.display import CSV
from .inputs import own_inputs
from .listing import Report
from .parameters import displayed, joined, read_notebook

PROJECT_FILES = "requirements.lock reports/reports.toml reports/findings.csv CITATION.cff LICENSE".split()


def write_bundle(reports: list[Report], folder: Path, file: Path) -> Path:
    """Write one zip: pages, executed notebooks, their tables as CSV, the data and packages they rest on.

    Same pages, same bytes: names sorted, no times, and nothing compressed, since compressors differ.
    """
    root, data = data_folder().parent, data_folder()
    found = {"reports/index.html": folder / "index.html"}
    found |= {name: root / name for name in PROJECT_FILES if (root / name).is_file()}
    files = {}
    for report in reports:
        executed = folder / f"{report.id}.ipynb"
        found[f"reports/{report.id}.html"] = executed.with_suffix(".html")
        found[f"reports/{report.id}.ipynb"] = executed
        found[f"notebooks/{report.notebook.name}"] = report.notebook
        inputs = own_inputs(report, report.notebook.parent, texts=False)
        found |= {f"data/{name}": data / name for name in inputs if (data / name).is_file()}
        for number, shown in enumerate(displayed(read_notebook(executed), CSV), 1):
            caption = joined(shown["text/plain"]).split("\n")[0].lower()
            name = re.sub(r"\W+", "-", caption)[:50].strip("-")
            table = joined(shown[CSV]).encode("utf-8", "replace")
            files[f"tables/{report.id}/{number:02}-{name}.csv"] = table
    files |= {name: path.read_bytes() for name, path in found.items()}
    write_whole(file, zipped(files, ZIP_STORED))
    return file
