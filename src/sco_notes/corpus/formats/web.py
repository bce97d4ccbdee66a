"""Web pages to their text, and what is made of them: e-books and Markdown."""

import json
import posixpath
import re
from collections import Counter
from contextlib import suppress
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from ...errors import SCONotesError, counted, shown
from ..text import decode, decoded
from . import KINDS, lost
from .zipped import elements, open_zip

SCRIPTED = 200  # characters: a page with less text is probably filled by a script
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
_LATIN = {"iso-8859-1", "latin-1", "latin1", "ascii", "us-ascii"}  # cp1252, as the HTML standard reads them
_HIDDEN = {"script", "style", "noscript", "template", "head"}
_BLOCKS = {*KINDS["html"]["blocks"].split()}
_DAY = re.compile(r"(\d{4})(?:[-/](\d{2}))?(?:[-/](\d{2}))?(?:[T ]|$)")  # or a month or a year
_FRONT = re.compile(r"\A---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_ENTRY = re.compile(r"(title|date|author|source):[ \t]*(.+?)[ \t]*", re.IGNORECASE)


def read_html(path: str, encoding: str | None = None) -> tuple[str, list[str], dict]:
    """Read the main text of a page, what is lost, and the title, author, date and address of its head.

    trafilatura leaves out menus, and in silence also repeated paragraphs and what is nested deeply. So the
    page is read a second time by the standard library, and the two are compared.

    The page's own word on its encoding counts, else UTF-8 where it is that, else what the server or the user
    says in `encoding`.
    """
    import trafilatura

    data = Path(path).read_bytes()
    own = _CHARSET.search(data[:4096])
    codec = (own[1].decode() if own else encoding or "utf-8").lower()
    if own and codec.startswith("utf-16"):  # a page that can be searched for this name is no UTF-16
        codec = "utf-8"
    codec = "cp1252" if codec in _LATIN else codec
    raw = decode(data, path, codec) if own else decoded(data, path, encoding and codec)
    if re.search(r"<!DOCTYPE[^>]*\[", raw[:4096], re.IGNORECASE):
        fault = "it defines entities of its own, which would be lost"
        raise SCONotesError(f"{fault}; copy its text into a .txt file")
    clean = re.sub(r"\A\s*<\?xml[^>]*\?>", "", raw)  # it would name an encoding a second time
    page = Page(clean)
    found = trafilatura.extract(clean, include_comments=False, favor_recall=True) or ""
    text = "\n\n".join(line for line in map(_plain, found.splitlines()) if line)
    n_shown, n_kept = (len("".join(part.split())) for part in ("".join(page.blocks), text))
    if not text:
        reason = f"no main text found among its {n_shown:,} characters"
        if n_shown < SCRIPTED:
            reason = f"hardly any text in it ({n_shown} characters): perhaps a script of the page fetches it"
        raise SCONotesError(f"{reason}; copy the text from a browser into a .txt file and add that")
    about, losses = _stated(page)
    if n_shown > n_kept * 1.01:
        share = f"{1 - n_kept / n_shown:.0%} of the characters of the page"
        losses.append(f"{share} left out (menus, repeated paragraphs: compare)")
    return text, losses + lost("html", page.counts), about


class Page(HTMLParser):
    """A page as the standard library reads it.

    `blocks`: the visible text, a line each; `head`: what meta elements, <title> and scripts of data state;
    `counts`: how often each element stands in it. The text of elements in `hidden` is not visible.
    """

    def __init__(self, page: str, hidden: set[str] = _HIDDEN) -> None:
        super().__init__()
        self.head: dict[str, list[str]] = {}
        self.counts: Counter = Counter()
        self._hidden, self._inside, self._kind = hidden, "", ""
        self._parts: list[str] = []
        self.feed(page)
        self.close()
        lines = (" ".join(line.split()) for line in "".join(self._parts).split("\n"))
        self.blocks = [line for line in lines if line]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.counts[tag] += 1
        if tag in _BLOCKS:
            self._parts.append("\n")
        if tag in self._hidden and not self._inside:
            self._inside = tag
        values = {name: value or "" for name, value in attrs}
        self._kind = "title" if tag == "title" else values.get("type", "").lower()
        name = values.get("property") or values.get("name") or values.get("itemprop") or values.get("rel")
        value = values.get("content") or values.get("href") or values.get("datetime")
        if tag in ("meta", "link", "time") and name and value:
            self.head.setdefault(name.lower(), []).append(value.strip())

    def handle_endtag(self, tag: str) -> None:
        self._kind = ""
        if tag in _BLOCKS:
            self._parts.append("\n")
        if tag in (self._inside, "head"):
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._kind in ("title", "application/ld+json"):
            self.head.setdefault(self._kind, []).append(data)
        elif not self._inside:
            self._parts.append(data)


def _plain(line: str) -> str:
    """A line of trafilatura's without the marks that stand for tables and lists."""
    line = line.strip()
    if line.startswith("|"):
        line = " ".join(cell.strip() for cell in line.strip("|").split("|") if cell.strip(" -"))
    return line.removeprefix("- ").strip()


def _stated(page: Page) -> tuple[dict[str, str], list[str]]:
    """Title, author, date and source as the head states them, "" where it does not; dates that differ."""
    said = {
        key: [value for name in names for value in page.head.get(name, [])]
        for key, names in KINDS["html"]["head"].items()
    }
    data: Any = []
    with suppress(ValueError):
        data = json.loads("".join(page.head.get("application/ld+json", [])))
    for article in data if isinstance(data, list) else [data]:
        if isinstance(article, dict):
            authors = article.get("author", [])
            people = authors if isinstance(authors, list) else [authors]
            names = [person.get("name") if isinstance(person, dict) else person for person in people]
            said["author"] = said["author"] or [name for name in names if isinstance(name, str)]
            said["date"].append(str(article.get("datePublished", "")))
    said["title"] += ["".join(page.head.get("title", []))]
    said["source"] = [address for address in said["source"] if re.match(r"https?://\S+$", address)]
    about = {key: shown((said[key] or [""])[0], 300) for key in ("title", "source")}
    about["author"] = "; ".join(dict.fromkeys(name for name in said["author"] if "://" not in name))
    dates = [match.groups() for value in said["date"] if (match := _DAY.match(value.strip()))]
    days = sorted({"-".join(filter(None, parts)) for parts in dates}, key=len)
    # 2024 and 2024-07-03 agree; 2024-07-03 and 2024-07-05 do not.
    if not all(days[-1].startswith(day) for day in days):
        return about, [f"dates stated differ ({', '.join(sorted(days))}): none taken"]
    return about | {"date": (days or [""])[-1]}, []


def read_epub(path: str, encoding: str | None = None) -> tuple[str, list[str], dict]:
    """Read the chapters of an e-book, what is lost, and the title, author and date it states."""
    with open_zip(path, "epub") as archive:
        parts = set(archive.namelist())
        if "META-INF/container.xml" not in parts:
            raise SCONotesError("a zip without an e-book in it; is it the right file?")
        container = elements(archive.read("META-INF/container.xml"))
        package = next((e.get("full-path", "") for _, name, e in container if name == "rootfile"), "")
        if package not in parts:
            raise SCONotesError("an e-book without its list of chapters; convert it again, such as to .txt")
        files, order, stated = {}, [], dict[str, str | None]()
        for event, name, element in elements(archive.read(package)):
            if event == "end" and name == "item":
                files[element.get("id")] = element.get("href", "")
            elif event == "end" and name == "itemref" and element.get("linear") != "no":
                order.append(element.get("idref"))
            elif event == "end":
                stated.setdefault(name, element.text)
        folder = posixpath.dirname(package)
        chapters = [posixpath.normpath(posixpath.join(folder, unquote(files.get(id, "")))) for id in order]
        locked = "META-INF/encryption.xml"
        protected = archive.read(locked).decode("utf-8", "replace") if locked in parts else ""
        if any(f'"{chapter}"' in protected for chapter in chapters):
            raise SCONotesError("protected against copying (DRM); ask for a copy that is not")
        found = [chapter for chapter in chapters if chapter in parts]
        pages = [Page(decoded(archive.read(chapter), chapter, encoding)) for chapter in found]
    blocks = [block for page in pages for block in page.blocks]
    if not blocks:
        raise SCONotesError("no text in it; is it an e-book of pictures?")
    losses = lost("epub", sum((page.counts for page in pages), Counter()))
    if n := len(chapters) - len(found):
        losses.append(f"{counted(n, 'listed chapter')} not in it")
    about = {"title": stated.get("title"), "author": stated.get("creator"), "date": stated.get("date")}
    return "\n\n".join(blocks), losses, about


def read_markdown(path: str, encoding: str | None = None) -> tuple[str, list[str], dict]:
    """Read the text of a Markdown file, what is lost, and title, date, author and source from its head.

    The head is what stands between two lines of --- at the beginning, an entry a line. Where it gives no
    title, a heading of the first level that opens the text is the title.
    """
    import mistune

    raw = re.sub(r"\r\n?", "\n", decoded(Path(path).read_bytes(), path, encoding))
    front = _FRONT.match(raw)
    lines = front[1].splitlines() if front else []
    about = {entry[1].lower(): entry[2].strip("\"'") for entry in map(_ENTRY.fullmatch, lines) if entry}
    html = mistune.create_markdown(escape=False, plugins=["table"])(raw[front.end() :] if front else raw)
    page = Page(str(html), hidden={"pre", "script", "style"})
    if page.blocks and str(html).startswith("<h1>"):
        about.setdefault("title", page.blocks[0])
    losses = lost("md", page.counts)
    if not page.blocks:
        raise SCONotesError(f"no text in it ({'; '.join(losses) or 'only marks'}); is it the right file?")
    return "\n\n".join(page.blocks), losses, about
