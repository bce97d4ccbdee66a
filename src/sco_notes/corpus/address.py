"""One web address to a file, by requests: few redirects, limits of size and time, no private addresses.

This happens in a process of its own, which ends with the time limit, whatever a server does.
"""

import ipaddress
import re
import socket
from contextlib import suppress
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from ..errors import SCONotesError, shown
from ..processes import answer, run_limited
from .formats import KINDS
from .formats.isolation import LARGEST, MEMORY

SECONDS = 30  # for everything: a server may also send a byte now and then
REDIRECTS = 5
# Where IPv6 has an address of IPv4, from which byte: mapped, compatible, NAT64, 6to4.
_HOLDS_IPV4 = {"::ffff:0:0/96": 12, "::/96": 12, "64:ff9b::/96": 12, "64:ff9b:1::/48": 12, "2002::/16": 2}
_BY_HAND = "open it in a browser, save it and add the file"


def fetch(address: str, file: Path) -> dict:
    """Download one address into a file; return "kind" (html, pdf ...), final "address", stated "encoding".

    Follows five redirects at most. What resolves to a private or loopback address is refused, redirects too,
    unless that very address (or localhost) was typed: a page shall not make this machine ask its neighbours.
    Raises SCONotesError for all that goes wrong.
    """
    task = {"address": address, "file": str(file), "memory": MEMORY}
    try:
        return run_limited(__name__, task, SECONDS)
    except (TimeoutError, ChildProcessError) as error:
        reason = f"could not be downloaded ({error})"
        raise SCONotesError(f"{address}: {reason}; check the address, or {_BY_HAND}") from None


def download(task: dict) -> dict:
    """Download "address" into "file", in the child process; return what `fetch` does."""
    import requests

    try:
        with requests.Session() as session:
            return _download(task["address"], Path(task["file"]), session)
    except (OSError, ValueError, MemoryError) as error:  # those of requests are such
        reason = f"could not be downloaded ({innermost(error)})"
        raise SCONotesError(f"{task['address']}: {reason}; check the address, or {_BY_HAND}") from None


def _download(address: str, file: Path, session) -> dict:
    session.headers["User-Agent"] = "sco-notes"
    session.auth = lambda request: request  # no passwords from a file .netrc
    here, page = open_page(address, session, SECONDS, _guard_connections(address))
    if page.status_code != 200:
        raise SCONotesError(f"{here}: the server does not give it (status {page.status_code}); {_BY_HAND}")
    media, _, stated = page.headers.get("Content-Type", "text/html").lower().partition(";")
    kind = next((kind for kind, about in KINDS.items() if media.strip() in about.get("media", ())), "")
    if not kind:
        raise SCONotesError(f"{here}: of the kind {media}; a page, text, PDF or Word file is expected")
    data = receive(page, LARGEST[kind])
    if not data or len(data) > LARGEST[kind]:
        fault = f"over {LARGEST[kind] // 1_000_000} MB" if data else "an empty answer"
        raise SCONotesError(f"{here}: {fault}; {_BY_HAND}")
    file.write_bytes(data)
    charset = re.search(r"charset=[\"']?([\w-]+)", stated)
    return {"kind": kind, "address": here, "encoding": charset and charset[1]}


def open_page(address: str, session, timeout, allowed: set) -> tuple:
    """Request an address with a session of requests: where REDIRECTS at most led, and the answer, streamed.

    Raises SCONotesError where one leads inside this machine or network, to a host that is not `allowed`.
    """
    # It would read what comes with a redirect, all of it.
    session.resolve_redirects = lambda *_, **__: iter(())
    here = address
    for _ in range(REDIRECTS + 1):
        parts = urlsplit(here)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
            raise SCONotesError(f"{here}: not an http or https address without a password; give one")
        with suppress(OSError):  # behind a proxy this process looks up the name of the proxy only
            _refuse_inside(parts.hostname, socket.getaddrinfo(parts.hostname, None), allowed)
        page = session.get(here, allow_redirects=False, stream=True, timeout=timeout)
        if not page.is_redirect:
            return here, page
        page.close()
        here = urljoin(here, page.headers["Location"])
    raise SCONotesError(f"{address}: redirected over {REDIRECTS} times; {_BY_HAND}")


def receive(page, largest: int) -> bytes:
    """Return the body of a streamed answer of requests, cut off soon after `largest` bytes."""
    data = bytearray()
    for piece in page.iter_content(65_536):
        data += piece
        if len(data) > largest:
            break
    return bytes(data)


def innermost(error: BaseException) -> str:
    """Say what began an error: requests wraps errors of urllib3, which wrap those of the system."""
    inner = getattr(error, "reason", None) or (error.args[-1] if error.args else None)
    if isinstance(inner, BaseException):
        return innermost(inner)
    return shown(str(error).rsplit(": ", 1)[-1], 160) or type(error).__name__


def _refuse_inside(name: str, found: list, allowed: set) -> None:
    """Raise for an address of this machine or network, or of a group; also where it holds one of IPv4."""
    for entry in found:
        said = number = ipaddress.ip_address(entry[4][0].partition("%")[0])
        for network, at in _HOLDS_IPV4.items():
            if number.version == 6 and number in ipaddress.ip_network(network):
                number = ipaddress.ip_address(number.packed[at : at + 4])
        if name not in allowed and (not number.is_global or number.is_multicast):
            inside = f"{said}, an address inside this machine or network that you did not type"
            raise SCONotesError(f"{name}: leads to {inside}; if it is meant, {_BY_HAND}")


def _guard_connections(typed: str) -> set:
    """Refuse in this process all connections inside this machine or network but to what was typed."""
    from requests.utils import get_environ_proxies

    host = urlsplit(typed).hostname or ""
    allowed = {urlsplit(proxy).hostname for proxy in get_environ_proxies(typed).values()}
    if host == "localhost" or re.fullmatch(r"[\d.]+|.*:.*", host):
        allowed.add(host)
    look_up = socket.getaddrinfo

    def guarded(name, *arguments, **options):
        found = look_up(name, *arguments, **options)
        _refuse_inside(name, found, allowed)
        return found

    socket.getaddrinfo = guarded  # type: ignore[assignment]  # what is checked is what is connected to
    return allowed


if __name__ == "__main__":
    answer(download)
