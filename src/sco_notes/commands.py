"""The commands for texts of one's own: add, check, doctor. Thin, as cli, which registers them."""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import click

from .errors import SCONotesError, printable

AT_A_TIME = 2  # files; each may take up to 2 GiB
MOST_SHOWN = 10  # documents previewed line by line; of more a summary


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="PATH_OR_URL...")
@click.option("--corpus", required=True, help="Its name, such as speeches: the folder data/NAME.")
@click.option("--title", help="Of the document, where the file states none or a wrong one.")
@click.option("--date", help="The same: when it was written or spoken, such as 2024-07-03 or 2024.")
@click.option("--author", help="The same: who wrote or spoke it.")
@click.option("--source", "origin", help="The same: where it was published.")
@click.option("--encoding", default=None, help="Of the files, if not UTF-8, for instance cp1252.")
@click.option("--dry-run", is_flag=True, help="Show what was understood, and add nothing.")
@click.option("--yes", is_flag=True, help="Add without asking.")
def add(
    sources: tuple[str, ...], corpus: str, title: str | None, date: str | None, author: str | None,
    origin: str | None, encoding: str | None, dry_run: bool, yes: bool,
) -> None:  # fmt: skip
    """Add texts to a corpus of your own: files, folders of files, web pages.

    Reads .txt, .md, .csv, .parquet, .docx; with the packages of the extra [ingest] also .pdf, .html and http
    addresses. Shows what was understood of each, then asks. Nothing is guessed: a title, date, author or
    source that a file does not state stays empty, unless you give it. What is there already is passed over.

    \b
    Examples:
      sco-notes add speech.docx --corpus speeches --date 2024-07-04
      sco-notes add speeches.csv notes/ --corpus speeches --yes
      sco-notes add https://example.org/speech.html --corpus speeches --dry-run

    Exit code 0: added, or all of it there already; 2: nothing added; 3: some files could not be read, the
    others were added. Without a terminal nothing is added unless --yes is given.
    """
    from .ingest.preview import STATED, describe
    from .ingest.sources import find_sources, read_source, with_stated
    from .ingest.store import add_documents, corpus_folder, new_documents

    given = {"title": title, "date": date, "author": author, "source": origin}
    folder = corpus_folder(corpus)
    places = find_sources(list(sources))
    frames, faults = [], []
    with ThreadPoolExecutor(AT_A_TIME) as pool:  # each file waits for its own process
        for job in [pool.submit(read_source, place, encoding) for place in places]:
            try:
                frames.append(job.result())
            except SCONotesError as error:
                faults.append(str(error))
    if not frames:
        raise SCONotesError("\n".join(faults))
    for fault in faults:
        _say(f"sco-notes: {fault}", err=True)
    documents = with_stated(frames, given)
    documents, known = new_documents(documents, folder)
    for row in known.itertuples():
        _say(f"{row.file}: the same text is there already, as {row.same_as}; passed over")
    for _, document in documents.head(MOST_SHOWN).iterrows():
        _say("\n".join(describe(document)))
    if len(documents) > MOST_SHOWN:
        words = documents["text"].str.split().str.len().sum()
        _say(f"... and {len(documents) - MOST_SHOWN} more; {words:,} words in all {len(documents)} documents")
    several = f"{len(documents)} {'document' if len(documents) == 1 else 'documents'}"
    if dry_run or documents.empty:
        click.echo(
            f"{corpus}: nothing added" + (f" (--dry-run); {several} would be" if len(documents) else "")
        )
        sys.exit(3 if faults else 0)
    if not yes:
        if not _on_terminal():
            raise SCONotesError(
                "nothing added: there is no terminal to ask on; add --yes to add, or --dry-run"
            )
        if len(documents) <= MOST_SHOWN:
            for row, name in ((row, name) for row in documents.index for name in STATED):
                if not documents.at[row, name]:
                    documents.at[row, name] = _ask(documents.at[row, "doc_id"], name)
        if not click.confirm(f"Add {several} to {folder}?"):
            raise SCONotesError("nothing added")
    add_documents(documents, folder)
    click.echo(f"{corpus}: {several} added to {folder}, where documents.csv may be edited")
    click.echo(_next_steps(corpus, folder))
    sys.exit(3 if faults else 0)


def _on_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _ask(doc_id: str, name: str) -> str:
    from .dates import edtf_bounds

    while True:
        value = click.prompt(f"{doc_id}: {name} (Enter if unknown)", default="", show_default=False).strip()
        try:
            if name == "date" and value:
                edtf_bounds(value)
            return value
        except SCONotesError as error:
            _say(str(error))


def _next_steps(corpus: str, folder: Path) -> str:
    from .files import data_folder

    if folder.parent != data_folder():
        return f"Next: sco-notes analyse {folder.name}"
    return f'Next: sco-notes reports {corpus}, or corpus = "{corpus}" in a notebook'


def _say(text: str, err: bool = False) -> None:
    click.echo(printable(text), err=err)


@click.command()
def check() -> None:
    """x"""


@click.command()
def doctor() -> None:
    """x"""
