"""Is "Astana" the government that acts, or the city where something happens? Rules that a reader can check.

A rule looks at the words directly left or right of the name and says "actor" or "place". The first rule that
applies decides; where none does, the reading is "ambiguous". Names joined by commas, "and", "or" or a hyphen
("Washington and Beijing") are read together: the left rules look at the first, the right rules at the last.
"""

import re

# Events, documents and buildings that are called after a city ("Astana summit", "the Minsk agreements").
EVENTS = """
    accords? acts? agenda agreements? airport apartments? appeal attacks? award banquets? bombings? briefings?
    cent(?:re|er) ceremony championships? charter citizens climate club commitments? communiqué conferences?
    congress consensus consultations conventions? court declarations? dialogue documents? embassy
    events? exhibition expo festival formats? forums? framework games group guarantors headquarters
    hospital hotel hub initiatives? institute lawn mandate marathon mayor meetings? memorandum museum
    negotiations newspapers? office olympics? outcomes? pact party plan platform police press\\s+conference
    principles proceedings process program programme protocols? rally reactor region residents resolutions?
    rounds? screening sessions? statements? streets? suburbs? summits? talks time track treaty
    university visits? wall workshop
""".split()
# What belongs to the city ("the streets of Kabul", "Moscow's airports").
CITY = """
    agreements? airports? bank battle bombing capital cent(?:re|er) charter cities citizens city climate
    convention crime declaration districts? fall hospitals inhabitants mayor museums? neighbourhoods?
    outskirts people residents roads schools siege skyline squares? streets? suburbs times town traffic treaty
    university
""".split()
# Those who act for it ("the Kabul regime").
GOVERNMENT = """
    administration advis[eo]rs? aides? authorities cabinet chief coordinators? counsel(?:l?ors?)? coup-makers
    diplomats elites?
    government junta leaders leadership officials? policymakers regime rulers secretary spokesm[ae]n
    spokesperson spokeswom[ae]n staff strategists?
""".split()
# What governments have and do ("the policy of Moscow", "a message to Beijing", "pressure from Washington").
POLICY = """
    acceptable according accountable accusations? actions? advice ambitions? answer appeals? approach
    approval assistance assurances attitude backing behalf behest blame calls? challenge claims?
    clos(?:e|er) concessions? condemnation consent consistent contacts? credit criticism decisions?
    demand(?:s|ed)? due efforts failure fault favou?r goodwill government guarantees guidance hands help
    hostility importan(?:t|ce) influence independen(?:t|ce) initiative insistence instructions interests?
    invitation issued leadership letters? links? loyal(?:ty)? messages? motives obligations offers?
    opposition orders? part permission plans? policies policy position pressure promises? proposals?
    protests? provided reaction readiness refusal relations reliance reply representatives requests?
    responses? responsibility role sanctions separate side signals? stance strategy support sway thanks
    threats? ties unacceptable unfriendly view views vital warnings? will
""".split()
# Acting and being acted upon ("Astana proposes", "urges Pyongyang").
VERBS = """
    accepts accuses acts agrees aims appears argues arrogates asks asserts attaches backs became began
    begins believes blames brings broke builds calls came can cannot chose claims condemns considers
    continues could decides declares demands denies did does emphasi[sz]es endorses expects faces
    favours fears feels fights finds focuses follows fought gave gets gives goes got had has have held
    holds hopes hosts insists intends invests is keeps kept knew knows launches lays leads led left let
    lost made maintains makes may means meant might must needs offers opposes organi[sz]es ought
    participates plans plays pledges prefers promotes proposes provides pursues pushes puts reacts
    reaffirms recogni[sz]es refuses rejects remains responds said saw says seeks seems sees sends sent
    set sets shall shares should shows signs sought spoke stands stood stresses strives supports takes
    talks tells thinks told took treats tried tries turns understands uses views vows wants warns was
    welcomes went were will wishes won’t would writes wrote
""".split()
URGE = """
    accus(?:e|es|ed|ing) allow(?:s|ed|ing)? ask(?:s|ed|ing)? believe blam(?:e|es|ed|ing)
    call(?:s|ed|ing)?\\s+(?:up)?on condemn(?:s|ed|ing)? convinc(?:e|es|ed|ing) criticis(?:e|es|ed|ing)
    criticiz(?:e|es|ed|ing) demanded encourag(?:e|es|ed|ing) forc(?:e|es|ed|ing) help(?:s|ed|ing)?
    inform(?:s|ed|ing)? invit(?:e|es|ed|ing) isolat(?:e|es|ed|ing) let lets persuad(?:e|es|ed|ing)
    press(?:es|ed|ing)? push(?:es|ed|ing)? remind(?:s|ed|ing)? support(?:s|ed|ing)? tell(?:s|ing)?
    thank(?:s|ed|ing)? told trust(?:s|ed)? urg(?:e|es|ed|ing) warn(?:s|ed|ing)?
""".split()
REACH = """
    (?:bound|depart(?:s|ed)?|head(?:s|ed|ing)?)\\s+for attacks?\\s+against attacks?\\s+on
    bomb(?:s|ed|ing)? captur(?:e|es|ed|ing) enter(?:s|ed|ing)? leav(?:e|es|ing)(?:\\s+for)?
    left(?:\\s+for)? march(?:ed|ing)?\\s+on reach(?:es|ed|ing)? tour(?:s|ed|ing)? visit(?:s|ed|ing)?
""".split()
THIS = "the this our its recent upcoming first second next last latest annual".split()
LINKS = """
    after against and as at because before but by during for from has have if in into is last next of on
    or over since than that this through to today towards? under until was were when where which while who
    will with without would yesterday
""".split()
INTO = "in at from near to into towards? around outside inside via through across beyond".split()
MONTHS = "January February March April May June July August September October November December".split()


def _any(words: list[str]) -> str:
    return f"(?i:{'|'.join(words)})"


_IS = "(?:is|was|will be|has become|as)"
_SEAT = "(?:capital|cent(?:re|er)|city|megalopolis|venue|site|seat|hub|host|home)"
_EPITHETS = r"(?:(?:[A-Z0-9][\w’'-]*|and|of|on|[a-z-]+(?:al|ic)|peace|high-level|research)\s+){1,5}"
_PART = "(?i:(?:north|south|east|west|central|downtown|greater)(?:ern)?)"
_QUOTE = "[\"'“”«»‘’]*"
_WHICH = r"(?:official\s+|the\s+)?"  # "official Washington", "the Kremlin"
_ADVERBS = (
    r"(?:(?:also|now|later|soon|since|never|not|still|again|once|always|often|already|then|therefore|itself"
    r"|\w+ly)\s+)*"
)
# Other places in the same breath ("held in Rio de Janeiro, Cairo and Beijing"), or "the city of".
_PLACES = r"(?:[A-Z][\w’'-]*(?:\s+(?:de\s+)?[A-Z][\w’'-]*)*,?\s+(?:and\s+|or\s+|(?<=,\s)))*"
_CITY_OF = (
    r"(?:(?:the|our|its|his|their|\w+’s|\w+'s|\w+)\s+)?(?:(?:capital|city|capital\s+city)(?:\s+of|,)?\s+)"
)


# In order: reading, what stands left of the name, what stands right of it ("" for anything).
_RULES = [
    # "Moscow's streets", but "Moscow's position"
    ("place", "", rf"['’]s\s+(?:\w+\s+)?{_any(CITY)}\b"),
    ("actor", "", r"(?:['’]s|(?<=s)['’])\s"),
    # "the Kabul regime", "Beijing-led", "pro-Moscow"
    ("actor", "", rf"\s+(?:[a-z]+\s+)?{_any(GOVERNMENT)}\b"),
    ("actor", "", r"-(?:led|linked|backed|sponsored|supported|funded|controlled|imposed|brokered|aligned)\b"),
    ("actor", r"\b(?i:pro|anti)-", ""),
    # "TASHKENT -", "Tashkent (Agency)" at the head of a report
    ("place", r"^\W*", r"\s*(?:--|[–—-])\s|\s+\(\w+\)"),
    # "London-based", "Astana, the capital", "Minsk as the host city", "Almaty, where"
    ("place", "", r"-based\b|\s*\)|,?\s+where\b"),
    # a railway from city to city
    ("place", r"[A-Z][\w’'-]+[–-]", r"[–-][A-Z]"),
    ("place", "", rf",?\s+(?:{_IS}\s+)?(?:the|an?|our|its)\s+(?:[\w-]+\s+){{0,2}}{_SEAT}\b"),
    ("place", "", r",?\s+(?:is|was|will\s+be)\s+(?:located|situated|chosen|selected|home)\b"),
    # "Astana on 4 July", "Astana in 2024", "Beijing+5"
    (
        "place",
        "",
        rf",?\s+(?:(?:on|in|from)\s+)?(?:(?:[\w-]+|\d+(?:\s+(?:and|to)\s+\d+)?)\s+)?{_any(MONTHS)}\b",
    ),
    ("place", "", r",?\s+(?:in\s+)?(?:19|20)\d\d\b|\s?\+\s?\d+\b"),
    # "Astana summit", "Beijing Fourth World Conference on Women", "Bishkek economic forum"
    ("place", "", rf"{_QUOTE}\s+{_any(EVENTS)}\b(?!\s+(?:the|an?)\b)"),
    ("place", "", rf"\s+{_EPITHETS}{_any(EVENTS)}\b"),
    # "White House deputy press secretary"
    ("actor", "", rf"\s+(?:(?!{_any(LINKS)}\b)[\w-]+\s+){{1,3}}{_any(GOVERNMENT)}\b"),
    # a capital after "the" or "our" modifies what follows ("the Dushanbe quartet"), a building does not
    ("place", rf"\b{_any(THIS)}\s+", rf"\s+(?!{_ADVERBS}(?:{_any(VERBS + LINKS)}|[a-z]+ed)\b)[\w-]"),
    # "between Washington and Beijing", but "the road between Moscow and Minsk"
    ("place", r"\b(?:border|distance|flights?|railway|road|route|trains?|travel\w*)\s+between\s+", ""),
    ("actor", rf"\b(?i:between|against|with|by|than|unlike|versus)\s+{_WHICH}", ""),
    ("place", rf"\b{_any(CITY)}\s+of\s+{_PLACES}", ""),
    ("actor", rf"\b{_any(POLICY)}\s+(?:of|from|to|on|for|towards?|upon|by)\s+{_WHICH}", ""),
    ("place", rf"\b{_any(REACH)}\s+(?:the\s+)?(?:{_CITY_OF})?{_PLACES}", ""),
    ("actor", rf"\b{_any(URGE)}\s+{_WHICH}", ""),
    ("place", "", r",?\s+D\.\s?C\."),
    # "the summit in Astana", "in west Beijing", "held in Rio, Cairo and Beijing", "its capital, Astana"
    ("place", rf"\b{_any(INTO)}\s+(?:of\s+)?(?:the\s+)?(?:{_PART}\s+)?(?:{_CITY_OF})?", ""),
    ("place", rf"\b{_any(INTO)}\s+{_PLACES}(?<=\b(?:and|.or)\s)", ""),
    ("place", rf"\b{_any(INTO)}\s+{_PLACES}", r",?\s+(?:and|or)\s+[A-Z]|,\s+[A-Z]"),
    ("place", rf"\b{_CITY_OF}|\(", ""),
    # "Astana focuses", "Kyiv, however, rejected"
    ("actor", "", rf"{_QUOTE}(?:,[^,.;:]{{1,60}},)?\s+{_ADVERBS}(?:{_any(VERBS)}|[a-z]+ed)\b"),
    ("actor", "", rf"\s+{_ADVERBS}[a-z]{{2,}}[a-rt-z]s\b(?!\s+(?:of|in|on)\b)"),
    ("actor", r"\b(?i:for|on|that|while|whereas|because|whether|if|the)\s+", ""),
    # "Trafalgar Square, London, where"
    ("place", r"[A-Z][\w’'-]+,\s+", ","),
    # the subject of a sentence: "Kabul, the Coalition and the Taliban cannot"
    ("actor", r"^\W*", r",?\s+[a-z]"),
]
RULES = [(reading, re.compile(f"(?:{left})$"), re.compile(right)) for reading, left, right in _RULES]

_AND = re.compile(r"(?:,?\s+(?:and|or)\s+(?:the\s+)?|\s*[&/–-]\s?)\Z")
_COMMA = re.compile(r",\s+(?:the\s+)?\Z")


def metonym_readings(
    text: str, mentions: list[tuple[int, int, str, str]], sentences: list[tuple[int, int]]
) -> list[str]:
    """The reading of each mention: "actor", "place" or "ambiguous" for metonyms, "actor" for all others.

    `mentions` are (start, end, actor, kind) by start, `sentences` the bounds of the sentence of each.

    >>> text = "Talks between Washington and Beijing were held in Astana."
    >>> mentions = [(14, 24, "USA", "metonym"), (29, 36, "CHN", "metonym"), (50, 56, "KAZ", "metonym")]
    >>> metonym_readings(text, mentions, [(0, 57)] * 3)
    ['actor', 'actor', 'place']
    """
    readings = ["actor"] * len(mentions)
    for first, last in _groups(text, mentions, sentences):
        if any(kind == "metonym" for _, _, _, kind in mentions[first : last + 1]):
            start, end = sentences[first]
            reading = _reading(text, mentions[first][0], mentions[last][1], start, end)
            for i in range(first, last + 1):
                if mentions[i][3] == "metonym":
                    readings[i] = "place" if _is_apposition(text, mentions, i) else reading
    return readings


def _reading(text: str, start: int, end: int, sentence_start: int, sentence_end: int) -> str:
    left, right = text[max(sentence_start, start - 120) : start], text[end : min(sentence_end, end + 120)]
    for reading, before, after in RULES:
        if before.search(left) and after.match(right):
            return reading
    return "ambiguous"


def _groups(
    text: str, mentions: list[tuple[int, int, str, str]], sentences: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    """First and last index of the mentions that are joined: by "and", or by commas before an "and"."""
    joined = [False] * len(mentions)  # whether a mention goes on to the next one
    for i in range(len(mentions) - 2, -1, -1):
        between = text[mentions[i][1] : mentions[i + 1][0]]
        if sentences[i] == sentences[i + 1] and len(between) < 12:
            joined[i] = bool(_AND.match(between) or (joined[i + 1] and _COMMA.match(between)))
    groups, first = [], 0
    for i, goes_on in enumerate(joined):
        if not goes_on:
            groups.append((first, i))
            first = i + 1
    return groups


def _is_apposition(text: str, mentions: list[tuple[int, int, str, str]], i: int) -> bool:
    """Whether a city is followed by its own country: "Astana, Kazakhstan"."""
    if i + 1 == len(mentions):
        return False
    (_, end, actor, _), (start, _, next_actor, _) = mentions[i : i + 2]
    return actor == next_actor and bool(_COMMA.match(text[end:start]))
