"""What was understood of documents, before anything is written."""

from datetime import date
from pathlib import Path

import pandas as pd

from ..corpus.sources import date_in
from ..corpus.text import english_shares, sentence_spans, token_spans
from ..dates import find_dates
from ..errors import SCONotesError, counted, shown

STATED = ["title", "date", "author", "source"]
MOST_ROWS = 20  # of the table of documents
LARGE = 500_000  # characters: of longer texts the sentences are not counted before they are asked for


def overview(documents: pd.DataFrame, n_left_out: int) -> list[str]:
    """The lines of a table: the documents, their dates, words and beginnings; how much is left out."""
    first = documents.head(MOST_ROWS)
    n_words = documents["text"].map(lambda text: len(token_spans(text)))
    table = pd.DataFrame({
        "document": first["doc_id"].map(lambda doc_id: shown(doc_id, 30)),
        "date": first["date"].replace("", "unknown"),
        "words": n_words.map("{:,}".format),
        "begins": first["text"].map(lambda text: shown(text[:200], 44)),
    }, index=first.index)  # fmt: skip
    # Else they are right-aligned.
    table = table.apply(lambda column: column.str.ljust(column.str.len().max()))
    lines = [line.rstrip() for line in table.to_string(index=False, justify="left").splitlines()]
    if (more := len(documents) - MOST_ROWS) > 0:
        lines.append(f"... and {more:,} more")
    undated = f"{(documents['date'] == '').sum():,} without a date"
    # Said here only: no page depends on the clock.
    n_ahead = sum(day.replace("X", "0") > str(date.today()) for day in documents["date"])
    undated += f", {n_ahead:,} dated in the future" if n_ahead else ""
    total = f"{counted(len(documents), 'document')}, {undated}, {counted(int(n_words.sum()), 'word')}"
    if twice := int(documents["sha256"].duplicated().sum()):
        lines.append(f"{counted(twice, 'document has', 'documents have')} the text of another; each counts")
    if named := sum(map(_is_dated, documents.loc[documents["date"] == "", "file"])):
        lines.append(f"{counted(named, 'file name has', 'names of files have')} a date (--dates filename)")
    left_out = counted(n_left_out, "file or row is", "files or rows are")
    return [*lines, total + (f"; {left_out} left out, named above" if n_left_out else "")]


def _is_dated(file: str) -> bool:
    try:
        return bool(date_in(Path(file).stem, "day-first"))
    except SCONotesError:
        return False


def describe(document: pd.Series) -> list[str]:
    """The lines that show one document: what it states, its size, language, first dates and beginning.

    `document` is a row of what read_sources returns.
    """
    text = document["text"]
    lines = [f"{document['file']} → {document['doc_id']}"]
    for name in STATED:
        value = document.get(name, "")
        is_ahead = name == "date" and value.replace("X", "0") > str(date.today())
        note = ", in the future: a slip?" if is_ahead else ""
        lines.append(f"  {name:<9}{shown(value) if value else f'not stated (--{name})'}{note}")
    _, latin, common = english_shares(text)
    size = [counted(len(token_spans(text)), "word")]
    size += [counted(len(sentence_spans(text)), "sentence")] if len(text) <= LARGE else []
    lines.append(f"  {'size':<9}{', '.join(size)}")
    lines.append(f"  {'language':<9}{latin:.0%} Latin letters, {common:.0%} common English words")
    dates = find_dates(text[:20_000], reference=document["date"] or None)
    said = [f"{shown(row.text, 40)} ({row.edtf or 'which year?'})" for row in dates.head(3).itertuples()]
    lines.append(f"  {'dates':<9}{', '.join(said) or 'none found in the beginning'}")
    lines.append(f"  {'begins':<9}{shown(text[:200], 90)}")
    return lines + [f"  {'lost':<9}{loss}" for loss in document.get("losses", "").split("; ") if loss]
