"""Where the data are; files checked when read, written whole or not at all; one run at a time in a folder."""

import hashlib
import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from io import BytesIO
from pathlib import Path
from secrets import token_hex
from socket import gethostname
from tempfile import TemporaryDirectory, gettempdir
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from .errors import SCONotesError

LARGEST_FILE = 50_000_000  # bytes of one file of texts
PACKAGE = "datapackage.json"  # what is in the data folder, with hashes


def data_folder() -> Path:
    """The folder with actors.toml and the corpora: the repository's, or what the package brings along."""
    inside_package = Path(__file__).parent / "data"
    return inside_package if inside_package.is_dir() else Path(__file__).parents[2] / "data"


def read_checked(file: Path) -> bytes:
    """Return the content of a file; raises where datapackage.json describes another, by its sha256.

    What it does not describe, such as a table of a corpus of one's own, is returned as it is.
    """
    content, root = file.read_bytes(), data_folder().parent
    described = {one["path"]: one["hash"] for one in package().get("resources", []) if "hash" in one}
    name = os.path.relpath(file, data_folder()).replace(os.sep, "/")
    found = _fingerprint(content)["hash"]
    if described.get(name, found) != found:
        restore = f"git restore data/{name}" if (root / ".git").exists() else "install the project again"
        corpus = f", or with the texts in place sco-notes derive {file.parent.parent.name}"
        raise SCONotesError(
            f"data/{name}: damaged, or changed by hand: its sha256 is another than in data/{PACKAGE}; "
            f"to restore it: {restore}{corpus * (file.parent.name == 'derived')}"
        )
    return content


def describe(files: list[Path]) -> None:
    """Write size and sha256 of files that were made again into datapackage.json, where it has them."""
    described = package()
    resources = {data_folder() / one["path"]: one for one in described.get("resources", [])}
    for file in resources.keys() & {*files}:
        resources[file] |= _fingerprint(file.read_bytes())
        write_whole(data_folder() / PACKAGE, json.dumps(described, indent=2, ensure_ascii=False) + "\n")


def package() -> dict:
    """The content of datapackage.json: what is in the data folder; empty where there is none."""
    file = data_folder() / PACKAGE
    try:
        return json.loads(file.read_bytes()) if file.is_file() else {}
    except ValueError:
        raise SCONotesError(f"{file}: damaged; restore it with git restore data/{PACKAGE}") from None


def _fingerprint(content: bytes) -> dict:
    return {"bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}


def file_digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def write_whole(file: Path, content: str | bytes) -> None:
    """Write a file under another name, then move it: whoever reads it never sees half of it.

    Raises SCONotesError where it cannot be written; what was there before stays.
    """
    temporary = file.with_name(f".{_own_names(file.parent)}{os.getpid()}-{token_hex(8)}.tmp")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("xb") as written:
            written.write(content.encode() if isinstance(content, str) else content)
            written.flush()
            os.fsync(written.fileno())
        temporary.replace(file)
    except OSError as error:
        reason = f"cannot be written ({error.strerror}); make room, or choose another folder"
        raise SCONotesError(f"{file}: {reason}") from None
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def zipped(files: dict[str, bytes], compression: int = ZIP_DEFLATED) -> bytes:
    """Return files as a zip, the same bytes for the same files."""
    content = BytesIO()
    with ZipFile(content, "w") as archive:
        for name, data in sorted(files.items()):
            archive.writestr(ZipInfo(name), data, compression)  # without times
    return content.getvalue()


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Yield a folder of this run alone, removed at its end, or by the next run where it is killed."""
    begin = _own_names(Path(gettempdir()))
    with TemporaryDirectory(prefix=f"{begin}{os.getpid()}-", suffix=".tmp") as folder:
        yield Path(folder)


@cache
def _own_names(folder: Path) -> str:
    """How the names of temporary files of this machine begin, before the number of the process; removes,
    once in a run, what runs that were killed have left in the folder."""
    begin = f"sco-notes-{gethostname()}-"
    for stale in folder.glob(f"*{begin}*-*.tmp"):
        from psutil import pid_exists  # an analysis needs no psutil

        number = stale.name.partition(begin)[2].partition("-")[0]
        if number.isdecimal() and not pid_exists(int(number)):
            shutil.rmtree(stale, ignore_errors=True)
            with suppress(OSError):  # of another user, or removed by another run just now
                stale.unlink(missing_ok=True)
    return begin


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
            where = "a link that leads out of its folder, or nowhere"
            raise SCONotesError(f"{file}: {where}; copy the file instead")


@contextmanager
def locked(folder: Path, progress: Callable[[str], object]) -> Iterator[None]:
    """Hold the folder for this run. The system lets the lock go when its process ends, however it ends."""
    path, waited = folder / ".lock", False
    while True:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            file = path.open("a")
        except OSError as error:
            why = f"cannot be written ({error.strerror})"
            raise SCONotesError(f"{folder}: {why}; choose another folder") from None
        if _try_lock(file) and os.fstat(file.fileno()).st_nlink:
            break
        file.close()  # held by another run, or removed by it just now
        if not waited:
            progress(f"{folder}: another run is at work here; waiting for it to end")
            waited = True
        time.sleep(0.2)
    try:
        yield
    finally:
        with suppress(OSError):  # Windows removes no open file; an empty one does no harm
            path.unlink(missing_ok=True)
        file.close()


def _try_lock(file) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
