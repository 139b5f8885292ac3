"""RFC 5118 at the parser: IPv6 in every place where an address may stand."""

from __future__ import annotations

import pytest

from snomtui.line.methods import SERVICE
from snomtui.sip.message import Request
from snomtui.sip.offer import sdp_part
from snomtui.sip.sdp import Sdp, audio
from snomtui.sip.stream import datagram
from snomtui.sip.uri import Uri
from snomtui.sip.validity import refusal
from tests.sip.torture.ipv6 import MESSAGES

OUTCOMES = [
    ("4.1", "ipv6-good", 405),
    ("4.2", "ipv6-bad", 400),
    ("4.3", "port-ambiguous", 405),
    ("4.4", "port-unambiguous", 405),
    ("4.5", "via-received-param-with-delim", None),
    ("4.5", "via-received-param-no-delim", None),
    ("4.6", "ipv6-in-sdp", None),
    ("4.7", "mult-ip-in-header", None),
    ("4.8", "mult-ip-in-sdp", None),
    ("4.9", "ipv4-mapped-ipv6", None),
    ("4.10", "ipv6-bug-abnf-3-colons", None),
    ("4.10", "ipv6-correct-abnf-2-colons", None),
]
"""How a phone refuses a request; None = it goes on with it. It is no registrar, so it refuses every REGISTER."""


def request(name: str) -> Request:
    """A message that must be readable."""
    message = datagram(MESSAGES[name])
    assert isinstance(message, Request), message
    return message


def description(name: str) -> Sdp:
    """The session description in a message."""
    return Sdp.parse(sdp_part(request(name)) or b"")


@pytest.mark.parametrize(("section", "name", "status"), OUTCOMES)
def test_request_with_ipv6_is_refused_or_served_as_the_rfc_says(section: str, name: str, status: int | None) -> None:
    refused = refusal(request(name), SERVICE)
    assert (refused.status if refused else None) == status


def test_4_1_ipv6_good_has_a_host_in_brackets() -> None:
    register = request("ipv6-good")
    assert (register.target.host, register.target.port) == ("[2001:db8::10]", None)
    assert register.contacts[0].uri.host == "[2001:db8::1]" and register.via.sent_by == "[2001:db8::9:1]"


def test_4_3_and_4_4_a_port_is_one_only_behind_the_bracket() -> None:
    ambiguous, clear = request("port-ambiguous").target, request("port-unambiguous").target
    assert (ambiguous.host, ambiguous.port) == ("[2001:db8::10:5070]", None)
    assert (clear.host, clear.port) == ("[2001:db8::10]", 5070)


@pytest.mark.parametrize("name", ["via-received-param-with-delim", "via-received-param-no-delim"])
def test_4_5_received_is_read_with_and_without_brackets(name: str) -> None:
    via = request(name).via
    assert via.reply_to == ("2001:db8::9:255", 5060) and via.branch.startswith("z9hG4bKas3")


@pytest.mark.parametrize(("section", "name", "host"), [
    ("4.6", "ipv6-in-sdp", "2001:db8::20"), ("4.9", "ipv4-mapped-ipv6", "::ffff:192.0.2.2"),
])  # fmt: skip
def test_4_6_and_4_9_sdp_has_ipv6_without_brackets(section: str, name: str, host: str) -> None:
    plan = audio(description(name))
    assert plan is not None and (plan.host, plan.port, plan.codecs[0].name) == (host, 6000, "G726-32")


def test_4_7_mult_ip_in_header_every_hop_is_read() -> None:
    assert [(via.host, via.port, via.received) for via in request("mult-ip-in-header").vias] == [
        ("[2001:db8::9:1]", 6050, ""),
        ("192.0.2.1", None, ""),
        ("[2001:db8::9:255]", None, "192.0.2.200"),
    ]


def test_4_8_mult_ip_in_sdp_each_stream_has_its_own_address() -> None:
    sdp = description("mult-ip-in-sdp")
    assert [sdp.host(media) for media in sdp.media] == ["192.0.2.1", "2001:db8::1"]


def test_4_9_ipv4_mapped_ipv6_stands_in_via_and_contact() -> None:
    invite = request("ipv4-mapped-ipv6")
    assert [via.sent_by for via in invite.vias] == ["[::ffff:192.0.2.10]:19823", "[::ffff:192.0.2.2]"]
    assert str(invite.contacts[0].uri) == "sip:ted@[::ffff:192.0.2.2]"


def test_4_10_the_slip_in_the_grammar_of_rfc_3261_is_tolerated() -> None:
    three, two = request("ipv6-bug-abnf-3-colons"), request("ipv6-correct-abnf-2-colons")
    assert three.target.host == three.to.uri.host == "[2001:db8:::192.0.2.1]"
    assert two.target.host == two.to.uri.host == "[2001:db8::192.0.2.1]"


def test_zone_of_an_address_is_kept() -> None:
    assert Uri.parse("sip:a@[fe80::1%eth0]:5060").host == "[fe80::1%eth0]"
