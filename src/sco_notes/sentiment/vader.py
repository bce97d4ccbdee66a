"""VADER on one sentence: its compound score and the words behind it."""

from functools import lru_cache

SCORER = "vader 3.3.2"

# VADER knows straight apostrophes and ASCII punctuation only: "isn’t good" scores +0.44, «peace» 0.0.
# One character for one, so that offsets stay.
_PLAIN = str.maketrans("‘’‚‛“”„‟«»‹›–—―…", '\'\'\'\'""""""""   .')


def plain(text: str) -> str:
    """The text with the apostrophes, quotation marks and dashes that VADER knows."""
    return text.translate(_PLAIN)


@lru_cache(maxsize=1)
def _vader_parts():
    from vaderSentiment import vaderSentiment

    return vaderSentiment, vaderSentiment.SentimentIntensityAnalyzer()


def vader(sentence: str) -> tuple[float, str]:
    """VADER's compound score and the words behind it.

    The steps are those of SentimentIntensityAnalyzer.polarity_scores, which keeps the words to itself;
    tests compare the two.
    """
    reference, analyser = _vader_parts()
    text = sentence if sentence.isascii() else _spell_emoji(sentence, analyser.emojis)
    marked = reference.SentiText(text)
    words = marked.words_and_emoticons
    values: list[float] = []
    for i, word in enumerate(words):
        lower = word.lower()
        is_kind_of = lower == "kind" and i + 1 < len(words) and words[i + 1].lower() == "of"
        if lower not in analyser.lexicon or lower in reference.BOOSTER_DICT or is_kind_of:
            values.append(0)
        else:
            values = analyser.sentiment_valence(0, marked, word, i, values)
    values = analyser._but_check(words, values)
    compound = analyser.score_valence(values, text)["compound"] if values else 0.0
    evidence = "; ".join(f"{word} {value:+.1f}" for word, value in zip(words, values, strict=True) if value)
    return compound, evidence


def _spell_emoji(sentence: str, emojis: dict[str, str]) -> str:
    text = ""
    after_space = True
    for character in sentence:
        if character in emojis:
            text += ("" if after_space else " ") + emojis[character]
            after_space = False
        else:
            text += character
            after_space = character == " "
    return text.strip()
