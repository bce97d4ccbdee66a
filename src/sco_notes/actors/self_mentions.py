"""Which mentions are of the speaker's own state: most praise a state gets is its own."""

import pandas as pd

from ..errors import SCONotesError
from .table import actor_table


def self_mentions(mentions: pd.DataFrame, actors: pd.DataFrame | None = None) -> pd.Series:
    """True for the mentions of the state a document speaks for, and of its leaders.

    Takes actor and country (of the speaker, as the id of its state), or own where that is known already;
    without either no mention counts as own. `actors` as `read_actors` returns
    them say whose leader is whose. In the UN speeches nine in ten mentions of China are its own.
    Raises SCONotesError where self_mention is not true or false.

    >>> self_mentions(pd.DataFrame({"actor": ["KAZ", "TOKAYEV", "CHN"], "country": "KAZ"})).tolist()
    [True, True, False]
    """
    if "self_mention" in mentions:
        is_wrong = ~mentions["self_mention"].isin([True, False]).to_numpy()
        if is_wrong.any():
            row = int(is_wrong.argmax())
            raise SCONotesError(
                f"mentions, row {row + 1}: self_mention is {mentions['self_mention'].iloc[row]!r}; "
                "True or False is expected; "
                "fill it, or remove that column and give country"
            )
        return mentions["self_mention"].astype(bool)
    if "country" not in mentions:
        return pd.Series(False, index=mentions.index)
    table = actor_table(actors).set_index("actor")
    state = mentions["actor"].map(table["state"].where(table["state"] != "")).fillna(mentions["actor"])
    return state.astype(str) == mentions["country"].astype(str)
