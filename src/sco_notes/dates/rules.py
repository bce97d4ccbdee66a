"""The rules for time expressions, read from rules.toml and joined into one pattern.

The file is the table a reader follows and extends; this module only compiles it, once, when first used.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

SPACE = r"(?:[^\S\n]{1,2}\n?|\n)"  # a blank of a pattern: never over the end of a paragraph
WINDOW = 40  # how many characters before an expression are looked at

_GROUP = re.compile(r"\(\?P<(?!dot>)\w+>")  # all but the one that its own pattern refers to
_PIECE = re.compile(r"\{(-?)([a-z_]+?)(_two|_three)?\}")


@dataclass(frozen=True)
class Rule:
    name: str
    kind: str
    pattern: re.Pattern[str]
    examples: tuple[tuple[str, str], ...]
    after_words: frozenset[str]
    not_before: re.Pattern[str] | None
    capital: bool | None  # a proper name (true), no proper name (false), either


@dataclass(frozen=True)
class Rules:
    rules: tuple[Rule, ...]
    scanner: re.Pattern[str]
    from_group: dict[str, tuple[Rule, ...]]  # the rule that a group of the scanner names, and those after it
    context: dict[str, re.Pattern[str]]


@lru_cache(maxsize=1)
def read_rules() -> Rules:
    """The rules in the order of the file, the pattern that finds any of them, and the words around them.

    >>> read_rules().rules[0].name
    'ISO day'
    """
    table = tomllib.loads((Path(__file__).parent / "rules.toml").read_text(encoding="utf-8"))
    pieces = table["pieces"]
    rules = tuple(_compile(rule, pieces) for rule in table["rule"])
    starts = (_branch(name, beginning, rules, table) for name, beginning in table["starts"].items())
    scanner = re.compile(rf"(?<!\w)(?:{'|'.join(starts)})")
    modifiers = "|".join(f"(?P<{mod}>{words})" for mod, words in table["modifiers"].items())
    context = _context(table["context"] | pieces | {"modifier": modifiers})
    return Rules(
        rules,
        scanner,
        {group: _from(group, rules, table) for group in scanner.groupindex if group != "dot"},
        {name: re.compile(_spaced(pattern)) for name, pattern in context},
    )


def _compile(rule: dict, pieces: dict[str, str]) -> Rule:
    return Rule(
        name=rule["name"],
        kind=rule["kind"],
        pattern=re.compile(_spaced(expand(rule["pattern"], pieces))),
        examples=tuple((text, value) for text, value in rule["examples"]),
        after_words=frozenset(rule.get("after_words", "").split()),
        not_before=re.compile(_spaced(rule["not_before"])) if "not_before" in rule else None,
        capital=rule.get("capital"),
    )


def _branch(name: str, beginning: str, rules: tuple[Rule, ...], table: dict) -> str:
    """The rules that start in one way, as a part of the scanner. Groups inside would slow it down: it says
    by the name of its group which rule fits, and the rule's own pattern says the rest."""
    first = _spaced(_put_in(beginning, table["pieces"]))
    fitting = (i for i, rule in enumerate(table["rule"]) if name in rule["starts"].split())
    plain = (f"(?P<{name}_{i}>{_GROUP.sub('(?:', rules[i].pattern.pattern)})" for i in fitting)
    return f"(?={first})(?:{'|'.join(plain)})"


def _from(group: str, rules: tuple[Rule, ...], table: dict) -> tuple[Rule, ...]:
    """The rule that a group of the scanner names and, should it not hold there, those that start alike."""
    start, _, number = group.rpartition("_")
    return tuple(
        rules[i] for i in range(int(number), len(rules)) if start in table["rule"][i]["starts"].split()
    )


def expand(pattern: str, pieces: dict[str, str]) -> str:
    """A rule's pattern with its pieces put in; it may not end inside a word.

    >>> expand("{n}-{-n}{n_two}", {"n": "1|2"})
    '(?:(?P<n>1|2)-(?:1|2)(?P<n_two>1|2))(?!\\\\w)'
    """
    return rf"(?:{_put_in(pattern, pieces)})(?!\w)"


def _put_in(pattern: str, pieces: dict[str, str]) -> str:
    def put(match: re.Match[str]) -> str:
        hidden, name, again = match.groups()
        inner = _PIECE.sub(put, pieces[name])
        return f"(?:{inner})" if hidden else f"(?P<{name}{again or ''}>{inner})"

    return _PIECE.sub(put, pattern)


def _spaced(pattern: str) -> str:
    """Blanks as SPACE, those in a class like [ -] as any white space."""
    return re.sub(
        r"\[[^]]*\]| ", lambda m: SPACE if m.group() == " " else m.group().replace(" ", r"\s"), pattern
    )


def _context(table: dict[str, str]) -> Iterator[tuple[str, str]]:
    """What stands around an expression: each list of words, fitted to the end of the text before it."""
    yield "tense", rf"(?<!\w)(?:(?P<future>{table['future']})|(?P<past>{table['past']}))(?!\w)"
    yield "onward", rf"(?<!\w)(?:{table['onward']}) \Z"
    yield "how_many", rf"(?<!\w)(?:{table['how_many']}) \Z"
    yield "part_of_day", rf"(?<!\w)(?:{table['part_of_day']}) \Z"
    yield "when", rf"(?:(?<!\w)(?:{table['when']})[ -]|[(\[])\Z"
    yield "the", r"(?<!\w)the \Z"
    yield (
        "weekday",
        rf"(?<!\w)(?:{table['weekday']}|mon|tues?|wed|thu(?:rs)?|fri|sat|sun)[.,]{{0,2}} (?:the )?\Z",
    )
    yield "modifier", rf"(?<![\w.])(?:the (?:very )?)?(?:{table['modifier']})[ -]\Z"
    yield "degree", rf"(?<!\w)(?:{table['degree']}) (?:an? )?\Z"
    yield "counted", rf"(?: (?:and|or|to) [0-9]{{4}}|[-–][0-9]{{4}})?[ -]?(?:{table['counted']})"
    # "resolutions 1267 (1999) and 1373": the noun may stand some numbers ahead.
    one_more = r"[ (]{1,2}[0-9]++\)?,?(?: and| or|[-–])?"
    yield "numbered", rf"(?<!\w)(?:{table['numbered']})(?: (?:nos?\.|number) |{one_more})* ?\Z"
