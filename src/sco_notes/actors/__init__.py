"""Who is named: actors.toml to a table of actors; documents and that table to mentions."""

from .attribution import voices
from .mentions import find_mentions
from .self_mentions import own_mentions
from .table import actor_table, read_actors
from .together import co_mention_matrix, co_mentions

__all__ = [
    "actor_table", "co_mention_matrix", "co_mentions", "find_mentions", "own_mentions", "read_actors",
    "voices",
]  # fmt: skip
