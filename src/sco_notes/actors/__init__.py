"""Who is named: actors.toml to a table of actors; documents and that table to mentions."""

from .attribution import attribution, find_slogans
from .mentions import find_mentions, self_mentions
from .table import actor_table, read_actors
from .together import co_mentions
