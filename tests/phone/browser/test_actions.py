"""Action URLs: which one is fetched when, and what is in it."""

from __future__ import annotations

import pytest

from snomtui.kit.box import Fetched
from snomtui.phone.events import ActionTold
from snomtui.phone.intents import Dial, HangUp, Hold, Press, Redirect, Resume, SetSetting, Transfer
from snomtui.sip.message import Request
from tests.line.peer import Peer, accepted, says
from tests.line.server.test_registration import digest_door
from tests.phone.browser.web import Web

NAMES = (
    *("incoming_url", "outgoing_url", "connected_url", "disconnected_url", "missed_url", "offhook_url", "onhook_url"),
    *("dnd_on_url", "dnd_off_url", "redirection_on_url", "redirection_off_url", "setup_url", "log_on_url"),
    *("log_off_url", "reg_failed", "hold", "unhold", "transfer", "blind_transfer", "attended_transfer"),
    *("received_attended_transfer", "longpress_url", "received_subscr_notify_url"),
)
ALL = {f"action_{name}": f"http://web.example/{name}" for name in NAMES}


def web(peer: Peer | None = None, **settings: str) -> Web:
    """A phone that tells everything; what it told at its start is forgotten."""
    return Web(peer=peer or Peer(BYE=says(200), REFER=says(202)), settings=ALL | settings)


def told(phone: Web, since: int = 2) -> list[str]:
    """What was told, by the last word of the URL."""
    return [url.rpartition("/")[2].removesuffix("_url") for url in phone.urls[since:]]


def test_start_and_registration_are_told() -> None:
    assert told(web(), 0) == ["setup", "log_on"]


def test_registration_that_fails_is_told_at_each_attempt() -> None:
    phone = web(Peer(REGISTER=says(403)))
    phone.wait(400)
    assert told(phone, 0) == ["setup", "reg_failed", "reg_failed"]


def test_call_that_we_make_is_told_step_by_step() -> None:
    phone = web()
    phone.talk()
    phone.do(Hold())
    phone.do(Resume())
    phone.do(HangUp())
    phone.wait(10)
    assert told(phone) == ["offhook", "outgoing", "connected", "hold", "unhold", "disconnected", "onhook"]


def test_caller_who_gives_up_is_missed() -> None:
    phone = web()
    invite = phone.ring()
    phone.tell(Request("CANCEL", invite.uri, invite.headers.with_("CSeq", "1 CANCEL").without("Content-Type")))
    phone.wait(10)
    assert told(phone) == ["incoming", "missed"]


def test_rejected_call_tells_nothing_more() -> None:
    phone = web()
    phone.ring()
    phone.press("CANCEL")
    phone.wait(10)
    assert told(phone) == ["incoming"]


def test_switches_are_told() -> None:
    phone = web()
    phone.press("DND")
    phone.press("DND")
    phone.do(Redirect("all", True, "+4930"))
    phone.do(Redirect("all", False))
    phone.press("OFFHOOK")
    phone.press("ONHOOK")
    assert told(phone) == ["dnd_on", "dnd_off", "redirection_on", "redirection_off", "offhook", "onhook"]


def test_transfer_is_told_with_its_kind() -> None:
    phone = web()
    phone.talk()
    phone.do(Transfer("+4930222"))
    assert told(phone)[3:5] == ["blind_transfer", "transfer"]


def test_variables_tell_about_the_call() -> None:
    names = (
        "local=$local&remote=$remote&who=$display_remote&id=$call-id&csta=$csta_id&key=$active_key&n=$nr_ongoing_calls"
    )
    phone = web(action_incoming_url=f"http://web.example/$mac&/in?{names}&u=$active_user&h=$active_host&p=$user_pass1")
    invite = phone.ring("call-1")
    assert invite.call_id == "call-1"
    assert phone.urls[-1] == (
        "http://web.example/0004132E1D2A/in?local=sip:heiko@example.org&remote=sip:anna@example.org&who=Anna"
        "&id=call-1&csta=-1&key=P1&n=1&u=heiko&h=example.org&p="
    )


def test_url_is_logged_as_the_real_phone_does_without_a_login_in_it() -> None:
    phone = web(action_dnd_on_url="http://me:secret@web.example:81/x?mac=$mac")
    phone.press("DND")
    assert phone.urls[-1] == "http://me:secret@web.example:81/x?mac=0004132E1D2A"
    assert phone.log[-1] == "[2]Sending post request host = web.example:81, file = /x?mac=0004132E1D2A"


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ("<SnomIPPhoneText><Text>Hello</Text></SnomIPPhoneText>", ["Hello"]),
        ("<SnomIPPhoneText><Text>Hello", None),
        ("OK", None),
        ("", None),
        ("<html>", None),
        (Fetched(status=500, body=b"<SnomIPPhoneText><Text>Hello</Text></SnomIPPhoneText>"), None),
        (Fetched(why="The server does not answer in time"), None),
    ],
)
def test_answer_is_shown_if_it_is_a_page_and_passed_over_if_not(answer: str | Fetched, shown: list[str] | None) -> None:
    phone = web()
    phone.pages["http://web.example/dnd_on_url"] = answer
    phone.serve()
    phone.press("DND")
    phone.serve()
    assert (phone.rows if phone.page.name == "minibrowser" else None) == shown


def test_page_that_causes_events_does_not_run_for_ever() -> None:
    toggle = '<SnomIPPhoneSilent><fetch mil="1">snom://mb_nop#key=DND</fetch></SnomIPPhoneSilent>'
    phone = web()
    phone.pages |= {"http://web.example/dnd_on_url": toggle, "http://web.example/dnd_off_url": toggle}
    phone.press("DND")
    for _ in range(200):
        phone.wait(0.01)
    assert len(phone.fetches) < 60


def test_wrong_url_is_logged_and_harms_nothing() -> None:
    phone = web(action_dnd_on_url="http://[::1", action_dnd_off_url="nonsense://x")
    phone.press("DND")
    phone.press("DND")
    assert told(phone) == []
    assert any("is no address of a page" in line for line in phone.log)


def test_log_off_is_told() -> None:
    phone = web(Peer(REGISTER=digest_door()))
    phone.do(SetSetting("user_active1", "off"))
    phone.wait(3)
    assert "log_off" in told(phone, 0)


def test_call_that_is_refused_is_told_as_ended() -> None:
    phone = web()
    phone.peer.rules["INVITE"] = says(486)
    phone.do(Dial("123"))
    phone.wait(10)
    assert told(phone) == ["offhook", "outgoing", "disconnected", "onhook"]
    phone.peer.rules["INVITE"] = accepted


def test_call_that_the_other_side_refuses_is_told_as_disconnected() -> None:
    phone = web(Peer(INVITE=says(486)))
    phone.do(Dial("sip:bob@example.org"))
    assert told(phone) == ["offhook", "outgoing", "disconnected"]


@pytest.mark.parametrize(
    ("press", "expected"),
    [
        (Press("P3", 1000), ["P3"]),
        (Press("p3", 500), ["P3"]),
        (Press("P3", 499), []),
        (Press("P3"), []),
        (Press("ENTER", 1000), []),
        (Press("EK0", 800), ["P13"]),
    ],
)
def test_long_press_of_a_programmable_key_is_told(press: Press, expected: list[str]) -> None:
    phone = web(action_longpress_url="http://web.example/long?key=$longpress_key", fkey2="none", fkey12="none")
    phone.do(press)
    assert [url.rpartition("=")[2] for url in phone.urls if "long?" in url] == expected


def test_long_press_behind_a_pause_is_told_when_it_is_played() -> None:
    phone = web(action_longpress_url="http://web.example/long")
    phone.do(Press("1", 0, 2000))
    phone.do(Press("P3", 1000))
    assert "long" not in told(phone)
    phone.wait(2.1)
    assert "long" in told(phone)


def test_notify_of_a_subscription_is_told() -> None:
    phone = web()
    body = b"Messages-Waiting: yes\r\nVoice-Message: 2/0 (0/0)\r\n"
    kind = "application/simple-message-summary"
    phone.tell(phone.peer.make("NOTIFY", ("Event", "message-summary"), body=(kind, body)))
    assert told(phone) == ["received_subscr_notify"]


def test_call_that_takes_the_place_of_another_one_is_told_as_a_transfer() -> None:
    phone = web()
    phone.talk()
    ours = phone.peer.last("INVITE")
    replaces = f"{ours.call_id};to-tag={ours.from_.tag};from-tag=callee"
    phone.peer.invite(("Replaces", replaces), call_id="new")
    phone.wire.settle()
    assert "received_attended_transfer" in told(phone)


def test_headers_of_the_first_invite_are_variables_but_not_those_of_sip_itself() -> None:
    names = "a=$sip_header(X-Ticket)&b=$sip_header(p-asserted-identity)&c=$sip_header(Via)&d=$sip_header(X-None)"
    phone = web(action_incoming_url=f"http://web.example/in?{names}")
    phone.peer.invite(("X-Ticket", "a&b c"), ("P-Asserted-Identity", "<sip:anna@example.org>"))
    phone.wire.settle()
    assert phone.urls[-1] == "http://web.example/in?a=a%26b%20c&b=%3Csip:anna@example.org%3E&c=&d="


def test_variables_that_only_some_moments_have_are_empty_at_others() -> None:
    names = "k=$longpress_key&h=$sip_header(X)&c=$call-id&why=$cancel_reason&r=$remote&m=$expansion_module"
    phone = web(action_dnd_on_url=f"http://web.example/dnd?{names}&n=$nr_ongoing_calls")
    phone.press("DND")
    assert phone.urls[-1] == "http://web.example/dnd?k=&h=&c=&why=&r=&m=&n=0"


def test_variables_name_the_phone_and_its_settings() -> None:
    names = "$user_name1|$user_name[1]|$user_name|$context_url|$active_url|$phone_ip|$expansion_module|$user_uid[1]"
    phone = web(
        action_dnd_on_url=f"http://web.example/dnd?{names}|$language|$user_pass[1]|$http_pass",
        http_pass="hidden",
        sim_expansion_module="on",
    )
    phone.press("DND")
    said = phone.urls[-1].partition("?")[2].split("%7C")
    assert said[:3] == ["heiko"] * 3
    assert said[3:7] == ["sip:heiko@example.org", "sip:heiko@example.org", "127.0.0.1", "1"]
    assert len(said[7]) == 36
    assert said[8:] == ["English", "", ""]


def test_other_side_is_remote_whoever_called() -> None:
    url = "http://web.example/?l=$local&r=$remote&w=$display_remote&me=$display_local"
    phone = web(action_incoming_url=url, action_outgoing_url=url)
    phone.ring()
    assert phone.urls[-1].endswith("l=sip:heiko@example.org&r=sip:anna@example.org&w=Anna&me=Heiko%20Riedel")
    phone.press("CANCEL")
    phone.call_out("sip:bob@example.org")
    assert phone.urls[-1].partition("&w=")[0].endswith("l=sip:heiko@example.org&r=sip:bob@example.org")


def test_outcome_of_each_action_url_is_told_and_logged_without_secrets() -> None:
    secret = "http://me:pw9@web.example/off?user=a&password=geheim&x=1"
    phone = web(action_dnd_off_url=secret, action_onhook_url="http://[::1")
    phone.serve()
    phone.pages |= {"http://web.example/dnd_on_url": "OK", secret: Fetched(why="The server cannot be reached")}
    phone.press("DND")
    phone.press("DND")
    phone.serve()
    phone.press("OFFHOOK")
    phone.press("ONHOOK")
    phone.serve()
    on, off, onhook, offhook = phone.events(ActionTold)[2:]
    assert on == ActionTold("action_dnd_on_url", "http://web.example/dnd_on_url", 200)
    blank = "http://web.example/off?user=a&password=***&x=1"
    assert off == ActionTold("action_dnd_off_url", blank, 0, "The server cannot be reached")
    assert (onhook.setting, onhook.status, onhook.why) == ("action_onhook_url", 0, "That is no address of a page")
    assert offhook == ActionTold("action_offhook_url", "http://web.example/offhook_url", 404)
    assert "[7]action_dnd_on_url: answered 200" in phone.log
    assert not any("geheim" in line or "pw9" in line for line in phone.log)


def test_action_urls_that_are_too_many_are_told_as_lost() -> None:
    phone = web()
    for _ in range(20):
        phone.press("DND")
        phone.press("OFFHOOK")
        phone.press("ONHOOK")
    whys = [each.why for each in phone.events(ActionTold)]
    assert "Too many action URLs" in whys and "Not waited for any longer" in whys
