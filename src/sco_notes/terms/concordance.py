"""Documents to the places where a word or phrase stands, in context."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import islice

import numpy as np
import pandas as pd

from ..corpus.frames import as_documents
from ..errors import SCONotesError, check_whole, require_columns

LONGEST_QUERY = 200  # characters
_SORT_BY = 100  # characters on either side that sorting looks at
# What one key of a keyboard stands for: texts use all of these.
_SAME = {"'": "['’‘ʼ]", "’": "['’‘ʼ]", "-": "[-‐‑]"}
# The characters beyond A-Z that are equal to i, k and s where case is ignored.
_EQUAL = {"i": "İı", "k": "\u212a", "s": "ſ"}
_ANY = "\0"  # one letter


def concordance(
    documents: pd.DataFrame,
    query: str | Sequence[str],
    width: int = 40,
    ignore_case: bool = True,
    sort: str = "text",
    most: int | None = None,
    sentences: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Every occurrence of a word or phrase, or of several, in context (KWIC).

    In `query` any white space matches any white space, * any letters or none ("terroris*"), ? inside a word
    one letter ("organi?ation"); a straight apostrophe or hyphen also matches the typographic ones. Whole
    words are found, of one query never two that overlap.

    Returns doc_id, start, end, left, node, right, with up to `width` characters on each side; where
    `sentences` is given (doc_id, sentence, start, end), the column sentence after doc_id; where `query` is a
    list, the column query last. In text order, or by the words nearest the node on its left or right
    (`sort`: "text", "left", "right"). With `most` the search stops at so many occurrences, the first in text
    order. Raises SCONotesError for a query without a word and for another `sort`, `width` or `most`.

    >>> docs = pd.DataFrame({"doc_id": ["a"], "text": ["They praised the Shanghai spirit again."]})
    >>> concordance(docs, "shanghai spirit", width=8)
      doc_id  start  end      left             node    right
    0      a     17   32  sed the   Shanghai spirit   again.
    """
    documents = as_documents(documents)
    if sort not in ("text", "left", "right"):
        raise SCONotesError(f"concordance: sort = {sort!r}; 'text', 'left' or 'right' is expected")
    if not isinstance(query, Iterable):
        raise SCONotesError(f"concordance: query = {query!r}; a phrase or a list of them is expected")
    check_whole(width, "width", 0)
    if most is not None:
        check_whole(most, "most", 1)
    queries = [_compile(one, ignore_case) for one in ([query] if isinstance(query, str) else query)]
    rows = [
        (doc_id, m.start(), m.end(), text[max(0, m.start() - width) : m.start()], m.group(),
         text[m.end() : m.end() + width], asked, _sort_key(text, m, sort))
        for doc_id, text, m, asked in islice(_places(documents, queries), most)
    ]  # fmt: skip
    if sort != "text":
        rows.sort(key=lambda row: row[-1])
    table = pd.DataFrame(
        [row[:-1] for row in rows], columns=["doc_id", "start", "end", "left", "node", "right", "query"]
    ).astype({"doc_id": "str", "start": "int64", "end": "int64"})
    if isinstance(query, str):
        table = table.drop(columns="query")
    if sentences is not None:
        table.insert(1, "sentence", _sentence_of(table, sentences))
    return table


@dataclass(frozen=True)
class _Query:
    text: str
    pattern: re.Pattern[str]
    anchors: list[bytes]  # what every match contains: a text without it is passed over,
    odd: list[bytes]  # unless it has one of these characters, which may stand for a letter of an anchor

    def may_be_in(self, folded: bytes) -> bool:
        return all(anchor in folded for anchor in self.anchors) or any(odd in folded for odd in self.odd)

    def matches_in(self, text: str) -> Iterator[tuple[re.Match[str], str]]:
        return ((match, self.text) for match in self.pattern.finditer(text))


def _places(documents: pd.DataFrame, queries: list[_Query]) -> Iterator[tuple[str, str, re.Match[str], str]]:
    for doc_id, text in zip(documents["doc_id"], documents["text"], strict=True):
        try:
            folded = text.encode().lower()
        except UnicodeEncodeError as error:
            raise SCONotesError(
                f"documents, doc_id {doc_id!r}, character {error.start}: a lone surrogate, half of a "
                "character, which no table can hold; remove it"
            ) from None
        streams = [query.matches_in(text) for query in queries if query.may_be_in(folded)]
        for match, asked in merge(*streams, key=lambda hit: hit[0].start()):
            yield doc_id, text, match, asked


def _compile(query: str, ignore_case: bool) -> _Query:
    """A pattern that takes linear time on any text: no word of it gives back what it has taken."""
    if not any(character.isalnum() for character in query):
        raise SCONotesError(f"concordance: the query {query!r} has no word in it; give a word or a phrase")
    if len(query) > LONGEST_QUERY:
        raise SCONotesError(f"concordance: the query has {len(query):,} characters, at most {LONGEST_QUERY}")
    words = re.sub(r"(?<=[\w*])\?(?=[\w*])", _ANY, re.sub(r"\*+", "*", query)).split()
    ends = [r"(?!\w)" if _is_word(word[-1]) else "" for word in words]
    first = words[0][0]
    if first.isascii() and first.isalnum():
        # A pattern that begins with a set of letters is searched for at twice the speed.
        letters = f"[{first}{first.swapcase()}{_EQUAL.get(first.lower(), '')}]" if ignore_case else first
        begin, words[0] = rf"{letters}(?<!\w{letters})", words[0][1:]
    else:
        begin = r"(?<!\w)" if _is_word(first) else ""
    parts = [f"(?>{_word(word)}{end})" for word, end in zip(words, ends, strict=True)]
    pattern = begin + (r"(?i:" if ignore_case else "(?:") + r"\s++".join(parts) + ")"
    anchors = [run.lower() for run in re.findall("[A-Za-z0-9]+", query)]
    odd = {equal for run in anchors for letter in run for equal in _EQUAL.get(letter, "")}
    return _Query(
        query, re.compile(pattern), [run.encode() for run in anchors], [equal.encode() for equal in odd]
    )


def _word(word: str) -> str:
    """One word of a query. Of what stands between two *, the first place is as good as any other."""
    if word == "*":
        return r"\w++"
    first, *others = word.split("*")
    if not others:
        return _literal(first)
    middle = "".join(rf"(?>\w*?{_literal(part)})" for part in others[:-1])
    return _literal(first) + middle + (rf"\w*{_literal(others[-1])}" if others[-1] else r"\w*+")


def _literal(part: str) -> str:
    return "".join(r"\w" if c == _ANY else _SAME.get(c) or re.escape(c) for c in part)


def _is_word(character: str) -> bool:
    return character.isalnum() or character in ("_", "*", _ANY)


def _sort_key(text: str, match: re.Match[str], sort: str) -> list[str]:
    """The words beside the node, the nearest first."""
    if sort == "left":
        return re.findall(r"\w+", text[max(0, match.start() - _SORT_BY) : match.start()].casefold())[::-1]
    if sort == "right":
        return re.findall(r"\w+", text[match.end() : match.end() + _SORT_BY].casefold())
    return []


def _sentence_of(table: pd.DataFrame, sentences: pd.DataFrame) -> np.ndarray:
    """The number of the sentence in which each occurrence begins."""
    require_columns(sentences, "doc_id", "sentence", "start")
    found = np.zeros(len(table), np.int64)
    starts = dict(list(sentences.groupby("doc_id", sort=False, observed=True)[["start", "sentence"]]))
    for doc_id, rows in table.groupby("doc_id", sort=False).indices.items():
        if doc_id not in starts:
            raise SCONotesError(
                f"concordance: the sentences have no document {doc_id!r}; are they of another corpus?"
            )
        place = np.searchsorted(starts[doc_id]["start"], table["start"].to_numpy()[rows], side="right") - 1
        found[rows] = starts[doc_id]["sentence"].to_numpy()[np.maximum(place, 0)]
    return found
