"""The network picture: strongest ties, no label over another, the same in every run, described in words."""

import matplotlib as mpl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sco_notes as sn
from sco_notes.charts import alternative_text
from sco_notes.charts.figure import svg

mpl.use("agg")
PAIRS = pd.DataFrame({"source": ["KAZ", "CHN", "KAZ"], "target": ["CHN", "RUS", "RUS"], "n": [9, 4, 1]})


def labels_that_overlap(ax):
    ax.figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in ax.texts]
    return [(i, j) for i in range(len(boxes)) for j in range(i) if boxes[i].overlaps(boxes[j])]


def complete(names):
    rows = [(a, b, 1 + i * j % 7) for i, a in enumerate(names) for j, b in enumerate(names[:i])]
    return pd.DataFrame(rows, columns=["source", "target", "n"])


def test_network_describes_its_strongest_ties():
    ax = sn.plot_network(PAIRS, names={"KAZ": "Kazakhstan"})
    assert alternative_text(ax) == (
        "Network, who stands with whom: sentences with both; all 3 ties, all 3 names. "
        "Strongest: CHN and Kazakhstan 9; CHN and RUS 4; Kazakhstan and RUS 1. "
        "Largest sum of ties: CHN 13, Kazakhstan 10, RUS 5."
    )


def test_rows_of_the_same_pair_are_added_and_a_name_with_itself_is_left_out():
    again = pd.DataFrame({"source": ["RUS", "RUS"], "target": ["CHN", "RUS"], "n": [6, 50]})
    assert "CHN and RUS 10; CHN and KAZ 9" in alternative_text(sn.plot_network(pd.concat([PAIRS, again])))


def test_arrows_keep_the_two_ways_of_a_pair_apart():
    pairs = pd.DataFrame({"first": ["IRN", "KAZ"], "later": ["KAZ", "IRN"], "n": [27, 9]})
    words = alternative_text(sn.plot_network(pairs, "first", "later", unit="formulas", directed=True))
    assert "formulas from first to later" in words and "IRN to KAZ 27; KAZ to IRN 9" in words


def test_only_the_strongest_ties_of_at_most_40_names_are_drawn_and_the_rest_is_counted():
    names = [f"An organisation with the long name {i:02}" for i in range(50)]
    ax = sn.plot_network(complete(names), top=100)
    assert "the 100 strongest of 1,225 ties" in alternative_text(ax)
    assert len(ax.texts) <= 40 and labels_that_overlap(ax) == []


def test_the_picture_is_the_same_whatever_the_order_of_the_rows():
    pairs = complete([f"actor {i}" for i in range(12)])
    assert svg(sn.plot_network(pairs).figure) == svg(
        sn.plot_network(pairs.sample(frac=1, random_state=3)).figure
    )


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.text("abcWXYZ 0123ёЖ-$_{}", min_size=1, max_size=30), min_size=2, max_size=12, unique_by=str.strip
    )
)
def test_no_label_covers_another_whatever_the_names(names):
    assert labels_that_overlap(sn.plot_network(complete(names))) == []


def test_what_cannot_be_drawn_is_said():
    for table in (PAIRS.head(0), PAIRS.assign(n=0), PAIRS.assign(target=PAIRS["source"])):
        with pytest.raises(sn.SCONotesError, match="nothing to draw"):
            sn.plot_network(table)
    with pytest.raises(sn.SCONotesError, match="no column 'weight'"):
        sn.plot_network(PAIRS, weight="weight")
    with pytest.raises(sn.SCONotesError, match="a whole number from 1 to 100"):
        sn.plot_network(PAIRS, top=0)


@pytest.fixture(autouse=True)
def close_figures():
    yield
    import matplotlib.pyplot as plt

    plt.close("all")
