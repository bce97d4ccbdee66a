"""Phrases that documents share: formulas, who used them first, and who took them up."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection

import numpy as np
import pandas as pd

from ..corpus.frames import as_documents
from ..errors import check_whole
from .counts import stop_list
from .groups import is_number

MOST_TOKENS = 128  # of a formula; sentences are rarely longer
COLUMNS = ["formula_id", "formula", "n_tokens", "kind", "doc_id", "sentence", "start", "end"]
MOST_SHOWN = 6  # words by which a formula is named
_TOKEN = re.compile(r"\w\w+")


def find_formulas(
    documents: pd.DataFrame, sentences: pd.DataFrame, shortest: int = 5,
    stopwords: Collection[str] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Find the phrases of `shortest` tokens and more that two documents or more share, one row a place.

    All repeated phrases are read from a suffix array (Manber and Myers 1993) with the lengths of common
    prefixes: those that cannot be made longer without losing a place, inside sentences. Function words and
    numbers at either end are left out of a phrase, and two content words must remain. Phrases are one formula
    where the longer holds the shorter and has at least half of its documents, or where at most one token in
    five differs (the edit distance of Levenshtein 1966) and three in four content words are the same.

    Takes documents with doc_id and text, and their sentences: doc_id, sentence, start, end; `shortest` from 3
    to 50; `stopwords` are function words (None takes the project's list). Returns formula_id (0 is the
    formula of most documents), formula (its first six words, with a number where two begin alike), n_tokens
    (of its commonest wording), kind ("name" where most content words have capitals, as in titles of treaties,
    else "phrase"), doc_id, sentence, start, end (of the place in the text, which may be worded a little
    otherwise).

    >>> texts = ["We stand for a fair and just world order.", "A fair and just world order is our aim."]
    >>> documents = pd.DataFrame({"doc_id": ["a", "b"], "text": texts})
    >>> sentences = pd.DataFrame({"doc_id": ["a", "b"], "sentence": 0, "start": 0, "end": [41, 39]})
    >>> find_formulas(documents, sentences)[["formula", "n_tokens", "doc_id", "start"]]
                          formula  n_tokens doc_id  start
    0   fair and just world order         5      a     15
    1   fair and just world order         5      b      2
    """
    check_whole(shortest, "shortest", 3, 50)
    documents, stopwords = as_documents(documents), stop_list(stopwords)
    tokens, words, places = _tokens(documents, sentences)
    content = np.array([word not in stopwords and not is_number(word) for word in words] + [False])
    phrases = _shared_phrases(tokens, content, places, shortest)
    texts, doc_ids = documents["text"].tolist(), documents["doc_id"].tolist()
    named: Counter = Counter()
    families = _families(phrases, places, set(np.flatnonzero(content[:-1]).tolist()))
    rows = []
    for number, family in enumerate(families):
        phrase = max(family, key=lambda each: (len(phrases[each]) * content[list(each)].sum(), each))
        name = " ".join(words[token] for token in phrase[:MOST_SHOWN]) + "…" * (len(phrase) > MOST_SHOWN)
        named[name] += 1
        name += f" ({named[name]})" * (named[name] > 1)
        found = _longest_places(family, phrases, places)
        first, length = found[0]
        heads = [places[first + k] for k in range(length) if content[tokens[first + k]]]
        capitals = np.mean([texts[document][start].isupper() for document, _, start, _ in heads])
        kind = "name" if capitals > 0.5 else "phrase"
        for at, length in found:
            document, sentence, start, _ = places[at]
            end = places[at + length - 1][3]
            rows.append((number, name, len(phrase), kind, doc_ids[document], sentence, start, end))
    return pd.DataFrame(rows, columns=COLUMNS)


def _tokens(documents: pd.DataFrame, sentences: pd.DataFrame) -> tuple[np.ndarray, list[str], list]:
    """The tokens of all documents as numbers, a number of its own at each end of a sentence; their places."""
    spans = {doc_id: part for doc_id, part in sentences.groupby("doc_id", sort=False)}
    numbers: dict[str, int] = {}
    tokens, places = [], []
    for document, (doc_id, text) in enumerate(zip(documents["doc_id"], documents["text"], strict=True)):
        part = spans.get(doc_id, sentences.iloc[:0])
        for sentence, start, end in part[["sentence", "start", "end"]].itertuples(index=False):
            for match in _TOKEN.finditer(text, start, end):
                tokens.append(numbers.setdefault(match[0].lower(), len(numbers)))
                places.append((document, sentence, *match.span()))
            tokens.append(-1 - len(tokens))
            places.append((document, sentence, end, end))
    return np.array(tokens, dtype=np.int64), list(numbers), places


def _shared_phrases(
    tokens: np.ndarray, content: np.ndarray, places: list, shortest: int
) -> dict[tuple[int, ...], set[int]]:
    """The phrases of two documents or more, and where each begins."""
    order, common = _suffixes(tokens)
    before = np.concatenate([[-1], tokens[:-1]])
    phrases = defaultdict(set)
    for length, first, last in _intervals(common, shortest):
        begins = order[first : last + 1]
        previous = before[begins]
        if previous[0] >= 0 and (previous == previous[0]).all():
            continue  # the same phrase with the token before it has the same places
        phrase = tokens[begins[0] : begins[0] + length]
        filled = np.flatnonzero(content[phrase])
        if not len(filled) or filled[-1] - filled[0] + 1 < shortest or len(set(phrase[filled])) < 2:
            continue
        if len({places[at][0] for at in begins}) > 1:
            inner = tuple(phrase[filled[0] : filled[-1] + 1].tolist())
            phrases[inner].update((begins + filled[0]).tolist())
    return phrases


def _suffixes(tokens: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The places of all tokens, sorted by what follows; how many tokens each shares with the next one."""
    n, width = len(tokens), 1
    ranks = [np.unique(tokens, return_inverse=True)[1]]
    while width < MOST_TOKENS:
        following = np.zeros(n, np.int64)
        following[:-width] = ranks[-1][width:] + 1
        ranks.append(np.unique(ranks[-1] * (n + 1) + following, return_inverse=True)[1])
        width *= 2
    order = np.argsort(ranks[-1], kind="stable")
    here, there, common = order[:-1].copy(), order[1:].copy(), np.zeros(max(n - 1, 0), np.int64)
    for rank in reversed(ranks[:-1]):
        width //= 2
        inside = np.maximum(here, there) < n
        same = np.zeros(len(common), bool)
        same[inside] = rank[here[inside]] == rank[there[inside]]
        for each in (here, there, common):
            each[same] += width
    return order, common


def _intervals(common: np.ndarray, shortest: int):
    """Each run of neighbours in the order that share a phrase: its length in tokens, first and last."""
    open_runs: list[tuple[int, int]] = []
    for at, length in enumerate([*common.tolist(), 0]):
        first = at
        while open_runs and open_runs[-1][0] > length:
            longer, first = open_runs.pop()
            yield longer, first, at
        if length >= shortest and (not open_runs or open_runs[-1][0] < length):
            open_runs.append((length, first))


def _families(
    phrases: dict[tuple[int, ...], set[int]], places: list, content: set[int]
) -> list[list[tuple[int, ...]]]:
    """Phrases that are one formula, each with that of most documents first; those of most documents first.

    A phrase joins a formula by its first phrase alone: otherwise chains of small edits would end far away.
    """
    documents = {phrase: len({places[at][0] for at in begins}) for phrase, begins in phrases.items()}
    families: dict[tuple[int, ...], list[tuple[int, ...]]] = {}
    holding: dict[tuple, list] = defaultdict(list)  # first phrases by their sequences of three tokens
    for phrase in sorted(phrases, key=lambda phrase: (-documents[phrase], -len(phrase), phrase)):
        parts = set(zip(phrase, phrase[1:], phrase[2:], strict=False))
        shared = Counter(first for part in parts for first in holding[part])
        near = (first for first, n in shared.most_common() if _is_one(phrase, first, n, documents, content))
        joined = next(near, None)
        if joined is None:
            families[phrase] = [phrase]
            for part in parts:
                holding[part].append(phrase)
        else:
            families[joined].append(phrase)
    sizes = {
        first: len({places[at][0] for phrase in family for at in phrases[phrase]})
        for first, family in families.items()
    }
    return [families[first] for first in sorted(families, key=lambda first: (-sizes[first], first))]


def _is_one(phrase, first, shared: int, documents: dict, content: set[int]) -> bool:
    """Whether a phrase is another wording of the first one of a formula, with which it shares some parts."""
    short, long = sorted((phrase, first), key=len)
    is_inside = 2 * documents[long] >= documents[short] and any(
        long[at : at + len(short)] == short for at in range(len(long) - len(short) + 1)
    )
    most = len(long) // 5  # edits, each of which leaves out three parts at most
    near = len(long) - len(short) <= most and shared >= len(long) - 2 - 3 * most
    if is_inside or not near:
        return is_inside
    here, there = content.intersection(phrase), content.intersection(first)
    if 2 * len(here & there) < 0.75 * (len(here) + len(there)):
        return False
    from nltk.metrics.distance import edit_distance  # NLTK takes a second to import

    return edit_distance(short, long) <= most


def _longest_places(
    family: list[tuple[int, ...]], phrases: dict[tuple[int, ...], set[int]], places: list
) -> list[tuple[int, int]]:
    """Where a formula stands, in order: the first token, and how many; of overlapping ones the longest."""
    found = sorted((-len(phrase), at) for phrase in family for at in phrases[phrase])
    taken: set[int] = set()
    kept = []
    for length, at in found:
        covered = range(at, at - length)
        if taken.isdisjoint(covered):
            taken.update(covered)
            kept.append((at, -length))
    return sorted(kept)


def formula_users(places: pd.DataFrame, documents: pd.DataFrame, by: str = "country") -> pd.DataFrame:
    """Say of each formula who used it first in these documents, and who took it up later: one row a formula.

    Takes the places that `find_formulas` returns, and documents with doc_id, date, year and the column `by`:
    those who use them; documents without are left out. Returns formula_id, formula, n_tokens, kind, n
    (places), n_documents, n_users, first_user (several where they share the first day), first_year,
    last_year, users (all of them in the order of their first use, joined by ";"). A first use in these
    documents need not be the source.
    """
    known = documents[["doc_id", "date", "year"]].assign(user=documents[by]).set_index("doc_id")
    rows = places.join(known, on="doc_id")
    rows = rows[rows["user"].astype(str) != ""].sort_values(["formula_id", "date", "doc_id"])
    keys = ["formula_id", "formula", "n_tokens", "kind"]
    table = rows.groupby(keys, observed=True).agg(
        n=("start", "size"), n_documents=("doc_id", "nunique"), n_users=("user", "nunique"),
        first_year=("year", "min"), last_year=("year", "max"), users=("user", _joined),
    )  # fmt: skip
    on_first = rows[rows["date"] == rows.groupby("formula_id")["date"].transform("min")]
    first = on_first.groupby("formula_id")["user"].agg(_joined)
    table = table.reset_index()
    table.insert(7, "first_user", table["formula_id"].map(first))
    return table.sort_values(["n_documents", "formula_id"], ascending=[False, True], ignore_index=True)


def _joined(users: pd.Series) -> str:
    return ";".join(map(str, dict.fromkeys(users)))


def formula_links(users: pd.DataFrame) -> pd.DataFrame:
    """Count between each two users the formulas that the one used first and the other took up.

    Takes what `formula_users` returns. Formulas that several used on the first day have no first user.
    Returns first, later, n (formulas that `first` used before all others, and `later` took up), n_back (the
    other way round), q_value (of the two being equally often the first: exact binomial test, corrected for
    the number of pairs by Benjamini and Hochberg 1995); of each pair the row with more.
    """
    from scipy.stats import binomtest, false_discovery_control

    counts: Counter = Counter()
    for first, row in zip(users["first_user"], users["users"], strict=True):
        counts.update((first, later) for later in row.split(";") if ";" not in first and later != first)
    rows = [
        (*pair, n, counts[pair[::-1]], binomtest(n, n + counts[pair[::-1]]).pvalue)
        for pair, n in sorted(counts.items())
        if (n, pair[::-1]) > (counts[pair[::-1]], pair)
    ]
    table = pd.DataFrame(rows, columns=["first", "later", "n", "n_back", "q_value"])
    table["q_value"] = false_discovery_control(table["q_value"]) if len(table) else table["q_value"]
    return table.sort_values(["n", "first", "later"], ascending=[False, True, True], ignore_index=True)
