"""Who is named: actors.toml to a table of actors; documents and that table to mentions."""

from .mentions import find_mentions
from .own import own_mentions
from .table import actor_table, read_actors

__all__ = ["actor_table", "find_mentions", "own_mentions", "read_actors"]
