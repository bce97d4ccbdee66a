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
from types import FunctionType

# The public names, by the module that has them. Each is imported when it is first used: `sco-notes --help`
# would otherwise wait for pandas. `__init__.pyi` shows them to editors: `python tools/stub.py` writes it.
_PUBLIC = {
    "errors": "SCONotesError",
    "files": "data_folder",
    # Text in
    "corpus": "normalise sentence_spans token_spans",
    "corpus.documents": "read_corpus read_chronology select_documents",
    "corpus.frames": "check_choice",
    "corpus.sources": "read_source",
    # Tidy tables out
    "terms": "collocations compare_corpora concordance cooccurrences count_groups count_terms "
    "describe_stages dispersion find_breaks find_groups find_keywords find_topics "
    "frequency_of keyness largest_change periods read_groups read_stopwords relative_frequency stages "
    "stop_list_effect word_shift",
    "actors": "actor_table attribution co_mention_matrix co_mentions find_mentions read_actors self_mentions",
    "actors.checks": "alias_in_context check_aliases",
    "sentiment": "SCORERS compare_tone describe_difference describe_rank describe_verdicts disputed_mentions "
    "evidence_words explain_mentions score_mentions score_sentences scorer_agreement summarise_actors",
    "dates": "find_dates",
    "events": "compare_events event_years find_events merge_events write_timeline",
    "tables": "Tables corpora evidence extract load scored with_scorer",
    # Charts from tables, and what a notebook shows beside them
    "charts": "alternative_text plot_actors plot_claims plot_dispersion plot_heat plot_keyness plot_network "
    "plot_scorers plot_shift plot_terms plot_timeline plot_topics plot_trend",
    "notebook": "counted explore explorer finding provenance show_accuracy show_evidence show_progress "
    "show_table show_words term_rows",
}
_MODULE_OF = {name: module for module, names in _PUBLIC.items() for name in names.split()}
__all__ = sorted(_MODULE_OF)


def __getattr__(name: str):
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'sco_notes' has no attribute {name!r}; see dir(sco_notes)")
    value = getattr(import_module(f".{_MODULE_OF[name]}", __name__), name)
    if isinstance(value, FunctionType):
        from .corpus.arguments import explained

        value = explained(value)
    globals()[name] = value  # found there from now on, always the same
    return value


def __dir__() -> list[str]:
    return __all__
