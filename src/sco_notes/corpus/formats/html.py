"""A web page to its main text, by trafilatura, and what of the page is not in it.

trafilatura leaves out menus, and in silence also repeated paragraphs and whole pages that are nested deeply.
So the page is read a second time by the standard library, and the two are compared.
"""

import json
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

from ...errors import SCONotesError
from ..stated import stated
from ..text import decode

DEEPEST = 255  # elements inside each other: libxml2 drops what is deeper
SCRIPTED = 200  # characters: a page with less text is probably filled by a script
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
_LATIN = {"iso-8859-1", "latin-1", "latin1", "ascii", "us-ascii"}  # cp1252, as the HTML standard reads them
# Elements that hold nothing, and those that the next of them ends: a parser nests neither.
_FLAT = set(
    "area base br col dd dt embed hr img input li link meta option p source tbody td th thead tr track "
    "wbr".split()
)
_HIDDEN = {"script", "style", "noscript", "template", "head"}
_BLOCKS = set(
    "address article aside blockquote br dd div dl dt figcaption h1 h2 h3 h4 h5 h6 li p pre section td th "
    "tr".split()
)
_META = {
    "title": ("og:title", "citation_title", "dc.title", "dcterms.title"),
    "author": ("author", "citation_author", "dc.creator", "dcterms.creator", "article:author"),
    "date": (
        "article:published_time", "citation_publication_date", "citation_date", "dc.date", "dc.date.issued",
        "dcterms.date", "dcterms.issued", "datepublished", "date", "pubdate", "publishdate",
    ),
    "source": ("og:url",),
}  # fmt: skip


def read(path: str, encoding: str | None = None) -> dict:
    """The main text of a page, and the title, author, date and address that its head states.

    `encoding` is what the server or the user says; without it the page's own word counts, or UTF-8.
    """
    import trafilatura

    data = Path(path).read_bytes()
    own = _CHARSET.search(data[:4096])
    codec = encoding or (own[1].decode() if own else "utf-8")
    # A page that can be searched for the name of its encoding is no UTF-16, whatever it says.
    codec = "cp1252" if codec.lower() in _LATIN else "utf-8" if own and codec.startswith("utf-16") else codec
    raw = decode(data, path, codec)
    if re.search(r"<!DOCTYPE[^>]*\[", raw[:4096], re.IGNORECASE):
        raise SCONotesError(
            "it defines entities of its own, which would be lost; copy the text into a .txt file"
        )
    clean = re.sub(r"\A\s*<\?xml[^>]*\?>", "", raw)  # it would name an encoding a second time
    page = _Page()
    page.feed(clean)
    page.close()
    blocks = page.blocks()
    found = trafilatura.extract(clean, include_comments=False, favor_recall=True)
    lines = [_plain(line) for line in (found or "").splitlines()]
    text = "\n\n".join(line for line in lines if line)
    if not text:
        raise SCONotesError(_why_nothing(page, blocks))
    about = {key: page.stated(key) for key in _META}
    return stated(text, _losses(page, blocks, lines), **about)


def _plain(line: str) -> str:
    """A line without the marks that stand for tables and lists."""
    line = line.strip()
    if line.startswith("|"):
        line = " ".join(cell.strip() for cell in line.strip("|").split("|") if cell.strip(" -"))
    return line.removeprefix("- ").strip()


def _why_nothing(page: "_Page", blocks: list[str]) -> str:
    n = sum(map(len, blocks))
    if page.deepest > DEEPEST:
        return (
            f"its elements stand {page.deepest:,} deep inside each other, {DEEPEST} can be read; open it in "
            "a browser, copy the text into a .txt file and add that"
        )
    if n < SCRIPTED:
        return (
            f"hardly any text in it ({n} characters): perhaps a script of the page fetches it; open it in a "
            "browser, copy the text into a .txt file and add that"
        )
    return f"no main text found among its {n:,} characters; copy the text into a .txt file and add that"


def _losses(page: "_Page", blocks: list[str], lines: list[str]) -> list[str]:
    losses = []
    visible, kept = (sum(len("".join(part.split())) for part in parts) for parts in (blocks, lines))
    if visible > kept * 1.01:
        losses.append(
            f"{1 - kept / visible:.0%} of the characters of the page left out (menus and the like: compare)"
        )
    there, here = Counter(block for block in blocks if len(block) > 20), Counter(lines)
    repeats = sum(n - max(here[block], 1) for block, n in there.items() if n > 1 and here[block] < n)
    if repeats:
        losses.append(
            f"{repeats:,} {'paragraph' if repeats == 1 else 'paragraphs'} repeated in the page dropped"
        )
    if max(map(len, lines)) > max(map(len, blocks), default=0):
        losses.append("paragraphs run together, without a space between them")
    if page.deepest > DEEPEST:
        losses.append(f"text nested more than {DEEPEST} elements deep dropped")
    if page.images:
        losses.append(f"{page.images} {'picture' if page.images == 1 else 'pictures'} ignored")
    if "date" in page.conflicts:
        losses.append(f"dates stated differ ({', '.join(page.conflicts['date'])}): none taken")
    return losses


class _Page(HTMLParser):
    """The visible text of a page in blocks, and what its head states."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.meta: dict[str, list[str]] = {}
        self.conflicts: dict[str, list[str]] = {}
        self.images = self.depth = self.deepest = 0
        self._hidden = ""
        self._title: list[str] = []
        self._ld: list[str] = []
        self._parts: list[str] = []
        self._open = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if self._open == "title":  # only text can stand in it
            self._title.append(self.get_starttag_text() or "")
            return
        if tag == "meta":
            name = values.get("property") or values.get("name") or values.get("itemprop") or ""
            self.meta.setdefault(name.lower(), []).append(values.get("content", "").strip())
        elif tag == "link" and values.get("rel") == "canonical":
            self.meta.setdefault("og:url", []).append(values.get("href", "").strip())
        elif tag == "time" and "datePublished" in (values.get("itemprop") or ""):
            self.meta.setdefault("datepublished", []).append(values.get("datetime", "").strip())
        elif tag == "img":
            self.images += 1
        if tag in _BLOCKS:
            self._parts.append("\n")
        self.depth += tag not in _FLAT
        self.deepest = max(self.deepest, self.depth)
        if tag == "title" and not self._title:
            self._open = "title"
        elif tag == "script" and values.get("type", "").lower() == "application/ld+json":
            self._open = "script"
        if tag in _HIDDEN and not self._hidden:
            self._hidden = tag

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._parts.append("\n")
        self.depth = max(self.depth - (tag not in _FLAT), 0)
        if tag == self._open:
            self._open = ""
        if tag == self._hidden or tag == "head":
            self._hidden = ""

    def handle_data(self, data: str) -> None:
        if self._open == "title":
            self._title.append(data)
        elif self._open == "script":
            self._ld.append(data)
        elif not self._hidden:
            self._parts.append(data)

    def blocks(self) -> list[str]:
        lines = "".join(self._parts).split("\n")
        return [line for line in (" ".join(line.split()) for line in lines) if line]

    def stated(self, key: str) -> str:
        """What the head says of title, author, date or source; "" where it says nothing, or two things."""
        values = [value for name in _META[key] for value in self.meta.get(name, []) if value]
        if key == "date":
            values += re.findall(r'"datePublished"\s*:\s*"([^"]{4,40})"', "".join(self._ld))
            values = [day for day in map(_day, values) if day]
            longest = max(values, key=len, default="")
            # 2024 and 2024-07-03 agree; 2024-07-03 and 2024-07-05 do not.
            if any(not longest.startswith(day) for day in values):
                self.conflicts["date"] = sorted(set(values))
                return ""
            return longest
        if key == "author":
            values += _authors("".join(self._ld)) if not values else []
            return "; ".join(dict.fromkeys(value for value in values if "://" not in value))
        if key == "title" and not values:
            return " ".join("".join(self._title).split())
        if key == "source":
            values = [value for value in values if re.match(r"https?://\S+$", value)]
        return values[0] if values else ""


def _day(value: str) -> str:
    """A date as metadata write it, in EDTF: its year, month or day; "" for any other form."""
    match = re.match(r"(\d{4})(?:[-/](\d{2}))?(?:[-/](\d{2}))?(?:[T ]|$)", value.strip())
    return "-".join(part for part in match.groups() if part) if match else ""


def _authors(text: str) -> list[str]:
    try:
        things = json.loads(text)
    except ValueError:
        return []
    things = things if isinstance(things, list) else [things]
    found = [thing.get("author") for thing in things if isinstance(thing, dict)]
    people = [person for one in found for person in (one if isinstance(one, list) else [one])]
    names = [person.get("name") if isinstance(person, dict) else person for person in people]
    return [name for name in names if isinstance(name, str)]
