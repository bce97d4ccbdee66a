"""A Word file (.docx) to its text, by the standard library: a zip of XML.

Every paragraph counts, wherever it stands: in tables, text boxes, content controls and accepted changes,
which python-docx's list of paragraphs leaves out.
"""

import posixpath
import zipfile
from collections import Counter
from io import BytesIO
from xml.etree import ElementTree

from ..errors import SCONotesError
from . import stated

UNFOLDED = 50_000_000  # bytes of all parts together
RATIO = 100  # unfolded to packed
PARTS = 10_000
_LEFT_OUT = {"del", "moveFrom", "Fallback"}  # deleted text, and second copies of text boxes
_SIGNS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_COUNTED = {
    "tbl": "{} flattened, its cells as paragraphs",
    "image": "{} ignored",
    "equation": "{} left out",
    "footnote": "{} left out",
    "comment": "{} left out",
    "tracked change": "{} taken as accepted",
}
_COUNTS_AS = {
    "tbl": "tbl", "blip": "image", "imagedata": "image", "oMath": "equation", "footnoteReference": "footnote",
    "endnoteReference": "footnote", "commentReference": "comment", "ins": "tracked change",
    "del": "tracked change",
}  # fmt: skip


def read(path: str, encoding: str | None = None) -> dict:
    """The text of a .docx file, with the title and author of its properties; see `isolation.convert`."""
    with open(path, "rb") as file:  # noqa: PTH123
        begin = file.read(8)
    if begin.startswith(b"\xd0\xcf\x11\xe0"):
        raise SCONotesError("an old .doc, or locked with a password; save it as .docx without a password")
    if not zipfile.is_zipfile(path):
        raise SCONotesError("not a .docx file (no zip); open it in a word processor and save it as .docx")
    with zipfile.ZipFile(path) as archive:
        _check(archive)
        names = archive.namelist()
        main = _main_part(archive)
        if main not in names:
            raise SCONotesError("a zip without a Word document in it; save the text as .docx or .txt")
        text, counts = _text(archive.read(main))
        core = archive.read("docProps/core.xml") if "docProps/core.xml" in names else b""
        beside = sorted({n for n in names if posixpath.basename(n).startswith(("header", "footer"))})
    if not text.strip():
        pictures = counts["image"]
        raise SCONotesError(
            f"no text in it, only {pictures} {'picture' if pictures == 1 else 'pictures'}: run text "
            "recognition (OCR) on them"
            if pictures
            else "no text in it; is it the right file?"
        )
    losses = [
        said.format(f"{counts[what]} {(what if what != 'tbl' else 'table')}{'s' * (counts[what] != 1)}")
        for what, said in _COUNTED.items()
        if counts[what]
    ]
    losses += ["headers and footers left out"] if any(n.endswith(".xml") for n in beside) else []
    properties = _properties(core)
    return stated(text, losses, title=properties.get("title", ""), author=properties.get("creator", ""))


def _check(archive: zipfile.ZipFile) -> None:
    """Refuse what unfolds beyond measure, by the sizes that the zip states: no more is read than they say."""
    parts = archive.infolist()
    unfolded, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    if len(parts) > PARTS:
        raise SCONotesError(f"{len(parts):,} parts, at most {PARTS:,} are expected; save it anew")
    if unfolded > UNFOLDED or (unfolded > 10_000_000 and unfolded > RATIO * packed):
        raise SCONotesError(
            f"it unfolds from {packed / 1e6:.1f} to {unfolded / 1e6:,.0f} MB, at most "
            f"{UNFOLDED // 1_000_000} MB and {RATIO}-fold are read; save its text as .txt"
        )
    if any(part.flag_bits & 1 for part in parts):
        raise SCONotesError("locked with a password; save it without")
    for part in parts:
        # Only a DOCTYPE can define entities: text that a parser would drop, or unfold without end.
        is_xml = part.filename.endswith((".xml", ".rels"))
        if is_xml and b"<!DOCTYPE" in archive.read(part).replace(b"\0", b""):
            raise SCONotesError(
                f"{part.filename} in it has a DOCTYPE, which no word processor writes; open it in one and "
                "save it anew"
            )


def _main_part(archive: zipfile.ZipFile) -> str:
    try:
        relations = ElementTree.fromstring(archive.read("_rels/.rels"))
    except KeyError:
        return ""
    for relation in relations:
        if relation.get("Type", "").endswith("/officeDocument"):
            return relation.get("Target", "").lstrip("/")
    return ""


def _text(part: bytes) -> tuple[str, Counter]:
    """The paragraphs of the main part, and what stands in it besides text."""
    paragraphs: list[str] = []
    open_paragraphs: list[list[str]] = []  # a text box has paragraphs inside one
    counts: Counter = Counter()
    left_out = 0
    for event, element in ElementTree.iterparse(BytesIO(part), ["start", "end"]):
        namespace, _, name = element.tag.rpartition("}")
        is_word = "wordprocessingml" in namespace
        if event == "start":
            counts[_COUNTS_AS.get(name, "")] += not left_out
            left_out += name in _LEFT_OUT
            if is_word and name == "p":
                open_paragraphs.append([])
            continue
        left_out -= name in _LEFT_OUT
        if is_word and open_paragraphs and not left_out:
            if name == "t":
                open_paragraphs[-1].append(element.text or "")
            elif name in _SIGNS:
                open_paragraphs[-1].append(_SIGNS[name])
        if is_word and name == "p":
            paragraphs.append("".join(open_paragraphs.pop()))
            element.clear()
    return "\n\n".join(paragraphs), counts


def _properties(core: bytes) -> dict[str, str]:
    if not core:
        return {}
    return {e.tag.rpartition("}")[2]: e.text.strip() for e in ElementTree.fromstring(core) if e.text}
