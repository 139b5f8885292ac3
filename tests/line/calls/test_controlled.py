"""Programs and servers that control the phone by SIP: CSTA sessions, and NOTIFYs that press keys or start it again."""

from __future__ import annotations

import pytest

from snomtui.auth.challenge import AuthLine
from snomtui.auth.proof import Proof
from snomtui.kit.box import Send
from snomtui.line.calls import cstasession
from snomtui.line.calls.controlled import MOST
from snomtui.phone.intents import Reboot, Register
from snomtui.sip.headers import Item
from snomtui.sip.message import Request, Response, respond
from tests.line.peer import Peer, registered, says, silent
from tests.phone.bench import Bench
from tests.phone.csta.programs import fault, request, said, text

ON = {"csta_control": "on", "csta_challenge": "0"}
SIGNAL: Item = ("Content-Disposition", "signal;handling=required")
CONTACT: Item = ("Contact", "<sip:pbx@127.0.0.1:5060>")
ME = "sip:heiko@example.org"


class Program:
    """A program that speaks CSTA with the phone over SIP."""

    def __init__(self, phone: Bench, call_id: str = "csta-1") -> None:
        self.phone, self.peer, self.call_id = phone, phone.peer, call_id
        self._cseq = 1
        self.invite = self.make("INVITE", request("RequestSystemStatus"))

    def make(self, method: str, body: bytes = b"", *more: Item) -> Request:
        """The next request in the session."""
        tagged = next((each.headers.get("To") for each in self.answers("INVITE") if each.status == 200), None)
        headers = (CONTACT, SIGNAL, *more) if body else (CONTACT, *more)
        part = (cstasession.KIND, body) if body else None
        made = self.peer.make(
            method, *headers, to=tagged or f"<{ME}>", call_id=self.call_id, cseq=self._cseq, body=part
        )
        self._cseq += method != "ACK"
        return made

    def answers(self, method: str) -> list[Response]:
        """All answers of the phone in this session."""
        return [each for each in self.peer.responses if (each.call_id, each.cseq.method) == (self.call_id, method)]

    def begin(self) -> Program:
        """Begin the session, whole."""
        self.phone.tell(self.invite)
        ack = self.make("ACK")
        self.phone.tell(ack.with_headers(ack.headers.with_("CSeq", f"{self.invite.cseq.number} ACK")))
        return self

    def asks(self, name: str, inside: str = "") -> bytes:
        """Ask something; what is answered."""
        self.phone.tell(self.make("INFO", request(name, inside)))
        answer = self.answers("INFO")[-1]
        assert (answer.status, answer.content_type) == (200, cstasession.KIND)
        return bytes(answer.body)

    @property
    def heard(self) -> list[bytes]:
        """The events that came."""
        return [each.body for each in self.peer.asked("INFO")]


def phone(peer: Peer | None = None, /, **settings: str) -> Bench:
    """A phone that may be controlled."""
    return Bench(peer or Peer(BYE=says(200), INFO=says(200)), settings=ON | settings)


def proved(asked: Request, challenge: str, password: str = "secret") -> Request:
    """The same request once more, by somebody who knows the password, or another one."""
    line = AuthLine.parse(challenge)
    nonce, realm = line.get("nonce") or "", line.get("realm") or ""
    proof = Proof("MD5", "heiko", realm, password, nonce, asked.uri, "auth", "00000001", "abc")
    pairs = [("username", "heiko"), ("realm", realm), ("nonce", nonce), ("uri", asked.uri), ("algorithm", "MD5")]
    pairs += [("qop", "auth"), ("nc", "00000001"), ("cnonce", "abc")]
    pairs.append(("response", proof.value(asked.method, asked.body)))
    headers = asked.headers.with_("CSeq", f"{asked.cseq.number + 1} {asked.method}").with_(
        "Via", f"{asked.headers.get('Via')}2"
    )
    return asked.with_headers(headers.with_("Authorization", str(AuthLine.of("Digest", *pairs))))


# -- sessions


def test_session_begins_with_the_status_of_the_phone() -> None:
    program = Program(phone()).begin()
    (answer,) = program.answers("INVITE")
    assert (answer.status, answer.content_type) == (200, "application/csta+xml")
    assert answer.headers.get("Content-Disposition") == "signal;handling=required"
    assert text(bytes(answer.body), "systemStatus") == "normal"
    assert program.phone.calls == ()


def test_phone_that_nobody_may_control_takes_no_session() -> None:
    program = Program(phone(csta_control="off")).begin()
    assert [each.status for each in program.answers("INVITE")] == [415]


def test_program_makes_a_call_watches_it_and_ends_it() -> None:
    bench = phone()
    program = Program(bench).begin()
    started = program.asks("MonitorStart", f"<monitorObject><deviceObject>{ME}</deviceObject></monitorObject>")
    assert text(started, "monitorCrossRefID") == "1"
    bench.peer.rules["INVITE"] = silent
    made = program.asks(
        "MakeCall", f"<callingDevice>{ME}</callingDevice><calledDirectoryNumber>4711</calledDirectoryNumber>"
    )
    number = text(made, "callingDevice", "callID")
    assert (number, [call.number for call in bench.calls]) == ("1", ["4711"])
    gone = program.asks("ClearConnection", f"<connectionToBeCleared><callID>{number}</callID></connectionToBeCleared>")
    assert said(gone) == "ClearConnectionResponse"
    assert [said(each) for each in program.heard] == ["OriginatedEvent", "ConnectionClearedEvent"]


def test_program_answers_a_call_and_snapshots_it() -> None:
    bench = phone()
    program = Program(bench).begin()
    program.asks("MonitorStart", "<monitorObject><deviceObject/></monitorObject>")
    bench.ring()
    assert said(program.heard[-1]) == "DeliveredEvent"
    number = text(program.heard[-1], "connection", "callID")
    answer = program.asks("AnswerCall", f"<callToBeAnswered><callID>{number}</callID></callToBeAnswered>")
    assert (said(answer), bench.peer.answers("INVITE")[-1]) == ("AnswerCallResponse", 200)
    shown = program.asks("SnapshotDevice", f"<snapshotObject>{ME}</snapshotObject>")
    assert number in shown.decode()
    wrong = program.asks("HoldCall", "<callToBeHeld><callID>77</callID></callToBeHeld>")
    assert fault(wrong) == "operation:invalidConnectionID"


def test_events_go_out_one_after_the_other_and_only_while_somebody_takes_them() -> None:
    bench = phone(Peer(BYE=says(200), INFO=silent))
    program = Program(bench).begin()
    program.asks("MonitorStart", "<monitorObject/>")
    bench.ring()
    bench.press("CANCEL")
    assert [said(each) for each in program.heard] == ["DeliveredEvent"]
    bench.advance(40)
    assert [said(each) for each in program.heard[1:]] == [said(program.heard[0])] * len(program.heard[1:])
    bench.peer.rules["INFO"] = says(200)
    before = len(program.heard)
    bench.ring("in-2")
    assert len(program.heard) == before, "the session is over"


def test_monitor_that_was_stopped_tells_nothing_more() -> None:
    bench = phone()
    program = Program(bench).begin()
    program.asks("MonitorStart", "<monitorObject/>")
    stopped = program.asks("MonitorStop", "<monitorCrossRefID>1</monitorCrossRefID>")
    assert said(stopped) == "MonitorStopResponse"
    assert (
        fault(program.asks("MonitorStop", "<monitorCrossRefID>1</monitorCrossRefID>")) == "operation:invalidCrossRefID"
    )
    bench.ring()
    assert program.heard == []


def test_program_hears_that_the_phone_works_no_longer() -> None:
    bench = phone()
    program = Program(bench).begin()
    wanted = "<requestTypes><systemStatus>true</systemStatus></requestTypes>"
    id = text(program.asks("SystemRegister", wanted), "sysStatRegisterID")
    bench.peer.rules["REGISTER"] = says(403)
    bench.do(Register(1))
    assert [(said(each), text(each, "systemStatus"), text(each, "sysStatRegisterID")) for each in program.heard] == [
        ("SystemStatus", "disabled", id)
    ]
    which = f"<sysStatRegisterID>{id}</sysStatRegisterID>"
    assert said(program.asks("SystemRegisterCancel", which)) == "SystemRegisterCancelResponse"
    assert fault(program.asks("SystemRegisterCancel", which)) == "operation:invalidCrossRefID"


def test_session_that_was_left_is_over() -> None:
    bench = phone()
    program = Program(bench).begin()
    program.asks("MonitorStart", "<monitorObject/>")
    bench.tell(program.make("BYE"))
    assert [each.status for each in program.answers("BYE")] == [200]
    bench.ring()
    bench.tell(program.make("INFO", request("RequestSystemStatus")))
    assert (program.heard, program.answers("INFO")[-1].status) == ([], 481)


def test_answer_to_an_event_that_comes_after_the_end_of_the_session_harms_nothing() -> None:
    bench = phone(Peer(BYE=says(200), INFO=silent))
    program = Program(bench).begin()
    program.asks("MonitorStart", "<monitorObject/>")
    bench.ring()
    bench.tell(program.make("BYE"))
    bench.tell(respond(bench.peer.last("INFO"), 200))
    bench.press("CANCEL")
    assert (len(program.heard), bench.peer.answers("INVITE")[-1]) == (1, 486)


def test_new_program_hears_nothing_of_what_one_before_the_restart_has_watched() -> None:
    bench = phone()
    before = Program(bench).begin()
    before.asks("MonitorStart", "<monitorObject/>")
    bench.do(Reboot())
    bench.advance(60)
    after = Program(bench, "csta-2").begin()
    bench.ring()
    assert (len(after.answers("INVITE")), after.heard) == (1, [])


def test_phone_that_leaves_ends_the_session() -> None:
    bench = phone()
    Program(bench).begin()
    bench.phone.leave(bench.now)
    bench.wire.settle()
    assert bench.peer.asked("BYE")


def test_oldest_session_goes_for_a_new_one_when_there_are_too_many() -> None:
    bench = phone()
    programs = [Program(bench, f"csta-{n}").begin() for n in range(MOST)]
    for program in programs[:2]:
        program.asks("MonitorStart", "<monitorObject/>")
    assert bench.peer.asked("BYE") == []
    Program(bench, "new").begin()
    assert [each.call_id for each in bench.peer.asked("BYE")] == ["csta-0"]
    bench.ring()
    assert [each.call_id for each in bench.peer.asked("INFO")] == ["csta-1"]


@pytest.mark.parametrize("body", [b"nonsense", b"", b"<a>" * 1000])
def test_garbage_gets_an_answer_and_harms_nothing(body: bytes) -> None:
    bench = phone()
    program = Program(bench).begin()
    bench.tell(program.make("INFO", body))
    assert program.answers("INFO")[-1].status == 200
    assert said(program.asks("RequestSystemStatus")) == "RequestSystemStatusResponse"


def test_body_of_another_kind_is_refused() -> None:
    bench = phone()
    program = Program(bench).begin()
    bench.tell(program.make("INFO").with_body("text/plain", b"hello"))
    assert (program.answers("INFO")[-1].status, program.answers("INFO")[-1].headers.get("Accept")) == (
        415,
        cstasession.KIND,
    )


# -- who may


def test_program_must_prove_to_know_the_password() -> None:
    bench = phone(csta_challenge="1")
    program = Program(bench)
    bench.tell(program.invite)
    (refused,) = program.answers("INVITE")
    assert refused.status == 401
    challenge = refused.headers.get("WWW-Authenticate") or ""
    bench.tell(proved(program.invite, challenge, "guessed"))
    assert program.answers("INVITE")[-1].status == 401
    good = proved(program.invite, program.answers("INVITE")[-1].headers.get("WWW-Authenticate") or "")
    bench.tell(good.with_headers(good.headers.with_("CSeq", "9 INVITE").with_("Via", program.peer.via())))
    assert program.answers("INVITE")[-1].status == 200


@pytest.mark.parametrize(("trusted", "status"), [("", 403), ("192.0.2.9", 200)])
def test_stranger_over_udp_needs_to_be_trusted(trusted: str, status: int) -> None:
    bench = phone(user_outbound1="127.0.0.1:5060;transport=udp", mb_trusted_hosts=trusted)
    line = bench.phone.line(1)
    assert line is not None
    bench.phone.receive(line.conn, bytes(Program(bench).invite), bench.now, ("192.0.2.9", 5060))
    sent: list[bytes] = []
    while outputs := bench.phone.outbox():
        sent += [output.data for output in outputs if isinstance(output, Send)]
    assert sent[0].startswith(f"SIP/2.0 {status} ".encode())


# -- keys


def notify(bench: Bench, event: str, **more: object) -> Request:
    """A NOTIFY outside of a call."""
    return bench.peer.make("NOTIFY", ("Event", event), CONTACT, **more)  # type: ignore[arg-type]


def test_server_answers_holds_and_takes_back_a_call() -> None:
    bench = phone(sim_notify_talk="on")
    invite = bench.ring()
    assert bench.peer.answered("INVITE").headers.get("Allow-Events") == "talk, hold, refer"
    bench.tell(notify(bench, "talk"))
    assert bench.peer.answers("NOTIFY") == [200]
    bench.tell(bench.peer.dialog_of_invite(invite).ack(invite, bench.peer.via()))
    assert bench.states == ["talking"]
    dialog = bench.peer.dialog_of_invite(invite)
    bench.tell(dialog.request("NOTIFY", bench.peer.via(), [("Event", "hold")]))
    assert bench.peer.asked("INVITE"), "we ask to hold"
    assert bench.peer.answers("NOTIFY") == [200, 200]


def test_caller_who_does_not_know_the_password_answers_nothing() -> None:
    bench = phone()
    invite = bench.ring()
    bench.tell(bench.peer.dialog_of_invite(invite).request("NOTIFY", bench.peer.via(), [("Event", "talk")]))
    assert (bench.peer.answers("NOTIFY"), bench.states) == ([401], ["offered"])
    asked = notify(bench, "talk", call_id="n-2")
    challenge = bench.peer.answered("NOTIFY").headers.get("WWW-Authenticate") or ""
    bench.tell(proved(asked, challenge))
    assert bench.peer.answers("INVITE")[-1] == 200


def test_phone_that_takes_no_such_orders_announces_none() -> None:
    bench = phone(sim_notify_talk="off")
    bench.ring()
    assert bench.peer.answered("INVITE").headers.get("Allow-Events") is None
    bench.tell(notify(bench, "talk"))
    assert (bench.peer.answers("NOTIFY"), bench.states) == ([481], ["offered"])


# -- starting again


@pytest.mark.parametrize(
    ("event", "settings", "status", "again"),
    [
        ("check-sync;reboot=true", {}, 200, True),
        ("check-sync;reboot=false", {}, 200, False),
        ("check-sync", {}, 200, False),
        ("check-sync;reboot=true", {"challenge_checksync": "on"}, 401, False),
        ("reboot", {}, 401, False),
        ("reboot", {"challenge_reboot": "off"}, 200, True),
    ],
)
def test_server_starts_the_phone_again(event: str, settings: dict[str, str], status: int, again: bool) -> None:
    bench = phone(**settings)
    before = len(bench.peer.asked("REGISTER"))
    bench.tell(notify(bench, event))
    bench.advance(1)
    assert bench.peer.answers("NOTIFY") == [status]
    assert (len(bench.peer.asked("REGISTER")) > before) == again


def test_phone_starts_again_only_when_no_call_is_up() -> None:
    bench = phone(Peer(BYE=says(200), REGISTER=registered))
    bench.talk()
    bench.tell(notify(bench, "check-sync;reboot=true"))
    bench.advance(1)
    assert bench.states == ["talking"]
    before = len(bench.peer.asked("REGISTER"))
    bench.press("CANCEL")
    bench.advance(10)
    assert len(bench.peer.asked("REGISTER")) > before
