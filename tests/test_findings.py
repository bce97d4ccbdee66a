"""What a notebook may say: sentences with their numbers, and a sentence where there is too little to say."""

import json
import sys
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell

import sco_notes as sn
from sco_notes.errors import NothingToDraw

mpl.use("agg")
NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("[1-4]_*.ipynb"))


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


def test_the_most_frequent_term_comes_with_its_rows(study):
    frequency = sn.relative_frequency(study.terms, stopwords=sn.read_stopwords(), top=3)
    found = sn.findings.most_frequent_term(study, frequency)
    assert (
        found.text
        == "The most frequent term of the corpus “chronicle” is “summit”, 11.6 times in 1,000 tokens."
    )
    assert found.n == frequency["n"][0] and found.low < found.value < found.high
    assert set(found.rows["term"]) == {"summit"} and "quote" in found.rows


def test_a_corpus_of_function_words_has_no_most_frequent_term(study):
    said = sn.findings.most_frequent_term(study, pd.DataFrame())
    assert said.startswith("No term is left to count")


def test_one_statement_speaks_and_two_speak(study):
    planned = pd.DataFrame({"modality": ["planned"] * 2 + ["happened"], "named": [2024, 2024, 2001]})
    planned = planned.assign(doc_id="", text="", edtf="", date_kind="event")
    two, one, none = (sn.findings.announced(study, planned[k:]).text for k in range(3))
    assert two == "2 statements of 3 speak of what is planned, most often of 2024 (2 times)."
    assert one == "1 statement of 2 speaks of what is planned, most often of 2024 (1 time)."
    assert none == "0 statements of 1 speak of what is planned."


def test_past_and_future_are_shares_of_the_statements_in_dated_documents(study):
    events = pd.DataFrame(
        {"named": [2000, 2010, 2020, 2010], "latest": ["2000-12-31", "2010-01-01", "2020-01-01", ""]}
    ).assign(year=pd.array([2010, 2010, 2010, None], "Int64"), date_kind="event", modality="happened")
    events = events.assign(doc_id="", text="", edtf="")
    assert sn.findings.past_and_future(study, events).text == (
        "33% of the 3 statements since 1900 in documents with a year look back to a year before "
        "their document, 33% look ahead to a year after it."
    )


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
    assert (found.value, found.n) == (2, 3)
    assert found.text.startswith("3 actors are warmer or cooler") and "agree on 2 of them" in found.text


def test_an_actor_is_found_by_id_and_by_name(study):
    assert (
        sn.select.actor(study, "kazakhstan") == sn.select.actor(study, "KAZ") == ("KAZ", *["Kazakhstan"] * 2)
    )
    with pytest.raises(sn.SCONotesError, match="did you mean 'Kazakhstan'"):
        sn.select.actor(study, "Kazakhstam")
    assert sn.select.actor(study, "America").id == "USA"


def test_a_voice_that_does_not_exist_is_an_error(study):
    with pytest.raises(sn.SCONotesError, match="did you mean 'quoted'"):
        sn.select.mentions(study, "linear", "quote")


def test_an_empty_chart_is_an_error_in_a_script_and_a_sentence_in_a_notebook(shell):
    empty = pd.DataFrame({"doc_id": ["a"], "term": ["the"], "n": [1]})
    assert sn.plot_terms(empty) == "No term is left to draw; is every token a stop word?"
    one = empty.assign(kind="brief")
    assert "not two values of 'kind'" in sn.plot_terms(one, by="kind", stopwords=())
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
            shell.run_cell(f"corpus = {str(tmp_path)!r}; target = ''")
