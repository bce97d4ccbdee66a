"""Dated statements against known facts: which are found, which are missing, which are contradicted."""

import re
from collections import defaultdict
from itertools import pairwise

import pandas as pd

from ..corpus.edtf import edtf_bounds
from ..errors import require_columns
from .attachment import Bounds
from .named import find_named

CLAIM_COLUMNS = ["fact_id", "date", "earliest", "latest", "claim", "event", "place", "source_title", "status"]
CLAIM_COLUMNS += ["statements", "documents", "doc_ids"]


def compare_events(events: pd.DataFrame, chronology: pd.DataFrame) -> pd.DataFrame:
    """Compare statements with known facts: which claims they make, and which dates they give instead.

    Parameters
    ----------
    events, chronology : what `find_events` and `read_chronology` return

    Returns
    -------
    One row a claim, in the chronology's order: fact_id, date, earliest, latest, claim (accepted or
    conflicting, of a source; or statement, of a text), event, place, source_title (for a statement: the
    documents), status, statements and documents (how many), doc_ids.

    status: "found" where a statement has exactly the claim's bounds and is about it: it names one of the
    actors of the fact, its document names the place in a statement, or its label shares a word of four
    letters or more with the event (of a conflicting claim: or its document has the accepted date too);
    "missing" where none does; "contradicted" for a conflicting claim that a statement makes, and for a
    summit that a text names by number or place ("the Qingdao summit", with its label) and gives a day or
    days that do not overlap the accepted date. A wider date ("June 2018") neither finds nor contradicts.
    """
    require_columns(events, "doc_id", "start", "end", "edtf", "earliest", "latest", "precision", "actors")
    require_columns(chronology, "fact_id", "date", "claim", "event", "place", "actors", "source_title")
    statements = _statements(events)
    stated = _by_bounds(statements)
    accepted = chronology[chronology["claim"] == "accepted"].set_index("fact_id")
    misdated = _misdated(statements, accepted["date"])
    rows = []
    for fact_id, claims in chronology.groupby("fact_id", sort=False):
        fact = claims.iloc[0]
        telling = {row.doc_id for row in stated.get(edtf_bounds(fact.date), [])}  # the accepted date
        for claim in claims.itertuples():
            is_rival, bounds = claim.claim == "conflicting", edtf_bounds(claim.date)
            same = stated.get(bounds, [])
            about = [row for row in same if (is_rival and row.doc_id in telling) or _is_about(row, claim)]
            if is_rival:
                facts = accepted.drop(index=fact_id, errors="ignore").itertuples()
                others = [_words(other.event) for other in facts if edtf_bounds(other.date) == bounds]
                about = [row for row in about if _is_nearest(row, claim, others)]
            status = ("contradicted" if is_rival else "found") if about else "missing"
            rows.append(_claim(claim, claim.date, claim.claim, claim.source_title, status, about))
        known = {edtf_bounds(date) for date in claims["date"]}
        for bounds, about in misdated.get(fact_id, {}).items():
            if bounds not in known:
                rows.append(_claim(fact, about[0].edtf, "statement", "", "contradicted", about))
    return pd.DataFrame(rows, columns=CLAIM_COLUMNS)


def _statements(events: pd.DataFrame) -> list:
    """The rows whose date does not come from the chronology, with the words of the label, the states, and
    the places that the statements of the document name."""
    events = events.assign(**{name: "" for name in ("label", "place", "basis") if name not in events})
    places: defaultdict[object, set[str]] = defaultdict(set)
    for doc_id, place in zip(events["doc_id"], events["place"], strict=True):
        places[doc_id] |= set(filter(None, place.split(";")))
    events["label"] = events["label"].fillna("")
    events["words"] = [_words(label) for label in events["label"]]
    events["states"] = [set(actors.split(";")) for actors in events["actors"]]
    events["places"] = [places[doc_id] for doc_id in events["doc_id"]]
    return list(events[events["basis"] != "named event"].itertuples())


def _by_bounds(statements: list) -> dict[Bounds, list]:
    """The statements by their bounds; "on 10 and 11 June" also stands for both days."""
    found = defaultdict(list)
    for last, row in pairwise([None, *statements]):
        found[row.earliest, row.latest].append(row)
        if last and last.doc_id == row.doc_id and 0 < row.start - last.end <= len(" and "):
            found[last.earliest, row.latest].append(row)
    return found


def _misdated(statements: list, accepted: pd.Series) -> dict[str, dict[Bounds, list]]:
    """The days that statements give for a summit they name, where they miss its accepted date."""
    found: dict[str, dict[Bounds, list]] = defaultdict(lambda: defaultdict(list))
    for row in statements:
        is_exact = row.precision in ("day", "interval") and row.earliest and row.latest
        for *_, summit, by_number in find_named(row.label, row.latest) if is_exact else []:
            if summit.fact_id not in accepted:
                continue
            first, last = edtf_bounds(accepted[summit.fact_id])
            # A summit named by its place alone could be another one of that place in another year.
            same_year = row.earliest[:4] == first[:4] or by_number
            if same_year and (row.latest < first or last < row.earliest):
                found[summit.fact_id][row.earliest, row.latest].append(row)
    return found


def _is_about(row, claim) -> bool:
    is_named = row.states & {*claim.actors.split(";"), "SCO"} or claim.place in row.places
    return bool(is_named or row.words & _words(f"{claim.event} {claim.place}"))


def _is_nearest(row, claim, others: list[set[str]]) -> bool:
    """Whether the statement has more words of the claim's event than of any other on that date: on 14 June
    2001 the SCO was not founded, but Uzbekistan was admitted."""
    shared = [len(row.words & words) for words in others]
    return len(row.words & _words(claim.event)) > max(shared, default=-1)


def _words(text: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[^\W\d_]{4,}", text)}


def _claim(fact, date: str, claim: str, source: str, status: str, about: list) -> tuple:
    documents = list(dict.fromkeys(row.doc_id for row in about))
    source = source or ", ".join(map(str, documents))
    bounds = (about[0].earliest, about[0].latest) if claim == "statement" else edtf_bounds(date)
    counts = len(about), len(documents), ";".join(map(str, documents))
    return (fact.fact_id, date, *bounds, claim, fact.event, fact.place, source, status, *counts)
