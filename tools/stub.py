"""Write src/sco_notes/__init__.pyi: the lazily imported public names, as editors and type checkers read them.

python tools/stub.py
"""

from pathlib import Path

import sco_notes


def stub() -> str:
    """Return the text of the stub: one re-exported name a line."""
    lines = ["# Written by tools/stub.py from the table of public names in __init__.py."]
    for module, names in sorted(sco_notes._PUBLIC.items()):
        lines += [f"from .{module} import {name} as {name}" for name in sorted(names.split())]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    Path(sco_notes.__file__).with_suffix(".pyi").write_text(stub(), encoding="utf-8", newline="\n")
