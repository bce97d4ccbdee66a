"""What a notebook shows besides charts: findings, tables and provenance, readable in print and aloud.

Each is shown as HTML with everything from a corpus escaped, and as plain text for other readers.
"""

import hashlib
import platform
from html import escape
from importlib.metadata import version
from math import isfinite

import pandas as pd

from .corpus import data_folder
from .errors import SCONotesError
from .sentiment import explain_mentions
from .tables import Tables

FINDING = "application/vnd.sco-notes.finding+json"
_LIBRARIES = ["sco-notes", "nupunkt", "vaderSentiment", "numpy", "pandas", "scipy", "matplotlib"]


def finding(
    id: str,
    statement: str,
    value: float | None = None,
    low: float | None = None,
    high: float | None = None,
    n: int | None = None,
    unit: str = "",
    headline: bool = False,
) -> None:
    """Show one finding: a sentence, and beside it the number it rests on, its interval and its n.

    One finding of a notebook may be the headline by which the index presents its report. `statement` is plain
    text; write the figures into it with an f-string, so that they are computed and never typed.
    """
    numbers = {"value": value, "low": low, "high": high}
    data = {
        "id": id,
        "statement": statement,
        **{key: _number(number) for key, number in numbers.items()},
        "n": None if n is None else int(n),
        "unit": unit,
        "headline": headline,
    }
    basis = _basis(data)
    html = f'<p class="sco-finding"><strong>{escape(statement)}</strong>'
    html += f" <span>({escape(basis)})</span></p>" if basis else "</p>"
    _show({FINDING: data, "text/html": html, "text/plain": f"{statement} ({basis})" if basis else statement})


def counted(n: int, noun: str) -> str:
    """A number with its noun, for the sentences of findings.

    >>> counted(1, "document"), counted(1200, "sentence")
    ('1 document', '1,200 sentences')
    """
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def show_table(table: pd.DataFrame, caption: str, most: int = 20, digits: int = 2) -> None:
    """Show the first `most` rows of a table, with a caption that says what a row is.

    Numbers are rounded to `digits`, missing values are empty, the first column heads its row.
    """
    shown = table.head(most)
    if len(table) > most:
        caption += f" ({most} of {len(table):,} rows)"
    names = [str(name) for name in shown.columns]
    numeric = [pd.api.types.is_numeric_dtype(shown[name]) for name in shown.columns]
    head = "".join(
        f'<th scope="col"{_css(name, n)}>{escape(name.replace("_", " "))}</th>'
        for name, n in zip(names, numeric, strict=True)
    )
    body = []
    for row in shown.itertuples(index=False):
        cells = [escape(_cell(value, digits)) for value in row]
        first = f'<th scope="row"{_css(names[0], numeric[0])}>{cells[0]}</th>' if cells else ""
        rest = "".join(
            f"<td{_css(name, n)}>{cell}</td>"
            for name, n, cell in zip(names[1:], numeric[1:], cells[1:], strict=True)
        )
        body.append(f"<tr>{first}{rest}</tr>")
    html = (
        f'<table class="sco-table"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"
    )
    plain = shown.to_string(index=False, float_format=lambda x: f"{x:.{digits}f}")
    _show({"text/html": html, "text/plain": f"{caption}\n{plain}"})


def show_words(tables: Tables, mentions: pd.DataFrame, scorer: str, most: int = 10) -> None:
    """Show the sentences of a few scored mentions with the words behind each score marked.

    `mentions` are rows of `scored`; the actor is in bold, each of the `most` weightiest words carries its
    part in the raw score. Where the texts are not at hand the place and the words alone are shown.
    """
    names = tables.actors.drop_duplicates("actor").set_index("actor")["name"]
    texts = tables.documents["text"] if tables.has_texts else {}
    spans = tables.sentences.set_index(["doc_id", "sentence"])[["start", "end"]]
    items, plain = [], []
    for row in mentions.itertuples():
        head = f"{names.get(row.actor, row.actor)} {row.valence:+.2f} ({row.label}), {row.doc_id}"
        if tables.has_texts:
            start, end = spans.loc[(row.doc_id, row.sentence)]
            words = explain_mentions(tables.documents, mentions.loc[[row.Index]], scorer)
            words = words.groupby(["word", "word_start"], as_index=False)["part"].sum()
            words = words.reindex(
                words["part"].abs().sort_values(ascending=False, kind="stable").index[:most]
            )
            text = texts[row.doc_id]
            parts = {
                (at, at + len(word)): part
                for word, at, part in words[["word", "word_start", "part"]].values
                if text.startswith(word, at)  # not what stands for a word, such as a name
            }
            shown = _marked(text, start, end, (row.start, row.end), parts)
            said = text[start:end]
        else:
            said = f"characters {row.start}-{row.end}; words: {row.evidence or 'none'}"
            shown = escape(said)
        items.append(f"<li>{escape(head)}: {shown}</li>")
        plain.append(f"{head}: {said}")
    _show({"text/html": f"<ul>{''.join(items)}</ul>", "text/plain": "\n".join(plain)})


def _marked(text: str, start: int, end: int, target: tuple[int, int], parts: dict) -> str:
    """The sentence from start to end as HTML: escaped, the target in bold, the words that count marked."""
    html, position = "", start
    for (since, until), part in sorted([*parts.items(), (target, None)], key=lambda item: item[0]):
        if not position <= since < until <= end:
            continue
        word = escape(text[since:until])
        html += escape(text[position:since])
        html += f"<strong>{word}</strong>" if part is None else f"<mark>{word}<sub>{part:+.1f}</sub></mark>"
        position = until
    return html + escape(text[position:end])


def provenance(tables: Tables, **parameters) -> None:
    """Show what the numbers above rest on: the corpus and its digest, parameters, word lists, versions."""
    rows = [
        ("corpus", f"{tables.name}, {len(tables.documents)} documents"),
        ("corpus digest (sha256)", tables.digest),
        ("texts", "read from the texts" if tables.has_texts else "texts not at hand: derived tables"),
        *((f"parameter {name}", repr(value)) for name, value in parameters.items()),
        *((f"{name} (sha256)", _digest(name)) for name in ("actors.toml", "stopwords.txt")),
        ("Python", ".".join(platform.python_version_tuple()[:2])),
        *((name, version(name)) for name in _LIBRARIES),
    ]
    table = pd.DataFrame(rows, columns=["item", "value"])
    show_table(table, "Provenance: what this page was made from", most=len(table))


def show_accuracy(method: str) -> None:
    """Show how often a method ("dates", "vader") is right on texts that people have labelled.

    Reads data/accuracy.csv, which `make bench` writes where the labelled texts are at hand.
    """
    table = pd.read_csv(data_folder() / "accuracy.csv")
    known = table[table["method"] == method].drop(columns="method")
    if known.empty:
        raise SCONotesError(
            f"no accuracy is known for {method!r}; known: {', '.join(table['method'].unique())}"
        )
    show_table(known, "Measured accuracy of the method on labelled texts, with 95% intervals")


def _digest(name: str) -> str:
    return hashlib.sha256((data_folder() / name).read_bytes()).hexdigest()


def _basis(data: dict) -> str:
    parts = []
    if data["value"] is not None:
        unit = f" {data['unit']}" if data["unit"] else ""
        parts.append(f"{_round(data['value'])}{unit}")
    if data["low"] is not None and data["high"] is not None:
        parts.append(f"95% interval {_round(data['low'])} to {_round(data['high'])}")
    if data["n"] is not None:
        parts.append(f"n = {data['n']:,}")
    return ", ".join(parts)


def _number(value: float | None) -> float | None:
    """A number that JSON can hold: missing and infinite values are none at all."""
    return None if value is None or not isfinite(value) else float(value)


def _round(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"


def _cell(value, digits: int) -> str:
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return ""
    if isinstance(value, float):
        return f"{round(value, digits) + 0:,.{digits}f}"  # + 0: no "-0.00"
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10_000:
        return f"{value:,}"
    return str(value)


def _css(name: str, numeric: bool) -> str:
    return (
        ' class="number"'
        if numeric
        else f' class="{name}"'
        if name in ("left", "node", "right", "quote")
        else ""
    )


def _show(bundle: dict) -> None:
    from IPython.core.getipython import get_ipython
    from IPython.display import display

    if get_ipython() is None:
        print(bundle["text/plain"])
    else:
        display(bundle, raw=True)
