"""Read the rules for time expressions from rules.toml, and join them into one pattern.

The file is the table a reader follows and extends; this module only compiles it, once, when first used.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

SPACE = r"(?:[^\S\n]{1,2}\n?|\n)"  # a blank of a pattern: never over the end of a paragraph
MAX_BEFORE = 40  # how many characters before an expression are looked at

_GROUP = re.compile(r"\(\?P<(?!dot>)\w+>")  # all but the one that its own pattern refers to
_PIECE = re.compile(r"\{(-?)([A-Za-z_]+?)(_two)?\}")


@dataclass(frozen=True)
class Rule:
    kind: str
    starts: frozenset[str]
    pattern: re.Pattern[str]
    after_words: frozenset[str]
    not_before: re.Pattern[str] | None
    capital: bool | None  # a proper name (true), no proper name (false), either


@dataclass(frozen=True)
class Rules:
    scanner: re.Pattern[str]
    from_group: dict[str, list[Rule]]  # the rule that a group of the scanner names, and those after it
    context: dict[str, re.Pattern[str]]
    takes: dict[str, frozenset[str]]


@lru_cache(maxsize=1)
def read_rules() -> Rules:
    """Return the pattern that finds any of the rules, the rules in their order, and what is around them."""
    table = tomllib.loads((Path(__file__).parent / "rules.toml").read_text(encoding="utf-8"))
    pieces = table["pieces"]
    rules = [_compile(rule, pieces) for rule in table["rule"]]
    from_group: dict[str, list[Rule]] = {}
    branches = []
    for start, beginning in table["starts"].items():
        # Groups inside would slow the scanner down: it says by the name of its group which rule fits, and the
        # rule's own pattern says the rest.
        fitting = [rule for rule in rules if start in rule.starts]
        from_group |= {f"{start}_{i}": fitting[i:] for i in range(len(fitting))}
        bare = (_GROUP.sub("(?:", rule.pattern.pattern) for rule in fitting)
        named = "|".join(f"(?P<{start}_{i}>{pattern})" for i, pattern in enumerate(bare))
        branches.append(f"(?={_full(beginning, pieces)})(?:{named})")
    return Rules(
        re.compile(rf"(?<!\w)(?:{'|'.join(branches)})"),
        from_group,
        {name: re.compile(_full(pattern, pieces)) for name, pattern in table["context"].items()},
        {words: frozenset(kinds.split()) for words, kinds in table["takes"].items()},
    )


def _compile(rule: dict, pieces: dict[str, str]) -> Rule:
    return Rule(
        kind=rule["kind"],
        starts=frozenset(rule["starts"].split()),
        pattern=re.compile(rf"(?:{_full(rule['pattern'], pieces)})(?!\w)"),  # no end inside a word
        after_words=frozenset(rule.get("after_words", "").split()),
        not_before=re.compile(_full(rule["not_before"], pieces)) if "not_before" in rule else None,
        capital=rule.get("capital"),
    )


def _full(pattern: str, pieces: dict[str, str]) -> str:
    """A pattern with its pieces put in, and its blanks as SPACE (in a class like [ -] as any white space).

    >>> _full("{n}-{-n}{n_two}", {"n": "1|2"})
    '(?P<n>1|2)-(?:1|2)(?P<n_two>1|2)'
    """

    def put(match: re.Match[str]) -> str:
        is_hidden, name, again = match.groups()
        inner = _PIECE.sub(put, pieces[name])
        return f"(?:{inner})" if is_hidden else f"(?P<{name}{again or ''}>{inner})"

    def space(match: re.Match[str]) -> str:
        return SPACE if match.group() == " " else match.group().replace(" ", r"\s")

    return re.sub(r"\[[^]]*\]| ", space, _PIECE.sub(put, pattern))
