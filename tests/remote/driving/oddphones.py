"""Stand-ins on raw sockets for web servers as real phones and other boxes have them."""

from __future__ import annotations

import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Behaviour = Callable[[bytes], bytes]
"""What is answered to a whole request; nothing = the connection is closed in peace."""

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nServer: snom embedded\r\nContent-Length: 13\r\n\r\n<html></html>"
FOUND = b"HTTP/1.1 302 Found\r\nLocation: index.htm\r\nServer: snom embedded\r\nContent-Length: 0\r\n\r\n"
NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


@dataclass
class Odd:
    """A server that runs, and all requests that came."""

    port: int
    secure: bool = False
    asked: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http{'s' if self.secure else ''}://127.0.0.1:{self.port}"

    @property
    def lines(self) -> list[str]:
        """The request lines, without the version."""
        return [request.partition(b"\r\n")[0].decode().rpartition(" ")[0] for request in self.asked]

    def dials(self) -> int:
        """How many requests asked for a call."""
        return sum("number=" in line for line in self.lines)


def page(status: str, body: str, *headers: str) -> bytes:
    """One answer with a page."""
    lines = (f"HTTP/1.1 {status}", "Content-Type: text/html", f"Content-Length: {len(body.encode())}", *headers)
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def logged_in(asks: str, then: bytes, wanted: str) -> Behaviour:
    """Asks for a login, and answers `then` to a request that has `wanted` in its Authorization."""

    def behave(request: bytes) -> bytes:
        head = request.decode("latin-1")
        found = next((line for line in head.split("\r\n") if line.lower().startswith("authorization:")), "")
        return then if wanted in found else page("401 Unauthorized", "", f"WWW-Authenticate: {asks}")

    return behave


@contextmanager
def odd(behave: Behaviour, tls: ssl.SSLContext | None = None) -> Iterator[Odd]:
    """A server that behaves so."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        made = Odd(listening.getsockname()[1], tls is not None)
        end = threading.Event()

        def serve() -> None:
            while True:
                sock, _ = listening.accept()
                if end.is_set():
                    sock.close()
                    return
                with suppress(OSError), sock:
                    _converse(sock if tls is None else tls.wrap_socket(sock, server_side=True), made, behave)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield made
        finally:
            end.set()
            socket.create_connection(("127.0.0.1", made.port)).close()
            thread.join()


def _converse(sock: socket.socket, odd: Odd, behave: Behaviour) -> None:
    with sock:
        sock.settimeout(5)
        request = b""
        while b"\r\n\r\n" not in request:
            more = sock.recv(65536)
            if not more:
                return
            request += more
        head, _, body = request.partition(b"\r\n\r\n")
        counted = re.search(rb"(?i)\r\ncontent-length: *([0-9]+)", head)
        length = int(counted[1]) if counted else 0
        while len(body) < length:
            body += sock.recv(65536)
        whole = head + b"\r\n\r\n" + body
        odd.asked.append(whole)
        sock.sendall(behave(whole))
