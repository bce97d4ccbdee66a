"""Documents into a corpus folder: as it was before, or complete."""

import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from ..errors import SCONotesError
from ..files import check_inside, data_folder, package, write_whole
from .documents import COLUMNS, read_documents
from .sources import distinct, safe_id

IGNORE = "# Texts of your own: git leaves this folder alone. Without this file it would take them.\n*\n"
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,38}[A-Za-z0-9])?")


def corpus_folder(name: str) -> Path:
    """Return the folder of an own corpus: data/NAME, or NAME in the current folder without the project.

    Raises SCONotesError for a name that is no folder name everywhere, and for the project's own corpora.
    """
    if not _NAME.fullmatch(name) or safe_id(name) != name:
        form = "letters, digits, - and _ are expected, 40 at most, such as speeches"
        raise SCONotesError(f"--corpus {name!r}: {form}")
    home = data_folder() if (data_folder().parent / "Makefile").is_file() else Path.cwd()
    folder = home / name
    twin = next((f.name for f in home.iterdir() if f.name.lower() == name.lower() and f.name != name), "")
    described = {corpus["name"] for corpus in package().get("corpora", [])}
    is_ours = name in described or (folder != data_folder() / name and (data_folder() / name).exists())
    is_own = (folder / "documents.csv").is_file() or (folder / ".gitignore").is_file()
    is_full = folder.is_dir() and any(folder.iterdir())
    reasons = {
        f"{twin} is there already; use its name, or another one": twin,
        "this corpus is the project's and stays as it is; choose another name": is_ours,
        "a file of this name is in the way; choose another name": folder.is_file(),
        "it has derived tables, which would not know the new texts": (folder / "derived").exists(),
        "a folder without documents.csv is in the way; choose another name": is_full and not is_own,
    }
    if reason := next((reason for reason, holds in reasons.items() if holds), ""):
        raise SCONotesError(f"--corpus {name}: {reason}")
    return folder


def new_documents(documents: pd.DataFrame, folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the documents that a corpus does not have, and those it has, by the sha256 of their texts.

    The new ones get ids that are file names and used only once. Both in an order that does not depend on the
    order in which the files were named. Of the others: file, same_as (the id of the equal document).
    """
    owner, taken = {}, set()
    if (folder / "documents.csv").is_file():
        there = read_documents(folder)
        taken = set(there["doc_id"])
        owner = dict(zip(there["sha256"], there["doc_id"], strict=True))
    documents = documents.assign(doc_id=documents["doc_id"].map(safe_id))
    documents = documents.sort_values(["doc_id", "sha256", "file"], kind="stable", ignore_index=True)
    is_new = ~documents["sha256"].isin(owner) & ~documents["sha256"].duplicated()
    ids = distinct(documents.loc[is_new, "doc_id"], taken, key=str.lower)
    owner |= dict(zip(documents.loc[is_new, "sha256"], ids, strict=True))
    known = documents[~is_new]
    known = known.assign(same_as=known["sha256"].map(owner))[["file", "same_as"]]
    return documents[is_new].assign(doc_id=ids).reset_index(drop=True), known.reset_index(drop=True)


def add_documents(
    documents: pd.DataFrame, folder: Path, list_reports: Callable[[str, pd.DataFrame], str] | None = None
) -> None:
    """Write documents, as new_documents returns them, into a corpus folder.

    The texts come first and documents.csv, which alone says what belongs to the corpus, last and in one step:
    whenever this is interrupted the corpus is as before or complete. A new folder also gets reports.toml and
    a .gitignore that keeps all of it out of git. Raises SCONotesError where something cannot be written.
    """
    listing = folder / "documents.csv"
    table = documents.drop(columns="text").astype(str)
    if listing.is_file():
        table = pd.concat([read_documents(folder).drop(columns="year"), table]).fillna("")
    order = [*COLUMNS[:3], "author", *COLUMNS[3:]]
    table = table[[*order, *table.columns.drop(order, errors="ignore")]].sort_values("doc_id")
    files = [folder / "texts" / f"{doc_id}.txt" for doc_id in documents["doc_id"]]
    check_inside([*files, listing], folder)
    written = []
    try:
        if not listing.is_file():
            write_whole(folder / ".gitignore", IGNORE)
            if list_reports:
                write_whole(folder / "reports.toml", list_reports(folder.name, documents))
        for file, text in zip(files, documents["text"], strict=True):
            written.append(file)
            write_whole(file, f"{text}\n")
        write_whole(listing, table.to_csv(index=False, lineterminator="\n"))
    except SCONotesError as error:
        for file in written:
            file.unlink(missing_ok=True)
        raise SCONotesError(f"{error}; nothing was added") from None
