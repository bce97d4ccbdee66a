"""A corpus → its tables: made once, kept, verified, of any size."""

from .scale import extract_corpus
from .stored import make_derived, verify, write_derived
from .study import DERIVED, Tables, corpora, evidence, extract, has_texts, load, scored, with_scorer
