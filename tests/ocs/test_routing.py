"""Call forwarding settings."""

from __future__ import annotations

import pytest

from snomtui.errors import MalformedXml
from snomtui.ocs.routing import ENABLED, IMMEDIATE, MOST_TARGETS, TEAM, VOICEMAIL, WORK_HOURS, Routing, is_voicemail
from snomtui.sip.uri import Uri

FORWARD = b"""<?xml version="1.0" encoding="utf-8"?>
<routing xmlns="http://schemas.microsoft.com/02/2006/sip/routing" name="rtcdefault" version="1">
 <preamble>
  <flags name="clientflags" value="enablecf  Forward_Immediate work_hours sings"/>
  <flags name="others" value="block"/>
  <list name="forwardto"><target uri="sip:+4930555@ucc.test;user=phone"/><target/></list>
  <wait name="user" seconds="20"/><wait name="total" seconds="30"/><wait name="team1"/><tea/>
 </preamble></routing>"""


def test_server_reads_what_a_client_has_published() -> None:
    rules = Routing.parse(FORWARD)
    assert rules.flags == {ENABLED, IMMEDIATE, WORK_HOURS, "sings"}
    assert rules.targets("forwardto") == ("sip:+4930555@ucc.test;user=phone",)
    assert rules.targets("team") == ()
    assert (rules.wait("user"), rules.wait("total"), rules.wait("team1"), rules.ringing) == (20, 30, None, 20)


@pytest.mark.parametrize("body", ["<routing/>", "<routing><preamble/></routing>", "<routing><script/></routing>"])
def test_rules_without_content_ask_for_nothing(body: str) -> None:
    assert Routing.parse(body.encode()) == Routing()
    assert Routing().ringing is None


@pytest.mark.parametrize("body", [b"", b"<routing>", b"<note/>", b"<!DOCTYPE x []><routing/>", b"\xff"])
def test_what_is_no_routing_document_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedXml):
        Routing.parse(body)


def test_rules_come_back_as_they_were_written() -> None:
    rules = Routing(frozenset({TEAM}), (("team", ("sip:a@ucc.test", "sip:b@ucc.test")),), (("user", 10),))
    assert Routing.parse(rules.xml().encode()) == rules
    assert 'version="2"' in rules.xml()


def test_long_lists_and_long_waits_are_bounded() -> None:
    target = '<target uri="sip:a@ucc.test"/>'
    body = f'<routing><preamble><list name="team">{target * 500}</list><wait name="user" seconds="99999999"/>'
    rules = Routing.parse(f"{body}</preamble></routing>".encode())
    assert (len(rules.targets("team")), rules.ringing) == (MOST_TARGETS, 1200)


def test_an_application_as_target_is_the_voice_mail() -> None:
    body = b'<routing><preamble><list name="forwardto"><target application="voicemail"/></list></preamble></routing>'
    assert Routing.parse(body).targets("forwardto") == (VOICEMAIL,)


@pytest.mark.parametrize(
    ("uri", "mailbox"),
    [
        ("sip:jan@ucc.test;opaque=app:voicemail", True),
        ("sip:jan@ucc.test;OPAQUE=app%3Avoicemail", True),
        ("sip:jan@ucc.test;opaque=user:epid:x;gruu", False),
        ("sip:jan@ucc.test", False),
    ],
)
def test_server_knows_the_address_of_a_voice_mail(uri: str, mailbox: bool) -> None:
    assert is_voicemail(Uri.parse(uri)) is mailbox
