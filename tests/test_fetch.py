"""Downloads against a real server on loopback, and texts put in by their owner."""

import gzip
import hashlib
import re
import socket
import stat
import threading
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sco_notes.corpus import download as fetch
from sco_notes.corpus.documents import read_corpus, text_digest
from sco_notes.corpus.download import add_own_text, fetch_texts
from sco_notes.corpus.text import normalise
from sco_notes.errors import SCONotesError

TEXTS = {f"TJK_{n}": f"Delegate {n} spoke about water.\nThe hall listened.\n".encode() for n in range(1, 7)}


class Server(BaseHTTPRequestHandler):
    """Serves `answers`, path to bytes or to a function of the handler, and keeps a list of what was asked."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.asked.append(self.path)
        answer = self.server.answers.get(self.path)
        if callable(answer):
            answer(self)
        elif answer is None:
            send(self, b"nothing here", status=404)
        else:
            send(self, answer)

    def log_message(self, *_):
        pass


def send(handler, body, status=200, length=None, **headers):
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(body) if length is None else length))
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)
    handler.close_connection = length is not None


@contextmanager
def serving(answers):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    server.answers, server.asked, server.over = answers, [], threading.Event()
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    server.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    monkeypatch.setattr(fetch, "PAUSE", 0.0)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")


@pytest.fixture
def server():
    with serving({f"/o/r/{doc_id}.txt": body for doc_id, body in TEXTS.items()}) as running:
        yield running


def corpus(folder: Path, texts=TEXTS, **columns) -> Path:
    """A corpus folder that knows its texts by address and hash but has none of them."""
    folder.mkdir(exist_ok=True)
    rows = {
        "doc_id": list(texts),
        "sha256": [text_digest(normalise(body.decode())) for body in texts.values()],
        "address": [f"https://raw.githubusercontent.com/o/r/{doc_id}.txt" for doc_id in texts],
        "raw_bytes": [len(body) for body in texts.values()],
        "raw_sha256": [hashlib.sha256(body).hexdigest() for body in texts.values()],
    }
    pd.DataFrame(rows | columns).to_csv(folder / "documents.csv", index=False)
    return folder


def failing(folder, server, lines=None) -> str:
    with pytest.raises(SCONotesError) as caught:
        fetch_texts(folder, mirror=server.address, progress=(lines if lines is not None else []).append)
    return str(caught.value)


def files(folder) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted((folder / "texts").iterdir())}


def wanted(*without) -> dict[str, bytes]:
    return {f"{doc_id}.txt": body for doc_id, body in TEXTS.items() if doc_id not in without}


def test_downloads_every_text_byte_for_byte(tmp_path, server):
    lines = []
    assert fetch_texts(corpus(tmp_path / "un"), mirror=server.address, progress=lines.append) == 6
    assert files(tmp_path / "un") == wanted()
    assert lines == [
        "un: 0 of 6 texts are here and right, downloading 6",
        "un: 6 downloaded, all 6 texts are here and right",
    ]
    assert len(read_corpus(tmp_path / "un")) == 6
    assert stat.S_IMODE((tmp_path / "un/texts/TJK_1.txt").stat().st_mode) == 0o644


def test_second_run_asks_for_nothing_and_touches_nothing(tmp_path, server):
    folder = corpus(tmp_path / "un")
    fetch_texts(folder, mirror=server.address, progress=str)
    before = {file: file.stat().st_mtime_ns for file in (folder / "texts").iterdir()}
    server.asked.clear()
    lines = []
    assert fetch_texts(folder, mirror=server.address, progress=lines.append) == 0
    assert server.asked == []
    assert {file: file.stat().st_mtime_ns for file in (folder / "texts").iterdir()} == before
    assert lines == ["un: all 6 texts are here and right"]


def test_resumes_with_what_is_missing_or_changed(tmp_path, server):
    folder = corpus(tmp_path / "un")
    fetch_texts(folder, mirror=server.address, progress=str)
    (folder / "texts/TJK_2.txt").unlink()
    (folder / "texts/TJK_5.txt").write_bytes(TEXTS["TJK_5"][:10])
    server.asked.clear()
    assert fetch_texts(folder, mirror=server.address, progress=str) == 2
    assert sorted(server.asked) == ["/o/r/TJK_2.txt", "/o/r/TJK_5.txt"]
    assert files(folder) == wanted()


def test_same_text_with_other_line_breaks_counts_as_right(tmp_path, server):
    folder = corpus(tmp_path / "un")
    fetch_texts(folder, mirror=server.address, progress=str)
    (folder / "texts/TJK_2.txt").write_bytes(TEXTS["TJK_2"].replace(b"\n", b"\r\n"))
    assert fetch_texts(folder, mirror=server.address, progress=str) == 0


@pytest.mark.parametrize(
    ("answer", "message", "n_asked"),
    [
        (lambda h: send(h, b"gone", 404), "the server does not have it (404 Not Found); name a copy with", 1),
        (
            lambda h: send(h, b"oops", 500),
            "the server failed (500 Internal Server Error); try again later",
            3,
        ),
        (lambda h: send(h, b"slow", 429), "the server failed (429 Too Many Requests)", 3),
        (lambda h: send(h, TEXTS["TJK_3"].upper()), "another text than expected", 1),
        (lambda h: send(h, TEXTS["TJK_3"] * 2), "another text than expected", 1),
        (lambda h: send(h, TEXTS["TJK_3"][:9], length=49), "broken off (", 1),
        (lambda h: send(h, TEXTS["TJK_3"][:9]), "another text than expected", 1),
        (lambda h: setattr(h, "close_connection", True), "broken off (Remote end closed", 3),
        (
            lambda h: send(h, b"", 302, Location="file:///etc/hostname"),
            "file:///etc/hostname: not an http or https address",
            1,
        ),
    ],
    ids="missing error limited altered too_large truncated short hung_up redirected_to_a_file".split(),
)
def test_one_bad_text_is_named_and_the_others_are_done(tmp_path, server, answer, message, n_asked):
    server.answers["/o/r/TJK_3.txt"] = answer
    folder, lines = corpus(tmp_path / "un"), []
    error = failing(folder, server, lines)
    line = f"TJK_3.txt from {server.address}/o/r/TJK_3.txt: {message}"
    assert lines[1].startswith(line)
    assert error.startswith(f"un: 1 of 6 texts could not be downloaded; {line}")
    assert "\n" not in error
    assert files(folder) == wanted("TJK_3")
    assert server.asked.count("/o/r/TJK_3.txt") == n_asked


def test_what_was_there_stays_when_the_new_one_is_wrong(tmp_path, server):
    folder = corpus(tmp_path / "un")
    fetch_texts(folder, mirror=server.address, progress=str)
    (folder / "texts/TJK_3.txt").write_bytes(b"my own notes on it")
    server.answers["/o/r/TJK_3.txt"] = TEXTS["TJK_3"].upper()
    failing(folder, server)
    assert files(folder) == wanted() | {"TJK_3.txt": b"my own notes on it"}


def test_a_passing_fault_is_tried_again(tmp_path, server):
    def once(handler):
        server.answers["/o/r/TJK_3.txt"] = TEXTS["TJK_3"]
        send(handler, b"busy", 503)

    server.answers["/o/r/TJK_3.txt"] = once
    assert fetch_texts(corpus(tmp_path / "un"), mirror=server.address, progress=str) == 6
    assert server.asked.count("/o/r/TJK_3.txt") == 2


def test_redirect_to_another_host_is_followed_and_checked(tmp_path, server):
    with serving({"/good": TEXTS["TJK_1"], "/login": b"<html>sign in</html>" * 9}) as other:
        base = other.address
        server.answers["/o/r/TJK_1.txt"] = lambda h: send(h, b"", 302, Location=f"{base}/good")
        server.answers["/o/r/TJK_2.txt"] = lambda h: send(h, b"", 302, Location=f"{base}/login")
        folder = corpus(tmp_path / "un")
        assert f"is sent by {base}/login: a login page, or another version?" in failing(folder, server)
    assert files(folder) == wanted("TJK_2")


def test_without_network_it_gives_up_soon_and_leaves_nothing(tmp_path):
    with serving({}) as gone:
        address = gone.address
    many = {f"TJK_{n:02}": b"text" for n in range(40)}
    lines = []
    with pytest.raises(
        SCONotesError, match=r"40 of 40 texts could not be downloaded; TJK_.*broken off.*refused"
    ):
        fetch_texts(corpus(tmp_path / "un", many), mirror=address, progress=lines.append)
    assert any("8 downloads failed in a row: stopped" in line for line in lines)
    assert len(lines) == 1 + fetch.PATIENCE + 1
    assert not (tmp_path / "un" / "texts").exists()


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"address": "file:///etc/passwd"}, "address 'file:///etc/passwd' is not an http or https address"),
        ({"address": "ftp://host/a"}, "is not an http or https address"),
        ({"address": ""}, "document TJK_1: address '' is not"),
        ({"raw_bytes": "-5"}, "raw_bytes '-5' is not a number of bytes"),
        ({"raw_sha256": "abc"}, "raw_sha256 'abc' is not a sha256"),
        ({"doc_id": "../../outside"}, "doc_id '../../outside' leads out of the folder"),
        ({"doc_id": "/outside"}, "leads out of the folder"),
        ({"doc_id": "C:outside"}, "leads out of the folder"),
    ],
)
def test_a_listing_that_cannot_be_trusted_is_refused_before_any_request(tmp_path, server, columns, message):
    folder = corpus(tmp_path / "un", {"TJK_1": TEXTS["TJK_1"]}, **columns)
    assert message in failing(folder, server)
    assert server.asked == [] and not (folder / "texts").exists()


def test_a_mirror_must_be_a_web_address(tmp_path):
    with pytest.raises(SCONotesError, match="--mirror /srv/copy: not an http or https address"):
        fetch_texts(corpus(tmp_path / "un"), mirror="/srv/copy")


def test_a_corpus_without_addresses_says_how_to_put_a_text_in(tmp_path):
    (tmp_path / "documents.csv").write_text("doc_id,sha256\nessay,\n")
    with pytest.raises(SCONotesError, match=r"no column address.*sco-notes texts .* --file FILE"):
        fetch_texts(tmp_path)


# --- servers that mean harm; tests/test_ingest.py has those of `add`


def raw(answer):
    """The bytes of an answer as they are."""

    def send_raw(handler):
        handler.wfile.write(answer)
        handler.close_connection = True

    return send_raw


def moved(to):
    return lambda handler: send(handler, b"", 302, Location=to)


def forever(head):
    """A byte now and then, in the head of an answer or in its body, for as long as the client stays."""

    def drip(handler):
        if not head:
            handler.send_response(200)
            handler.end_headers()
        with suppress(OSError):
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nA: " if head else b"")
            while not handler.server.over.wait(0.05):
                handler.wfile.write(b"x")
        handler.close_connection = True

    return drip


def chunks(handler):
    """A body in chunks without end."""
    with suppress(OSError):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while not handler.server.over.is_set():
            handler.wfile.write(b"10000\r\n" + b"a" * 65_536 + b"\r\n")
    handler.close_connection = True


BOMB = gzip.compress(b"a" * 50_000_000)
INSIDE = "an address inside this machine or network that you did not type"
HOSTILE = {
    "circle": (moved("/o/r/TJK_3.txt"), "redirected over 5 times"),
    "loopback": (moved("http://localhost:1/x"), f"localhost: leads to (127.0.0.1|::1), {INSIDE}"),
    "link_local": (moved("http://169.254.169.254/latest/meta-data"), INSIDE),
    "nat64": (moved("http://[64:ff9b::7f00:1]/"), INSIDE),
    "6to4": (moved("http://[2002:7f00:1::]/"), INSIDE),
    "compatible": (moved("http://[::127.0.0.1]/"), INSIDE),
    "mapped": (moved("http://[::ffff:10.0.0.1]/"), INSIDE),
    "multicast": (moved("http://224.0.0.251/"), INSIDE),
    "multicast6": (moved("http://[ff0e::1]/"), INSIDE),
    "no_address": (moved("http://[::1"), "broken off .Invalid IPv6 URL"),
    "password": (moved("http://user:secret@127.0.0.1/"), "without a password"),
    "bomb": (lambda h: send(h, BOMB, **{"Content-Encoding": "gzip"}), "another text than expected"),
    "no_gzip": (lambda h: send(h, b"no", **{"Content-Encoding": "gzip"}), "broken off .incorrect header"),
    "part": (lambda h: send(h, TEXTS["TJK_3"][:9], 206), "another text than expected"),
    "longer": (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" + TEXTS["TJK_3"]), "another text than"),
    "escapes": (
        raw(b"HTTP/1.1 404 \x1b[31mred\x07\x1b]0;t\x07\r\nContent-Length: 0\r\n\r\n"),
        "404 .31mred .0;t",
    ),
    "no_answer": (raw(b"\x1b[31mnonsense\x07\r\n\r\n"), "broken off ..31mnonsense"),
    "headers": (raw(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 1000 + b"\r\n"), "more than 100 headers"),
    "chunk": (
        raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nabc"),
        "broken off .InvalidChunk",
    ),
    "to_ftp": (moved("ftp://www.example.org/x"), "ftp://www.example.org/x: not an http or https address"),
    "to_data": (moved("data:text/plain,Delegate"), "data:.*: not an http or https address"),
    "octal": (moved("http://0177.0.0.1:1/"), INSIDE),
    "zero": (moved("http://0:1/"), INSIDE),
    "name": (moved("http://inside.example:1/"), f"inside.example: leads to 10.0.0.1, {INSIDE}"),
    "user": (moved("http://www.example.org@127.0.0.1:1/"), "without a password"),
    "letters": (moved("http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:1/"), f"({INSIDE}|broken off)"),
    "unicode": (moved(f"http://{'ü' * 300}.example/"), "broken off"),
    "long": (moved(f"http://10.0.0.1/{'a' * 60_000}"), INSIDE),
    "escapes_to": (
        raw(b"HTTP/1.1 302 F\r\nLocation: http://[\x1b[31m\x07\r\nContent-Length: 0\r\n\r\n"),
        "broken",
    ),
    "header": (raw(b"HTTP/1.1 200 OK\r\nA: " + b"a" * 1_000_000 + b"\r\n\r\n"), "more than 65536 bytes"),
    "negative": (raw(b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nDelegate"), "another text than"),
    "lengths": (
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 9\r\n\r\nDelegate"),
        "broken off .Content-Length",
    ),
    "chunks": (chunks, "another text than expected"),
    "two_lies": (lambda h: send(h, b"no", **{"Content-Encoding": "gzip, deflate"}), "broken off"),
    "brotli": (lambda h: send(h, b"no", **{"Content-Encoding": "br"}), "another text than|broken off"),
    "drip": (forever(head=False), "not done after 0.5 seconds; try again later"),
    "drip_head": (forever(head=True), "not done after 0.5 seconds; try again later"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_server_gets_one_clear_line_and_leaves_nothing(tmp_path, server, case, monkeypatch):
    answer, message = HOSTILE[case]
    if "drip" in case:
        monkeypatch.setattr(fetch, "LONGEST", 0.5)
    look_up = socket.getaddrinfo
    known = {"inside.example": "10.0.0.1"}
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda name, *how, **more: look_up(known.get(name, name), *how, **more)
    )
    server.answers["/o/r/TJK_3.txt"] = answer
    folder, lines = corpus(tmp_path / "un"), []
    error = failing(folder, server, lines)
    assert re.search(message, error) and error.startswith(
        "un: 1 of 6 texts could not be downloaded; TJK_3.txt"
    )
    assert all(line.isprintable() for line in [error, *lines])
    assert files(folder) == wanted("TJK_3")


def test_a_listing_of_unknown_origin_leads_to_nothing_inside(tmp_path, server):
    """Only a mirror is typed by who runs the command; what documents.csv names is not."""
    folder = corpus(tmp_path / "un", {"TJK_1": TEXTS["TJK_1"]}, address=f"{server.address}/o/r/TJK_1.txt")
    with pytest.raises(SCONotesError, match=INSIDE):
        fetch_texts(folder, progress=str)
    assert server.asked == []


def test_what_comes_with_a_redirect_is_not_read(tmp_path, server):
    def endless(handler):
        handler.send_response(302)
        handler.send_header("Location", "/good")
        handler.end_headers()
        with suppress(OSError):
            while True:
                handler.wfile.write(b"x" * 100_000)
        handler.close_connection = True

    server.answers |= {"/good": TEXTS["TJK_3"], "/o/r/TJK_3.txt": endless}
    assert fetch_texts(corpus(tmp_path / "un"), mirror=server.address, progress=str) == 6


# --- a text of one's own

ESSAY = "“Trust” is the word.\n\nIt was said in Astana, said in Xi’an, and it is said again."


@pytest.fixture
def owned(tmp_path):
    folder = tmp_path / "op-ed"
    folder.mkdir()
    listing = {"doc_id": ["essay"], "sha256": [text_digest(ESSAY)], "n_characters": [len(ESSAY)]}
    pd.DataFrame(listing).to_csv(folder / "documents.csv", index=False)
    return folder


def written(tmp_path, text, encoding="utf-8") -> Path:
    file = tmp_path / "article.txt"
    file.write_bytes(text.encode(encoding))
    return file


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (ESSAY, "utf-8"),
        (ESSAY.replace("\n", "\r\n"), "utf-8-sig"),
        (ESSAY.replace("\n\n", "\n\n\n\n   "), "utf-16"),
        (ESSAY, "cp1252"),
    ],
)
def test_the_right_text_is_adopted_in_any_layout(tmp_path, owned, text, encoding):
    file = written(tmp_path, text, encoding)
    copy = add_own_text(owned, file, encoding=encoding if encoding == "cp1252" else None)
    assert copy == owned / "texts" / "essay.txt"
    assert read_corpus(owned)["text"].tolist() == [ESSAY]
    assert [file.name for file in copy.parent.iterdir()] == ["essay.txt"]


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.sampled_from([" ", "  ", "\n", "\r\n", "\t", "\u00a0", "\u200b"]), max_size=5).map("".join)
)
def test_white_space_around_a_text_never_matters(tmp_path_factory, space):
    folder = tmp_path_factory.mktemp("adopt")
    (folder / "documents.csv").write_text(f"doc_id,sha256\nessay,{text_digest(ESSAY)}\n")
    file = folder / "article.txt"
    file.write_bytes((space + ESSAY + space).encode())
    assert add_own_text(folder, file).is_file()


def test_another_text_is_refused_with_its_length(tmp_path, owned):
    with pytest.raises(
        SCONotesError, match=r"81 characters are expected, it has 91.*line breaks do not matter"
    ):
        add_own_text(owned, written(tmp_path, ESSAY + " Subscribe"))
    assert not (owned / "texts").exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            ESSAY.replace("again.", "Subscribe now, subscribe."),
            "too many: subscribe (2), now (1); missing: again (1)",
        ),
        (ESSAY.replace("’", "'"), "its words are right, so their order or the punctuation differs"),
    ],
)
def test_with_derived_tables_the_words_that_differ_are_named(tmp_path, owned, text, message):
    from sco_notes.terms import count_terms

    (owned / "derived").mkdir()
    terms = count_terms(pd.DataFrame({"doc_id": ["essay"], "text": [ESSAY]}))
    terms.to_parquet(owned / "derived" / "terms.parquet")
    with pytest.raises(SCONotesError) as caught:
        add_own_text(owned, written(tmp_path, text))
    assert message in str(caught.value)


def test_in_a_corpus_of_several_a_text_is_known_by_its_hash(tmp_path):
    folder = corpus(tmp_path / "un")
    file = written(tmp_path, TEXTS["TJK_4"].decode())
    assert add_own_text(folder, file).name == "TJK_4.txt"
    assert add_own_text(folder, file, doc_id="TJK_4").name == "TJK_4.txt"
    with pytest.raises(SCONotesError, match="not the text this corpus was made from"):
        add_own_text(folder, file, doc_id="TJK_1")
    with pytest.raises(SCONotesError, match="no document 'TJK_9'"):
        add_own_text(folder, file, doc_id="TJK_9")
    with pytest.raises(SCONotesError, match="none of the 6 documents is this text"):
        add_own_text(folder, written(tmp_path, "Quite another."))
