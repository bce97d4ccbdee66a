"""Markdown to the words a reader sees, by mistune: without marks, addresses, pictures and code."""

import re
from collections import Counter
from html import unescape
from pathlib import Path
from typing import Any

from ...errors import SCONotesError
from ..stated import stated
from ..text import decode

_FRONT = re.compile(r"\A---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_ENTRY = re.compile(r"(title|date|author|source):[ \t]*(.+?)[ \t]*", re.IGNORECASE)
_LEFT_OUT = {
    "block_code": "blocks of code", "image": "pictures", "block_html": "blocks of HTML",
    "link": "addresses of links",
}  # fmt: skip
_BLOCKS = {"paragraph", "heading", "block_text"}


def read(path: str, encoding: str | None = None) -> dict:
    """The text of a Markdown file; title, date, author and source from its head; see `isolation.convert`.

    The head is what stands between two lines of --- at the beginning, an entry a line. Where it gives no
    title, a heading of the first level that opens the text is the title.
    """
    import mistune

    raw = re.sub(r"\r\n?", "\n", decode(Path(path).read_bytes(), path, encoding))
    front = _FRONT.match(raw)
    entries = {}
    for line in front[1].splitlines() if front else ():
        if entry := _ENTRY.fullmatch(line):
            entries[entry[1].lower()] = entry[2].strip("\"'")
    body = raw[front.end() :] if front else raw
    tokens: Any = mistune.create_markdown(renderer=None, plugins=["table"])(body)
    counts: Counter = Counter()
    blocks: list[str] = []
    _walk(tokens, blocks, counts)
    text = "\n\n".join(blocks)
    opening: dict = next((t for t in tokens if t["type"] != "blank_line"), {})
    if (
        opening.get("type") == "heading"
        and opening["attrs"]["level"] == 1
        and blocks
        and "title" not in entries
    ):
        entries["title"] = blocks[0]
    losses = [f"left out: {name} ({counts[kind]})" for kind, name in _LEFT_OUT.items() if counts[kind]]
    if not text.strip():
        raise SCONotesError(f"no text in it ({'; '.join(losses) or 'only marks'}); is it the right file?")
    losses += ["tables flattened, their cells as paragraphs"] if counts["table"] else []
    return stated(text, losses, **entries)


def _walk(tokens: Any, blocks: list[str], counts: Counter) -> None:
    """Add the text of each block, in order."""
    for token in tokens:
        kind = token["type"]
        counts[kind] += 1
        if kind in _BLOCKS or kind == "table_cell":
            blocks.append(_inline(token.get("children", []), counts))
        elif kind not in _LEFT_OUT:
            _walk(token.get("children", []), blocks, counts)


def _inline(tokens: Any, counts: Counter) -> str:
    parts = []
    for token in tokens:
        kind = token["type"]
        counts[kind] += 1
        if kind == "linebreak" or token.get("raw", "").lower().startswith("<br"):
            parts.append("\n")
        elif kind == "softbreak":
            parts.append(" ")
        elif "children" in token and kind != "image":
            parts.append(_inline(token["children"], counts))
        elif kind in ("text", "codespan"):
            parts.append(unescape(token["raw"]))
    return "".join(parts)
