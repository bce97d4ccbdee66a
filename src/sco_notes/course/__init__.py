"""Exercises: sources to what students get; submissions to verdicts, in a sandbox."""

from .check import NotYet, check, grade

__all__ = ["NotYet", "check", "grade"]
