"""One pass over the texts that finds who is named, and where."""

import re
from bisect import bisect_right
from functools import lru_cache
from typing import NamedTuple

import pandas as pd

from ..dates import edtf_days
from ..errors import SCONotesError, require_columns
from ..frames import as_documents
from ..text import sentence_spans
from .matching import fold, literal, phrase_pattern
from .readings import metonym_readings
from .table import DEMONYM, NAME, open_days, read_actors

MENTION_COLUMNS = ["doc_id", "sentence", "start", "end", "alias", "actor", "reading"]
# Acronyms that are words where a text is all in capitals ("LET US BEGIN").
_SHOUTED = frozenset({"US", "IT", "WHO", "IS"})
# {Name} of an exclusion: a word with a capital, not the first of its sentence ("Kyiv Soviet", "Mr. West").
_NAME_BEFORE = re.compile(r"[\w,;)]\s+[A-Z][\w’'-]*\s$|\b(?:Mrs?|Ms|Dr|Gov|Rep|Sen)\.\s$")
_NAME_AFTER = re.compile(r"\s[A-Z]")


class _Matcher(NamedTuple):
    pattern: re.Pattern[str]
    rows: dict[str, tuple[str, ...]]  # folded text: alias, actor, kind, from, to, unless
    before: re.Pattern[str]  # exclusions that end in a demonym ("spoke in {demonym}")
    after: re.Pattern[str]  # exclusions that begin with one ("{demonym} poet")
    no_name_before: frozenset[str]  # aliases that are something else after a name ("{Name} Soviet")
    no_name_after: frozenset[str]  # and before one ("West {Name}")
    unless: dict[str, re.Pattern[str]]  # words in whose sentence an alias is something else


def find_mentions(documents: pd.DataFrame, actors: pd.DataFrame | None = None) -> pd.DataFrame:
    """Every place where a text names an actor, in one pass.

    `documents` has doc_id and text (and date, if aliases are to be right for their time); `actors` is what
    `read_actors` returns (the default), or any frame with alias and actor. Columns out: doc_id, sentence (its
    number in the document, from 0), start, end, alias (as in the table), actor, reading. Sorted by doc_id and
    start.

    Whole words; of aliases that begin at the same place the longest wins, and mentions never overlap. Case
    counts, except for text in capitals. An 's or s' stays outside the mention. `reading` is "actor" for names
    and demonyms; for capitals and buildings see `readings`: "actor", "place" or "ambiguous".

    What it does not do: pronouns and descriptions ("it", "the organisation", "our country") are not resolved;
    spellings that are not in the table are not found; people who share a listed name are not told apart; a
    demonym counts for the state also where it means the people, the language or a product. How often that is
    right: data/accuracy.csv.
    Raises SCONotesError if a column is missing.

    >>> text = "The summit in Astana is over. Beijing's position on Central\\nAsia is known."
    >>> mentions = find_mentions(pd.DataFrame({"doc_id": ["a"], "text": [text]}))
    >>> mentions[["sentence", "alias", "actor", "reading"]]
       sentence         alias         actor reading
    0         0        Astana           KAZ   place
    1         1       Beijing           CHN   actor
    2         1  Central Asia  CENTRAL-ASIA   actor
    """
    actors = read_actors() if actors is None else actors
    documents = as_documents(documents)
    require_columns(actors, "alias", "actor")
    optional = {"kind": "name", "from": "", "to": "", "unless": ""}
    columns = [actors[c] if c in actors else [default] * len(actors) for c, default in optional.items()]
    matcher = _matcher(tuple(zip(actors["alias"], actors["actor"], *columns, strict=True)))
    dates = documents["date"] if "date" in documents else [""] * len(documents)
    found: list[tuple] = []
    for doc_id, text, date in zip(documents["doc_id"], documents["text"], dates, strict=True):
        found += _mentions(doc_id, text, date, matcher)
    mentions = pd.DataFrame(found, columns=MENTION_COLUMNS)
    mentions = mentions.astype({"sentence": "int64", "start": "int64", "end": "int64"})
    return mentions.sort_values(["doc_id", "start"], kind="stable", ignore_index=True)


def _mentions(doc_id: object, text: str, date: str, matcher: _Matcher) -> list[tuple]:
    spans = []
    for match in matcher.pattern.finditer(text):
        start, end = match.span()
        found = match.group()
        alias, actor, kind, since, until, unless = matcher.rows.get(found) or matcher.rows[fold(found)]
        if kind == "exclusion" or not actor or not _is_current(date, since, until):
            continue
        if kind == "demonym" and _is_excluded(text, start, end, matcher):
            continue
        if _is_part_of_name(text, start, end, alias, matcher):
            continue
        if found in _SHOUTED and _is_in_capitals(text, start, end):
            continue
        spans.append((start, end, alias, actor, kind, unless))
    if not spans:
        return []
    sentences = sentence_spans(text)
    starts = [start for start, _ in sentences]
    numbers = [max(bisect_right(starts, span[0]) - 1, 0) for span in spans]
    kept = [
        i
        for i, (number, (*_, unless)) in enumerate(zip(numbers, spans, strict=True))
        if not (unless and matcher.unless[unless].search(text, *sentences[number]))
    ]
    numbers, spans = [numbers[i] for i in kept], [spans[i] for i in kept]
    bounds = [sentences[number] for number in numbers]
    readings = metonym_readings(
        text, [(start, end, actor, kind) for start, end, _, actor, kind, _ in spans], bounds
    )
    return [
        (doc_id, number, start, end, alias, actor, reading)
        for number, (start, end, alias, actor, *_), reading in zip(numbers, spans, readings, strict=True)
    ]


def _is_current(date: str, since: str, until: str) -> bool:
    """Whether an alias that is right from `since` until `until` can be meant in a document of `date`."""
    if not date or not (since or until):
        return True
    first, last = edtf_days(date)
    opens, ends = open_days(since, until)
    is_before = last is not None and opens is not None and last < opens
    is_after = first is not None and ends is not None and first > ends
    return not (is_before or is_after)


def _is_excluded(text: str, start: int, end: int, matcher: _Matcher) -> bool:
    before = matcher.before.search(text, max(start - 60, 0), start)
    return bool(before or matcher.after.match(text, end))


def _is_part_of_name(text: str, start: int, end: int, alias: str, matcher: _Matcher) -> bool:
    if text[start:end].isupper():  # where all is in capitals they say nothing
        return False
    is_after = alias in matcher.no_name_before and _NAME_BEFORE.search(text, max(start - 60, 0), start)
    return bool(is_after or (alias in matcher.no_name_after and _NAME_AFTER.match(text, end)))


def _is_in_capitals(text: str, start: int, end: int) -> bool:
    around = text[max(start - 40, 0) : start] + text[end : end + 40]
    return around.isupper() and any(len(word) > 3 for word in around.split())


@lru_cache(maxsize=8)
def _matcher(aliases: tuple[tuple[str, ...], ...]) -> _Matcher:
    """The pattern for a table of aliases; kept, because building it takes as long as reading 1 MB of text."""
    rows: dict[str, tuple[str, ...]] = {}
    before: list[str] = []
    after: list[str] = []
    no_name_before: set[str] = set()
    no_name_after: set[str] = set()
    unless: dict[str, re.Pattern[str]] = {}
    for row in aliases:
        if not isinstance(row[0], str) or not row[0].strip():
            raise SCONotesError(
                f"actors: empty alias ({row[0]!r}) of {row[1]!r}; write its text or remove it"
            )
        left, is_template, right = row[0].partition(DEMONYM)
        of_name, is_name, with_name = row[0].partition(NAME)
        if row[5]:
            unless[row[5]] = phrase_pattern(row[5].split("; "))
        if is_template:
            (before if left else after).append(left or right)
        elif is_name:
            (no_name_after if of_name else no_name_before).add((of_name or with_name).strip())
        elif rows.setdefault(fold(row[0]), row)[1] != row[1]:
            raise SCONotesError(f"actors: alias {row[0]!r} belongs to two actors; keep it in one of them")
    for row in list(rows.values()):
        rows.setdefault(fold(row[0]).upper(), row)
    return _Matcher(
        phrase_pattern(rows),
        rows,
        _any(before, r"(?<!\w)", "$"),
        _any(after, "", r"(?!\w)"),
        frozenset(no_name_before),
        frozenset(no_name_after),
        unless,
    )


def _any(phrases: list[str], left: str, right: str) -> re.Pattern[str]:
    return re.compile(f"{left}(?:{'|'.join(map(literal, phrases))}){right}" if phrases else r"(?!)")
