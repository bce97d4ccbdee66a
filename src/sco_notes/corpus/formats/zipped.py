"""Zip archives, by the standard library: checked before anything of them is unfolded."""

import io
import zipfile
from pathlib import Path
from xml.etree import ElementTree

from ...errors import SCONotesError, shown

UNFOLDED = 50_000_000  # bytes of all parts together
RATIO = 100  # unfolded to packed
PARTS = 10_000


def open_zip(path: str, kind: str) -> zipfile.ZipFile:
    """Open an archive, or a file of the office kind (docx, odt ...) that is one.

    Refuses what unfolds beyond measure, by the sizes that the zip states: no more is read than they say.
    Raises SCONotesError for that, for what is no zip, and for what is locked with a password.
    """
    if Path(path).read_bytes().startswith(b"\xd0\xcf\x11\xe0"):
        old = {"docx": "doc", "xlsx": "xls"}.get(kind, "Office")
        remedy = f"save it as .{kind} without a password"
        raise SCONotesError(f"an old .{old} file, or locked with a password; {remedy}")
    if not zipfile.is_zipfile(path):
        remedy = "open it in its program and save it again" if kind != "zip" else "pack it again"
        raise SCONotesError(f"not a .{kind} file (no zip), or cut off; {remedy}")
    archive = zipfile.ZipFile(path)
    parts = archive.infolist()
    unfolded, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    if len(parts) > PARTS:
        raise SCONotesError(f"{len(parts):,} parts, at most {PARTS:,} are expected; save it again")
    if unfolded > UNFOLDED or (unfolded > 10_000_000 and unfolded > RATIO * packed):
        size = f"from {packed / 1e6:.1f} to {unfolded / 1e6:,.0f} MB"
        most = f"at most {UNFOLDED // 1_000_000} MB and {RATIO}-fold are read"
        raise SCONotesError(f"it unfolds {size}, {most}; split it")
    if any(part.flag_bits & 1 for part in parts):
        raise SCONotesError("locked with a password; save it without")
    return archive


def unpack(path: str, folder: str) -> dict:
    """Write the files of an archive into a folder; no name of the archive leads out of it."""
    with open_zip(path, "zip") as archive:
        for part in archive.infolist():
            steps = [shown(step) for step in part.filename.split("/") if step not in ("", ".", "..")]
            if steps and not part.is_dir():
                file = Path(folder, *steps)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(archive.read(part))
    return {}


def elements(part: bytes):
    """The start and end of each element of an XML file, with its name without the namespace."""
    for event, element in ElementTree.iterparse(io.BytesIO(part), ("start", "end")):
        yield event, element.tag.rpartition("}")[2], element
