"""Who is named with whom: sentences that name two actors."""

from itertools import combinations

import numpy as np
import pandas as pd

from ..errors import require_columns


def co_mentions(mentions: pd.DataFrame, by: str | None = None) -> pd.DataFrame:
    """Every pair of actors that a sentence names together, and whether more often than chance would have it.

    Takes actor, doc_id, sentence (and reading, of which "place" is left out, and the column `by`, such as a
    period). Returns [by,] actor, other (in alphabetical order, each pair once), n (sentences), n_documents,
    expected (sentences, if every actor shared as many as it does, but with partners at random: the null model
    of modularity, Newman 2006) and log_ratio: log2(n / expected), 0 for chance, 1 for twice as often. A ratio
    of few sentences is unsteady: read it from five on. Sorted by n. Raises SCONotesError for a column that
    is missing.

    >>> named = {"actor": ["KAZ", "SCO", "CHN", "SCO"], "sentence": [0, 0, 1, 1], "doc_id": "a"}
    >>> co_mentions(pd.DataFrame(named))[["actor", "other", "n"]]
      actor other  n
    0   CHN   SCO  1
    1   KAZ   SCO  1
    """
    keys = [by] if by else []
    require_columns(mentions, *keys, "actor", "doc_id", "sentence")
    meant = mentions[mentions["reading"] != "place"] if "reading" in mentions else mentions
    groups = meant.groupby(by, observed=True) if by else [(None, meant)]
    rows = [row | ({by: group} if by else {}) for group, part in groups for row in _pairs(part)]
    columns = [*keys, "actor", "other", "n", "n_documents", "expected", "log_ratio"]
    table = pd.DataFrame(rows, columns=columns)
    order, ascending = [*keys, "n", "actor", "other"], [*[True] * len(keys), False, True, True]
    return table.sort_values(order, ascending=ascending, ignore_index=True)


def _pairs(mentions: pd.DataFrame) -> list[dict]:
    named = mentions[["doc_id", "sentence", "actor"]].drop_duplicates().sort_values("actor")
    documents: dict[tuple[str, str], list] = {}
    for (doc_id, _), actors in named.groupby(["doc_id", "sentence"])["actor"]:
        for pair in combinations(actors, 2):
            documents.setdefault(pair, []).append(doc_id)
    shared: dict[str, int] = {}
    for pair, ids in documents.items():
        for actor in pair:
            shared[actor] = shared.get(actor, 0) + len(ids)
    degrees = np.array(list(shared.values()), float)
    total = sum(map(len, documents.values()))
    # Over all pairs of two different actors, so that expected and found add up to the same.
    products = (degrees.sum() ** 2 - (degrees**2).sum()) / 2
    rows = []
    for (actor, other), ids in documents.items():
        expected = total * shared[actor] * shared[other] / products
        counts = {"n": len(ids), "n_documents": len(set(ids))}
        ratio = {"expected": expected, "log_ratio": float(np.log2(len(ids) / expected))}
        rows.append({"actor": actor, "other": other} | counts | ratio)
    return rows


def co_mention_matrix(pairs: pd.DataFrame, top: int = 12) -> pd.DataFrame:
    """The table of `co_mentions` as a square: actors that are named with others most often, by n.

    >>> pairs = pd.DataFrame({"actor": ["CHN", "KAZ"], "other": ["SCO", "SCO"], "n": [3, 2]})
    >>> co_mention_matrix(pairs)
         SCO  CHN  KAZ
    SCO    0    3    2
    CHN    3    0    0
    KAZ    2    0    0
    """
    require_columns(pairs, "actor", "other", "n")
    turned = pairs.rename(columns={"actor": "other", "other": "actor"})
    both = pd.concat([pairs, turned])[["actor", "other", "n"]]
    square = both.pivot_table(index="actor", columns="other", values="n", aggfunc="sum", fill_value=0)
    order = square.sum(axis=1).sort_values(ascending=False, kind="stable").index[:top]
    return square.reindex(index=order, columns=order, fill_value=0).rename_axis(index=None, columns=None)
