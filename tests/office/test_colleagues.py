"""Scripted colleagues, as a caller meets them."""

from __future__ import annotations

import pytest

from snomtui.errors import NoMediaPort
from snomtui.kit.box import Play, Surroundings
from snomtui.media.plan import Plan
from snomtui.ocs.categories import presence_of
from snomtui.ocs.subscription import BATCH_TYPE, BatchSub, Resource, build_batch_sub, parse_watched
from snomtui.office.office import Office
from snomtui.office.people import People
from snomtui.office.policy import Policy
from snomtui.presence import Availability
from snomtui.sip.sdp import Codec, Sdp, audio, offer
from tests.office.client import SDP, Client
from tests.office.house import House
from tests.office.test_presence import BATCHED
from tests.wire import START, Wire, surroundings

JAN = "sip:Jan.Dierich@ucc.de"


def house() -> tuple[House, Client]:
    made = House(people=People.default())
    return made, made.signed_in()


def plans(made: House) -> list[tuple[int, Plan | None]]:
    """What the office plays: ports and plans, in order."""
    found = []
    for each in made.wire.outputs[made.office]:
        if isinstance(each, Play):
            assert each.plan is None or isinstance(each.plan, Plan)
            found.append((each.port, each.plan))
    return found


def seen(made: House, client: Client, uri: str) -> Availability:
    wish = BatchSub(client.uri, (Resource(uri),))
    client.subscribe("presence", made.now, (BATCH_TYPE, build_batch_sub(wish)), BATCHED)
    made.settle()
    answer = client.last("SUBSCRIBE")
    (only,) = parse_watched(answer.body, answer.headers.get("Content-Type") or "")
    return presence_of(only.categories).availability


def test_a_colleague_rings_a_second_answers_plays_a_tone_and_then_echoes() -> None:
    made, client = house()
    client.ask("INVITE", "sip:+4930123456@ucc.de;user=phone", made.now, body=SDP)
    made.wire.advance(0.9)
    assert client.statuses("INVITE") == [180]
    made.wire.advance(0.2)
    answer = client.last("INVITE")
    assert answer.status == 200
    heard = audio(Sdp.parse(answer.body))
    assert heard is not None
    assert (heard.host, heard.direction, heard.dtmf) == ("127.0.0.1", "sendrecv", 101)
    dialog = client.dialog(answer)
    client.send(dialog.ack(client.dialog_request(answer), client.via()), made.now)
    made.wire.advance(10)
    (port, first), (_, second) = plans(made)
    assert first is not None and second is not None
    assert (port, first.source, second.source) == (heard.port, "tone", "echo")
    assert (first.remote, first.codec, first.payload, first.dtmf_payload) == (("127.0.0.1", 30000), "PCMA", 8, 101)
    assert seen(made, client, JAN) is Availability.IN_A_CALL
    client.send(dialog.request("BYE", client.via()), made.now)
    made.settle()
    assert client.last("BYE").status == 200
    assert plans(made)[-1] == (port, None)
    assert seen(made, client, JAN) is Availability.AVAILABLE
    assert client.doubts == []


@pytest.mark.parametrize(
    ("who", "status"), [("Bert.Kowalski", 486), ("Dora.Ost", 603), ("Anna.Lindner", 200), ("Emil.Sander", 200)]
)
def test_every_behaviour_has_its_answer(who: str, status: int) -> None:
    made, client = house()
    client.ask("INVITE", f"sip:{who}@ucc.de", made.now, body=SDP)
    made.wire.advance(2)
    assert client.last("INVITE").status == status


def test_somebody_who_never_answers_rings_longer_than_proxies_wait() -> None:
    made, client = house()
    key = client.ask("INVITE", "sip:Clara.Nord@ucc.de", made.now, body=SDP)
    made.wire.advance(600)
    assert set(client.statuses("INVITE")) == {180}
    client.cancel(key, made.now)
    made.settle()
    assert client.last("INVITE").status == 487


def test_a_held_call_is_silent_until_it_is_resumed() -> None:
    made, client = house()
    client.ask("INVITE", JAN, made.now, body=SDP)
    made.wire.advance(2)
    answer = client.last("INVITE")
    dialog = client.dialog(answer)
    client.send(dialog.ack(client.dialog_request(answer), client.via()), made.now)
    for version, direction, sends in ((2, "sendonly", False), (3, "sendrecv", True), (4, "inactive", False)):
        again = offer("127.0.0.1", 30000, [Codec(8, "PCMA")], 1, version, direction)
        request = dialog.request("INVITE", client.via(), body=("application/sdp", bytes(again)))
        client.send(request, made.now)
        made.settle()
        ok = client.last("INVITE")
        client.send(dialog.ack(request, client.via()), made.now)
        made.settle()
        assert ok.status == 200
        plan = plans(made)[-1][1]
        assert plan is not None and plan.send is sends


def test_a_call_without_an_offer_gets_one_and_is_heard_after_the_ack() -> None:
    made, client = house()
    client.ask("INVITE", JAN, made.now)
    made.wire.advance(2)
    answer = client.last("INVITE")
    assert answer.content_type == "application/sdp"
    assert plans(made) == []
    ack = client.dialog(answer).ack(client.dialog_request(answer), client.via(), body=SDP)
    client.send(ack, made.now)
    made.settle()
    assert plans(made)[0][1] is not None


def test_foreign_codecs_are_not_acceptable() -> None:
    made, client = house()
    wide = bytes(offer("127.0.0.1", 30000, [Codec(9, "G722")], 1, 1))
    client.ask("INVITE", JAN, made.now, body=("application/sdp", wide))
    made.wire.advance(2)
    assert client.statuses("INVITE") == [488]


def test_one_who_calls_rings_a_signed_in_phone_after_fifteen_seconds_and_gives_up() -> None:
    made, client = house()
    made.wire.advance(14)
    assert client.asked("INVITE") == []
    made.wire.advance(2)
    (asked,) = client.asked("INVITE")
    assert asked[0].from_.name == "Emil Sander"
    client.reply(asked, 180, made.now)
    made.wire.advance(21)
    assert len(client.cancels) == 1


def test_one_who_calls_hangs_up_some_seconds_after_the_answer() -> None:
    made, client = house()
    made.wire.advance(16)
    client.reply(client.asked("INVITE")[0], 200, made.now, body=SDP)
    made.settle()
    assert client.asked("ACK")
    made.wire.advance(16)
    assert client.asked("BYE")
    assert plans(made)[-1][1] is None
    assert client.doubts == []


def test_a_caller_who_vanishes_leaves_no_call_behind() -> None:
    made, client = house()
    client.ask("INVITE", JAN, made.now, body=SDP)
    made.wire.advance(2)
    made.wire.cut(client)
    assert plans(made)[-1][1] is None


def test_a_phone_that_signs_in_as_a_colleague_takes_the_calls() -> None:
    made, client = house()
    jan = made.signed_in("Jan.Dierich", epid="00041399ff")
    client.ask("INVITE", JAN, made.now, body=SDP)
    made.wire.advance(2)
    assert len(jan.asked("INVITE")) == 1
    assert client.statuses("INVITE") == [100]


def test_without_media_ports_a_call_is_refused() -> None:
    def none_left() -> int:
        raise NoMediaPort("none left")

    dice = surroundings(3).dice
    office = Office(People.default(), Policy(), Surroundings(dice, none_left), START)
    client = Client("Heiko.Riedel", "Sommer2009!", surroundings(4))
    wire = Wire(client, office)
    client.register(wire.now)
    wire.until(lambda: client.registered)
    client.ask("INVITE", JAN, wire.now, body=SDP)
    wire.advance(2)
    assert client.last("INVITE").status == 488
