"""VADER (Hutto and Gilbert 2014) by NLTK on a whole sentence, with the words behind its score.

On the lexicon of the package vaderSentiment 3.3.2, whose rules differ a little: with NLTK "no" negates
nothing, emoji have no tone, words in brackets, quotation marks or with a hyphen before a comma are not found.
"""

import re
from functools import cache
from typing import Any

from ..files import data_folder, read_checked
from .scorer import Score, Target, Word

NAME = "vader nltk 3"  # nltk is limited to version 3 in pyproject.toml
DEAD_ZONE = 0.05  # VADER's own: neutral between -0.05 and 0.05
_SIGNS = ".!?,;:-'\""  # those that NLTK takes off a word
_TOKEN = re.compile(r"\S\S+")  # NLTK leaves out tokens of one character


def score(targets: list[Target]) -> list[Score]:
    """Return VADER's compound score of the sentence around each target, whoever the target is."""
    known = {sentence: score_sentence(sentence) for sentence in {target.sentence for target in targets}}
    return [known[target.sentence] for target in targets]


def score_sentence(sentence: str) -> Score:
    """Return the compound score of a sentence, in [-1, 1], with the words that made it.

    >>> found = score_sentence("A great success!")
    >>> found.valence, [(word.word, word.value) for word in found.words]
    (0.8439, [('great', 3.1), ('success', 2.7), ('!', 0.292)])
    """
    ratings = lexicon()
    found = _analyzer_with_values().polarity_scores(sentence)
    words = []
    for match, value in zip(_TOKEN.finditer(sentence), found["values"], strict=True):
        if value:
            token = match.group()
            word = token if token.lower() in ratings else token.strip(_SIGNS)
            start, rating = match.start() + token.index(word), ratings[word.lower()]
            factor = value / rating
            turned = "turned by its context" if factor < 0 else "strengthened" if factor > 1 else "weakened"
            words.append(Word(word, start, rating, factor, "as listed" if value == rating else turned))
    if found["emphasis"] and found["compound"]:
        sign = "!" if "!" in sentence else "?"
        direction = 1.0 if found["compound"] > 0 else -1.0
        why = "marks strengthen the sentence"
        words.append(Word(sign, sentence.index(sign), found["emphasis"], direction, why))
    valence = found["compound"]
    label = "positive" if valence >= DEAD_ZONE else "negative" if valence <= -DEAD_ZONE else "neutral"
    return Score(valence, label, words)


def vader_analyzer() -> Any:
    """Return NLTK's SentimentIntensityAnalyzer with the lexicon of this project; nothing is downloaded.

    >>> vader_analyzer().polarity_scores("A great success.")["compound"]
    0.8316
    """
    from nltk.sentiment.vader import SentimentIntensityAnalyzer, VaderConstants  # a second: only when used

    # Not by its own way to make one: nltk.data, by which it reads its lexicon, refuses folders that a group
    # may write to.
    analyzer = object.__new__(SentimentIntensityAnalyzer)
    analyzer.lexicon, analyzer.constants = lexicon(), VaderConstants()
    return analyzer


@cache
def lexicon() -> dict[str, float]:
    """Read VADER's 7,500 words with their mean rating by people, from -4 to 4."""
    lines = read_checked(data_folder() / "vader_lexicon.txt").decode().splitlines()
    return {word: float(rating) for word, rating, *_ in (line.split("\t") for line in lines)}


@cache
def _analyzer_with_values() -> Any:
    """NLTK's rules, with the value of each word in what they return."""
    analyzer = vader_analyzer()
    score_valence = analyzer.score_valence

    def with_values(sentiments: list[float], text: str) -> dict:
        emphasis = analyzer._punctuation_emphasis(0, text)
        return score_valence(sentiments, text) | {"values": sentiments, "emphasis": emphasis}

    analyzer.score_valence = with_values
    return analyzer
