"""A corpus → its tables: made once, kept, verified, of any size."""

from .scale import extract_corpus
from .study import (
    DERIVED,
    Tables,
    corpora,
    evidence,
    extract,
    has_texts,
    load,
    scored,
    verify,
    with_scorer,
    write_derived,
)

__all__ = [
    "DERIVED", "Tables", "corpora", "evidence", "extract", "extract_corpus", "has_texts", "load", "scored",
    "verify", "with_scorer", "write_derived",
]  # fmt: skip
