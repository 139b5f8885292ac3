"""Listening at the wanted port, or at a free one."""

from __future__ import annotations

import pytest

from snomtui.errors import ListenError
from snomtui.kit.box import HostPort
from snomtui.shell.ports import somewhere

HOST, FREE = "127.0.0.1", 40001


class Machine:
    """Where some ports are taken; 0 means a free one, if there is any."""

    def __init__(self, *taken: int) -> None:
        self.taken, self.asked = taken, list[int]()

    async def listen(self, port: int) -> HostPort:
        self.asked.append(port)
        if port in self.taken:
            raise ListenError(f"port {port} is taken")
        return HOST, port or FREE


async def test_listener_gets_the_port_that_it_wants() -> None:
    assert await somewhere(Machine().listen, 5060, moves=True) == ((HOST, 5060), "")


async def test_listener_that_moves_takes_a_free_port_and_says_why() -> None:
    assert await somewhere(Machine(5060).listen, 5060, moves=True) == ((HOST, FREE), "port 5060 is taken")


@pytest.mark.parametrize(("port", "moves", "asked"), [(5060, False, [5060]), (5060, True, [5060, 0]), (0, True, [0])])
async def test_listener_without_a_port_hears_of_the_one_it_wanted(port: int, moves: bool, asked: list[int]) -> None:
    machine = Machine(5060, 0)
    with pytest.raises(ListenError, match=f"port {port} is taken"):
        await somewhere(machine.listen, port, moves)
    assert machine.asked == asked
