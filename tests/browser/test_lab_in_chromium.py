"""The notebooks in JupyterLab, driven by clicks and keys in headless Chromium, as a student uses them."""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PATIENCE = 150  # seconds, on a busy machine

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed"),
]


class Tab:
    """A page in Chromium, by its DevTools protocol."""

    def __init__(self, address: str):
        import websocket

        self._socket = websocket.create_connection(address, timeout=PATIENCE, suppress_origin=True)
        self._number = 0

    def call(self, method: str, **parameters) -> dict:
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self._socket.recv())
            if answer.get("id") == self._number:
                return answer["result"]

    def value(self, expression: str):
        """What a JavaScript expression gives."""
        found = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        return found["result"].get("value")

    def until(self, expression: str, what: str):
        """Wait until an expression is true; fail with `what` if it never is."""
        return until(lambda: self.value(expression), what)

    def click(self, element: str, times: int = 1) -> None:
        """Click in the middle of an element, given as a JavaScript expression."""
        self.until(f"!!({element})", f"nothing to click: {element}")
        self.value(f"({element}).scrollIntoView({{block: 'center'}})")
        place = self.value(
            f"(() => {{ const r = ({element}).getBoundingClientRect();"
            " return {x: r.x + r.width / 2, y: r.y + r.height / 2}; })()"
        )
        self.call("Input.dispatchMouseEvent", type="mouseMoved", **place)
        for count in range(1, times + 1):
            for kind in ("mousePressed", "mouseReleased"):
                self.call("Input.dispatchMouseEvent", type=kind, button="left", clickCount=count, **place)


def until(condition: Callable, what: str):
    """Wait for a condition, looking again and again; what it gives."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
    raise AssertionError(what)


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """JupyterLab on copies of the notebooks, with all cells in the page; its address."""
    folder = tmp_path_factory.mktemp("lab")
    work = folder / "notebooks"
    shutil.copytree(NOTEBOOKS, work, ignore=shutil.ignore_patterns("exercises", ".ipynb_checkpoints"))
    tracker = folder / "settings" / "@jupyterlab" / "notebook-extension" / "tracker.jupyterlab-settings"
    tracker.parent.mkdir(parents=True)
    tracker.write_text('{"windowingMode": "none"}')
    runtime = folder / "runtime"
    server = subprocess.Popen(
        [Path(sys.executable).with_name("jupyter-lab"), "--no-browser", "--allow-root", "--port=0",
         "--IdentityProvider.token=test", "--LabApp.news_url=None",
         "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
         f"--LabApp.user_settings_dir={folder / 'settings'}",
         f"--LabApp.workspaces_dir={folder / 'workspaces'}", work],
        env={**os.environ, "JUPYTER_RUNTIME_DIR": str(runtime), "HOME": str(folder)},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:

        def address() -> str:
            for file in runtime.glob("jpserver-*.json"):
                try:
                    found = json.loads(file.read_text())["url"]
                    urllib.request.urlopen(f"{found}api/status?token=test").close()
                    return found
                except (ValueError, OSError):
                    continue
            return ""

        yield until(address, "JupyterLab did not start")
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture(scope="module")
def open_tab(tmp_path_factory):
    """Chromium, and a function that opens an address in it."""
    profile = tmp_path_factory.mktemp("profile")
    browser = subprocess.Popen(
        [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--no-first-run", "--remote-debugging-port=0",
         "--window-size=1400,1000", f"--user-data-dir={profile}", "about:blank"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        file = profile / "DevToolsActivePort"
        port = until(lambda: file.exists() and file.read_text().split("\n")[0], "Chromium did not start")

        def open_address(address: str) -> Tab:
            request = urllib.request.Request(f"http://127.0.0.1:{port}/json/new?{address}", method="PUT")
            with urllib.request.urlopen(request) as answer:
                return Tab(json.load(answer)["webSocketDebuggerUrl"])

        yield open_address
    finally:
        browser.terminate()
        browser.wait(20)


RUN_MENU = "[...document.querySelectorAll('.lm-MenuBar-item')].find(e => e.textContent.trim() === 'Run')"
RUN_ALL = "document.querySelector('.lm-Menu-item[data-command=\"runmenu:run-all\"]')"
# The status bar: the notebook's own sign says idle before there is a kernel, and cells run then stay empty.
IDLE = "[...document.querySelectorAll('.jp-StatusBar-TextItem')].find(e => e.innerText.endsWith('| Idle'))"
CELLS = "[...document.querySelectorAll('.jp-CodeCell')]"
PROMPTS = (
    f"{CELLS}.filter(c => c.querySelector('.cm-content').innerText.trim())"
    ".map(c => c.querySelector('.jp-InputPrompt').innerText)"
)
BY = "[...document.querySelectorAll('.cm-line')].find(l => l.innerText.startsWith('by: str = '))"


def outputs(kind: str) -> str:
    """What a notebook shows of one kind, as a JavaScript expression."""
    return f"[...document.querySelectorAll('.jp-OutputArea [data-mime-type=\"{kind}\"]')]"


ERRORS = f"{outputs('application/vnd.jupyter.error')}.map(e => e.innerText)"
FIGURES = "[...document.querySelectorAll('.jp-OutputArea img.sco-figure')].map(e => e.src)"
DESCRIBED = "[...document.querySelectorAll('.jp-OutputArea img')].every(e => e.alt.length > 40)"


def run_all(tab: Tab) -> None:
    """Run → Run All Cells, and wait until every cell has a new number."""
    before = tab.value(f"JSON.stringify({PROMPTS})")
    tab.click(RUN_MENU)
    tab.click(RUN_ALL)
    numbered = f"{PROMPTS}.every(p => /^\\[\\d+\\]:?$/.test(p))"
    done = f"{numbered} && JSON.stringify({PROMPTS}) !== {json.dumps(before)}"
    tab.until(f"({done}) || {ERRORS}.length > 0", "the cells did not finish")
    assert tab.value(ERRORS) == []


@pytest.mark.parametrize("name", [file.name for file in sorted(NOTEBOOKS.glob("[1-3]_*.ipynb"))])
def test_notebook_runs_by_the_menu_and_answers_to_its_parameters(name, lab, open_tab):
    tab = open_tab(f"{lab}lab/tree/{name}?token=test&reset")
    tab.until(f"{CELLS}.length > 5", "the notebook did not open")
    tab.until(f"!!{IDLE}", "no kernel")
    run_all(tab)
    before = tab.value(FIGURES)
    assert len(before) >= 2 and tab.value(DESCRIBED)
    assert tab.value("document.querySelectorAll('.jp-OutputArea .sco-table').length") >= 2
    assert tab.value("document.querySelectorAll('.jp-OutputArea .sco-finding').length") >= 1

    # Double-click on the word in by: str = "kind"  # ..., and type another.
    tab.click(f"[...{BY}.querySelectorAll('span')].find(e => e.innerText === '\"kind\"')", times=2)
    tab.call("Input.insertText", text="year")
    tab.until(f"{BY}.innerText.startsWith('by: str = \"year\"')", "the parameter could not be changed")
    run_all(tab)
    assert tab.value(FIGURES) != before
