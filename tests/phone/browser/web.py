"""A phone, and a web that the test plays: pages by URL."""

from __future__ import annotations

from collections.abc import Mapping

from snomtui.kit.box import Fetch, Fetched, Log
from snomtui.phone.intents import Show
from snomtui.skin import Shape
from tests.line.peer import Peer
from tests.phone.bench import SHAPE, Bench

XML = "text/xml"


class Web(Bench):
    """What the phone asks for is answered when the test says so."""

    def __init__(
        self,
        pages: Mapping[str, str | bytes | Fetched] | None = None,
        peer: Peer | None = None,
        shape: Shape = SHAPE,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.pages = dict(pages or {})
        self._answered = 0
        super().__init__(peer, shape=shape, settings=settings)

    @property
    def fetches(self) -> list[Fetch]:
        """Everything that was asked for."""
        return self.done(Fetch)

    @property
    def urls(self) -> list[str]:
        """The same as URLs."""
        return [fetch.url for fetch in self.fetches]

    def serve(self) -> None:
        """Answer what was asked for since the last time, and what that leads to at once."""
        while len(self.fetches) > self._answered:
            fetch = self.fetches[self._answered]
            self._answered += 1
            self.phone.fetched(fetch.ask, self._answer(fetch), self.now)
            self.wire.settle()

    def _answer(self, fetch: Fetch) -> Fetched:
        page = self.pages.get(fetch.url)
        if isinstance(page, Fetched):
            return page
        if page is None:
            return Fetched(fetch.url, 404, "text/html", b"<html>no</html>")
        return Fetched(fetch.url, 200, XML, page.encode() if isinstance(page, str) else page)

    def show(self, url: str) -> None:
        """A person wants to see a page."""
        refusal = self.do(Show(url))
        assert refusal is None, refusal
        self.serve()

    def tap(self, *keys: str) -> None:
        """Press keys, and have answered what they ask for."""
        for key in keys:
            self.press(key)
            self.serve()

    def wait(self, seconds: float) -> None:
        """Turn the clock, and have answered what that asks for."""
        self.advance(seconds)
        self.serve()

    @property
    def log(self) -> list[str]:
        """The phone's log, level first."""
        return [f"[{line.level}]{line.text}" for line in self.done(Log)]
