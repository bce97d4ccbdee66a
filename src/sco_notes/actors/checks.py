"""Try own actors and own words on the texts: what they match, what they miss, where they collide."""

import re
from itertools import combinations
from pathlib import Path

import pandas as pd

from ..corpus.frames import as_documents
from ..errors import SCONotesError
from ..terms import concordance, read_groups
from .matching import fold, phrase_pattern
from .mentions import find_mentions
from .table import read_actors, read_toml


def check_aliases(documents: pd.DataFrame, actors: pd.DataFrame | None = None) -> pd.DataFrame:
    """Count how often each alias is found, and read as what: one row an alias, in the order of `actors`.

    Returns alias, actor, kind, n, documents (in how many), place and ambiguous: how many of the n are read as
    the place, and how many no rule decides.

    >>> docs = pd.DataFrame({"doc_id": ["a"], "text": ["The summit in Astana is over. Astana agreed."]})
    >>> check_aliases(docs).query("n > 0")[["alias", "actor", "n", "place"]].values.tolist()
    [['Astana', 'KAZ', 2, 1]]
    """
    actors = read_actors() if actors is None else actors
    mentions = find_mentions(documents, actors)
    mentions = mentions.assign(n=1, **{name: mentions["reading"] == name for name in ("place", "ambiguous")})
    by_alias = mentions.groupby("alias", observed=True)
    found = by_alias[["n", "place", "ambiguous"]].sum()
    found.insert(1, "documents", by_alias["doc_id"].nunique())
    rows = actors.loc[actors["actor"] != "", ["alias", "actor", "kind"]].reset_index(drop=True)
    return rows.join(found.reindex(rows["alias"]).fillna(0).astype("int64").reset_index(drop=True))


def nested_aliases(actors: pd.DataFrame | None = None) -> pd.DataFrame:
    """Find aliases that are a part of another actor's: there the longer one wins, the shorter is not counted.

    Returns alias, actor, within (the longer alias), of (its actor, "" where it is no actor).

    >>> table = pd.DataFrame({"alias": ["Asia", "Central Asia"], "actor": ["ASIA", "CA"]})
    >>> nested_aliases(table).values.tolist()
    [['Asia', 'ASIA', 'Central Asia', 'CA']]
    """
    actors = read_actors() if actors is None else actors
    owners = {fold(alias): (alias, actor) for alias, actor in actors[["alias", "actor"]].to_numpy()}
    rows = []
    for longer, (within, of) in owners.items():
        words = longer.split(" ")
        places = sorted(combinations(range(len(words) + 1), 2), key=lambda place: place[1] - place[0])
        parts = [" ".join(words[first:last]) for first, last in places]
        inside = [owners[part] for part in parts if part in owners]
        rows += [(alias, actor, within, of) for alias, actor in inside if actor and actor != of]
    return pd.DataFrame(rows, columns=["alias", "actor", "within", "of"], dtype="str")


def alias_in_context(
    documents: pd.DataFrame, alias: str, actors: pd.DataFrame | None = None, width: int = 40
) -> pd.DataFrame:
    """Show every place that an alias matches, or would match if it were in the table.

    Returns doc_id, start, end, left, node, right (`width` characters on either side), actor ("?" for an alias
    in no entry), reading, and within: the longer alias that takes this place, "" where none does.
    """
    actors = read_actors() if actors is None else actors
    if not alias.strip():
        raise SCONotesError("--alias: empty; give a name as it stands in the texts")
    documents = as_documents(documents)
    if fold(alias) not in set(actors["alias"].map(fold)):
        row = dict.fromkeys(actors.columns, "") | {"alias": alias, "actor": "?", "kind": "name"}
        actors = pd.concat([actors, pd.DataFrame([row])], ignore_index=True)
    pattern = phrase_pattern([alias, fold(alias).upper()])
    mentions = find_mentions(documents, actors)
    rows = []
    for doc_id, text in zip(documents["doc_id"], documents["text"], strict=True):
        named = mentions[mentions["doc_id"] == doc_id]
        for match in pattern.finditer(text):
            start, end = match.span()
            read = ("", "not counted: a phrase of not_actors, or outside its years", "")
            for mention in named[(named["start"] <= start) & (named["end"] >= end)].itertuples():
                within = "" if fold(mention.alias) == fold(alias) else mention.alias
                read = (mention.actor, mention.reading, within)
            context = (text[max(0, start - width) : start], match.group(), text[end : end + width])
            rows.append((doc_id, start, end, *context, *read))
    columns = ["doc_id", "start", "end", "left", "node", "right", "actor", "reading", "within"]
    return pd.DataFrame(rows, columns=columns)


def other_spellings(documents: pd.DataFrame, alias: str) -> list[str]:
    """Return how the texts write an alias where only capitals differ, the most frequent first."""
    if len(alias) > 200 or not re.search(r"\w", alias):
        return []
    found = concordance(documents, alias.replace("*", " ").replace("?", " "), width=0)
    return found["node"].value_counts().index.tolist()


def check_groups(documents: pd.DataFrame, groups: pd.DataFrame) -> pd.DataFrame:
    """Count how often each pattern of term groups is found: group, pattern, n, documents, as in the file."""
    rows = []
    for group, pattern in groups[["group", "pattern"]].itertuples(index=False):
        found = concordance(documents, pattern, width=0, ignore_case=not pattern.isupper())
        rows.append((group, pattern, len(found), found["doc_id"].nunique()))
    return pd.DataFrame(rows, columns=["group", "pattern", "n", "documents"])


def read_checked(file: Path) -> tuple[str, pd.DataFrame]:
    """Read a TOML file of actors or of term groups: which of the two ("actors", "groups"), and its table."""
    if not file.is_file():
        raise SCONotesError(f"{file}: no such file; give a TOML file or a corpus")
    return ("groups", read_groups(file)) if "groups" in read_toml(file) else ("actors", read_actors(file))
