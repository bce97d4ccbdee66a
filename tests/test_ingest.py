"""What a file of any kind becomes: its text and what it states, or one line that says why not."""

import gzip
import io
import json
import os
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from making import DOCUMENT, RELS, docx, epub, odt, paragraph, pdf, properties, scan, xlsx, zipped

import sco_notes as sn
from sco_notes import processes
from sco_notes.cli.preview import overview
from sco_notes.corpus import address
from sco_notes.corpus.formats import isolation
from sco_notes.corpus.sources import KINDS, read_sources, safe_id
from sco_notes.errors import SCONotesError
from sco_notes.files import data_folder

S = "The council met in Astana on 4 July 2024 and praised trade."
RULES = [f"The council of ministers agreed on rule number {i} about trade and water." for i in range(30)]
ARTICLE = "".join(f"<p>{rule}</p>" for rule in RULES)


NEEDS = {"pdf": "pypdf", "html": "trafilatura", "rtf": "striprtf", "xlsx": "python_calamine"}  # [ingest]


def read_source(place, **how):
    """The documents of one place, of which nothing is left out."""
    documents, faults = read_sources([place], **how)
    if faults:
        raise SCONotesError("; ".join(faults))
    return documents


def page(body, head="<title>T</title>"):
    return f"<html><head>{head}</head><body>{body}</body></html>".encode()


def parquet(**columns):
    buffer = io.BytesIO()
    pd.DataFrame(columns).to_parquet(buffer)
    return buffer.getvalue()


def read(folder, name, content):
    """Read a file with this content, where the package for its kind is installed."""
    if package := NEEDS.get(name.rpartition(".")[2]):
        pytest.importorskip(package)
    (folder / name).write_bytes(content)
    return read_source(folder / name)


# Each: name, content, the text expected (its beginning), what is lost (a part of it, or "" for nothing).
FINE = [
    ("a.txt", S.encode(), S, ""),
    ("bom.txt", b"\xef\xbb\xbf" + S.encode(), S, ""),
    ("utf16.txt", S.encode("utf-16"), S, ""),
    ("utf32.txt", S.encode("utf-32"), S, ""),
    ("crlf.txt", b"One.\r\nTwo.\rThree.", "One.\n\nTwo.\n\nThree.", ""),
    ("rtl.txt", f"\u202e{S}".encode(), S, ""),
    ("dots.txt", b"so" + b"." * 200_000, "so...", ""),
    ("a.md", f"# On trade\n\n{S}\n".encode(), f"On trade\n\n{S}", ""),
    (
        "marks.md",
        b"The *council* [met](http://x.y)\nin **Astana**. A &amp; B.",
        "The council met in Astana. A & B.",
        "1 link kept without address",
    ),
    (
        "script.md",
        f"[x](javascript:alert) {S}\n\n<script>alert()</script>".encode(),
        f"x {S}",
        "1 script left out",
    ),
    ("code.md", f"{S}\n\n```\nx = 1\n```\n".encode(), S, "1 code block left out"),
    ("table.md", b"|a|b|\n|-|-|\n|One.|Two.|\n", "a b\n\nOne.\n\nTwo.", "1 table flattened, its cells"),
    ("unclosed.md", f"---\ntitle: x\n\n{S}".encode(), f"title: x\n\n{S}", ""),
    ("brackets.md", b"[" * 100_000 + S.encode(), "[[[", ""),
    ("quotes.md", b">" * 10_000 + S.encode(), ">>>", ""),
    ("lists.md", "".join("  " * i + "- x\n" for i in range(500)).encode(), "x x", ""),
    ("crlf.md", f"# T\r\n\r\n{S}".encode(), f"T\n\n{S}", ""),
    ("a.csv", f"doc_id,text,note\n007,{S},NA\n".encode(), S, ""),
    ("bom.csv", f"\ufeffdoc_id,text\na,{S}\n".encode(), S, ""),
    ("a.parquet", parquet(doc_id=["a"], text=[S]), S, ""),
    ("stamps.parquet", parquet(doc_id=["a"], text=[S], date=[pd.Timestamp("2024-07-03")]), S, ""),
    ("numbers.parquet", parquet(doc_id=[7], text=[S]), S, ""),
    (
        "table.docx",
        docx(f"<w:tbl><w:tr><w:tc>{paragraph('One.')}</w:tc><w:tc>{paragraph('Two.')}</w:tc></w:tr></w:tbl>"),
        "One.\n\nTwo.",
        "1 table flattened",
    ),
    (
        "tracked.docx",
        docx(
            "<w:p><w:r><w:t>Kept </w:t></w:r><w:ins><w:r><w:t>new</w:t></w:r></w:ins><w:del><w:r>"
            "<w:delText>old</w:delText></w:r></w:del><w:moveFrom><w:r><w:t>moved</w:t></w:r></w:moveFrom></w:p>"
        ),
        "Kept new",
        "2 tracked changes taken as accepted",
    ),
    (
        "box.docx",
        docx(
            "<w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent>"
            + paragraph("In a box.")
            + "</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent>"
            + paragraph("In a box.")
            + "</w:txbxContent></mc:Fallback></mc:AlternateContent><w:t>After.</w:t></w:r></w:p>"
        ),
        "In a box.\n\nAfter.",
        "",
    ),
    (
        "notes.docx",
        docx("<w:p><w:r><w:t>Text.</w:t><w:footnoteReference/></w:r></w:p>", {"word/header1.xml": "<x/>"}),
        "Text.",
        "1 footnote left out; headers and footers left out",
    ),
    (
        "control.docx",
        docx(f"<w:sdt><w:sdtContent>{paragraph('In a control.')}</w:sdtContent></w:sdt>"),
        "In a control.",
        "",
    ),
    (
        "strict.docx",
        docx(
            raw=(DOCUMENT % paragraph(S)).replace(
                "schemas.openxmlformats.org/wordprocessingml/2006", "purl.oclc.org/ooxml/wordprocessingml"
            )
        ),
        S,
        "",
    ),
    (
        "utf16.docx",
        docx(raw=('<?xml version="1.0" encoding="utf-16"?>' + DOCUMENT % paragraph(S)).encode("utf-16")),
        S,
        "",
    ),
    ("deep.docx", docx("<w:sdt>" * 50_000 + paragraph(S) + "</w:sdt>" * 50_000), S, ""),
    (
        "entity.docx",
        docx(raw='<!DOCTYPE x [<!ENTITY e "Said.">]>' + DOCUMENT % paragraph("&e;")),
        "Said.",
        "",
    ),
    ("outside.docx", docx(paragraph(S), {"../../outside.txt": "x"}), S, ""),
    ("some.pdf", pdf([[S], [], ["It met again."]]), f"{S}\n\nIt met again.", "no text on page 2 of 3"),
    (
        "heads.pdf",
        pdf([["A/79/PV.1", S, f"No. {i}"] for i in range(4)]),
        "A/79",
        "“A/79/PV.1” stands on 4 pages",
    ),
    ("count.pdf", pdf([[S]], count=10**9), S, ""),
    ("xref.pdf", pdf([[S]]).replace(b"startxref\n", b"startxref\n99999"), S, ""),
    ("length.pdf", pdf([[S]]).replace(b"/Length ", b"/Length -"), S, ""),
    ("nested.pdf", pdf([[S]], extra=["[" * 50_000 + "]" * 50_000], trailer="/X 6 0 R"), S, ""),
    ("article.html", page(ARTICLE), RULES[0], ""),
    ("short.html", page("<p>Short text.</p>"), "Short text.", ""),
    (
        "menu.html",
        page(f"<nav>{'<a href=x>Somewhere else</a> ' * 30}</nav><article>{ARTICLE}</article>"),
        RULES[0],
        "of the characters of the page left out",
    ),
    (
        "repeats.html",
        page(f"<article>{f'<p>{RULES[0]}</p>' * 5}<p>{RULES[1]}</p></article>"),
        RULES[0],
        "of the characters of the page left out (menus, repeated paragraphs: compare)",
    ),
    ("utf16.html", page(ARTICLE).decode().encode("utf-16"), RULES[0], ""),
    (
        "latin.html",
        page(f"<p>caf\xe9 {S}</p>", '<meta charset="iso-8859-1">').decode().encode("cp1252"),
        f"café {S}",
        "",
    ),
    ("meta16.html", page(ARTICLE, "<meta charset=utf-16>"), RULES[0], ""),
    ("prologue.html", b'<?xml version="1.0" encoding="utf-8"?>\n' + page(ARTICLE), RULES[0], ""),
    ("items.html", page("".join(f"<li><p>{rule}" for rule in RULES * 10)), RULES[0], ""),
    (
        "embedded.html",
        page(ARTICLE + f'<img src="data:image/png;base64,{"A" * 500_000}">'),
        RULES[0],
        "1 picture ignored",
    ),
    ("odd.html", page(f"<p>&#0;&#xD800;&#x110000;{S * 3}</p>"), "\ufffd\ufffd\ufffd", ""),
]

FINE += [
    ("a.tsv", f"doc_id\ttext\na\t{S}\n".encode(), S, ""),
    ("semicolons.csv", f"\ufeffdoc_id;text;note\r\na;{S};1,5\r\n".encode(), S, ""),
    ("sep.csv", f"sep=;\ndoc_id;text;;\na;{S};;\n".encode(), S, ""),
    ("capitals.csv", f"Text,Title\n{S},T\n".encode(), S, ""),
    ("a.xlsx", xlsx([["doc_id", "text"], [7, S]]), S, ""),
    ("a.json", f'[{{"doc_id": 7, "text": "{S}"}}]'.encode(), S, ""),
    ("inside.json", f'{{"n": 1, "items": [{{"text": "{S}"}}]}}'.encode(), S, ""),
    ("one.json", f'{{"text": "{S}", "tags": ["x"]}}'.encode(), S, ""),
    ("a.jsonl", f'{{"text": "{S}"}}\n\n'.encode(), S, ""),
    ("a.odt",
     odt("<text:h>On trade</text:h><text:p>The <text:span>council</text:span><text:s/>met.</text:p>"),
     "On trade\n\nThe council met.", ""),
    ("lost.odt", odt(
        "<text:tracked-changes><text:changed-region><text:p>old</text:p></text:changed-region></text:tracked-changes>"
        f"<text:p>{S}<text:note><text:p>a note</text:p></text:note></text:p><draw:image/>"),
     S, "1 picture ignored; 1 footnote left out; 1 tracked change taken as accepted"),
    ("a.epub", epub([f"<h1>One</h1><p>{S}</p>", "<p>Two.</p>"]), f"One\n\n{S}\n\nTwo.", ""),
    ("a.rtf", rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}\f0 Caf\'e9 \b met\b0 .\par Next \u1057?.}",
     "Café met.\n\nNext С.", ""),
    ("picture.rtf", rb"{\rtf1 Text.{\pict\pngblip 89504e47}}", "Text.", "1 picture ignored"),
    ("a.zip", zipped({"../../a.txt": S, "__MACOSX/._a.txt": "x"}), S, ""),
]  # fmt: skip

LAUGHS = "".join(f'<!ENTITY l{i + 1} "{f"&l{i};" * 10}">' for i in range(9))  # 10 to the 9th, unfolded
LAUGHS = f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>' + DOCUMENT % paragraph("&l9;")
BIG = b"<w:p><w:r><w:t>" + b"a" * 1000 + b"</w:t></w:r></w:p>"
ENTITY = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
ENCRYPTED = f"<< /Filter /Standard /V 1 /R 2 /O ({'1' * 32}) /U ({'2' * 32}) /P -4 >>"
FORM = (
    "<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 6 0 R >> >> /Length 5 >>\n"
    "stream\n/X Do\nendstream"
)
LOCKED = bytearray(docx(paragraph(S)))
for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
    LOCKED[LOCKED.index(sign) + offset] |= 1

# Each: name, content, a part of the error.
BAD = [
    ("empty.txt", b"", "an empty file"),
    ("spaces.txt", b" \n\t", "no text in this file"),
    ("old.txt", b"caf\xe9", "byte 3: not valid UTF-8"),
    ("cut.txt", "Саммит".encode()[:-1], "byte 10: not valid UTF-8"),
    ("nul.txt", b"a\0b", "a NUL character"),
    ("utf16le.txt", S.encode("utf-16-le"), "--encoding utf-16-le"),
    ("binary.txt", bytes(range(256)), "this looks like a binary file"),
    ("half.txt", b"a\xed\xa0\x80", "byte 1: not valid UTF-8"),
    ("pdf.txt", pdf([[S]]), "not text, whatever its name says"),
    ("word.txt", docx(paragraph(S)), "not text, whatever its name says"),
    ("rtf.txt", b"{\\rtf1 x}", "not text, whatever its name says"),
    ("large.txt", b"a" * 50_000_001, "at most 50 MB can be read; split it"),
    ("empty.md", b"", "an empty file"),
    ("rules.md", b"---\n\n***\n", "no text in it (only marks)"),
    ("picture.md", b"![alt](x.png)", "no text in it (1 picture left out)"),
    ("code.md", b"```\nx\n```", "no text in it (1 code block left out)"),
    ("old.md", b"caf\xe9", "byte 3: not valid UTF-8"),
    ("nul.md", b"\0\1" * 100, "a NUL character"),
    ("names.csv", b"id,body\n1,x\n", "no column 'text' (it has id, body); say which one holds the texts"),
    ("twice.csv", b"doc_id,text\na,x y\na,z w\n", "rows 1 and 2: doc_id 'a' is repeated"),
    ("blank.csv", b"doc_id,text\na,\n", "row 1 (a): no text"),
    ("ragged.csv", b"doc_id,text\na,b,c\n", "2 cells a row are expected, line 2 has 3"),
    ("separators.csv", b"doc_id,a;text\nx,y;z\n", "could be parted by , and ;; save it with one"),
    ("quote.csv", b'doc_id,text\na,"open\n', "is a quotation mark not closed?"),
    ("header.csv", b"doc_id,text\n", "no documents, only a header"),
    ("columns.csv", b"doc_id,text,text\na,b,c\n", "column 'text' is repeated"),
    ("month.csv", b"doc_id,text,date\na,b c,2024-13-40\n", "row 1: date '2024-13-40': there is no month 13"),
    (
        "order.csv",
        b"doc_id,text,date\na,b c,03/07/2024\n",
        "ambiguous, 2024-07-03 (day-first) or 2024-03-07 (month-first)?",
    ),
    ("control.csv", b"doc_id,text\na\x1bb,b c\n", "row 1: doc_id has a control character"),
    ("nul.csv", b"doc_id,text\na,b\0c\n", "a NUL character"),
    ("parquet.csv", parquet(doc_id=["a"], text=[S]), "not text, whatever its name says"),
    (
        "wide.csv",
        (",".join(["doc_id", "text", *map(str, range(200))]) + "\n" + "a," * 201 + "a\n").encode(),
        "columns, at most 100 are kept",
    ),
    ("text.parquet", b"doc_id,text\na,b\n", "not a readable parquet file"),
    ("cut.parquet", parquet(doc_id=["a"], text=[S])[:-20], "not a readable parquet file"),
    (
        "footer.parquet",
        parquet(doc_id=["a"], text=[S])[:-8] + b"\xff\xff\xff\x7fPAR1",
        "not a readable parquet file",
    ),
    (
        "middle.parquet",
        b"PAR1" + b"\xff" * 60 + parquet(doc_id=["a"], text=[S])[64:],
        "not a readable parquet file",
    ),
    ("names.parquet", parquet(id=["a"]), "no column 'text' (it has id)"),
    ("missing.parquet", parquet(doc_id=["a", None], text=["x y", "z w"]), "row 2: doc_id is missing"),
    (
        "list.parquet",
        parquet(doc_id=["a"], text=[["x"]]),
        "column 'text' holds list<element: string>, not text",
    ),
    ("bytes.parquet", parquet(doc_id=["a"], text=[b"x"]), "column 'text' holds binary, not text"),
    ("ids.parquet", parquet(doc_id=[b"a"], text=[S]), "column 'doc_id' holds binary, not text; convert it"),
    (
        "dict.parquet",
        parquet(doc_id=["a"], text=[{"x": "y"}]),
        "column 'text' holds struct<x: string>, not text",
    ),
    ("rows.parquet", parquet(doc_id=[], text=[]), "no documents, only a header"),
    ("soon.parquet", parquet(doc_id=["a"], text=["x y"], date=["soon"]), "row 1: date 'soon'"),
    ("nothing.docx", docx(), "no text in it; is it the right file?"),
    ("picture.docx", docx("<w:p><w:r><w:drawing><a:blip/></w:drawing></w:r></w:p>"), "only 1 picture"),
    ("text.docx", b"hello", "not a .docx file (no zip)"),
    (
        "old.docx",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 500,
        "an old .doc file, or locked with a password",
    ),
    ("zip.docx", zipped({"a.txt": "x"}), "a zip without a Word document in it"),
    ("cut.docx", docx(paragraph(S) * 500)[:400], "not a .docx file"),
    ("open.docx", docx("<w:p>"), "not a readable docx file (ParseError"),
    ("laughs.docx", docx(raw=LAUGHS), "not a readable docx file (ParseError"),
    (
        "ebcdic.docx",
        docx(
            raw=(
                "<?xml version='1.0' encoding='cp037'?><!DOCTYPE x [<!ENTITY e 'x'>]>" + DOCUMENT % ""
            ).encode("cp037")
        ),
        "not a readable docx file (ParseError",
    ),
    ("unfolds.docx", docx((BIG * 50_000).decode()), "it unfolds from 0.1 to 52 MB"),
    ("ratio.docx", docx((BIG * 15_000).decode()), "it unfolds from 0.0 to 15 MB"),
    ("parts.docx", docx(paragraph(S), {f"{i}.bin": "" for i in range(10_001)}), "parts, at most 10,000"),
    ("locked.docx", bytes(LOCKED), "locked with a password"),
    ("rels.docx", zipped({"_rels/.rels": RELS}), "a zip without a Word document in it"),
    ("scan.pdf", scan(), "no text on its 1 page, but 1 picture: probably a scan; run text recognition"),
    ("blank.pdf", pdf([[], []]), "no text on its 2 pages; run text recognition"),
    ("text.pdf", b"hello", "not a PDF, whatever its name says"),
    ("cut.pdf", pdf([[S] * 30])[:300], "not a readable pdf file"),
    ("head.pdf", b"%PDF-1.7\n", "not a readable pdf file"),
    ("noise.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 400, "not a readable pdf file"),
    ("loop.pdf", pdf([[S]], kids="2 0 R"), "cyclic page references"),
    ("loop2.pdf", pdf([[S]], kids="4 0 R 2 0 R", count=2), "cyclic page references"),
    ("pages.pdf", pdf([], kids=" "), "no text on its 0 pages"),
    ("form.pdf", pdf([b"/X Do"], resources="/XObject << /X 6 0 R >>", extra=[FORM]), "no text on its 1 page"),
    ("brackets.pdf", pdf([b"BT " + b"[" * 100_000 + b"ET"]), "no text on its 1 page"),
    (
        "locked.pdf",
        pdf([[S]], trailer="/Encrypt 6 0 R /ID [<00><00>]", extra=[ENCRYPTED]),
        "locked with a password",
    ),
    (
        "bomb.pdf",
        pdf([b"BT /F 11 Tf (x) Tj ET" + b" " * 300_000_000]),
        "page 1 cannot be read (LimitReachedError)",
    ),
    ("empty.html", b"", "an empty file"),
    ("nothing.html", b"<html></html>", "hardly any text in it (0 characters)"),
    (
        "script.html",
        page(f"<div id=app></div><script>show('{S * 20}')</script>"),
        "perhaps a script of the page",
    ),
    ("frames.html", b"<html><frameset><frame src=x></frameset></html>", "hardly any text in it"),
    (
        "nested.html",
        page("<div>" * 300 + ARTICLE + "</div>" * 300),
        "no main text found among its",
    ),
    ("deep.html", page("<div>" * 100_000 + ARTICLE), "no main text found among its"),
    ("bold.html", page("<p>" + "<b>" * 5_000 + S), "hardly any text in it"),
    ("signs.html", b"<" * 100_000, "no main text found among its 100,000 characters"),
    ("large.html", page("<p>some words here and there.</p>" * 200_000), "at most 5 MB can be read"),
    ("noise.html", bytes(range(256)) * 40, "byte 128: not valid UTF-8"),
    ("encoding.html", page(f"caf\xe9 {S}").decode().encode("latin-1"), "not valid UTF-8 (found 0xe9)"),
    ("unknown.html", page(ARTICLE, "<meta charset=klingon>"), "unknown encoding 'klingon'"),
    (
        "entities.html",
        b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + page(f"<p>&a; {S}</p>"),
        "it defines entities of its own",
    ),
]


BAD += [
    ("a.xlsx", b"hello", "not a .xlsx file (no zip)"),
    ("old.xlsx", b"\xd0\xcf\x11\xe0" + b"0" * 500, "an old .xls file, or locked with a password"),
    ("empty.xlsx", xlsx([]), "the sheet is empty; a header with text is expected"),
    ("header.xlsx", xlsx([["doc_id", "text"]]), "no documents, only a header"),
    ("heading.xlsx", xlsx([["Redetext"], [S]]), "say which one holds the texts: --columns 'text=Redetext'"),
    ("zip.xlsx", zipped({"a.txt": "x"}), "not a readable xlsx file"),
    ("cut.json", b'[{"text": ', "not JSON"),
    ("words.json", b'["a", "b"]', "a list of objects is expected"),
    ("deep.json", b"[" * 100_000, "nested too deeply"),
    ("nothing.json", b"[]", "no documents, only a header"),
    ("bad.jsonl", b"{'text': 1}\n", "line 1: not JSON"),
    ("list.jsonl", b"[1]\n", "line 1: an object is expected"),
    ("a.odt", zipped({"a.txt": "x"}), "a zip without an OpenDocument text in it"),
    ("empty.odt", odt("<text:p/>"), "no text in it; is it the right file?"),
    ("locked.odt", odt("<text:p/>", {"META-INF/manifest.xml": "<m:encryption-data/>"}), "locked with"),
    ("entity.odt", zipped({"content.xml": ENTITY + "<a xmlns:text='t'><text:p>&e;</text:p></a>"}),
     "not a readable odt file"),
    ("laughs.odt", zipped({"content.xml": LAUGHS}), "not a readable odt file (ParseError"),
    ("a.epub", zipped({"a.txt": "x"}), "a zip without an e-book in it"),
    ("lost.epub", zipped({"META-INF/container.xml": "<a/>"}), "an e-book without its list of chapters"),
    ("pictures.epub", epub(["<img src='x'/>"]), "no text in it; is it an e-book of pictures?"),
    ("locked.epub", epub(["<p>x</p>"], parts={"META-INF/encryption.xml": '<a URI="OPS/text/0 c.xhtml"/>'}),
     "protected against copying (DRM)"),
    ("a.rtf", b"hello", "not rich text, whatever its name says"),
    ("empty.rtf", rb"{\rtf1 }", "no text in it"),
    ("text.zip", b"hello", "not a .zip file (no zip), or cut off; pack it again"),
    ("empty.zip", zipped({}), "no file in it that can be read"),
    ("pictures.zip", zipped({"a.png": "x"}), "no file in it that can be read"),
    ("bomb.zip", zipped({"a.txt": "a" * 60_000_000}), "it unfolds from 0.1 to 60 MB"),
    ("inner.zip", zipped({"b.zip": zipped({"a.txt": S})}), "b.zip: a zip inside a zip; unpack it first"),
    ("candidates.txt",
     "Die Straße führt nach Kïew.".encode("cp1252"), "--encoding cp1252 reads “Die Straße führt"),
    ("wide.txt", S.encode("utf-16-le"), "--encoding utf-16-le reads “The council"),
    ("columns.csv", (",".join(map(str, range(100_000))) + "\n" + "," * 99_999).encode(),
     "100,000 columns, at most"),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("name", "content", "text", "loss"), FINE, ids=[case[0] for case in FINE])
def test_a_file_becomes_its_text_and_its_losses_are_said(tmp_path, name, content, text, loss):
    (document,) = read(tmp_path, name, content).to_dict("records")
    assert document["text"].startswith(text)
    assert loss in document["losses"] if loss else document["losses"] == ""
    assert document["file"] == ("a.txt" if name == "a.zip" else name) and document["source"] == ""


@pytest.mark.slow
@pytest.mark.parametrize(("name", "content", "message"), BAD, ids=[case[0] for case in BAD])
def test_a_file_without_a_text_gets_one_line_with_name_and_reason(tmp_path, name, content, message):
    with pytest.raises(SCONotesError) as error:
        read(tmp_path, name, content)
    assert str(error.value).startswith(str(tmp_path / name)) and message in str(error.value)
    assert len(str(error.value).splitlines()) == 1
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_a_bad_row_of_a_table_is_named_and_the_others_are_read(tmp_path):
    import pyarrow as pa
    from pyarrow import parquet as files

    (tmp_path / "a.json").write_text(f'[{{"text": "{S}"}}, 5, {{"text": "half \\ud800 a pair"}}, null]')
    titles = f'{{"text": "{S}", "title": "\\ud83d"}}\n{{"text": "{S} Again.", "\\udc00": "x"}}\n'
    (tmp_path / "b.jsonl").write_text(titles)
    days = pa.array([10**15, 2**62, 10**15], pa.timestamp("us"))  # the second is in year 148,000
    table = pa.table({"doc_id": ["a", "b", "c"], "text": [S, S, None], "date": days})
    files.write_table(table, tmp_path / "c.parquet")
    documents, faults = read_sources([str(tmp_path)])
    assert sorted(documents["text"]) == [S, S, f"{S} Again."]
    assert sorted(documents["file"]) == ["a.json", "b.jsonl", "c.parquet"]
    assert [fault.removeprefix(f"{tmp_path}/") for fault in faults] == [
        'a.json, entry 2: an object is expected, such as {"text": "..."}',
        'a.json, entry 4: an object is expected, such as {"text": "..."}',
        "a.json, row 3: characters that are not text (NUL or half a pair)",
        "b.jsonl, row 1: characters that are not text (NUL or half a pair)",
        "c.parquet, row 2: a value cannot be read (date value out of range); correct it",
        "c.parquet, row 3 (c): no text; fill the cell or remove the row",
    ]


def test_a_text_that_stands_a_million_times_in_a_small_parquet_file_is_refused(tmp_path):
    import pyarrow as pa
    from pyarrow import parquet as files

    texts = pa.DictionaryArray.from_arrays(pa.array([0] * 100_000, pa.int32()), pa.array(["word " * 20_000]))
    table = pa.table({"doc_id": pa.array([str(i) for i in range(100_000)]), "text": texts})
    files.write_table(table, tmp_path / "bomb.parquet", compression="zstd")
    assert (tmp_path / "bomb.parquet").stat().st_size < 1_000_000
    with pytest.raises(SCONotesError, match="over 50 MB of text in it; split it"):
        read_source(tmp_path / "bomb.parquet")


def test_what_takes_too_long_or_too_much_memory_is_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(isolation, "SECONDS", 1)
    with pytest.raises(SCONotesError, match=r"many.html: not done after 1 seconds; split it"):
        read(
            tmp_path, "many.html", page("".join(f"<p>words {i} here and there.</p>" for i in range(100_000)))
        )
    monkeypatch.setattr(isolation, "SECONDS", 20)
    monkeypatch.setattr(isolation, "MEMORY", 60_000_000)
    with pytest.raises(SCONotesError, match=r"large.docx: .*memory"):
        body = "".join(paragraph(f"{i:x}" * 20) for i in range(150_000))
        read(tmp_path, "large.docx", docx(body))


@pytest.mark.parametrize(
    ("name", "content", "about"),
    [
        (
            "a.md",
            b"---\ntitle: 'On: trade'\ndate: 2024-07\nAuthor: N. N.\nsource: The Paper\n---\n# Other\nText.",
            ["On: trade", "2024-07", "N. N.", "The Paper", ""],
        ),
        (
            "date.md",
            f"---\ndate: 03/07/2024\n---\n{S}".encode(),
            ["", "", "", "", "the date it states, '03/07/2024', cannot be read in one way: not taken"],
        ),
        (
            "a.docx",
            docx(paragraph(S), {"docProps/core.xml": properties("On trade", "N. N.")}),
            ["On trade", "", "N. N.", "", ""],
        ),
        (
            "a.pdf",
            pdf([[S]], info="/Title (On trade) /Author (N. N.) /CreationDate (D:20240703)"),
            ["On trade", "", "N. N.", "", ""],
        ),
        (
            "meta.html",
            page(
                ARTICLE,
                '<title>x</title><meta property="og:title" content="On trade">'
                '<meta name=author content="N. N.">'
                '<meta property="article:published_time" content="2024-07-03T23:30:00+05:00">'
                '<link rel=canonical href="https://x.example/y">',
            ),
            ["On trade", "2024-07-03", "N. N.", "https://x.example/y", ""],
        ),
        (
            "ld.html",
            page(
                ARTICLE,
                '<title>On trade</title><script type="application/ld+json">{'
                '"datePublished": "2024-07-03", '
                '"author": [{"name": "A. B."}, {"name": "C. D."}]}</script>',
            ),
            ["On trade", "2024-07-03", "A. B.; C. D.", "", ""],
        ),
        (
            "two.html",
            page(ARTICLE, "<meta name=date content=2024-07-03><meta name=pubdate content=2024-07-05>"),
            ["", "", "", "", "dates stated differ (2024-07-03, 2024-07-05): none taken"],
        ),
        (
            "agree.html",
            page(ARTICLE, "<meta name=date content=2024-07-03><meta name=citation_date content=2024/07>"),
            ["", "2024-07-03", "", "", ""],
        ),
        (
            "month.html",
            page(ARTICLE, "<meta name=date content=2024-13-40>"),
            ["", "", "", "", "the date it states, '2024-13-40', cannot be read in one way: not taken"],
        ),
        (
            "body.html",
            page(ARTICLE + "<footer>Copyright 1999. Updated 1 May 2001.</footer>", ""),
            ["", "", "", "", None],
        ),
        (
            "script.html",
            page(ARTICLE, "<title>&lt;script>alert(1)&lt;/script></title>"),
            ["<script>alert(1)", "", "", "", ""],
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.slow
def test_what_a_file_states_is_taken_and_nothing_is_guessed(tmp_path, name, content, about):
    (document,) = read(tmp_path, name, content).to_dict("records")
    found = [document[key] for key in ("title", "date", "author", "source", "losses")]
    # A title ends at its own end tag, and in some versions of Python before it.
    assert found[1:4] == about[1:4] and found[0].removesuffix("</script>") == about[0]
    assert about[4] is None or found[4] == about[4]


def test_ids_and_columns_of_a_table_are_kept(tmp_path):
    table = read(tmp_path, "a.csv", f"doc_id,text,note,file\n007,{S},NA,scan 3\n".encode())
    assert table.loc["007", ["doc_id", "note", "file"]].tolist() == ["007", "NA", "scan 3"]


def test_what_is_no_file_of_a_known_kind(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    (tmp_path / "a.xyz").write_text(S)
    (tmp_path / "empty").mkdir()
    for name, message in (
        ("pipe.txt", "not a regular file"),
        ("loop.txt", "no such file"),
        ("none.txt", "no such file"),
        ("x" * 300 + ".txt", "cannot be read .File name too long."),
        ("http://" + "a" * 300 + ".example/", "could not be downloaded"),
        ("a.xyz", "cannot read this kind of file; save it as one of .txt"),
        ("ftp://x.example/a.txt", "not an http or https address"),
        ("file:///etc/passwd", "not an http or https address"),
    ):
        with pytest.raises(SCONotesError, match=message):
            read_source(name if "://" in name else tmp_path / name)
    for folder, message in (("empty", "no file in it that can be read"), ("/", "all files of this")):
        with pytest.raises(SCONotesError, match=message):
            read_source(tmp_path / folder)


def test_a_folder_stands_for_its_files_and_those_in_its_folders(tmp_path):
    for name in (
        "b.txt",
        "sub/b.md",
        "sub/b.txt",
        ".hidden.txt",
        "sub/~$b.docx",
        ".git/c.txt",
        "old.doc",
        "x",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(S)
    (tmp_path / "t.csv").write_text("doc_id,text\nb,Trade grew.\nc,\n")
    (tmp_path / "empty.txt").touch()
    (tmp_path / "sub" / "up").symlink_to(tmp_path)
    (tmp_path / "sub" / "out.txt").symlink_to("/etc/hostname")
    (tmp_path / "z.zip").write_bytes(zipped({"b.txt": "Zipped.", "../../c.txt": "Up.", "d.png": "x"}))
    said = []
    documents, faults = read_sources([str(tmp_path)], progress=said.append)
    assert documents["doc_id"].tolist() == ["b", "b-2", "sub/b", "sub/b-2", "z/b", "z/c"]
    assert [fault.partition(": ")[2][:22].strip() for fault in faults] == [
        "a link that leads out;", "an empty file; remove", "no text; fill the cell",
    ]  # fmt: skip
    others = f"{tmp_path}: 2 files of other kinds passed over (.doc, none)"
    assert said[0] == f"{others}; save those with text as .docx or .pdf"
    assert said[1].startswith(f"{tmp_path}/z.zip: 1 file of another kind passed over (.png)")


def test_a_file_name_that_is_no_text_becomes_an_id_that_is(tmp_path):
    (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_text(S)
    (tmp_path / ("x" * 251 + ".txt")).write_text(S)
    ids = read_source(tmp_path)["doc_id"].tolist()
    assert ids[0] == "caf" and len(ids[1]) == 200


def test_headings_and_dates_of_a_table_in_another_language_are_read_as_stated(tmp_path):
    rows = ["Redetext;Datum;Titel", f"{S};15/08/2021;A", f"{S};4 July 2024;B", f"{S};04/07/2024;C", f"{S};;D"]
    (tmp_path / "reden.csv").write_text("\n".join(rows))
    columns = {"text": "Redetext", "date": "Datum", "title": "Titel"}
    documents, faults = read_sources([tmp_path / "reden.csv"], columns=columns)
    assert documents[["doc_id", "title", "date"]].values.tolist() == [
        ["reden-1", "A", "2021-08-15"], ["reden-2", "B", "2024-07-04"], ["reden-4", "D", ""],
    ]  # fmt: skip
    assert len(faults) == 1 and "row 3: date '04/07/2024': ambiguous" in faults[0]
    for order, date in (("day-first", "2024-07-04"), ("month-first", "2024-04-07")):
        assert read_source(tmp_path / "reden.csv", columns=columns, dates=[order])["date"].tolist()[2] == date
    with pytest.raises(SCONotesError, match=r"no column 'Redetxt' \(it has .*is 'Redetext' meant\?"):
        read_source(tmp_path / "reden.csv", columns={"text": "Redetxt"})


def test_a_workbook_gives_dates_numbers_and_a_note_on_its_other_sheets(tmp_path):
    sheet = [
        ["doc_id", "text", "date", "n"],
        [7, S, ("date", 45477), 2.5],
        ["", "", "", ""],
        [8, "Trade.", 2001, 3],
    ]
    (tmp_path / "a.xlsx").write_bytes(xlsx([["about"], ["me"]], sheet[:3], [["x"]], [sheet[0], sheet[3]]))
    said = []
    documents = read_source(tmp_path / "a.xlsx", progress=said.append)
    assert documents[["doc_id", "date", "n"]].values.tolist() == [
        ["7", "2024-07-04", "2.5"],
        ["8", "2001", "3"],
    ]
    assert said == [
        f"{tmp_path}/a.xlsx: read of its sheets: Sheet2, Sheet4; "
        "left out, since they have other headers: Sheet1, Sheet3"
    ]
    (tmp_path / "b.xlsx").write_bytes(xlsx([["about"], ["me"]], [["words"], [S]]))
    with pytest.raises(SCONotesError, match=r"no column 'text' \(it has about\)"):
        read_source(tmp_path / "b.xlsx", progress=said.append)
    assert said[1].endswith(
        "b.xlsx: read of its sheets: Sheet1; left out, since they have other headers: Sheet2"
    )


def test_headings_are_those_of_the_tables_that_have_them(tmp_path):
    (tmp_path / "a.csv").write_text(f"Redetext;Datum;Titel\n{S};15/08/2021;Eins\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text(f"text,date\n{S},2021-08-16\n", encoding="utf-8")
    said = []
    columns = {"text": "Redetext", "date": "Datum", "title": "Titel"}
    documents = read_source(tmp_path, columns=columns, progress=said.append)
    assert documents["date"].tolist() == ["2021-08-15", "2021-08-16"]
    assert f"{tmp_path}/b.csv: no column 'Titel' (it has text, date)" in said


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("2024-07-04 Astana", "2024-07-04"), ("talk_20240704", "2024-07-04"),
        ("15.08.2021-talk", "2021-08-15"), ("the mayor 2015", "2015"),
        ("speech_4_July_2024", "2024-07-04"), ("2021-08", "2021-08"), ("report 1999 final", "1999"),
        ("1999 to 2001", ""), ("talk", ""), ("talk 123456", ""),
    ],
)  # fmt: skip
def test_the_date_in_a_file_name_is_taken_on_request(tmp_path, name, date):
    (tmp_path / f"{name}.txt").write_text(S)
    assert read_source(tmp_path / f"{name}.txt")["date"].tolist() == [""]
    assert read_source(tmp_path / f"{name}.txt", dates=["filename"])["date"].tolist() == [date]


def test_a_stated_encoding_is_that_of_the_files_that_are_not_utf_8(tmp_path):
    for name, codec in (("a", "utf-8"), ("b", "cp1251"), ("c", "utf-16")):
        (tmp_path / f"{name}.txt").write_bytes("Саммит в Астане.".encode(codec))
    assert set(read_source(tmp_path, encoding="cp1251")["text"]) == {"Саммит в Астане."}
    with pytest.raises(SCONotesError, match="unknown encoding 'klingon'"):
        read_source(tmp_path, encoding="klingon")


def test_a_corpus_folder_keeps_what_it_says_of_its_documents():
    folder = data_folder() / "chronicle"
    table, documents = read_source(folder), sn.read_corpus(folder)
    assert table["text"].equals(documents["text"]) and table["country"].equals(documents["country"])
    assert set(table["file"]) == {"chronicle"}


def test_a_missing_package_is_named_with_the_command(tmp_path, monkeypatch):
    (tmp_path / "pypdf.py").write_text("raise ImportError('gone', name='pypdf')")
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); "
        "from sco_notes.corpus.formats.isolation import read; from sco_notes.processes import answer; "
        "answer(read)"
    )
    run = processes.subprocess.run
    monkeypatch.setattr(
        processes.subprocess, "run", lambda command, **more: run([command[0], "-c", code], **more)
    )
    with pytest.raises(
        SCONotesError, match=r"a.pdf: the package pypdf is needed to read it: .* -m pip install pypdf"
    ):
        (tmp_path / "a.pdf").write_bytes(pdf([[S]]))
        read_source(tmp_path / "a.pdf")


@given(st.text(max_size=60))
@settings(max_examples=200)
def test_an_id_is_a_file_name_everywhere(name):
    doc_id = safe_id(name)
    assert doc_id == safe_id(doc_id) and 0 < len(doc_id) <= 80
    assert doc_id.isascii() and not set(doc_id) & set('/\\:*?"<>| ') and ".." not in doc_id.split("/")


def test_every_kind_of_file_has_a_case():
    tried = {case[0].rpartition(".")[2] for case in FINE + BAD}
    assert tried >= set(KINDS.values())


@pytest.fixture(scope="module")
def server():
    """A server on this machine that answers by path; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            if self.path.startswith("/drip"):
                self.wfile.write(b"HTTP/1.0 200 OK\r\n")
                for _ in range(100):
                    if stop.wait(0.1):
                        return
                    self.wfile.write(b"X: y\r\n")
            status, headers, body = ANSWERS[self.path](self.server.server_address[1])
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    stop = threading.Event()
    here = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=here.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{here.server_address[1]}"
    stop.set()
    here.shutdown()
    here.server_close()


INSIDE = ("nat64", "6to4", "compatible", "group")
HTML = {"Content-Type": "text/html; charset=utf-8"}
ANSWERS = {
    "/talk.html": lambda port: (200, HTML, page(ARTICLE)),
    "/talk.html?a=1%20b": lambda port: (200, HTML, page(ARTICLE)),
    "/cyrillic": lambda port: (
        200,
        {"Content-Type": "text/plain; charset=windows-1251"},
        "Саммит в Астане.".encode("cp1251"),
    ),
    "/paper": lambda port: (200, {"Content-Type": "application/pdf"}, pdf([[S]])),
    "/moved": lambda port: (302, {"Location": "/talk.html"}, b""),
    "/circle": lambda port: (302, {"Location": "/circle"}, b""),
    "/inside": lambda port: (302, {"Location": f"http://localhost:{port}/talk.html"}, b""),
    "/file": lambda port: (302, {"Location": "file:///etc/passwd"}, b""),
    "/nat64": lambda port: (302, {"Location": f"http://[64:ff9b::7f00:1]:{port}/talk.html"}, b""),
    "/6to4": lambda port: (302, {"Location": f"http://[2002:7f00:1::]:{port}/talk.html"}, b""),
    "/compatible": lambda port: (302, {"Location": f"http://[::127.0.0.1]:{port}/talk.html"}, b""),
    "/group": lambda port: (302, {"Location": "http://224.0.0.251/"}, b""),
    "/no-address": lambda port: (302, {"Location": "http://[::1"}, b""),
    "/part": lambda port: (206, HTML, page(ARTICLE)),
    "/bomb": lambda port: (200, {**HTML, "Content-Encoding": "gzip"}, gzip.compress(b"a" * 50_000_000)),
    "/gone": lambda port: (404, HTML, b"no"),
    "/picture": lambda port: (200, {"Content-Type": "image/png"}, b"x"),
    "/packed": lambda port: (200, {**HTML, "Content-Encoding": "gzip"}, b"x" * 99),
    "/large": lambda port: (200, HTML, b"<p>x</p>" * 700_000),
    "/nothing": lambda port: (200, HTML, b""),
    "/short": lambda port: (200, {**HTML, "Content-Length": "1000"}, page("x")),
}


@pytest.mark.slow
@pytest.mark.skipif(not (find_spec("pypdf") and find_spec("trafilatura")), reason="needs the extra [ingest]")
def test_a_page_of_the_web_is_read_and_its_address_kept(server):
    for path, file in (("/talk.html", "talk.html"), ("/talk.html?a=1 b", "talk.html"), ("/moved", "moved")):
        (document,) = read_source(f"{server}{path}").to_dict("records")
        assert document["text"].startswith(RULES[0]) and document["file"] == file and document["date"] == ""
        assert document["source"].startswith(f"{server}{path}")
    assert document["source"] == f"{server}/moved (redirected to {server}/talk.html)"
    assert read_source(f"{server}/paper")["text"].item() == S
    assert read_source(f"{server}/cyrillic")["text"].item() == "Саммит в Астане."


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/gone", "does not give it .status 404.; open it in a browser"),
        ("/circle", "redirected over 5 times"),
        ("/inside", "leads to .*, an address inside this machine or network that you did not type"),
        *[(f"/{where}", "leads to .* that you did not type") for where in INSIDE],
        ("/no-address", "could not be downloaded .Invalid IPv6 URL"),
        ("/part", "does not give it .status 206"),
        ("/bomb", "over 5 MB"),
        ("/file", "file:///etc/passwd: not an http or https address"),
        ("/picture", "of the kind image/png; a page, text, PDF or Word file is expected"),
        ("/packed", "could not be downloaded .incorrect header check"),
        ("/large", "over 5 MB"),
        ("/nothing", "an empty answer"),
        ("/short", "could not be downloaded .*bytes"),
    ],
)
def test_what_an_address_does_not_give_is_said(server, path, message):
    with pytest.raises(SCONotesError, match=message):
        read_source(f"{server}{path}")


def test_a_name_that_leads_inside_is_refused_unless_the_address_itself_was_typed(
    server, monkeypatch, tmp_path
):
    port = int(server.rpartition(":")[2])
    inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    def get(place):
        monkeypatch.setattr(address.socket, "getaddrinfo", lambda *a, **k: inside)
        return address.download({"address": place, "file": tmp_path / "page"})

    with pytest.raises(SCONotesError, match=r"leads to 127\.0\.0\.1"):
        get(f"http://www.example.org:{port}/talk.html")
    assert get(f"http://localhost:{port}/talk.html")["kind"] == "html"
    for odd in ("http://", "http://x:99999/", "http://user:secret@localhost/", "http://[::1/"):
        with pytest.raises(SCONotesError, match=r"not an http|could not be downloaded|x: leads to"):
            get(odd)


def test_a_server_that_sends_now_and_then_is_cut_off(server, monkeypatch, tmp_path):
    monkeypatch.setattr(address, "SECONDS", 0.5)
    with pytest.raises(SCONotesError, match=r"could not be downloaded \(not done after 0.5 seconds\)"):
        address.fetch(f"{server}/drip", tmp_path / "page")


def test_the_proxy_of_the_system_is_used_but_not_for_addresses_inside(monkeypatch, tmp_path):
    asked = []

    class Proxy(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(302 if "moved" in self.path else 200)
            self.send_header("Location", "http://127.0.0.2/secret")
            self.send_header("Content-Type", "text/plain")
            self.end_headers()
            self.wfile.write(S.encode())

        def log_message(self, *args):
            pass

    here = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    threading.Thread(target=here.serve_forever, daemon=True).start()
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{here.server_address[1]}")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    try:
        assert address.fetch("http://talks.invalid/a", tmp_path / "page")["kind"] == "txt"
        assert (tmp_path / "page").read_text() == S
        with pytest.raises(SCONotesError, match=r"leads to 127\.0\.0\.2"):
            address.fetch("http://talks.invalid/moved", tmp_path / "page")
    finally:
        here.shutdown()
        here.server_close()
    assert asked == ["http://talks.invalid/a", "http://talks.invalid/moved"]


@pytest.mark.parametrize(
    ("name", "content", "dates", "message"),
    [
        ("a.csv", f"doc_id;date;text\na;15.08.2021;{S}\nb;03.09.2021;{S}", ["2021-08-15", "2021-09-03"], ""),
        ("a.csv", f"doc_id,date,text\na,44423,{S}", [], "as a day number of a spreadsheet it is 2021-08-15"),
        ("a.csv", f"a,2001,{S * 3}\nb,2002,{S}", [], "its first row is no header; put one above it"),
        ("a.csv", "year,value\n2001,3\n2002,4", [], "none of them looks like texts"),
        ("a.csv", f"Speeches,,\ndoc_id,date,text\na,2001,{S}", [], "remove what stands above it"),
        ("a.json", json.dumps([{"meta": {"date": "2001"}, "text": S}]), [""], ""),
        ("a.json", json.dumps([{"id": 1, "body": {"text": S}}]), [], "--columns 'text=body.text'"),
    ],
)
def test_tables_as_students_have_them(tmp_path, name, content, dates, message):
    (tmp_path / name).write_text(content, encoding="utf-8")
    documents, faults = read_sources([str(tmp_path / name)])
    assert list(documents.get("date", [])) == dates and bool(faults) == bool(message)
    assert message in "".join(faults)


def test_parts_of_nested_objects_can_be_named_as_columns(tmp_path):
    rows = {"speeches": [{"id": 7, "meta": {"date": "2001-05-03", "body": {"x": 1}}, "text": S}]}
    (tmp_path / "a.json").write_text(json.dumps(rows))
    documents, _ = read_sources([str(tmp_path)], columns={"date": "meta.date", "doc_id": "id"})
    assert documents[["doc_id", "date"]].values.tolist() == [["7", "2001-05-03"]]
    assert documents["meta.body"].iloc[0] == '{"x": "1"}'


def test_a_date_in_a_name_is_offered_and_texts_that_come_twice_are_named(tmp_path):
    (tmp_path / "speech 03.07.2024.txt").write_text(S)
    (tmp_path / "copy.txt").write_text(S)
    documents, _ = read_sources([str(tmp_path)])
    said = "\n".join(overview(documents, 0))
    assert "1 document has the text of another; each counts" in said
    assert "1 file name has a date (--dates filename)" in said
    documents, _ = read_sources([str(tmp_path)], dates=["filename"])
    assert sorted(documents["date"]) == ["", "2024-07-03"]
    (tmp_path / "speech 03-07-2024.txt").write_text(S)
    _, (fault,) = read_sources([str(tmp_path)], dates=["filename"])
    assert "speech 03-07-2024.txt: date '03-07-2024': ambiguous" in fault
