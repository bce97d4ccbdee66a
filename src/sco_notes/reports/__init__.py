"""Notebooks and parameters to pages: listed, checked, run in processes, set in a template, indexed."""

from .index import write_index
from .listing import Report, read_reports
from .parameters import check_parameters, describe_parameters
from .render import Outcome, analyse, build, render_reports

__all__ = [
    "Outcome", "Report", "analyse", "build", "check_parameters", "describe_parameters", "read_reports",
    "render_reports", "write_index",
]  # fmt: skip
