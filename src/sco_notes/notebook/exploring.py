"""One look at a corpus: a term, an actor and a period as counts, passages, tone and dates, side by side.

An ordinary function, which the controls of a notebook call (see `controls`).
"""

import re
from collections.abc import Callable
from html import escape
from pathlib import Path

import numpy as np
import pandas as pd

from ..actors import actor_table
from ..charts import alternative_text, plot_actors, plot_timeline, plot_trend
from ..charts.figure import close_figure, figure_html, narrow
from ..corpus.frames import check_choice
from ..errors import SCONotesError
from ..files import data_folder
from ..sentiment import summarise_actors
from ..tables.study import DERIVED, StoredTables, Tables, load, scored
from ..terms import concordance, frequency_of, periods
from .display import _show, counted, term_rows

_PASSAGES, _AROUND = 8, 70  # how many passages, and characters on each side
_MARKS = 12  # dated statements drawn one by one
_GRID = "display:grid;grid-template-columns:repeat(auto-fit,minmax(min(24rem,100%),1fr));gap:0 1.5rem"
_CELL = "min-width:0;overflow-x:auto"
_VERDICTS = {
    "warmer": "is warmer than that",
    "cooler": "is cooler than that",
    "not told apart": "cannot be told apart from it",
}


def explore(
    corpus: str | Path | Tables | StoredTables = "chronicle",
    term: str = "",
    actor: str = "",
    period: tuple[int | None, int | None] = (None, None),
    scorer: str = "linear",
) -> None:
    """Show what a corpus says: how often a term stands there, in which passages, how an actor is spoken of,
    and which dates are named beside it.

    `corpus` is what `load` takes, or what it returned, which is quicker; `term` a word or a term group, and
    where the texts are at hand any phrase as `concordance` reads it; `actor` an id or a name; `period` the
    first and last year of the documents looked at, None for no bound (without bounds, documents that state
    no year are looked at as well). What cannot be shown is said in a sentence: nothing is raised for a
    corpus, a term, an actor or a period that is not there.

    >>> explore("chronicle", term="summit", actor="KAZ", period=(2001, 2010))
    How often
    “summit” occurs ... times in ... of 21 documents: ... per 1,000 tokens (95% interval ...
    ...
    """
    try:
        whole = load(corpus) if isinstance(corpus, (str, Path)) else corpus
        study = _during(whole, *period)
    except SCONotesError as error:
        _show({"text/plain": str(error), "text/html": f"<p>{escape(str(error))}</p>"})
        return
    views = {
        "How often": lambda: _count(study, term.strip()),
        "In context": lambda: _context(study, term.strip()),
        "In what tone": lambda: _tone(study, actor.strip(), scorer),
        "Dated statements": lambda: _dates(study, actor.strip()),
    }
    html, plain = "", ""
    with narrow():
        for heading, view in views.items():
            body, words = _rendered(view)
            html += f'<section style="{_CELL}"><h3>{heading}</h3>{body}</section>'
            plain += f"{heading}\n{words}\n\n"
    _show(
        {"text/html": f'<div class="sco-explore" style="{_GRID}">{html}</div>', "text/plain": plain.strip()}
    )


def _during(study: Tables | StoredTables, first: int | None, last: int | None) -> Tables:
    """The tables of the documents of some years."""
    if first is not None and last is not None and last < first:
        raise SCONotesError(f"The period ends ({last}) before it begins ({first}).")
    tables = {name: getattr(study, name) for name in ["documents", *DERIVED]}
    if first is not None or last is not None:
        low, high = (-9999 if first is None else first), (9999 if last is None else last)
        tables = {name: rows[rows["year"].between(low, high)] for name, rows in tables.items()}
        if tables["documents"].empty:
            asked = f" from {first}" * (first is not None) + (f" to {last}" if last is not None else " on")
            years = study.documents["year"].dropna()
            there = (
                f"its documents are of {years.min()} to {years.max()}" if len(years) else "it states no years"
            )
            raise SCONotesError(f"{study.name} has no document{asked}; {there}.")
    return Tables(study.name, **tables, actors=study.actors)


def _count(study: Tables, term: str) -> list:
    if not term:
        return ["No term was chosen."]
    groups = _places(study, term)
    overall = frequency_of(study.terms.assign(all=""), [term], by="all", groups=groups).iloc[0]
    if not overall["n"]:
        return [_absent(study, term)]
    over = "documents" if overall["interval"] == "documents" else "these texts alone (Poisson)"
    sentence = (
        f"“{term}” occurs {counted(int(overall['n']), 'time')} in {overall['n_documents']:,} of "
        f"{counted(len(study.documents), 'document')}: {overall['per_1000']:.2f} per 1,000 tokens "
        f"(95% interval {overall['low']:.2f} to {overall['high']:.2f}, over {over})."
    )
    by_year = frequency_of(study.terms[study.terms["year"].notna()], [term], by="year", groups=groups)
    if len(by_year) < 2:
        return [sentence, "The documents are of one year, so there is no line to draw."]
    return [sentence, plot_trend(by_year)]


def _context(study: Tables, term: str) -> list:
    if not term:
        return ["No term was chosen."]
    if not study.has_texts:
        rows = term_rows(study, [term.lower()], each=_PASSAGES)
        most = ", ".join(f"{doc_id} ({n:,})" for doc_id, n in zip(rows["doc_id"], rows["n"], strict=True))
        return [_dark(study), *([f"It stands most often in {most}."] if most else [])]
    places = _group(study, term)
    places = concordance(study.documents, term) if places is None else places
    if places.empty:
        return [f"No passage has “{term}”."]
    chosen = places.iloc[np.unique(np.linspace(0, len(places) - 1, _PASSAGES).round().astype(int))]
    said = counted(len(places), "passage")
    if len(places) > len(chosen):
        said = f"{len(chosen)} of {said}, evenly spaced through the texts"
    return [f"{said}:", [_passage(study, *place) for place in chosen[["doc_id", "start", "end"]].values]]


def _passage(study: Tables, doc_id: str, start: int, end: int) -> tuple[str, str, str, str]:
    """What stands before, the words, what stands after, and in which document."""
    text = study.documents.at[doc_id, "text"]
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    before = re.sub(r"^\S*\s", "", before) if start > _AROUND else before  # no half words
    after = re.sub(r"\s\S*$", "", after) if end + _AROUND < len(text) else after
    before, node, after = (re.sub(r"\s+", " ", words) for words in (before, text[start:end], after))
    return before, node, after, doc_id


def _tone(study: Tables, actor: str, scorer: str) -> list:
    if not actor:
        return ["No actor was chosen."]
    actor, name = _known(study, actor)
    mentions = scored(study, scorer)
    mentions = mentions[mentions["reading"] != "place"]
    if not (mentions["actor"] == actor).any():
        return [f"These documents do not name {name}."]
    mentions = mentions[mentions["valence"].notna()]
    if not (mentions["actor"] == actor).any():
        return [f"No sentence that names {name} was scored: the scorers read English only."]
    # All actors, as in notebook 2: the verdict on one is corrected for their number.
    row = summarise_actors(mentions).set_index("actor").loc[actor]
    others = f"{counted(int(row['n']), 'sentence')} of {counted(int(row['n_documents']), 'document')}"
    own = f"; its own state does in {row['n_own']:,}, left out here" if row["n_own"] else ""
    sentence = f"Others name {name} in {others}{own}."
    if row["verdict"] == "too few":
        singles = f" Their valences: {row['singles']}." if row["singles"] else ""
        return [f"{sentence} That is too few for a mean.{singles}"]
    spread = (
        f"95% interval {row['low']:+.2f} to {row['high']:+.2f}, over {row['interval']}"
        if row["interval"] != "none"
        else "no interval: all are equal"
    )
    sentence += (
        f" Mean valence {row['mean']:+.2f} ({spread}); the mean of all mentions is {row['baseline']:+.2f}; "
        f"{name} {_VERDICTS[row['verdict']]}."
    )
    by_period = mentions.assign(period=periods(mentions["year"])).dropna(subset=["period"])
    by_period = summarise_actors(by_period, by="period", actors=[actor])
    by_period = by_period[by_period["n"] > 0].drop(columns="baseline")
    if len(by_period) < 2:
        return [sentence, _accuracy(scorer)]
    return [sentence, plot_actors(by_period, label="period", title=f"Tone towards {name}"), _accuracy(scorer)]


def _accuracy(scorer: str) -> str:
    """How often the method is right, in a sentence."""
    table = pd.read_csv(data_folder() / "accuracy.csv")
    values = table.loc[(table["method"] == scorer) & (table["measure"] == "macro-F1"), "value"]
    return (
        f"On texts that people have labelled the scorer “{scorer}” has a macro-F1 of {values.min():.2f} to "
        f"{values.max():.2f} (guessing: 0.33): read the mean, not the single sentence."
    )


def _dates(study: Tables, actor: str) -> list:
    events, about = study.events, ""
    if actor:
        actor, name = _known(study, actor)
        events, about = events[[actor in each.split(";") for each in events["actors"]]], f" naming {name}"
    if events.empty:
        return [f"There are no dated statements{about} in these documents."]
    documents = counted(events["doc_id"].nunique(), "document")
    sentence = f"{counted(len(events), 'dated statement')}{about}, in {documents}."
    return [sentence, plot_timeline(events, top=_MARKS)]


def _group(study: Tables, term: str) -> pd.DataFrame | None:
    """The places of a term group; None where the term is none."""
    found = study.groups[study.groups["group"].str.lower() == term.lower()]
    return found if len(found) else None


def _places(study: Tables, term: str) -> pd.DataFrame | None:
    """The places of a term where they are not simply the counts of one word: of a group, or of a phrase."""
    group = _group(study, term)
    if group is None and study.has_texts and not (study.terms["term"] == term.lower()).any():
        group = concordance(study.documents, term)
    return None if group is None else group.assign(group=term)


def _absent(study: Tables, term: str) -> str:
    known = ", ".join(study.groups["group"].value_counts().index[:5])
    groups = f" Term groups here: {known}." if known else ""
    where = f"in {counted(len(study.documents), 'document')}"
    if study.has_texts:
        return f"“{term}” does not occur {where}.{groups}"
    return f"“{term}” is no word and no term group {where}; phrases can be looked up only in texts.{groups}"


def _dark(study: Tables) -> str:
    return (
        f"The texts of {study.name} are not at hand, so no passage can be shown. "
        f"If you may have them: sco-notes texts {study.name} --help"
    )


def actor_names(study: Tables | StoredTables) -> dict[str, str]:
    return actor_table(study.actors).drop_duplicates("actor").set_index("actor")["name"].to_dict()


def _known(study: Tables, actor: str) -> tuple[str, str]:
    """The id of an actor, asked for by id or name, and its name as a sentence has it."""
    names = actor_names(study)
    ids = {name.casefold(): id for id, name in names.items()} | {id.casefold(): id for id in names}
    if actor.casefold() not in ids:
        check_choice("actor", actor, [*names, *names.values()])
    id = ids[actor.casefold()]
    return id, actor_table(study.actors).set_index("actor").at[id, "in_prose"]


def _rendered(view: Callable[[], list]) -> tuple[str, str]:
    """The parts of a view (sentences, lists of passages, charts) as HTML and as plain text."""
    try:
        parts = view()
    except SCONotesError as error:
        parts = [str(error)]
    html, plain = [], []
    for part in parts:
        if isinstance(part, str):
            html.append(f"<p>{escape(part)}</p>")
            plain.append(part)
        elif isinstance(part, list):
            html.append("<ul>")
            for row in part:
                before, node, after, doc_id = map(escape, row)
                html.append(f"<li>…{before}<strong>{node}</strong>{after}… <small>{doc_id}</small></li>")
                plain.append("…{}[{}]{}… {}".format(*row))
            html.append("</ul>")
        else:
            html.append(figure_html(part.figure))
            plain.append(alternative_text(part))
            close_figure(part.figure)
    return "".join(html), "\n".join(plain)
