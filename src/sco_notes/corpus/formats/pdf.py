"""A PDF to the text its pages hold, by pypdf (pure Python, read in a process with limits)."""

from collections import Counter
from pathlib import Path
from typing import Any

from ...errors import SCONotesError, counted, shown

_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})


def read(path: str, encoding: str | None = None) -> tuple[str, list[str], dict]:
    """Read the text of a PDF, page by page, what is lost, and the title and author it states."""
    import pypdf

    if b"%PDF-" not in Path(path).read_bytes()[:1024]:
        raise SCONotesError("not a PDF, whatever its name says; give it the ending of what it is")
    reader = pypdf.PdfReader(path)
    if reader.is_encrypted and not reader.decrypt(""):
        raise SCONotesError("locked with a password; save a copy without one")
    pages, n_images, faults = [], 0, []
    for number, page in enumerate(reader.pages, 1):
        try:
            pages.append(page.extract_text().translate(_LIGATURES))
            n_images += _count_images(page)
        except Exception as error:
            pages.append("")
            faults.append(f"page {number} cannot be read ({type(error).__name__})")
    losses = faults + ([f"{counted(n_images, 'picture')} ignored"] if n_images else [])
    text = "\n\n".join(pages)
    if not any(character.isalnum() for character in text):
        scan = f", but {counted(n_images, 'picture')}: probably a scan" if n_images else ""
        reason = f"no text on its {counted(len(pages), 'page')}{scan}"
        reason += f" ({faults[0]})" if faults else ""
        remedy = "run text recognition on it (OCR, for instance ocrmypdf), or print it into a new PDF"
        raise SCONotesError(f"{reason}; {remedy}")
    empty = [str(number) for number, page in enumerate(pages, 1) if not page.strip()]
    if empty and not faults:
        some = ", ".join(empty[:10]) + (" and others" if len(empty) > 10 else "")
        losses.append(f"no text on {'page' if len(empty) == 1 else 'pages'} {some} of {len(pages)}")
    about: Any = reader.metadata or {}
    stated = {key: str(about.get(f"/{key.title()}") or "").strip() for key in ("title", "author")}
    return text, losses + _running_heads(pages), stated


def _count_images(page) -> int:
    """How many pictures a page names, without unpacking them."""
    resources = page.get("/Resources")
    things = resources.get_object().get("/XObject") if resources is not None else None
    things = things.get_object() if things is not None else {}
    return sum(thing.get_object().get("/Subtype") == "/Image" for thing in things.values())


def _running_heads(pages: list[str]) -> list[str]:
    """Lines that most pages begin or end with: they stand in the text, and are counted."""
    edges = [[line.strip() for line in page.strip().splitlines()] for page in pages]
    found = Counter(line for lines in edges for line in {*lines[:1], *lines[-1:]} if len(line) > 3)
    heads = {line: n for line, n in found.items() if n >= 3 and n > len(pages) / 2}
    fate = "pages as a running head, and is counted"
    return [f"“{shown(line, 40)}” stands on {n} {fate}" for line, n in heads.items()]
