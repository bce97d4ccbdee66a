"""Bytes of a file of one's own to text: as UTF-8 where it is that, else as stated; never guessed."""

import re

from ..errors import SCONotesError, shown
from .text import decode

# Those in which texts still come, for the reader to choose from by eye.
CANDIDATES = "cp1252 cp1250 cp1251 koi8-r cp1254 mac-roman gb18030 utf-16-le utf-16-be".split()
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_AROUND = 30  # characters of a sample on each side


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
    for codec in CANDIDATES:
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        if _CONTROL.search(text) or wide != codec.startswith("utf-16"):
            continue
        line = max(text.splitlines(), key=lambda line: len(set(filter(lambda c: c > "~", line))))
        place = next((i for i, character in enumerate(line) if character > "~"), 0)
        sample = shown(line[max(place - _AROUND, 0) : place + _AROUND])
        if sample not in samples.values():
            samples[codec] = sample
    return samples
