"""What a notebook shows besides charts: findings, tables and provenance, readable in print and aloud.

Each is shown as HTML with everything from a corpus escaped, and as plain text for other readers.
"""

import hashlib
import platform
import re
from collections.abc import Iterable
from html import escape
from importlib.metadata import version
from math import isfinite
from pathlib import Path

import pandas as pd

from ..charts.table_html import grouped_html, table_html
from ..errors import require_columns
from ..files import data_folder
from ..sentiment import explain_mentions
from ..tables.study import GROUPS, Tables, evidence

FINDING = "application/vnd.sco-notes.finding+json"
ROWS = "application/vnd.sco-notes.rows+html"
PROVENANCE = "application/vnd.sco-notes.provenance+json"
CSV = "application/vnd.sco-notes.table+csv"
MOST_ROWS = 50
# JupyterLab sets every cell to the right and row headers in bold. A page drops this, and has its own style.
_STYLE = (
    "<style>table.sco-table.sco-table :is(th, td, caption) {text-align: left; font-weight: normal} "
    "table.sco-table.sco-table :is(.number, .left) {text-align: right} "
    "table.sco-table.sco-table :is(thead th, .node) {font-weight: bold}</style>"
)
_LIBRARIES = ["sco-notes", "nupunkt", "nltk", "numpy", "pandas", "scipy", "matplotlib"]


def finding(
    id: str,
    statement: str,
    value: float | None = None,
    low: float | None = None,
    high: float | None = None,
    n: int | None = None,
    unit: str = "",
    headline: bool = False,
    rows: pd.DataFrame | None = None,
    study: Tables | None = None,
) -> None:
    """Show one finding: a sentence, beside it the number it rests on, its interval and its n, and its rows.

    One finding of a notebook may be the headline by which the index presents its report. `statement` is plain
    text; write the figures into it with an f-string, so that they are computed and never typed. `rows` are
    the rows of the table that the number was made from; with `study`, rows with doc_id and sentence stand
    there with their sentence.

    >>> finding("trade", "Trade leads.", value=4.0, n=12, unit="per 1,000 tokens")
    Trade leads. (4 per 1,000 tokens, n = 12)
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
    bundle = {FINDING: data, "text/plain": f"{statement} ({basis})" if basis else statement}
    if rows is not None and len(rows):
        shown = with_sentences(study, rows.head(MOST_ROWS))
        bundle[ROWS] = table_html(shown, _cut("The rows behind this number", rows, MOST_ROWS))
        html += f"<details><summary>The rows behind this number</summary>{bundle[ROWS]}</details>"
    _show({**bundle, "text/html": html})


def counted(n: int, noun: str) -> str:
    """A number with its noun, for the sentences of findings.

    >>> counted(1, "document"), counted(1200, "sentence")
    ('1 document', '1,200 sentences')
    """
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def show_table(table: pd.DataFrame, caption: str, most: int = 20, digits: int = 2) -> None:
    """Show the first `most` rows of a table, with a caption that says what a row is.

    Numbers are rounded to `digits`, missing values are empty, the first column heads its row. The executed
    notebook keeps up to 1,000 rows unrounded for `sco-notes bundle`.
    """
    shown, caption = table.head(most), _cut(caption, table, most)
    plain = shown.to_string(index=False, float_format=lambda x: f"{x:.{digits}f}")
    _show(
        {
            "text/html": table_html(shown, caption, digits),
            "text/plain": f"{caption}\n{plain}",
            CSV: table.head(1000).to_csv(index=False, lineterminator="\n"),
        }
    )


def show_evidence(
    study: Tables,
    rows: pd.DataFrame,
    by: str,
    caption: str = "The sentences behind the numbers",
    each: int = 3,
) -> None:
    """Show the rows behind a chart or table in groups by a column, each row with its sentence.

    On a page the rows of every table and figure whose first column is `by` then link to their group here.
    Takes rows with doc_id, sentence (see also `term_rows`) and the column `by`, in the order to show; `each`
    is how many rows of a group are shown. Raises SCONotesError where a column is missing.
    """
    require_columns(rows, "doc_id", by)
    first = rows.groupby(by, sort=False, observed=True).head(each)
    html = grouped_html(with_sentences(study, first, keep=by), by, caption, rows[by].value_counts())
    _show(
        {
            "text/html": f"<details><summary>{escape(caption)}</summary>{html}</details>",
            "text/plain": f"{caption}: {len(rows):,} rows in {rows[by].nunique():,} groups",
        }
    )


def term_rows(study: Tables, terms: Iterable[str], each: int = 3) -> pd.DataFrame:
    """Where terms stand: term, doc_id, n (how often in this document) and, with the texts, sentence.

    Up to `each` documents a term, those first in which it stands most often, with the first sentence there.

    >>> import sco_notes as sn
    >>> term_rows(sn.load("chronicle"), ["charter"], each=1)[["term", "n"]]
          term  n
    0  charter  ...
    """
    parts = []
    for term in terms:
        found = study.terms[study.terms["term"] == term].sort_values(["n", "doc_id"], ascending=[False, True])
        parts.append(found.head(each)[["term", "doc_id", "n"]])
    rows = pd.concat(parts, ignore_index=True) if parts else study.terms.head(0)[["term", "doc_id", "n"]]
    return rows.assign(sentence=_first_sentences(study, rows)) if study.has_texts else rows


def _first_sentences(study: Tables, rows: pd.DataFrame) -> list[int]:
    starts = {doc_id: part["start"].to_numpy() for doc_id, part in study.sentences.groupby("doc_id")}
    texts, found = study.documents.set_index("doc_id")["text"], []
    for term, doc_id in zip(rows["term"], rows["doc_id"], strict=True):
        words = r"\s+".join(map(re.escape, term.split()))
        match = re.search(rf"(?<!\w){words}(?!\w)", texts[doc_id], re.IGNORECASE)
        found.append(int(starts[doc_id].searchsorted(match.start() if match else 0, side="right")) - 1)
    return found


def with_sentences(study: Tables | None, rows: pd.DataFrame, keep: str = "") -> pd.DataFrame:
    """Rows with the characters of their sentence, and the sentence itself where the texts are at hand."""
    if study is None or not {"doc_id", "sentence"} <= set(rows.columns):
        return rows
    spans = study.sentences.set_index(["doc_id", "sentence"])[["start", "end"]]
    found = spans.loc[list(zip(rows["doc_id"], rows["sentence"], strict=True))]
    characters = [f"{start}-{end}" for start, end in found.itertuples(index=False)]
    dropped = {*GROUPS, "start", "end", "scorer"} - {keep}
    shown = rows[[name for name in rows if name not in dropped]].assign(characters=characters)
    return shown.assign(quote=evidence(study, rows)["quote"].array) if study.has_texts else shown


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
    versions = tables.scores["scorer"].unique()
    rows = [
        ("corpus", f"{tables.name}, {len(tables.documents)} documents"),
        ("corpus digest (sha256)", tables.digest),
        ("texts", "read from the texts" if tables.has_texts else "texts not at hand: derived tables"),
        *((f"parameter {name}", repr(value)) for name, value in parameters.items()),
        *(("scorer", name) for name in versions if name.split()[0] == parameters.get("scorer")),
        *((f"{name} (sha256)", _digest(data_folder() / name)) for name in ("actors.toml", "stopwords.txt")),
        ("VADER lexicon (sha256)", _digest(data_folder() / "vader_lexicon.txt")),
        ("Python", ".".join(platform.python_version_tuple()[:2])),
        *((name, version(name)) for name in _LIBRARIES),
    ]
    table = pd.DataFrame(rows, columns=["item", "value"])
    caption = "Provenance: what this page was made from"
    plain = table.to_string(index=False)
    stated = {name: value for name, value in rows if not name.startswith("parameter ")}
    _show({"text/html": table_html(table, caption), "text/plain": f"{caption}\n{plain}", PROVENANCE: stated})


def show_accuracy(method: str) -> None:
    """Show how often a method ("dates", "vader") is right on texts that people have labelled.

    Reads data/accuracy.csv, which `make bench` writes where the labelled texts are at hand.
    """
    table = pd.read_csv(data_folder() / "accuracy.csv")
    known = table[table["method"] == method].drop(columns="method")
    if known.empty:  # a scorer of one's own
        line = f"How often “{method}” is right has not been measured on labelled texts."
        _show({"text/html": f"<p>{escape(line)}</p>", "text/plain": line})
        return
    show_table(known, f"Measured accuracy on labelled texts, with 95% intervals: {method}")


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


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
    return f"{value:,.0f}" if value == int(value) else f"{round(value, 2) + 0:,.2f}"  # + 0: no "-0.00"


def _cut(caption: str, table: pd.DataFrame, most: int) -> str:
    return caption + (f" ({most} of {len(table):,} rows)" if len(table) > most else "")


def show_progress(line: str) -> None:
    """Show how far long work is, in a notebook in the place of what its cell showed before."""
    from IPython.core.getipython import get_ipython
    from IPython.display import clear_output

    if get_ipython() is not None:
        clear_output(wait=True)
    print(line)


def _show(bundle: dict) -> None:
    from IPython.core.getipython import get_ipython
    from IPython.display import display

    if get_ipython() is None:
        print(bundle["text/plain"])
        return
    if "sco-table" in bundle.get("text/html", ""):
        bundle = {**bundle, "text/html": _STYLE + bundle["text/html"]}
    display(bundle, raw=True)
