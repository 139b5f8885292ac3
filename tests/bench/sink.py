"""A far end made of one UDP socket: it takes every registration and is busy for every call. No snomtui in it."""

from __future__ import annotations

import socket
import time

PATIENCE = 5.0
"""Seconds after which a request that does not come is an error."""


class Sink:
    """Answers one datagram after the other; a context manager."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(PATIENCE)
        self.port = int(self._socket.getsockname()[1])

    def __enter__(self) -> Sink:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def until(self, method: str) -> float:
        """Answer everything up to the first request of this method; returns the moment at which that one came."""
        while True:
            data, peer = self._socket.recvfrom(65536)
            moment = time.perf_counter()
            answered = answer(data)
            if answered:
                self._socket.sendto(answered, peer)
            if data.startswith(method.encode() + b" "):
                return moment


def answer(request: bytes) -> bytes | None:
    """200 to REGISTER, 486 to INVITE, 481 to the rest; nothing to ACK, to answers and to keep-alives."""
    lines = request.partition(b"\r\n\r\n")[0].split(b"\r\n")
    method = lines[0].partition(b" ")[0]
    if not lines[0].endswith(b" SIP/2.0") or method == b"ACK":
        return None
    status = {b"REGISTER": b"200 OK", b"INVITE": b"486 Busy Here"}.get(method, b"481 No Such Call")
    kept = {b"via", b"from", b"to", b"call-id", b"cseq"} | ({b"contact"} if method == b"REGISTER" else set())
    copied = [line for line in lines[1:] if line.partition(b":")[0].strip().lower() in kept]
    tagged = [line + b";tag=sink" if line.lower().startswith(b"to:") else line for line in copied]
    return b"\r\n".join((b"SIP/2.0 " + status, *tagged, b"Expires: 300", b"Content-Length: 0", b"", b""))
