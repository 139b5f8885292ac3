"""Conversations in writing, both ways."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snomtui.errors import LocalError
from snomtui.line.calls import chat as chat_module
from snomtui.line.calls.chat import IDLE
from snomtui.line.calls.chatout import PATIENCE
from snomtui.line.calls.chatroom import MOST
from snomtui.line.events import CallChanged, MessageCame, Trouble
from snomtui.sip.dialog import Dialog
from snomtui.sip.headers import Item
from snomtui.sip.message import Request, Response, respond
from snomtui.sip.sdp import Sdp
from tests.line.peer import Bench, Peer, in_turn, says, sdp, silent

ANNA = "sip:anna@example.org"
BOB = "sip:bob@example.org"
OFFER = (
    b"v=0\r\no=- 0 0 IN IP4 192.0.2.9\r\ns=session\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\n"
    b"m=message 5060 sip null\r\na=accept-types:text/plain multipart/alternative\r\n"
)
OCS: dict[str, Any] = {"user_server_type1": "ocs", "user_outbound1": "127.0.0.1:5060;transport=tcp"}
TYPING = b'<?xml version="1.0"?><KeyboardActivity><status status="type"/></KeyboardActivity>'


def taken(request: Request, *headers: Item, tag: str = "chatter") -> Response:
    """200 as an OCS client gives it."""
    contact = ("Contact", "<sip:bob@127.0.0.1:5060;transport=tcp>")
    return respond(request, 200, tag=tag, headers=[contact, *headers]).with_body("application/sdp", OFFER)


def bench(**rules: Any) -> Bench:
    """A line at an OCS account whose other side takes whatever comes."""
    usual = {"INVITE": taken, "MESSAGE": says(200), "BYE": says(200), "CANCEL": says(200)}
    return Bench(Peer(**{**usual, **rules}), **OCS)


def write(one: Bench, *texts: str, to: str = BOB) -> None:
    """A person writes."""
    for text in texts:
        one.line.calls.chats.write(to, text, one.now)
    one.settle()


def bodies(one: Bench, method: str = "MESSAGE") -> list[str]:
    """What was sent in requests of a method, in order."""
    return [request.body.decode() for request in one.peer.asked(method)]


def came(one: Bench) -> list[str]:
    """The texts that a person was shown."""
    return [event.text for event in one.box.of(MessageCame)]


def troubles(one: Bench) -> list[str]:
    """What a person was told that went wrong."""
    return [event.why for event in one.box.of(Trouble)]


def toasted(text: str = "Hallo", kind: str = "text/plain; charset=UTF-8") -> Item:
    """The header with the first text."""
    return "ms-text-format", f"{kind};msgr=WAAtAE0A;ms-body={b64encode(text.encode()).decode()}"


def begun(one: Bench, *headers: Item, call_id: str = "chat-1", acknowledged: bool = True) -> tuple[Request, Dialog]:
    """Anna begins a conversation with the phone."""
    invite = one.peer.invite(*headers, body=OFFER, call_id=call_id)
    one.settle()
    assert one.peer.answers("INVITE")[-1] == 200
    dialog = one.peer.dialog_of_invite(invite)
    if acknowledged:
        one.tell(dialog.ack(invite, one.peer.via()))
    return invite, dialog


def says_inside(
    one: Bench, dialog: Dialog, method: str = "MESSAGE", body: bytes = b"Hallo", kind: str = "text/plain"
) -> int:
    """The other side sends something in a conversation; what the phone answers."""
    part = (kind, body) if kind else None
    one.tell(dialog.request(method, one.peer.via(), (), part))
    return one.peer.answers(method)[-1]


# -- somebody writes to us


def test_invitation_to_write_is_taken_at_once_and_is_no_call() -> None:
    one = bench()
    one.line.calls.busy = lambda: True
    begun(one)
    answer = one.peer.answered("INVITE")
    (media,) = Sdp.parse(answer.body).media
    assert (media.kind, media.proto, media.formats) == ("message", "sip", ("null",))
    assert media.port and media.attributes("accept-types") == ("text/plain",)
    assert "Contact" in answer.headers and "Supported" not in answer.headers
    assert one.box.of(CallChanged) == [] and not one.line.in_call() and one.box.reserved == []


@pytest.mark.parametrize("server", ["ocs", "default"])
def test_texts_of_the_other_side_are_told(server: str) -> None:
    one = Bench(Peer(), **{**OCS, "user_server_type1": server})
    _, dialog = begun(one)
    assert says_inside(one, dialog, body="Grüße <&>".encode(), kind="text/plain; charset=UTF-8;msgr=WAAt") == 200
    assert says_inside(one, dialog, body=b"<b>Zwei</b>&amp;", kind="text/html") == 200
    assert one.box.of(MessageCame) == [MessageCame(ANNA, "Grüße <&>"), MessageCame(ANNA, "Zwei&")]


def test_text_inside_of_the_invitation_is_told_and_confirmed() -> None:
    one = bench()
    _, dialog = begun(one, toasted("Grüß dich"))
    assert one.peer.answered("INVITE").headers.values("Supported") == ("ms-text-format",)
    says_inside(one, dialog, body=b"zwei")
    assert came(one) == ["Grüß dich", "zwei"]


def test_text_of_the_invitation_that_comes_again_at_once_is_told_once() -> None:
    one = bench()
    _, dialog = begun(one, toasted("Hallo"))
    says_inside(one, dialog)
    says_inside(one, dialog)
    assert came(one) == ["Hallo", "Hallo"], "the second MESSAGE is a new text"
    _, later = begun(one, toasted("Hallo"), call_id="chat-2")
    one.advance(5)
    says_inside(one, later)
    assert came(one) == ["Hallo"] * 4


@pytest.mark.parametrize("header", ["text/plain;ms-body=%%%", "text/plain", "text/x-msmsgsinvite;ms-body=SGk=", ""])
def test_invitation_whose_text_cannot_be_read_is_taken_without(header: str) -> None:
    one = bench()
    begun(one, ("ms-text-format", header))
    assert "Supported" not in one.peer.answered("INVITE").headers and came(one) == []


def test_typing_is_answered_and_not_told() -> None:
    one = bench()
    _, dialog = begun(one)
    assert says_inside(one, dialog, "INFO", TYPING, "application/xml") == 200
    assert one.box.of(MessageCame) == []


@pytest.mark.parametrize("kind", ["application/x-ms-ink", "text/x-msmsgsinvite", "image/gif", "text/rtf"])
def test_what_is_no_text_is_refused_and_the_conversation_goes_on(kind: str) -> None:
    one = bench()
    _, dialog = begun(one)
    assert says_inside(one, dialog, body=b"x", kind=kind) == 415
    assert "text/plain" in (one.peer.answered("MESSAGE").headers.get("Accept") or "")
    assert says_inside(one, dialog) == 200
    assert came(one) == ["Hallo"]


@pytest.mark.parametrize(
    ("method", "body", "status"),
    [("OPTIONS", b"", 200), ("REFER", b"", 603), ("NOTIFY", b"", 481), ("PRACK", b"", 481), ("UPDATE", b"", 200)],
)
def test_other_requests_inside_a_conversation(method: str, body: bytes, status: int) -> None:
    one = bench()
    _, dialog = begun(one)
    assert says_inside(one, dialog, method, body, "") == status


def test_offer_inside_a_conversation_is_answered_with_the_same() -> None:
    one = bench()
    invite, dialog = begun(one)
    assert says_inside(one, dialog, "INVITE", OFFER, "application/sdp") == 200
    assert Sdp.parse(one.peer.answered("INVITE").body).media[0].kind == "message"
    assert says_inside(one, dialog, "INVITE", b"", "") == 200
    assert Sdp.parse(one.peer.answered("INVITE").body).media[0].kind == "message"
    assert says_inside(one, dialog, "INVITE", sdp(), "application/sdp") == 488
    assert says_inside(one, dialog) == 200


def test_stale_request_inside_a_conversation_is_refused() -> None:
    one = bench()
    _, dialog = begun(one)
    says_inside(one, dialog)
    dialog.local_cseq -= 1
    assert says_inside(one, dialog) == 500
    assert came(one) == ["Hallo"]


def test_good_bye_of_the_other_side_ends_it() -> None:
    one = bench()
    _, dialog = begun(one)
    assert says_inside(one, dialog, "BYE", b"", "") == 200
    assert says_inside(one, dialog) == 481
    assert len(one.line.calls.chats) == 0


def test_our_answer_that_is_never_acknowledged_ends_it() -> None:
    one = bench()
    begun(one, acknowledged=False)
    one.advance(40)
    assert len(one.peer.asked("BYE")) == 1 and len(one.line.calls.chats) == 0


def test_invitation_with_sound_beside_the_texts_is_a_call() -> None:
    one = bench()
    one.peer.invite(body=sdp() + b"m=message 5060 sip null\r\n")
    one.settle()
    assert one.calls() == ["offered"]


def test_texts_over_another_protocol_are_no_conversation() -> None:
    one = bench()
    one.peer.invite(body=OFFER.replace(b"5060 sip null", b"2855 TCP/MSRP *"))
    one.settle()
    assert one.peer.answers("INVITE")[-1] == 488


def test_conversations_are_bounded() -> None:
    one = bench()
    for number in range(MOST):
        begun(one, call_id=f"chat-{number}")
    one.peer.invite(body=OFFER, call_id="one-more")
    one.settle()
    assert one.peer.answers("INVITE")[-1] == 480
    write(one, "Ours goes out all the same")
    assert len(one.line.calls.chats) == MOST and len(one.peer.asked("BYE")) == 1
    one.advance(IDLE + 1)
    assert len(one.line.calls.chats) == 0 and len(one.peer.asked("BYE")) == MOST + 1


def test_invitation_without_a_usable_address_leaves_nothing() -> None:
    one = bench()
    broken = one.peer.make("INVITE", ("Contact", "<::::>"), call_id="x").with_body("application/sdp", OFFER)
    one.tell(broken)
    assert one.peer.answers("INVITE") == [400] and len(one.line.calls.chats) == 0


# -- we write


def test_first_text_begins_a_conversation_and_the_next_ones_use_it() -> None:
    one = bench()
    write(one, "eins", "zwei")
    write(one, "Grüße <&>")
    (invite,) = one.peer.asked("INVITE")
    assert invite.uri == BOB and b"m=message 5060 sip null" in invite.body
    assert b64encode(b"eins").decode() in (invite.headers.get("ms-text-format") or "")
    assert bodies(one) == ["eins", "zwei", "Grüße <&>"]
    assert {request.call_id for request in one.peer.asked("MESSAGE")} == {invite.call_id}
    assert one.peer.last("MESSAGE").headers.get("Content-Type") == "text/plain; charset=UTF-8"
    assert troubles(one) == [] and len(one.peer.asked("ACK")) == 1


def test_text_that_was_taken_from_the_invitation_is_not_sent_again() -> None:
    one = bench(INVITE=lambda request: taken(request, ("Supported", "timer"), ("Supported", "ms-text-format")))
    write(one, "eins", "zwei")
    assert bodies(one) == ["zwei"]


def test_long_text_does_not_go_into_the_invitation() -> None:
    one = bench()
    write(one, "x" * 50_000)
    assert "ms-text-format" not in one.peer.last("INVITE").headers
    assert bodies(one) == ["x" * 50_000]


def test_texts_leave_one_after_the_other() -> None:
    one = bench(MESSAGE=silent)
    write(one, "eins", "zwei", "drei")
    assert bodies(one) == ["eins"]
    one.tell(respond(one.peer.last("MESSAGE"), 200))
    assert bodies(one) == ["eins", "zwei"]


def test_refused_text_is_told_and_the_next_one_goes_out() -> None:
    one = bench(MESSAGE=in_turn(says(403, reason="No"), says(200)))
    write(one, "eins", "zwei")
    assert bodies(one) == ["eins", "zwei"]
    assert troubles(one) == ["The message was not delivered: 403 No"]


def test_answer_to_somebody_uses_the_conversation_that_they_began() -> None:
    one = bench()
    _, dialog = begun(one)
    write(one, "Antwort", to="sip:Anna@EXAMPLE.org;transport=tcp")
    assert one.peer.asked("INVITE") == []
    assert one.peer.last("MESSAGE").call_id == dialog.call_id


def test_good_bye_waits_for_the_acknowledgement_of_our_answer_but_a_text_does_not() -> None:
    one = bench()
    invite, dialog = begun(one, acknowledged=False)
    write(one, "Antwort", to=ANNA)
    one.line.leave(one.now)
    one.settle()
    assert bodies(one) == ["Antwort"] and one.peer.asked("BYE") == []
    one.tell(dialog.ack(invite, one.peer.via()))
    assert len(one.peer.asked("BYE")) == 1


def test_caller_who_took_another_device_gets_our_text_in_a_new_conversation() -> None:
    one = bench(MESSAGE=in_turn(says(481), says(200)))
    begun(one, acknowledged=False)
    write(one, "eins", "zwei", to=ANNA)
    assert len(one.peer.asked("INVITE")) == 1 and bodies(one) == ["eins", "eins", "zwei"] and troubles(one) == []


def test_silent_conversation_is_ended_and_a_new_text_begins_another() -> None:
    one = bench()
    write(one, "eins")
    one.advance(IDLE + 1)
    assert len(one.peer.asked("BYE")) == 1
    write(one, "zwei")
    assert len(one.peer.asked("INVITE")) == 2 and bodies(one) == ["eins", "zwei"]


def test_conversations_end_when_the_phone_leaves() -> None:
    one = bench()
    write(one, "eins")
    begun(one)
    one.line.leave(one.now)
    one.settle()
    assert len(one.peer.asked("BYE")) == 2 and one.line.gone


def test_texts_that_wait_when_the_phone_leaves_are_told() -> None:
    one = bench(MESSAGE=silent)
    write(one, "eins", "zwei", "drei")
    one.line.leave(one.now)
    one.settle()
    one.tell(respond(one.peer.last("MESSAGE"), 481))
    assert troubles(one)[:2] == ["The message was not delivered: The conversation was ended"] * 2
    assert len(troubles(one)) == 3 and len(one.peer.asked("INVITE")) == 1


def test_conversation_that_the_other_side_has_forgotten_is_begun_again() -> None:
    one = bench()
    write(one, "eins")
    one.peer.rules["MESSAGE"] = in_turn(says(481), says(200))
    write(one, "zwei", "drei")
    assert len(one.peer.asked("INVITE")) == 2
    assert bodies(one) == ["eins", "zwei", "zwei", "drei"] and troubles(one) == []


def test_other_side_that_forgets_at_once_is_not_asked_for_ever() -> None:
    one = bench(MESSAGE=says(481))
    write(one, "eins", "zwei")
    assert len(one.peer.asked("INVITE")) == 1 and len(troubles(one)) == 2


def test_nobody_who_answers_a_text_ends_the_conversation() -> None:
    one = bench(MESSAGE=in_turn(says(200), silent, says(200)))
    write(one, "eins")
    write(one, "zwei", "drei")
    one.advance(33)
    assert len(troubles(one)) == 1
    assert len(one.peer.asked("INVITE")) == 2 and bodies(one) == ["eins", "zwei", "drei"]


@pytest.mark.parametrize("status", [405, 415, 480, 486, 488, 501, 606])
def test_who_wants_no_conversation_gets_plain_messages_in_order(status: int) -> None:
    one = bench(INVITE=says(status))
    write(one, "eins", "zwei")
    assert bodies(one) == ["eins", "zwei"]
    assert not any(request.to.tag for request in one.peer.asked("MESSAGE"))
    assert troubles(one) == [] and len(one.line.calls.chats) == 0


def test_device_that_knows_no_conversations_is_not_asked_again_soon() -> None:
    one = bench(INVITE=says(488))
    write(one, "eins")
    write(one, "zwei")
    assert len(one.peer.asked("INVITE")) == 1
    one.advance(1000)
    write(one, "drei")
    assert len(one.peer.asked("INVITE")) == 2 and bodies(one) == ["eins", "zwei", "drei"]


@pytest.mark.parametrize("status", [403, 404, 500, 603])
def test_who_is_not_there_or_will_not_gets_nothing_and_we_hear_of_it(status: int) -> None:
    one = bench(INVITE=says(status, reason="No"))
    write(one, "eins")
    assert bodies(one) == []
    assert troubles(one) == [f"The message was not delivered: {status} No"]


def test_sound_as_the_answer_to_an_invitation_is_ended_and_plain_messages_go_out() -> None:
    one = bench(INVITE=lambda request: taken(request).with_body("application/sdp", sdp()))
    write(one, "eins")
    assert len(one.peer.asked("BYE")) == 1
    assert [request.to.tag for request in one.peer.asked("MESSAGE")] == [""]


def test_second_device_that_takes_the_invitation_is_sent_away() -> None:
    one = bench(INVITE=lambda request: [taken(request), taken(request, tag="other")])
    write(one, "eins")
    assert len(one.peer.asked("ACK")) == 2
    assert [request.to.tag for request in one.peer.asked("BYE")] == ["other"]
    assert [request.to.tag for request in one.peer.asked("MESSAGE")] == ["chatter"]


def test_invitation_that_nobody_takes_is_taken_back() -> None:
    one = bench(INVITE=lambda request: respond(request, 180, tag="chatter"))
    write(one, "eins", "zwei")
    one.advance(PATIENCE + 1)
    assert len(one.peer.asked("CANCEL")) == 1
    one.tell(respond(one.peer.last("INVITE"), 487, tag="chatter"))
    assert troubles(one) == ["The message was not delivered: Nobody has taken it"] * 2
    assert len(one.line.calls.chats) == 0


def test_invitation_that_is_taken_while_we_take_it_back_is_ended() -> None:
    one = bench(INVITE=lambda request: respond(request, 180, tag="chatter"))
    write(one, "eins")
    one.advance(PATIENCE + 1)
    one.tell(taken(one.peer.last("INVITE")))
    assert len(one.peer.asked("BYE")) == 1 and bodies(one) == [] and len(troubles(one)) == 1


def test_text_that_overtakes_the_answer_to_our_invitation_is_told() -> None:
    one = bench(INVITE=silent)
    write(one, "eins")
    invite = one.peer.last("INVITE")
    to, caller = invite.headers.get("From") or "", f"<{BOB}>;tag=chatter"
    one.tell(one.peer.make("MESSAGE", to=to, caller=caller, call_id=invite.call_id, body=("text/plain", b"Schon da")))
    assert came(one) == ["Schon da"] and one.peer.answers("MESSAGE") == [200]


def test_both_sides_may_begin_at_once() -> None:
    one = bench(INVITE=silent)
    write(one, "eins", to=ANNA)
    _, dialog = begun(one)
    one.tell(taken(one.peer.last("INVITE")))
    says_inside(one, dialog)
    assert came(one) == ["Hallo"] and bodies(one) == ["eins"]


def test_account_elsewhere_sends_plain_messages_but_answers_in_a_conversation() -> None:
    one = Bench(Peer(MESSAGE=says(200)))
    write(one, "eins", to=ANNA)
    assert one.peer.asked("INVITE") == [] and not one.peer.last("MESSAGE").to.tag
    _, dialog = begun(one)
    write(one, "zwei", to=ANNA)
    assert one.peer.last("MESSAGE").call_id == dialog.call_id


def test_lost_connection_ends_the_use_of_a_conversation_and_says_so() -> None:
    one = bench(MESSAGE=in_turn(says(200), silent, says(200)))
    write(one, "eins")
    write(one, "zwei", "drei")
    one.wire.cut(one.box)
    one.advance(1)
    assert len(troubles(one)) == 1
    one.advance(30)
    assert len(one.peer.asked("INVITE")) == 2 and bodies(one)[-1] == "drei"


def test_too_many_waiting_texts_are_refused() -> None:
    one = bench(INVITE=silent)
    with pytest.raises(LocalError, match="Too many"):
        write(one, *(["x"] * (chat_module.MOST_WAITING + 1)))


def test_busy_server_that_takes_no_text_is_no_reason_to_leave_a_call() -> None:
    one = bench(INVITE=lambda request: respond(request, 180, tag="callee") if sdp_is_audio(request) else None)
    one.dial()
    write(one, "eins")
    one.tell(respond(one.peer.last("INVITE"), 503, tag="x", headers=[("Retry-After", "60")]))
    assert one.calls() == ["dialling", "ringing"] and one.opened == 1 and len(troubles(one)) == 1


def sdp_is_audio(request: Request) -> bool:
    """Whether an INVITE is a call."""
    return b"m=audio" in request.body


@given(
    st.binary(max_size=200), st.sampled_from(["text/html", "text/plain;charset=x", "multipart/alternative;boundary=b"])
)
def test_garbage_inside_a_conversation_costs_one_message(body: bytes, kind: str) -> None:
    one = bench()
    _, dialog = begun(one)
    assert says_inside(one, dialog, body=body, kind=kind) in (200, 415)
    assert says_inside(one, dialog) == 200
    assert came(one)[-1] == "Hallo"


WALK = [
    "write",
    "begin",
    "begin unheard",
    "say",
    "bye",
    "cut",
    "wait",
    "long",
    "refuse",
    "mute",
    "forget",
    "take",
    "leave",
]


@given(st.lists(st.sampled_from(WALK), max_size=25))
def test_any_order_of_events_ends_with_nothing_left(walk: list[str]) -> None:
    one = bench()
    dialogs: list[Dialog] = []
    moods = {"refuse": says(488), "mute": silent, "forget": says(481), "take": taken}
    for number, step in enumerate(walk):
        match step:
            case "write":
                write(one, "a", "b", to=ANNA)
            case "begin" | "begin unheard" if one.line.registered:
                dialogs.append(begun(one, call_id=f"c{number}", acknowledged=step == "begin")[1])
            case "say" | "bye" if dialogs and one.line.registered:
                one.tell(dialogs[-1].request("MESSAGE" if step == "say" else "BYE", one.peer.via()))
            case "cut" if one.line.registered:
                one.wire.cut(one.box)
            case "wait" | "long":
                one.advance(2 if step == "wait" else 70)
            case "refuse" | "mute" | "forget" | "take":
                one.peer.rules["INVITE"] = moods[step] if step != "forget" else taken
                one.peer.rules["MESSAGE"] = moods[step] if step in ("mute", "forget") else says(200)
            case "leave":
                one.line.leave(one.now)
                one.settle()
                one.line.start(one.now)
                one.settle()
    one.advance(2 * IDLE)
    assert len(one.line.calls.chats) == 0
