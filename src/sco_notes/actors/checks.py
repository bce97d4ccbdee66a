"""Own actors and own words against the texts: what they match, what they miss, where they collide."""

import re
import tomllib
from pathlib import Path

import pandas as pd

from ..corpus.frames import as_documents
from ..corpus.text import decode
from ..errors import SCONotesError
from ..terms import concordance, read_groups
from . import find_mentions, read_actors
from .matching import fold, phrase_pattern


def check_aliases(documents: pd.DataFrame, actors: pd.DataFrame | None = None) -> pd.DataFrame:
    """How often each alias is found, and read as what: one row an alias, in the order of the table.

    Takes doc_id and text, and what read_actors returns. Returns alias, actor, kind, n, documents (in how
    many), place and ambiguous: how many of the n are read as the place, and how many no rule decides.

    >>> docs = pd.DataFrame({"doc_id": ["a"], "text": ["The summit in Astana is over. Astana agreed."]})
    >>> check_aliases(docs).query("n > 0")[["alias", "actor", "n", "place"]].values.tolist()
    [['Astana', 'KAZ', 2, 1]]
    """
    actors = read_actors() if actors is None else actors
    mentions = find_mentions(documents, actors)
    by = mentions.assign(
        place=mentions["reading"] == "place", ambiguous=mentions["reading"] == "ambiguous"
    ).groupby("alias", observed=True)
    counts = by.agg(n=("start", "size"), documents=("doc_id", "nunique"), place=("place", "sum"),
                    ambiguous=("ambiguous", "sum"))  # fmt: skip
    rows = actors.loc[actors["actor"] != "", ["alias", "actor", "kind"]]
    table = rows.merge(counts, left_on="alias", right_index=True, how="left")
    names = ["n", "documents", "place", "ambiguous"]
    return table.fillna(dict.fromkeys(names, 0)).astype(dict.fromkeys(names, "int64")).reset_index(drop=True)


def nested_aliases(actors: pd.DataFrame | None = None) -> pd.DataFrame:
    """Aliases that are a part of another actor's: there the longer one wins, and the shorter is not counted.

    Returns alias, actor, within (the longer alias), of (its actor, "" where it is no actor).

    >>> table = pd.DataFrame({"alias": ["Asia", "Central Asia"], "actor": ["ASIA", "CA"]})
    >>> nested_aliases(table).values.tolist()
    [['Asia', 'ASIA', 'Central Asia', 'CA']]
    """
    actors = read_actors() if actors is None else actors
    owner = {
        fold(alias): (alias, actor) for alias, actor in zip(actors["alias"], actors["actor"], strict=True)
    }
    rows = []
    for longer, (within, of) in owner.items():
        words = longer.split(" ")
        for length in range(1, len(words)):
            for i in range(len(words) - length + 1):
                alias, actor = owner.get(" ".join(words[i : i + length]), ("", ""))
                if actor and actor != of:
                    rows.append((alias, actor, within, of))
    return pd.DataFrame(rows, columns=["alias", "actor", "within", "of"], dtype="str")


def alias_in_context(
    documents: pd.DataFrame, alias: str, actors: pd.DataFrame | None = None, width: int = 40
) -> pd.DataFrame:
    """Every place that an alias matches, or would match if it stood in the table.

    Returns doc_id, start, end, left, node, right, actor ("?" for an alias that is in no entry), reading, and
    within: the longer alias that takes this place, "" where none does.
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
    taken = {doc_id: rows for doc_id, rows in mentions.groupby("doc_id", sort=False)}
    rows = []
    for doc_id, text in zip(documents["doc_id"], documents["text"], strict=True):
        for match in pattern.finditer(text):
            start, end = match.span()
            context = (text[max(0, start - width) : start], match.group(), text[end : end + width])
            found = taken.get(doc_id, mentions.iloc[:0])
            found = found[(found["start"] <= start) & (found["end"] >= end)]
            actor, reading, within = "", "not counted: a phrase of not_actors, or outside its years", ""
            for mention in found.itertuples():
                is_it = fold(mention.alias) == fold(alias)
                actor, reading, within = mention.actor, mention.reading, "" if is_it else mention.alias
            rows.append((doc_id, start, end, *context, actor, reading, within))
    columns = ["doc_id", "start", "end", "left", "node", "right", "actor", "reading", "within"]
    return pd.DataFrame(rows, columns=columns)


def other_spellings(documents: pd.DataFrame, alias: str) -> list[str]:
    """How the texts write an alias where only capitals differ, the most frequent first."""
    if len(alias) > 200 or not re.search(r"\w", alias):
        return []
    return (
        concordance(documents, alias.replace("*", " ").replace("?", " "), width=0)["node"]
        .value_counts()
        .index.tolist()
    )


def check_groups(documents: pd.DataFrame, groups: pd.DataFrame) -> pd.DataFrame:
    """How often each pattern of term groups is found: group, pattern, n, documents, as in the file."""
    rows = []
    for group, pattern in groups[["group", "pattern"]].itertuples(index=False):
        found = concordance(documents, pattern, width=0, ignore_case=not pattern.isupper())
        rows.append((group, pattern, len(found), found["doc_id"].nunique()))
    return pd.DataFrame(rows, columns=["group", "pattern", "n", "documents"])


def read_checked(file: Path) -> tuple[str, pd.DataFrame]:
    """A TOML file of actors or of term groups: which of the two ("actors", "groups"), and its table."""
    try:
        keys = tomllib.loads(decode(file.read_bytes(), str(file)))
    except OSError as error:
        raise SCONotesError(
            f"{file}: cannot be read ({error.strerror}); give a TOML file or a corpus"
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise SCONotesError(f"{file}: not valid TOML: {error}; compare with data/actors.toml") from None
    return ("groups", read_groups(file)) if "groups" in keys else ("actors", read_actors(file))
