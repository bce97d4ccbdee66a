"""What a notebook shows beside charts: findings, tables, evidence, provenance, the explorer."""

from .controls import explorer
from .display import (
    counted,
    finding,
    provenance,
    show_accuracy,
    show_evidence,
    show_progress,
    show_table,
    show_words,
    term_rows,
)
from .exploring import explore

__all__ = [
    "counted", "explore", "explorer", "finding", "provenance", "show_accuracy", "show_evidence",
    "show_progress", "show_table", "show_words", "term_rows",
]  # fmt: skip
