"""Calls between registered people through the office."""

from __future__ import annotations

import pytest

from snomtui.ocs.endpoint import epid_of, gruu
from snomtui.sip.dialog import Dialog
from snomtui.sip.headers import Headers
from snomtui.sip.means import server_key
from snomtui.sip.message import Request
from snomtui.sip.transaction import ServerKey
from tests.office.client import SDP, Client
from tests.office.house import House

JULIA = "sip:Julia.Falk@ucc.de"
CHAT = ("application/sdp", b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=s\r\nt=0 0\r\nm=message 5060 sip null\r\n")
Asked = tuple[Request, ServerKey | None]


def two() -> tuple[House, Client, Client]:
    house = House()
    return house, house.signed_in(), house.signed_in("Julia.Falk", epid="00041399ff")


def invite(house: House, caller: Client, uri: str = JULIA) -> None:
    caller.ask("INVITE", uri, house.now, body=SDP)
    house.settle()


def call(house: House, caller: Client, callee: Client) -> tuple[Dialog, Dialog]:
    """A call that is up: the dialogs of both sides."""
    invite(house, caller)
    asked = callee.asked("INVITE")[-1]
    callee.reply(asked, 180, house.now)
    ok = callee.reply(asked, 200, house.now, body=SDP)
    house.settle()
    answer = caller.last("INVITE")
    assert answer.status == 200
    mine = caller.dialog(answer)
    caller.send(mine.ack(caller.dialog_request(answer), caller.via()), house.now)
    house.settle()
    assert callee.asked("ACK")
    return mine, Dialog.uas(asked[0], ok.to.tag, callee.contact)


def test_a_call_goes_through_and_everything_is_signed_for_each_hop() -> None:
    house, heiko, julia = two()
    mine, theirs = call(house, heiko, julia)
    (asked, _) = julia.asked("INVITE")[0]
    assert asked.uri.startswith("sip:127.0.0.1:")
    assert epid_of(asked.headers.get("To") or "") == julia.epid
    assert asked.headers.get("P-Asserted-Identity") == '"Heiko Riedel" <sip:Heiko.Riedel@ucc.de>, <tel:+49301234500>'
    assert "Authorization" not in asked.headers
    assert asked.headers.get("Max-Forwards") == "69"
    assert heiko.statuses("INVITE") == [180, 200]
    assert heiko.last("INVITE").headers.get("P-Asserted-Identity") == (
        '"Julia Falk" <sip:Julia.Falk@ucc.de>, <tel:+49301234511>'
    )
    heiko.send(mine.request("BYE", heiko.via()), house.now)
    house.settle()
    assert heiko.last("BYE").status == 200
    assert (heiko.doubts, julia.doubts, house.office.discarded) == ([], [], 0)


def test_requests_of_both_sides_find_the_other_inside_the_dialog() -> None:
    house, heiko, julia = two()
    mine, theirs = call(house, heiko, julia)
    for sender, dialog, receiver in ((heiko, mine, julia), (julia, theirs, heiko)):
        for method in ("INVITE", "UPDATE", "INFO", "REFER", "MESSAGE"):
            sender.send(dialog.request(method, sender.via(), body=SDP), house.now)
            house.settle()
            received = receiver.asked(method)[-1]
            receiver.reply(received, 200, house.now)
            house.settle()
            assert sender.last(method).status == 200
            if method == "INVITE":
                sender.send(dialog.ack(received[0], sender.via()), house.now)
                house.settle()
    julia.send(theirs.request("BYE", julia.via()), house.now)
    house.settle()
    assert heiko.asked("BYE") and julia.last("BYE").status == 200
    assert (heiko.doubts, julia.doubts) == ([], [])


def test_a_route_with_a_changed_signature_is_refused() -> None:
    house, heiko, julia = two()
    mine, _ = call(house, heiko, julia)
    mine.routes = tuple(each.replace("ms-route-sig=", "ms-route-sig=0") for each in mine.routes)
    heiko.send(mine.request("BYE", heiko.via()), house.now)
    house.settle()
    assert heiko.last("BYE").status == 481
    assert julia.asked("BYE") == []


def test_a_client_that_forgets_the_route_still_reaches_the_other_by_gruu() -> None:
    house, heiko, julia = two()
    mine, _ = call(house, heiko, julia)
    mine.routes = ()
    heiko.send(mine.request("BYE", heiko.via()), house.now)
    house.settle()
    assert heiko.last("BYE").status == 200


def test_all_devices_ring_and_the_first_answer_ends_the_others() -> None:
    house, heiko, desk = two()
    soft = house.signed_in("Julia.Falk", epid="a1b2c3d4e5")
    invite(house, heiko)
    for each in (desk, soft):
        each.reply(each.asked("INVITE")[0], 180, house.now, tag=each.epid)
    house.settle()
    soft.reply(soft.asked("INVITE")[0], 200, house.now, body=SDP, tag=soft.epid)
    house.settle()
    assert heiko.statuses("INVITE") == [180, 180, 200]
    (cancel,) = desk.cancels
    assert cancel.headers.get("Reason") == 'SIP;cause=200;text="Call completed elsewhere"'
    assert soft.cancels == []
    assert heiko.last("INVITE").to.tag == soft.epid


def test_one_busy_device_does_not_end_the_ringing_of_the_other() -> None:
    house, heiko, desk = two()
    soft = house.signed_in("Julia.Falk", epid="a1b2c3d4e5")
    invite(house, heiko)
    desk.reply(desk.asked("INVITE")[0], 486, house.now)
    house.settle()
    assert heiko.statuses("INVITE") == []
    soft.reply(soft.asked("INVITE")[0], 480, house.now)
    house.settle()
    assert heiko.statuses("INVITE") == [486]


def test_a_call_for_a_device_that_is_not_here_rings_at_no_other() -> None:
    house, heiko, julia = two()
    invite(house, heiko)
    ours = heiko.asked_last("INVITE")
    julia.reply(julia.asked("INVITE")[0], 486, house.now)
    house.settle()
    named = ours.with_("To", f"<{JULIA}>;epid=ffffffffff").with_("Call-ID", "other").with_("Via", heiko.via())
    heiko.send(named, house.now)
    house.settle()
    assert heiko.statuses("INVITE") == [486, 480]
    assert len(julia.asked("INVITE")) == 1


@pytest.mark.parametrize("status", [600, 605])
def test_decline_everywhere_stops_all_devices(status: int) -> None:
    house, heiko, desk = two()
    soft = house.signed_in("Julia.Falk", epid="a1b2c3d4e5")
    invite(house, heiko)
    soft.reply(soft.asked("INVITE")[0], 180, house.now)
    desk.reply(desk.asked("INVITE")[0], status, house.now)
    house.settle()
    assert len(soft.cancels) == 1
    assert heiko.statuses("INVITE")[-1] == status


def test_a_caller_who_hangs_up_early_cancels_all_devices() -> None:
    house, heiko, julia = two()
    key = heiko.ask("INVITE", JULIA, house.now, body=SDP)
    house.settle()
    julia.reply(julia.asked("INVITE")[0], 180, house.now)
    house.settle()
    heiko.cancel(key, house.now)
    house.settle()
    assert len(julia.cancels) == 1
    assert heiko.last("INVITE").status == 487


def test_a_caller_who_knows_no_cancel_ends_the_ringing_with_a_bye_without_tag() -> None:
    house, heiko, julia = two()
    invite(house, heiko)
    julia.reply(julia.asked("INVITE")[0], 180, house.now)
    house.settle()
    begun = heiko.asked_last("INVITE")
    kept = [each for each in begun.headers if each[0] in ("From", "To", "Call-ID", "Max-Forwards")]
    headers = Headers.of(("Via", heiko.via()), *kept, ("CSeq", "2 BYE"))
    stranger = house.signed_in("Julia.Falk", epid="00041388ee")
    stranger.send(Request("BYE", JULIA, headers.with_("From", f"<{stranger.uri}>;tag={begun.from_.tag}")), house.now)
    house.settle()
    assert (heiko.statuses("INVITE"), julia.cancels) == ([180], [])
    heiko.send(Request("BYE", JULIA, headers), house.now)
    house.settle()
    assert (heiko.last("BYE").status, len(julia.cancels), heiko.last("INVITE").status) == (200, 1, 487)


def test_a_call_to_one_device_by_gruu_rings_only_there() -> None:
    house, heiko, desk = two()
    soft = house.signed_in("Julia.Falk", epid="a1b2c3d4e5")
    invite(house, heiko, gruu("Julia.Falk@ucc.de", soft.epid))
    assert (len(desk.asked("INVITE")), len(soft.asked("INVITE"))) == (0, 1)


@pytest.mark.parametrize(
    "uri",
    [
        "tel:+49301234511",
        "tel:+49-30-1234511",
        "sip:+49301234511@ucc.de;user=phone",
        "sip:0301234511@ucc.de;user=phone",
        "sip:004930123%204511@ucc.de;user=phone",
        "sip:1234511;phone-context=berlin.ucc.de@ucc.de;user=phone",
        "sip:511@ucc.de;user=phone",
        "sip:+49301234511@ucc.de",
        "sip:julia.FALK@UCC.de",
    ],
)
def test_a_person_is_reached_by_address_and_number_in_many_spellings(uri: str) -> None:
    house, heiko, julia = two()
    invite(house, heiko, uri)
    assert len(julia.asked("INVITE")) == 1


@pytest.mark.parametrize(
    ("uri", "status", "number"),
    [
        ("sip:nobody@ucc.de", 404, "1003"),
        ("sip:+4999@ucc.de;user=phone", 404, "12004"),
        ("sip:112@ucc.de;user=phone", 404, "14010"),
        ("sip:paul@partner.test", 404, "1005"),
        (JULIA, 480, "15030"),
        (gruu("Julia.Falk@ucc.de", "0badcafe"), 480, "15030"),
    ],
)
def test_a_call_that_leads_nowhere_says_why(uri: str, status: int, number: str) -> None:
    house = House()
    heiko = house.signed_in()
    invite(house, heiko, uri)
    answer = heiko.last("INVITE")
    assert answer.status == status
    assert (answer.headers.get("ms-diagnostics") or "").startswith(f"{number};")
    assert heiko.doubts == []


def test_a_phone_that_disappears_while_ringing_counts_as_unreachable() -> None:
    house, heiko, julia = two()
    invite(house, heiko)
    house.wire.cut(julia)
    assert heiko.statuses("INVITE") == [480]


def test_a_caller_that_disappears_leaves_no_phone_ringing() -> None:
    house, heiko, julia = two()
    invite(house, heiko)
    julia.reply(julia.asked("INVITE")[0], 180, house.now)
    house.settle()
    house.wire.cut(heiko)
    assert len(julia.cancels) == 1
    assert julia.doubts == []


@pytest.mark.parametrize("body", [None, ("application/sdp", b"garbage"), ("text/html", b"<p>"), CHAT])
def test_what_stands_in_the_body_of_a_call_is_the_business_of_the_phones(body: tuple[str, bytes] | None) -> None:
    house, heiko, julia = two()
    heiko.ask("INVITE", JULIA, house.now, body=body)
    house.settle()
    (asked, _) = julia.asked("INVITE")[0]
    assert asked.body == (body[1] if body else b"")


@pytest.mark.parametrize(
    "uri",
    [
        "urn:service:sos",
        "mailto:x@ucc.de",
        "sip:@ucc.de",
        "sip:ucc.de",
        "tel:",
        "tel:;phone-context=+49",
        "sip:%00@ucc.de",
    ],
)
def test_an_address_that_makes_no_sense_costs_one_answer(uri: str) -> None:
    house, heiko, julia = two()
    heiko.ask("INVITE", uri, house.now, body=SDP, to=JULIA)
    house.settle()
    assert heiko.last("INVITE").status in (400, 404)
    assert (julia.asked("INVITE"), heiko.doubts) == ([], [])
    invite(house, heiko)
    assert julia.asked("INVITE")


def test_a_caller_that_is_not_signed_in_is_asked_who_it_is() -> None:
    house, _, julia = two()
    stranger = house.client(epid="0badcafe")
    invite(house, stranger)
    assert stranger.statuses("INVITE") == [401]
    assert julia.asked("INVITE") == []


def test_a_silent_phone_is_given_up_after_three_minutes() -> None:
    house, heiko, julia = two()
    invite(house, heiko)
    julia.reply(julia.asked("INVITE")[0], 180, house.now)
    house.wire.advance(179)
    assert heiko.statuses("INVITE") == [180]
    house.wire.advance(2)
    assert heiko.statuses("INVITE") == [180, 408]
    assert len(julia.cancels) == 1


def test_a_request_with_no_hops_left_is_refused() -> None:
    house, heiko, _ = two()
    heiko.ask("OPTIONS", JULIA, house.now)
    heiko.send(
        heiko.sent_last.with_("Max-Forwards", "0").with_("CSeq", "2 OPTIONS").with_("Via", heiko.via()), house.now
    )
    house.settle()
    assert 483 in heiko.statuses("OPTIONS")


def test_a_message_goes_to_all_devices_and_is_answered_once() -> None:
    house, heiko, desk = two()
    soft = house.signed_in("Julia.Falk", epid="a1b2c3d4e5")
    heiko.ask("MESSAGE", JULIA, house.now, body=("text/plain", b"hello"))
    house.settle()
    for each in (desk, soft):
        each.reply(each.asked("MESSAGE")[0], 200, house.now)
    house.settle()
    assert heiko.statuses("MESSAGE") == [200]


def test_the_server_itself_answers_options() -> None:
    house = House()
    heiko = house.signed_in()
    heiko.ask("OPTIONS", "sip:ucc.de", house.now)
    house.settle()
    assert "INVITE" in (heiko.last("OPTIONS").headers.get("Allow") or "")


def test_ordinary_phones_with_digest_call_and_are_called_without_signatures() -> None:
    house = House()
    snom = house.signed_in()
    plain = house.signed_in("Julia.Falk", epid="", login="Julia.Falk", user_agent="baresip", digest=True)
    assert plain.guard.auth == "digest"
    mine, theirs = call(house, snom, plain)
    (asked, _) = plain.asked("INVITE")[0]
    assert "Authentication-Info" not in asked.headers
    plain.send(theirs.request("BYE", plain.via()), house.now)
    house.settle()
    assert plain.statuses("BYE")[-1] == 200
    invite(house, plain, "sip:Heiko.Riedel@ucc.de")
    assert len(snom.asked("INVITE")) == 1
    assert snom.doubts == []


def bare(request: Request, method: str, epid: bool = True) -> Request:
    """A request of the same transaction as it would come from somebody who signs nothing."""
    kept = [each for each in request.headers if each[0] in ("Via", "From", "To", "Call-ID", "Max-Forwards")]
    headers = Headers.of(*kept, ("CSeq", f"{request.cseq.number} {method}"))
    whole = headers.get("From") or ""
    return Request(method, request.uri, headers if epid else headers.with_("From", whole.partition(";epid")[0]))


@pytest.mark.parametrize("epid", [True, False])
def test_a_stranger_who_knows_everything_of_a_call_cannot_take_it_back(epid: bool) -> None:
    house, heiko, julia = two()
    invite(house, heiko)
    julia.reply(julia.asked("INVITE")[0], 180, house.now)
    house.settle()
    stranger = house.client(epid="0badcafe")
    stranger.send(bare(heiko.sent_last, "CANCEL", epid), house.now)
    house.settle()
    assert julia.cancels == []
    assert heiko.statuses("INVITE") == [180]


@pytest.mark.parametrize("epid", [True, False])
def test_a_stranger_who_knows_everything_of_a_call_cannot_acknowledge_it(epid: bool) -> None:
    house, heiko, julia = two()
    invite(house, heiko)
    julia.reply(julia.asked("INVITE")[0], 200, house.now, body=SDP)
    house.settle()
    asked = heiko.sent_last
    told = Request("ACK", julia.contact.strip("<>"), asked.headers).with_("To", str(heiko.last("INVITE").to))
    stranger = house.client(epid="0badcafe")
    stranger.send(bare(told, "ACK", epid).with_("Via", stranger.via()), house.now)
    house.settle()
    assert julia.asked("ACK") == []
    assert house.office.discarded == 1
    assert any(each.startswith("ACK discarded") for each in house.office.journal.notes())


def test_a_stranger_with_the_right_branch_cannot_answer_over_another_connection() -> None:
    house, heiko, julia = two()
    invite(house, heiko)
    asked, _ = julia.asked("INVITE")[0]
    stranger = house.client(epid="0badcafe")
    stranger.transactions.receive(asked, stranger.wire, house.now)
    stranger.reply((asked, server_key(asked)), 603, house.now)
    house.settle()
    assert heiko.statuses("INVITE") == []


def test_a_stranger_cannot_answer_for_somebody_else() -> None:
    house, heiko, julia = two()
    invite(house, heiko)
    asked, key = julia.asked("INVITE")[0]
    julia.guard.forget()
    julia.reply((asked, key), 200, house.now, body=SDP)
    house.settle()
    assert heiko.statuses("INVITE") == []
    assert house.office.discarded == 1
