"""What a notebook shows: findings, tables, charts, evidence, provenance, the explorer."""

from . import findings, select
from .display import (
    Finding,
    Note,
    actor_names,
    provenance,
    show_accuracy,
    show_evidence,
    show_progress,
    show_table,
    show_words,
    term_rows,
)
from .drawing import (
    plot_actors,
    plot_dispersion,
    plot_heat,
    plot_keyness,
    plot_network,
    plot_terms,
    plot_timeline,
    plot_topics,
    plot_trend,
    show_topics,
)
from .exploring import explore, explorer
