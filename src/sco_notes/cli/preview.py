"""What was understood of a document, before it is added."""

import pandas as pd

from ..corpus.text import english_shares, sentence_spans, token_spans
from ..dates import find_dates
from ..errors import counted, shown

STATED = ["title", "date", "author", "source"]


def describe(document: pd.Series) -> list[str]:
    """The lines that show one document: what it states, its size, language, first dates and beginning.

    `document` is a row of what read_source returns.
    """
    text = document["text"]
    lines = [f"{document['file']} → {document['doc_id']}"]
    for name in STATED:
        value = document.get(name, "")
        lines.append(f"  {name:<9}{shown(value) if value else f'not stated (--{name})'}")
    _, latin, common = english_shares(text)
    size = [counted(len(token_spans(text)), "word"), counted(len(sentence_spans(text)), "sentence")]
    lines.append(f"  {'size':<9}{', '.join(size)}")
    lines.append(f"  {'language':<9}{latin:.0%} Latin letters, {common:.0%} common English words")
    dates = find_dates(text[:20_000], reference=document["date"] or None)
    said = [f"{shown(row.text, 40)} ({row.edtf or 'which year?'})" for row in dates.head(3).itertuples()]
    lines.append(f"  {'dates':<9}{', '.join(said) or 'none found in the beginning'}")
    lines.append(f"  {'begins':<9}{shown(text[:200], 90)}")
    return lines + [f"  {'lost':<9}{loss}" for loss in document.get("losses", "").split("; ") if loss]
