"""A real front end on a pretend wire behind the status server, and a client of that."""

from __future__ import annotations

from collections.abc import Callable

import httpx

from snomtui.office.journal import Entry, Journal
from snomtui.office.orders import Order, Refusal
from snomtui.office.status import Status
from snomtui.remote.console.app import OfficeWeb
from snomtui.remote.intentjson import Object
from tests.office.house import House


class Desk:
    """The doors of a front end, as the composition root makes them."""

    def __init__(self, level: int = 5) -> None:
        self.house = House(level=level)
        self.orders: list[Order] = []
        self.troubles: list[str] = []
        self.listeners: list[Callable[[Entry], None]] = []
        self.breaks = False

    @property
    def journal(self) -> Journal:
        """The office's own."""
        return self.house.office.journal

    def status(self) -> Status:
        """As it is."""
        if self.breaks:
            raise RuntimeError("out of order")
        return self.house.office.status(self.house.now)

    def do(self, order: Order) -> Refusal | None:
        """Do it, and note it."""
        self.orders.append(order)
        refusal = self.house.office.do(order, self.house.now)
        self.house.settle()
        return refusal

    def listen_journal(self, callback: Callable[[Entry], None]) -> Callable[[], None]:
        """Add a listener."""
        self.listeners.append(callback)
        return lambda: self.listeners.remove(callback)

    def trouble(self, why: str) -> None:
        """Note it."""
        self.troubles.append(why)


class Bench:
    """A front end, its status application, and how to ask that."""

    def __init__(self, level: int = 5) -> None:
        self.desk = Desk(level)
        self.house = self.desk.house
        self.web = OfficeWeb(self.desk, "127.0.0.1", lambda: self.house.now)

    async def ask(self, method: str, path: str, **more: object) -> httpx.Response:
        """One request without a socket; redirects are not followed."""
        transport = httpx.ASGITransport(app=self.web, client=("192.0.2.9", 4711))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8090") as client:
            return await client.request(method, path, **more)  # type: ignore[arg-type]

    async def get(self, path: str, **more: object) -> httpx.Response:
        """GET."""
        return await self.ask("GET", path, **more)

    async def order(self, **fields: object) -> tuple[int, Object]:
        """`POST /api/v1/intents`: status and answer."""
        answer = await self.ask("POST", "/api/v1/intents", json=fields)
        return answer.status_code, answer.json()

    def refuse_somebody(self) -> None:
        """A phone that knows NTLMv1 only tries to sign in."""
        client = self.house.client(level=1, user_agent="snom360/7.3.14")
        client.register(self.house.now)
        self.house.settle()
