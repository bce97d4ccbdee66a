"""Term groups and variants: several spellings, phrases or words of a family, found and counted as one.

Groups are looked up in the texts; variants are united in counts, so that a habit of writing marks no group.
"""

import tomllib
from bisect import bisect_right
from functools import cache
from pathlib import Path

import pandas as pd

from ..corpus.frames import as_documents
from ..corpus.text import sentence_spans
from ..errors import SCONotesError, require_columns
from ..files import data_folder
from .concordance import concordance

_WORDS = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
NUMBER_WORDS = frozenset(_WORDS["numbers"]["words"].split())


def read_groups(path: str | Path | None = None) -> pd.DataFrame:
    """Read the patterns of the term groups, by default of data/term_groups.toml: group, pattern.

    Raises SCONotesError for a file that is not of that form, a group without patterns, and a pattern that is
    listed twice in a group or has no word in it.
    """
    file = Path(path) if path else data_folder() / "term_groups.toml"
    if not file.is_file():
        raise SCONotesError(f"{file}: no such file; give a TOML file of term groups")
    try:
        groups = tomllib.loads(file.read_text(encoding="utf-8"))["groups"]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError) as error:
        raise SCONotesError(
            f"{file}: not a table of term groups ({error}); see data/term_groups.toml"
        ) from None
    if not isinstance(groups, dict) or not groups:
        raise SCONotesError(f"{file}: there is no group under [groups]; see data/term_groups.toml")
    for group, patterns in groups.items():
        where = f"{file}, group {group!r}"
        if not isinstance(patterns, list) or not patterns or not all(isinstance(p, str) for p in patterns):
            raise SCONotesError(f'{where}: a list of patterns is expected, such as ["SCO"]')
        for pattern in patterns:
            if not any(character.isalnum() for character in pattern):
                raise SCONotesError(f"{where}: the pattern {pattern!r} has no word in it; expected a phrase")
            if patterns.count(pattern) > 1:
                raise SCONotesError(f"{where}: the pattern {pattern!r} is listed twice; remove one")
    rows = [(group, pattern) for group, patterns in groups.items() for pattern in patterns]
    return pd.DataFrame(rows, columns=["group", "pattern"], dtype="str")


def find_groups(documents: pd.DataFrame, groups: pd.DataFrame | None = None) -> pd.DataFrame:
    """Find every place where a document has a pattern of a group.

    Takes doc_id and text; `groups` as read_groups returns them (the default) or any frame with group and
    pattern. Returns doc_id, sentence, start, end, group, in text order. Of patterns of one group that overlap
    the first and longest counts; a pattern in capitals is found in capitals only.

    >>> docs = pd.DataFrame({"doc_id": ["a"], "text": ["The SCO fights terrorism. Terrorists hide."]})
    >>> find_groups(docs)[["sentence", "start", "group"]]
       sentence  start                              group
    0         0      4  Shanghai Cooperation Organisation
    1         0     15                          terrorism
    2         1     26                          terrorism
    """
    documents = as_documents(documents)
    groups = read_groups() if groups is None else groups
    require_columns(groups, "group", "pattern")
    patterns = groups["pattern"].drop_duplicates()
    exact = patterns.str.isupper().astype(bool)
    found = [
        concordance(documents, patterns[exact].tolist(), 0, ignore_case=False),
        concordance(documents, patterns[~exact].tolist(), 0),
    ]
    places = pd.concat(found).merge(groups, left_on="query", right_on="pattern")
    places["order"] = places["doc_id"].map({doc_id: i for i, doc_id in enumerate(documents["doc_id"])})
    places = places.sort_values(["group", "order", "start", "end"], ascending=[True, True, True, False])
    # What begins before the end of an earlier place of the same group and document is a part of it.
    same = [places["group"], places["order"]]
    reach = places.groupby(same)["end"].cummax().groupby(same).shift()
    places = places[~(places["start"] < reach.fillna(-1))]
    places = places.sort_values(["order", "start", "end", "group"], ignore_index=True)
    texts = documents.set_index("doc_id")["text"]
    sentences: list[int] = []  # in which each place begins
    for doc_id, part in places.groupby("doc_id", sort=False):
        begins = [begin for begin, _ in sentence_spans(texts[doc_id])]
        sentences += [max(bisect_right(begins, start) - 1, 0) for start in part["start"]]
    places = places.assign(sentence=pd.Series(sentences, dtype="int64"))
    return places[["doc_id", "sentence", "start", "end", "group"]].astype({"group": "str"})


def is_number(term: str) -> bool:
    """Return whether a term is a number, in digits or in words: a page, a year, a session.

    >>> [is_number(term) for term in ("2030", "g20", "seventieth", "second")]
    [True, True, True, False]
    """
    return any(sign.isdigit() for sign in term) or term in NUMBER_WORDS


@cache
def read_variants() -> dict[str, list[str]]:
    """Read data/variants.toml: what each variant is counted as, one term or several.

    >>> read_variants()["organisation"], read_variants()["un"]
    (['organization'], ['united', 'nations'])
    """
    table = tomllib.loads((data_folder() / "variants.toml").read_text(encoding="utf-8"))
    return {variant: term.split() for group in table.values() for variant, term in group.items()}


def unite_variants(terms: pd.DataFrame) -> pd.DataFrame:
    """Count variants as the term they stand for; a short name counts once for each of its words.

    Takes doc_id, term, n and any further columns of the document; returns the same columns.

    >>> terms = pd.DataFrame({"doc_id": "a", "term": ["un", "nations", "programme"], "n": [2, 1, 3]})
    >>> unite_variants(terms)
      doc_id       term  n
    0      a    nations  3
    1      a  programme  3
    2      a     united  2
    """
    require_columns(terms, "doc_id", "term", "n")
    variants = read_variants()
    is_variant = terms["term"].isin(variants)
    if not is_variant.any():
        return terms
    written = terms[is_variant]
    written = written.assign(term=written["term"].astype(object).map(variants)).explode("term")
    united = pd.concat([terms[~is_variant].astype({"term": object}), written], ignore_index=True)
    others = [name for name in terms.columns if name != "n"]
    return united.groupby(others, observed=True, dropna=False, as_index=False)["n"].sum()[list(terms.columns)]
