"""Who is named with whom: sentences that name two actors."""

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
    parts = meant.groupby(by, observed=True) if by else [(None, meant)]
    tables = [_pairs(part).assign(**{by: group} if by else {}) for group, part in parts]
    columns = [*keys, "actor", "other", "n", "n_documents", "expected", "log_ratio"]
    table = pd.concat(tables or [_pairs(meant).assign(**dict.fromkeys(keys))])[columns]
    order, ascending = [*keys, "n", "actor", "other"], [*[True] * len(keys), False, True, True]
    return table.sort_values(order, ascending=ascending, ignore_index=True)


def _pairs(mentions: pd.DataFrame) -> pd.DataFrame:
    actor, names = pd.factorize(mentions["actor"].astype("str"), sort=True)
    sentence = mentions.groupby(["doc_id", "sentence"], observed=True).ngroup().to_numpy()
    named = pd.DataFrame(
        {"sentence": sentence, "actor": actor, "doc_id": pd.factorize(mentions["doc_id"])[0]}
    )
    named = named.drop_duplicates(["sentence", "actor"])
    both = named.merge(named[["sentence", "actor"]].rename(columns={"actor": "other"}), on="sentence")
    both = both[both["actor"] < both["other"]]
    pairs = both.groupby(["actor", "other"])["doc_id"].agg(n="size", n_documents="nunique").reset_index()
    shared = np.bincount(pairs["actor"], pairs["n"], len(names))
    shared += np.bincount(pairs["other"], pairs["n"], len(names))
    # Over all pairs of two different actors, so that expected and found add up to the same.
    products = (shared.sum() ** 2 - (shared**2).sum()) / 2
    expected = pairs["n"].sum() * shared[pairs["actor"]] * shared[pairs["other"]] / max(products, 1)
    return pairs.assign(
        actor=names[pairs["actor"]],
        other=names[pairs["other"]],
        expected=expected,
        log_ratio=np.log2(pairs["n"].to_numpy() / expected),
    )


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
