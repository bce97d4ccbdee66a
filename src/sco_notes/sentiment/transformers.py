"""Models that users have downloaded themselves, as scorers: the extra [transformers]. Nothing is downloaded.

`score_mentions(documents, mentions, "transformers:FOLDER")` takes a folder as Hugging Face's save_pretrained
writes it, with a model that reads a sentence and, as its pair, the words of the mention, and knows the labels
negative, neutral and positive. Any other model is a function of the text before the mention, the mention and
the text after it, as that of NewsSentiment (Hamborg and Donnay 2021) is:

    SCORERS["news"] = from_context(infer, "news 1")
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path

from ..errors import SCONotesError
from .scorer import LABELS, Score, Scorer, Target

PREFIX = "transformers:"
MOST = 512  # tokens read of a sentence and a mention

Infer = Callable[[str, str, str], Mapping[str, float]]


def from_context(infer: Infer, name: str) -> Scorer:
    """A scorer from a function (left, mention, right) to the probabilities of the three labels, by label.

    >>> blames = from_context(lambda left, mention, right: {"negative": 0.7, "neutral": 0.2, "positive": 0.1},
    ...     "blames 1")
    >>> blames.score([Target("Iran spoke.", 0, 4)])
    [Score(valence=-0.6, label='negative', words=[], probabilities=(0.7, 0.2, 0.1))]
    """

    def score(targets: list[Target]) -> list[Score]:
        return [_score(infer(*_context(target))) for target in targets]

    return Scorer(name, score)


def _context(target: Target) -> tuple[str, str, str]:
    text = target.sentence
    return text[: target.start], text[target.start : target.end], text[target.end :]


def _score(probabilities: Mapping[str, float]) -> Score:
    negative, neutral, positive = (float(probabilities[label]) for label in LABELS)
    label = max(("neutral", "negative", "positive"), key=probabilities.__getitem__)
    return Score(round(positive - negative, 4), label, [], (negative, neutral, positive))


@lru_cache(maxsize=2)
def from_folder(folder: str) -> Scorer:
    """A scorer from a folder with a model for sequence classification and its tokenizer.

    Raises SCONotesError where transformers or PyTorch, or the folder, is missing, and where the model's
    configuration does not say which class is which.
    """
    try:
        import torch
        from transformers import AutoConfig, AutoModelForSequenceClassification, AutoTokenizer
    except ImportError as error:
        raise SCONotesError(
            f"the scorer '{PREFIX}FOLDER' needs the packages transformers and torch ({error}); "
            "install them by `pip install transformers torch`, or choose the scorer 'linear'"
        ) from None
    if not (Path(folder) / "config.json").is_file():
        raise SCONotesError(
            f"{folder}: no model here (config.json is missing); give the folder of a model that you have "
            "downloaded, as save_pretrained writes it"
        )
    order = _order(AutoConfig.from_pretrained(folder, local_files_only=True).id2label, folder)
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    model = AutoModelForSequenceClassification.from_pretrained(folder, local_files_only=True).eval()

    def infer(left: str, mention: str, right: str) -> dict[str, float]:
        read = tokenizer(
            left + mention + right, mention, truncation="only_first", max_length=MOST, return_tensors="pt"
        )
        with torch.no_grad():
            probabilities = model(**read).logits[0].double().softmax(-1).tolist()
        return {label: probabilities[order[label]] for label in LABELS}

    return from_context(infer, f"{PREFIX}{Path(folder).name}")


def _order(names: Mapping[int, str], folder: str) -> dict[str, int]:
    """Label to the number of its class, by the model's own names for its classes."""
    order = {str(name).lower(): int(number) for number, name in names.items()}
    if sorted(order) != sorted(LABELS):
        raise SCONotesError(
            f"{folder}/config.json: id2label has {', '.join(map(repr, names.values()))}; expected are the "
            "three classes 'negative', 'neutral' and 'positive' (in any order); if you know which is which, "
            "write it there"
        )
    return order
