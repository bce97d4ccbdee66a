"""Scorers: VADER as NLTK has it, the linear scorer; explanations."""

import shutil
import time

import nltk
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.sentiment.vader import SentimentIntensityAnalyzer, VaderConstants

import sco_notes as sn
from sco_notes.corpus import normalise
from sco_notes.files import data_folder
from sco_notes.sentiment import Score, Scorer, explain_mentions, vader
from sco_notes.sentiment.clauses import PATTERNS
from sco_notes.sentiment.clauses import WORDS as LISTS

SCORERS = ["vader", "linear"]


def docs(*texts):
    return pd.DataFrame({"doc_id": [f"d{i}" for i in range(len(texts))], "text": texts})


def mention(text, name):
    start = text.index(name)
    return pd.DataFrame({"doc_id": ["d0"], "start": [start], "end": [start + len(name)]})


def score(text, name, scorer):
    """The row of scores of one name in one text."""
    return sn.score_mentions(docs(text), mention(text, name), scorer).iloc[0]


def valence(text, name, scorer):
    return score(text, name, scorer)["valence"]


# ---- vader -------------------------------------------------------------------------------------------------

SENTENCES = [
    "The talks were not good, but the agreement is a GREAT success!!!",
    "No progress was made and no one was happy?",
    "It was kind of a disaster :( yet the least bad of all.",
    "Never so hopeful: they cut the mustard, without doubt.",
    "The kiss of death, yeah right!? NOT the bomb.",
    "This isn’t good, «peace» is.",
    "Good and good again, not good.",
    "Uneventful.",
    "",
]
LISTED = [*list(vader.lexicon())[::60], *VaderConstants.BOOSTER_DICT, *VaderConstants.NEGATE]
LISTED += "but least at very so this doubt or nor no kind of x the ? ! cut mustard".split()


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    """NLTK's analyser as NLTK's users make it, with the lexicon in a folder of nltk.data.path."""
    folder = tmp_path_factory.mktemp("nltk_data")
    (folder / "sentiment").mkdir()
    shutil.copy(data_folder() / "vader_lexicon.txt", folder / "sentiment")
    folder.chmod(0o700), (folder / "sentiment").chmod(0o700)
    (folder / "sentiment" / "vader_lexicon.txt").chmod(0o600)
    nltk.data.path.insert(0, str(folder))
    yield SentimentIntensityAnalyzer("sentiment/vader_lexicon.txt")
    nltk.data.path.remove(str(folder))


@pytest.mark.parametrize("sentence", SENTENCES)
def test_vader_is_nltks(reference, sentence):
    assert vader.score_sentence(sentence).valence == reference.polarity_scores(sentence)["compound"]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(LISTED),
            st.sampled_from([str, str.upper, str.title]),
            st.sampled_from(["", ",", "!"]),
        ),
        max_size=15,
    )
)
def test_vader_is_nltks_for_any_order_of_words_and_its_words_sum_to_it(reference, choices):
    sentence = " ".join(change(word) + sign for word, change, sign in choices)
    found = vader.score_sentence(sentence)
    assert found.valence == reference.polarity_scores(sentence)["compound"]
    total = sum(word.value * word.factor for word in found.words)
    assert found.valence == pytest.approx(total / np.sqrt(total**2 + 15), abs=1e-4)
    for word in found.words:
        assert sentence[word.start :].startswith(word.word)


def test_vader_scores_the_whole_sentence_whoever_is_named(reference):
    text = "China praised the success, while Iran saw a threat."
    whole = reference.polarity_scores(text)["compound"]
    assert valence(text, "China", "vader") == valence(text, "Iran", "vader") == whole


def test_sentences_are_scored_with_the_words_that_made_it(reference):
    scored = sn.score_sentences(docs("A great success, not a failure. They met."))
    assert scored["valence"].tolist() == [
        reference.polarity_scores("A great success, not a failure.")["compound"],
        0,
    ]
    assert scored["evidence"].tolist() == ["great +3.1; success +2.7; failure +1.7", ""]


# ---- the word lists ----------------------------------------------------------------------------------------

EXAMPLES = [
    (name, text) for name, entry in LISTS.items() if isinstance(entry, dict)
    for text in entry.get("examples", [])
]  # fmt: skip


@pytest.mark.parametrize(("name", "text"), EXAMPLES)
def test_examples_of_every_pattern(name, text):
    before, found, after = text.split("|")
    match = PATTERNS[name].search(before + found + after)
    assert match and match.span() == (len(before), len(before) + len(found))


def test_every_pattern_has_examples_and_no_word_is_listed_twice():
    for name, entry in LISTS.items():
        if isinstance(entry, dict):
            assert "pattern" not in entry or entry["examples"]
            words = entry.get("words", "").split()
            assert len(set(words)) == len(words), name


# ---- what holds for scorers that look at the target --------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "The United Nations Security Council.",
        "The Ministry of Defence of Kazakhstan.",
        "Prime Minister Narendra Modi of India",
        "The United States of America",
        "Shanghai Cooperation Organization",
    ],
)
def test_a_name_or_a_title_alone_has_no_tone(text):
    documents = docs(text)
    scored = sn.score_mentions(documents, sn.find_mentions(documents), "linear")
    assert len(scored) and scored["valence"].tolist() == [0.0] * len(scored)
    assert set(scored["label"]) == {"neutral"}


def test_another_name_of_the_same_kind_changes_nothing():
    text = "We thank {} for its generous support, although {} criticised the decision."
    values = {
        valence(text.format(one, other), one, "linear")
        for one, other in [
            ("Kazakhstan", "France"),
            ("Uzbekistan", "the United Kingdom"),
            ("the United States", "India"),
            ("the Islamic Republic of Iran", "Great Britain"),
        ]
    }
    assert len(values) == 1 and values.pop() > 0.3


@pytest.mark.parametrize(
    "clause",
    ["bombed the city and killed civilians", "condemned the attack", "made a great contribution to peace"],
)
def test_a_clause_about_another_actor_counts_less_than_half(clause):
    alone = valence("Kazakhstan hosted the talks in April.", "Kazakhstan", "linear")
    own = valence(f"Kazakhstan hosted the talks in April and {clause}.", "Kazakhstan", "linear")
    others = valence(f"Kazakhstan hosted the talks in April, while Belarus {clause}.", "Kazakhstan", "linear")
    turned = valence(f"While Belarus {clause}, Kazakhstan hosted the talks in April.", "Kazakhstan", "linear")
    assert abs(others - alone) < abs(own - alone) / 2
    assert abs(turned - alone) < abs(own - alone) / 2


def test_the_kind_of_quotation_marks_and_apostrophes_changes_nothing():
    text = "China is a «friend of peace» and isn’t hostile."
    same = [text, text.replace("«", '"').replace("»", '"'), text.replace("«", "“").replace("»", "”")]
    same += [text.replace("«", "").replace("»", ""), text.replace("’", "'")]
    assert len({valence(one, "China", "linear") for one in same}) == 1


@pytest.mark.parametrize("scorer", SCORERS)
def test_neither_order_nor_company_of_the_rows_matters(scorer):
    documents = docs(
        "China praised the success of Iran. The United States condemned the attack on Pakistan.",
        "India and Russia want peace, but NATO threatens both.",
    )
    mentions = sn.find_mentions(documents)
    whole = sn.score_mentions(documents, mentions, scorer)
    shuffled = sn.score_mentions(documents[::-1], mentions.sample(frac=1, random_state=1), scorer)
    assert shuffled.sort_values(["doc_id", "start"], ignore_index=True).equals(whole)
    some = mentions.iloc[::2]
    assert sn.score_mentions(documents, some, scorer)["valence"].tolist() == whole["valence"].tolist()[::2]


@pytest.mark.parametrize("scorer", SCORERS)
def test_the_parts_of_a_score_sum_to_it(scorer):
    text = (
        "We strongly condemn the attack by Iran!! But China, which did not threaten anybody, prevented a war."
    )
    documents = docs(text)
    mentions = sn.find_mentions(documents)
    scored = sn.score_mentions(documents, mentions, scorer)
    words = explain_mentions(documents, mentions, scorer)
    raw = words.groupby("start")["part"].sum().reindex(scored["start"], fill_value=0).to_numpy()
    if scorer == "linear":
        expected = np.log(scored["p_positive"] / scored["p_negative"])
        assert raw == pytest.approx(expected.to_numpy())
        assert scored["valence"].tolist() == pytest.approx(
            scored["p_positive"] - scored["p_negative"], abs=1e-4
        )
    else:
        assert raw / np.sqrt(raw**2 + 15) == pytest.approx(scored["valence"].to_numpy(), abs=1e-4)
    for row in words[words["word"].str.isalpha()].itertuples():
        assert text[row.word_start :].lower().startswith(row.word.lower())


@given(st.text(alphabet="aeiou stn.,;:!?()'\"-«»“”’ \U0001f600while Chinagdpr", max_size=80))
@settings(max_examples=40, deadline=None)
def test_any_text_around_a_name_is_scored_within_bounds(text):
    text = normalise(f"Kazakhstan {text}")
    for scorer in SCORERS:
        row = score(text, "Kazakhstan", scorer)
        assert -1 <= row["valence"] <= 1 and row["label"] in {"negative", "neutral", "positive"}


@pytest.mark.parametrize("scorer", SCORERS)
def test_a_sentence_of_8000_words_and_a_neutral_one_are_scored(scorer):
    long = "Kazakhstan " + "made peace with all of them, " * 1400
    assert valence(long, "Kazakhstan", scorer) > 0
    assert score("The talks were held in June in Kazakhstan.", "Kazakhstan", scorer)["label"] == "neutral"


# ---- linear ------------------------------------------------------------------------------------------------


def test_time_grows_with_the_length_of_a_sentence():
    sentence = "Kazakhstan praised China and condemned Iran for war while India made peace "

    def seconds(n):
        documents = docs(sentence * n)
        mentions = sn.find_mentions(documents)
        start = time.process_time()
        sn.score_mentions(documents, mentions, "linear")
        return time.process_time() - start

    seconds(40)  # what is read once is read
    assert seconds(640) < 40 * seconds(80) + 0.1


def test_titles_have_a_reason_each_and_none_is_there_twice():
    rows = pd.read_csv(data_folder() / "register.csv")
    assert rows.columns.tolist() == ["words", "reason"] and rows["reason"].str.len().min() > 3
    words = rows["words"].str.split("; ").explode()
    assert words.is_unique and (words == words.str.lower()).all()


def test_linear_gives_probabilities_and_the_label_of_the_largest():
    row = score("Voters admire Kazakhstan for its brave and honest work.", "Kazakhstan", "linear")
    probabilities = row[["p_negative", "p_neutral", "p_positive"]].astype(float)
    assert (
        probabilities.sum() == pytest.approx(1) and row["label"] == "positive" == probabilities.idxmax()[2:]
    )


def test_linear_tells_apart_who_does_and_who_suffers():
    text = "Belarus attacked Kazakhstan."
    assert valence(text, "Belarus", "linear") < valence(text, "Kazakhstan", "linear")


def test_linear_counts_a_word_less_for_every_name_between():
    parts = []
    for place in ("home", "Belarus"):
        text = f"Kazakhstan met them at {place} for condemned acts."
        words = explain_mentions(docs(text), mention(text, "Kazakhstan"), "linear")
        is_own = (words["word"] == "condemned") & words["why"].eq("6 words after")
        parts.append(words.loc[is_own, "part"].item())
    assert 0 < parts[1] / parts[0] < 0.9


def test_model_file_has_its_columns_and_its_notice():
    model = pd.read_csv(data_folder() / "models" / "linear.csv", keep_default_na=False)
    assert model.columns.tolist() == ["stem", "place", "negative", "positive"]
    assert not model.duplicated(["stem", "place"]).any() and len(model) == 20_001
    assert "Copyright 2020 Felix Hamborg" in (data_folder() / "models" / "NOTICE").read_text(encoding="utf-8")


# ---- frames ------------------------------------------------------------------------------------------------


def test_mentions_get_the_sentence_in_which_they_begin_and_keep_their_columns():
    documents = docs("Kazakhstan was there. China praised the success.")
    by_hand = pd.DataFrame({"doc_id": ["d0", "d0"], "start": [0, 22], "end": [10, 27], "note": ["x", "y"]})
    scored = sn.score_mentions(documents, by_hand)
    added = "sentence valence label scorer p_negative p_neutral p_positive evidence".split()
    assert scored.columns.tolist() == ["doc_id", "start", "end", "note", *added]
    assert scored["sentence"].tolist() == [0, 1] and scored["label"].tolist() == ["neutral", "positive"]
    assert scored["scorer"].unique().tolist() == ["linear 7"]


def test_no_mentions_are_no_error():
    empty = pd.DataFrame({"doc_id": [], "start": [], "end": []})
    assert sn.score_mentions(docs("One sentence."), empty, "linear").empty
    assert explain_mentions(docs("One sentence."), empty).empty


def test_a_mention_of_another_corpus_is_refused():
    with pytest.raises(sn.SCONotesError, match="do the mentions belong to these documents"):
        sn.score_mentions(docs("One sentence."), pd.DataFrame({"doc_id": ["zz"], "start": [0], "end": [1]}))


def test_unknown_scorers_are_refused_with_those_there_are():
    with pytest.raises(sn.SCONotesError, match="unknown scorer 'bert'; known: vader, linear"):
        score("China met.", "China", "bert")


def test_text_that_is_not_english_is_refused():
    text = "La Russie et la Chine ont signé un accord de coopération avec les pays voisins. " * 5
    with pytest.raises(
        sn.SCONotesError, match=r"document 'd0' \(.*\): no sentiment, since the scorers read English only"
    ):
        score(text, "Russie", "linear")


def test_one_text_in_another_language_is_marked_and_the_others_are_scored(caplog):
    french = "La Russie et la Chine ont signé un accord de coopération avec les pays voisins. " * 5
    polls = "SPD 25.7 CDU 24.1 Russia 3.9 Grüne 14.8 " * 20  # no prose: too little to tell its language
    both = docs(french, "China praised the great success.", polls)
    mentions = pd.DataFrame({"doc_id": ["d0", "d1", "d2"], "start": [10, 0, 18], "end": [15, 5, 24]})
    scored = sn.score_mentions(both, mentions)
    assert (
        scored["valence"].isna().tolist() == [True, False, False] and scored["sentence"].tolist() == [0] * 3
    )
    assert scored["label"].isna().tolist() == [True, False, False]
    assert "not scored, since the scorers read English only: document 'd0' (0% of its words" in caplog.text


def test_a_scorer_of_ones_own_is_found_by_its_name(monkeypatch):
    half = Scorer("half 1", lambda targets: [Score(0.5, "positive", []) for _ in targets])
    monkeypatch.setitem(sn.SCORERS, "half", half)
    assert score("China met.", "China", "half")[["valence", "scorer"]].tolist() == [0.5, "half 1"]


# ---- scorers of one's own ----------------------------------------------------------------------------------

NO_SCORES = {
    "too few": (lambda targets: [], "returned 0 scores for 1 mentions"),
    "too many": (lambda targets: [Score(0.0, "neutral", [])] * 2, "returned 2 scores for 1 mentions"),
    "no score": (
        lambda targets: [0.5 for _ in targets],
        r"mention 1: it returned 0\.5; expected a Score",
    ),
    "too much": (lambda targets: [Score(1.5, "positive", [])], r"the valence 1\.5; .* from -1 to 1"),
    "not a number": (lambda targets: [Score(float("nan"), "neutral", [])], "the valence nan"),
    "text": (lambda targets: [Score("0.5", "neutral", [])], r"the valence '0\.5'"),
    "label": (lambda targets: [Score(0.5, "good", [])], "the label 'good'; .*'positive'"),
    "words": (lambda targets: [Score(0.5, "positive", ["good"])], r"the words \['good'\]"),
    "raises": (lambda targets: [1 / 0], r"failed on mentions 1 to 1 \(ZeroDivisionError"),
}


@pytest.mark.parametrize("read", [sn.score_mentions, explain_mentions])
@pytest.mark.parametrize(("function", "message"), NO_SCORES.values(), ids=NO_SCORES)
def test_what_is_no_score_is_an_error_that_names_the_scorer(monkeypatch, read, function, message):
    monkeypatch.setitem(sn.SCORERS, "mine", Scorer("mine 1", function))
    documents = docs("China met.")
    with pytest.raises(sn.SCONotesError, match=f"scorer 'mine 1'.*{message}") as caught:
        read(documents, sn.find_mentions(documents), "mine")
    assert isinstance(caught.value.__cause__, ZeroDivisionError) is ("Zero" in message)


@pytest.mark.parametrize("scorer", [None, 3, len, ["linear"]])
def test_what_names_no_scorer_is_an_error_that_says_what_does(scorer):
    expected = r"unknown scorer .*known: vader, linear.*SCORERS\[name\] = Scorer"
    with pytest.raises(sn.SCONotesError, match=expected):
        score("China met.", "China", scorer)


def test_a_bare_function_among_the_scorers_is_an_error(monkeypatch):
    monkeypatch.setitem(sn.SCORERS, "mine", lambda targets: [])
    with pytest.raises(sn.SCONotesError, match=r"expected a Scorer: .*Scorer\('mine 1', function\)"):
        score("China met.", "China", "mine")


def test_with_actors_of_ones_own_neither_order_nor_company_of_the_rows_matters():
    own = pd.DataFrame({"alias": ["Peace Front", "Victory Party", "War Office"], "actor": ["P", "V", "W"]})
    documents = docs(
        "The Peace Front praised the Victory Party, while the War Office of China condemned the attack.",
        "The War Office thanked the Peace Front for its help. The Victory Party failed.",
    )
    mentions = sn.find_mentions(documents, own)
    whole = sn.score_mentions(documents, mentions, "linear", actors=own)
    shuffled = sn.score_mentions(
        documents[::-1], mentions.sample(frac=1, random_state=1), "linear", actors=own
    )
    assert shuffled.sort_values(["doc_id", "start"], ignore_index=True).equals(whole)
    for i in range(len(mentions)):
        alone = sn.score_mentions(documents, mentions.iloc[[i]], "linear", actors=own)
        assert alone["valence"].tolist() == [whole["valence"][i]]
    # A name has no tone, be it of another actor.
    assert not set(explain_mentions(documents, mentions, "linear", actors=own)["word"]) & {
        "Peace",
        "Victory",
    }


@pytest.mark.parametrize("end", ["\n", "\r\n", "\u2028"])
def test_a_line_wrapped_by_hand_is_read_as_if_it_were_not(end):
    for text in [
        "China{}betrayed its friends.",
        "The attack was against{}China.",
        "The Shanghai{}Cooperation Organisation betrayed its friends.",
    ]:
        wrapped, whole = (docs(text.format(sign)) for sign in (end, " " * len(end)))
        scored = [sn.score_mentions(one, sn.find_mentions(one), "linear") for one in (wrapped, whole)]
        assert scored[0].drop(columns="evidence").equals(scored[1].drop(columns="evidence"))
        assert scored[0]["valence"].tolist() != [0.0]
