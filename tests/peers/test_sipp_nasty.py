"""A far end that does what is rare or forbidden, and seen all the same: the phone's messages, exactly, and events."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.peers.nasty import CONTACT, SDP, Sipp, answers, asks, calling, calls, dialogue, hears, says, takes, waits
from tests.phones import HeadlessPhone, until

pytestmark = pytest.mark.peer

Start = Callable[..., tuple[HeadlessPhone, Sipp]]
RINGING = answers("180 Ringing", "inv", "far", CONTACT)
ACCEPTED = answers("200 OK", "inv", "far", CONTACT, last=SDP)
INVITED = takes("INVITE", "inv")
PROXY = 'Proxy-Authenticate: Digest realm="far.test", nonce="b1", qop="auth"'
HUNG_UP = (takes("BYE", "bye"), answers("200 OK", "bye", ""))


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Start]:
    """Makes a SIPp with a scenario and a registered phone at it."""
    made: list[HeadlessPhone | Sipp] = []

    def start(scenario: str, calls: int = 2) -> tuple[HeadlessPhone, Sipp]:
        sipp = Sipp(tmp_path, scenario, calls=calls)
        made.append(sipp)
        phone = HeadlessPhone(tmp_path / "phone", at(sipp.port))
        made.append(phone)
        phone.registered()
        return phone, sipp

    yield start
    for each in reversed(made):
        each.stop()


def at(port: int) -> dict[str, str | int]:
    """Settings of a phone whose server is at this port."""
    return {
        "user_name1": "phone",
        "user_host1": "far.test",
        "user_pname1": "phone",
        "user_pass1": "secret",
        "user_outbound1": f"127.0.0.1:{port};transport=udp",
        "user_publish_presence_bootup1": "off",
        "sim_media_source": "silence",
    }


def talks(phone: HeadlessPhone) -> None:
    """Call until both talk."""
    phone.do("dial", number="far")
    phone.call("talking")


def test_phone_acknowledges_every_repeat_of_a_200(started: Start) -> None:
    steps = (INVITED, RINGING, ACCEPTED, takes("ACK"), ACCEPTED, takes("ACK"), ACCEPTED, takes("ACK"))
    phone, sipp = started(dialogue(*steps, waits(300), asks("BYE", 1), hears(200)))
    talks(phone)
    phone.call("ended", cause="remote")
    sipp.went_well()


def test_phone_acknowledges_and_ends_the_second_of_two_forks(started: Start) -> None:
    second = answers("200 OK", "inv", "other", CONTACT, last=SDP)
    other = (("To", "tag=other"),)
    steps = (INVITED, RINGING, ACCEPTED, takes("ACK", "", ("To", "tag=far")), second)
    ended = (takes("ACK", "", *other), takes("BYE", "bye", *other), answers("200 OK", "bye", ""))
    phone, sipp = started(dialogue(*steps, *ended, waits(1000), asks("BYE", 1), hears(200)))
    talks(phone)
    phone.call("ended", cause="remote")
    sipp.went_well()


def test_phone_ends_a_call_whose_answer_crosses_its_cancel(started: Start) -> None:
    # The 200 comes last: SIPp cannot hear the ACK while it still has something to send.
    crossing = (takes("CANCEL", "can"), answers("200 OK", "can"), ACCEPTED)
    phone, sipp = started(dialogue(INVITED, RINGING, *crossing, takes("ACK"), *HUNG_UP, waits(500)))
    phone.do("dial", number="far")
    phone.call("ringing")
    phone.do("hangup")
    phone.call("ended", cause="local")
    sipp.went_well()


def test_phone_takes_a_re_invite_that_comes_right_behind_the_answer(started: Start) -> None:
    again = asks("INVITE", 1, last=SDP)
    steps = (INVITED, ACCEPTED, takes("ACK"), again, hears(200, ("CSeq", "1 INVITE")), asks("ACK", 1))
    phone, sipp = started(dialogue(*steps, waits(700), *HUNG_UP))
    talks(phone)
    phone.do("hangup")
    phone.call("ended", cause="local")
    sipp.went_well()


def test_phone_ignores_a_180_after_the_200(started: Start) -> None:
    phone, sipp = started(dialogue(INVITED, ACCEPTED, takes("ACK"), RINGING, waits(1000), asks("BYE", 1), hears(200)))
    talks(phone)
    phone.call("ended", cause="remote")
    assert [told["state"] for told in phone.told("call")] == ["dialling", "talking", "ended"]
    sipp.went_well()


def test_phone_answers_a_repeated_bye_each_time(started: Start) -> None:
    bye = asks("BYE", 1, branch="z9hG4bK-one-bye")
    phone, sipp = started(
        dialogue(INVITED, ACCEPTED, takes("ACK"), bye, hears(200), bye, hears(200), bye, hears(200), waits(500))
    )
    talks(phone)
    phone.call("ended", cause="remote")
    sipp.went_well()


def test_phone_goes_on_when_a_bye_is_for_another_dialog(started: Start) -> None:
    foreign = asks("BYE", 1, tag="nobody")
    phone, sipp = started(
        dialogue(INVITED, ACCEPTED, takes("ACK"), foreign, hears(481), waits(500), asks("BYE", 2), hears(200))
    )
    talks(phone)
    phone.call("ended", cause="remote")
    sipp.went_well()


def test_phone_takes_the_answer_of_a_branch_that_never_rang(started: Start) -> None:
    answered = answers("200 OK", "inv", "late", CONTACT, last=SDP)
    ack = takes("ACK", "", ("To", "tag=late"))
    ended = (takes("BYE", "bye", ("To", "tag=late")), answers("200 OK", "bye", ""))
    phone, sipp = started(dialogue(INVITED, RINGING, answered, ack, *ended))
    talks(phone)
    phone.do("hangup")
    phone.call("ended", cause="local")
    sipp.went_well()


def test_phone_reads_answers_in_compact_form(started: Start) -> None:
    head = ("v:[$invvia]", "f:[$invfrom]", "t:[$invto];tag=far", "i: [call_id]", "CSeq:[$invcseq]")
    compact = says(
        "SIP/2.0 200 OK",
        *head,
        "m: <sip:far@[local_ip]:[local_port]>",
        last=SDP.replace("Content-Type", "c").replace("Content-Length", "l"),
    )
    phone, sipp = started(dialogue(INVITED, compact, takes("ACK", "", ("To", "tag=far")), *HUNG_UP))
    talks(phone)
    phone.do("hangup")
    phone.call("ended", cause="local")
    sipp.went_well()


def test_phone_that_heard_100_and_nothing_more_can_be_hung_up(started: Start) -> None:
    trying = answers("100 Trying", "inv", "")
    taken_back = (takes("CANCEL", "can"), answers("200 OK", "can"), answers("487 Request Terminated", "inv"))
    phone, sipp = started(dialogue(INVITED, trying, *taken_back, takes("ACK"), waits(300)))
    phone.do("dial", number="far")
    phone.call("dialling")
    phone.do("hangup")
    phone.call("ended", cause="local")
    sipp.went_well()


# -- challenges and refusals


def challenge(status: str, kept: str, nonce: str, more: str = "") -> str:
    """A refusal with a Digest challenge."""
    name = "WWW-Authenticate" if status.startswith("401") else "Proxy-Authenticate"
    return answers(status, kept, "c", f'{name}: Digest realm="far.test", nonce="{nonce}", qop="auth"{more}')


def test_phone_goes_on_after_three_stale_nonces(started: Start) -> None:
    words = ("reg", "two", "three", "four")
    steps: list[str] = []
    for at_, (kept, following) in enumerate(zip(words, words[1:], strict=False)):
        steps.append(challenge("401 Unauthorized", kept, f"n{at_}", ", stale=true" if at_ else ""))
        steps.append(takes("REGISTER", following, ("Authorization", f'nonce="n{at_}"')))
    steps.append(answers("200 OK", "four", "reg", "Contact: <sip:x@y>;expires=600"))
    phone, sipp = started(dialogue(INVITED, register=tuple(steps)), calls=1)
    assert phone.told("registration")[-1]["auth"] == "digest"
    sipp.went_well()


def test_phone_gives_its_password_for_a_bye(started: Start) -> None:
    challenged = (takes("BYE", "bye"), answers("407 Proxy Authentication Required", "bye", "", PROXY))
    proved = (takes("BYE", "two", ("Proxy-Authorization", 'nonce="b1"')), answers("200 OK", "two", ""), waits(500))
    phone, sipp = started(dialogue(INVITED, ACCEPTED, takes("ACK"), *challenged, *proved))
    talks(phone)
    phone.do("hangup")
    phone.call("ended", cause="local")
    sipp.went_well()


def test_phone_says_that_a_503_is_the_end_of_its_call(started: Start) -> None:
    refused = answers("503 Service Unavailable", "inv", "far", "Retry-After: 30")
    phone, sipp = started(dialogue(INVITED, refused, takes("ACK"), waits(1500)))
    phone.do("dial", number="far")
    assert phone.call("ended")["code"] == 503
    sipp.went_well()


# -- the phone is called


def test_phone_makes_the_offer_when_the_caller_makes_none(started: Start) -> None:
    steps = (calls("INVITE", 1), hears(180), hears(200, ("", "m=audio [0-9]+ RTP/AVP")), calls("ACK", 1, last=SDP))
    phone, sipp = started(calling(*steps, waits(500), calls("BYE", 2), hears(200)), calls=1)
    phone.call("offered")
    phone.do("answer")
    phone.call("talking")
    phone.call("ended", cause="remote")
    sipp.went_well()


def test_phone_copies_twenty_vias_and_keeps_twenty_routes(started: Start) -> None:
    numbers = range(1, 21)
    vias = [f"Via: SIP/2.0/UDP 192.0.2.{at};branch=z9hG4bK-hop-{at}" for at in numbers]
    routes = [f"Record-Route: <sip:[local_ip]:[local_port];lr;n={at}>" for at in numbers]
    path = ("", ".*".join(f"hop-{at}" for at in numbers))
    recorded = ("", ".*".join(["Record-Route:", *(f";n={at}>" for at in numbers)]))
    followed = ("", ".*".join(["Route:", *(f";n={at}>" for at in numbers)]))
    call = calls("INVITE", 1, *vias, *routes, last=SDP)
    steps = (call, hears(180, path, recorded), hears(200, path, recorded), calls("ACK", 1))
    ended = (takes("BYE", "bye", followed), answers("200 OK", "bye", ""))
    phone, sipp = started(calling(*steps, *ended), calls=1)
    phone.call("offered")
    phone.do("answer")
    phone.call("talking")
    phone.do("hangup")
    phone.call("ended", cause="local")
    sipp.went_well()


def test_phone_answers_an_invite_that_comes_three_times_once(started: Start) -> None:
    call = calls("INVITE", 1, last=SDP)
    steps = (call, hears(180), call, hears(180), call, hears(180), hears(200), calls("ACK", 1), waits(1500))
    phone, sipp = started(calling(*steps, calls("BYE", 2), hears(200)), calls=1)
    phone.call("offered")
    until(lambda: sum("Received INVITE" in line for line in phone.log) == 3, what="the INVITE came three times")
    phone.do("answer")
    phone.call("talking")
    phone.call("ended", cause="remote")
    assert len({told["id"] for told in phone.told("call")}) == 1
    sipp.went_well()


def test_phone_repeats_its_answer_until_the_ack_comes(started: Start) -> None:
    repeats = (hears(200), hears(200), hears(200))
    steps = (calls("INVITE", 1, last=SDP), hears(180), *repeats, calls("ACK", 1), waits(4500), calls("BYE", 2))
    phone, sipp = started(calling(*steps, hears(200)), calls=1)
    phone.call("offered")
    phone.do("answer")
    phone.call("talking")
    phone.call("ended", cause="remote")
    sipp.went_well()
