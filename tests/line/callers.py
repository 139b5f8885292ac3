"""Calls as tests begin them."""

from __future__ import annotations

from typing import Any

from snomtui.sip.message import Request, Response
from snomtui.sip.sdp import Sdp, audio, sdp_part
from tests.line.peer import Bench, Peer, accepted, says

UDP = "127.0.0.1:5060;transport=udp"
SDP = "application/sdp"


def bench(**more: Any) -> Bench:
    """A registered line at a peer that answers BYE, CANCEL and REFER."""
    return Bench(Peer(BYE=says(200), CANCEL=says(200), REFER=says(202)), **more)


def talking(**more: Any) -> Bench:
    """A call from the phone that is up."""
    one = bench(**more)
    one.peer.rules["INVITE"] = accepted
    one.dial()
    assert one.calls() == ["dialling", "talking"]
    return one


def offered(**more: Any) -> tuple[Bench, Request]:
    """A call to the phone that rings."""
    one = bench(**more)
    invite = one.peer.invite()
    one.settle()
    assert one.calls() == ["offered"]
    return one, invite


def answered(**more: Any) -> tuple[Bench, Request]:
    """A call to the phone that is up."""
    one, invite = offered(**more)
    pick_up(one)
    one.tell(one.peer.dialog_of_invite(invite).ack(invite, one.peer.via()))
    assert one.calls() == ["offered", "talking"]
    return one, invite


def pick_up(one: Bench, id: str = "1-1") -> None:
    """Take a call."""
    call = one.line.calls.find(id)
    assert call is not None
    call.answer(one.now)
    one.settle()


def inside(one: Bench, method: str, invite: Request | None = None, **more: object) -> Request:
    """A request of the other side inside the call."""
    if invite:
        dialog = one.peer.dialog_of_invite(invite)
        local, remote, call_id = dialog.local_text, dialog.remote_text, dialog.call_id
    else:
        asked = one.peer.last("INVITE")
        local, remote = f"{asked.headers.get('To')};tag=callee", asked.headers.get("From") or ""
        local = local.replace(";tag=callee;tag=callee", ";tag=callee")
        call_id = asked.call_id
    cseq = more.pop("cseq", 10)
    body = more.pop("body", None)
    headers = more.pop("headers", ())
    assert isinstance(cseq, int) and isinstance(headers, tuple) and (body is None or isinstance(body, tuple))
    return one.peer.make(method, *headers, to=remote, caller=local, call_id=call_id, cseq=cseq, body=body)


def sdp_of(message: Request | Response) -> str:
    """The direction in the session description of a message."""
    part = sdp_part(message)
    assert part is not None
    plan = audio(Sdp.parse(part))
    assert plan is not None
    return plan.direction
