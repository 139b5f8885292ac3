"""The phone in a web browser: joins the page of `remote` with the apps of `ui`, and lives in `snomtui browse`.

What draws is imported when the first tab is opened.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from contextvars import copy_context
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from snomtui.errors import LocalError
from snomtui.given import address
from snomtui.kit.box import HostPort, host_port
from snomtui.skin import Skin

if TYPE_CHECKING:
    from snomtui.house import Telephone
    from snomtui.remote.screen.server import ScreenServer
    from snomtui.ui.picture.camera import Camera
    from snomtui.ui.tab import Tab

BROWSE = ("127.0.0.1", 8081)
_TRANSPORTS = ("tls:", "tcp:")


class Tabs:
    """Makes the screens of one phone, one for each tab. To be made where the phone lives: in its loop and context."""

    def __init__(self, telephone: Telephone, skin: Skin, **given: Any) -> None:
        """`given` goes to each `PhoneApp`."""
        self._telephone, self._skin, self._given = telephone, skin, given
        self._home = copy_context()
        self._camera: Camera | None = None

    @property
    def sizes(self) -> tuple[tuple[int, int], ...]:
        """Columns and rows of each face, the largest first, with one row for the line below it."""
        skins = self._given.get("skins")
        faces = (skins.skin if skins else self._skin).faces
        return tuple((face.width, face.height + 1) for face in faces)

    def open(self, columns: int, rows: int) -> Tab:
        """A screen of this size."""
        from snomtui.ui.tab import Tab

        return Tab(self._telephone, self._skin, (columns, rows), self._home, self._trouble, **self._given)

    async def picture(self, kind: str) -> bytes:
        """The phone as it looks now: `svg` or `png` with its case, `bmp` the display alone; raises `DrawingError`."""
        if self._camera is None:
            # What draws takes a while to load, and a call shall not wait for it.
            await asyncio.to_thread(import_module, "snomtui.ui.picture.camera")
            self._camera = self._camera or self._made()
        return await self._camera.picture(kind)

    def _made(self) -> Camera:
        from snomtui.ui.picture.camera import Camera

        skins, given = self._given.get("skins"), {**self._given, "skins": None}
        return Camera(self._telephone, lambda: skins.skin if skins else self._skin, self._home, **given)

    async def put_away(self) -> None:
        """No pictures are wanted any more."""
        if self._camera is not None:
            await self._camera.close()

    def _trouble(self, why: str) -> None:
        self._telephone.logbook.write(2, why, self._telephone.runner.clock.now())


def split(listen: list[str]) -> tuple[list[str], list[str]]:
    """`--listen` of `browse`: where the page is, and where the front end of `--demo` listens (`tls:`, `tcp:`)."""
    office = [text for text in listen if text.startswith(_TRANSPORTS)]
    return [text for text in listen if not text.startswith(_TRANSPORTS)], office


def where(listen: list[str]) -> tuple[str, int]:
    """Where the page is to be; the last one wins. Raises `LocalError`."""
    found = address(listen[-1] if listen else None, "--listen", BROWSE)
    if found is None:
        raise LocalError("--listen off: the phone in the browser needs an address, HOST:PORT")
    return found


class Window:
    """What `snomtui browse` does beside the phone: serves the page, and says where."""

    def __init__(self, telephone: Telephone, tabs: Tabs, at: tuple[str, int]) -> None:
        self._telephone, self._tabs, self._at = telephone, tabs, at
        self._server: ScreenServer | None = None
        self.url = ""
        """Where the page is, once it is served."""

    async def start(self) -> None:
        """Serve the page, at a free port if the wanted one is taken; raises `ListenError`."""
        from snomtui.remote.screen.server import ScreenServer
        from snomtui.shell.ports import somewhere

        host, port = self._at

        async def listen(port: int) -> HostPort:
            server = ScreenServer(self._telephone, self._tabs, host, port, self._trouble)
            bound = await server.start()
            self._server = server
            return bound

        bound, wrong = await somewhere(listen, port, moves=True)
        self.url = _url(bound)
        print(f"The phone is at {self.url}" + (f" (port {port} is taken)" if wrong else ""), flush=True)
        settings = self._telephone.settings
        if _is_open(bound[0]) and not settings.text("http_user") and not settings.text("http_pass"):
            print(
                "Other machines can reach it, and it asks for no login: set http_user and http_pass.", file=sys.stderr
            )

    async def stop(self) -> None:
        """Close all tabs."""
        if self._server:
            await self._server.stop()

    def _trouble(self, why: str) -> None:
        self._telephone.logbook.write(2, f"The phone in the browser: {why}", self._telephone.runner.clock.now())


class Home(Protocol):
    """A phone with everything that belongs to it."""

    async def start(self) -> None:
        """Switch it on."""

    async def stop(self) -> None:
        """End calls, sign off, close."""

    def places(self) -> list[tuple[str, str]]:
        """The web pages: what each is, and its address, empty if it is off."""


async def live(home: Home, window: Window, show: bool, settled: Callable[[], None]) -> int:
    """Serve the page and be a phone until a signal comes; `show` opens the desktop's browser.

    `settled` is called once all stands.
    """
    import webbrowser

    from snomtui.headless import obey_signals

    ended = asyncio.Event()
    obey_signals(ended)
    try:
        await window.start()
        await home.start()
        settled()
        for what, url in home.places():
            if url:
                print(f"{what}: {url}")
        print("Every tab shows the same phone. Ctrl+C ends calls, signs off and ends.", flush=True)
        if show and not await asyncio.to_thread(webbrowser.open, window.url):
            print("No browser was found here: open the address yourself.", file=sys.stderr)
        await ended.wait()
    finally:
        await window.stop()
        await home.stop()
    return 0


def _url(bound: HostPort) -> str:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(bound[0], bound[0])
    return f"http://{host_port((host, bound[1]))}/"


def _is_open(host: str) -> bool:
    from snomtui.remote.console.server import is_open

    return is_open(host)
