"""CSTA over HTTP: programs post XML."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from snomtui.phone.intents import Answer, Dial, Intent, Refusal
from snomtui.phone.snapshot import CallState
from tests.phone.csta.programs import enveloped, fault, request, said, text
from tests.remote.standin import Bench

XML = {"Content-Type": "text/xml"}
RINGS = CallState("1-1", 1, "in", "sip:anna@ucc.test", "Anna", "anna", "offered")


def bench(*calls: CallState, **settings: str) -> Bench:
    """A phone with calls that may be controlled."""
    one = Bench(**({"csta_control": "on"} | settings))
    one.phone.now = replace(one.phone.now, calls=calls)
    return one


async def post(one: Bench, body: bytes, auth: tuple[str, str] | None = None, /, **headers: str) -> httpx.Response:
    """One request of a program."""
    async with one.client(auth) as client:
        return await client.post("/csta", content=body, headers=XML | headers)


async def test_program_answers_a_call_and_the_command_is_told() -> None:
    one = bench(RINGS)
    answer = await post(one, enveloped("AnswerCall", "<csta:callToBeAnswered>-1</csta:callToBeAnswered>"))
    assert (answer.status_code, said(answer.content)) == (200, "AnswerCallResponse")
    assert answer.headers["content-type"].startswith("text/xml")
    assert one.phone.done == [Answer("1-1")]
    (command,) = one.commands
    assert (command["method"], command["target"], command["did"]) == (
        "POST",
        "/csta",
        [{"do": "answer", "call": "1-1"}],
    )


async def test_program_makes_a_call_and_gets_its_number() -> None:
    one = bench()
    new = CallState("1-2", 1, "out", "sip:4711@ucc.test", "", "4711", "dialling")

    def do(intent: Intent) -> Refusal | None:
        one.phone.done.append(intent)
        one.phone.now = replace(one.phone.now, calls=(new,))
        return None

    one.phone.do = do  # type: ignore[method-assign]
    body = "<callingDevice>heiko@ucc.test</callingDevice><calledDirectoryNumber>4711</calledDirectoryNumber>"
    answer = await post(one, request("MakeCall", body))
    assert one.phone.done == [Dial("4711", 1)]
    assert text(answer.content, "callingDevice", "callID") == "13"


async def test_negative_answer_is_an_answer_and_says_why() -> None:
    one = bench()
    answer = await post(one, request("AnswerCall", "<callToBeAnswered><callID>-9</callID></callToBeAnswered>"))
    assert (answer.status_code, fault(answer.content)) == (200, "operation:invalidConnectionID")
    assert answer.headers["x-phone-refusal"] == "There is no call -9"
    assert (one.commands[0]["did"], one.commands[0]["why"]) == ([], "There is no call -9")


@pytest.mark.parametrize("body", [b"", b"nonsense", b"<a/>", b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'])
async def test_what_is_no_csta_is_a_bad_request(body: bytes) -> None:
    one = bench()
    answer = await post(one, body)
    assert (answer.status_code, fault(answer.content), one.phone.done) == (400, "operation:generic", [])


async def test_phone_that_nobody_may_control_says_so() -> None:
    one = Bench()
    answer = await post(one, request("MakeCall", "<calledDirectoryNumber>1</calledDirectoryNumber>"))
    assert (answer.status_code, one.phone.done) == (403, [])
    assert "csta_control" in answer.text


async def test_stranger_without_login_controls_nothing() -> None:
    one = bench(RINGS, http_user="admin", http_pass="secret")
    body = enveloped("AnswerCall", "<csta:callToBeAnswered>-1</csta:callToBeAnswered>")
    assert ((await post(one, body)).status_code, one.phone.done) == (401, [])
    assert (await post(one, body, ("admin", "secret"))).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/csta+xml"}, 200),
        ({"Origin": "http://evil.example"}, 403),
        ({"Host": "evil.example"}, 403),
    ],
)
async def test_page_of_another_site_controls_nothing(headers: dict[str, str], status: int) -> None:
    one = bench(RINGS)
    body = request("AnswerCall", "<callToBeAnswered>-1</callToBeAnswered>")
    answer = await post(one, body, **headers)
    assert (answer.status_code, len(one.phone.done)) == (status, int(status == 200))


async def test_page_is_there_for_posts_only() -> None:
    async with bench().client() as client:
        answer = await client.get("/csta")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
