"""Estimate a mean valence per actor from scored mentions, and say in a sentence what that allows to say."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from ..actors import self_mentions
from ..corpus.frames import as_scored, check_choice
from ..errors import SCONotesError, counted
from .estimates import FEWEST, FEWEST_DOCUMENTS, Estimate, estimate, q_values
from .estimates import baseline as baseline_of
from .scorer import LABELS

COLUMNS = [
    "actor", "n", "n_documents", "mean", "median", *LABELS, "low", "high", "interval", "baseline",
    "difference", "p_value", "q_value", "verdict", "singles", "n_own", "mean_own", "low_own", "high_own",
]  # fmt: skip


def summarise_actors(
    scored: pd.DataFrame,
    by: str | None = None,
    actors: Sequence[str] | str | None = None,
    baseline: str = "sentences",
) -> pd.DataFrame:
    """Estimate the mean valence per actor, with an interval and the difference from the baseline.

    Takes actor, doc_id, sentence, valence; where they are there also label (for the shares), country (of the
    speaker) or self_mention. Rows without a valence, or a value in `by`, are left out. A sentence that names
    an actor twice counts once. Mentions by the actor's own state are kept apart (`self_mentions`).

    `by` is a column that groups the mentions, such as country, each group with its own baseline. `actors` are
    the ids asked for (default: all there are); one without mentions has n = 0. The baseline is "sentences",
    the mean over all, or "actors", the mean of the means of actors with at least 5 sentences. Returns [by,]
    actor, sorted by n, and

    - n (sentences), n_documents, mean, median, negative, neutral, positive (shares from 0 to 1);
    - low, high: 95% interval of the mean (see `estimate`). interval says over what: "documents", from ten
      on; "sentences" for fewer: it speaks of these texts only; "none": below 5 sentences, or all equal;
    - baseline, the difference from it, its p_value, and q_value: corrected for the number of rows;
    - verdict: "warmer" or "cooler" than the baseline (q below 0.05), "not told apart", or "too few";
    - singles: below 5 sentences their values, which say more than a mean;
    - n_own, mean_own, low_own, high_own: what the actor's own state says.

    In simulations (benchmarks/interval_coverage.py) the interval covers 93-96% where the documents' tones are
    spread evenly; 91-94% where skewed; 86-91% where the more a document names the actor the warmer it is,
    and, of fewer than 50 documents, where nine in ten sentences are neutral. Raises SCONotesError for a
    column that is missing or cannot group, a valence that is no number from -1 to 1, and a row without actor,
    doc_id or sentence.

    >>> scored = pd.DataFrame({"actor": "SCO", "doc_id": list("abcde"), "sentence": 0,
    ...                        "valence": [0.1, 0.2, 0.3, 0.4, 0.5]})
    >>> summarise_actors(scored)[["actor", "n", "mean", "low", "high", "interval"]].round(2)
      actor  n  mean  low  high   interval
    0   SCO  5   0.3  0.1   0.5  sentences
    """
    check_choice("baseline", baseline, ["sentences", "actors"])
    keys = [] if by is None else [by]
    if by is not None and (not isinstance(by, str) or by in COLUMNS):
        raise SCONotesError(
            f"by = {by!r}: the name of one column that groups the mentions is expected, such as 'country'"
        )
    scored = as_scored(scored, *keys)
    asked = [actors] if isinstance(actors, str) else actors
    own = self_mentions(scored)
    tables = []
    for group, part in scored.groupby(by, observed=True) if by else [(None, scored)]:
        wanted = sorted(part["actor"].unique()) if asked is None else list(dict.fromkeys(asked))
        others = _estimates(part[~own[part.index]], wanted, baseline)
        by_own_state = _estimates(part[own[part.index]], wanted)[["n", "mean", "low", "high"]]
        table = others.join(by_own_state.add_suffix("_own")).reset_index(names="actor")
        tables.append(table.assign(**{by: group}) if by else table)
    empty = pd.DataFrame(columns=[*keys, *COLUMNS])
    table = pd.concat(tables)[empty.columns] if tables else empty
    table["q_value"] = q_values(table["p_value"].reset_index(drop=True)).to_numpy()
    way = np.where(table["difference"] > 0, "warmer", "cooler")
    unsure = np.where(table["p_value"].isna() & (table["n"] < FEWEST), "too few", "not told apart")
    table["verdict"] = np.where(table["q_value"] < 0.05, way, unsure)
    ascending = [*[True] * len(keys), False, False, True]
    return table.sort_values([*keys, "n", "n_own", "actor"], ascending=ascending, ignore_index=True)


def _estimates(mentions: pd.DataFrame, wanted: list[str], baseline: str = "sentences") -> pd.DataFrame:
    """A row an actor that is wanted: sentences, documents, mean, interval, difference from the baseline."""
    labels = {name: (mentions["label"] == name).astype(float) for name in LABELS if "label" in mentions}
    once = mentions[["actor", "doc_id", "sentence", "valence"]].assign(**labels)
    once = once.groupby(["actor", "doc_id", "sentence"], as_index=False, observed=True).mean()
    units = {
        "documents": pd.factorize(once["doc_id"])[0],
        "sentences": once.groupby(["doc_id", "sentence"], observed=True).ngroup().to_numpy(),
    }
    valence = once["valence"].to_numpy()
    base = baseline_of(pd.factorize(once["actor"])[0], units, valence, baseline)
    groups = once.groupby("actor", observed=True).indices
    estimates = [estimate(valence, groups.get(actor, np.zeros(0, int)), base) for actor in wanted]
    table = pd.DataFrame(estimates, index=wanted, columns=Estimate._fields)
    grouped = once.groupby("actor", observed=True)
    table["n"] = grouped.size().reindex(wanted, fill_value=0)
    table["n_documents"] = grouped["doc_id"].nunique().reindex(wanted, fill_value=0)
    table["median"] = grouped["valence"].median().reindex(wanted)
    table[LABELS] = grouped[[*labels]].mean().reindex(index=wanted, columns=LABELS)
    few = {actor: valence[groups[actor]] for actor in wanted if 0 < table.loc[actor, "n"] < FEWEST}
    singles = ["; ".join(f"{value:+.2f}" for value in few.get(actor, ())) for actor in wanted]
    return table.assign(baseline=base.value, singles=singles, q_value=np.nan, verdict="")


def describe_verdicts(summary: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Say which actors are spoken of more warmly or coolly than the baseline.

    Takes the table of `summarise_actors` and the names to write instead of ids. Actors named in fewer than
    ten documents are told apart in these texts only, and it says so.

    >>> verdicts = {"actor": ["SCO", "USA"], "n": 40, "low": 0.1, "interval": "documents",
    ...             "verdict": ["warmer", "not told apart"]}
    >>> describe_verdicts(pd.DataFrame(verdicts), {})
    'SCO is spoken of more warmly than the baseline, none more coolly; the 1 other actor of 5 sentences or
    more cannot be told apart from it.'
    """
    sure = summary[summary["n"] >= FEWEST]
    if sure.empty:
        return "No actor is named in enough sentences to say anything about tone."
    if sure["low"].isna().all():
        every = "Every actor with enough sentences has the same tone in all of them"
        return f"{every}, so there is none to compare."
    named = sure["actor"].map(lambda actor: names.get(actor, actor))
    told = {kind: list(named[sure["verdict"] == kind]) for kind in ("warmer", "cooler")}
    rest = len(sure) - sum(map(len, told.values()))
    if rest == len(sure):
        who = f"None of {rest} actors" if rest > 1 else "The one actor"
        return f"{who} with enough sentences can{'' if rest > 1 else 'not'} be told apart from the baseline."
    few = list(named[sure["verdict"].isin(list(told)) & (sure["interval"] == "sentences")])
    whom = f": {listed_names(few)}" * (len(few) < len(sure) - rest)
    only = f" In fewer than {FEWEST_DOCUMENTS} documents, so this holds for these texts only{whom}."
    (way, first), (other, second) = sorted(told.items(), key=lambda item: not item[1])
    who = listed_names(first)
    adverb = {"warmer": "warmly", "cooler": "coolly"}
    others = (
        f"; the {counted(rest, 'other actor')} of {FEWEST} sentences or more cannot be told apart from it"
    )
    return (
        f"{who[:1].upper()}{who[1:]} {'is' if len(first) == 1 else 'are'} spoken of more {adverb[way]} "
        f"than the baseline, {listed_names(second) or 'none'} more {adverb[other]}{others if rest else ''}."
        f"{only if few else ''}"
    )


def listed_names(items: Sequence[str], most: int = 5) -> str:
    """List names as a sentence does.

    >>> listed_names(["A", "B", "C"]), listed_names(list("ABCDEFG"), most=2)
    ('A, B and C', 'A, B and 5 more')
    """
    items = list(items)
    if len(items) > most + 1:
        items = [*items[:most], f"{len(items) - most} more"]
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)
