"""Mentions to the valence towards the actor; valence to an estimate per actor."""

from .agreement import disputed_mentions, evidence_words, scorer_agreement
from .scorer import LABELS, Score, Scorer, Target, Word
from .scores import SCORERS, best_scorer, explain_mentions, score_mentions, score_sentences
from .summary import describe_verdicts, listed_names, summarise_actors
from .tone import Comparison, compare_tone, compare_within_speakers, describe_difference
