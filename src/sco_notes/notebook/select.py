"""What a notebook shows in its tables: rows of a corpus chosen, named and put in order for a reader.

Each function returns a table. One that can be empty says why in `table.attrs["note"]`, which `show_table`
then shows.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from .. import terms
from ..actors import actor_table, find_slogans
from ..actors.attribution import SLOGAN, WHOSE
from ..corpus.documents import read_chronology
from ..corpus.frames import check_choice
from ..errors import SCONotesError, check_whole, nearest, require_columns, shown, some
from ..events import event_years
from ..files import data_folder
from ..sentiment import best_scorer, compare_within_speakers, disputed_mentions, summarise_actors
from ..tables import Tables, evidence, load, scored
from ..tables.stored import read_kept
from ..terms.formulas import COLUMNS as FORMULA
from ..terms.groups import is_number
from .display import actor_names

_CONDITION = re.compile(r"\s*(\w+)\s*(==|!=|<=|>=|=|<|>)\s*['\"]?([^<>=&]+?)['\"]?\s*")
_SIGNS = str.maketrans({"≥": ">=", "≤": "<=", "≠": "!="})
_COMPARE = {"=": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}  # methods of a Series
NO_TEXTS = "The texts are not available, so words cannot be seen side by side."
STATES = ("country", "venue")  # columns of documents that hold ids of states
WEST, MEMBERS = "the West", "other SCO states"  # groups of actors that are compared
FEWEST_STATEMENTS = 20  # of a group whose decades are shown
ORGANISATION = "SCO"  # an actor that every notebook may ask for, whoever is in the corpus's actors.toml


# Terms


def stop_words(use: bool) -> frozenset[str]:
    """Return the project's stop list, or where it is not to be used no word."""
    if use not in (True, False):  # "no" would be taken for yes
        raise SCONotesError(f"use_stopwords = {use!r}: True or False is expected, without quotation marks")
    return terms.read_stopwords() if use else frozenset()


@dataclass(frozen=True)
class Contrast:
    """Two groups of documents side by side: their names, the keyness of their terms, a foreign reference."""

    target: str
    reference: str
    keyness: pd.DataFrame
    documents: pd.DataFrame | None = None

    def __str__(self) -> str:
        return f"{self.target} against {self.reference}"


def documents(study: Tables, condition: str) -> pd.Series:
    """Return True for the documents that meet a condition such as "year >= 2017" or "country = KAZ".

    The condition is a column, one of = != < <= > >=, and a value; several are joined by " and ". "country =
    Kazakhstan" is "country = KAZ". An empty condition takes all documents. Raises SCONotesError for what is
    no condition, for a value that no document has, naming those that there are, and where no document meets
    it: a comparison with nothing would answer another question.

    >>> int(documents(load("chronicle"), "year >= 2017").sum())
    15
    """
    chosen = pd.Series(True, index=study.documents.index)
    for part, column, sign, value in _parts(study, condition):
        values = study.documents[column]
        met = getattr(values, _COMPARE[sign])(value).fillna(False).astype(bool)
        if not met.any() or (sign == "!=" and met.all()):
            none = "every" if met.any() else "no"
            raise SCONotesError(f"{none} document has {part!r}; {_values_of(study, column, str(value))}")
        chosen &= met
    if not chosen.any():
        raise SCONotesError(f"no document meets {condition!r}, though some meet each part of it")
    return chosen


def _parts(study: Tables, condition: str) -> Iterator[tuple[str, str, str, str | float]]:
    """Each part of a condition: as it was written, column, sign, and the value that the column may have."""
    table = study.documents
    for part in re.split(r"\s+and\s+", condition.strip(), flags=re.IGNORECASE) if condition.strip() else ():
        match = _CONDITION.fullmatch(part.translate(_SIGNS))
        if not match:
            examples = "'country = KAZ', 'year >= 2017' or 'year >= 2001 and year <= 2005'"
            raise SCONotesError(f"invalid condition {part!r}; write it as {examples}")
        column, sign, value = match[1], match[2].replace("==", "="), match[3]
        wrong = f"condition {part!r}: "
        if column not in table.columns:
            near = nearest(column.lower(), table.columns, 0.7)
            hint = f"is {near!r} meant?" if near else f"columns: {', '.join(table.columns)}"
            raise SCONotesError(f"{wrong}the documents have no column {column!r}; {hint}")
        if pd.api.types.is_numeric_dtype(table[column]):
            if not re.fullmatch(r"-?\d+(\.\d+)?", value):
                raise SCONotesError(f"{wrong}{column} holds numbers, {value!r} is none")
            yield part, column, sign, float(value)
        elif sign not in ("=", "!="):
            raise SCONotesError(f"{wrong}{column} holds words; only = and != compare them, < and > years")
        else:
            yield part, column, sign, _ids(study).get(value.casefold(), value) if column in STATES else value


def _ids(study: Tables, but: str = "metonym") -> dict[str, str]:
    """The ids of actors by their codes, names and demonyms, in lower case; not by capitals."""
    known = study.actors[study.actors["kind"] != but]
    pairs = pd.concat([known[[by, "actor"]].set_axis(["name", "id"], axis=1) for by in ("name", "alias")])
    ids = {str(name).casefold(): id for name, id in pairs.to_numpy()[::-1] if str(name).strip()}
    return ids | {id.casefold(): id for id in known["actor"]}


def _values_of(study: Tables, column: str, value: str) -> str:
    """Which values a column of documents has, and which of them may be meant."""
    values = study.documents[column].dropna()
    there = sorted({*values} - {""}, key=lambda each: str(each).casefold())
    if not there:
        stated = [name for name in study.documents if study.documents[name].replace("", None).notna().any()]
        return f"the documents state no {column}; they have {some([n for n in stated if n != 'text'], 12)}"
    if pd.api.types.is_numeric_dtype(values):
        return f"{column} is from {values.min()} to {values.max()}"
    ids = _ids(study, "") if column in STATES else {each.casefold(): each for each in there}
    near = ids.get(nearest(value.casefold(), ids, 0.6), "")
    hint = f"is {near!r} meant? " if near in there else ""
    return f"{hint}{column} is {some([shown(each, 40) for each in there], 12)}"


def contrast(study: Tables, target: str, reference: str, stopwords: Collection[str]) -> Contrast:
    """Compare the documents that meet a condition with all others, or else a corpus with another.

    Parameters
    ----------
    study : the corpus.
    target : a condition such as "year > 2004"; "" takes the whole corpus.
    reference : the corpus to compare with where all documents meet the condition; "un-debate: country = KAZ"
        takes some documents of it.
    stopwords : words to leave out.
    """
    chosen = documents(study, target)
    if chosen.nunique() == 2:
        name = condition_in_words(study, target)
        return Contrast(name, "the other documents", terms.keyness(study.terms, chosen, stopwords))
    other, _, condition = map(str.strip, reference.partition(":"))
    try:
        known = load(other, texts=False)
    except SCONotesError as error:
        raise SCONotesError(f"reference: write a corpus, or “un-debate: country = KAZ” ({error})") from None
    if not condition and known.digest == study.digest:
        remedy = "name other texts in reference, or some documents in target"
        raise SCONotesError(f"reference = {reference!r}: {study.name} compared with itself; {remedy}")
    chosen = documents(known, condition)
    counts = known.terms[known.terms["doc_id"].map(chosen).astype(bool)]
    name = f"{condition_in_words(known, condition)} in “{other}”" if condition else f"“{other}”"
    table = terms.compare_corpora(counts if study.terms.empty else study.terms, counts, stopwords)
    if study.terms.empty:  # a text of one letter
        table = _empty("The texts have no word of two letters or more: nothing can be compared.", *table)
    return Contrast(f"“{study.name}”", name, table, known.documents[chosen])


_YEARS = {
    "=": "of {}", "!=": "not of {}", ">=": "since {}", ">": "after {}", "<=": "until {}", "<": "before {}",
}  # fmt: skip


def condition_in_words(study: Tables, condition: str) -> str:
    """Say which documents meet a condition (see `documents`).

    >>> condition_in_words(load("chronicle"), "year >= 2017 and country = KAZ")
    'documents since 2017 of Kazakhstan'
    """
    said, names = [], actor_names(study)
    for _, column, sign, value in _parts(study, condition):
        if column == "year" or (column == "country" and value in names):
            said.append(_YEARS[sign].format(f"{value:g}" if column == "year" else names[str(value)]))
        else:
            named = names.get(str(value), value) if column in STATES else value
            said.append(f"whose {column} is {'not ' * (sign == '!=')}{named}")
    return " ".join(["documents", *said])


def words(study: Tables, asked: Collection[str]) -> list[str]:
    """Return the words asked for that the texts have.

    One that occurs nowhere is said in a line and left out. Raises SCONotesError where it is nearly a word or
    term group that does occur, which is taken for a slip, and where none of the words occurs.

    >>> words(load("chronicle"), ["sumit"])
    Traceback (most recent call last):
    sco_notes.errors.SCONotesError: “sumit” occurs nowhere in chronicle; is 'summit' meant?
    """
    if isinstance(asked, str):
        raise SCONotesError(f'words = "{asked}": a list is expected; write ["{asked}"]')
    asked = [word.strip() for word in asked]
    there = {*study.terms["term"].unique(), *study.groups["group"].unique()}
    folded = {word.casefold() for word in there}
    missing = [word for word in asked if word.casefold() not in folded]
    for word in missing:
        near = nearest(word, there, 0.75)
        if near:
            raise SCONotesError(f"“{word}” occurs nowhere in {study.name}; is {near!r} meant?")
    if missing:
        is_phrase = " A phrase is looked up by the parameter phrase of notebook 1."
        said = f"Not in these texts: {', '.join(missing)}.{is_phrase * any(' ' in word for word in missing)}"
        if len(missing) == len(asked):
            here = some(sorted({*study.groups["group"]}), 8)
            known = f"Term groups here: {here}." if here else "Name words that occur, or none: words = []."
            raise SCONotesError(f"{said} {known}")
        print(said)
    return list(dict.fromkeys(word for word in asked if word not in missing))


def groups_named(study: Tables, words: Collection[str]) -> pd.DataFrame:
    """Return the places of the term groups among some words: group, doc_id, sentence, start, end."""
    found = study.groups[study.groups["group"].isin(words)]
    found.attrs["note"] = "None of the words is a term group."
    return found


def clustered_terms(study: Tables, stopwords: Collection[str]) -> pd.DataFrame:
    """Return the eight frequent terms that cluster most: see `dispersion`."""
    if len(study.documents) < 2:
        return _empty("There is one document, so a term cannot be spread over documents.")
    fewest = max(10, int(study.terms["n"].sum() / 5000))
    spread = terms.dispersion(study.terms, stopwords=stopwords, min_n=fewest)
    return spread.sort_values("dp", ascending=False).head(8)


def passages(study: Tables, phrase: str) -> pd.DataFrame:
    """Return the concordance of a phrase, sorted by what follows: doc_id, start, end, left, node, right.

    The context is of whole words; "…" stands for the part of a word at which it is cut.
    """
    if not study.has_texts:
        return _empty(texts_missing(study), "doc_id", "start", "end", "left", "node", "right")
    width = 50  # characters on each side
    found = terms.concordance(study.documents, phrase, width, sort="right")
    for column, cut in (("left", r"^\S*\s"), ("right", r"\s\S*$")):
        is_cut = found[column].str.len() == width
        found[column] = found[column].where(~is_cut, found[column].str.replace(cut, "…", regex=True))
    return found


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


def single_changes(study: Tables, words: Collection[str], over="year", shortest: int = 3) -> pd.DataFrame:
    """Return the accepted breaks of each word alone: keyword, at, low, high, p_value (see `find_breaks`)."""
    columns = ["keyword", "at", "low", "high", "p_value"]
    none = _empty("A year of change can be told for no keyword.", *columns)
    tested = {word: terms.find_breaks(study.terms, word, study.groups, over, shortest) for word in words}
    changes = pd.concat(tested, names=["keyword"]).query("accepted") if tested else none
    return changes.reset_index("keyword")[columns] if len(changes) else none


def stage_marks(study: Tables, stage: pd.Series, stopwords: Collection[str]) -> pd.DataFrame:
    """Return the six terms that mark each stage most against all other years (see `keyness`).

    `stage` says for each row of `study.terms` to which stage it belongs (see `stages`). Terms count whose
    q-value is below 0.05; numbers and number words do not.
    """
    columns = ["stage", "term", "n", "n_documents", "per_1000", "per_1000_reference", "log_ratio"]
    names = sorted(stage.dropna().unique())
    marks = []
    for name in names if len(names) > 1 else []:
        compared = terms.keyness(study.terms, stage == name, stopwords)
        compared = compared[~compared["term"].map(is_number).astype(bool)]
        marks.append(compared.query("q_value < 0.05 and log_ratio > 0").head(6).assign(stage=name))
    note = "No term marks a stage clearly." if len(names) > 1 else "There is one stage: nothing to compare."
    return pd.concat([_empty(note, *columns, "low", "high"), *marks])[[*columns, "low", "high"]]


def formulas(study: Tables, shortest: int = 5) -> pd.DataFrame:
    """Return the places of the phrases that documents share (see `find_formulas`).

    Where the texts are not available, those of five tokens and more of a corpus that has them kept.
    """
    check_whole(shortest, "shortest", 3, 50)
    if study.has_texts:
        found = terms.find_formulas(study.documents, study.sentences, shortest)
        few = "There is one document" if len(study.documents) == 1 else "No two documents share a phrase"
        found.attrs["note"] = f"{few}, so there is no formula of {shortest} tokens or more."
        return found
    kept = read_kept(data_folder() / study.name, "formulas") if shortest == 5 else None
    return _empty(texts_missing(study), *FORMULA) if kept is None else kept


def slogans(study: Tables) -> pd.DataFrame:
    """Return what stands in quotation marks, and whose it is (see `find_slogans`), those with a source first.

    Where the texts are not available, those of a corpus that has them kept.
    """
    if study.has_texts:
        found: pd.DataFrame | None = find_slogans(study.documents, study.sentences, study.groups)
    else:
        found = read_kept(data_folder() / study.name, "slogans")
    if found is None:
        return _empty(texts_missing(study), *SLOGAN)
    found = found.merge(study.documents[["doc_id", "year"]], on="doc_id")
    return found.iloc[found["whose"].map(WHOSE.index).argsort(kind="stable")].reset_index(drop=True)


def formula_users(study: Tables, places: pd.DataFrame, by: str, fewest: int) -> pd.DataFrame:
    """Return who uses each formula (`terms.formula_users`), names of treaties and bodies left out.

    by : the column of the documents that says who speaks: country, kind or year.
    fewest : in so many documents or more.
    """
    check_whole(fewest, "fewest", 2)
    names, documents = actor_names(study), study.documents
    users = documents[by].astype("object").fillna("").map(lambda user: str(names.get(user, user)))
    table = terms.formula_users(places[places["kind"] == "phrase"], documents.assign(user=users), "user")
    table = table[table["n_documents"] >= fewest].reset_index(drop=True)
    table.attrs["note"] = places.attrs.get("note", "No phrase is shared by so many documents.")
    return table


def formula_links(users: pd.DataFrame) -> pd.DataFrame:
    """Return for each two users which formulas the one used first (see `terms.formula_links`)."""
    return terms.formula_links(users)


def came_up(users: pd.DataFrame) -> pd.DataFrame:
    """Return the formulas that came up after the first five years, those of most users first; else all."""
    later = users[users["first_year"] >= users["first_year"].min() + 5]
    found = later if len(later) else users
    return found.sort_values(["n_users", "n_documents"], ascending=False, kind="stable")


def best_known(users: pd.DataFrame, top: int) -> pd.DataFrame:
    """Return `top` formulas to show: half those that went furthest, half those of one user, each in turn."""
    check_whole(top, "top", 2)
    shared, own = came_up(users).head(top // 2), users[users["n_users"] == 1]
    own = own.iloc[own.groupby("first_user").cumcount().argsort(kind="stable")].head(top - len(shared))
    return pd.concat([shared, own]).drop_duplicates("formula_id")


def formulas_by(study: Tables, places: pd.DataFrame, chosen: pd.DataFrame, by: str) -> pd.DataFrame:
    """Count the documents of each group that have each of some formulas: formula, `by`, n_documents."""
    names = actor_names(study)
    group = study.documents.set_index("doc_id")[by].astype("object")
    group = group.map(lambda value: names.get(value, value))
    rows = places.loc[places["formula_id"].isin(chosen["formula_id"]), ["formula", "doc_id"]]
    rows[by] = pd.Categorical(rows["doc_id"].map(group), sorted(group.dropna().unique()))  # empty ones too
    rows["formula"] = pd.Categorical(rows["formula"], chosen["formula"].drop_duplicates())
    counts = rows.groupby(["formula", by], observed=True)["doc_id"].nunique().reset_index(name="n_documents")
    counts.attrs["note"] = chosen.attrs.get("note", "")
    return counts


# Actors

_NO_SPEAKERS = "The documents speak for fewer than three states: there are no speakers to compare."


class Actor(NamedTuple):
    """An actor: its id, its name, and its name as a sentence has it."""

    id: str
    name: str
    in_prose: str


def actor(study: Tables, asked: str) -> Actor:
    """Find an actor of a corpus by its id or a name ("": the one named most often).

    Raises SCONotesError for one that is not there.

    >>> actor(load("chronicle"), "America").in_prose
    'the United States of America'
    """
    asked = asked or next(iter(study.mentions["actor"].mode()), ORGANISATION)
    table, ids = actor_table(study.actors).drop_duplicates("actor").set_index("actor"), _ids(study, "")
    name = asked.strip().casefold()
    id = ids.get(name) or ids.get(name.removeprefix("the "))
    if id:
        return Actor(id, table.at[id, "name"], table.at[id, "in_prose"])
    if asked == ORGANISATION:
        return Actor(asked, asked, asked)
    near = ids.get(nearest(name.removeprefix("the "), ids, 0.8), "")
    most = study.mentions["actor"].value_counts().index[:12]
    named = f"most often named here: {'; '.join(table['name'].reindex(most, fill_value=''))}"
    hint = f"is {table.at[near, 'name']!r} ({near}) meant?" if near else f"all: data/actors.toml; {named}"
    raise SCONotesError(f"no actor has the name {asked!r}; {hint}")


def scorer(study: Tables, asked: str) -> str:
    """Return the scorer to use: the one asked for, or for "best" the most accurate there is.

    That is mpnet, where it is installed or its scores of the corpus are known, else linear.
    """
    name = asked.strip().lower()
    return best_scorer(scorers(study)) if name == "best" else name if name in scorers(study) else asked


def scorers(study: Tables) -> list[str]:
    """Return the names of the scorers by which a corpus has scores."""
    return list(dict.fromkeys(study.scores["scorer"].str.split().str[0]))


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
    same = {name: scored(study, name).loc[mentions.index] for name in scorers(study)}
    return {name: summarise_actors(each, baseline="actors") for name, each in same.items()}


def verdicts(summaries: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the verdict on each actor (the rows) under each scorer (the columns)."""
    return pd.DataFrame({name: each.set_index("actor")["verdict"] for name, each in summaries.items()})


def judged(study: Tables, summaries: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the verdicts on actors that are warmer or cooler under at least one scorer, with their names."""
    table = verdicts(summaries)
    table = table[table.isin(["warmer", "cooler"]).any(axis=1)]
    names = actor_names(study)
    return table.assign(name=table.index.map(names))[["name", *table.columns]].reset_index(drop=True)


def tones(study: Tables, summary: pd.DataFrame) -> pd.DataFrame:
    """Return what others say of each actor, with its name: the plain means."""
    shown = summary.assign(name=summary["actor"].map(actor_names(study)))
    return shown[["name", "verdict", "n", "mean", "low", "high", "difference", "q_value", "interval"]]


def within_speakers(study: Tables, mentions: pd.DataFrame) -> pd.DataFrame:
    """Return what the same speakers say of each actor (`compare_within_speakers`), with names.

    `label` is what a chart writes, `mean` and `baseline` what it draws: the difference, and 0. Empty where
    the documents speak for fewer than three states.
    """
    table, names = compare_within_speakers(mentions), actor_names(study)
    if len(speaking(study)) < 3:
        table = table.iloc[:0]
    table = table.assign(name=table["actor"].map(names), speaker=table["speaker"].map(names))
    table.attrs["note"] = _NO_SPEAKERS
    first = ["name", "verdict", "n", "n_speakers", "difference", "low", "high", "q_value"]
    return table[[*first, "speaker", "share", "actor", "mean"]]


def compared(within: pd.DataFrame, summary: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Return what plot_actors is to draw: the rows of `within_speakers` that have an interval.

    Where the documents speak for too few states, what `summarise_actors` has: the plain means.
    """
    require_columns(within, "name", "low", "difference")
    if within.empty:
        return summary.assign(name=summary["actor"].map(names))
    table = within.dropna(subset=["low"]).assign(mean=within["difference"], baseline=0.0)
    return table.sort_values(["difference", "name"], ascending=[False, True], ignore_index=True)


def speaking(study: Tables) -> list[str]:
    """Return the states for which documents of a corpus speak."""
    return sorted(set(study.documents["country"]) - {""})


def pairs(study: Tables, mentions: pd.DataFrame, top: int) -> pd.DataFrame:
    """Return who speaks how of whom: one row a speaker and an actor, of the `top` actors named most.

    Columns as summarise_actors has them, the difference from the speaker's own level; pairs with fewer than
    five sentences are left out. Empty where the documents speak for fewer than two states.
    """
    names = actor_names(study)
    columns = ["speaker", "name", "verdict", "n", "mean", "low", "high", "difference", "q_value"]
    spoken = mentions[mentions["country"].astype(str).isin(speaking(study))]
    if spoken["country"].nunique() < 2:
        return _empty(_NO_SPEAKERS, *columns, "country", "actor")
    most = spoken.loc[~spoken["self_mention"], "actor"].value_counts().index[:top]
    spoken = spoken.assign(country=spoken["country"].astype(str))
    table = summarise_actors(spoken, "country", baseline="actors")
    table = table[table["low"].notna() & table["actor"].isin(most)]
    table = table.assign(speaker=table["country"].map(names), name=table["actor"].map(names))
    order = table["difference"].abs().sort_values(ascending=False).index
    return table.loc[order, [*columns, "country", "actor"]].reset_index(drop=True)


def decade(years: pd.Series) -> pd.Series:
    """Return the decade of each year as text, such as "1990s"; "undated" where the year is missing.

    >>> decade(pd.Series([1992, None], dtype="Int64")).tolist()
    ['1990s', 'undated']
    """
    years = pd.to_numeric(years).astype("Int64")  # of a table without rows it has no type
    begin = (years // 10 * 10).astype(str) + "s"
    return begin.where(years.notna(), "undated")


def membership() -> pd.Series:
    """Return the year in which each state became a member of the SCO, by the chronology."""
    facts = read_chronology()
    founded = facts["fact_id"].eq("2001-06-15-summit")
    joined = facts["kind"].eq("accession") & facts["event"].str.contains(r"becomes? (?:a )?member state")
    facts = facts[(founded | joined) & facts["claim"].eq("accepted")]
    states = facts["actors"].str.split(";").explode()
    return facts["date"].str[:4].astype(int).loc[states.index].set_axis(states).groupby(level=0).min()


def on_groups(mentions: pd.DataFrame, groups: Mapping[str, Collection[str]]) -> pd.DataFrame:
    """Return what states of the SCO say of groups of actors: the mentions, `actor` the name of the group.

    Parameters
    ----------
    mentions : scored mentions with country (of the speaker), self_mention and year.
    groups : the actors of each group, by its name. What is said of a state of the SCO counts where both were
        members in that year. Where fewer than two states speak, there is nothing to compare, and the table is
        empty.

    Returns
    -------
    The mentions that count, with decade and as_member: whether the speaker was a member in that year.
    """
    group_of = {actor: name for name, actors in groups.items() for actor in actors}
    since, year = membership(), pd.to_numeric(mentions["year"]).astype("float64").to_numpy()
    speaker = mentions["country"].astype(str)
    as_member = year >= pd.to_numeric(speaker.map(since))
    of_state = mentions["actor"].isin(since.index) & mentions["actor"].map(group_of).eq(MEMBERS)
    counts = ~of_state | (as_member & (year >= pd.to_numeric(mentions["actor"].map(since))))
    counts &= speaker.isin(since.index) & ~mentions["self_mention"] & mentions["actor"].isin(group_of)
    spoken = mentions[counts] if speaker[counts].nunique() > 1 else mentions.iloc[:0]
    of_group, when = spoken["actor"].map(group_of), decade(spoken["year"])
    return spoken.assign(actor=of_group, decade=when, as_member=as_member[spoken.index])


def by_speaker(study: Tables, spoken: pd.DataFrame, group: str) -> pd.DataFrame:
    """Summarise what each speaker says of one group of `on_groups` in each decade: speaker, decade, n, mean.

    Means of fewer than five sentences are left out.
    """
    chosen = spoken[spoken["actor"] == group]
    chosen = chosen.assign(speaker=chosen["country"].astype(str).map(actor_names(study)))
    table = summarise_actors(chosen.assign(actor=chosen["speaker"]), by="decade")
    table = table[table["n"] >= 5].rename(columns={"actor": "speaker"})
    table = table[["speaker", "decade", "n", "mean", "low", "high"]].reset_index(drop=True)
    if len(speaking(study)) < 3:
        table.attrs["note"] = _NO_SPEAKERS
    return table


def tones_by_decade(spoken: pd.DataFrame) -> pd.DataFrame:
    """Summarise what `on_groups` returned by group and decade; the column `row` names both."""
    table = summarise_actors(spoken, by="decade")
    table = table.assign(row=table["actor"] + ", " + table["decade"]).drop(columns="baseline")
    table.attrs["note"] = "No two states of the SCO speak of these groups, so there is nothing to compare."
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
    other = next((name for name in scorers(study) if name != scorer), "")
    if not other:
        return _empty("There is one scorer, so none can differ from it.")
    by_others = mentions[~mentions["self_mention"]].drop(columns=["valence", "scorer"])
    found = disputed_mentions(by_others, study.scores, scorer, other)
    found = evidence(study, found.drop_duplicates(["doc_id", "sentence"]).head(most))
    return found[["doc_id", "alias", scorer, other, "quote"]]


def extremes(mentions: pd.DataFrame, most: int = 3) -> pd.DataFrame:
    """Return the mentions of the highest and of the lowest valence, each sentence once."""
    known = mentions.dropna(subset=["valence"]).sort_values(["valence", "doc_id", "start"])
    known = known.drop_duplicates(["doc_id", "sentence"])
    return pd.concat([known.tail(most)[::-1], known.head(most)]).drop_duplicates(["doc_id", "sentence"])


def strongest(study: Tables, mentions: pd.DataFrame, actors: Collection[str]) -> pd.DataFrame:
    """Return what others say of some actors, the strongest valence first."""
    found = mentions[~mentions["self_mention"] & mentions["actor"].isin(actors)].dropna(subset=["valence"])
    found = found.sort_values("valence", key=abs, ascending=False, kind="stable")
    found = found.assign(name=found["actor"].map(actor_names(study)))
    return found[["name", "doc_id", "sentence", "alias", "valence", "evidence"]]


# Dates


def events(study: Tables, focus: str = "") -> pd.DataFrame:
    """Return the dated statements of a corpus; with `focus` those whose clause names this actor."""
    id = actor(study, focus).id if focus else ""
    named = [not id or id in actors.split(";") for actors in study.events["actors"]]
    found = study.events.loc[named]
    return found.assign(named=event_years(found))


def dated(events: pd.DataFrame) -> pd.DataFrame:
    """Return the statements that date an event or set a deadline: no decades, no parts of names."""
    return events[events["date_kind"].isin(["event", "deadline"])]


def looking_back(events: pd.DataFrame) -> pd.DataFrame:
    """Return the dated events that lie two years or more before their document."""
    year = pd.to_numeric(events["year"]).astype("float64")
    return events[events["date_kind"].eq("event") & (events["named"] <= year - 2)]


def of_one_year(events: pd.DataFrame) -> pd.DataFrame:
    """Return the statements whose date lies in one year: a war of six years is none of its first."""
    return events[events["earliest"].str[:4] == events["latest"].str[:4]]


def by_decade(events: pd.DataFrame, by: str) -> pd.DataFrame:
    """Count statements since 1900 by group and decade: `by`, decade, n, share (per 100 of the group).

    Groups of fewer than 20 statements are left out: a share of so few says nothing.
    """
    recent = dated(events)
    recent = recent[recent["named"] >= 1900].assign(decade=lambda table: table["named"] // 10 * 10)
    counts = recent.groupby([by, "decade"], observed=True).size().reset_index(name="n")
    sizes = counts.groupby(by, observed=True)["n"].transform("sum")
    counts = counts.assign(share=100 * counts["n"] / sizes)
    return counts[sizes >= min(FEWEST_STATEMENTS, sizes.max())] if len(counts) else counts


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
