"""Read one file in a process with limits (`python -m sco_notes.corpus.formats.child`): JSON in and out."""

import json
import os
import sys

from ...errors import SCONotesError


def main() -> None:
    task = json.load(sys.stdin)
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a library prints is not an answer
    _limit(task["memory"])
    try:
        answer = read(task["path"], task["kind"], task["encoding"])
    except SCONotesError as error:  # where a file is named, it is by the name the user gave
        answer = {"error": str(error).replace(task["path"], task["name"])}
    except MemoryError:
        answer = {"error": "it unfolds to more than the memory allowed; split it"}
    except ImportError as error:
        answer = {"error": f"the package {error.name} is needed to read it: {install(task['kind'])}"}
    except Exception as error:  # of a parser, on a file that may have been made to break it
        reason = " ".join(str(error).split())[:120] or "no reason given"
        remedy = (
            "write it anew, or as .csv" if task["kind"] == "parquet" else "save it anew, or its text as .txt"
        )
        answer = {"error": f"not a readable {task['kind']} file ({type(error).__name__}: {reason}); {remedy}"}
    json.dump(answer, answers)
    answers.flush()
    os._exit(0)  # taking apart a deep tree of objects may fail or take long


def read(path: str, kind: str, encoding: str | None) -> dict:
    """What one file says, by its kind."""
    if kind == "parquet":
        return {"rows": _rows(path)}
    from . import docx, html, markdown, pdf

    return {"docx": docx, "html": html, "md": markdown, "pdf": pdf}[kind].read(path, encoding)


def _rows(path: str) -> list[dict]:
    """The documents of a Parquet file, in which a text of 1 MB may stand a million times in a few bytes."""
    from pyarrow import parquet

    from ..documents import read_corpus
    from .isolation import LARGEST_OTHER

    file = parquet.ParquetFile(path)
    if "text" in file.schema_arrow.names:
        unfolded = 0
        for batch in file.iter_batches(1000, columns=["text"]):
            unfolded += sum(len(str(text)) for text in batch.column(0).to_pylist())
            if unfolded > LARGEST_OTHER:
                raise SCONotesError(f"over {LARGEST_OTHER // 1_000_000} MB of text in it; split it")
    return read_corpus(path).drop(columns=["year", "sha256"]).astype(str).to_dict("records")


def install(kind: str) -> str:
    """The command that brings what a kind of file needs."""
    return f"{sys.executable} -m pip install {'pypdf' if kind == 'pdf' else 'trafilatura'}"


def _limit(memory: int) -> None:
    try:
        import resource
    except ImportError:  # Windows: the limits on time and size hold there
        return
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    most = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
