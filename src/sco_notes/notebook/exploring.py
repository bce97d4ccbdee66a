"""One look at a corpus: a term, an actor and a period as counts, passages, tone and dates, side by side.

`explore` is an ordinary function; `explorer` puts controls before it.
"""

import json
import re
from collections.abc import Callable
from html import escape
from pathlib import Path

import numpy as np
import pandas as pd

from ..charts import plot_actors, plot_timeline, plot_trend
from ..charts.figure import _shown, narrow
from ..errors import SCONotesError, counted, nearest
from ..files import data_folder
from ..sentiment import summarise_actors
from ..tables.study import DERIVED, StoredTables, Tables, corpora, load
from ..terms import concordance, frequency_of, periods, read_stopwords
from . import findings, select
from .display import Finding, _show, actor_names, term_rows

PASSAGES, CHARACTERS_AROUND = 8, 70
MOST_MARKS = 12  # dated statements drawn one by one
MOST_OFFERED = 2000  # words that the list of terms completes as one types
_GRID = "display:grid;grid-template-columns:repeat(auto-fit,minmax(min(24rem,100%),1fr));gap:0 1.5rem"
_CELL = "min-width:0;overflow-x:auto"
Years = tuple[int | None, int | None]


def explore(
    corpus: str | Path | Tables | StoredTables = "chronicle",
    term: str = "",
    actor: str = "",
    period: Years = (None, None),
    scorer: str = "best",
) -> None:
    """Show how often a term occurs in a corpus, in which passages, how an actor is spoken of, and which dates
    are named with it.

    What cannot be shown is said in a sentence: nothing is raised for a corpus, a term, an actor or a period
    that is not there.

    Parameters
    ----------
    corpus : what `load` takes, or what it returned, which is quicker.
    term : a word, a term group, or with the texts any phrase as `concordance` reads it.
    actor : an id or a name.
    period : the first and the last year of the documents, None for no bound. Without bounds, documents that
        state no year count as well.
    scorer : the scorer of the tone; "best" takes mpnet where the corpus has its scores, else linear.

    >>> explore("chronicle", term="summit", actor="KAZ", period=(2001, 2010))
    How often
    “summit” occurs ... times in ... of 21 documents: ... per 1,000 tokens (95% interval ...
    ...
    """
    try:
        study = _during(load(corpus) if isinstance(corpus, str | Path) else corpus, *period)
    except SCONotesError as error:
        return _show(f"<p>{escape(str(error))}</p>", str(error))
    term, actor = term.strip(), actor.strip()
    views = {
        "How often": lambda: _count(study, term) if term else ["No term was chosen."],
        "In context": lambda: _context(study, term) if term else ["No term was chosen."],
        "In what tone": lambda: _tone(study, actor, scorer) if actor else ["No actor was chosen."],
        "Dated statements": lambda: _dates(study, actor),
    }
    html = plain = ""
    with narrow():
        for heading, view in views.items():
            body, words = _rendered(view)
            html += f'<section style="{_CELL}"><h3>{heading}</h3>{body}</section>'
            plain += f"{heading}\n{words}\n\n"
    _show(f'<div class="sco-explore" style="{_GRID}">{html}</div>', plain.strip())


def explorer(corpus: str | Path = "chronicle"):
    """Return controls for `explore`: corpus, term, actor and years; each change shows its four views again,
    under the call that shows the same in a cell.
    """
    try:
        import ipywidgets as widgets
    except ImportError:
        raise SCONotesError(
            "the controls need a package: pip install ipywidgets; sn.explore works without"
        ) from None

    # No widgets.Dropdown: JupyterLab takes the keys of a list for its own (x cuts the cell).
    names = list(dict.fromkeys([*corpora(), str(corpus)]))
    chosen = widgets.ToggleButtons(options=names, value=str(corpus), **_labelled("Corpus", "auto"))
    page = widgets.VBox([chosen])

    def open_corpus(_=None) -> None:
        page.children = [chosen, widgets.Label(f"Reading {chosen.value} …")]
        try:
            study = load(chosen.value)
        except SCONotesError as error:
            page.children = [chosen, widgets.Label(str(error))]
            return
        controls = _controls(study)
        every = controls["first"].min, controls["first"].max

        def show(term: str, actor: str, **years: int) -> None:
            period: Years = (years["first"], years["last"])
            written = [json.dumps(text, ensure_ascii=False) for text in (chosen.value, term, actor)]
            call = "sn.explore({}, term={}, actor={}".format(*written)
            call += ")" if period == every else f", period={period})"
            _show(f'<p>The same in a cell of its own:</p><pre class="sco-call">{escape(call)}</pre>', call)
            explore(study, term, actor, (None, None) if period == every else period)

        row = widgets.HBox(list(controls.values()), layout={"flex_flow": "row wrap"})
        page.children = [chosen, row, widgets.interactive_output(show, controls)]

    chosen.observe(open_corpus, names="value")
    open_corpus()
    return page


def _controls(study: Tables | StoredTables) -> dict:
    """Term, actor, first and last year, set to something that is there in this corpus."""
    import ipywidgets as widgets

    plain = study.terms[~study.terms["term"].isin(read_stopwords())].groupby("term", observed=True)["n"].sum()
    plain = plain[~plain.index.astype(str).str.isdigit()]
    plain = plain.sort_values(ascending=False, kind="stable").head(MOST_OFFERED)
    names = actor_names(study)
    years = study.documents["year"].dropna()
    first, last = (int(years.min()), int(years.max())) if len(years) else (0, 0)

    def choice(label: str, options: list[str]):
        value = options[0] if options else ""
        typed = {"continuous_update": False, "placeholder": "clear to see the list"}
        return widgets.Combobox(options=options, value=value, **typed, **_labelled(label, "24em"))

    def year(label: str, value: int):
        bounds = {"min": first, "max": last, "disabled": years.empty}
        return widgets.BoundedIntText(value=value, **bounds, **_labelled(label, "12em"))

    return {
        "term": choice("Term", [*study.groups["group"].value_counts().index, *plain.index]),
        "actor": choice("Actor", [names.get(id, id) for id in study.mentions["actor"].value_counts().index]),
        "first": year("From year", first),
        "last": year("To year", last),
    }


def _labelled(label: str, width: str) -> dict:
    return {"description": label, "style": {"description_width": "5.5em"}, "layout": {"width": width}}


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
            span = f"its documents are of {years.min()} to {years.max()}" if len(years) else ""
            raise SCONotesError(f"{study.name} has no document{asked}; {span or 'it states no years'}.")
    return Tables(study.name, **tables, actors=study.actors)


def _places(study: Tables, term: str) -> pd.DataFrame:
    """The places of a term group, or with the texts those of a word or a phrase."""
    found = study.groups[study.groups["group"].str.lower() == term.lower()]
    return concordance(study.documents, term) if found.empty and study.has_texts else found


def _count(study: Tables, term: str) -> list:
    places = _places(study, term)
    groups = None if places.empty else places.assign(group=term)
    overall = frequency_of(study.terms.assign(all=""), [term], by="all", groups=groups).iloc[0]
    documents = counted(len(study.documents), "document")
    if not overall["n"]:
        return [_absent(study, term, documents)]
    over = "documents" if overall["interval"] == "documents" else "these texts alone (Poisson)"
    by_year = frequency_of(study.terms, [term], by="year", groups=groups)
    one_year = "The documents are of one year, so there is no line to draw."
    return [
        f"“{term}” occurs {counted(overall['n'], 'time')} in {overall['n_documents']:,} of {documents}: "
        f"{overall['per_1000']:.2f} per 1,000 tokens "
        f"(95% interval {overall['low']:.2f} to {overall['high']:.2f}, over {over}).",
        plot_trend(by_year) if len(by_year) > 1 else one_year,
    ]


def _absent(study: Tables, term: str, documents: str) -> str:
    few = ", ".join(study.groups["group"].value_counts().index[:5])
    said = f"does not occur in {documents}."
    if not study.has_texts:
        said = f"is no word and no term group in {documents}; phrases can be looked up only in texts."
    near = nearest(term.lower(), {*study.terms["term"].unique(), *study.groups["group"].unique()}, 0.75)
    return f"“{term}” {said}" + f" Is “{near}” meant?" * bool(near) + f" Term groups here: {few}." * bool(few)


def _context(study: Tables, term: str) -> list:
    if not study.has_texts:
        rows = term_rows(study, [term.lower()], each=PASSAGES)
        most = ", ".join(f"{row.doc_id} ({row.n:,})" for row in rows.itertuples())
        return [select.texts_missing(study), *([f"It occurs most often in {most}."] if most else [])]
    places = _places(study, term)
    if places.empty:
        return [f"No passage has “{term}”."]
    chosen = places.iloc[np.unique(np.linspace(0, len(places) - 1, PASSAGES).round().astype(int))]
    said = counted(len(places), "passage")
    if len(places) > len(chosen):
        said = f"{len(chosen)} of {said}, evenly spaced through the texts"
    rows = [_passage(study, *place) for place in chosen[["doc_id", "start", "end"]].values]
    item = "<li>…{}<strong>{}</strong>{}… <small>{}</small></li>"
    items = "".join(item.format(*map(escape, row)) for row in rows)
    plain = "\n".join("…{}[{}]{}… {}".format(*row) for row in rows)
    return [f"{said}:", {"text/html": f"<ul>{items}</ul>", "text/plain": plain}]


def _passage(study: Tables, doc_id: str, start: int, end: int) -> tuple[str, str, str, str]:
    """What comes before, the words, what comes after, and the document."""
    text = study.documents.at[doc_id, "text"]
    before, after = text[max(0, start - CHARACTERS_AROUND) : start], text[end : end + CHARACTERS_AROUND]
    before = re.sub(r"^\S*\s", "", before) if start > CHARACTERS_AROUND else before  # no half words
    after = re.sub(r"\s\S*$", "", after) if end + CHARACTERS_AROUND < len(text) else after
    before, node, after = (re.sub(r"\s+", " ", words) for words in (before, text[start:end], after))
    return before, node, after, doc_id


def _tone(study: Tables, asked: str, scorer: str) -> list:
    if scorer == "best":
        scorer = "mpnet" if "mpnet" in select.scorers(study) else "linear"
    actor, mentions = select.actor(study, asked), select.mentions(study, scorer)
    if not (mentions["actor"] == actor.id).any():
        return [f"These documents do not name {actor.in_prose}."]
    mentions = mentions[mentions["valence"].notna()]
    if not (mentions["actor"] == actor.id).any():
        return [f"No sentence that names {actor.in_prose} was scored: the scorers read English only."]
    # All actors, as in notebook 2: the verdict on one is corrected for their number.
    summary = {scorer: summarise_actors(mentions, baseline="actors")}
    said = findings.focus(study, mentions, summary, scorer, actor)
    parts = [said, *([_baseline(said, summary[scorer])] if isinstance(said, Finding) else [])]
    by_period = mentions.assign(period=periods(mentions["year"])).dropna(subset=["period"])
    by_period = summarise_actors(by_period, by="period", actors=[actor.id])
    by_period = by_period[by_period["n"] > 0].drop(columns="baseline")
    if len(by_period) > 1:
        parts.append(plot_actors(by_period, label="period", title=f"Tone towards {actor.in_prose}"))
    table = pd.read_csv(data_folder() / "accuracy.csv")
    values = table.loc[(table["method"] == scorer) & (table["measure"] == "macro-F1"), "value"]
    return [
        *parts,
        f"On texts that people have labelled the scorer “{scorer}” has a macro-F1 of {values.min():.2f} to "
        f"{values.max():.2f} (guessing: 0.33): read the mean, not the single sentence.",
    ]


def _baseline(said: Finding, summary: pd.DataFrame) -> str:
    """What the tone is held against, in words."""
    value = summary["baseline"].iloc[0]
    level = f"the mean of the means of all actors with five sentences or more ({value:+.2f})"
    if said.unit == "difference within speakers":
        level = "each state's own level, the mean of its means towards all other actors"
    elif pd.isna(value):
        level = "there is none, since no actor is named in five sentences or more"
    return f"The baseline, as in notebook 2: {level}. What a state says of itself is left out."


def _dates(study: Tables, asked: str) -> list:
    events, about = study.events, ""
    if asked:
        about = f" naming {select.actor(study, asked).in_prose}"
        events = select.events(study, asked)
    if events.empty:
        return [f"There are no dated statements{about} in these documents."]
    documents = counted(events["doc_id"].nunique(), "document")
    sentence = f"{counted(len(events), 'dated statement')}{about}, in {documents}."
    return [sentence, plot_timeline(events, top=MOST_MARKS)]


def _rendered(view: Callable[[], list]) -> tuple[str, str]:
    """The parts of a view as HTML and as plain text."""
    try:
        parts = [_bundle(part) for part in view()]
    except SCONotesError as error:
        parts = [_bundle(str(error))]
    return "".join(each["text/html"] for each in parts), "\n".join(each["text/plain"] for each in parts)


def _bundle(part) -> dict:
    """A finding, a sentence, or a chart in the forms that a notebook shows."""
    import matplotlib.pyplot as plt

    if isinstance(part, Finding):
        return part._repr_mimebundle_()
    if isinstance(part, str):
        return {"text/html": f"<p>{escape(part)}</p>", "text/plain": part}
    if isinstance(part, dict):
        return part
    shown = _shown(part.figure)
    plt.close(part.figure)  # the notebook would show it once more
    return shown
