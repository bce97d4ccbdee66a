"""What a notebook may say: one call a finding, which returns its sentence, value, interval, n and rows.

Each returns a Finding, which shows itself as the last line of a cell, or a Note where there is too little
to say. Nothing is claimed that the intervals do not allow.
"""

from collections.abc import Collection, Mapping

import pandas as pd

from ..actors import actor_table
from ..errors import counted
from ..sentiment import (
    compare_tone,
    describe_difference,
    describe_verdicts,
    listed_names,
    summarise_actors,
)
from ..sentiment.estimates import FEWEST, q_values
from ..sentiment.tone import FEWEST_SPEAKERS, MOST_OF_ONE
from ..tables import Tables, scored
from ..terms import describe_stages, largest_change
from ..terms import stages as stages_of
from ..terms.variants import is_number
from .display import Finding, Note, actor_names, term_rows, with_sentences
from .select import (
    MEMBERS,
    WEST,
    Actor,
    Contrast,
    busiest_year,
    dated,
    looking_back,
    scorers,
    texts_missing,
    verdicts,
    within_speakers,
)

_TONE = {
    "warmer": "is warmer than the baseline",
    "cooler": "is cooler than the baseline",
    "too few": "rests on too few sentences for a mean",
    "not told apart": "cannot be told apart from the baseline",
}
_WITHIN = {
    "warmer": "{n} states speak of it more warmly than of others",
    "cooler": "{n} states speak of it more coolly than of others",
    "not told apart": "that {n} states speak of it in another tone than of others cannot be told",
    "few speakers": "{n} states name it often enough, too few to say anything of states",
    "one speaker": "{share:.0%} of this is said by {who}, so the tone is mostly that state's",
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
    table = contrast.keyness
    differing = table[table["q_value"] < 0.05]
    marks = differing[(differing["log_ratio"] > 0) & ~differing["term"].map(is_number).astype(bool)].head(5)
    listed = ", ".join(f"“{term}”" for term in marks["term"]) or "nothing"
    tokens = len(table) > 0 and table["test"].eq("tokens").all()
    basis = "by tokens, so in these texts only" if tokens else "tested over documents"
    return Finding(
        "keyness",
        f"{len(differing):,} of {len(table):,} terms differ between {contrast.target} and "
        f"{contrast.reference} (q < 0.05, {basis}). What marks {contrast.target} most: {listed}.",
        len(differing), n=len(table), unit="terms", rows=marks, headline=True,
    )  # fmt: skip


def change(by_period: pd.DataFrame) -> Finding | Note:
    """Say which term changed most from the first period to the last (see `largest_change`)."""
    if by_period["period"].nunique() < 2:
        return Note("All documents are of one period.")
    found = largest_change(by_period, over="period")
    rows = by_period[by_period["term"] == found["term"]]
    unit = "times as frequent"
    return Finding("change", found["statement"], found["ratio"], n=found["n"], unit=unit, rows=rows)


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
    within = within_speakers(study, mentions)
    if within.empty:
        return _tone_of_texts(study, mentions, summaries, scorer)
    names, told = _in_prose(study), within[within["verdict"].isin(["warmer", "cooler"])]
    compared = within["verdict"].isin(["warmer", "cooler", "not told apart"]).sum()
    warmer, cooler = (
        _listed(told.loc[told["verdict"] == way, "actor"], names) for way in ("warmer", "cooler")
    )
    alone = within[within["verdict"].eq("one speaker") & (within["share"] > MOST_OF_ONE)].head(3)
    dyads = [
        f"{row.speaker} on {names.get(row.actor, row.actor)} ({row.share:.0%})" for row in alone.itertuples()
    ]
    one = f" Mostly one state's words: {listed_names(dyads)}." if dyads else ""
    others = _disagreeing(study, mentions, told, scorer)
    return Finding(
        "actors-apart",
        f"Of {compared} actors that {FEWEST_SPEAKERS} states or more speak of, the same states speak more "
        f"warmly than of others of {warmer}, more coolly of {cooler}.{one}{others}",
        len(told), n=int(within["n"].sum()), unit="actors told apart",
        rows=with_sentences(study, _strongest_rows(mentions, told["actor"], names)), headline=True,
    )  # fmt: skip


def _tone_of_texts(
    study: Tables, mentions: pd.DataFrame, summaries: Mapping[str, pd.DataFrame], scorer: str
) -> Finding | Note:
    """The same for documents that speak for no state, or for two."""
    if scorer not in summaries:
        return Note("No actor is named in enough sentences to say anything about tone.")
    summary, names = summaries[scorer], _in_prose(study)
    told = summary[summary["verdict"].isin(["warmer", "cooler"])]
    found = verdicts(summaries)
    differing = [actor for actor in told["actor"] if found.loc[actor].nunique() > 1]
    doubt = f" Another scorer says otherwise of {_listed(differing, names)}." if differing else ""
    return Finding(
        "actors-apart",
        f"The corpus “{study.name}”: {describe_verdicts(summary, names)}{doubt}",
        len(told), n=int(summary["n"].sum()), unit="actors told apart",
        rows=with_sentences(study, _strongest_rows(mentions, told["actor"], names)), headline=True,
    )  # fmt: skip


def _disagreeing(study: Tables, mentions: pd.DataFrame, told: pd.DataFrame, scorer: str) -> str:
    """Of which actors told apart another scorer gives the opposite, or nothing that can be told."""
    said = []
    for other in scorers(study):
        if other != scorer:
            table = within_speakers(study, scored(study, other).loc[mentions.index]).set_index("actor")
            differing = told[told["verdict"].to_numpy() != table["verdict"].reindex(told["actor"]).to_numpy()]
            if len(differing):
                said.append(f"{_listed(differing['actor'], _in_prose(study))} by {other}")
    return f" Not told apart: {'; '.join(said)}." if said else ""


def _listed(actors: Collection[str], names: Mapping[str, str]) -> str:
    return listed_names([names.get(actor, actor) for actor in actors]) if len(actors) else "none"


def _strongest_rows(
    mentions: pd.DataFrame, actors: Collection[str], names: Mapping[str, str]
) -> pd.DataFrame:
    """What others say of some actors, the strongest valence first, each sentence once."""
    found = mentions[~mentions["self_mention"] & mentions["actor"].isin(actors)].dropna(subset=["valence"])
    found = found.drop_duplicates(["actor", "doc_id", "sentence"])
    found = found.sort_values(["valence", "doc_id"], key=lambda c: -c.abs() if c.name == "valence" else c)
    columns = ["doc_id", "sentence", "alias", "valence", "label", "evidence"]
    found = found.assign(alias=found["actor"].map(names).fillna(found["actor"]))
    return found[[name for name in columns if name in found]]


def pairs(study: Tables, mentions: pd.DataFrame, table: pd.DataFrame) -> Finding | Note:
    """Say who speaks most warmly and most coolly of whom, by the table of `select.pairs`."""
    if table.empty:
        return Note("No two states name an actor often enough to say who speaks how of whom.")
    told = table[table["verdict"].isin(["warmer", "cooler"])].sort_values(["difference", "speaker"])
    names = _in_prose(study)
    named = [
        f"{row.speaker} on {names.get(row.actor, row.actor)} ({row.difference:+.2f})"
        for row in told.itertuples()
    ]
    below = (told["difference"] < 0).to_numpy()
    cool, warm = (
        [name for name, low in zip(named, below, strict=True) if low == way] for way in (True, False)
    )
    keys = told[["country", "actor"]].apply(tuple, axis=1)
    behind = mentions[mentions[["country", "actor"]].astype(str).apply(tuple, axis=1).isin(set(keys))]
    return Finding(
        "pairs",
        f"Of {len(table)} pairs of a speaker and an actor, {len(cool)} are cooler than the speaker's own "
        f"level ({listed_names(cool, 3) if cool else 'none'}), {len(warm)} warmer "
        f"({listed_names(warm[::-1], 3) if warm else 'none'}).",
        len(told), n=len(table), unit="pairs told apart",
        rows=with_sentences(study, _strongest_rows(behind, told["actor"].unique(), names)),
    )  # fmt: skip


def west(study: Tables, spoken: pd.DataFrame) -> Finding | Note:
    """Say how the tone towards the West compares with that towards other SCO states, within each speaker.

    Takes what `select.on_groups` returned; a speaker counts in the years in which it was a member.
    """
    spoken = spoken[spoken["as_member"].astype(bool)]
    is_west, is_member = spoken["actor"] == WEST, spoken["actor"] == MEMBERS
    found = compare_tone(spoken, is_west, is_member, within="country")
    if not found.p_value >= 0:
        return Note(f"No two speakers name {WEST} and {MEMBERS} often enough to compare.")
    names, single = actor_names(study), {}
    for country in sorted(spoken["country"].astype(str).unique()):
        by = spoken["country"].astype(str) == country
        single[country] = compare_tone(spoken, is_west & by, is_member & by)
    q = q_values(pd.Series({country: each.p_value for country, each in single.items()}, dtype=float))
    told = [country for country in q.index[q < 0.05]]
    cooler, warmer = (
        [names[country] for country in told if (single[country].difference < 0) == way]
        for way in (True, False)
    )
    parts = [
        f"{listed_names(who)} more {way}" for way, who in (("coolly", cooler), ("warmly", warmer)) if who
    ]
    apart = (
        f" Taken one by one, these speak of the West in another tone: {' and '.join(parts)}." if parts else ""
    )
    return Finding(
        "west",
        f"As members of the SCO, {found.n_units} states speak of {WEST} ({found.mean:+.2f}) in a tone "
        f"{describe_difference(found)} that towards {MEMBERS} ({found.mean_other:+.2f}), each state counting "
        f"once.{apart}",
        found.difference, found.low, found.high, found.n_units, "mean difference over speakers",
        with_sentences(study, _strongest_rows(spoken[is_west].assign(actor=WEST), [WEST], {})),
    )  # fmt: skip


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
    who = listed_names([actor_names(study)[c] for c in sizes.index[(sizes >= FEWEST).all(axis=1)]])
    return Finding(
        "west-change",
        f"Of the {found.n_units} states that name {WEST} often enough in both decades ({who}), the tone "
        f"towards it in the {now} ({found.mean:+.2f}) is {describe_difference(found)} that in the {then} "
        f"({found.mean_other:+.2f}), each counting once.",
        found.difference, found.low, found.high, found.n_units, "mean difference over speakers",
        with_sentences(study, _strongest_rows(both, both["actor"].unique(), {})),
    )  # fmt: skip


def focus(
    study: Tables,
    mentions: pd.DataFrame,
    summaries: Mapping[str, pd.DataFrame],
    scorer: str,
    actor: Actor,
) -> Finding | Note:
    """Say how others speak of one actor, with the sentences behind it."""
    summary = summaries.get(scorer, pd.DataFrame({"actor": [], "n": []}))
    found = summary[(summary["actor"] == actor.id) & (summary["n"] > 0)]
    if found.empty:
        return Note(f"{actor.name} is not named by others.")
    row, within = found.iloc[0], within_speakers(study, mentions)
    about = mentions[(mentions["actor"] == actor.id) & ~mentions["self_mention"]].dropna(subset=["valence"])
    about = about.drop_duplicates(["doc_id", "sentence"])
    where = f"in {counted(row['n'], 'sentence')} of {counted(row['n_documents'], 'document')}"
    if within.empty:
        said = f"the tone {_TONE[row['verdict']]} ({row['baseline']:+.2f})"
        numbers = row["mean"], row["low"], row["high"], row["n"], "mean valence"
    else:
        same = within[within["actor"] == actor.id].iloc[0]
        said = _WITHIN[same["verdict"]].format(n=same["n_speakers"], who=same["speaker"], share=same["share"])
        unit = "difference within speakers"
        numbers = same["difference"], same["low"], same["high"], same["n_speakers"], unit
    return Finding(
        "focus",
        f"The corpus “{study.name}” names {actor.in_prose} (by others) {where}; {said}.",
        *numbers,
        with_sentences(study, about[["doc_id", "sentence", "alias", "valence", "label", "evidence"]]),
    )


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
        same, n=len(judged), unit="actors", rows=judged.rename_axis("actor").reset_index(),
    )  # fmt: skip


def _in_prose(study: Tables) -> dict[str, str]:
    return actor_table(study.actors).drop_duplicates("actor").set_index("actor")["in_prose"].to_dict()


# Dates


def dated_statements(study: Tables, events: pd.DataFrame) -> Finding:
    """Say how many events the texts date, and which past years they name most often."""
    chosen, kinds = looking_back(events), events["date_kind"].value_counts()
    documents = f"{events['doc_id'].nunique()} of {counted(len(study.documents), 'document')}"
    said = f"{counted(kinds.get('event', 0), 'dated event')} in {documents}"
    named = []
    for year, n in (
        chosen["named"].value_counts().sort_index().sort_values(ascending=False, kind="stable").items()
    ):
        among = chosen.loc[chosen["named"] == year, "doc_id"].nunique()
        named.append(f"{year} ({counted(n, 'time')} in {counted(among, 'document')})")
    if named:
        said += f"; looking back two years or more, they name {listed_names(named[:3])} most often"
    rows = busiest_year(events) if len(events) else events
    rows = with_sentences(study, _shown(rows, "modality"))
    text = f"The corpus “{study.name}” has {said}."
    n = int(kinds.get("event", 0))
    return Finding("dated-statements", text, len(rows), n=n, unit="statements", rows=rows, headline=True)


def _shown(events: pd.DataFrame, *columns: str) -> pd.DataFrame:
    return events[[name for name in ("doc_id", "sentence", "text", "edtf", *columns) if name in events]]


def past_and_future(study: Tables, events: pd.DataFrame) -> Finding | Note:
    """Say what share of the statements looks back to a year before their document, and ahead of it."""
    events = dated(events)
    known = events[(events["named"] >= 1900) & events["year"].notna()]
    if known.empty:
        return Note("There is no dated event since 1900 in a document with a year.")
    last = known["latest"].where(known["latest"] != "", "9999").str[:4].astype(int)
    year = known["year"].astype(float)
    before, ahead = last < year, known["named"] > year
    rows = known.assign(side=before.map({True: "back", False: "ahead"}))[before | ahead]
    return Finding(
        "past-and-future",
        f"{100 * before.mean():.0f}% of the {counted(len(known), 'statement')} since 1900 in documents with "
        f"a year look back to a year before their document, {100 * ahead.mean():.0f}% look ahead to a year "
        "after it.",
        100 * before.mean(), n=len(known), unit="% look back",
        rows=with_sentences(study, _shown(rows, "side", "modality")),
    )  # fmt: skip


def announced(study: Tables, events: pd.DataFrame) -> Finding:
    """Say how many statements speak of what is planned, and of which year most often."""
    events = dated(events)
    planned = events[events["modality"] == "planned"]
    years, often = planned["named"], ""
    if len(years):
        year = years.mode().min()
        often = f", most often of {year} ({counted((years == year).sum(), 'time')})"
    verb = "speaks" if len(years) == 1 else "speak"
    text = f"{counted(len(years), 'statement')} of {len(events):,} {verb} of what is planned{often}."
    rows = with_sentences(study, _shown(planned, "date_kind"))
    return Finding("announced", text, len(years), n=len(events), unit="statements", rows=rows)


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
