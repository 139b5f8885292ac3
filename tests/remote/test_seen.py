"""Commands that came in: kept without secrets, told with who asked, and written down for curl."""

from __future__ import annotations

import subprocess
from base64 import b64encode

import pytest

from snomtui.phone.intents import Dial, SetSetting
from snomtui.remote.seen import Commands, curl, name_of

AT = "http://192.0.2.7"


def event(target: str, method: str = "GET", **more: object) -> dict[str, object]:
    """A `command` event."""
    return {"event": "command", "method": method, "target": target, "did": [], **more}


def words(line: str, **variables: str) -> list[str]:
    """The arguments that a shell makes of a line."""
    script = f"curl() {{ printf '%s\\n' \"$@\"; }}\n{line}\n"
    ran = subprocess.run(
        ["sh", "-c", script], capture_output=True, text=True, env={"PATH": "/bin:/usr/bin", **variables}
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.splitlines()


@pytest.mark.parametrize(
    "target",
    ["/command.htm?number=%2B4930", "/command.htm?number=$(id)`id`'\"\\&key=1;2", "/a?[x]{y}*~!#"],
)
def test_shell_hands_curl_just_what_came_in(target: str) -> None:
    found = words(curl(event(target), AT, login=False, digest=False))
    assert found == ["--globoff", "--path-as-is", AT + target]


def test_curl_asks_for_the_password_itself() -> None:
    line = curl(event("/index.htm", "POST", body="NUMBER=1", content_type="text/x"), AT, login=True, digest=True)
    assert words(line)[:5] == ["--globoff", "--path-as-is", "--digest", "--user", "USER"]
    assert words(line)[5:] == ["--header", "Content-Type: text/x", "--data-raw", "NUMBER=1", AT + "/index.htm"]


def test_secret_in_a_curl_line_is_a_variable_that_must_be_set() -> None:
    line = curl(event("/dummy.htm?settings=save&http_pass=********&x=1"), AT, login=False, digest=False)
    assert words(line, SECRET="s e'c")[-1] == AT + "/dummy.htm?settings=save&http_pass=s e'c&x=1"
    ran = subprocess.run(["sh", "-c", line], capture_output=True, text=True, env={"PATH": "/bin:/usr/bin"})
    assert ran.returncode != 0 and "SECRET" in ran.stderr


def test_target_in_absolute_form_leads_to_the_same_phone() -> None:
    assert words(curl(event("http://other.test/command.htm?key=1"), AT, False, False))[-1] == AT + "/command.htm?key=1"


def test_secret_is_not_kept_and_cannot_be_done_again() -> None:
    seen = Commands()
    seen.note(event("/dummy.htm"), [SetSetting("http_pass", "hush")])
    seen.note(event("/command.htm"), [Dial("1")])
    seen.note(event("/command.htm"), [])
    nothing, dial, secret = seen
    assert "hush" not in repr(secret) and secret.wanted == () and "secret" in secret.bars
    assert (dial.wanted, dial.bars, dial.number) == ((Dial("1"),), "", 2)
    assert nothing.bars == "It asked for nothing that could be done"


def test_who_asks_is_known_by_each_kind_of_login() -> None:
    assert name_of("Basic " + b64encode(b"heiko:pass:word").decode()) == "heiko"
    assert name_of('Digest realm="x", username="hei ko", uri="/"') == "hei ko"
    assert name_of("Digest username=anna, realm=x") == "anna"
    assert name_of("", "CN=jan") == "CN=jan"
    assert name_of("Basic !!") == name_of("Bearer x") == name_of("Digest x") == ""
