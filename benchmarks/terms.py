"""Term counts beside other tools, each in its own process: python benchmarks/terms.py [MB ...] [--write]

The work is the table document, term, n over real texts, repeated in another order under new ids to the sizes
asked for (10 MB by default); the rules are the same for all: lower case, runs of two or more letters or
digits. NLTK's word_tokenize has rules of its own, so its rows differ. For each tool: CPU seconds of counting
(median of the runs), its speed as a multiple of CountVectorizer's, memory beyond the texts, rows of the
table. --write puts the table into benchmarks/README.md. Tools that are not installed are left out with a
line that says so: uv run --with polars --with duckdb python benchmarks/terms.py
"""

import json
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from statistics import median

import pandas as pd
from run import count_vectorizer, real_texts

import sco_notes as sn

PATTERN = r"\w\w+"
README = Path(__file__).parent / "README.md"
MARK = "<!-- terms: made by benchmarks/terms.py -->"


def nltk_words(documents: pd.DataFrame) -> pd.DataFrame:
    from nltk import FreqDist
    from nltk.tokenize import NLTKWordTokenizer

    tokenize = NLTKWordTokenizer().tokenize
    rows = []
    for doc_id, text in zip(documents["doc_id"], documents["text"], strict=True):
        rows += [(doc_id, term, n) for term, n in FreqDist(tokenize(text.lower())).items()]
    return pd.DataFrame(rows, columns=["doc_id", "term", "n"])


def polars_groups(documents: pd.DataFrame):
    import polars as pl

    return (
        pl.from_pandas(documents)
        .lazy()
        .select("doc_id", pl.col("text").str.to_lowercase().str.extract_all(PATTERN).alias("term"))
        .explode("term")
        .group_by("doc_id", "term")
        .len()
        .collect(engine="streaming")
    )


def duckdb_groups(documents: pd.DataFrame):
    import duckdb

    return duckdb.sql(
        f"select doc_id, term, count(*) n from (select doc_id, unnest(regexp_extract_all(lower(text), "
        f"'{PATTERN}')) term from documents) group by all"
    ).to_arrow_table()


WAYS = {
    "sco-notes count_terms": (sn.count_terms, "pandas"),
    "scikit-learn CountVectorizer": (count_vectorizer, "sklearn"),
    "polars, streaming": (polars_groups, "polars"),
    "DuckDB": (duckdb_groups, "duckdb"),
    "NLTK word tokenizer, FreqDist": (nltk_words, "nltk"),
}


def child(way: str, file: str) -> None:
    """Count once and print what it took."""
    import resource

    documents = pd.read_parquet(file)
    WAYS[way][0](documents.head(3))  # loads what is loaded once
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")  # the peak of memory begins anew
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    wall, cpu = time.monotonic(), time.process_time()
    table = WAYS[way][0](documents)
    spent = {"cpu": time.process_time() - cpu, "wall": time.monotonic() - wall}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    rows = table.num_rows if hasattr(table, "num_rows") else getattr(table, "shape", (0,))[0]
    print(json.dumps({**spent, "extra_mb": (peak - before) / 1024, "rows": rows}))


def start(way: str, file: Path) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, __file__, "--child", way, file], stdout=subprocess.PIPE, text=True
    )


def result(process: subprocess.Popen) -> dict:
    out, _ = process.communicate()
    return json.loads(out) if process.returncode == 0 else {}


def measure(size: int, folder: Path, runs: int) -> pd.DataFrame:
    documents = repeated(size)
    megabytes = documents["text"].str.len().sum() / 1e6
    file, halves = folder / "all.parquet", [folder / "a.parquet", folder / "b.parquet"]
    documents.to_parquet(file)
    for half, part in zip(halves, (documents.iloc[::2], documents.iloc[1::2]), strict=True):
        part.to_parquet(half)
    rows = []
    for way, (_, module) in WAYS.items():
        if find_spec(module) is None or (size > 50 and module == "nltk"):
            print(f"{way}: left out ({'not installed' if find_spec(module) is None else 'too slow here'})")
            continue
        done = [found for _ in range(runs) if (found := result(start(way, file)))]
        if done:
            found = pd.DataFrame(done).median()
            rows.append({"MB": round(megabytes), "tool": way, **found})
    both = []
    for _ in range(runs):  # two processes, each with half of the documents
        processes = [start("sco-notes count_terms", half) for half in halves]
        both.append(max(result(process)["wall"] for process in processes))
    table = pd.DataFrame(rows)
    peer = table.loc[table["tool"].str.startswith("scikit"), "cpu"].iloc[0]
    table.insert(3, "times", peer / table["cpu"])
    gain = table["wall"].iloc[0] / median(both)
    print(f"{megabytes:.0f} MB: two processes of count_terms take 1/{gain:.2f} of the wall time of one")
    return table


def repeated(size: int) -> pd.DataFrame:
    documents = real_texts()[["doc_id", "text"]]
    copies = max(1, round(size * 1e6 / documents["text"].str.len().sum()))
    parts = [documents.sample(frac=1, random_state=i) for i in range(copies)]
    return pd.concat(
        [part.assign(doc_id=part["doc_id"] + f"-{i}") for i, part in enumerate(parts)], ignore_index=True
    )


def markdown(table: pd.DataFrame, runs: int) -> str:
    lines = [
        MARK,
        f"## Term counts\n\nMade by `python benchmarks/terms.py`; medians of runs, {runs} each; CPU seconds "
        "of all threads; “times” is the speed as a multiple of CountVectorizer's.\n",
        "| MB | tool | CPU s | times | extra memory, MB | rows |\n|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {r.MB} | {r.tool} | {r.cpu:.2f} | {r.times:.2f} | {r.extra_mb:.0f} | {r.rows:,.0f} |"
        for r in table.itertuples()
    ]
    return "\n".join(lines) + "\n"


def main(sizes: list[int], write: bool = False, runs: int = 3) -> None:
    tables = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            tables.append(measure(size, Path(folder), runs))
    text = markdown(pd.concat(tables), runs)
    print(text)
    if write:
        kept = README.read_text(encoding="utf-8").split(MARK)[0].rstrip()
        README.write_text(f"{kept}\n\n{text}", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(*sys.argv[2:4])
    else:
        main([int(size) for size in sys.argv[1:] if size.isdigit()] or [10], "--write" in sys.argv)
