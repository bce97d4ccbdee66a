"""Count who is named with whom: sentences that name two actors."""

import numpy as np
import pandas as pd

from ..errors import require_columns


def co_mentions(mentions: pd.DataFrame, by: str | None = None) -> pd.DataFrame:
    """Count the sentences that name two actors together, and compare with chance.

    Takes actor, doc_id, sentence, and reading where it is known: places are left out. The values of `by`, a
    column such as a period, are counted apart. Returns one row a pair, sorted by n: [by,] actor, other (in
    alphabetical order, each pair once), n (sentences), n_documents, expected (sentences, if every actor
    shared as many as it does, but with partners at random: the null model of modularity, Newman 2006) and
    log_ratio: log2(n / expected). A ratio of few sentences is unsteady: read it from five on. Raises
    SCONotesError if a column is missing.

    >>> named = {"actor": ["KAZ", "SCO", "CHN", "SCO"], "sentence": [0, 0, 1, 1], "doc_id": "a"}
    >>> co_mentions(pd.DataFrame(named))[["actor", "other", "n"]]
      actor other  n
    0   CHN   SCO  1
    1   KAZ   SCO  1
    """
    require_columns(mentions, *([by] if by else []), "actor", "doc_id", "sentence")
    meant = mentions[mentions["reading"] != "place"] if "reading" in mentions else mentions
    named = meant[["doc_id", "sentence"]].assign(actor=meant["actor"].astype("str"))
    named["group"] = meant[by] if by else 0
    named = named.drop_duplicates()
    both = named.merge(named.rename(columns={"actor": "other"}), on=["group", "doc_id", "sentence"])
    both = both[both["actor"] < both["other"]]
    sentences = both.groupby(["group", "actor", "other"], observed=True)["doc_id"]
    pairs = sentences.agg(n="size", n_documents="nunique").reset_index()
    pairs["expected"] = _expected(pairs)
    pairs["log_ratio"] = np.log2(pairs["n"] / pairs["expected"])
    order, ascending = ["group", "n", "actor", "other"], [True, False, True, True]
    pairs = pairs.sort_values(order, ascending=ascending, ignore_index=True)
    return pairs.rename(columns={"group": by}) if by else pairs.drop(columns="group")


def _expected(pairs: pd.DataFrame) -> pd.Series:
    """The sentences that each pair of a group would share with partners at random."""
    turned = pairs.rename(columns={"actor": "other", "other": "actor"})
    shared = pd.concat([pairs, turned]).groupby(["group", "actor"], observed=True)["n"].sum()
    by_group = shared.groupby("group", observed=True)
    # Over all pairs of two different actors, so that expected and found add up to the same.
    products = (by_group.sum() ** 2 - (shared**2).groupby("group", observed=True).sum()) / 2
    table = pairs.join(shared.rename("one"), on=["group", "actor"])
    table = table.join(shared.rename("two").rename_axis(["group", "other"]), on=["group", "other"])
    total = table["group"].map(by_group.sum()).astype(float) / 2
    return total * table["one"] * table["two"] / table["group"].map(products).astype(float).clip(lower=1)
