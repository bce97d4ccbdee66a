"""An OpenDocument text (.odt) to its text, by the standard library: a zip of XML."""

from collections import Counter
from xml.etree import ElementTree

from ...errors import SCONotesError, counted
from .zipped import elements, open_zip

_LEFT_OUT = {"tracked-changes", "annotation", "note"}  # the first holds what was deleted
_SIGNS = {"s": " ", "tab": " ", "line-break": "\n"}
_LOSSES = {
    "table": ("table", "flattened, cells as paragraphs"),
    "image": ("picture", "ignored"),
    "note": ("footnote", "left out"),
    "annotation": ("comment", "left out"),
    "changed-region": ("tracked change", "taken as accepted"),
}


def read(path: str, encoding: str | None = None) -> tuple[str, list[str], dict]:
    """Read the text of a .odt file, what is lost, and the title and author of its properties."""
    with open_zip(path, "odt") as archive:
        parts = archive.namelist()
        if "content.xml" not in parts:
            raise SCONotesError("a zip without an OpenDocument text in it; save the text as .odt or .txt")
        manifest = "META-INF/manifest.xml"
        if manifest in parts and b"encryption-data" in archive.read(manifest):
            raise SCONotesError("locked with a password; save it without")
        paragraphs, counts = _paragraphs(ElementTree.fromstring(archive.read("content.xml")))
        meta = elements(archive.read("meta.xml")) if "meta.xml" in parts else ()
        stated = {name: element.text for _, name, element in meta}
    text = "\n\n".join(paragraphs)
    if not text.strip():
        raise SCONotesError("no text in it; is it the right file?")
    lost = {name: said for name, said in _LOSSES.items() if counts[name]}
    losses = [f"{counted(counts[name], what)} {fate}" for name, (what, fate) in lost.items()]
    author = stated.get("initial-creator") or stated.get("creator")
    return text, losses, {"title": stated.get("title"), "author": author}


def _paragraphs(content: ElementTree.Element) -> tuple[list[str], Counter]:
    """The paragraphs of a text, and how often each element stands in it."""
    counts: Counter = Counter()
    for element in list(content.iter()):
        counts[name := element.tag.rpartition("}")[2]] += 1
        if name in _LEFT_OUT:
            _empty(element)
        element.text = _SIGNS.get(name, element.text)
    found = []
    for element in reversed(list(content.iter())):  # a text box has paragraphs inside one
        if element.tag.rpartition("}")[2] in ("p", "h"):
            found.append("".join(element.itertext()))
            _empty(element)
    return found[::-1], counts


def _empty(element: ElementTree.Element) -> None:
    tail = element.tail
    element.clear()
    element.tail = tail
