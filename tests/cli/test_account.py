"""Accounts are shown and changed over HTTPS only, and passwords never stand on a command line."""

from __future__ import annotations

import io
import ssl
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from snomtui.cli import run
from tests.remote.driving.oddphones import Odd, odd
from tests.remote.driving.test_accounts import ours

Said = pytest.CaptureFixture[str]


@pytest.fixture
def phone() -> Iterator[Odd]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with odd(ours, context) as made:
        yield made


@pytest.mark.parametrize(
    "words",
    [["show"], ["set", "1", "--name", "x"], ["password", "1"], ["login", "me"], ["set", "1", "--active", "off"]],
)
def test_nothing_is_sent_without_tls(words: list[str], capsys: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("geheim\n"))
    with odd(ours) as plain:
        assert run(["account", *words, "--phone", plain.url]) == 2
        assert plain.asked == [] and "over HTTPS only" in capsys.readouterr().err


def test_redirect_to_http_gets_no_password(phone: Odd, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("geheim\n"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with odd(ours) as plain:

        def behave(request: bytes) -> bytes:
            path = request.split(b" ")[1]
            where = f"Location: {plain.url}".encode() + path
            return b"HTTP/1.1 307 Moved\r\n" + where + b"\r\nContent-Length: 0\r\n\r\n"

        with odd(behave, context) as front:
            assert run(["account", "password", "1", "--phone", front.url]) == 1
        assert plain.asked == []


def test_accounts_are_shown(phone: Odd, capsys: Said) -> None:
    assert run(["account", "show", "--phone", phone.url]) == 0
    assert capsys.readouterr().out == "identity 1: heiko@ucc.test (on, registered)\n"


def test_password_comes_by_stdin_environment_or_file(
    phone: Odd, monkeypatch: pytest.MonkeyPatch, own_folders: Path
) -> None:
    def sent() -> bytes:
        return phone.asked[-1].partition(b"\r\n\r\n")[2]

    monkeypatch.setattr(sys, "stdin", io.StringIO("one\n"))
    assert run(["account", "password", "2", "--phone", phone.url]) == 0 and sent() == b'{"password":"one"}'
    monkeypatch.setenv("SNOMTUI_ACCOUNT_PASSWORD", "two")
    assert run(["account", "password", "2", "--phone", phone.url]) == 0 and sent() == b'{"password":"two"}'
    (own_folders / "secret").write_text("three\n")
    file = ["--new-password-file", str(own_folders / "secret")]
    assert run(["account", "login", "me", "--scheme", "digest", *file, "--phone", phone.url]) == 0
    assert sent() == b'{"user":"me","password":"three","scheme":"digest"}'


def test_account_is_changed_field_by_field(phone: Odd, capsys: Said) -> None:
    assert run(["account", "set", "2", "--display-name", "Jan X", "--active", "off", "--phone", phone.url]) == 0
    assert phone.asked[-1].endswith(b'{"display_name":"Jan X","active":false}')
    assert run(["account", "set", "2", "--phone", phone.url]) == 2
    assert "nothing to change" in capsys.readouterr().err
    assert run(["account"]) == 2 and run(["account", "set", "13"]) == 2
