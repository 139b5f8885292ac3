"""Accounts from outside: through our API, and as settings of a real snom; always over HTTPS."""

from __future__ import annotations

import json
import ssl

import pytest
import trustme

from snomtui.remote.driving import accounts
from snomtui.remote.driving.client import Refused, trusting
from snomtui.remote.driving.driver import Remote
from tests.remote.driving.oddphones import NOT_FOUND, OK, Behaviour, Odd, odd, page

ROW = {"identity": 1, "name": "heiko", "host": "ucc.test", "active": True, "state": "registered"}
DUMP = """<pre>
user_active1!: on
user_name1$: jan &amp; co
user_host1&: ucc.test
user_pass1!: secret
user_active2!: off
user_name2!:
</pre>"""


def as_json(value: object, status: str = "200 OK") -> bytes:
    return page(status, json.dumps(value), "X-Odd: 1").replace(b"text/html", b"application/json")


def ours(request: bytes) -> bytes:
    """Our phone, as far as accounts go."""
    line = request.partition(b"\r\n")[0]
    if b" /api/v1/phone" in line:
        return as_json({"model": "snom370"})
    if line.startswith(b"PATCH"):
        return as_json({"ok": False, "why": "host: not a name"}, "409 Conflict") if b"bad" in request else as_json(ROW)
    empty = {"identity": 2, "name": "", "host": "", "active": False}
    if b"accounts" in line:
        return as_json(ROW if b"accounts/1" in line else {"accounts": [ROW, empty]})
    return as_json({"ok": True})


def real(request: bytes) -> bytes:
    """A real snom."""
    if b" /settings.htm" in request:
        return page("200 OK", DUMP)
    return NOT_FOUND if b"/api/" in request else OK


@pytest.fixture(scope="module")
def tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    return context


def at(phone: Odd) -> Remote:
    return Remote(phone.url, timeout=5, tls=lambda where: trusting())


def body(phone: Odd) -> str:
    return phone.asked[-1].partition(b"\r\n\r\n")[2].decode()


def test_our_phone_tells_its_accounts(tls: ssl.SSLContext) -> None:
    with odd(ours, tls) as phone, at(phone) as remote:
        assert accounts.shown(remote) == [ROW] == accounts.shown(remote, 1)
        assert accounts.in_words(ROW) == "identity 1: heiko@ucc.test (on, registered)"


def test_our_phone_is_changed_through_its_api(tls: ssl.SSLContext) -> None:
    with odd(ours, tls) as phone, at(phone) as remote:
        accounts.change(remote, 3, {"password": "geheim", "active": False})
        assert phone.lines[-1] == "PATCH /api/v1/accounts/3"
        assert json.loads(body(phone)) == {"password": "geheim", "active": False}
        accounts.change_login(remote, "me", "geheim", "digest")
        assert phone.lines[-1] == "PUT /api/v1/login"
        assert json.loads(body(phone)) == {"user": "me", "password": "geheim", "scheme": "digest"}
        with pytest.raises(Refused, match="host: not a name"):
            accounts.change(remote, 1, {"host": "bad"})


def test_real_snom_tells_its_accounts_on_its_settings_page(tls: ssl.SSLContext) -> None:
    with odd(real, tls) as phone, at(phone) as remote:
        first = {"identity": 1, "active": True, "name": "jan & co", "host": "ucc.test"}
        assert accounts.shown(remote) == [first]
        assert accounts.shown(remote, 2) == [{"identity": 2, "active": False, "name": ""}]


def test_real_snom_is_changed_by_settings_in_a_form(tls: ssl.SSLContext) -> None:
    save = "settings=save&store_settings=save&"
    with odd(real, tls) as phone, at(phone) as remote:
        accounts.change(remote, 2, {"password": "g&h", "active": True})
        assert (phone.lines[-1], body(phone)) == ("POST /dummy.htm", f"{save}user_pass2=g%26h&user_active2=on")
        accounts.change_login(remote, "me", "x", "basic")
        assert body(phone) == f"{save}http_scheme=off&http_user=me&http_pass=x"
        assert not any("g%26h" in line for line in phone.lines)


@pytest.mark.parametrize("behave", [lambda request: NOT_FOUND, lambda request: OK])
def test_phone_that_tells_nothing_is_told_as_such(behave: Behaviour, tls: ssl.SSLContext) -> None:
    with odd(behave, tls) as phone, at(phone) as remote, pytest.raises(Refused):
        accounts.shown(remote)
