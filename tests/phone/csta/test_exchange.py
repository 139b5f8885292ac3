"""What programs ask by CSTA, and what they are answered."""

from __future__ import annotations

import pytest

from snomtui.phone.csta.exchange import Exchanged, exchange
from snomtui.phone.csta.services import View
from snomtui.phone.intents import Answer, Dial, HangUp, Hold, Intent, Resume, Transfer
from snomtui.phone.snapshot import CallState, IdentityState
from tests.phone.csta.programs import ED3, SOAP, enveloped, fault, request, said, text

ME = IdentityState(1, "heiko@example.org", "Heiko", "registered", active=True)
OTHER = IdentityState(3, "sales@example.org", "Sales", "registered")
RINGS = CallState("1-1", 1, "in", "sip:anna@example.org", "Anna", "anna", "offered")
HELD = CallState("3-1", 3, "out", "sip:bob@example.org", "Bob", "bob", "holding", since=1.0)
TALKS = CallState("1-2", 1, "out", "sip:eva@example.org", "Eva", "eva", "talking", since=2.0)


class Person:
    """Stands for the phone: notes what is wanted, and refuses if told to."""

    def __init__(self, *calls: CallState, refuses: str = "", begins: CallState | None = None) -> None:
        self.calls, self.refuses, self.begins = list(calls), refuses, begins
        self.wanted: list[Intent] = []

    def do(self, wish: Intent) -> str:
        self.wanted.append(wish)
        if self.begins and not self.refuses:
            self.calls.append(self.begins)
        return self.refuses

    def asks(self, body: bytes) -> Exchanged:
        """A program asks."""
        return exchange(body, lambda: View(tuple(self.calls), (ME, OTHER)), self.do)


def call(name: str, number: str, device: str = "") -> str:
    """A connection in a request."""
    at = f"<deviceID>{device}</deviceID>" if device else ""
    return f"<{name}><callID>{number}</callID>{at}</{name}>"


@pytest.mark.parametrize(
    ("body", "wish"),
    [
        (request("AnswerCall", call("callToBeAnswered", "-1")), Answer("1-1")),
        (enveloped("AnswerCall", "<csta:callToBeAnswered>-1</csta:callToBeAnswered>"), Answer("1-1")),
        (request("AnswerCall", "<callToBeAnswered> -1 </callToBeAnswered>", ED3), Answer("1-1")),
        (request("ClearConnection", call("connectionToBeCleared", "13")), HangUp("1-2")),
        (request("ClearCall", call("callToBeCleared", "3")), HangUp("3-1")),
        (request("HoldCall", call("callToBeHeld", "13", "sip:heiko@example.org")), Hold("1-2")),
        (request("RetrieveCall", "<callToBeRetrieved><deviceID>sales</deviceID></callToBeRetrieved>"), Resume("3-1")),
        (
            request("SingleStepTransferCall", call("activeCall", "13") + "<transferredTo>tel:+4930</transferredTo>"),
            Transfer("+4930", "1-2"),
        ),
        (request("TransferCall", call("heldCall", "3") + call("activeCall", "13")), Transfer("1-2", "3-1")),
    ],
)
def test_program_controls_calls(body: bytes, wish: Intent) -> None:
    person = Person(RINGS, HELD, TALKS)
    done = person.asks(body)
    assert (person.wanted, done.did, done.why) == ([wish], (wish,), "")
    assert said(done.answer) == f"{done.name}Response"


@pytest.mark.parametrize(
    ("device", "called", "wish"),
    [
        ("sip:sales@example.org", "4711", Dial("4711", 3)),
        ("SALES", "sip:bob@example.org", Dial("sip:bob@example.org", 3)),
        ("<sip:heiko@example.org;user=phone>".replace("<", "&lt;"), "tel:+49%2030;ext=1", Dial("+49 30", 1)),
        ("", "4711", Dial("4711", None)),
    ],
)
def test_program_makes_a_call_and_hears_its_number(device: str, called: str, wish: Intent) -> None:
    inside = f"<callingDevice>{device}</callingDevice><calledDirectoryNumber>{called}</calledDirectoryNumber>"
    person = Person(RINGS, begins=TALKS)
    done = person.asks(request("MakeCall", inside + "<autoOriginate>doNotPrompt</autoOriginate>"))
    assert person.wanted == [wish]
    assert text(done.answer, "callingDevice", "callID") == "13"
    assert text(done.answer, "callingDevice", "deviceID") == "sip:heiko@example.org"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (request("AnswerCall", call("callToBeAnswered", "-99")), "operation:invalidConnectionID"),
        (request("AnswerCall"), "operation:invalidConnectionID"),
        (request("HoldCall", "<callToBeHeld/>"), "operation:invalidConnectionID"),
        (request("MakeCall"), "operation:invalidCalledDeviceID"),
        (
            request("MakeCall", "<callingDevice>x@y</callingDevice><calledDirectoryNumber>1</calledDirectoryNumber>"),
            "operation:invalidCallingDeviceID",
        ),
        (request("SingleStepTransferCall", call("activeCall", "13")), "operation:invalidCalledDeviceID"),
        (request("SnapshotDevice", "<snapshotObject>x@y</snapshotObject>"), "operation:invalidDeviceID"),
        (request("SetLampMode"), "operation:serviceNotSupported"),
        (request("MakeCall", namespace="urn:other"), "operation:generic"),
        (b"<MakeCall/>", "operation:generic"),
        (b"no xml", "operation:generic"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "operation:generic"),
        (f'<e:Envelope xmlns:e="{SOAP}"><e:Body/></e:Envelope>'.encode(), "operation:generic"),
        (b"", "operation:generic"),
    ],
)
def test_what_cannot_be_done_gets_a_negative_answer_and_does_nothing(body: bytes, expected: str) -> None:
    person = Person(RINGS, HELD, TALKS)
    done = person.asks(body)
    assert (fault(done.answer), person.wanted, done.did) == (expected, [], ())
    assert done.why


def test_refusal_of_the_phone_is_a_matter_of_state() -> None:
    done = Person(RINGS, refuses="No call is ringing").asks(request("AnswerCall", call("callToBeAnswered", "-1")))
    assert (fault(done.answer), done.why) == ("stateIncompatibility:generic", "No call is ringing")


def test_call_that_was_not_begun_is_no_positive_answer() -> None:
    done = Person().asks(request("MakeCall", "<calledDirectoryNumber>1</calledDirectoryNumber>"))
    assert fault(done.answer) == "operation:generic"


def test_answer_is_dressed_as_the_question() -> None:
    plain = Person().asks(request("RequestSystemStatus", namespace=ED3)).answer
    assert plain.decode().endswith(
        f'<RequestSystemStatusResponse xmlns="{ED3}"><systemStatus>normal</systemStatus></RequestSystemStatusResponse>'
    )
    soap = Person().asks(enveloped("RequestSystemStatus", "")).answer.decode()
    assert f'<SOAP-ENV:Envelope xmlns:SOAP-ENV="{SOAP}"><SOAP-ENV:Body><RequestSystemStatusResponse' in soap


def test_snapshot_of_a_device_has_its_calls_with_their_states() -> None:
    answer = Person(RINGS, HELD, TALKS).asks(
        request("SnapshotDevice", "<snapshotObject>heiko@example.org</snapshotObject>")
    )
    told = answer.answer.decode()
    assert told.count("<snapshotDeviceResponseInfo>") == 2
    assert "<callID>-1</callID><deviceID>sip:heiko@example.org</deviceID>" in told
    assert told.index("alerting") < told.index("connected</localConnectionState>")
