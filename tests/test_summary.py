"""Estimates per actor."""

import numpy as np
import pandas as pd

import sco_notes as sn


def scored(values_by_document, actor="SCO"):
    rows = [
        {"actor": actor, "doc_id": doc, "sentence": i, "valence": value}
        for doc, values in values_by_document.items()
        for i, value in enumerate(values)
    ]
    return pd.DataFrame(rows)


def test_few_sentences_get_no_interval_but_their_values():
    row = sn.summarise_actors(scored({"a": [0.5, -0.25]})).iloc[0]
    assert (row["n"], row["n_documents"], row["mean"], row["interval"]) == (2, 1, 0.125, "none")
    assert row["singles"] == "+0.50; -0.25" and np.isnan(row["low"])


def test_interval_is_over_sentences_below_ten_documents_and_over_documents_from_ten_on():
    nine = sn.summarise_actors(scored({f"d{i}": [0.1 * i, 0.2] for i in range(9)})).iloc[0]
    ten = sn.summarise_actors(scored({f"d{i}": [0.1 * i, 0.2] for i in range(10)})).iloc[0]
    assert (nine["interval"], ten["interval"]) == ("sentences", "documents")
    assert ten["low"] < ten["mean"] < ten["high"]


def test_equal_values_have_no_interval_rather_than_one_of_no_width():
    row = sn.summarise_actors(scored({"a": [0.0] * 8})).iloc[0]
    assert row["interval"] == "none" and row["mean"] == 0


def test_sentences_of_one_document_do_not_pass_for_independent():
    rng = np.random.default_rng(1)
    level = rng.normal(0, 0.3, 12)
    clustered = sn.summarise_actors(scored({f"d{i}": level[i] + rng.normal(0, 0.01, 20) for i in range(12)}))
    spread = sn.summarise_actors(scored({f"d{i}": rng.normal(0, 0.3, 20) for i in range(12)}))
    width = lambda table: (table["high"] - table["low"]).iloc[0]  # noqa: E731
    assert width(clustered) > 2 * width(spread)


def test_a_sentence_that_names_an_actor_twice_counts_once_and_groups_are_kept_apart():
    rows = pd.concat([scored({"a": [0.5]})] * 2).assign(country="KAZ")
    other = scored({"b": [0.1]}).assign(country="CHN")
    table = sn.summarise_actors(pd.concat([rows, other]), by="country")
    assert table[["country", "actor", "n"]].values.tolist() == [["CHN", "SCO", 1], ["KAZ", "SCO", 1]]


def test_summary_does_not_depend_on_the_order_of_rows():
    rows = scored({f"d{i}": [0.1 * i, -0.3] for i in range(11)})
    assert sn.summarise_actors(rows).equals(sn.summarise_actors(rows.sample(frac=1, random_state=3)))
