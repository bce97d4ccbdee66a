"""The three reports from a million mentions: python benchmarks/scale_reports.py [COPIES].

Writes a folder such as `sco-notes extract` makes, the derived tables of un-debate repeated under new ids (47
copies: a million mentions, fifteen thousand documents), names it in a reports.toml, and builds the pages one
by one. For each: seconds, CPU seconds of all processes, and the largest resident memory of any one of them.
"""

import json
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import psutil

import sco_notes as sn
from sco_notes.files import data_folder
from sco_notes.tables import DERIVED

BIN = Path(sys.executable).parent
NOTEBOOKS = ["1_term_frequencies", "2_actor_sentiment", "3_timeline"]


def main() -> None:
    copies = int(sys.argv[1]) if len(sys.argv) > 1 else 47
    with tempfile.TemporaryDirectory() as folder:
        rows = write_tables(Path(folder) / "million", copies)
        print(f"{rows:,} mentions", flush=True)
        for notebook in NOTEBOOKS:
            print({"notebook": notebook, **build(Path(folder), notebook)}, flush=True)


def write_tables(out: Path, copies: int) -> int:
    study = sn.load(data_folder() / "un-debate")
    study = replace(study, documents=study.documents.drop(columns="text", errors="ignore"))
    for copy in range(copies):
        for name in ["documents", *DERIVED]:
            table = getattr(study, name)
            table = table.assign(doc_id=table["doc_id"] + f"-{copy:03}")
            table = table.astype({each: "str" for each in table if table[each].dtype == "category"})
            (out / name).mkdir(parents=True, exist_ok=True)
            table.to_parquet(out / name / f"part-{copy:05}.parquet", index=False, compression="zstd")
    rows = {name: copies * len(getattr(study, name)) for name in ["documents", *DERIVED]}
    (out / "tables.json").write_text(json.dumps({"rows": rows}))
    return copies * len(study.mentions)


def build(folder: Path, notebook: str) -> dict:
    listing = folder / "reports.toml"
    listing.write_text(
        f'[[report]]\nid = "{notebook}"\ntitle = "{notebook}"\nnotebook = "{notebook}"\n'
        f'[report.parameters]\ncorpus = "{folder / "million"}"\nby = "country"\n'
    )
    began, peak, spent = time.monotonic(), 0, {}
    run = psutil.Popen(
        [str(BIN / "sco-notes"), "reports", "--file", str(listing), "--out", str(folder / "html")],
        stdout=subprocess.DEVNULL,
    )
    while run.poll() is None:
        for process in [run, *run.children(recursive=True)]:
            try:
                peak = max(peak, process.memory_info().rss)
                spent[process.pid] = sum(process.cpu_times()[:2])
            except psutil.NoSuchProcess:
                continue
        time.sleep(0.1)
    return {
        "seconds": round(time.monotonic() - began),
        "cpu": round(sum(spent.values())),
        "peak_mb": round(peak / 1e6),
        "exit": run.returncode,
    }


if __name__ == "__main__":
    main()
