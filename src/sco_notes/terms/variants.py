"""Spellings and short names that are counted as one term, so that a habit of writing marks no group."""

import tomllib
from functools import cache
from pathlib import Path

import pandas as pd

from ..errors import require_columns
from ..files import data_folder

_WORDS = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
NUMBER_WORDS = frozenset(_WORDS["numbers"]["words"].split())


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
