"""sco-notes extract in one process, in several, on a cluster: python benchmarks/scale.py 10 100 --scorer none

Real text is repeated under new ids to the sizes asked for, in MB. For each way: seconds, CPU seconds of all
processes, the largest resident memory of the command itself and of any one worker, in MB.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import pandas as pd
import psutil
import pyarrow as pa
from pyarrow import parquet
from run import real_texts

BIN = Path(sys.executable).parent
ADDRESS = "tcp://127.0.0.1:8799"


WAYS = {
    "one": [],
    "workers": ["--workers", "2"],
    "cluster": ["--scheduler", ADDRESS],
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("sizes", type=int, nargs="*", default=[10, 100])
    parser.add_argument("--scorer", default="all")
    parser.add_argument("--ways", default="one,workers,cluster")
    parser.add_argument("--megabytes", default="64", help="of a partition")
    asked = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for size in asked.sizes:
            source, out = Path(folder) / f"{size}.parquet", Path(folder) / "out"
            write_texts(source, size)
            for way in asked.ways.split(","):
                options = ["--scorer", asked.scorer, "--megabytes", asked.megabytes, *WAYS[way]]
                rows.append({"MB": size, "way": way, **measure(source, out, options)})
                print(rows[-1], flush=True)
                shutil.rmtree(out)
            source.unlink()
    print(pd.DataFrame(rows).to_string(index=False, float_format=lambda x: f"{x:.1f}"))


def write_texts(file: Path, size: int) -> None:
    documents = real_texts()[["doc_id", "text"]]
    copies = int(size * 1e6 / documents["text"].str.len().sum()) + 1
    schema = pa.schema([("doc_id", pa.string()), ("text", pa.string())])
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        for copy in range(copies):
            frame = documents.assign(doc_id=documents["doc_id"] + f"-{copy}")
            writer.write_table(pa.Table.from_pandas(frame, schema, preserve_index=False))


def measure(source: Path, out: Path, options: list[str]) -> dict:
    with ExitStack() as stack:
        watched = start_cluster(stack) if "--scheduler" in options else []
        cpu_before = sum(cpu(process) for process in watched)
        began = time.monotonic()
        run = psutil.Popen(
            [BIN / "sco-notes", "extract", source, out, *options],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        peaks, spent = {True: 0.0, False: 0.0}, {}
        while run.poll() is None:
            for process in [*watched, run, *run.children(recursive=True)]:
                try:
                    own = process.pid == run.pid
                    peaks[own] = max(peaks[own], process.memory_info().rss / 1e6)
                    spent[process.pid] = cpu(process)
                except psutil.NoSuchProcess:
                    continue
            time.sleep(0.2)
        return {
            "seconds": time.monotonic() - began,
            "cpu": sum(spent.values()) - cpu_before,
            "command_mb": peaks[True],
            "worker_mb": peaks[False],
            "exit": run.returncode,
        }


def start_cluster(stack: ExitStack) -> list[psutil.Process]:
    """A scheduler and two workers on loopback, stopped when the stack is left."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    commands = [
        [
            BIN / "dask",
            "scheduler",
            "--host",
            "127.0.0.1",
            "--port",
            ADDRESS.rsplit(":")[-1],
            "--no-dashboard",
        ]
    ]
    commands += [[BIN / "dask", "worker", ADDRESS, "--nthreads", "1", "--no-nanny", "--no-dashboard"]] * 2
    processes = [psutil.Popen([str(part) for part in command], **quiet) for command in commands]
    for process in processes:
        stack.callback(process.terminate)
    from distributed import Client

    with Client(ADDRESS, timeout="30s", set_as_default=False) as client:
        client.wait_for_workers(2, timeout=30)
    return processes


def cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


if __name__ == "__main__":
    main()
