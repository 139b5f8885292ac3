"""A presence server in which everybody is restless: `python -m tests.bench.listserver CONTACTS CHANGES`.

One TCP connection, one resource list (RFC 4662) with that many people, and so many changes a second, ten in a NOTIFY.
It prints its port. Orders come on stdin: `flood`, and `mark NUMBER away|busy`, which is told at once. No snomtui in it.
"""

from __future__ import annotations

import asyncio
import re
import sys
from dataclasses import dataclass, field
from random import Random

LIST = "sip:alice-list@pbx.test"
TOGETHER = 10
"""Changes in one NOTIFY."""
MARKED = 3
"""Somebody whom only orders change."""
PIDF = (
    '<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model" '
    'xmlns:r="urn:ietf:params:xml:ns:pidf:rpid" entity="{uri}"><tuple id="t"><status><basic>open</basic></status>'
    '</tuple><dm:person id="p"><r:activities>{activity}</r:activities></dm:person></presence>'
)
ACTIVITIES = {"available": "", "away": "<r:away/>", "busy": "<r:busy/>"}


def uri(number: int) -> str:
    """The address of one of the list."""
    return f"sip:p{number:04}@pbx.test"


def document(version: int, full: bool, states: dict[int, str]) -> bytes:
    """A notification of the list: its index and one presence document for each."""
    members = "".join(
        f'<resource uri="{uri(n)}"><name>Person {n:04}</name><instance id="i" state="active" cid="c{n}@l"/></resource>'
        for n in states
    )
    index = (
        f'<list xmlns="urn:ietf:params:xml:ns:rlmi" uri="{LIST}" version="{version}" '
        f'fullState="{"true" if full else "false"}">{members}</list>'
    )
    parts = [("application/rlmi+xml", "list@l", index)]
    for number, state in states.items():
        body = PIDF.format(uri=uri(number), activity=ACTIVITIES[state])
        parts.append(("application/pidf+xml", f"c{number}@l", body))
    text = "".join(f"--b\r\nContent-Type: {kind}\r\nContent-ID: <{id}>\r\n\r\n{body}\r\n" for kind, id, body in parts)
    return (text + "--b--\r\n").encode()


@dataclass
class Server:
    """What it knows of the one phone."""

    contacts: int
    changes: int
    dice: Random = field(default_factory=lambda: Random(4))
    subscribed: dict[str, str] = field(default_factory=dict)
    """The headers of the SUBSCRIBE to the list, by lower-case name."""
    writer: asyncio.StreamWriter | None = None
    sent: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer what the phone asks."""
        self.writer = writer
        while head := await _head(reader):
            lines = head.decode("utf-8", "replace").split("\r\n")
            headers = {name.strip().lower(): value.strip() for name, _, value in (x.partition(":") for x in lines[1:])}
            length = int(headers.get("content-length") or headers.get("l") or 0)
            await reader.readexactly(length)
            if not lines[0].startswith("SIP/2.0"):
                self.answer(lines, headers)

    def answer(self, lines: list[str], headers: dict[str, str]) -> None:
        """200 to what it needs; 489 to every other subscription."""
        method = lines[0].split(" ")[0]
        if method == "ACK":
            return
        listed = method == "SUBSCRIBE" and LIST in lines[0]
        status = "489 Bad Event" if method == "SUBSCRIBE" and not listed else "200 OK"
        kept = [x for x in lines[1:] if x.partition(":")[0].strip().lower() in ("via", "from", "call-id", "cseq")]
        tagged = headers["to"] if "tag=" in headers["to"] else headers["to"] + ";tag=list"
        extra = [f"Contact: {headers['contact']}"] if method == "REGISTER" else ["Contact: <sip:list@127.0.0.1>"]
        extra += ["SIP-ETag: e"] if method == "PUBLISH" else []
        self.write(f"SIP/2.0 {status}", [*kept, f"To: {tagged}", *extra, "Expires: 3600"])
        if listed and "tag=" not in headers["to"]:
            self.subscribed = {**headers, "to": tagged}
            self.notify(True, dict.fromkeys(range(self.contacts), "available"))

    def notify(self, full: bool, states: dict[int, str]) -> None:
        """Tell some of the list."""
        to, of = self.subscribed, re.search(r"<([^>]+)>", self.subscribed["contact"])
        assert of
        self.sent += 1
        headers = [
            f"Via: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bK{self.sent}",
            f"From: {to['to']}",
            f"To: {to['from']}",
            f"Call-ID: {to['call-id']}",
            f"CSeq: {self.sent} NOTIFY",
            "Max-Forwards: 70",
            "Contact: <sip:list@127.0.0.1>",
            "Event: presence",
            "Require: eventlist",
            "Subscription-State: active;expires=3000",
            'Content-Type: multipart/related;type="application/rlmi+xml";start="<list@l>";boundary=b',
        ]
        self.write(f"NOTIFY {of[1]} SIP/2.0", headers, document(self.sent, full, states))

    def write(self, first: str, headers: list[str], body: bytes = b"") -> None:
        """One message to the phone."""
        assert self.writer
        text = "\r\n".join([first, *headers, f"Content-Length: {len(body)}", "", ""])
        self.writer.write(text.encode() + body)

    async def flood(self) -> None:
        """So many changes a second, as evenly as can be."""
        loop = asyncio.get_running_loop()
        begin, told = loop.time(), 0
        while True:
            while told < (loop.time() - begin) * self.changes / TOGETHER:
                drawn = self.dice.sample(range(self.contacts), TOGETHER)
                states = {n: self.dice.choice(list(ACTIVITIES)) for n in drawn if n != MARKED}
                self.notify(False, states)
                told += 1
            await asyncio.sleep(0.002)


async def _head(reader: asyncio.StreamReader) -> bytes:
    try:
        head = (await reader.readuntil(b"\r\n\r\n"))[:-4].lstrip(b"\r\n")
        return head or await _head(reader)
    except (asyncio.IncompleteReadError, ConnectionError):
        return b""


async def main(contacts: int, changes: int) -> None:
    """Serve until stdin ends."""
    server = Server(contacts, changes)
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    print(listening.sockets[0].getsockname()[1], flush=True)
    orders = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    tasks = set[asyncio.Task[None]]()
    while order := (await orders.readline()).decode().split():
        if order[0] == "flood":
            tasks.add(asyncio.create_task(server.flood()))
        else:
            server.notify(False, {int(order[1]): order[2]})


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
