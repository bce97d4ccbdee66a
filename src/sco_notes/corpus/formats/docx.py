"""A Word file (.docx) to its text, by the standard library: a zip of XML.

Every paragraph counts, wherever it stands: in tables, text boxes, content controls and accepted changes,
which python-docx's list of paragraphs leaves out.
"""

import re
from collections import Counter

from ...errors import SCONotesError, counted
from .zipped import elements, open_zip

_LEFT_OUT = {"del", "moveFrom", "Fallback"}  # deleted text, and second copies of text boxes
_MAIN_PART = re.compile(r"word/document\d*\.xml")
_SIGNS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_LOSSES = {  # the elements that are counted, and what is said of them
    "table": (["tbl"], "flattened, its cells as paragraphs"),
    "image": (["blip", "imagedata"], "ignored"),
    "equation": (["oMath"], "left out"),
    "footnote": (["footnoteReference", "endnoteReference"], "left out"),
    "comment": (["commentReference"], "left out"),
    "tracked change": (["ins", "del"], "taken as accepted"),
}


def read(path: str, encoding: str | None = None) -> tuple[str, list[str], dict]:
    """Read the text of a .docx file, what is lost, and the title and author of its properties."""
    with open_zip(path, "docx") as archive:
        parts = archive.namelist()
        main = next(filter(_MAIN_PART.fullmatch, parts), "")
        if not main:
            raise SCONotesError("a zip without a Word document in it; save the text as .docx or .txt")
        text, counts = _text(archive.read(main))
        core = "docProps/core.xml"
        properties = elements(archive.read(core)) if core in parts else ()
        stated = {name: element.text for _, name, element in properties}
    if not text.strip():
        images = sum(counts[element] for element in _LOSSES["image"][0])
        fault = f"no text in it, only {counted(images, 'picture')}: run text recognition (OCR)"
        raise SCONotesError(fault if images else "no text in it; is it the right file?")
    losses = []
    for what, (names, fate) in _LOSSES.items():
        if n := sum(counts[name] for name in names):
            losses.append(f"{counted(n, what)} {fate}")
    if any(re.match(r"word/(header|footer)", part) for part in parts):
        losses.append("headers and footers left out")
    return text, losses, {"title": stated.get("title"), "author": stated.get("creator")}


def _text(part: bytes) -> tuple[str, Counter]:
    """The paragraphs of the main part, and how often each element stands in it."""
    paragraphs: list[str] = []
    opened: list[list[str]] = []  # a text box has paragraphs inside one
    counts: Counter = Counter()
    left_out = 0
    for event, name, element in elements(part):
        if event == "start":
            counts[name] += not left_out
            left_out += name in _LEFT_OUT
            if name == "p":
                opened.append([])
            continue
        left_out -= name in _LEFT_OUT
        if name == "p":
            paragraphs.append("".join(opened.pop()))
        elif opened and not left_out:
            opened[-1].append((element.text or "") if name == "t" else _SIGNS.get(name, ""))
        element.clear()
    return "\n\n".join(paragraphs), counts
