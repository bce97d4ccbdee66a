"""Statements on one event, in one document or in many, put together under a rule that can be checked."""

import re
from collections import defaultdict
from dataclasses import dataclass
from operator import attrgetter

import pandas as pd

from ..corpus.edtf import edtf_days
from ..errors import require_columns
from .attachment import RULES

MERGED_COLUMNS = ["event", "edtf", "earliest", "latest", "precision", "actors", "place", "label", "modality"]
MERGED_COLUMNS += ["statements", "documents", "claims", "members"]
MAX_DAYS = 366  # a date as wide as a decade could be any event's
_MONTH = 30  # days; events are kept by the months of their bounds, so that only neighbours are compared
_OPEN = 10**9  # the number of a day beyond all days
_COMMON = frozenset(RULES["words"]["common"].split())


@dataclass
class _Event:
    """Statements put together, the narrowest first, and the days that lie within the bounds of all."""

    members: list
    first: int
    last: int


def merge_events(events: pd.DataFrame) -> pd.DataFrame:
    """Merge statements to events, one row an event; the rule is below, the members are kept.

    Two statements are one event if (1) a day lies within the bounds of both, and of all members before;
    (2) they share an actor or a place; (3) their labels share a noun-like word, numbers and function words
    aside; (4) neither is wider than a year or open at an end. They are taken from the narrowest date to the
    widest, and each joins the first event that fits, so a vague statement never joins two exact ones. Without
    labels (where the texts are missing) rule 3 asks for equal dates instead.

    `events` is what `find_events` returns. Columns out: event (from 0), edtf, earliest, latest, precision (of
    the narrowest member), actors and place (of all), label, modality (of the narrowest member), statements,
    documents (how many), claims (its dates as the members give them), members ("doc_id:start;..."). Sorted by
    earliest. Raises SCONotesError for missing columns.

    >>> from sco_notes.events import find_events
    >>> texts = ["The SCO adopted its Charter on 7 June 2002.", "In 2002 the SCO adopted a charter."]
    >>> merge_events(find_events(pd.DataFrame({"doc_id": ["a", "b"], "text": texts})))[["edtf", "claims"]]
             edtf           claims
    0  2002-06-07  2002-06-07;2002
    """
    require_columns(events, "doc_id", "start", "edtf", "earliest", "latest", "precision", "actors")
    merged: list[_Event] = []
    by_month: dict[int, list[_Event]] = defaultdict(list)
    for row in _statements(events):
        is_wide = row.last - row.first > MAX_DAYS
        months = () if is_wide else range(row.first // _MONTH, row.last // _MONTH + 1)
        near = (event for month in months for event in by_month[month])
        event = next((event for event in near if _is_on(row, event)), None)
        if event is None:
            event = _Event([], row.first, row.last)
            merged.append(event)
            for month in months:
                by_month[month].append(event)
        event.members.append(row)
        event.first, event.last = max(event.first, row.first), min(event.last, row.last)
    groups = [event.members for event in merged]
    groups.sort(key=lambda members: (members[0].first, members[0].last, members[0].doc_id, members[0].start))
    return pd.DataFrame([(n, *_columns(group)) for n, group in enumerate(groups)], columns=MERGED_COLUMNS)


def _statements(events: pd.DataFrame) -> list:
    """The rows from the narrowest to the widest, with their first and last day, the nouns of the label and
    the actors and places; an open end is out of reach."""
    days = [edtf_days(f"{row.earliest or '..'}/{row.latest or '..'}") for row in events.itertuples()]
    optional = ("place", "modality", "label")
    statements = events.assign(**{name: "" for name in optional if name not in events})
    statements["first"] = [-_OPEN if first is None else first for first, _ in days]
    statements["last"] = [_OPEN if last is None else last for _, last in days]
    statements["nouns"] = [_nouns(row) if "label" in events else None for row in events.itertuples()]
    linked = (statements["actors"] + ";" + statements["place"]).str.split(";")
    statements["links"] = [set(names) - {""} for names in linked]
    return sorted(statements.itertuples(), key=lambda row: row.last - row.first)


def _nouns(row) -> set[str] | None:
    """The words of a label that may be nouns: of four letters or more, no function word, no date, plural or
    not; None without a label."""
    if not isinstance(row.label, str):
        return None
    rest = row.label.replace(" ".join(row.text.split()), " ").lower()
    return {word.removesuffix("s") for word in re.findall(r"[^\W\d_]{4,}", rest)} - _COMMON


def _is_on(row, event: _Event) -> bool:
    head = event.members[0]
    if max(event.first, row.first) > min(event.last, row.last) or not row.links & head.links:
        return False
    return row.edtf == head.edtf if row.nouns is None else bool(row.nouns & (head.nouns or set()))


def _columns(members: list) -> tuple:
    """The columns of an event, from edtf on."""
    head = members[0]
    dates = head.edtf, head.earliest, head.latest, head.precision
    order = sorted(members, key=attrgetter("doc_id", "start"))
    where = ";".join(f"{row.doc_id}:{row.start}" for row in order)
    counts = len(members), len({row.doc_id for row in members}), _united(members, "edtf"), where
    return *dates, _united(members, "actors"), _united(members, "place"), head.label, head.modality, *counts


def _united(members: list, column: str) -> str:
    """The values of a column in all members, each once."""
    values = [value for row in members for value in str(getattr(row, column)).split(";") if value]
    return ";".join(dict.fromkeys(values))
