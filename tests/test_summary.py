"""Scored mentions to estimates per actor: known answers, what is kept apart, how sure."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t, ttest_1samp, ttest_ind, ttest_rel

import sco_notes as sn
from sco_notes.charts import alternative_text
from sco_notes.sentiment import compare_tone, describe_difference
from sco_notes.sentiment.estimates import q_values
from sco_notes.sentiment.summary import describe_verdicts
from sco_notes.sentiment.tone import compare_within_speakers
from sco_notes.tables import scored as scored_mentions


def scored(values_by_document, actor="SCO"):
    rows = [
        {"actor": actor, "doc_id": doc, "sentence": i, "valence": value}
        for doc, values in values_by_document.items()
        for i, value in enumerate(values)
    ]
    return pd.DataFrame(rows)


def test_few_sentences_get_no_interval_but_their_values():
    row = sn.summarise_actors(scored({"a": [0.5, -0.25]})).iloc[0]
    assert (row["n"], row["n_documents"], row["mean"], row["interval"]) == (2, 1, 0.125, "none")
    assert row["singles"] == "+0.50; -0.25" and row["verdict"] == "too few" and np.isnan(row["low"])


def test_interval_is_over_sentences_below_ten_documents_and_over_documents_from_ten_on():
    nine = sn.summarise_actors(scored({f"d{i}": [0.1 * i, 0.2] for i in range(9)})).iloc[0]
    ten = sn.summarise_actors(scored({f"d{i}": [0.1 * i, 0.2] for i in range(10)})).iloc[0]
    assert (nine["interval"], ten["interval"]) == ("sentences", "documents")
    assert ten["low"] < ten["mean"] < ten["high"]


def test_equal_values_have_no_interval_rather_than_one_of_no_width():
    row = sn.summarise_actors(scored({"a": [0.0] * 8})).iloc[0]
    assert row["interval"] == "none" and row["mean"] == 0


def test_sentences_of_one_document_do_not_pass_for_independent():
    rng = np.random.default_rng(1)
    level = rng.normal(0, 0.3, 12)
    clustered = sn.summarise_actors(scored({f"d{i}": level[i] + rng.normal(0, 0.01, 20) for i in range(12)}))
    spread = sn.summarise_actors(scored({f"d{i}": rng.normal(0, 0.3, 20) for i in range(12)}))
    width = lambda table: (table["high"] - table["low"]).iloc[0]  # noqa: E731
    assert width(clustered) > 2 * width(spread)


def test_a_sentence_that_names_an_actor_twice_counts_once_and_groups_are_kept_apart():
    rows = pd.concat([scored({"a": [0.5]})] * 2).assign(country="KAZ")
    other = scored({"b": [0.1]}).assign(country="CHN")
    table = sn.summarise_actors(pd.concat([rows, other]), by="country")
    assert table[["country", "actor", "n"]].values.tolist() == [["CHN", "SCO", 1], ["KAZ", "SCO", 1]]


def test_summary_does_not_depend_on_the_order_of_rows():
    rows = scored({f"d{i}": [0.1 * i, -0.3] for i in range(11)})
    assert sn.summarise_actors(rows).equals(sn.summarise_actors(rows.sample(frac=1, random_state=3)))


def test_the_interval_over_sentences_is_students_t():
    values = [0.1, 0.5, -0.2, 0.4, 0.0, 0.3]
    row = sn.summarise_actors(scored({"a": values})).iloc[0]
    expected = ttest_1samp(values, 0).confidence_interval()
    assert (row["low"], row["high"]) == pytest.approx((expected.low, expected.high))
    # By hand: the mean of six, and the middle of 0.1 and 0.3.
    assert (row["mean"], row["median"]) == pytest.approx((1.1 / 6, 0.2))


def test_shares_of_labels_add_up_and_a_sentence_counts_once():
    rows = scored({"a": [0.5, 0.0, -0.5, 0.5]})
    rows["label"] = ["positive", "neutral", "negative", "positive"]
    row = sn.summarise_actors(pd.concat([rows, rows.head(1)])).iloc[0]
    assert row[["n", "positive", "neutral", "negative"]].tolist() == [4, 0.5, 0.25, 0.25]


def test_two_values_for_one_actor_in_a_sentence_count_as_their_mean():
    rows = scored({"a": [0.2, 0.4]})
    row = sn.summarise_actors(pd.concat([rows, rows.assign(valence=[0.6, 0.4])])).iloc[0]
    assert (row["n"], row["mean"]) == (2, pytest.approx(0.4))


def test_what_the_own_state_says_is_kept_apart():
    rows = scored({"a": [0.9, 0.8], "b": [0.1]}, "KAZ").assign(country=["KAZ", "KAZ", "CHN"])
    leader = scored({"c": [0.7]}, "TOKAYEV").assign(country="KAZ")
    table = sn.summarise_actors(pd.concat([rows, leader])).set_index("actor")
    assert table.loc["KAZ", ["n", "mean", "n_own", "mean_own"]].tolist() == [1, 0.1, 2, pytest.approx(0.85)]
    assert table.loc["TOKAYEV", ["n", "n_own", "mean_own"]].tolist() == [0, 1, 0.7]
    # The baseline is what is said of others.
    assert (table["baseline"] == 0.1).all()


def test_an_actor_that_is_not_mentioned_has_a_row_with_n_0():
    table = sn.summarise_actors(scored({"a": [0.1] * 6}), actors=["SCO", "NATO"])
    assert table[["actor", "n", "interval"]].values.tolist() == [["SCO", 6, "none"], ["NATO", 0, "none"]]
    assert table["mean"].isna().tolist() == [False, True]
    ax = sn.plot_actors(table)
    assert "NATO  (n = 0) no mentions" in alternative_text(ax)
    empty = scored({"a": [0.1]}).head(0)
    assert sn.summarise_actors(empty, actors=["NATO"])["n"].tolist() == [0]
    assert sn.summarise_actors(empty).empty


def test_difference_from_the_baseline_with_its_q_value():
    rng = np.random.default_rng(0)
    warm = scored({f"d{i}": rng.normal(0.4, 0.1, 3) for i in range(30)}, "WARM")
    rest = [scored({f"d{i}": rng.normal(0, 0.1, 3) for i in range(30)}, name) for name in "ABC"]
    table = sn.summarise_actors(pd.concat([warm, *rest])).set_index("actor")
    assert table["difference"].to_dict() == pytest.approx((table["mean"] - table["baseline"]).to_dict())
    assert table.loc["WARM", "q_value"] < 0.001 and table.loc["WARM", "verdict"] == "warmer"
    assert set(table["verdict"]) == {"warmer", "cooler"}
    assert (table["q_value"] >= table["p_value"]).all()


def test_q_values_are_those_of_a_published_example():
    # Benjamini and Hochberg (1995), section 3.2: the first four of fifteen are significant at 0.05.
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719,
         0.6528, 0.7590, 1.0]  # fmt: skip
    q = q_values(pd.Series([*p, np.nan]))
    assert (q < 0.05).sum() == 4 and q.isna().sum() == 1


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(st.floats(-1, 1), min_size=1, max_size=4), min_size=1, max_size=14))
def test_every_interval_holds_its_mean_and_lies_on_the_scale(documents):
    row = sn.summarise_actors(scored({f"d{i:02}": values for i, values in enumerate(documents)})).iloc[0]
    assert row["n"] == sum(map(len, documents)) and row["n_documents"] == len(documents)
    if row["interval"] == "none":
        assert np.isnan(row["low"]) and np.isnan(row["high"])
    else:
        assert -1 <= row["low"] <= row["mean"] <= row["high"] <= 1


def test_the_interval_covers_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(5)
    held = []
    for _ in range(250):
        documents = [rng.normal(0.2, 0.1) + rng.normal(0, 0.15, rng.integers(1, 6)) for _ in range(12)]
        row = sn.summarise_actors(scored({f"d{i:02}": values for i, values in enumerate(documents)})).iloc[0]
        held.append(row["low"] <= 0.2 <= row["high"])
    assert 0.92 <= np.mean(held) <= 0.98


def test_missing_columns_are_named():
    with pytest.raises(sn.SCONotesError, match="no column 'valence'"):
        sn.summarise_actors(scored({"a": [0.1]}).drop(columns="valence"))
    with pytest.raises(sn.SCONotesError, match="no column 'speaker'"):
        sn.summarise_actors(scored({"a": [0.1]}), by="speaker")


def test_sentiment_of_another_language_is_refused_but_terms_and_names_are_not(tmp_path):
    (tmp_path / "ru.txt").write_text("Саммит прошёл. Kazakhstan приветствовал решение.", encoding="utf-8")
    (tmp_path / "en.txt").write_text("Iran welcomed the good news.", encoding="utf-8")
    study = sn.load(tmp_path)
    with pytest.raises(
        sn.SCONotesError, match=r"document 'ru' .* letters are Latin\): no sentiment, .* leave it out"
    ):
        sn.score_sentences(study.documents)
    marked = sn.score_mentions(study.documents, study.mentions)
    assert marked["valence"].isna().tolist() == [False, True]
    assert study.sentences["valence"].isna().tolist() == [False, True, True]
    found = scored_mentions(study, "vader")
    assert found[["actor", "label"]].isna().values.tolist() == [[False, False], [False, True]]
    assert sn.summarise_actors(found)["actor"].tolist() == ["IRN"]
    assert {"good", "саммит"} <= set(study.terms["term"])


def rows_of(*verdicts):
    actors = [f"A{i}" for i in range(len(verdicts))]
    return pd.DataFrame({"actor": actors, "n": 12, "low": 0.0, "interval": "documents", "verdict": verdicts})


@pytest.mark.parametrize(
    ("verdicts", "statement"),
    [
        ([], "No actor is named in enough sentences to say anything about tone."),
        (["not told apart"], "The one actor with enough sentences cannot be told apart from the baseline."),
        (
            ["not told apart"] * 3,
            "None of 3 actors with enough sentences can be told apart from the baseline.",
        ),
        (
            ["cooler"],
            "A0 is spoken of more coolly than the baseline, none more warmly.",
        ),
        (
            ["warmer", "warmer", "cooler", "not told apart", "not told apart"],
            "A0 and A1 are spoken of more warmly than the baseline, A2 more coolly; the 2 other actors of 5 "
            "sentences or more cannot be told apart from it.",
        ),
    ],
)
def test_verdicts_in_a_sentence(verdicts, statement):
    assert describe_verdicts(rows_of(*verdicts), {}) == statement


def test_a_corpus_in_which_all_is_neutral_says_so():
    table = sn.summarise_actors(scored({f"d{i}": [0.0] for i in range(12)}))
    assert table[["mean", "interval", "verdict"]].values.tolist() == [[0.0, "none", "not told apart"]]
    ax = sn.plot_actors(table)
    assert "every mean is 0" in ax.figure._supxlabel.get_text()
    assert "+0.00 (no interval)" in alternative_text(ax)


def test_one_document_has_intervals_over_its_sentences_only():
    row = sn.summarise_actors(scored({"a": [0.1, 0.2, 0.3, 0.1, 0.2]})).iloc[0]
    assert (row["n_documents"], row["interval"]) == (1, "sentences")


def test_each_group_has_its_own_baseline():
    rows = [scored({"a": [0.8] * 5 + [0.7]}, "X").assign(country="KAZ"),
            scored({"b": [-0.8] * 5 + [-0.7]}, "X").assign(country="IRN"),
            scored({"b": [0.0] * 6}, "Y").assign(country="IRN")]  # fmt: skip
    table = sn.summarise_actors(pd.concat(rows), by="country", actors=["X"])
    assert table["country"].tolist() == ["IRN", "KAZ"]
    assert table["baseline"].tolist() == pytest.approx([-4.7 / 12, 4.7 / 6])
    assert table["difference"].tolist() == pytest.approx([-4.7 / 12, 0.0])


# ---- the baseline in which each actor counts once ----------------------------------------------------------


def test_the_mean_of_the_actors_means_by_hand():
    # X 0.1 twenty times, Y 0.5 five times, Z 0.9 four times: too few to be part of the baseline.
    rows = pd.concat(
        [scored({"a": [0.1] * 20}, "X"), scored({"b": [0.5] * 5}, "Y"), scored({"b": [0.9] * 4}, "Z")]
    )
    table = sn.summarise_actors(rows, baseline="actors").set_index("actor")
    assert table["baseline"].tolist() == pytest.approx([0.3] * 3)
    assert table["difference"].to_dict() == pytest.approx({"X": -0.2, "Y": 0.2, "Z": 0.6})
    assert sn.summarise_actors(rows)["baseline"].tolist() == pytest.approx([8.1 / 29] * 3)


def test_the_jackknife_of_that_baseline_is_the_one_done_by_hand():
    rng = np.random.default_rng(4)
    documents = {name: rng.integers(0, 15, 40) for name in "XYZ"}
    rows = pd.concat(
        scored({f"d{doc:02}": rng.uniform(-0.3, 0.3, (found == doc).sum()) for doc in set(found)}, name)
        for name, found in documents.items()
    )
    row = sn.summarise_actors(rows, baseline="actors").set_index("actor").loc["X"]

    def difference(part):
        means = part.groupby("actor")["valence"].mean()
        return means["X"] - means.mean()

    without = np.array([difference(rows[rows["doc_id"] != doc]) for doc in rows["doc_id"].unique()])
    n = rows[rows["actor"] == "X"]["doc_id"].value_counts()
    error = np.sqrt((len(without) - 1) / len(without) * ((without - without.mean()) ** 2).sum())
    degrees = n.sum() ** 2 / (n**2).sum() - 1
    assert row["difference"] == pytest.approx(difference(rows))
    assert row["p_value"] == pytest.approx(2 * t.sf(abs(difference(rows)) / error, degrees))


def test_an_actor_of_one_document_is_no_part_of_the_baseline_without_it():
    rows = pd.concat(
        [scored({f"d{i}": [0.1 * i, 0.2] for i in range(10)}, "X"), scored({"d0": [0.5, 0.6] * 3}, "Y")]
    )
    row = sn.summarise_actors(rows, baseline="actors").set_index("actor").loc["X"]
    assert 0 < row["p_value"] < 1


def test_each_group_has_its_own_baseline_of_actors():
    rows = pd.concat(
        [scored({"a": [value] * 5}, name).assign(country=country)
         for country, name, value in [("KAZ", "X", 0.2), ("KAZ", "Y", 0.4), ("IRN", "X", -0.2)]]
    )  # fmt: skip
    table = sn.summarise_actors(rows, by="country", baseline="actors")
    assert table["baseline"].tolist() == pytest.approx([-0.2, 0.3, 0.3])


@pytest.mark.parametrize("kind", ["sentences", "actors"])
def test_where_no_actor_differs_one_test_in_twenty_says_so(kind):
    rng = np.random.default_rng(7)
    p_values = []
    for _ in range(60):
        tone = rng.normal(0, 0.15, 25)  # of a document, towards everybody
        actor = rng.choice(list("ABCDEF"), size=(25, 8), p=[0.5, 0.1, 0.1, 0.1, 0.1, 0.1])
        rows = pd.DataFrame({
            "actor": actor.ravel(), "doc_id": np.repeat(np.arange(25), 8),
            "sentence": np.tile(np.arange(8), 25),
            "valence": np.clip(np.repeat(tone, 8) + rng.normal(0, 0.2, 200), -1, 1),
        })  # fmt: skip
        p_values += sn.summarise_actors(rows, baseline=kind)["p_value"].dropna().tolist()
    assert len(p_values) > 300 and 0.02 <= np.mean(np.array(p_values) < 0.05) <= 0.08


# ---- two groups of mentions side by side -------------------------------------------------------------------


def two_groups(one, other):
    rows = pd.concat([scored(one, "X"), scored(other, "Y")], ignore_index=True)
    return rows, rows["actor"] == "X", rows["actor"] == "Y"


def test_two_actors_in_the_same_documents_are_compared_as_pairs():
    rng = np.random.default_rng(2)
    x, y = rng.uniform(-0.5, 0.5, (2, 12))
    found = compare_tone(*two_groups(*({f"d{i}": [value] for i, value in enumerate(z)} for z in (x, y))))
    expected = ttest_rel(x, y)
    assert (found.low, found.high) == pytest.approx(tuple(expected.confidence_interval()))
    assert found.p_value == pytest.approx(expected.pvalue) and found.difference == pytest.approx(
        (x - y).mean()
    )
    assert (found.interval, found.n_units, found.n, found.n_other) == ("documents", 12, 12, 12)


def test_two_decades_are_compared_as_strangers():
    rng = np.random.default_rng(3)
    x, y = rng.uniform(-0.5, 0.5, 11), rng.uniform(-0.2, 0.4, 30)
    found = compare_tone(
        *two_groups({f"a{i}": [v] for i, v in enumerate(x)}, {f"b{i}": [v] for i, v in enumerate(y)})
    )
    error = np.sqrt(x.var(ddof=1) / 11 + y.var(ddof=1) / 30)  # Welch's
    expected = ttest_ind(x, y, equal_var=False)
    assert (found.high - found.difference) / error == pytest.approx(t.ppf(0.975, expected.df), rel=0.02)
    assert found.p_value == pytest.approx(expected.pvalue, abs=0.01)


def test_intervals_may_overlap_where_a_test_tells_two_apart():
    level = np.linspace(-0.5, 0.4, 12)
    noise = 0.01 * (-1) ** np.arange(12)
    rows, one, other = two_groups(
        {f"d{i}": [v + 0.1] for i, v in enumerate(level)},
        {f"d{i}": [v + noise[i]] for i, v in enumerate(level)},
    )
    first, second = (row for _, row in sn.summarise_actors(rows).sort_values("actor").iterrows())
    assert first["low"] < second["high"]
    assert describe_difference(compare_tone(rows, one, other)) == "warmer than"
    assert describe_difference(compare_tone(rows, other, one)) == "cooler than"


def test_within_speakers_no_talkative_one_decides():
    # IND names X 50 times coolly; each speaker counts once. Differences by hand: -0.6, 0.2, 0.4, 0.4.
    of = {"IND": (-0.5, 0.1, 50), "KAZ": (0.3, 0.1, 5), "UZB": (0.6, 0.2, 5), "KGZ": (0.4, 0.0, 6)}
    rows = pd.concat(
        [scored({f"{country}{i}": [value] for i in range(n)}, actor).assign(country=country)
         for country, (x, y, n) in of.items() for actor, value in (("X", x), ("Y", y))]
        + [scored({"CHN": [0.9] * 4}, "X").assign(country="CHN")],  # too few
        ignore_index=True,
    )  # fmt: skip
    found = compare_tone(rows, rows["actor"] == "X", rows["actor"] == "Y", within="country")
    expected = ttest_1samp([-0.6, 0.2, 0.4, 0.4], 0)
    assert found.difference == pytest.approx(0.1) and found.p_value == pytest.approx(expected.pvalue)
    assert (found.interval, found.n_units, found.n, found.n_other) == ("country", 4, 66, 66)
    assert found.mean - found.mean_other == pytest.approx(0.1)


def test_self_mentions_and_missing_valences_are_no_part_of_a_comparison():
    rows, one, other = two_groups({"a": [0.1, 0.2, None]}, {"b": [0.3]})
    found = compare_tone(rows.assign(self_mention=[True, False, False, False]), one, other)
    assert (found.n, found.mean, found.interval) == (1, 0.2, "none") and np.isnan(found.low)
    assert describe_difference(found) == "not to be compared with"
    assert compare_tone(rows, one & False, other).n == 0


@pytest.mark.parametrize(
    ("one", "message"),
    [
        (lambda rows: "X", "one: true or false for each of the 4 rows"),
        (lambda rows: rows["actor"], "one: true or false .* not Series of"),
        (lambda rows: (rows["actor"] == "X")[:2], "one: true or false"),
        (lambda rows: (rows["actor"] == "X").set_axis(list("abcd")), "one: its index is not that"),
        (lambda rows: rows["actor"] != "Z", "row 3 is in both groups"),
    ],
)
def test_what_chooses_no_group_is_refused(one, message):
    rows, _, other = two_groups({"a": [0.1, 0.2]}, {"b": [0.3, 0.4]})
    with pytest.raises(sn.SCONotesError, match=message):
        compare_tone(rows, one(rows), other)


# ---- what cannot be summarised -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "options", "message"),
    [
        ({"valence": ["0.1", "0.2"]}, {}, "row 1: valence is '0.1'; a number from -1 to 1"),
        ({"valence": [0.1, 1.5]}, {}, "row 2: valence is .*1.5.*; a number from -1 to 1"),
        ({"valence": [0.1, np.inf]}, {}, "row 2: valence is .*inf"),
        ({"doc_id": ["a", None]}, {}, "row 2: doc_id is missing"),
        ({"sentence": [np.nan, 1]}, {}, "row 1: sentence is missing"),
        ({"actor": ["A", None]}, {}, "row 2: actor is missing"),
        ({"self_mention": ["no", "yes"]}, {}, "row 1: self_mention is 'no'; True or False"),
        ({"self_mention": [True, None]}, {}, "row 2: self_mention is None"),
        ({}, {"by": "actor"}, "by = 'actor': the name of one column"),
        ({}, {"by": ["doc_id"]}, r"by = \['doc_id'\]: the name of one column"),
        ({}, {"baseline": "actor"}, "baseline = 'actor': .*did you mean 'actors'"),
    ],
)
def test_what_cannot_be_summarised_is_named(changed, options, message):
    with pytest.raises(sn.SCONotesError, match=message):
        sn.summarise_actors(scored({"a": [0.1, 0.2]}).assign(**changed), **options)


def test_one_actor_may_be_given_by_its_id():
    rows = scored({"a": [0.1] * 6}, "CHN")
    assert sn.summarise_actors(rows, actors="CHN").equals(sn.summarise_actors(rows, actors=["CHN"]))


def test_a_corpus_without_any_tone_is_not_called_too_small():
    table = sn.summarise_actors(scored({f"d{i}": [0.0] for i in range(12)}))
    assert "has the same tone in all of them" in describe_verdicts(table, {})


def test_verdicts_on_few_documents_are_of_these_texts_only():
    rows = rows_of("warmer", "cooler", "not told apart").assign(
        interval=["sentences", "documents", "sentences"]
    )
    assert describe_verdicts(rows, {}).endswith(
        " In fewer than 10 documents, so this holds for these texts only: A0."
    )


def said(tones, speakers="ABCDEF", n=5):
    """Mentions in which each speaker is `tones` of each actor, and a little more or less by its own level."""
    rows = [
        (actor, speaker, f"{speaker}{i}", tone + 0.1 * number + 0.02 * (number % 3) * (actor == "X"))
        for actor, tone in tones.items()
        for number, speaker in enumerate(speakers)
        for i in range(n)
    ]
    table = pd.DataFrame(rows, columns=["actor", "country", "doc_id", "valence"])
    return table.assign(sentence=table.groupby(["country", "actor"]).cumcount())


def test_within_speakers_the_own_level_is_taken_out():
    table = compare_within_speakers(said({"X": 0.3, "Y": 0.0, "Z": -0.1})).set_index("actor")
    # By hand: 0.3 - (0 - 0.1) / 2 = 0.35, and 0, 0.02 and 0.04, twice each, so 0.37 with a spread of 0.0179.
    assert table.at["X", "difference"] == pytest.approx(0.37)
    half = 2.571 * np.sqrt(6 / 5 * (2 * 0.02**2 + 2 * 0.02**2) / 6) / np.sqrt(6)
    assert table.at["X", "high"] - table.at["X", "difference"] == pytest.approx(half, abs=1e-4)
    assert table.at["X", "verdict"] == "warmer" and table.at["Z", "verdict"] == "cooler"


def test_what_one_speaker_says_is_called_so():
    rows = said({"X": 0.3, "Y": 0.0, "Z": -0.1})
    much = pd.concat([rows[(rows["actor"] == "Z") & (rows["country"] == "A")]] * 20)
    much = much.assign(doc_id=[f"m{i}" for i in range(len(much))])
    table = compare_within_speakers(pd.concat([rows, much], ignore_index=True)).set_index("actor")
    assert table.at["Z", "verdict"] == "one speaker" and table.at["Z", "speaker"] == "A"
    assert table.at["Z", "share"] == pytest.approx(105 / 130)
    few = compare_within_speakers(said({"X": 0.3, "Y": 0.0}, "ABCD"))
    assert few["verdict"].tolist() == ["few speakers"] * 2 and few["low"].isna().all()
    two = compare_within_speakers(said({"X": 0.3, "Y": 0.0}, "AB"))
    assert two["verdict"].tolist() == ["one speaker"] * 2
    nobody = compare_within_speakers(rows.assign(country=""))
    assert nobody.empty
