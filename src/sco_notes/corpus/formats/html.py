"""A web page to its main text, by trafilatura, and how much of the page is not in it.

trafilatura leaves out menus, and in silence also repeated paragraphs and what is nested deeply. So the page
is read a second time by the standard library, and the two are compared.
"""

import json
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

from ...errors import SCONotesError, counted, shown
from ..encodings import decoded
from ..text import decode

SCRIPTED = 200  # characters: a page with less text is probably filled by a script
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
_LATIN = {"iso-8859-1", "latin-1", "latin1", "ascii", "us-ascii"}  # cp1252, as the HTML standard reads them
_HIDDEN = {"script", "style", "noscript", "template", "head"}
_BLOCKS = {*"address article aside blockquote br dd div dl dt figcaption li p pre section td th tr".split()}
_BLOCKS |= {f"h{level}" for level in range(1, 7)}
_META = {  # where the head of a page states what; names in small letters
    "title": ["og:title", "citation_title", "dc.title", "dcterms.title"],
    "author": ["author", "citation_author", "dc.creator", "dcterms.creator", "article:author"],
    "date": [
        "article:published_time", "citation_publication_date", "citation_date", "dc.date", "dc.date.issued",
        "dcterms.date", "dcterms.issued", "datepublished", "date", "pubdate", "publishdate",
    ],
    "source": ["og:url", "canonical"],
}  # fmt: skip


def read(path: str, encoding: str | None = None) -> tuple[str, list[str], dict]:
    """Read the main text of a page, what is lost, and the title, author, date and address of its head.

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
    if n := page.counts["img"]:
        losses.append(f"{counted(n, 'picture')} ignored")
    return text, losses, about


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
    head = page.head
    said = {key: [value for name in names for value in head.get(name, [])] for key, names in _META.items()}
    for article in _articles("".join(page.head.get("application/ld+json", []))):
        authors = article.get("author", [])
        people = authors if isinstance(authors, list) else [authors]
        names = [person.get("name") if isinstance(person, dict) else person for person in people]
        said["author"] = said["author"] or [name for name in names if isinstance(name, str)]
        said["date"].append(str(article.get("datePublished", "")))
    said["title"] += ["".join(page.head.get("title", []))]
    said["source"] = [address for address in said["source"] if re.match(r"https?://\S+$", address)]
    about = {key: shown((said[key] or [""])[0], 300) for key in ("title", "source")}
    about["author"] = "; ".join(dict.fromkeys(name for name in said["author"] if "://" not in name))
    days = sorted({day for day in map(_day, said["date"]) if day}, key=len)
    # 2024 and 2024-07-03 agree; 2024-07-03 and 2024-07-05 do not.
    if not all(days[-1].startswith(day) for day in days):
        return about, [f"dates stated differ ({', '.join(sorted(days))}): none taken"]
    return about | {"date": (days or [""])[-1]}, []


def _articles(text: str) -> list[dict]:
    """The objects on the top level of the data (JSON-LD) of a page."""
    try:
        found = json.loads(text or "[]")
    except ValueError:
        return []
    return [thing for thing in (found if isinstance(found, list) else [found]) if isinstance(thing, dict)]


def _day(value: str) -> str:
    """A date as metadata write it, in EDTF: its year, month or day; "" for any other form."""
    match = re.match(r"(\d{4})(?:[-/](\d{2}))?(?:[-/](\d{2}))?(?:[T ]|$)", value.strip())
    return "-".join(part for part in match.groups() if part) if match else ""
