"""The end of each `--help`: examples, and what the exit code means, from examples.toml."""

import tomllib
from pathlib import Path

_TEXTS = tomllib.loads(Path(__file__).with_name("examples.toml").read_text(encoding="utf-8"))
_EXIT_CODES: dict[str, str] = _TEXTS["exit_codes"]
EXAMPLES: dict[str, dict[str, str]] = _TEXTS["examples"]
COMPLETION = 'eval "$(_SCO_NOTES_COMPLETE=bash_source sco-notes)"'


def epilog(name: str) -> str:
    """Return the end of the help of a command; "" is sco-notes itself."""
    lines = EXAMPLES[name]
    width = max((len(line) for line, meaning in lines.items() if meaning), default=0)
    shown = [f"  {line:<{width}}  {meaning}".rstrip() for line, meaning in lines.items()]
    text = "\n".join(["\b", "Examples:" if len(lines) > 1 else "Example:", *shown])
    text += f"\n\nExit code {_EXIT_CODES.get(name, _EXIT_CODES['done']).format_map(_EXIT_CODES)}."
    if not name:
        text += "\n\n\b\nTo complete commands with the tab key (zsh: zsh_source, fish: fish_source):\n  "
        text += COMPLETION
    return text
