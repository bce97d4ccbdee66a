"""A file as people have it → its text, what it states, what is lost; in a child process with limits."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from ...errors import counted

KINDS = tomllib.loads(Path(__file__).with_name("kinds.toml").read_text(encoding="utf-8"))


def lost(kind: str, n_of: Mapping[str, int]) -> list[str]:
    """What of a file is not in its text, by how many there are of each element."""
    found = [(sum(n_of[name] for name in names), what, fate) for what, fate, *names in KINDS[kind]["lost"]]
    return [f"{counted(n, what)} {fate}" for n, what, fate in found if n]
