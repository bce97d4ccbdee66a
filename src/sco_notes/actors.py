"""Who is named where: a table of actors and their names, and one pass over the texts that finds them."""

import difflib
import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from .corpus import data_folder
from .edtf import edtf_days
from .errors import SCONotesError
from .matching import fold, literal, phrase_pattern
from .readings import metonym_readings
from .text import decode, sentence_spans

TYPES = ("state", "organisation", "region", "leader")
KINDS = {"names": "name", "demonyms": "demonym", "metonyms": "metonym"}  # key in the file: kind in the table
FIELDS = ("id", "type", "name", *KINDS, "state", "office", "from", "to")
COLUMNS = ["alias", "actor", "name", "type", "kind", "from", "to", "state", "office", "in_office", "until"]
MENTION_COLUMNS = ["doc_id", "sentence", "start", "end", "alias", "actor", "reading"]
DEMONYM = "{demonym}"  # in an exclusion it stands for any demonym

_NO_PLURAL = re.compile(r"(?:s|z|x|sh|ch|ese)$")
# Acronyms that are words where a text is all in capitals ("LET US BEGIN").
_SHOUTED = frozenset({"US", "IT", "WHO", "IS"})


def read_actors(path: str | Path | None = None) -> pd.DataFrame:
    """The actors of a TOML file (default: data/actors.toml), one row an alias.

    Columns: alias; actor (its id); name; type (state, organisation, region, leader); kind (name, demonym,
    metonym, exclusion); from, to (EDTF, when the alias is right, "" for always); and for leaders state,
    office, in_office, until (first and last day in office). The plurals of demonyms are rows of their own.
    Raises SCONotesError, which names file and entry, for anything that is not valid.

    >>> actors = read_actors()
    >>> actors.loc[actors["alias"] == "Nur-Sultan", ["actor", "kind", "from", "to"]].values.tolist()
    [['KAZ', 'metonym', '2019-03-23', '2022-09-17']]
    """
    path = Path(path) if path is not None else data_folder() / "actors.toml"
    data = _read_toml(path)
    _check_keys(data, ("actor", "not_actors"), path.name)
    entries = _list(data, "actor", path.name)
    rows: list[dict[str, str]] = []
    ids: set[str] = set()
    for number, entry in enumerate(entries, start=1):
        if not isinstance(entry, dict) or not isinstance(entry.get("id"), str) or not entry["id"].strip():
            raise SCONotesError(
                f"{path.name}, actor number {number}: no id; every actor needs id, type, name"
            )
        where = f"{path.name}, actor {entry['id']!r}"
        if entry["id"] in ids:
            raise SCONotesError(f"{where}: the id is used twice; give each actor its own")
        ids.add(entry["id"])
        rows += _alias_rows(entry, where)
    for alias in _list(data, "not_actors", path.name):
        rows.append(dict.fromkeys(COLUMNS, "") | {"alias": alias, "kind": "exclusion"})
    _check_rows(rows, path.name)
    return pd.DataFrame(rows, columns=COLUMNS, dtype=object).drop_duplicates("alias", ignore_index=True)


def actor_table(actors: pd.DataFrame | None = None) -> pd.DataFrame:
    """One row an actor: actor, name, type, state, office, from, to (in office), aliases (how many).

    >>> actor_table().set_index("actor").loc["TOKAYEV", ["state", "from"]].tolist()
    ['KAZ', '2019-03-20']
    """
    actors = read_actors() if actors is None else actors
    rows = actors[actors["actor"] != ""].rename(columns={"from": "alias_from", "to": "alias_to"})
    by = ["actor", "name", "type", "state", "office", "in_office", "until"]
    table = rows.groupby(by, sort=False).size().reset_index(name="aliases")
    return table.rename(columns={"in_office": "from", "until": "to"})


def _read_toml(path: Path) -> dict:
    try:
        text = decode(path.read_bytes(), path.name)
    except OSError as error:
        raise SCONotesError(
            f"{path}: cannot be read ({error.strerror}); give the path of a TOML file"
        ) from None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        fault = str(error).replace("end of document", f"the end, line {len(text.splitlines())}")
        raise SCONotesError(f"{path.name}: not valid TOML: {fault}; compare with data/actors.toml") from None


def _list(table: dict, key: str, where: str) -> list:
    value = table.get(key, [])
    if not isinstance(value, list):
        raise SCONotesError(f"{where}: {key} must be a list; write {key} = [...]")
    return value


def _check_keys(table: dict, known: Iterable[str], where: str) -> None:
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(known)}"
            raise SCONotesError(f"{where}: unknown key {key!r}; {hint}")


def _alias_rows(entry: dict, where: str) -> list[dict[str, str]]:
    """The rows of one actor, its own name first."""
    _check_keys(entry, FIELDS, where)
    for key in ("id", "name", "type", "state", "office"):
        if not isinstance(entry.get(key, ""), str):
            raise SCONotesError(f"{where}: {key} must be text in quotation marks, not {entry[key]!r}")
    if entry.get("type") not in TYPES:
        raise SCONotesError(f"{where}: type {entry.get('type', '')!r}; expected one of {', '.join(TYPES)}")
    if not entry.get("name", "").strip():
        raise SCONotesError(f"{where}: no name; every actor needs id, type, name")
    common = {key: entry.get(key, "") for key in ("name", "type", "state", "office")} | {"actor": entry["id"]}
    common["in_office"], common["until"] = _dates(entry, where)
    aliases = [("name", entry["name"])]
    aliases += [(kind, alias) for key, kind in KINDS.items() for alias in _list(entry, key, where)]
    rows = []
    for kind, alias in aliases:
        table = alias if isinstance(alias, dict) else {"text": alias}
        here = f"{where}, alias {table.get('text', '')!r}"
        _check_keys(table, ("text", "from", "to"), here)
        start, end = _dates(table, here)
        rows.append({"alias": table.get("text", ""), "kind": kind, "from": start, "to": end} | common)
    plurals = [
        row | {"alias": f"{row['alias']}s"}
        for row in rows
        if row["kind"] == "demonym" and row["alias"] and not _NO_PLURAL.search(str(row["alias"]))
    ]
    return rows + plurals


def _dates(table: dict, where: str) -> tuple[str, str]:
    start, end = (str(table.get(key, "")) for key in ("from", "to"))  # TOML's own dates are as good as texts
    try:
        _days(start, end)
    except SCONotesError as error:
        raise SCONotesError(f"{where}: {error}") from None
    return start, end


def _days(start: str, end: str) -> tuple[int | None, int | None]:
    """First and last day of a time that may be open at either end."""
    return edtf_days(f"{start or '..'}/{end or '..'}") if start or end else (None, None)


def _check_rows(rows: list[dict[str, str]], name: str) -> None:
    owner: dict[str, str] = {}
    states = {row["actor"] for row in rows if row["type"] == "state"}
    for row in rows:
        alias, actor = row["alias"], row["actor"]
        where = f"{name}, actor {actor!r}" if actor else f"{name}, not_actors"
        if not isinstance(alias, str) or not alias.strip() or alias.strip() == DEMONYM:
            raise SCONotesError(f"{where}: empty alias ({alias!r}); write its text or remove it")
        other = owner.setdefault(fold(alias), actor)
        if other != actor:
            both = " and ".join(repr(one) if one else "not_actors" for one in (other, actor))
            raise SCONotesError(f"{name}: alias {alias!r} belongs to {both}; keep it in one of them")
        if row["type"] == "leader" and row["state"] not in states:
            raise SCONotesError(f"{where}: state {row['state']!r} is not the id of a state in this file")


class _Matcher(NamedTuple):
    pattern: re.Pattern[str]
    rows: dict[str, tuple[str, str, str, str, str]]  # folded text: alias, actor, kind, from, to
    before: re.Pattern[str]  # exclusions that end in a demonym ("spoke in {demonym}")
    after: re.Pattern[str]  # exclusions that begin with one ("{demonym} poet")


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
    demonym counts for the state also where it means the people, the language or a product.
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
    _check_columns(documents, ("doc_id", "text"), "documents")
    _check_columns(actors, ("alias", "actor"), "actors")
    optional = {"kind": "name", "from": "", "to": ""}
    columns = [actors[c] if c in actors else [default] * len(actors) for c, default in optional.items()]
    matcher = _matcher(tuple(zip(actors["alias"], actors["actor"], *columns, strict=True)))
    dates = documents["date"] if "date" in documents else [""] * len(documents)
    found: list[tuple] = []
    for doc_id, text, date in zip(documents["doc_id"], documents["text"], dates, strict=True):
        if not isinstance(text, str):
            raise SCONotesError(f"documents, doc_id {doc_id!r}: the text is {text!r}; expected text")
        found += _mentions(doc_id, text, date if isinstance(date, str) else "", matcher)
    mentions = pd.DataFrame(found, columns=MENTION_COLUMNS)
    mentions = mentions.astype({"sentence": "int64", "start": "int64", "end": "int64"})
    return mentions.sort_values(["doc_id", "start"], kind="stable", ignore_index=True)


def _check_columns(table: pd.DataFrame, needed: tuple[str, ...], what: str) -> None:
    for column in needed:
        if column not in table:
            raise SCONotesError(f"{what}: no column {column!r}; found {', '.join(map(str, table.columns))}")


def _mentions(doc_id: object, text: str, date: str, matcher: _Matcher) -> list[tuple]:
    spans = []
    for match in matcher.pattern.finditer(text):
        start, end = match.span()
        found = match.group()
        alias, actor, kind, since, until = matcher.rows.get(found) or matcher.rows[fold(found)]
        if kind == "exclusion" or not actor or not _is_current(date, since, until):
            continue
        if kind == "demonym" and _is_excluded(text, start, end, matcher):
            continue
        if found in _SHOUTED and _is_in_capitals(text, start, end):
            continue
        spans.append((start, end, alias, actor, kind))
    if not spans:
        return []
    sentences = sentence_spans(text)
    starts = [start for start, _ in sentences]
    numbers = [max(bisect_right(starts, span[0]) - 1, 0) for span in spans]
    bounds = [sentences[number] for number in numbers]
    readings = metonym_readings(
        text, [(start, end, actor, kind) for start, end, _, actor, kind in spans], bounds
    )
    return [
        (doc_id, number, start, end, alias, actor, reading)
        for number, (start, end, alias, actor, _), reading in zip(numbers, spans, readings, strict=True)
    ]


def _is_current(date: str, since: str, until: str) -> bool:
    """Whether an alias that is right from `since` until `until` can be meant in a document of `date`."""
    if not date or not (since or until):
        return True
    first, last = edtf_days(date)
    opens, ends = _days(since, until)
    is_before = last is not None and opens is not None and last < opens
    is_after = first is not None and ends is not None and first > ends
    return not (is_before or is_after)


def _is_excluded(text: str, start: int, end: int, matcher: _Matcher) -> bool:
    before = matcher.before.search(text, max(start - 60, 0), start)
    return bool(before or matcher.after.match(text, end))


def _is_in_capitals(text: str, start: int, end: int) -> bool:
    around = text[max(start - 40, 0) : start] + text[end : end + 40]
    return around.isupper() and any(len(word) > 3 for word in around.split())


@lru_cache(maxsize=8)
def _matcher(aliases: tuple[tuple[str, str, str, str, str], ...]) -> _Matcher:
    """The pattern for a table of aliases; kept, because building it takes as long as reading 1 MB of text."""
    rows: dict[str, tuple[str, str, str, str, str]] = {}
    before: list[str] = []
    after: list[str] = []
    for row in aliases:
        if not isinstance(row[0], str) or not row[0].strip():
            raise SCONotesError(
                f"actors: empty alias ({row[0]!r}) of {row[1]!r}; write its text or remove it"
            )
        left, is_template, right = row[0].partition(DEMONYM)
        if is_template:
            (before if left else after).append(left or right)
        elif rows.setdefault(fold(row[0]), row)[1] != row[1]:
            raise SCONotesError(f"actors: alias {row[0]!r} belongs to two actors; keep it in one of them")
    for row in list(rows.values()):
        rows.setdefault(fold(row[0]).upper(), row)
    return _Matcher(phrase_pattern(rows), rows, _any(before, r"(?<!\w)", "$"), _any(after, "", r"(?!\w)"))


def _any(phrases: list[str], left: str, right: str) -> re.Pattern[str]:
    return re.compile(f"{left}(?:{'|'.join(map(literal, phrases))}){right}" if phrases else r"(?!)")
