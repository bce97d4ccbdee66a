"""The commands for texts of one's own: add, analyse, check, doctor. Thin, as cli, which registers them."""

import shlex
import sys
from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path

import click

from ..errors import SCONotesError, counted, printable
from ..files import data_folder

MOST_FAULTS = 50  # files and rows named one by one
MAX_SHOWN = 10  # documents previewed line by line; of more a summary


def corpora(context: click.Context, parameter: click.Parameter, begin: str) -> list[str]:
    """The names of corpora that begin so, for completion in a shell."""
    names = sorted(file.parent.name for file in data_folder().glob("*/documents.csv"))
    return [name for name in names if name.startswith(begin)]


def _reading(command: Callable) -> Callable:
    """The options of the reader that add and analyse share."""
    for option in (
        click.option("--encoding", help="Of the files that are not UTF-8, for instance cp1252."),
        click.option("--columns", callback=_columns, metavar="NAME=HEADING,...", default="",
                     help="Of tables with other headings: text=Redetext,date=Datum,title=Titel."),
        click.option("--dates", multiple=True, type=click.Choice(["day-first", "month-first", "filename"]),
                     help="How to read 04/07/2024; filename: take the date in each file's name."),
        click.option("--dry-run", is_flag=True, help="Show what was understood, and write nothing."),
    ):  # fmt: skip
        command = option(command)
    return command


def _columns(context: click.Context, parameter: click.Parameter, value: str) -> dict[str, str]:
    pairs = [pair.partition("=") for pair in value.split(",") if pair.strip()]
    for name in [name for name, _, heading in pairs if not (name.strip() and heading.strip())]:
        remedy = "write it like text=Redetext,date=Datum"
        raise SCONotesError(f"--columns: {name!r} is no NAME=HEADING; {remedy}")
    columns = {name.strip(): heading.strip() for name, _, heading in pairs}
    if len(columns) < len(pairs):
        raise SCONotesError("--columns: a NAME stands twice; read tables of different headings one by one")
    return columns


@click.command()
@click.argument("source", type=Path)
@click.option("--out", type=Path, help="Where the pages go. [NAME-reports beside you]")
@_reading
def analyse(source: Path, out: Path | None, dry_run: bool, **how) -> None:
    """Make the three reports for texts of your own: a file, a zip, or a folder of files."""
    from ..reports import analyse as run
    from .preview import overview

    documents, faults = _read([str(source)], how)
    _say("\n".join(overview(documents, len(faults))))
    if dry_run:
        click.echo("nothing written (--dry-run)")
        end([], faults)
    given = {"encoding": [how["encoding"]], "columns": [",".join(map("=".join, how["columns"].items()))]}
    given["dates"] = how["dates"]
    options = "".join(f" --{name} {shlex.quote(v)}" for name, values in given.items() for v in values if v)
    out = out or Path(f"{source.absolute().stem[:80]}-reports")
    end(run(source, out, documents, options, click.echo), faults)


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="PATH_OR_URL...")
@click.option("--corpus", required=True, shell_complete=corpora, help="Its name: the folder data/NAME.")
@click.option("--title", help="Of the document, where the file states none or a wrong one.")
@click.option("--date", help="The same: when it was written or spoken, such as 2024-07-03 or 2024.")
@click.option("--author", help="The same: who wrote or spoke it.")
@click.option("--source", help="The same: where it was published.")
@_reading
@click.option("--yes", is_flag=True, help="Add without asking.")
def add(
    sources: tuple[str, ...], corpus: str, encoding: str | None, columns: dict[str, str],
    dates: tuple[str, ...], dry_run: bool, yes: bool, **stated,
) -> None:  # fmt: skip
    """Add texts to a corpus of your own: files, folders of files (with the folders in them), zips,
    web pages.
    """
    from ..corpus.own import add_documents, corpus_folder, new_documents
    from ..corpus.sources import with_stated
    from ..reports.listing import list_own_reports
    from .preview import STATED, describe, overview

    folder = corpus_folder(corpus)
    found, faults = _read(list(sources), {"encoding": encoding, "columns": columns, "dates": dates})
    order = next((way for way in dates if way != "filename"), "")
    documents, known = new_documents(with_stated(found, stated, order), folder)
    for row in known.itertuples():
        _say(f"{row.file}: the same text is there already, as {row.same_as}; passed over")
    if len(documents) > MAX_SHOWN:
        _say("\n".join(overview(documents, len(faults))))
    else:
        for _, document in documents.iterrows():
            _say("\n".join(describe(document)))
    several = counted(len(documents), "document")
    if dry_run or documents.empty:
        would = f" (--dry-run); {several} would be" if len(documents) else ""
        click.echo(f"{corpus}: nothing added{would}")
        end([], faults)
    if not yes:
        if not _on_terminal():
            remedy = "add --yes to add, or --dry-run"
            raise SCONotesError(f"nothing added: there is no terminal to ask on; {remedy}")
        for row, name in product(documents.index if len(documents) <= MAX_SHOWN else (), STATED):
            if not documents.at[row, name]:
                documents.at[row, name] = _ask(documents.at[row, "doc_id"], name)
        if not click.confirm(f"Add {several} to {folder}?"):
            raise SCONotesError("nothing added")
    add_documents(documents, folder, list_own_reports)
    click.echo(f"{corpus}: {several} added to {folder}, where documents.csv may be edited")
    in_notebook = f'sco-notes reports {corpus}, or corpus = "{corpus}" in a notebook'
    is_own = folder.parent != data_folder()
    click.echo("Next: " + (f"sco-notes analyse {folder.name}" if is_own else in_notebook))
    end([], faults)


def end(outcomes: list, faults: Sequence = ()) -> None:
    """Exit: 1 where a report failed, 3 where some of the input was left out; both have been said by then."""
    sys.exit(1 if any(outcome.error for outcome in outcomes) else 3 if faults else 0)


def _read(places: list[str], how: dict):
    """The documents of the places, and what is left out, named; exits with 2 where nothing remains."""
    from ..corpus.sources import read_sources

    documents, faults = read_sources(places, **how, progress=_say)
    for fault in faults[:MOST_FAULTS]:
        _say(f"sco-notes: {fault}", err=True)
    if len(faults) > MOST_FAULTS:
        _say(f"sco-notes: and {len(faults) - MOST_FAULTS} more", err=True)
    if documents.empty:
        sys.exit(2)
    return documents, faults


def _on_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _ask(doc_id: str, name: str) -> str:
    from ..corpus.edtf import read_date

    while True:
        value = click.prompt(f"{doc_id}: {name} (Enter if unknown)", default="", show_default=False).strip()
        try:
            if name == "date" and value:
                return read_date(value)
            return value
        except SCONotesError as error:
            _say(str(error))


def _say(text: str, err: bool = False) -> None:
    click.echo(printable(text), err=err)


@click.command()
@click.argument("place", metavar="[CORPUS_OR_FILE]", default="chronicle", shell_complete=corpora)
@click.option("--texts", help="With a file: the corpus to try it on. [the folder it lies in, or chronicle]")
@click.option("--alias", help="Show each place that this name matches, or would match, in context.")
def check(place: str, texts: str | None, alias: str | None) -> None:
    """Try your own actors or term groups on the texts: what matches, what misses, what collides."""
    from ..actors.checks import check_groups, read_checked
    from ..corpus.documents import read_corpus
    from ..tables.study import corpus_actors, no_corpus

    kind, table, corpus = "actors", None, Path(place)
    if corpus.suffix == ".toml":
        kind, table = read_checked(corpus)
        beside = corpus.parent if (corpus.parent / "documents.csv").is_file() else data_folder() / "chronicle"
        corpus = Path(texts) if texts else beside
    if not corpus.exists():
        corpus = data_folder() / corpus
    if not corpus.exists():
        raise no_corpus(place, "corpus or file")
    table = corpus_actors(corpus) if table is None else table
    documents = read_corpus(corpus)
    click.echo(f"{corpus.name}: {counted(len(documents), 'document')}")
    if kind == "groups":
        _say(check_groups(documents, table).to_string(index=False))
    elif alias is not None:
        _show_alias(documents, alias, table)
    else:
        _show_actors(documents, table)


def _show_alias(documents, alias: str, actors) -> None:
    from ..actors.checks import alias_in_context, other_spellings

    places = alias_in_context(documents, alias, actors)
    longest = max(map(len, places["doc_id"]), default=0)
    for row in places.itertuples():
        read = f"part of “{row.within}” ({row.actor})" if row.within else f"{row.actor} {row.reading}".strip()
        _say(f"{row.doc_id:<{longest}} {row.left:>40} [{row.node}] {row.right:<40} {read}")
    hint = "" if len(places) else _hint(other_spellings(documents, alias))
    click.echo(counted(len(places), "place") + hint)


def _hint(spellings: list[str]) -> str:
    return f"; the texts write {', '.join(spellings[:3])}, and capitals count" if spellings else ""


def _show_actors(documents, actors) -> None:
    from ..actors import read_actors
    from ..actors.checks import check_aliases, nested_aliases, other_spellings

    found, standard = check_aliases(documents, actors), read_actors()[["alias", "actor"]]
    own = found.merge(standard.drop_duplicates(), how="left", indicator=True).query("_merge == 'left_only'")
    named = found[found["n"] > 0]
    click.echo(f"{found['actor'].nunique()} actors with {len(found)} aliases, {len(own)} of them your own")
    counts = named.groupby("actor")["n"].sum().sort_values(ascending=False, kind="stable")
    click.echo(f"named: {len(counts)} actors, {counts.sum():,} times, by {len(named)} aliases")
    _say("most often: " + ", ".join(f"{actor} {n}" for actor, n in counts.head(10).items()))
    for row in own.itertuples():
        missing = "" if row.n else _hint(other_spellings(documents, row.alias))
        number = counted(row.n, "place") if row.n else "matches nothing"
        _say(f"your alias {row.alias!r} ({row.actor}): {number}{missing}")
    unsure = named[named["ambiguous"] > 0].sort_values("ambiguous", ascending=False, kind="stable")
    for row in unsure.head(MAX_SHOWN).itertuples():
        _say(f"ambiguous: {row.alias!r} ({row.actor}) {row.ambiguous} of {row.n} times, state or place?")
    nested, mine = nested_aliases(actors), set(own["alias"])
    close = nested["alias"].isin(mine) | nested["within"].isin(mine | set(named["alias"]))
    for row in nested[close].head(MAX_SHOWN * 2).itertuples():
        longer = f"{row.within!r} ({row.of or 'not_actors'})"
        _say(f"inside another: {row.alias!r} ({row.actor}) in {longer}: the longer wins")


@click.command()
def doctor() -> None:
    """Say what is installed, what is missing for which feature, and the command that mends it."""
    from .doctor import examine

    findings = examine()
    for finding in findings:
        fix = f"\n         fix: {finding.fix}" if finding.fix else ""
        _say(f"{finding.state:<8} {finding.what}{fix}")
    broken = sum(finding.state == "BROKEN" for finding in findings)
    click.echo(f"{broken} broken" if broken else "the core is fine")
    sys.exit(1 if broken else 0)
