"""Mentions to the valence towards the actor; valence to an estimate per actor."""

from .agreement import disputed_mentions, evidence_words, scorer_agreement
from .registry import SCORERS
from .scorer import LABELS, Score, Scorer, Target, Word
from .scores import explain_mentions, score_mentions, score_sentences
from .speakers import compare_within_speakers
from .summary import summarise_actors
from .tone import Comparison, compare_tone
from .verdicts import describe_difference, describe_verdicts, listed_names

__all__ = [
    "LABELS", "SCORERS", "Comparison", "Score", "Scorer", "Target", "Word", "compare_tone",
    "compare_within_speakers",
    "describe_difference", "describe_verdicts", "disputed_mentions", "evidence_words",
    "explain_mentions", "listed_names", "score_mentions", "score_sentences", "scorer_agreement",
    "summarise_actors",
]  # fmt: skip
