"""Who is named with whom: counts by hand, and what chance would give."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sco_notes as sn


def named(*sentences, **columns):
    rows = [("d", i, actor) for i, actors in enumerate(sentences) for actor in actors]
    return pd.DataFrame(rows, columns=["doc_id", "sentence", "actor"]).assign(**columns)


def test_pairs_expected_and_log_ratio_by_hand():
    # Three shared ends of SCO, two of KAZ, one of CHN; products 6, 3 and 2 of 11 share out the three pairs.
    pairs = sn.co_mentions(named(["SCO", "KAZ"], ["KAZ", "SCO"], ["CHN", "SCO"], ["KAZ"]))
    assert pairs[["actor", "other", "n", "n_documents"]].values.tolist() == [
        ["KAZ", "SCO", 2, 1],
        ["CHN", "SCO", 1, 1],
    ]
    assert pairs["expected"].tolist() == pytest.approx([18 / 11, 9 / 11])
    assert pairs["log_ratio"].tolist() == pytest.approx([np.log2(22 / 18), np.log2(11 / 9)])


def test_a_sentence_of_three_has_three_pairs_and_repeats_count_once():
    pairs = sn.co_mentions(named(["SCO", "KAZ", "CHN", "KAZ"]))
    assert pairs[["actor", "other", "n"]].values.tolist() == [
        ["CHN", "KAZ", 1],
        ["CHN", "SCO", 1],
        ["KAZ", "SCO", 1],
    ]


def test_places_are_left_out_and_periods_kept_apart():
    mentions = named(["SCO", "KAZ"], ["SCO", "CHN"], ["SCO", "CHN"])
    mentions["reading"] = ["actor", "place", *["actor"] * 4]
    assert sn.co_mentions(mentions)["actor"].tolist() == ["CHN"]
    mentions["period"] = ["1990s"] * 2 + ["2000s"] * 2 + ["2010s"] * 2
    pairs = sn.co_mentions(mentions, by="period")
    assert pairs[["period", "actor", "other", "n"]].values.tolist() == [
        ["2000s", "CHN", "SCO", 1],
        ["2010s", "CHN", "SCO", 1],
    ]


def test_nobody_together_gives_empty_tables():
    pairs = sn.co_mentions(named(["SCO"], ["KAZ"]))
    assert pairs.empty and "log_ratio" in pairs
    with pytest.raises(sn.SCONotesError, match="no column 'sentence'"):
        sn.co_mentions(named(["SCO"]).drop(columns="sentence"))


@settings(deadline=None)
@given(st.lists(st.lists(st.sampled_from("ABCDE"), max_size=5), max_size=12))
def test_found_and_expected_are_symmetric_in_names_and_add_up(sentences):
    pairs = sn.co_mentions(named(*sentences))
    assert (pairs["actor"] < pairs["other"]).all()
    assert pairs["n"].sum() == sum(len(set(s)) * (len(set(s)) - 1) // 2 for s in sentences)
    assert pairs["expected"].sum() <= pairs["n"].sum() + 1e-9


def test_where_nobody_is_named_with_another_the_table_is_empty():
    named = pd.DataFrame({"doc_id": ["a"], "sentence": [0], "actor": ["KAZ"], "decade": ["1990s"]})
    assert sn.co_mentions(named, by="decade").empty
