"""Write the index of a folder of reports: each with its first finding and chart."""

import base64
import hashlib
import io
import re
from pathlib import Path

from ..errors import SCONotesError
from ..files import write_whole
from .inputs import digest_of
from .listing import Report
from .parameters import read_notebook

PICTURE_WIDTH = 360  # pixels
MAX_PICTURE_HEIGHT = 300  # pixels: a taller chart is made smaller, for none of it may be cut
PICTURE_COLOURS = 64
GENERATOR = b'<meta name="generator" content="sco-notes">'
TEMPLATES = Path(__file__).parent / "templates"


def page_digest(file: Path) -> str | None:
    """Return the digest that a page carries of what it was made from; None where it is no whole page."""
    page = _content(file)
    found = re.search(rb'<meta name="sco-notes-inputs" content="([0-9a-f]{64})">', page[:2000])
    return found[1].decode() if found and GENERATOR in page[:2000] and page.endswith(b"</html>") else None


def is_ours(file: Path) -> bool:
    """Return whether a file is a page of ours, whole or cut off anywhere."""
    page = _content(file)
    begins = (TEMPLATES / "page.html.jinja").read_bytes().partition(b"{{")[0]
    return GENERATOR in page[:2000] or (begins.startswith(page[: len(begins)]) and b"</html>" not in page)


def is_whole(notebook: Path) -> bool:
    """Return whether an executed notebook is there to its end."""
    return _content(notebook).endswith(b"\n}")


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes().rstrip()
    except OSError:
        return b""


def write_index(reports: list[Report], folder: Path, inputs: dict[str, str], title: str = "Reports") -> Path:
    """Write folder/index.html for the reports, in groups by corpus.

    `inputs` maps the id of a report to the digest its page should carry now: one with another is marked as
    made from earlier inputs. Indexes in folders below, those of corpora of one's own, are linked at its end.
    Nothing is written where the index would not change.
    """
    file = folder / "index.html"
    made = {report.id: page_digest(folder / f"{report.id}.html") for report in reports}
    shown = [hashlib.sha256(_content(folder / f"{report.id}.ipynb")).hexdigest() for report in reports]
    state = [(r.id, r.title, r.notebook.name, r.parameters, made[r.id], inputs[r.id]) for r in reports]
    templates = [template.read_text(encoding="utf-8") for template in sorted(TEMPLATES.iterdir())]
    own = sorted(page.parent.name for page in folder.glob("*/index.html"))
    digest = digest_of([title, state, shown, templates, own])
    if page_digest(file) != digest:
        from ..templates import render_template  # slow imports, needed only where something changed
        from .pages import plain

        groups: dict[str, list[dict]] = {}
        for report in reports:
            entry = _entry(report, folder, made[report.id], inputs[report.id])
            groups.setdefault(str(report.parameters.get("corpus", "")), []).append(entry)
        values: dict = {"groups": groups, "inputs": digest, "title": plain(title), "own": own}
        html = render_template(TEMPLATES, "index.html.jinja", total=len(reports), **values)
        write_whole(file, html.encode("utf-8", "replace"))
    return file


def _entry(report: Report, folder: Path, made: str | None, wanted: str) -> dict:
    from .pages import findings_of, first_picture, plain

    try:
        notebook = read_notebook(folder / f"{report.id}.ipynb") if made else {"cells": []}
    except SCONotesError:
        notebook = {"cells": []}
    findings, picture = findings_of(notebook), first_picture(notebook)
    return {
        "id": report.id, "title": plain(report.title), "notebook": report.notebook.stem,
        "made": made is not None, "current": made == wanted,
        "finding": findings[0] if findings else None,
        "picture": _thumbnail(picture[0]) if picture else "",
        "alternative": plain(picture[1].partition(": ")[0]) if picture else "",
    }  # fmt: skip


def _thumbnail(png: str) -> str:
    """A picture small enough to stand inside the index, as an address that holds its data."""
    from PIL import Image

    with Image.open(io.BytesIO(base64.b64decode(png))) as picture:
        flat = Image.new("RGB", picture.size, "white")
        flat.paste(picture, mask=picture.getchannel("A") if picture.mode == "RGBA" else None)
    flat.thumbnail((PICTURE_WIDTH, MAX_PICTURE_HEIGHT), Image.Resampling.LANCZOS)
    framed = Image.new("RGB", (PICTURE_WIDTH, flat.height), "white")
    framed.paste(flat)
    buffer = io.BytesIO()
    framed.quantize(PICTURE_COLOURS).save(buffer, "PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"
