"""Term groups: what a list may say, and which places are counted once."""

import pandas as pd
import pytest

import sco_notes as sn
from sco_notes.terms import find_groups, read_groups


def corpus(*texts):
    return pd.DataFrame({"doc_id": [f"d{i}" for i in range(len(texts))], "text": texts})


def groups(**patterns):
    return pd.DataFrame([(g, p) for g, ps in patterns.items() for p in ps], columns=["group", "pattern"])


def test_a_place_counts_once_by_its_longest_pattern_and_over_any_white_space():
    found = find_groups(
        corpus("The Silk\n Road. A road, a silk road"), groups(way=["silk road", "road", "silk"])
    )
    assert found[["start", "end"]].values.tolist() == [[4, 14], [18, 22], [26, 35]]


def test_patterns_in_capitals_are_found_in_capitals_only_and_as_whole_words():
    found = find_groups(corpus("SCO, sco, SCOPE and SCO's"), groups(org=["SCO"]))
    assert found["start"].tolist() == [0, 20]


def test_both_spellings_of_the_organisation_are_one_group():
    text = "The Shanghai Cooperation Organisation, or Shanghai Cooperation Organization (SCO)."
    found = find_groups(corpus(text))
    assert found["group"].tolist() == ["Shanghai Cooperation Organisation"] * 3


def test_groups_are_counted_beside_terms_with_all_tokens_below():
    docs = corpus("terrorists and terrorism", "peace and water")
    terms = sn.count_terms(docs).assign(year=[2001] * 3 + [2002] * 3)
    table = sn.frequency_of(terms, ["terrorism", "Peace"], by="year", groups=find_groups(docs))
    assert table[["year", "term", "n", "n_tokens"]].values.tolist() == [
        [2001, "terrorism", 2, 3], [2002, "terrorism", 0, 3], [2001, "Peace", 0, 3], [2002, "Peace", 1, 3],
    ]  # fmt: skip


def test_nothing_found_has_the_same_columns():
    found = find_groups(corpus("nothing of the kind", ""), groups(org=["SCO"]))
    assert found.columns.tolist() == ["doc_id", "sentence", "start", "end", "group"] and found.empty


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('[groups]\n"a" = []', "a list of patterns is expected"),
        ('[groups]\n"a" = ["*"]', "has no word in it"),
        ('[groups]\n"a" = ["peace", "peace"]', "is listed twice"),
        ("[other]", "not a table of term groups"),
        ("[groups", "not a table of term groups"),
    ],
)
def test_a_faulty_list_is_refused_in_a_line(tmp_path, content, message):
    file = tmp_path / "mine.toml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(sn.SCONotesError, match=message):
        read_groups(file)
    with pytest.raises(sn.SCONotesError, match="no such file"):
        read_groups(tmp_path / "none.toml")
