"""Where texts come from: files and addresses → one tidy frame, a row a document.

`documents` (a corpus folder or a file → documents, validated), `sources` (files as people have them, with
`formats` in a child process with limits, and `address`), `own` (the folder of one's own corpus), `download`
(texts that may not be passed on, by hash), `text` (bytes → normalised text, sentences, tokens), `frames` (a
frame made by hand → the form the library works on), `edtf` (the bounds of a date).

The face imports no pandas: the child process and `sco-notes --help` come past here.
"""

from .edtf import decimal_year, edtf_bounds, edtf_days
from .text import normalise, sentence_spans, token_spans

__all__ = ["decimal_year", "edtf_bounds", "edtf_days", "normalise", "sentence_spans", "token_spans"]
