"""A table as HTML, readable aloud and in print; everything in it is escaped."""

import re
from html import escape

import pandas as pd

_PROSE = ("left", "node", "right", "quote")  # columns that the style sheet sets as text
_LONG = 40  # characters: columns with longer cells are kept wide enough to be read


def table_html(table: pd.DataFrame, caption: str, digits: int = 2) -> str:
    """A table with its caption and header scopes; numbers rounded to `digits`, missing values empty."""
    table = _sentence_first(table)
    return f"{_opening(table, caption)}<tbody>{_rows(table, digits)}</tbody></table>"


def grouped_html(table: pd.DataFrame, by: str, caption: str, counts: pd.Series, digits: int = 2) -> str:
    """A table in groups by the column `by`, each under its value, with an id to link to.

    `counts` says how many rows each value has in all, where the table holds the first few of them.
    """
    parts = [_opening(_sentence_first(table.drop(columns=by)), caption)]
    for value, rows in table.groupby(by, sort=False, observed=True):
        cut = f", {len(rows)} shown" if counts[value] > len(rows) else ""
        count = f"{counts[value]:,} {'row' if counts[value] == 1 else 'rows'}{cut}"
        parts.append(
            f'<tbody><tr><th scope="rowgroup" id="{anchor(by, str(value))}" '
            f'colspan="{len(table.columns) - 1}">{escape(str(value))} ({count})</th></tr>'
            f"{_rows(_sentence_first(rows.drop(columns=by)), digits)}</tbody>"
        )
    return "".join([*parts, "</table>"])


def anchor(column: str, value: str) -> str:
    """The id of the evidence for a value of a column: what the first cell of a row links to.

    >>> anchor("term", "Member states")
    'evidence-term-member-states'
    """
    names = [re.sub(r"[\W_]+", "-", text.lower()).strip("-") for text in (column, value)]
    return "-".join(["evidence", *names])


def _sentence_first(table: pd.DataFrame) -> pd.DataFrame:
    """The quote beside the first column: at the right end of many it would be outside a narrow screen."""
    return table[list(dict.fromkeys([table.columns[0], "quote", *table]))] if "quote" in table else table


def _opening(table: pd.DataFrame, caption: str) -> str:
    head = "".join(
        f'<th scope="col"{_css(table, name)}>{escape(str(name).replace("_", " "))}</th>' for name in table
    )
    return f'<table class="sco-table"><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>'


def _rows(table: pd.DataFrame, digits: int) -> str:
    css = [_css(table, name) for name in table]
    written = [_probability if str(name) in ("q_value", "p_value") else _text for name in table]
    html = []
    for row in table.itertuples(index=False):
        first, *others = [escape(write(value, digits)) for write, value in zip(written, row, strict=True)]
        cells = "".join(f"<td{each}>{text}</td>" for each, text in zip(css[1:], others, strict=True))
        html.append(f'<tr><th scope="row"{css[0]}>{first}</th>{cells}</tr>')
    return "".join(html)


def _css(table: pd.DataFrame, name) -> str:
    if pd.api.types.is_numeric_dtype(table[name]) and not pd.api.types.is_bool_dtype(table[name]):
        return ' class="number"'
    if name in _PROSE:
        return f' class="{name}"'
    return ' class="long"' if any(len(_text(value, 0)) > _LONG for value in table[name]) else ""


def _probability(value, digits: int) -> str:
    return "< 0.001" if value < 0.001 else _text(value, max(digits, 3))


def _text(value, digits: int) -> str:
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return ""
    if isinstance(value, float):
        return f"{round(value, digits) + 0:,.{digits}f}"  # + 0: no "-0.00"
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10_000:
        return f"{value:,}"
    return str(value)
