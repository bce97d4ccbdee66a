"""Read words.toml; find the clauses about another than the target, and the titles, which have no tone."""

import csv
import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path

from ..actors.matching import phrase_pattern, read_patterns
from ..files import data_folder

# The lists know straight apostrophes and ASCII signs only. One character for one, so that offsets stay.
PLAIN = str.maketrans("‘’‚‛“”„‟«»‹›–—―…", '\'\'\'\'""""""""   .')
_FILE = Path(__file__).with_name("words.toml")
WORDS = tomllib.loads(_FILE.read_text(encoding="utf-8"))
PATTERNS = read_patterns(_FILE)
_COMMA = re.compile(r",\W*")
_NO_PREDICATE = {"a", "an", "the", "and", "of"}


@lru_cache(maxsize=1024)
def contrasts(sentence: str, names: tuple[tuple[int, int], ...]) -> list[tuple[int, int, bool, bool]]:
    """Find what "while" sets against the rest: start, end, whether names are inside and outside.

    >>> contrasts("Kazakhstan hosted the talks, while Belarus stayed away.", ((0, 10), (35, 42)))
    [(29, 55, True, True)]
    """
    starts = [start for start, _ in names]
    found = []
    for match in PATTERNS["contrast"].finditer(sentence):
        start, end = match.start(), _contrast_end(sentence, match.start(), match.end(), starts)
        inside = bisect_left(starts, end) - bisect_left(starts, start)
        found.append((start, end, inside > 0, inside < len(starts)))
    return found


def is_about_another(place: int, target: int, found: list[tuple[int, int, bool, bool]]) -> bool:
    """Return whether a contrast parts a place from the target, with a name on the place's side."""
    for start, end, names_inside, names_outside in found:
        is_inside = start <= place < end
        if is_inside != (start <= target < end) and (names_inside if is_inside else names_outside):
            return True
    return False


def _contrast_end(sentence: str, start: int, after: int, names: list[int]) -> int:
    """Find where the clause that "while" opens ends.

    At a semicolon or with the sentence; if "while" heads the sentence, where the main clause begins: at the
    first comma with a subject after it (a name, an article, a pronoun) and a predicate before it. So neither
    "the host," nor a list ("kills, lies and sponsors terrorism,") ends it.
    """
    end = sentence.find(";", after)
    end = len(sentence) if end < 0 else end
    if bisect_left(names, start) or not PATTERNS["contrast_head"].fullmatch(sentence[:start]):
        return end
    commas = list(_COMMA.finditer(sentence, after, end))
    for comma in commas:
        opens = comma.end() in names or PATTERNS["subject"].match(sentence, comma.end())
        before = sentence[after : comma.start()].split()
        # A predicate: two words in lower case besides articles.
        if opens and sum(word.islower() and word not in _NO_PREDICATE for word in before) > 1:
            return comma.start()
    return commas[0].start() if commas else end


def hide_titles(text: str, names: Iterable[tuple[int, int]], sign: str) -> str:
    """Hide titles behind a sign, at the same length, but no name: those of register.csv, and those known by
    their capitals ("Office on Drugs and Crime", "Peacekeeping Force")."""
    titles = [*_titles().finditer(text), *PATTERNS["title"].finditer(mask(text, names, "x"))]
    return mask(text, (match.span() for match in titles), sign)


def mask(text: str, spans: Iterable[tuple[int, int]], sign: str) -> str:
    """Write each span as one word of this sign, of the same length.

    >>> mask("We thank China.", [(9, 14)], "x")
    'We thank xxxxx.'
    """
    parts, last = [], 0
    for start, end in sorted(spans):
        start = max(start, last)
        parts += [text[last:start], sign * (end - start)]
        last = max(last, end)
    return "".join([*parts, text[last:]])


@cache
def _titles() -> re.Pattern[str]:
    with (data_folder() / "register.csv").open(encoding="utf-8", newline="") as lines:
        titles = [title for row in csv.DictReader(lines) for title in row["words"].split("; ")]
    return re.compile(phrase_pattern(titles).pattern, re.IGNORECASE)
