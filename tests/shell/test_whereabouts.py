"""Noticing that this machine has another address now."""

from __future__ import annotations

import socket

import pytest

from snomtui.kit.box import HostPort
from snomtui.shell.whereabouts import Whereabouts

PBX, OFFICE = ("192.0.2.1", 5060), ("198.51.100.1", 5061)


class Machine:
    """A machine whose addresses a test decides."""

    def __init__(self) -> None:
        self.towards: dict[str, str] = {PBX[0]: "10.0.0.5", OFFICE[0]: "10.1.0.5"}
        self.asked = 0
        self.moved: list[tuple[int, str]] = []
        self.whereabouts = Whereabouts(lambda conn, why: self.moved.append((conn, why)), self._here)

    def _here(self, family: socket.AddressFamily, remote: HostPort) -> str:
        self.asked += 1
        if remote[0] not in self.towards:
            raise OSError("no route")
        return self.towards[remote[0]]


async def test_connection_from_the_old_address_is_told_once() -> None:
    machine = Machine()
    machine.whereabouts.note(1, "10.0.0.5", PBX)
    machine.whereabouts.look()
    assert machine.moved == []
    machine.towards[PBX[0]] = "10.0.0.9"
    machine.whereabouts.look()
    machine.whereabouts.look()
    assert machine.moved == [(1, "The address of this machine has changed from 10.0.0.5 to 10.0.0.9")]
    machine.whereabouts.stop()


async def test_other_connections_are_left_alone() -> None:
    machine = Machine()
    machine.whereabouts.note(1, "10.0.0.5", PBX)
    machine.whereabouts.note(2, "10.1.0.5", OFFICE)
    machine.towards[PBX[0]] = "10.0.0.9"
    machine.whereabouts.look()
    assert [conn for conn, _ in machine.moved] == [1]
    machine.whereabouts.stop()


async def test_network_that_is_not_there_just_now_says_nothing() -> None:
    machine = Machine()
    machine.whereabouts.note(1, "10.0.0.5", PBX)
    del machine.towards[PBX[0]]
    machine.whereabouts.look()
    assert machine.moved == []
    machine.whereabouts.stop()


@pytest.mark.parametrize("local", ["127.0.0.1", "127.0.0.2", "::1"])
async def test_connections_inside_this_machine_are_not_watched(local: str) -> None:
    machine = Machine()
    machine.whereabouts.note(1, local, PBX)
    machine.whereabouts.look()
    assert (machine.asked, machine.moved) == (0, [])


async def test_thousand_connections_to_one_server_cost_one_look() -> None:
    machine = Machine()
    for conn in range(1, 1001):
        machine.whereabouts.note(conn, "10.0.0.5", PBX)
    machine.whereabouts.look()
    assert machine.asked == 1
    machine.whereabouts.stop()


async def test_closed_connection_is_forgotten() -> None:
    machine = Machine()
    machine.whereabouts.note(1, "10.0.0.5", PBX)
    machine.whereabouts.forget(1)
    machine.towards[PBX[0]] = "10.0.0.9"
    machine.whereabouts.look()
    assert machine.moved == []
    machine.whereabouts.stop()
