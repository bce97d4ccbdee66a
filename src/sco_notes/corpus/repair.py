"""Faults of a source, found and mended before a text is normalised: each repair is a row that can be undone.

A folder's repairs.csv lists them (doc_id, start, end, from, to, rule); offsets count the characters of the
decoded file, as it was published. read_corpus applies the list; without it, it reads the text as it is.
"""

import re
from collections import Counter
from collections.abc import Mapping
from itertools import groupby, pairwise
from pathlib import Path

import pandas as pd

from ..errors import SCONotesError
from ..files import check_file, check_inside, write_whole
from .text import decode, normalise

COLUMNS = ["doc_id", "start", "end", "from", "to", "rule"]
# A fault is one of the whole document: fewer signs of it are an author's own.
FEWEST_MARKS = 3  # of Markdown, in a document
FEWEST_STOPS = 3  # before a small letter
FEWEST_CUT_WORDS = 12  # that a lost ligature explains
KNOWN_WORD = 3  # occurrences in the other documents

_RUNNING_LINE = re.compile(
    r"""\d{1,3}(/\d{1,3})?\ \d\d-\d{5}           # 16/26 15-29876: page and job number
    | \d\d-\d{5}\ \d{1,3}(/\d{1,3})?
    | [AES]/([A-Z\d]+/)*PV\.\d+(\ \d\d/\d\d/\d{4})?  # A/70/PV.24 01/10/2015: symbol and day
    | \d\d/\d\d/\d{4}\ [AES]/([A-Z\d]+/)*PV\.\d+
    | \#+\ Page\ \d.{0,20}
    | [*_=~–—-]{3,}                            # a rule
    """,
    re.VERBOSE,
)
_NUMBER_LINE = re.compile(r"[-–—]?\s?(\d{1,3})\s?[-–—]?")
_LINE = re.compile(r"[^\n\r\f]+")
_ENDS_SENTENCE = re.compile(r"[.!?…:;][\"'’”»)\]]*$")
_MARKDOWN = re.compile(
    r"^[ ]{0,3}\#{1,6}[ \t]+|^>[ \t]+|\*{2,}|(?<![*\w])\*(?=[^\s*])|(?<=[^\s*])\*(?![*\w])", re.MULTILINE
)
MOJIBAKE = re.compile(r"â€[™œ\x9d“”˜\x80-\xbf]|Ã[\x80-\xbf©¨¶¼¤]|Â[«»\xa0°]")
_STOP = re.compile(r"(?<=[a-z\d)”’])\.(?= [a-z])")
_ABBREVIATION = re.compile(
    r"(\b(p|pp|paras?|vs?|no|vol|art|cf|etc|al|viz|approx|a|m|i|e|g)|\.\w)$", re.IGNORECASE
)
_WORD = re.compile(r"[A-Za-z]+")
# Two letters that many typefaces draw as one; "tt" may lose one of the two.
_LIGATURES = ["ti", "tt", "ft", "tf", "fi", "fl", "ff", "ffi", "ffl", "t"]


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
        known = {word for word, n in everywhere.items() if n - words[doc_id][word] >= KNOWN_WORD}
        found = [*_page_lines(text), *_markdown(text), *_stops(text), *_misread(text)]
        found += _ligatures(text, known)
        end = 0
        for start, stop, new, rule in sorted(found):
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
    for name in ("from", "to"):  # line breaks are written \n, \r and \f
        table[name] = table[name].map(_read_escapes)
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
    plain = repairs.assign(**{name: repairs[name].map(_write_escapes) for name in ("from", "to")})
    return plain.to_csv(index=False, lineterminator="\n")


_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\f": "\\f", "\t": "\\t"}


def _write_escapes(text: str) -> str:
    return re.sub(r"[\\\n\r\f\t]", lambda match: _ESCAPES[match.group()], text)


def _read_escapes(text: str) -> str:
    back = {new: old for old, new in _ESCAPES.items()}
    return re.sub(r"\\[\\nrft]", lambda match: back[match.group()], text)


Found = list[tuple[int, int, str, str]]


def _page_lines(text: str) -> Found:
    lines = [(match.start(), match.end(), " ".join(match.group().split())) for match in _LINE.finditer(text)]
    lines = [line for line in lines if line[2]]
    numbers = _page_numbers([line[2] for line in lines])
    is_page = [i in numbers or bool(_RUNNING_LINE.fullmatch(line[2])) for i, line in enumerate(lines)]
    found: Found = []
    for of_pages, group in groupby(range(len(lines)), key=is_page.__getitem__):
        if of_pages:  # with the line breaks on both sides: the text before goes on with the next line
            places = list(group)
            first, last = places[0], places[-1]
            start = lines[first - 1][1] if first else 0
            end = lines[last + 1][0] if last + 1 < len(lines) else len(text)
            found.append((start, end, "\n" if first else "", "page line"))
    return found


def _page_numbers(lines: list[str]) -> set[int]:
    """Lines that are numbers and follow one another, or one that cuts a sentence."""
    places = [(i, int(match[1])) for i, line in enumerate(lines) if (match := _NUMBER_LINE.fullmatch(line))]
    follow = len(places) > 1 and all(b[1] == a[1] + 1 for a, b in pairwise(places))
    return {i for i, _ in places if follow or (i and not _ENDS_SENTENCE.search(lines[i - 1]))}


def _markdown(text: str) -> Found:
    marks = list(_MARKDOWN.finditer(text))
    if sum(match.group().strip() in ("**", "#", "##", "###") for match in marks) < FEWEST_MARKS:
        return []
    return [(*match.span(), "", "markdown") for match in marks]


def _stops(text: str) -> Found:
    places = [match.span() for match in _STOP.finditer(text)]
    places = [place for place in places if not _ABBREVIATION.search(text[max(place[0] - 9, 0) : place[0]])]
    return [(*place, ",", "stop for comma") for place in places] if len(places) >= FEWEST_STOPS else []


def _misread(text: str) -> Found:
    places = [(match.start(), match.end(), _read_again(match.group())) for match in MOJIBAKE.finditer(text)]
    return [(start, end, sign, "wrong encoding") for start, end, sign in places if sign]


def _read_again(signs: str) -> str:
    """The sign that UTF-8 read as Windows-1252 became several signs of, or ""."""
    data = b"".join(sign.encode("latin-1" if sign < "\xa0" else "cp1252") for sign in signs)
    return data.decode("utf-8", "ignore")


def _ligatures(text: str, known: set[str]) -> Found:
    found: Found = []
    readings: dict[str, set[str]] = {}
    for match in _WORD.finditer(text):
        word = match.group().lower()
        if word in known:
            continue
        if word not in readings:
            twice = (new for once in _with_ligature(word, ["ti"]) for new in _with_ligature(once, ["ti"]))
            readings[word] = _with_ligature(word, _LIGATURES) & known or known.intersection(twice)
        if len(readings[word]) == 1:
            (new,) = readings[word]
            new = new.capitalize() if match.group()[0].isupper() else new
            found.append((*match.span(), new, "ligature"))
    return found if len({text[a:b] for a, b, *_ in found}) >= FEWEST_CUT_WORDS else []


def _with_ligature(word: str, ligatures: list[str]) -> set[str]:
    return {word[:i] + pair + word[i:] for i in range(len(word) + 1) for pair in ligatures}
