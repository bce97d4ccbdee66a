"""Topics: planted ones are found again, stability says which are to be trusted, small corpora are refused."""

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

import sco_notes as sn
from sco_notes.charts import alternative_text
from sco_notes.notebook.drawing import plot_topics
from sco_notes.terms import find_topics

mpl.use("agg")

FIELDS = {
    "water": "water river glacier dam basin canal lake rain flood drought snow valley".split(),
    "trade": "trade tariff market export import customs price goods currency credit loan tax".split(),
    "arms": "arms treaty missile warhead test ban verify inspect silo launch reactor fuel".split(),
}
COMMON = "state people year region world work".split()


def planted(n_documents=60, seed=0):
    """Each document is about one field, with a tenth of its words from the others; every one has COMMON."""
    rng = np.random.default_rng(seed)
    rows = []
    for i in range(n_documents):
        own = list(FIELDS)[i % 3]
        drawn = [
            rng.choice(FIELDS[own if rng.random() < 0.9 else rng.choice(list(FIELDS))]) for _ in range(80)
        ]
        for term, n in pd.Series([*drawn, *COMMON * 5]).value_counts().items():
            rows.append((f"d{i:03}", term, n, 2000 + i % 4, own))
    return pd.DataFrame(rows, columns=["doc_id", "term", "n", "year", "kind"])


TERMS = planted()


def test_planted_topics_are_found_and_stable():
    found = find_topics(TERMS, k=3, runs=4)
    tops = [set(part["term"]) for _, part in found.terms.groupby("topic")]
    assert all(any(top <= set(words) for words in FIELDS.values()) for top in tops)
    assert (found.stability[["over_seeds", "over_halves"]] > 0.6).all(axis=None)
    assert found.terms.columns.tolist() == ["topic", "label", "rank", "term", "weight"]


def test_typical_documents_come_first_and_shares_of_a_document_add_up():
    documents = find_topics(TERMS, k=3, runs=1).documents
    assert documents.groupby("doc_id")["share"].sum().round(9).eq(1).all()
    assert documents.groupby("topic").head(5).groupby("topic")["kind"].nunique().eq(1).all()
    assert documents.columns.tolist() == ["doc_id", "topic", "label", "share", "year", "kind"]


def test_order_of_rows_does_not_matter_and_runs_repeat():
    first, again = (
        find_topics(terms, k=3, runs=2) for terms in (TERMS, TERMS.sample(frac=1, random_state=1))
    )
    pd.testing.assert_frame_equal(first.terms, again.terms)
    pd.testing.assert_frame_equal(first.stability, again.stability)
    pd.testing.assert_frame_equal(
        first.documents.drop(columns=["year", "kind"]), again.documents.drop(columns=["year", "kind"])
    )


def test_stability_tells_noise_from_topics():
    rng = np.random.default_rng(3)
    noise = (
        TERMS.assign(term=rng.permutation(TERMS["term"]))
        .groupby(["doc_id", "term"], as_index=False)["n"]
        .sum()
    )
    planted_one, noisy = (find_topics(terms, k=3, runs=3).stability for terms in (TERMS, noise))
    assert planted_one["over_halves"].mean() > noisy["over_halves"].mean() + 0.2


def test_common_words_numbers_and_stop_words_are_in_no_topic():
    terms = pd.concat([TERMS, TERMS.drop_duplicates("doc_id").assign(term="2024", n=9).head(30)])
    found = set(find_topics(terms, k=3, runs=1, stopwords=["water"]).terms["term"])
    assert not found & {*COMMON, "2024", "water"}


def test_chart_says_shares_and_stability():
    ax = plot_topics(find_topics(TERMS, k=3, runs=1))
    text = alternative_text(ax)
    assert "share of 3 topics by year" in text and "stability of the topic" in text
    with pytest.raises(sn.SCONotesError, match="no column 'country'"):
        plot_topics(find_topics(TERMS, k=3, runs=1), by="country")
    with pytest.raises(sn.SCONotesError, match="no document has a year"):
        plot_topics(find_topics(TERMS.assign(year=pd.NA), k=3, runs=1))


def test_too_little_is_refused():
    with pytest.raises(sn.SCONotesError, match=r"at least 20 documents are needed.*yours are 19"):
        find_topics(planted(19))
    with pytest.raises(sn.SCONotesError, match="at least 20 documents"):
        find_topics(TERMS.head(0))
    with pytest.raises(sn.SCONotesError, match="0 terms are left"):
        find_topics(TERMS, stopwords=set(TERMS["term"]))
    for k in (0, -1, 1, 31, "ten", True):
        with pytest.raises(sn.SCONotesError, match="a whole number from 2 to 30"):
            find_topics(TERMS, k=k)
    with pytest.raises(sn.SCONotesError, match="no column 'n'"):
        find_topics(TERMS.drop(columns="n"))


@pytest.fixture(autouse=True)
def close_figures():
    yield
    import matplotlib.pyplot as plt

    plt.close("all")
