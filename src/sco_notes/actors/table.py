"""actors.toml to a checked table of actors and the names under which texts mention them."""

import re
import tomllib
from collections.abc import Iterable
from itertools import pairwise
from math import inf
from pathlib import Path

import pandas as pd

from ..corpus.edtf import edtf_days
from ..corpus.text import decode
from ..errors import SCONotesError, hint
from ..files import data_folder
from .exclusions import PLACEHOLDER
from .matching import fold

TYPES = ("state", "organisation", "region", "leader")
KINDS = {"names": "name", "demonyms": "demonym", "metonyms": "metonym"}  # key in the file: kind in the table
# Keys of the file, of an actor and of an alias, and the type of their values; a date may be TOML's own.
FILE_KEYS: dict[str, type] = {"extends": bool, "actor": list, "not_actors": list}
ACTOR_KEYS: dict[str, type] = dict.fromkeys(("id", "type", "name", "state", "office"), str)
ACTOR_KEYS |= dict.fromkeys(KINDS, list) | {"article": bool, "from": object, "to": object}
ALIAS_KEYS: dict[str, type] = {"text": str, "from": object, "to": object, "unless": list, "unless_near": list}
EXPECTED = {str: "text in quotation marks", bool: "true or false", list: "a list, [...]"}
COLUMNS = (
    "alias actor name type kind from to unless unless_near state office in_office until in_prose".split()
)
NEEDED = "every actor needs id, type, name"

_NO_PLURAL = re.compile(r"(?:^|s|z|x|sh|ch|ese)$")


def read_actors(path: str | Path | None = None) -> pd.DataFrame:
    """Read the actors of a TOML file (default: data/actors.toml), one row an alias.

    A file that says `extends = true` adds to data/actors.toml; an actor whose id is there too is replaced.

    Returns alias; actor (its id); name; type (state, organisation, region, leader); kind (name, demonym,
    metonym, exclusion); from, to (EDTF, when the alias is right, "" for always); unless and unless_near
    (words, separated by "; ", in whose sentence, or near which, the alias is something else); for leaders
    state, office, in_office, until (first and last day in office); in_prose (the name as a sentence has it:
    "the United Nations"). The plurals of demonyms are rows of their own. Raises SCONotesError for anything
    that is not valid; the message names file and entry.

    >>> actors = read_actors()
    >>> actors.loc[actors["alias"] == "Nur-Sultan", ["actor", "kind", "from", "to"]].values.tolist()
    [['KAZ', 'metonym', '2019-03-23', '2022-09-17']]
    """
    path = Path(path) if path is not None else data_folder() / "actors.toml"
    data = read_toml(path)
    _check_keys(data, FILE_KEYS, path.name)
    rows: list[dict[str, str]] = []
    ids: set[str] = set()
    for number, entry in enumerate(data.get("actor", []), start=1):
        if not isinstance(entry, dict) or not str(entry.get("id", "")).strip():
            raise SCONotesError(f"{path.name}, actor number {number}: no id; {NEEDED}")
        where = f"{path.name}, actor {entry['id']!r}"
        _check_keys(entry, ACTOR_KEYS, where)
        if (kind := entry.get("type", "")) not in TYPES:
            raise SCONotesError(f"{where}: type {kind!r}; expected one of {', '.join(TYPES)}")
        if not entry.get("name", "").strip():
            raise SCONotesError(f"{where}: no name; {NEEDED}")
        if entry["id"] in ids:
            raise SCONotesError(f"{where}: the id is used twice; give each actor its own")
        ids.add(entry["id"])
        rows += _alias_rows(entry, where)
    exclusion = dict.fromkeys(COLUMNS, "") | {"kind": "exclusion"}
    rows += [exclusion | {"alias": alias} for alias in data.get("not_actors", [])]
    if data.get("extends"):
        standard = read_actors()
        rows = standard[~standard["actor"].isin(ids)].to_dict("records") + rows
    check_aliases(((row["alias"], row["actor"], row["from"], row["to"]) for row in rows), path.name)
    states = {row["actor"] for row in rows if row["type"] == "state"}
    for row in rows:
        if row["type"] == "leader" and row["state"] not in states:
            where = f"{path.name}, actor {row['actor']!r}"
            raise SCONotesError(f"{where}: state {row['state']!r} is not the id of a state in this file")
    table = pd.DataFrame(rows, columns=COLUMNS, dtype=object)
    return table.drop_duplicates(["alias", "actor"], ignore_index=True)


def actor_table(actors: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return one row an actor: actor, name, type, state, office, from, to (in office), aliases, in_prose.

    `aliases` is how many it has, `in_prose` its name in a sentence, with "the" where it takes one.

    >>> table = actor_table().set_index("actor")
    >>> table.loc["TOKAYEV", ["state", "from"]].tolist(), table.loc["USA", "in_prose"]
    (['KAZ', '2019-03-20'], 'the United States of America')
    """
    actors = read_actors() if actors is None else actors
    if "in_prose" not in actors:  # a table made by hand
        actors = actors.assign(in_prose=actors["name"])
    by = ["actor", "name", "type", "state", "office", "in_office", "until", "in_prose"]
    table = actors[actors["actor"] != ""].groupby(by, sort=False).size().reset_index(name="aliases")
    table = table.rename(columns={"in_office": "from", "until": "to"})
    return table[[*table.columns.drop("in_prose"), "in_prose"]]


def read_toml(path: Path) -> dict:
    """Read a TOML file. Raises SCONotesError, which names file and line, where that is not possible."""
    try:
        text = decode(path.read_bytes(), path.name)
    except OSError as error:
        reason = f"cannot be read ({error.strerror})"
        raise SCONotesError(f"{path}: {reason}; give the path of a TOML file") from None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        fault = str(error).replace("end of document", f"the end, line {len(text.splitlines())}")
        raise SCONotesError(f"{path.name}: not valid TOML: {fault}; compare with data/actors.toml") from None


def _check_keys(table: dict, known: dict[str, type], where: str) -> None:
    """Raise for a key that is not known, and for a value of another type."""
    for key, value in table.items():
        if key not in known:
            raise SCONotesError(f"{where}: unknown key {key!r}; {hint(key, known, 0.6)}")
        if not isinstance(value, known[key]):
            raise SCONotesError(f"{where}: {key} = {value!r}; expected {EXPECTED[known[key]]}")


def _alias_rows(entry: dict, where: str) -> list[dict[str, str]]:
    """The rows of one actor, its own name first, the plurals of its demonyms last."""
    name = entry["name"]
    common = {key: entry.get(key, "") for key in ("name", "type", "state", "office")} | {"actor": entry["id"]}
    common["in_office"], common["until"] = _dates(entry, where)
    common["in_prose"] = f"the {name}" if entry.get("article") else name
    aliases = [(kind, alias) for key, kind in KINDS.items() for alias in entry.get(key, [])]
    if not any(isinstance(alias, dict) and alias.get("text") == name for _, alias in aliases):
        aliases.insert(0, ("name", name))
    rows = [_alias_row(alias, where) | {"kind": kind} | common for kind, alias in aliases]
    demonyms = [row for row in rows if row["kind"] == "demonym" and not _NO_PLURAL.search(row["alias"])]
    return rows + [row | {"alias": f"{row['alias']}s"} for row in demonyms]


def _alias_row(alias: object, where: str) -> dict[str, str]:
    """What an alias says of itself: its text, its years, the words that make it something else."""
    table: dict = alias if isinstance(alias, dict) else {"text": alias}
    where = f"{where}, alias {table.get('text', '')!r}"
    _check_keys(table, ALIAS_KEYS, where)
    start, end = _dates(table, where)
    row = {"alias": table.get("text", ""), "from": start, "to": end}
    for key in ("unless", "unless_near"):
        words = table.get(key, [])
        if not all(isinstance(word, str) and word.strip() for word in words):
            raise SCONotesError(f"{where}: {key} = {words!r}; every word must be text that is not empty")
        row[key] = "; ".join(words)
    return row


def _dates(table: dict, where: str) -> tuple[str, str]:
    start, end = (str(table.get(key, "")) for key in ("from", "to"))  # TOML's own dates are as good as texts
    try:
        open_days(start, end)
    except SCONotesError as error:
        raise SCONotesError(f"{where}: {error}") from None
    return start, end


def open_days(start: str, end: str) -> tuple[float, float]:
    """Return the first and last day of a time, infinite where it is open (see `edtf_days`)."""
    first, last = edtf_days(f"{start or '..'}/{end or '..'}") if start or end else (None, None)
    return -inf if first is None else first, inf if last is None else last


def check_aliases(aliases: Iterable[tuple[object, str, str, str]], name: str) -> None:
    """Raise for an empty alias, and one of two actors whom no years tell apart: alias, actor, from, to."""
    owners: dict[str, dict[str, tuple[str, str]]] = {}
    for alias, actor, start, end in aliases:
        where = f"{name}, actor {actor!r}" if actor else f"{name}, not_actors"
        if not isinstance(alias, str) or not PLACEHOLDER.sub("", alias).strip():
            raise SCONotesError(f"{where}: empty alias ({alias!r}); write its text or remove it")
        same = owners.setdefault(fold(alias), {})
        same.setdefault(actor, (start, end))
        if len(same) > 1 and not _are_told_apart(same):
            both = " and ".join(repr(one) if one else "not_actors" for one in same)
            raise SCONotesError(
                f"{name}: alias {alias!r} belongs to {both}; keep it in one of them, or give each the years "
                "when it is right, from and to"
            )


def _are_told_apart(owners: dict[str, tuple[str, str]]) -> bool:
    """Whether the years of several actors share no day; not_actors ("") has the days left."""
    spans = sorted(open_days(*years) for actor, years in owners.items() if actor)
    return (-inf, inf) not in spans and all(one[1] < other[0] for one, other in pairwise(spans))
