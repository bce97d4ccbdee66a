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


def shown_into(bundles):
    """Stands in for `_show`: puts what a notebook would show into a list."""
    return lambda html, plain, others={}: bundles.append({"text/html": html, "text/plain": plain, **others})


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


def odt(body="", parts=None):
    """The bytes of a .odt whose body is given as XML, with the prefixes text, office, draw and table."""
    prefixes = " ".join(
        f'xmlns:{name}="{name}"' for name in ("text", "office", "draw", "table", "dc", "meta")
    )
    content = (
        f"<office:document-content {prefixes}><office:body>{body}</office:body></office:document-content>"
    )
    return zipped({"content.xml": content, **(parts or {})})


def epub(chapters, head="", parts=None):
    """The bytes of an e-book: `chapters` are the bodies of its pages, listed in their order."""
    items = "".join(f'<item id="c{i}" href="text/{i}%20c.xhtml"/>' for i in range(len(chapters)))
    spine = "".join(f'<itemref idref="c{i}"/>' for i in range(len(chapters)))
    pages = {f"OPS/text/{i} c.xhtml": f"<html><head><title>x</title></head><body>{body}</body></html>"
             for i, body in enumerate(chapters)}  # fmt: skip
    return zipped({
        "META-INF/container.xml": '<container><rootfile full-path="OPS/b.opf"/></container>',
        "OPS/b.opf": f'<package xmlns:dc="dc"><metadata>{head}</metadata><manifest>{items}</manifest>'
                     f"<spine>{spine}</spine></package>",
        **pages, **(parts or {}),
    })  # fmt: skip


def xlsx(*sheets):
    """The bytes of a workbook: each sheet a list of rows, of texts, numbers, or ("date", days since 1900)."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    numbers = range(1, len(sheets) + 1)
    entries = "".join(f'<sheet name="Sheet{n}" sheetId="{n}" r:id="r{n}"/>' for n in numbers)
    targets = "".join(
        f'<Relationship Id="r{n}" Type="{office}/worksheet" Target="s{n}.xml"/>' for n in numbers
    )
    style = f'<Relationship Id="st" Type="{office}/styles" Target="styles.xml"/>'
    book = f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>{entries}</sheets></workbook>'
    styles = '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
    inside = {
        "_rels/.rels": RELS.replace("word/document.xml", "xl/workbook.xml"),
        "xl/workbook.xml": book,
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}">{targets}{style}</Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{main}">{styles}</styleSheet>',
    }
    for number, rows in enumerate(sheets, 1):
        body = "".join(
            f'<row r="{r}">{"".join(_excel_cell(f"{chr(64 + c)}{r}", v) for c, v in enumerate(row, 1))}</row>'
            for r, row in enumerate(rows, 1)
        )
        inside[f"xl/s{number}.xml"] = f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>'
    return zipped(inside)


def _excel_cell(place, value):
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'
    style, number = (1, value[1]) if isinstance(value, tuple) else (0, value)
    return f'<c r="{place}" s="{style}"><v>{number}</v></c>'
