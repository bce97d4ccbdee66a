"""Look into scores: how far the scorers agree, where they differ most, which words made them."""

from itertools import combinations

import pandas as pd

from ..errors import SCONotesError, require_columns

_PLACE = ["doc_id", "start", "end"]


def scorer_agreement(scores: pd.DataFrame) -> pd.DataFrame:
    """Measure how far each two scorers agree on the same mentions.

    Takes the table `scores` of a corpus. Returns scorer, other, n (mentions that both scored), same_label
    (share with equal labels) and spearman (rank correlation of the valences, Spearman 1904; missing where one
    of them is constant), sorted by name.

    >>> scores = pd.DataFrame({"doc_id": "a", "start": [0, 9] * 2, "end": [3, 12] * 2,
    ...     "valence": [0.5, -0.1, 0.4, 0], "label": ["positive", "neutral"] * 2,
    ...     "scorer": ["one 1", "one 1", "two 1", "two 1"]})
    >>> scorer_agreement(scores)
      scorer other  n  same_label  spearman
    0    one   two  2         1.0       1.0
    """
    require_columns(scores, *_PLACE, "scorer", "valence", "label")
    by_scorer = dict(list(scores.groupby(scores["scorer"].astype(str).str.split().str[0])))
    rows = []
    for one, other in combinations(sorted(by_scorer), 2):
        both = by_scorer[one].merge(by_scorer[other], on=_PLACE, suffixes=("", "_other"))
        spearman = both[["valence", "valence_other"]].corr("spearman").iloc[0, 1]
        rows.append((one, other, len(both), (both["label"] == both["label_other"]).mean(), spearman))
    return pd.DataFrame(rows, columns=["scorer", "other", "n", "same_label", "spearman"])


def disputed_mentions(mentions: pd.DataFrame, scores: pd.DataFrame, one: str, other: str) -> pd.DataFrame:
    """List the mentions with their valence by two scorers, those of the widest difference first.

    Takes `mentions` and `scores` of a corpus. Returns the mentions with a column named after each scorer and
    difference (the first less the second). Raises SCONotesError for a scorer without scores.
    """
    require_columns(scores, *_PLACE, "scorer", "valence")
    names = scores["scorer"].str.split().str[0]
    for name in (one, other):
        if len(scores) and name not in set(names):
            raise SCONotesError(f"no scores by {name!r}; there are {', '.join(sorted(set(names)))}")
        found = scores.loc[names == name, [*_PLACE, "valence"]].rename(columns={"valence": name})
        mentions = mentions.merge(found, on=_PLACE, how="inner")
    difference = mentions[one] - mentions[other]
    table = mentions.assign(difference=difference, size=difference.abs())
    table = table.sort_values(["size", *_PLACE], ascending=[False, True, True, True], ignore_index=True)
    return table.drop(columns="size")


def evidence_words(scored: pd.DataFrame) -> pd.DataFrame:
    """Count the words behind many scores: how often each counted, and with what part.

    Takes the column evidence of scored mentions ("great +3.1; threat -1.2"). Returns word (lower case), n
    (mentions), total and mean (of its parts), the words of the largest total first, whatever its sign.

    >>> evidence_words(pd.DataFrame({"evidence": ["great +3.0; threat -1.0", "great +1.0", ""]}))
         word  n  total  mean
    0   great  2    4.0   2.0
    1  threat  1   -1.0  -1.0
    """
    require_columns(scored, "evidence")
    parts = scored["evidence"].dropna().str.split("; ").explode()
    parts = parts.str.extract(r"^(.+) ([+-][\d.]+)$")  # "threat -1.2"
    parts = pd.DataFrame({"word": parts[0].str.lower(), "part": parts[1].astype(float)}).dropna()
    table = parts.groupby("word")["part"].agg(n="size", total="sum", mean="mean").reset_index()
    return table.sort_values("total", key=lambda total: -total.abs(), kind="stable", ignore_index=True)
