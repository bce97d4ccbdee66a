"""Say what estimates allow to say, in a sentence: no ranking where no difference can be shown."""

from collections.abc import Mapping, Sequence

import pandas as pd

from ..errors import counted
from .estimates import FEWEST, FEWEST_DOCUMENTS
from .tone import Comparison


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
    told = {kind: _names(sure[sure["verdict"] == kind], names) for kind in ("warmer", "cooler")}
    rest = len(sure) - sum(map(len, told.values()))
    if rest == len(sure):
        who = f"None of {rest} actors" if rest > 1 else "The one actor"
        return f"{who} with enough sentences can{'' if rest > 1 else 'not'} be told apart from the baseline."
    few = _names(sure[sure["verdict"].isin(list(told)) & (sure["interval"] == "sentences")], names)
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


def describe_difference(found: Comparison) -> str:
    """Say how two groups compare, by the test of their difference (see `compare_tone`).

    >>> describe_difference(Comparison(difference=0.13, low=0.04, high=0.22, p_value=0.006))
    'warmer than'
    """
    if not found.p_value >= 0:
        return "not to be compared with"
    if found.p_value >= 0.05:
        return "not to be told apart from"
    return "warmer than" if found.difference > 0 else "cooler than"


def listed_names(items: Sequence[str], most: int = 5) -> str:
    """List names as a sentence does.

    >>> listed_names(["A", "B", "C"]), listed_names(list("ABCDEFG"), most=2)
    ('A, B and C', 'A, B and 5 more')
    """
    items = list(items)
    if len(items) > most + 1:
        items = [*items[:most], f"{len(items) - most} more"]
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)


def _names(rows: pd.DataFrame, names: Mapping[str, str]) -> list[str]:
    return [names.get(actor, actor) for actor in rows["actor"]]
