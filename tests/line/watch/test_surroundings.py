"""What a phone makes of the provisioning of a front end."""

from __future__ import annotations

import pytest

from snomtui.ocs.provisioning import PROVISIONING_TYPE, parse_provisioning_request
from snomtui.sip.message import respond
from tests.line.frontend import FrontEnd, signed_in, told
from tests.line.peer import Bench, says

PROVISIONING = "vnd-microsoft-provisioning-v2"


def asked(bench: Bench) -> int:
    """How often it was asked for."""
    return sum(each.headers.get("Event") == PROVISIONING for each in bench.peer.asked("SUBSCRIBE"))


def warned(bench: Bench) -> bool:
    """Whether the log warns of calls that may be refused."""
    return any(line.startswith("[3] Calls may be refused") for line in bench.log)


def test_it_is_asked_for_once_and_never_ended() -> None:
    bench, _ = signed_in()
    request = next(each for each in bench.peer.asked("SUBSCRIBE") if each.headers.get("Event") == PROVISIONING)
    assert (request.expires, request.content_type) == (0, PROVISIONING_TYPE)
    assert "ServerConfiguration" in parse_provisioning_request(request.body)
    bench.advance(8000)
    bench.line.leave(bench.now)
    bench.settle()
    assert asked(bench) == 1


@pytest.mark.parametrize(
    ("settings", "warns"),
    [
        ({"ServerConfiguration": {"ucPC2PCAVEncryption": "RequireEncryption"}}, True),
        ({"ServerConfiguration": {}}, True),
        ({"ServerConfiguration": {"ucPC2PCAVEncryption": "SupportEncryption"}}, False),
        ({"ServerConfiguration": {"ucPC2PCAVEncryption": "DoNotSupportEncryption"}}, False),
        ({}, False),
    ],
)
def test_policy_that_calls_must_be_encrypted_is_told_in_the_log(
    settings: dict[str, dict[str, str]], warns: bool
) -> None:
    front = FrontEnd()
    front.settings = settings
    bench, _ = signed_in(front=front)
    assert warned(bench) is warns


@pytest.mark.parametrize("status", [403, 481, 488, 489, 500])
def test_refusal_harms_nothing(status: int) -> None:
    front = FrontEnd()
    front.refused[PROVISIONING] = says(status)
    bench, _ = signed_in(front=front)
    bench.advance(2000)
    assert bench.registration.state == "registered"
    assert asked(bench) < 15


def test_answer_may_come_as_a_notify_or_not_at_all() -> None:
    front = FrontEnd()
    front.refused[PROVISIONING] = lambda request: respond(
        request, 200, tag=f"s{request.call_id[:4]}", headers=[("Contact", "<sip:s@ucc.test>"), ("Expires", "0")]
    )
    bench, _ = signed_in(front=front)
    document = b'<provisionGroupList><provisionGroup name="ServerConfiguration"/></provisionGroupList>'
    bench.tell(told(bench, PROVISIONING, PROVISIONING_TYPE, document, "NOTIFY", 1))
    assert bench.peer.answers("NOTIFY") == [200] and warned(bench)
    other, _ = signed_in(front=front)
    other.advance(1000)
    assert asked(other) == 1


@pytest.mark.parametrize("body", [b"", b"<x", b"<provisionGroupList", b"\xff"])
def test_answer_that_cannot_be_read_costs_itself(body: bytes) -> None:
    front = FrontEnd()
    front.refused[PROVISIONING] = lambda request: front.with_document(request, PROVISIONING_TYPE, body, 0)
    bench, _ = signed_in(front=front)
    assert bench.registration.state == "registered" and not warned(bench)
