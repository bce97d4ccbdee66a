"""What a notebook shows in its tables: rows of a corpus chosen, named and put in order for a reader.

Each function returns a table. One that can be empty says why in `table.attrs["note"]`, which `show_table`
then shows.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from .. import terms
from ..corpus.documents import select_documents
from ..corpus.frames import check_choice
from ..events import event_years
from ..sentiment import disputed_mentions, summarise_actors
from ..tables import Tables, evidence, load, scored
from .display import actor_names, actors_of

NO_TEXTS = "The texts are not available, so words cannot be seen side by side."
ORGANISATION = "SCO"  # an actor that every notebook may ask for, whoever is in the corpus's actors.toml


# Terms


def stop_words(use: bool) -> frozenset[str]:
    """Return the project's stop list, or where it is not to be used no word."""
    return terms.read_stopwords() if use else frozenset()


@dataclass(frozen=True)
class Contrast:
    """Two groups of documents side by side: their names, and the keyness and word shift of their terms."""

    target: str
    reference: str
    keyness: pd.DataFrame
    shift: pd.DataFrame

    def __str__(self) -> str:
        return f"{self.target} against {self.reference}"


def contrast(study: Tables, target: str, reference: str, stopwords: Collection[str]) -> Contrast:
    """Compare the documents that meet a condition with all others, or else a corpus with another.

    Parameters
    ----------
    study : the corpus.
    target : a condition such as "year > 2011"; "" takes the whole corpus.
    reference : the corpus to compare with where all documents, or none, meet the condition.
    stopwords : words to leave out.
    """
    chosen = select_documents(study.documents, target)
    if chosen.nunique() == 2:
        shift = terms.word_shift(study.terms, chosen, stopwords)
        return Contrast(target, "the others", terms.keyness(study.terms, chosen, stopwords), shift)
    table = terms.compare_corpora(study.terms, load(reference).terms, stopwords)
    note = "A word shift is drawn between two groups of one corpus."
    shift = _empty(note, "term", "part", "share", "share_reference")
    return Contrast(study.name, f"the corpus {reference}", table, shift)


def clustered_terms(study: Tables, stopwords: Collection[str]) -> pd.DataFrame:
    """Return the eight frequent terms that cluster most: see `dispersion`."""
    if len(study.documents) < 2:
        return _empty("There is one document, so a term cannot be spread over documents.")
    fewest = max(10, int(study.terms["n"].sum() / 5000))
    spread = terms.dispersion(study.terms, stopwords=stopwords, min_n=fewest)
    return spread.sort_values("dp", ascending=False).head(8)


def passages(study: Tables, phrase: str) -> pd.DataFrame:
    """Return the concordance of a phrase, sorted by what follows: doc_id, start, end, left, node, right."""
    if not study.has_texts:
        return _empty(texts_missing(study), "doc_id", "start", "end", "left", "node", "right")
    return terms.concordance(study.documents, phrase, sort="right")


def neighbours(study: Tables, stopwords: Collection[str]) -> pd.DataFrame:
    """Return the neighbouring words of a corpus, by G2 (see `collocations`)."""
    if not study.has_texts:
        return _empty(NO_TEXTS, "term", "collocate", "n", "n_term", "n_collocate", "g2", "pmi")
    return terms.collocations(study.documents, min_n=3, stopwords=stopwords)


def sentence_pairs(study: Tables, stopwords: Collection[str]) -> pd.DataFrame:
    """Return the fifty pairs of terms that share sentences most (see `cooccurrences`)."""
    if not study.has_texts:
        return _empty(NO_TEXTS, "term", "other", "n")
    return terms.cooccurrences(study.documents, min_n=3, stopwords=stopwords).head(50)


def single_changes(
    study: Tables, words: Collection[str], over: str = "year", shortest: int = 3
) -> pd.DataFrame:
    """Return the accepted breaks of each word alone: keyword, at, low, high, p_value (see `find_breaks`)."""
    found = [pd.DataFrame(columns=["keyword", "at", "low", "high", "p_value"])]
    for word in words:
        breaks = terms.find_breaks(study.terms, word, study.groups, over, shortest)
        found.append(breaks.query("accepted").assign(keyword=word))
    return pd.concat(found[1:] or found)[[*found[0]]]


def stage_marks(study: Tables, stage: pd.Series, stopwords: Collection[str]) -> pd.DataFrame:
    """Return the six terms that mark each stage most against all other years (see `keyness`).

    `stage` says for each row of `study.terms` to which stage it belongs (see `stages`). Terms count whose
    q-value is below 0.05 and whose interval lies above 0.
    """
    columns = ["stage", "term", "n", "n_documents", "per_1000", "per_1000_reference", "log_ratio"]
    names = sorted(stage.dropna().unique())
    marks = []
    for name in names if len(names) > 1 else []:
        compared = terms.keyness(study.terms, stage == name, stopwords)
        marks.append(compared.query("q_value < 0.05 and low > 0").head(6).assign(stage=name))
    note = "There is one stage, or no term that marks a stage clearly."
    return pd.concat([_empty(note, *columns, "low", "high"), *marks])[[*columns, "low", "high"]]


# Actors


class Actor(NamedTuple):
    """An actor: its id, its name, and its name as a sentence has it."""

    id: str
    name: str
    in_prose: str


def actor(study: Tables, asked: str) -> Actor:
    """Find an actor of a corpus by its id or its name; raise SCONotesError for one that is not there.

    >>> actor(load("chronicle"), "united states of america").in_prose
    'the United States of America'
    """
    table = actors_of(study)
    ids = {name.casefold(): id for id, name in table["name"].items()} | {
        id.casefold(): id for id in table.index
    }
    id = ids.get(asked.casefold())
    if id is None:
        check_choice("actor", asked, [ORGANISATION, *table.index, *table["name"]])
        return Actor(asked, asked, asked)
    return Actor(id, table.at[id, "name"], table.at[id, "in_prose"])


def mentions(study: Tables, scorer: str, voice: str = "all") -> pd.DataFrame:
    """Return the mentions of actors, capitals that are places left out, with their scores by one scorer.

    `voice` says whose words count: "all", "author" (the text's own) or "quoted" (others', as reported).
    """
    check_choice("voice", voice, ["all", "author", "quoted"])
    found = scored(study, scorer)
    return found[(found["reading"] != "place") & (found["voice"].eq(voice) | (voice == "all"))]


def actors_named(study: Tables, mentions: pd.DataFrame) -> pd.DataFrame:
    """Count the mentions of each actor: name, actor, mentions, documents, own (by the actor's own state)."""
    named = mentions.groupby("actor").agg(
        mentions=("start", "size"), documents=("doc_id", "nunique"), own=("self_mention", "sum")
    )
    named = named.reset_index().sort_values(["mentions", "actor"], ascending=[False, True])
    named.insert(0, "name", named["actor"].map(actor_names(study)))
    return named


def summaries(study: Tables, mentions: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Summarise the same mentions under each scorer of the corpus (see `summarise_actors`), by its name."""
    tables = {name: scored(study, name).loc[mentions.index] for name in _scorers(study)}
    return {name: summarise_actors(table, baseline="actors") for name, table in tables.items()}


def _scorers(study: Tables) -> list[str]:
    return study.scores["scorer"].str.split().str[0].unique().tolist()


def verdicts(summaries: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the verdict on each actor (the rows) under each scorer (the columns)."""
    return pd.DataFrame({name: each.set_index("actor")["verdict"] for name, each in summaries.items()})


def judged(study: Tables, summaries: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the verdicts on actors that are warmer or cooler under at least one scorer, with their names."""
    table = verdicts(summaries)
    table = table[table.isin(["warmer", "cooler"]).any(axis=1)]
    table.insert(0, "name", table.index.map(actor_names(study)))
    return table.reset_index(drop=True)


def tones(study: Tables, summary: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
    """Return what others say of each actor, and where documents speak for several states who says it most."""
    names, others = actor_names(study), mentions[~mentions["self_mention"]]
    shown = summary.assign(name=summary["actor"].map(names))
    columns = ["name", "verdict", "n", "mean", "low", "high", "difference", "q_value", "interval"]
    if study.documents["country"].replace("", pd.NA).nunique() > 1:
        by_speaker = others.groupby(["actor", "country"], observed=True).size()
        most = by_speaker.sort_values(ascending=False, kind="stable").reset_index(name="n")
        most = most.drop_duplicates("actor").set_index("actor")
        speaker = shown["actor"].map(most["country"].astype(str)).map(names)
        share = shown["actor"].map(most["n"] / others["actor"].value_counts())
        shown, columns[3:3] = shown.assign(speaker=speaker, share=share), ["speaker", "share"]
    return shown[columns]


def decade(years: pd.Series) -> pd.Series:
    """Return the decade of each year as text, such as "1990s"; "undated" where the year is missing.

    >>> decade(pd.Series([1992, None], dtype="Int64")).tolist()
    ['1990s', 'undated']
    """
    years = pd.to_numeric(years).astype("Int64")  # of a table without rows it has no type
    begin = (years // 10 * 10).astype(str) + "s"
    return begin.where(years.notna(), "undated")


def on_groups(
    mentions: pd.DataFrame, groups: Mapping[str, Collection[str]], speakers: Collection[str]
) -> pd.DataFrame:
    """Return what some speakers say of groups of actors: the mentions, `actor` the name of the group.

    Parameters
    ----------
    mentions : scored mentions with country (of the speaker), self_mention and year.
    groups : the actors of each group, by its name.
    speakers : the countries whose mentions count. Where fewer than two of them speak, there is nothing to
        compare, and the table is empty.
    """
    group_of = {actor: name for name, actors in groups.items() for actor in actors}
    by = mentions["country"].astype(str).isin(speakers)
    spoken = mentions[by if mentions.loc[by, "country"].nunique() > 1 else by & False]
    spoken = spoken[~spoken["self_mention"] & spoken["actor"].isin(group_of)]
    return spoken.assign(actor=spoken["actor"].map(group_of), decade=decade(spoken["year"]))


def tones_by_decade(spoken: pd.DataFrame) -> pd.DataFrame:
    """Summarise what `on_groups` returned by group and decade; the column `row` names both."""
    table = summarise_actors(spoken, by="decade").drop(columns="baseline")
    table["row"] = table["actor"] + ", " + table["decade"]
    return table.sort_values(["actor", "decade"], ignore_index=True)


def tones_by(study: Tables, mentions: pd.DataFrame, focus: str, by: str) -> pd.DataFrame:
    """Summarise what others say of one actor in groups of documents; the column `group` names them."""
    grouped = mentions.assign(**{by: mentions[by].astype(str)})
    table = summarise_actors(grouped, by=by, actors=[focus])
    table = table[table["n"] > 0].tail(30)
    names = actor_names(study)
    first = ["verdict", "n", "n_documents", "mean", "low", "high", "baseline", "difference", "q_value"]
    table.insert(0, "group", table[by].map(lambda group: names.get(group, group)))
    return table[["group", *first, *table.columns.difference(["group", *first], sort=False)]]


def disputed(study: Tables, mentions: pd.DataFrame, scorer: str, most: int = 5) -> pd.DataFrame:
    """Return the sentences on which a scorer and another one of the corpus differ most."""
    others = [name for name in _scorers(study) if name != scorer]
    if not others:
        return _empty("There is one scorer, so none can differ from it.")
    by_others = mentions[~mentions["self_mention"]].drop(columns=["valence", "scorer"])
    found = disputed_mentions(by_others, study.scores, scorer, others[0])
    found = evidence(study, found.drop_duplicates(["doc_id", "sentence"]).head(most))
    return found[["doc_id", "alias", scorer, others[0], "quote"]]


def extremes(mentions: pd.DataFrame, most: int = 3) -> pd.DataFrame:
    """Return the mentions of the highest and of the lowest valence, each sentence once."""
    once = ["doc_id", "sentence"]
    known = mentions.dropna(subset=["valence"])
    known = known.sort_values(["valence", "doc_id", "start"]).drop_duplicates(once)
    return pd.concat([known.tail(most)[::-1], known.head(most)]).drop_duplicates(once)


def strongest(study: Tables, mentions: pd.DataFrame, actors: Collection[str]) -> pd.DataFrame:
    """Return what others say of some actors, the strongest valence first."""
    found = mentions[~mentions["self_mention"] & mentions["actor"].isin(actors)].dropna(subset=["valence"])
    found = found.sort_values("valence", key=abs, ascending=False, kind="stable")
    found["name"] = found["actor"].map(actor_names(study))
    return found[["name", "doc_id", "sentence", "alias", "valence", "evidence"]]


# Dates


def events(study: Tables, focus: str = "") -> pd.DataFrame:
    """Return the dated statements of a corpus; with `focus` those whose clause names this actor (an id)."""
    check_choice("focus", focus, ["", *study.actors["actor"]])
    named = [not focus or focus in actors.split(";") for actors in study.events["actors"]]
    return study.events.loc[named].assign(named=event_years)


def busiest_year(events: pd.DataFrame) -> pd.DataFrame:
    """Return the statements of the year that is named most often; whole decades and centuries name none."""
    single = events["named"].where(~events["precision"].isin(["decade", "century"]))
    return events[single == single.mode().min()]


def by_decade(events: pd.DataFrame, by: str) -> pd.DataFrame:
    """Count statements since 1900 by group and decade: `by`, decade, n, share (per 100 of the group)."""
    recent = events[events["named"] >= 1900].assign(decade=lambda table: table["named"] // 10 * 10)
    counts = recent.groupby([by, "decade"], observed=True).size().reset_index(name="n")
    counts["share"] = 100 * counts["n"] / counts.groupby(by, observed=True)["n"].transform("sum")
    return counts


def texts_missing(study: Tables) -> str:
    """Say that the texts of a corpus are not available, and how to get them."""
    return (
        f"The texts of {study.name} do not come with this project, so no passage can be shown.\n"
        f"To download them or put them in place: sco-notes texts {study.name} --help"
    )


def _empty(note: str, *columns: str) -> pd.DataFrame:
    """A table without rows that says why."""
    table = pd.DataFrame(columns=list(columns))
    table.attrs["note"] = note
    return table
