"""Raw bytes to normalised text; normalised text to sentences and tokens with their offsets.

Every offset in every table is a character offset (Unicode code points, end exclusive) into the text that
`normalise` returns, so the same rules must give the same text on every machine: no guessing of encodings.
"""

import codecs
import re
import tomllib
import unicodedata
from functools import cache
from itertools import pairwise
from pathlib import Path

from ..errors import SCONotesError, shown

# A sentence longer than this is cut at white space: it is a list or a text without stops.
LONGEST_SENTENCE = 400  # words
# Shorter lines of running text were probably wrapped by a machine (233 of 328 UN speeches are).
WRAPPED_LINE = 110  # characters
# The sentences of the texts read last, since each step that makes a table asks for them again.
MOST_REMEMBERED = 5_000_000  # characters of text, a batch of `sco-notes extract`
_recent: dict[str, list[tuple[int, int]]] = {}
_n_remembered = 0

_BYTE_ORDER_MARKS = (  # UTF-32 first: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LINE_BREAK = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_SPACE_FOR_BREAK = dict.fromkeys(map(ord, "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"), " ")
# Soft hyphens, zero-width and direction marks stand inside words and hide them from any search.
_INVISIBLE = re.compile(r"[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1f\x7f-\x9f]")
_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_AROUND = 30  # characters of a sample on each side
ENDS_SENTENCE = re.compile(r"[.!?…:;][\"'’”»)\]]*$")
_STARTS_NEW = re.compile(r"[A-ZÀ-ÖØ-ÞА-Я0-9•\-–—*«“\"(]")
_LINE_END_HYPHEN = re.compile(r"([^\W\d_]+)-$")
_CUT_WORD = re.compile(r"[^\W\d_]+-\n[^\W\d_]+")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_TOKEN = re.compile(r"\w\w+")
_ENDLESS_WORD = re.compile(r"(?<!\S)\S{1000,}")
_WORD = re.compile(r"\S+")
_LATIN = re.compile("[a-zß-öø-ɏḁ-ỿ]")
_WORDS = tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))
_KEEPS_HYPHEN = frozenset(_WORDS["hyphen"]["keep"].split())
_FUNCTION_WORDS = frozenset(_WORDS["english"]["words"].split())


def decode(data: bytes, name: str = "text", encoding: str | None = None) -> str:
    """The text in `data`, by its byte order mark, as UTF-8, or in the encoding that is stated.

    Encodings are never guessed: detectors take Windows-1252 for a dozen others. `name` is what an error
    calls the file. Raises SCONotesError with the byte where decoding fails, on NUL characters and on text
    of which nothing can be read.

    >>> decode(b"\\xef\\xbb\\xbfAstana")
    'Astana'
    """
    codec = next((codec for mark, codec in _BYTE_ORDER_MARKS if data.startswith(mark)), encoding or "utf-8")
    try:
        text = data.decode(codec)
    except LookupError:
        raise SCONotesError(f"{name}: unknown encoding {encoding!r}; try 'cp1252' or 'utf-16'") from None
    except UnicodeDecodeError as error:
        where, found = f"{name}, byte {error.start}", f"0x{data[error.start]:02x}"
        fault = f"not valid {codec.upper()} (found {found}); {_encoding_hint(data)}"
        raise SCONotesError(f"{where}: {fault}") from None
    if "\0" in text:
        hint = _encoding_hint(data) if codec == "utf-8" else "remove the NUL characters"
        raise SCONotesError(f"{name}, character {text.index(chr(0))}: a NUL character, so not text; {hint}")
    return text


def _encoding_hint(data: bytes) -> str:
    if data[:4096].count(0) > len(data[:4096]) // 5:
        return "many NUL bytes: if this is UTF-16, state encoding='utf-16-le' (--encoding utf-16-le)"
    if sum(byte < 9 or 13 < byte < 32 for byte in data[:4096]) > len(data[:4096]) // 20:
        return "this looks like a binary file, not text"
    return "save it as UTF-8, or state its encoding, for instance encoding='cp1252' (--encoding cp1252)"


def decoded(data: bytes, name: str, encoding: str | None = None) -> str:
    """Return the text in `data`: by its byte order mark, as UTF-8, or in the encoding that is stated.

    So one stated encoding serves a folder in which some files are UTF-8. Raises SCONotesError where none
    fits; without a stated one, the error shows a sample in each encoding in which all of it can be read.
    """
    try:
        return decode(data, name)
    except SCONotesError as error:
        if encoding:
            return decode(data, name, encoding)
        if not (samples := _samples(data)):
            raise
        where, _, _ = str(error).removeprefix(name).partition(";")
        choose = "; ".join(f"--encoding {codec} reads “{sample}”" for codec, sample in samples.items())
        raise SCONotesError(f"{name}{where}; choose by what reads right: {choose}") from None


def _samples(data: bytes) -> dict[str, str]:
    """The part of a text that tells encodings apart, in each in which the text is one."""
    wide = data[:4096].count(0) > len(data[:4096]) // 5
    samples: dict[str, str] = {}
    for codec in _WORDS["encodings"]["candidates"].split():
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        if _NO_TEXT.search(text) or wide != codec.startswith("utf-16"):
            continue
        line = max(text.splitlines(), key=lambda line: len(set(filter(lambda c: c > "~", line))))
        place = next((i for i, character in enumerate(line) if character > "~"), 0)
        sample = shown(line[max(place - _AROUND, 0) : place + _AROUND])
        if sample not in samples.values():
            samples[codec] = sample
    return samples


def normalise(raw: str) -> str:
    """One spelling of the same text: paragraphs of one line each, with an empty line between them.

    Composes characters (NFC), removes invisible characters, treats every kind of line break alike, joins
    lines that were wrapped in the middle of a paragraph together with words hyphenated over the line end,
    and turns each run of white space into one space. Normalising twice changes nothing.

    >>> normalise("The Shanghai Cooperation\\nOrganisation met for long-\\nterm talks.")
    'The Shanghai Cooperation Organisation met for long-term talks.'
    """
    text = _CONTROL.sub("", _LINE_BREAK.sub("\n", raw))
    # Composed last: removing what stands between a letter and its accent may bring the two together.
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    lines = [" ".join(line.split()) for line in text.split("\n")]

    @cache
    def words() -> set[str]:
        """The words of the text less the halves at line ends, taken only where a line ends in a hyphen."""
        whole = _CUT_WORD.sub(" ", "\n".join(line for line in lines if line))
        return {word.lower() for word in _FIRST_WORD.findall(whole)}

    paragraphs = []
    for numbers in _wrapped(lines):
        parts = [lines[numbers[0]]]
        for previous, line in pairwise(lines[number] for number in numbers):
            hyphen, second = _LINE_END_HYPHEN.search(previous), _FIRST_WORD.match(line)
            if not (hyphen and second):
                parts.append(" ")
            elif not _is_real_hyphen(hyphen.group(1), second.group(), words()):
                parts[-1] = parts[-1][:-1]
            parts.append(line)
        paragraphs.append("".join(parts))
    return "\n\n".join(paragraphs)


def _wrapped(lines: list[str]) -> list[list[int]]:
    """The numbers of the lines that make each paragraph; empty lines belong to none."""
    # The width to which the lines were wrapped by a machine, or infinity where they were not.
    lengths = sorted(len(line) for line in lines if line)
    ends = sum(bool(ENDS_SENTENCE.search(line)) for line in lines)
    wrapped = len(lengths) > 1 and lengths[len(lengths) // 2] < WRAPPED_LINE and ends <= len(lengths) / 2
    width = lengths[int(len(lengths) * 0.9)] if wrapped else float("inf")
    paragraphs: list[list[int]] = []
    for number, line in enumerate(lines):
        if not line:
            continue
        last = paragraphs[-1][-1] if paragraphs else 0
        if paragraphs and _continues(lines[last], line, last == number - 1, width):
            paragraphs[-1].append(number)
        else:
            paragraphs.append([number])
    return paragraphs


def _continues(previous: str, line: str, is_next: bool, width: float) -> bool:
    """Whether `line` goes on with the paragraph of `previous`.

    A line is full when the next word would not have fitted. After the end of a sentence only a full line
    goes on; otherwise every line does but a short one before a capital (a heading, an entry of a list).
    After an empty line only the rest of a sentence does, as where a page was turned.
    """
    if not is_next:
        return line[0].islower() and not ENDS_SENTENCE.search(previous)
    length_with_next = len(previous) + 1 + len(line.split(" ", 1)[0])
    if ENDS_SENTENCE.search(previous):
        return length_with_next > 0.85 * width
    is_long = len(previous) > min(0.6 * width, WRAPPED_LINE)
    return is_long or not _STARTS_NEW.match(line)


def _is_real_hyphen(first: str, second: str, words: set[str]) -> bool:
    """Whether "first-second" is a compound, and not one word cut in two at the line end.

    A compound has a capital or a usual first half, or its second half is a word of this text and the whole
    without the hyphen is not. Of 519 such line ends in the UN speeches 8 join without it.
    """
    if second[0].isupper() or first.lower() in _KEEPS_HYPHEN:
        return True
    return second in words and (first + second).lower() not in words


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Start and end of each sentence of a text, in order, without the white space around it.

    A paragraph ends a sentence, a line wrapped inside one does not: a text that is not normalised has the
    sentences that it would have if it were. Inside paragraphs nupunkt decides (F1 .91 on hard cases). What
    has more than 400 words without a stop is cut there.

    >>> text = "It met in St. Petersburg. The U.S. was absent."
    >>> [text[start:end] for start, end in sentence_spans(text)]
    ['It met in St. Petersburg.', 'The U.S. was absent.']
    """
    global _n_remembered
    if text not in _recent:
        if _n_remembered + len(text) > MOST_REMEMBERED:
            _recent.clear()
            _n_remembered = 0
        _n_remembered += len(text)
        _recent[text] = _sentence_spans(text)
    return list(_recent[text])


def _sentence_spans(text: str) -> list[tuple[int, int]]:
    from nupunkt import sent_spans

    breaks = [match.span() for match in _LINE_BREAK.finditer(text)]
    starts, ends = [0, *(end for _, end in breaks)], [*(start for start, _ in breaks), len(text)]
    lines = [" ".join(text[start:end].split()) for start, end in zip(starts, ends, strict=True)]
    spans = []
    for numbers in _wrapped(lines):  # the lines of a paragraph, as `normalise` would join them
        first, last = starts[numbers[0]], ends[numbers[-1]]
        for start, end in sent_spans(_ENDLESS_WORD.sub(_without_stops, on_one_line(text[first:last]))):
            words = list(_WORD.finditer(text, first + start, first + end))
            for i in range(0, len(words), LONGEST_SENTENCE):
                piece = words[i : i + LONGEST_SENTENCE]
                spans.append((piece[0].start(), piece[-1].end()))
    return spans


def _without_stops(word: re.Match) -> str:
    """A word as long without the stops inside it: of many nupunkt takes the square of its length."""
    return f"{word[0][:9]}{'-' * (len(word[0]) - 18)}{word[0][-9:]}"


def on_one_line(text: str) -> str:
    """The text with a space for every character that breaks a line: every offset stays."""
    return text.translate(_SPACE_FOR_BREAK)


def token_spans(text: str) -> list[tuple[int, int]]:
    """Start and end of each token: a run of two or more letters or digits, scikit-learn's default.

    Hyphens and apostrophes part tokens ("long-term" is two), so that counts can be checked anywhere.

    >>> token_spans("Long-term aims")
    [(0, 4), (5, 9), (10, 14)]
    """
    return [match.span() for match in _TOKEN.finditer(text)]


def why_not_english(text: str) -> str:
    """Why a text cannot be scored as English ("12% of its letters are Latin"), or "" where it can.

    Looks at the first thousand words (in 8,000 characters). Four of five letters must be Latin; of forty
    words and more, 6% must be common English ones. In the English texts here at least 24% are, in 1,136 news
    sentences of that length at least 6%, in German, French, Spanish and Dutch at most 3%. Of fewer words, and
    of tables, with a number for every three words, the letters alone decide.

    >>> why_not_english("Саммит ШОС прошёл в Астане.")
    '0% of its letters are Latin'
    >>> why_not_english("The summit was held in Astana.")
    ''
    """
    words, latin, common = english_shares(text)
    if latin < 0.8:
        return f"{latin:.0%} of its letters are Latin"
    if words >= 40 and common < 0.06 and len(_NUMBER.findall(text[:8_000])) < words / 3:
        return f"{common:.0%} of its words are common English ones"
    return ""


def english_shares(text: str) -> tuple[int, float, float]:
    """Of the first thousand words: how many, and the shares of Latin letters and of common English words.

    >>> english_shares("It was held there.")
    (4, 1.0, 0.5)
    """
    words = _FIRST_WORD.findall(text[:8_000].lower())[:1000]
    letters = "".join(words)
    latin = len(_LATIN.findall(letters)) / len(letters) if words else 1.0
    common = sum(word in _FUNCTION_WORDS for word in words)
    return len(words), latin, common / max(len(words), 1)
