"""A PDF to the text its pages hold, by pypdf (pure Python, read in a process with limits)."""

import logging
from collections import Counter
from typing import Any

from ...errors import SCONotesError
from ..stated import shown, stated

_LIGATURES = {
    0xFB00: "ff",
    0xFB01: "fi",
    0xFB02: "fl",
    0xFB03: "ffi",
    0xFB04: "ffl",
    0xFB05: "st",
    0xFB06: "st",
}


def read(path: str, encoding: str | None = None) -> dict:
    """The text of a PDF, page by page, with the title and author it states; see `isolation.convert`."""
    import pypdf

    said: list[str] = []
    log = logging.getLogger("pypdf")
    log.addFilter(lambda record: bool(said.append(record.getMessage())))  # type: ignore[func-returns-value]
    log.propagate = False
    log.addHandler(logging.NullHandler())
    with open(path, "rb") as file:  # noqa: PTH123
        if b"%PDF-" not in file.read(1024):
            raise SCONotesError("not a PDF, whatever its name says; give it the ending of what it is")
    reader = pypdf.PdfReader(path)
    if reader.is_encrypted and not reader.decrypt(""):
        raise SCONotesError("locked with a password; save a copy without one")
    pages, images, faults = [], 0, []
    for number, page in enumerate(reader.pages, 1):
        try:
            pages.append(page.extract_text().translate(_LIGATURES))
            images += _images(page)
        except Exception as error:
            pages.append("")
            faults.append(f"page {number} cannot be read ({type(error).__name__})")
    if not pages:
        raise SCONotesError("no page in it; open it in a viewer and save it anew")
    text = "\n\n".join(pages)
    if not any(character.isalnum() for character in text):
        _refuse(len(pages), images, faults, said)
    empty = [str(number) for number, page in enumerate(pages, 1) if not page.strip()]
    losses = faults + ([f"no text on {_numbered(empty)} of {len(pages)}"] if empty and not faults else [])
    losses += [f"{_counted(images, 'picture')} ignored"] if images else []
    losses += _running_heads(pages)
    losses += [f"pypdf: {shown(said[0])}"] if said else []
    about: Any = reader.metadata or {}
    title, author = (str(about.get(key) or "").strip() for key in ("/Title", "/Author"))
    return stated(text, losses, title=title, author=author)


def _refuse(pages: int, images: int, faults: list[str], said: list[str]) -> None:
    """Raise for a PDF without text, with the reason as far as it is known."""
    if faults:
        raise SCONotesError(
            f"nothing on its {_counted(pages, 'page')} can be read: {faults[0]}; open it in a viewer and "
            "print it into a new PDF, or save its text as .txt"
        )
    reason = f", but {_counted(images, 'picture')}: probably a scan" if images else ""
    reason += f" ({shown(said[0])})" if said else ""
    raise SCONotesError(
        f"no text on its {_counted(pages, 'page')}{reason}; run text recognition on it (OCR, for instance "
        "ocrmypdf) and add the result"
    )


def _counted(n: int, what: str) -> str:
    return f"{n:,} {what}{'s' * (n != 1)}"


def _images(page) -> int:
    """How many pictures a page names, without unpacking them."""
    resources = page.get("/Resources")
    things = resources.get_object().get("/XObject") if resources is not None else None
    things = things.get_object() if things is not None else {}
    return sum(thing.get_object().get("/Subtype") == "/Image" for thing in things.values())


def _running_heads(pages: list[str]) -> list[str]:
    """Lines that most pages begin or end with: they stand in the text, and are counted."""
    edges = [[line.strip() for line in page.strip().splitlines()] for page in pages]
    found = Counter(line for lines in edges for line in {*lines[:1], *lines[-1:]} if len(line) > 3)
    often = [line for line, n in found.items() if n >= 3 and n > len(pages) / 2]
    return [
        f"“{shown(line, 40)}” stands on {found[line]} pages as a running head, and is counted"
        for line in often
    ]


def _numbered(numbers: list[str]) -> str:
    some = ", ".join(numbers[:10]) + (" and others" if len(numbers) > 10 else "")
    return f"{'page' if len(numbers) == 1 else 'pages'} {some}"
