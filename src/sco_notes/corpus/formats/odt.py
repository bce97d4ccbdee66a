"""An OpenDocument text (.odt) to its text, by the standard library: a zip of XML."""

from collections import Counter
from xml.etree import ElementTree

from ...errors import SCONotesError
from .zipped import elements, open_zip

_LEFT_OUT = {"tracked-changes", "annotation", "note"}  # the first holds what was deleted
_SIGNS = {"s": " ", "tab": " ", "line-break": "\n"}
_LOSSES = {
    "table": "table{} flattened, cells as paragraphs",
    "image": "picture{} ignored",
    "note": "footnote{} left out",
    "annotation": "comment{} left out",
    "changed-region": "tracked change{} taken as accepted",
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
        parser = ElementTree.XMLParser(target=(found := _Paragraphs()))
        parser.feed(archive.read("content.xml"))
        parser.close()
        meta = elements(archive.read("meta.xml")) if "meta.xml" in parts else ()
        stated = {name: element.text for _, name, element in meta}
    text = "\n\n".join(found.paragraphs)
    if not text.strip():
        raise SCONotesError("no text in it; is it the right file?")
    said = [(n, what) for name, what in _LOSSES.items() if (n := found.counts[name])]
    losses = [f"{n} {what.format('s' * (n != 1))}" for n, what in said]
    author = stated.get("initial-creator") or stated.get("creator")
    return text, losses, {"title": stated.get("title"), "author": author}


class _Paragraphs:
    """What the parser tells, as paragraphs: `counts` says how often each element stands in it."""

    def __init__(self) -> None:
        self.paragraphs: list[str] = []
        self.counts: Counter = Counter()
        self._opened: list[list[str]] = []  # a text box has paragraphs inside one
        self._left_out = 0

    def start(self, tag: str, attributes: dict) -> None:
        name = tag.rpartition("}")[2]
        self.counts[name] += 1
        self._left_out += name in _LEFT_OUT
        if name in ("p", "h"):
            self._opened.append([])
        self.data(_SIGNS.get(name, ""))

    def data(self, text: str) -> None:
        if self._opened and not self._left_out:
            self._opened[-1].append(text)

    def end(self, tag: str) -> None:
        name = tag.rpartition("}")[2]
        self._left_out -= name in _LEFT_OUT
        if name in ("p", "h"):
            self.paragraphs.append("".join(self._opened.pop()))
