"""Literal phrases as one fast pattern: whole words, longest first, any white space, apostrophe or hyphen."""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from ..errors import SCONotesError

MAX_PHRASE_LENGTH = 300  # characters; the pattern nests once for each
# What one key of a keyboard stands for: texts use all of these.
_SAME = {"'": "'’‘ʼ", "-": r"\-‐‑"}
_FOLD = str.maketrans("’‘ʼ‐‑", "'''--")
# What a word is made of: no underscore, which is Markdown, and no superscript digit, which marks a footnote.
_LETTER = r"[^\W_⁰¹²³⁴-⁹]"
START, END = rf"(?<!{_LETTER})", rf"(?!{_LETTER})"  # of a word
_IS_LETTER = re.compile(_LETTER).match


class Alias(NamedTuple):
    """A row of the table of actors."""

    text: str
    actor: str  # "" for an exclusion, and where the alias is out of its time
    kind: str = "name"
    unless: str = ""
    unless_near: str = ""
    type: str = ""
    valid_from: str = ""
    valid_to: str = ""


class Match(NamedTuple):
    """An alias where it stands, whatever it means there."""

    start: int
    end: int
    alias: Alias
    sentence: int = 0  # its number in the document
    bounds: tuple[int, int] = (0, 0)  # of the sentence


def fold(text: str) -> str:
    """The text with straight apostrophes, plain hyphens and single spaces: equal for all that match alike.

    >>> fold("Côte  d’Ivoire")
    "Côte d'Ivoire"
    """
    return " ".join(text.translate(_FOLD).split())


def literal(phrase: str) -> str:
    """The phrase as a pattern without word boundaries.

    >>> literal("U.S. dollar")
    'U\\\\.S\\\\.\\\\s++dollar'
    """
    return "".join(_symbol(character) for character in re.sub(r"\s+", " ", phrase.translate(_FOLD)))


def phrase_pattern(phrases: Iterable[str]) -> re.Pattern[str]:
    """A pattern that finds any of the phrases as whole words, the longest where several begin.

    It has the shape of a trie: common beginnings stand once, longer branches come first. The look-ahead at
    the first letter lets the engine pass over most places. A phrase that begins or ends with a sign ("C++")
    needs no word boundary there. Raises ValueError for an empty phrase.

    >>> phrase_pattern(["Asia", "Central Asia"]).findall("In Central Asia and Asia¹, not Asian")
    ['Central Asia', 'Asia']
    """
    words: list[str] = []
    signs: list[str] = []
    for phrase in map(fold, phrases):
        if not phrase:
            raise ValueError("empty phrase")
        if len(phrase) > MAX_PHRASE_LENGTH:
            raise SCONotesError(
                f"the name {phrase[:40]!r}… has {len(phrase):,} characters; at most {MAX_PHRASE_LENGTH} are "
                "expected; shorten it"
            )
        (words if _IS_LETTER(phrase[0]) else signs).append(phrase)
    first = "".join(map(re.escape, sorted({phrase[0] for phrase in words})))
    parts = [rf"(?=[{first}]){START}{one_of(words)}"] * bool(words) + [one_of(signs)] * bool(signs)
    return re.compile("|".join(parts) or r"(?!)")


def one_of(phrases: Iterable[str]) -> str:
    """Any of the phrases as a pattern, whole words at its end and whatever stands at its beginning."""
    root: dict[str, dict] = {}
    for phrase in phrases:
        node = root
        for character in re.sub(r"\s+", " ", phrase.translate(_FOLD)):
            node = node.setdefault(character, {})
        node[""] = {}
    return _branch(root)


def read_patterns(file: Path) -> dict[str, re.Pattern[str]]:
    """Read the patterns of a file of words, by the names of its lists (see attribution.toml)."""
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    lists = {name: part for name, part in table.items() if isinstance(part, dict)}
    pieces = table | {name: f"(?:{'|'.join(part.get('words', '').split())})" for name, part in lists.items()}
    return {
        name: re.compile(with_pieces(part["pattern"], pieces | {"words": pieces[name]}))
        for name, part in lists.items()
        if "pattern" in part
    }


def with_pieces(pattern: str, pieces: dict[str, str]) -> str:
    """The pattern with its {pieces} put in, and theirs."""
    return re.sub(r"\{([a-z_]+)\}", lambda match: with_pieces(pieces[match[1]], pieces), pattern)


def _branch(node: dict[str, dict], last: str = "") -> str:
    """What may follow `last`: the children, and the end of a phrase after all of them."""
    ways = [_symbol(sign) + _branch(child, sign) for sign, child in sorted(node.items()) if child]
    if "" in node:
        ways.append(END if last and _IS_LETTER(last) else "")
    return ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})"


def _symbol(character: str) -> str:
    if character == " ":
        return r"\s++"
    return f"[{_SAME[character]}]" if character in _SAME else re.escape(character)
