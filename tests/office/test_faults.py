"""What goes wrong on purpose."""

from __future__ import annotations

import pytest

from snomtui.errors import LocalError
from snomtui.office.faults import Fault, Faults
from tests.office.house import House


def test_a_fault_is_known_by_its_name() -> None:
    assert Fault.UNAVAILABLE in Faults.parse("503", "slow")
    with pytest.raises(LocalError, match="lost-answer, slow, wrong-signature, kerberos-only, 503, drop"):
        Faults.parse("rain")


def test_slow_answers_come_three_seconds_late_and_in_order() -> None:
    house = House(fault="slow")
    client = house.client()
    client.register(house.now)
    house.wire.advance(2.9)
    assert client.answers == []
    house.wire.advance(6.2)
    assert client.statuses("REGISTER") == [401, 401, 200]


def test_a_lost_answer_leaves_the_client_waiting_until_it_gives_up() -> None:
    house = House(fault="lost-answer")
    client = house.client()
    client.register(house.now)
    house.wire.advance(40)
    assert client.answers == []
    assert any("lost-answer" in each for each in house.office.journal.notes())


def test_a_wrong_signature_is_noticed_by_the_client() -> None:
    house = House(fault="wrong-signature")
    client = house.client()
    client.register(house.now)
    house.settle()
    assert client.doubts == ["the server did not prove itself: the signature is wrong"]
    assert not client.registered


def test_kerberos_only_offers_nothing_that_a_phone_knows() -> None:
    house = House(fault="kerberos-only")
    client = house.client()
    client.register(house.now)
    house.settle()
    (challenge,) = client.last("REGISTER").headers.all("WWW-Authenticate")
    assert challenge.startswith("Kerberos")
    assert client.refused == "the server offers no scheme that this phone knows"


def test_kerberos_only_holds_for_the_empty_step_of_ntlm_too_and_whatever_the_policy_says() -> None:
    house = House()
    client = house.signed_in()
    house.office.policy = house.office.policy.with_("kerberos", "off")
    house.office.faults = Faults.parse("kerberos-only")
    empty = next(each for each in client.made if 'gssapi-data=""' in (each.headers.get("Authorization") or ""))
    client.transactions.request(empty.with_("Via", client.via()).with_("CSeq", "9 REGISTER"), client.wire, None, 0)
    client.guard.forget()
    client.flush(house.now)
    house.settle()
    (challenge,) = client.last("REGISTER").headers.all("WWW-Authenticate")
    assert challenge.startswith("Kerberos")


def test_503_asks_to_come_back_later() -> None:
    house = House(fault="503")
    client = house.client()
    client.register(house.now)
    house.settle()
    assert (client.last("REGISTER").status, client.last("REGISTER").headers.get("Retry-After")) == (503, "30")


def test_drop_closes_the_connection_and_can_be_switched_off_while_running() -> None:
    house = House(fault="drop")
    client = house.client()
    client.register(house.now)
    house.settle()
    assert client.down
    house.office.faults = house.office.faults.without(Fault.DROP)
    client.reconnect()
    client.register(house.now)
    house.settle()
    assert client.registered


def test_a_clock_two_days_off_refuses_ntlmv2_but_not_ntlmv1() -> None:
    house = House(fault="clock", level=0)
    newer, older = house.client(), house.client("Julia.Falk", level=1)
    newer.register(house.now)
    older.register(house.now)
    house.settle()
    assert "1013" in (newer.last("REGISTER").headers.get("ms-diagnostics") or "")
    assert older.registered


def test_a_forgetful_server_wants_a_new_handshake_for_every_request() -> None:
    house = House()
    client = house.signed_in()
    house.office.faults = Faults.parse("forgetful")
    client.register(house.now)
    house.settle()
    assert client.statuses("REGISTER") == [401, 401, 200, 401, 401, 200]
