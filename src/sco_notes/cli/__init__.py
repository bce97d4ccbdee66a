"""The command `sco-notes`, thin: each command is a call into the library."""

from .main import main

__all__ = ["main"]
