"""Signing in at the office."""

from __future__ import annotations

import pytest

from snomtui.kit.box import Log
from snomtui.ocs.endpoint import gruu, instance_uuid
from snomtui.office.people import People
from snomtui.office.policy import Policy
from snomtui.office.registrar import MOST_ENDPOINTS
from snomtui.sip.message import Request
from tests.office.house import QUIET, House


def test_a_client_signs_in_with_ntlmv2_in_three_registers() -> None:
    house = House()
    client = house.signed_in()
    assert client.statuses("REGISTER") == [401, 401, 200]
    assert client.guard.auth == "ntlmv2"
    assert client.doubts == []
    lines = [each.line for each in house.wire.said if each.sender == client.name]
    assert lines == ["REGISTER sip:ucc.de SIP/2.0"] * 3


def test_the_office_tells_a_client_what_it_is_registered_as() -> None:
    house = House()
    ok = house.signed_in().last("REGISTER")
    (contact,) = ok.contacts
    assert contact.params.get("expires") == "900"
    assert contact.params.get("+sip.instance") == f"<urn:uuid:{instance_uuid('0004135a2b')}>"
    assert contact.params.get("gruu") == gruu("Heiko.Riedel@ucc.de", "0004135a2b")
    assert ok.headers.get("presence-state") == 'register-action="added"'
    assert "msrtc-event-categories" in ok.headers.values("Supported")
    assert "vnd-microsoft-roaming-self" in ok.headers.values("Allow-Events")
    assert ok.headers.get("Server") == "RTC/3.5"


@pytest.mark.parametrize(
    ("user_agent", "wish", "granted"),
    [
        ("snom370/8.2.19", None, 900),
        ("snom370/8.2.19", 3600, 900),
        ("snom370/8.2.19", 120, 120),
        ("UCCP/2.0.6362.0 OC/2.0.6362.0", None, 7200),
        ("UCCP/2.0.6362.0 OC/2.0.6362.0", 86400, 7200),
    ],
)
def test_the_office_grants_what_is_asked_up_to_a_limit(user_agent: str, wish: int | None, granted: int) -> None:
    house = House()
    client = house.client(user_agent=user_agent)
    client.register(house.now, wish)
    house.settle()
    assert client.last("REGISTER").expires == granted


def test_the_office_refuses_a_registration_that_is_too_short() -> None:
    house = House()
    client = house.client()
    client.register(house.now, 30)
    house.settle()
    refusal = client.last("REGISTER")
    assert (refusal.status, refusal.headers.get("Min-Expires")) == (423, "60")
    assert house.office.status(house.now).registrations == ()


@pytest.mark.parametrize(("level", "accepted"), [(0, True), (3, True), (4, True), (5, False)])
def test_the_level_decides_whether_ntlmv1_is_taken(level: int, accepted: bool) -> None:
    house = House(level=level)
    client = house.client(level=1)
    client.register(house.now)
    house.settle()
    assert client.registered is accepted
    refusals = [each for each in house.office.journal.notes() if "refused" in each]
    assert len(refusals) == (0 if accepted else 1)
    assert all(each.startswith("REGISTER refused: NTLMv1 response refused by level 5 (") for each in refusals)


def test_a_client_that_tries_both_versions_is_accepted_with_the_second() -> None:
    house = House(level=5)
    client = house.client(level=None)
    client.register(house.now)
    house.settle()
    assert client.statuses("REGISTER") == [401, 401, 401, 401, 200]
    assert client.guard.auth == "ntlmv2"


@pytest.mark.parametrize("version", [2, 3, 4])
def test_every_protocol_version_signs_in_and_stays_trusted(version: int) -> None:
    house = House(version=version)
    client = house.signed_in()
    client.register(house.now)
    house.settle()
    assert client.statuses("REGISTER") == [401, 401, 200, 200]
    assert client.doubts == []


def test_a_wrong_password_is_refused_and_noted_without_the_password() -> None:
    house = House()
    client = house.client(password="geheim")
    client.register(house.now)
    house.settle()
    assert not client.registered
    assert "Final handshake failed" in (client.last("REGISTER").headers.get("ms-diagnostics") or "")
    assert "REGISTER refused: wrong password (NTLMv2 response)" in house.office.journal.notes()
    logged = [each.text for each in house.wire.outputs[house.office] if isinstance(each, Log)]
    assert logged == ["UCC\\Heiko.Riedel refused: wrong password (NTLMv2 response)"]
    assert all("geheim" not in each.line + each.token for each in house.office.journal)


@pytest.mark.parametrize("login", ["ucc\\Heiko.Riedel", "UCC\\heiko.riedel", "Heiko.Riedel@ucc.de", "heiko.riedel"])
def test_a_login_may_be_spelled_in_many_ways(login: str) -> None:
    house = House()
    assert house.signed_in(login=login).registered


def test_a_user_cannot_register_somebody_else() -> None:
    house = House()
    client = house.client("Julia.Falk", login="UCC\\Heiko.Riedel", password="Sommer2009!")
    client.register(house.now)
    house.settle()
    assert client.last("REGISTER").status == 403
    assert "4004" in (client.last("REGISTER").headers.get("ms-diagnostics-public") or "")


def test_a_user_cannot_register_under_another_from_by_feigning_a_dialog() -> None:
    house = House()
    client = house.signed_in()
    ours = client.asked_last("REGISTER")
    headers = ours.headers.without("Authorization")
    feigned = (
        Request("REGISTER", ours.uri, headers)
        .with_("From", f"<sip:Julia.Falk@ucc.de>;tag=9;epid={client.epid}")
        .with_("To", f"<{client.uri}>;tag=8")
        .with_("CSeq", "77 REGISTER")
        .with_("Via", client.via())
    )
    client.send(feigned, house.now)
    house.settle()
    assert client.last("REGISTER").status == 403


def test_a_client_that_only_asks_what_is_registered_is_told_that_it_is_still_there() -> None:
    house = House()
    client = house.signed_in()
    ours = client.asked_last("REGISTER")
    headers = ours.headers.without("Contact").without("Authorization")
    query = Request("REGISTER", ours.uri, headers).with_("CSeq", "77 REGISTER").with_("Via", client.via())
    client.send(query, house.now)
    house.settle()
    answer = client.last("REGISTER")
    assert answer.status == 200
    assert answer.headers.get("presence-state") == 'register-action="refreshed"'


def test_an_extension_that_is_missing_is_named() -> None:
    house = House()
    client = house.signed_in()
    ours = client.asked_last("REGISTER")
    headers = ours.headers.without("Supported").without("Authorization")
    lacking = Request("REGISTER", ours.uri, headers).with_("Supported", "msrtc-event-categories")
    client.send(lacking.with_("CSeq", "77 REGISTER").with_("Via", client.via()), house.now)
    house.settle()
    answer = client.last("REGISTER")
    assert (answer.status, answer.headers.get("Require")) == (421, "gruu-10")


def test_a_refresh_is_one_signed_register() -> None:
    house = House()
    client = house.signed_in()
    house.wire.advance(300)
    client.register(house.now)
    house.settle()
    assert client.statuses("REGISTER") == [401, 401, 200, 200]
    assert client.last("REGISTER").headers.get("presence-state") == 'register-action="refreshed"'


def test_a_registration_that_is_not_refreshed_runs_out() -> None:
    house = House()
    house.office.policy = Policy(keep_alive=3600)
    house.signed_in()
    house.wire.advance(899)
    assert len(house.office.status(house.now).registrations) == 1
    house.wire.advance(2)
    assert house.office.status(house.now).registrations == ()
    assert "registration ran out" in house.office.journal.notes()


def test_a_client_signs_out_with_expires_0() -> None:
    house = House()
    client = house.signed_in()
    client.register(house.now, 0)
    house.settle()
    assert (client.last("REGISTER").status, client.last("REGISTER").expires) == (200, 0)
    assert house.office.status(house.now).registrations == ()


def test_a_lost_connection_signs_its_clients_out() -> None:
    house = House()
    client = house.signed_in()
    house.wire.cut(client)
    assert house.office.status(house.now).registrations == ()
    client.reconnect()
    client.register(house.now)
    house.settle()
    assert client.registered


def test_an_endpoint_that_signs_in_elsewhere_is_put_out_where_it_was() -> None:
    house = House()
    first, second = house.signed_in(), house.client()
    second.name = "second"
    second.register(house.now)
    house.settle()
    (told,) = first.asked("NOTIFY")
    assert told[0].headers.get("Event") == "registration-notify"
    assert told[0].body == b"deregistered;event=unregistered"
    assert len(house.office.status(house.now).registrations) == 1
    assert first.doubts == []


def test_a_disabled_user_is_told_so_and_put_out() -> None:
    house = House()
    client = house.signed_in()
    house.office.sign_out("heiko.riedel@ucc.de", "rejected", house.now)
    house.settle()
    (told,) = client.asked("NOTIFY")
    assert told[0].body == b"deregistered;event=rejected"
    assert house.office.status(house.now).registrations == ()
    assert client.doubts == []


def test_two_devices_of_one_user_are_both_listed() -> None:
    house = House()
    house.signed_in()
    second = house.signed_in(epid="00041399ff")
    assert len(second.last("REGISTER").contacts) == 2


def test_the_status_counts_clients_by_version() -> None:
    house = House()
    house.signed_in(epid="00041300001")
    house.signed_in(epid="00041300002")
    house.signed_in("Julia.Falk", epid="a1b2c3d4e5", user_agent="UCCP/2.0.6362.0 OC/2.0.6362.0")
    status = house.office.status(house.now)
    assert [(each.user_agent, each.count) for each in status.versions] == [
        ("snom370/8.2.19", 2),
        ("UCCP/2.0.6362.0 OC/2.0.6362.0", 1),
    ]
    assert {each.auth for each in status.registrations} == {"ntlmv2"}
    assert status.registrations[0].expires_in == 900


def test_a_register_without_any_endpoint_name_is_refused() -> None:
    house = House(digest=False)
    client = house.client(epid="")
    client.register(house.now)
    house.settle()
    assert client.last("REGISTER").status == 400
    assert "4010" in (client.last("REGISTER").headers.get("ms-diagnostics") or "")


def test_a_register_with_a_foreign_event_is_refused() -> None:
    house = House()
    client = house.client(epid="", digest=True)
    client.register(house.now, more=[("Event", "presence")])
    house.settle()
    client.register(house.now, more=[("Event", "presence")])
    house.settle()
    assert client.last("REGISTER").status == 489


def test_garbage_on_the_wire_costs_its_connection_only() -> None:
    house = House(people=People.default())
    client, other = house.signed_in(), house.signed_in("Julia.Falk")
    house.office.receive(-1, b"\x16\x03\x01 this is no SIP\r\n\r\n", house.now)
    house.settle()
    assert client.down
    other.register(house.now)
    house.settle()
    assert other.last("REGISTER").status == 200


def test_somebody_at_home_elsewhere_is_sent_there_with_a_signed_answer() -> None:
    home = 'name = "Heiko Riedel"\npool = "pool2.ucc.de:5061"'
    house = House(people=People.parse(QUIET.replace('name = "Heiko Riedel"', home)))
    client = house.client()
    client.register(house.now)
    house.settle()
    answer = client.last("REGISTER")
    assert (answer.status, answer.reason) == (301, "Redirect To Home Server")
    assert answer.headers.get("Contact") == "<sip:pool2.ucc.de:5061;transport=tcp>;q=0.7"
    assert answer.expires == 900
    assert "Authentication-Info" in answer.headers and client.doubts == []
    assert house.office.status(house.now).registrations == ()


def test_somebody_whose_home_is_this_server_stays() -> None:
    home = 'name = "Heiko Riedel"\npool = "sip.ucc.de:5060"'
    house = House(people=People.parse(QUIET.replace('name = "Heiko Riedel"', home)))
    assert house.signed_in().registered


@pytest.mark.parametrize("event", ["unregistered", "rejected", "deactivated"])
def test_whoever_is_put_out_is_told_why(event: str) -> None:
    house = House()
    client = house.signed_in()
    assert house.office.sign_out("heiko.riedel@ucc.de", event, house.now) == 1
    house.settle()
    (told,) = client.asked("NOTIFY")
    assert told[0].body == f"deregistered;event={event}".encode()
    diagnosis = told[0].headers.get("ms-diagnostics-public")
    assert diagnosis == ('4141;reason="User disabled"' if event == "rejected" else None)
    assert told[0].to.params.get("epid") == client.epid
    assert client.doubts == []


def test_every_device_has_its_own_instance_gruu_and_connection_in_the_answer() -> None:
    house = House()
    house.signed_in()
    second = house.signed_in(epid="00041399ff")
    contacts = second.last("REGISTER").contacts
    wanted = {f"<urn:uuid:{instance_uuid(each)}>" for each in ("0004135a2b", "00041399ff")}
    assert {each.params.get("+sip.instance") for each in contacts} == wanted
    assert len({each.params.get("gruu") for each in contacts}) == 2
    assert [each.uri.params.get("ms-received-cid") for each in contacts] == ["100", "200"]


def test_an_ocs_client_is_told_where_its_request_came_from() -> None:
    house = House()
    via = house.signed_in().last("REGISTER").via
    assert via.params.get("ms-received-port") == str(via.port)
    assert via.params.get("ms-received-cid") == "100"
    plain = house.signed_in("Julia.Falk", epid="", login="Julia.Falk", digest=True, user_agent="PJSUA")
    assert "ms-received-port" not in plain.last("REGISTER").via.params


def test_a_binding_whose_contact_has_changed_is_fixed() -> None:
    house = House()
    client = house.signed_in()
    register = client.asked_last("REGISTER")
    contact = (register.headers.get("Contact") or "").replace("4d1e90c277", "other")
    again = register.with_("Contact", contact).with_("CSeq", "9 REGISTER").with_("Via", client.via())
    client.send(again, house.now)
    house.settle()
    answer = client.last("REGISTER")
    assert answer.headers.get("presence-state") == 'register-action="fixed"'
    assert len(answer.contacts) == 1 and "ms-opaque=other" in (answer.headers.get("Contact") or "")


def test_a_user_cannot_sign_in_without_end() -> None:
    house = House()
    for number in range(MOST_ENDPOINTS):
        house.signed_in(epid=f"{number:010x}")
    late = house.client(epid="ffffffffff")
    late.register(house.now)
    house.settle()
    assert late.last("REGISTER").status == 403
    assert len(house.office.status(house.now).registrations) == MOST_ENDPOINTS
