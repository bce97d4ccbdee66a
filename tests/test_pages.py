"""Pages from executed notebooks: what is shown, where, and that nothing planted in a text can run."""

import base64
import re
from html.parser import HTMLParser
from urllib.parse import unquote

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sco_notes as sn
from sco_notes.charts.figure import FIGURE_TABLE, NARROW_SVG, svg
from sco_notes.charts.table_html import grouped_html, table_html
from sco_notes.notebook.display import CSV, FINDING, ROWS
from sco_notes.reports.pages import _vector, findings_of, first_picture, render_page
from sco_notes.reports.sanitise import TAGS, clean_html

PLANTED = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</title><script>alert(2)</script>",
    "[x](javascript:alert(3))",
    "{{ 7*7 }}",
    "$x$",
)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="300pt" height="150pt"></svg>'


def markdown(source):
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def lesson(source):
    return markdown(source) | {"metadata": {"tags": ["lesson"]}}


def code(source, *outputs, tags=()):
    return {
        "cell_type": "code", "metadata": {"tags": list(tags)}, "source": source, "execution_count": 1,
        "outputs": list(outputs),
    }  # fmt: skip


def shown(**data):
    names = {"html": "text/html", "plain": "text/plain", "svg": "image/svg+xml", "png": "image/png"}
    return {"output_type": "display_data", "metadata": {}, "data": {names[k]: v for k, v in data.items()}}


def finding(id, statement, basis):
    data = {FINDING: {"id": id, "statement": statement}, "text/plain": f"{statement} ({basis})"}
    return {"output_type": "display_data", "metadata": {}, "data": data}


def page(*cells, title="A title", parameters=None):
    return render_page({"cells": list(cells)}, "some-id", title, parameters or {}, "0" * 64)


class Structure(HTMLParser):
    """The tags of a page with their attributes, and whether they are well nested."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.open = [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "img", "br", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_a_page_has_one_heading_one_title_landmarks_and_a_policy():
    html = page(markdown("# A question?\n\nText."), title="What changed")
    assert html.startswith('<!DOCTYPE html>\n<html lang="en">')
    assert "<title>What changed</title>" in html and "<h1>What changed</h1>" in html
    assert html.count("<h1") == 1 and "A question?" not in html
    assert "default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;; img-src data:" in html
    tags = [tag for tag, _ in Structure(html).tags]
    assert {"header", "main", "footer"} <= set(tags) and "script" not in tags
    assert '<a class="skip" href="#main">' in html and '<main id="main">' in html


def test_nothing_is_fetched_from_anywhere():
    html = page(
        markdown("![p](https://example.org/p.png) and [a link](https://example.org)"),
        code("1", shown(svg=SVG, plain="A chart")),
        code("1", shown(html='<table style="background:url(http://x)"><tr><td>1</td></tr></table>')),
    )
    for tag, attributes in Structure(html).tags:
        assert not {"srcset", "background", "action", "poster", "style"} & set(attributes)
        assert tag not in ("script", "link", "iframe", "object", "embed", "base", "form")
        if "src" in attributes:
            assert attributes["src"].startswith("data:image/")
    style = html[html.index("<style>") : html.index("</style>")]
    assert "url(" not in style and "@import" not in style and "http" not in style
    assert "![p](https://example.org/p.png)" in html


def test_contents_list_the_headings_and_levels_have_no_gaps():
    html = page(markdown("# Title\n\n## First\n\n#### Deep\n\n## First"), markdown("## Last & best"))
    assert re.findall(r'<h(\d) id="([^"]+)">', html)[:4] == [
        ("2", "first"), ("3", "deep"), ("2", "first-2"), ("2", "last-best"),
    ]  # fmt: skip
    assert '<a href="#first-2">First</a>' in html and '<a href="#last-best">Last &amp; best</a>' in html


def test_every_link_within_a_page_has_its_goal():
    html = page(markdown("# T\n\n## Main\n\n## Findings"), code("f", finding("a b", "It is so.", "n = 3")))
    tags = Structure(html).tags
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {a["href"][1:] for _, a in tags if a.get("href", "").startswith("#")} <= set(ids)


def test_the_answer_stands_first_and_the_lesson_is_left_out():
    html = page(
        markdown("# T"),
        lesson("## How to read this"),
        markdown("## More"),
        code("g", finding("b", "Tea trails.", "")),
        code("p", shown(svg=SVG, plain="Bars"), tags=["answer"]),
        code("f", finding("most", "Trade leads.", "4.0, n = 12"), tags=["answer"]),
        code("t", shown(html="<table><caption>L</caption></table>"), tags=["lesson"]),
    )
    assert "How to read this" not in html and "<caption>L" not in html
    order = [
        html.index(text) for text in ('id="answer"', "Trade leads.", "<figure>", 'id="more"', "Tea trails.")
    ]
    assert order == sorted(order)
    assert '<p>Trade leads. <span class="basis">4.0, n = 12</span></p>' in html


def test_a_section_without_anything_to_show_is_one_line_that_says_why():
    note = {"output_type": "stream", "name": "stdout", "text": "There is one year.\n"}
    html = page(markdown("## Over time\n\nRead the line."), code("f", note), markdown("## Limits\n\nFew."))
    assert "Read the line." not in html and '<p class="note">Over time: There is one year.' in html
    assert 'href="#over-time"' not in html and 'href="#limits"' in html and "Few." in html
    with_table = page(
        markdown("## Over time\n\nRead the line."), code("f", note),
        code("t", shown(html="<table><caption>Years</caption><tr><td>1</td></tr></table>")),
    )  # fmt: skip
    assert "Read the line." in with_table and "<summary><b>Table 1.</b> Years</summary>" in with_table


def test_a_reason_why_there_is_nothing_to_show_is_given_once():
    note = {"output_type": "stream", "name": "stdout", "text": "There is one year.\n"}
    html = page(markdown("## Over time"), code("f", note), markdown("## By year"), code("g", note))
    assert html.count("There is one year.") == 1 and "Over time: There is one year." in html
    assert 'href="#by-year"' not in html


def test_a_table_is_taken_along_as_a_file():
    output = shown(html="<table><caption>Years</caption><tr><td>1</td></tr></table>")
    output["data"][CSV] = "year\n1992\n"
    html = page(code("t", output))
    (address,) = re.findall(r'href="(data:text/csv[^"]*)" download="some-id-table-1.csv"', html)
    assert base64.b64decode(address.split("base64,")[1]).decode("utf-8-sig") == "year\n1992\n"
    output["data"][CSV] = "year\n" * 100_000
    assert "text/csv" not in page(code("t", output))


def test_code_is_coloured_and_folded_behind_one_control():
    html = page(code('for x in "ab": print(x)  # why'), code("2"))
    assert '<pre class="code"><code><span class="k">for</span>' in html
    assert html.count("<input") == 1 and '<label for="show-code">Show the code</label>' in html
    assert "pre.code { display: none; }" in html
    assert "<input" not in page(markdown("No code."))


def test_a_figure_is_an_image_with_its_description_and_a_number():
    html = page(code("p", shown(svg=SVG, png="A" * 400, plain="Bar chart of terms: trade 4.0, tea 1.0.")))
    picture, alternative = re.search(r'<img src="data:image/svg[+]xml,([^"]*)" alt="([^"]*)"', html).groups()
    assert (
        unquote(picture) == SVG.replace('"', "'") and alternative == "Bar chart of terms: trade 4.0, tea 1.0."
    )
    assert 'width="400"' in html
    assert "<b>Figure 1.</b> Bar chart of terms<details>" in html and "<p>trade 4.0, tea 1.0.</p>" in html


def test_a_figure_scrolls_in_a_box_of_its_own_that_the_keyboard_reaches():
    html = page(code("p", shown(svg=SVG, plain="Bars"), shown(svg=SVG, plain="Dots")))
    box = '<div class="scroll picture" role="region" aria-label="Figure 2" tabindex="0"><picture><img '
    assert box in html and html.count('class="scroll picture"') == 2


def test_a_column_of_long_cells_is_kept_wide():
    html = table_html(
        pd.DataFrame({"short": ["a"], "evidence": ["trust 1.2; " * 5], "quote": ["b"]}), "Words"
    )
    assert '<th scope="col" class="long">evidence</th>' in html and html.count('class="long"') == 2


def test_a_figure_is_a_drawing_unless_that_is_far_larger_than_a_picture():
    long = SVG.replace("</svg>", '<path d="M 0.12345 1.6789 L 2 3"/><g/>' * 9000 + "</svg>")
    drawing = page(code("p", shown(svg=SVG + "<!-- no -->", png="AAAA", plain="Bars")))
    assert unquote(re.search('src="data:image/svg[+]xml,([^"]*)"', drawing)[1]) == SVG.replace('"', "'")
    assert 'src="data:image/png;base64,AAAA"' in page(code("p", shown(svg=long, png="AAAA", plain="Bars")))
    assert "M0.1,1.6L2,3" in unquote(page(code("p", shown(svg=long, plain="Bars"))))


def test_a_phone_gets_the_narrow_drawing_and_print_the_wide_one():
    narrow = SVG.replace("300pt", "200pt")
    output = shown(svg=SVG, plain="Bars: two.")
    output["data"][NARROW_SVG] = narrow
    html = page(code("p", output))
    source = re.search(r'<source media="([^"]*)" srcset="([^"]*)" width="(\d+)">', html)
    assert source[1] == "screen and (max-width: 40rem)" and int(source[3]) < 400
    assert " " not in source[2] and unquote(source[2]).endswith(narrow.replace('"', "'"))
    assert html.count("<img") == 1 and html.count('alt="Bars: two."') == 1  # said once


def test_a_drawing_is_half_as_long_and_looks_the_same(tmp_path):
    drawing = svg(sn.plot_terms(pd.DataFrame({"doc_id": "a", "term": list("xyz"), "n": [3, 2, 1]})).figure)
    squeezed = unquote(_vector(drawing).replace("&amp;", "&").partition(",")[2])
    assert len(squeezed) < 0.7 * len(drawing)
    assert set(re.findall(r"(?<==.#)[^']+", squeezed)) <= set(re.findall(r" id='([^']*)'", squeezed))
    assert squeezed.count("<use") == drawing.count("<use")
    assert re.sub("[^MLQCz]", "", "".join(re.findall(" d='([^']*)", squeezed))) == (
        re.sub("[^MLQCz]", "", "".join(re.findall(' d="([^"]*)', drawing)))
    )


def figure_with_table(column, value):
    data = {"image/svg+xml": SVG, "text/plain": "Bars"}
    data[FIGURE_TABLE] = table_html(pd.DataFrame({column: [value, "other"], "n": [1, 2]}), "The numbers")
    return {"output_type": "display_data", "metadata": {}, "data": data}


def evidence(column, value):
    table = pd.DataFrame({column: [value], "doc_id": ["d1"], "quote": ["Here it stands."]})
    return shown(html=grouped_html(table, column, "Sentences", table[column].value_counts()))


@pytest.mark.parametrize("value", ["trade", "Member states", "R&D", "Оборона", "1990s"])
def test_from_a_bar_to_its_sentences_in_two_clicks(value):
    html = page(code("p", figure_with_table("the_term", value)), code("e", evidence("the_term", value)))
    folded = html[html.index("<summary>The numbers of the figure</summary>") : html.index("</figure>")]
    (goal,) = re.findall(r'<a href="#(evidence-[^"]+)">', folded)
    assert f'id="{goal}"' in html and html.count(f'id="{goal}"') == 1
    assert "Here it stands." in html[html.index(f'id="{goal}"') :]


def test_sentences_are_folded_once():
    output = evidence("term", "trade")
    table = output["data"]["text/html"]
    output["data"]["text/html"] = f"<details><summary>Sentences</summary>{table}</details>"
    html = page(code("e", output))
    assert html.count("<details") == 1 and '<details class="table"><summary><b>Table 1.</b> Sentences' in html


def test_the_words_of_a_figure_say_how_much_is_outside_it():
    html = page(code("p", shown(svg=SVG, plain="Timeline to 2024, and 2 outside this window (220): a.")))
    assert "<b>Figure 1.</b> Timeline to 2024<" in html and "<p>2 outside this window (220): a.</p>" in html


def test_a_row_without_evidence_is_no_link():
    html = page(code("p", figure_with_table("term", "trade")), code("e", evidence("actor", "trade")))
    assert 'href="#evidence' not in html


def test_a_finding_leads_to_the_rows_behind_it():
    output = finding("f", "Trade leads.", "n = 1")
    output["data"][ROWS] = table_html(pd.DataFrame({"doc_id": ["d1"], "quote": ["<b>"]}), "The rows")
    html = page(code("f", output))
    block = html[html.index('id="finding-f"') :]
    assert block.index("<details>") < block.index("The rows behind this") < block.index("&lt;b&gt;")
    assert "<code>sco-notes rows some-id f</code>" in block


def test_a_sentence_stands_beside_the_first_column_of_its_table():
    """At the right end of many columns it would be outside a narrow screen."""
    table = pd.DataFrame({"term": ["war"], "n": [2], "characters": ["0-9"], "quote": ["No war."]})
    for html in (table_html(table, ""), grouped_html(table.assign(a="x"), "a", "", pd.Series({"x": 1}))):
        assert re.findall("<th scope=.col.[^>]*>([a-z]+)", html) == ["term", "quote", "n", "characters"]
        assert html.index("war</th>") < html.index("No war.") < html.index("2</td>")


def test_an_id_in_a_table_is_kept_once_and_only_for_evidence():
    html = page(code("a", evidence("term", "x"), evidence("term", "x"), shown(html='<p id="main">a</p>')))
    assert html.count('id="evidence-term-x"') == 1 and html.count('id="main"') == 1


def test_tables_are_numbered_and_scroll_in_a_box_the_keyboard_reaches():
    table = '<table class="sco-table"><caption>Terms</caption><tr><th scope="col">a</th></tr></table>'
    html = page(code("t", shown(html=table)), code("t", shown(html=table)))
    assert '<div class="scroll" role="region" aria-label="Table 2: Terms" tabindex="0">' in html
    assert "<caption><b>Table 2.</b> Terms</caption>" in html


def test_quotes_in_a_caption_stay_inside_the_name_of_its_box():
    table = '<table><caption>"Peace" onfocus="x</caption><tr><td>1</td></tr></table>'
    tags = Structure(page(code("t", shown(html=table)))).tags
    (box,) = [attributes for tag, attributes in tags if attributes.get("class") == "scroll"]
    assert box == {
        "class": "scroll", "role": "region", "tabindex": "0",
        "aria-label": 'Table 1: "Peace" onfocus="x',
    }  # fmt: skip


def test_a_pandas_table_loses_its_style_and_gets_scopes():
    html = page(code("t", shown(html=pd.DataFrame({"a<b": ["<i>x</i>"]})._repr_html_())))
    assert "scoped" not in html and "dataframe tbody" not in html
    assert '<th scope="col">a&lt;b</th>' in html and '<th scope="row">0</th>' in html
    assert "&lt;i&gt;x&lt;/i&gt;" in html and "<th></th>" not in html


def test_prints_are_shown_and_complaints_folded_without_terminal_colours():
    html = page(
        code(
            "x",
            {"output_type": "stream", "name": "stdout", "text": ["a < b\n", "\x1b[31mred\x1b[0m\x00"]},
            {"output_type": "stream", "name": "stderr", "text": "a warning"},
        )
    )
    assert '<p class="note">a &lt; b\nred</p>' in html
    assert '<details class="note"><summary>Notes of the program</summary><pre>a warning</pre>' in html


def test_the_values_given_stand_beside_the_citation():
    cell = code('corpus: str = "a"  # which texts\ntop: int = 5  # how many', tags=["parameters"])
    html = page(cell, parameters={"top": 7, "words": ["a", "b"]})
    assert "<dt>Parameters</dt><dd>top: 7; words: a, b</dd>" in html
    assert "Show the code" not in html


def test_a_cell_can_be_left_out_of_the_page():
    cell = code("print()", tags=["remove-cell"])
    assert "Show the code" not in page(cell)


@pytest.mark.parametrize("planted", PLANTED)
def test_planted_markup_is_text_wherever_it_stands(planted):
    html = page(
        markdown(
            f"# {planted}\n\n## {planted}\n\n{planted}\n\n- {planted}\n\n| {planted} |\n|---|\n| {planted} |"
        ),
        code(planted, finding(planted, planted, planted)),
        code("p", shown(svg=SVG, plain=planted)),
        code("p", shown(html=f"<table><caption>{planted}</caption><tr><td>{planted}</td></tr></table>")),
        code("p", shown(html=planted), shown(plain=planted)),
        code("p", {"output_type": "stream", "name": "stdout", "text": planted}),
        code(f"x: str = 1  # {planted}", tags=["parameters"]),
        title=planted,
        parameters={planted: planted},
    )
    structure = Structure(html)
    assert structure.open == []
    for tag, attributes in structure.tags:
        assert tag != "script" and not any(name.startswith("on") for name in attributes)
        assert tag != "img" or attributes["src"].startswith("data:")
        assert "javascript:" not in attributes.get("href", "")
    assert html.count("<title>") == html.count("</title>") == 1
    assert "49" not in re.sub(r"<style>.*?</style>|base64,[\w+/=]+|&#\d+;", "", html, flags=re.DOTALL)
    shown_planted = planted.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert f"<title>{shown_planted}</title>" in html


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("<p onclick=x>a</p>", "<p>a</p>"),
        ("<a href=javascript:x>a</a>", "<a>a</a>"),
        ("<a href='#here'>a</a>", '<a href="#here">a</a>'),
        ("<div><p>open", "<div><p>open</p></div>"),
        ("a</div></span>b", "ab"),
        ("<style>p{}</style>x", "x"),
        ("<svg onload=x><b>y</b></svg>", "<b>y</b>"),
        ("a<script>alert(1)</script>b", "ab"),
        ("a<img src=x onerror=alert(1)>b", "ab"),
        ("<scr<script>ipt>alert(1)</script>", "ipt&gt;alert(1)"),
        ("<math><mi//xlink:href='data:x,<script>alert(4)</script>'>", ""),
        ("<b>a<br>b</b>", "<b>a<br>b</b>"),
        ("&lt;script&gt; &amp; 1 < 2", "&lt;script&gt; &amp; 1 &lt; 2"),
        (
            "<table><tr><th></th><th>a</th></tr></table>",
            '<table><tbody><tr><td></td><th scope="col">a</th></tr></tbody></table>',
        ),
        (
            "<table><tr><th class=c>a<td>1</table>",
            '<table><tbody><tr><th scope="row" class="c">a</th><td>1</td></tr></tbody></table>',
        ),
        ("<!-- c --><?x y?><![CDATA[z]]>", ""),
    ],
)
def test_html_is_reduced_to_what_is_harmless(raw, clean):
    assert clean_html(raw) == clean


@given(
    st.lists(st.sampled_from([*"<>/=\"' a&;!-#", "script", "td", "p", "onerror", "style", "&#60;", "\x00"]))
)
def test_cleaned_html_is_well_nested_and_holds_allowed_tags_only(parts):
    structure = Structure(clean_html("".join(parts)))
    assert structure.open == []
    assert {tag for tag, _ in structure.tags} <= TAGS
    assert {name for _, attributes in structure.tags for name in attributes} <= {"scope"}


def test_the_same_notebook_gives_the_same_page():
    cells = [
        markdown("# T\n\n## A"),
        code("f", finding("x", "S.", "n = 1")),
        code("p", shown(svg=SVG, plain="C")),
    ]
    assert page(*cells) == page(*cells)


def test_headline_and_picture_for_the_index():
    notebook = {
        "cells": [code("f", finding("x", "Trade leads.", "n = 4"), shown(png="AAAA", plain="Bars: a"))]
    }
    expected = {"id": "x", "statement": "Trade leads.", "basis": "n = 4"}
    (found,) = findings_of(notebook)
    assert expected.items() <= found.items() and found["value"] is None
    assert first_picture(notebook) == ("AAAA", "Bars: a")
