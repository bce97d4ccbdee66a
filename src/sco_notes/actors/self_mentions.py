"""Tell which mentions are of the speaker's own state: most praise a state gets is its own."""

import pandas as pd

from ..errors import SCONotesError
from .table import actor_table


def self_mentions(mentions: pd.DataFrame, actors: pd.DataFrame | None = None) -> pd.Series:
    """Return True for the mentions of the state a document speaks for, and of its leaders.

    Takes actor and country (of the speaker, as the id of its state), or self_mention (True or False) where
    that is known already; without either no mention is of the speaker's own state. `actors` tells whose
    leader is whose. Raises SCONotesError where self_mention is neither True nor False.

    >>> self_mentions(pd.DataFrame({"actor": ["KAZ", "TOKAYEV", "CHN"], "country": "KAZ"})).tolist()
    [True, True, False]
    """
    if "self_mention" in mentions:
        is_wrong = ~mentions["self_mention"].isin([True, False]).to_numpy()
        if is_wrong.any():
            row = int(is_wrong.argmax())
            raise SCONotesError(
                f"mentions, row {row + 1}: self_mention is {mentions['self_mention'].iloc[row]!r}; "
                "True or False is expected; fill it, or remove that column and give country"
            )
        return mentions["self_mention"].astype(bool)
    if "country" not in mentions:
        return pd.Series(False, index=mentions.index)
    leaders = actor_table(actors).query("state != ''").set_index("actor")["state"].to_dict()
    state = mentions["actor"].map(lambda actor: leaders.get(actor, actor))
    return state.astype(str) == mentions["country"].astype(str)
