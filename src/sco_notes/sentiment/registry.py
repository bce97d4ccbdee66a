"""The scorers by name, and how a user adds one: for one session as an entry of SCORERS.

>>> from sco_notes.sentiment import SCORERS, Score, Scorer, Target
>>> def score(targets: list[Target]) -> list[Score]:
...     return [Score(0.5, "positive", []) if "peace" in target.sentence else Score(0.0, "neutral", [])
...             for target in targets]
>>> SCORERS["peace"] = Scorer("peace 1", score)
>>> import pandas as pd, sco_notes as sn
>>> docs = pd.DataFrame({"doc_id": ["a"], "text": ["China wants peace."]})
>>> sn.score_mentions(docs, sn.find_mentions(docs), "peace")[["actor", "valence", "label", "scorer"]]
  actor  valence     label   scorer
0   CHN      0.5  positive  peace 1
>>> del SCORERS["peace"]

For good it is an entry point of a package, as the language model MPNet is one:

    [project.entry-points."sco_notes.scorers"]
    peace = "my_package:PEACE"
"""

from collections.abc import Collection
from importlib.metadata import entry_points

from ..errors import SCONotesError
from . import linear, vader
from .encoder import is_installed
from .scorer import Scorer

ENTRY_POINTS = "sco_notes.scorers"
# Those that need no more than the project installs; the derived tables have their scores.
SCORERS = {
    "vader": Scorer(vader.NAME, vader.score),
    "linear": Scorer(linear.NAME, linear.score),
}


def best_scorer(known: Collection[str] = ()) -> str:
    """Return the most accurate scorer: "mpnet" where installed or among those a corpus has, else "linear".

    >>> best_scorer(["vader", "mpnet"])
    'mpnet'
    """
    return "mpnet" if "mpnet" in known or is_installed() else "linear"


def find_scorer(name: str) -> Scorer:
    """Return the scorer of a name, from SCORERS or the entry points of installed packages.

    Raises SCONotesError for an unknown name, and for what is no Scorer.

    >>> find_scorer("vader").name
    'vader nltk 3'
    """
    installed = {entry.name: entry for entry in entry_points(group=ENTRY_POINTS)}
    known = {**SCORERS, **installed}
    if not isinstance(name, str) or name not in known:
        raise SCONotesError(
            f"unknown scorer {name!r}; known: {', '.join(known)}; add "
            "your own by SCORERS[name] = Scorer(name, function)"
        )
    found = SCORERS[name] if name in SCORERS else installed[name].load()
    if not isinstance(found, Scorer):
        raise SCONotesError(
            f"scorer {name!r} is {found!r}; expected a Scorer: a name and a function from a list of "
            f"targets to a list of scores; write Scorer('{name} 1', function)"
        )
    return found
