"""Rich text (.rtf) to its text, by striprtf."""

import re
from pathlib import Path

from ...errors import SCONotesError

_LOSSES = {
    "pict": "picture{} ignored",
    "footnote": "footnote{} left out",
    "row": "row{} of tables as paragraphs",
}


def read(path: str, encoding: str | None = None) -> tuple[str, list[str], dict]:
    """Read the text of a .rtf file, what is lost, and the title and author of its properties."""
    from striprtf.striprtf import rtf_to_text

    raw = Path(path).read_bytes().decode("latin-1")  # the format is ASCII; other bytes are those of \ansicpg
    if not raw.lstrip().startswith("{\\rtf"):
        raise SCONotesError("not rich text, whatever its name says; give it the ending of what it is")
    text = rtf_to_text(re.sub(r"\\cell(?![a-z])", r"\\par", raw), encoding="cp1252")
    if not text.strip():
        raise SCONotesError("no text in it; is it the right file?")
    found = {what: len(re.findall(rf"\\{word}(?![a-z])", raw)) for word, what in _LOSSES.items()}
    losses = [f"{n} {what.format('s' * (n != 1))}" for what, n in found.items() if n]
    stated = {key: re.search(rf"\{{\\{key} ([^{{}}]*)\}}", raw) for key in ("title", "author")}
    about = {key: rtf_to_text(f"{{\\rtf1 {match[1]}}}") for key, match in stated.items() if match}
    return text, losses, about
