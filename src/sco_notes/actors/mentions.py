"""One pass over the texts that finds who is named, and where; which of it is the speaker's own state."""

import re
from bisect import bisect_right
from functools import lru_cache
from typing import NamedTuple

import pandas as pd

from ..corpus.edtf import edtf_days
from ..corpus.frames import as_documents
from ..corpus.text import sentence_spans
from ..errors import SCONotesError, require_columns
from .exclusions import PLACEHOLDER, Exclusions, actors_only, read_exclusions
from .matching import Alias, Match, fold, phrase_pattern
from .metonyms import metonym_readings
from .table import actor_table, check_aliases, open_days, read_actors

MENTION_COLUMNS = ["doc_id", "sentence", "start", "end", "alias", "actor", "reading"]
# Acronyms that are words where a text is all in capitals ("LET US BEGIN").
_SHOUTED = frozenset({"US", "IT", "WHO", "IS"})
_SIGN = re.compile(r"[^\w\s’',-]")
_PART = re.compile(r"[;:]")
_WORD = re.compile(r"(?<![\w’'-])\w")  # where one begins
MAX_WORD_DISTANCE = 5  # from an alias, within which its `unless_near` tells that it is something else


class _Matcher(NamedTuple):
    pattern: re.Pattern[str]
    aliases: dict[str, list[Alias]]  # by folded text
    exclusions: Exclusions


def find_mentions(documents: pd.DataFrame, actors: pd.DataFrame | None = None) -> pd.DataFrame:
    """Find every place where a text names an actor, in one pass.

    Whole words; of aliases that begin at the same place the longest wins, and mentions never overlap. Case
    counts, except for text in capitals. An alias that two actors share is the one whose years hold the date
    of the document; without a date, or where both may be meant, it is no mention. Pronouns and descriptions
    ("it", "our country") are not resolved; a demonym counts for the state also where it means the people or
    the language. How often that is right: data/accuracy.csv.

    Takes doc_id and text, and date (EDTF) if aliases are to be right for their time; `actors` is what
    `read_actors` returns (the default), or any frame with alias and actor. Returns one row a mention, by
    doc_id and start: doc_id, sentence (its number in the document, from 0), start and end (characters), alias
    (as in the table), actor, reading: "actor" for names and demonyms, and "actor", "place" or "ambiguous" for
    capitals and buildings, by the rules of metonyms.toml. Raises SCONotesError if a column is missing, an
    alias is empty, or belongs to two actors whom no years tell apart.

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
    columns = {"alias": "text", "from": "valid_from", "to": "valid_to"}
    columns |= {name: name for name in ("actor", "kind", "unless", "unless_near", "type")}
    rows = actors[[name for name in columns if name in actors]].rename(columns=columns)
    matcher = _matcher(tuple(Alias(**row) for row in rows.to_dict("records")))
    dates = documents["date"] if "date" in documents else [""] * len(documents)
    found: list[tuple] = []
    for doc_id, text, date in zip(documents["doc_id"], documents["text"], dates, strict=True):
        found += _mentions(doc_id, text, date, matcher)
    mentions = pd.DataFrame(found, columns=MENTION_COLUMNS)
    mentions = mentions.astype({"sentence": "int64", "start": "int64", "end": "int64"})
    return mentions.sort_values(["doc_id", "start"], kind="stable", ignore_index=True)


def self_mentions(mentions: pd.DataFrame, actors: pd.DataFrame | None = None) -> pd.Series:
    """Return True for the mentions of the state a document speaks for, and of its leaders: most praise a
    state gets is its own.

    Takes actor and country (of the speaker, as the id of its state), or self_mention (True or False) where
    that is known already; without either no mention is of the speaker's own state. `actors` tells whose
    leader is whose. Raises SCONotesError where self_mention is neither True nor False.

    >>> self_mentions(pd.DataFrame({"actor": ["KAZ", "TOKAYEV", "CHN"], "country": "KAZ"})).tolist()
    [True, True, False]
    """
    if "self_mention" in mentions:
        is_wrong = ~mentions["self_mention"].isin([True, False]).to_numpy()
        if is_wrong.any():
            row = int(is_wrong.argmax())
            raise SCONotesError(
                f"mentions, row {row + 1}: self_mention is {mentions['self_mention'].iloc[row]!r}; "
                "True or False is expected; fill it, or remove that column and give country"
            )
        return mentions["self_mention"].astype(bool)
    if "country" not in mentions:
        return pd.Series(False, index=mentions.index)
    leaders = actor_table(actors).query("state != ''").set_index("actor")["state"].to_dict()
    state = mentions["actor"].map(lambda actor: leaders.get(actor, actor))
    return state.astype(str) == mentions["country"].astype(str)


def _mentions(doc_id: str, text: str, date: str, matcher: _Matcher) -> list[tuple]:
    """The rows of one document."""
    matches = []
    for place in matcher.pattern.finditer(text):
        (start, end), found = place.span(), place.group()
        if not (found in _SHOUTED and _is_in_capitals(text, start, end)):
            same = matcher.aliases.get(found) or matcher.aliases[fold(found)]
            matches.append(Match(start, end, _meant(same, date)))
    matches = actors_only(text, matches, matcher.exclusions)
    sentences = sentence_spans(text) if matches else []
    starts = [start for start, _ in sentences]
    kept = []
    for match in matches:
        number = max(bisect_right(starts, match.start) - 1, 0)
        match = match._replace(sentence=number, bounds=sentences[number])
        if not _is_something_else(text, match):
            kept.append(match)
    return [
        (doc_id, match.sentence, match.start, match.end, match.alias.text, match.alias.actor, reading)
        for match, reading in zip(kept, metonym_readings(text, kept), strict=True)
    ]


def _meant(same: list[Alias], date: str) -> Alias:
    """The alias that is meant at a date, without an actor where none is.

    Of several with one text that one is meant whose years hold the date, and none without a date.
    """
    current = [one for one in same if _is_current(date, one, len(same) == 1)]
    return current[0] if len(current) == 1 else same[0]._replace(actor="")


def _is_current(date: str, alias: Alias, is_only: bool) -> bool:
    """Whether an alias can be meant in a document of `date`; where nothing tells, if it is the only one."""
    if not date or not (alias.valid_from or alias.valid_to):
        return is_only
    first, last = edtf_days(date)
    opens, ends = open_days(alias.valid_from, alias.valid_to)
    return (last is None or opens <= last) and (first is None or first <= ends)


def _is_something_else(text: str, match: Match) -> bool:
    """Whether a word of its sentence, or near it, says that an alias is something else."""
    unless, unless_near = match.alias.unless, match.alias.unless_near
    if unless and _any_of(unless).search(text, *match.bounds):
        return True
    for word in _any_of(unless_near).finditer(text, *match.bounds) if unless_near else ():
        is_left = word.end() <= match.start
        between = text[word.end() : match.start] if is_left else text[match.end : word.start()]
        if len(_WORD.findall(between)) <= MAX_WORD_DISTANCE and not _PART.search(between):
            return True
    return False


@lru_cache(maxsize=100)
def _any_of(words: str) -> re.Pattern[str]:
    return phrase_pattern(words.split("; "))


def _is_in_capitals(text: str, start: int, end: int) -> bool:
    """Whether the words around are in capitals, as far as the next sign ("GIVE US PEACE" read the banner)."""
    around = _SIGN.split(text[max(start - 40, 0) : start])[-1] + _SIGN.split(text[end : end + 40], 1)[0]
    return around.isupper() and any(len(word) > 3 for word in around.split())


@lru_cache(maxsize=8)
def _matcher(table: tuple[Alias, ...]) -> _Matcher:
    """The patterns for a table of aliases; kept, because making them takes as long as reading 1 MB."""
    check_aliases(((one.text, one.actor, one.valid_from, one.valid_to) for one in table), "actors")
    aliases: dict[str, list[Alias]] = {}
    phrases = [alias.text for alias in table if PLACEHOLDER.search(alias.text)]
    for alias in table:
        if not PLACEHOLDER.search(alias.text):
            same = aliases.setdefault(fold(alias.text), [])
            if alias.actor not in [other.actor for other in same]:
                same.append(alias)
    for text, same in list(aliases.items()):
        aliases.setdefault(text.upper(), same)
    owners = [(one.text, one.actor) for same in aliases.values() for one in same]
    return _Matcher(phrase_pattern(aliases), aliases, read_exclusions(phrases, owners))
