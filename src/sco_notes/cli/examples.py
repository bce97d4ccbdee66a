"""What `--help` shows below the options: examples, each a line that runs, and what the exit code means."""

EXAMPLES = {
    "": {
        "sco-notes analyse speech.txt": "three reports on a text of your own",
        "sco-notes add speech.docx --corpus speeches": "keep it, to be reported with all others",
        "sco-notes reports": "build every report of reports/reports.toml",
        "sco-notes check chronicle --alias Astana": "what a name of an actor matches",
        "sco-notes doctor": "what is installed, what is missing",
    },
    "add": {
        "sco-notes add speech.docx --corpus speeches --date 2024-07-04": "",
        "sco-notes add speeches.csv notes/ --corpus speeches --yes": "",
        "sco-notes add https://example.org/speech.html --corpus speeches --dry-run": "",
    },
    "analyse": {
        "sco-notes analyse speech.txt": "pages in speech-reports/",
        "sco-notes analyse speeches/ --out pages": "a folder of .txt files",
        "sco-notes analyse old.csv --encoding cp1252": "",
    },
    "bundle": {"sco-notes bundle --out reports.zip": ""},
    "check": {
        "sco-notes check chronicle": "",
        "sco-notes check chronicle --alias 'Shanghai Five'": "",
        "sco-notes check data/term_groups.toml --texts chronicle": "",
    },
    "derive": {"sco-notes derive un-debate": "needs its texts: sco-notes texts un-debate"},
    "doctor": {"sco-notes doctor": ""},
    "exercises": {"sco-notes exercises": "", "sco-notes exercises --key": "for those who teach"},
    "extract": {
        "sco-notes extract speeches/ tables --workers 4": "",
        "sco-notes extract 'texts/*.parquet' tables": 'sn.load("tables") reads them',
    },
    "findings": {
        "sco-notes findings": "",
        "sco-notes findings --accept 'two speeches added'": "writes the ledger anew",
    },
    "grade": {
        "sco-notes grade submissions.zip --out grades": "",
        "sco-notes grade submissions --class-list class.txt": "finds who handed in nothing",
    },
    "parameters": {"sco-notes parameters notebooks/1_term_frequencies.ipynb": ""},
    "reports": {
        "sco-notes reports": "all of them, those of your own corpora too",
        "sco-notes reports op-ed-terms --force": "one, made anew",
    },
    "texts": {
        "sco-notes texts un-debate": "downloads them",
        "sco-notes texts op-ed --file op-ed.txt": "one that you own",
    },
    "timeline": {
        "sco-notes timeline op-ed --out op-ed.ics": "for a calendar",
        "sco-notes timeline chronicle --merge --out sco.json": "for TimelineJS",
    },
    "verify": {"sco-notes verify": "", "sco-notes verify un-debate": "its tables only"},
}
BAD_INPUT = "2: bad input, and one line says what is wrong and what to do"
FAILED = "0: done; 1: a report failed, the others are made"
EXIT_CODES = {
    "": f"0: done; 1: something failed or differs; {BAD_INPUT}; 3: some of the input could not be read",
    "add": "0: added, or all of it there already; 2: nothing added; 3: some files could not be read, the "
    "others were added",
    "analyse": f"{FAILED}; {BAD_INPUT}",
    "bundle": f"0: done; 1: a report failed, nothing is written; {BAD_INPUT}",
    "doctor": "0: the core is fine; 1: something that is needed is broken",
    "exercises": f"0: done; 1: a solution failed; {BAD_INPUT}",
    "extract": f"0: done; {BAD_INPUT}; 3: some documents could not be read, and OUT/errors.csv says why",
    "findings": f"0: as in the ledger; 1: they moved, or a report failed; {BAD_INPUT}",
    "reports": f"{FAILED}; {BAD_INPUT}",
    "verify": f"0: the same; 1: something differs; {BAD_INPUT}",
}
COMPLETION = 'eval "$(_SCO_NOTES_COMPLETE=bash_source sco-notes)"'


def epilog(name: str) -> str:
    """The end of the help of a command; "" is sco-notes itself."""
    lines = EXAMPLES[name]
    width = max((len(line) for line, meaning in lines.items() if meaning), default=0)
    shown = [f"  {line:<{width}}  {meaning}".rstrip() for line, meaning in lines.items()]
    text = "\n".join(["\b", "Examples:" if len(lines) > 1 else "Example:", *shown])
    text += f"\n\nExit code {EXIT_CODES.get(name, f'0: done; {BAD_INPUT}')}."
    if not name:
        text += "\n\n\b\nTo complete commands with the tab key (zsh: zsh_source, fish: fish_source):\n  "
        text += COMPLETION
    return text
