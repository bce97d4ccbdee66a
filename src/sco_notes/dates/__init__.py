"""Find dates in prose: text and reference date to time expressions, by rules.toml, read in their context."""

from ..corpus.edtf import decimal_year, edtf_bounds, edtf_days
from .timex import find_dates

__all__ = ["decimal_year", "edtf_bounds", "edtf_days", "find_dates"]
