"""One run at a time in a folder."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .errors import SCONotesError


@contextmanager
def locked(folder: Path, progress: Callable[[str], object]) -> Iterator[None]:
    """Hold the folder for this run. The system lets the lock go when its process ends, however it ends."""
    path, waited = folder / ".lock", False
    while True:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            file = path.open("a")
        except OSError as error:
            raise SCONotesError(
                f"{folder}: cannot be written ({error.strerror}); choose another folder"
            ) from None
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
