"""At which ports the phone's web server listens: what was given, what the settings say, and what was free."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from snomtui.errors import ListenError
from snomtui.kit.box import host_port
from snomtui.settings.registry import Settings
from snomtui.shell.ports import somewhere

if TYPE_CHECKING:  # long to load, and the phone's first picture is not to wait for it
    from snomtui.remote.server import WebServer
    from snomtui.remote.serving import Secured

Given = tuple[str, int | None] | None
"""Where one was told to listen; without a port the settings say it; None = nowhere."""
SCHEMES = ("http", "https")


@dataclass(frozen=True, slots=True)
class Port:
    """How a port is to be."""

    host: str
    port: int
    moves: bool = False
    """Whether a taken port is replaced by a free one."""
    leads: bool = False
    """Whether it only leads to the port of the other scheme."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A port that could not be had as it was wanted."""

    scheme: str
    port: int
    why: str


def planned(given: dict[str, Given], settings: Settings, moves: bool = False) -> dict[str, Port]:
    """The ports by scheme. `webserver_type` says what is served; what was given says where, and wins over `off`.

    A scheme that is switched off leads to the other one, as with the real phone, or is closed if both are off.
    """
    kind = settings.text("webserver_type")
    ports: dict[str, Port] = {}
    for scheme, place in given.items():
        if place is None or (kind == "off" and place[1] is None):
            continue
        host, port = place[0], place[1] if place[1] is not None else settings.number(f"{scheme}_port")
        other = given.get("https" if scheme == "http" else "http")
        leads = kind in SCHEMES and kind != scheme and other is not None
        # Nobody has asked for the HTTPS port of every phone; two on one machine shall not disturb each other.
        unasked = scheme == "https" and place[1] is None and not _is_set(settings, "https_port")
        ports[scheme] = Port(host, port, moves or unasked, leads)
    return ports


class WebPorts:
    """The open ports."""

    def __init__(self, make: Callable[[str, int], WebServer], tls: Secured) -> None:
        """`make(host, port)` builds the web server, when the first port is opened."""
        self._make, self._tls = make, tls
        self._web: WebServer | None = None
        self._open: dict[str, Port] = {}
        self.urls: dict[str, str] = dict.fromkeys(SCHEMES, "")
        """The base URL of each scheme that is served, or empty."""
        self._bound: dict[str, int] = {}
        """The port of each scheme that is open."""

    async def open(self, plan: dict[str, Port]) -> list[Moved]:
        """Listen as planned; what is open already and right stays as it is.

        Returns what is not as it was wanted; a port that cannot be had is left, or stays where it was.
        """
        moved: list[Moved] = []
        for scheme in SCHEMES:
            wanted = plan.get(scheme)
            if wanted is None:
                await self._close(scheme)
            elif wanted != self._open.get(scheme):
                try:
                    why = await self._listen(scheme, wanted)
                except ListenError as error:
                    why = str(error)
                moved += [Moved(scheme, wanted.port, why)] if why else []
        return moved

    async def _listen(self, scheme: str, wanted: Port) -> str:
        if self._web is None:
            self._web = self._make(wanted.host, wanted.port)
        other = "https" if scheme == "http" else "http"
        tls = self._tls if scheme == "https" else None
        instead = partial(self.urls.__getitem__, other) if wanted.leads else None
        old, port = self._open.get(scheme), wanted.port
        if old and (old.host, old.port) == (wanted.host, wanted.port):
            port = self._bound[scheme]  # whoever took any port keeps the one it got
            await self._close(scheme)  # nobody can listen twice at one port
        web, host = self._web, wanted.host
        bound, why = await somewhere(lambda port: web.open(scheme, host, port, tls, instead), port, wanted.moves)
        self._open[scheme], self._bound[scheme] = wanted, bound[1]
        self.urls[scheme] = "" if wanted.leads else f"{scheme}://{host_port(bound)}"
        return why

    async def _close(self, scheme: str) -> None:
        self._open.pop(scheme, None)
        self.urls[scheme] = ""
        if self._web:
            await self._web.close(scheme)

    async def close(self) -> None:
        """Close all of it."""
        if self._web:
            await self._web.stop()
        self._open.clear()


def _is_set(settings: Settings, name: str) -> bool:
    return any(known == name for known, _ in settings.items())
