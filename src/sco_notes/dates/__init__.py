"""Dates in prose, and the bounds of a date in standard form (EDTF, the Extended Date/Time Format)."""

from ..corpus.edtf import decimal_year, edtf_bounds, edtf_days
from .timex import find_dates

__all__ = ["decimal_year", "edtf_bounds", "edtf_days", "find_dates"]
