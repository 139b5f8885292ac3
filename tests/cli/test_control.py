"""The commands that do more than calling, against our own phone and a real snom."""

from __future__ import annotations

import asyncio
import io
import sys

import pytest

from snomtui.cli import run
from snomtui.phone import intents as want
from snomtui.phone.intents import Intent
from snomtui.presence import Availability
from tests.remote.driving.oddphones import NOT_FOUND, OK, odd
from tests.remote.test_server import running

Said = pytest.CaptureFixture[str]


async def ran(web_port: int, *words: str) -> int:
    """Run a command at our phone, while it is served."""
    return await asyncio.to_thread(run, [words[0], "--phone", f"http://127.0.0.1:{web_port}", *words[1:]])


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["hold"], want.Hold()),
        (["resume", "--call", "1-2"], want.Resume("1-2")),
        (["transfer", "(030) 12", "--call", "1-1"], want.Transfer("03012", "1-1")),
        (["conference"], want.Conference()),
        (["conference", "off"], want.Conference(on=False)),
        (["dtmf", "12#a"], want.Dtmf("12#A")),
        (["presence", "busy", "--note", "in a talk"], want.SetPresence(Availability.BUSY, "in a talk")),
        (["message", "jan@ucc.test", "hello"], want.Write("jan@ucc.test", "hello")),
        (["redirect", "busy", "on", "030 1"], want.Redirect("busy", True, "0301")),
        (["redirect", "all", "off"], want.Redirect("all", False)),
        (["register", "2"], want.Register(2)),
        (["logoff"], want.LogOff()),
        (["reboot"], want.Reboot()),
        (["reset", "--yes"], want.Reset()),
        (["set", "language=Deutsch"], want.SetSetting("language", "Deutsch")),
        (["answer"], want.Answer()),
        (["hangup", "--all"], want.HangUp(every=True)),
    ],
)
async def test_our_phone_is_asked_for_just_this_once(words: list[str], wanted: Intent) -> None:
    async with running() as web:
        assert await ran(web.port, *words) == 0
        assert web.phone.done == [wanted]


async def test_several_settings_are_changed_together_or_not_at_all(capsys: Said) -> None:
    async with running() as web:
        assert await ran(web.port, "set", "http_user=me", "http_pass=geheim") == 0
        assert web.phone.done == [want.SetSetting("http_user", "me"), want.SetSetting("http_pass", "geheim")]
    async with running() as web:
        assert await ran(web.port, "set", "language=Deutsch", "nix=1") == 1
        assert web.phone.done == [] and "nix" in capsys.readouterr().err


async def test_message_and_secrets_come_from_stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    async with running() as web:
        monkeypatch.setattr(sys, "stdin", io.StringIO("two\nlines\n"))
        assert await ran(web.port, "message", "030") == 0
        monkeypatch.setattr(sys, "stdin", io.StringIO("geheim\n"))
        assert await ran(web.port, "set", "http_pass") == 0
        assert web.phone.done == [want.Write("030", "two\nlines"), want.SetSetting("http_pass", "geheim")]


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        (["presence", "NIX"], 2, "must be one of AVAILABLE"),
        (["logoff", "13"], 2, "from 1 to 12"),
        (["dtmf", "x"], 2, "0 to 9"),
        (["set", "=1"], 2, "write NAME=VALUE"),
        (["reset"], 2, "Say --yes"),
        (["swap"], 1, "no call on hold"),
    ],
)
async def test_wrong_words_do_nothing(
    words: list[str], code: int, why: str, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    async with running() as web:
        assert await ran(web.port, *words) == code
        assert web.phone.done == [] and why in capsys.readouterr().err


def test_real_snom_is_told_by_keys_and_says_so(capsys: Said) -> None:
    with odd(lambda request: NOT_FOUND if b"/api/" in request else OK) as phone:
        assert run(["hold", "--phone", phone.url]) == 0
        assert "one key for hold and resume" in capsys.readouterr().err
        assert run(["set", "--phone", phone.url, "http_user=", "http_pass="]) == 0
        assert phone.asked[-1].endswith(b"\r\n\r\nsettings=save&store_settings=save&http_user=&http_pass=")
        assert run(["message", "--phone", phone.url, "030", "x"]) == 2
        assert "no instant messages" in capsys.readouterr().err


async def test_call_is_joined_with_another_by_its_id() -> None:
    async with running() as web:
        web.phone.do(want.Dial("030"))
        call = web.phone.snapshot().calls[0].id
        assert await ran(web.port, "transfer", call) == 0
        assert web.phone.done[-1] == want.Transfer(call)
