"""One's own desk: copies of the notebooks and exercises to work in, made once and never overwritten."""

import hashlib
import json
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from ..errors import SCONotesError, nearest
from ..files import data_folder, write_whole

RECORD = ".copies.json"  # of which version each copy was made


def lay_out(desk: Path, wanted: tuple[str, ...] = ()) -> Iterator[str]:
    """Copy the notebooks, and the exercises without solutions, to a folder; yield what was done.

    A copy that is there stays as it is: it may hold somebody's work. Where the project has a newer version,
    that is put beside it as NAME-new.ipynb. A copy that is wanted by its name (1_counting or its path) and is
    there already gets the next number: NAME-2.ipynb.
    """
    sources = _sources()
    by_stem = {name.rpartition("/")[2]: name for name in sources}
    try:
        record = json.loads((desk / RECORD).read_bytes())
    except (OSError, ValueError):  # no desk yet, or cut off: the copies count as up to date
        record = {}
    for name in wanted:
        if Path(name).stem not in by_stem:
            near = nearest(name, sources, 0.3)
            there = ", ".join(sources)
            raise SCONotesError(f"{name}: no such notebook{f'; is {near} meant?' if near else ''} ({there})")
    for name in [by_stem[Path(name).stem] for name in wanted] or sources:
        target, digest = desk / f"{name}.ipynb", hashlib.sha256(sources[name]).hexdigest()
        said = "" if target.exists() else "your copy"
        if not said and wanted:
            target, said = _unused(target), f"a fresh copy; {name}.ipynb stays as it is"
        elif not said and record.get(name, digest) != digest:
            target = _unused(target.with_stem(f"{target.stem}-new"))
            said = f"a newer version; {name}.ipynb, with your work, stays as it is"
        if said:
            write_whole(target, _of_this_kernel(sources[name]))
            yield f"{target}: {said}"
        record[name] = digest
    write_whole(desk / RECORD, json.dumps(record, indent=1) + "\n")


def _unused(path: Path) -> Path:
    """A path like this one that nothing has: it, NAME-2, NAME-3."""
    numbered = (path.with_stem(f"{path.stem}-{n}") for n in range(2, 1000))
    return next(one for one in (path, *numbered) if not one.exists())


def _of_this_kernel(notebook: bytes) -> bytes:
    """The notebook with what JupyterLab writes of its kernel on opening, and marks as an unsaved change."""
    from ipykernel.ipkernel import IPythonKernel

    content = json.loads(notebook)
    spec = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    content["metadata"] |= {"kernelspec": spec, "language_info": IPythonKernel.language_info}
    return f"{json.dumps(content, indent=1, ensure_ascii=False)}\n".encode()


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
