"""What happens to calls that nobody takes, or that somebody wants elsewhere."""

from __future__ import annotations

import pytest

from snomtui.ocs.categories import Opaque
from snomtui.ocs.endpoint import epid_of, gruu
from snomtui.ocs.publication import PUBLISH_TYPE, Publication, build_publish, user_state
from snomtui.ocs.roaming import SET_CONTAINER_MEMBERS_TYPE
from snomtui.ocs.routing import VOICEMAIL, Routing
from snomtui.office.people import People
from snomtui.presence import Availability
from snomtui.sip.dialog import Dialog
from snomtui.sip.message import Request, respond
from snomtui.sip.transaction import ServerKey
from tests.office.client import SDP, Client
from tests.office.house import PASSWORDS, House
from tests.wire import surroundings

HEIKO, JULIA, JAN, ANNA = (
    f"sip:{each}@ucc.de" for each in ("Heiko.Riedel", "Julia.Falk", "Jan.Dierich", "Anna.Lindner")
)
PEOPLE = """
domain = "ucc.de"
netbios = "UCC"
[[person]]
uri = "sip:Heiko.Riedel@ucc.de"
password = "Sommer2009!"
name = "Heiko Riedel"
numbers = ["+49301234500"]
[[person]]
uri = "sip:Julia.Falk@ucc.de"
password = "Fruehling2009!"
name = "Julia Falk"
numbers = ["+49301234511"]
{more}
[[person]]
uri = "sip:Jan.Dierich@ucc.de"
password = "Winter2009!"
name = "Jan Dierich"
[[person]]
uri = "sip:Anna.Lindner@ucc.de"
password = "Herbst2009!"
name = "Anna Lindner"
[[gateway]]
number = "+4989*"
[[gateway]]
number = "+4989101"
behaviour = "busy"
[[gateway]]
number = "+4989102"
behaviour = "announcement"
"""
CHAT = b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=s\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=message 5060 sip null\r\n"
BOX = 'voicemail = "+49301234599"'
OUTSIDE = "sip:+4989100@ucc.de;user=phone"


class Quarter:
    """Four people, and one of them calls Julia."""

    def __init__(self, more: str = "") -> None:
        self.house = House(people=People.parse(PEOPLE.format(more=more)))
        self.heiko = self.house.signed_in()
        self.julia = self.house.signed_in("Julia.Falk", epid="00041399ff")
        self.jan = self.house.signed_in("Jan.Dierich", epid="00041388ee")
        self.anna = self.house.signed_in("Anna.Lindner", epid="00041377dd")

    def publish(self, who: Client, *publications: Publication) -> None:
        who.ask("SERVICE", who.uri, self.house.now, body=(PUBLISH_TYPE, build_publish(who.uri, publications)))
        self.house.settle()
        assert who.last("SERVICE").status == 200

    def rules(
        self, who: Client, flags: str, waits: str = "", container: int = 1, **lists: str | tuple[str, ...]
    ) -> None:
        """Publish call forwarding settings; `waits` as in `user=5 total=9`."""
        pairs = (each.split("=") for each in waits.split())
        routing = Routing(
            frozenset(flags.split()),
            tuple((name, (each,) if isinstance(each, str) else each) for name, each in lists.items()),
            tuple((name, int(seconds)) for name, seconds in pairs),
        )
        body = Opaque(routing.xml())
        self.publish(who, Publication("routing", 0, container, expire_type="static", body=body))

    def call(self, uri: str = JULIA, body: tuple[str, bytes] | None = SDP) -> None:
        self.key = self.heiko.ask("INVITE", uri, self.house.now, body=body)
        self.house.settle()

    def rings(self, who: Client, place: int = 0) -> None:
        who.reply(who.asked("INVITE")[place], 180, self.house.now)
        self.house.settle()

    def refuses(self, who: Client, status: int, *headers: tuple[str, str]) -> None:
        who.reply(who.asked("INVITE")[-1], status, self.house.now, headers)
        self.house.settle()

    def answers(self, who: Client) -> None:
        who.reply(who.asked("INVITE")[-1], 200, self.house.now, body=SDP)
        self.house.settle()
        assert self.heiko.last("INVITE").status == 200
        assert (who.doubts, self.heiko.doubts) == ([], [])

    def later(self, seconds: float) -> None:
        self.house.wire.advance(seconds)

    @property
    def statuses(self) -> list[int]:
        return self.heiko.statuses("INVITE")

    @property
    def taker(self) -> str:
        """Who has taken the call."""
        assert self.statuses[-1] == 200, self.statuses
        return (self.heiko.last("INVITE").headers.get("P-Asserted-Identity") or "").partition(">")[0].partition("<")[2]

    @property
    def why(self) -> str:
        return (self.heiko.last("INVITE").headers.get("ms-diagnostics") or "").partition(";")[0]


# -- voice mail


def test_an_unanswered_call_goes_to_the_voice_mail_after_its_time() -> None:
    them = Quarter(BOX + "\nrings = 8")
    them.call()
    them.rings(them.julia)
    them.later(7)
    assert them.statuses == [180]
    them.later(2)
    assert len(them.julia.cancels) == 1
    assert them.taker == JULIA


@pytest.mark.parametrize("status", [486, 480, 404, 500])
def test_a_busy_phone_sends_the_call_to_the_voice_mail_at_once(status: int) -> None:
    them = Quarter(BOX)
    them.call()
    them.refuses(them.julia, status)
    them.later(1)
    assert them.taker == JULIA


@pytest.mark.parametrize("status", [600, 603, 605])
def test_a_declined_call_goes_to_no_voice_mail(status: int) -> None:
    them = Quarter(BOX)
    them.call()
    them.refuses(them.julia, status)
    them.later(30)
    assert them.statuses[-1] == status


class Mute(Client):
    """It rings on, whatever it is told."""

    def cancelled(self, invite: tuple[Request, ServerKey | None], now: float) -> None:
        return


@pytest.mark.parametrize("status", [600, 605])
def test_a_call_declined_everywhere_goes_to_no_voice_mail_while_another_device_says_nothing(status: int) -> None:
    them = Quarter(BOX + "\nrings = 2")
    mute = Mute("Julia.Falk", PASSWORDS["Julia.Falk"], surroundings(99), epid="a1b2c3d4e5")
    them.house.wire.boxes.insert(0, mute)
    them.house.settle()
    mute.register(them.house.now)
    them.house.settle()
    them.call()
    them.refuses(them.julia, status)
    them.later(60)
    assert len(mute.cancels) == 1
    assert them.statuses == [100, status]


def test_a_phone_that_vanishes_while_it_rings_leaves_the_call_to_the_voice_mail() -> None:
    them = Quarter(BOX)
    them.call()
    them.rings(them.julia)
    them.house.wire.cut(them.julia)
    them.later(1)
    assert them.taker == JULIA


def test_a_caller_who_hangs_up_meanwhile_reaches_no_voice_mail() -> None:
    them = Quarter(BOX + "\nrings = 8")
    them.call()
    them.rings(them.julia)
    them.heiko.cancel(them.key, them.house.now)
    them.later(30)
    assert them.statuses == [180, 487]
    assert len(them.julia.cancels) == 1


class Quick(Client):
    """Its user picks up just when the CANCEL comes."""

    def cancelled(self, invite: tuple[Request, ServerKey | None], now: float) -> None:
        self.reply(invite, 200, now, body=SDP)


def crossing(more: str) -> Quarter:
    """Julia has a quick phone."""
    them = Quarter(more)
    them.house.wire.cut(them.julia)
    them.julia = Quick("Julia.Falk", PASSWORDS["Julia.Falk"], surroundings(999), epid="00041399ff")
    them.house.wire.boxes.insert(0, them.julia)
    them.house.settle()
    them.julia.register(them.house.now)
    them.house.settle()
    return them


def test_an_answer_that_crosses_the_end_of_ringing_counts() -> None:
    them = crossing(BOX + "\nrings = 8")
    them.call()
    them.rings(them.julia)
    them.later(8.1)
    assert len(them.julia.cancels) == 1
    them.later(5)
    assert them.statuses == [180, 180, 200]
    assert them.taker == JULIA


def test_an_answer_that_crosses_the_caller_hanging_up_reaches_the_caller() -> None:
    them = crossing("")
    them.call()
    them.rings(them.julia)
    them.heiko.cancel(them.key, them.house.now)
    them.later(5)
    assert them.statuses == [180, 200]


def test_a_person_can_be_the_voice_mail_of_another() -> None:
    them = Quarter('voicemail = "sip:Jan.Dierich@ucc.de"')
    them.call()
    them.refuses(them.julia, 486)
    asked = them.jan.asked("INVITE")[0][0]
    assert epid_of(asked.headers.get("To") or "") == them.jan.epid
    assert asked.headers.get("Diversion") == f"<{JULIA}>;reason=user-busy"
    assert asked.headers.get("History-Info") == f"<{JULIA}>;index=1;ms-retarget-reason=forwarding"
    them.answers(them.jan)
    assert them.taker == JAN


def test_a_call_to_one_device_is_not_forwarded() -> None:
    them = Quarter(BOX)
    them.call(gruu("Julia.Falk@ucc.de", them.julia.epid))
    them.refuses(them.julia, 486)
    assert them.statuses[-1] == 486


# -- redirection by a phone


@pytest.mark.parametrize("contact", [f"<{OUTSIDE}>", "<tel:+4989100>", "<sip:089100@127.0.0.1>"])
def test_a_phone_redirects_to_a_number_outside(contact: str) -> None:
    them = Quarter()
    them.call()
    them.refuses(them.julia, 302, ("Contact", contact))
    them.later(3)
    assert them.taker == "sip:+4989100@ucc.de;user=phone"


def test_a_phone_redirects_to_a_colleague() -> None:
    them = Quarter(BOX)
    them.call()
    them.refuses(them.julia, 302, ("Contact", f"<{JAN}>"))
    them.rings(them.jan)
    them.later(59)
    assert them.statuses[-1] == 180
    them.answers(them.jan)
    assert them.taker == JAN


def test_a_redirected_call_that_nobody_takes_comes_back_to_the_voice_mail() -> None:
    them = Quarter(BOX)
    them.call()
    them.refuses(them.julia, 302, ("Contact", f"<{JAN}>"))
    them.rings(them.jan)
    them.later(62)
    assert them.taker == JULIA


@pytest.mark.parametrize("contact", ["<sip:paul@partner.test>", "<sip:nobody@ucc.de>", "<mailto:x@y>", "<:::>", ""])
def test_a_redirection_that_leads_nowhere_is_given_to_the_caller(contact: str) -> None:
    them = Quarter()
    them.call()
    key = them.julia.asked("INVITE")[-1]
    assert key[1] is not None
    answer = respond(key[0], 302, tag="x", headers=[("Contact", contact)] if contact else [])
    them.julia.transactions.respond(key[1], answer, them.house.now)
    them.julia.flush(them.house.now)
    them.house.settle()
    assert them.statuses == [302]


def test_two_phones_that_redirect_to_each_other_make_no_circle() -> None:
    them = Quarter()
    them.call()
    them.refuses(them.julia, 302, ("Contact", f"<{JAN}>"))
    them.refuses(them.jan, 302, ("Contact", f"<{JULIA}>"))
    assert (them.statuses, them.why) == ([482], "13000")
    assert len(them.julia.asked("INVITE")) == 1


def test_a_phone_that_redirects_to_itself_is_left_alone() -> None:
    them = Quarter(BOX)
    them.call()
    them.refuses(them.julia, 302, ("Contact", f"<{JULIA}>"))
    them.later(1)
    assert (len(them.julia.asked("INVITE")), them.taker) == (1, JULIA)


def test_a_caller_who_hangs_up_while_a_forwarded_call_rings_ends_it() -> None:
    them = Quarter(BOX)
    them.call()
    them.refuses(them.julia, 302, ("Contact", f"<{JAN}>"))
    them.rings(them.jan)
    them.heiko.cancel(them.key, them.house.now)
    them.later(90)
    assert (len(them.jan.cancels), them.statuses) == (1, [180, 487])


def test_the_other_phone_rings_on_when_one_redirects_to_nowhere() -> None:
    them = Quarter(BOX)
    soft = them.house.signed_in("Julia.Falk", epid="a1b2c3d4e5")
    them.call()
    them.rings(soft)
    them.refuses(them.julia, 302, ("Contact", "<sip:paul@partner.test>"))
    assert soft.cancels == []
    them.later(21)
    assert them.taker == JULIA


# -- rules of one's own


@pytest.mark.parametrize(
    ("target", "taker"),
    [(OUTSIDE, OUTSIDE), (JAN, JAN), ("tel:+4989100", OUTSIDE), (VOICEMAIL, JULIA), (f"{JULIA};{VOICEMAIL}", JULIA)],
)
def test_calls_are_forwarded_immediately(target: str, taker: str) -> None:
    them = Quarter(BOX)
    them.rules(them.julia, "enablecf forward_immediate", "user=20 total=30", forwardto=target)
    them.call()
    assert them.julia.asked("INVITE") == []
    if taker == JAN:
        them.answers(them.jan)
    them.later(3)
    assert them.taker == taker


def test_calls_are_forwarded_immediately_to_the_voice_mail() -> None:
    them = Quarter(BOX)
    them.rules(them.julia, "forward_immediate", forwardto=JAN)
    them.call()
    them.later(1)
    assert (them.julia.asked("INVITE"), them.jan.asked("INVITE"), them.taker) == ([], [], JULIA)


def test_calls_are_forwarded_after_a_time() -> None:
    them = Quarter(BOX)
    them.rules(them.julia, "enablecf", "user=5 total=30", forwardto=JAN)
    them.call()
    them.rings(them.julia)
    them.later(4)
    assert them.jan.asked("INVITE") == []
    them.later(2)
    assert len(them.julia.cancels) == 1
    diverted = them.jan.asked("INVITE")[0][0].headers.get("Diversion")
    assert diverted == f"<{JULIA}>;reason=no-answer"
    them.answers(them.jan)


def test_an_unanswered_forward_ends_in_the_voice_mail() -> None:
    them = Quarter(BOX)
    them.rules(them.julia, "enablecf", "total=5", forwardto=JAN)
    them.call()
    them.rings(them.julia)
    them.later(6)
    them.rings(them.jan)
    them.later(61)
    assert (len(them.jan.cancels), them.taker) == (1, JULIA)


def test_a_second_phone_rings_at_the_same_time() -> None:
    them = Quarter()
    them.rules(them.julia, "simultaneous_ring", simultaneous_ring=(JAN, ANNA))
    them.call()
    assert (len(them.julia.asked("INVITE")), len(them.jan.asked("INVITE")), len(them.anna.asked("INVITE"))) == (1, 1, 0)
    them.rings(them.julia)
    them.answers(them.jan)
    assert (them.taker, len(them.julia.cancels)) == (JAN, 1)


def test_a_mobile_phone_rings_at_the_same_time_and_the_desk_phone_is_quicker() -> None:
    them = Quarter()
    them.rules(them.julia, "simultaneous_ring", simultaneous_ring=OUTSIDE)
    them.call()
    assert them.statuses == [183]
    them.answers(them.julia)
    them.later(10)
    assert them.taker == JULIA
    assert them.statuses.count(200) == 1


def test_the_team_rings_later_while_the_phone_rings_on() -> None:
    them = Quarter(BOX)
    them.rules(them.julia, "team_ring", "user=5 team2=10", team=(JAN, ANNA, HEIKO))
    them.call()
    them.rings(them.julia)
    them.later(6)
    assert (len(them.jan.asked("INVITE")), len(them.anna.asked("INVITE")), them.julia.cancels) == (1, 1, [])
    assert them.heiko.asked("INVITE") == []
    them.rings(them.jan)
    them.rings(them.anna)
    them.later(10)
    assert (len(them.julia.cancels), len(them.jan.cancels), them.taker) == (1, 1, JULIA)


def test_delegates_ring_instead_unless_one_of_them_calls() -> None:
    them = Quarter()
    them.rules(them.julia, "delegate_ring skip_primary", delegates=JAN)
    them.call()
    assert (them.julia.asked("INVITE"), len(them.jan.asked("INVITE"))) == ([], 1)
    them.jan.ask("INVITE", JULIA, them.house.now, body=SDP)
    them.house.settle()
    assert len(them.julia.asked("INVITE")) == 1


def test_all_calls_are_blocked() -> None:
    them = Quarter(BOX)
    them.rules(them.julia, "block")
    them.call()
    assert (them.statuses, them.why, them.julia.asked("INVITE")) == ([480], "13001", [])


def test_the_rules_of_an_access_level_come_before_the_general_ones() -> None:
    them = Quarter(BOX)
    them.rules(them.julia, "block", container=200)
    them.rules(them.julia, "enablecf forward_immediate", forwardto=JAN, container=0)
    them.call()
    assert (them.statuses, them.why) == ([480], "13001")


@pytest.mark.parametrize("flags", ["", "sings", "enablecf", "simultaneous_ring team_ring", "forward_immediate"])
def test_rules_without_targets_let_the_phone_ring(flags: str) -> None:
    them = Quarter()
    them.rules(them.julia, flags)
    them.call()
    assert len(them.julia.asked("INVITE")) == 1
    them.answers(them.julia)


@pytest.mark.parametrize(
    "target", ["", "sip:", "nonsense", "sip:nobody@ucc.de", "sip:x@partner.test", "tel:12", "x" * 900]
)
def test_a_forward_to_nowhere_goes_to_the_voice_mail(target: str) -> None:
    them = Quarter(BOX)
    them.rules(them.julia, "enablecf forward_immediate", forwardto=target)
    them.call()
    them.later(1)
    assert them.taker == JULIA


def test_two_who_forward_to_each_other_make_no_circle() -> None:
    them = Quarter()
    them.rules(them.julia, "enablecf forward_immediate", forwardto=JAN)
    them.rules(them.jan, "enablecf forward_immediate", forwardto=JULIA)
    them.call()
    assert (them.statuses, them.why) == ([482], "13000")
    assert (them.julia.asked("INVITE"), them.jan.asked("INVITE")) == ([], [])


def test_a_long_chain_of_forwards_ends() -> None:
    count = 70
    persons = "".join(
        f'[[person]]\nuri = "sip:p{at}@ucc.de"\nvoicemail = "sip:p{at + 1}@ucc.de"\n' for at in range(count)
    )
    last = f'[[person]]\nuri = "sip:p{count}@ucc.de"\n'
    house = House(people=People.parse(PEOPLE.format(more="") + persons + last))
    heiko = house.signed_in()
    heiko.ask("INVITE", "sip:p0@ucc.de", house.now, body=SDP)
    house.settle()
    assert heiko.statuses("INVITE") == [482]


def test_a_forwarded_call_obeys_the_rules_of_the_other() -> None:
    them = Quarter(BOX)
    them.rules(them.julia, "enablecf forward_immediate", forwardto=JAN)
    them.rules(them.jan, "enablecf forward_immediate", forwardto=OUTSIDE)
    them.call()
    them.later(3)
    assert them.taker == OUTSIDE


def test_a_forward_to_a_busy_number_is_busy() -> None:
    them = Quarter()
    them.rules(them.julia, "enablecf forward_immediate", forwardto="tel:+4989101")
    them.call()
    assert (them.statuses, them.why) == ([486], "10486")


@pytest.mark.parametrize("ender", ["caller", "gateway"])
def test_a_call_that_was_forwarded_outside_is_ended_by_either_side(ender: str) -> None:
    them = Quarter()
    them.rules(them.julia, "enablecf forward_immediate", forwardto="tel:+4989102")
    them.call()
    them.later(3)
    answer = them.heiko.last("INVITE")
    dialog = them.heiko.dialog(answer)
    them.heiko.send(dialog.ack(them.heiko.dialog_request(answer), them.heiko.via()), them.house.now)
    them.house.settle()
    if ender == "caller":
        them.heiko.send(dialog.request("BYE", them.heiko.via()), them.house.now)
        them.house.settle()
        assert them.heiko.last("BYE").status == 200
    else:
        them.later(10)
        assert them.heiko.asked("BYE")
    assert them.heiko.doubts == []


def test_a_chat_is_not_forwarded() -> None:
    them = Quarter(BOX)
    them.rules(them.julia, "enablecf forward_immediate", forwardto=JAN)
    them.call(body=("application/sdp", CHAT))
    assert (len(them.julia.asked("INVITE")), them.jan.asked("INVITE")) == (1, [])
    assert them.julia.asked("INVITE")[0][0].body == CHAT


# -- do not disturb, and who may not call at all


def test_one_who_must_not_be_disturbed_is_not_called() -> None:
    them = Quarter()
    them.publish(them.julia, *user_state(Availability.DND))
    them.call()
    answer = them.heiko.last("INVITE")
    assert (answer.status, them.julia.asked("INVITE")) == (480, [])
    assert (answer.headers.get("Warning") or "").startswith("391 lcs.microsoft.com ")


def test_the_team_may_disturb() -> None:
    them = Quarter()
    them.publish(them.julia, *user_state(Availability.DND))
    put(them, 300)
    them.call()
    assert len(them.julia.asked("INVITE")) == 1


@pytest.mark.parametrize("mood", [Availability.BUSY, Availability.AWAY, Availability.OFFLINE])
def test_other_states_let_calls_through(mood: Availability) -> None:
    them = Quarter()
    them.publish(them.julia, *user_state(mood))
    them.call()
    assert len(them.julia.asked("INVITE")) == 1


def test_one_who_is_blocked_finds_nobody_signed_in() -> None:
    them = Quarter()
    put(them, 32000)
    them.call()
    assert (them.statuses, them.why, them.julia.asked("INVITE")) == ([480], "15030", [])


def put(them: Quarter, container: int) -> None:
    """Julia puts Heiko into one of her containers."""
    member = f'<member action="add" type="user" value="{HEIKO.removeprefix("sip:")}"/>'
    body = f'<container id="{container}" version="0">{member}</container>'
    space = "http://schemas.microsoft.com/2006/09/sip/container-management"
    document = f'<setContainerMembers xmlns="{space}">{body}</setContainerMembers>'.encode()
    them.julia.ask("SERVICE", JULIA, them.house.now, body=(SET_CONTAINER_MEMBERS_TYPE, document))
    them.house.settle()
    assert them.julia.last("SERVICE").status == 200


# -- inside of calls that were forwarded


@pytest.mark.parametrize("uri", [JULIA, "tel:+49301234511", "sip:511@ucc.de;user=phone", OUTSIDE])
def test_whoever_has_taken_a_forwarded_call_can_change_and_end_it(uri: str) -> None:
    them = Quarter()
    if uri == OUTSIDE:
        them.call(JULIA)
        them.refuses(them.julia, 302, ("Contact", f"<{JAN}>"))
    else:
        them.rules(them.julia, "enablecf forward_immediate", forwardto=JAN)
        them.call(uri)
    (asked, _) = them.jan.asked("INVITE")[0]
    them.answers(them.jan)
    ok = them.heiko.last("INVITE")
    dialog = them.heiko.dialog(ok)
    them.heiko.send(dialog.ack(them.heiko.dialog_request(ok), them.heiko.via()), them.house.now)
    them.house.settle()
    theirs = Dialog.uas(asked, ok.to.tag, them.jan.contact)
    for method in ("UPDATE", "INFO", "BYE"):
        them.jan.send(theirs.request(method, them.jan.via(), body=SDP), them.house.now)
        them.house.settle()
        if method != "BYE":
            them.heiko.reply(them.heiko.asked(method)[-1], 200, them.house.now)
            them.house.settle()
        assert them.jan.last(method).status == 200
    assert (them.jan.doubts, them.heiko.doubts, them.house.office.discarded) == ([], [], 0)


def test_only_the_two_who_talk_can_end_a_call() -> None:
    them = Quarter()
    them.call()
    them.answers(them.julia)
    dialog = them.heiko.dialog(them.heiko.last("INVITE"))
    feigned = dialog.request("BYE", them.jan.via())
    theirs = (feigned.headers.get("From") or "").replace(them.heiko.epid, them.jan.epid)
    them.jan.send(feigned.with_("From", theirs), them.house.now)
    them.later(1)
    assert them.jan.last("BYE").status == 403
    assert (them.heiko.asked("BYE"), them.julia.asked("BYE")) == ([], [])
    assert len(them.house.office.status(them.house.now).calls) == 1
    them.heiko.send(dialog.request("BYE", them.heiko.via()), them.house.now)
    them.later(1)
    assert them.heiko.last("BYE").status == 200
    assert len(them.julia.asked("BYE")) == 1
