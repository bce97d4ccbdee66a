"""One pass over the texts that finds who is named, and where."""

import re
from bisect import bisect_right
from functools import lru_cache
from typing import NamedTuple

import pandas as pd

from ..corpus.edtf import edtf_days
from ..corpus.frames import as_documents
from ..corpus.text import sentence_spans
from ..errors import SCONotesError, require_columns
from .exclusions import PLACEHOLDER, Exclusions, Match, actors_only, read_exclusions
from .matching import fold, phrase_pattern
from .metonyms import metonym_readings
from .table import REPAIR, are_told_apart, open_days, read_actors

MENTION_COLUMNS = ["doc_id", "sentence", "start", "end", "alias", "actor", "reading"]
# Acronyms that are words where a text is all in capitals ("LET US BEGIN").
_SHOUTED = frozenset({"US", "IT", "WHO", "IS"})
_SIGN = re.compile(r"[^\w\s’',-]")
_PART = re.compile(r"[;:]")
_WORD = re.compile(r"(?<![\w’'-])\w")  # where one begins
# How far from an alias, in words, its `unless_near` tells that it is something else. Of 46 places in US texts
# with the state of Georgia the words find 26 anywhere in the sentence, 25 within five words, 21 within four;
# and none of the 11 places with the country in the UN speeches.
_NEAR = 5


class _Matcher(NamedTuple):
    pattern: re.Pattern[str]
    rows: dict[str, list[tuple[str, ...]]]  # folded text: the rows of that alias, see _ROW
    exclusions: Exclusions
    unless: dict[str, re.Pattern[str]]  # words in whose sentence, or near which, an alias is something else


# What a row holds after alias and actor, with the defaults.
_ROW = {"kind": "name", "unless": "", "unless_near": "", "type": "", "from": "", "to": ""}


def find_mentions(documents: pd.DataFrame, actors: pd.DataFrame | None = None) -> pd.DataFrame:
    """Every place where a text names an actor, in one pass.

    `documents` has doc_id and text (and date, if aliases are to be right for their time); `actors` is what
    `read_actors` returns (the default), or any frame with alias and actor. Columns out: doc_id, sentence (its
    number in the document, from 0), start, end, alias (as in the table), actor, reading. Sorted by doc_id and
    start.

    Whole words; of aliases that begin at the same place the longest wins, and mentions never overlap. Case
    counts, except for text in capitals. An 's or s' stays outside the mention. `reading` is "actor" for names
    and demonyms; for capitals and buildings see `readings`: "actor", "place" or "ambiguous".

    An alias that two actors share is the one whose years hold the date of the document ("Prime Minister
    Sharif"); without a date, or where both may be meant, it is no mention.

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
    columns = [actors[c] if c in actors else [default] * len(actors) for c, default in _ROW.items()]
    matcher = _matcher(tuple(zip(actors["alias"], actors["actor"], *columns, strict=True)))
    dates = documents["date"] if "date" in documents else [""] * len(documents)
    found: list[tuple] = []
    for doc_id, text, date in zip(documents["doc_id"], documents["text"], dates, strict=True):
        found += _mentions(doc_id, text, date, matcher)
    mentions = pd.DataFrame(found, columns=MENTION_COLUMNS)
    mentions = mentions.astype({"sentence": "int64", "start": "int64", "end": "int64"})
    return mentions.sort_values(["doc_id", "start"], kind="stable", ignore_index=True)


def _mentions(doc_id: object, text: str, date: str, matcher: _Matcher) -> list[tuple]:
    matches = []
    for place in matcher.pattern.finditer(text):
        start, end = place.span()
        alias = place.group()
        rows = matcher.rows.get(alias) or matcher.rows[fold(alias)]
        if not (alias in _SHOUTED and _is_in_capitals(text, start, end)):
            matches.append(Match(start, end, *_meant(rows, date)[:6]))
    matches = actors_only(text, matches, matcher.exclusions)
    if not matches:
        return []
    sentences = sentence_spans(text)
    starts = [start for start, _ in sentences]
    numbered = []
    for match in matches:
        number = max(bisect_right(starts, match.start) - 1, 0)
        is_sure = not (match.unless or match.unless_near)
        if is_sure or not _is_something_else(text, match, sentences[number], matcher.unless):
            numbered.append((number, match))
    readings = metonym_readings(
        text,
        [(match.start, match.end, match.actor, match.kind) for _, match in numbered],
        [sentences[number] for number, _ in numbered],
    )
    return [
        (doc_id, number, match.start, match.end, match.alias, match.actor, reading)
        for (number, match), reading in zip(numbered, readings, strict=True)
    ]


def _meant(rows: list[tuple[str, ...]], date: str) -> tuple[str, ...]:
    """The row that an alias means at a date, without an actor where it means none.

    Of several rows one is meant in its years, and none without a date.
    """
    first = rows[0]
    if len(rows) == 1:
        current = rows if not (first[6] or first[7]) or _is_current(date, *first[6:]) else []
    else:
        current = [row for row in rows if date and any(row[6:]) and _is_current(date, *row[6:])]
    return current[0] if len(current) == 1 else (first[0], "", *first[2:])


def _is_something_else(
    text: str, match: Match, sentence: tuple[int, int], words: dict[str, re.Pattern[str]]
) -> bool:
    """Whether a word of its sentence, or near it, says that an alias is something else."""
    if match.unless and words[match.unless].search(text, *sentence):
        return True
    return bool(match.unless_near) and _is_near(words[match.unless_near], text, match, sentence)


def _is_near(words: re.Pattern[str], text: str, match: Match, sentence: tuple[int, int]) -> bool:
    """Whether one of the words stands near the match, with no semicolon or colon between."""
    for word in words.finditer(text, *sentence):
        is_left = word.end() <= match.start
        between = text[word.end() : match.start] if is_left else text[match.end : word.start()]
        if len(_WORD.findall(between)) <= _NEAR and not _PART.search(between):
            return True
    return False


def _is_current(date: str, since: str, until: str) -> bool:
    """Whether an alias that is right from `since` until `until` can be meant in a document of `date`."""
    if not date or not (since or until):
        return True
    first, last = edtf_days(date)
    opens, ends = open_days(since, until)
    is_before = last is not None and opens is not None and last < opens
    is_after = first is not None and ends is not None and first > ends
    return not (is_before or is_after)


def _is_in_capitals(text: str, start: int, end: int) -> bool:
    """Whether the words around are in capitals, as far as the next sign ("GIVE US PEACE" read the banner)."""
    around = _SIGN.split(text[max(start - 40, 0) : start])[-1] + _SIGN.split(text[end : end + 40], 1)[0]
    return around.isupper() and any(len(word) > 3 for word in around.split())


@lru_cache(maxsize=8)
def _matcher(aliases: tuple[tuple[str, ...], ...]) -> _Matcher:
    """The pattern for a table of aliases; kept, because building it takes as long as reading 1 MB of text."""
    rows: dict[str, list[tuple[str, ...]]] = {}
    phrases: list[str] = []
    unless: dict[str, re.Pattern[str]] = {}
    for row in aliases:
        if not isinstance(row[0], str) or not row[0].strip():
            raise SCONotesError(
                f"actors: empty alias ({row[0]!r}) of {row[1]!r}; write its text or remove it"
            )
        for words in filter(None, row[3:5]):
            unless[words] = phrase_pattern(words.split("; "))
        if PLACEHOLDER.search(row[0]):
            phrases.append(row[0])
            continue
        same = rows.setdefault(fold(row[0]), [])
        if row[1] not in [other[1] for other in same]:
            same.append(row)
    for same in rows.values():
        if not are_told_apart([(row[1], row[6], row[7]) for row in same]):
            raise SCONotesError(f"actors: alias {same[0][0]!r} belongs to two actors; {REPAIR}")
    for alias, same in list(rows.items()):
        rows.setdefault(alias.upper(), same)
    aliases_of = [(row[0], row[1]) for same in rows.values() for row in same]
    return _Matcher(phrase_pattern(rows), rows, read_exclusions(phrases, aliases_of), unless)
