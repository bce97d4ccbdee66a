"""Dates: the rules' own examples, notations with EDTF and bounds worked out by hand, and what is no date."""

import time
import tomllib
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sco_notes.dates import candidates, decimal_year, edtf_bounds, find_dates
from sco_notes.dates.timex import DATE_COLUMNS
from sco_notes.errors import SCONotesError

RULES = tomllib.loads(Path(candidates.__file__).with_name("rules.toml").read_text(encoding="utf-8"))["rule"]
EXAMPLES = [(rule["name"], text, value) for rule in RULES for text, value in rule["examples"]]

# Text with the expression between bars; its EDTF; first and last day. No reference date.
EXPLICIT = """
|2024-07-03| | 2024-07-03 | 2024-07-03 | 2024-07-03
on |4 July 2024| they signed | 2024-07-04 | 2024-07-04 | 2024-07-04
|July 4, 2024| | 2024-07-04 | 2024-07-04 | 2024-07-04
|JULY 4, 2024| | 2024-07-04 | 2024-07-04 | 2024-07-04
|Thursday, 4 July 2024| | 2024-07-04 | 2024-07-04 | 2024-07-04
on |the 4th of July, 2024| | 2024-07-04 | 2024-07-04 | 2024-07-04
on |July 4th 2024| | 2024-07-04 | 2024-07-04 | 2024-07-04
|29 February 2024| | 2024-02-29 | 2024-02-29 | 2024-02-29
|15.06.2001| | 2001-06-15 | 2001-06-15 | 2001-06-15
|06/15/2001| | 2001-06-15 | 2001-06-15 | 2001-06-15
|03/07/2024| | 2024-XX-XX | 2024-01-01 | 2024-12-31
|05/05/2024| | 2024-05-05 | 2024-05-05 | 2024-05-05
on |July 3-4, 2024|, | 2024-07-03/2024-07-04 | 2024-07-03 | 2024-07-04
on |3–4 July 2024| | 2024-07-03/2024-07-04 | 2024-07-03 | 2024-07-04
|from July 3 to 4, 2024|, | 2024-07-03/2024-07-04 | 2024-07-03 | 2024-07-04
|9-10 June 2018| | 2018-06-09/2018-06-10 | 2018-06-09 | 2018-06-10
|between 29 June and 2 July 2024| | 2024-06-29/2024-07-02 | 2024-06-29 | 2024-07-02
|June 28, 2024 to July 2, 2024| | 2024-06-28/2024-07-02 | 2024-06-28 | 2024-07-02
|31 August - 1 September 2025| | 2025-08-31/2025-09-01 | 2025-08-31 | 2025-09-01
in |June 2018| | 2018-06 | 2018-06-01 | 2018-06-30
in |February of 2000| | 2000-02 | 2000-02-01 | 2000-02-29
in |Sept. 1939| | 1939-09 | 1939-09-01 | 1939-09-30
|from May 2001 to June 2002| | 2001-05/2002-06 | 2001-05-01 | 2002-06-30
in |mid-July 2024| | 2024-07 | 2024-07-11 | 2024-07-20
in |early March 2018| | 2018-03 | 2018-03-01 | 2018-03-10
in |late February 2023| | 2023-02 | 2023-02-21 | 2023-02-28
in |2001|. | 2001 | 2001-01-01 | 2001-12-31
since |1996|, | 1996 | 1996-01-01 | 1996-12-31
until |2035| | 2035 | 2035-01-01 | 2035-12-31
the |2024| summit | 2024 | 2024-01-01 | 2024-12-31
by |the year 2030| | 2030 | 2030-01-01 | 2030-12-31
by |the end of 2017| | 2017 | 2017-09-01 | 2017-12-31
at |the beginning of 2017| | 2017 | 2017-01-01 | 2017-04-30
in |mid-2007| | 2007 | 2007-05-01 | 2007-08-31
|late in 1957| | 1957 | 1957-09-01 | 1957-12-31
|about 1910| | 1910~ | 1910-01-01 | 1910-12-31
the decade (|2013-2023|) | 2013/2023 | 2013-01-01 | 2023-12-31
|the years 2013 to 2023| | 2013/2023 | 2013-01-01 | 2023-12-31
|between 2013 and 2023| | 2013/2023 | 2013-01-01 | 2023-12-31
|from 2013 until 2023| | 2013/2023 | 2013-01-01 | 2023-12-31
in |1957-60| | 1957/1960 | 1957-01-01 | 1960-12-31
in |2013/14| | 2013/2014 | 2013-01-01 | 2014-12-31
in |the 1990s| | 199X | 1990-01-01 | 1999-12-31
in |the early 1990s| | 199X | 1990-01-01 | 1993-12-31
in |the mid-1990s| | 199X | 1994-01-01 | 1996-12-31
in |the late 1990's| | 199X | 1997-01-01 | 1999-12-31
|the 2010s| | 201X | 2010-01-01 | 2019-12-31
|the mid-2000s| | 200X | 2004-01-01 | 2006-12-31
|the late 1800s| | 18XX | 1870-01-01 | 1899-12-31
in |the 20th century| | 19XX | 1900-01-01 | 1999-12-31
|the twenty-first century| | 20XX | 2000-01-01 | 2099-12-31
|the early nineteenth century| | 18XX | 1800-01-01 | 1839-12-31
|the 4th century BC| | -03XX | -0399-01-01 | -0300-12-31
|490 BC| | -0489 | -0489-01-01 | -0489-12-31
|c. 490 BC| | -0489~ | -0489-01-01 | -0489-12-31
|1 BC| | 0000 | 0000-01-01 | 0000-12-31
|499-493 BC| | -0498/-0492 | -0498-01-01 | -0492-12-31
the era (|220-280 AD|): | 0220/0280 | 0220-01-01 | 0280-12-31
|AD 220| | 0220 | 0220-01-01 | 0220-12-31
|the 470s BC| | -0478/-0469 | -0478-01-01 | -0469-12-31
|12000 BC| | Y-11999 | -11999-01-01 | -11999-12-31
|September 480 BC| | -0479-09 | -0479-09-01 | -0479-09-30
|the summer of 1955| | 1955-22 | 1955-06-01 | 1955-08-31
|winter 2001| | 2001-24 | 2001-12-01 | 2002-02-28
|Q3 2023| | 2023-35 | 2023-07-01 | 2023-09-30
|the second half of 2008| | 2008-41 | 2008-07-01 | 2008-12-31
|FY2024| | 2024~ | 2024-01-01 | 2024-12-31
|the week of 9 June 2018| | 2018-06-04/2018-06-10 | 2018-06-04 | 2018-06-10
|Christmas 2007| | 2007-12-25 | 2007-12-25 | 2007-12-25
|2024/07/03| | 2024-07-03 | 2024-07-03 | 2024-07-03
|2024-07-03T14:30:00Z| | 2024-07-03 | 2024-07-03 | 2024-07-03
|2018-W23| | 2018-06-04/2018-06-10 | 2018-06-04 | 2018-06-10
|week 23 of 2018| | 2018-06-04/2018-06-10 | 2018-06-04 | 2018-06-10
|31-12-1999| | 1999-12-31 | 1999-12-31 | 1999-12-31
|Fri, 15 Jun 2001| | 2001-06-15 | 2001-06-15 | 2001-06-15
on |June the 15th, 2001|, | 2001-06-15 | 2001-06-15 | 2001-06-15
on |15th June 2001| | 2001-06-15 | 2001-06-15 | 2001-06-15
|the morning of 15 June 2001| | 2001-06-15 | 2001-06-15 | 2001-06-15
|5/6 June 1996| | 1996-06-05/1996-06-06 | 1996-06-05 | 1996-06-06
|28 February-1 March 2003| | 2003-02-28/2003-03-01 | 2003-02-28 | 2003-03-01
|June 15–July 3, 2001| | 2001-06-15/2001-07-03 | 2001-06-15 | 2001-07-03
|June-July 2018| | 2018-06/2018-07 | 2018-06-01 | 2018-07-31
|May to September 1999| | 1999-05/1999-09 | 1999-05-01 | 1999-09-30
|between May 1999 and June 2000| | 1999-05/2000-06 | 1999-05-01 | 2000-06-30
by |the end of May 2024| | 2024-05 | 2024-05-21 | 2024-05-31
|end-2019| | 2019 | 2019-09-01 | 2019-12-31
|early-2001| | 2001 | 2001-01-01 | 2001-04-30
|1996-1998| | 1996/1998 | 1996-01-01 | 1998-12-31
|from 1996 through 2004| | 1996/2004 | 1996-01-01 | 2004-12-31
|calendar year 2021| | 2021 | 2021-01-01 | 2021-12-31
before |2035|, | 2035 | 2035-01-01 | 2035-12-31
post-|1991| | 1991 | 1991-01-01 | 1991-12-31
|around 1850| | 1850~ | 1850-01-01 | 1850-12-31
|c. 1200| | 1200~ | 1200-01-01 | 1200-12-31
|circa 1600| | 1600~ | 1600-01-01 | 1600-12-31
|FY 2024| | 2024~ | 2024-01-01 | 2024-12-31
|fiscal 2013| | 2013~ | 2013-01-01 | 2013-12-31
|FY2023-24| | 2023~/2024~ | 2023-01-01 | 2024-12-31
|Q1/2023| | 2023-33 | 2023-01-01 | 2023-03-31
|H1 2024| | 2024-40 | 2024-01-01 | 2024-06-30
|the last quarter of 2019| | 2019-36 | 2019-10-01 | 2019-12-31
|third quarter 2023| | 2023-35 | 2023-07-01 | 2023-09-30
|the winter of 1939-40| | 1939-24 | 1939-12-01 | 1940-02-29
|late 1990s to early 2000s| | 199X/200X | 1997-01-01 | 2003-12-31
|the 1920s-1930s| | 192X/193X | 1920-01-01 | 1939-12-31
in |the '60s| | 196X | 1960-01-01 | 1969-12-31
at |the start of the 1990s| | 199X | 1990-01-01 | 1993-12-31
|the first decade of the 21st century| | 200X | 2000-01-01 | 2009-12-31
|18th-century| art | 17XX | 1700-01-01 | 1799-12-31
in |the 5th to 6th centuries| | 04XX/05XX | 0400-01-01 | 0599-12-31
|the turn of the 20th century| | 1900~ | 1900-01-01 | 1900-12-31
|300 BCE| | -0299 | -0299-01-01 | -0299-12-31
|between 400 and 350 BC| | -0399/-0349 | -0399-01-01 | -0349-12-31
|May Day 2004| | 2004-05-01 | 2004-05-01 | 2004-05-01
"""

# Text, reference date, EDTF, what it was resolved from.
RELATIVE = """
|last week| | 2024-07-04 | 2024-06-24/2024-06-30 | 2024-07-04
on |Monday| they met | 2024-07-04 | 2024-07-01 | 2024-07-04
they will meet on |Monday| | 2024-07-04 | 2024-07-08 | 2024-07-04
|two decades ago| | 2024-07-04 | 2004~ | 2024-07-04
|three months ago| | 2024-07-04 | 2024-04 | 2024-07-04
the budget of 1791; for |the next fiscal year| | 2024-07-04 | 2025 | 2024-07-04
|more than 30 years ago| | 2024 | 1994~ | 2024
|this year| | 2024-07 | 2024 | 2024-07
|last year| | 2024 | 2023 | 2024
|yesterday| | 2024-03-01 | 2024-02-29 | 2024-03-01
in |December| they met | 2024-07-04 | 2023-12 | 2024-07-04
in |December| they will meet | 2024-07-04 | 2024-12 | 2024-07-04
on |3 July| they met | 2024-07-04 | 2024-07-03 | 2024-07-04
at |the turn of the century| | 1995-10-02 | 2000~ | 1995-10-02
|last quarter| | 2024-07-04 | 2024-34 | 2024-07-04
in |the third quarter| | 2024-06-04 | 2023-35 | 2024-06-04
over |the weekend| | 2024-07-04 | 2024-06-29/2024-06-30 | 2024-07-04
twice that |a year earlier| | 2024-07-04 | 2023 | 2024-07-04
|June last year| | 2024-07-04 | 2023-06 | 2024-07-04
by |the end of the year| | 2024-07-04 | 2024 | 2024-07-04
In 2001 it began; |the following year| it grew | 2024-07-04 | 2002 | 2001
On 31 December 2001 it began; |two days later| it ended | 2024-07-04 | 2002-01-02 | 2001-12-31
In May 2001 it began; |that summer| it grew | 2024-07-04 | 2001-22 | 2001-05
|last winter| | 2024-01-15 | 2022-24 | 2024-01-15
|last June| | 2024-07 | 2024-06 | 2024-07
|last June| | 2024 | |
In 490 BC it began; |the next year| it ended | 2024-07-04 | -0488 | -0489
In 2001 it began; on |15 June of that year| it grew |  | 2001-06-15 | 2001
"""

# Text and value, where there is no reference and nothing to hold on to.
UNRESOLVED = """
|last week| | PAST_REF
|next year| | FUTURE_REF
|two years ago| | PAST_REF
|this month| | PRESENT_REF
in |July| | XXXX-07
on |3 July| | XXXX-07-03
on |Monday| it met | XXXX-WXX-1
|the following year| | XXXX
|today| | PRESENT_REF
|last quarter| | PAST_REF
|the turn of the century| | XX00
a year earlier, |two months later| | XXXX-XX
on |3 July| in the evening | XXXX-07-03
|recently| | PAST_REF
"""

UNPLACED = """
|the first century| of independence | DURATION | P1CE
|more than twenty years| of work | DURATION | P20Y
|two thousand years| | DURATION | P2000Y
|a few days| | DURATION | PXD
|half a century| | DURATION | P0.5CE
|the past decade| | DURATION | P1DE
a |three-day| visit | DURATION | P3D
|an hour| | DURATION | PT1H
|two fortnights| | DURATION | P4W
|every June| | SET | XXXX-06
|every two years| | SET | P2Y
|every Monday| | SET | XXXX-WXX-1
|annually| | SET | P1Y
"""

NO_DATES = [
    "under resolution 1373 of the Council",
    "resolutions 1267 and 1373",
    "Article 2020 and section 1996",
    "2000 soldiers and more than 1500 tons",
    "about 1,500 of them; 1,991 in all",
    "cities and 1140 smaller towns; loans for 1600 public works",
    "in its third century of independence",
    "A/54/2000 and $2000 and 1990.5 and 2024%",
    "call +7 7172 2024 or 555-1990",
    "they may agree, and May they prosper",
    "They March on. The march of time",
    "the Sunday Times wrote",
    "his fifth visit to the 3rd Forum",
    "the second half of the match, a second attack",
    "٢٠٢٤ and ２０２４ and १९९६",
    "its rise and fall; to fall, to spring, to summer",
    "version 1999 on page 1996",
    "the 1540 Committee",
    "its sixty-second session and the events of the Decade",
    "the Daily News and the Morning Star",
    "pp. 1990-1995, page 2001, pages 1914-18",
    "ISO 8601-2:2019 and ISO 1996",
    "General Assembly resolutions 2625 and 3314",
    "May Li and Jan Wu spoke with Yu June-hee; April Smith too",
    "a third quarter of the vote, and the first half of the match",
    "IP 192.168.2.1, ISBN 978-0-19-852011-1, tel. 555 1234",
    "one of 1990 people; 1989 votes; No. 1917",
    "the 3rd Forum, the 10th meeting, his 50th visit, 2nd place",
    "Mr. Day and Ms. Winter met Mr. Weeks",
    "they will march, and the weak may fall; may it last",
    "Second Lieutenant, First Secretary, third party",
    "a score of 2-1, a ratio of 1:2024, 20.24 per cent",
    "",
]


def cells(table: str) -> list[list[str]]:
    """Rows of a table written as text; the bars around the expression are kept in the first cell."""
    rows = []
    for line in table.strip().splitlines():
        marked = line.index("|", line.index("|") + 1) + 1
        end = line.index(" |", marked) if " |" in line[marked:] else len(line)
        rows.append([line[:end], *(cell.strip() for cell in line[end + 2 :].split("|"))])
    return rows


def find_marked(marked: str, reference: str | None = None) -> pd.Series:
    """The expression found exactly between the bars; it is an error if there is none."""
    start = marked.index("|")
    end = marked.index("|", start + 1) - 1
    found = find_dates(marked.replace("|", ""), reference=reference)
    hits = found[(found["start"] == start) & (found["end"] == end)]
    assert len(hits) == 1, found[["start", "end", "text", "value"]].values.tolist()
    return hits.iloc[0]


@pytest.mark.parametrize(("rule", "text", "value"), EXAMPLES)
def test_examples_of_every_rule(rule, text, value):
    assert find_marked(text, "2024-07-04")["value"] == value


@pytest.mark.parametrize(("text", "edtf", "earliest", "latest"), cells(EXPLICIT))
def test_explicit_dates_need_no_reference(text, edtf, earliest, latest):
    row = find_marked(text)
    assert (row["edtf"], row["earliest"], row["latest"]) == (edtf, earliest, latest)
    assert (row["resolved_from"], row["basis"]) == ("", "explicit")


@pytest.mark.parametrize(("text", "reference", "edtf", "source"), cells(RELATIVE))
def test_relative_dates_say_what_they_were_resolved_from(text, reference, edtf, source):
    row = find_marked(text, reference or None)
    assert (row["edtf"], row["resolved_from"]) == (edtf, source)
    basis = "document date" if source == reference else "context"
    assert row["basis"] == (basis if source else "")


@pytest.mark.parametrize(("text", "value"), cells(UNRESOLVED))
def test_without_reference_relative_dates_stay_unresolved(text, value):
    row = find_marked(text)
    assert row["value"] == value
    assert set(row[["edtf", "earliest", "latest", "resolved_from", "basis"]]) == {""}


@pytest.mark.parametrize(("text", "kind", "value"), cells(UNPLACED))
def test_durations_and_sets_have_no_place_in_the_calendar(text, kind, value):
    assert find_marked(text, "2024-07-04")[["type", "value", "edtf"]].tolist() == [kind, value, ""]


@pytest.mark.parametrize("text", NO_DATES)
def test_numbers_names_and_verbs_are_no_dates(text):
    assert find_dates(text, reference="2024-07-04")["text"].tolist() == []


def test_resolution_number_is_no_date_but_its_year_is():
    assert find_dates("resolutions 1368 (2001) and 1373 (2001)")["text"].tolist() == ["2001", "2001"]


def test_ends_of_a_range_can_be_had_apart():
    found = find_dates("on July 3-4, 2024 and from 2013 to 2023", ranges=False)
    assert found["text"].tolist() == ["July 3", "4, 2024", "2013", "2023"]
    assert found["edtf"].tolist() == ["2024-07-03", "2024-07-04", "2013", "2023"]


def test_two_days_joined_by_and_are_two_dates():
    assert find_dates("on 9 and 10 June 2018")["edtf"].tolist() == ["2018-06-09", "2018-06-10"]


def test_a_day_that_does_not_exist_is_left_out():
    assert find_dates("on 31 June 2024 or 30 February 2023")["edtf"].tolist() == []


def test_date_over_a_line_break_but_not_over_paragraphs():
    assert find_dates("on 4 July\n2024")["edtf"].tolist() == ["2024-07-04"]
    assert find_dates("in\n2001")["edtf"].tolist() == ["2001"]
    assert find_dates("in May\n\n2024 began")["edtf"].tolist() == ["", "2024"]


def test_narrative_takes_the_year_of_the_date_before():
    text = "On 1 May 1990 it began. In June 1990 it grew. On 3 July 1990 it ended. In August they left."
    assert find_dates(text, reference="2024-07-04")["edtf"].tolist()[-1] == "1990-08"


def test_speech_is_no_narrative():
    text = "We met on 1 May 1990, in June 1990 and on 3 July 1990. In August our Assembly and my country met."
    assert find_dates(text, reference="2024")["edtf"].tolist()[-1] == "2024-08"


def test_document_takes_the_year_of_its_date():
    assert find_dates("They met in 1945. In June they left.", "2024-07-04")["edtf"].tolist() == [
        "1945",
        "2024-06",
    ]


def test_documents_frame_uses_its_date_column():
    documents = pd.DataFrame({"doc_id": ["b", "a"], "text": ["last year", "in 2001"], "date": ["2016", ""]})
    found = find_dates(documents)
    assert list(found.columns) == ["doc_id", *DATE_COLUMNS]
    assert found[["doc_id", "edtf", "resolved_from"]].values.tolist() == [
        ["a", "2001", ""],
        ["b", "2015", "2016"],
    ]


def test_empty_text_gives_an_empty_table_with_all_columns():
    assert list(find_dates("").columns) == DATE_COLUMNS
    assert list(find_dates(pd.DataFrame({"doc_id": [], "text": []})).columns) == ["doc_id", *DATE_COLUMNS]


@pytest.mark.parametrize(
    ("edtf", "bounds"),
    [
        ("2024", ("2024-01-01", "2024-12-31")),
        ("2024-02", ("2024-02-01", "2024-02-29")),
        ("1900-02", ("1900-02-01", "1900-02-28")),
        ("199X", ("1990-01-01", "1999-12-31")),
        ("19XX", ("1900-01-01", "1999-12-31")),
        ("2009-06-15/2009-06-16", ("2009-06-15", "2009-06-16")),
        ("1996/..", ("1996-01-01", "")),
        ("../2035-07", ("", "2035-07-31")),
        ("-0489", ("-0489-01-01", "-0489-12-31")),
        ("-03XX", ("-0399-01-01", "-0300-12-31")),
        ("Y12000", ("12000-01-01", "12000-12-31")),
        ("1910~", ("1910-01-01", "1910-12-31")),
        ("2001-24", ("2001-12-01", "2002-02-28")),
        ("2023-35", ("2023-07-01", "2023-09-30")),
    ],
)
def test_edtf_bounds(edtf, bounds):
    assert edtf_bounds(edtf) == bounds


@pytest.mark.parametrize(
    ("edtf", "message"),
    [
        ("2024-13-40", "there is no month 13"),
        ("2024-02-30", "2024-02 has 29 days"),
        ("July 3-4, 2024", "not a date that can be read; write 2024-07-03"),
        ("03/07/2024", "not a date that can be read; write 2024-07-03"),
        ("0", "there is no year 0"),
        ("10000", "written Y10000"),
        ("220", "write 0220"),
        ("2001/1999", "ends before it begins"),
        ("../..", "not a date"),
        ("", "not a date"),
        (2024, "not text"),
    ],
)
def test_edtf_bounds_refuses_with_the_remedy(edtf, message):
    with pytest.raises(SCONotesError, match=message):
        edtf_bounds(edtf)


def test_decimal_year():
    assert decimal_year("2024-01-01") == 2024.0
    assert decimal_year("2024-07-02") == pytest.approx(2024 + 183 / 366)
    assert decimal_year("-0489-01-01") == -489.0
    with pytest.raises(SCONotesError, match="not a day"):
        decimal_year("July 2024")
    with pytest.raises(SCONotesError, match="no such day"):
        decimal_year("2023-02-29")


def test_bad_reference_and_missing_columns_are_named():
    with pytest.raises(SCONotesError, match="reference: date '03/07/2024'"):
        find_dates("last week", reference="03/07/2024")
    with pytest.raises(SCONotesError, match=r"^reference: date 'nonsense'"):
        find_dates(pd.DataFrame({"doc_id": ["a"], "text": ["last week"]}), reference="nonsense")
    with pytest.raises(SCONotesError, match="no column 'text'"):
        find_dates(pd.DataFrame({"doc_id": ["a"]}))
    with pytest.raises(SCONotesError, match="doc_id 'a': date '2024-13'"):
        find_dates(pd.DataFrame({"doc_id": ["a"], "text": ["x"], "date": ["2024-13"]}))


PIECES = "may May March 3 4th July 2024 1990s BC AD - – / , . of the last next week".split(" ")
PIECES += "century ago two \n 0 99999 é İ".split(" ")


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map(" ".join)),
    st.sampled_from([None, "2024-07-04", "-0489", "199X"]),
)
def test_any_string_gives_exact_spans_and_ordered_bounds(text, reference):
    found = find_dates(text, reference=reference)
    assert [text[start:end] for start, end in zip(found["start"], found["end"], strict=True)] == found[
        "text"
    ].tolist()
    assert (found["end"].iloc[:-1].to_numpy() <= found["start"].iloc[1:].to_numpy()).all()
    for row in found.itertuples():
        if row.edtf:
            assert decimal_year(row.earliest) <= decimal_year(row.latest)
            first, last = edtf_bounds(row.edtf)
            assert decimal_year(first) <= decimal_year(row.earliest) and decimal_year(
                row.latest
            ) <= decimal_year(last)


@pytest.mark.parametrize("piece", ["2024", ".", "May ", "the ", "1 ", "(", "from 2001 to "])
def test_time_grows_with_the_length(piece):
    def seconds(n: int) -> float:
        began = time.process_time()
        find_dates(piece * n)
        return time.process_time() - began

    seconds(100)
    assert min(seconds(20_000) for _ in range(3)) < 20 * max(seconds(2_000), 0.01)
