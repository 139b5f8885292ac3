"""Signing in at the front end, with the lines that the first article prints."""

from __future__ import annotations

import pytest

from snomtui.phone.intents import Register, SetSetting
from tests.stories.house import House
from tests.wire import START

PREPARED = [
    "[5] sip::send_register: reregister timer for line 0 set to 300s",
    "[8] Routing to outbound proxy sip:sip.ucc.de:5061;transport=tls",
    "[8] DNS cache_lookup: a sip.ucc.de ->",
    "[7] Trusted IP Addresses: tls:",
]


def in_order(wanted: list[str], log: list[str]) -> None:
    """All these lines stand in the log, in this order."""
    at = 0
    for line in wanted:
        assert line in log[at:], f"{line!r} is missing after {log[:at][-3:]}:\n" + "\n".join(log)
        at = log.index(line, at) + 1


def test_phone_signs_in_with_ntlmv2_and_logs_what_the_article_shows() -> None:
    house = House(level=5)
    desk = house.signed_in()
    in_order(
        [
            "[8] Send Packet REGISTER",
            "[3] Challenge: Unknown scheme Kerberos",
            "[8] Routing to explicit plan tls 5061",
            "[8] Send Packet REGISTER",
            '[6] Using user "Heiko.Riedel" and domain "ucc" for NTLM authentication',
            "[8] Routing to explicit plan tls 5061",
            "[8] Send Packet REGISTER",
            "[2] Registered at registrar as Heiko.Riedel@ucc.de (Expires: 900 secs)",
            "[5] sip::send_register: reregister timer for line 0 set to 300s",
        ],
        desk.log,
    )
    assert set(PREPARED) <= set(desk.log)
    assert desk.states == ["registering", "registered"]
    assert (desk.identity.auth, desk.identity.expires, desk.identity.transport) == ("ntlmv2", 900, "tls")
    assert sum(line.startswith("REGISTER") for line in house.wire.lines(desk.phone)) == 3
    assert [line for line in house.wire.lines(house.office) if line.startswith("SIP/2.0 401")] != []


def test_handshake_logs_each_line_once() -> None:
    desk = House().signed_in()
    first = desk.log[: desk.log.index("[2] Registered at registrar as Heiko.Riedel@ucc.de (Expires: 900 secs)")]
    assert first.count("[8] Send Packet REGISTER") == 3
    assert first.count('[6] Using user "Heiko.Riedel" and domain "ucc" for NTLM authentication') == 1


def test_old_firmware_is_refused_with_the_lines_of_the_article() -> None:
    desk = House(level=5).phone(sim_firmware="8.1")
    in_order(
        [
            "[3] Challenge: Unknown scheme Kerberos",
            '[6] Using user "Heiko.Riedel" and domain "ucc" for NTLM authentication',
            "[3] Challenge: Unknown scheme Kerberos",
            "[6] gui_object::challenge_user: Challenge User but wrong state 16",
            "[2] Registrar Heiko.Riedel@ucc.de refused with code 401",
            "[5] Will try to reregister in 300 seconds",
        ],
        desk.log,
    )
    assert (desk.identity.state, desk.identity.code) == ("refused", 401)
    assert desk.phone.snapshot().status == "NR"
    assert "NTLM" in desk.text


def test_old_firmware_registers_where_ntlmv1_is_allowed() -> None:
    desk = House(level=3).signed_in(sim_firmware="8.1")
    assert desk.identity.auth == "ntlmv1"


@pytest.mark.parametrize("version", [2, 3, 4])
def test_phone_signs_in_at_every_version_of_the_protocol(version: int) -> None:
    assert House(version=version).signed_in().identity.auth == "ntlmv2"


@pytest.mark.parametrize(
    "wrong",
    [
        {"user_pass1": "winter"},
        {"user_pname1": "ucc\\nobody"},
        {"user_pname1": "other\\Heiko.Riedel"},
        {"user_pass1": ""},
    ],
)
def test_wrong_login_is_refused_and_the_display_says_so(wrong: dict[str, str]) -> None:
    desk = House().phone(**wrong)
    assert (desk.identity.state, desk.identity.code) == ("refused", 401)
    assert "refused" in desk.text
    assert "Next try in" in desk.text
    assert all(len(row.text) <= 38 for row in desk.phone.snapshot().page.rows)


@pytest.mark.parametrize("name", [{"user_name1": "nobody"}, {"user_host1": "elsewhere.de"}])
def test_wrong_address_is_refused(name: dict[str, str]) -> None:
    desk = House().phone(**name)
    assert desk.identity.state == "refused"
    assert (
        desk.identity.reason in desk.text.replace("\n", "").replace("  ", " ") or desk.identity.reason[:20] in desk.text
    )


def test_right_password_after_a_wrong_one_signs_in() -> None:
    house = House()
    desk = house.phone(user_pass1="wrong")
    desk.do(SetSetting("user_pass1", "Sommer2009!"))
    house.wire.advance(1)
    assert desk.registered
    assert desk.identity.auth == "ntlmv2"


def test_person_may_ask_for_a_new_try_at_once() -> None:
    house = House(fault="503")
    desk = house.phone()
    assert desk.identity.state == "refused"
    house.fault()
    desk.do(Register(1))
    assert desk.registered


def test_passwords_are_never_logged() -> None:
    house = House()
    house.signed_in()
    house.phone("Jan.Dierich", user_pass1="Falsch!!")
    for desk in (house.wire.boxes[0], house.wire.boxes[1]):
        assert not any("Sommer2009" in repr(each) or "Falsch!!" in repr(each) for each in house.wire.outputs[desk])


# -- things that go wrong at the server


def test_server_that_cannot_prove_itself_is_not_believed() -> None:
    house = House(fault="wrong-signature")
    desk = house.phone()
    assert desk.identity.state == "refused"
    assert "could not prove who it is" in desk.identity.reason
    assert not any("Registered at registrar" in line for line in desk.log)
    house.fault()
    house.wire.advance(301)
    assert desk.registered


def test_server_that_offers_kerberos_only_is_refused_in_words() -> None:
    desk = House(fault="kerberos-only").phone()
    assert (desk.identity.state, desk.identity.code) == ("refused", 401)
    assert "[3] Challenge: Unknown scheme Kerberos" in desk.log
    assert "no scheme that this phone knows" in desk.identity.reason


def test_overloaded_server_is_tried_again() -> None:
    house = House(fault="503")
    desk = house.phone()
    assert (desk.identity.state, desk.identity.code) == ("refused", 503)
    house.fault()
    house.wire.advance(301)
    assert desk.registered


def test_server_that_loses_its_answers_is_told_and_found_again() -> None:
    house = House(fault="lost-answer")
    desk = house.phone()
    house.wire.advance(40)
    assert desk.identity.state == "waiting"
    assert "does not answer" in desk.identity.reason
    house.fault()
    house.wire.advance(301)
    assert desk.registered


def test_slow_server_only_takes_longer() -> None:
    house = House(fault="slow")
    desk = house.phone()
    assert desk.identity.state == "registering"
    house.wire.advance(30)
    assert desk.states == ["registering", "registered"]
    house.wire.until(desk.phone.contacts, 30)


def test_clock_that_is_two_days_off_is_refused_and_named() -> None:
    house = House(fault="clock")
    desk = house.phone()
    assert desk.identity.state == "refused"
    assert "clock" in desk.identity.reason


def test_server_that_drops_connections_is_tried_again() -> None:
    house = House(fault="drop")
    desk = house.phone()
    house.wire.advance(5)
    assert desk.identity.state == "waiting"
    house.fault()
    house.wire.advance(301)
    assert desk.registered


def test_server_that_forgets_everybody_finds_the_phone_again() -> None:
    house = House()
    desk = house.signed_in()
    house.fault("forgetful")
    house.wire.advance(400)
    house.fault()
    house.wire.advance(400)
    assert desk.registered
    assert desk.phone.contacts()


# -- staying signed in


def test_phone_stays_registered_for_eight_hours() -> None:
    house = House()
    desk = house.signed_in()
    since = len(house.wire.said)
    house.wire.advance(8 * 3600)
    assert desk.states == ["registering", "registered"]
    sent = [said for said in house.wire.said[since:] if said.sender == "phone"]
    registers = [said for said in sent if said.line.startswith("REGISTER")]
    gaps = [later.at - earlier.at for earlier, later in zip(registers, registers[1:], strict=False)]
    assert max(gaps) <= 301 and len(registers) >= 8 * 12 - 1
    numbers = [int(said.data.split(b"\r\nCSeq: ")[1].split()[0]) for said in registers]
    assert numbers == sorted(set(numbers))
    assert registers[-1].at > START + 8 * 3600 - 301
    assert desk.identity.auth == "ntlmv2"
    refused = [said for said in house.wire.said[since:] if said.line.startswith(("SIP/2.0 4", "SIP/2.0 5"))]
    assert {said.line[8:11] for said in refused} <= {"401"}
    assert desk.phone.contacts()
    assert house.office.discarded == 0


def test_lost_connection_is_made_again_with_contacts_and_presence() -> None:
    house = House()
    desk = house.signed_in()
    house.wire.cut(desk.phone)
    assert desk.identity.state == "waiting"
    house.wire.advance(5)
    assert desk.registered
    assert len(desk.phone.contacts()) == 3
    assert desk.sees("Ada.Answers").value == "AVAILABLE"


def test_server_that_was_restarted_finds_the_phone_again() -> None:
    house = House()
    desk = house.signed_in()
    house.wire.refusing = True
    house.wire.cut(desk.phone, "the server was restarted")
    house.wire.advance(90)
    assert desk.identity.state == "waiting"
    house.wire.refusing = False
    house.wire.advance(90)
    assert desk.registered
    assert len(desk.phone.contacts()) == 3


def test_garbage_on_the_wire_harms_nothing() -> None:
    house = House()
    desk = house.signed_in()
    conn = next(conn for box, conn in house.wire._streams if box is desk.phone)
    options = (
        b"OPTIONS sip:Heiko.Riedel@ucc.de SIP/2.0\r\nVia: SIP/2.0/TLS x;branch=z9hG4bK1\r\n"
        b"From: <sip:evil@ucc.de>;tag=1\r\nTo: <sip:Heiko.Riedel@ucc.de>\r\nCall-ID: evil\r\n"
        b"CSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"
    )
    before = len(house.wire.said)
    desk.phone.receive(conn, options, house.now)
    house.settle()
    assert [said.line for said in house.wire.said[before:]] == []  # unsigned: not even answered
    desk.phone.receive(conn, b"\x00\xff no sip \r\n\r\n", house.now)
    house.wire.advance(10)
    assert desk.registered
    assert len(desk.phone.contacts()) == 3
