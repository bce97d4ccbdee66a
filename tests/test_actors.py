"""Tests of the actor table and of finding mentions; the sentences are made for the tests."""

import re
import tomllib
from itertools import accumulate, pairwise
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sco_notes.actors import actor_table, attribution, find_mentions, metonyms, read_actors, self_mentions
from sco_notes.actors.matching import Alias, Match, fold, literal, phrase_pattern
from sco_notes.actors.metonyms import deciding_rule, metonym_readings, read_rules
from sco_notes.actors.table import TYPES
from sco_notes.dates import edtf_bounds
from sco_notes.errors import SCONotesError
from sco_notes.files import data_folder
from sco_notes.tables import load

ACTORS = read_actors()


def mentions(text: str, date: str | None = None, actors: pd.DataFrame = ACTORS) -> pd.DataFrame:
    documents = {"doc_id": ["d"], "text": [text]} | ({"date": [date]} if date is not None else {})
    return find_mentions(pd.DataFrame(documents), actors)


def named(text: str, date: str | None = None) -> list[tuple[str, str]]:
    return [(text[m.start : m.end], m.actor) for m in mentions(text, date).itertuples()]


def readings(text: str) -> list[str]:
    return mentions(text)["reading"].tolist()


def hand_made(**actors: list[str]) -> pd.DataFrame:
    return pd.DataFrame(
        [(alias, actor) for actor in actors for alias in actors[actor]], columns=["alias", "actor"]
    )


# ---- finding names ----


def test_a_sentence_with_names_demonyms_and_a_leader():
    text = "President Tokayev told Kazakhs and Uzbek guests that China’s proposal to the SCO was welcome."
    assert named(text) == [
        ("Tokayev", "TOKAYEV"),
        ("Kazakhs", "KAZ"),
        ("Uzbek", "UZB"),
        ("China", "CHN"),
        ("SCO", "SCO"),
    ]


def test_columns_sentence_numbers_and_order():
    frame = pd.DataFrame(
        {"doc_id": ["b", "a"], "text": ["Iran spoke. Then India and Iran left.", "Only Nepal."]}
    )
    found = find_mentions(frame, ACTORS)
    assert list(found.columns) == ["doc_id", "sentence", "start", "end", "alias", "actor", "reading"]
    assert found[["doc_id", "sentence", "actor"]].values.tolist() == [
        ["a", 0, "NPL"],
        ["b", 0, "IRN"],
        ["b", 1, "IND"],
        ["b", 1, "IRN"],
    ]


def test_no_mention_gives_an_empty_table_with_the_same_columns():
    found = mentions("Nobody is named here.")
    assert found.empty and list(found.columns) == list(mentions("Iran.").columns)
    assert found["start"].dtype == mentions("Iran.")["start"].dtype


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Democratic People's Republic of Korea", ["PRK"]),
        ("the Republic of Korea", ["KOR"]),
        ("the People’s Republic of China", ["CHN"]),
        ("the United Nations Security Council met", ["UN"]),
        ("the Islamic State of Afghanistan", ["AFG"]),
        ("Islamic State in Iraq and the Levant", ["ISIL"]),
        ("Islamic Republic of Pakistan", ["PAK"]),
        ("Central Asia", ["CENTRAL-ASIA"]),
        ("the Shanghai Cooperation Organization", ["SCO"]),
        ("the Conference on Security and Cooperation in Europe", ["OSCE"]),
    ],
)
def test_the_longest_name_wins_and_counts_once(text, expected):
    assert [actor for _, actor in named(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "true to the Shanghai spirit",
        "in the South China Sea",
        "across the Indian Ocean",
        "as an American political scientist notes",
        "Chinese Taipei took part",
        "Latin American and North American markets",
        "ten million US$ or 3 US dollars",
        "he spoke in Russian at first",
        "the Council of Europe",
        "in West Africa and on the West Bank",
        "the post-Soviet space",
        "Xi'an and Xi’an are cities",
    ],
)
def test_excluded_phrases_are_no_mention(text):
    assert named(text) == []


@pytest.mark.parametrize(
    "text", ["a turkey", "between us and them", "Chinatown", "Iranology", "Indiana", "who can"]
)
def test_common_words_and_parts_of_words_are_no_mention(text):
    assert named(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They met on the West Lake.", []),
        ("The singer Mr. West left.", []),
        ("The Petrograd Soviet met.", []),
        ("Later the Soviet delegate spoke.", [("Soviet", "SUN")]),
        ("Now the West agrees.", [("West", "WEST")]),
        ("Western Powers agreed.", [("Western Powers", "WEST")]),
        ("NOW THE WEST AGREES.", [("WEST", "WEST")]),
    ],
)
def test_beside_another_name_an_alias_may_be_part_of_that_name(text, expected):
    assert named(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "the East-West divide and East–West polarization",
        "a route between East and West, and from East to West",
        "the East and the West of the continent",
        "with West and East, South and North",
        "from West to Central Asia",
        "in Western and Central Europe",
        "a post-Western order",
    ],
)
def test_the_west_beside_the_east_is_no_actor(text):
    assert "WEST" not in [actor for _, actor in named(text)]


def test_the_west_facing_others_is_an_actor():
    text = "The West wants talks, not the West’s media. Western countries agree with the West."
    assert [actor for _, actor in named(text)] == ["WEST"] * 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Security Council of Kazakhstan met.", ["KAZ"]),
        ("Kazakhstan’s Security Council met.", ["KAZ"]),
        ("The Secretary of the Security Council of the Russian Federation spoke.", ["RUS"]),
        ("Armenian Security Council chief Grigoryan spoke.", ["ARM"]),
        ("Russia's Security Council veto stood.", ["RUS", "UN"]),
        ("The Security Council heard Kazakhstan.", ["UN", "KAZ"]),
        ("The state's General Assembly and the General Assembly of Pennsylvania met.", []),
        ("The General Assembly of the United Nations met.", ["UN"]),
        ("The Islamic Republic of The Gambia joined, not the Islamic Republic.", ["IRN"]),
    ],
)
def test_an_organ_beside_a_state_is_the_states_own(text, expected):
    assert [actor for _, actor in named(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "Denzel Washington and Booker T. Washington are no state.",
        "Jack London wrote. Mr. French sued.",
        "They saw Mount Washington, Fort Washington and New London.",
        "Turkish Airlines, the Moscow Times and the University of Georgia agreed.",
        "In Moscow, Idaho, it snowed.",
        "The Chinese Wall between two desks fell.",
        "It was written in Russian. She learned Russian and Chinese at school.",
        "Daniil Medvedev won, and Ahmad Khatami prayed.",
    ],
)
def test_a_name_inside_another_name_is_no_mention(text):
    assert named(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Yesterday Washington agreed.",
        "On Tuesday London agreed.",
        "Official Washington agreed.",
        "President Medvedev agreed.",
        "Dmitry Anatolyevich Medvedev agreed.",
        "He lectured in Russian schools.",
        "The US NAVY agreed.",
    ],
)
def test_what_is_no_given_name_and_no_language_leaves_a_mention(text):
    assert len(named(text)) == 1


def test_footnote_marks_and_underscores_are_not_part_of_a_name():
    text = "Kazakhstan¹, _Kazakhstan_ and the Islamic Republic of Afghanistan²"
    assert [actor for _, actor in named(text)] == ["KAZ", "KAZ", "AFG"]


def test_words_of_its_sentence_tell_what_else_an_alias_means():
    assert named("Voters in Georgia and Ohio chose. Georgia signed the treaty.") == [("Georgia", "GEO")]
    assert named("Georgia signed. The Navajo are Indians.") == [("Georgia", "GEO")]


def test_some_words_tell_it_only_when_they_are_near():
    assert named("Republicans in Georgia spoke.") == []
    text = "Republicans and Democrats of both houses condemned the crackdown in Georgia."
    assert named(text) == named("Senate hearing: war in Georgia.") == [("Georgia", "GEO")]


def test_capitals_are_found_but_not_the_pronoun_us():
    assert named("STATEMENT BY KAZAKHSTAN ON CENTRAL ASIA") == [
        ("KAZAKHSTAN", "KAZ"),
        ("CENTRAL ASIA", "CENTRAL-ASIA"),
    ]
    assert named("LET US BEGIN WITH PEACE") == named('"GIVE US PEACE" read a banner.') == []
    assert named("The US and the U.S. agree.") == [("US", "USA"), ("U.S.", "USA")]


@pytest.mark.parametrize("space", ["\u00a0", "\n", "  ", " \n ", "\u202f", "\t"])
def test_any_white_space_inside_a_name(space):
    assert named(f"In Central{space}Asia and the Shanghai{space}Cooperation{space}Organisation.") == [
        (f"Central{space}Asia", "CENTRAL-ASIA"),
        (f"Shanghai{space}Cooperation{space}Organisation", "SCO"),
    ]


def test_possessives_stay_outside_and_apostrophes_and_hyphens_are_equal():
    assert named("Iran’s and Iran's and the United States’ aims") == [
        ("Iran", "IRN"),
        ("Iran", "IRN"),
        ("United States", "USA"),
    ]
    assert [actor for _, actor in named("Da'esh, Da’esh, Al-Qaida, Al\u2011Qaida")] == ["ISIL"] * 2 + [
        "AL-QAIDA"
    ] * 2


def test_names_joined_by_a_hyphen_are_two():
    assert named("Tajik-Afghan border, Sino-Russian trade") == [
        ("Tajik", "TJK"),
        ("Afghan", "AFG"),
        ("Sino", "CHN"),
        ("Russian", "RUS"),
    ]


def test_a_former_name_counts_in_its_years_only():
    text = "A delegation from Nur-Sultan arrived."
    assert [actor for _, actor in named(text, "2020-05")] == ["KAZ"]
    assert [actor for _, actor in named(text, "2022")] == ["KAZ"]
    assert named(text, "2018") == [] and named(text, "2022-09-18/2022-10") == []
    assert [actor for _, actor in named(text)] == [actor for _, actor in named(text, "")] == ["KAZ"]


def test_an_alias_of_two_actors_is_the_one_in_office_and_nobody_without_a_date():
    text = "Prime Minister Sharif spoke."
    assert [actor for _, actor in named(text, "2024-07-04")] == ["SHARIF-SHEHBAZ"]
    assert [actor for _, actor in named(text, "2015")] == ["SHARIF-NAWAZ"]
    assert named(text) == named(text, "2020") == named(text, "2016/2023") == []


def test_years_that_begin_with_the_first_day_of_1970_are_told_apart_from_those_before():
    years = {"from": ["", "1970-01-01"], "to": ["1969-12-31", ""]}
    table = pd.DataFrame({"alias": "Arland", "actor": ["OLD", "NEW"], **years})
    documents = pd.DataFrame({"doc_id": ["a", "b"], "text": "Arland spoke.", "date": ["1969", "1970"]})
    assert find_mentions(documents, table)["actor"].tolist() == ["OLD", "NEW"]


def test_an_alias_in_not_actors_too_is_an_actor_in_its_years_only():
    text = "Nursultan spoke."
    assert [actor for _, actor in named(text, "2020")] == ["KAZ"]
    assert named(text, "2018") == named(text) == []


def test_aliases_are_literal_text():
    actors = hand_made(us=["U.S."], cpp=["C++"], prc=["(PRC)"], plain=["a.c"])
    text = "U.S. and UxSx, C++ and C, (PRC) and PRC, a.c and abc, aU.S. C++11"
    found = mentions(text, actors=actors)
    assert found["alias"].tolist() == ["U.S.", "C++", "(PRC)", "a.c", "C++"]


def test_overlapping_aliases_of_a_table_made_by_hand():
    actors = hand_made(ASIA=["Asia"], CENTRAL=["Central Asia"])
    assert mentions("Asia, Central Asia, Asia", actors=actors)["actor"].tolist() == [
        "ASIA",
        "CENTRAL",
        "ASIA",
    ]


# ---- actor or place ----


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The summit in Astana is over.", "place"),
        ("Delegates came from Minsk by train.", "place"),
        ("They flew to Bishkek in May.", "place"),
        ("The Astana summit adopted a plan.", "place"),
        ("They praised the Dushanbe Water Process.", "place"),
        ("The New Delhi Declaration was read.", "place"),
        ("The Beijing Fourth World Conference on Women set goals.", "place"),
        ("Leaders met at Tashkent, a city of scholars.", "place"),
        ("Tashkent on 4 July will be warm.", "place"),
        ("It will be held in our capital, Minsk.", "place"),
        ("Shots were heard on the streets of Kabul.", "place"),
        ("Moscow’s airports were closed.", "place"),
        ("Attacks on New York and Washington followed.", "place"),
        ("The minister visited Tehran and left.", "place"),
        ("Meetings were held in Rio, Vienna and Cairo last year.", "place"),
        ("They inspected the Kremlin walls.", "place"),
        ("Astana focuses on trade.", "actor"),
        ("Moscow has not answered.", "actor"),
        ("Beijing, however, rejected the offer.", "actor"),
        ("Tehran’s position is known.", "actor"),
        ("The Kabul regime fell.", "actor"),
        ("A Beijing-led bank was founded.", "actor"),
        ("We call on Pyongyang to return.", "actor"),
        ("The decision was taken by Moscow alone.", "actor"),
        ("They put pressure on Damascus.", "actor"),
        ("It is a message to Islamabad.", "actor"),
        ("The Kremlin denied it.", "actor"),
        ("Never again Moscow.", "ambiguous"),
        ("They rode the Termez-Kabul-Lahore train.", "place"),
        ("He has close ties to the Kremlin.", "actor"),
        ("A firm message from Washington, D.C. arrived.", "actor"),
        ("Attacks struck Boston and later Washington, D.C. that day.", "place"),
        ("He met Delhi police and went home.", "place"),
        ("Tashkent, the rebels and their neighbours cannot wait.", "actor"),
        ("He knows that Paris still controls the fund.", "actor"),
        ("The parks of Washington, DC, were full.", "place"),
        ("The highway between Dushanbe and Khujand was closed.", "place"),
        ("Missiles rained on Kyiv overnight.", "place"),
        ("Smoke rose over the Kremlin.", "place"),
        ("Tokyo’s subway was closed.", "place"),
        ("Jakarta is sinking.", "place"),
        ("The city’s capital was Phnom Penh.", "place"),
        ("It is her first White House job.", "place"),
        ("It is a White House directive.", "actor"),
        ("In a rebuke to New Delhi, the panel met.", "actor"),
        ("They cut ties with Doha in 2017.", "actor"),
        ("To Beijing, it is a core interest.", "actor"),
        ("The verdict angered Ankara.", "actor"),
        ("They were careful not to offend Moscow.", "actor"),
        ("What does Beijing want?", "actor"),
        ("Can Washington be trusted?", "actor"),
        ("Both Moscow and they agree.", "actor"),
        ("Let Beijing pay.", "actor"),
        ("They handed power to Kabul.", "actor"),
        ("The shelling of Kyiv goes on.", "place"),
        ("Tashkent was rebuilt in that decade.", "place"),
        ("Pretoria is one of the three capitals.", "place"),
    ],
)
def test_a_capital_is_read_as_place_or_actor(text, expected):
    assert readings(text) == [expected]


def marked(text: str) -> tuple[str, list[tuple[int, int]]]:
    """A text without its bars, and the places between them."""
    parts = text.split("|")
    ends = list(accumulate(map(len, parts)))
    return "".join(parts), list(pairwise(ends))[::2]


RULES = tomllib.loads(Path(metonyms.__file__).with_name("metonyms.toml").read_text(encoding="utf-8"))["rule"]


@pytest.mark.parametrize(
    ("rule", "example"),
    [(rule, example) for rule, row in zip(read_rules(), RULES, strict=True) for example in row["examples"]],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_every_rule_of_metonyms_toml_decides_its_examples(rule, example):
    text, places = marked(example)
    names = [Match(*place, Alias("", str(place), "metonym"), 0, (0, len(text))) for place in places]
    assert metonym_readings(text, names) == [rule.reading] * len(names)
    assert deciding_rule(text, names[0], names[-1]) is rule


@pytest.mark.parametrize("file", ["exclusions.toml", "attribution.toml"])
def test_the_examples_of_the_word_lists_hold(file):
    table = tomllib.loads((Path(metonyms.__file__).parent / file).read_text(encoding="utf-8"))
    lists = [part for part in table.values() if isinstance(part, dict)]
    for example, expected in [example for part in lists for example in part["examples"]]:
        text, [(start, end)] = marked(example)
        found = mentions(text)
        is_it = (found["start"] == start) & (found["end"] == end)
        if file == "attribution.toml":
            documents = pd.DataFrame({"doc_id": ["d"], "text": [text]})
            is_it = is_it & (attribution(documents, found) == "quoted")
        assert is_it.any() == expected, example


def test_joined_capitals_share_their_reading():
    assert readings("Talks between Washington and Beijing go on.") == ["actor", "actor"]
    assert readings("Offices in Astana, Tashkent and Bishkek were opened.") == ["place"] * 3
    assert readings("It is Tehran, not Riyadh, that gains.") == ["actor", "actor"]
    assert readings("Neither Moscow nor Kyiv trusts them.") == ["actor", "actor"]
    assert readings("A train links Beijing with Moscow.") == ["place", "place"]
    assert readings("Moscow and Minsk propose a treaty; Kyiv and Tbilisi refused.")[2:] == ["actor", "actor"]


def test_a_city_before_its_country_is_a_place_and_the_country_an_actor():
    assert readings("Speaking from Astana, Kazakhstan said no.") == ["place", "actor"]


def test_names_and_demonyms_are_always_actors():
    assert readings("In Uzbekistan, at the United Nations, Uzbek guests met.") == ["actor"] * 3


# ---- properties ----

WORDS = st.sampled_from(
    ["Iran", "the", "Central", "Asia", "Astana", "in", "US", "and", "Da’esh", "Nur-Sultan", "Russian", "poet",
     "’s", "United", "Nations", "\u00a0", "\n", ".", ",", "will", "KAZAKHSTAN", "Shanghai", "spirit"]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(WORDS | st.text(max_size=4), max_size=25).map(" ".join))
def test_every_mention_is_its_alias_up_to_spaces_apostrophes_and_capitals(text):
    previous = 0
    for m in mentions(text, "2020").itertuples():
        assert previous <= m.start < m.end <= len(text)
        assert fold(text[m.start : m.end]) in (fold(m.alias), fold(m.alias).upper())
        assert m.reading in ("actor", "place", "ambiguous")
        previous = m.end


@settings(max_examples=20, deadline=None)
@given(st.permutations(["Iran spoke.", "The US in Astana", "India. Iran and China.", "", "Nothing"]))
def test_the_order_of_documents_does_not_matter(texts):
    frame = pd.DataFrame({"doc_id": [f"doc {text}" for text in texts], "text": texts})
    pd.testing.assert_frame_equal(
        find_mentions(frame, ACTORS), find_mentions(frame.sort_values("text"), ACTORS)
    )


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.text("ab '.-", min_size=1, max_size=5).filter(str.strip), min_size=1, max_size=8),
    st.text("ab '.-’\n", max_size=60),
)
def test_the_trie_finds_what_a_plain_alternation_finds(phrases, text):
    """Longest first, with the boundaries written out: slow and obvious."""
    plain = []
    for phrase in sorted({fold(phrase) for phrase in phrases}, key=len, reverse=True):
        left = r"(?<!\w)" if phrase[0].isalnum() else ""
        plain.append(left + literal(phrase) + (r"(?!\w)" if phrase[-1].isalnum() else ""))
    expected = [match.group() for match in re.finditer("|".join(plain), text)]
    assert [match.group() for match in phrase_pattern(phrases).finditer(text)] == expected


# ---- the table ----


def write(tmp_path, text: str):
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_rows_of_a_small_file(tmp_path):
    path = write(
        tmp_path,
        """
        not_actors = ["Peking duck"]
        [[actor]]
        id = "CHN"
        type = "state"
        name = "China"
        demonyms = ["Chinese"]
        metonyms = [{text = "Peking", to = "1979"}]
        [[actor]]
        id = "LI"
        type = "leader"
        name = "Li Peng"
        state = "CHN"
        office = "Premier"
        from = "1988-04-09"
        to = "1998-03-17"
        """,
    )
    actors = read_actors(path)
    assert actors[["alias", "actor", "kind", "to"]].values.tolist() == [
        ["China", "CHN", "name", ""],
        ["Chinese", "CHN", "demonym", ""],
        ["Peking", "CHN", "metonym", "1979"],
        ["Li Peng", "LI", "name", ""],
        ["Peking duck", "", "exclusion", ""],
    ]
    assert actor_table(actors).values.tolist() == [
        ["CHN", "China", "state", "", "", "", "", 3, "China"],
        ["LI", "Li Peng", "leader", "CHN", "Premier", "1988-04-09", "1998-03-17", 1, "Li Peng"],
    ]
    assert find_mentions(pd.DataFrame({"doc_id": [1], "text": ["Peking duck in Peking"]}), actors)[
        "start"
    ].tolist() == [15]


IRAN = '[[actor]]\nid = "IRN"\ntype = "state"\nname = "Iran"\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[actor]]\nid = ", "not valid TOML: .*line 2"),
        (IRAN + 'demonym = ["Iranian"]', "actor 'IRN': unknown key 'demonym'; did you mean 'demonyms'"),
        (IRAN.replace("[[actor]]", "[[actors]]"), "unknown key 'actors'; did you mean 'actor'"),
        (
            IRAN + '[[actor]]\nid = "X"\ntype = "state"\nname = "X"\nnames = ["Iran"]',
            "'Iran' belongs to 'IRN' and 'X'",
        ),
        (IRAN + 'names = [""]', "actor 'IRN': empty alias"),
        ('not_actors = [" "]\n' + IRAN, "not_actors: empty alias"),
        ('not_actors = ["{Name}"]\n' + IRAN, "not_actors: empty alias"),
        (IRAN + 'names = [{text = "Fars", unless = [""]}]', "every word must be text"),
        (
            'not_actors = ["Persia"]\n' + IRAN + 'names = ["Persia"]',
            "'Persia' belongs to 'IRN' and not_actors",
        ),
        (
            IRAN
            + 'names = [{text = "P", from = "1935", to = "1950"}]\n'
            + IRAN.replace("IRN", "X").replace('"Iran"', '"X"')
            + 'names = [{text = "P", from = "1950"}]',
            "'P' belongs to 'IRN' and 'X'; keep it in one of them, or give each the years",
        ),
        ('not_actors = ["Iran"]\n' + IRAN, "alias 'Iran' belongs to 'IRN' and not_actors"),
        (
            IRAN + 'names = [{text = "Persia", from = "1935", to = "1900"}]',
            "alias 'Persia': date '1935/1900'.*ends before",
        ),
        (IRAN + 'from = "2024-02-30"', "actor 'IRN': date '2024-02-30/..': 2024-02 has 29 days"),
        (
            IRAN + 'names = [{name = "Persia"}]',
            "unknown key 'name'; known: text, from, to, unless, unless_near",
        ),
        ('[[actor]]\ntype = "state"\nname = "Iran"', "actor number 1: no id"),
        (IRAN + IRAN, "actor 'IRN': the id is used twice"),
        (IRAN + 'article = "the"\n', "actor 'IRN': article = 'the'; expected true or false"),
        (
            IRAN.replace('"state"', '"country"'),
            "type 'country'; expected one of state, organisation, region, leader",
        ),
        (IRAN.replace('name = "Iran"', 'name = " "'), "actor 'IRN': no name"),
        (IRAN + 'names = "Persia"', "names = 'Persia'; expected a list"),
        (
            IRAN + '[[actor]]\nid = "X"\ntype = "leader"\nname = "X"\nstate = "IRM"',
            "actor 'X': state 'IRM' is not",
        ),
    ],
)
def test_a_wrong_file_is_named_with_its_entry(tmp_path, text, message):
    with pytest.raises(SCONotesError, match=rf"^mine\.toml.*{message}"):
        read_actors(write(tmp_path, text))


def test_a_missing_file_and_missing_columns_are_named(tmp_path):
    with pytest.raises(SCONotesError, match=r"none\.toml: cannot be read"):
        read_actors(tmp_path / "none.toml")
    with pytest.raises(SCONotesError, match="no column 'text'"):
        find_mentions(pd.DataFrame({"doc_id": ["a"]}))
    with pytest.raises(SCONotesError, match="doc_id 'a': the text is None"):
        find_mentions(pd.DataFrame({"doc_id": ["a"], "text": pd.Series([None], dtype=object)}))
    with pytest.raises(SCONotesError, match="empty alias"):
        mentions("x", actors=hand_made(a=[" "]))


# ---- data/actors.toml ----


def test_the_shipped_table_has_the_members_and_no_alias_twice_unless_years_tell():
    members = {"BLR", "CHN", "IND", "IRN", "KAZ", "KGZ", "PAK", "RUS", "TJK", "UZB"}
    assert members <= set(ACTORS["actor"])
    twice = ACTORS[ACTORS["alias"].map(fold).duplicated(keep=False)]
    assert set(twice["alias"]) == {"Prime Minister Sharif", "Nursultan"}
    assert (twice.loc[twice["actor"] != "", ["from", "to"]] != "").any(axis=1).all()
    assert set(ACTORS["type"]) == {*TYPES, ""}
    led = set(ACTORS.loc[ACTORS["type"] == "leader", "state"])
    assert led == members


def test_no_shipped_alias_is_a_function_word():
    words = (data_folder() / "stopwords.txt").read_text(encoding="utf-8").split()
    assert not set(ACTORS["alias"]) & {form for word in words for form in (word, word.capitalize())}
    assert ACTORS["alias"].str.len().min() > 1
    assert not ACTORS["alias"].str.contains(r"^(?:the|The|a|of) ").any()


def test_a_name_that_takes_an_article_has_it_in_prose():
    in_prose = actor_table(ACTORS).set_index("actor")["in_prose"]
    assert in_prose[["USA", "UN", "RUS", "NATO", "XI-JINPING"]].tolist() == [
        "the United States of America", "the United Nations", "Russia", "NATO", "Xi Jinping",
    ]  # fmt: skip
    names = ACTORS.drop(columns="in_prose")
    assert actor_table(names).set_index("actor").at["UN", "in_prose"] == "United Nations"


def test_the_shipped_table_is_sorted_and_its_dates_are_in_order():
    entries = tomllib.loads((data_folder() / "actors.toml").read_text(encoding="utf-8"))["actor"]
    keys = [
        (TYPES.index(e["type"]), e.get("state", e["id"]), edtf_bounds(e["from"])[0] if "from" in e else "")
        for e in entries
    ]
    assert all(one <= other for one, other in pairwise(keys))
    assert all(e["office"] and e["state"] and e["from"] for e in entries if e["type"] == "leader")
    table = actor_table(ACTORS)
    ended = table[table["to"] != ""]
    assert (
        ended["from"].map(lambda d: edtf_bounds(d)[0]) <= ended["to"].map(lambda d: edtf_bounds(d)[1])
    ).all()


# ---- actors of one's own ----

EXTRA = """
extends = true
[[actor]]
id = "UNESCO"
type = "organisation"
name = "UNESCO"
[[actor]]
id = "CHN"
type = "state"
name = "China"
names = ["Middle Kingdom"]
"""


def test_a_file_that_extends_adds_actors_and_replaces_those_of_the_same_id(tmp_path):
    actors = read_actors(write(tmp_path, EXTRA))
    text = "UNESCO praised the Middle Kingdom and Iran, not the PRC."
    assert mentions(text, actors=actors)["actor"].tolist() == ["UNESCO", "CHN", "IRN"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('extends = "yes"', "extends = 'yes'; expected true or false"),
        (
            'extends = true\n[[actor]]\nid = "X"\ntype = "state"\nname = "Persia"\nnames = ["Iran"]',
            "alias 'Iran' belongs to 'IRN' and 'X'; keep it in one of them",
        ),
        ("extend = true", "unknown key 'extend'; did you mean 'extends'"),
    ],
)
def test_a_wrong_extension_is_named_with_its_entry(tmp_path, text, message):
    with pytest.raises(SCONotesError, match=rf"^mine\.toml.*{message}"):
        read_actors(write(tmp_path, text))


def test_a_corpus_folder_brings_its_own_actors(tmp_path):
    (tmp_path / "a.txt").write_text("UNESCO thanked Kazakhstan.", encoding="utf-8")
    assert load(tmp_path).mentions["actor"].tolist() == ["KAZ"]
    (tmp_path / "actors.toml").write_text(EXTRA, encoding="utf-8")
    study = load(tmp_path)
    assert study.mentions["actor"].tolist() == ["UNESCO", "KAZ"]
    assert "UNESCO" in set(study.actors["actor"])
    (tmp_path / "actors.toml").write_text(EXTRA.replace("id =", "ids ="), encoding="utf-8")
    with pytest.raises(SCONotesError, match=r"actors\.toml, actor number 1: no id"):
        load(tmp_path)


def test_self_mentions_are_of_the_speakers_state_and_its_leaders():
    table = pd.DataFrame({"actor": ["KAZ", "TOKAYEV", "SCO", "XI-JINPING"], "country": "KAZ"})
    assert self_mentions(table).tolist() == [True, True, False, False]
    assert not self_mentions(table.drop(columns="country")).any()
    assert self_mentions(table.assign(self_mention=[False, False, True, False])).tolist() == [
        False,
        False,
        True,
        False,
    ]
