"""Where the data are; files checked before they are read, and written whole or not at all."""

import tempfile
from pathlib import Path

from .errors import SCONotesError

LARGEST_FILE = 50_000_000  # bytes of one file of texts


def data_folder() -> Path:
    """The folder with actors.toml and the corpora: the repository's, or what the package brings along."""
    inside_package = Path(__file__).parent / "data"
    return inside_package if inside_package.is_dir() else Path(__file__).parents[2] / "data"


def write_whole(file: Path, content: str | bytes) -> None:
    """Write a file under another name, then move it: whoever reads it never sees half of it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".", dir=file.parent) as folder:
        temporary = Path(folder, file.name)
        temporary.write_bytes(content.encode() if isinstance(content, str) else content)
        temporary.replace(file)


def check_file(file: Path, name: str | None = None, largest: int = LARGEST_FILE) -> None:
    """Raise for what is no regular file, cannot be opened, or is larger than `largest` bytes.

    `name` is what the error calls it, where that is not its path.
    """
    name = name or str(file)
    try:
        if not file.is_file():
            what = "not a regular file; give a text file" if file.exists() else "no such file or folder"
            raise SCONotesError(f"{name}: {what}")
        file.open("rb").close()
    except OSError as error:
        raise SCONotesError(f"{name}: cannot be read ({error.strerror}); check its permissions") from None
    size = file.stat().st_size
    if size > largest:
        most = f"at most {largest // 1_000_000} MB can be read"
        raise SCONotesError(f"{name}: {size / 1e6:,.1f} MB, {most}; split it")


def check_inside(files: list[Path], folder: Path) -> None:
    """Raise for a file that is a link out of its folder, or to nowhere."""
    for file in files:
        try:
            is_inside = file.resolve().is_relative_to(folder.resolve())
        except (OSError, RuntimeError):  # a link to itself
            is_inside = False
        if not is_inside:
            raise SCONotesError(
                f"{file}: a link that leads out of its folder, or nowhere; copy the file instead"
            )
