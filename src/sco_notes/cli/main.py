"""The command `sco-notes`: thin, each command a call into the library. Heavy imports wait inside commands."""

import logging
import os
import shlex
import sys
import tempfile
import tomllib
from inspect import cleandoc
from pathlib import Path

import click

from ..errors import SCONotesError, counted, printable
from ..files import data_folder
from ..processes import stoppable
from . import own_texts as commands

# What `--help` shows below the first line of each command, and of "sco-notes" itself.
HELP = tomllib.loads(Path(__file__).with_name("help.toml").read_text(encoding="utf-8"))


class _Group(click.Group):
    """Bad input ends in one line on standard error and exit code 2."""

    def invoke(self, context: click.Context):
        if os.path.expanduser("~") == "~":  # noqa: PTH111  # no home folder: NLTK cannot be imported then
            os.environ["HOME"] = tempfile.gettempdir()
        try:
            with stoppable(_say_stopped):
                logging.getLogger("sco_notes").handlers = [_Notes()]
                # Each of its retries, with what the server said.
                logging.getLogger("urllib3").setLevel(logging.ERROR)
                return super().invoke(context)
        except (SCONotesError, OSError) as error:
            line = str(error)
            if isinstance(error, OSError):  # of a folder that cannot be made, mostly
                line = f"{error.filename}: {error.strerror}; check its name, room and permissions"
            if context.params.get("debug") or line.startswith("None: "):
                raise
            click.echo(f"sco-notes: {printable(line)}", err=True)
            sys.exit(2)


class _Notes(logging.Handler):
    """What the library notes about a text, a line each."""

    def emit(self, record: logging.LogRecord) -> None:
        click.echo(f"sco-notes: note: {printable(record.getMessage())}", err=True)


def _say_stopped() -> None:
    again = shlex.join(["sco-notes", *sys.argv[1:]])
    click.echo(f"sco-notes: stopped; what is finished is kept. To go on: {printable(again)}", err=True)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--debug", is_flag=True, help="Show the full traceback of an error.")
@click.version_option(package_name="sco-notes")
def main(debug: bool) -> None:
    """Reproducible reading of political text: terms, sentiment around actors, timelines."""


@main.command()
@click.argument("ids", nargs=-1, metavar="[REPORT]...")
@click.option("--file", "listing", type=Path, help="The list of reports. [reports/reports.toml]")
@click.option("--out", type=Path, help="Where the pages go. [reports/html]")
@click.option("--force", is_flag=True, help="Render every page, also where nothing has changed.")
@click.option("--jobs", type=click.IntRange(1, 64), help="How many at a time. [one a core]")
def reports(ids: tuple[str, ...], listing: Path | None, out: Path | None, **options) -> None:
    """Build the reports (all of them, or those named) and their index."""
    from ..reports import build

    # The lists of one's own corpora belong to the project's.
    own = {} if listing else {file.parent.name: file for file in sorted(data_folder().glob("*/reports.toml"))}
    listing = listing or data_folder().parent / "reports" / "reports.toml"
    out = out or listing.parent / "html"
    wanted, outcomes = [id for id in ids if id not in own], []
    for name, file in own.items():  # first: the index of the project links to theirs
        if name in ids or not ids:
            outcomes += build(file, out / name, progress=click.echo, **options)
    if wanted or not ids:
        outcomes += build(listing, out, only=wanted, progress=click.echo, **options)
    commands.end(outcomes)


@main.command()
@click.argument("corpus", shell_complete=commands.corpora)
@click.option("--file", type=Path, help="Put in a text you own, after checking that it is the one.")
@click.option("--document", help="With --file: the doc_id, where the corpus has several.")
@click.option("--mirror", help="Base address to use instead of https://raw.githubusercontent.com.")
@click.option("--encoding", help="With --file: its encoding, if not UTF-8.")
def texts(corpus: str, file: Path | None, document: str | None, mirror: str | None, encoding: str | None):
    """Fetch the texts of a corpus that the project may not pass on, each checked by its sha256."""
    from ..corpus.download import add_own_text, fetch_texts

    folder = _corpus(corpus)
    if file:
        add_own_text(folder, file, doc_id=document, encoding=encoding)
        click.echo(f"{corpus}: the text is the one this corpus was made from; its evidence can now be shown")
    else:
        fetch_texts(folder, mirror=mirror, progress=click.echo)


@main.command()
@click.argument("corpus", shell_complete=commands.corpora)
def derive(corpus: str) -> None:
    """Make the derived tables of a corpus again from its texts; with MPNet, half an hour for un-debate."""
    from ..tables import make_derived, write_derived

    folder = _corpus(corpus)
    for file in write_derived(make_derived(folder, click.echo), folder):
        click.echo(f"{file.relative_to(folder)}  {file.stat().st_size:,} bytes")


@main.command()
@click.argument("corpus", shell_complete=commands.corpora)
def repair(corpus: str) -> None:
    """Find faults of a source that have one remedy, and list them in repairs.csv."""
    from ..corpus.repair import repair_corpus

    folder = Path(corpus) if (Path(corpus) / "documents.csv").is_file() else _corpus(corpus)
    repairs = repair_corpus(folder)
    for rule, rows in repairs.groupby("rule"):
        click.echo(f"{rule}: {len(rows):,} in {rows['doc_id'].nunique():,} documents")
    click.echo(f"{folder / 'repairs.csv'}: {len(repairs):,} repairs")


@main.command()
@click.argument("source")
@click.argument("out", type=Path)
@click.option("--actors", type=Path, help="A table of actors instead of data/actors.toml.")
@click.option("--scorer", "scorers", default="all", help="all, none, or some (vader,linear). [all]")
@click.option("--encoding", help="Of the files, if not UTF-8.")
@click.option("--workers", type=click.IntRange(1, 256), default=1, help="Processes on this machine. [1]")
@click.option("--scheduler", help="Address of a Dask scheduler, such as tcp://10.0.0.1:8786.")
@click.option("--megabytes", type=click.FloatRange(0.001, 4096), default=64, help="Text in a partition. [64]")
def extract(source: str, out: Path, scorers: str, megabytes: float, **options) -> None:
    """Make the tables of a corpus of any size: a folder, a CSV, a Parquet file, a glob, or an address."""
    from ..sentiment import SCORERS
    from ..tables.scale import extract_corpus

    named = {"all": tuple(SCORERS), "none": ()}
    options["scorers"] = named[scorers] if scorers in named else tuple(scorers.replace(",", " ").split())
    size = int(megabytes * 1_000_000)
    errors = extract_corpus(source, out, partition_bytes=size, progress=click.echo, **options)
    if len(errors):
        click.echo(f"{counted(len(errors), 'document')} could not be read: {out / 'errors.csv'}", err=True)
        sys.exit(3)


@main.command()
@click.argument("corpus", shell_complete=commands.corpora)
@click.option("--out", type=Path, required=True, help="A file that ends in .csv, .json (TimelineJS) or .ics.")
@click.option("--merge", is_flag=True, help="One row an event, the statements on it put together.")
def timeline(corpus: str, out: Path, merge: bool) -> None:
    """Write the dated statements of a corpus, or of your own texts, for another program."""
    from ..events import merge_events, write_timeline
    from ..tables.study import load

    events = load(corpus).events
    write_timeline(merge_events(events) if merge else events, out)
    click.echo(f"{corpus}: {len(events):,} dated statements, written to {out}")


@main.command()
@click.argument("names", nargs=-1, metavar="[CORPUS]...", shell_complete=commands.corpora)
def verify(names: tuple[str, ...]) -> None:
    """Make everything anew and compare: derived tables and pages byte for byte, findings with the ledger."""
    from ..reports import differences
    from ..sentiment.encoder import is_installed
    from ..tables import has_texts, verify

    failed = False
    for name in names or sorted(folder.parent.name for folder in data_folder().glob("*/derived")):
        folder = _corpus(name)
        if differing := verify(folder):
            failed = True
            click.echo(f"{name}: DIFFERENT: " + "\nDIFFERENT: ".join(differing))
        elif not has_texts(folder):
            missing = f"not made again: its texts are not here (sco-notes texts {name})"
            click.echo(f"{name}: its tables are undamaged (by their sha256), but {missing}")
        else:
            click.echo(f"{name}: same bytes")
        if has_texts(folder) and not is_installed():
            click.echo(f"{name}: its scores by mpnet were not made again: MPNet is not installed (README.md)")
    if not names:
        listing, pages = _built()
        click.echo("the same reports once more, in another folder, time zone and language:")
        differing = differences(listing, pages, progress=lambda line: None)
        click.echo("reports: " + ("\nDIFFERENT: ".join(["", *differing]) if differing else "same bytes"))
        failed |= bool(differing) | _have_moved(listing, pages)
    sys.exit(1 if failed else 0)


@main.command()
@click.option("--accept", metavar="REASON", help="Write the ledger again; what moved gets this reason.")
def findings(accept: str | None) -> None:
    """Compare the findings with the ledger, reports/findings.csv."""
    from ..reports import read_reports, write_ledger

    listing, pages = _built()
    if accept and accept.strip():
        ledger = listing.with_name("findings.csv")
        count = write_ledger(ledger, read_reports(listing), pages, accept.strip())
        click.echo(f"{ledger.name}: {counted(count, 'finding')} new or moved")
    elif _have_moved(listing, pages):
        sys.exit(1)


@main.command()
@click.argument("report")
@click.argument("table", default="")
@click.option("--pages", type=Path, help="The folder of the pages. [reports/html]")
def rows(report: str, table: str, pages: Path | None) -> None:
    """Write all rows behind a finding, or of a table, of a report as CSV;
    without TABLE list what there is.
    """
    from ..reports.ledger import tables_of
    from ..reports.parameters import read_notebook, unknown

    folder = pages or data_folder().parent / "reports" / "html"
    tables = tables_of(read_notebook(folder / f"{report}.ipynb"))
    found = [name for name in tables if name == table] or [name for name in tables if name.startswith(table)]
    if not found:
        raise SCONotesError(f"{report}: {unknown(table, tables, 'table')}")
    click.echo(tables[found[0]] if table else "\n".join(tables), nl=not table)


@main.command()
@click.option("--out", type=Path, default=Path("sco-notes-reports.zip"), show_default=True)
def bundle(out: Path) -> None:
    """Make one zip of all reports: pages, executed notebooks, tables, data they rest on, lock file."""
    from ..reports import read_reports, write_bundle

    listing, pages = _built()
    file = write_bundle(read_reports(listing), pages, out)
    click.echo(f"{file}  {file.stat().st_size:,} bytes")
    click.echo("Pages made where the texts are quote sentences: mind their licence before passing on.")


def _built() -> tuple[Path, Path]:
    """Build the project's reports: their list and the folder of pages. Exits with 1 where one failed."""
    from ..reports import build

    listing = data_folder().parent / "reports" / "reports.toml"
    pages = listing.parent / "html"
    if any(outcome.error for outcome in build(listing, pages, progress=click.echo)):
        sys.exit(1)
    return listing, pages


def _have_moved(listing: Path, pages: Path) -> bool:
    """Say whether the findings of the pages are those of the ledger."""
    from ..reports import moved_findings, read_reports

    moved = moved_findings(listing.with_name("findings.csv"), read_reports(listing), pages)
    accept = "To accept this: sco-notes findings --accept 'why they moved', and commit reports/findings.csv."
    click.echo("\n".join(["findings: MOVED", *moved, accept]) if moved else "findings: as in the ledger")
    return bool(moved)


@main.command()
@click.argument("notebook", type=Path)
def parameters(notebook: Path) -> None:
    """List the parameters of a notebook, with types, defaults and meaning."""
    from ..reports import describe_parameters

    click.echo(describe_parameters(notebook).to_string(index=False))


@main.command()
@click.argument("notebooks", nargs=-1, metavar="[NOTEBOOK]...")
@click.option("--desk", type=Path, default=Path("work"), show_default=True, help="The folder of your copies.")
def start(notebooks: tuple[str, ...], desk: Path) -> None:
    """Lay out your own copies of the notebooks and exercises, to work in."""
    from .desk import lay_out, prepare_jupyter

    prepare_jupyter(desk)
    for line in lay_out(desk, notebooks):
        click.echo(line)


@main.command()
@click.option("--sources", type=Path, help="The exercises. [notebooks/exercises]")
@click.option("--key", is_flag=True, help="Run the solutions too, and write the answer key as pages.")
@click.option("--bundle", type=Path, metavar="ZIP", help="Write the project for students, without solutions.")
@click.option("--new", metavar="NAME", help="Write the source of a new exercise, to be edited.")
@click.option("--copy", metavar="EXERCISE", help="With --new: a copy of this one, with ids of its own.")
@click.option("--try", "tried", metavar="EXERCISE",
              help="Run solution and blank; bring its checks up to date.")  # fmt: skip
def exercises(
    sources: Path | None, key: bool, bundle: Path | None, new: str | None, copy: str | None, tried: str | None
) -> None:
    """Write what students get: the exercises without solutions and hidden tests."""
    from ..course.release import new_exercise, try_exercise, write_key, write_release, write_student_bundle
    from ..files import temporary_folder

    if bundle:
        file = write_student_bundle(data_folder().parent, bundle)
        click.echo(f"{file}  {file.stat().st_size:,} bytes: unpack it, then make lab")
        return
    sources = sources or data_folder().parent / "notebooks" / "exercises"
    if new:
        click.echo(new_exercise(sources / f"{new}.ipynb", *([sources / f"{copy}.ipynb"] if copy else [])))
    files = sorted(sources.glob("*.ipynb" if tried == "all" else f"{tried or new}.ipynb"))
    for file in files:
        with temporary_folder() as folder:
            points = try_exercise(file, folder).to_string(index=False, na_rep="read")
        click.echo(f"{file.stem}\n{points}")
    if tried and not files:
        raise SCONotesError(f"{tried}: no such exercise in {sources}; give its name without .ipynb, or all")
    if tried or new:
        return
    written = write_release(sources, sources / "release")
    click.echo(f"{len(written)} exercises for students: {sources.name}/release")
    if key:
        commands.end(write_key(sources, sources / "key", progress=click.echo))


@main.command()
@click.argument("submissions", type=Path)
@click.option("--out", type=Path, default=Path("grades"), help="Where the gradebook goes. [grades]")
@click.option("--class", "--class-list", "class_list", type=Path,
              help="The class, as exported: nobody is lost.")  # fmt: skip
@click.option("--accept", is_flag=True, help="The problems have been looked at; remember that.")
@click.option("--sources", type=Path, help="The exercises. [notebooks/exercises]")
@click.option("--jobs", type=click.IntRange(1, 64), help="How many at a time. [one a core]")
@click.option("--seconds", type=click.IntRange(1, 3600), default=60, help="What a cell may take. [60]")
@click.option("--gigabytes", type=click.FloatRange(0.5, 64), default=2, help="Memory of a submission. [2]")
@click.option("--no-sandbox", is_flag=True, help="Run them with YOUR rights: in a throwaway container only.")
def grade(
    submissions: Path, out: Path, class_list: Path | None, accept: bool, sources: Path | None,
    jobs: int | None, seconds: int, gigabytes: float, no_sandbox: bool,
) -> None:  # fmt: skip
    """Grade a folder or zip of submissions, as a learning platform exports it."""
    from ..course.grading import grade_submissions
    from ..course.sandbox import Limits

    if no_sandbox:
        danger = "it can read and delete your files and use your network"
        click.echo(f"WARNING: no sandbox. Whatever stands in a submission runs with your rights: {danger}. "
                   "Do this in a container that you can throw away.", err=True)  # fmt: skip
    book, problems = grade_submissions(
        submissions, sources or data_folder().parent / "notebooks" / "exercises", out, class_list,
        sandboxed=not no_sandbox, limits=Limits(seconds, 5 * seconds, int(gigabytes * 1024**3)),
        jobs=jobs or 0, accept=accept, progress=lambda line: click.echo(printable(line)),
    )  # fmt: skip
    click.echo(f"{book['student'].nunique()} students: {out / 'gradebook.csv'}, {out / 'overview.html'}")
    if unread := int((book["status"] == "to read").sum()):
        where = f"{out / 'prose.html'}; enter points in {out / 'prose.csv'}"
        click.echo(f"{counted(unread, 'answer')} to read: {where}")
    for row in (open_ones := problems[problems["accepted"] == ""]).itertuples():
        click.echo(printable(": ".join(filter(None, [row.student, row.file, row.problem]))), err=True)
    if len(open_ones):
        many = counted(len(open_ones), "problem")
        click.echo(f"{many}, in {out / 'problems.csv'}; mend or --accept", err=True)
        sys.exit(3)


def _corpus(name: str) -> Path:
    from ..tables.study import corpora, no_corpus

    if name not in corpora():
        raise no_corpus(name)
    return data_folder() / name


def _complete_help(name: str, command: click.Command) -> None:
    said = HELP[name]
    command.help = "\n\n".join(filter(None, [cleandoc(command.help or ""), said.get("about")]))
    lines = said["examples"]
    width = max((len(line) for line, meaning in lines if meaning), default=0)
    shown = [f"  {line:<{width}}  {meaning}".rstrip() for line, meaning in lines]
    usual = "0: done; 2: bad input, and one line says what is wrong and what to do"
    examples = "\n".join(["\b", "Examples:" if len(lines) > 1 else "Example:", *shown])
    command.epilog = f"{examples}\n\nExit code {said.get('exit_code', usual)}.\n\n{said.get('end', '')}"


for own in (commands.add, commands.analyse, commands.check, commands.doctor):
    main.add_command(own)
for name, command in {"sco-notes": main, **main.commands}.items():
    _complete_help(name, command)
