"""How charts and pages look: colours that everybody can tell apart, type that can be read, no empty boxes."""

import re
import warnings
from itertools import combinations
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sco_notes as sn
from sco_notes.charts import alternative_text
from sco_notes.charts.figure import (
    BLUE,
    BROWN,
    GREY,
    PHONE,
    RED,
    SERIES,
    STYLE,
    describe,
    drawable,
    ink_on,
    narrow,
    new_axes,
    style,
    svg,
)

mpl.use("agg")
CSS = (Path(sn.__file__).parent / "reports" / "templates" / "style.css.jinja").read_text(encoding="utf-8")

# Machado, Oliveira and Fernandes (2009), severity 1.0, on linear RGB.
VISION = {
    "usual": [1, 0, 0, 0, 1, 0, 0, 0, 1],
    "protan": [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
    "deutan": [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881],
    "tritan": [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900],
}


def linear(colour):
    rgb = np.array(mpl.colors.to_rgb(colour))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def luminance(colour):
    return float(linear(colour) @ [0.2126, 0.7152, 0.0722])


def contrast(one, other):
    """WCAG 2: from 1 to 21."""
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


def lab(rgb):
    """CIELAB under D65 of linear RGB."""
    to_xyz = [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
    x = np.array(to_xyz) @ rgb / [0.95047, 1, 1.08883]
    f = np.where(x > 216 / 24389, np.cbrt(x), (24389 / 27 * x + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def ciede2000(one, other):
    """Sharma, Wu and Dalal (2005), their numbers of equations in brackets."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    c = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    g = 0.5 * (1 - np.sqrt(c**7 / (c**7 + 25**7)))  # (4)
    a1, a2 = (1 + g) * a1, (1 + g) * a2
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.degrees(np.arctan2(b1, a1)) % 360, np.degrees(np.arctan2(b2, a2)) % 360
    turn = 0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180  # (10)
    dh = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2))  # (11)
    level, c = (l1 + l2) / 2, (c1 + c2) / 2
    h = h1 + h2 if c1 * c2 == 0 else (h1 + turn / 2) % 360  # (14)
    t = 1 + sum(
        k * np.cos(np.radians(n * h + at))
        for k, n, at in [(-0.17, 1, -30), (0.24, 2, 0), (0.32, 3, 6), (-0.20, 4, -63)]
    )  # (15)
    s_l = 1 + 0.015 * (level - 50) ** 2 / np.sqrt(20 + (level - 50) ** 2)
    s_c, s_h = 1 + 0.045 * c, 1 + 0.015 * c * t
    r_t = -np.sin(np.radians(60 * np.exp(-(((h - 275) / 25) ** 2)))) * 2 * np.sqrt(c**7 / (c**7 + 25**7))
    dl, dc, dh = (l2 - l1) / s_l, (c2 - c1) / s_c, dh / s_h
    return float(np.sqrt(dl**2 + dc**2 + dh**2 + r_t * dc * dh))


@pytest.mark.parametrize(
    ("one", "other", "published"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 2.5, 0), (50, 0, -2.5), 4.3065),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_measure_is_the_published_one(one, other, published):
    assert ciede2000(one, other) == pytest.approx(published, abs=5e-5)


COLOURS = [colour for colour, _, _ in SERIES]


@pytest.mark.parametrize("vision", VISION)
def test_no_two_series_look_alike(vision):
    simulated = np.reshape(VISION[vision], (3, 3))
    seen = {colour: lab(np.clip(simulated @ linear(colour), 0, 1)) for colour in COLOURS}
    nearest = min((ciede2000(seen[a], seen[b]), a, b) for a, b in combinations(COLOURS, 2))
    assert nearest[0] > 12, nearest


def test_series_differ_in_grey_by_lightness_and_by_their_marks():
    light = sorted(lab(linear(colour))[0] for colour in COLOURS)
    assert min(np.diff(light)) > 6
    assert (
        len({marker for _, marker, _ in SERIES}) == len({str(line) for _, _, line in SERIES}) == len(SERIES)
    )


@pytest.mark.parametrize("colour", [*COLOURS, BLUE, RED, BROWN, GREY])
def test_marks_stand_out_from_white_and_from_each_row_of_the_page(colour):
    assert contrast(colour, "white") >= 3


def test_numbers_on_a_heat_map_can_be_read_on_every_shade():
    for share in np.linspace(0, 1, 101):
        shade = mpl.colormaps["Blues"](share)
        assert contrast(ink_on(shade), shade) >= 4.5


def variables(part):
    return dict(re.findall(r"--(\w+): (#[0-9a-f]{3,6});", part))


LIGHT, DARK = (variables(part) for part in CSS.split("* { box-sizing")[0].split("@media"))
PRINT = LIGHT | variables(CSS.split("@media print")[1])


@pytest.mark.parametrize("scheme", [LIGHT, LIGHT | DARK, PRINT], ids=["light", "dark", "print"])
def test_text_of_a_page_stands_out_from_its_ground(scheme):
    for ink in ("ink", "soft", "accent", "keyword", "string", "number", "comment", "name"):
        for ground in ("paper", "wash", "box"):
            assert contrast(scheme[ink], scheme[ground]) >= 4.5, (ink, ground)


YEARS = pd.DataFrame(
    {"doc_id": list("abc"), "year": [2001, 2002, 2003], "country": ["中国", "Қазақстан", "Россия"]}
)
TERMS = pd.concat(
    [YEARS.assign(term=term, n=n) for term, n in [("мир", 5), ("和平", 3), ("cost $5 or $6", 2)]]
)
SUMMARY = pd.DataFrame(
    {
        "actor": ["CHN", "RUS"],
        "n": [9, 8],
        "mean": [0.1, 0.2],
        "low": [0.0, 0.1],
        "high": [0.2, 0.3],
        "singles": "",
    }
)
EVENTS = pd.DataFrame(
    {"doc_id": "a", "start": [0, 9], "text": "2001", "actors": "CHN", "label": ["上海合作组织", "$x$ и мир"],
     "edtf": ["2001-06-15", "2004"], "earliest": ["2001-06-15", "2004-01-01"],
     "latest": ["2001-06-15", "2004-12-31"]}
)  # fmt: skip
PLACES = pd.DataFrame({"doc_id": ["a", "b"], "start": [3, 4], "term": ["和平", "мир"]})
NAMES = {"CHN": "中国", "RUS": "Россия"}
CHARTS = {
    "terms": lambda: sn.plot_terms(TERMS),
    "heat": lambda: sn.plot_terms(TERMS, by="country"),
    "trend": lambda: sn.plot_trend(sn.frequency_of(TERMS, ["мир", "和平"], by="year")),
    "actors": lambda: sn.plot_actors(SUMMARY, names=NAMES, title="Tone towards 中国, $5 to $6"),
    "timeline": lambda: sn.plot_timeline(EVENTS),
    "lanes": lambda: sn.plot_timeline(EVENTS, by="label"),
    "density": lambda: sn.plot_timeline(pd.concat([EVENTS] * 30), by="label"),
    "network": lambda: sn.plot_network(
        pd.DataFrame({"source": ["CHN"], "target": ["RUS"], "n": [3]}), names=NAMES
    ),
    "dispersion": lambda: sn.plot_dispersion(
        PLACES, pd.DataFrame({"doc_id": ["a", "b"], "text": ["x" * 90, "y" * 80]}), series="term"
    ),
}


def texts(figure):
    figure.draw_without_rendering()
    return [
        text.get_text() for text in figure.findobj(mpl.text.Text) if text.get_visible() and text.get_text()
    ]


@pytest.mark.parametrize("chart", CHARTS)
def test_every_name_is_drawn_or_written_by_its_number(chart):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ax = CHARTS[chart]()
        drawing = svg(ax.figure)
    shown = "\n".join(texts(ax.figure))
    assert "[U+" in shown and "U+: a character that this font does not have" in shown.replace("\n", " ")
    assert not re.search(r"[\u4e00-\u9fff]", shown)
    assert re.search(r"[\u4e00-\u9fff]", alternative_text(ax))
    assert "DejaVuSans" in drawing


@pytest.mark.parametrize("width", [14, PHONE])
@pytest.mark.parametrize("chart", CHARTS)
def test_type_is_large_enough_and_dollars_are_no_mathematics(chart, width):
    with narrow(width):
        ax = CHARTS[chart]()
    ax.figure.draw_without_rendering()
    for text in ax.figure.findobj(mpl.text.Text):
        if text.get_text():
            assert text.get_fontsize() >= 8, text
            assert not text.get_parse_math(), text


@pytest.mark.parametrize("width", [14, PHONE])
@pytest.mark.parametrize("chart", CHARTS)
def test_nothing_is_cut_off_at_the_edge(chart, width):
    with narrow(width):
        figure = CHARTS[chart]().figure
    figure.draw_without_rendering()
    box, (width, height) = figure.get_tightbbox(), figure.get_size_inches()
    assert box.x0 > -0.01 and box.y0 > -0.01 and box.x1 < width + 0.01 and box.y1 < height + 0.01


MANY = pd.DataFrame(
    {"doc_id": [str(n) for n in range(40)], "year": range(1985, 2025), "term": "peace", "n": 5}
)
CROWDED = CHARTS | {
    "forty years": lambda: sn.plot_terms(MANY, by="year"),
}


@pytest.mark.parametrize("width", [14, PHONE])
@pytest.mark.parametrize("chart", CROWDED)
def test_no_label_of_an_axis_touches_the_next(chart, width):
    with narrow(width):
        figure = CROWDED[chart]().figure
    figure.draw_without_rendering()
    for ax in figure.axes:
        for axis, (low, high) in ((ax.xaxis, sorted(ax.get_xlim())), (ax.yaxis, sorted(ax.get_ylim()))):
            shown = [tick.label1 for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
            boxes = [label.get_window_extent() for label in shown if label.get_visible() and label.get_text()]
            for one, other in combinations(boxes, 2):
                assert not one.overlaps(other), (chart, axis)


def test_what_can_be_drawn_is_left_alone(recwarn):
    assert drawable("Си Цзиньпин, Õie, İstanbul, Ελλάδα, Қазақстан, − – “”") == (
        "Си Цзиньпин, Õie, İstanbul, Ελλάδα, Қазақстан, − – “”"
    )
    assert drawable("word " * 1_000 + "\nnext") == "word " * 38 + "word…\nnext"
    assert drawable("习近平 met") == "[U+4E60 U+8FD1 U+5E73] met"


@settings(max_examples=25)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20))
def test_any_text_can_be_drawn(text):
    shown = drawable(text)
    assert drawable(shown) == shown
    with style():
        ax = new_axes(width=9, height=3)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ax.text(0, 0, text, parse_math=False)
        describe(ax, "a text")
        ax.figure.draw_without_rendering()
    mpl.pyplot.close(ax.figure)


def test_the_font_comes_with_matplotlib():
    assert Path(mpl.font_manager.findfont(STYLE["font.family"])).is_relative_to(mpl.get_data_path())


@pytest.fixture(autouse=True)
def close_figures():
    yield
    import matplotlib.pyplot as plt

    plt.close("all")
