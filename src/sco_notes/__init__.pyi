# The public names of the library: `import sco_notes as sn`, then sn.NAME. __init__.py reads them here.
# isort: skip_file

# Bad input
from .errors import SCONotesError as SCONotesError

# Text in
from .corpus import sentence_spans as sentence_spans
from .corpus.documents import read_chronology as read_chronology
from .corpus.documents import read_corpus as read_corpus
from .corpus.frames import check_choice as check_choice

# Tidy tables out
from .terms import collocations as collocations
from .terms import compare_corpora as compare_corpora
from .terms import concordance as concordance
from .terms import count_terms as count_terms
from .terms import describe_stages as describe_stages
from .terms import dispersion as dispersion
from .terms import find_breaks as find_breaks
from .terms import find_keywords as find_keywords
from .terms import frequency_of as frequency_of
from .terms import keyness as keyness
from .terms import periods as periods
from .terms import read_stopwords as read_stopwords
from .terms import relative_frequency as relative_frequency
from .terms import stages as stages
from .terms import stop_list_effect as stop_list_effect
from .actors import actor_table as actor_table
from .actors import co_mentions as co_mentions
from .actors import find_mentions as find_mentions
from .actors import read_actors as read_actors
from .sentiment import SCORERS as SCORERS
from .sentiment import evidence_words as evidence_words
from .sentiment import score_mentions as score_mentions
from .sentiment import score_sentences as score_sentences
from .sentiment import scorer_agreement as scorer_agreement
from .sentiment import summarise_actors as summarise_actors
from .sentiment.vader import vader_analyzer as vader_analyzer
from .dates import find_dates as find_dates
from .events import compare_events as compare_events
from .events import find_events as find_events
from .events import merge_events as merge_events
from .events import write_timeline as write_timeline
from .tables import evidence as evidence
from .tables import load as load
from .tables import scored as scored
from .tables import with_scorer as with_scorer

# What a notebook shows: charts, findings, tables, where they come from
from .notebook.display import Finding as Finding
from .notebook.display import actor_names as actor_names
from .notebook.exploring import explore as explore
from .notebook.exploring import explorer as explorer
from .notebook import findings as findings
from .notebook.drawing import plot_actors as plot_actors
from .notebook.drawing import plot_dispersion as plot_dispersion
from .notebook.drawing import plot_heat as plot_heat
from .notebook.drawing import plot_keyness as plot_keyness
from .notebook.drawing import plot_network as plot_network
from .notebook.drawing import plot_terms as plot_terms
from .notebook.drawing import plot_timeline as plot_timeline
from .notebook.drawing import plot_trend as plot_trend
from .notebook.display import provenance as provenance
from .notebook import select as select
from .notebook.display import show_accuracy as show_accuracy
from .notebook.display import show_evidence as show_evidence
from .notebook.display import show_progress as show_progress
from .notebook.display import show_table as show_table
from .notebook.drawing import show_topics as show_topics
from .notebook.display import show_words as show_words
from .notebook.display import term_rows as term_rows
