"""Scored mentions to estimates per actor: known answers, what is kept apart, how sure."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import ttest_1samp

import sco_notes as sn
from sco_notes.sentiment.estimates import q_values
from sco_notes.sentiment.statements import state_difference, state_rank, state_verdicts
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
    assert "NATO  (n = 0) no mentions" in sn.alternative_text(ax)
    empty = scored({"a": [0.1]}).head(0)
    assert sn.summarise_actors(empty, actors=["NATO"])["n"].tolist() == [0]
    assert sn.summarise_actors(empty).empty


def test_difference_from_the_baseline_with_its_q_value():
    rng = np.random.default_rng(0)
    warm = scored({f"d{i}": rng.normal(0.6, 0.2, 3) for i in range(30)}, "WARM")
    rest = [scored({f"d{i}": rng.normal(0, 0.2, 3) for i in range(30)}, name) for name in "ABC"]
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
        documents = [rng.normal(0.2, 0.2) + rng.normal(0, 0.3, rng.integers(1, 6)) for _ in range(12)]
        row = sn.summarise_actors(scored({f"d{i:02}": values for i, values in enumerate(documents)})).iloc[0]
        held.append(row["low"] <= 0.2 <= row["high"])
    assert 0.92 <= np.mean(held) <= 0.98


def test_missing_columns_are_named():
    with pytest.raises(sn.SCONotesError, match="no column 'valence'"):
        sn.summarise_actors(scored({"a": [0.1]}).drop(columns="valence"))
    with pytest.raises(sn.SCONotesError, match="no column 'speaker'"):
        sn.summarise_actors(scored({"a": [0.1]}), by="speaker")


def test_side_by_side_charts_keep_the_order_of_the_first():
    first = sn.summarise_actors(pd.concat([scored({"a": [0.1] * 6}, "X"), scored({"a": [0.2] * 7}, "Y")]))
    ax = sn.plot_scorers({"one": first, "two": first.iloc[::-1]})
    assert [label.get_text() for label in ax.get_yticklabels()] == ["X  (n = 6)", "Y  (n = 7)"]
    assert "one: Y +0.20" in sn.alternative_text(ax) and "two: Y +0.20" in sn.alternative_text(ax)
    with pytest.raises(sn.SCONotesError, match="no scorer"):
        sn.plot_scorers({})


def test_sentiment_of_another_language_is_refused_but_terms_and_names_are_not(tmp_path):
    (tmp_path / "ru.txt").write_text("Саммит прошёл. Kazakhstan приветствовал решение.", encoding="utf-8")
    (tmp_path / "en.txt").write_text("Iran welcomed the good news.", encoding="utf-8")
    study = sn.load(tmp_path)
    with pytest.raises(
        sn.SCONotesError, match=r"document 'ru': no sentiment, .* letters are Latin; leave it out"
    ):
        sn.score_sentences(study.documents)
    with pytest.raises(sn.SCONotesError, match="document 'ru': no sentiment"):
        sn.score_mentions(study.documents, study.mentions)
    assert study.sentences["valence"].isna().tolist() == [False, True, True]
    found = scored_mentions(study, "vader")
    assert found[["actor", "label"]].isna().values.tolist() == [[False, False], [False, True]]
    assert sn.summarise_actors(found)["actor"].tolist() == ["IRN"]
    assert {"good", "саммит"} <= set(study.terms["term"])


def rows_of(*verdicts):
    return pd.DataFrame({"actor": [f"A{i}" for i in range(len(verdicts))], "low": 0.0, "verdict": verdicts})


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
            "Of 1 actor with enough sentences, none are spoken of more warmly than the baseline, "
            "1 more coolly (A0).",
        ),
        (
            ["warmer", "warmer", "cooler", "not told apart", "not told apart"],
            "Of 5 actors with enough sentences, 2 are spoken of more warmly than the baseline (A0 and A1), "
            "1 more coolly (A2); the others cannot be told apart from it.",
        ),
    ],
)
def test_verdicts_in_a_sentence(verdicts, statement):
    assert state_verdicts(rows_of(*verdicts), {}) == statement


def test_no_ranking_where_intervals_overlap():
    table = pd.DataFrame({"actor": ["A", "B"], "mean": [0.5, 0.1], "low": [0.4, 0.0], "high": [0.6, 0.45]})
    assert "cannot be told apart from Bee" in state_rank(table, {"B": "Bee"})
    assert "lies above all the others" in state_rank(table.assign(high=[0.6, 0.2]), {})
    assert state_rank(table.head(1), {}) == ""
    first, second = table.iloc[0], table.assign(high=[0.6, 0.2]).iloc[1]
    assert state_difference(first, second) == "warmer than"
    assert state_difference(second, first) == "cooler than"
    assert state_difference(first, table.iloc[1]) == "not to be told apart from"


def test_a_corpus_in_which_all_is_neutral_says_so():
    table = sn.summarise_actors(scored({f"d{i}": [0.0] for i in range(12)}))
    assert table[["mean", "interval", "verdict"]].values.tolist() == [[0.0, "none", "not told apart"]]
    ax = sn.plot_actors(table)
    assert "every mean is 0" in ax.figure._supxlabel.get_text()
    assert "+0.00 (no interval)" in sn.alternative_text(ax)


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
