"""Every phone at every LAN Manager level of the server: in or refused as the table says, and what it costs."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from snomtui.auth.ntlm.messages import Flags
from snomtui.auth.ntlm.policy import LmLevel
from snomtui.line.events import RegistrationChanged
from snomtui.phone.intents import Answer, Dial, HangUp, LogOff, Register, SetPresence
from snomtui.presence import Availability
from tests.stories.house import Desk, House

PHONES = ("0", "1", "2", "3", "4", "5", "auto", "8.1")
USING = '[6] Using user "Heiko.Riedel" and domain "ucc" for NTLM authentication'
UNKNOWN = "[3] Challenge: Unknown scheme Kerberos"
SENT = "[8] Send Packet REGISTER"
IN = "[2] Registered at registrar as Heiko.Riedel@ucc.de (Expires: 900 secs)"
OUT = [
    "[6] gui_object::challenge_user: Challenge User but wrong state 16",
    "[2] Registrar Heiko.Riedel@ucc.de refused with code 401",
    "[5] Will try to reregister in 300 seconds",
]
LEVEL_5 = "REGISTER refused: NTLMv1 response refused by level 5 (Send NTLMv2 response only. Refuse LM & NTLM)"


def phone_of(house: House, kind: str, user: str = "Heiko.Riedel") -> Desk:
    """A phone with this `sim_lan_manager_level`, or with the firmware 8.1."""
    if kind == "8.1":
        return house.phone(user, sim_firmware="8.1")
    return house.phone(user, sim_lan_manager_level=kind)


def registers(house: House, desk: Desk) -> int:
    """How many REGISTERs the phone has sent."""
    return sum(line.startswith("REGISTER") for line in house.wire.lines(desk.phone))


def lists(house: House) -> int:
    """How many 401 have listed all schemes."""
    said = (each.data for each in house.wire.said if each.line.startswith("SIP/2.0 401"))
    return sum(b"WWW-Authenticate: Kerberos" in data for data in said)


def notes(house: House) -> list[str]:
    """Who was refused, as the office's journal has it."""
    return [note for note in house.office.journal.notes() if "refused" in note]


def essence(desk: Desk) -> list[str]:
    """The lines of the log that the first article turns upon."""
    return [line for line in desk.log if line in (SENT, UNKNOWN, USING, IN, *OUT)]


@pytest.mark.parametrize(("kind", "level"), list(product(PHONES, range(6))))
def test_phone_gets_in_or_is_refused_as_the_table_of_levels_says(kind: str, level: int) -> None:
    house = House(level=level)
    desk = phone_of(house, kind)
    first = "ntlmv2" if kind in ("3", "4", "5") else "ntlmv1"
    if first == "ntlmv2" or level < 5:
        assert desk.registered and desk.identity.auth == first
        assert (registers(house, desk), lists(house), notes(house)) == (3, 1, [])
        assert essence(desk) == [SENT, UNKNOWN, SENT, USING, SENT, IN]
        assert [each.auth for each in house.office.status(house.now).registrations] == [first]
    elif kind == "auto":
        assert desk.registered and desk.identity.auth == "ntlmv2"
        assert (registers(house, desk), lists(house)) == (5, 2)
        assert essence(desk) == [SENT, UNKNOWN, SENT, USING, SENT, UNKNOWN, SENT, USING, SENT, IN]
        assert len(notes(house)) == 1 and notes(house)[0].startswith(LEVEL_5)
        assert [each.auth for each in house.office.status(house.now).registrations] == ["ntlmv2"]
    else:
        assert (desk.identity.state, desk.identity.code) == ("refused", 401)
        assert (registers(house, desk), lists(house)) == (3, 2)
        assert essence(desk) == [SENT, UNKNOWN, SENT, USING, SENT, UNKNOWN, *OUT]
        assert len(notes(house)) == 1 and notes(house)[0].startswith(LEVEL_5)
        assert house.office.status(house.now).registrations == ()


@pytest.mark.parametrize("kind", ["1", "2", "auto", "8.1"])
def test_journal_says_that_ntlm2_session_security_is_still_version_1(kind: str) -> None:
    house = House(level=5)
    phone_of(house, kind)
    assert notes(house)[0].endswith("NTLM2 session security, which is still version 1")


def test_refused_old_firmware_tries_again_every_five_minutes_and_gets_in_when_the_level_is_lowered() -> None:
    house = House(level=5)
    desk = phone_of(house, "8.1")
    house.wire.advance(901)
    assert len(notes(house)) == 4 and registers(house, desk) == 12
    house.office.policy = replace(house.office.policy, level=LmLevel.REFUSE_LM)
    house.wire.advance(301)
    assert desk.registered and desk.identity.auth == "ntlmv1"


# -- a phone remembers what worked


def cost(house: House, desk: Desk) -> int:
    """REGISTERs until the phone is in again."""
    before = registers(house, desk)
    house.wire.until(lambda: desk.registered, 60)
    return registers(house, desk) - before


def test_phone_that_tries_both_remembers_what_worked_over_a_lost_connection_and_a_new_sign_in() -> None:
    house = House(level=5)
    desk = phone_of(house, "auto")
    house.wire.advance(2)
    house.wire.cut(desk.phone)
    assert not desk.registered and cost(house, desk) == 3
    house.wire.advance(2)
    desk.do(LogOff(1))
    house.wire.advance(2)
    before = registers(house, desk)
    desk.do(Register(1))
    house.wire.until(lambda: desk.registered, 10)
    assert registers(house, desk) - before == 3
    assert len(notes(house)) == 1


def test_phone_that_tries_both_renews_its_association_after_eight_hours_in_one_go() -> None:
    house = House(level=5)
    desk = phone_of(house, "auto")
    house.wire.advance(8 * 3600)
    assert desk.states == ["registering", "registered"] and desk.identity.auth == "ntlmv2"
    assert desk.log.count(USING) == 3
    assert len(notes(house)) == 1


def test_phone_that_tries_both_goes_over_to_ntlmv2_when_the_level_is_raised() -> None:
    house = House(level=3)
    desk = phone_of(house, "auto")
    assert desk.identity.auth == "ntlmv1"
    house.office.policy = replace(house.office.policy, level=LmLevel.REFUSE_LM_AND_NTLM)
    house.wire.advance(2)
    house.wire.cut(desk.phone)
    assert cost(house, desk) == 5
    assert desk.identity.auth == "ntlmv2" and len(notes(house)) == 1


def test_phone_with_a_wrong_password_tries_each_version_once() -> None:
    house = House(level=4)
    desk = house.phone(sim_lan_manager_level="auto", user_pass1="wrong")
    assert (desk.identity.state, registers(house, desk)) == ("refused", 5)
    assert notes(house) == [
        "REGISTER refused: wrong password (NTLM2 session response)",
        "REGISTER refused: wrong password (NTLMv2 response)",
    ]


# -- the server's other knobs


def test_level_that_is_raised_lets_who_is_in_stay_until_the_next_handshake() -> None:
    house = House(level=3)
    desk = house.signed_in(sim_lan_manager_level="2")
    house.office.policy = replace(house.office.policy, level=LmLevel.REFUSE_LM_AND_NTLM)
    house.wire.advance(3600)
    assert desk.registered and desk.sees("Ada.Answers") is Availability.AVAILABLE
    house.wire.cut(desk.phone)
    house.wire.until(lambda: desk.identity.state == "refused", 30)
    assert notes(house)[0].startswith(LEVEL_5)
    house.office.policy = replace(house.office.policy, level=LmLevel.REFUSE_LM)
    house.wire.advance(301)
    assert desk.registered


BOTH = Flags.ESS | Flags.KEY_128
WEAK = "REGISTER refused: session security too weak: extended session security (NTLM2) is demanded"


@pytest.mark.parametrize("kind", PHONES)
@pytest.mark.parametrize("minimum", [Flags(0), Flags.ESS, Flags.KEY_128, BOTH])
def test_minimum_session_security_keeps_out_the_phone_that_never_extends_it(kind: str, minimum: Flags) -> None:
    house = House(level=3)
    house.office.policy = replace(house.office.policy, minimum_session_security=minimum)
    desk = phone_of(house, kind)
    weak = kind == "0" and Flags.ESS in minimum
    assert desk.registered is not weak
    assert notes(house) == ([WEAK] if weak else [])


@pytest.mark.parametrize(("kind", "gets_in"), [("2", True), ("3", False), ("auto", True)])
def test_clock_that_is_two_days_off_keeps_out_ntlmv2_only(kind: str, gets_in: bool) -> None:
    house = House(level=3, fault="clock")
    desk = phone_of(house, kind)
    assert desk.registered is gets_in
    assert [note for note in notes(house) if "clock differs by 48.0 hours" in note] == ([] if gets_in else notes(house))
    if not gets_in:
        assert "the clocks differ by 48 hours" in desk.identity.reason
        said = [each.data for each in house.wire.said if each.line.startswith("SIP/2.0 401")]
        assert b'ms-diagnostics: 1013;reason="Significant time skew' in said[-1]
        house.fault()
        house.wire.advance(301)
        assert desk.registered


def test_server_without_kerberos_saves_a_line_of_the_log_and_tls_dsk_costs_one() -> None:
    house = House()
    house.office.policy = replace(house.office.policy, kerberos=False)
    assert UNKNOWN not in house.signed_in().log
    house.office.policy = replace(house.office.policy, kerberos=True, tls_dsk=True)
    log = house.signed_in("Jan.Dierich").log
    assert log.count(UNKNOWN) == log.count("[3] Challenge: Unknown scheme TLS-DSK") == 1


def talk(house: House, caller: Desk, callee: Desk, address: str) -> None:
    """A call that is answered, and ended by who was called."""
    caller.do(Dial(address))
    house.wire.until(lambda: callee.calls == ["offered"], 5)
    callee.do(Answer())
    house.wire.until(lambda: caller.calls == ["talking"], 5)
    callee.do(HangUp())
    house.wire.until(lambda: caller.calls == callee.calls == [], 30)


@pytest.mark.parametrize("version", [2, 3, 4])
def test_calls_and_presence_go_both_ways_at_every_version_of_the_signatures(version: int) -> None:
    house = House(version=version)
    heiko, jan = house.signed_in(), house.signed_in("Jan.Dierich", sim_lan_manager_level="5")
    heiko.do(SetPresence(Availability.BUSY))
    jan.do(SetPresence(Availability.AWAY))
    house.wire.until(lambda: jan.sees("Heiko.Riedel") is Availability.BUSY, 5)
    house.wire.until(lambda: heiko.sees("Jan.Dierich") is Availability.AWAY, 5)
    talk(house, heiko, jan, "sip:Jan.Dierich@ucc.de")
    talk(house, jan, heiko, "sip:Heiko.Riedel@ucc.de")
    assert house.office.discarded == 0
    assert {event.auth for event in heiko.events(RegistrationChanged) if event.state == "registered"} == {"ntlmv2"}


def test_version_that_is_changed_holds_for_the_next_handshake() -> None:
    house = House(version=4)
    heiko = house.signed_in()
    house.office.policy = replace(house.office.policy, version=2)
    jan = house.signed_in("Jan.Dierich")
    heiko.do(SetPresence(Availability.BUSY))
    house.wire.until(lambda: jan.sees("Heiko.Riedel") is Availability.BUSY, 5)
    assert house.office.discarded == 0
