"""One's own desk: copies of the notebooks and exercises to work in, made once and never overwritten."""

import hashlib
import json
import sys
import tomllib
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from ..errors import SCONotesError, nearest
from ..files import data_folder, write_whole

RECORD = ".copies.json"  # of which version each copy was made


def lay_out(desk: Path, wanted: tuple[str, ...] = ()) -> Iterator[str]:
    """Copy the notebooks, and the exercises without solutions, to a folder; yield what was done.

    A copy that is there stays as it is: it may hold somebody's work. Where the project has a newer version,
    that is put beside it as NAME-new.ipynb. A copy that is wanted by its name and is there already gets the
    next number: NAME-2.ipynb.
    """
    sources = _sources()
    record = json.loads((desk / RECORD).read_bytes()) if (desk / RECORD).is_file() else {}
    for name in wanted:
        if name not in sources:
            near = nearest(name, sources, 0.3)
            there = ", ".join(sources)
            raise SCONotesError(f"{name}: no such notebook{f'; is {near} meant?' if near else ''} ({there})")
    for name in wanted or sources:
        content, target = sources[name], desk / f"{name}.ipynb"
        digest = hashlib.sha256(content).hexdigest()
        if not target.exists():
            write_whole(target, content)
            yield f"{target}: your copy"
        elif wanted:
            numbered = (desk / f"{name}-{number}.ipynb" for number in count(2))
            target = next(file for file in numbered if not file.exists())
            write_whole(target, content)
            yield f"{target}: a fresh copy; {name}.ipynb stays as it is"
        elif record.get(name, digest) != digest:
            newer = desk / f"{name}-new.ipynb"
            write_whole(newer, content)
            yield f"{newer}: a newer version; {name}.ipynb, with your work, stays as it is"
        record[name] = digest
    write_whole(desk / RECORD, json.dumps(record, indent=1) + "\n")


def prepare_jupyter(desk: Path, environment: Path = Path(sys.prefix)) -> None:
    """Let JupyterLab open without news and questions, with the table of contents, and say where it stopped.

    Written into the environment of the project and the desk, never into the user's settings; a file that is
    there stays.
    """
    lab = environment / "share" / "jupyter" / "lab"
    opens = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    kernel = f'c.InteractiveShellApp.extensions = ["{__package__}.stopped"]\n'
    files = {
        lab / "settings" / "overrides.json": json.dumps(opens["settings"]),
        environment / "etc" / "ipython" / "ipython_kernel_config.py": kernel,
        desk / ".lab" / "default-37a8.jupyterlab-workspace": json.dumps(opens["workspace"]),
    }
    for file, content in files.items() if lab.is_dir() else []:
        if not file.exists():
            write_whole(file, content)


def _sources() -> dict[str, bytes]:
    """The notebooks by their names in the desk, exercises without solutions."""
    from ..course.assignment import as_text, read_assignments

    folder = data_folder().parent / "notebooks"
    if not folder.is_dir():
        raise SCONotesError(f"{folder}: no such folder; the notebooks come with the project, not the package")
    found = {file.stem: file.read_bytes() for file in sorted(folder.glob("*.ipynb"))}
    exercises = folder / "exercises"
    if any(exercises.glob("*.ipynb")):
        released = {id: as_text(one.release).encode() for id, one in read_assignments(exercises).items()}
    else:  # the project as students get it
        released = {file.stem: file.read_bytes() for file in sorted((exercises / "release").glob("*.ipynb"))}
    return found | {f"exercises/{name}": content for name, content in released.items()}
