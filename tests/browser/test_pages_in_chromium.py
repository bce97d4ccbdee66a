"""A page and the index as a browser opens them: no request, no script, no complaint."""

import json
import os
import re
import shutil
import subprocess
import threading
from html import escape
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pandas as pd
import pytest
from axe import SCHEMES, violations

from sco_notes.notebook.display import FINDING
from sco_notes.reports import analyse
from sco_notes.reports.index import write_index
from sco_notes.reports.listing import Report
from sco_notes.reports.pages import render_page

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--enable-logging=stderr",
]  # fmt: skip

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed (apt-get install chromium)"),
]


@pytest.fixture
def server():
    """A server on loopback that only notes who comes."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()


def hostile_notebook(address):
    planted = (
        f"<script>document.title='RAN'</script>"
        f"<img src='{address}/img' onerror=\"document.title='RAN'\">"
        f"<link rel=stylesheet href='{address}/css'><style>@import '{address}/import'; "
        f"p {{ background: url({address}/background) }}</style></title>"
        f"<iframe src='{address}/frame'></iframe>"
    )
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="200pt" height="80pt" onload="document.title=\'RAN\'">'
        f"<script>document.title='RAN'</script><image href='{address}/in-svg'/></svg>"
    )
    outputs = [
        {FINDING: {"id": planted, "statement": planted}, "text/plain": planted},
        {"image/svg+xml": svg, "text/plain": planted},
        {"text/html": f"<table><caption>{planted}</caption><tr><td>{planted}</td></tr></table>"},
        {"text/html": planted},
        {"text/plain": planted},
    ]
    return planted, {
        "cells": [
            {
                "cell_type": "markdown", "metadata": {},
                "source": f"# {planted}\n\n## {planted}\n\n![x]({address}/md)",
            },
            {
                "cell_type": "code", "metadata": {}, "source": planted, "execution_count": 1,
                "outputs": [{"output_type": "display_data", "data": data} for data in outputs],
            },
        ],
        "metadata": {"sco_notes": {}},
    }  # fmt: skip


def opened(page: Path, folder: Path) -> tuple[str, str, list[str]]:
    """The document after loading, what the browser complained of, and the addresses it asked for."""
    log = folder / "net.json"
    done = subprocess.run(
        [CHROMIUM, *FLAGS, f"--user-data-dir={folder / 'profile'}", f"--log-net-log={log}", "--dump-dom",
         page.as_uri()],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    events = json.loads(log.read_text())["events"]
    addresses = {event["params"]["url"] for event in events if "url" in event.get("params", {})}
    complaints = "\n".join(line for line in done.stderr.splitlines() if "CONSOLE" in line)
    return done.stdout, complaints, sorted(addresses)


def test_a_page_full_of_planted_markup_asks_for_nothing_and_runs_nothing(tmp_path, server):
    address, asked = server
    planted, notebook = hostile_notebook(address)
    page = tmp_path / "r.html"
    page.write_text(render_page(notebook, "r", planted, {"corpus": planted}, "0" * 64), encoding="utf-8")
    (tmp_path / "r.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    index = write_index(
        [Report("r", planted, Path("n.ipynb"), {"corpus": planted})], tmp_path, {"r": "0" * 64}
    )
    for file in (page, index):
        document, complaints, addresses = opened(file, tmp_path)
        assert "<title>RAN" not in document and "<script" not in document
        assert "&lt;script&gt;" in document
        assert complaints == ""
        assert [url for url in addresses if address in url] == [] and asked == []


def test_this_way_of_looking_sees_what_runs_and_what_is_asked_for(tmp_path, server):
    address, asked = server
    planted, _ = hostile_notebook(address)
    (tmp_path / "raw.html").write_text(
        f"<!DOCTYPE html><title>a</title><p>{planted}<script>console.log(1)</script>"
    )
    document, complaints, addresses = opened(tmp_path / "raw.html", tmp_path)
    assert "<title>RAN" in document and "CONSOLE" in complaints
    assert "/img" in asked and f"{address}/img" in addresses


RUN_IT = "document.title='RAN'"
RAN = f'<img src=http://127.0.0.1:9/planted-address onerror="{RUN_IT}"><script>{RUN_IT}</script>'
MARKUP = f"{RAN} [a](javascript:alert(1)) $x$ {{{{ 7*7 }}}} {{% raw %}}"


@pytest.fixture(scope="module")
def planted_pages(tmp_path_factory):
    """The three reports and their index for a corpus with planted markup wherever it can stand."""
    folder = tmp_path_factory.mktemp("planted")
    source = folder / "<img src=x onerror=document.title='RAN'>.csv"
    texts = [
        f"Kazakhstan praised {MARKUP} on 15 June 2001. China </title> hosted trade talks in July 2004.",
        f"Russia and China {MARKUP} welcomed the agreement of 7 July 2005. Trade grows, trade helps.",
    ]
    table = {"doc_id": ["a", "b"], "date": ["2001", "2005"], "text": texts}
    more = {name: [f"{number} {MARKUP}" for number in (1, 2)] for name in ("title", "country", "kind")}
    pd.DataFrame(table | more).to_csv(source, index=False)
    outcomes = analyse(source, folder / "out", progress=lambda line: None)
    assert [outcome.error for outcome in outcomes] == ["", "", ""]
    return sorted((folder / "out").glob("*.html"))


@pytest.mark.slow
def test_markup_planted_in_a_corpus_is_shown_and_does_nothing(planted_pages, tmp_path):
    assert len(planted_pages) == 4
    for page in planted_pages:
        document, complaints, addresses = opened(page, tmp_path)
        elements = Elements(document)
        assert "script" not in elements.tags and not [n for n in elements.attributes if n.startswith("on")]
        assert "<title>RAN" not in document and "RAN" in document
        assert complaints == ""
        assert [url for url in addresses if "planted-address" in url] == []


class Elements(HTMLParser):
    """The tags of a document and the names of their attributes. A browser leaves < in attributes as it is."""

    def __init__(self, document):
        super().__init__()
        self.tags, self.attributes = set(), set()
        self.feed(document)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


def test_on_a_phone_a_figure_keeps_its_size_and_scrolls_in_its_box(tmp_path):
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="{}pt" height="80pt"></svg>'
    outputs = [{"image/svg+xml": svg.format(points), "text/plain": "Bars"} for points in (540, 150)]
    cell = {
        "cell_type": "code", "metadata": {}, "source": "plot()", "execution_count": 1,
        "outputs": [{"output_type": "display_data", "data": data} for data in outputs],
    }  # fmt: skip
    page = render_page({"cells": [cell], "metadata": {"sco_notes": {}}}, "r", "Report", {}, "0" * 64)
    measured = "[f.body.scrollWidth, ...[...f.images].flatMap(i => [i.width, i.parentNode.clientWidth])]"
    (tmp_path / "phone.html").write_text(
        f'<iframe width="390" srcdoc="{escape(page)}" onload="let f = this.contentDocument; '
        f'document.title = {measured}"></iframe>',
        encoding="utf-8",
    )
    document, _, _ = opened(tmp_path / "phone.html", tmp_path)
    body, wide, box, small, _ = map(int, re.search(r"<title>(.*?)</title>", document)[1].split(","))
    assert body <= 390 and box < 390  # the page itself does not scroll sideways
    assert wide >= 560 and small == 200


@pytest.mark.slow
@pytest.mark.skipif("AXE_CORE" not in os.environ, reason="AXE_CORE names no axe.min.js (see axe.py)")
@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_objects_to_nothing(planted_pages, scheme):
    for page in planted_pages:
        assert violations(page, scheme, Path(os.environ["AXE_CORE"]), CHROMIUM) == []
