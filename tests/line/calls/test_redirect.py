"""Calls that are sent elsewhere with a 3xx."""

from __future__ import annotations

import pytest

from snomtui.line.calls.redirect import MOST, Targets
from snomtui.sip.headers import Headers, Item
from snomtui.sip.message import Request, Response, respond
from tests.line.callers import bench
from tests.line.peer import Bench, Peer, Rule, accepted, ringing, says


def moved(*contacts: str, status: int = 302) -> Response:
    """A 3xx."""
    items: list[Item] = [("Contact", contact) for contact in contacts]
    return Response(status, "", Headers.of(*items))


def places(*contacts: str, status: int = 302, secure: bool = False) -> list[str]:
    """Where a call to Bob goes after a 3xx, in order."""
    targets = Targets("sip:bob@example.org", "example.org", secure)
    targets.learn(moved(*contacts, status=status))
    found = []
    while (step := targets.next()) is not None:
        found.append(step.uri)
    return found


@pytest.mark.parametrize(
    ("contacts", "expected"),
    [
        (("<sip:a@b>",), ["sip:a@b"]),
        (("<sip:a@b>;q=0.1", "<sip:c@d>;q=0.9", "<sip:e@f>"), ["sip:e@f", "sip:c@d", "sip:a@b"]),
        (("<sip:a@b>;q=0.1, <sip:c@d>;q=0.9",), ["sip:c@d", "sip:a@b"]),
        (("<sip:a@b>;q=nonsense",), ["sip:a@b"]),
        (("<tel:+49-30-1234>",), ["sip:+49301234@example.org;user=phone"]),
        (("<sip:a@b;method=INVITE?Subject=x>",), ["sip:a@b"]),
        (("<mailto:a@b>", "<sips:a@b>", "<sip:[broken>", "<sip:c@d>"), ["sip:c@d"]),
        (("<sip:bob@EXAMPLE.org>",), []),
        (("<sip:a@b>", "<sip:a@B>"), ["sip:a@b"]),
        (("*",), []),
        ((), []),
    ],
)
def test_contacts_are_tried_in_their_order(contacts: tuple[str, ...], expected: list[str]) -> None:
    assert places(*contacts) == expected


def test_secure_place_is_tried_over_a_secure_way_only() -> None:
    assert places("<sips:a@b>", secure=True) == ["sips:a@b"]


def test_no_more_than_five_places_are_tried() -> None:
    assert len(places(*(f"<sip:a{n}@b>" for n in range(30)))) == MOST


@pytest.mark.parametrize("status", [380, 305, 399])
def test_other_3xx_name_no_places(status: int) -> None:
    assert places("<sip:a@b>", status=status)[:1] in ([], ["sip:bob@example.org"])


def test_proxy_is_used_once_for_the_same_target() -> None:
    targets = Targets("sip:bob@example.org", "example.org", False)
    targets.learn(moved("<sip:192.0.2.7:5070;transport=tcp>", status=305))
    step = targets.next()
    assert step is not None
    assert (step.uri, step.route) == ("sip:bob@example.org", "<sip:192.0.2.7:5070;transport=tcp;lr>")
    targets.learn(moved("<sip:192.0.2.7:5070;transport=tcp>", status=305))
    assert targets.next() is None


# -- on the wire


def sent_on(status: int, *contacts: str, then: Rule = accepted) -> Bench:
    """A call to Bob, who is not where he was."""
    headers = [("Contact", contact) for contact in contacts]

    def rule(request: Request) -> object:
        return respond(request, status, tag="m", headers=headers) if "bob@" in request.uri else then(request)

    one = bench()
    one.peer.rules["INVITE"] = rule  # type: ignore[assignment]
    one.dial()
    return one


@pytest.mark.parametrize("status", [300, 301, 302])
def test_call_goes_where_it_is_sent(status: int) -> None:
    one = sent_on(status, "<sip:carol@example.net>")
    first, second = one.peer.asked("INVITE")
    assert second.uri == "sip:carol@example.net"
    assert second.headers.get("To") == first.headers.get("To") == "<sip:bob@example.org>"
    assert (second.call_id, second.from_.tag) == (first.call_id, first.from_.tag)
    assert second.cseq.number == first.cseq.number + 1
    assert second.via.branch != first.via.branch
    assert one.peer.asked("ACK")[0].via.branch == first.via.branch
    assert one.calls() == ["dialling", "dialling", "talking"]
    moved_to = [event for event in one.box.told if getattr(event, "code", None) == status]
    assert [getattr(event, "reason", "") for event in moved_to] == ["Moved to carol@example.net"]
    one.hang_up()
    one.no_port_leaks()


@pytest.mark.parametrize(("status", "contacts"), [(300, ()), (380, ("<sip:c@d>",)), (302, ("<mailto:a@b>",))])
def test_call_that_is_sent_nowhere_is_refused_with_the_reason(status: int, contacts: tuple[str, ...]) -> None:
    one = sent_on(status, *contacts)
    assert len(one.peer.asked("INVITE")) == 1
    assert (one.call().state, one.call().code, one.call().cause) == ("ended", status, "refused")
    one.no_port_leaks()


def test_call_that_is_sent_round_in_a_circle_ends() -> None:
    one = bench()
    turns = iter(range(100))

    def rule(request: Request) -> Response:
        return respond(request, 302, tag="m", headers=[("Contact", f"<sip:x{next(turns)}@example.org>")])

    one.peer.rules["INVITE"] = rule
    one.dial()
    assert len(one.peer.asked("INVITE")) == 1 + MOST
    assert (one.call().state, one.call().code) == ("ended", 302)
    one.no_port_leaks()


def test_next_place_is_tried_when_one_refuses() -> None:
    def rule(request: Request) -> Response:
        return respond(request, 486, tag="b") if "first" in request.uri else accepted(request)

    one = sent_on(302, "<sip:first@example.net>;q=0.9", "<sip:second@example.net>;q=0.5", then=rule)
    assert [invite.uri for invite in one.peer.asked("INVITE")][1:] == [
        "sip:first@example.net",
        "sip:second@example.net",
    ]
    assert one.call().state == "talking"


def test_decline_everywhere_ends_the_search() -> None:
    one = sent_on(302, "<sip:first@example.net>;q=0.9", "<sip:second@example.net>;q=0.5", then=says(603))
    assert len(one.peer.asked("INVITE")) == 2
    assert (one.call().state, one.call().code) == ("ended", 603)


def test_call_that_is_sent_on_can_be_taken_back() -> None:
    one = sent_on(302, "<sip:carol@example.net>", then=ringing)
    one.hang_up()
    cancel = one.peer.last("CANCEL")
    assert (cancel.uri, cancel.cseq.number) == ("sip:carol@example.net", 2)
    one.tell(respond(one.peer.last("INVITE"), 487, tag="callee"))
    assert not list(one.line.calls)
    one.no_port_leaks()


def test_proxy_that_is_to_be_used_stands_in_the_route() -> None:
    peer = Peer(BYE=says(200))

    def rule(request: Request) -> Response:
        if "Route" in request.headers:
            return accepted(request)
        return respond(request, 305, tag="m", headers=[("Contact", "<sip:192.0.2.7>")])

    peer.rules["INVITE"] = rule
    one = Bench(peer)
    one.dial()
    assert one.peer.last("INVITE").uri == "sip:bob@example.org"
    assert one.peer.last("INVITE").headers.get("Route") == "<sip:192.0.2.7;lr>"
    assert one.call().state == "talking"
