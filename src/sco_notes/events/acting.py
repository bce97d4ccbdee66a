"""Who did what: the actor of a dated clause by its syntax, and the head, its verb or noun in a few words.

Shallow: verbs, subjects and objects by word lists and word order (clauses.toml). Where that does not tell,
there is no actor and no head.
"""

import re
from itertools import groupby, takewhile
from typing import NamedTuple

from .attachment import PATTERNS, REACH, Span, asides, whole_date
from .verbs import DATE, NO_NOUN, PREPOSITIONS, SETS, TELLING, WITH_SUBJECT, Verb, Word, find_verbs

LONGEST_HEAD = 6  # words
NEAR = REACH + 120  # characters before a clause in which stands who acts in it; 120 before "who"
NUMBERS_BY_YEAR = "UN"  # its Security Council alone writes "resolution 1373 (2001)"
FAR = 5  # words from a verb to the noun that has the date instead ("thanks to talks and the creation of")
_TOKEN = re.compile(r"\d+(?:,\d{3})+|\w[\w’'/-]*|[^\w\s]")
_GOVERNED = re.compile(r"\b(?:in|on|at|with|for|to|from|against|by|and)\s(?:the\s)?\Z")
_ANTECEDENT = re.compile(r"[\w’'-]*(?: [a-z]+)?,? ")
_NUMBERING = {"resolution", "resolutions", "decision", "(", ")", ",", "and", "or", "of", DATE}
_JOINING = ("and", "but", "or", "yet")
_PRONOUNS = {"i", "we", "he", "she", "it", "they"}
_ENDING = PREPOSITIONS - {"by"} | {DATE}
_EDGES = NO_NOUN | {";", ":"}
_INSERTING = PREPOSITIONS | {"together", "along", "including"}


class Name(NamedTuple):
    """A mention: where it stands, and whom it names."""

    start: int
    end: int
    actor: str


def who_did_what(
    text: str, sentence: Span, clause: Span, attached: Span, date: Span, kind: str,
    names: list[Name], speaker: str = "",
) -> tuple[str, str, str, str, Span]:  # fmt: skip
    """Return the actors (ids joined with ";"), how each is known, the head, cut from the text, the verb with
    its auxiliaries, and where it is told: the clause, or the noun phrase that is dated.

    An actor is the subject of the dated verb, its agent ("by"), a possessor ("China’s economy", "accession of
    Belarus") or the speaker's state ("we", "our country"). `speaker` is its id, "" where it is not known.
    A clause that goes on without a subject ("and in 2001 signed") has that of its sentence.
    """
    in_phrase = attached != clause or kind == "name"
    is_numbered = kind == "name" and text[date[0] - 1] == "("  # "resolution 1373 (2001)"
    date = whole_date(text, clause, date)
    words = _words(text, attached, date, kind == "name" and not is_numbered)
    if in_phrase:
        if attached == clause or is_numbered:
            words = _name(words)
        after = [n for n, word in enumerate(words) if word.start >= date[1]]
        news = [n for n in after if words[n].low == "the" and n and words[n - 1].low not in NO_NOUN - {"and"}]
        ends = [n for n in after if words[n].low == "."] + news  # "the 2005 summit and the debate"
        ends += [verb.first for verb in find_verbs(words) if verb.first in after]
        words = words[: min(ends, default=None)]
        owners = _owners(words, names, speaker)
        if is_numbered and not owners and any(word.low.startswith("resolution") for word in words):
            owners = [(NUMBERS_BY_YEAR, "possessor")]
        return *_ids(owners), _phrase(words), "", attached
    at = next(n for n, word in enumerate(words) if word.low == DATE)
    verbs = find_verbs(words)
    left = sum(verb.at < at for verb in verbs)
    if noun := _dated_noun(words, at, verbs, left):
        return *_ids(_owners(noun, names, speaker)), _phrase(noun), "", (noun[0].start, date[1])
    if not verbs:
        return "", "", "", "", clause
    main = [n for n in range(left, len(verbs)) if verbs[n].form in WITH_SUBJECT]
    chosen = left - 1 if left and not _opens(words, verbs, left - 1, at) else (main or [left])[0]
    verb = verbs[chosen]
    governor, subject = _subject(words, verbs, chosen)
    if verb.form == "infinitive" or words[verb.first].low == "having":  # "Having met in 2001, India and Iran"
        begins = _only_joins([word for word in words[: verb.first] if word.low not in PREPOSITIONS])
        later = [n for n in main if n > chosen and "," in [word.low for word in words[at : verbs[n].first]]]
        if begins and later:
            governor, subject = _subject(words, verbs, later[0])
    chain = " ".join(word.text for word in words[verb.first : verb.at + 2])
    goes_on = words[0].low in _JOINING and not any(other.form in WITH_SUBJECT for other in verbs[:chosen])
    if goes_on and (_only_joins(subject) or subject[0].low in PREPOSITIONS):
        subject = _subject_before(text, max(sentence[0], clause[0] - REACH), clause[0])
    found = _agents(words, verb, verbs, names, speaker)
    if found is None and words[verb.first].low == "to" and verbs[governor].form == "participle":
        found = _agents(words, verbs[governor], verbs, names, speaker)  # "put forward by India to help"
    if found is None and len(subject) == 1 and subject[0].low in ("which", "who", "that"):  # "India, which"
        found = _antecedent(text, subject[0], names)
    if found is None:
        found = _owners(subject, names, speaker, is_subject=True)
    # "We propose to discuss it at the forum to be held in May": the forum is planned.
    is_apart = verb.form == "participle" or chain.startswith("to be ")
    ends = [words[other.first].start for other in verbs[chosen + 1 :] if other.form in WITH_SUBJECT]
    told = (words[verb.first].start, min(ends, default=clause[1])) if is_apart else clause
    return *_ids(found), _head(words, verb, verbs, subject), chain, told


def _only_joins(words: list[Word]) -> bool:
    return all(word.low in (*_JOINING, ",", DATE) or word.is_adverb for word in words)


def _subject_before(text: str, start: int, end: int) -> list[Word]:
    """The subject of the last verb before a clause that has one."""
    words = _words(text, (start, end), (end, end), False)
    verbs = find_verbs(words)
    main = [n for n, verb in enumerate(verbs) if verb.form in WITH_SUBJECT]
    subjects = [part for n in main if not _only_joins(part := _subject(words, verbs, n)[1])]
    return next((part for part in reversed(subjects) if part[0].low not in PREPOSITIONS), [])


def _antecedent(text: str, pronoun: Word, names: list[Name]) -> list[tuple[str, str]]:
    """Whom the noun phrase before "which" or "who" names: "India, which", "the NATO summit that". A name with
    nothing after it could be the end of another phrase ("a treaty with India, which was signed")."""
    before = _words(text, (max(pronoun.start - NEAR + REACH, 0), pronoun.start - 1), pronoun[:2], False)[:-1]
    if before and before[-1].low in TELLING | ({","} if pronoun.low == "that" else set()):
        return []  # "he says that", "that is to say"
    first = len(before)
    while first and (before[first - 1].low not in _EDGES or _is_inside_a_name(before, first - 1)):
        first -= 1
    last = [name for name in names if _ANTECEDENT.fullmatch(text, name.end, pronoun.start)]
    if last and pronoun.low != "who" and _GOVERNED.search(text, max(last[0].start - 12, 0), last[0].start):
        names = [name for name in names if name not in last]
    found = _owners(before[first:], names, "")
    return [(actor, "subject" if actor in [name.actor for name in last] else how) for actor, how in found]


def _is_inside_a_name(words: list[Word], n: int) -> bool:
    """Whether "of", or between two capitals a small word: "Conference on the Law of the Sea"."""
    if n and words[n].low == "the" and words[n - 1].low != "the":
        return _is_inside_a_name(words, n - 1)
    after = [word.text[:1] for word in words[n + 1 : n + 3] if word.low != "the"]
    before = words[n - 1].text if n else ""
    is_between = before[:1].isupper() and before[-1] != "s" and "".join(after[:1]).isupper()
    return n > 0 and words[n].low in SETS["in_names"] and (words[n].low == "of" or is_between)


def _opens(words: list[Word], verbs: list[Verb], last: int, at: int) -> bool:
    """Whether the date opens a new part with a verb of its own: "..., in 2012 the President proposed"."""
    later = [verb.form in WITH_SUBJECT for verb in verbs[last + 1 :]]
    after = [word.low for word in words[at + 1 : verbs[last + 1].first]] if later else []
    if words[verbs[last].at].low.endswith("ing") and verbs[last].at == 0:  # "Standing here in 2001, he"
        return after[:1] == [","] and any(later)
    first = at - 1
    while first > 0 and words[first].low in PREPOSITIONS | {"the"}:
        first -= 1
    # Not "he said, in 2012, ..." but "as is known, in 2012 he ...".
    is_inside = first - 1 == verbs[last].at and words[0].low not in SETS["subordinators"]
    if words[first].low != "," or is_inside or not any(later[:1]) or {*after[:1]} & {"and", "or", "to"}:
        return False
    commas = [n for n, low in enumerate(after) if low == ","]
    return len(commas) % 2 == (0 in commas) and len(after) > len(commas)


def _ids(found: list[tuple[str, str]]) -> tuple[str, str]:
    known: dict[str, str] = {}
    for actor, by in found:
        if actor:
            known.setdefault(actor, by)
    return ";".join(known), ";".join(known.values())


def _words(text: str, span: Span, date: Span, keep: bool) -> list[Word]:
    """The words of a span; the date is one word."""
    found: list[Word] = []
    first, last = min(span[0], date[0]), max(span[1], date[1])
    left_out = asides(text, (first, last), date, "left_out", "interposed")
    left_out += asides(text, (date[1], last), date, "inserted")
    for match in PATTERNS["cleft"].finditer(text, first, last):  # "it was in May that China": "in May, China"
        left_out += [(match.start(), match.start() + len("it is")), (match.end() - len("that"), match.end())]
    for match in _TOKEN.finditer(text, first, last):
        if left_out and any(start <= match.start() < end for start, end in left_out):
            if match[0] == "that":
                found.append(Word(*match.span(), ",", ","))
        elif match.start() < date[1] and match.end() > date[0]:
            if not found or found[-1].low != DATE:
                whole = match.start() < date[0] or match.end() > date[1]  # "post-2015"
                first, last = match.span() if whole else date
                found.append(Word(first, last, text[first:last] if keep else "", DATE))
        else:
            found.append(Word(*match.span(), match.group(), match.group().lower().replace("’", "'")))
    return found


def _subject(words: list[Word], verbs: list[Verb], chosen: int) -> tuple[int, list[Word]]:
    """The words before a verb that name its subject; of an infinitive or "and signed" those of the verb
    before it, and which verb that is."""
    while True:
        verb = verbs[chosen]
        is_infinitive = verb.form == "infinitive"
        passed = () if is_infinitive or verb.form == "participle" else ("infinitive", "participle")
        before = [other for other in verbs[:chosen] if other.form not in passed]
        part = words[before[-1].at + 1 if before else 0 : verb.first]
        while part and (part[-1].is_adverb or part[-1].low in (DATE, *'"”“')):
            part = part[:-1]
        if part and part[-1].low in _PRONOUNS:
            return chosen, part[-1:]
        is_near = verb.form == "participle" or words[verb.first].low == "to"
        low = [word.low for word in part]
        # A comma may also close something put between: "India, in 1996, signed".
        closes = low.count(",") > 1 or (is_near and low[-1:] == [","])
        joined = _only_joins(part) or (low[-1] in (*_JOINING, ",") and not closes)
        if words[verb.first].low == "to" and is_infinitive and "for" in low and not {"its", "their"} & {*low}:
            return chosen, part[low.index("for") + 1 :]  # "time for the Assembly to plan"
        if chosen and is_infinitive and part and words[verbs[chosen - 1].at].low in SETS["asking"]:
            return chosen, part
        nouns = [n for n, word in enumerate(part) if word.low in SETS["event_nouns"]]
        is_told_of = nouns and low[-1:] == [","] and words[verb.first].low == "to"  # "a forum, to take place"
        if chosen and (is_infinitive or joined) and not is_told_of:
            chosen -= 1
            continue
        if is_near and nouns:  # "looking forward to the UN Conference, to be held"
            stops = [n for n in range(nouns[-1]) if part[n].low in PREPOSITIONS | {"the", ","}]
            starts = [n + 1 for n in stops if not _is_inside_a_name(part, n)]
            return chosen, part[starts[-1] if starts else 0 :]
        return chosen, _last_part(part, is_near)


def _last_part(part: list[Word], is_near: bool) -> list[Word]:
    """What stands after an introduction: "in 2001, at the summit, China"; lists stay whole. What stands
    between commas before the verb is left out, unless the verb goes with it ("the summit, held in 2001")."""
    if len(part) > 1 and part[0].low in ("that", *_JOINING):
        part = part[1:]
    segments = [list(group) for comma, group in groupby(part, lambda word: word.low == ",") if not comma]
    if segments and part[-1].low == ",":  # "we, together with France, Iran and Iraq,"
        opens = [part[0].low in PREPOSITIONS or DATE in {w.low for w in part} for part in segments]
        inserted = [n for n in range(1, len(opens)) if segments[n][0].low in _INSERTING and not opens[n - 1]]
        if inserted:
            del segments[inserted[0] :]
        elif len(segments) > 1 and not is_near and not _is_person(*segments[-2:]):
            segments.pop()
    part = segments.pop() if segments else []
    while segments:
        before = segments.pop()
        dash = next((n + 1 for n, word in enumerate(before) if word.text in "–—"), 0)
        last = before[dash:]  # "five states — China, Russia, ..."
        is_list = last and len(last) <= 3 and last[-1].text[:1].isupper() and last[0].low != "in"
        if not _is_person(before, part) and not (is_list and "and" in [word.low for word in part]):
            break
        part = [*before, Word(part[0].start, part[0].start, ",", ","), *part]
    if part and part[0].low in PREPOSITIONS - SETS["subordinators"]:  # "for the first time our country"
        part = part[max((n + 1 for n, word in enumerate(part[:-1]) if word.low == DATE), default=0) :]
        nouns = [n for n in range(2, len(part)) if part[n - 1].is_noun or part[n - 1].low.isdigit()]
        starts = [n for n in nouns if part[n].low in SETS["determiners"]]
        starts = starts or [n for n in nouns if part[n].text[:1].isupper() and part[n - 1].text[:1].islower()]
        part = part[starts[-1] :] if starts else part
    return part


def _is_person(before: list[Word], after: list[Word]) -> bool:
    """Whether a name stands beside what it is the name of: "the President of Iran, Mr. Khatami"."""
    is_name = after[0].low in SETS["titles"] or all(w.text[:1].isupper() or w.low == "." for w in after)
    return is_name and before[0].low in SETS["determiners"]


def _owners(
    words: list[Word], names: list[Name], speaker: str, is_subject: bool = False
) -> list[tuple[str, str]]:
    """Whom a noun phrase names outside what follows its prepositions ("of" and "between" aside)."""
    found = []
    inside, by, until = False, False, -1
    names = [name for name in names if words and words[0].start <= name.start < words[-1].end]
    for n, word in enumerate(words):
        if word.start < until:
            continue
        named = [name for name in names if word.start <= name.start < word.end]  # "Sino-Japanese": two
        for name in named:
            until = name.end
            rest = next((other.low for other in words[n:] if other.start >= name.end), "and")
            before = [other.low for other in words[:n] if other.low != "the"]
            whole = is_subject and rest in ("and", ",", "or") and before[-1:] not in (["of"], ["between"])
            if not inside and not re.match("-[a-z]", word.text[name.end - word.start :]):  # not "US-backed"
                found.append((name.actor, "agent" if by else "subject" if whole else "possessor"))
        if named:
            continue
        if word.low in ("we", "i") and is_subject:
            found, inside = [(speaker, "speaker")], False
        elif word.low in ("our", "my") and not inside:
            of = [other.low.removesuffix("'s") for other in words[n + 1 : n + 2]]
            found += [] if {*of} & SETS["everybodys"] else [(speaker, "speaker")]
        elif word.low in ("between", "among") and n:
            by, inside = False, words[n - 1].low in SETS["lying"]
        elif word.low in PREPOSITIONS and not (is_subject and n == 0 and word.low in SETS["subordinators"]):
            by, inside = word.low == "by", word.low != "by"
        elif word.low in (DATE, ","):
            inside = by = False
    return found


def _agents(
    words: list[Word], verb: Verb, verbs: list[Verb], names: list[Name], speaker: str
) -> list[tuple[str, str]] | None:
    """Those named after "by"; None where the verb is not passive or nobody is named so."""
    if verb.form not in ("passive", "participle"):
        return None
    later = [other for other in verbs if other.first > verb.at]
    while later and later[0].form in ("passive", "participle"):  # "held in May and organized by China"
        before = [word.low for word in words[verb.at : later[0].first] if not word.is_adverb]
        if before[-1] not in ("and", DATE):  # "a letter dated 5 May sent by China"
            break
        later = later[1:]
    after = words[verb.at + 1 : later[0].first if later else None]
    for n, word in enumerate(after):
        low = [other.low for other in after[n + 1 : n + 4]]
        if word.low in ("by", "between") and DATE not in low[:2]:
            part = takewhile(lambda word: word.low not in _ENDING, after[n + 1 :])
            found = _owners(list(part), names, speaker)
            return [(actor, "speaker" if how == "speaker" else "agent") for actor, how in found] or None
    return None


def _name(words: list[Word]) -> list[Word]:
    """The words of a name that holds a date: capitals before it, nouns after it."""
    at = next(n for n, word in enumerate(words) if word.low == DATE)
    first, last = at, at + 1
    is_numbered = at > 0 and words[at - 1].low == "("  # "resolution 1373 (2001)"
    while first and not (words[first - 1].low in PREPOSITIONS and words[first - 1].text.istitle()):
        before = words[first - 1]  # not "Despite resolution 2166"
        small = before.low in _NUMBERING if is_numbered else _is_inside_a_name(words, first - 1)
        if not (small or before.text != before.low or before.low[0].isdigit() or before.low in ("our", "my")):
            break
        first -= 1
    while not is_numbered and last < len(words) and words[last].is_noun:
        last += 1
    return words[first : at if is_numbered else last]


def _dated_noun(words: list[Word], at: int, verbs: list[Verb], left: int) -> list[Word]:
    """The noun phrase of an event before the date, no verb near: "the elections in Iran, in 2015". Where
    something is done "at the summit in 2015", that is dated."""
    verb = verbs[left - 1].at if left else -1
    low = words[verb].low if left else ""
    if not left and [word.low for word in words[:2]] in (["in", "his"], ["in", "her"], ["in", "my"]):
        return []  # "In his speech in 2007, President Putin called": he acts
    is_being = low in SETS["passive"]  # "one of them was the election in 2017"
    reach = range(at - 1, verb + (0 if not left else 1 if is_being else FAR), -1)
    for n in (n for n in reach if words[n].low in SETS["event_nouns"]):
        between = {word.low for word in words[verb + 1 : n]} if left else {","}
        apart = {"for", "in", "to"} if low in SETS["holding"] else PREPOSITIONS | {"and", ","}
        has_date = not left or words[n + 1].low in ("of", "in", "on", DATE)
        if has_date and (is_being or between & apart):
            first, last = n, at
            while first and (words[first - 1].is_noun or _is_inside_a_name(words, first - 1)):
                first -= 1
            first -= first > 0 and words[first - 1].low in ("our", "my")
            while words[last - 1].low in PREPOSITIONS | {"the", ","}:
                last -= 1
            before = [word.low for word in words[:first] if word.low not in SETS["determiners"]]
            acts = any(other.form in WITH_SUBJECT for other in verbs[:left] or verbs)
            return [] if acts and before[-1:] in (["at"], ["in"]) else words[first:last]
    return []


def _head(words: list[Word], verb: Verb, verbs: list[Verb], subject: list[Word]) -> str:
    """The verb with its object; without one, the subject and the verb."""
    end = next((other.first for other in verbs if other.first > verb.at), len(words))
    kept = [words[verb.at]]
    for n in range(verb.at + 1, verb.at if verb.form in ("passive", "participle") else end):
        low, following = words[n].low, [word.low for word in words[n + 1 : n + 3]]
        if low in (DATE, ",") or (low in ("on", "in", "at", "by") and DATE in following):
            if len(kept) > 1:
                break
            continue
        has_object = any(word.low not in NO_NOUN and not word.is_adverb for word in kept[1:])
        stops = PREPOSITIONS - {"on", "for", "to", "into"} if has_object else {"and", "or", "by"}
        if low in stops | {"that", "which", "who", "if", "when"} or not (low[0].isalnum() or low in '“”"'):
            break
        kept.append(words[n])
    rest = _phrase(kept)
    nouns = [word for word in subject if word.low != DATE]
    is_pronoun = not {word.low for word in nouns} - SETS["function_words"] - SETS["adverbs"]
    if len(rest.split()) > 1 or verb.form == "infinitive" or is_pronoun:
        return rest
    particles = [word.text for word in words[verb.at + 1 : verb.at + 2] if word.low in SETS["particles"]]
    rest = " ".join([rest, *particles])
    is_introduced = nouns[0].low in PREPOSITIONS and verb.form != "participle"
    stops = PREPOSITIONS | ({"the"} if is_introduced else set())
    cuts = [n + 1 for n, word in enumerate(nouns[:-1]) if word.low in stops]
    told = [n for n, word in enumerate(nouns) if word.low in SETS["event_nouns"] and not is_introduced]
    first = min(told, default=max(cuts, default=0))
    while first and nouns[first - 1].is_noun:
        first -= 1
    return f"{_phrase(nouns[first:], LONGEST_HEAD - len(rest.split()))} {rest}".strip()


def _phrase(words: list[Word], most: int = LONGEST_HEAD) -> str:
    """At most six words, without an article before and without function words after them."""
    small = SETS["function_words"] | PREPOSITIONS
    kept = [word for word in words if word.text and word.text[:1].isalnum()]
    while len(kept) > 1 and kept[0].low in small:
        kept = kept[1:]
    if len(kept) > most:
        # Rather a whole noun phrase than the beginning of the next: "summit of the Shanghai".
        ends = [n for n in range(2, most) if kept[n].low in small - {"and"} and kept[n - 1].is_noun]
        kept = kept[: ends[-1] if ends and kept[most].text[:1].isupper() else most]
    while len(kept) > 1 and (kept[-1].low in small or kept[-1].low.endswith("'s")):
        kept = kept[:-1]
    return " ".join(word.text for word in kept)
