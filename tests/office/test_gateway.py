"""Numbers outside and voice mails, as a caller meets them."""

from __future__ import annotations

import pytest

from snomtui.kit.box import Play
from snomtui.media.plan import Plan
from snomtui.office.gateway import GIVES_UP
from snomtui.office.people import People
from snomtui.sip.dialog import Dialog
from snomtui.sip.message import Response
from snomtui.sip.sdp import Codec, offer
from tests.office.client import SDP, Client
from tests.office.house import QUIET, House

OUTSIDE = """
[[gateway]]
number = "+49 89 100"
name = "Taxi"
[[gateway]]
number = "+4989101"
behaviour = "busy"
[[gateway]]
number = "+4989102"
behaviour = "rings"
[[gateway]]
number = "+4989103"
behaviour = "announcement"
[[gateway]]
number = "+4989104"
behaviour = "unassigned"
[[gateway]]
number = "+4989105"
behaviour = "unreachable"
[[gateway]]
number = "+4989106"
behaviour = "rejects"
[[gateway]]
number = "+4989*"
behaviour = "busy"
"""
VOICEMAIL = QUIET + 'voicemail = "+49301234599"\n'
"""Julia has a voice mail."""


def house(more: str = "", base: str = QUIET) -> tuple[House, Client]:
    made = House(people=People.parse(base + OUTSIDE + more))
    return made, made.signed_in()


def call(made: House, client: Client, uri: str, body: tuple[str, bytes] | None = SDP) -> None:
    client.ask("INVITE", uri, made.now, body=body)
    made.settle()


def heard(made: House) -> list[str]:
    """What the office plays, in order; empty texts are ends."""
    plans = [each.plan for each in made.wire.outputs[made.office] if isinstance(each, Play)]
    return [each.source if isinstance(each, Plan) else "" for each in plans]


def acknowledged(made: House, client: Client) -> Response:
    """The answer to the call, after the ACK."""
    answer = client.last("INVITE")
    assert answer.status == 200
    client.send(client.dialog(answer).ack(client.dialog_request(answer), client.via()), made.now)
    made.settle()
    return answer


@pytest.mark.parametrize(
    "uri",
    [
        "tel:+4989100",
        "tel:+49-89-100",
        "sip:+4989100@ucc.de;user=phone",
        "sip:+4989100@ucc.de",
        "sip:089100@ucc.de;user=phone",
        "tel:89100;phone-context=+49",
        "tel:+4989100;ext=12",
        "sip:089100;phone-context=berlin.ucc.de@ucc.de;user=phone",
    ],
)
def test_a_number_outside_is_heard_ringing_answers_and_echoes(uri: str) -> None:
    made, client = house()
    call(made, client, uri)
    ringing = client.last("INVITE")
    assert (ringing.status, ringing.content_type) == (183, "application/sdp")
    assert heard(made) == ["tone:ringback"]
    made.wire.advance(2.1)
    answer = acknowledged(made, client)
    assert answer.body == ringing.body
    assert answer.headers.get("P-Asserted-Identity") == '"Taxi" <sip:+4989100@ucc.de;user=phone>, <tel:+4989100>'
    made.wire.advance(4)
    assert heard(made) == ["tone:ringback", "tone", "echo"]
    client.send(client.dialog(answer).request("BYE", client.via()), made.now)
    made.settle()
    assert client.last("BYE").status == 200
    assert heard(made)[-1] == ""
    assert (client.doubts, made.office.discarded) == ([], 0)


@pytest.mark.parametrize(
    ("number", "status", "why"),
    [
        ("+4989101", 486, "10486"),
        ("+4989106", 603, "10603"),
        ("+4989105", 503, "12000"),
        ("+4989999", 486, "10486"),
        ("+4930999", 404, "12004"),
        ("+", 404, "14010"),
        ("*97", 404, "14010"),
        ("+49" + "8" * 90, 404, "12002"),
    ],
)
def test_a_number_that_cannot_be_reached_says_why(number: str, status: int, why: str) -> None:
    made, client = house()
    call(made, client, f"sip:{number}@ucc.de;user=phone")
    answer = client.last("INVITE")
    assert answer.status == status
    assert (answer.headers.get("ms-diagnostics") or "").startswith(f"{why};")
    assert heard(made) == []


def test_a_number_that_nobody_answers_is_given_up_by_the_network() -> None:
    made, client = house()
    call(made, client, "tel:+4989102")
    made.wire.advance(GIVES_UP - 1)
    assert set(client.statuses("INVITE")) == {183}
    made.wire.advance(2)
    assert client.statuses("INVITE")[-1] == 480
    assert heard(made) == ["tone:ringback", ""]


def test_a_caller_who_gives_up_before_ends_the_ringing_tone() -> None:
    made, client = house()
    key = client.ask("INVITE", "tel:+4989102", made.now, body=SDP)
    made.settle()
    client.cancel(key, made.now)
    made.settle()
    assert client.last("INVITE").status == 487
    assert heard(made) == ["tone:ringback", ""]


def test_an_announcement_is_played_and_then_the_gateway_hangs_up() -> None:
    made, client = house()
    call(made, client, "tel:+4989103")
    made.wire.advance(2.1)
    acknowledged(made, client)
    assert heard(made)[-1] == "tone:chime"
    made.wire.advance(7)
    assert client.asked("BYE")
    assert heard(made)[-1] == ""
    assert client.doubts == []


def test_an_unassigned_number_is_announced_before_any_answer() -> None:
    made, client = house()
    call(made, client, "tel:+4989104")
    assert client.last("INVITE").status == 183
    made.wire.advance(7)
    assert client.last("INVITE").status == 404
    assert (client.last("INVITE").headers.get("ms-diagnostics") or "").startswith("10404;")
    assert heard(made) == ["tone:information", ""]


def test_a_call_without_an_offer_is_answered_with_one() -> None:
    made, client = house()
    call(made, client, "tel:+4989100", None)
    assert client.last("INVITE").status == 180
    made.wire.advance(2.1)
    answer = client.last("INVITE")
    assert (answer.status, answer.content_type, heard(made)) == (200, "application/sdp", [])
    ack = client.dialog(answer).ack(client.dialog_request(answer), client.via(), body=SDP)
    client.send(ack, made.now)
    made.settle()
    assert heard(made) == ["tone"]


def test_a_call_to_a_number_can_be_held_and_loses_its_route_without_harm() -> None:
    made, client = house()
    call(made, client, "tel:+4989100")
    made.wire.advance(2.1)
    dialog = client.dialog(acknowledged(made, client))
    dialog.routes = ()
    again = offer("127.0.0.1", 30000, [Codec(8, "PCMA")], 1, 2, "sendonly")
    request = dialog.request("INVITE", client.via(), body=("application/sdp", bytes(again)))
    client.send(request, made.now)
    made.settle()
    assert client.last("INVITE").status == 200
    client.send(dialog.ack(request, client.via()), made.now)
    client.send(dialog.request("BYE", client.via()), made.now)
    made.settle()
    assert client.last("BYE").status == 200


@pytest.mark.parametrize(("method", "status"), [("OPTIONS", 200), ("MESSAGE", 405), ("SUBSCRIBE", 489)])
def test_a_number_understands_nothing_but_calls(method: str, status: int) -> None:
    made, client = house()
    client.ask(method, "tel:+4989100", made.now, body=("text/plain", b"hello"))
    made.settle()
    assert client.last(method).status == status


def test_a_foreign_codec_is_not_acceptable_outside() -> None:
    made, client = house()
    wide = bytes(offer("127.0.0.1", 30000, [Codec(9, "G722")], 1, 1))
    call(made, client, "tel:+4989100", ("application/sdp", wide))
    assert client.last("INVITE").status == 488


def test_somebody_outside_calls_and_shows_the_number() -> None:
    made, client = house('[[gateway]]\nnumber = "+4940777"\nname = "Builder"\nbehaviour = "calls"\n')
    made.wire.advance(16)
    (asked,) = client.asked("INVITE")
    assert str(asked[0].from_.uri) == "sip:+4940777@ucc.de;user=phone"
    identity = '"Builder" <sip:+4940777@ucc.de;user=phone>, <tel:+4940777>'
    assert asked[0].headers.get("P-Asserted-Identity") == identity
    ok = client.reply(asked, 200, made.now, body=SDP)
    made.settle()
    assert client.asked("ACK") and heard(made) == ["tone"]
    assert ok.headers.values("Record-Route")
    made.wire.advance(16)
    assert client.asked("BYE") and heard(made)[-1] == ""
    assert client.doubts == []


def test_a_phone_hangs_up_on_somebody_outside() -> None:
    made, client = house('[[gateway]]\nnumber = "+4940777"\nbehaviour = "calls"\n')
    made.wire.advance(16)
    asked = client.asked("INVITE")[0]
    ok = client.reply(asked, 200, made.now, body=SDP)
    made.settle()
    theirs = Dialog.uas(asked[0], ok.to.tag, client.contact)
    client.send(theirs.request("BYE", client.via()), made.now)
    made.settle()
    assert client.last("BYE").status == 200
    assert heard(made)[-1] == ""


# -- voice mail


@pytest.mark.parametrize("uri", ["sip:Julia.Falk@ucc.de", "tel:+49301234511"])
def test_nobody_signed_in_means_voice_mail_with_announcement_and_beep(uri: str) -> None:
    made, client = house(base=VOICEMAIL)
    call(made, client, uri)
    made.wire.advance(0.5)
    answer = acknowledged(made, client)
    assert '"Julia Falk"' in (answer.headers.get("P-Asserted-Identity") or "")
    made.wire.advance(5)
    assert heard(made) == ["tone:chime", "tone:beep", "silence"]
    client.send(client.dialog(answer).request("BYE", client.via()), made.now)
    made.settle()
    assert client.last("BYE").status == 200
    assert client.doubts == []


@pytest.mark.parametrize("uri", ["tel:+49301234599", "sip:Julia.Falk@ucc.de;opaque=app:voicemail"])
def test_a_voice_mail_can_be_called_itself_and_hangs_up_in_the_end(uri: str) -> None:
    made, client = house(base=VOICEMAIL)
    call(made, client, uri)
    made.wire.advance(0.5)
    acknowledged(made, client)
    made.wire.advance(200)
    assert client.asked("BYE")
    assert client.doubts == []


def test_a_voice_mail_of_a_stranger_does_not_exist() -> None:
    made, client = house(base=VOICEMAIL)
    call(made, client, "sip:nobody@ucc.de;opaque=app:voicemail")
    assert client.last("INVITE").status == 404


# -- ordinary phones, and restarts


def test_an_ordinary_phone_calls_outside_and_is_called_from_there() -> None:
    made, _ = house('[[gateway]]\nnumber = "+4940777"\nbehaviour = "calls"\n')
    plain = made.signed_in("Julia.Falk", epid="", login="Julia.Falk", user_agent="baresip", digest=True)
    call(made, plain, "sip:089100@ucc.de")
    made.wire.advance(2.1)
    answer = acknowledged(made, plain)
    assert answer.headers.get("P-Asserted-Identity") == '"Taxi" <sip:+4989100@ucc.de;user=phone>, <tel:+4989100>'
    plain.send(plain.dialog(answer).request("BYE", plain.via()), made.now)
    made.wire.until(lambda: plain.asked("INVITE"), 2000)
    plain.reply(plain.asked("INVITE")[0], 486, made.now)
    made.settle()
    assert plain.asked("INVITE")[0][0].headers.get("P-Asserted-Identity") == (
        "<sip:+4940777@ucc.de;user=phone>, <tel:+4940777>"
    )


def test_a_call_outside_ends_with_the_connection() -> None:
    made, client = house()
    call(made, client, "tel:+4989100")
    made.wire.advance(2.1)
    acknowledged(made, client)
    made.wire.cut(client)
    assert heard(made)[-1] == ""


def test_a_restart_ends_calls_outside_and_the_next_one_goes_through() -> None:
    made, client = house()
    call(made, client, "tel:+4989102")
    made.office.restart(made.now)
    made.settle()
    assert heard(made)[-1] == ""
    client.reconnect()
    made.settle()
    client.register(made.now)
    made.wire.until(lambda: client.registered, 5)
    call(made, client, "tel:+4989100")
    made.wire.advance(2.1)
    acknowledged(made, client)
