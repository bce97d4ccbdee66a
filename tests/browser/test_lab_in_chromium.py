"""The notebooks in JupyterLab, driven by clicks and keys in headless Chromium, as a student uses them."""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

import pytest

from sco_notes.cli.desk import lay_out, prepare_jupyter

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

        self._socket = websocket.create_connection(address, timeout=2 * PATIENCE, suppress_origin=True)
        self._number = 0

    def call(self, method: str, **parameters) -> dict:
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self._socket.recv())
            if answer.get("id") == self._number:
                return answer.get("result", {})

    def value(self, expression: str):
        """What a JavaScript expression gives."""
        found = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        return found["result"].get("value")

    def until(self, expression: str, what: str) -> None:
        """Wait in the page until an expression is true; fail with `what` if it never is."""
        waiting = (
            f"new Promise(done => {{ const end = Date.now() + {1000 * PATIENCE}; const look = () => {{"
            f" if ({expression}) done(true); else if (Date.now() > end) done(false);"
            " else setTimeout(look, 200); }; look(); })"
        )
        found: dict = {}
        while "result" not in found:  # the page was loaded anew while it was waiting
            found = self.call("Runtime.evaluate", expression=waiting, awaitPromise=True, returnByValue=True)
        assert found["result"].get("value") is True, what

    def point(self, element: str) -> dict:
        """Move the mouse to the middle of an element, given as a JavaScript expression; where that is."""
        self.until(f"({element})?.getBoundingClientRect().height > 0", f"not there: {element}")
        self.value(f"({element}).scrollIntoView({{block: 'center'}})")
        place = self.value(
            f"(() => {{ const r = ({element}).getBoundingClientRect();"
            " return {x: r.x + r.width / 2, y: r.y + r.height / 2}; })()"
        )
        self.call("Input.dispatchMouseEvent", type="mouseMoved", **place)
        return place

    def click(self, element: str, times: int = 1) -> None:
        place = self.point(element)
        for count in range(1, times + 1):
            for kind in ("mousePressed", "mouseReleased"):
                self.call("Input.dispatchMouseEvent", type=kind, button="left", clickCount=count, **place)

    def press(self, key: str, text: str = "") -> None:
        """A key down and up; `text` is what it writes."""
        place = {"key": key, "code": key, "windowsVirtualKeyCode": {"Tab": 9, "Enter": 13, " ": 32}[key]}
        self.call("Input.dispatchKeyEvent", type="keyDown", text=text, **place)
        self.call("Input.dispatchKeyEvent", type="keyUp", **place)

    def controls(self) -> list[tuple[str, str]]:
        """Role and name of what can be filled in, in the order of the page, as a screen reader gets them."""
        nodes = self.call("Accessibility.getFullAXTree")["nodes"]
        roles = ("combobox", "spinbutton", "textbox")
        return [
            (n["role"]["value"], n["name"]["value"]) for n in nodes if n.get("role", {}).get("value") in roles
        ]


def said(process: subprocess.Popen, pattern: str) -> str:
    """What a process writes to standard error that fits a pattern; the rest is read and forgotten."""
    for line in process.stderr:
        found = re.search(pattern, line)
        if found:
            threading.Thread(target=process.stderr.read, daemon=True).start()
            return found[1]
    raise AssertionError(f"it ended without saying {pattern}")


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """JupyterLab on copies of the notebooks, with all cells in the page; its address."""
    folder = tmp_path_factory.mktemp("lab")
    work = folder / "notebooks"
    assert list(lay_out(work))
    (folder / "share" / "jupyter" / "lab").mkdir(parents=True)
    prepare_jupyter(work, folder)
    (folder / "etc" / "ipython").rename(folder / "profile_default")
    tracker = folder / "settings" / "@jupyterlab" / "notebook-extension" / "tracker.jupyterlab-settings"
    tracker.parent.mkdir(parents=True)
    tracker.write_text('{"windowingMode": "none"}')
    server = subprocess.Popen(
        [Path(sys.executable).with_name("jupyter-lab"), "--no-browser", "--allow-root", "--port=0",
         "--IdentityProvider.token=test", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
         f"--LabApp.user_settings_dir={folder / 'settings'}",
         f"--LabApp.workspaces_dir={work / '.lab'}", work],
        env={**os.environ, "HOME": str(folder), "IPYTHONDIR": str(folder)},
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        yield said(server, r"(http://127\.0\.0\.1:\d+/)lab")
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
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        port = said(browser, r"DevTools listening on ws://127\.0\.0\.1:(\d+)/")

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
# What the status bar says; the sign beside the notebook shows "idle" before the kernel is there.
IDLE = "document.querySelector('#jp-main-statusbar').textContent.includes('(ipykernel) | Idle')"
CELLS = "[...document.querySelectorAll('.jp-CodeCell')]"
PROMPTS = (
    f"{CELLS}.filter(c => c.querySelector('.cm-content').textContent.trim())"
    ".map(c => c.querySelector('.jp-InputPrompt').textContent)"
)


def outputs(kind: str) -> str:
    """What a notebook shows of one kind, as a JavaScript expression."""
    return f"[...document.querySelectorAll('.jp-OutputArea [data-mime-type=\"{kind}\"]')]"


ERRORS = f"{outputs('application/vnd.jupyter.stderr')}.map(e => e.textContent)"
FIGURES = "[...document.querySelectorAll('.jp-OutputArea img.sco-figure')].map(e => e.src)"
DESCRIBED = "[...document.querySelectorAll('.jp-OutputArea img')].every(e => e.alt.length > 40)"


def run_all(tab: Tab) -> list[str]:
    """Run → Run All Cells, and wait until every cell has a new number; the errors and warnings shown."""
    before = tab.value(f"JSON.stringify({PROMPTS})")
    tab.click(RUN_MENU)
    tab.point(RUN_ALL)
    tab.until(f"{RUN_ALL}.classList.contains('lm-mod-active')", "the menu does not follow the mouse")
    tab.click(RUN_ALL)
    numbered = f"{PROMPTS}.every(p => /^\\[\\d+\\]:?$/.test(p))"
    try:
        tab.until(f"{numbered} && JSON.stringify({PROMPTS}) !== {json.dumps(before)}", "")
    except AssertionError:
        pytest.fail(f"the cells did not finish: {tab.value(ERRORS)}")
    return tab.value(ERRORS)


def test_contents_are_open_and_a_mistake_is_named_at_the_end_where_one_looks(lab, open_tab):
    tab = open_tab(f"{lab}lab/tree/1_term_frequencies.ipynb?token=test")
    tab.until(f"{CELLS}.length > 5", "the notebook did not open")
    tab.until(IDLE, "no kernel")
    headings = "document.querySelector('.jp-TableOfContents')"
    tab.until(f"{headings}?.getBoundingClientRect().width > 100", "the table of contents is not open")
    assert "What sets them apart" in tab.value(f"{headings}.textContent")
    # Nothing was changed, and nothing is marked as unsaved.
    tab.until("!document.querySelector('.lm-DockPanel-tabBar .jp-mod-dirty')", "unsaved on opening")
    line = "[...document.querySelectorAll('.cm-line')].find(l => l.textContent.startsWith('target: '))"
    tab.click(f"[...{line}.querySelectorAll('span')].find(e => /^\".*\"$/.test(e.textContent))", times=3)
    tab.call("Input.insertText", text='target: str = "year > 3004"\n')
    tab.click(RUN_MENU)
    tab.point(RUN_ALL)
    tab.until(f"{RUN_ALL}.classList.contains('lm-mod-active')", "the menu does not follow the mouse")
    tab.click(RUN_ALL)
    notice = f"{outputs('application/vnd.jupyter.stderr')}.find(e => e.textContent.includes('Stopped at'))"
    tab.until(f"{notice}?.textContent.includes('year is from 1996 to 2025')", "the end says nothing")
    place = f"{notice}?.getBoundingClientRect()"
    # The lab goes there by itself, once it has drawn what stands above.
    tab.until(f"{place}.top > 0 && {place}.bottom < window.innerHeight", "the notice is not in view")
    assert tab.value(f"{ERRORS}.length") == 2  # at the cell, and here


@pytest.mark.parametrize(
    ("name", "parameter", "new"),
    [
        ("1_term_frequencies", "top", "4"),
        ("2_actor_sentiment", "top", "4"),
        ("3_timeline", "corpus", "op-ed"),
        ("4_keywords_over_time", "top", "4"),
    ],
)
def test_notebook_runs_by_the_menu_and_answers_to_its_parameters(name, parameter, new, lab, open_tab):
    tab = open_tab(f"{lab}lab/tree/{name}.ipynb?token=test&reset")
    tab.until(f"{CELLS}.length > 5", "the notebook did not open")
    tab.until(IDLE, "no kernel")
    assert run_all(tab) == []
    before = tab.value(FIGURES)
    assert len(before) >= 2 and tab.value(DESCRIBED)
    assert tab.value("document.querySelectorAll('.jp-OutputArea .sco-table').length") >= 2
    assert tab.value("document.querySelectorAll('.jp-OutputArea .sco-finding').length") >= 1

    # Double-click on the value in "top: int = 15  # ..." and type another.
    line = f"[...document.querySelectorAll('.cm-line')].find(l => l.textContent.startsWith('{parameter}: '))"
    tab.click(
        f"[...{line}.querySelectorAll('span')].find(e => /^(\\d+|\".*\")$/.test(e.textContent))", times=2
    )
    tab.call("Input.insertText", text=new)
    tab.until(f'/ = "?{new}"? /.test({line}.textContent)', "the parameter could not be changed")
    assert run_all(tab) == []
    assert tab.value(FIGURES) != before


EXPLORED = "document.querySelector('.jp-OutputArea .sco-explore')"
FOCUS = "document.activeElement"
FOCUSED = f"(({FOCUS}.labels || [])[0] || {FOCUS}).textContent.trim()"


def explored(tab: Tab, *sentences: str) -> None:
    """Wait until the four views say all of this."""
    for sentence in sentences:
        tab.until(
            f"{EXPLORED}?.textContent.includes({json.dumps(sentence)})",
            f"{sentence!r} is not said: {tab.value(f'{EXPLORED}?.textContent')}",
        )


def test_explore_answers_to_clicks_and_to_keys_alone(lab, open_tab):
    tab = open_tab(f"{lab}lab/tree/0_explore.ipynb?token=test&reset")
    tab.until(f"{CELLS}.length >= 2", "the notebook did not open")
    tab.until(IDLE, "no kernel")
    assert run_all(tab) == []
    explored(tab, "How often", "In context", "In what tone", "Dated statements", "occurs")
    assert len(tab.value(FIGURES)) >= 5 and tab.value(DESCRIBED)
    # Side by side: the first view and the second begin at one height.
    tops = f"[...{EXPLORED}.querySelectorAll('section')].map(s => Math.round(s.getBoundingClientRect().top))"
    first, second, third, _ = tab.value(tops)
    assert first == second < third
    names = ["Term", "Actor", "From year", "To year"]
    assert [name for _, name in tab.controls() if name in names] == names

    # By clicks: the term, the years.
    before = tab.value(FIGURES)
    tab.click("document.querySelector('.jp-OutputArea input[list]')", times=3)
    tab.call("Input.insertText", text="no such word")
    tab.press("Enter", "\r")
    explored(tab, "“no such word” does not occur in 50 documents.", "No passage has “no such word”.")
    tab.click("document.querySelector('.jp-OutputArea input[list]')", times=3)
    tab.call("Input.insertText", text="member state*")
    tab.click("document.querySelectorAll('.jp-OutputArea input[type=number]')[1]", times=3)
    explored(tab, "“member state*” occurs")
    tab.call("Input.insertText", text="2010")
    tab.press("Enter", "\r")
    explored(tab, "of 26 documents")
    assert tab.value(FIGURES) != before

    # By keys alone: from the corpus through the controls in their order.
    tab.value("document.querySelector('.jp-OutputArea .widget-toggle-button').focus()")
    order = [tab.value(FOCUSED)]
    for _ in range(6):
        tab.press("Tab")
        order.append(tab.value(FOCUSED))
    assert order == ["chronicle", "op-ed", "un-debate", *names]
    tab.value("document.querySelector('.jp-OutputArea .widget-toggle-button').focus()")
    tab.press("Tab")
    tab.press("Tab")
    tab.press(" ", " ")
    explored(tab, "of 328 documents")
    assert tab.value(FOCUSED) == "un-debate"  # what was focused still is, though the other controls are new
    tab.press("Tab")
    tab.press("Tab")
    tab.call("Input.insertText", text="uzbekistan")
    tab.press("Enter", "\r")
    explored(tab, "name Uzbekistan in")
    cells = tab.value(f"{CELLS}.length")
    tab.call("Input.insertText", text="xxx")
    tab.press("Tab")
    explored(tab, "no actor has the name")
    assert tab.value(f"{CELLS}.length") == cells  # no key was taken for a command of the notebook
    assert tab.value(ERRORS) == [] and "Traceback" not in tab.value("document.body.textContent")


def test_exercise_tells_a_student_what_is_missing_and_runs_on(lab, open_tab):
    tab = open_tab(f"{lab}lab/tree/exercises/1_counting.ipynb?token=test&reset")
    tab.until(f"{CELLS}.length > 5", "the exercise did not open")
    tab.until(IDLE, "no kernel")
    told = run_all(tab)
    assert len(told) == 6 and all(line.startswith("Not yet: ") for line in told)
    assert "Traceback" not in "".join(told)
