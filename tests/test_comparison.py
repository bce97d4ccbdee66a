"""Keyness, word shift and sequences of terms, against values of others; odd input."""

import re
from collections import Counter
from math import log

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sco_notes as sn


def corpus(*texts):
    return pd.DataFrame({"doc_id": [f"d{i}" for i in range(len(texts))], "text": texts})


@pytest.mark.parametrize(("a", "b", "c", "d"), [(120, 60, 50_000, 60_000), (3, 40, 900, 8_000)])
def test_g2_equals_scipy_over_the_four_cells(a, b, c, d):
    from scipy.stats import chi2_contingency

    terms = pd.DataFrame({"doc_id": [*"aabb"], "term": ["w", "rest"] * 2, "n": [a, c - a, b, d - b]})
    row = sn.keyness(terms, ["a"]).set_index("term").loc["w"]
    wanted = chi2_contingency([[a, b], [c - a, d - b]], correction=False, lambda_="log-likelihood")
    assert row["g2"] == pytest.approx(wanted.statistic)
    assert row["low"] < row["log_ratio"] < row["high"]


# Dunning (1993), Table 2: -2 log lambda of "A B" in 31,777 pairs of words: A B, A not B, not A B, neither.
DUNNING = """
the swiss           270.72  110  2442  111  29114
can be              263.90   29    13  123  31612
previous year       256.84   31    23  139  31584
mineral water       167.23   10     0    3  31764
at the              157.21   76   104 2476  29121
real terms          157.03   16    16   51  31694
natural gas         146.80    9     0    5  31763
owing to            115.02   16     0  865  30896
health insurance    104.53   10     9   41  31717
stiff competition   100.96    8     2   27  31740
is likely            98.72   12   111   14  31640
qualified personnel  95.29    8     5   24  31740
an estimated         94.50   10    93    6  31668
is expected          91.40   12   111   21  31633
"""


def two_sides(n, rest, n_reference, rest_reference):
    """Counts of one term and of all others in a target "a" and a reference "b"."""
    cells = [
        ("a", "term", n),
        ("a", "other", rest),
        ("b", "term", n_reference),
        ("b", "other", rest_reference),
    ]
    return pd.DataFrame([cell for cell in cells if cell[2]], columns=["doc_id", "term", "n"])


def g2_of(counts):
    return sn.keyness(counts, ["a"], min_n=1).set_index("term").loc["term", "g2"]


@pytest.mark.parametrize("line", DUNNING.strip().splitlines())
def test_g2_equals_the_table_of_dunning(line):
    *_, published, n, rest, n_reference, rest_reference = line.split()
    found = g2_of(two_sides(int(n), int(rest), int(n_reference), int(rest_reference)))
    assert round(found, 2) == float(published)


def test_g2_is_the_value_of_raysons_calculator_and_the_other_tokens():
    """ucrel.lancs.ac.uk/llwizard.html sums over two cells: 52 in 50,000 and 57 in 75,000 give 2.65."""

    def over_two_cells(n, n_reference):
        share = (n + n_reference) / 125_000
        return 2 * (n * log(n / (50_000 * share)) + n_reference * log(n_reference / (75_000 * share)))

    assert round(over_two_cells(52, 57), 2) == 2.65
    both = over_two_cells(52, 57) + over_two_cells(50_000 - 52, 75_000 - 57)
    assert g2_of(two_sides(52, 50_000 - 52, 57, 75_000 - 57)) == pytest.approx(both)


def test_sequences_do_not_cross_the_end_of_a_sentence():
    counted = sn.count_terms(corpus("We met in Astana. Peace came to Central Asia."), n=2)
    assert counted["term"].tolist() == [
        "came to", "central asia", "in astana", "met in", "peace came", "to central", "we met",
    ]  # fmt: skip
    with pytest.raises(sn.SCONotesError, match="1, 2 or 3"):
        sn.count_terms(corpus("a"), n=4)


def test_intervals_over_documents_cover_the_rate_about_as_often_as_they_say():
    rng, covered = np.random.default_rng(1), 0
    for _ in range(200):
        rate = 0.02 * rng.gamma(4, 1 / 4, 30)  # a term that clusters: each document has a rate of its own
        n = rng.poisson(500 * rate)
        terms = pd.DataFrame({"doc_id": range(30), "term": "w", "n": n}).query("n > 0")
        rest = pd.DataFrame({"doc_id": range(30), "term": "rest", "n": 500 - n})
        row = sn.relative_frequency(pd.concat([terms, rest])).set_index("term").loc["w"]
        assert row["interval"] == "documents"
        covered += row["low"] <= 20 <= row["high"]
    assert 0.90 <= covered / 200 <= 0.99


@given(st.lists(st.text("ab «’Σ.Қ", max_size=12), min_size=1, max_size=150), st.data())
def test_counts_add_up_over_any_split_and_do_not_depend_on_the_order(texts, data):
    docs = corpus(*texts)
    cut = data.draw(st.integers(0, len(texts)))
    whole = sn.count_terms(docs)
    parts = [sn.count_terms(part) for part in (docs.iloc[:cut], docs.iloc[cut:])]
    assert whole.equals(pd.concat(parts, ignore_index=True))
    turned = sn.count_terms(docs.iloc[::-1])
    keys = ["doc_id", "term"]
    assert whole.sort_values(keys, ignore_index=True).equals(turned.sort_values(keys, ignore_index=True))


@pytest.mark.parametrize(
    "text",
    [
        "trade " * 500_000,
        "x" * 2_000_000,
        "a\0b nul\0nul",
        "реасе peace РЕАСЕ",
        "co\u00adoperation zero\u200djoin",
    ],
)
def test_odd_texts_count_as_the_exact_pattern_says(text):
    counted = sn.count_terms(corpus(text))
    wanted = Counter(re.findall(r"\w\w+", text.lower()))
    assert dict(zip(counted["term"], counted["n"], strict=True)) == wanted


def test_nothing_to_count_gives_an_empty_table_or_a_line():
    empty = sn.count_terms(corpus())
    assert empty.columns.tolist() == ["doc_id", "term", "n"] and empty.empty
    assert sn.relative_frequency(sn.count_terms(corpus("the of")), stopwords={"the", "of"}).empty
    assert sn.relative_frequency(empty).empty
    with pytest.raises(sn.SCONotesError, match="no column 'century'"):
        sn.relative_frequency(sn.count_terms(corpus("peace")), by="century")
    for top in (0, -1, "ten"):
        with pytest.raises(sn.SCONotesError, match="from 1 to 100"):
            sn.plot_terms(sn.count_terms(corpus("peace")), top=top)
