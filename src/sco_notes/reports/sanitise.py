"""HTML and Markdown from notebooks, reduced to what cannot do anything: an allow-list, the rest is text."""

import re
from html import escape
from html.parser import HTMLParser

TAGS = set(
    "table thead tbody tfoot tr th td caption div span p strong em b i mark bdi details summary ul ol li br "
    "code pre sub sup a".split()
)
DROPPED = {"style"}  # with what it holds: pandas puts one beside each table
_SIMPLE = {"class": r"[\w -]+", "id": r"evidence-[\w-]*", "scope": r"row|col|rowgroup|colgroup"}
_SIMPLE |= dict.fromkeys(["colspan", "rowspan", "start"], r"\d{1,4}")
_CONTROL = re.compile(r"\x1b\[[0-9;]*m|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def clean_html(html: str) -> str:
    """HTML with nothing left but tables, lists, emphasis and links within the page; well nested.

    A tag that is not allowed is shown as the text it is, so that nobody wonders where it went. Header cells
    without a scope get one; styles are dropped.

    >>> clean_html('<p onclick="x()">a <script>alert(1)</script></p>')
    '<p>a &lt;script&gt;alert(1)&lt;/script&gt;</p>'
    """
    cleaner = _Cleaner()
    cleaner.feed(html)
    cleaner.close()
    cleaner.close_to(0)
    return re.sub(r"<th(?: [^<>]*)?>\s*</th>", "<td></td>", "".join(cleaner.parts))


def clean_text(text: str) -> str:
    """Text as HTML shows it: escaped, without control characters and terminal colours."""
    return escape(_CONTROL.sub("", text))


def safe_address(address: str) -> bool:
    """Whether a link may lead there: the web, a mail address, or a place on the page itself."""
    return re.match(r"(https?://|mailto:|#)", address, re.IGNORECASE) is not None


class _Cleaner(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.open: list[str] = []
        self.dropping = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in DROPPED:
            self.dropping = tag
        elif not self.dropping and tag in TAGS:
            self.parts.append(f"<{tag}{self._attributes(tag, attributes)}>")
            if tag != "br":
                self.open.append(tag)
        elif not self.dropping:
            self.parts.append(clean_text(self.get_starttag_text() or ""))

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag not in DROPPED:
            self.handle_starttag(tag, attributes)
            if tag in TAGS and tag != "br":
                self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.dropping:
            self.dropping = "" if tag == self.dropping else self.dropping
        elif tag in self.open:
            self.close_to(len(self.open) - 1 - self.open[::-1].index(tag))
        elif tag not in TAGS | DROPPED:
            self.parts.append(clean_text(f"</{tag}>"))

    def handle_data(self, data: str) -> None:
        if not self.dropping:
            self.parts.append(clean_text(data))

    def close_to(self, depth: int) -> None:
        while len(self.open) > depth:
            self.parts.append(f"</{self.open.pop()}>")

    def _attributes(self, tag: str, attributes: list[tuple[str, str | None]]) -> str:
        kept = {
            name: value
            for name, value in attributes
            if value and name in _SIMPLE and re.fullmatch(_SIMPLE[name], value)
        }
        href = dict(attributes).get("href") or ""
        if tag == "a" and re.fullmatch(r"#[\w:.-]+", href):
            kept["href"] = href
        if tag == "th" and "scope" not in kept:
            kept["scope"] = "row" if "tbody" in self.open else "col"
        return "".join(f' {name}="{escape(value)}"' for name, value in kept.items())
