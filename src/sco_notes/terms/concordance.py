"""Documents to the places where a word or phrase stands, in context."""

import re
from collections.abc import Iterable, Sequence

import pandas as pd

from ..corpus.frames import as_documents
from ..errors import SCONotesError, check_whole

LONGEST_QUERY = 200  # characters
_SORT_BY = 100  # characters on either side that sorting looks at
# What one key of a keyboard stands for: texts use all of these.
_SAME = {"'": "['’‘ʼ]", "’": "['’‘ʼ]", "-": "[-‐‑]"}
# The characters beyond A-Z that are equal to i, k and s where case is ignored.
_EQUAL = {"i": "İı", "k": "\u212a", "s": "ſ"}
_ANY = "\0"  # one letter


def concordance(
    documents: pd.DataFrame, query: str | Sequence[str], width: int = 40, ignore_case: bool = True,
    sort: str = "text",
) -> pd.DataFrame:  # fmt: skip
    """Find every occurrence of a word or phrase, or of several, in context (KWIC).

    Takes doc_id and text. In a query any white space matches any white space, * any letters or none
    ("terroris*"), ? inside a word one letter ("organi?ation"); a straight apostrophe or hyphen also matches
    the typographic ones. Whole words are found, of one query never two that overlap. `width` is characters of
    context on each side; `sort` "text" (order), or by the words nearest the node on its "left" or "right".
    Returns doc_id, start, end, left, node, right; where `query` is a list, the column query last. Raises
    SCONotesError for a query without a word or of more than 200 characters, and another `sort` or `width`.
    (NLTK's ConcordanceIndex finds the same places of a single word.)

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
    queries = [query] if isinstance(query, str) else query
    patterns = [(one, _compile(one, ignore_case)) for one in queries]
    rows: list[tuple] = []
    for doc_id, text in zip(documents["doc_id"], documents["text"], strict=True):
        try:
            text.encode()
        except UnicodeEncodeError as error:
            where = f"documents, doc_id {doc_id!r}, character {error.start}"
            half = "a lone surrogate, half of a character, which no table can hold"
            raise SCONotesError(f"{where}: {half}; remove it") from None
        found = [(match, one) for one, pattern in patterns for match in pattern.finditer(text)]
        for match, one in sorted(found, key=lambda each: each[0].start()):
            start, end = match.span()
            context = text[max(0, start - width) : start], match.group(), text[end : end + width]
            rows.append((doc_id, start, end, *context, one, _sort_key(text, match, sort)))
    if sort != "text":
        rows.sort(key=lambda row: row[-1])
    columns = ["doc_id", "start", "end", "left", "node", "right", "query", "sort key"]
    table = pd.DataFrame(rows, columns=columns).astype({"doc_id": "str", "start": "int64", "end": "int64"})
    return table.drop(columns=["query", "sort key"] if isinstance(query, str) else "sort key")


def _compile(query: str, ignore_case: bool) -> re.Pattern[str]:
    """A pattern that takes linear time on any text: no word of it gives back what it has taken."""
    if not any(character.isalnum() for character in query):
        raise SCONotesError(f"concordance: the query {query!r} has no word in it; give a word or a phrase")
    if len(query) > LONGEST_QUERY:
        raise SCONotesError(f"concordance: the query has {len(query):,} characters, at most {LONGEST_QUERY}")
    words = re.sub(r"(?<=[\w*])\?(?=[\w*])", _ANY, re.sub(r"\*+", "*", query)).split()
    words = [_ANY + word if word == "*" else word for word in words]  # alone it is a whole word
    ends = [r"(?!\w)" if _is_word(word[-1]) else "" for word in words]
    first = words[0][0]
    if first.isascii() and first.isalnum():
        # A pattern that begins with a set of letters is searched for at twice the speed.
        letters = f"[{first}{first.swapcase()}{_EQUAL.get(first.lower(), '')}]" if ignore_case else first
        begin, words[0] = rf"{letters}(?<!\w{letters})", words[0][1:]
    else:
        begin = r"(?<!\w)" if _is_word(first) else ""
    parts = [f"(?>{_word(word)}{end})" for word, end in zip(words, ends, strict=True)]
    return re.compile(begin + (r"(?i:" if ignore_case else "(?:") + r"\s++".join(parts) + ")")


def _word(word: str) -> str:
    """One word of a query. Of what stands between two *, the first place is as good as any other."""
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
