"""Dates in prose and dates in standard form.

find: text and reference date to date expressions; rules.toml says what is one, readings what it means, in the
context of the dates before it. edtf: the bounds of a date in EDTF, the Extended Date/Time Format.
"""

from ..corpus.edtf import decimal_year, edtf_bounds, edtf_days
from .timex import find_dates

__all__ = ["decimal_year", "edtf_bounds", "edtf_days", "find_dates"]
