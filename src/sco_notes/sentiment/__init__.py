"""Mentions to the valence towards the actor; valence to an estimate per actor."""

from .agreement import disputed_mentions, evidence_words, scorer_agreement
from .registry import SCORERS
from .scorer import LABELS, Score, Scorer, Target, Word
from .scores import explain_mentions, score_mentions, score_sentences
from .summary import summarise_actors
from .tone import Comparison, compare_tone, compare_within_speakers
from .verdicts import describe_difference, describe_verdicts, listed_names
