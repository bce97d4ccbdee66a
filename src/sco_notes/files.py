"""Where the data are; files written whole or not at all."""

import os
from pathlib import Path


def data_folder() -> Path:
    """The folder with actors.toml and the corpora: the repository's, or what the package brings along."""
    inside_package = Path(__file__).parent / "data"
    return inside_package if inside_package.is_dir() else Path(__file__).parents[2] / "data"


def write_whole(file: Path, content: str | bytes) -> None:
    """Write a file under another name, then move it: whoever reads it never sees half of it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    temporary.write_bytes(content.encode() if isinstance(content, str) else content)
    temporary.replace(file)
