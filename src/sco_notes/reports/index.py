"""The index of a folder of reports: each with its headline finding, its first chart and its parameters."""

import base64
import hashlib
import io
import json
import re
from pathlib import Path

from ..errors import SCONotesError
from .listing import Report

PICTURE_WIDTH = 360  # pixels
PICTURE_COLOURS = 32


def page_digest(file: Path) -> str | None:
    """The digest that a page carries of what it was made from; None where the file is no page of ours."""
    try:
        with file.open("rb") as page:
            head = page.read(2000).decode("utf-8", "replace")
    except OSError:
        return None
    found = re.search(r'<meta name="sco-notes-inputs" content="([0-9a-f]{64})">', head)
    return found[1] if found and '<meta name="generator" content="sco-notes">' in head else None


def write_index(reports: list[Report], folder: Path, inputs: dict[str, str], title: str = "Reports") -> Path:
    """Write folder/index.html for the reports whose pages are there, in groups by corpus.

    `inputs` maps the id of a report to the digest its page should carry now; a page with another one is
    marked as made from earlier inputs, and a report without a page as not made. Nothing is written where the
    index would not change.
    """
    file = folder / "index.html"
    made = {report.id: page_digest(folder / f"{report.id}.html") for report in reports}
    state = [
        (r.id, r.title, r.notebook.name, r.parameters, made[r.id], made[r.id] == inputs[r.id])
        for r in reports
    ]
    code = [
        path.read_text(encoding="utf-8") for path in sorted((Path(__file__).parent / "templates").iterdir())
    ]
    digest = hashlib.sha256(json.dumps([title, state, code]).encode()).hexdigest()
    if page_digest(file) != digest:
        groups: dict[str, list[dict]] = {}
        for report in reports:
            entry = _entry(report, folder, made[report.id], inputs[report.id])
            groups.setdefault(str(report.parameters.get("corpus", "")), []).append(entry)
        temporary = folder / ".index.tmp"
        temporary.write_bytes(_html(groups, digest, title, len(reports)).encode("utf-8", "replace"))
        temporary.replace(file)
    return file


def _html(groups: dict[str, list[dict]], digest: str, title: str, total: int) -> str:
    from importlib.metadata import version

    from .pages import GENERATOR, POLICY, plain, template

    return template("index.html.jinja").render(
        groups=groups, inputs=digest, title=plain(title), total=total,
        policy=POLICY, generator=GENERATOR, version=version("sco-notes"),
    )  # fmt: skip


def _entry(report: Report, folder: Path, made: str | None, wanted: str) -> dict:
    from .pages import findings_of, first_picture, plain
    from .parameters import read_notebook

    try:
        notebook = read_notebook(folder / f"{report.id}.ipynb") if made else {"cells": []}
    except SCONotesError:
        notebook = {"cells": []}
    findings, picture = findings_of(notebook), first_picture(notebook)
    return {
        "id": report.id,
        "title": plain(report.title),
        "notebook": report.notebook.stem,
        "parameters": {
            name: value for name, value in report.parameters.items() if name != "corpus" and value
        },
        "made": made is not None,
        "current": made == wanted,
        "finding": next((f for f in findings if f["headline"]), findings[0] if findings else None),
        "picture": _thumbnail(picture[0]) if picture else "",
        "alternative": plain(picture[1].partition(": ")[0]) if picture else "",
    }


def _thumbnail(png: str) -> str:
    """A picture small enough to stand inside the index, as an address that holds its data."""
    from PIL import Image

    with Image.open(io.BytesIO(base64.b64decode(png))) as picture:
        flat = Image.new("RGB", picture.size, "white")
        flat.paste(picture, mask=picture.getchannel("A") if picture.mode == "RGBA" else None)
    height = max(1, round(flat.height * PICTURE_WIDTH / flat.width))
    # The top of a tall chart says enough.
    small = flat.resize((PICTURE_WIDTH, height), Image.Resampling.LANCZOS).crop(
        (0, 0, PICTURE_WIDTH, min(height, 300))
    )
    buffer = io.BytesIO()
    small.quantize(PICTURE_COLOURS).save(buffer, "PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"
