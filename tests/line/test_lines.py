"""Many lines as one box."""

from __future__ import annotations

from snomtui.kit.box import Send
from snomtui.line.account import account_of
from snomtui.line.events import RegistrationChanged
from snomtui.line.line import Line
from snomtui.line.lines import Lines
from snomtui.settings.registry import Settings
from tests.line.peer import HEIKO, Peer
from tests.wire import Wire, surroundings


class Crowd:
    """Some lines at one peer."""

    def __init__(self, size: int) -> None:
        self.box, self.peer = Lines(surroundings()), Peer()
        self.wire = Wire(self.box, self.peer)
        self.lines = [self._line(number) for number in range(size)]
        self.told: list[tuple[Line, str]] = []

    def _line(self, number: int) -> Line:
        account = account_of(Settings({**HEIKO, "user_name1": f"phone{number}"}), 1, "snom370")
        assert account
        return self.box.add(account)

    def start(self) -> None:
        for line in self.lines:
            self.box.do(line, lambda: line.start(self.wire.now), self.wire.now)  # noqa: B023  called at once
        self.settle()

    def settle(self) -> None:
        self.wire.settle()
        events = self.box.events()
        self.told += [(line, event.state) for line, event in events if isinstance(event, RegistrationChanged)]

    def states(self, line: Line) -> list[str]:
        return [state for each, state in self.told if each is line]


def test_every_line_registers_over_a_connection_of_its_own() -> None:
    crowd = Crowd(20)
    crowd.start()
    assert all(crowd.states(line) == ["registering", "registered"] for line in crowd.lines)
    users = [request.to.uri.user for request in crowd.peer.asked("REGISTER")]
    assert sorted(users) == sorted(f"phone{number}" for number in range(20))


def test_every_line_is_woken_for_its_own_refresh() -> None:
    crowd = Crowd(5)
    crowd.start()
    crowd.wire.advance(201)
    assert len(crowd.peer.asked("REGISTER")) == 10


def test_lost_connection_concerns_its_own_line_only() -> None:
    crowd = Crowd(3)
    crowd.start()
    conn = crowd.lines[1].conn
    crowd.wire.cut(crowd.box)
    crowd.settle()
    assert all(crowd.states(line)[-1] == "waiting" for line in crowd.lines)
    crowd.wire.advance(10)
    crowd.settle()
    assert all(crowd.states(line)[-1] == "registered" for line in crowd.lines)
    assert crowd.lines[1].conn != conn


def test_line_that_is_removed_neither_speaks_nor_hears() -> None:
    crowd = Crowd(2)
    crowd.start()
    gone, conn = crowd.lines[0], crowd.lines[0].conn
    crowd.box.remove(gone, crowd.wire.now)
    crowd.settle()
    before = len(crowd.peer.requests)
    crowd.box.receive(conn, b"OPTIONS sip:x SIP/2.0\r\n\r\n", crowd.wire.now)
    crowd.wire.advance(500)
    assert {request.to.uri.user for request in crowd.peer.requests[before:]} == {"phone1"}
    assert not [each for each in crowd.box.outbox() if isinstance(each, Send)]


def test_server_that_is_never_there_costs_no_memory() -> None:
    crowd = Crowd(1)
    crowd.wire.refusing = True
    crowd.start()
    crowd.wire.advance(300 * 50)
    assert crowd.states(crowd.lines[0])[-1] == "waiting"
    assert len(crowd.box._owners) <= 1
