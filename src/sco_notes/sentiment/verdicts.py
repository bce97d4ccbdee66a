"""What estimates allow to say, in a sentence: no ranking where no difference can be shown."""

from collections.abc import Mapping, Sequence

import pandas as pd

from .estimates import FEWEST, FEWEST_DOCUMENTS, q_values
from .tone import Comparison, compare_tone


def describe_verdicts(summary: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Which actors are spoken of more warmly or coolly than the baseline.

    Takes the table of `summarise_actors` and the names to write instead of ids. Actors named in fewer than
    ten documents are told apart in these texts only, and it says so: as a verdict on more texts than these
    it would be false too often (benchmarks/interval_coverage.py).

    >>> verdicts = {"actor": ["SCO", "USA"], "n": 40, "low": 0.1, "interval": "documents",
    ...             "verdict": ["warmer", "not told apart"]}
    >>> describe_verdicts(pd.DataFrame(verdicts), {})
    'Of 2 actors with enough sentences, 1 is spoken of more warmly than the baseline (SCO), none more coolly;
    the other cannot be told apart from it.'
    """
    sure = summary[summary["n"] >= FEWEST]
    if sure.empty:
        return "No actor is named in enough sentences to say anything about tone."
    if sure["low"].isna().all():
        return (
            "Every actor with enough sentences has the same tone in all of them, so there is none to compare."
        )
    found = {kind: _names(sure[sure["verdict"] == kind], names) for kind in ("warmer", "cooler")}
    rest = len(sure) - len(found["warmer"]) - len(found["cooler"])
    if rest == len(sure):
        who = f"None of {rest} actors" if rest > 1 else "The one actor"
        return f"{who} with enough sentences can{'' if rest > 1 else 'not'} be told apart from the baseline."
    warmer, cooler = (_some(found[kind]) for kind in ("warmer", "cooler"))
    verb = "is" if len(found["warmer"]) == 1 else "are"
    told = sure["verdict"].isin(["warmer", "cooler"])
    few = _names(sure[told & (sure["interval"] == "sentences")], names)
    only = (
        f" In fewer than {FEWEST_DOCUMENTS} documents, so of these texts only: {listed_names(few)}."
        if few
        else ""
    )
    others = f"; the {'other' if rest == 1 else 'others'} cannot be told apart from it" if rest else ""
    return (
        f"Of {len(sure)} {'actor' if len(sure) == 1 else 'actors'} with enough sentences, "
        f"{len(found['warmer']) or 'none'} {verb} spoken of more warmly than the baseline{warmer}, "
        f"{len(found['cooler']) or 'none'} more coolly{cooler}{others}.{only}"
    )


def describe_rank(summary: pd.DataFrame, names: Mapping[str, str], scored: pd.DataFrame | None = None) -> str:
    """Which actor has the highest mean, and from which it cannot be told apart; "" for fewer than two.

    With the mentions that the summary is of, each difference is tested (`compare_tone`; p-values corrected
    for their number). Without them only intervals can be held side by side, and where they overlap there may
    be a difference all the same.

    >>> means = {"actor": list("ABC"), "mean": [0.5, 0.4, 0], "low": [0.3, 0.2, -1], "high": [0.7, 0.6, 0]}
    >>> describe_rank(pd.DataFrame(means), {})
    'Of the 3 actors compared A has the highest mean, but it cannot be told apart from B: their intervals
    overlap.'
    """
    ranked = summary[summary["low"].notna()].sort_values(["mean", "actor"], ascending=[False, True])
    if len(ranked) < 2:
        return ""
    first, rest = ranked.iloc[0], ranked.iloc[1:]
    if scored is None:
        is_rival = rest["high"] >= first["low"]
        clear, why = "and its interval lies above all the others", ": their intervals overlap"
    else:
        of = scored["actor"]
        p_values = [
            compare_tone(scored, of == first["actor"], of == actor).p_value for actor in rest["actor"]
        ]
        is_rival = ~(q_values(pd.Series(p_values, rest.index)) < 0.05)
        clear, why = "and each of the others can be told apart from it", ""
    rivals = _names(rest[is_rival], names)
    name = names.get(first["actor"], first["actor"])
    head = f"Of the {len(ranked)} actors compared {name} has the highest mean, "
    if not rivals:
        return f"{head}{clear}."
    return f"{head}but it cannot be told apart from {listed_names(rivals)}{why}."


def describe_difference(one: Comparison | pd.Series, other: pd.Series | None = None) -> str:
    """How two groups compare: "warmer than", "cooler than", "not to be told apart from" each other.

    Takes what `compare_tone` returns, and goes by its test of the difference. Of two rows of a summary, where
    the mentions are not at hand, it can only see whether their intervals overlap, which some do that a test
    tells apart.

    >>> describe_difference(Comparison(difference=0.13, low=0.04, high=0.22, p_value=0.006))
    'warmer than'
    """
    if isinstance(one, Comparison):
        if not one.p_value >= 0:
            return "not to be compared with"
        is_warmer, is_cooler = (one.p_value < 0.05 and sign * one.difference > 0 for sign in (1, -1))
    elif one["low"] <= one["high"] and other is not None and other["low"] <= other["high"]:
        is_warmer, is_cooler = one["low"] > other["high"], one["high"] < other["low"]
    else:
        return "not to be compared with"
    return "warmer than" if is_warmer else "cooler than" if is_cooler else "not to be told apart from"


def listed_names(items: Sequence[str], most: int = 5) -> str:
    """Names as a sentence lists them.

    >>> listed_names(["A", "B", "C"]), listed_names(list("ABCDEFG"), most=2)
    ('A, B and C', 'A, B and 5 more')
    """
    items = list(items)
    if len(items) > most + 1:
        items = [*items[:most], f"{len(items) - most} more"]
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)


def _names(rows: pd.DataFrame, names: Mapping[str, str]) -> list[str]:
    return [names.get(actor, actor) for actor in rows["actor"]]


def _some(items: list[str]) -> str:
    return f" ({listed_names(items)})" if items else ""
