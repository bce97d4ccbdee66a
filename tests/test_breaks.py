"""Breaks: found where levels are made to differ, not where they are not, and with the right words."""

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

import sco_notes as sn
from sco_notes.charts import alternative_text

mpl.use("agg")

COLUMNS = ["first", "last", "at", "low", "high", "p_value", "accepted"]


def series(level, rng, years=24, documents=6, words=1, shock=0.3):
    """Documents in which words stand `level(year)` times on average, varying by year and by document."""
    rows = []
    for year in range(years):
        for document in range(documents):
            doc_id = year * documents + document
            rows.append((doc_id, 2000 + year, "rest", int(rng.integers(500, 3000))))
    for word in range(words):
        for year, high in enumerate(np.exp(rng.normal(0, shock, years))):
            counts = rng.poisson(4 * high * level(2000 + year) * rng.gamma(2, 0.5, documents))
            for document, n in enumerate(counts):
                rows.append((year * documents + document, 2000 + year, f"word{word}", int(n)))
    return pd.DataFrame(rows, columns=["doc_id", "year", "term", "n"])


def test_two_breaks_are_found_where_they_are():
    terms = series(
        lambda year: 1 if year < 2008 else 4 if year < 2016 else 0.5, np.random.default_rng(1), shock=0.1
    )
    found = sn.find_breaks(terms, "word0")
    assert list(found) == COLUMNS
    accepted = found[found["accepted"]]
    assert accepted["at"].tolist() == [2008, 2016] and (accepted["p_value"] <= 0.05).all()
    assert ((accepted["low"] <= accepted["at"]) & (accepted["at"] <= accepted["high"])).all()
    assert not found.loc[~found["accepted"], "p_value"].le(0.05).any()


def test_words_that_change_together_show_what_one_alone_does_not():
    alone = together = 0
    for seed in range(6):
        terms = series(lambda year: 1 if year < 2012 else 2.2, np.random.default_rng(seed), words=8)
        all_words = [f"word{i}" for i in range(8)]
        for_one, for_all = (sn.find_breaks(terms, words, permutations=99) for words in ("word0", all_words))
        alone += for_one.query("accepted")["at"].between(2011, 2013).any()
        together += for_all.query("accepted")["at"].between(2011, 2013).any()
    assert together >= 4 and alone <= 2


def test_no_more_than_one_in_twenty_series_without_a_change_has_a_break():
    rng = np.random.default_rng(2)
    hits = sum(
        sn.find_breaks(series(lambda _: 1, rng), "word0", permutations=99)["accepted"].any()
        for _ in range(40)
    )
    assert hits <= 6  # of 40 with a rate of 0.05 more come up in 3 of 1,000 runs


@pytest.mark.slow
@pytest.mark.parametrize("persistent", [0.3, 0.8])
def test_series_that_wander_have_no_more_breaks_than_chance(persistent):
    hits = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        level = [rng.normal()]
        for _ in range(23):
            level.append(persistent * level[-1] + np.sqrt(1 - persistent**2) * rng.normal())
        terms = series(lambda year, level=level: np.exp(0.3 * level[year - 2000]), rng, shock=0)
        hits += sn.find_breaks(terms, "word0", permutations=99)["accepted"].any()
    assert hits <= 10  # of 60 with a rate of 0.07 more come up in 1 of 1,000 runs


def test_the_order_of_rows_does_not_matter_and_a_run_is_as_the_next():
    terms = series(lambda year: 1 if year < 2010 else 2, np.random.default_rng(4))
    once = sn.find_breaks(terms, "word0")
    pd.testing.assert_frame_equal(once, sn.find_breaks(terms, "word0"))
    shuffled = terms.sample(frac=1, random_state=1, ignore_index=True)
    columns = ["first", "last", "at", "p_value", "accepted"]
    pd.testing.assert_frame_equal(once[columns], sn.find_breaks(shuffled, "word0")[columns])


def test_a_group_is_counted_as_its_places():
    terms = series(lambda _: 1, np.random.default_rng(5)).assign(doc_id=lambda t: t["doc_id"].astype(str))
    late = terms.loc[terms["year"] >= 2012, "doc_id"].unique()
    groups = pd.DataFrame({"doc_id": np.repeat(late, 3), "group": "spirit"})
    found = sn.find_breaks(terms, "spirit", groups)
    assert found.query("accepted")["at"].tolist() == [2012]
    # A document without a year is left out, with its places.
    undated = terms.head(1).assign(doc_id="undated", year=pd.NA)
    terms = pd.concat([terms.astype({"year": "Int64"}), undated.astype({"year": "Int64"})])
    more = pd.concat([groups, pd.DataFrame({"doc_id": ["undated"], "group": ["spirit"]})])
    pd.testing.assert_frame_equal(sn.find_breaks(terms, "spirit", more), found)


def test_years_that_are_missing_or_few_make_no_break():
    terms = series(lambda _: 1, np.random.default_rng(6), years=5)
    assert sn.find_breaks(terms, "word0").empty and list(sn.find_breaks(terms, "word0")) == COLUMNS
    assert sn.find_breaks(terms.head(0), "word0").empty
    assert sn.find_breaks(terms.assign(year=pd.array([pd.NA] * len(terms), "Int64")), "word0").empty
    assert not sn.find_breaks(terms, "no such word", shortest=2)["accepted"].any()
    assert sn.find_breaks(terms, []).empty


def test_a_gap_between_years_is_no_year():
    terms = series(lambda year: 1 if year < 2012 else 8, np.random.default_rng(7), shock=0.05, documents=20)
    gap = terms[~terms["year"].between(2009, 2013)]
    (found,) = sn.find_breaks(gap, "word0").query("accepted").itertuples()
    assert found.at == 2014
    assert sn.stages(pd.Series([2000, 2008, 2014]), sn.find_breaks(gap, "word0")).tolist() == [
        *["2000-2013"] * 2, "2014-2014",
    ]  # fmt: skip


def test_stages_keep_the_rows_of_the_years():
    breaks = pd.DataFrame({"at": [2003], "accepted": [True]})
    years = pd.Series([2005, pd.NA, 2001], index=[7, 8, 9], dtype="Int64")
    named = sn.stages(years, breaks)
    assert named.index.tolist() == [7, 8, 9] and named.fillna("").tolist() == ["2003-2005", "", "2001-2002"]
    assert sn.stages(years.head(0), breaks).empty
    none = breaks.assign(accepted=False)
    assert set(sn.stages(years, none).dropna()) == {"2001-2005"}


def test_keywords_do_not_know_the_order_of_the_years():
    terms = series(lambda year: 1 if year < 2012 else 6, np.random.default_rng(9))
    terms["term"] = terms["term"].replace("word0", "spirit")
    terms = pd.concat([terms, terms.query("term == 'rest'").assign(term="1992", n=3)], ignore_index=True)
    found = sn.find_keywords(terms, stopwords=["rest"])
    assert list(found) == ["term", "n", "n_documents", "dp", "dp_chance", "times_chance"]
    assert found["term"].tolist() == ["spirit"]
    other = dict(zip(range(2000, 2024), np.random.default_rng(0).permutation(range(2000, 2024)), strict=True))
    again = sn.find_keywords(terms.assign(year=terms["year"].map(other)), stopwords=["rest"])
    pd.testing.assert_frame_equal(found, again)
    assert sn.find_keywords(terms[terms["year"] == 2001]).empty


def test_what_was_found_is_said_in_a_sentence():
    years = pd.Series([1992, 2000, 2001, 2004])
    breaks = pd.DataFrame(
        {"at": [2001], "low": [2000], "high": [2003], "p_value": [0.01], "accepted": [True]}
    )
    assert sn.describe_stages(breaks, years) == (
        "By these words the 4 years fall into 2 stages: 1992-2000, 2001-2004. The clearest break is at 2001 "
        "(95% interval 2000 to 2003)."
    )
    refused = breaks.assign(accepted=False, p_value=0.234)
    assert sn.describe_stages(refused, years).startswith("By these words no stages can be told apart in 4")
    assert "of random series that wander as these do, 23% show a break" in sn.describe_stages(refused, years)
    assert sn.describe_stages(breaks.head(0), years) == "There are too few years to look for stages."


def test_the_trend_chart_draws_the_accepted_breaks_alone():
    terms = series(lambda year: 1 if year < 2008 else 8, np.random.default_rng(10), shock=0.05, documents=20)
    breaks = sn.find_breaks(terms, "word0")
    ax = sn.plot_trend(sn.frequency_of(terms, "word0", by="year"), breaks=breaks)
    assert "dotted lines, breaks at 2008." in alternative_text(ax)
    assert sorted(set(breaks["at"])) != [2008]
    assert [line.get_xdata()[0] for line in ax.lines[1:]] == [2007.5]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"over": "term"}, "term holds no numbers"),
        ({"over": "yaer"}, "no column 'yaer'"),
        ({"shortest": 1}, "shortest = 1: a whole number of 2 or more"),
        ({"permutations": 10}, "permutations = 10: a whole number from 99"),
    ],
)
def test_what_cannot_be_done_is_said(more, message):
    with pytest.raises(sn.SCONotesError, match=message):
        sn.find_breaks(series(lambda _: 1, np.random.default_rng(8)), "word0", **more)
