"""Say what estimates allow to say, in a sentence: no ranking where no difference can be shown."""

from collections.abc import Mapping, Sequence

import pandas as pd

from .estimates import FEWEST, FEWEST_DOCUMENTS, q_values
from .tone import Comparison, compare_tone


def describe_verdicts(summary: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Say which actors are spoken of more warmly or coolly than the baseline.

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
    warmer, cooler = (_names(sure[sure["verdict"] == kind], names) for kind in ("warmer", "cooler"))
    rest = len(sure) - len(warmer) - len(cooler)
    if rest == len(sure):
        who = f"None of {rest} actors" if rest > 1 else "The one actor"
        return f"{who} with enough sentences can{'' if rest > 1 else 'not'} be told apart from the baseline."
    told = sure["verdict"].isin(["warmer", "cooler"])
    few = _names(sure[told & (sure["interval"] == "sentences")], names)
    only = f" In fewer than {FEWEST_DOCUMENTS} documents, so of these texts only: {listed_names(few)}."
    others = f"; the {'other' if rest == 1 else 'others'} cannot be told apart from it"
    return (
        f"Of {len(sure)} {'actor' if len(sure) == 1 else 'actors'} with enough sentences, "
        f"{len(warmer) or 'none'} {'is' if len(warmer) == 1 else 'are'} spoken of more warmly than the "
        f"baseline{_in_brackets(warmer)}, {len(cooler) or 'none'} more coolly{_in_brackets(cooler)}"
        f"{others if rest else ''}.{only if few else ''}"
    )


def describe_rank(summary: pd.DataFrame, names: Mapping[str, str], scored: pd.DataFrame) -> str:
    """Say which actor has the highest mean, and from which it cannot be told apart; "" for fewer than two.

    Takes the table of `summarise_actors`, the names to write instead of ids, and the mentions that the
    summary is of: each difference is tested (`compare_tone`; p-values corrected for their number).

    >>> from sco_notes import summarise_actors
    >>> scored = pd.DataFrame({"actor": list("AB") * 6, "doc_id": list("aabbccddeeff"), "sentence": 0,
    ...                        "valence": [0.4, 0.1, 0.5, 0.3, 0.3, 0.1, 0.4, 0.2, 0.6, 0.2, 0.5, 0.3]})
    >>> describe_rank(summarise_actors(scored), {"B": "Belarus"}, scored)
    'Of the 2 actors compared A has the highest mean, and each of the others can be told apart from it.'
    """
    ranked = summary[summary["low"].notna()].sort_values(["mean", "actor"], ascending=[False, True])
    if len(ranked) < 2:
        return ""
    first, rest = ranked["actor"].iloc[0], ranked.iloc[1:]
    of = scored["actor"]
    p_values = [compare_tone(scored, of == first, of == actor).p_value for actor in rest["actor"]]
    rivals = _names(rest[~(q_values(pd.Series(p_values, rest.index)) < 0.05)], names)
    head = f"Of the {len(ranked)} actors compared {names.get(first, first)} has the highest mean, "
    if not rivals:
        return f"{head}and each of the others can be told apart from it."
    return f"{head}but it cannot be told apart from {listed_names(rivals)}."


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


def _in_brackets(items: list[str]) -> str:
    return f" ({listed_names(items)})" if items else ""
