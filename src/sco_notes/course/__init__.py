"""Exercises: sources to what students get; submissions to verdicts, in a sandbox.

Importing this package imports only what the cells of an exercise call.
"""

from .check import NotYet, check, grade

__all__ = ["NotYet", "check", "grade"]
