"""Literal phrases as one fast pattern: whole words, longest first, any white space, apostrophe or hyphen."""

import re
from collections.abc import Iterable

# What one key of a keyboard stands for: texts use all of these.
_SAME = {"'": "'’‘ʼ", "-": r"\-‐‑"}
_FOLD = str.maketrans("’‘ʼ‐‑", "'''--")


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

    >>> phrase_pattern(["Asia", "Central Asia"]).findall("In Central Asia and Asia, not Asian")
    ['Central Asia', 'Asia']
    """
    words: dict[str, dict] = {}
    signs: dict[str, dict] = {}
    for phrase in phrases:
        folded = fold(phrase)
        if not folded:
            raise ValueError("empty phrase")
        node = words if _is_word(folded[0]) else signs
        for character in folded:
            node = node.setdefault(character, {})
        node[""] = {}
    parts = []
    if words:
        first = "".join(re.escape(character) for character in sorted(words))
        parts.append(rf"(?=[{first}])(?<!\w){_branch(words)}")
    if signs:
        parts.append(_branch(signs))
    return re.compile("|".join(parts) or r"(?!)")


def _branch(node: dict[str, dict], last: str = "") -> str:
    """What may follow `last`: the children, and the end of a phrase after all of them."""
    ways = [
        _symbol(character) + _branch(child, character) for character, child in sorted(node.items()) if child
    ]
    if "" in node:
        ways.append(r"(?!\w)" if _is_word(last) else "")
    return ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})"


def _symbol(character: str) -> str:
    if character == " ":
        return r"\s++"
    return f"[{_SAME[character]}]" if character in _SAME else re.escape(character)


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"
