"""Statements on one event, in one document or in many, put together under a rule that can be checked."""

import re

import pandas as pd

from ..corpus.edtf import edtf_days
from ..errors import require_columns

MERGED_COLUMNS = ["event", "edtf", "earliest", "latest", "precision", "actors", "place", "label", "modality"]
MERGED_COLUMNS += ["statements", "documents", "claims", "members"]
LONGEST_EVENT = 366  # days; a date as wide as a decade could be any event's


def merge_events(events: pd.DataFrame) -> pd.DataFrame:
    """Statements merged to events, one row an event; the rule is below, the members are kept.

    Two statements are one event if (1) a day lies within the bounds of both, and of all members before;
    (2) they share an actor or a place; (3) their labels share a noun-like word, numbers and function words
    aside; (4) neither is wider than a year or open at an end. They are taken from the narrowest date to the
    widest, and each joins the first event that fits, so a vague statement never joins two exact ones. Without
    labels (texts not at hand) rule 3 asks for equal dates instead.

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
    narrow = [_days(row) for row in events.itertuples()]
    order = sorted(range(len(narrow)), key=lambda at: (narrow[at][1] - narrow[at][0], at))
    statements = list(events.itertuples())
    merged: list[dict] = []
    by_month: dict[int, list[dict]] = {}  # events by the months of their bounds: only neighbours are compared
    for at in order:
        row, (first, last) = statements[at], narrow[at]
        wide = last - first > LONGEST_EVENT
        group = None if wide else _fitting(row, first, last, by_month)
        if group is None:
            group = {"members": [], "first": first, "last": last, "words": _nouns(row), "links": _links(row)}
            merged.append(group)
            for month in () if wide else range(first // 30, last // 30 + 1):
                by_month.setdefault(month, []).append(group)
        else:
            group["first"], group["last"] = max(group["first"], first), min(group["last"], last)
        group["members"].append(row)
    merged.sort(key=lambda group: (*_days(group["members"][0]), *_place_in_text(group["members"][0])))
    table = pd.DataFrame([(number, *_row(group["members"])) for number, group in enumerate(merged)])
    return table.set_axis(MERGED_COLUMNS, axis=1) if len(table) else pd.DataFrame(columns=MERGED_COLUMNS)


def _days(row) -> tuple[int, int]:
    """The first and last day; an open end is out of reach."""
    first, last = edtf_days(f"{row.earliest or '..'}/{row.latest or '..'}")
    return -(10**9) if first is None else first, 10**9 if last is None else last


def _place_in_text(row) -> tuple:
    return row.doc_id, row.start


def _fitting(row, first: int, last: int, by_month: dict[int, list[dict]]) -> dict | None:
    words, links = _nouns(row), _links(row)
    for month in range(first // 30, last // 30 + 1):
        for group in by_month.get(month, []):
            if max(first, group["first"]) > min(last, group["last"]) or not links & group["links"]:
                continue
            same_words = words & group["words"] if words is not None else row.edtf == group["members"][0].edtf
            if same_words:
                return group
    return None


def _nouns(row) -> frozenset[str] | None:
    """The words of a label that may be nouns: of four letters or more, no function word, no date, plural or
    not; None without a label."""
    label = getattr(row, "label", None)
    if not isinstance(label, str):
        return None
    rest = label.replace(" ".join(row.text.split()), " ").lower()
    words = re.findall(r"[^\W\d_]{4,}", rest)
    return frozenset(word.removesuffix("s") for word in words) - _COMMON


def _links(row) -> frozenset[str]:
    return frozenset(filter(None, [*row.actors.split(";"), *getattr(row, "place", "").split(";")]))


def _row(members: list) -> tuple:
    def union(name: str) -> str:
        values = [value for m in members for value in str(getattr(m, name, "")).split(";") if value]
        return ";".join(dict.fromkeys(values))

    head = members[0]
    claims = ";".join(dict.fromkeys(m.edtf for m in members))
    where = ";".join(f"{m.doc_id}:{m.start}" for m in sorted(members, key=_place_in_text))
    dates = (head.edtf, head.earliest, head.latest, head.precision)
    said = (getattr(head, "label", ""), getattr(head, "modality", ""))
    counts = (len(members), len({m.doc_id for m in members}), claims, where)
    return (*dates, union("actors"), union("place"), *said, *counts)


# Words of four letters or more that say nothing about which event it was.
_COMMON = frozenset(
    """about after again also among been before being between both could during each every first from have
    here held hold into last later made make more most must next only other over same shall should since some
    such
    than that their them then there these they this those through under until upon very were what when where
    which while will with within would year month time today state country countrie world international
    january february march april june july august september october november december""".split()
)
