"""Timelines for other programs, read back by their readers, and conflicting claims drawn."""

import json
from itertools import pairwise

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import sco_notes as sn
from sco_notes.charts.figure import svg
from sco_notes.cli import main

mpl.use("agg")

TEXT = (
    "The charter was signed in Saint Petersburg on 7 June 2002; it binds, \\ among others, Russia. "
    "Since 1996 they met. It runs from 3 to 4 July 2024."
)


@pytest.fixture
def events():
    return sn.find_events(pd.DataFrame({"doc_id": ["a"], "text": [TEXT], "date": ["2005"]}))


def test_csv_is_read_back_as_it_was(events, tmp_path):
    file = sn.write_timeline(events, tmp_path / "t.csv")
    again = pd.read_csv(file, keep_default_na=False)
    pd.testing.assert_frame_equal(again, events, check_dtype=False)


def test_ics_is_read_by_the_icalendar_library(events, tmp_path):
    icalendar = pytest.importorskip("icalendar")
    label = "Größe, " * 30 + "a;b\\c"
    file = sn.write_timeline(events.assign(label=[label, *events["label"][1:]]), tmp_path / "t.ics")
    assert max(len(line) for line in file.read_bytes().split(b"\r\n")) <= 75
    found = icalendar.Calendar.from_ical(file.read_bytes()).walk("VEVENT")
    days = [(str(e["DTSTART"].dt), str(e["DTEND"].dt)) for e in found]
    assert days[0] == ("2002-06-07", "2002-06-08") and days[2] == ("2024-07-03", "2024-07-05")
    assert days[1] == ("1996-01-01", "1996-01-02")  # an open end is one day
    assert str(found[0]["SUMMARY"]) == label and str(found[0]["LOCATION"]) == "Saint Petersburg"
    assert len({str(e["UID"]) for e in found}) == 3


def test_ics_lines_end_and_fold_as_rfc_5545_asks(events, tmp_path):
    content = sn.write_timeline(events, tmp_path / "t.ics").read_bytes()
    assert content.startswith(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n") and content.endswith(
        b"END:VCALENDAR\r\n"
    )
    unfolded = content.decode().replace("\r\n ", "").split("\r\n")
    assert unfolded.count("BEGIN:VEVENT") == unfolded.count("END:VEVENT") == 3
    assert "DTSTART;VALUE=DATE:20020607" in unfolded and "DTEND;VALUE=DATE:20020608" in unfolded


@pytest.mark.parametrize("suffix", ["json", "ics"])
def test_a_row_without_a_date_is_left_out_and_named(tmp_path, caplog, suffix):
    text = "It began on 4 July 2023 and ended on 4 July 2024."
    events = sn.find_events(pd.DataFrame({"doc_id": ["a"], "text": [text]}))
    wrong = events.head(1).assign(edtf="soon", earliest="soon", latest=None)
    none = events.head(1).assign(edtf=None, earliest=None, latest=None)
    whole = sn.write_timeline(events, tmp_path / f"a.{suffix}").read_bytes()
    assert not caplog.text
    mixed = pd.concat([events, wrong, none])
    assert sn.write_timeline(mixed, tmp_path / f"b.{suffix}").read_bytes() == whole
    assert (
        f"b.{suffix}: left out, no date, or outside the years 1 to 9999: row 3 (soon); row 4" in caplog.text
    )


def test_years_before_christ_are_left_out_of_a_calendar_and_kept_by_timelinejs(tmp_path, caplog):
    text = "It began about 490 BC and ended on 4 July 2024."
    ancient = sn.find_events(pd.DataFrame({"doc_id": ["a"], "text": [text]}))
    content = sn.write_timeline(ancient, tmp_path / "t.ics").read_text("utf-8")
    assert content.count("BEGIN:VEVENT") == 1 and "DTSTART;VALUE=DATE:20240704" in content
    assert "t.ics: left out, no date, or outside the years 1 to 9999: row 1 (-0489~)" in caplog.text
    slide = json.loads(sn.write_timeline(ancient, tmp_path / "t.json").read_text("utf-8"))["events"][0]
    assert slide["start_date"] == {"year": -490, "month": 1, "day": 1}
    assert slide["display_date"] == "-0489~"


def test_timelinejs_has_dates_headlines_and_no_markup_of_a_text(events, tmp_path):
    hostile = events.assign(label="<script>alert(1)</script>")
    slides = json.loads(sn.write_timeline(hostile, tmp_path / "t.json").read_text("utf-8"))["events"]
    assert slides[2]["start_date"] == {"year": 2024, "month": 7, "day": 3}
    assert slides[2]["end_date"] == {"year": 2024, "month": 7, "day": 4}
    assert "end_date" not in slides[1] and slides[1]["display_date"] == "1996/.."
    assert slides[0]["text"]["headline"] == "&lt;script&gt;alert(1)&lt;/script&gt;"
    assert len({slide["unique_id"] for slide in slides}) == 3


@pytest.mark.parametrize("suffix", ["csv", "json", "ics"])
def test_same_table_same_bytes_also_without_labels_and_merged(events, suffix, tmp_path):
    for number, table in enumerate(
        (events, events.drop(columns="label"), sn.merge_events(events), events.head(0))
    ):
        one, two = (sn.write_timeline(table, tmp_path / f"{number}{x}.{suffix}") for x in "ab")
        assert one.read_bytes() == two.read_bytes()


@pytest.mark.parametrize("corpus", ["chronicle", "op-ed", "un-debate"])
def test_the_timelines_of_all_corpora_are_read_by_other_programs(corpus, tmp_path, caplog):
    icalendar = pytest.importorskip("icalendar")
    table = sn.load(corpus).events
    files = {suffix: sn.write_timeline(table, tmp_path / f"t.{suffix}") for suffix in ("csv", "json", "ics")}
    assert len(pd.read_csv(files["csv"])) == len(table)
    slides = json.loads(files["json"].read_text("utf-8"))["events"]
    assert len(slides) == len(table) == len({slide["unique_id"] for slide in slides})
    for slide in slides:
        assert slide["text"]["headline"] and 1 <= slide["start_date"]["month"] <= 12
        assert (slide["start_date"]["year"] != 0 and "end_date" not in slide) or slide["end_date"]
    found = icalendar.Calendar.from_ical(files["ics"].read_bytes()).walk("VEVENT")
    ancient = table["earliest"].str.startswith("-") | (
        table["earliest"].eq("") & table["latest"].str.startswith("-")
    )
    assert len(found) == len(table) - ancient.sum() and all(event["SUMMARY"] for event in found)
    assert ("left out" in caplog.text) == ancient.any()


def test_without_label_the_headline_is_who_did_what(events, tmp_path):
    table = events.drop(columns="label").assign(head="signed the charter", actors="RUS;CHN")
    slides = json.loads(sn.write_timeline(table, tmp_path / "t.json").read_text("utf-8"))["events"]
    assert slides[0]["text"]["headline"] == "RUS, CHN: signed the charter"


def test_other_suffixes_and_folders_that_are_not_there_are_named(events, tmp_path):
    with pytest.raises(sn.SCONotesError, match=r"t.xlsx: ends in '.xlsx'; expected .csv, .json, .ics"):
        sn.write_timeline(events, tmp_path / "t.xlsx")
    (tmp_path / "file").write_text("")
    with pytest.raises(sn.SCONotesError, match="cannot be written"):
        sn.write_timeline(events, tmp_path / "file" / "t.csv")


def test_the_command_writes_a_timeline_of_a_file(tmp_path):
    (tmp_path / "speech.txt").write_text(TEXT)
    out = tmp_path / "t.json"
    result = CliRunner().invoke(main, ["timeline", str(tmp_path / "speech.txt"), "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert "3 dated statements" in result.output and len(json.loads(out.read_text("utf-8"))["events"]) == 3


def drawn(edtf, earliest, latest, **more):
    row = {"edtf": edtf, "earliest": earliest, "latest": latest, "text": edtf, "actors": "", "precision": ""}
    other = row | {"edtf": "2000/2010", "earliest": "2000-01-01", "latest": "2010-12-31"}
    return sn.plot_timeline(pd.DataFrame([row | more, other]))


def test_each_kind_of_uncertainty_has_its_own_mark():
    assert any(line.get_marker() == "D" for line in drawn("2004-05-06", "2004-05-06", "2004-05-06").lines)
    assert not any(line.get_marker() == "D" for line in drawn("2004-05", "2004-05-01", "2004-05-31").lines)
    assert len(drawn("2003~", "2003-01-01", "2003-12-31").lines) > 20  # a gradient
    early = drawn("200X", "2000-01-01", "2003-12-31").lines[:24]
    assert early[0].get_alpha() > early[-1].get_alpha()
    assert any(line.get_color() == "white" for line in drawn("2003?", "2003-01-01", "2003-12-31").lines)
    assert any(getattr(text, "arrow_patch", None) for text in drawn("2003/..", "2003-01-01", "").texts)


@pytest.mark.parametrize("n", [1, 40, 4000])
def test_labels_do_not_collide_and_no_number_of_statements_is_too_large(n):
    days = np.datetime64("2001-01-01") + (np.arange(n) * 37) % 9000
    table = pd.DataFrame({"edtf": days.astype(str), "actors": ["RUS;CHN", ""] * (n // 2) + ["KAZ"] * (n % 2)})
    table = table.assign(earliest=table["edtf"], latest=table["edtf"], text="x", label="words of a text " * 5)
    for by in (None, "actors"):
        ax = sn.plot_timeline(table, by=by)
        ax.figure.canvas.draw()
        boxes = sorted((t.get_window_extent() for t in ax.texts), key=lambda box: box.y0)
        for below, above in pairwise(boxes):
            assert above.y0 >= below.y1 - 1 or above.x0 >= below.x1 or below.x0 >= above.x1
        title = ax.figure._suptitle.get_window_extent()
        assert all(box.y1 < title.y0 or box.y0 > title.y1 for box in boxes)
        assert ax.figure.get_size_inches()[1] <= 30
        assert svg(ax.figure).count("<svg") == 1


@pytest.mark.parametrize(
    ("edtf", "words"),
    [
        ("2024-07-03/2024-07-04", "3–4 July 2024"),
        ("2024-06-30/2024-07-04", "30 June – 4 July 2024"),
        ("2013/2023", "2013–2023"),
        ("2001-06", "June 2001"),
        ("2003~", "about 2003"),
        ("2003?", "perhaps 2003"),
        ("-0489", "490 BC"),
        ("19XX", "20th century"),
        ("199X", "1990s"),
        ("2001/..", "since 2001"),
        ("../2035", "until 2035"),
        ("2020-24", "winter 2020"),
        ("2020-33", "2020-33"),
    ],
)
def test_dates_are_written_in_words(edtf, words):
    ax = sn.plot_timeline(find(edtf))
    assert ax.texts[-1].get_text() == f"{words}  opened the pass"


def find(*dates, **more):
    from sco_notes.dates import edtf_bounds

    bounds = [edtf_bounds(date) for date in dates]
    table = pd.DataFrame(
        {"edtf": dates, "earliest": [a for a, _ in bounds], "latest": [b for _, b in bounds]}
    )
    return table.assign(**({"head": "opened the pass", "actors": ""} | more))


def test_a_label_says_who_did_what_by_name_and_whether_it_happened():
    table = find("2024-07-04", actors="KAZ", modality="planned")
    ax = sn.plot_timeline(table, names={"KAZ": "Kazakhstan"})
    assert [text.get_text() for text in ax.texts] == ["4 July 2024  Kazakhstan: opened the pass (planned)"]


def test_statements_on_one_thing_on_one_day_stand_in_one_line():
    heads = ["summit in Astana", "SCO summit", "flood"]
    ax = sn.plot_timeline(find(*["2024-07-04"] * 3, head=heads))
    labels = [text.get_text() for text in ax.texts]
    assert labels == ["4 July 2024  summit in Astana; SCO summit ×2", "4 July 2024  flood"]


def test_the_years_spoken_of_stand_beside_the_years_of_speaking():
    dates = [str(year) for year in range(1990, 2020)] * 8
    table = find(*dates, year=[int(date) + 3 for date in dates])
    ax = sn.plot_timeline(table, by="year")
    below = ax.figure.axes[1]
    lanes = [label.get_text() for label in below.get_yticklabels()]
    assert len(lanes) == 10 and lanes[0] == "said in 1993–1995 (n = 24)"
    assert "the years in which the statements were made" in ax.figure.get_supxlabel()


def test_a_lane_of_a_few_statements_is_not_shaded():
    table = find(*["2001"] * 100, actors=["CHN"] * 60 + ["TUR"] * 9 + [""] * 31)
    ax = sn.plot_timeline(table, by="actors", names={"CHN": "China", "TUR": "Türkiye"})
    assert [label.get_text() for label in ax.figure.axes[1].get_yticklabels()] == ["China (n = 60)"]
    assert "Without a lane: 40 statements" in ax.figure.get_supxlabel()


@pytest.fixture(autouse=True)
def close_figures():
    yield
    import matplotlib.pyplot as plt

    plt.close("all")
