"""Mentions to the valence towards the actor; valence to an estimate per actor."""

from .scores import SCORERS, explain_mentions, not_english, score_mentions, score_sentences
from .summary import summarise_actors
from .voice import mark_voice
from .words import Score, Scorer, Target, Word

__all__ = [
    "SCORERS",
    "Score",
    "Scorer",
    "Target",
    "Word",
    "explain_mentions",
    "mark_voice",
    "not_english",
    "score_mentions",
    "score_sentences",
    "summarise_actors",
]
