"""A Word file (.docx) to its text, by the standard library: a zip of XML.

Every paragraph counts, wherever it stands: in tables, text boxes, content controls and accepted changes,
which python-docx's list of paragraphs leaves out.
"""

import posixpath
import zipfile
from collections import Counter
from xml.parsers import expat

from ...errors import SCONotesError
from ..stated import stated

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


def _main_part(archive: zipfile.ZipFile) -> str:
    """The name of the part with the text."""
    found: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if attributes.get("Type", "").endswith("/officeDocument"):
            found.append(attributes.get("Target", "").lstrip("/"))

    if "_rels/.rels" in archive.namelist():
        _parse(archive.read("_rels/.rels"), start=start)
    return found[0] if found else ""


def _text(part: bytes) -> tuple[str, Counter]:
    """The paragraphs of the main part, and what stands in it besides text."""
    paragraphs: list[str] = []
    opened: list[list[str]] = []  # a text box has paragraphs inside one
    counts: Counter = Counter()
    left_out, is_text = 0, False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal left_out, is_text
        is_word, name = _named(tag)
        if not left_out:
            counts[_COUNTS_AS.get(name, "")] += 1
        left_out += name in _LEFT_OUT
        if is_word and name == "p":
            opened.append([])
        elif is_word and name in _SIGNS and opened and not left_out:
            opened[-1].append(_SIGNS[name])
        is_text = is_word and name == "t" and not left_out

    def end(tag: str) -> None:
        nonlocal left_out, is_text
        is_word, name = _named(tag)
        is_text = False
        left_out -= name in _LEFT_OUT
        if is_word and name == "p":
            paragraphs.append("".join(opened.pop()))

    def data(text: str) -> None:
        if is_text and opened:
            opened[-1].append(text)

    _parse(part, start, end, data)
    return "\n\n".join(paragraphs), counts


def _properties(core: bytes) -> dict[str, str]:
    """What the file says of itself: title, creator and more."""
    found: dict[str, str] = {}
    name = ""

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal name
        name = _named(tag)[1]

    def data(text: str) -> None:
        found[name] = found.get(name, "") + text

    if core:
        _parse(core, start, data=data)
    return {name: text.strip() for name, text in found.items()}


def _named(tag: str) -> tuple[bool, str]:
    """Whether an element is of the language of Word texts (either edition of it), and its name."""
    namespace, _, name = tag.rpartition("}")
    return "wordprocessingml" in namespace, name


def _parse(part: bytes, start, end=None, data=None) -> None:
    """Read XML, but no DOCTYPE: only there are entities defined, which would unfold, or be lost."""

    def refuse(*declaration) -> None:
        raise SCONotesError(
            "it has a DOCTYPE, which no word processor writes; open it in one and save it anew"
        )

    parser = expat.ParserCreate(namespace_separator="}")
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, data
    parser.Parse(part, True)
