"""What `--help` shows below the options: examples and exit codes, from help.toml."""

import tomllib
from functools import lru_cache
from pathlib import Path

COMPLETION = 'eval "$(_SCO_NOTES_COMPLETE=bash_source sco-notes)"'


@lru_cache(maxsize=1)
def read_help() -> dict[str, dict]:
    """Return for each command, and for "sco-notes" itself, its examples and what its exit code means."""
    return tomllib.loads(Path(__file__).with_name("help.toml").read_text(encoding="utf-8"))


def epilog(name: str) -> str:
    """Return the end of the help of a command, or of "sco-notes" itself."""
    lines = read_help()[name]["examples"]
    width = max((len(line) for line, meaning in lines if meaning), default=0)
    shown = [f"  {line:<{width}}  {meaning}".rstrip() for line, meaning in lines]
    text = "\n".join(["\b", "Examples:" if len(lines) > 1 else "Example:", *shown])
    usual = "0: done; 2: bad input, and one line says what is wrong and what to do"
    text += f"\n\nExit code {read_help()[name].get('exit_code', usual)}."
    if name == "sco-notes":
        text += "\n\n\b\nTo complete commands with the tab key (zsh: zsh_source, fish: fish_source):\n  "
        text += COMPLETION
    return text
