"""The pages below Status."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from snomtui.remote.pages.frame import LOOKED_AT, Frame


def routes(frame: Frame) -> list[Route]:
    """`info.htm`."""
    return [Route("/info.htm", Status(frame).info, methods=LOOKED_AT)]


class Status:
    """Answers them."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    async def info(self, request: Request) -> Response:
        """`info.htm`: system information, one `Name: value` a line."""
        frame = self._frame
        minutes = int(frame.clock() - frame.started) // 60
        uptime = f"{minutes // 1440} days, {minutes // 60 % 24} hours, {minutes % 60} minutes"
        mac = frame.doors.settings.text("sim_mac")
        return frame.page("info.html", uptime=uptime, mac=mac, identities=frame.doors.snapshot().identities)
