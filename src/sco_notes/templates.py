"""Fill the templates of pages: reports, index, feedback."""

from functools import lru_cache
from importlib.metadata import version
from math import isnan
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
GENERATOR = "sco-notes"
RELEASED = 2026  # the year of this version, as CITATION.cff has it


def render_template(folder: Path, name: str, **values) -> str:
    """Fill a template of a folder; whatever is put into it is escaped."""
    constants = {"policy": POLICY, "generator": GENERATOR, "version": version("sco-notes"), "year": RELEASED}
    return _environment(folder).get_template(name).render(constants | values)


@lru_cache
def _environment(folder: Path) -> Environment:
    """The templates of a folder, each compiled once."""
    environment = Environment(
        loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["points"] = lambda number: "–" if isnan(number) else f"{number:g}"
    return environment
