"""sco-notes extract in one process, a pool of two, a cluster of two: python benchmarks/scale.py [MB ...]

Real text is repeated under new ids to the sizes asked for (10 and 100 MB by default). For each way: seconds,
CPU seconds of all processes, and the largest resident memory of any one of them.
"""

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


def main() -> None:
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for size in [int(argument) for argument in sys.argv[1:]] or [10, 100]:
            source = Path(folder) / f"{size}.parquet"
            write_texts(source, size)
            for way, options in (
                ("one process", []),
                ("pool of two", ["--workers", "2"]),
                ("cluster of two", ["--scheduler", ADDRESS]),
            ):
                out = Path(folder) / "out"
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
        peak, spent = 0, {}
        while run.poll() is None:
            for process in [*watched, run, *run.children(recursive=True)]:
                try:
                    peak = max(peak, process.memory_info().rss)
                    spent[process.pid] = cpu(process)
                except psutil.NoSuchProcess:
                    continue
            time.sleep(0.2)
        return {
            "seconds": time.monotonic() - began,
            "cpu": sum(spent.values()) - cpu_before,
            "peak_mb": peak / 1e6,
            "exit": run.returncode,
        }


def start_cluster(stack: ExitStack) -> list[psutil.Process]:
    """A scheduler and two workers on loopback, stopped when the stack is left."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    commands = [[BIN / "dask", "scheduler", "--host", "127.0.0.1", "--port", "8799", "--no-dashboard"]]
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
