"""Write docs/accuracy.md from data/accuracy.csv: how right each method is on labelled texts.

python tools/accuracy_page.py
"""

from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "accuracy.md"
INTRODUCTION = """# How sure the methods are

<!-- Written by tools/accuracy_page.py from data/accuracy.csv; benchmarks/ measures it. -->

Measured on texts that people have labelled, with 95% intervals where they were computed. Most are development
data: expect somewhat less on other texts. What each set of labels is, `data/README.md` says.

"""


def page() -> str:
    """Return the text of docs/accuracy.md."""
    table = pd.read_csv(ROOT / "data" / "accuracy.csv", keep_default_na=False)
    lines = ["| method | version | labelled texts | measure | value | n |", "|---|---|---|---|---|---|"]
    for row in table.itertuples():
        low, high = getattr(row, "low", ""), getattr(row, "high", "")
        interval = f" ({float(low):.2f} to {float(high):.2f})" if low and high else ""
        cells = [row.method, row.version, row.gold, row.measure, f"{float(row.value):.2f}{interval}", row.n]
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return INTRODUCTION + "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
