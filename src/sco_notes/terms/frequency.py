"""Counts of terms to relative frequencies, overall, by group of documents and over time."""

from collections.abc import Collection, Iterable

import numpy as np
import pandas as pd

from ..corpus.frames import as_counts
from ..errors import SCONotesError, check_whole, counted, require_columns
from .counts import stop_list

FEWEST_DOCUMENTS = 10  # from so many on an interval is over documents
FEWEST_WITH_TERM = 5  # and where so many of them have the term
RATED = ["term", "n", "n_documents", "n_tokens", "per_1000", "low", "high", "interval"]


def relative_frequency(
    terms: pd.DataFrame, by: str | None = None, stopwords: Collection[str] = (), top: int | None = None
) -> pd.DataFrame:
    """Find how often each term occurs per 1,000 tokens, overall or in each group of documents.

    Takes doc_id, term, n and the column `by` of the groups. `stopwords` are left out of the table, not out of
    the tokens (None takes the project's list); of each group the `top` terms. Returns [by,] term, n,
    n_documents, n_tokens (of the group), per_1000, low, high, interval; sorted by group, then by frequency.
    The 95% interval is

    - "documents": over documents (Student's t on the logarithm, its error by a jackknife that leaves out one
      document at a time), where the group has ten or more and five of them have the term;
    - "poisson": else, the exact one of a Poisson count (Garwood 1936), which takes tokens as independent and
      speaks of these texts only.
    """
    keys = [by] if by else []
    terms, stopwords = as_counts(terms, *keys), stop_list(stopwords)
    if top is not None:
        check_whole(top, "top")
    kept = terms[~terms["term"].isin(stopwords)] if stopwords else terms
    order = [*keys, "n", "term"]
    table = rates(kept, terms, by)[[*keys, *RATED]]
    table = table.sort_values(order, ascending=[name != "n" for name in order], ignore_index=True)
    if top is None:
        return table
    return table.groupby(by, observed=True).head(top).reset_index(drop=True) if by else table.head(top)


def frequency_of(
    terms: pd.DataFrame, words: Iterable[str], by: str, groups: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Find how often each of some terms or term groups occurs in each group of documents, 0 included.

    `terms` has doc_id, term, n and the column `by` of the groups; `words` are terms, or with `groups` (the
    places that find_groups returns) names of term groups. Returns by, term, n, n_documents, n_tokens,
    per_1000, low, high, interval as relative_frequency does, in the order of `words`.
    """
    terms = as_counts(terms, by)
    words = [words] if isinstance(words, str) else list(dict.fromkeys(words))
    table = rates(counts_of(terms, words, by, groups), terms, by)[[by, *RATED]]
    tokens = terms.groupby(by, observed=True)["n"].sum()
    grid = pd.MultiIndex.from_product([words, sorted(tokens.index)], names=["term", by])
    table = table.set_index(["term", by]).reindex(grid).reset_index()
    table["n_tokens"] = table[by].map(tokens).astype("int64")
    none = {"n": 0, "n_documents": 0, "per_1000": 0, "low": 0, "interval": "poisson"}
    none["high"] = 1000 * _poisson(np.zeros(1))[1][0] / table["n_tokens"]
    return table.fillna(none).astype({"n": "int64", "n_documents": "int64"})[[by, *RATED]]


def counts_of(
    terms: pd.DataFrame, words: list[str], by: str, groups: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return the counts of some terms or term groups, under the names that `words` gives them."""
    known = set(groups["group"]) if groups is not None else set()
    plain = {word.lower(): word for word in words if word not in known}
    counts = terms.loc[terms["term"].isin(plain), ["doc_id", by, "term", "n"]]
    counts = counts.assign(term=counts["term"].astype(object).map(plain))
    if groups is None or known.isdisjoint(words):
        return counts
    require_columns(groups, "doc_id", "group")
    found = groups[groups["group"].isin(words)].rename(columns={"group": "term"})
    found = found.groupby(["doc_id", "term"], observed=True, sort=False).size().reset_index(name="n")
    found[by] = found["doc_id"].map(terms.drop_duplicates("doc_id").set_index("doc_id")[by])
    if found[by].isna().any() and not terms[by].isna().any():
        raise SCONotesError(
            "groups: they name documents that the counts do not have; are they of one corpus?"
        )
    return pd.concat([counts, found])


def rates(counts: pd.DataFrame, terms: pd.DataFrame, by: str | None) -> pd.DataFrame:
    """Return the table of relative_frequency for `counts`, a part of `terms`, by groups and terms.

    With size (documents of the group), error (of the logarithm of the rate) and its degrees of freedom.
    """
    from scipy.special import stdtrit

    terms, counts = (table.assign(group=table[by] if by else 0) for table in (terms, counts))
    documents = terms.groupby(["group", "doc_id"], observed=True)["n"].sum().reset_index(name="tokens")
    tokens = documents["tokens"].astype(float)
    rest = documents.groupby("group", observed=True)["tokens"].transform("sum") - tokens
    documents["a"] = 1 / rest.where(rest > 0)  # 1 / (all tokens of the group without this document)
    ta = tokens * documents["a"]
    units = documents.assign(size=1, total=documents["tokens"], ta=ta, ta2=ta**2, t2=tokens**2)
    sums = units.groupby("group", observed=True)[["size", "total", "ta", "ta2", "t2"]].sum()
    table = _sums(counts, documents).join(sums, on="group")
    n, size, total = (table[name].to_numpy(float) for name in ("n", "size", "total"))
    rate = n / total
    # Without document d the rate changes by (rate * T_d - n_d) * a_d: the sums of that and of its square.
    change = rate * table["ta"] - table["na"]
    square = rate**2 * table["ta2"] - 2 * rate * table["tna2"] + table["na2"]
    with np.errstate(invalid="ignore", divide="ignore"):
        variance = (size - 1) / size * np.maximum(square - change**2 / size, 0)
        error = np.sqrt(variance) / rate
    degrees = np.maximum(total**2 / table["t2"] - 1, 1)
    over = (size >= FEWEST_DOCUMENTS) & (table["n_documents"] >= FEWEST_WITH_TERM)
    half = np.where(over, stdtrit(degrees, 0.975) * error, 0)
    low, high = _poisson(n)
    table = table.assign(
        n_tokens=table["total"].astype("int64"),
        per_1000=1000 * rate,
        low=1000 * np.where(over, rate * np.exp(-half), low / total),
        high=1000 * np.where(over, rate * np.exp(half), high / total),
        interval=pd.Series(np.where(over, "documents", "poisson"), dtype="str"),
        error=error,
        degrees=degrees,
    ).rename(columns={"group": by})
    return table[[*([by] if by else []), *RATED, "size", "error", "degrees"]]


def _sums(counts: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    """For each group and term n, n_documents and, over its documents, the sums of na, (na)^2 and T n a^2."""
    keys = ["group", "doc_id", "term"]
    if counts.duplicated(keys).any():  # as two words have that are counted as one
        counts = counts.groupby(keys, observed=True, sort=False)["n"].sum().reset_index()
    rows = counts[[*keys, "n"]].merge(documents, on=["group", "doc_id"])
    na = rows["n"] * rows["a"]
    rows = rows.assign(n_documents=1, na=na, na2=na**2, tna2=na * rows["a"] * rows["tokens"])
    columns = ["n", "n_documents", "na", "na2", "tna2"]
    return rows.groupby(["group", "term"], observed=True)[columns].sum().reset_index()


def _poisson(n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the exact 95% interval of a Poisson count (Garwood 1936)."""
    from scipy.special import gammaincinv  # scipy.stats takes half a second to import

    return np.where(n > 0, gammaincinv(np.maximum(n, 1), 0.025), 0), gammaincinv(n + 1, 0.975)


def periods(years: pd.Series, width: int = 5) -> pd.Series:
    """Name the period of `width` years, cut to those there are, of each year; missing where the year is.

    >>> periods(pd.Series([1992, 2001, 2025])).tolist()
    ['1992-1994', '2000-2004', '2025']
    """
    check_whole(width, "width")
    if not pd.api.types.is_numeric_dtype(years):
        raise SCONotesError("periods: a column of years as numbers is expected, such as docs['year']")
    begin, first, last = years // width * width, years.min(), years.max()
    ends = {at: (int(max(at, first)), int(min(at + width - 1, last))) for at in begin.dropna().unique()}
    return begin.map({at: "-".join(map(str, dict.fromkeys(pair))) for at, pair in ends.items()})


def stop_list_effect(terms: pd.DataFrame, stopwords: Collection[str], top: int = 15) -> pd.DataFrame:
    """Put the most frequent terms with a stop list and without it side by side.

    Takes doc_id, term, n; returns rank, with_stop_list, without, without_per_1000 and is_stop_word (whether
    the term in `without` is on the list).
    """
    check_whole(top, "top")
    kept = relative_frequency(terms, stopwords=stopwords, top=top)["term"]
    every = relative_frequency(terms, top=top)
    columns = {"rank": range(1, len(every) + 1), "with_stop_list": kept.reindex(every.index)}
    columns |= {"without": every["term"], "without_per_1000": every["per_1000"]}
    return pd.DataFrame(columns).assign(
        is_stop_word=lambda table: np.where(table["without"].isin(stopwords), "yes", "no")
    )


def largest_change(table: pd.DataFrame, over: str) -> dict:
    """Find the term that changed most from the first to the last group, where intervals are apart.

    Takes the table of frequency_of with its groups in order in the column `over`. Returns statement (a
    sentence), term, ratio (last by first) and n (of both groups).
    """
    require_columns(table, over, "term", "n", "per_1000", "low", "high")
    groups = sorted(table[over].dropna().unique())
    if not groups:
        raise SCONotesError(f"largest_change: no row has a value in {over!r}, so there is nothing to compare")
    first, last = (table[table[over] == groups[i]].set_index("term") for i in (0, -1))
    apart = (first["low"] > last["high"]) | (last["low"] > first["high"])
    ratio = last["per_1000"] / first["per_1000"].where(first["per_1000"] > 0)
    n = first["n"] + last["n"]
    between = f"between {groups[0]} and {groups[-1]}"
    if apart.any():
        size = np.log2((last["per_1000"] + 1e-3) / (first["per_1000"] + 1e-3)).abs()[apart]
        both = size[(first["n"] > 0) & (last["n"] > 0)]  # what did not exist before has risen by construction
        term = (both if len(both) else size).idxmax()
        before, after = first["per_1000"][term], last["per_1000"][term]
        way = "rose" if after > before else "fell"
        ends = [f"({part['low'][term]:.2f} to {part['high'][term]:.2f})" for part in (first, last)]
        statement = (
            f"“{term}” {way} from {before:.2f} {ends[0]} to {after:.2f} {ends[1]} in 1,000 tokens {between}"
        )
        if not before or not after:
            times = f"{counted(int(n[term]), 'time')}, {after or before:.2f} in 1,000 tokens"
            one, other = (groups[-1], groups[0]) if after else (groups[0], groups[-1])
            statement = f"“{term}” stands in the texts of {one} ({times}), and nowhere in those of {other}"
        statement += "; the 95% intervals do not overlap."
    else:
        term = n.idxmax()
        names = ", ".join(f"“{name}”" for name in first.index)
        statement = f"None of {names} can be said to have become more or less frequent {between}: the"
        statement += " intervals of each overlap."
    return {"statement": statement, "term": term, "ratio": float(ratio[term]), "n": int(n[term])}
