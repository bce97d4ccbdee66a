"""Small files for tests, made by hand: PDF, Word and zip, whole or broken in a given way."""

import io
import zipfile
import zlib

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DOCUMENT = f'<w:document xmlns:w="{W}" xmlns:mc="mc" xmlns:a="a" xmlns:m="m"><w:body>%s</w:body></w:document>'
RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
    'Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)


def paragraph(text):
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def docx(body="", parts=None, raw=None):
    """The bytes of a .docx whose body is given as XML; `parts` are further parts, `raw` the main one."""
    inside = {"_rels/.rels": RELS, "word/document.xml": raw or DOCUMENT % body, **(parts or {})}
    return zipped(inside)


def zipped(inside):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in inside.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def properties(title, author):
    return (
        '<cp:coreProperties xmlns:cp="c" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="t">'
        f"<dc:title>{title}</dc:title><dc:creator>{author}</dc:creator>"
        "<dcterms:created>2024-07-03T10:00:00Z</dcterms:created></cp:coreProperties>"
    )


def pdf(
    pages, info="", font="/BaseFont /Helvetica", extra=(), kids=None, count=None, trailer="", resources=""
):
    """The bytes of a PDF: `pages` are lists of lines, or bytes of a content stream as they are."""
    n = len(pages)
    objects = ["<< /Type /Catalog /Pages 2 0 R >>"]
    kids = kids or " ".join(f"{4 + 2 * i} 0 R" for i in range(n))
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {n if count is None else count} >>")
    objects.append(f"<< /Type /Font /Subtype /Type1 {font} /Encoding /WinAnsiEncoding >>")
    for i, page in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents {5 + 2 * i} 0 R "
            f"/Resources << /Font << /F 3 0 R >> {resources} >> >>"
        )
        objects.append(stream(page if isinstance(page, bytes) else lines(page)))
    objects += list(extra)
    out, places = bytearray(b"%PDF-1.7\n"), []
    if info:
        objects.append(f"<< {info} >>")
        trailer += f" /Info {len(objects)} 0 R"
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += (
            b"%d 0 obj\n" % number
            + (body if isinstance(body, bytes) else body.encode("latin-1"))
            + b"\nendobj\n"
        )
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return (
        bytes(out)
        + f"trailer\n<< /Size {size} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    )


def lines(page):
    shown = "\n".join(f"({line}) Tj 0 -14 Td" for line in page)
    return f"BT /F 11 Tf 50 700 Td {shown} ET".encode("cp1252")


def stream(content, packed=None):
    packed = zlib.compress(content, 9) if packed is None else packed
    return b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(packed) + packed + b"\nendstream"


def scan(n=1):
    """A PDF of one page that shows a picture and has no text."""
    return pdf(
        [b"q 100 0 0 100 0 0 cm /I Do Q"],
        resources="/XObject << /I 6 0 R >>",
        extra=[
            b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace "
            b"/DeviceGray /Length 1 >>\nstream\n0\nendstream"
        ],
    )
