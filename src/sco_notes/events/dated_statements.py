"""Dated statements: each date that a text names, with the words and the actors of its clause."""

import re
from bisect import bisect_left, bisect_right
from collections import namedtuple
from collections.abc import Iterator

import pandas as pd

from ..actors import find_mentions
from ..corpus.edtf import edtf_bounds
from ..corpus.frames import as_documents
from ..corpus.text import sentence_spans
from ..dates import find_dates
from ..errors import require_columns
from .acting import NEAR, Name, who_did_what
from .attachment import PATTERNS, RULES, Bounds, Span, attached_span, clause_span, date_kind, modality
from .named import Known, Summit, city_pattern, find_known, find_year_summit
from .verbs import tells

LONGEST_LABEL = 140  # characters, the ellipses included
ACTING = ["actor", "ambiguous"]  # readings that count; "the summit in Astana" names a place
KNOWN_DAYS = RULES["known_days"]["days"]
_NAMED = "named event"  # the basis of a date that comes from the chronology

Names = list[Name]  # whom a document names where, in order

_Date = namedtuple("_Date", "start end text value edtf earliest latest precision basis anchor")
EVENT_COLUMNS = ["doc_id", "sentence", *_Date._fields[:-1], "actors", "actor_by", "place", "head", "label"]
EVENT_COLUMNS += ["modality", "date_kind", "anchor"]


def find_events(documents: pd.DataFrame, mentions: pd.DataFrame | None = None) -> pd.DataFrame:
    """Find the dated statements of the documents: one row for each date that has its place in the calendar.

    Parameters
    ----------
    documents : with doc_id, text and, where relative dates ("last week") are to be read, date; written, where
        a text is younger than the day of which it speaks: nothing after that has happened
    mentions : what `find_mentions` returns (the default), or any frame with doc_id, start, actor, reading

    Returns
    -------
    One row a statement, sorted by doc_id and start: doc_id, sentence (its number, from 0), start, end, text
    (the date as the text has it), value, edtf, earliest, latest, precision, basis (see `find_dates`; "named
    event" where an event of the chronology or of data/world_events.csv is named and not dated), actors (their
    ids, joined with ";"), actor_by (how each is known), place, head (the verb or noun that is dated, with its
    object), label (the clause, or 140 characters of it), modality (happened, planned, hypothetical),
    date_kind (event; name: a part of one, as in "the 2030 Agenda"; period: a decade or longer; deadline: "by
    2030"), anchor (the date or the fact that a date was resolved against).

    Actors are the subject of the dated verb (actor_by: subject), who stands after "by" (agent), a possessor
    in the subject or in a dated noun phrase ("accession of Belarus"; possessor), and for "we", "I" and "our
    country" the state in the column country of the documents (speaker). By word order, without a parser:
    where that does not tell, there is none. A mention that is read as a place does not act; place is where
    the clause says so. "Since 1996" is open to the right (1996/.., latest is ""), "until 2035" to the left.

    It reads neither "it", "he" and "they", nor denials. Statements on one event stay apart (`merge_events`).

    Raises
    ------
    SCONotesError : where a column is missing, or a document's date is no EDTF date

    >>> text = "China and Russia signed it on 4 July 2024; Pakistan will join in 2030."
    >>> documents = pd.DataFrame({"doc_id": ["a"], "text": [text], "date": ["2024-07"]})
    >>> find_events(documents)[["text", "edtf", "actors", "modality"]]
              text        edtf   actors  modality
    0  4 July 2024  2024-07-04  CHN;RUS  happened
    1         2030        2030      PAK   planned
    """
    documents = as_documents(documents)
    mentions = find_mentions(documents) if mentions is None else mentions
    acting, lying = _names(mentions, ACTING, "actor"), _names(mentions, ["place"], "alias")
    dates = find_dates(documents).rename(columns={"resolved_from": "anchor"})
    dates = dates[(dates["type"] == "DATE") & (dates["edtf"] != "")]
    dates_of: dict[str, list[_Date]] = {}
    for doc_id, *date in dates[["doc_id", *_Date._fields]].itertuples(index=False):
        dates_of.setdefault(doc_id, []).append(_Date(*date))
    missing = [name for name in ("date", "written", "country") if name not in documents]
    rows = []
    for row in documents.assign(**dict.fromkeys(missing, "")).fillna({"country": ""}).itertuples():
        day, late = (edtf_bounds(day) if day else None for day in (row.date, row.written or row.date))
        names = acting.get(row.doc_id, []), lying.get(row.doc_id, [])
        statements = _statements(row.text, dates_of.get(row.doc_id, []), day, late, *names, row.country)
        rows += [(row.doc_id, *statement) for statement in statements]
    events = pd.DataFrame(rows, columns=EVENT_COLUMNS)
    events = events.astype({"sentence": "int64", "start": "int64", "end": "int64"})
    # What the text announces with its date has not happened where it is named without.
    place = pd.MultiIndex.from_frame(events[["doc_id", "earliest", "latest"]])
    announced = place.isin(place[events["modality"].eq("planned") & events["basis"].ne(_NAMED)])
    events.loc[announced & events["basis"].eq(_NAMED), "modality"] = "planned"
    return events.sort_values(["doc_id", "start"], kind="stable", ignore_index=True)


def event_years(events: pd.DataFrame) -> pd.Series:
    """Return the year in which each dated statement begins, or where no beginning is known ends.

    >>> event_years(pd.DataFrame({"earliest": ["2001-06-15", ""], "latest": ["2001-06-15", "-0220-12-31"]}))
    0    2001
    1    -220
    dtype: int64
    """
    require_columns(events, "earliest", "latest")
    days = events["earliest"].where(events["earliest"] != "", events["latest"])
    return days.str.extract(r"^(-?\d+)")[0].astype("int64").rename(None)


def label_events(events: pd.DataFrame, documents: pd.DataFrame, sentences: pd.DataFrame) -> pd.DataFrame:
    """Return the events with their labels: derived tables leave them out, and the texts bring them back."""
    require_columns(events, "doc_id", "sentence", "start", "end")
    texts = dict(zip(documents["doc_id"], documents["text"], strict=True))
    spans = sentences.set_index(["doc_id", "sentence"])[["start", "end"]]
    found = spans.loc[list(zip(events["doc_id"], events["sentence"], strict=True))].to_numpy().tolist()
    places = zip(events["doc_id"], zip(events["start"], events["end"], strict=True), found, strict=True)
    labels = [_label(texts[doc], clause_span(texts[doc], span, date), date) for doc, date, span in places]
    columns = [column for column in EVENT_COLUMNS if column in events or column == "label"]
    labelled = events.assign(label=pd.Series(labels, index=events.index, dtype=str))
    return labelled[[*columns, *labelled.columns.difference(columns, sort=False)]]


def _names(mentions: pd.DataFrame, readings: list[str], column: str) -> dict[str, Names]:
    """Where each document names whom, in order, of the mentions with one of the readings."""
    require_columns(mentions, "doc_id", "start", "actor", "reading")
    chosen = mentions[mentions["reading"].isin(readings)].astype({"doc_id": str})
    chosen = chosen.sort_values(["doc_id", "start"], kind="stable")
    ends = chosen["end"] if "end" in chosen else chosen["start"] + 1
    columns = chosen["doc_id"], chosen["start"], ends, chosen[column if column in chosen else "actor"]
    found: dict[str, Names] = {}
    for doc_id, start, end, name in zip(*columns, strict=True):
        found.setdefault(doc_id, []).append(Name(int(start), int(end), name))
    return found


def _statements(
    text: str, dates: list[_Date], document: Bounds | None, written: Bounds | None,
    acting: Names, lying: Names, speaker: str,
) -> Iterator[tuple]:  # fmt: skip
    """The columns of each statement, from sentence on: dates of the text, then summits that it names."""
    found: list[tuple[_Date, Known | None]] = []
    for date in dates:
        date = _with_open_end(_known_day(date, text, document), text)
        summit = find_year_summit(text, (date.start, date.end), date.edtf)
        found.append((_with_known(date, summit) if summit else date, None))
    for known in find_known(text, document[1] if document else "", acting):
        date = _Date(known.start, known.end, text[known.start : known.end], *[""] * 7)
        found.append((_with_known(date, known), known))
    sentences = sentence_spans(text) if found else []
    starts = [start for start, _ in sentences]
    for date, event in found:
        span, number = (date.start, date.end), max(bisect_right(starts, date.start) - 1, 0)
        clause = clause_span(text, sentences[number], span)
        here = [said for said in dates if clause[0] <= said.start < clause[1]]
        if event and any(_says_when(said, date, text) for said in here):
            continue
        attached = attached_span(text, sentences[number], span, clause)
        cities = [Name(*match.span(), match[1]) for match in city_pattern().finditer(text, *clause)]
        where = _named_in(lying, clause) or _named_in(cities, clause)
        is_later = written is not None and written[1] < (date.earliest or date.latest)
        kind = date_kind(text, span, date.edtf, date.precision, is_later)
        near = acting[bisect_left(acting, (clause[0] - NEAR,)) : bisect_left(acting, (clause[1],))]
        parts = sentences[number], clause, attached, span
        who, by, head, verb, told = who_did_what(text, *parts, kind, near, speaker)
        head = head if tells(head) else ""
        if event:  # the clause is about something else
            who, by, head = event.actor, "possessor" if event.actor else "", event.head
        # "The Council should discuss it at the 2005 summit": that should be, the summit will.
        told = span if event or kind == "name" else clause if kind == "period" else told
        around = told if verb or told == span else clause
        mode = modality(text, around, told, (date.earliest, date.latest), written, verb)
        yield number, *date[:-1], who, by, where, head, _label(text, clause, span), mode, kind, date.anchor


def _says_when(said: _Date, event: _Date, text: str) -> bool:
    """Whether a date of the clause is that of the event itself: right before its name ("the 2002 Earth
    Summit"), or a date of at most a year on which it falls; "this year, the anniversary of" is another."""
    first, last = edtf_bounds(event.edtf)
    falls = bool(said.earliest and said.latest) and said.earliest <= last and first <= said.latest
    short = falls and int(said.latest[:4]) - int(said.earliest[:4]) <= 1
    return short or bool(re.fullmatch("(?:[’']s)?\\s", text[said.end : event.start]))


def _with_open_end(date: _Date, text: str) -> _Date:
    """The date as it is, or open to the right after "since", to the left after "until"."""
    before = text[max(date.start - 16, 0) : date.start]
    if "/" not in date.edtf and PATTERNS["since"].search(before):
        return date._replace(edtf=f"{date.edtf}/..", latest="")
    if "/" not in date.edtf and PATTERNS["until"].search(before):
        return date._replace(edtf=f"../{date.edtf}", earliest="")
    return date


def _known_day(date: _Date, text: str, document: Bounds | None) -> _Date:
    """A day that texts name without its year ("the attacks of 11 September"), in its year."""
    for words, near, day, source in KNOWN_DAYS:
        around = text[max(date.start - 200, 0) : date.end + 200]
        later = document is not None and document[1] >= day
        if later and re.fullmatch(words, date.text) and re.search(near, around):
            known = {"value": day, "edtf": day, "earliest": day, "latest": day, "precision": "day"}
            return date._replace(**known, basis=_NAMED, anchor=source)
    return date


def _with_known(date: _Date, event: Known | Summit) -> _Date:
    edtf = event.edtf
    precision = "interval" if "/" in edtf else {4: "year", 7: "month", 10: "day"}[len(edtf)]
    known = (edtf, edtf, *edtf_bounds(edtf), precision, _NAMED, event.fact_id)
    return _Date(date.start, date.end, date.text, *known)


def _named_in(names: Names, span: Span) -> str:
    first, last = (bisect_left(names, (place,)) for place in span)
    return ";".join(dict.fromkeys(name.actor for name in names[first:last]))


def _label(text: str, clause: Span, date: Span) -> str:
    """The clause, or 140 characters of it: from its beginning if the date is in them."""
    first, last = clause = min(clause[0], date[0]), max(clause[1], date[1])
    if last - first > LONGEST_LABEL:
        room = LONGEST_LABEL - 2
        first = first if date[1] - first <= room else max(first, date[1] - room // 2)
        while clause[0] < first < date[0] and not text[first - 1].isspace():
            first += 1
        last = max(min(last, first + room), date[1])
        while date[1] < last < clause[1] and not text[last].isspace():
            last -= 1
    words = " ".join(text[first:last].split())
    return f"{'…' * (first > clause[0])}{words}{'…' * (last < clause[1])}"
