"""Somebody sends us elsewhere: REFER to us."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snomtui.line.events import CallChanged, Trouble
from snomtui.sip.headers import Item
from snomtui.sip.message import Request, Response, respond
from tests.line.callers import UDP, answered, bench, inside, talking
from tests.line.peer import Bench, Rule, accepted, ringing, says, sdp, silent

TO_CLARA = ("Refer-To", "<sip:clara@example.org>")
HEARD = says(200)
BY_ANNA = ("Referred-By", '"Anna" <sip:anna@example.org>')


def referred(*headers: Item, rule: Rule = silent, notify: Rule = HEARD) -> tuple[Bench, Request]:
    """A call of Anna's that is up, and her REFER; `rule` answers our new INVITE."""
    one, invite = answered()
    one.peer.rules |= {"INVITE": rule, "NOTIFY": notify}
    one.tell(inside(one, "REFER", invite, cseq=5, headers=headers or (TO_CLARA, BY_ANNA)))
    return one, invite


def told(one: Bench) -> list[tuple[str, str]]:
    """What our NOTIFYs said: the piece of SIP, and the state of the subscription without its seconds."""
    one.advance(0)
    found = []
    for notify in one.peer.asked("NOTIFY"):
        assert notify.content_type == "message/sipfrag"
        assert notify.headers.get("Event") == "refer"
        assert notify.headers.get("Contact")
        state = notify.headers.get("Subscription-State") or ""
        found.append((notify.body.decode().strip(), state.partition("expires")[0]))
    return found


def test_new_call_is_made_and_its_way_is_told() -> None:
    one, invite = referred()
    accepted_with = one.peer.answered("REFER")
    assert accepted_with.status == 202
    assert accepted_with.headers.get("Contact")
    fresh = one.peer.last("INVITE")
    assert fresh.uri == "sip:clara@example.org"
    assert fresh.headers.get("Referred-By") == BY_ANNA[1]
    assert fresh.call_id != invite.call_id
    assert told(one) == [("SIP/2.0 100 Trying", "active;")]
    one.tell(ringing(fresh))
    assert told(one)[1:] == [("SIP/2.0 180 Ringing", "active;")]
    one.tell(accepted(fresh))
    assert told(one)[2:] == [("SIP/2.0 200 OK", "terminated;reason=noresource")]
    assert (one.calls("1-1"), one.calls("1-2")) == (["offered", "talking"], ["dialling", "ringing", "talking"])


def test_notifies_count_in_the_dialog_of_the_call() -> None:
    one, invite = referred(rule=accepted)
    one.advance(0)
    notifies = one.peer.asked("NOTIFY")
    assert {each.call_id for each in notifies} == {invite.call_id}
    assert [each.cseq.number for each in notifies] == [1, 2]
    assert all(each.uri == "sip:anna@127.0.0.1:5060" for each in notifies)
    one.hang_up("1-1")
    assert one.peer.last("BYE").cseq.number == 3


def test_old_call_ends_when_the_one_who_sent_us_hangs_up() -> None:
    one, invite = referred(rule=accepted)
    one.tell(inside(one, "BYE", invite, cseq=6))
    assert one.call("1-1").state == "ended" and one.call("1-1").cause == "remote"
    assert one.call("1-2").state == "talking"
    one.hang_up("1-2")
    one.no_port_leaks()


def test_one_who_hangs_up_early_leaves_the_new_call_alone() -> None:
    one, invite = referred()
    one.peer.rules["NOTIFY"] = says(481)
    one.tell(inside(one, "BYE", invite, cseq=6))
    fresh = one.peer.last("INVITE")
    one.tell(ringing(fresh))
    one.advance(1)
    one.tell(accepted(fresh))
    one.advance(1)
    assert one.call("1-2").state == "talking"
    assert [text for text, _ in told(one)] == ["SIP/2.0 100 Trying", "SIP/2.0 180 Ringing"]


@pytest.mark.parametrize(("status", "phrase"), [(486, "Busy Here"), (404, "Not Found"), (603, "Decline")])
def test_old_call_goes_on_if_the_new_one_fails(status: int, phrase: str) -> None:
    one, _ = referred(rule=says(status))
    assert told(one)[-1] == (f"SIP/2.0 {status} {phrase}", "terminated;reason=noresource")
    assert (one.call("1-1").state, one.call("1-2").state) == ("talking", "ended")


def test_new_call_that_we_take_back_is_told_as_failed() -> None:
    one, _ = referred()
    one.tell(ringing(one.peer.last("INVITE")))
    one.hang_up("1-2")
    one.tell(says(487)(one.peer.last("INVITE")))  # type: ignore[arg-type]
    assert told(one)[-1] == ("SIP/2.0 487 Request Terminated", "terminated;reason=noresource")


def test_call_on_hold_can_be_sent_elsewhere() -> None:
    one, invite = answered()
    one.tell(inside(one, "INVITE", invite, cseq=5, body=("application/sdp", sdp("sendonly"))))
    assert one.call("1-1").state == "held"
    one.tell(inside(one, "ACK", invite, cseq=5))
    one.peer.rules |= {"INVITE": accepted, "NOTIFY": says(200)}
    one.tell(inside(one, "REFER", invite, cseq=6, headers=(TO_CLARA,)))
    assert one.peer.answers("REFER") == [202]
    assert one.call("1-2").state == "talking"


def test_second_try_after_a_failure_is_told_apart() -> None:
    one, invite = referred(rule=says(486))
    one.advance(1)
    one.peer.rules["INVITE"] = accepted
    one.tell(inside(one, "REFER", invite, cseq=9, headers=(TO_CLARA,)))
    one.advance(1)
    assert [each.headers.get("Event") for each in one.peer.asked("NOTIFY")] == ["refer"] * 2 + ["refer;id=9"] * 2


def test_other_side_that_does_not_hang_up_is_put_on_hold() -> None:
    one, _ = referred(rule=accepted)
    one.advance(4)
    assert one.call("1-1").state == "talking"
    one.advance(2)
    assert (one.call("1-1").state, one.call("1-2").state) == ("holding", "talking")


def test_only_one_notify_is_out_at_a_time_and_the_newest_follows() -> None:
    one, _ = referred(notify=silent)
    fresh = one.peer.last("INVITE")
    one.tell(ringing(fresh))
    one.tell(accepted(fresh))
    one.advance(0)
    first = one.peer.asked("NOTIFY")
    assert len(first) == 1
    one.tell(respond(first[0], 200))
    assert [text for text, _ in told(one)] == ["SIP/2.0 100 Trying", "SIP/2.0 200 OK"]


@pytest.mark.parametrize("status", [481, 489, 500])
def test_notify_that_is_refused_ends_the_telling(status: int) -> None:
    one, _ = referred(notify=says(status))
    one.tell(accepted(one.peer.last("INVITE")))
    assert len(told(one)) == 1
    assert one.call("1-2").state == "talking"


def test_telling_ends_after_four_minutes() -> None:
    one, _ = referred()
    one.tell(ringing(one.peer.last("INVITE")))
    one.advance(241)
    assert told(one)[-1] == ("SIP/2.0 180 Ringing", "terminated;reason=timeout")
    one.tell(accepted(one.peer.last("INVITE")))
    assert len(told(one)) == 3


@pytest.mark.parametrize("header", [("Refer-Sub", "false"), ("Require", "nosub")])
def test_one_who_does_not_want_to_hear_of_it_hears_nothing(header: Item) -> None:
    one, _ = referred(TO_CLARA, header, rule=accepted)
    assert one.peer.answered("REFER").headers.get("Refer-Sub") == "false"
    assert one.peer.asked("NOTIFY") == []
    assert one.call("1-2").state == "talking"


def test_call_is_sent_into_the_place_of_another_one() -> None:
    one, _ = referred(("Refer-To", "<sip:clara@example.org?Replaces=a%40b%3Bto-tag%3D1%3Bfrom-tag%3D2>"))
    fresh = one.peer.last("INVITE")
    assert fresh.headers.get("Replaces") == "a@b;to-tag=1;from-tag=2"
    assert "replaces" in fresh.headers.values("Require")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ((), 400),
        ((TO_CLARA, TO_CLARA), 400),
        ((("Refer-To", "<https://example.org>"),), 416),
        ((("Refer-To", "<sip:clara@example.org;method=BYE>"),), 501),
        ((("Refer-To", "<sip:heiko@example.org>"),), 603),
        ((TO_CLARA, ("Require", "explicitsub")), 420),
        ((TO_CLARA, ("Require", "norefersub")), 202),
    ],
)
def test_wish_is_followed_or_refused(headers: tuple[Item, ...], status: int) -> None:
    one, invite = answered()
    one.peer.rules["NOTIFY"] = says(200)
    one.tell(inside(one, "REFER", invite, cseq=5, headers=headers))
    assert one.peer.answers("REFER") == [status]
    assert len(one.peer.asked("INVITE")) == (status == 202)
    assert one.call("1-1").state == "talking"


def test_two_transfers_that_meet_are_both_put_off() -> None:
    one = talking()
    one.peer.rules["REFER"] = silent
    call = one.line.calls.find("1-1")
    assert call is not None
    call.transfer("sip:dora@example.org", one.now)
    one.settle()
    one.tell(inside(one, "REFER", headers=(TO_CLARA,)))
    assert one.peer.answers("REFER") == [491]
    one.tell(says(491)(one.peer.last("REFER")))  # type: ignore[arg-type]
    assert one.call().state == "talking"
    assert len(one.peer.asked("INVITE")) == 1


def test_call_that_cannot_be_made_for_want_of_a_port_is_told() -> None:
    one, invite = answered()
    one.peer.rules["NOTIFY"] = says(200)
    one.box.ports_left = 0
    one.tell(inside(one, "REFER", invite, cseq=5, headers=(TO_CLARA,)))
    assert told(one)[-1] == ("SIP/2.0 503 Service Unavailable", "terminated;reason=noresource")
    assert [trouble.what for trouble in one.box.of(Trouble)] == ["transfer"]
    assert one.call("1-1").state == "talking"


UNHEARD: tuple[tuple[Item, ...], ...] = ((), (("Refer-Sub", "false"),), (("Require", "nosub"),))


@pytest.mark.parametrize("how", UNHEARD)
def test_call_is_transferred_once_at_a_time(how: tuple[Item, ...]) -> None:
    one, invite = answered()
    one.peer.rules["NOTIFY"] = says(200)
    for cseq in range(5, 25):
        one.tell(inside(one, "REFER", invite, cseq=cseq, headers=(TO_CLARA, *how)))
    assert one.peer.answers("REFER") == [202] + [491] * 19
    assert len(one.peer.asked("INVITE")) == 1
    one.tell(says(486)(one.peer.last("INVITE")))  # type: ignore[arg-type]
    one.tell(inside(one, "REFER", invite, cseq=30, headers=(TO_CLARA, *how)))
    assert one.peer.answers("REFER")[-1] == 202


@pytest.mark.parametrize("how", UNHEARD)
@pytest.mark.parametrize("rule", [silent, accepted])
def test_so_many_calls_are_made_for_others_and_no_more(how: tuple[Item, ...], rule: Rule) -> None:
    one = bench(sim_accept_refer="on")
    one.peer.rules |= {"INVITE": rule, "NOTIFY": HEARD}
    for number in range(20):
        contact = ("Contact", "<sip:anna@127.0.0.1:5060>")
        one.tell(one.peer.make("REFER", TO_CLARA, contact, *how, call_id=f"wish-{number}"))
    assert one.peer.answers("REFER") == [202] * 8 + [486] * 12
    assert len(one.peer.asked("INVITE")) == 8


def test_phone_that_is_full_of_calls_is_sent_nowhere() -> None:
    one, invite = answered()
    one.line.calls.most = 1
    one.tell(inside(one, "REFER", invite, cseq=5, headers=(TO_CLARA,)))
    assert one.peer.answers("REFER") == [486]


def test_strangers_make_no_calls_with_us() -> None:
    one = bench()
    one.tell(one.peer.make("REFER", TO_CLARA, ("Contact", "<sip:anna@127.0.0.1:5060>")))
    assert one.peer.answers("REFER") == [403]
    assert one.box.of(CallChanged) == []


def test_programs_make_calls_with_us_if_the_settings_say_so() -> None:
    one = bench(sim_accept_refer="on")
    one.peer.rules |= {"INVITE": accepted, "NOTIFY": says(200)}
    refer = one.peer.make("REFER", TO_CLARA, ("Contact", "<sip:anna@127.0.0.1:5060>"))
    one.tell(refer)
    answer: Response = one.peer.answered("REFER")
    assert answer.status == 202 and answer.to.tag
    assert one.call("1-1").state == "talking"
    assert [text for text, _ in told(one)] == ["SIP/2.0 100 Trying", "SIP/2.0 200 OK"]
    notify = one.peer.last("NOTIFY")
    assert (notify.call_id, notify.from_.tag, notify.to.tag) == (refer.call_id, answer.to.tag, "theirs")


def test_connection_that_breaks_ends_the_telling() -> None:
    one, _ = referred(notify=silent)
    one.wire.cut(one.box)
    one.advance(300)
    assert len(one.peer.asked("NOTIFY")) == 1


PIECES = st.sampled_from(
    ["<", ">", "sip:", "a@b", "?", "Replaces=", "%3B", "to-tag=1", "%0d%0a", ";", ",", '"', "tel:", "&"]
)


@given(st.lists(st.tuples(st.sampled_from(["Refer-To", "Referred-By", "Refer-Sub"]), st.lists(PIECES, max_size=12))))
@settings(max_examples=80, deadline=None)
def test_whatever_somebody_asks_the_line_goes_on(wishes: list[tuple[str, list[str]]]) -> None:
    one, invite = answered()
    one.peer.rules |= {"INVITE": says(404), "NOTIFY": HEARD}
    headers = tuple((name, "".join(pieces)) for name, pieces in wishes)
    one.tell(inside(one, "REFER", invite, cseq=5, headers=headers))
    one.advance(1)
    assert len(one.peer.answers("REFER")) == 1
    assert one.peer.unreadable == []
    assert one.call("1-1").state == "talking"


@pytest.mark.parametrize("seed", range(8))
def test_other_side_hears_the_outcome_although_every_third_packet_of_ours_is_lost(seed: int) -> None:
    chance = Random(seed)
    one, invite = answered(user_outbound1=UDP)
    one.wire.lose = lambda said: said.sender == "line" and chance.random() < 1 / 3
    one.peer.rules |= {"INVITE": accepted, "NOTIFY": HEARD}
    one.tell(inside(one, "REFER", invite, cseq=5, headers=(TO_CLARA,)))
    one.advance(40)
    assert one.call("1-2").state == "talking"
    bodies = [notify.body for notify in one.peer.asked("NOTIFY")]
    assert bodies[0].startswith(b"SIP/2.0 100") and bodies[-1].startswith(b"SIP/2.0 200")
    numbers = [notify.cseq.number for notify in one.peer.asked("NOTIFY")]
    assert numbers == sorted(numbers)
