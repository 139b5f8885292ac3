"""Instant messages to colleagues who are played."""

from __future__ import annotations

import pytest

from snomtui.office.people import People
from snomtui.sip.dialog import Dialog
from tests.office.client import Client
from tests.office.house import House

JAN = "sip:Jan.Dierich@ucc.de"
CHAT = (
    "application/sdp",
    b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=session\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    b"m=message 5060 sip null\r\na=accept-types:text/plain text/html\r\n",
)
PLAIN = "text/plain; charset=UTF-8"


def house() -> tuple[House, Client]:
    made = House(people=People.default())
    return made, made.signed_in()


def opened(made: House, client: Client, uri: str = JAN) -> Dialog:
    """A chat that is open."""
    client.ask("INVITE", uri, made.now, body=CHAT)
    made.settle()
    answer = client.last("INVITE")
    assert (answer.status, answer.content_type) == (200, "application/sdp")
    assert b"m=message 5060 sip null\r\n" in answer.body
    dialog = client.dialog(answer)
    client.send(dialog.ack(client.dialog_request(answer), client.via()), made.now)
    made.settle()
    return dialog


def said(client: Client) -> list[str]:
    return [request.body.decode() for request, _ in client.asked("MESSAGE")]


def say(made: House, client: Client, dialog: Dialog, text: bytes, kind: str = PLAIN, method: str = "MESSAGE") -> None:
    client.send(dialog.request(method, client.via(), body=(kind, text)), made.now)
    made.settle()
    for asked in client.asked("MESSAGE"):
        client.reply(asked, 200, made.now)
    made.settle()


def test_a_colleague_takes_a_chat_and_says_back_what_is_said() -> None:
    made, client = house()
    dialog = opened(made, client)
    say(made, client, dialog, "Grüße".encode())
    say(made, client, dialog, b"<b>1 &lt; 2</b>", "text/html")
    assert client.statuses("MESSAGE") == [200, 200]
    assert said(client) == ["You said: Grüße", "You said: 1 < 2"]
    echo = client.asked("MESSAGE")[0][0]
    assert (echo.call_id, echo.content_type) == (dialog.call_id, "text/plain")
    client.send(dialog.request("BYE", client.via()), made.now)
    made.settle()
    assert client.last("BYE").status == 200
    say(made, client, dialog, b"too late")
    assert client.last("MESSAGE").status == 481
    assert (client.doubts, made.office.discarded) == ([], 0)


@pytest.mark.parametrize(
    ("kind", "text"),
    [("application/im-iscomposing+xml", b"<isComposing/>"), (PLAIN, b"  "), ("application/x-ms-ink", b"\0\1")],
)
def test_what_is_no_text_is_not_said_back(kind: str, text: bytes) -> None:
    made, client = house()
    say(made, client, opened(made, client), text, kind)
    assert client.statuses("MESSAGE") == [200]
    assert said(client) == []


def test_typing_and_a_second_offer_are_acknowledged() -> None:
    made, client = house()
    dialog = opened(made, client)
    say(made, client, dialog, b"<KeyboardActivity/>", "application/xml", "INFO")
    assert client.last("INFO").status == 200
    again = dialog.request("INVITE", client.via(), body=CHAT)
    client.send(again, made.now)
    made.settle()
    assert client.last("INVITE").status == 200


def test_each_line_of_an_offer_is_answered_and_what_is_no_chat_is_refused() -> None:
    made, client = house()
    client.ask("INVITE", JAN, made.now, body=(CHAT[0], CHAT[1] + b"m=video 4000 RTP/AVP 34\r\n"))
    made.settle()
    answer = client.last("INVITE").body
    assert [line.split()[:2] for line in answer.splitlines() if line.startswith(b"m=")] == [
        [b"m=message", b"5060"],
        [b"m=video", b"0"],
    ]
    client.ask(
        "INVITE", JAN, made.now, body=(CHAT[0], CHAT[1].replace(b"message 5060 sip null", b"message 9 TCP/MSRP *"))
    )
    made.settle()
    assert client.last("INVITE").status == 488


def test_a_long_message_is_cut_before_it_is_said_back() -> None:
    made, client = house()
    say(made, client, opened(made, client), b"x" * 9000)
    (echo,) = said(client)
    assert len(echo) == 2010


def test_a_message_without_a_chat_is_said_back_as_well() -> None:
    made, client = house()
    client.ask("MESSAGE", JAN, made.now, body=(PLAIN, b"hello"))
    made.settle()
    assert client.statuses("MESSAGE") == [200]
    ((echo, key),) = client.asked("MESSAGE")
    assert key is not None
    assert (echo.body, echo.from_.name, str(echo.to.uri)) == (b"You said: hello", "Jan Dierich", client.uri)


def test_one_who_rejects_calls_wants_no_messages_either() -> None:
    made, client = house()
    client.ask("INVITE", "sip:Dora.Ost@ucc.de", made.now, body=CHAT)
    client.ask("MESSAGE", "sip:Dora.Ost@ucc.de", made.now, body=(PLAIN, b"hello"))
    made.settle()
    assert (client.statuses("INVITE"), client.statuses("MESSAGE"), said(client)) == ([603], [603], [])


def test_a_chat_with_the_telephone_network_is_not_acceptable() -> None:
    made, client = house()
    client.ask("INVITE", "tel:+4989123450", made.now, body=CHAT)
    made.settle()
    assert client.statuses("INVITE") == [488]
