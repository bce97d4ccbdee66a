"""Who is named: actors.toml to a table of actors; documents and that table to mentions."""

from .mentions import find_mentions
from .own import own_mentions
from .table import actor_table, read_actors
from .together import co_mention_matrix, co_mentions
from .voice import voices

__all__ = [
    "actor_table", "co_mention_matrix", "co_mentions", "find_mentions", "own_mentions", "read_actors",
    "voices",
]  # fmt: skip
