"""What a recorder writes: what was done, what came of it, and nothing that is secret or differs each time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from snomtui.phone.intents import Answer, Dial, ForgetCall, Press, Quit, SetSetting
from snomtui.phone.snapshot import Page
from snomtui.qa.recorder import Recorder
from snomtui.qa.script import read
from snomtui.qa.telling import Names, told

ANNA = "sip:anna@ucc.test"
NAMES = Names({ANNA: "Anna L"}, {ANNA: "Anna L"}, frozenset({"sip:bert@ucc.test"}), frozenset({"P6"}))


class Session:
    """A recorder, and what happens beside it."""

    def __init__(self) -> None:
        self.page = Page("idle")
        self._later: list[Callable[[], None]] = []
        self.recorder = Recorder(["# head"], lambda: self.page, self._later.append, NAMES)

    def hand(self, *intents: Any) -> None:
        """Somebody does something at the phone."""
        for intent in intents:
            self.recorder.asked(intent)
            self.moment()

    def moment(self) -> None:
        """This moment is over."""
        for later in self._later:
            later()
        self._later.clear()

    @property
    def lines(self) -> list[str]:
        """What stands in the script below its head."""
        return self.recorder.text().partition('test "recorded"\n')[2].splitlines()


def command(target: str, **more: object) -> dict[str, object]:
    """A `command` event."""
    return {"event": "command", "method": "GET", "target": target, "status": 200, "did": [], **more}


def call(state: str, direction: str = "in", cause: str = "") -> dict[str, object]:
    """A `call` event."""
    who = {"remote": ANNA, "remote_name": "Anna L", "number": "+491"}
    return {"event": "call", "id": "1", "direction": direction, "state": state, "cause": cause, **who}


def test_keys_in_a_row_stand_in_one_line_until_something_happens() -> None:
    session = Session()
    session.hand(Press("1"), Press("2"))
    session.recorder.hear({"event": "led", "key": "P1", "pattern": "fast"})
    session.hand(Press("ENTER"), Press("P1", 500), Press("TEXT:a b"), Dial(ANNA), Answer(), Quit())
    session.hand(ForgetCall("missed", "7"))
    assert session.lines == [
        "key 1 2",
        "expect led P1 fast",
        "key ENTER",
        'do {"do":"press","keys":"P1,500"}',
        'type "a b"',
        'dial "Anna L"',
        'do {"do":"answer"}',
        'do {"do":"forget_call","list":"missed","id":"7"}',
    ]


def test_command_takes_the_place_of_what_it_did_and_stands_before_what_came_of_it() -> None:
    session = Session()
    session.recorder.asked(Dial("1"))
    session.recorder.asked(Dial("2"))
    session.recorder.hear({"event": "led", "key": "P1", "pattern": "on"})
    session.recorder.hear(command("/command.htm?number=1", status=302))
    session.moment()
    assert session.lines == ["http GET /command.htm?number=1 -> 302", "expect led P1 on"]


def test_command_of_a_phone_elsewhere_stands_before_what_came_of_it_though_that_was_told_first() -> None:
    session = Session()
    session.recorder.hear(command("/command.htm?key=1", at=9.0))
    session.recorder.hear({**call("held"), "at": 9.5})
    for event in (call("dialling", "out"), {"event": "led", "key": "P1", "pattern": "on"}):
        session.recorder.hear({**event, "at": 10.0})
    session.recorder.hear(command("/command.htm?number=1", at=10.001, status=302))
    assert session.lines == [
        "http GET /command.htm?key=1 -> 200",
        'expect call incoming from "Anna L" held',
        "http GET /command.htm?number=1 -> 302",
        'expect call outgoing to "Anna L" dialling',
        "expect led P1 on",
    ]


def test_secret_is_a_variable_wherever_it_was(tmp_path: Path) -> None:
    session = Session()
    session.recorder.hear(command("/dummy.htm?settings=save&http_pass=********"))
    body = '{"name":"user_pass1","value":"********"}'
    session.recorder.hear(command("/api/v1/x", method="POST", body=body, content_type="application/json", status=0))
    session.hand(SetSetting("http_pass", "hush"), SetSetting("http_user", "me"))
    session.page = Page("setting", entry="***")
    session.hand(Press("5"), Press("TEXT:x"), Press("ENTER"))
    assert "hush" not in session.recorder.text()
    assert session.lines == [
        "http GET /dummy.htm?settings=save&http_pass=${http_pass} -> 200",
        r'http POST /api/v1/x type application/json body "{\"name\":\"user_pass1\",\"value\":\"${secret}\"}" -> none',
        "set http_pass=${http_pass}",
        "set http_user=me",
        "key $typed",
        "key $typed",
        "key ENTER",
    ]
    file = tmp_path / "x.qa"
    file.write_text(session.recorder.text(), "utf-8")
    found = read(file, {"http_pass": "a", "secret": "b", "typed": "5 x"})
    assert found.steps[1].text.endswith("http_pass=a") and found.steps[2].fields["body"].endswith('"b"}')


def test_colleague_who_is_played_does_the_same_again() -> None:
    session = Session()
    for event in (call("offered"), call("talking"), call("ended", cause="remote")):
        session.recorder.hear(event)
    assert session.lines == [
        'person "Anna L" calls',
        'expect call incoming from "Anna L" offered',
        'expect call incoming from "Anna L" talking',
        'person "Anna L" hangs up',
        'expect call incoming from "Anna L" ended cause=remote',
    ]


def test_what_a_phone_does_at_its_start_and_at_its_end_is_not_written() -> None:
    session = Session()
    session.recorder.hear({"event": "registration", "identity": 1, "state": "registered"})
    session.hand(Press("1"))
    session.recorder.over = True
    session.recorder.hear({"event": "registration", "identity": 1, "state": "off"})
    session.hand(Press("2"))
    assert session.lines == ["key 1"]


def test_first_answer_to_a_program_without_its_login_is_a_remark() -> None:
    session = Session()
    session.recorder.hear(command("/command.htm?key=1", status=401, why="login needed"))
    assert session.lines == ["# http GET /command.htm?key=1 -> 401 (login needed)"]


@pytest.mark.parametrize(
    ("event", "line"),
    [
        ({"event": "presence", "uri": "sip:Bert@ucc.test", "name": "Bert", "availability": "AWAY"}, ""),
        ({"event": "presence", "uri": ANNA, "name": "Anna L", "availability": "BUSY"}, 'expect presence "Anna L" BUSY'),
        ({"event": "led", "key": "P6", "pattern": "on"}, ""),
        ({"event": "registration", "identity": 1, "state": "registering"}, ""),
        ({"event": "display", "title": "23.11.2026", "rows": ["Jan  0:05", "x"]}, "expect display Jan"),
        ({"event": "display", "title": "12:30", "rows": ["0:05"]}, ""),
        (
            {"event": "action", "url": "http://127.0.0.1:8099/x?id=1234567890&a=b", "status": 200},
            "expect action http://127.0.0.1:*/x?id=*&a=b status=200",
        ),
        ({"event": "mailbox", "new": 2, "old": 1}, "expect mailbox new=2 old=1"),
        ({"event": "message", "from": "Anna", "text": "a\nb"}, 'expect message Anna "a b"'),
        ({"event": "media", "id": "1"}, ""),
    ],
)
def test_event_is_expected_without_what_differs_each_time(event: dict[str, object], line: str) -> None:
    assert told(event, NAMES) == line
