"""Dated statements: each date that a text names, with the words and the actors of its clause."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from ..corpus.edtf import edtf_bounds
from ..corpus.frames import as_documents
from ..corpus.text import sentence_spans
from ..dates import find_dates
from ..errors import SCONotesError, require_columns
from .attachment import Span, attached_span, clause_span, modality
from .named import find_named, places

EVENT_COLUMNS = ["doc_id", "sentence", "start", "end", "text", "value", "edtf", "earliest", "latest"]
EVENT_COLUMNS += ["precision", "basis", "actors", "place", "label", "modality", "anchor"]
LONGEST_LABEL = 140  # characters, the ellipses included
ACTING = frozenset({"actor", "ambiguous"})  # readings that count; "the summit in Astana" names a place

_SINCE = re.compile(r"\b(?:[Ss]ince|[Ee]ver since)(?:\sthe)?\s\Z")
_UNTIL = re.compile(r"\b(?:[Uu]ntil|[Uu]p to|[Tt]ill)(?:\sthe)?\s\Z")


class _Date(NamedTuple):
    start: int
    end: int
    text: str
    value: str
    edtf: str
    earliest: str
    latest: str
    precision: str
    basis: str
    anchor: str


def find_events(documents: pd.DataFrame, mentions: pd.DataFrame | None = None) -> pd.DataFrame:
    """The dated statements of the documents: one row for each date that has its place in the calendar.

    `documents` has doc_id and text (and date, against which "last week" is read); `mentions` is what
    `find_mentions` returns (the default), or any frame with doc_id, start, actor, reading. Columns out:
    doc_id, sentence (its number, from 0), start, end, text (the date as the text has it), value, edtf,
    earliest, latest, precision, basis (see `find_dates`; "named event" where a summit of the chronology is
    named and not dated), actors (their ids, joined with ";"), place, label, modality (happened, planned,
    hypothetical), anchor (the date or the fact that a date was resolved against). Sorted by doc_id and start.

    Actors are those named in what the date belongs to: the clause around it, or a noun phrase ("the 2010
    Treaty", "resolution 1456 (2003)"). A clause ends at ; : ( ) a dash, before that, which, who, when, if,
    and at a comma before and, but, while. A mention that is read as a place does not act; place is where the
    clause says so. "Since 1996" is open to the right (1996/.., latest is ""), "until 2035" to the left. The
    label is the clause; of a long one up to 140 characters around the date, cut at whole words with an
    ellipsis where something is left out; no word is changed.

    What it does not do: it does not read "it" and "they", nor denials. Statements on one event stay apart:
    see `merge_events`.
    Raises SCONotesError if a column is missing or a document's date is no EDTF date.

    >>> text = "China and Russia signed it on 4 July 2024; Pakistan will join in 2030."
    >>> documents = pd.DataFrame({"doc_id": ["a"], "text": [text], "date": ["2024-07"]})
    >>> find_events(documents)[["text", "edtf", "actors", "modality"]]
              text        edtf   actors  modality
    0  4 July 2024  2024-07-04  CHN;RUS  happened
    1         2030        2030      PAK   planned
    """
    documents = as_documents(documents)
    dates = find_dates(documents)
    dates = dates[(dates["type"] == "DATE") & (dates["edtf"] != "")]
    by_document: dict[str, list] = {}
    for row in dates.itertuples(index=False):
        by_document.setdefault(row.doc_id, []).append(row)
    mentions = _all_mentions(documents) if mentions is None else mentions
    acting, lying = _by_document(mentions)
    when = documents["date"] if "date" in documents else [""] * len(documents)
    rows: list[tuple] = []
    for doc_id, text, date in zip(documents["doc_id"], documents["text"], when, strict=True):
        bounds = edtf_bounds(date) if date else None
        found = list(_dates(text, by_document.get(doc_id, []), bounds))
        if not found:
            continue
        sentences = sentence_spans(text)
        starts = [start for start, _ in sentences]
        dated = {max(bisect_right(starts, one.start) - 1, 0) for one in found if one.basis != "named event"}
        for one in found:
            number = max(bisect_right(starts, one.start) - 1, 0)
            if one.basis == "named event" and number in dated:
                continue  # the sentence says itself when
            span = one.start, one.end
            clause = clause_span(text, sentences[number], span)
            attached = attached_span(text, sentences[number], span)
            who = _named(acting.get(doc_id, []), attached)
            where = _named(lying.get(doc_id, []), clause)
            where = where or ";".join(dict.fromkeys(m[1] for m in places().finditer(text, *clause)))
            label = _label(text, clause, span)
            kind = modality(text, clause, span, (one.earliest, one.latest), bounds)
            rows.append((doc_id, number, *one[:-1], who, where, label, kind, one.anchor))
    events = pd.DataFrame(rows, columns=EVENT_COLUMNS)
    events = events.astype({"sentence": "int64", "start": "int64", "end": "int64"})
    return events.sort_values(["doc_id", "start"], kind="stable", ignore_index=True)


def event_years(events: pd.DataFrame) -> pd.Series:
    """The year in which each dated statement begins, or where no beginning is known ends, as a number.

    >>> event_years(pd.DataFrame({"earliest": ["2001-06-15", ""], "latest": ["2001-06-15", "-0220-12-31"]}))
    0    2001
    1    -220
    dtype: int64
    """
    require_columns(events, "earliest", "latest")
    days = events["earliest"].where(events["earliest"] != "", events["latest"])
    return days.str.extract(r"^(-?\d+)")[0].astype("int64").rename(None)


def label_events(events: pd.DataFrame, documents: pd.DataFrame, sentences: pd.DataFrame) -> pd.DataFrame:
    """The events with their labels: derived tables leave them out, and the texts bring them back.

    `sentences` has doc_id, sentence, start, end. Raises SCONotesError for a missing column.
    """
    require_columns(events, "doc_id", "sentence", "start", "end")
    texts = dict(zip(documents["doc_id"], documents["text"], strict=True))
    spans = sentences.set_index(["doc_id", "sentence"])[["start", "end"]]
    found = spans.loc[list(zip(events["doc_id"], events["sentence"], strict=True))].to_numpy().tolist()
    labels = []
    for row, sentence in zip(events.itertuples(), found, strict=True):
        text, date = texts[row.doc_id], (row.start, row.end)
        labels.append(_label(text, clause_span(text, (sentence[0], sentence[1]), date), date))
    columns = [column for column in EVENT_COLUMNS if column in events or column == "label"]
    labelled = events.assign(label=pd.Series(labels, index=events.index, dtype=str))
    return labelled[[*columns, *(column for column in events if column not in columns)]]


def _dates(text: str, dates: list, document: tuple[str, str] | None) -> Iterator[_Date]:
    """The dates of a text, open ended where it says since or until, and the events it names."""
    for row in dates:
        edtf, earliest, latest = row.edtf, row.earliest, row.latest
        before = text[max(row.start - 16, 0) : row.start]
        if "/" not in edtf and _SINCE.search(before):
            edtf, latest = f"{edtf}/..", ""
        elif "/" not in edtf and _UNTIL.search(before):
            edtf, earliest = f"../{edtf}", ""
        bounds = (earliest, latest, row.precision, row.basis, row.resolved_from)
        yield _Date(row.start, row.end, row.text, row.value, edtf, *bounds)
    for name in find_named(text, document[1] if document else ""):
        precision = "interval" if "/" in name.edtf else "day"
        known = (name.edtf, name.edtf, *edtf_bounds(name.edtf), precision, "named event", name.fact_id)
        yield _Date(name.start, name.end, text[name.start : name.end], *known)


def _all_mentions(documents: pd.DataFrame) -> pd.DataFrame:
    from ..actors import find_mentions

    return find_mentions(documents)


def _by_document(mentions: pd.DataFrame) -> tuple[dict, dict]:
    """Where each document names whom, in order: those who act, and those that are read as places."""
    for column in ("doc_id", "start", "actor", "reading"):
        if column not in mentions:
            raise SCONotesError(f"mentions: no column {column!r}; give what find_mentions returns")
    ordered = mentions.astype({"doc_id": str}).sort_values(["doc_id", "start"], kind="stable")
    names = ordered["alias"] if "alias" in ordered else ordered["actor"]
    acting: dict[object, list[tuple[int, str]]] = {}
    lying: dict[object, list[tuple[int, str]]] = {}
    columns = (ordered["doc_id"], ordered["start"], ordered["actor"], names, ordered["reading"])
    for doc_id, start, actor, name, reading in zip(*columns, strict=True):
        if reading in ACTING:
            acting.setdefault(doc_id, []).append((int(start), actor))
        elif reading == "place":
            lying.setdefault(doc_id, []).append((int(start), name))
    return acting, lying


def _named(named: list[tuple[int, str]], span: Span) -> str:
    first = bisect_right(named, (span[0] - 1, "\U0010ffff"))
    last = bisect_right(named, (span[1] - 1, "\U0010ffff"))
    return ";".join(dict.fromkeys(name for _, name in named[first:last]))


def _label(text: str, clause: Span, date: Span) -> str:
    """The clause, or 140 characters of it: from its beginning if the date is in them."""
    first, last = min(clause[0], date[0]), max(clause[1], date[1])
    start, end = date
    room = LONGEST_LABEL - 2
    whole = first, last
    if last - first > LONGEST_LABEL:
        first = first if end - first <= room else max(first, end - room // 2)
        while whole[0] < first < start and not text[first - 1].isspace():
            first += 1
        last = max(min(last, first + room), end)
        while end < last < whole[1] and not text[last].isspace():
            last -= 1
    words = " ".join(text[first:last].split())
    return f"{'…' * (first > whole[0])}{words}{'…' * (last < whole[1])}"
