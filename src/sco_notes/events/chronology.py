"""Dated statements against known facts: which are found, which are missing, which are contradicted."""

import re

import pandas as pd

from ..corpus.edtf import edtf_bounds
from ..errors import require_columns
from .named import find_named

CLAIM_COLUMNS = ["fact_id", "date", "earliest", "latest", "claim", "event", "place", "source_title", "status"]
CLAIM_COLUMNS += ["statements", "documents", "doc_ids"]


def compare_events(events: pd.DataFrame, chronology: pd.DataFrame) -> pd.DataFrame:
    """Which claims of the chronology the statements make, and which dates they give instead.

    `events` is what `find_events` returns, `chronology` what `read_chronology` returns. One row a claim, with
    fact_id, date, earliest, latest, claim (accepted or conflicting, of a source; or statement, of a text),
    event, place, source_title (for a statement: the documents), status, statements and documents (how many),
    doc_ids. In the chronology's order, a fact's claims together.

    status: "found" where a statement has exactly the claim's bounds and is about it: it names one of the
    actors of the fact, its document names the place in a statement, or its label shares a word of four
    letters or more with the event (of a conflicting claim: or its document has the accepted date too);
    "missing" where none does; "contradicted" for a conflicting claim that a statement makes, and for a
    summit that a text names by number or place ("the Qingdao summit", with its label) and gives a day or
    days that do not overlap the accepted date. A wider date ("June 2018") neither finds nor contradicts.
    Raises SCONotesError for missing columns.
    """
    require_columns(events, "doc_id", "start", "end", "edtf", "earliest", "latest", "precision", "actors")
    require_columns(chronology, "fact_id", "date", "claim", "event", "place", "actors", "source_title")
    by_bounds = _by_bounds(events)
    taken = _accepted_words(chronology)
    told = {key: {row.doc_id for row in rows} for key, rows in by_bounds.items()}
    places = _places(events)
    misdated = _misdated(events, chronology)
    rows = []
    for fact_id, claims in chronology.groupby("fact_id", sort=False):
        accepted = claims.iloc[0]
        stated = set()
        for claim in claims.itertuples():
            bounds = edtf_bounds(claim.date)
            same = [row for row in by_bounds.get(bounds, []) if _is_rival_free(row, claim, taken)]
            known = told.get(edtf_bounds(accepted.date), set()) if claim.claim == "conflicting" else set()
            about = [row for row in same if row.doc_id in known or _is_about(row, claim, places)]
            status = ("found" if claim.claim == "accepted" else "contradicted") if about else "missing"
            rows.append(_claim(claim, claim.date, claim.claim, claim.source_title, status, about))
            stated.add(bounds)
        for bounds, about in misdated.get(fact_id, {}).items():
            if bounds not in stated:
                source = ", ".join(dict.fromkeys(str(row.doc_id) for row in about))
                rows.append(_claim(accepted, about[0].edtf, "statement", source, "contradicted", about))
    return pd.DataFrame(rows, columns=CLAIM_COLUMNS)


def _by_bounds(events: pd.DataFrame) -> dict[tuple[str, str], list]:
    """The statements by their bounds; "on 10 and 11 June" also stands for both days."""
    found: dict[tuple[str, str], list] = {}
    last = None
    for row in events.itertuples():
        if getattr(row, "basis", "") == "named event":  # its date came from the chronology
            continue
        found.setdefault((row.earliest, row.latest), []).append(row)
        if last is not None and last.doc_id == row.doc_id and 0 < row.start - last.end <= len(" and "):
            found.setdefault((last.earliest, row.latest), []).append(row)
        last = row
    return found


def _accepted_words(chronology: pd.DataFrame) -> dict[tuple[str, str], dict[str, set[str]]]:
    """What happened when, as far as it is accepted: bounds to facts to the words of their events."""
    taken: dict[tuple[str, str], dict[str, set[str]]] = {}
    for fact in chronology[chronology["claim"] == "accepted"].itertuples():
        taken.setdefault(edtf_bounds(fact.date), {})[fact.fact_id] = _words(fact.event)
    return taken


def _places(events: pd.DataFrame) -> dict[object, set[str]]:
    """The places that the statements of a document name."""
    places: dict[object, set[str]] = {}
    if "place" in events:
        for doc_id, place in zip(events["doc_id"], events["place"], strict=True):
            places.setdefault(doc_id, set()).update(filter(None, place.split(";")))
    return places


def _is_rival_free(row, claim, taken: dict) -> bool:
    """Of a conflicting claim: the statement has more words of its event than of any other on that date.

    On 14 June 2001 the SCO was not founded, but Uzbekistan was admitted.
    """
    if claim.claim != "conflicting":
        return True
    words, others = _label_words(row), taken.get((row.earliest, row.latest), {})
    shared = [len(words & theirs) for fact, theirs in others.items() if fact != claim.fact_id]
    return len(words & _words(claim.event)) > max(shared, default=-1)


def _is_about(row, claim, places: dict[object, set[str]]) -> bool:
    states = set(claim.actors.split(";")) | {"SCO"}
    named = states & set(row.actors.split(";")) or claim.place in places.get(row.doc_id, set())
    return bool(named or _label_words(row) & _words(f"{claim.event} {claim.place}"))


def _label_words(row) -> set[str]:
    label = getattr(row, "label", None)
    return _words(label) if isinstance(label, str) else set()


def _words(text: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[^\W\d_]{4,}", text)}


def _misdated(events: pd.DataFrame, chronology: pd.DataFrame) -> dict[str, dict[tuple[str, str], list]]:
    """The days that statements give for a summit they name, where they miss its accepted date."""
    accepted = chronology[chronology["claim"] == "accepted"].set_index("fact_id")["date"]
    found: dict[str, dict[tuple[str, str], list]] = {}
    if "label" not in events:
        return found
    for row in events[events["precision"].isin(["day", "interval"])].itertuples():
        if row.basis == "named event" or not row.earliest or not row.latest:
            continue
        for name in find_named(row.label, row.latest):
            if name.fact_id not in accepted:
                continue
            first, last = edtf_bounds(accepted[name.fact_id])
            # A summit named by its place alone could be another one of that place in another year.
            same_year = row.earliest[:4] == first[:4] or name.by_number
            if same_year and (row.latest < first or last < row.earliest):
                found.setdefault(name.fact_id, {}).setdefault((row.earliest, row.latest), []).append(row)
    return found


def _claim(fact, date: str, claim: str, source: str, status: str, about: list) -> tuple:
    documents = list(dict.fromkeys(row.doc_id for row in about))
    bounds = (about[0].earliest, about[0].latest) if claim == "statement" else edtf_bounds(date)
    names = ";".join(map(str, documents))
    counts = (len(about), len(documents), names)
    return (fact.fact_id, date, *bounds, claim, fact.event, fact.place, source, status, *counts)
