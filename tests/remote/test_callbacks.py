"""Action URLs of a whole phone at the simulated front end, and small web servers that take them as they can."""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.phones import PATIENCE, Program, until

STEPS = ("offhook", "outgoing", "connected", "disconnected", "onhook")
JAN = "+4930123456"
ANSWERS = {
    "silent": None,
    "closes": b"",
    "short": b"HTTP/1.0 200 OK\r\n\r\n",
    "endless": b"HTTP/1.1 200 OK\r\n\r\n",
    "wrong": b"what?\r\n\r\n",
}
"""What servers answer; None = nothing, ever. After the endless answer the connection stays open."""


class Callbacks:
    """A web server that serves one connection after the other, by hand."""

    def __init__(self, manner: str) -> None:
        self.heard: list[str] = []
        self._manner = manner
        self._kept: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                conn, _ = self._listening.accept()
            except OSError:
                return
            self.heard.append(conn.recv(4096).decode().split()[1])
            said = ANSWERS[self._manner]
            if said:
                conn.sendall(said)
            if said is None or self._manner == "endless":
                self._kept.append(conn)
            else:
                conn.close()

    @property
    def events(self) -> list[str]:
        """What happened, in the order in which it came."""
        return [parse_qs(urlsplit(target).query)["event"][0] for target in self.heard]

    def close(self) -> None:
        """Listen no more."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for conn in self._kept:
            conn.close()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """A demo that is registered."""
    folder: Path = tmp_path_factory.mktemp("callbacks")
    command = [sys.executable, "-m", "snomtui", "demo", "--headless", "--http", "127.0.0.1:0", "--log-level", "7"]
    command += ["--listen", "tls:127.0.0.1:0", "--state-dir", str(folder)]
    with Program("demo", command) as program:
        program.first("ready")
        program.expect("registration", state="registered")
        wants(program, "set", name="dnd_mode", value="on")  # nobody shall call in between
        yield program


def wants(program: Program, do: str, **fields: object) -> None:
    """Give an order that is obeyed."""
    program.say(json.dumps({"do": do, **fields}))
    assert program.expect("did", do=do)["ok"]


@pytest.mark.parametrize("manner", list(ANSWERS))
def test_server_hears_a_call_in_its_order_and_holds_up_nothing(demo: Program, manner: str) -> None:
    server = Callbacks(manner)
    for step in STEPS:
        url = f"{server.url}/event?ip=$phone_ip&event={step}&local=$local&remote=$remote"
        wants(demo, "set", name=f"action_{step}_url", value=url)
    wants(demo, "press", keys="ONHOOK")
    began = time.monotonic()
    wants(demo, "dial", number=JAN)
    demo.expect("call", state="talking")
    until(lambda: len(server.heard) >= 3, what="the first three callbacks")
    assert time.monotonic() - began < 4.5, "nobody waits for the answers"
    wants(demo, "hangup")
    demo.expect("call", state="ended")
    until(lambda: len(server.heard) >= 5, what="all callbacks")
    assert server.events == list(STEPS)
    asked = parse_qs(urlsplit(server.heard[2]).query)
    assert (asked["local"], asked["remote"][0][:4], asked["ip"]) == (
        ["sip:Heiko.Riedel@ucc.de"],
        "sip:",
        ["127.0.0.1"],
    )
    told = [demo.expect("action", PATIENCE, setting=f"action_{step}_url") for step in STEPS]
    good = manner in ("short", "endless")
    assert [(each["status"] == 200, not each["why"]) for each in told] == [(good, good)] * len(STEPS)
    server.close()


def test_answer_that_is_a_page_is_shown(demo: Program) -> None:
    ANSWERS["page"] = b"HTTP/1.0 200 OK\r\n\r\n<SnomIPPhoneText><Title>Hello</Title><Text>Who</Text></SnomIPPhoneText>"
    server = Callbacks("page")
    wants(demo, "set", name="action_dnd_off_url", value=f"{server.url}/?event=dnd")
    wants(demo, "press", keys="DND")
    demo.expect("display", title="Hello")
    assert demo.expect("action", setting="action_dnd_off_url")["status"] == 200
    server.close()
