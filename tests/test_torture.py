"""The real program with every message of RFC 4475 and RFC 5118 on its UDP socket, byte by byte."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from snomtui.sip.headers import Headers
from snomtui.sip.message import Message, Request, Response, respond
from snomtui.sip.stream import datagram
from tests.line.peer import sdp
from tests.phones import HeadlessPhone
from tests.sip.torture import invalid, ipv6, semantics, valid

MESSAGES = {**valid.MESSAGES, **invalid.MESSAGES, **semantics.MESSAGES, **ipv6.MESSAGES}
MOST = 100
"""So many packets are read at most for one that is waited for."""


class Registrar:
    """A server on a real socket that knows everybody."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(15)
        self.port: int = self._socket.getsockname()[1]
        self.phone: tuple[str, int] = ("", 0)

    def send(self, data: bytes | Message) -> None:
        """One packet to the phone."""
        self._socket.sendto(bytes(data), self.phone)

    def _read(self) -> Iterator[Message]:
        for _ in range(MOST):
            data, self.phone = self._socket.recvfrom(65536)
            read = datagram(data)
            if isinstance(read, Request | Response):
                yield read

    def asked(self, method: str) -> Request:
        """Serve until a request of this method comes; a REGISTER is granted at once."""
        for read in self._read():
            if isinstance(read, Request):
                if read.method == "REGISTER":
                    bound = f"{read.headers.get('Contact')};expires=600"
                    self.send(respond(read, 200, tag="registrar", headers=[("Contact", bound)]))
                if read.method == method:
                    return read
        raise AssertionError(f"no {method} came")

    def answered(self, request: Request) -> Response:
        """Ask, and serve until the answer is here."""
        self.send(request)
        for read in self._read():
            if isinstance(read, Response) and read.call_id == request.call_id:
                return read
        raise AssertionError("no answer came")

    def make(self, method: str) -> Request:
        """A request to the phone."""
        place = f"127.0.0.1:{self.port}"
        headers = Headers.of(
            ("Via", f"SIP/2.0/UDP {place};branch=z9hG4bK-{method}"),
            ("From", "<sip:anna@example.org>;tag=anna"),
            ("To", "<sip:heiko@example.org>"),
            ("Call-ID", f"still-alive-{method}"),
            ("CSeq", f"1 {method}"),
            ("Contact", f"<sip:anna@{place}>"),
        )
        return Request(method, "sip:heiko@example.org", headers)

    def close(self) -> None:
        """Let the socket go."""
        self._socket.close()


@pytest.fixture
def registrar() -> Iterator[Registrar]:
    """A registrar for one test."""
    one = Registrar()
    yield one
    one.close()


def test_phone_that_got_them_all_on_its_socket_still_registers_and_calls(registrar: Registrar, tmp_path: Path) -> None:
    login = {"user_name1": "heiko", "user_host1": "example.org", "sim_media_source": "silence"}
    proxy = f"127.0.0.1:{registrar.port};transport=udp"
    with HeadlessPhone(tmp_path, {**login, "user_outbound1": proxy}) as phone:
        registrar.asked("REGISTER")
        phone.registered()
        for data in MESSAGES.values():
            registrar.send(data)
        assert registrar.answered(registrar.make("OPTIONS")).status in (200, 486)
        phone.do("hangup", every=True)
        phone.do("register")
        registrar.asked("REGISTER")
        invite = registrar.make("INVITE").with_body("application/sdp", sdp())
        assert registrar.answered(invite).status in (100, 180)
        phone.call("offered", number="anna")
        phone.do("hangup", every=True)
        phone.do("dial", number="bob@example.org")
        assert registrar.asked("INVITE").uri == "sip:bob@example.org"
