"""`sco-notes check`: what an own alias matches in context, what matches nothing, where two collide."""

import re
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import sco_notes as sn
from sco_notes.actors.checks import alias_in_context, check_aliases, check_groups, nested_aliases
from sco_notes.cli import main
from sco_notes.files import data_folder

DOCS = pd.DataFrame(
    {
        "doc_id": ["a", "b"],
        "text": [
            "The Nomad Games opened in Astana. Astana praised the games. Central Asia was there.",
            "The NOMAD GAMES ended. Nobody named the nomad games of Asia again.",
        ],
    }
)
OWN = """\
extends = true
[[actor]]
id = "GAMES"
type = "organisation"
name = "Nomad Games"
names = ["World Nomad Games", "nomad Games", "Asia"]
"""


@pytest.fixture
def corpus(tmp_path):
    """A corpus folder with actors of its own; returns a function that writes them and runs the command."""
    folder = tmp_path / "mine"
    folder.mkdir()
    for doc_id, text in DOCS.itertuples(index=False):
        (folder / f"{doc_id}.txt").write_text(text)

    def check(actors=OWN, *arguments, place=folder):
        (folder / "actors.toml").write_text(actors)
        return CliRunner().invoke(main, ["check", str(place), *arguments])

    return check


def test_own_aliases_are_told_one_by_one(corpus):
    result = corpus()
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    assert lines[0] == "mine: 2 documents" and lines[1].endswith("aliases, 4 of them your own")
    assert "your alias 'Nomad Games' (GAMES): 2 places" in lines
    assert "your alias 'World Nomad Games' (GAMES): matches nothing" in lines
    assert (
        "your alias 'nomad Games' (GAMES): matches nothing; the texts write Nomad Games, NOMAD GAMES, nomad "
        "games, and capitals count"
    ) in lines
    assert "inside another: 'Asia' (GAMES) in 'Central Asia' (CENTRAL-ASIA): the longer wins" in lines


def test_an_alias_is_shown_in_context(corpus):
    lines = corpus(OWN, "--alias", "Asia").output.splitlines()
    assert lines[1].split("  ")[-1].strip() == "part of “Central Asia” (CENTRAL-ASIA)"
    assert lines[2].split() == "b ended. Nobody named the nomad games of [Asia] again. GAMES actor".split()
    assert lines[3] == "2 places"


def test_an_alias_that_is_in_no_entry_is_tried(corpus):
    lines = corpus("extends = true", "--alias", "Nomad Games").output.splitlines()
    assert [line.split()[-2:] for line in lines[1:3]] == [["?", "actor"], ["?", "actor"]]
    assert (
        corpus(OWN, "--alias", "nomad GAMES").output.splitlines()[-1] == "1 place"
    )  # as every name, in capitals
    assert corpus(OWN, "--alias", "Praised the games").output.splitlines()[-1] == (
        "0 places; the texts write praised the games, and capitals count"
    )
    assert corpus(OWN, "--alias", " ").exit_code == 2
    assert corpus(OWN, "--alias", "C++ (x)*").output.splitlines()[-1] == "0 places"


@pytest.mark.parametrize(
    ("actors", "message"),
    [
        ('extends = true\n[[actor]\nid = "X"', "actors.toml: not valid TOML: .*line 2.*compare with data"),
        (OWN + 'name_s = ["x"]', "actors.toml, actor 'GAMES': unknown key 'name_s'; did you mean"),
        (OWN.replace("organisation", "club"), "actor 'GAMES': type 'club'; expected one of state"),
        (OWN + '[[actor]]\nid = "GAMES"\ntype = "state"\nname = "x"', "the id is used twice; give each"),
        (OWN + 'demonyms = ["Kazakh"]', "alias 'Kazakhs?' belongs to 'KAZ' and 'GAMES'; keep it in one"),
        (OWN + 'demonyms = [""]', "actor 'GAMES': empty alias"),
        (OWN + 'from = "soon"', "actor 'GAMES': "),
        ('[[actor]]\nname = "x"', "actor number 1: no id; every actor needs id, type, name"),
    ],
)  # fmt: skip
def test_a_faulty_table_names_line_or_entry_and_remedy(corpus, actors, message):
    result = corpus(actors)
    assert result.exit_code == 2 and len(result.stderr.splitlines()) == 1
    assert re.search(message, result.stderr), result.stderr


def test_a_file_is_tried_on_another_corpus(corpus, tmp_path):
    corpus()
    (tmp_path / "words.toml").write_text('[groups]\n"games" = ["nomad game*", "tournament*"]\n')
    result = corpus(OWN, "--texts", str(tmp_path / "mine"), place=tmp_path / "words.toml")
    assert [line.split() for line in result.output.splitlines()] == [
        ["mine:", "2", "documents"], ["group", "pattern", "n", "documents"],
        ["games", "nomad", "game*", "3", "2"], ["games", "tournament*", "0", "0"],
    ]  # fmt: skip
    own = tmp_path / "mine" / "actors.toml"
    assert "mine: 2 documents" in corpus(OWN, "--texts", str(tmp_path / "mine"), place=own).output
    (tmp_path / "words.toml").write_text('[groups]\n"games" = []\n')
    assert "group 'games': a list of patterns is expected" in corpus(place=tmp_path / "words.toml").stderr
    for place in ("nowhere", tmp_path / "none.toml"):
        result = corpus(place=place)
        assert result.exit_code == 2 and "corpus" in result.stderr


def test_counts_are_those_of_the_mentions():
    docs = sn.read_corpus(data_folder() / "chronicle")
    found, mentions = check_aliases(docs), sn.find_mentions(docs)
    assert (
        found["n"].sum() == len(mentions) and found["place"].sum() == (mentions["reading"] == "place").sum()
    )
    assert found.query("n > 0")["alias"].is_unique and (found["documents"] <= found["n"]).all()


def test_groups_are_counted_as_they_are_found():
    groups = pd.DataFrame({"group": ["g", "g"], "pattern": ["asia", "NOMAD GAMES"]})
    assert check_groups(DOCS, groups)[["n", "documents"]].values.tolist() == [[2, 2], [1, 1]]


NAMES = st.lists(st.sampled_from("Ab Bc Cd De".split()), min_size=1, max_size=3).map(" ".join)


@given(
    st.lists(st.tuples(NAMES, st.sampled_from("XYZ")), min_size=1, max_size=6, unique_by=lambda row: row[0])
)
def test_a_nested_alias_is_never_counted_inside_the_longer_one(rows):
    table = pd.DataFrame(rows, columns=["alias", "actor"])
    owner = dict(rows)
    for row in nested_aliases(table).itertuples():
        assert (
            f" {row.alias} " in f" {row.within} "
            and owner[row.alias] == row.actor != owner[row.within] == row.of
        )
        docs = pd.DataFrame({"doc_id": ["a"], "text": [f"x {row.within} y"]})
        found = sn.find_mentions(docs, table)
        assert row.within in found["alias"].tolist() or len(found) == 0 or found["start"].iloc[0] <= 2
        (place, *_) = alias_in_context(docs, row.alias, table).itertuples()
        assert place.within or place.actor


def test_the_example_of_the_readme_folder_is_the_default():
    result = CliRunner().invoke(main, ["check"])
    assert result.exit_code == 0 and result.output.startswith("chronicle: 50 documents\n")
    assert Path(data_folder() / "chronicle").is_dir()
