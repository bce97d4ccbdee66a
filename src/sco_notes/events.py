"""Dated statements: each date that a text names, with the sentence's words and the actors named beside it."""

import re
from bisect import bisect_right

import pandas as pd

from .dates import find_dates
from .errors import SCONotesError
from .text import sentence_spans

EVENT_COLUMNS = [
    "doc_id",
    "sentence",
    "start",
    "end",
    "text",
    "value",
    "edtf",
    "earliest",
    "latest",
    "precision",
]
EVENT_COLUMNS += ["actors", "label"]
LONGEST_LABEL = 140  # characters, the ellipses included
ACTING = frozenset({"actor", "ambiguous"})  # readings that count; "the summit in Astana" names a place

# Where one clause of a sentence ends and the next begins.
_CLAUSE_BREAK = re.compile(
    r"[;:()]\s*|\s[–—]\s|,\s(?=(?:and|but|while|whereas|although|though|which|who|where|when|yet|so)\s)"
)


def find_events(documents: pd.DataFrame, mentions: pd.DataFrame | None = None) -> pd.DataFrame:
    """The dated statements of the documents: one row for each date that has its place in the calendar.

    `documents` has doc_id and text (and date, against which "last week" is read); `mentions` is what
    `find_mentions` returns (the default), or any frame with doc_id, start, actor, reading. Columns out:
    doc_id, sentence (its number, from 0), start, end, text (the date as the text has it), value, edtf,
    earliest, latest, precision (see `find_dates`), actors (their ids, joined with ";"), label. Sorted by
    doc_id and start.

    Actors are those named in the clause around the date, in order; where the clause names none, those of the
    whole sentence. A clause ends at ; : ( ) a dash, and a comma before and, but, while, which, who, ... A
    mention that is read as a place does not count. The label is the sentence; of a long one up to 140
    characters around the date, from the beginning of its clause if they reach, cut at whole words with an
    ellipsis where something is left out; no word is changed.

    What it does not do: it does not tell what happened from what is planned or denied, does not read "it" and
    "they", and does not merge two sentences about one event.
    Raises SCONotesError if a column is missing or a document's date is no EDTF date.

    >>> text = "China and Russia signed it on 4 July 2024; Pakistan welcomed the text."
    >>> find_events(pd.DataFrame({"doc_id": ["a"], "text": [text]}))[["text", "edtf", "actors"]]
              text        edtf   actors
    0  4 July 2024  2024-07-04  CHN;RUS
    """
    dates = find_dates(documents)
    dates = dates[(dates["type"] == "DATE") & (dates["earliest"] != "") & (dates["latest"] != "")]
    named = _named_by_document(_all_mentions(documents) if mentions is None else mentions)
    texts = dict(zip(documents["doc_id"], documents["text"], strict=True))
    rows: list[tuple] = []
    for doc_id, group in dates.groupby("doc_id", sort=False):
        text = texts[doc_id]
        sentences = sentence_spans(text)
        starts = [start for start, _ in sentences]
        actors = named.get(doc_id, [])
        for date in group.itertuples(index=False):
            number = max(bisect_right(starts, date.start) - 1, 0)
            sentence = sentences[number]
            clause = _clause(text, *sentence, date.start, date.end)
            who = _actors(actors, clause) or _actors(actors, sentence)
            label = _label(text, sentence, clause[0], date.start, date.end)
            found = (date.start, date.end, date.text, date.value, date.edtf, date.earliest, date.latest)
            rows.append((doc_id, number, *found, date.precision, who, label))
    events = pd.DataFrame(rows, columns=EVENT_COLUMNS)
    events = events.astype({"sentence": "int64", "start": "int64", "end": "int64"})
    return events.sort_values(["doc_id", "start"], kind="stable", ignore_index=True)


def _all_mentions(documents: pd.DataFrame) -> pd.DataFrame:
    from .actors import find_mentions

    return find_mentions(documents)


def _named_by_document(mentions: pd.DataFrame) -> dict[object, list[tuple[int, str]]]:
    """Where each document names whom, in order, without those that are read as places."""
    for column in ("doc_id", "start", "actor", "reading"):
        if column not in mentions:
            raise SCONotesError(f"mentions: no column {column!r}; give what find_mentions returns")
    acting = mentions[mentions["reading"].isin(ACTING)].sort_values(["doc_id", "start"], kind="stable")
    named: dict[object, list[tuple[int, str]]] = {}
    for doc_id, start, actor in zip(acting["doc_id"], acting["start"], acting["actor"], strict=True):
        named.setdefault(doc_id, []).append((int(start), actor))
    return named


def _actors(named: list[tuple[int, str]], span: tuple[int, int]) -> str:
    first = bisect_right(named, (span[0] - 1, "\U0010ffff"))
    last = bisect_right(named, (span[1] - 1, "\U0010ffff"))
    return ";".join(dict.fromkeys(actor for _, actor in named[first:last]))


def _clause(text: str, start: int, end: int, date_start: int, date_end: int) -> tuple[int, int]:
    """The part of the sentence between the breaks around the date; a date alone in brackets belongs to the
    clause before it."""
    breaks = [match.span() for match in _CLAUSE_BREAK.finditer(text, start, max(end, date_end))]
    left = max([after for _, after in breaks if after <= date_start], default=start)
    right = min([before for before, _ in breaks if before >= date_end], default=end)
    if not re.search(r"\w", text[left:date_start] + text[date_end:right]):
        left = max([after for _, after in breaks if after < left], default=start)
    return left, max(right, date_end)


def _label(text: str, sentence: tuple[int, int], clause_start: int, start: int, end: int) -> str:
    """The sentence, or 140 characters of it: from the beginning of the clause if the date is in them."""
    first, last = sentence[0], max(sentence[1], end)
    room = LONGEST_LABEL - 2
    if last - first > LONGEST_LABEL:
        if last - clause_start <= room:
            first = max(first, last - room)
        else:
            first = clause_start if end - clause_start <= room else max(clause_start, end - room // 2)
        while sentence[0] < first < start and not text[first - 1].isspace():
            first += 1
        last = max(min(last, first + room), end)
        while end < last < sentence[1] and not text[last].isspace():
            last -= 1
    words = " ".join(text[first:last].split())
    return f"{'…' * (first > sentence[0])}{words}{'…' * (last < sentence[1])}"
