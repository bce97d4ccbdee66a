"""Documents to counts of terms; counts to frequencies and keyness; documents to concordances."""

from .collocations import collocations, cooccurrences
from .comparison import compare_corpora, keyness
from .concordance import concordance
from .counts import count_terms, read_stopwords
from .dispersion import dispersion
from .expressions import find_expressions
from .frequency import frequency_of, relative_frequency
from .topics import Topics, find_topics, topic_stability

__all__ = [
    "Topics",
    "collocations",
    "compare_corpora",
    "concordance",
    "cooccurrences",
    "count_terms",
    "dispersion",
    "find_expressions",
    "find_topics",
    "frequency_of",
    "keyness",
    "read_stopwords",
    "relative_frequency",
    "topic_stability",
]
