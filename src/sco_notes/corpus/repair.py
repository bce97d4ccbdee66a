"""Faults of a source, found and mended before a text is normalised: each repair is a row that can be undone.

A folder's repairs.csv lists them (doc_id, start, end, from, to, rule); offsets count the characters of the
decoded file, as it was published. read_corpus applies the list; without it, it reads the text as it is.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from itertools import groupby, pairwise
from pathlib import Path

import pandas as pd

from ..errors import SCONotesError
from ..files import check_file, check_inside, write_whole
from .text import ENDS_SENTENCE, decode, normalise

COLUMNS = ["doc_id", "start", "end", "from", "to", "rule"]
_RULES = tomllib.loads(Path(__file__).with_name("repair.toml").read_text(encoding="utf-8"))
_PATTERNS = {name: re.compile(pattern) for name, pattern in _RULES["patterns"].items()}
_FEWEST = _RULES["fewest"]
MOJIBAKE = _PATTERNS["mojibake"]
_WORD = re.compile(r"[A-Za-z]+")
_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\f": "\\f", "\t": "\\t"}
Found = list[tuple[int, int, str, str]]


def find_repairs(texts: Mapping[str, str]) -> pd.DataFrame:
    """Find the faults that can be mended in one way only, in decoded texts by their ids.

    Returns
    -------
    doc_id, start, end (characters of the decoded text), from, to, and the rule:

    - page line: numbers of pages, running heads and symbols between the lines of a text;
    - markdown: marks of headings, emphasis and quotations;
    - ligature: letters that a typeface drew as one and a converter lost, where the words of the other
      documents leave one reading ("internaonal");
    - stop for comma: a full stop before a small letter;
    - wrong encoding: a sign read as several ("â€™" for "’").

    >>> text = "It was held in the\\n12\\n\\ncapital of the\\n13\\n\\nrepublic."
    >>> find_repairs({"a": text})[["start", "from", "to"]].values.tolist()
    [[18, '\\n12\\n\\n', '\\n'], [37, '\\n13\\n\\n', '\\n']]
    """
    words = {doc_id: Counter(_WORD.findall(text.lower())) for doc_id, text in texts.items()}
    everywhere = sum(words.values(), Counter())
    rows = []
    for doc_id, text in texts.items():
        known = {word for word, n in everywhere.items() if n - words[doc_id][word] >= _FEWEST["known"]}
        end = 0
        for start, stop, new, rule in sorted([*_page_lines(text), *_signs(text), *_ligatures(text, known)]):
            if start >= end:  # a mark inside a page line goes with it
                rows.append((doc_id, start, stop, text[start:stop], new, rule))
                end = stop
    return pd.DataFrame(rows, columns=COLUMNS)


def apply_repairs(text: str, repairs: pd.DataFrame, name: str = "repairs.csv") -> str:
    """Return a decoded text with the repairs of its document; raise SCONotesError where it is another text.

    >>> repairs = pd.DataFrame([["a", 7, 8, ".", ",", "by hand"]], columns=COLUMNS)
    >>> apply_repairs("He said. and left.", repairs)
    'He said, and left.'
    """
    parts, at = [], 0
    for row in repairs.sort_values("start").to_dict("records"):
        start, end = int(row["start"]), int(row["end"])
        if text[start:end] != row["from"] or start < at:
            where = f"{name}, {row['doc_id']}, characters {start}-{end}"
            remedy = "restore the text, or make the list again with `sco-notes repair`"
            raise SCONotesError(f"{where}: {row['from']!r} is not there; {remedy}")
        parts += [text[at:start], row["to"]]
        at = end
    return "".join([*parts, text[at:]])


def read_repairs(folder: Path) -> dict[str, pd.DataFrame]:
    """Read the repairs.csv of a corpus folder, by document; none where there is no such file."""
    from .documents import read_table

    file = folder / "repairs.csv"
    if not file.is_file():
        return {}
    table = read_table(file)
    if list(table.columns) != COLUMNS or not table[["start", "end"]].map(str.isdigit).all(axis=None):
        columns = ", ".join(COLUMNS)
        raise SCONotesError(f"{file}: the columns {columns} are expected, the offsets whole numbers")
    escaped = {new: old for old, new in _ESCAPES.items()}
    for name in ("from", "to"):  # line breaks are written \n, \r and \f
        table[name] = table[name].str.replace(r"\\[\\nrft]", lambda found: escaped[found[0]], regex=True)
    return {str(doc_id): rows.astype({"start": int, "end": int}) for doc_id, rows in table.groupby("doc_id")}


def repair_corpus(folder: Path) -> pd.DataFrame:
    """Find the repairs of a corpus folder, write its repairs.csv and the new hashes of its documents.csv."""
    from .documents import read_table, text_digest, text_file

    listing = folder / "documents.csv"
    documents = read_table(listing)
    files = {doc_id: text_file(folder, doc_id) for doc_id in documents["doc_id"]}
    check_inside([listing, *files.values()], folder)
    for file in files.values():
        check_file(file)
    texts = {doc_id: decode(file.read_bytes(), str(file)) for doc_id, file in files.items()}
    repairs = find_repairs(texts)
    listed = [(texts[doc_id], repairs[repairs["doc_id"] == doc_id]) for doc_id in documents["doc_id"]]
    documents["sha256"] = [text_digest(normalise(apply_repairs(*each))) for each in listed]
    write_whole(folder / "repairs.csv", as_csv(repairs))
    write_whole(listing, documents.to_csv(index=False, lineterminator="\n"))
    return repairs


def as_csv(repairs: pd.DataFrame) -> str:
    """Return the text of a repairs.csv."""
    escapes = str.maketrans(_ESCAPES)
    plain = {name: [text.translate(escapes) for text in repairs[name]] for name in ("from", "to")}
    return repairs.assign(**plain).to_csv(index=False, lineterminator="\n")


def _page_lines(text: str) -> Found:
    """Running heads, and numbers that follow one another or cut a sentence, with the line breaks around."""
    lines = [(match.span(), " ".join(match[0].split())) for match in re.finditer(r"[^\n\r\f]+", text)]
    lines = [(span, line) for span, line in lines if line]
    matches = {i: _PATTERNS["number_line"].fullmatch(line) for i, (_, line) in enumerate(lines)}
    numbers = {i: int(match[1]) for i, match in matches.items() if match}
    follow = len(numbers) > 1 and all(b == a + 1 for a, b in pairwise(numbers.values()))
    is_page = [
        (i in numbers and (follow or bool(i and not ENDS_SENTENCE.search(lines[i - 1][1]))))
        or bool(_PATTERNS["running_line"].fullmatch(line))
        for i, (_, line) in enumerate(lines)
    ]
    found: Found = []
    for of_pages, group in groupby(range(len(lines)), key=is_page.__getitem__):
        if of_pages:  # the text before goes on with the next line
            places = list(group)
            first, last = places[0], places[-1]
            start = lines[first - 1][0][1] if first else 0
            end = lines[last + 1][0][0] if last + 1 < len(lines) else len(text)
            found.append((start, end, "\n" if first else "", "page line"))
    return found


def _signs(text: str) -> Found:
    """Marks of Markdown, full stops for commas, and signs that UTF-8 read as Windows-1252 became."""
    marks = list(_PATTERNS["markdown"].finditer(text))
    n_sure = sum(match[0].strip() in ("**", "#", "##", "###") for match in marks)
    found = [(*match.span(), "", "markdown") for match in marks if n_sure >= _FEWEST["marks"]]
    stops = [match.span() for match in _PATTERNS["stop"].finditer(text)]
    stops = [
        (start, end)
        for start, end in stops
        if not _PATTERNS["abbreviation"].search(text[max(start - 9, 0) : start])
    ]
    found += [(*stop, ",", "stop for comma") for stop in stops if len(stops) >= _FEWEST["stops"]]
    for match in MOJIBAKE.finditer(text):
        data = b"".join(sign.encode("latin-1" if sign < "\xa0" else "cp1252") for sign in match[0])
        if sign := data.decode("utf-8", "ignore"):
            found.append((*match.span(), sign, "wrong encoding"))
    return found


def _ligatures(text: str, known: set[str]) -> Found:
    found: Found = []
    readings: dict[str, set[str]] = {}
    for match in _WORD.finditer(text):
        word = match[0].lower()
        if word in known:
            continue
        if word not in readings:
            twice = (new for once in _with_ligature(word, ["ti"]) for new in _with_ligature(once, ["ti"]))
            once = _with_ligature(word, _RULES["ligatures"]["letters"])
            readings[word] = once & known or known.intersection(twice)
        if len(readings[word]) == 1:
            (new,) = readings[word]
            found.append((*match.span(), new.capitalize() if match[0][0].isupper() else new, "ligature"))
    return found if len({text[a:b] for a, b, *_ in found}) >= _FEWEST["cut_words"] else []


def _with_ligature(word: str, ligatures: list[str]) -> set[str]:
    return {word[:i] + pair + word[i:] for i in range(len(word) + 1) for pair in ligatures}
