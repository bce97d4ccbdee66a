"""What a notebook shows besides charts: findings, tables and provenance, readable in print and aloud.

Each is shown as HTML with everything from a corpus escaped, and as plain text for other readers.
"""

import platform
import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from importlib.metadata import version
from math import isfinite

import pandas as pd

from ..charts.figure import CSV
from ..charts.table_html import grouped_html, table_html
from ..errors import counted, require_columns
from ..files import data_folder, file_digest
from ..sentiment import SCORERS, explain_mentions
from ..tables.study import GROUPS, StoredTables, Tables, evidence

FINDING = "application/vnd.sco-notes.finding+json"
ROWS = "application/vnd.sco-notes.rows+html"
PROVENANCE = "application/vnd.sco-notes.provenance+json"
MOST_ROWS = 120  # of a finding that a page shows
# JupyterLab sets every cell to the right and row headers in bold. A page drops this, and has its own style.
_STYLE = (
    "<style>table.sco-table.sco-table :is(th, td, caption) {text-align: left; font-weight: normal} "
    "table.sco-table.sco-table :is(.number, .left) {text-align: right} "
    "table.sco-table.sco-table :is(thead th, .node) {font-weight: bold}</style>"
)
_LIBRARIES = ["sco-notes", "nupunkt", "nltk", "numpy", "pandas", "scipy", "matplotlib"]
_LISTS = {name: name for name in ("actors.toml", "stopwords.txt", "variants.toml")}
_LISTS["VADER lexicon"] = "vader_lexicon.txt"


class Note(str):
    """A sentence that shows itself as the last line of a cell; an empty one shows nothing."""

    def __repr__(self) -> str:
        return str(self)

    def _ipython_display_(self) -> None:
        if self:
            print(self)


@dataclass(frozen=True, repr=False)
class Finding:
    """A sentence, the number that it rests on with its 95% interval and n, and the rows behind it.

    Shows itself as the last line of a cell. Write the figures into `text` with an f-string, so that they are
    computed and never typed. `name` identifies the finding in the ledger; `rows` is a table of what was
    counted (see `with_sentences`): `value` or `n` is the number of its rows, or the sum of its column n.

    >>> Finding("trade", "Trade leads.", value=4.0, n=12, unit="per 1,000 tokens")
    Trade leads. (4 per 1,000 tokens, n = 12)
    """

    name: str
    text: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    unit: str = ""
    rows: pd.DataFrame | None = None

    def __repr__(self) -> str:
        return f"{self.text} ({self._basis()})" if self._basis() else self.text

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        numbers = {key: _number(getattr(self, key)) for key in ("value", "low", "high")}
        named = {"id": self.name, "statement": self.text, "unit": self.unit}
        data = {**named, **numbers, "n": None if self.n is None else int(self.n)}
        basis = f" <span>({escape(self._basis())})</span>" if self._basis() else ""
        html = f'<p class="sco-finding"><strong>{escape(self.text)}</strong>{basis}</p>'
        bundle = {FINDING: data, "text/plain": repr(self)}
        if self.rows is not None and len(self.rows):
            caption = _cut("The rows behind this", self.rows, MOST_ROWS)
            bundle[ROWS] = table_html(self.rows.head(MOST_ROWS), caption)
            bundle[CSV] = self.rows.to_csv(index=False, lineterminator="\n")
            html += f"<details><summary>{caption}</summary>{bundle[ROWS]}</details>"
        return _styled({**bundle, "text/html": html})

    def _basis(self) -> str:
        """The number, its interval and n, as the brackets after the sentence have them."""
        written = "{:.0f}".format if self.unit.startswith("%") else _round
        parts = []
        if (value := _number(self.value)) is not None:
            unit = re.sub(r"^(\w+)s\b", r"\1", self.unit) if value == 1 else self.unit
            parts.append(f"{written(value)} {unit}".strip().replace(" %", "%"))
        low, high = _number(self.low), _number(self.high)
        if low is not None and high is not None:
            parts.append(f"95% interval {written(low)} to {written(high)}")
        if self.n is not None:
            parts.append(f"n = {int(self.n):,}")
        return ", ".join(parts)


def show_table(table: pd.DataFrame, caption: str, most: int = 20, digits: int = 2) -> None:
    """Show the first rows of a table; of an empty one a sentence.

    Parameters
    ----------
    table : any table; the first column names the row, missing values are empty cells, and a column of empty
        texts is left out. Of a table without rows `table.attrs["note"]` is shown, or else the caption.
    caption : what a row is.
    most : how many rows are shown. The executed notebook keeps up to 1,000 of them, unrounded.
    digits : to how many decimals numbers are rounded.
    """
    if table.empty:
        return print(table.attrs.get("note", f"{caption}: none."))
    table = table.loc[:, ~(table == "").all()]
    shown, caption = table.head(most), _cut(caption, table, most)
    plain = shown.to_string(index=False, float_format=f"{{:.{digits}f}}".format)
    csv = table.head(1000).to_csv(index=False, lineterminator="\n")
    _show(table_html(shown, caption, digits), f"{caption}\n{plain}", {CSV: csv})


def show_evidence(
    study: Tables,
    rows: pd.DataFrame,
    by: str,
    caption: str = "The sentences behind the numbers",
    each: int = 3,
) -> None:
    """Show the rows behind a chart or table in groups by a column, each row with its sentence.

    On a page the rows of every table and figure whose first column is `by` then link to their group here.

    Parameters
    ----------
    study : the corpus.
    rows : doc_id, sentence (see also `term_rows`) and the column `by`, in the order to show.
    by : the column that groups the rows.
    caption : what a row is.
    each : how many rows of a group are shown.

    Raises
    ------
    SCONotesError : where a column is missing.
    """
    require_columns(rows, "doc_id", by)
    if rows.empty:
        return print(rows.attrs.get("note", f"{caption}: none."))
    first = rows.groupby(by, sort=False, observed=True).head(each)
    html = grouped_html(with_sentences(study, first, keep=by), by, caption, rows[by].value_counts())
    plain = f"{caption}: {counted(len(rows), 'row')} in {counted(rows[by].nunique(), 'group')}"
    _show(f"<details><summary>{escape(caption)}</summary>{html}</details>", plain)


def term_rows(study: Tables, terms: Iterable[str], each: int | None = 3) -> pd.DataFrame:
    """Find where terms occur: term, doc_id, n (how often in this document) and, with the texts, sentence.

    Returns up to `each` documents a term (None: all), those with most of it first, with a sentence there.

    >>> import sco_notes as sn
    >>> term_rows(sn.load("chronicle"), ["charter"], each=1)[["term", "n"]]
          term  n
    0  charter  ...
    """
    terms = list(dict.fromkeys(terms))
    counts = study.terms.loc[study.terms["term"].isin(terms), ["term", "doc_id", "n"]]
    counts = counts.sort_values(["n", "doc_id"], ascending=[False, True])
    rows = counts.groupby("term", observed=True).head(each or len(counts))
    in_turn = rows["term"].astype(str).map({term: place for place, term in enumerate(terms)})
    rows = rows.iloc[in_turn.argsort(kind="stable")].reset_index(drop=True)
    if not study.has_texts:
        return rows
    starts = {doc_id: part["start"].to_numpy() for doc_id, part in study.sentences.groupby("doc_id")}
    texts, found = study.documents.set_index("doc_id")["text"], []
    for term, doc_id in zip(rows["term"], rows["doc_id"], strict=True):
        words = r"\s+".join(map(re.escape, term.split()))
        match = re.search(rf"(?<!\w){words}(?!\w)", texts[doc_id], re.IGNORECASE)
        found.append(int(starts[doc_id].searchsorted(match.start() if match else 0, side="right")) - 1)
    return rows.assign(sentence=found)


def with_sentences(study: Tables, rows: pd.DataFrame, keep: str = "") -> pd.DataFrame:
    """Add to rows the characters of their sentence, and with the texts the sentence itself."""
    if "sentence" not in rows:
        return rows
    spans = study.sentences.set_index(["doc_id", "sentence"])[["start", "end"]]
    found = spans.loc[list(zip(rows["doc_id"], rows["sentence"], strict=True))]
    characters = [f"{start}-{end}" for start, end in found.itertuples(index=False)]
    dropped = {*GROUPS, "start", "end", "scorer"} - {keep}
    shown = rows[[name for name in rows if name not in dropped]].assign(characters=characters)
    return shown.assign(quote=evidence(study, rows)["quote"].array) if study.has_texts else shown


def show_words(study: Tables, mentions: pd.DataFrame, scorer: str, most: int = 10) -> None:
    """Show the sentences of a few scored mentions with the words behind each score marked.

    Parameters
    ----------
    study : the corpus; where its texts are not available, the place and the words alone are shown.
    mentions : rows of `scored`; the name of the actor is set in bold.
    scorer : the scorer that made the scores.
    most : so many of the weightiest words carry their part in the raw score.
    """
    names, shown = actor_names(study), []
    for row in mentions.itertuples():
        head = f"{names.get(row.actor, row.actor)} {row.valence:+.2f} ({row.label}), {row.doc_id}: "
        said = f"characters {row.start}-{row.end}; words: {row.evidence or 'none'}"
        html = escape(said)
        if study.has_texts:
            text = study.documents.at[row.doc_id, "text"]
            spans = study.sentences[study.sentences["doc_id"] == row.doc_id].set_index("sentence")
            start, end = spans.loc[row.sentence, ["start", "end"]]
            if scorer in SCORERS:
                words = explain_mentions(study.documents, mentions.loc[[row.Index]], scorer)
            else:  # a language model may not be installed: its words are in the table
                words = _known_words(row.evidence, text, start, end)
            said, html = text[start:end], _marked(text, start, end, row, words, most)
        shown.append((head + said, escape(head) + html))
    if not shown:
        return print("No sentence was scored, so there is none to show.")
    items = "".join(f"<li>{html}</li>" for _, html in shown)
    html = f"<details open><summary>The sentences, word by word</summary><ul>{items}</ul></details>"
    _show(html, "\n".join(said for said, _ in shown))


def _known_words(evidence: str, text: str, start: int, end: int) -> pd.DataFrame:
    """The weightiest words of a score as the column evidence has them, where the sentence has them."""
    parts = (part.rpartition(" ") for part in evidence.split("; ") if part)
    words = [(word, text.find(word, start, end), float(part)) for word, _, part in parts]
    return pd.DataFrame([w for w in words if w[1] >= 0], columns=["word", "word_start", "part"])


def _marked(text: str, start: int, end: int, mention, words: pd.DataFrame, most: int) -> str:
    """The sentence from start to end as HTML: escaped, the mention in bold, the weightiest words marked."""
    summed = words.groupby(["word", "word_start"], as_index=False)["part"].sum()
    weightiest = summed.sort_values("part", key=abs, ascending=False, kind="stable").head(most)
    parts = {
        (at, at + len(word)): f"<mark>{escape(word)}<sub>{part:+.1f}</sub></mark>"
        for word, at, part in weightiest[["word", "word_start", "part"]].values
        if text.startswith(word, at)  # not what stands for a word, such as a name
    }
    target = (mention.start, mention.end), f"<strong>{escape(text[mention.start : mention.end])}</strong>"
    html, position = "", start
    for (since, until), marked in sorted([*parts.items(), target], key=lambda part: part[0]):
        if position <= since < until <= end:
            html += escape(text[position:since]) + marked
            position = until
    return html + escape(text[position:end])


def provenance(tables: Tables, **parameters) -> None:
    """Show what the numbers above rest on: the corpus and its digest, parameters, word lists, versions."""
    versions = tables.scores["scorer"].unique()
    rows = [
        ("corpus", f"{tables.name}, {counted(len(tables.documents), 'document')}"),
        ("corpus digest (sha256)", tables.digest),
        ("texts", "read from the texts" if tables.has_texts else "texts not at hand: derived tables"),
        *((f"parameter {name}", repr(value)) for name, value in parameters.items()),
        *(("scorer", name) for name in versions if name.split()[0] == parameters.get("scorer")),
        *((f"{item} (sha256)", file_digest(data_folder() / name)) for item, name in _LISTS.items()),
        ("Python", ".".join(platform.python_version_tuple()[:2])),
        *((name, version(name)) for name in _LIBRARIES),
    ]
    table = pd.DataFrame(rows, columns=["item", "value"])
    caption = "Provenance: what this page was made from"
    plain = table.to_string(index=False)
    stated = {name: value for name, value in rows if not name.startswith("parameter ")}
    _show(table_html(table, caption), f"{caption}\n{plain}", {PROVENANCE: stated})


def show_accuracy(method: str) -> None:
    """Show how often a method ("dates", "vader") is right on texts that people have labelled.

    Reads data/accuracy.csv, which `make bench` writes where the labelled texts are available.
    """
    table = pd.read_csv(data_folder() / "accuracy.csv")
    known = table[table["method"] == method].drop(columns="method")
    known.attrs["note"] = f"How often “{method}” is right has not been measured on labelled texts."
    show_table(known, f"Measured accuracy on labelled texts, with 95% intervals: {method}")


def actor_names(study: Tables | StoredTables) -> dict[str, str]:
    """Return the name of each actor of a corpus by its id.

    >>> import sco_notes as sn
    >>> actor_names(sn.load("chronicle"))["KAZ"]
    'Kazakhstan'
    """
    return study.actors.drop_duplicates("actor").set_index("actor")["name"].to_dict()


def _number(value: float | None) -> float | None:
    """A number that JSON can hold: missing and infinite values are none at all."""
    return None if value is None or not isfinite(value) else float(value)


def _round(value: float) -> str:
    digits = 0 if value == int(value) or abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{round(value, digits) + 0:,.{digits}f}"  # + 0: no "-0.00"


def _cut(caption: str, table: pd.DataFrame, most: int) -> str:
    return caption + (f" ({most} of {len(table):,} rows)" if len(table) > most else "")


def show_progress(line: str) -> None:
    """Show how far long work is, in a notebook in the place of what its cell showed before."""
    from IPython.core.getipython import get_ipython
    from IPython.display import clear_output

    if get_ipython() is not None:
        clear_output(wait=True)
    print(line)


def _styled(bundle: dict) -> dict:
    """The bundle, its tables with the style that JupyterLab needs."""
    has_table = "sco-table" in bundle.get("text/html", "")
    return {**bundle, "text/html": _STYLE + bundle["text/html"]} if has_table else bundle


def _show(html: str, plain: str, others: dict = {}) -> None:  # noqa: B006
    """Show HTML in a notebook, with other forms of the same for the page, and plain text elsewhere."""
    from IPython.core.getipython import get_ipython
    from IPython.display import display

    if get_ipython() is None:
        print(plain)
    else:
        display(_styled({"text/html": html, "text/plain": plain, **others}), raw=True)
