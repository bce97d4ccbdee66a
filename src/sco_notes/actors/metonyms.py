"""Is "Astana" the government that acts, or the city where something happens? Rules that a reader can check.

A rule looks at the words directly left or right of the name and says "actor" or "place". The first rule that
applies decides; where none does, the reading is "ambiguous". Names joined by commas, "and", "or" or a hyphen
("Washington and Beijing") are read together: the left rules look at the first, the right rules at the last.
"""

import re
from itertools import groupby

# Events, documents and buildings that are called after a city ("Astana summit", "the Minsk agreements").
EVENTS = r"""
    accords? acts? agenda agreements? airport apartments? appeal attacks? award banquets? bazaar bombings?
    borough branch briefings? bureau cafés? cathedral cent(?:re|er) ceremony championships? charter church
    churches citizens climate club commitments? communiqué conferences? congress consensus consulate
    consultations conventions? correspondents? court courthouse courtroom daily declarations? derby dialogue
    documents? embassy events? exchange exhibition expo festival flat formats? forums? framework gallery games
    group guarantors headquarters hospital hotel hotels hub initiatives? institute jail lawn library mandate
    marathon market marketplace mayor meetings? memorandum metro monument mosques? museum negotiations
    newspapers? newsroom office olympics? orchestra outcomes? pact palace party plan platform police
    press\s+conference principles prison proceedings process program programme protocols? railway rally
    reactor region residents resolutions? restaurants? rounds? schools? screening sessions? shares? skyline
    smog stadium statements? station stock\s+exchange stocks? streets? suburbs? subway summits? talks taxis?
    theaters? theatres? think\s+tanks? time track treaty trial underground university visits? wall workshop
    zoo
""".split()
# What belongs to the city ("the streets of Kabul", "Moscow's airports").
CITY = r"""
    agreements? air\s+pollution airports? archbishop assault bank battle bazaars? beach(?:es)? bishop
    bombardment bombing boulevards? bridges? buildings? cafés? capital capture cathedral cent(?:re|er)
    charter church churches cinemas? cities citizens city climate conference convention courts? crime
    declaration destruction districts? docks evacuation fall football\s+club galler(?:y|ies) gardens? gates
    ghetto harbou?r heart hospitals hotels? houses? inhabitants jails? landmarks? liberation lights location
    markets? mayor metro mosques? museums? native neighbou?rhoods? newspapers? nightlife
    (?:north|south|east|west|northeast|northwest|southeast|southwest) occupation opera\s+house outskirts
    parks? people pollution population port ports prisons? railway residents restaurants? river rivers roads
    ruins schools shelling shops siege skyline skyscrapers? slums? smog squares? stadiums? stations?
    stock\s+exchange streets? suburbs subway taxis? temples? theat(?:re|er)s? times town traffic trams?
    treaty underground university walls? weather zoo
""".split()
# Those who act for it ("the Kabul regime").
GOVERNMENT = r"""
    administration advis[eo]rs? aides? authorities cabinet chief coordinators? counsel(?:l?ors?)? coup-makers
    delegates delegations? diplomats elites? envoys? generals government junta leaders leadership negotiators?
    officials? policymakers regime rulers secretary spies spokesm[ae]n spokesperson spokeswom[ae]n staff
    strategists?
""".split()
# What governments have and do ("the policy of Moscow", "a message to Beijing", "pressure from Washington").
POLICY = r"""
    acceptable according accountable accusations? actions? advice aid aims? alienat\w+ alignment alleg\w+
    allies ally ambassadors? ambitions? anger answer appeals? appease\w* approach approval arms assistance
    assurances attitude backing backlash behalf behest blame blow blows boost breach break break-?up
    briefings? broadside calls? challenge claims? clos(?:e|er) concessions? condemnation condolences
    congratulations consent consistent contacts? containment cooperation coordination courtship credit
    credit\s+lines? criticism critics? decisions? defeat defiance demands demand(?:s|ed)? dependen(?:t|ce)
    deterren(?:t|ce) disappointment dispute disputes? distrust due efforts enem(?:y|ies) envoys? failure
    fault favou?r fear fears feud foes? friends? friendship funding funds gas gesture gift goals goodwill
    government grain guarantees guidance hands hatred help hostility humiliation importan(?:t|ce)
    independen(?:t|ce) influence initiative insistence instructions intentions interests? investments?
    invitation irritation isolation issued jab leadership letters? leverage links? loans? loss loyal(?:ty)?
    messages? mistrust money motives nod note notes obedience obligations offers? oil opponents? opposition
    orders? overtures? part partners? partnership patience permission plans? pleas? policies policy position
    praise pressure pressured promises? proposals? protests? provided proxies proxy puppets? quarrel
    rapprochement reaction readiness rebuff rebuke recognition refusal regards relations reliance reply
    representatives reprimand requests? resentment responses? responsibility restraint rift rise rivalry
    rivals? role row rupture sanctions scorn separate setback side signals? snub stance strategy subsidies
    support supporters? sway tariffs telegram terms test thanks threats? ties tools? treaty trust ultimatum
    unacceptable understanding unfriendly victory view views vital warnings? weapons will win
""".split()
# What a government does, after its name ("a White House directive").
ACTS = r"""
    allies ally backing decisions? decree demands? denials? diplomacy directive doctrine efforts? forces
    influence line messaging narratives? orders? overtures? playbook policies policy position power pressure
    propaganda proposals? proxies proxy reports? review rhetoric stance strategy support tactics troops veto
""".split()
# Acting and being acted upon ("Astana proposes", "urges Pyongyang").
VERBS = r"""
    abstained accepts accuses acted acts agrees aims allowed appears argues arose arrogates asks asserts ate
    attaches backs bears beat became began begins believes bent bet bit blames bled blew bought bound bowed
    bred brings broke builds built burnt calls came can cannot cast caught chose claims clung condemns
    considers continues could crept cut dealt decides declares demands denies did does drew drove dug
    emphasi[sz]es endorses expects faces favours fears fed feels fell felt fights finds flung focuses follows
    forbade forgave forsook fought froze gave gets gives goes got grew had has have held hid hit holds hopes
    hosts hurt ignored insisted insists intends invests is keeps kept knew knows laid lashed launches lays
    leads leapt learnt led left lent let lied lit lost made maintains makes may means meant met might mistook
    must needs offers opposes organi[sz]es ought outdid overcame overtook paid participates picked plans
    plays pledges plotted prefers promotes proposes proved provides pursues pushes put puts quit rang reacts
    reaffirms rebuilt recogni[sz]es refuses rejected rejects remains resents responds retaliated rid rose
    said sat saw says seeks seems sees sends sent set sets shall shares shone shot should shows shut signs
    slid sold sought sped spent split spoke sprang spread stands stole stood stresses strives strode struck
    stuck stung supports swept swore swung takes talks taught tells thinks threw told took tore treats tried
    tries trod turns understands understood undertook undid upheld uses views vows wants warns was welcomes
    went were will wishes withdrew withheld withstood woke won won’t worried would wound writes wrote wrung
""".split()
# Beginnings of verbs whose object is a government, and of those whose object is a town.
URGE = r"""
    accus alarm alienat allow anger annoy antagoni[sz] appeas arm ask assur back believ betray bind blam
    bother brief challeng compell? condemn confront confus consult contact convinc cost critici[sz] def
    delight demand den deny deterr? disappoint dismay embarrass embolden encourag enrag expect fool forc
    forgiv frighten frustrat fund giv grant hand help humiliat ignor impress inform infuriat intimidat invit
    irk irritat isolat lend lobb mock need notif offend oppos order outrag ow pay persuad placat pleas press
    pressur prompt provok punish push rattl reassur remind resent reward sanction satisf scar sell shun snub
    suit suppl support surpris tempt thank threaten trust understand unnerv urg want warn weaken woo worr
""".split()
REACH = r"""
    besieg bomb captur circl clos cross destroy encircl enter evacuat flood leav liberat nam occup pass reach
    rebuild renam rock secur seiz shak shell shroud storm strik surround throng tour visit
""".split()
ENDINGS = "(?:e|es|s|ed|d|ing|y|ies|ied|ying)?"
# What runs between towns, and what falls on them.
ROUTES = r"""
    border bus corridor distance ferry fibre(?:-optic)? flight highway journey motorway pipeline rail
    railroad railway road route service train travel trip
""".split()
FALLING = r"""
    air\s+raids? airstrikes? air\s+strikes? ash attacks? bombs? darkness drones? dust explosions? fire flags?
    fog helicopters? jets? missiles? planes? rain rockets? shells? siege skies sky smog smoke snow storms?
    strikes? sun
""".split()
# What happens to towns ("Jakarta is sinking").
TOWN_IS = r"""
    awash (?:bigger|busier|colder|hotter|larger|older|smaller|warmer)\s+than bombed built burned burning
    bustling called(?!\s+(?:on|upon)) captured choking covered crowded damaged deserted destroyed empty
    engulfed evacuated expensive flooded founded full hit known\s+as liberated located looted named noisy
    occupied on\s+fire overcrowded polluted quiet rebuilt renamed rocked sacked served shelled shrouded
    sinking situated smog teeming the\s+birthplace twinned under\s+(?:curfew|fire|siege|water)
""".split()
THIS = "the this our its recent upcoming first second next last latest annual".split()
LINKS = r"""
    after against and as at because before but by during for from has have if in into is last like next of on
    or over since than that this through to today towards? under until was were when where which while who
    will with without would yesterday
""".split()
INTO = r"in at out\s+of from near to into towards? around outside inside via through across beyond".split()
MONTHS = "January February March April May June July August September October November December".split()


def _any(words: list[str]) -> str:
    """Any of the words, in any case. Those of one initial stand together: three times as fast."""
    by_initial = groupby(sorted(words, key=lambda word: word[0]), key=lambda word: word[0])
    parts = [
        f"{initial}(?:{'|'.join(word[1:] for word in same)})" if initial.isalpha() else "|".join(same)
        for initial, same in by_initial
    ]
    return f"(?i:{'|'.join(parts)})"


_IS = "(?:is|was|will be|has become|became|becomes|remains|as)"
_SEAT = (
    "(?:capitals?|cent(?:re|er)s?|city|cities|complex|fortress|megalopolis|metropolis|municipality|palace|port|"
    "residence|settlement|town|towns|venue|site|seat|hub|host|home)"
)
_EPITHETS = r"(?:(?:[A-Z0-9][\w’'-]*|and|of|on|[a-z-]+(?:al|ic)|peace|high-level|research)\s+){1,5}"
_PART = "(?i:(?:north|south|east|west|central|downtown|greater)(?:ern)?)"
_QUOTE = "[\"'“”«»‘’]*"
_WHICH = r"(?:official\s+|the\s+|either\s+|both\s+)?"  # "official Washington", "the Kremlin"
_ADVERBS = (
    r"(?:(?:also|now|later|soon|since|never|not|still|again|once|always|often|already|then|therefore|itself"
    r"|almost|partly|\w+ly)\s+)*"
)
# How a town looks: "in war-torn Kabul", "from nearby Moscow".
_LIKE = r"(?:(?:[a-z]+-[a-z]+|[a-z]+ed|nearby|distant|faraway|historic|modern|old|ancient|snowy|sunny)\s+)?"
# Other places in the same breath ("held in Rio de Janeiro, Cairo and Beijing"), or "the city of".
_PLACES = r"(?:[A-Z][\w’'-]*(?:\s+(?:de\s+)?[A-Z][\w’'-]*)*,?\s+(?:and\s+|or\s+|(?<=,\s)))*"
_CITY_OF = (
    r"(?:(?:the|our|its|his|their|\w+’s|\w+'s|\w+)\s+)?(?:(?:capital|city|capital\s+city)(?:\s+of|,)?\s+)"
)
_BETWEEN = r"(?:between|connect\w*|join\w*|link\w*)(?:\s+[A-Z]\w+\s+(?:to|with))?"
_URGED = (
    rf"(?:{_any(URGE)}{ENDINGS}|[Ll]ets?|[Ii]t\s+took|forgiven|gave|given|lent|paid|sold|told|understood|upset|"
    r"call\w*\s+(?:up)?on)"
)
_REACHED = rf"(?:{_any(REACH)}{ENDINGS}|fled|hit|hits|left|rebuilt|shook|struck)"
_ANSWERED = (
    r"(?:answer|apolog|appeal|belong|bow|complain|defer|kowtow|listen|look|matter|object|protest|repl[iy]|report|"
    r"respond|surrender|turn|yield)\w*\s+(?:\w+\s+)?to|"
    r"(?:ced|conced|delegated|dictat|entrust|explain|gave|giv|grant|hand|lend|lent|offer|outsourc|ow|pledg|promis|"
    r"sell|sold)\w*\s+(?:\w+\s+){0,3}to|(?:bet|count|depend|lean|rel[iy])\w*\s+on|"
    r"(?:aimed|directed|anger|angry|fury|furious|frustrat\w+|irritat\w+|levell?ed)\s+at"
)
_POLICY_OF = rf"\b{_any(POLICY)}\s+(?:of|from|to|on|for|towards?|upon|by|at|in|with|over)\s+{_WHICH}"
_MODAL = r"\b(?i:can|could|did|do|does|had|has|have|may|might|must|shall|should|will|would)\s+"
_NOT = r"(?:is|does|do|did|has|had|was|would|could|should|ca|wo|must|need)n[’']t"


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
    ("place", r"^\W*", r"\s*(?:\\?--|[–—-])\s|\s+\(\w+\)"),
    ("place", "", r"\s+\(\w+\)\s+(?:--|[–—-])\s"),
    # "London-based", "Astana, the capital", "with Minsk as host", "Almaty, where", "Washington, D.C."
    ("place", "", r"-(?:based|born|bound|trained|listed|educated)\b|\s*\)|,?\s+where\b"),
    (
        "place",
        "",
        rf",?\s+(?:(?:{_IS}\s+)?(?:one\s+of\s+)?(?:the|an?|our|its)|as)\s+(?:[\w-]+\s+){{0,3}}{_SEAT}\b",
    ),
    (
        "place",
        "",
        rf",?\s+(?:is|was|were|will\s+be|has\s+been|is\s+being)\s+{_ADVERBS}(?:chosen|home|selected|{_any(TOWN_IS)})\b",
    ),
    (
        "place",
        "",
        r"\s+(?:(?:lies|sits|stands)\s+(?:at|between|in|near|on|where)|under\s+(?:attack|fire|siege))\b",
    ),
    (
        "place",
        "",
        r",\s+(?:built|established|founded)\b|\s+has\s+(?:expanded|grown|\d|(?:a|an)\s+(?:area|population))",
    ),
    (
        "place",
        "",
        r"\s+host(?:s|ed)\s+(?:[\w’'-]+\s+){1,4}(?:Cup|Expo|festival|Festival|final|Games|Olympics)\b",
    ),
    ("place", r"\b(?:transform|turn)\w*\s+", r"\s+into\b"),
    ("place", rf"\b{_SEAT}\s+(?:is|was|remains|became)\s+(?:now\s+)?", ""),
    # roads and flights, from town to town: "a train links Beijing with Moscow"
    ("place", r"[A-Z][\w’'-]+[–-]", r"[–-][A-Z]"),
    ("place", rf"\b{_any(ROUTES)}s?\s+(?:for|to|(?:\w+\s+){{0,2}}{_BETWEEN})\s+", ""),
    # "Missiles rained on Kyiv", "smoke rose over the Kremlin"
    ("place", rf"\b{_any(FALLING)}\s(?:[^,.;:]{{0,40}}\s)?(?:above|on|onto|over)\s+(?:the\s+)?", ""),
    # "ties with Doha in 2017", "In a rebuke to New Delhi", "To Beijing, Taiwan is", "trust in Moscow"
    ("actor", _POLICY_OF, r",?\s+(?:in\s+)?(?:19|20)\d\d\b"),
    ("actor", r"^\W*(?:For|To)\s+", r",\s+(?!the\s+capital|where)"),
    ("actor", r"\b(?:belief|confidence|faith|trust)\s+in\s+", ""),
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
    # "between Washington and Beijing", "Neither Moscow nor Kyiv", "cut ties with Doha"
    ("actor", rf"\b(?i:between|against|with|by|than|unlike|versus|without|behind|neither)\s+{_WHICH}", ""),
    ("actor", r"\b(?:align|bind|bound|tether|tie)\w*\s+[A-Z]\w+\s+(?:to|with)\s+", ""),
    ("actor", r",\s+not\s+", ","),
    ("actor", r"(?<!in )(?<!from )\b(?i:both)\s+", ""),
    ("place", rf"\b{_any(CITY)}\s+of\s+{_PLACES}", ""),
    ("actor", rf"\b{_any(POLICY)}\s+(?:of|from|to|on|for|towards?|upon|by)\s+{_WHICH}", ""),
    ("actor", r"\b(?!conference|residence)[a-z]+(?:ance|ence|ness)\s+of\s+", ""),
    ("actor", rf"\b(?i:{_ANSWERED})\s+{_WHICH}", ""),
    (
        "place",
        rf"\b(?:(?i:attacks?)\s+(?:against|on)|(?:bound|depart\w*|head\w*|left|leav\w*)\s+for|march\w*\s+on|{_REACHED})"
        rf"\s+(?:the\s+)?(?:{_CITY_OF})?{_PLACES}",
        "",
    ),
    ("actor", rf"\b{_URGED}\s+{_WHICH}", ""),
    ("place", "", r",?\s+D\.?\s?C\b\.?"),
    # "the summit in Astana", "in west Beijing", "held in Rio, Cairo and Beijing", "its capital, Astana"
    (
        "place",
        rf"\b{_any(INTO)}\s+(?:of\s+)?(?:both\s+)?(?:the\s+)?{_LIKE}(?:{_PART}\s+)?(?:{_CITY_OF})?",
        "",
    ),
    ("place", rf"\b{_any(INTO)}\s+{_PLACES}(?<=\b(?:and|.or)\s)", ""),
    ("place", rf"\b{_any(INTO)}\s+{_PLACES}", r",?\s+(?:and|or)\s+[A-Z]|,\s+[A-Z]"),
    ("place", rf"\b{_CITY_OF}|\(", ""),
    # questions, and what it is: "What does Beijing want?", "It is Tehran, not Riyadh, that gains"
    ("actor", _MODAL, ""),
    ("actor", r"(?:^\W*|\b(?i:how|it|what|when|why)\s+)(?i:are|is|was)\s+(?:not\s+)?", ""),
    # objects: "careful not to offend Moscow", "The verdict pleased Tehran"
    (
        "actor",
        r"\b(?:(?:to|can|cannot|could|may|might|must|not|should|will|would)\s+(?!the\b)[a-z]{3,}(?:\s+(?:down|off|out|up))?|"
        r"[a-z]{2,}ed|(?!being|concerning|during|following|including|regarding|respecting)[a-z]{3,}ing)\s+",
        rf"\W*$|\s*[^\w\s’'-]|\s+(?:{_any(LINKS)}|again|but|even|further|\w+ly)\b",
    ),
    # "Astana focuses", "Kyiv, however, rejected", "Moscow isn’t"
    ("actor", "", rf"{_QUOTE}(?:,[^,.;:]{{1,60}},)?\s+{_ADVERBS}(?:{_any(VERBS)}|[a-z]+ed|{_NOT})\b"),
    ("actor", "", rf"\s+{_ADVERBS}[a-z]{{2,}}[a-rt-z]s\b(?!\s+(?:of|in|on)\b)"),
    ("actor", r"\b(?i:for|on|that|while|whereas|because|whether|if|the|how|why)\s+", ""),
    # "When Riyadh and Tehran shook hands"
    (
        "actor",
        r"\b(?i:although|as|before|but|once|since|so|than|then|though|until|when|where|yet)\s+",
        rf"\s+(?!{_any(LINKS)}\b)[a-z]{{3,}}",
    ),
    # "a White House directive", but "his White House job", "a veteran Washington insider"
    ("actor", "", rf"\s+(?:[a-z]+\s+)?{_any(ACTS)}\b"),
    (
        "place",
        r"(?:\b(?i:an?|her|his|my|our|their|your)|['’]s|\b(?:19|20)\d\d)\s+(?:(?!to\b)[\w-]+\s+){0,3}",
        r"\s+[a-z]",
    ),
    # "Trafalgar Square, London, where"
    ("place", r"[A-Z][\w’'-]+,\s+", ","),
    # the subject of a sentence or a part of it: "Kabul, the Coalition and the Taliban cannot"
    ("actor", r"(?:^|[;:]\s)\W*", r",?\s+[a-z]|:\s"),
]
RULES = [(reading, re.compile(f"(?:{left})$"), re.compile(right)) for reading, left, right in _RULES]

_AND = re.compile(r"(?:,?\s+(?:and|or|nor)\s+(?:the\s+)?|,?\s+(?:but\s+)?not\s+|\s*[&/–-]\s?)\Z")
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
        if after.match(right) and before.search(left):
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
