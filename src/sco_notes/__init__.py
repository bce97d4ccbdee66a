"""Reproducible reading of political text: text in, tidy tables out, charts from tables.

>>> import pandas as pd, sco_notes as sn
>>> docs = pd.DataFrame({"doc_id": ["a"], "text": ["Kazakhstan welcomed the agreement of 4 July 2024."]})
>>> sn.find_mentions(docs)[["alias", "actor"]]
        alias actor
0  Kazakhstan   KAZ
>>> sn.find_dates(docs)[["text", "edtf"]]
          text        edtf
0  4 July 2024  2024-07-04
"""

from importlib import import_module

# Each name is imported when it is first used: `sco-notes --help` would otherwise wait for pandas.
_MODULE_OF = {
    "SCONotesError": "errors",
    "check_choice": "corpus.frames",
    "sentence_spans": "corpus",
    "read_corpus": "corpus.documents",
    "find_dates": "dates",
    "find_events": "events",
    "merge_events": "events",
    "compare_events": "events",
    "write_timeline": "events",
    "read_chronology": "corpus.documents",
    "read_actors": "actors",
    "actor_table": "actors",
    "find_mentions": "actors",
    "co_mentions": "actors",
    "score_sentences": "sentiment",
    "score_mentions": "sentiment",
    "SCORERS": "sentiment",
    "summarise_actors": "sentiment",
    "scorer_agreement": "sentiment",
    "evidence_words": "sentiment",
    "count_terms": "terms",
    "periods": "terms",
    "stop_list_effect": "terms",
    "relative_frequency": "terms",
    "frequency_of": "terms",
    "keyness": "terms",
    "compare_corpora": "terms",
    "collocations": "terms",
    "concordance": "terms",
    "dispersion": "terms",
    "find_breaks": "terms",
    "find_keywords": "terms",
    "stages": "terms",
    "describe_stages": "terms",
    "read_stopwords": "terms",
    "load": "tables",
    "evidence": "tables",
    "scored": "tables",
    "with_scorer": "tables",
    "plot_terms": "notebook",
    "plot_keyness": "notebook",
    "plot_shift": "notebook",
    "plot_trend": "notebook",
    "plot_heat": "notebook",
    "plot_actors": "notebook",
    "plot_network": "notebook",
    "plot_dispersion": "notebook",
    "plot_scorers": "notebook",
    "plot_timeline": "notebook",
    "plot_claims": "notebook",
    "Finding": "notebook",
    "findings": "notebook",
    "select": "notebook",
    "actor_names": "notebook",
    "show_topics": "notebook",
    "vader_lexicon": "notebook",
    "show_progress": "notebook",
    "show_table": "notebook",
    "show_evidence": "notebook",
    "term_rows": "notebook",
    "show_accuracy": "notebook",
    "show_words": "notebook",
    "provenance": "notebook",
    "explore": "notebook",
    "explorer": "notebook",
}
__all__ = sorted(_MODULE_OF)


def __getattr__(name: str):
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'sco_notes' has no attribute {name!r}; see dir(sco_notes)")
    return getattr(import_module(f".{_MODULE_OF[name]}", __name__), name)


def __dir__() -> list[str]:
    return __all__
