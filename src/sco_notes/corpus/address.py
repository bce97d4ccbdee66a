"""One web address to the bytes behind it, without surprises: limits, few redirects, no private addresses."""

import ipaddress
import socket
import ssl
import threading
import time
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from ..errors import SCONotesError
from .formats.isolation import LARGEST, LARGEST_OTHER

SECONDS = 30  # for everything: a server may also send a byte now and then
REDIRECTS = 5
KINDS = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "application/pdf": "pdf",
    "text/plain": "txt",
    "text/markdown": "md",
    "text/csv": "csv",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
}
_BY_HAND = "open it in a browser, save it and add the file"


def fetch(address: str) -> tuple[bytes, str, str, str | None]:
    """Download one address: its bytes, its kind ("html", "pdf" ...), its final address, its stated encoding.

    Follows five redirects at most. What resolves to a private or loopback address is refused, redirects too,
    unless that very address (or localhost) was typed: a page shall not make this machine ask its neighbours.
    Raises SCONotesError for all that goes wrong.
    """
    until = time.monotonic() + SECONDS
    typed, here = _checked(address).hostname, address
    for _ in range(REDIRECTS + 1):
        parts = _checked(here)
        try:
            status, headers, data = _get(parts, _resolve(parts, typed), until)
        except (OSError, HTTPException, UnicodeError) as error:
            late = time.monotonic() >= until
            reason = f"not done after {SECONDS} seconds" if late else str(error) or type(error).__name__
            raise SCONotesError(f"{here}: no answer ({reason}); check the address, or {_BY_HAND}") from None
        if status not in (301, 302, 303, 307, 308):
            break
        here = urljoin(here, headers.get("Location", ""))
    else:
        raise SCONotesError(f"{address}: redirected over {REDIRECTS} times; {_BY_HAND}")
    if status != 200:
        raise SCONotesError(f"{here}: the server does not give it (status {status}); {_BY_HAND}")
    media = headers.get_content_type()
    kind = KINDS.get(media if headers.get("Content-Type") else "text/html")
    if not kind:
        raise SCONotesError(f"{here}: of the kind {media}; a page, text, PDF or Word file is expected")
    if headers.get("Content-Encoding", "identity") != "identity":
        raise SCONotesError(f"{here}: sent packed, though unasked; {_BY_HAND}")
    if not data:
        raise SCONotesError(f"{here}: an empty answer; {_BY_HAND}")
    return data, kind, here, headers.get_content_charset()


def _checked(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise SCONotesError(f"{address}: not an address ({error})") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise SCONotesError(f"{address}: not an http or https address; give one, or a file")
    if parts.username is not None:
        raise SCONotesError(f"{address}: names and passwords in an address are not sent; {_BY_HAND}")
    return parts


def _resolve(parts: SplitResult, typed: str | None) -> list[tuple[str, int]]:
    """The numbers behind a name, once: what is checked is what is connected to."""
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    was_typed = host == typed and (host == "localhost" or _is_number(host))
    numbers = [ipaddress.ip_address(number.partition("%")[0]) for number in found]
    number = next((number for number in numbers if not number.is_global), None)
    if number and not was_typed:
        raise SCONotesError(
            f"{parts.geturl()}: leads to {number}, an address inside this machine or network that you "
            f"did not type; if it is meant, {_BY_HAND}"
        )
    return [(number, port) for number in found]


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _connect(places: list[tuple[str, int]], left: float) -> socket.socket:
    """To the first that answers: a name may have a number that is of no use here (IPv6)."""
    *others, last = places
    for place in others:
        with suppress(OSError):
            return socket.create_connection(place, timeout=min(left, 5))
    return socket.create_connection(last, timeout=min(left, 10))


def _get(parts: SplitResult, places: list[tuple[str, int]], until: float):
    """One request; no cookie, no referrer, no proxy, nothing packed."""
    left = max(until - time.monotonic(), 0.1)
    sock = _connect(places, left)
    watch = threading.Timer(left, _cut, [sock])
    watch.start()
    try:
        host = parts.hostname or ""
        connection = HTTPConnection(host, parts.port)
        if parts.scheme == "https":
            connection = HTTPSConnection(host, parts.port)
            sock = _context().wrap_socket(sock, server_hostname=host)
        connection.sock = sock
        path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
        query = f"?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?[]')}" if parts.query else ""
        connection.request(
            "GET", path + query, headers={"User-Agent": "sco-notes", "Accept-Encoding": "identity"}
        )
        answer = connection.getresponse()
        data = _body(answer, parts.geturl()) if answer.status == 200 else b""
        if time.monotonic() > until:
            raise TimeoutError
        return answer.status, answer.headers, data
    finally:
        watch.cancel()
        sock.close()


def _body(answer: HTTPResponse, address: str) -> bytes:
    largest = LARGEST["html"] if "html" in answer.headers.get_content_type() else LARGEST_OTHER
    pieces, received = [], 0
    while piece := answer.read1(65_536):
        pieces.append(piece)
        received += len(piece)
        if received > largest:
            raise SCONotesError(f"{address}: over {largest // 1_000_000} MB; {_BY_HAND}")
    if answer.length:
        raise ConnectionError(f"{received:,} of {received + answer.length:,} bytes")
    return b"".join(pieces)


def _context() -> ssl.SSLContext:
    import certifi

    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _cut(sock: socket.socket) -> None:
    with suppress(OSError):  # it has ended by itself
        sock.shutdown(socket.SHUT_RDWR)
