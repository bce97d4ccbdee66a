"""Documents to the places where a word or phrase stands, in context."""

import re

import pandas as pd

from ..errors import SCONotesError


def concordance(
    documents: pd.DataFrame, query: str, width: int = 40, ignore_case: bool = True
) -> pd.DataFrame:
    """Every occurrence of a word or phrase, in context (KWIC).

    In `query` any white space matches any white space and * matches any letters ("terroris*"). Returns
    doc_id, start, end, left, node, right, with up to `width` characters on each side, in text order.
    Raises SCONotesError for an empty query.

    >>> docs = pd.DataFrame({"doc_id": ["a"], "text": ["They praised the Shanghai spirit again."]})
    >>> concordance(docs, "shanghai spirit", width=8)
      doc_id  start  end      left             node    right
    0      a     17   32  sed the   Shanghai spirit   again.
    """
    words = query.split()
    if not words or not any(character.isalnum() for character in query):
        raise SCONotesError(f"concordance: the query {query!r} has no word in it; give a word or a phrase")
    parts = [re.escape(word).replace(r"\*", r"\w*") for word in words]
    pattern = re.compile(r"(?<!\w)" + r"\s+".join(parts) + r"(?!\w)", re.IGNORECASE if ignore_case else 0)
    rows = [
        (
            doc_id,
            match.start(),
            match.end(),
            text[max(0, match.start() - width) : match.start()],
            match.group(),
            text[match.end() : match.end() + width],
        )
        for doc_id, text in zip(documents["doc_id"], documents["text"], strict=True)
        for match in pattern.finditer(text)
    ]
    return pd.DataFrame(rows, columns=["doc_id", "start", "end", "left", "node", "right"])
