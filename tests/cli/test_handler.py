"""Links that others wrote: dialled, or refused before anything is sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from snomtui.cli import run
from snomtui.cli.handler import dialable_link, notify
from snomtui.errors import LocalError
from tests.remote.driving.oddphones import FOUND, odd

Said = pytest.CaptureFixture[str]


@pytest.mark.parametrize(
    ("link", "number"),
    [
        ("tel:+49-30-123456", "+4930123456"),
        ("TEL:030%20123;phone-context=ucc.test", "030123"),
        ("callto://+4930123/", "+4930123"),
        ("callto:jan.meier", "jan.meier"),
        ("sip:+4930123@ucc.test;user=phone", "sip:+4930123@ucc.test;user=phone"),
        ("sips:jan@ucc.test?subject=x", "sips:jan@ucc.test"),
    ],
)
def test_link_is_understood(link: str, number: str) -> None:
    assert dialable_link(link) == number


@pytest.mark.parametrize(
    "link",
    ["tel:*21*0190%23", "tel:%2306%23", "tel:", "tel:--all", 'tel:5"', "tel:5%0d%0aX", "tel:5%00", "http://x", "5"]
    + ["sip:a b@x", "sip:jan@x%0d%0aVia:y", "tel:" + "1" * 400, "javascript:alert(1)", "tel:$(id)", "--phone=x"],
)
def test_harmful_link_is_refused(link: str) -> None:
    with pytest.raises(LocalError):
        dialable_link(link)


def test_open_dials_and_tells(capsys: Said) -> None:
    with odd(lambda request: FOUND) as phone:
        assert run(["handler", "open", f"--phone={phone.url}", "--", "tel:+49-30-123456"]) == 0
        assert run(["handler", "open", f"--phone={phone.url}", "--", "tel:*21%23"]) == 2
        assert run(["handler", "open", f"--phone={phone.url}", "--", "--phone=http://evil.test"]) == 2
        assert phone.lines == ["GET /command.htm?number=%2B4930123456"]
    told = capsys.readouterr()
    assert told.out == "dialled +4930123456\n" and "code for the exchange" in told.err
    assert run(["handler", "open", "--phone", "http://127.0.0.1:1", "tel:5"]) == 3


def test_result_is_shown_without_options_or_markup(
    own_folders: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    program, shown = own_folders / "notify-send", own_folders / "shown"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {shown}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(own_folders), prepend=":")
    notify("--help", "<b>no</b> & so")
    assert not shown.exists()  # no display, no note
    monkeypatch.setenv("DISPLAY", ":99")
    notify("--help", "<b>no</b> & so")
    assert shown.read_text().splitlines()[-3:] == ["--", "--help", "&lt;b&gt;no&lt;/b&gt; &amp; so"]


def test_install_refuses_a_phone_that_must_not_stand_in_a_file(own_folders: Path, capsys: Said) -> None:
    for phone in ("http://me:geheim@x", "http://x/%20", "a b"):
        assert run(["handler", "install", "--phone", phone]) == 2
    assert "geheim" not in capsys.readouterr().err and not (own_folders / "data").exists()
    assert run(["handler"]) == 2 and run(["handler", "uninstall"]) == 0
    assert run(["handler", "status"]) == 1
