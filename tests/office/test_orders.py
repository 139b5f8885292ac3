"""What an administrator may order, and what becomes of it."""

from __future__ import annotations

from typing import Any

import pytest

from snomtui.auth.ntlm.messages import Flags
from snomtui.auth.ntlm.policy import LmLevel
from snomtui.errors import LocalError
from snomtui.office.faults import Fault
from snomtui.office.orders import (
    BadOrder,
    HaveCall,
    HaveHangUp,
    Order,
    Refusal,
    Restart,
    SetFault,
    SetPolicy,
    SignOut,
    is_order,
    object_of,
    order_of,
)
from snomtui.office.people import People
from snomtui.office.policy import KNOBS, Policy, Value
from tests.office.house import House
from tests.wire import START

# -- policies by name


def test_policy_is_turned_by_name_and_told_by_name() -> None:
    policy = Policy().with_("lan_manager_level", 3).with_("minimum_session_security", "both").with_("kerberos", "off")
    assert (policy.level, policy.kerberos) == (LmLevel.SEND_NTLMV2_ONLY, False)
    assert policy.minimum_session_security == Flags.ESS | Flags.KEY_128
    told = policy.values()
    assert (told["lan_manager_level"], told["minimum_session_security"], told["kerberos"]) == (3, "both", False)
    assert set(told) == set(KNOBS)


@pytest.mark.parametrize("name", KNOBS)
def test_every_policy_takes_back_what_it_tells_and_every_choice_it_offers(name: str) -> None:
    told = Policy().values()[name]
    assert Policy().with_(name, told) == Policy()
    for choice in KNOBS[name].choices:
        assert str(Policy().with_(name, choice).values()[name]).lower() in (
            choice.lower(),
            {"on": "true", "off": "false"}.get(choice),
        )


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("lan_manager_level", 6, "lan_manager_level=6: must be one of 0, 1, 2, 3, 4, 5"),
        ("lan_manager_level", "high", "lan_manager_level=high: must be one of 0"),
        ("minimum_session_security", 56, "must be one of none, ess, 128, both"),
        ("signature_version", True, "signature_version=on: must be one of 2, 3, 4"),
        ("kerberos", "maybe", "kerberos=maybe: must be on or off"),
        ("encryption", "", "must be one of SupportEncryption, DoNotSupportEncryption, RequireEncryption"),
        ("keep_alive", "soon", "keep_alive=soon: must be a whole number of seconds from 30 to 86400"),
        ("keep_alive", 1.5, "keep_alive=1.5: must be a whole number"),
        ("settle", "nan", "settle=nan: must be a number of seconds from 0 to 60"),
        ("realm", 'a"b', "must be one line of 1 to 80 ASCII characters without quotes"),
        ("server_header", "a\r\nVia: x", "must be one line"),
        ("level", 3, "policy level: there are only lan_manager_level, minimum_session_security"),
    ],
)
def test_wrong_policy_is_refused_with_its_name_and_what_would_be_right(name: str, value: Value, words: str) -> None:
    with pytest.raises(LocalError) as told:
        Policy().with_(name, value)
    assert words in str(told.value)


# -- orders as objects


@pytest.mark.parametrize(
    ("given", "order"),
    [
        ({"do": "policy", "name": "lan_manager_level", "value": 3}, SetPolicy("lan_manager_level", 3)),
        ({"do": "policy", "name": "kerberos", "value": False}, SetPolicy("kerberos", False)),
        ({"do": "fault", "name": "slow", "on": True}, SetFault("slow", True)),
        ({"do": "fault", "name": "503", "on": False}, SetFault("503", False)),
        ({"do": "restart"}, Restart()),
        ({"do": "sign_out", "who": "heiko@ucc.test", "event": "rejected"}, SignOut("heiko@ucc.test", "rejected")),
        ({"do": "call", "who": "Jan"}, HaveCall("Jan")),
        ({"do": "call", "who": "Jan", "whom": "heiko"}, HaveCall("Jan", "heiko")),
        ({"do": "hang_up", "who": "Jan"}, HaveHangUp("Jan")),
    ],
)
def test_order_is_read_from_an_object_and_written_as_one(given: dict[str, Any], order: Order) -> None:
    assert order_of(given) == order and is_order(given)
    assert object_of(order) == given


def test_forms_send_words_where_programs_send_values() -> None:
    assert order_of({"do": "fault", "name": 503, "on": "off"}) == SetFault("503", False)
    assert order_of({"do": "fault", "name": "slow"}) == SetFault("slow", True)
    assert order_of({"do": "policy", "name": "kerberos", "value": "off"}) == SetPolicy("kerberos", "off")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "unknown do None, known are policy, fault, restart, sign_out"),
        ({"do": ["policy"]}, "unknown do"),
        ({"do": "dial", "number": "1"}, "unknown do 'dial'"),
        ({"do": "policy"}, 'policy: needs "value"'),
        ({"do": "policy", "value": 3}, 'policy: needs "name"'),
        ({"do": "policy", "name": "x", "value": None}, 'policy: needs "value"'),
        ({"do": "policy", "name": "x", "value": 3}, "policy x: there are only"),
        ({"do": "policy", "name": "lan_manager_level", "value": 9}, "lan_manager_level=9: must be one of 0"),
        ({"do": "fault", "name": "rain", "on": True}, "fault rain: there are only lost-answer"),
        ({"do": "fault", "name": "slow", "on": 1}, 'fault: "on" must be true or false'),
        ({"do": "fault", "name": "slow", "on": None}, 'fault: "on" must be true or false'),
        ({"do": "sign_out"}, 'sign_out: needs "who"'),
        ({"do": "sign_out", "who": "a@b", "event": "tired"}, 'sign_out: "event" must be one of unregistered'),
    ],
)
def test_object_that_is_no_order_is_refused_with_what_is_wrong(given: dict[str, Any], words: str) -> None:
    with pytest.raises(BadOrder) as told:
        order_of(given)
    assert str(told.value).startswith(words)


# -- orders at work


def test_level_that_is_lowered_lets_in_who_was_refused() -> None:
    house = House()
    old = house.client(level=1)
    old.register(house.now)
    house.settle()
    assert not old.registered
    assert house.office.do(SetPolicy("lan_manager_level", 3), house.now) is None
    again = house.client(level=1)
    again.register(house.now)
    house.settle()
    assert again.registered
    assert "policy lan_manager_level is now 3" in house.office.journal.notes()


def test_policy_that_changes_puts_nobody_out() -> None:
    house = House(level=0)
    old = house.signed_in(level=1)
    assert house.office.do(SetPolicy("lan_manager_level", 5), house.now) is None
    old.register(house.now)
    house.settle()
    assert old.statuses("REGISTER")[-1] == 200


def test_order_with_a_wrong_name_or_value_is_refused_and_changes_nothing() -> None:
    house = House()
    before = house.office.policy
    for order in (SetPolicy("level", 3), SetPolicy("lan_manager_level", 7), SetFault("rain")):
        refusal = house.office.do(order, house.now)
        assert isinstance(refusal, Refusal) and refusal.why
    assert (house.office.policy, str(house.office.faults)) == (before, "none")


@pytest.mark.parametrize(("name", "value"), [("shortest", 901), ("longest", 61), ("longest_phone", 61)])
def test_registrations_cannot_be_made_too_long_for_everybody(name: str, value: int) -> None:
    policy = Policy(shortest=60) if name == "shortest" else Policy(shortest=62)
    with pytest.raises(LocalError, match=f"{name}={value}: shortest .* must not be above longest"):
        policy.with_(name, value)


def test_names_may_be_written_with_either_dash() -> None:
    house = House()
    assert house.office.do(SetPolicy("LAN-Manager-Level", 3), house.now) is None
    assert house.office.do(SetFault("lost_answer"), house.now) is None
    assert house.office.journal.notes() == ("policy lan_manager_level is now 3", "fault lost-answer is on")
    assert order_of({"do": "fault", "name": "wrong_signature"}) == SetFault("wrong-signature")


def test_fault_is_switched_on_and_off_by_name() -> None:
    house = House()
    assert house.office.do(SetFault("503", True), house.now) is None
    assert house.office.do(SetFault("slow", True), house.now) is None
    assert house.office.do(SetFault("503", False), house.now) is None
    assert house.office.faults.active == {Fault.SLOW}


@pytest.mark.parametrize("order", [Restart(), SetFault("restart", True)])
def test_restart_happens_once_and_leaves_no_fault_behind(order: Order) -> None:
    house = House()
    client = house.signed_in()
    assert house.office.do(order, house.now) is None
    house.settle()
    assert client.down and not house.office.status(house.now).registrations
    assert str(house.office.faults) == "none"
    assert house.office.do(SetFault("restart", False), house.now) is None
    client.reconnect()
    client.register(house.now)
    house.settle()
    assert client.registered


def test_person_is_put_out_and_told_why() -> None:
    house = House()
    client = house.signed_in()
    assert house.office.do(SignOut("heiko.riedel@ucc.de", "rejected"), house.now) is None
    house.settle()
    (notify, _), *_ = client.asked("NOTIFY")
    assert notify.body == b"deregistered;event=rejected"
    assert house.office.do(SignOut("heiko.riedel@ucc.de"), house.now) == Refusal("heiko.riedel@ucc.de is not signed in")
    assert house.office.do(SignOut("nobody@ucc.de"), house.now) == Refusal("nobody@ucc.de is not signed in")


def test_somebody_who_is_played_calls_a_phone_and_hangs_up_when_ordered() -> None:
    house = House(people=People.default())
    heiko = house.client()
    heiko.register(house.now)
    house.settle()
    do = house.office.do
    assert do(HaveCall("Nobody"), house.now) == Refusal("Nobody is nobody who is played here")
    assert do(HaveCall("Heiko"), house.now) == Refusal("Heiko is nobody who is played here")
    assert do(HaveCall("Bert", "julia.falk@ucc.de"), house.now) == Refusal("julia.falk@ucc.de is not signed in")
    assert do(HaveHangUp("Bert"), house.now) == Refusal("Bert has no call")
    for who in ("Bert Kowalski", "+49301234503", "sip:bert.kowalski@ucc.de", "+4989777"):
        assert do(HaveCall(who), house.now) is None
        assert do(HaveHangUp(who), house.now) is None
    assert do(HaveCall("Bert", "heiko.riedel"), house.now) is None
    house.settle()
    invites = [request for request, _ in heiko.requests if request.method == "INVITE"]
    assert len(invites) == 5 and str(invites[0].from_.uri).lower() == "sip:bert.kowalski@ucc.de"


def test_nobody_calls_while_no_phone_is_there() -> None:
    office = House(people=People.default()).office
    assert office.do(HaveCall("Bert"), START) == Refusal("no phone is signed in")
