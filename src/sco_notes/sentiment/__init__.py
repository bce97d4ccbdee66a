"""Mentions to the valence towards the actor; valence to an estimate per actor."""

from .scores import SCORERS, explain_mentions, score_mentions, score_sentences
from .summary import summarise_actors

__all__ = ["SCORERS", "explain_mentions", "score_mentions", "score_sentences", "summarise_actors"]
