"""What a table of estimates allows to say, in a sentence: no ranking where intervals overlap."""

from collections.abc import Mapping, Sequence

import pandas as pd


def state_verdicts(summary: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Which actors are spoken of more warmly or coolly than the baseline.

    Takes the table of `summarise_actors` and the names to write instead of ids.

    >>> verdicts = {"actor": ["SCO", "USA"], "low": 0.1, "verdict": ["warmer", "not told apart"]}
    >>> state_verdicts(pd.DataFrame(verdicts), {})
    'Of 2 actors with enough sentences, 1 is spoken of more warmly than the baseline (SCO), none more coolly;
    the other cannot be told apart from it.'
    """
    sure = summary[summary["low"].notna()]
    if sure.empty:
        return "No actor is named in enough sentences to say anything about tone."
    found = {kind: _names(sure[sure["verdict"] == kind], names) for kind in ("warmer", "cooler")}
    rest = len(sure) - len(found["warmer"]) - len(found["cooler"])
    if rest == len(sure):
        who = f"None of {rest} actors" if rest > 1 else "The one actor"
        return f"{who} with enough sentences can{'' if rest > 1 else 'not'} be told apart from the baseline."
    warmer, cooler = (_some(found[kind]) for kind in ("warmer", "cooler"))
    verb = "is" if len(found["warmer"]) == 1 else "are"
    others = f"; the {'other' if rest == 1 else 'others'} cannot be told apart from it" if rest else ""
    return (
        f"Of {len(sure)} {'actor' if len(sure) == 1 else 'actors'} with enough sentences, "
        f"{len(found['warmer']) or 'none'} {verb} spoken of more warmly than the baseline{warmer}, "
        f"{len(found['cooler']) or 'none'} more coolly{cooler}{others}."
    )


def state_rank(summary: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Which actor has the highest mean, and from which it cannot be told apart; "" for fewer than two.

    >>> means = {"actor": list("ABC"), "mean": [0.5, 0.4, 0], "low": [0.3, 0.2, -1], "high": [0.7, 0.6, 0]}
    >>> state_rank(pd.DataFrame(means), {})
    'Of the 3 actors compared A has the highest mean, but it cannot be told apart from B: their intervals
    overlap.'
    """
    ranked = summary[summary["low"].notna()].sort_values(["mean", "actor"], ascending=[False, True])
    if len(ranked) < 2:
        return ""
    first, rest = ranked.iloc[0], ranked.iloc[1:]
    rivals = _names(rest[rest["high"] >= first["low"]], names)
    name = names.get(first["actor"], first["actor"])
    head = f"Of the {len(ranked)} actors compared {name} has the highest mean, "
    if not rivals:
        return head + "and its interval lies above all the others."
    return head + f"but it cannot be told apart from {listed_names(rivals)}: their intervals overlap."


def state_difference(one: pd.Series, other: pd.Series) -> str:
    """How two rows compare: with overlapping intervals "not to be told apart from" each other."""
    if not (one["low"] <= one["high"] and other["low"] <= other["high"]):
        return "not to be compared with"
    if one["low"] > other["high"]:
        return "warmer than"
    return "cooler than" if one["high"] < other["low"] else "not to be told apart from"


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
