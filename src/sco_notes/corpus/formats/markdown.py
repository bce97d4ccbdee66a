"""Markdown to the words a reader sees, by mistune: without marks, addresses, pictures and code."""

import re
from pathlib import Path

from ...errors import SCONotesError
from ..encodings import decoded
from .html import Page

_FRONT = re.compile(r"\A---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_ENTRY = re.compile(r"(title|date|author|source):[ \t]*(.+?)[ \t]*", re.IGNORECASE)
_LOSSES = {"pre": "blocks of code", "img": "pictures", "script": "scripts", "a": "addresses of links"}


def read(path: str, encoding: str | None = None) -> tuple[str, list[str], dict]:
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
    losses = [f"left out: {name} ({page.counts[tag]})" for tag, name in _LOSSES.items() if page.counts[tag]]
    if not page.blocks:
        raise SCONotesError(f"no text in it ({'; '.join(losses) or 'only marks'}); is it the right file?")
    losses += ["tables flattened, their cells as paragraphs"] if page.counts["table"] else []
    return "\n\n".join(page.blocks), losses, about
