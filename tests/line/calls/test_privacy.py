"""Calls without showing who calls."""

from __future__ import annotations

from dataclasses import replace

from snomtui.line.calls.privacy import concealed
from tests.line.callers import talking
from tests.line.frontend import signed_in


def test_private_call_says_who_we_are_only_where_the_server_looks() -> None:
    one = talking(privacy_out="on")
    invite = one.peer.last("INVITE")
    assert invite.headers.get("Privacy") == "id"
    assert str(invite.from_.uri) == "sip:anonymous@anonymous.invalid"
    assert invite.from_.name == "Anonymous"
    assert invite.from_.tag
    assert invite.headers.get("P-Preferred-Identity") == '"Heiko Riedel" <sip:heiko@example.org>'
    one.hang_up()
    assert one.peer.last("BYE").headers.get("From") == invite.headers.get("From")


def test_ordinary_call_asks_for_no_privacy() -> None:
    invite = talking().peer.last("INVITE")
    assert invite.from_.uri.user == "heiko"
    assert "Privacy" not in invite.headers and "P-Preferred-Identity" not in invite.headers


def test_private_call_at_ocs_keeps_the_name_that_the_server_wants() -> None:
    one, _ = signed_in()
    one.dial("sip:bob@ucc.de")
    invite = one.peer.last("INVITE")
    hidden = concealed(invite, replace(one.box.account, private=True))
    assert hidden.headers.get("Privacy") == "id"
    assert hidden.headers.get("From") == invite.headers.get("From")
