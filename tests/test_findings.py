"""What a notebook may say: sentences with their numbers, and a sentence where there is too little to say."""

import json
import re
import sys
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell

import sco_notes as sn
from sco_notes.errors import NothingToDraw
from sco_notes.notebook.select import Contrast

mpl.use("agg")
NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("[1-5]_*.ipynb"))


@pytest.fixture(scope="module")
def study():
    return sn.load("chronicle")


@pytest.fixture
def shell(monkeypatch):
    """A running IPython, in which charts and notes show themselves as in a notebook."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])  # IPython puts its own in its place
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()
    plt.close("all")


def mentions(rows):
    """Scored mentions, one a sentence, from (country, actor, decade, valence)."""
    table = pd.DataFrame(rows, columns=["country", "actor", "decade", "valence"])
    ids = [f"d{number}" for number in range(len(table))]
    return table.assign(doc_id=ids, sentence=0, self_mention=False)


def test_marks_are_named_with_how_much_more_frequent_they_are(study):
    table = pd.DataFrame(
        {"term": ["tea", "rice", "and"], "n": [8, 4, 1], "n_reference": [2, 0, 9], "n_documents": 3}
        | {
            "n_documents_reference": 2,
            "log_ratio": [2.0, 4.0, -3.0],
            "low": [1.0, None, -4],
            "high": [3, None, -2],
        }
        | {"test": "documents", "q_value": [0.01, 0.02, 0.5]}
    )
    found = sn.findings.keyness(study, Contrast("documents of 2001", "the others", table))
    assert found.text.startswith(
        "What marks documents of 2001 most: “tea” (4.0 times as frequent, 95% interval 2.0 to 8.0) and "
        "“rice” (4 occurrences, only there). In all, 2 of 3 terms"
    )
    assert found.value == len(found.rows) == 2


def test_a_phrase_that_does_not_occur_comes_with_what_is_missing(study):
    said = {
        p: sn.findings.occurrences(study, p, sn.select.passages(study, p)) for p in ("summit", "sumit of*")
    }
    assert re.fullmatch(r"“summit” occurs \d+ times, in \d+ documents\.", said["summit"])
    assert said["sumit of*"].startswith("“sumit of…” does not occur. Not in these texts: “sumit”.")


def test_texts_without_a_word_are_compared_with_nothing(study, tmp_path):
    (tmp_path / "letter.txt").write_text("a")
    letter = sn.load(tmp_path)
    contrast = sn.select.contrast(letter, "", "chronicle", ())
    assert contrast.keyness.empty
    assert sn.findings.keyness(letter, contrast).startswith("The texts have no word of two letters")


def test_conditions_are_said_in_words(study):
    said = {
        "year >= 2017": "documents since 2017", "country == KAZ": "documents of Kazakhstan",
        "kind = speech": "documents whose kind is speech", "": "documents",
    }  # fmt: skip
    assert {condition: sn.select.condition_in_words(study, condition) for condition in said} == said


EVENTS = pd.DataFrame(
    {
        "doc_id": ["a", "a", "b", "c", "c"],
        "named": [1945, 1945, 1945, 2001, 2030],
        "date_kind": ["event"] * 4 + ["deadline"],
        "year": pd.array([2010] * 5, "Int64"),
    }
).assign(
    edtf="",
    modality=["happened"] * 4 + ["planned"],
    text=["1945", "the War", "end of the War", "June 2001", "2030"],
)
EVENTS["earliest"] = EVENTS["latest"] = EVENTS["named"].astype(str)


def test_the_past_years_of_most_documents_come_with_their_share(study):
    found = sn.findings.past_years(study, EVENTS)
    assert (
        "are 1945 (3 times in 2 documents, once by its number) and 2001 (once in 1 document)." in found.text
    )
    assert found.n == len(found.rows) == 4
    once = EVENTS.head(1).assign(head="a treaty")
    named_once = pd.concat([once, once.assign(head="a war")], ignore_index=True)
    said = sn.findings.past_years(study, named_once).text
    assert "1945 (a treaty and a war)" in said
    # Wilson's interval of 2 of 50 documents, from the formula.
    assert (found.value, found.low, found.high) == pytest.approx((4, 1.104, 13.459), abs=1e-2)


def test_deadlines_are_told_from_events(study):
    found = sn.findings.deadlines(study, EVENTS)
    assert found.text == "The texts name 1 deadline, in 1 document: 2030."
    twice = sn.findings.deadlines(study, pd.concat([EVENTS, EVENTS.tail(1)], ignore_index=True))
    assert twice.text == "The texts name 2 deadlines, in 1 document: each time 2030."
    assert sn.findings.deadlines(study, EVENTS.head(4)) == "The texts set no deadline."
    kept = EVENTS.assign(modality="happened")  # "until 2030 there were ten" tells, and sets none
    assert sn.findings.deadlines(study, kept) == "The texts set no deadline."


def test_past_and_future_are_shares_of_the_statements_in_dated_documents(study):
    events = pd.DataFrame(
        {"named": [2000, 2010, 2020, 2010], "latest": ["2000-12-31", "2010-01-01", "2020-01-01", ""]}
    ).assign(year=pd.array([2010, 2010, 2010, None], "Int64"), date_kind="event", modality="happened")
    events = events.assign(doc_id="", text="", edtf="")
    assert sn.findings.past_and_future(study, events).text == (
        "Of 3 dates since 1900, 1 lies in a year before their document, 1 in a year after it."
    )
    found = sn.findings.past_and_future(study, events.iloc[1:3])  # none before: that is not certain
    assert (found.value, found.low) == (0, 0) and found.high == pytest.approx(65.8, abs=0.1)  # Wilson


def test_the_tone_towards_the_west_counts_each_speaker_once(study):
    rows = [
        (country, actor, decade, valence)
        for country, west in (("KAZ", -0.5), ("UZB", -0.6), ("CHN", -0.7))
        for actor, valence in (("the West", west), ("other SCO states", 0.0))
        for decade in ["1990s"] * 5 + ["2020s"] * 5
    ]
    places = study.sentences[["doc_id", "sentence"]].head(len(rows)).to_dict("list")
    found = sn.findings.west(study, mentions(rows).assign(as_member=True, **places))
    # Differences of 0.5, 0.6 and 0.7: standard error 0.1 / sqrt(3), Student's t with 2 degrees 4.303.
    half = 4.303 * 0.1 / 3**0.5
    assert (found.value, found.n) == (pytest.approx(-0.6), 3)
    assert (found.low, found.high) == pytest.approx((-0.6 - half, -0.6 + half), abs=1e-3)
    assert "(-0.60) in a tone cooler than that towards other SCO states (+0.00)" in found.text
    one = mentions([row for row in rows if row[0] == "KAZ"])
    assert sn.findings.west(study, one.assign(as_member=True)).startswith("No two speakers")
    assert sn.findings.west(study, mentions(rows).assign(as_member=False)).startswith("No two speakers")
    assert sn.findings.west_change(study, mentions(rows[:10])).startswith("No two speakers")


def test_a_state_is_a_member_from_its_accession_on():
    since = sn.select.membership()
    assert (since["KAZ"], since["IND"], since["IRN"], since["BLR"]) == (2001, 2017, 2023, 2024)
    rows = mentions(
        [("IND", "PAK", "2010s", -0.5), ("PAK", "IND", "2010s", -0.5), ("KAZ", "USA", "1990s", 0)]
    )
    rows["year"] = [2016, 2018, 1999]
    spoken = sn.select.on_groups(rows, {"other SCO states": ["IND", "PAK"], "the West": ["USA"]})
    assert spoken[["country", "as_member"]].values.tolist() == [["PAK", True], ["KAZ", False]]


def test_what_all_scorers_say_is_told_from_what_one_says(study):
    verdicts = {"a": ["warmer", "cooler", "warmer"], "b": ["warmer", "cooler", "too few"]}
    summaries = {
        name: pd.DataFrame({"actor": list("XYZ"), "verdict": each}) for name, each in verdicts.items()
    }
    found = sn.findings.sensitivity(summaries)
    assert (
        found.startswith("3 actors are spoken of more warmly or coolly") and "all scorers agree on 2" in found
    )
    one = {name: summary.tail(1) for name, summary in summaries.items()}
    assert sn.findings.sensitivity(one).endswith("under at least one scorer; the scorers disagree on it.")


def test_an_actor_is_found_by_id_and_by_name(study):
    assert (
        sn.select.actor(study, "kazakhstan") == sn.select.actor(study, "KAZ") == ("KAZ", *["Kazakhstan"] * 2)
    )
    with pytest.raises(sn.SCONotesError, match="is 'Kazakhstan' "):
        sn.select.actor(study, "Kazakhstam")
    assert sn.select.actor(study, "America").id == "USA"


def test_a_voice_that_does_not_exist_is_an_error(study):
    with pytest.raises(sn.SCONotesError, match="did you mean 'quoted'"):
        sn.select.mentions(study, "linear", "quote")


def test_an_empty_chart_is_an_error_in_a_script_and_a_sentence_in_a_notebook(shell):
    empty = pd.DataFrame({"doc_id": ["a"], "term": ["the"], "n": [1]})
    assert sn.plot_terms(empty) == "No term is left to draw; is every token a stop word?"
    one = empty.assign(kind="brief")
    assert "the same kind" in sn.plot_terms(one, by="kind", stopwords=())
    assert "the same year" in sn.plot_trend(pd.DataFrame({"year": [2001]}))
    with pytest.raises(sn.SCONotesError, match="yours has no column"):
        sn.plot_terms(empty.drop(columns="n"))
    InteractiveShell.clear_instance()
    with pytest.raises(NothingToDraw, match="no term is left"):
        sn.plot_terms(empty)


CORPORA = {
    "words": {"2001": "It is the of and."},
    "years": {
        "2001": "China praised the treaty of 2001.",
        "2004": "Iran warned of a war. The 1990s were long.",
    },
    "half dated": {
        "2001": "The summit praised terrorism.",
        "2004": "A war.",
        "x": "Terrorism at the summit.",
    },
    "letter": {"x": "a"},
}


@pytest.mark.parametrize("corpus", CORPORA)
@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_a_notebook_runs_to_its_end_on_a_corpus_with_next_to_nothing(file, corpus, shell, tmp_path):
    for name, text in CORPORA[corpus].items():
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    shell.reset()
    for cell in json.loads(file.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            assert shell.run_cell("".join(cell["source"])).success, cell["id"]
        if "parameters" in cell["metadata"].get("tags", []):
            words = text.split()[2:3]  # those of which none occurs are an error
            shell.run_cell(f"corpus = {str(tmp_path)!r}; target = ''; words = {words}")


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_the_number_of_a_finding_is_that_of_the_rows_it_unfolds(file, shell):
    """Rows of which there are `value` or `n`, or whose column n adds up to it, or units among them."""
    shell.reset()
    found = []
    for cell in json.loads(file.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            ran = shell.run_cell("".join(cell["source"]))
            assert ran.success, cell["id"]
            found += [ran.result] * isinstance(ran.result, sn.Finding)
    assert found
    for one in found:
        rows = pd.DataFrame() if one.rows is None else one.rows
        sums = [len(rows), *([rows["n"].sum()] if "n" in rows else [])]
        assert {one.value, one.n} & {*sums}, (one.name, one.value, one.n, sums)
