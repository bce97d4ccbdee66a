"""Whether `edtf_bounds` agrees with the package edtf (python-edtf), an independent reading of the standard.

    uv run --with edtf python benchmarks/dates_edtf.py

Compares first and last day of every date that the texts at hand name, and of the forms below; prints what
differs and fails if anything does. Left out are winters, the one difference by convention: ours runs from
December to February, theirs ends with the year.
"""

import sys

import pandas as pd

import sco_notes as sn
from sco_notes.dates import edtf_bounds, find_dates
from sco_notes.files import data_folder

FORMS = """
2024 2024-02 1900-02 2024-02-29 0000 0001 -0001 -0489 -0489-12 199X 19XX 00XX 000X 1910~ 2001? 2001-05%
2001-21 2001-22 2001-23 2023-33 2023-34 2023-35 2023-36 1996/.. ../2035-07 2013/2023 2009-06-15/2009-06-16
1910~/1912 -0478/-0469 -03XX Y12000 Y-11999 2008-41 -0498/-0492 1957/1960-05 2024-XX-XX 1999-12-XX 9999-12-31
""".split()


def theirs(edtf: str) -> tuple[str, str] | None:
    from edtf import parse_edtf

    date = parse_edtf(edtf)
    return tuple(_iso(limit) for limit in (date.lower_strict(), date.upper_strict()))


def _iso(limit: object) -> str:
    if isinstance(limit, float):  # an open end, plus or minus infinity
        return ""
    year, month, day = limit[:3]
    return f"{'-' if year < 0 else ''}{abs(year):04d}-{month:02d}-{day:02d}"


def main() -> None:
    chronicle = sn.read_corpus(data_folder() / "chronicle")
    named = find_dates(chronicle)["edtf"]
    dates = pd.unique(pd.Series([*FORMS, *named[named != ""]]))
    differing = 0
    for edtf in dates:
        ours, other = edtf_bounds(edtf), theirs(edtf)
        if ours != other:
            differing += 1
            print(f"{edtf}: ours {ours}, edtf {other}")
    print(f"{len(dates)} dates compared, {differing} differ")
    sys.exit(differing > 0)


if __name__ == "__main__":
    main()
