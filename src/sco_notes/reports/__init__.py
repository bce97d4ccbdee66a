"""Notebooks and parameters to pages: listed, checked, run in processes, set in a template, indexed."""

from .bundle import write_bundle
from .index import write_index
from .ledger import moved_findings, write_ledger
from .listing import Report, read_reports
from .parameters import check_parameters, describe_parameters
from .render import Outcome, analyse, build, differences, render_reports

__all__ = [
    "Outcome", "Report", "analyse", "build", "check_parameters", "describe_parameters", "differences",
    "moved_findings", "read_reports", "render_reports", "write_bundle", "write_index", "write_ledger",
]  # fmt: skip
