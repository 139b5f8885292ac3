"""Dialogs: what is remembered between requests."""

from __future__ import annotations

import pytest

from snomtui.errors import MalformedMessage
from snomtui.sip.dialog import Dialog
from snomtui.sip.message import Request, Response, respond
from tests.sip.examples import request

VIA = "SIP/2.0/TLS 10.1.2.3:2051;branch=z9hG4bKnew"
SIGNED = "<sip:ocs.ucc.test:5061;transport=tls;opaque=state:F:Ci.R2;lr;ms-route-sig=aaF%2Bx>;tag=0A1B"


def answer(invite: Request, *routes: str, status: int = 200) -> Response:
    """The answer of the other side."""
    made = respond(invite, status, tag="bt", headers=[("Contact", "<sip:bob@192.0.2.4;ms-opaque=A%41>;x=1")])
    return made.with_headers(
        made.headers.without("Record-Route").adding("Record-Route", ", ".join(routes) or "<sip:p;lr>")
    )


def invite() -> Request:
    """Our INVITE, with an epid."""
    return request().with_("From", '"Heiko, R" <sip:heiko@ucc.test>;tag=q7;epid=0004135a2b')


def test_caller_sends_along_the_routes_backwards_and_verbatim() -> None:
    dialog = Dialog.uac(invite(), answer(invite(), "<sip:p1;lr>", SIGNED))
    assert dialog.key == ("a84b4c76e66710", "q7", "bt") and dialog.local.params.get("epid") == "0004135a2b"
    bye = dialog.request("BYE", VIA, [("Reason", "SIP")])
    assert bye.uri == "sip:bob@192.0.2.4;ms-opaque=A%41" and bye.headers.all("Route") == (SIGNED, "<sip:p1;lr>")
    assert bye.headers.get("From") == invite().headers.get("From") and bye.to.tag == "bt" and bye.cseq.number == 314160
    assert bye.headers.get("Via") == VIA and bye.headers.get("Max-Forwards") == "70" and "Contact" not in bye.headers
    assert str(dialog.request("INFO", VIA, body=("a/b", b"x")).cseq) == "314161 INFO"
    again = dialog.request("INVITE", VIA)
    assert again.headers.get("Contact") == invite().headers.get("Contact")
    assert dialog.request("INVITE", VIA, [("m", "<sip:me>")]).headers.all("Contact") == ("<sip:me>",)


def test_ack_has_the_number_of_its_invite_and_changes_nothing() -> None:
    dialog = Dialog.uac(invite(), answer(invite()))
    ack = dialog.ack(invite(), VIA, [("Authorization", "x")])
    assert str(ack.cseq) == "314159 ACK" and ack.headers.get("Authorization") == "x" and ack.to.tag == "bt"
    assert dialog.local_cseq == 314159


def test_callee_sends_along_the_routes_forwards() -> None:
    theirs = invite().with_("Record-Route", f"{SIGNED}, <sip:p1;lr>")
    dialog = Dialog.uas(theirs, "mine", "<sip:me@10.1.2.3>")
    bye = dialog.request("BYE", VIA)
    assert bye.uri == "sip:alice@pc33.atlanta.com" and bye.headers.all("Route") == (SIGNED, "<sip:p1;lr>")
    assert bye.from_.tag == "mine" and bye.to.params.get("epid") == "0004135a2b" and bye.cseq.number == 1
    assert dialog.remote.name == "Heiko, R" and dialog.key == ("a84b4c76e66710", "mine", "q7")
    assert dialog.request("UPDATE", VIA).headers.get("Contact") == "<sip:me@10.1.2.3>"


def test_strict_router_gets_the_request_and_the_target_goes_last() -> None:
    dialog = Dialog.uac(invite(), answer(invite(), "<sip:p1;lr>", "<sip:strict.test;transport=tcp>"))
    bye = dialog.request("BYE", VIA)
    assert bye.uri == "sip:strict.test;transport=tcp"
    assert bye.headers.all("Route") == ("<sip:p1;lr>", "<sip:bob@192.0.2.4;ms-opaque=A%41>")


def test_numbers_of_the_other_side_must_rise() -> None:
    dialog = Dialog.uas(invite(), "mine")
    asked = invite()
    for cseq, method, taken in (("314159", "INVITE", False), ("5", "BYE", False), ("314161", "BYE", True)):
        headers = asked.headers.with_("CSeq", f"{cseq} {method}")
        assert dialog.takes(Request(method, asked.uri, headers)) is taken
    assert dialog.remote_cseq == 314161
    assert dialog.takes(Request("ACK", asked.uri, asked.headers.with_("CSeq", "314159 ACK")))
    fresh = Dialog.uac(invite(), answer(invite()))
    assert fresh.remote_cseq is None and fresh.takes(asked) and not fresh.takes(asked)


def test_target_moves_with_a_refresh_and_stays_without_a_contact() -> None:
    dialog = Dialog.uas(invite(), "mine")
    dialog.refresh(invite().with_("Contact", "<sip:alice@elsewhere;gruu>"))
    dialog.refresh(invite().with_headers(invite().headers.without("Contact")))
    assert dialog.target == "sip:alice@elsewhere;gruu"
    with pytest.raises(MalformedMessage):
        dialog.refresh(invite().with_("Contact", "<sip:a b@c>"))


def test_early_dialog_takes_routes_and_target_of_the_2xx() -> None:
    dialog = Dialog.uac(invite(), answer(invite(), "<sip:early;lr>", status=180))
    dialog.request("PRACK", VIA)
    dialog.confirm(answer(invite(), "<sip:late;lr>"))
    assert dialog.routes == ("<sip:late;lr>",) and dialog.request("BYE", VIA).cseq.number == 314161


def test_answer_without_contact_leaves_the_request_uri() -> None:
    bare = respond(invite(), 180, tag="bt")
    assert Dialog.uac(invite(), bare).target == "sip:bob@biloxi.com"


def test_notify_that_comes_before_its_answer_makes_the_dialog() -> None:
    subscribe = invite()
    headers = invite().headers.with_("From", "<sip:bob@b>;tag=n1").with_("To", invite().headers.get("From") or "")
    notify = Request("NOTIFY", "sip:me", headers.with_("CSeq", "9 NOTIFY").with_("Contact", "<sip:n@b>"))
    dialog = Dialog.notified(subscribe, notify)
    assert dialog.key == ("a84b4c76e66710", "q7", "n1") and dialog.target == "sip:n@b" and dialog.remote_cseq == 9
    assert dialog.request("SUBSCRIBE", VIA).cseq.number == 314160


def test_ack_repeats_the_credentials_of_its_invite() -> None:
    proved = invite().with_headers(invite().headers.adding("Proxy-Authorization", 'Digest realm="a"'))
    ack = Dialog.uac(proved, answer(proved)).ack(proved, VIA)
    assert ack.headers.get("Proxy-Authorization") == 'Digest realm="a"' and str(ack.cseq) == "314159 ACK"
