"""The words of a clause and its verbs, by auxiliaries, forms and word lists (clauses.toml): no parser."""

import re
import tomllib
from pathlib import Path
from typing import NamedTuple

WORDS = tomllib.loads(Path(__file__).with_name("clauses.toml").read_text(encoding="utf-8"))
SETS = {name: frozenset(words.split()) for name, words in WORDS.items() if isinstance(words, str)}
PREPOSITIONS, AUXILIARIES = SETS["prepositions"], SETS["auxiliaries"]
DATE = "\0"  # stands for the words of the date
NO_NOUN = PREPOSITIONS | SETS["function_words"] | AUXILIARIES
WITH_SUBJECT = ("finite", "passive", "being")
_FORMS = [verb.split("|") for verb in WORDS["verbs"].split()]
_BASE = {forms[0] for forms in _FORMS}
_PAST = {forms[1] for forms in _FORMS if len(forms) > 1}
_PRESENT = {re.sub("y$", "ie", verb) + ("es" if re.search("(s|sh|ch|x|z)$", verb) else "s") for verb in _BASE}
_PARTICIPLES = {forms[-1] for forms in _FORMS if len(forms) > 1}
TELLING = _PAST | _PRESENT
_PLURALS = {f"{noun}s" for noun in SETS["nouns_too"]}
_BETWEEN = AUXILIARIES | {DATE}  # "which have this year become Members"


class Word(NamedTuple):
    start: int
    end: int
    text: str
    low: str

    @property
    def is_noun(self) -> bool:
        return self.low[0].isalpha() and self.low not in NO_NOUN

    @property
    def is_adverb(self) -> bool:
        return self.low in SETS["adverbs"] or (self.low.endswith("ly") and len(self.low) > 4)

    @property
    def is_participle(self) -> bool:
        regular = self.low.endswith("ed") and len(self.low) > 4 and self.low not in SETS["not_verbs"]
        return regular or self.low in _PARTICIPLES


class Verb(NamedTuple):
    first: int  # where its auxiliaries begin
    at: int
    form: str  # finite, passive, participle, infinitive, being


def find_verbs(words: list[Word]) -> list[Verb]:
    """The verbs in order: with auxiliaries, by their form, or after "we"."""
    found: list[Verb] = []
    n = 0
    while n < len(words):
        last = n + 1
        if words[n].low in AUXILIARIES:
            while last < len(words) and (words[last].low in _BETWEEN or words[last].is_adverb):
                last += 1
            verb = _with_auxiliary(words, n, last)
        else:
            verb = _alone(words, n)
        found += [verb] if verb else []
        n = max(verb.at, n) + 1 if verb else n + 1
    return found


def _with_auxiliary(words: list[Word], n: int, last: int) -> Verb | None:
    chain = {word.low for word in words[n:last]}
    main = words[last].low if last < len(words) else ""
    is_plain = main.isalpha() and main not in NO_NOUN
    if words[n].low == "to" and not any(word in AUXILIARIES for word in chain - {"to"}):
        following = words[last + 1].low if last + 1 < len(words) else ""
        is_plain = is_plain and following in SETS["determiners"] and words[last].text == main
        return Verb(n, last, "infinitive") if is_plain or main in _BASE else None
    if chain & SETS["passive"] and is_plain and words[last].is_participle:
        return Verb(n, last, "passive")
    if is_plain and (not chain & SETS["passive"] or (main.endswith("ing") and main[:1].islower())):
        return Verb(n, last, "finite")
    return Verb(n, max(k for k in range(n, last) if words[k].low in AUXILIARIES), "being")


def _alone(words: list[Word], n: int) -> Verb | None:
    """A verb without an auxiliary."""
    low = words[n].low
    back = n - 1
    while back >= 0 and words[back].is_adverb:
        back -= 1
    before = words[back].low if back >= 0 else ""
    is_ing = low.endswith("ing") and low not in SETS["not_verbs"]
    if not (low in TELLING or is_ing or words[n].is_participle or before in ("we", "i", "they")):
        return None
    after = words[n + 1].low if n + 1 < len(words) else ""
    if after in SETS["particles"] and n + 2 < len(words):
        after = words[n + 2].low
    stem = low.removesuffix("ing")
    if is_ing and after != "of" and {stem, f"{stem}e", re.sub(r"(.)\1\Z", r"\1", stem)} & _BASE:
        opens = before in PREPOSITIONS | {"", ",", "of", "and", DATE, "while"} or before.endswith("ed")
        return Verb(n, n, "infinitive") if opens else None
    if not low.removeprefix("re-").isalpha() or (n and words[n].text[:1].isupper()):
        return None
    if before in ("we", "i", "they") and low not in NO_NOUN and not words[n].is_adverb:
        return Verb(n, n, "finite")
    adjective = before in ("the", "a", "an", "of", "its", "our", "their", "his", "more", "most")
    if low in _PAST or words[n].is_participle:
        if adjective and after.isalpha() and after not in NO_NOUN:
            return None
        bare = after in PREPOSITIONS or after in (DATE, "", ",", ".", ")", "between", "“", '"')
        # "the position of the Council, stated on", but "the Prime Minister, Mr. Nehru, stated on".
        opens = before == "," and [word.low for word in words[max(n - 12, 0) : n]].count(",") == 1
        has_object = after == DATE and n + 2 < len(words) and words[n + 2].low in SETS["determiners"]
        bare = bare and (low, after) != ("called", "for") and not has_object
        bare = bare and (low in SETS["transitive"] or after == "by" or opens)
        return Verb(n, n, "participle" if bare else "finite")
    named = words[back].text[:1].isupper() and not before.endswith("'s") if back >= 0 else False
    opens = low not in _PLURALS or named or before in ("it", "he", "she", "which", "that", "who", DATE)
    if low in _PRESENT and opens and not adjective and before not in PREPOSITIONS:
        return Verb(n, n, "finite")
    return None


def tells(head: str) -> bool:
    """Whether a head has a word that says something: "was" and "of" alone do not."""
    words = [Word(0, 0, text, text) for text in head.lower().split()]
    return any(word.low not in NO_NOUN and not word.is_adverb for word in words)
