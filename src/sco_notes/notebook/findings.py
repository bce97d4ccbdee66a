"""What a notebook may say: one call a finding, which returns its sentence, value, interval, n and rows.

Each returns a Finding, which shows itself as the last line of a cell, or a Note where there is too little
to say. Nothing is claimed that the intervals do not allow.
"""

import re
from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from .. import terms
from ..actors import actor_table
from ..errors import counted
from ..sentiment import compare_tone, describe_difference, describe_verdicts, listed_names, summarise_actors
from ..sentiment import estimates as est
from ..sentiment.tone import FEWEST_SPEAKERS, MOST_OF_ONE
from ..tables import Tables, scored
from ..terms.groups import is_number
from . import select
from .display import Finding, Note, actor_names, term_rows, with_sentences
from .select import MEMBERS, WEST

_TONE = {
    "warmer": "is warmer than the baseline",
    "cooler": "is cooler than the baseline",
    "too few": "rests on too few sentences for a mean",
    "not told apart": "cannot be told apart from the baseline",
}
_WITHIN = {
    "warmer": "{n} states speak of it more warmly than of others",
    "cooler": "{n} states speak of it more coolly than of others",
    "not told apart": "whether {n} states speak of it in another tone than of others cannot be told",
    "few speakers": "{n} states name it often enough, too few to say anything of states",
    "one speaker": "{share:.0%} of this is said by {who}, so the tone is mostly that state's",
}
_WHOSE = {
    "no source": "for {n} the sentence names no source (they may be the author's own, or held at a distance)",
    "document": "{n} from a document or title",
    "quoted": "{n} in somebody's words",
    "fixed term": "{n} as fixed terms",
}
_OVER_SPEAKERS = "mean difference over speakers"
FEWEST_FOR_SHARES = 20  # dates; of fewer their number is said
FEWEST_DOCUMENTS = 3  # that name the same past year before it is said of their group

# Terms


def keyness(study: Tables, contrast: select.Contrast) -> Finding | Note:
    """Say which terms mark one group of documents most, by how much, and how many differ from the other."""
    table = contrast.keyness
    if "note" in table.attrs:
        return Note(table.attrs["note"])
    differing = table[table["q_value"] < 0.05]
    marks = differing[(differing["log_ratio"] > 0) & ~differing["term"].map(is_number).astype(bool)].head(5)
    listed = listed_names([f"“{row.term}” ({_times(row)})" for row in marks.itertuples()], len(marks))
    tokens = len(table) > 0 and table["test"].eq("tokens").all()
    basis = "by tokens, so in these texts only" if tokens else "tested over documents"
    said = f"What marks {contrast.target} most: {listed}. In all, " if len(marks) else ""
    where = "there" if said else f"in {contrast.target}"
    n_differing = f"{len(differing):,}" if len(differing) else "None"
    is_said = "is" if len(differing) < 2 else "are"
    return Finding(
        "keyness",
        f"{said}{n_differing} of {counted(len(table), 'term')} {is_said} more or less frequent {where} "
        f"than in {contrast.reference} (q < 0.05, {basis}).",
        len(differing), n=len(table), unit="terms", rows=_first_places(study, differing),
    )  # fmt: skip


def _finding(
    study: Tables, name: str, text: str, number: float | tuple, unit: str, rows: pd.DataFrame,
    n: int | None = None, keep: str = "",
) -> Finding:  # fmt: skip
    """A finding whose rows have their sentences; a number may bring its interval, n is that of the rows."""
    value, low, high = number if isinstance(number, tuple) else (number, None, None)
    n = len(rows) if n is None else n
    return Finding(name, text, value, low, high, n, unit, with_sentences(study, rows, keep))


def compared(study: Tables, target: str, contrast: select.Contrast) -> Note:
    """Say in words which documents are compared with which others."""
    chosen = select.documents(study, target)
    named = "" if contrast.documents is None else f" ({contrast.reference})"
    others = _sized(study.documents[~chosen] if not named else contrast.documents) + named
    return Note(f"Compared: {_sized(study.documents[chosen])} ({contrast.target}) with {others}.")


def _sized(documents: pd.DataFrame) -> str:
    years = documents["year"].dropna()
    span = f", {years.min()}-{years.max()}".replace(f"-{years.min()}", "") if len(years) else ""
    return f"{counted(len(documents), 'document')}{span}"


def _times(row) -> str:
    if not row.n_reference:
        return f"{counted(row.n, 'occurrence')}, only there"
    bounds = "" if pd.isna(row.low) else f", 95% interval {_ratio(row.low)} to {_ratio(row.high)}"
    return f"{_ratio(row.log_ratio)} times as frequent{bounds}"


def _often(n: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(n, f"{n:,} times")


def _ratio(log_ratio: float) -> str:
    return f"{2**log_ratio:,.{0 if log_ratio > 3.3 else 1}f}"


def _first_places(study: Tables, differing: pd.DataFrame) -> pd.DataFrame:
    """Some rows of `keyness`, each with the document that has most of its term and a sentence there."""
    columns = ["term", "n", "n_reference", "n_documents", "n_documents_reference", "log_ratio", "q_value"]
    places = with_sentences(study, term_rows(study, differing["term"], each=1).drop(columns="n"))
    found = differing[columns].merge(places, on="term", how="left")
    if study.has_texts:
        found["sentence"] = found["sentence"].astype("Int64")
    return found.sort_values("log_ratio", key=lambda ratio: ratio <= 0, kind="stable", ignore_index=True)


def change(study: Tables, by_period: pd.DataFrame) -> Finding | Note:
    """Say which term changed most from the first period to the last (see `largest_change`)."""
    if by_period["period"].nunique() < 2:
        return Note("All documents are of one period.")
    found, periods = terms.largest_change(by_period, over="period"), by_period["period"].dropna()
    rows = study.groups[study.groups["group"] == found["term"]]
    rows = rows if len(rows) else term_rows(study, [found["term"]], each=None)
    compared = terms.periods(study.documents["year"]).isin([periods.min(), periods.max()])
    rows = rows[rows["doc_id"].map(compared)]
    unit = "times as frequent"
    return _finding(study, "change", found["statement"], found["ratio"], unit, rows, found["n"])


def occurrences(study: Tables, phrase: str, found: pd.DataFrame) -> Note:
    """Say how often a phrase occurs, by its concordance; if never, which of its words are missing."""
    if not study.has_texts:
        return Note()
    said, documents = phrase.replace("*", "…"), counted(found["doc_id"].nunique(), "document")
    if len(found):
        return Note(f"“{said}” occurs {_often(len(found))}, in {documents}.")
    words = re.findall(r"(?<![\w*?])\w\w+(?![\w*?])", phrase.lower())
    lost = ", ".join(f"“{word}”" for word in words if not study.terms["term"].eq(word).any())
    hint = f"Not in these texts: {lost}." if lost else "Try fewer words, or * for an ending (“state*”)."
    return Note(f"“{said}” does not occur. {hint}")


def extent(study: Tables, over: str = "year") -> Note:
    """Say how many documents there are in how many years."""
    sizes = study.documents.groupby(over).size()
    among = f", {sizes.min()} to {sizes.max()} in each" if len(sizes) else ""
    return Note(f"{counted(len(study.documents), 'document')} in {counted(len(sizes), 'year')}{among}.")


def stages(study: Tables, breaks: pd.DataFrame, over: str = "year") -> Finding:
    """Say into which stages the years fall (see `describe_stages`)."""
    sizes = study.documents.groupby(over).size().reset_index(name="documents")
    sizes["stage"] = terms.stages(sizes[over], breaks)
    number = sizes["stage"].nunique()
    text = terms.describe_stages(breaks, study.terms[over])
    return Finding("stages", text, number if number > 1 else None, n=len(sizes), unit="stages", rows=sizes)


def changed(words: Collection[str], changes: pd.DataFrame) -> Finding | Note:
    """Say which keywords changed on their own, by the table of `select.single_changes`."""
    if not words:
        return Note("There is no keyword, for there are not two years to compare.")
    found = changes["keyword"].unique()
    listed = f": {', '.join(found)}" if len(found) else ""
    among = f"{len(found) or 'none'} of {counted(len(words), 'keyword')}"
    text = f"A year of change can be told for {among}{listed}."
    return Finding("changed", text, len(found), n=len(words), unit="keywords", rows=changes)


def formulas(study: Tables, places: pd.DataFrame, users: pd.DataFrame) -> Finding | Note:
    """Say how many formulas documents share, how many are one user's own, and which has most users."""
    if users.empty:
        return Note(users.attrs.get("note", "No phrase is shared by so many documents."))
    rows = _with_first_place(users, places)
    own, new = int((users["n_users"] == 1).sum()), select.came_up(users).iloc[0]
    text = (
        f"{counted(len(users), 'formula')} stand in {users['n_documents'].min()} documents or more, names "
        f"left out and near wordings counted as one; {own:,} of them are one speaker's own. Of those that "
        f"came up later, “{new.formula}” has gone furthest: first used by "
        f"{new.first_user.replace(';', ' and ')} in {new.first_year}, it stands, in this or a near wording, "
        f"in {counted(new.n_documents, 'document')} of {counted(new.n_users, 'speaker')}."
    )
    return _finding(study, "formulas", text, _share(own, len(users)), "% are one speaker's own", rows)


def own_formulas(study: Tables, places: pd.DataFrame, users: pd.DataFrame) -> Finding | Note:
    """Say which formula each user repeats most that no other has."""
    own = users[users["n_users"] == 1]
    if own.empty:
        return Note("No formula is one speaker's own.")
    each = own.drop_duplicates("first_user").rename(columns={"first_user": "speaker"})
    said = [
        f"{row.speaker} “{row.formula}” ({row.n_documents} documents, {row.first_year}-{row.last_year})"
        for row in each.itertuples()
    ]
    text = f"What one speaker alone repeats most, in this or a near wording: {'; '.join(said)}."
    rows = places.merge(each[["formula", "speaker"]], on="formula")
    rows = rows[["formula", "speaker", "doc_id", "sentence"]]
    return _finding(study, "own-formulas", text, len(each), "speakers", rows)


def first_users(
    study: Tables, places: pd.DataFrame, users: pd.DataFrame, links: pd.DataFrame
) -> Finding | Note:
    """Say who used formulas before others did, where the one way is more frequent than chance makes it."""
    if users.empty:
        return Note(users.attrs.get("note", ""))
    if links.empty:
        return Note("No formula passed from one speaker to another.")
    told = links[links["q_value"] < 0.05]
    said = [f"{row.first} before {row.later} ({row.n} formulas to {row.n_back})" for row in told.itertuples()]
    listed = f": {listed_names(said, 4)}" if said else ""
    rows = _with_first_place(users[(users["n_users"] > 1) & ~users["first_user"].str.contains(";")], places)
    text = (
        f"In {len(told)} of {counted(len(links), 'pair')} of speakers, one had the shared formulas first "
        f"more often than chance would make it ({len(rows):,} shared formulas){listed}."
    )
    return _finding(study, "first-users", text, len(told), "pairs told apart", rows)


def slogans(study: Tables, places: pd.DataFrame) -> Finding | Note:
    """Say which phrases stand in quotation marks, and what the texts name as their source."""
    if places.empty:
        return Note(places.attrs.get("note", "No phrase stands in quotation marks."))
    known = places.assign(key=places["slogan"].str.lower())
    known["in"] = known.groupby("key")["doc_id"].transform("nunique")
    known["words"] = known["slogan"].str.count(" ")
    known = known.sort_values(["in", "words"], ascending=False, kind="stable").drop_duplicates("key")
    said = []
    for whose, what in _WHOSE.items():
        every, n = known[known["whose"] == whose], int((places["whose"] == whose).sum())
        some = every.head(3) if whose != "quoted" else every.drop_duplicates("source").head(3)
        named = [f"“{row.slogan}”" + f" ({row.source})" * (whose == "quoted") for row in some.itertuples()]
        such = ", such as" if len(some) < len(every) else ":"
        said += [f"{what.format(n=f'{n:,}')}{such} {listed_names(named)}"] * bool(n)
    text = f"{counted(len(places), 'phrase stands', 'phrases stand')} in quotation marks: {'; '.join(said)}."
    without = _share((places["whose"] == "no source").sum(), len(places))
    return _finding(study, "slogans", text, without, "% name no source", places.drop(columns="year"))


def _with_first_place(users: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    first = places[places["formula_id"].isin(users["formula_id"])].drop_duplicates("formula")
    readable = users.drop(columns=["formula_id", "n_tokens"]).replace(";", ", ", regex=True)
    return readable.merge(first[["formula", "doc_id", "sentence"]], on="formula")


# Actors


def voices(study: Tables, mentions: pd.DataFrame, voice: str) -> Note:
    """Say what share of the mentions is quoted, and how many documents could not be scored."""
    named = study.mentions[study.mentions["reading"] != "place"]
    taken = "both" if voice == "all" else "one of the two"
    said = (
        f"{(named['voice'] == 'quoted').sum() / max(len(named), 1):.1%} of the mentions stand in words that "
        f"the texts quote or report; voice = {voice!r} takes {taken}."
    )
    unscored = mentions["doc_id"][mentions["valence"].isna()].nunique()
    if unscored:
        said += f"\nNo sentiment for {counted(unscored, 'document')}: the scorers read English only."
    return Note(said)


def speakers(study: Tables, mentions: pd.DataFrame) -> Note:
    """Say for which states the documents speak, and how many mentions are of the speaker's own state."""
    speaking = study.documents["country"].replace("", pd.NA).value_counts()
    if speaking.empty:
        return Note(
            "No document of this corpus speaks for a state, so no mention is one of the speaker's own."
        )
    names, own = actor_names(study), int(mentions["self_mention"].sum())
    states = ", ".join(f"{names.get(state, state)} ({n})" for state, n in speaking.items())
    return Note(
        f"{speaking.sum()} of {counted(len(study.documents), 'document')} speak for a state: {states}. "
        f"{own:,} of {counted(len(mentions), 'mention')} {'is' if own == 1 else 'are'} of that state or "
        "of its leaders; they are set apart below."
    )


def tone(
    study: Tables, mentions: pd.DataFrame, summaries: Mapping[str, pd.DataFrame], scorer: str
) -> Finding | Note:
    """Say which actors are spoken of more warmly or coolly than others.

    Where documents speak for three states or more this is a statement about what the same states say of
    others; an actor whose tone is that of one state is named with it.
    """
    within = select.within_speakers(study, mentions)
    if within.empty:
        return _tone_of_texts(study, mentions, summaries, scorer)
    names, told = _in_prose(study), within[within["verdict"].isin(["warmer", "cooler"])]
    by_how = {row.actor: f"{names[row.actor]} ({row.difference:+.2f})" for row in told.itertuples()}
    compared = within["verdict"].isin(["warmer", "cooler", "not told apart"]).sum()
    if not compared:
        return Note(f"No actor is named often enough by {FEWEST_SPEAKERS} states to say how it is spoken of.")
    warmer, cooler = (_listed(told["actor"][told["verdict"] == way], by_how) for way in ("warmer", "cooler"))
    alone = within[within["verdict"].eq("one speaker") & (within["share"] > MOST_OF_ONE)].head(3)
    dyads = [f"{names[row.actor]} by {row.speaker} ({row.share:.0%})" for row in alone.itertuples()]
    one = f" Named mostly by one state (share of the sentences): {listed_names(dyads)}." if dyads else ""
    others = _disagreeing(study, mentions, told, scorer)
    rows = _strongest_rows(mentions, told["actor"], names)
    text = (
        f"Compared with what the same states say of others, the tone is warmer towards {warmer}, cooler "
        f"towards {cooler}; of the {compared} actors that {FEWEST_SPEAKERS} states or more speak of, no "
        f"other can be told apart.{one}{others}"
    )
    return _finding(study, "actors-apart", text, len(told), "actors told apart", rows)


def _tone_of_texts(
    study: Tables, mentions: pd.DataFrame, summaries: Mapping[str, pd.DataFrame], scorer: str
) -> Finding | Note:
    """The same for documents that speak for no state, or for two."""
    if scorer not in summaries or not (summaries[scorer]["n"] >= est.FEWEST).any():
        return Note("No actor is named in enough sentences to say anything about tone.")
    summary, names = summaries[scorer], _in_prose(study)
    told = summary[summary["verdict"].isin(["warmer", "cooler"])]
    found = select.verdicts(summaries)
    differing = [actor for actor in told["actor"] if found.loc[actor].nunique() > 1]
    doubt = f" Not borne out by every scorer: {_listed(differing, names)}." if differing else ""
    text = f"{describe_verdicts(summary, names)}{doubt}"
    rows = _strongest_rows(mentions, told["actor"] if len(told) else summary["actor"], names)
    return _finding(study, "actors-apart", text, len(told), "actors told apart", rows)


def _disagreeing(study: Tables, mentions: pd.DataFrame, told: pd.DataFrame, scorer: str) -> str:
    """Of which actors told apart another scorer gives the opposite, or nothing that can be told."""
    said, verdicts = [], told.set_index("actor")["verdict"]
    for other in [name for name in select.scorers(study) if name != scorer]:
        table = select.within_speakers(study, scored(study, other).loc[mentions.index]).set_index("actor")
        differing = verdicts.index[verdicts != table["verdict"].reindex(verdicts.index)]
        if len(differing):
            said.append(f" Not borne out by the scorer {other}: {_listed(differing, _in_prose(study))}.")
    return "".join(said)


def _listed(actors: Collection[str], names: Mapping[str, str]) -> str:
    return listed_names([names[actor] for actor in actors]) if len(actors) else "none"


def _strongest_rows(
    mentions: pd.DataFrame, actors: Collection[str], names: Mapping[str, str]
) -> pd.DataFrame:
    """What others say of some actors, each sentence once: the strongest on each, then the next, and so on."""
    found = mentions[~mentions["self_mention"] & mentions["actor"].isin(actors)].dropna(subset=["valence"])
    found = found.drop_duplicates(["actor", "doc_id", "sentence"])
    found = found.iloc[(-found["valence"].abs()).argsort(kind="stable")]
    found = found.iloc[found.groupby("actor", observed=True).cumcount().argsort(kind="stable")]
    columns = ["actor", "country", "doc_id", "sentence", "alias", "valence"]
    found = found.assign(actor=found["actor"].astype(str).replace(names))
    return found[[name for name in columns if name in found]]


def pairs(study: Tables, mentions: pd.DataFrame, table: pd.DataFrame) -> Finding | Note:
    """Say who speaks most warmly and most coolly of whom, by the table of `select.pairs`."""
    if table.empty:
        few = "No two states name an actor often enough to say who speaks how of whom."
        return Note(few * bool(mentions["country"].astype(str).ne("").any()))
    told = table[table["verdict"].isin(["warmer", "cooler"])].sort_values(["difference", "speaker"])
    names = _in_prose(study)
    named = [f"{row.speaker} on {names[row.actor]} ({row.difference:+.2f})" for row in told.itertuples()]
    n_cool = int((told["difference"] < 0).sum())
    cool, warm = named[:n_cool], named[n_cool:][::-1]  # the furthest from 0 first
    keys = told[["country", "actor"]].apply(tuple, axis=1)
    behind = mentions[mentions[["country", "actor"]].astype(str).apply(tuple, axis=1).isin(set(keys))]
    rows = _strongest_rows(behind, told["actor"].unique(), names)
    text = (
        f"Of {len(table)} pairs of a speaker and an actor, {len(cool)} are cooler than the speaker's own "
        f"level ({listed_names(cool, 3) if cool else 'none'}), {len(warm)} warmer "
        f"({listed_names(warm, 3) if warm else 'none'})."
    )
    return _finding(study, "pairs", text, len(told), "pairs told apart", rows, keep="country")


def west(study: Tables, spoken: pd.DataFrame) -> Finding | Note:
    """Say how the tone towards the West compares with that towards other SCO states, within each speaker.

    Takes what `select.on_groups` returned; a speaker counts in the years in which it was a member.
    """
    if spoken.empty:
        return Note()  # of texts that speak for no state the page says so already
    spoken = spoken[spoken["as_member"].astype(bool)]
    is_west, is_member = spoken["actor"] == WEST, spoken["actor"] == MEMBERS
    found = compare_tone(spoken, is_west, is_member, within="country")
    if not found.p_value >= 0:
        return Note(f"No two speakers name {WEST} and {MEMBERS} often enough to compare.")
    single = {}
    for country, by in spoken.groupby(spoken["country"].astype(str)).groups.items():
        own = spoken.loc[by]
        single[country] = compare_tone(own, own["actor"] == WEST, own["actor"] == MEMBERS)
    q = est.q_values(pd.Series({country: each.p_value for country, each in single.items()}, dtype=float))
    told: dict[str, list[str]] = {"coolly": [], "warmly": []}
    for country in q.index[q < 0.05]:
        told["coolly" if single[country].difference < 0 else "warmly"].append(actor_names(study)[country])
    parts = " and ".join(f"{listed_names(who)} more {way}" for way, who in told.items() if who)
    apart = f" Taken one by one, these speak of the West in another tone: {parts}." if parts else ""
    text = (
        f"As members of the SCO, {found.n_units} states speak of {WEST} ({found.mean:+.2f}) in a tone "
        f"{describe_difference(found)} that towards {MEMBERS} ({found.mean_other:+.2f}), each state counting "
        f"once.{apart}"
    )
    rows = _strongest_rows(spoken[is_west | is_member], [WEST, MEMBERS], {})
    value = found.difference, found.low, found.high
    return _finding(study, "west", text, value, _OVER_SPEAKERS, rows, found.n_units, "country")


def west_change(study: Tables, spoken: pd.DataFrame) -> Finding | Note:
    """Say how the tone towards the West changed from the first decade with enough sentences to the last."""
    is_west, decade = spoken["actor"] == WEST, spoken["decade"]
    known = summarise_actors(spoken, by="decade", actors=[WEST]).dropna(subset=["low"])
    decades = sorted(set(known["decade"]) - {"undated"})
    too_few = Note(f"No two speakers name {WEST} often enough in two decades to compare.")
    if len(decades) < 2:
        return too_few
    then, now = decades[0], decades[-1]
    found = compare_tone(spoken, is_west & (decade == now), is_west & (decade == then), within="country")
    if not found.p_value >= 0:
        return too_few
    both = spoken[is_west & decade.isin([then, now])]
    sizes = both.groupby(["country", "decade"], observed=True).size().unstack(fill_value=0)
    who = listed_names([actor_names(study)[c] for c in sizes.index[(sizes >= est.FEWEST).all(axis=1)]])
    text = (
        f"Of the {found.n_units} states that name {WEST} often enough in both decades ({who}), the tone "
        f"towards it in the {now} ({found.mean:+.2f}) is {describe_difference(found)} that in the {then} "
        f"({found.mean_other:+.2f}), each counting once."
    )
    rows = _strongest_rows(both, [WEST], {})
    value = found.difference, found.low, found.high
    return _finding(study, "west-change", text, value, _OVER_SPEAKERS, rows, found.n_units, "country")


def focus(
    study: Tables, mentions: pd.DataFrame, summaries: Mapping[str, pd.DataFrame], scorer: str,
    actor: select.Actor,
) -> Finding | Note:  # fmt: skip
    """Say how others speak of one actor, with the sentences behind it."""
    summary = summaries.get(scorer, pd.DataFrame({"actor": [], "n": []}))
    found = summary[(summary["actor"] == actor.id) & (summary["n"] > 0)]
    if found.empty:
        return Note(f"{actor.in_prose[0].upper()}{actor.in_prose[1:]} is not named by others.")
    row, within = found.iloc[0], select.within_speakers(study, mentions)
    about = mentions[(mentions["actor"] == actor.id) & ~mentions["self_mention"]].dropna(subset=["valence"])
    about = about.drop_duplicates(["doc_id", "sentence"])
    who = "Others" if mentions["self_mention"].any() else "The texts"
    where = f"in {counted(row['n'], 'sentence')} of {counted(row['n_documents'], 'document')}"
    if within.empty:
        of_all = "" if pd.isna(row["baseline"]) else f" ({row['baseline']:+.2f})"
        said = f"the tone {_TONE[row['verdict']]}{of_all}"
        mean = None if row["verdict"] == "too few" else row["mean"]
        value, n, unit = (mean, row["low"], row["high"]), row["n"], "mean valence"
    else:
        same = within[within["actor"] == actor.id].iloc[0]
        said = _WITHIN[same["verdict"]].format(n=same["n_speakers"], who=same["speaker"], share=same["share"])
        value = same["difference"], same["low"], same["high"]
        n, unit = same["n_speakers"], "difference within speakers"
    text = f"{who} name {actor.in_prose} {where}; {said}."
    return _finding(study, "focus", text, value, unit, about[["doc_id", "sentence", "alias", "valence"]], n)


def sensitivity(summaries: Mapping[str, pd.DataFrame]) -> Note:
    """Say on how many actors all scorers agree, of those that one of them sets apart from the baseline."""
    found = select.verdicts(summaries)
    judged = found[found.isin(["warmer", "cooler"]).any(axis=1)]
    if judged.empty:
        return Note("No scorer sets an actor apart from the baseline.")
    same = int((judged.nunique(axis=1) == 1).sum())
    agreed = f"agree on {same or 'none'} of them" if len(judged) > 1 else f"{'dis' * (not same)}agree on it"
    return Note(
        f"{counted(len(judged), 'actor is', 'actors are')} spoken of more warmly or coolly than the baseline "
        f"under at least one scorer; {'all' if same or len(judged) > 1 else 'the'} scorers {agreed}."
    )


def _in_prose(study: Tables) -> dict[str, str]:
    """The name of each actor as a sentence has it; the id of one that is no longer in actors.toml."""
    known = actor_table(study.actors).drop_duplicates("actor").set_index("actor")["in_prose"]
    return {id: id for id in study.mentions["actor"].unique()} | known.to_dict()


# Dates


def past_years(study: Tables, events: pd.DataFrame) -> Finding | Note:
    """Say which past years the texts name most often, and in what share of the documents."""
    past, total = select.looking_back(events), len(study.documents)
    if study.documents["year"].isna().all():
        return Note("The documents have no date: what lies before and ahead of them cannot be told.")
    if past.empty:
        return Note("No dated event lies two years or more before its document.")
    written = [str(row.named) in row.text for row in past.itertuples()]
    years = select.of_one_year(past.assign(written=written)).groupby("named")
    years = years.agg(n=("doc_id", "size"), documents=("doc_id", "nunique"), written=("written", "sum"))
    years = years.sort_values("documents", ascending=False, kind="stable")
    rows = with_sentences(study, _shown(past.sort_values(["named", "doc_id"]), "modality"))
    if years.empty or years["documents"].max() < 2:
        named = [_what(part) for _, part in past.groupby("named")]
        text = f"The past that is named, two years back or more: {listed_names(named, 8)}."
        return Finding("past-years", text, len(past), unit="dates", rows=rows)
    named = [
        f"{year} ({_often(row.n)} in {counted(row.documents, 'document')}"
        f"{f', {_often(row.written)} by its number' * bool(row.written < row.n)})"
        for year, row in years.head(3).iterrows()
    ]
    share = _share(years["documents"].iloc[0], total)
    text = (
        f"Of the past, two years back or more ({counted(len(past), 'date')}), the years named by most "
        f"documents are {listed_names(named, 3)}."
    )
    unit = f"% of {total} documents name {years.index[0]}"
    return Finding("past-years", text, *share, len(past), unit, rows)


def _what(events: pd.DataFrame) -> str:
    """When, and what happened then: the heads of the events of a year, or else the words of the date."""
    first = events.iloc[0]
    heads = [head for head in events.get("head", events["text"]).drop_duplicates() if head]
    last = re.match("[0-9]{4}", first["latest"]) if len(events) == 1 else None
    until = f"–{int(last[0])}" if last and int(last[0]) != first["named"] else ""
    return f"{first['named']}{until} ({listed_names(heads or [first['text']], 3)})"


def pasts(study: Tables, events: pd.DataFrame, by: str) -> Finding | Note:
    """Say of each group of documents which past year the most of them name, where three do or more."""
    past = select.of_one_year(select.looking_back(events))
    years = past.groupby([by, "named"], observed=True)["doc_id"].nunique().reset_index(name="documents")
    years = years.sort_values("documents", ascending=False, kind="stable").drop_duplicates(by)
    years = years[years["documents"] >= FEWEST_DOCUMENTS]
    if len(years) < 2:
        few = f"There are not two groups by {by} of which three documents name the same past year."
        return Note(few * bool(study.documents["year"].notna().any()))
    names, sizes = actor_names(study), study.documents.groupby(by).size()
    said = []
    for group, year, n in years[[by, "named", "documents"]].itertuples(index=False):
        texts = past.loc[(past[by] == group) & (past["named"] == year), "text"]
        first = texts.mode().iloc[0]  # a year need not be written to be named: "the Chernobyl disaster"
        by_name = f"“{first}”, " * (str(year) not in first and re.search("[A-Z]", first) is not None)
        said.append(f"{names.get(group, group)}: {year} ({by_name}{n} of {sizes[group]} documents)")
    rows = past.merge(years[[by, "named"]].astype({by: past[by].dtype}), on=[by, "named"])
    text = f"The year of the past that most documents of each group name: {listed_names(said, 12)}."
    return _finding(study, "pasts", text, len(years), "groups", _shown(rows, by, "modality"), keep=by)


def _shown(events: pd.DataFrame, *columns: str) -> pd.DataFrame:
    wanted = ("doc_id", "sentence", "head", "text", "edtf", *columns)
    return events[[name for name in wanted if name in events]]


def past_and_future(study: Tables, events: pd.DataFrame) -> Finding | Note:
    """Say what share of the statements looks back to a year before their document, and ahead of it."""
    events = select.dated(events)
    known = events[(events["named"] >= 1900) & events["year"].notna()]
    if known.empty:
        return Note(
            "There is no dated event since 1900 in a document with a year." * any(events["year"].notna())
        )
    last = known["latest"].where(known["latest"] != "", "9999").str[:4].astype(int)
    year = known["year"].astype(float)
    before, ahead = last < year, known["named"] > year
    side = before.map({True: "back", False: "same year"}).where(~ahead, "ahead")
    shares = [f"{100 * part.mean():.0f}%" for part in (before, ahead)]
    if len(known) < FEWEST_FOR_SHARES:
        shares = [f"{part.sum() or 'none'}" for part in (before, ahead)]
    text = (
        f"Of {counted(len(known), 'date')} since 1900, {shares[0]} {'lies' if shares[0] == '1' else 'lie'} "
        f"in a year before their document, {shares[1]} in a year after it."
    )
    looking_back = _share_over_documents(before, known["doc_id"])
    rows = _shown(known.assign(side=side), "side", "modality")
    return _finding(study, "past-and-future", text, looking_back, "% look back", rows)


def _share(n: int, total: int) -> tuple[float, float, float]:
    """A share in per cent and its 95% interval (Wilson 1927)."""
    from scipy.stats import binomtest

    low, high = binomtest(int(n), total).proportion_ci(method="wilson")
    return 100 * n / total, 100 * low, 100 * high


def _share_over_documents(chosen: pd.Series, documents: pd.Series) -> tuple[float, float, float]:
    """The same over documents, where there are ten or more (see `estimates`)."""
    unit = pd.factorize(documents)[0]
    unit = unit if est.unit_of(unit) == "documents" else np.arange(len(unit))
    if chosen.nunique() == 1:  # all alike, which resampling takes for certain
        return _share(chosen.iloc[0] * len({*unit}), len({*unit}))
    _, without, shares = est.without_each(unit, chosen.to_numpy(float))
    freedom = est.degrees_of_freedom(shares)
    half = est.t_quantile(freedom) * est.jackknife_error(without) if len(shares) > 1 else np.nan
    mean = chosen.mean()
    return 100 * mean, 100 * max(mean - half, 0.0), 100 * min(mean + half, 1.0)


def deadlines(study: Tables, events: pd.DataFrame) -> Finding | Note:
    """Say which deadlines the texts set ("by 2030"), and which of them most often."""
    found = events[events["date_kind"].eq("deadline") & events["modality"].ne("happened")]
    if found.empty:
        return Note("The texts set no deadline.")
    years = found["named"].value_counts().sort_index().sort_values(ascending=False, kind="stable")
    named = listed_names([f"{year} ({_often(n)})" for year, n in years.head(3).items()], 3)
    each = f": {'each time ' * (len(years) == 1 < len(found))}{listed_names(years.index.map(str))}"
    named = f"; most often {named}" if years.iloc[0] > 1 < len(years) else each
    documents = counted(found["doc_id"].nunique(), "document")
    text = f"The texts name {counted(len(found), 'deadline')}, in {documents}{named}."
    share, unit = _share(years.iloc[0], len(found)), f"% of the deadlines fall in {years.index[0]}"
    rows = _shown(found.sort_values(["named", "doc_id"]), "modality")
    return _finding(study, "deadlines", text, share, unit, rows)


def chronology(study: Tables, claims: pd.DataFrame) -> Finding | Note:
    """Say which dates that the texts give for facts of the chronology are not the accepted ones."""
    made = claims[claims["statements"] > 0]
    if made.empty:
        return Note("The texts date no fact of the chronology.")
    dates = f"{counted(len(made), 'date')} for {counted(made['fact_id'].nunique(), 'fact')} of the chronology"
    others = made[made["status"] == "contradicted"].sort_values("statements", ascending=False, kind="stable")
    differ = f"{len(others) or 'none'} of them differ{'s' * (len(others) < 2)} from the accepted ones"
    if len(made) < est.FEWEST or others.empty:
        return Note(f"The texts give {dates}; {differ}.")
    told = listed_names([f"{row.date} for “{row.event}”" for row in others.itertuples()], 3)
    text = f"The texts give {dates}; {differ}: {told}."
    return Finding("chronology", text, len(others), n=len(made), unit="dates not accepted", rows=made)


def quoted(study: Tables) -> Note:
    """Say, where the texts are not available, how to get them; where they are, nothing."""
    return Note("" if study.has_texts else select.texts_missing(study))
