"""Formulas: found as a search through all pairs of sentences finds them; who used them first, by hand."""

import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sco_notes as sn
from sco_notes.terms import find_formulas, formula_links, formula_users

WORDS = "alpha beta gamma delta epsilon".split()


def corpus(*texts):
    documents = pd.DataFrame({"doc_id": [f"d{i}" for i in range(len(texts))], "text": texts})
    spans = [
        (f"d{i}", number, match.start(), match.end())
        for i, text in enumerate(texts)
        for number, match in enumerate(re.finditer(r"[^.]+\.?", text))
    ]
    return documents, pd.DataFrame(spans, columns=["doc_id", "sentence", "start", "end"])


def found(*texts, **options):
    documents, sentences = corpus(*texts)
    return find_formulas(documents, sentences, **options)


def naive(texts, shortest):
    """Every place of every sequence of tokens that two texts have, by comparing all of them."""
    places = {}
    for document, text in enumerate(texts):
        for sentence in re.finditer(r"[^.]+", text):
            tokens = list(re.finditer(r"\w\w+", sentence[0]))
            for i in range(len(tokens)):
                for j in range(i + shortest, len(tokens) + 1):
                    phrase = tuple(token[0].lower() for token in tokens[i:j])
                    if len(set(phrase)) > 1:
                        place = (
                            document,
                            sentence.start() + tokens[i].start(),
                            sentence.start() + tokens[j - 1].end(),
                        )
                        places.setdefault(phrase, set()).add(place)
    return {place for each in places.values() if len({p[0] for p in each}) > 1 for place in each}


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.sampled_from([*WORDS, "."]), max_size=25), min_size=2, max_size=4))
def test_the_places_are_those_of_a_search_through_all_sequences(texts):
    texts = [" ".join(["start", *words]) for words in texts]
    table = found(*texts, shortest=3, stopwords=["zzz"])
    expected = naive(texts, 3)
    number = {f"d{i}": i for i in range(len(texts))}
    got = {(number[row.doc_id], row.start, row.end) for row in table.itertuples()}
    assert got <= expected  # what is found is shared
    covered = {(doc, at) for doc, start, end in got for at in range(start, end)}
    for doc, start, end in expected:  # and what is shared is found, or overlaps with something longer
        assert any((doc, at) in covered for at in range(start, end))


def test_a_phrase_is_found_with_its_places_and_without_function_words_at_its_ends():
    table = found(
        "We are for the peaceful use of outer space and more.",
        "They spoke of the peaceful use of outer space and left.",
    )
    assert table["formula"].tolist() == ["peaceful use of outer space"] * 2
    assert table["kind"].eq("phrase").all() and table["n_tokens"].eq(5).all()
    text = "We are for the peaceful use of outer space and more."
    first = table.iloc[0]
    assert text[first["start"] : first["end"]] == "peaceful use of outer space"


def test_a_formula_does_not_cross_the_end_of_a_sentence_and_needs_two_documents():
    assert found("Peace and trust. Common growth now.", "Peace and trust. Common growth now.").empty
    assert found("Mutual trust and common growth now.", "Nothing.").empty


def test_small_edits_are_one_formula_but_another_content_word_is_another():
    same = found(
        "Fight terrorism in all its forms and manifestations today.",
        "We fight terrorism in all its forms and manifestations here.",
        "They fight terrorism in all forms and manifestations as well.",
        "Some fight terrorism in all forms and manifestations too.",
    )
    assert same["formula_id"].nunique() == 1 and same["doc_id"].nunique() == 4
    other = found(
        "The charter of the united nations.", "Our charter of the united nations.",
        "The reform of the united nations.", "Our reform of the united nations.",
    )  # fmt: skip
    assert sorted(set(other["formula"])) == ["charter of the united nations", "reform of the united nations"]


def test_names_are_told_by_their_capitals():
    text = "See the Treaty on the Non-Proliferation of Nuclear Weapons."
    assert set(found(text, text)["kind"]) == {"name"}


def test_two_formulas_that_begin_alike_have_two_names():
    begin = "common shared lasting strong values uniting"
    ends = ("peaceful nations everywhere under one roof", "brave sailors crossing wide cold oceans")
    table = found(*[f"{begin} {end}." for end in ends for _ in range(2)], shortest=8)
    assert set(table["formula"]) == {f"{begin}…", f"{begin}… (2)"}


USERS = pd.DataFrame(
    {
        "doc_id": ["k1", "r1", "k2", "c1", "c2"],
        "date": ["2001-01-01", "2002-01-01", "2003-01-01", "2001-01-01", "2004-01-01"],
        "year": [2001, 2002, 2003, 2001, 2004],
        "country": ["KAZ", "RUS", "KAZ", "CHN", ""],
    }
)


def places(*formulas):
    rows = [(i, f"formula {i}", 5, "phrase", doc, 0, 0, 9) for i, docs in enumerate(formulas) for doc in docs]
    return pd.DataFrame(rows, columns="formula_id formula n_tokens kind doc_id sentence start end".split())


def test_who_was_first_and_who_took_it_up():
    table = formula_users(places(["r1", "k1", "k1", "c2"], ["k1", "c1"]), USERS)
    first = table.set_index("formula_id").loc[0]
    assert (first["first_user"], first["users"], first["n"], first["n_documents"]) == ("KAZ", "KAZ;RUS", 3, 2)
    assert (first["first_year"], first["last_year"]) == (2001, 2002)
    assert table.set_index("formula_id").at[1, "first_user"] == "CHN;KAZ"  # on the same day: nobody's


def test_links_count_formulas_and_test_them_against_the_other_way_round():
    table = formula_users(places(*[["k1", "r1"]] * 7, ["r1", "k2"], ["k1", "c1"]), USERS)
    links = formula_links(table)
    assert links[["first", "later", "n", "n_back"]].values.tolist() == [["KAZ", "RUS", 7, 1]]
    # Two-sided exact binomial test of 7 of 8: 2 * (8 + 1) / 256.
    assert links["q_value"].tolist() == pytest.approx([18 / 256])


def test_formulas_of_the_chronicle_lead_to_their_places():
    study = sn.load("chronicle")
    table = sn.select.formulas(study)
    texts = study.documents["text"]
    spans = study.sentences.set_index(["doc_id", "sentence"])
    assert len(table) and (table.groupby("formula_id")["doc_id"].nunique() > 1).all()
    for row in table.head(50).itertuples():
        begin, end = spans.loc[(row.doc_id, row.sentence), ["start", "end"]]
        assert begin <= row.start < row.end <= end
        assert len(re.findall(r"\w\w+", texts[row.doc_id][row.start : row.end])) >= 5


@pytest.mark.parametrize("by", ["year", "kind"])
def test_formulas_are_told_by_each_column_that_the_notebook_offers(by):
    study = sn.load("chronicle")
    places = sn.select.formulas(study, 5)
    users = sn.select.formula_users(study, places, by, 3)
    assert users["n_users"].max() > 1 and users["first_year"].dtype.kind in "iu"
    counts = sn.select.formulas_by(study, places, users, by)
    assert set(counts[by]) <= set(study.documents[by])
    own = counts.groupby("formula", observed=True)["n_documents"].sum()
    assert own.to_dict() == users.set_index("formula")["n_documents"].to_dict()


def test_bad_arguments_are_one_line():
    documents, sentences = corpus("a", "b")
    with pytest.raises(sn.SCONotesError, match="shortest = 2"):
        find_formulas(documents, sentences, shortest=2)


def test_users_may_be_the_kinds_of_documents_or_their_years():
    documents, sentences = corpus(
        "We want a fair and just world order.", "A fair and just world order is near."
    )
    documents = documents.assign(kind=["speech", "brief"], year=[2001, 2002], date=["2001", "2002"])
    places = find_formulas(documents, sentences, 3)
    assert formula_users(places, documents, "kind")["users"].tolist() == ["speech;brief"]
    assert formula_users(places, documents, "year")["users"].tolist() == ["2001;2002"]
