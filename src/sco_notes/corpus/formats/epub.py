"""An e-book (.epub) to its text, by the standard library: a zip of web pages in a stated order."""

import posixpath
from urllib.parse import unquote

from ...errors import SCONotesError, counted
from ..encodings import decoded
from .html import Page
from .zipped import elements, open_zip


def read(path: str, encoding: str | None = None) -> tuple[str, list[str], dict]:
    """Read the chapters of an e-book, what is lost, and the title, author and date it states."""
    with open_zip(path, "epub") as archive:
        parts = set(archive.namelist())
        if "META-INF/container.xml" not in parts:
            raise SCONotesError("a zip without an e-book in it; is it the right file?")
        container = elements(archive.read("META-INF/container.xml"))
        package = next((e.get("full-path", "") for _, name, e in container if name == "rootfile"), "")
        if package not in parts:
            raise SCONotesError("an e-book without its list of chapters; convert it again, such as to .txt")
        files, order, stated = {}, [], dict[str, str | None]()
        for event, name, element in elements(archive.read(package)):
            if event == "end" and name == "item":
                files[element.get("id")] = element.get("href", "")
            elif event == "end" and name == "itemref" and element.get("linear") != "no":
                order.append(element.get("idref"))
            elif event == "end":
                stated.setdefault(name, element.text)
        folder = posixpath.dirname(package)
        chapters = [posixpath.normpath(posixpath.join(folder, unquote(files.get(id, "")))) for id in order]
        locked = "META-INF/encryption.xml"
        protected = archive.read(locked).decode("utf-8", "replace") if locked in parts else ""
        if any(f'"{chapter}"' in protected for chapter in chapters):
            raise SCONotesError("protected against copying (DRM); ask for a copy that is not")
        found = [chapter for chapter in chapters if chapter in parts]
        pages = [Page(decoded(archive.read(chapter), chapter, encoding)) for chapter in found]
    blocks = [block for page in pages for block in page.blocks]
    if not blocks:
        raise SCONotesError("no text in it; is it an e-book of pictures?")
    n_images = sum(page.counts["img"] + page.counts["image"] for page in pages)
    losses = [f"{counted(n_images, 'picture')} ignored"] if n_images else []
    if n := len(chapters) - len(found):
        losses.append(f"{counted(n, 'listed chapter')} not in it")
    about = {"title": stated.get("title"), "author": stated.get("creator"), "date": stated.get("date")}
    return "\n\n".join(blocks), losses, about
