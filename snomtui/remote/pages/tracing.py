"""`sip_trace.htm` and `pcap.htm`: the SIP messages as text, as arrows, and as a file for Wireshark.

Secrets in them are stars. A large trace is written by another thread, so that no call waits for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from snomtui.remote.intentjson import whole_text
from snomtui.remote.pages.frame import LOOKED_AT, USED, Frame
from snomtui.remote.reply import BadRequest
from snomtui.trace.blanked import blanked
from snomtui.trace.ladder import Ladder
from snomtui.trace.pcapout import pcap
from snomtui.trace.record import Record
from snomtui.trace.textout import heading, text

PAGE, FILE = "/sip_trace.htm", "/sip_trace.txt"
PCAP, CAPTURE = "/pcap.htm", "/trace.pcap"
MOST, LONGEST = 200, 256 * 1024
"""So many messages, and so many bytes of them, are on the page; the newest ones."""
WIDTH = 90
"""Characters of an arrow with its columns."""


def routes(frame: Frame) -> list[Route]:
    """The two pages and their files."""
    pages = Tracing(frame)
    return [
        Route(PAGE, pages.trace, methods=USED),
        Route(FILE, pages.file, methods=LOOKED_AT),
        Route(PCAP, pages.pcap, methods=USED),
        Route(CAPTURE, pages.capture, methods=LOOKED_AT),
    ]


@dataclass(frozen=True, slots=True)
class Capture:
    """A stretch of the trace."""

    first: int
    """The number of its first message."""
    begun: float
    """Seconds since 1970."""
    last: int | None = None
    """The number of its last message; None while it runs."""

    def of(self, records: Sequence[Record]) -> list[Record]:
        """Those that belong to it."""
        return [one for one in records if one.number >= self.first and (self.last is None or one.number <= self.last)]


class Tracing:
    """Answers them."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._capture: Capture | None = None

    async def trace(self, request: Request) -> Response:
        """Show the messages in which `search` stands; by POST forget all (`clear`)."""
        frame = self._frame
        foreign = frame.foreign(request) if request.method == "POST" else None
        if foreign:
            return foreign
        try:
            asked = {name.lower(): value for name, value in await frame.asked(request)}
        except BadRequest as error:
            return frame.message(str(error), error.status)
        if request.method == "POST":
            if "clear" in asked:
                frame.doors.inside.trace.clear()
            return frame.redirect(PAGE, frame.do(request, ()))
        return await self._shown(asked.get("search", "").strip()[:200], asked.get("view", "") == "ladder")

    async def _shown(self, find: str, arrows: bool) -> Response:
        trace = self._frame.doors.inside.trace
        records = tuple(trace)
        found = await run_in_threadpool(_newest, records, find.casefold())
        say: Callable[..., str] = self._frame.language.say
        rows = [] if arrows else [(heading(one), blanked(one).text.rstrip()) for one in found]
        ladder = _arrows(found, say) if arrows else ""
        return self._frame.page(
            "sip_trace.html", here=PAGE, rows=rows, ladder=ladder, find=find, arrows=arrows, count=len(records)
        )

    async def file(self, request: Request) -> Response:
        """All messages as plain text, in the form of snom's own trace."""
        foreign = self._frame.foreign(request)
        if foreign:
            return foreign
        records = tuple(self._frame.doors.inside.trace)
        body = await run_in_threadpool(lambda: whole_text(text(map(blanked, records))).encode())
        return self._sent(body, "text/plain; charset=utf-8", "txt")

    async def pcap(self, request: Request) -> Response:
        """Show how the capture stands; by POST `start` or `stop` it."""
        frame, trace = self._frame, self._frame.doors.inside.trace
        foreign = frame.foreign(request) if request.method == "POST" else None
        if foreign:
            return foreign
        try:
            asked = {name.lower() for name, _ in await frame.asked(request)}
        except BadRequest as error:
            return frame.message(str(error), error.status)
        if request.method == "POST":
            if "start" in asked:
                self._capture = Capture(trace.count + 1, frame.clock())
            elif "stop" in asked and self._capture and self._capture.last is None:
                self._capture = Capture(self._capture.first, self._capture.begun, trace.count)
            return frame.redirect(PCAP, frame.do(request, ()))
        capture = self._capture
        last = trace.count if capture is None or capture.last is None else capture.last
        first = capture.first if capture else 1
        return frame.page(
            "pcap.html",
            here=PCAP,
            capture=capture,
            count=max(0, last - max(first, trace.oldest) + 1),
            lost=max(0, min(trace.oldest, last + 1) - first) if capture else 0,
        )

    async def capture(self, request: Request) -> Response:
        """The messages of the capture as a pcap file; without one, all that are kept."""
        foreign = self._frame.foreign(request)
        if foreign:
            return foreign
        records: Sequence[Record] = tuple(self._frame.doors.inside.trace)
        if self._capture:
            records = self._capture.of(records)
        body = await run_in_threadpool(lambda: pcap(map(blanked, records)))
        return self._sent(body, "application/vnd.tcpdump.pcap", "pcap")

    def _sent(self, body: bytes, kind: str, ending: str) -> Response:
        stamp = datetime.fromtimestamp(self._frame.clock()).strftime("%Y%m%d-%H%M%S")
        name = f"{self._frame.doors.model}-{stamp}.{ending}"
        headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
        return Response(body, 200, {**headers, "x-content-type-options": "nosniff"}, kind)


def _newest(records: Sequence[Record], find: str) -> list[Record]:
    """The newest messages with this in them, the oldest first, as many as fit on a page."""
    found: list[Record] = []
    size = 0
    for one in reversed(records):
        if find and find not in one.gist:
            continue
        size += len(one.data)
        if len(found) == MOST or (found and size > LONGEST):
            break
        found.append(one)
    return found[::-1]


def _arrows(records: Sequence[Record], say: Callable[..., str]) -> str:
    ladder = Ladder(say)
    ladder.take(records)
    lines = ["".join(span[0] for span in ladder.draw(row, WIDTH)).rstrip() for row in ladder.rows]
    return "\n".join([ladder.titles(WIDTH), *lines]) if lines else ""
