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
from types import FunctionType, ModuleType

# The public names, by the module that has them. Each is imported when it is first used: `sco-notes --help`
# would otherwise wait for pandas. `__init__.pyi` shows them to editors: `python tools/stub.py` writes it.
_PUBLIC = {
    "errors": "SCONotesError",
    # Text in
    "corpus": "sentence_spans",
    "corpus.documents": "read_chronology read_corpus",
    "corpus.frames": "check_choice",
    # Tidy tables out
    "terms": "collocations compare_corpora concordance count_terms describe_stages dispersion find_breaks "
    "find_keywords frequency_of keyness periods read_stopwords relative_frequency stages stop_list_effect",
    "actors": "actor_table co_mentions find_mentions read_actors",
    "sentiment": "SCORERS evidence_words score_mentions score_sentences scorer_agreement summarise_actors",
    "sentiment.vader": "vader_analyzer",
    "dates": "find_dates",
    "events": "compare_events find_events merge_events write_timeline",
    "tables": "evidence load scored with_scorer",
    # What a notebook shows: charts, findings, tables, where they come from
    "notebook": "findings select",
    "notebook.display": "Finding actor_names provenance show_accuracy show_evidence show_progress show_table "
    "show_words term_rows",
    "notebook.drawing": "plot_actors plot_dispersion plot_heat plot_keyness plot_network plot_terms "
    "plot_timeline plot_trend show_topics",
    "notebook.exploring": "explore explorer",
}
_MODULE_OF = {name: module for module, names in _PUBLIC.items() for name in names.split()}
__all__ = sorted(_MODULE_OF)


def __getattr__(name: str):
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'sco_notes' has no attribute {name!r}; see dir(sco_notes)")
    value = getattr(import_module(f".{_MODULE_OF[name]}", __name__), name)
    if isinstance(value, FunctionType | ModuleType):
        from .corpus.arguments import explained, explained_module

        value = explained(value) if isinstance(value, FunctionType) else explained_module(value)
    return value


def __dir__() -> list[str]:
    return __all__
