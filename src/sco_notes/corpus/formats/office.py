"""Files of word processors (.docx, .odt, .rtf) to their text.

The first two are zips of XML, read by the standard library. Every paragraph counts, wherever it stands: in
tables, text boxes, content controls and accepted changes, which python-docx's list of paragraphs leaves out.
"""

import re
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

from ...errors import SCONotesError, counted
from . import lost
from .zipped import elements, open_zip

_DOCX_LEFT_OUT = {"del", "moveFrom", "Fallback"}  # deleted text, and second copies of text boxes
_DOCX_SIGNS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_ODT_LEFT_OUT = {"tracked-changes", "annotation", "note"}  # the first holds what was deleted
_ODT_SIGNS = {"s": " ", "tab": " ", "line-break": "\n"}


def read_docx(path: str, encoding: str | None = None) -> tuple[str, list[str], dict]:
    """Read the text of a .docx file, what is lost, and the title and author of its properties."""
    with open_zip(path, "docx") as archive:
        parts = archive.namelist()
        main = next(filter(re.compile(r"word/document\d*\.xml").fullmatch, parts), "")
        if not main:
            raise SCONotesError("a zip without a Word document in it; save the text as .docx or .txt")
        text, n_of = _docx_text(archive.read(main))
        core = "docProps/core.xml"
        properties = elements(archive.read(core)) if core in parts else ()
        stated = {name: element.text for _, name, element in properties}
    if (n := n_of["blip"] + n_of["imagedata"]) and not text.strip():
        raise SCONotesError(f"no text in it, only {counted(n, 'picture')}: run text recognition (OCR)")
    losses = lost("docx", n_of)
    if any(part.startswith(("word/header", "word/footer")) for part in parts):
        losses.append("headers and footers left out")
    return text, losses, {"title": stated.get("title"), "author": stated.get("creator")}


def _docx_text(part: bytes) -> tuple[str, Counter]:
    """The paragraphs of the main part, and how often each element stands in it."""
    paragraphs: list[str] = []
    opened: list[list[str]] = []  # a text box has paragraphs inside one
    n_of: Counter = Counter()
    left_out = 0
    for event, name, element in elements(part):
        if event == "start":
            n_of[name] += not left_out
            left_out += name in _DOCX_LEFT_OUT
            if name == "p":
                opened.append([])
            continue
        left_out -= name in _DOCX_LEFT_OUT
        if name == "p":
            paragraphs.append("".join(opened.pop()))
        elif opened and not left_out:
            opened[-1].append((element.text or "") if name == "t" else _DOCX_SIGNS.get(name, ""))
        element.clear()
    return "\n\n".join(paragraphs), n_of


def read_odt(path: str, encoding: str | None = None) -> tuple[str, list[str], dict]:
    """Read the text of a .odt file, what is lost, and the title and author of its properties."""
    with open_zip(path, "odt") as archive:
        parts = archive.namelist()
        if "content.xml" not in parts:
            raise SCONotesError("a zip without an OpenDocument text in it; save the text as .odt or .txt")
        manifest = "META-INF/manifest.xml"
        if manifest in parts and b"encryption-data" in archive.read(manifest):
            raise SCONotesError("locked with a password; save it without")
        text, n_of = _odt_text(archive.read("content.xml"))
        meta = elements(archive.read("meta.xml")) if "meta.xml" in parts else ()
        stated = {name: element.text for _, name, element in meta}
    author = stated.get("initial-creator") or stated.get("creator")
    return text, lost("odt", n_of), {"title": stated.get("title"), "author": author}


def _odt_text(part: bytes) -> tuple[str, Counter]:
    """The paragraphs of the content, and how often each element stands in it."""
    content = ElementTree.fromstring(part)
    n_of: Counter = Counter()
    for element in [*content.iter()]:
        n_of[name := element.tag.rpartition("}")[2]] += 1
        if name in _ODT_LEFT_OUT:
            _empty(element)
        element.text = _ODT_SIGNS.get(name, element.text)
    paragraphs = []
    for element in reversed([*content.iter()]):  # a text box has paragraphs inside one
        if element.tag.rpartition("}")[2] in ("p", "h"):
            paragraphs.append("".join(element.itertext()))
            _empty(element)
    return "\n\n".join(reversed(paragraphs)), n_of


def _empty(element: ElementTree.Element) -> None:
    """Take out what stands in an element, not what stands behind it."""
    tail = element.tail
    element.clear()
    element.tail = tail


def read_rtf(path: str, encoding: str | None = None) -> tuple[str, list[str], dict]:
    """Read the text of a .rtf file by striprtf, what is lost, and the title and author of its properties."""
    from striprtf.striprtf import rtf_to_text

    raw = Path(path).read_bytes().decode("latin-1")  # the format is ASCII; other bytes are those of \ansicpg
    if not raw.lstrip().startswith("{\\rtf"):
        raise SCONotesError("not rich text, whatever its name says; give it the ending of what it is")
    text = rtf_to_text(re.sub(r"\\cell(?![a-z])", r"\\par", raw), encoding="cp1252")
    stated = {key: re.search(rf"\{{\\{key} ([^{{}}]*)\}}", raw) for key in ("title", "author")}
    about = {key: rtf_to_text(f"{{\\rtf1 {match[1]}}}") for key, match in stated.items() if match}
    return text, lost("rtf", Counter(re.findall(r"\\([a-z]+)", raw))), about
