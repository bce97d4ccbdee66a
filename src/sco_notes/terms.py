"""Documents to term counts; counts to relative frequencies and keyness; documents to concordances.

A term is a lower-cased token: a run of two or more letters or digits, the default of scikit-learn's
CountVectorizer, so that every count here can be checked there. Counts keep all terms; stop words are left
out only where a table is read.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from .corpus import data_folder
from .errors import SCONotesError

_TOKEN = re.compile(r"\w\w+")
# Bytes of one-byte characters: capitals become small, everything that no token contains becomes a space.
# Bytes of longer characters stay, and the tokens they stand in go through the exact pattern.
_TABLE = bytes(
    byte if byte >= 128 or chr(byte).isalnum() or chr(byte) == "_" else 32
    for byte in bytes(range(256)).lower()
)


def count_terms(documents: pd.DataFrame) -> pd.DataFrame:
    """Count every term in every document.

    Takes a frame with doc_id and text; returns doc_id, term, n, in the order of the documents and then of
    the alphabet.

    >>> docs = pd.DataFrame({"doc_id": ["a"], "text": ["Trust builds trust."]})
    >>> count_terms(docs)
      doc_id    term  n
    0      a  builds  1
    1      a   trust  2
    """
    numbers = _Numbering()
    tokens, counts = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for text in documents["text"]:
        counted = _count_tokens(text)
        tokens.append(np.fromiter(map(numbers.__getitem__, counted), np.int64, len(counted)))
        counts.append(np.fromiter(counted.values(), np.int64, len(counted)))
    token, n = np.concatenate(tokens), np.concatenate(counts)
    document = np.repeat(np.arange(len(documents)), [len(part) for part in tokens[1:]])

    terms_of = [_terms(token) for token in numbers]
    vocabulary = sorted({term for terms in terms_of for term in terms})
    place = {term: i for i, term in enumerate(vocabulary)}
    # One row a term: most tokens are one term, a few none ("a") or several ("women’s" is "women" and "s").
    times = np.fromiter(map(len, terms_of), np.int64, len(terms_of))
    terms = np.fromiter((place[term] for terms in terms_of for term in terms), np.int64, int(times.sum()))
    rows = np.repeat(np.arange(len(token)), times[token])
    nth = np.arange(len(rows)) - np.repeat(np.cumsum(times[token]) - times[token], times[token])
    first = np.cumsum(times) - times
    key = document[rows] * len(vocabulary) + terms[first[token[rows]] + nth]
    # The same term may have come from several tokens of a document: "peace" and "«peace»".
    order = np.argsort(key, kind="stable")
    key, begins = np.unique(key[order], return_index=True)
    total = np.add.reduceat(n[rows][order], begins) if len(key) else key
    where, which = np.divmod(key, max(len(vocabulary), 1))
    return pd.DataFrame(
        {
            "doc_id": pd.array(documents["doc_id"].astype(str), dtype="str").take(where),
            "term": pd.array(vocabulary, dtype="str").take(which),
            "n": total,
        }
    )


class _Numbering(dict):
    """Numbers for tokens in the order of their first use: looking a new one up gives it the next."""

    def __missing__(self, token: bytes) -> int:
        self[token] = number = len(self)
        return number


def _count_tokens(text: str) -> Counter[bytes]:
    """The runs of letters and digits of a text, small ones of its capitals, as bytes: the quick half."""
    if "Σ" in text:  # the one letter whose small form depends on what follows its token
        text = text.lower()
    return Counter(text.encode("utf-8", "surrogatepass").translate(_TABLE).split())


def _terms(token: bytes) -> list[str]:
    """The terms in a run of bytes: the exact half, needed once for each different run."""
    if token.isascii():
        return [token.decode()] if len(token) > 1 else []
    return _TOKEN.findall(token.decode("utf-8", "surrogatepass").lower())


def read_stopwords(path: str | Path | None = None) -> frozenset[str]:
    """The words of a stop list, by default data/stopwords.txt. Lines that begin with # are comments."""
    file = Path(path) if path else data_folder() / "stopwords.txt"
    if not file.is_file():
        raise SCONotesError(f"{file}: no such stop list; give a text file with one word a line")
    lines = file.read_text(encoding="utf-8").splitlines()
    return frozenset(
        word.lower() for line in lines if not line.lstrip().startswith("#") for word in line.split()
    )


def relative_frequency(
    terms: pd.DataFrame, by: str | None = None, stopwords: Collection[str] = ()
) -> pd.DataFrame:
    """How often each term occurs per 1,000 tokens, overall or in each group of documents.

    Takes doc_id, term, n and, where `by` names one, that column. Returns [by,] term, n, n_documents,
    n_tokens (of the group, stop words included), per_1000, low, high: the exact 95% interval of a Poisson
    count (Garwood 1936), which takes tokens as independent and is therefore too narrow for a term that
    clusters in few documents. Sorted by group, then by frequency.
    """
    _require(terms, "doc_id", "term", "n", *([by] if by else []))
    groups = [by] if by else []
    tokens = terms.groupby(groups, observed=True)["n"].sum() if by else terms["n"].sum()
    kept = terms[~terms["term"].isin(stopwords)] if stopwords else terms
    table = (
        kept.groupby([*groups, "term"], observed=True)
        .agg(n=("n", "sum"), n_documents=("doc_id", "nunique"))
        .reset_index()
    )
    table["n_tokens"] = table[by].map(tokens).astype("int64") if by else int(tokens)
    table = _with_rate(table)
    order = [*groups, "n", "term"]
    return table.sort_values(order, ascending=[*[True] * len(groups), False, True], ignore_index=True)


def _with_rate(table: pd.DataFrame) -> pd.DataFrame:
    """Add per_1000, low, high to n and n_tokens."""
    from scipy.stats import chi2

    n, scale = table["n"].to_numpy(), 1000 / table["n_tokens"].to_numpy()
    low = np.where(n > 0, chi2.ppf(0.025, 2 * np.maximum(n, 1)) / 2, 0)
    high = chi2.ppf(0.975, 2 * (n + 1)) / 2
    return table.assign(per_1000=n * scale, low=low * scale, high=high * scale)


def frequency_of(terms: pd.DataFrame, words: Iterable[str], by: str) -> pd.DataFrame:
    """How often each of some terms occurs in each group of documents, groups without it included as 0.

    Takes doc_id, term, n and the column `by`; returns by, term, n, n_tokens, per_1000, low, high as
    relative_frequency does, in the order of `words`. A group without documents has no row.
    """
    _require(terms, "doc_id", "term", "n", by)
    words = [word.lower() for word in words]
    tokens = terms.groupby(by, observed=True)["n"].sum()
    counts = terms[terms["term"].isin(words)].groupby(["term", by], observed=True)["n"].sum()
    grid = pd.MultiIndex.from_product([words, tokens.index], names=["term", by])
    table = counts.reindex(grid, fill_value=0).reset_index()
    table["n_tokens"] = table[by].map(tokens).astype("int64")
    return _with_rate(table)[[by, "term", "n", "n_tokens", "per_1000", "low", "high"]]


def compare_corpora(
    terms: pd.DataFrame, reference: pd.DataFrame, stopwords: Collection[str] = (), min_n: int = 5
) -> pd.DataFrame:
    """Keyness of one corpus against another: the term counts of each, and the table of `keyness`."""
    both = pd.concat([terms[["doc_id", "term", "n"]], reference[["doc_id", "term", "n"]]], ignore_index=True)
    return keyness(both, pd.Series(both.index < len(terms), both.index), stopwords, min_n)


def keyness(
    terms: pd.DataFrame, target: pd.Series | Iterable[str], stopwords: Collection[str] = (), min_n: int = 5
) -> pd.DataFrame:
    """Which terms mark the target documents against all the others.

    `target` is true or false for each row of `terms`, or for each document (indexed by doc_id, as in
    `docs["year"] >= 2017`), or simply the ids of the target documents. Terms below `min_n` in both
    together are not tested.

    Returns term, n, n_reference, per_1000, per_1000_reference, g2, log_ratio, q_value, sorted by g2:

    - g2: log-likelihood ratio over the four cells of the table (Dunning 1993), without correction; large
      where the difference is unlikely to be chance;
    - log_ratio: log2 of the ratio of relative frequencies (Hardie 2014), positive where the term is more
      frequent in the target, a count of 0 taken as 0.5; the size of the difference;
    - q_value: the share of false discoveries among terms with so large a g2 (Benjamini and Hochberg 1995).

    Tokens are taken as independent, as all of these measures do: a single long document can carry a term.
    Raises SCONotesError where either side has no documents.

    >>> terms = pd.DataFrame({"doc_id": ["a", "a", "b", "b"], "term": ["peace", "war", "peace", "war"],
    ...                       "n": [30, 10, 10, 30]})
    >>> keyness(terms, ["a"])[["term", "n", "n_reference", "g2", "log_ratio"]].round(2)
        term   n  n_reference     g2  log_ratio
    0  peace  30           10  20.93       1.58
    1    war  10           30  20.93      -1.58
    """
    from scipy.stats import chi2, false_discovery_control

    _require(terms, "doc_id", "term", "n")
    inside = _target_rows(terms, target)
    total, total_reference = int(terms.loc[inside, "n"].sum()), int(terms.loc[~inside, "n"].sum())
    if not total or not total_reference:
        side = "target" if not total else "reference"
        raise SCONotesError(f"keyness: the {side} has no documents, so there is nothing to compare")
    counts = pd.DataFrame(
        {
            "n": terms[inside].groupby("term")["n"].sum(),
            "n_reference": terms[~inside].groupby("term")["n"].sum(),
        }
    ).fillna(0)
    counts = counts[(counts.sum(axis=1) >= min_n) & ~counts.index.isin(stopwords)].astype("int64")
    n, n_reference = counts["n"].to_numpy(float), counts["n_reference"].to_numpy(float)
    observed = np.array([n, n_reference, total - n, total_reference - n_reference])
    row_sums = np.array([total, total_reference, total, total_reference])[:, None]
    term_sums, all_sums = observed[:2].sum(axis=0), total + total_reference
    column_sums = np.array([term_sums, term_sums, all_sums - term_sums, all_sums - term_sums])
    expected = row_sums * column_sums / all_sums
    with np.errstate(divide="ignore", invalid="ignore"):
        g2 = 2 * np.where(observed > 0, observed * np.log(observed / expected), 0).sum(axis=0)
    g2 = np.maximum(g2, 0)  # equal shares leave -1e-16
    ratio = (np.maximum(n, 0.5) / total) / (np.maximum(n_reference, 0.5) / total_reference)
    p_value = chi2.sf(g2, df=1)
    table = counts.assign(
        per_1000=1000 * n / total,
        per_1000_reference=1000 * n_reference / total_reference,
        g2=g2,
        log_ratio=np.log2(ratio),
        q_value=false_discovery_control(p_value) if len(p_value) else p_value,
    ).reset_index()
    return table.sort_values(["g2", "term"], ascending=[False, True], ignore_index=True)


def _target_rows(terms: pd.DataFrame, target: pd.Series | Iterable[str]) -> np.ndarray:
    if isinstance(target, pd.Series) and pd.api.types.is_bool_dtype(target):
        if target.index.equals(terms.index):
            return target.to_numpy(bool, na_value=False)
        known = target.index.isin(terms["doc_id"])
        if not known.any():
            raise SCONotesError(
                "keyness: the target says true or false for rows that are not documents of these counts; "
                "index it by doc_id: docs.set_index('doc_id')['year'] >= 2017"
            )
        target = target.index[target.to_numpy(bool, na_value=False)]
    return terms["doc_id"].isin(list(target)).to_numpy()


def concordance(
    documents: pd.DataFrame, query: str, width: int = 40, ignore_case: bool = True
) -> pd.DataFrame:
    """Every occurrence of a word or phrase, in context (KWIC).

    In `query` any white space matches any white space and * matches any letters ("terroris*"). Returns
    doc_id, start, end, left, node, right, with up to `width` characters on each side, in text order.
    Raises SCONotesError for an empty query.

    >>> docs = pd.DataFrame({"doc_id": ["a"], "text": ["They praised the Shanghai spirit again."]})
    >>> concordance(docs, "shanghai spirit", width=8)
      doc_id  start  end      left             node    right
    0      a     17   32  sed the   Shanghai spirit   again.
    """
    words = query.split()
    if not words or not any(character.isalnum() for character in query):
        raise SCONotesError(f"concordance: the query {query!r} has no word in it; give a word or a phrase")
    parts = [re.escape(word).replace(r"\*", r"\w*") for word in words]
    pattern = re.compile(r"(?<!\w)" + r"\s+".join(parts) + r"(?!\w)", re.IGNORECASE if ignore_case else 0)
    rows = [
        (
            doc_id,
            match.start(),
            match.end(),
            text[max(0, match.start() - width) : match.start()],
            match.group(),
            text[match.end() : match.end() + width],
        )
        for doc_id, text in zip(documents["doc_id"], documents["text"], strict=True)
        for match in pattern.finditer(text)
    ]
    return pd.DataFrame(rows, columns=["doc_id", "start", "end", "left", "node", "right"])


def _require(table: pd.DataFrame, *columns: str) -> None:
    missing = [name for name in columns if name not in table.columns]
    if missing:
        raise SCONotesError(
            f"a table with the columns {', '.join(columns)} is expected; yours has no column {missing[0]!r} "
            f"(it has {', '.join(map(str, table.columns))})"
        )
