"""Documents to counts of terms; counts to frequencies and keyness; documents to concordances."""

from .breaks import describe_stages, find_breaks, find_keywords, stages
from .collocations import collocations, cooccurrences
from .concordance import concordance
from .counts import count_terms, read_stopwords
from .dispersion import dispersion
from .formulas import find_formulas, formula_links, formula_users
from .frequency import (
    frequency_of,
    largest_change,
    periods,
    relative_frequency,
    stop_list_effect,
)
from .groups import find_groups, read_groups
from .keyness import compare_corpora, keyness
from .topics import Topics, find_topics
