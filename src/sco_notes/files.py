"""Files written whole or not at all."""

import os
from pathlib import Path


def write_whole(file: Path, content: str | bytes) -> None:
    """Write a file under another name, then move it: whoever reads it never sees half of it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    temporary.write_bytes(content.encode() if isinstance(content, str) else content)
    temporary.replace(file)
