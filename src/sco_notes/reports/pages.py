"""Render an executed notebook as one HTML page that needs nothing else: no request, no script.

A page is a list of blocks (prose, code, finding, figure, table, text, note) that the template sets; a block
holds only what has been escaped or cleaned here. Same notebook, same bytes.
"""

import base64
import re
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from html import escape, unescape
from itertools import chain, count
from pathlib import Path
from urllib.parse import quote

import mistune
from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from ..charts.figure import FIGURE_TABLE, NARROW_SVG
from ..charts.table_html import anchor as evidence_anchor
from ..notebook.display import CSV, FINDING, ROWS
from ..templates import render_template
from .parameters import displayed, joined, tagged
from .sanitise import clean_html, clean_text

TEMPLATES = Path(__file__).parent / "templates"
# The words of the field in the order of the file: name, written (a pattern), means and, of most, source.
WORDS = tomllib.loads(Path(__file__).with_name("glossary.toml").read_text(encoding="utf-8"))["word"]
HIGHLIGHTING = PythonLexer(stripnl=False), HtmlFormatter(nowrap=True)
MAX_ANCHOR = 60  # characters
MAX_CSV = 40_000  # characters of a table that a page carries as a file; longer ones: sco-notes rows
MAX_SVG = 160_000  # characters of a chart that a page shows as SVG; larger ones are smaller as PNG
_IN_ADDRESS = "!$&'()*+,/:;<=>?@[]^`{|}~"  # what may stand in a quoted address of a picture as it is
MAX_SHORT_CELL = 12  # characters of a cell that is kept on one line, such as a date


@dataclass
class _Page:
    """What is known of a page while its cells are read: contents, and the numbers given so far."""

    has_title: bool = False
    headings: list[dict] = field(default_factory=list)
    answer: list[dict] = field(default_factory=list)
    blocks: list[dict] = field(default_factory=list)
    anchors: set[str] = field(default_factory=lambda: {"main", "answer", "words", "contents", "cite"})
    labels: Counter = field(default_factory=Counter)
    figures: int = 0
    tables: int = 0
    level: int = 1

    def anchor(self, text: str) -> str:
        """An id for a heading or finding: its words, with a number where they are taken."""
        base = re.sub(r"[^\w]+", "-", text.lower()).strip("-")[:MAX_ANCHOR] or "part"
        numbered = (f"{base}-{number}" for number in count(2))
        name = next(name for name in chain([base], numbered) if name not in self.anchors)
        self.anchors.add(name)
        return name

    def scrolling(self, table: str, label: str) -> str:
        """A table in a box with a name of its own, which scrolls, by keyboard too, where it is wide."""
        self.labels[label] += 1
        name = escape(label if self.labels[label] == 1 else f"{label} ({self.labels[label]})")
        return f'<div class="scroll" role="region" aria-label="{name}" tabindex="0">{table}</div>'


def render_page(
    notebook: dict, id: str, title: str, parameters: dict, inputs: str, command: str = "make reports"
) -> str:
    """Return the page of an executed notebook.

    What cells tagged "answer" show stands first, under the title; cells tagged "lesson" (what teaches how to
    read and use the notebook) and "remove-cell" are left out. The rest is escaped or made harmless HTML.

    Parameters
    ----------
    notebook : the JSON of the notebook, as a dictionary
    id, title : of the report
    parameters : the values given, which stand beside the citation
    inputs : the digest of all the page was made from
    command : what makes the page again
    """
    page = _Page()
    renderer = _Renderer(escape=True)
    renderer.page = page
    markdown = mistune.create_markdown(renderer=renderer, plugins=["table", "strikethrough"])
    for cell in _shown_cells(notebook):
        source = joined(cell.get("source", ""))
        blocks = page.answer if tagged(cell, "answer") else page.blocks
        if cell["cell_type"] == "markdown":
            known = len(page.headings)
            page.blocks.append({"kind": "prose", "html": Markup(markdown(source))})
            for heading in [new for new in page.headings[known:] if new["level"] == 2][:1]:
                page.blocks[-1]["heading"] = heading
        elif cell["cell_type"] == "code" and source.strip():
            page.blocks.append({"kind": "code", "html": Markup(highlight(source, *HIGHLIGHTING))})
            blocks += [block for output in cell.get("outputs", []) for block in _output(output, page)]
    page.answer.sort(key=lambda block: ["finding", "figure", "table", "note", "text"].index(block["kind"]))
    if any(block["kind"] == "finding" for block in page.answer):
        page.answer = [block for block in page.answer if block["kind"] != "text"]
    page.blocks = _without_empty_sections(page)
    for block in page.answer + page.blocks:
        if "tables" in block:
            block["tables"] = Markup(_linked(block["tables"], page.anchors))
    prose = [block for block in page.blocks if block["kind"] == "prose"]
    linked, words = _link_words([str(block["html"]) for block in prose])
    for block, html in zip(prose, linked, strict=True):
        block["html"] = html
    stated: dict = {"id": id, "title": plain(title), "parameters": parameters, "words": words}
    return render_template(TEMPLATES, "page.html.jinja", page=page, inputs=inputs, command=command, **stated)


def _link_words(prose: list[str]) -> tuple[list[Markup], list[dict]]:
    """Link the first use of each word in pieces of HTML, outside of tags, links, code and headings.

    Returns the pieces, and the words that occur in them: name, anchor, means, source.
    """
    used = []
    for word in WORDS:
        anchor = "word-" + re.sub(r"\W+", "-", word["name"].lower())
        outside = r"(?s)<(a|code|h\d)\b.*?</\1>|<[^>]*>"
        pattern = re.compile(rf"{outside}|(?<![\w-])(?P<word>{word['written']})(?![\w-])", re.IGNORECASE)
        for number, html in enumerate(prose):
            found = next((match for match in pattern.finditer(html) if match["word"]), None)
            if found:
                link = f'<a class="word" href="#{anchor}">{found["word"]}</a>'
                prose[number] = html[: found.start()] + link + html[found.end() :]
                used.append({"source": "", **word, "anchor": anchor})
                break
    return [Markup(html) for html in prose], sorted(used, key=lambda word: word["name"].lower())


def _without_empty_sections(page: _Page) -> list[dict]:
    """The blocks of a page; of a section that has nothing to show there remains a line that says why.

    A reason that stands on the page already is not given again.
    """
    sections: list[list[dict]] = [[]]
    for block in page.blocks:
        if "heading" in block:
            sections.append([])
        sections[-1].append(block)
    kinds = [{block["kind"] for block in section} for section in sections]
    # Those with a heading that have prose and a reason why there is nothing else.
    empty = [n for n, of in enumerate(kinds) if n and "text" in of and of <= {"prose", "code", "text"}]
    kept = [page.answer, *(section for n, section in enumerate(sections) if n not in empty)]
    given = {block["html"] for section in kept for block in section if block["kind"] == "text"}
    for number in empty:
        heading = sections[number][0]["heading"]
        page.headings.remove(heading)
        reason = next(block["html"] for block in sections[number] if block["kind"] == "text")
        head = Markup("{}" if heading["html"].endswith("?") else "{}:").format(heading["html"])
        line = {"kind": "text", "html": Markup("{} {}").format(head, reason)}
        sections[number] = [block for block in sections[number] if block["kind"] == "code"]
        sections[number] += [line] * (reason not in given)
        given.add(reason)
    return [block for section in sections for block in section]


def _shown_cells(notebook: dict) -> list[dict]:
    """The cells that a page shows, in its order."""
    left_out = ("lesson", "remove-cell", "parameters", "injected-parameters")
    shown = [cell for cell in notebook["cells"] if not any(tagged(cell, tag) for tag in left_out)]
    return sorted(shown, key=lambda cell: not tagged(cell, "answer"))


def plain(text: str) -> str:
    """Return text for a title: on one line, without control characters; the template escapes it."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", text).split())


def findings_of(notebook: dict) -> list[dict]:
    """Return the findings of a page in its order, each with its basis ("0.5, n = 12") as text."""
    return [_finding(data) for data in displayed({"cells": _shown_cells(notebook)}, FINDING)]


def first_picture(notebook: dict) -> tuple[str, str] | None:
    """Return the first figure of a page: its PNG in base64, and its alternative text."""
    pictures = displayed({"cells": _shown_cells(notebook)}, "image/png")
    return (joined(pictures[0]["image/png"]), joined(pictures[0].get("text/plain", ""))) if pictures else None


def _finding(data: dict) -> dict:
    finding = data[FINDING]
    statement = str(finding["statement"])
    basis = joined(data.get("text/plain", "")).removeprefix(statement).strip().strip("()")
    return {
        "id": str(finding["id"]), "statement": statement, "basis": basis,
        "unit": finding.get("unit", ""),
        **{key: finding.get(key) for key in ("value", "low", "high", "n")},
    }  # fmt: skip


def _output(output: dict, page: _Page) -> list[dict]:
    """The blocks that show one output of a cell: one, or none."""
    kind, data = output["output_type"], output.get("data", {})
    text = joined(data.get("text/plain", output.get("text", "")))
    if kind == "stream":
        return [{"kind": "note" if output["name"] == "stderr" else "text", "html": Markup(clean_text(text))}]
    if kind not in ("display_data", "execute_result"):
        return []
    if FINDING in data:
        finding = _finding(data)
        finding["anchor"] = page.anchor(f"finding-{finding['id']}")
        tables = _tables(joined(data.get(ROWS, "")), page, numbered=False)
        return [{"kind": "finding", **finding, "tables": tables, "csv": _download(data)}]
    if "image/svg+xml" in data or "image/png" in data:
        return [_figure(data, text, page)]
    if "text/html" in data:  # a table folded under its caption; HTML of another kind stands as it is
        tables = _tables(joined(data["text/html"]), page)
        found = re.search(r"<caption[^>]*>(.*?)</caption>", tables, re.DOTALL)
        if found:  # the caption folds the table; a fold of the table's own would be a second one
            own = r"\s*<details><summary>[^<]*</summary>((?:(?!<details).)*)</details>\s*"
            tables = re.sub(rf"\A{own}\Z", r"\1", tables, flags=re.DOTALL)
        about = {"number": page.tables, "caption": Markup(found[1]) if found else ""}
        return [{"kind": "table", "tables": tables, "csv": _download(data), **about}]
    return [{"kind": "text", "html": Markup(clean_text(text))}] if text else []


def _download(data: dict) -> str:
    """The address that holds a table as CSV, with the mark by which spreadsheets know UTF-8; or nothing."""
    content = joined(data.get(CSV, ""))
    if not 0 < len(content) <= MAX_CSV:
        return ""
    return "data:text/csv;charset=utf-8;base64," + base64.b64encode(content.encode("utf-8-sig")).decode()


def _figure(data: dict, text: str, page: _Page) -> dict:
    page.figures += 1
    svg, png = joined(data.get("image/svg+xml", "")), joined(data.get("image/png", ""))
    picture = _vector(svg)
    if png and not 0 < len(picture) <= MAX_SVG:
        picture = f"data:image/png;base64,{''.join(png.split())}"
    narrow = joined(data.get(NARROW_SVG, ""))
    # The caption is the first clause of the description; all of it is the alternative text.
    caption, *rest = re.split(r"[.:]\s|, and (?=\d+ outside )", text, maxsplit=1)
    return {
        "kind": "figure", "number": page.figures, "source": Markup(picture),
        "width": _width(svg), "narrow": Markup(_vector(narrow)), "narrow_width": _width(narrow),
        "alternative": plain(text) or f"Figure {page.figures}, without a description",
        "caption": plain(caption).rstrip("."), "rest": plain("".join(rest)),
        "tables": _tables(joined(data.get(FIGURE_TABLE, "")), page, numbered=False), "csv": _download(data),
    }  # fmt: skip


def _width(svg: str) -> int | None:
    """How many pixels wide an SVG is."""
    width = re.search(r'<svg[^>]*?\bwidth="([\d.]+)(pt|px)?"', svg)
    return round(float(width[1]) * (4 / 3 if width[2] == "pt" else 1)) or None if width else None


def _vector(svg: str) -> str:
    """An SVG as the address of a picture, half as long as matplotlib writes it; "" of none.

    Coordinates keep a tenth of a point; comments, ids that nothing refers to and spaces are left out.
    """
    svg = re.sub(r"<\?xml.*?\?>|<!DOCTYPE.*?>|<!--.*?-->|<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r">\s+<", "><", re.sub(r"\s+", " ", svg)).strip()
    svg = svg.replace("DejaVuSans-", "").replace("xlink:href=", "l:href=").replace("xmlns:xlink=", "xmlns:l=")
    svg = re.sub(r'transform="translate\((\d+)[.\d]* 0\)"/>', r'x="\1"/>', svg)  # of a letter in a line
    svg = re.sub(r'(?<= [dxy]=")[^"]*', lambda path: re.sub(r"(\.\d)\d+", r"\1", path[0]), svg)
    svg = re.sub(r'(?<= d=")[^"]*', lambda path: re.sub(r" ?([A-Za-z]) ?", r"\1", path[0]).strip(), svg)
    svg = re.sub(r'(?<= style=")[^"]*', lambda style: re.sub(r"([:;]) ", r"\1", style[0]), svg)
    svg = re.sub(r'(?<= [dr]=")[^"]*', lambda path: path[0].replace(" ", ","), svg)
    svg = re.sub(r'<path d="[^"]*"([^>]*)/>(?:<path d="[^"]*"\1/>)+', _one_path, svg)
    used = set(re.findall(r"#([\w.-]+)", svg))
    svg = re.sub(r' id="([^"]*)"', lambda found: found[0] if found[1] in used else "", svg)
    svg = svg.replace('"', "'") if "'" not in svg else svg
    return f"data:image/svg+xml,{quote(svg, safe=_IN_ADDRESS)}".replace("&", "&amp;") if svg else ""


def _one_path(paths: re.Match) -> str:
    """Paths side by side that look alike as one."""
    lines = "".join(re.findall(r' d="([^"]*)"', paths[0]))
    return f'<path d="{lines}"{paths[1]}/>'


def _tables(html: str, page: _Page, numbered: bool = True) -> str:
    """Cleaned HTML with the captions of its tables numbered, and each id once on a page."""

    def box(table: re.Match) -> str:
        found = re.search(r"<caption[^>]*>(.*?)</caption>", table[0], re.DOTALL)
        caption = unescape(re.sub(r"<[^>]*>", "", found[1])) if found else "Table"
        if not found or not numbered:
            return page.scrolling(table[0], caption)
        page.tables += 1
        head = f"<caption><b>Table {page.tables}.</b> {found[1]}</caption>"
        return page.scrolling(table[0].replace(found[0], head, 1), f"Table {page.tables}: {caption}")

    def once(found: re.Match) -> str:
        is_known = found[1] in page.anchors
        page.anchors.add(found[1])
        return "" if is_known else found[0]

    html = re.sub(r' id="([^"]*)"', once, clean_html(html))
    html = re.sub(rf"<td>([^<]{{1,{MAX_SHORT_CELL}}})</td>", r'<td class="short">\1</td>', html)
    return re.sub(r"<table\b.*?</table>", box, html, flags=re.DOTALL)


def _linked(html: str, anchors: set[str]) -> str:
    """Tables whose rows lead to their evidence, where the page has it: from a bar to its sentences."""

    def rows(table: re.Match) -> str:
        column = re.search(r'<th scope="col"[^>]*>([^<]*)</th>', table[0])

        def link(cell: re.Match) -> str:
            goal = evidence_anchor(unescape(column[1]), unescape(cell[2])) if column else ""
            return f'{cell[1]}<a href="#{goal}">{cell[2]}</a></th>' if goal in anchors else cell[0]

        return re.sub(r'(<th scope="row"[^>]*>)([^<]+)</th>', link, table[0])

    return re.sub(r"<table\b.*?</table>", rows, html, flags=re.DOTALL)


class _Renderer(mistune.HTMLRenderer):
    """Markdown without raw HTML, scripted links or fetched pictures; headings without gaps."""

    page: _Page

    def heading(self, text: str, level: int, **_) -> str:
        page, words = self.page, re.sub(r"<[^>]*>", "", text)
        if level == 1 and not page.headings and not page.has_title:
            page.has_title = True  # the report's own title is the heading of the page
            return ""
        page.level = min(max(level, 2), page.level + 1)
        anchor = page.anchor(unescape(words))
        page.headings.append({"level": page.level, "anchor": anchor, "html": Markup(words)})
        return f'<h{page.level} id="{anchor}">{text}</h{page.level}>\n'

    def link(self, text: str, url: str, title: str | None = None) -> str:
        is_safe = re.match(r"(https?://|mailto:|#)", url, re.IGNORECASE)
        return f'<a href="{escape(url)}">{text}</a>' if is_safe else f"[{text}]({escape(url)})"

    def image(self, text: str, url: str, title: str | None = None) -> str:
        if re.fullmatch(r"data:image/(png|jpeg|gif|svg\+xml);base64,[A-Za-z0-9+/=]+", url):
            return f'<img src="{url}" alt="{escape(text)}">'
        return f"![{text}]({escape(url)})"

    def table(self, text: str) -> str:
        return self.page.scrolling(f"<table>{text}</table>", "Table")

    def table_cell(self, text: str, align: str | None = None, head: bool = False) -> str:
        return f'<th scope="col">{text}</th>' if head else f"<td>{text}</td>"
