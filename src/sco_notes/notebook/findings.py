"""What a notebook may say: one call a finding, which returns its sentence, value, interval, n and rows.

Each returns a Finding, which shows itself as the last line of a cell, or a Note where there is too little
to say. Nothing is claimed that the intervals do not allow.
"""

from collections.abc import Collection, Mapping

import pandas as pd

from ..errors import counted
from ..sentiment import compare_tone, describe_difference, describe_rank, describe_verdicts, summarise_actors
from ..tables import Tables
from ..terms import describe_stages, largest_change
from ..terms import stages as stages_of
from .display import Finding, Note, actor_names, actors_of, term_rows, with_sentences
from .select import Actor, Contrast, busiest_year, texts_missing, verdicts

WEST, MEMBERS = "the West", "other SCO states"  # the groups of actors that are compared
_TONE = {
    "warmer": "is warmer than the baseline",
    "cooler": "is cooler than the baseline",
    "too few": "rests on too few sentences for a mean",
    "not told apart": "cannot be told apart from the baseline",
}


# Terms


def most_frequent_term(study: Tables, frequency: pd.DataFrame) -> Finding | Note:
    """Say which term is the most frequent, by the table of `relative_frequency`."""
    if frequency.empty:
        return Note("No term is left to count: these texts have function words only, or no words at all.")
    first = frequency.iloc[0]
    return Finding(
        "most-frequent-term",
        f"The most frequent term of the corpus “{study.name}” is “{first.term}”, "
        f"{first.per_1000:.1f} times in 1,000 tokens.",
        first.per_1000, first.low, first.high, first.n, "per 1,000 tokens",
        with_sentences(study, term_rows(study, [first.term])),
    )  # fmt: skip


def keyness(contrast: Contrast) -> Finding:
    """Say how many terms differ between two groups of documents, and which five mark the first most."""
    differing = contrast.keyness[contrast.keyness["q_value"] < 0.05]
    marks = differing[differing["log_ratio"] > 0].head(5)
    listed = ", ".join(f"“{term}”" for term in marks["term"]) or "nothing"
    return Finding(
        "keyness",
        f"{len(differing):,} of {len(contrast.keyness):,} terms differ between {contrast.target} and "
        f"{contrast.reference} (q < 0.05). What marks {contrast.target} most: {listed}.",
        len(differing), n=len(contrast.keyness), unit="terms", rows=marks, headline=True,
    )  # fmt: skip


def change(by_period: pd.DataFrame) -> Finding | Note:
    """Say which term changed most from the first period to the last (see `largest_change`)."""
    if by_period["period"].nunique() < 2:
        return Note("All documents are of one period.")
    found = largest_change(by_period, over="period")
    return Finding(
        "change", found["statement"], found["ratio"], n=found["n"], unit="times as frequent",
        rows=by_period[by_period["term"] == found["term"]],
    )  # fmt: skip


def occurrences(study: Tables, phrase: str, found: pd.DataFrame) -> Note:
    """Say how often a phrase occurs, by its concordance."""
    if not study.has_texts:
        return Note()
    documents = counted(found["doc_id"].nunique(), "document")
    return Note(f"“{phrase}” occurs {counted(len(found), 'time')}, in {documents}.")


def extent(study: Tables, over: str = "year") -> Note:
    """Say how many documents there are in how many years."""
    sizes = study.documents.groupby(over).size()
    among = f", {sizes.min()} to {sizes.max()} in each" if len(sizes) else ""
    return Note(f"{counted(len(study.documents), 'document')} in {counted(len(sizes), 'year')}{among}.")


def stages(study: Tables, breaks: pd.DataFrame, over: str = "year") -> Finding:
    """Say into which stages the years fall (see `describe_stages`)."""
    number = stages_of(study.terms[over], breaks).nunique()
    return Finding(
        "stages", describe_stages(breaks, study.terms[over]), number if number > 1 else None,
        n=study.documents[over].nunique(), unit="stages", rows=breaks, headline=True,
    )  # fmt: skip


def changed(words: Collection[str], changes: pd.DataFrame) -> Finding | Note:
    """Say which keywords changed on their own, by the table of `select.single_changes`."""
    if not words:
        return Note("There is no keyword, for there are not two years to compare.")
    found = changes["keyword"].unique()
    listed = f": {', '.join(found)}" if len(found) else ""
    text = f"{len(found)} of {counted(len(words), 'keyword')} changed at a year that can be told{listed}."
    return Finding("changed", text, len(found), n=len(words), unit="keywords", rows=changes)


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
        said = "No document of this corpus speaks for a state, so no mention is one of the speaker's own."
        return Note(said)
    names, own = actor_names(study), int(mentions["self_mention"].sum())
    states = ", ".join(f"{names.get(state, state)} ({n})" for state, n in speaking.items())
    return Note(
        f"{speaking.sum()} of {counted(len(study.documents), 'document')} speak for a state: {states}. "
        f"{own:,} of {counted(len(mentions), 'mention')} {'is' if own == 1 else 'are'} of that state or "
        "of its leaders; they are set apart below."
    )


def tone(study: Tables, summaries: Mapping[str, pd.DataFrame], scorer: str) -> Finding | Note:
    """Say which actors are spoken of more warmly or coolly than the baseline, under every scorer alike."""
    if scorer not in summaries:
        return Note("No actor is named in enough sentences to say anything about tone.")
    summary, shared = summaries[scorer], _shared(summaries, scorer)
    alone = int((summary["verdict"].isin(["warmer", "cooler"]) & ~shared).sum())
    sure = summary.assign(verdict=summary["verdict"].where(shared, "not told apart"))
    said = describe_verdicts(sure, actors_of(study)["in_prose"].to_dict())
    more = f"; {counted(alone, 'more verdict')} of {scorer} {'is' if alone == 1 else 'are'} not"
    return Finding(
        "actors-apart",
        f"The corpus “{study.name}”: {said} Counted are verdicts that all "
        f"{counted(len(summaries), 'scorer')} share{more if alone else ''}.",
        summary["baseline"].max(), n=int(summary["n"].sum()), unit="baseline: mean valence over actors",
        headline=True,
    )  # fmt: skip


def rank(study: Tables, summary: pd.DataFrame, mentions: pd.DataFrame) -> Finding | Note:
    """Say which actor has the highest mean, and from which others it cannot be told apart."""
    said = describe_rank(summary, actors_of(study)["in_prose"].to_dict(), mentions)
    if not said:
        return Note("There are not two actors with a mean to compare.")
    ranked = summary.sort_values(["mean", "actor"], ascending=[False, True]).dropna(subset=["low"])
    first = ranked.iloc[0]
    return Finding("no-ranking", said, first["mean"], first["low"], first["high"], first["n"], "mean valence")


def _apart(name: str, spoken: pd.DataFrame, one, other, said: str, too_few: str) -> Finding | Note:
    """Compare two groups of mentions within each speaker; `said` has places for what was found."""
    found = compare_tone(spoken, one, other, within="country")
    if not found.p_value >= 0:
        return Note(too_few)
    said = said.format(found, difference=describe_difference(found)) + ", each speaker counting once."
    unit = "mean difference over speakers"
    return Finding(name, said, found.difference, found.low, found.high, found.n_units, unit)


def west(spoken: pd.DataFrame) -> Finding | Note:
    """Say how the tone towards the West compares with that towards other SCO states, within each speaker."""
    said = f"The tone of {{0.n_units}} speakers towards {WEST} ({{0.mean:+.2f}}) is {{difference}} that "
    said += f"towards {MEMBERS} ({{0.mean_other:+.2f}})"
    too_few = f"No two speakers name {WEST} and {MEMBERS} often enough to compare."
    return _apart("west", spoken, spoken["actor"] == WEST, spoken["actor"] == MEMBERS, said, too_few)


def west_change(spoken: pd.DataFrame) -> Finding | Note:
    """Say how the tone towards the West changed from the first decade with enough sentences to the last."""
    is_west, decade = spoken["actor"] == WEST, spoken["decade"]
    known = summarise_actors(spoken, by="decade", actors=[WEST]).dropna(subset=["low"])
    decades = sorted(set(known["decade"]) - {"undated"})
    too_few = f"No two speakers name {WEST} often enough in two decades to compare."
    if len(decades) < 2:
        return Note(too_few)
    then, now = is_west & (decade == decades[0]), is_west & (decade == decades[-1])
    said = f"Of {{0.n_units}} speakers that name {WEST} often enough in both, the tone towards it in the "
    said += (
        f"{decades[-1]} ({{0.mean:+.2f}}) is {{difference}} that in the {decades[0]} ({{0.mean_other:+.2f}})"
    )
    return _apart("west-change", spoken, now, then, said, too_few)


def focus(
    study: Tables, mentions: pd.DataFrame, summaries: Mapping[str, pd.DataFrame], scorer: str, actor: Actor
) -> Finding | Note:
    """Say how others speak of one actor, with the sentences behind it."""
    summary = summaries.get(scorer, pd.DataFrame({"actor": [], "n": []}))
    found = summary[(summary["actor"] == actor.id) & (summary["n"] > 0)]
    if found.empty:
        return Note(f"{actor.name} is not named by others.")
    row = found.iloc[0]
    is_sure = _shared(summaries, scorer)[row.name]
    doubt = "" if is_sure else f", but another scorer than {scorer} says otherwise"
    about = mentions[(mentions["actor"] == actor.id) & ~mentions["self_mention"]].dropna(subset=["valence"])
    about = about.drop_duplicates(["doc_id", "sentence"])
    return Finding(
        "focus",
        f"The corpus “{study.name}” names {actor.in_prose} (by others) in {counted(row['n'], 'sentence')} of "
        f"{counted(row['n_documents'], 'document')}; the tone {_TONE[row['verdict']]} "
        f"({row['baseline']:+.2f}){doubt}.",
        row["mean"], row["low"], row["high"], row["n"], "mean valence",
        with_sentences(study, about[["doc_id", "sentence", "alias", "valence", "label", "evidence"]]),
    )  # fmt: skip


def sensitivity(summaries: Mapping[str, pd.DataFrame]) -> Finding | Note:
    """Say on how many actors all scorers agree, of those that one of them sets apart from the baseline."""
    found = verdicts(summaries)
    judged = found[found.isin(["warmer", "cooler"]).any(axis=1)]
    if judged.empty:
        return Note("No scorer sets an actor apart from the baseline.")
    same = int((judged.nunique(axis=1) == 1).sum())
    return Finding(
        "sensitivity",
        f"{counted(len(judged), 'actor is', 'actors are')} warmer or cooler than the baseline under at least "
        f"one scorer; all scorers agree on {same} of them.",
        same, n=len(judged), unit="actors",
    )  # fmt: skip


def _shared(summaries: Mapping[str, pd.DataFrame], scorer: str) -> pd.Series:
    """Whether all scorers give the same verdict, for each row of the summary under one of them."""
    same = verdicts(summaries).nunique(axis=1) == 1
    return summaries[scorer]["actor"].map(same).eq(True)


# Dates


def dated_statements(study: Tables, events: pd.DataFrame) -> Finding:
    """Say how many dated statements there are, and which year they name most often."""
    chosen = busiest_year(events)
    documents = f"{events['doc_id'].nunique()} of {counted(len(study.documents), 'document')}"
    said = "no dated statement"
    if len(events):
        said = f"{counted(len(events), 'dated statement')} in {documents}"
    if len(chosen):
        said += f"; the year named most often is {chosen['named'].iloc[0]} ({counted(len(chosen), 'time')})"
    rows = with_sentences(study, chosen[["doc_id", "sentence", "text", "edtf", "modality"]])
    text = f"The corpus “{study.name}” makes {said}."
    return Finding("dated-statements", text, rows=rows, headline=True)


def past_and_future(events: pd.DataFrame) -> Finding:
    """Say what share of the statements looks back to a year before their document, and ahead of it."""
    known = events[(events["named"] >= 1900) & events["year"].notna()]
    if known.empty:
        return Finding("past-and-future", "There is no dated statement since 1900 in a document with a year.")
    last = known["latest"].where(known["latest"] != "", "9999").str[:4].astype(int)
    year = known["year"].astype(float)
    return Finding(
        "past-and-future",
        f"{100 * (last < year).mean():.0f}% of the {counted(len(known), 'statement')} since 1900 in "
        "documents with a year look back to a year before their document, "
        f"{100 * (known['named'] > year).mean():.0f}% look ahead to a year after it.",
    )


def announced(events: pd.DataFrame) -> Finding:
    """Say how many statements speak of what is planned, and of which year most often."""
    years = events.loc[events["modality"] == "planned", "named"]
    year = years.mode().min()
    often = f", most often of {year} ({counted((years == year).sum(), 'time')})" if len(years) else ""
    verb = "speaks" if len(years) == 1 else "speak"
    text = f"{counted(len(years), 'statement')} of {len(events):,} {verb} of what is planned{often}."
    return Finding("announced", text)


def chronology(study: Tables, claims: pd.DataFrame) -> Finding:
    """Say how many facts of the chronology the texts date rightly, and how many other dates they give."""
    accepted = claims[claims["claim"] == "accepted"]
    found, others = (accepted["status"] == "found").sum(), (claims["status"] == "contradicted").sum()
    beside = "an accepted one" if others == 1 else "accepted ones"
    return Finding(
        "chronology",
        f"Of the {counted(len(accepted), 'fact')} of the chronology, {counted(found, 'is', 'are')} found in "
        f"“{study.name}” with the right date; {counted(others, 'other date is', 'other dates are')} stated "
        f"beside {beside}.",
    )


def quoted(study: Tables) -> Note:
    """Say, where the texts are not available, how to get them; where they are, nothing."""
    return Note("" if study.has_texts else texts_missing(study))
