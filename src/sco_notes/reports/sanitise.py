"""Reduce HTML from notebooks to an allow-list of tags and attributes that cannot do anything (nh3)."""

import re
from html import escape

import nh3

TAGS = set(
    "table thead tbody tfoot tr th td caption div span p strong em b i mark bdi details summary ul ol li br "
    "code pre sub sup a".split()
)
# The values that an attribute may have; links lead to places on the page itself.
_VALUES = dict.fromkeys(["colspan", "rowspan", "start"], r"\d{1,4}") | {
    "class": r"[\w -]+",
    "href": r"#[\w:.-]+",
    "id": r"evidence-[\w-]*",
    "scope": r"row|col|rowgroup|colgroup",
}
_CLEANER = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags={"script", "style"},  # dropped with what they hold: pandas puts a style in each table
    attributes={"*": set(_VALUES) - {"href"}, "a": {"href"}},
    # Also called for attributes that are not allowed: an empty pattern for them.
    attribute_filter=lambda tag, name, value: value if re.fullmatch(_VALUES.get(name, ""), value) else None,
    link_rel=None,
)
_CONTROL = re.compile(r"\x1b\[[0-9;]*m|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def clean_html(html: str) -> str:
    """Return HTML with nothing left but tables, lists, emphasis and links within the page; well nested.

    Header cells without a scope get one, and empty ones become data cells.

    >>> clean_html('<p onclick="x()">a<script>alert(1)</script> &amp; <blink>b')
    '<p>a &amp; b</p>'
    """
    html = _CLEANER.clean(_CONTROL.sub("", html))
    html = re.sub(r"<tr\b.*?</tr>", _with_scopes, html, flags=re.DOTALL)
    return re.sub(r"<th\b[^>]*>\s*</th>", "<td></td>", html)


def clean_text(text: str) -> str:
    """Return text as HTML shows it: escaped, without control characters and terminal colours."""
    return escape(_CONTROL.sub("", text))


def _with_scopes(row: re.Match) -> str:
    """A row whose header cells have a scope: of the row beside data cells, otherwise of the column."""
    scope = "row" if "<td" in row[0] else "col"
    return re.sub(r"<th(?= |>)(?![^>]*scope=)", f'<th scope="{scope}"', row[0])
