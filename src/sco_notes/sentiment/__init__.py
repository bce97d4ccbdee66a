"""Sentences to valence; mentions to the valence of their sentence; valence to an estimate per actor."""

from .scores import score_mentions, score_sentences
from .summary import summarise_actors

__all__ = ["score_mentions", "score_sentences", "summarise_actors"]
