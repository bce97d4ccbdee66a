"""Nonsense given to the public functions gets one clear line, not a traceback from inside pandas."""

import contextlib
import inspect
import pickle
import random
from collections import Counter
from functools import cache
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

import sco_notes as sn
from sco_notes.actors.checks import alias_in_context
from sco_notes.corpus.arguments import RULES, explained
from sco_notes.files import data_folder
from sco_notes.sentiment import compare_tone
from sco_notes.tables import extract
from sco_notes.terms import find_topics

mpl.use("agg")
CALLS = 1_700
SEED = 18
MOST_BARE_ERRORS = 0.02  # share of the calls
FUNCTIONS = sorted(name for name in sn.__all__ if inspect.isfunction(getattr(sn, name)))


@cache
def valid_arguments() -> dict[str, object]:
    """A value that is right for each parameter, by its name; "function.parameter" where names differ."""
    documents = sn.read_corpus(data_folder() / "chronicle").tail(8).reset_index(drop=True)
    study = extract(documents, "small", scorers=["vader", "linear"])
    mentions = study.mentions
    all_terms = sn.load("chronicle").terms  # topics need twenty documents
    scored = sn.scored(study, "linear")
    summary = sn.summarise_actors(scored)
    about = sn.actor_table()
    events = sn.find_events(documents, mentions)
    frequency = sn.frequency_of(study.terms, ["summit", "charter"], "year")
    late = study.terms["year"] >= 2024
    return {
        "show_words.mentions": scored.head(20),
        "extract.name": "mine", "documents": documents, "terms": study.terms, "mentions": mentions,
        "scored": scored,
        "study": study, "tables": study, "events": events, "summary": summary, "rows": scored.head(3),
        "chronology": sn.read_chronology(), "scores": study.scores, "actors": sn.read_actors(),
        "groups": study.groups, "names": dict(zip(about["actor"], about["name"], strict=True)), "by": "year",
        "pairs": sn.co_mentions(mentions).rename(columns={"actor": "source", "other": "target"}),
        "reference": study.terms, "target": late, "one": scored["year"] >= 2024,
        "other": scored["year"] < 2024,
        "query": "summit", "words": ["summit", "charter"], "stopwords": ["the", "of"], "alias": "Astana",
        "name": "chronicle", "value": "a", "choices": ["a", "b"], "raw": "A text.", "text": "A text.",
        "text_or_documents": "On 4 July 2024 they met.", "place": "data/chronicle", "path": "data/chronicle",
        "corpus": "chronicle", "condition": "year >= 2024", "years": documents["year"], "over": "year",
        "breaks": sn.find_breaks(study.terms, ["summit"], permutations=99), "k": 2,
        "permutations": 99, "scorers": ["vader"], "ks": [2, 3], "runs": 2,
        "table": frequency, "places": study.groups, "topics": find_topics(all_terms, 2, runs=2),
        "find_topics.terms": all_terms,
        "scorer": "linear", "method": "linear", "id": "x", "statement": "A sentence.", "line": "half done",
        "caption": "A table", "title": "A title", "claims": sn.compare_events(events, sn.read_chronology()),
        "n": 1, "noun": "term", "ax": sn.plot_actors(summary), "width": 5,
        "summaries": {"linear": summary}, "progress": print,
        "disputed_mentions.one": "vader", "disputed_mentions.other": "linear",
        "describe_difference.one": compare_tone(scored, scored["year"] >= 2024, scored["year"] < 2024),
        "describe_difference.other": None, "term_rows.terms": ["summit"], "show_evidence.by": "actor",
        "plot_heat.rows": "year", "plot_heat.columns": "term", "plot_heat.values": "per_1000",
        "plot_keyness.table": sn.keyness(all_terms, all_terms["year"] > 2004),
        "plot_keyness.target": "later", "plot_keyness.reference": "earlier",
 "plot_timeline.by": None, "plot_dispersion.by": None,
        "plot_topics.by": "year", "plot_network.source": "source", "plot_network.target": "target",
        "read_actors.path": None, "read_groups.path": None, "read_stopwords.path": None,
        "read_chronology.path": None, "write_timeline.path": "out.csv", "find_groups.groups": None,
        "find_breaks.groups": None, "frequency_of.groups": None, "summarise_actors.actors": None,
        "explore.corpus": study, "explore.actor": "CHN", "explore.term": "summit",
    }  # fmt: skip


def valid(function: str, parameter: str) -> object:
    known = valid_arguments()
    return known[f"{function}.{parameter}"] if f"{function}.{parameter}" in known else known[parameter]


NONSENSE = {
    "None": None,
    "a number": 7,
    "a negative number": -3,
    "a huge number": 10**30,
    "a fraction": 0.5,
    "not a number": float("nan"),
    "infinity": float("inf"),
    "text": "nonsense",
    "no text": "",
    "a NUL character": "a\0b",
    "bytes": b"bytes",
    "a list of numbers": [1, 2],
    "an empty list": [],
    "a list with None": [None],
    "a dict": {"a": 1},
    "an object": object(),
    "a class": dict,
    "an empty frame": pd.DataFrame(),
    "a frame with other columns": pd.DataFrame({"x": [1, 2], "y": ["a", "b"]}),
    "a series": pd.Series([1.0, 2.0]),
    "an array": np.arange(3),
    "5,000 letters": "x" * 5_000,
    "half a pair": "\ud800",
    "a mixed list": [1, "a", None, [2]],
    "missing": pd.NA,
    "a path": Path("nowhere"),
}


def spoiled(table: pd.DataFrame, chance: random.Random) -> tuple[str, pd.DataFrame]:
    """A right table made wrong in one place."""
    column = chance.choice(list(table.columns))
    fault = chance.choice(
        ["without", "all None in", "numbers in", "text in", "infinity in", "twice", "no rows", "lists in",
         "mixed values in", "pyarrow", "repeated index", "repeated rows"]
    )  # fmt: skip
    if fault == "without":
        return f"{fault} {column}", table.drop(columns=column)
    if fault == "twice":
        return f"column {column} {fault}", pd.concat([table, table[[column]]], axis=1)
    if fault == "no rows":
        return fault, table.head(0)
    if fault == "pyarrow":
        return fault, table.convert_dtypes(dtype_backend="pyarrow")
    if fault == "repeated index":
        return fault, table.set_axis([0] * len(table))
    if fault == "repeated rows":
        return fault, pd.concat([table, table])
    if fault == "mixed values in":
        return f"{fault} {column}", table.assign(
            **{column: ([1, "a", None, b"b"] * len(table))[: len(table)]}
        )
    if fault == "lists in":
        return f"{fault} {column}", table.assign(**{column: [[1]] * len(table)})
    value = {"all None in": None, "numbers in": 7, "text in": "nonsense", "infinity in": float("inf")}[fault]
    return f"{fault} {column}", table.assign(**{column: value})


# Parameters that are given although they have a default, which takes seconds or needs other tables.
GIVEN = {
    "explore": {"corpus"},
    "extract": {"scorers"},
    "find_breaks": {"permutations"},
    "find_topics": {"k", "runs"},
    "scored": {"scorer"},
}


def needed(function: str) -> dict[str, object]:
    """Right values for the parameters that have no default."""
    return {
        each.name: valid(function, each.name)
        for each in inspect.signature(getattr(sn, function)).parameters.values()
        if each.kind is not each.VAR_KEYWORD
        and (each.default is each.empty or each.name in GIVEN.get(function, set()))
    }


@pytest.mark.parametrize("name", FUNCTIONS)
def test_right_arguments_pass(name, tmp_path, monkeypatch):
    (tmp_path / "data").symlink_to(Path(__file__).parent.parent / "data")
    monkeypatch.chdir(tmp_path)
    getattr(sn, name)(**needed(name))


def nonsense_calls() -> list[tuple[str, str, dict]]:
    """Function, what is wrong, arguments: one argument of each call is nonsense, the others are right."""
    chance = random.Random(SEED)
    places = [
        (name, parameter)
        for name in FUNCTIONS
        for parameter in inspect.signature(getattr(sn, name)).parameters.values()
        if parameter.kind is not parameter.VAR_KEYWORD
    ]
    calls = []
    while len(calls) < CALLS:
        name, parameter = places[len(calls) % len(places)]
        arguments = needed(name)
        right = arguments.get(parameter.name)
        if isinstance(right, pd.DataFrame) and chance.random() < 0.5:
            what, arguments[parameter.name] = spoiled(right, chance)
        else:
            what = chance.choice(list(NONSENSE))
            arguments[parameter.name] = NONSENSE[what]
        calls.append((name, f"{parameter.name}: {what}", arguments))
    return calls


def test_nonsense_gets_one_clear_line(tmp_path, monkeypatch, capsys):
    root = Path(__file__).parent.parent
    (tmp_path / "data").symlink_to(root / "data")
    calls = nonsense_calls()
    monkeypatch.chdir(tmp_path)
    bare, kinds = [], Counter()
    for name, what, arguments in calls:
        try:
            getattr(sn, name)(**arguments)
            kinds["no error"] += 1
        except sn.SCONotesError as error:
            kinds["SCONotesError"] += 1
            assert str(error).strip() and "\n" not in str(error) and len(str(error)) < 1_000
        except Exception as error:
            bare.append(f"{name}: {what}: {type(error).__name__}: {str(error)[:80]}")
    capsys.readouterr()
    assert len(bare) <= MOST_BARE_ERRORS * len(calls), f"{len(bare)} of {len(calls)} {kinds}\n" + "\n".join(
        bare
    )


TERMS = pd.DataFrame({"doc_id": ["a"], "term": ["peace"], "n": [1]})
DOCUMENTS = pd.DataFrame({"doc_id": ["a"], "text": ["China met Iran in 2001."]})


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: sn.find_mentions(7),
            "find_mentions: documents: a DataFrame with the columns doc_id, text is expected, not 7; "
            "sn.read_corpus makes one",
        ),
        (
            lambda: sn.find_dates(None),
            "find_dates: text_or_documents: text or a DataFrame is expected, not None; sn.read_corpus "
            "makes one",
        ),
        (
            lambda: sn.count_terms(DOCUMENTS.rename(columns={"text": "texts"})),
            "count_terms: documents: a table with the columns doc_id, text is expected; yours has no column "
            "'text' (it has doc_id, texts); is it 'texts'? Rename it; sn.read_corpus makes one",
        ),
        (
            lambda: sn.merge_events([1, 2]),
            "merge_events: events: a DataFrame is expected, not list; sn.find_events makes one",
        ),
        (
            lambda: sn.find_events(DOCUMENTS, "mentions"),
            "find_events: mentions: a DataFrame with the columns doc_id, start, actor, reading is "
            "expected, not 'mentions'; sn.find_mentions makes one",
        ),
        (
            lambda: sn.frequency_of(TERMS.assign(year=2001), 7, "year"),
            "frequency_of: words: a list or set, each entry text, is expected, not 7",
        ),
        (lambda: sn.load(None), "load: corpus: text or a path is expected, not None"),
        (lambda: sn.explore(7), "explore: corpus: text or a path or a study is expected, not 7"),
        (
            lambda: sn.explore("chronicle", period=("2017", "2020")),
            "explore: period: (a whole number, a whole number) is expected, not ('2017', '2020')",
        ),
        (
            lambda: sn.evidence("chronicle", TERMS),
            "evidence: tables: a study is expected, not 'chronicle'; sn.load makes one",
        ),
        (
            lambda: sn.keyness(pd.concat([TERMS, TERMS[["n"]]], axis=1), [True]),
            "keyness: terms: more than one column is called 'n'; keep one",
        ),
        (
            lambda: sn.find_events(pd.concat([DOCUMENTS, DOCUMENTS])),
            "documents, rows 1 and 2: doc_id 'a' is repeated; give each its own",
        ),
        (
            lambda: sn.find_mentions(DOCUMENTS.assign(date=float("inf"))),
            "documents, doc_id 'a': date inf; expected text such as '2024-07-03'",
        ),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else "",
)
def test_the_line_says_where_what_and_what_to_do(call, message):
    with pytest.raises(sn.SCONotesError) as caught:
        call()
    assert str(caught.value) == message


def test_documents_put_together_from_two_frames_with_the_same_index_are_extracted():
    one, other = DOCUMENTS, DOCUMENTS.assign(doc_id="b", text="Iran thanked China in 2002.")
    both = pd.concat([one, other]).assign(year=2003, country="", kind="speech")
    study = extract(both, "mine", scorers=["vader"])
    assert study.mentions["doc_id"].tolist() == ["a", "a", "b", "b"]
    assert sn.evidence(study, study.events)["quote"].tolist() == both["text"].tolist()


def test_an_alias_of_five_thousand_letters_is_refused():
    actors = sn.read_actors().head(1).assign(alias="A" + "b" * 4_999)
    message = r"the name 'Ab+'… has 5,000 characters; at most 300 are expected; shorten it"
    with pytest.raises(sn.SCONotesError, match=message):
        sn.find_mentions(DOCUMENTS, actors)
    with pytest.raises(sn.SCONotesError, match=message):
        alias_in_context(DOCUMENTS, "A" + "b" * 4_999)


def test_an_error_for_which_no_argument_is_to_blame_comes_through():
    def broken(n: int) -> int:
        return {}[n]

    with pytest.raises(KeyError):
        explained(broken)(1)


def test_the_wrapper_is_the_function_for_help_editors_and_pickle():
    from sco_notes.actors.mentions import find_mentions

    assert sn.find_mentions.__doc__ == find_mentions.__doc__
    assert inspect.signature(sn.find_mentions) == inspect.signature(find_mentions)
    assert pickle.loads(pickle.dumps(sn.find_mentions)) is sn.find_mentions


def test_a_wrong_call_is_a_type_error_as_of_any_function():
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'documents'"):
        sn.find_mentions()


def test_every_public_function_is_annotated():
    bare = [
        f"{name}: {parameter.name}"
        for name in FUNCTIONS
        for parameter in inspect.signature(getattr(sn, name)).parameters.values()
        if parameter.annotation is parameter.empty and parameter.kind is not parameter.VAR_KEYWORD
    ]
    assert bare == []


def test_the_rules_name_parameters_that_exist():
    known = {name: set(inspect.signature(getattr(sn, name)).parameters) for name in FUNCTIONS}
    parameters = set().union(*known.values())
    for rule in [*RULES["columns"], *RULES["hints"]]:
        function, _, parameter = rule.rpartition(".")
        assert parameter in (known.get(function, set()) if function else parameters), rule


@pytest.mark.parametrize("module", ["findings", "select"])
def test_functions_of_a_public_module_explain_themselves_too(module):
    functions = [each for each in vars(getattr(sn, module)).values() if inspect.isfunction(each)]
    assert len(functions) > 5
    for function in functions:
        parameters = inspect.signature(function).parameters.values()
        for nonsense in (7, "nonsense", None, pd.DataFrame(), pd.Series([1.0])):
            with contextlib.suppress(sn.SCONotesError):  # any other error fails the test
                function(**{each.name: nonsense for each in parameters if each.default is each.empty})


def test_a_finding_on_a_table_without_a_column_names_it():
    message = r"change: by_period: no column 'period' \(it has year\)"
    with pytest.raises(sn.SCONotesError, match=message):
        sn.findings.change(sn.load("chronicle"), pd.DataFrame({"year": [2001]}))


@pytest.mark.parametrize("read", [sn.read_corpus, sn.load])
def test_an_empty_name_is_no_folder(read):
    with pytest.raises(sn.SCONotesError):  # and not all texts below the folder one is in
        read("")
