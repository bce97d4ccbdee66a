"""Counts of terms to relative frequencies, overall, by group of documents and over time."""

from collections.abc import Collection, Iterable

import numpy as np
import pandas as pd

from ..corpus.frames import as_counts
from ..errors import SCONotesError, check_whole, require_columns
from .counts import stop_list

FEWEST_DOCUMENTS = 10  # from so many on an interval is over documents
FEWEST_WITH_TERM = 5  # and where so many of them have the term


def relative_frequency(
    terms: pd.DataFrame, by: str | None = None, stopwords: Collection[str] = (), top: int | None = None
) -> pd.DataFrame:
    """How often each term occurs per 1,000 tokens, overall or in each group of documents.

    Takes doc_id, term, n and, where `by` names one, that column. Returns [by,] term, n, n_documents,
    n_tokens (of the group, stop words included), per_1000, low, high, interval; sorted by group, then by
    frequency, with `top` only so many terms a group. The 95% interval is

    - "documents": over documents (Student's t on the logarithm, its error by a jackknife that leaves out one
      document at a time), where the group has ten or more and five of them have the term: a term that
      clusters in few documents gets the wider interval that it deserves;
    - "poisson": else, the exact one of a Poisson count (Garwood 1936), which takes tokens as independent and
      speaks of these texts only.
    """
    terms, stopwords = as_counts(terms, *([by] if by else [])), stop_list(stopwords)
    if top is not None:
        check_whole(top, "top")
    kept = terms[~terms["term"].isin(stopwords)] if stopwords else terms
    names = [by] if by else []
    table = _rates(kept, _tokens(terms, by), by, top)
    order = [*names, "n", "term"]
    return table.sort_values(order, ascending=[*[True] * len(names), False, True], ignore_index=True)


def frequency_of(
    terms: pd.DataFrame, words: Iterable[str], by: str, groups: pd.DataFrame | None = None
) -> pd.DataFrame:
    """How often each of some terms or term groups occurs in each group of documents, 0 included.

    Takes doc_id, term, n and the column `by`; where `groups` is given (as find_groups returns them), a word
    that names a group is counted there. Returns by, term, n, n_documents, n_tokens, per_1000, low, high,
    interval as relative_frequency does, in the order of `words`. A group without documents has no row.
    """
    terms = as_counts(terms, by)
    words = [words] if isinstance(words, str) else list(dict.fromkeys(words))
    counts = counts_of(terms, words, by, groups)
    tokens = _tokens(terms, by)
    table = _rates(counts, tokens, by, None)
    grid = pd.MultiIndex.from_product([words, sorted(tokens[by].unique())], names=["term", by])
    whole = table.set_index(["term", by]).reindex(grid).reset_index()
    missing = whole["n"].isna()
    sums = tokens.groupby(by, observed=True)["tokens"].sum()
    whole.loc[missing, ["n", "n_documents", "per_1000", "low"]] = 0
    whole["n_tokens"] = whole[by].map(sums).astype("int64")
    whole.loc[missing, "high"] = 1000 * _poisson(np.zeros(1))[1][0] / whole.loc[missing, "n_tokens"]
    whole["interval"] = whole["interval"].fillna("poisson")
    columns = [by, "term", "n", "n_documents", "n_tokens", "per_1000", "low", "high", "interval"]
    return whole.astype({"n": "int64", "n_documents": "int64"})[columns]


def counts_of(
    terms: pd.DataFrame, words: list[str], by: str, groups: pd.DataFrame | None = None
) -> pd.DataFrame:
    """The counts of some terms or term groups, under the names that `words` gives them."""
    known = set(groups["group"]) if groups is not None else set()
    plain = {word.lower(): word for word in words if word not in known}
    counts = terms.loc[terms["term"].isin(plain), ["doc_id", by, "term", "n"]]
    counts = counts.assign(term=counts["term"].astype(object).map(plain))
    if groups is not None and known & set(words):
        counts = pd.concat([counts, count_groups(groups[groups["group"].isin(words)], terms, by)])
    return counts


def count_groups(groups: pd.DataFrame, terms: pd.DataFrame, by: str | None = None) -> pd.DataFrame:
    """The places of term groups as counts: doc_id, [by,] term (the name of the group), n."""
    require_columns(groups, "doc_id", "group")
    require_columns(terms, "doc_id", *([by] if by else []))
    counts = groups.groupby(["doc_id", "group"], observed=True, sort=False).size().reset_index(name="n")
    counts = counts.rename(columns={"group": "term"})
    if by:
        counts[by] = counts["doc_id"].map(terms.drop_duplicates("doc_id").set_index("doc_id")[by])
        if counts[by].isna().any() and not terms[by].isna().any():
            raise SCONotesError(
                "groups: they name documents that the counts do not have; are they of one corpus?"
            )
    return counts


def tf_idf(terms: pd.DataFrame, stopwords: Collection[str] = ()) -> pd.DataFrame:
    """How much each term marks a document: its count, times the rarity of the term among the documents.

    Takes doc_id, term, n; returns doc_id, term, n, n_documents, tf_idf, sorted by document, the most telling
    terms first. tf_idf = n * (ln((1 + D) / (1 + n_documents)) + 1), divided by the length of the document's
    vector: the default of scikit-learn's TfidfTransformer (Salton and Buckley 1988).

    >>> terms = pd.DataFrame({"doc_id": ["a", "a", "b"], "term": ["peace", "water", "peace"], "n": [1, 1, 2]})
    >>> tf_idf(terms).round(2)
      doc_id   term  n  n_documents  tf_idf
    0      a  water  1            1    0.81
    1      a  peace  1            2    0.58
    2      b  peace  2            2    1.00
    """
    terms, stopwords = as_counts(terms), stop_list(stopwords)
    total = terms["doc_id"].nunique()
    kept = terms.loc[~terms["term"].isin(stopwords), ["doc_id", "term", "n"]]
    n_documents = kept.groupby("term", observed=True)["doc_id"].transform("nunique")
    weight = kept["n"] * (np.log((1 + total) / (1 + n_documents)) + 1)
    length = np.sqrt((weight**2).groupby(kept["doc_id"], observed=True).transform("sum"))
    table = kept.assign(n_documents=n_documents, tf_idf=weight / length)
    return table.sort_values(["doc_id", "tf_idf", "term"], ascending=[True, False, True], ignore_index=True)


def _tokens(terms: pd.DataFrame, by: str | None) -> pd.DataFrame:
    """The tokens of each document, and its group."""
    names = [by] if by else []
    return terms.groupby([*names, "doc_id"], observed=True)["n"].sum().reset_index(name="tokens")


def _rates(counts: pd.DataFrame, tokens: pd.DataFrame, by: str | None, top: int | None) -> pd.DataFrame:
    """The table of relative_frequency, in the order of groups and terms."""
    names = [by] if by else []
    # For each document: its tokens T and a = 1 / (all tokens of the group without it).
    size = tokens.groupby(by, observed=True)["tokens"] if by else tokens["tokens"]
    all_tokens = size.transform("sum") if by else pd.Series(size.sum(), tokens.index)
    rest = (all_tokens - tokens["tokens"]).astype(float)
    units = tokens.assign(a=1 / rest.where(rest > 0), N=all_tokens)
    units["ta"], units["ta2"] = units["tokens"] * units["a"], (units["tokens"] * units["a"]) ** 2
    units["t2"] = units["tokens"].astype(float) ** 2
    keys = names or [units["N"] * 0]
    sums = units.groupby(keys, observed=True).agg(
        D=("doc_id", "size"), N=("N", "first"), ta=("ta", "sum"), ta2=("ta2", "sum"), t2=("t2", "sum")
    )
    table = _sums(counts, units, names)
    if top is not None:
        ranked = table.sort_values(["n", "term"], ascending=[False, True])
        table = (ranked.groupby(names, observed=True).head(top) if by else ranked.head(top)).copy()
    group = (
        sums.loc[table[by]].reset_index(drop=True)
        if by
        else sums.iloc[[0] * len(table)].reset_index(drop=True)
    )
    table = table.reset_index(drop=True)
    n, total = table["n"].to_numpy(float), group["N"].to_numpy(float)
    documents, rate = group["D"].to_numpy(float), n / total
    # Without document d the rate changes by (rate * T_d - n_d) * a_d: the sums of that and of its square.
    change = rate * group["ta"].to_numpy() - table["ca"].to_numpy()
    square = rate**2 * group["ta2"].to_numpy() - 2 * rate * table["tca2"].to_numpy() + table["ca2"].to_numpy()
    with np.errstate(invalid="ignore", divide="ignore"):
        variance = (documents - 1) / documents * np.maximum(square - change**2 / documents, 0)
        error = np.sqrt(variance) / rate
        degrees = np.maximum(total**2 / group["t2"].to_numpy() - 1, 1)
    low, high = _poisson(n)
    low, high = low / total, high / total
    over = (documents >= FEWEST_DOCUMENTS) & (table["n_documents"].to_numpy() >= FEWEST_WITH_TERM)
    half = np.where(over, _t(degrees) * error, 0)
    table = table.assign(
        n_tokens=group["N"].astype("int64"),
        per_1000=1000 * rate,
        low=1000 * np.where(over, rate * np.exp(-half), low),
        high=1000 * np.where(over, rate * np.exp(half), high),
        interval=pd.Series(np.where(over, "documents", "poisson"), dtype="str"),
    )
    columns = ["term", "n", "n_documents", "n_tokens", "per_1000", "low", "high", "interval"]
    return table[[*names, *columns]]


def _sums(counts: pd.DataFrame, units: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """For each group and term n and n_documents and, over its documents, the sums of na, (na)^2 and Tna^2."""
    for name in names:  # a document of no group
        counts = counts[counts[name].notna()] if counts[name].isna().any() else counts
    document, first = _numbered(counts, [*names, "doc_id"], sort=False)
    cell, row = _numbered(counts, [*names, "term"], sort=True)
    pair = document * len(row) + cell
    if not (np.diff(pair) > 0).all() and len(np.unique(pair)) < len(pair):
        # A term stands in several rows of a document, as two words do that are counted as one.
        once = counts.groupby([*names, "doc_id", "term"], observed=True)["n"].sum().reset_index()
        return _sums(once, units, names)
    del pair
    own = counts.iloc[first][[*names, "doc_id"]].merge(units, on=[*names, "doc_id"], how="left")
    a, tokens = own["a"].fillna(0).to_numpy(), own["tokens"].to_numpy(float)
    n = counts["n"].to_numpy(float)
    sums = {"n": np.bincount(cell, n).astype("int64"), "n_documents": np.bincount(cell)}
    n *= a[document]
    sums |= {"ca": np.bincount(cell, n), "ca2": np.bincount(cell, n**2)}
    n *= (a * tokens)[document]
    table = counts.iloc[row][[*names, "term"]].reset_index(drop=True)
    return table.assign(**sums, tca2=np.bincount(cell, n))


def _numbered(table: pd.DataFrame, keys: list[str], sort: bool) -> tuple[np.ndarray, np.ndarray]:
    """The number of each row's group, in the order of the keys or of appearance, and a row of each group."""
    number = table.groupby(keys, observed=True, sort=sort).ngroup().to_numpy()
    row = np.zeros(number.max(initial=-1) + 1, int)
    row[number[::-1]] = np.arange(len(number))[::-1]
    return number, row


def _poisson(n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The exact 95% interval of a Poisson count (Garwood 1936)."""
    from scipy.stats import chi2

    low = np.where(n > 0, chi2.ppf(0.025, 2 * np.maximum(n, 1)) / 2, 0)
    return low, chi2.ppf(0.975, 2 * (n + 1)) / 2


def _t(degrees: np.ndarray) -> np.ndarray:
    from scipy.special import stdtrit

    return stdtrit(degrees, 0.975)


def periods(years: pd.Series, width: int = 5) -> pd.Series:
    """The period of `width` years that each year belongs to, as text; missing where the year is.

    >>> periods(pd.Series([1992, 2001, 2024])).tolist()
    ['1990-1994', '2000-2004', '2020-2024']
    """
    check_whole(width, "width")
    if not pd.api.types.is_numeric_dtype(years):
        raise SCONotesError("periods: a column of years as numbers is expected, such as docs['year']")
    begin = years // width * width
    return begin.map({year: f"{int(year)}-{int(year) + width - 1}" for year in begin.dropna().unique()})


def stop_list_effect(terms: pd.DataFrame, stopwords: Collection[str], top: int = 15) -> pd.DataFrame:
    """The most frequent terms with a stop list and without it, side by side.

    Takes doc_id, term, n; returns rank, with_stop_list, without, without_per_1000 and is_stop_word (whether
    the term in `without` is on the list).
    """
    check_whole(top, "top")
    kept = relative_frequency(terms, stopwords=stopwords, top=top)
    everything = relative_frequency(terms, top=top)
    return pd.DataFrame(
        {
            "rank": range(1, len(everything) + 1),
            "with_stop_list": kept["term"].reindex(range(len(everything))),
            "without": everything["term"],
            "without_per_1000": everything["per_1000"],
            "is_stop_word": np.where(everything["term"].isin(stopwords), "yes", "no"),
        }
    )


def largest_change(table: pd.DataFrame, over: str) -> dict:
    """The term that changed most from the first to the last group, among those whose intervals are apart.

    Takes the table of frequency_of with its groups in order in the column `over`. Returns statement (a
    sentence for a finding, which says so where no term can be told to have changed), term, ratio (last by
    first) and n (of both groups).
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
    if not apart.any():
        term = n.idxmax()
        return {
            "statement": f"None of {', '.join(f'“{t}”' for t in first.index)} can be said to have become "
            f"more or less frequent {between}: the intervals of each overlap.",
            "term": term, "ratio": float(ratio[term]), "n": int(n[term]),
        }  # fmt: skip
    size = np.log2((last["per_1000"] + 1e-3) / (first["per_1000"] + 1e-3)).abs()
    term = size[apart].idxmax()
    way = "rose" if last["per_1000"][term] > first["per_1000"][term] else "fell"
    return {
        "statement": f"“{term}” {way} from {first['per_1000'][term]:.2f} to {last['per_1000'][term]:.2f} in "
        f"1,000 tokens {between}; the intervals do not overlap.",
        "term": term, "ratio": float(ratio[term]), "n": int(n[term]),
    }  # fmt: skip
