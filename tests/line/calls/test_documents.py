"""Documents for the display that a server sends by itself, in a NOTIFY."""

from __future__ import annotations

import pytest

from snomtui.kit.box import Log, Send
from snomtui.line.events import XmlPushed
from snomtui.sip.headers import Item
from snomtui.sip.message import Request
from tests.line.peer import Peer
from tests.phone.browser.web import Web

PAGE = b"<SnomIPPhoneText><Title>Alarm</Title><Text>Door open</Text></SnomIPPhoneText>"
UDP = {"user_outbound1": "127.0.0.1:5060;transport=udp"}


def notify(peer: Peer, *more: Item, kind: str = "application/snomxml", body: bytes = PAGE) -> Request:
    """The other side sends a document."""
    return peer.make("NOTIFY", *more, body=(kind, body))


@pytest.mark.parametrize(
    "more",
    [
        (),
        (("Event", "xml"),),
        (("Event", "xml"), ("Subscription-State", "active")),
        (("Contact", "<sip:127.0.0.1>"), ("Subscription-State", "terminated;reason=timeout")),
    ],
)
@pytest.mark.parametrize("kind", ["application/snomxml", "Application/SnomXML; charset=utf-8"])
def test_document_of_the_own_server_is_shown(more: tuple[Item, ...], kind: str) -> None:
    web = Web()
    web.tell(notify(web.peer, *more, kind=kind))
    assert web.peer.answers("NOTIFY") == [200]
    assert (web.page.title, web.rows) == ("Alarm", ["Door open"])
    web.tap("CANCEL")
    assert web.page.name == "idle"


def test_document_is_refused_when_the_person_does_not_want_any() -> None:
    web = Web(settings={"xml_notify": "off"})
    web.tell(notify(web.peer))
    assert (web.peer.answers("NOTIFY"), web.page.name) == ([403], "idle")


def test_other_documents_have_no_place_outside_a_subscription() -> None:
    web = Web()
    web.tell(notify(web.peer, kind="application/xml"))
    assert (web.peer.answers("NOTIFY"), web.page.name) == ([481], "idle")


def test_broken_document_is_taken_and_its_mistake_shown() -> None:
    web = Web()
    web.tell(notify(web.peer, body=b"<SnomIPPhoneText>"))
    assert web.peer.answers("NOTIFY") == [200]
    assert web.page.title == "Page not shown"


def test_pushed_page_cannot_change_settings() -> None:
    body = b'<SnomIPPhoneSilent><fetch mil="1">snom://mb_nop#set:dnd_mode=on</fetch></SnomIPPhoneSilent>'
    web = Web()
    web.tell(notify(web.peer, body=body))
    web.wait(1)
    assert not web.phone.settings.on("dnd_mode")
    assert "mb_trusted_hosts" in " ".join([web.snapshot.status, *web.rows])


def test_document_without_a_page_dials() -> None:
    body = b'<IPPhoneSilent document_id="c"><fetch mil="10">phone://mb_exit#numberdial=123</fetch></IPPhoneSilent>'
    web = Web()
    web.tell(notify(web.peer, body=body))
    web.wait(0.2)
    assert [call.number for call in web.calls] == ["123"]


def test_pushed_document_is_no_event_for_programs() -> None:
    web = Web()
    web.tell(notify(web.peer))
    assert web.events(XmlPushed) == []
    assert web.done(Log)


@pytest.mark.parametrize(
    ("host", "trusted", "status"),
    [("192.0.2.9", "", 403), ("192.0.2.9", "192.0.2.8, 192.0.2.9", 200), ("127.0.0.1", "", 200)],
)
def test_stranger_over_udp_needs_to_be_trusted(host: str, trusted: str, status: int) -> None:
    web = Web(settings=UDP | {"mb_trusted_hosts": trusted})
    request = notify(web.peer)
    line = web.phone.line(1)
    assert line is not None
    web.phone.receive(line.conn, bytes(request), web.now, (host, 5060))
    (answer,) = [output for output in web.phone.outbox() if isinstance(output, Send)]
    assert answer.data.startswith(f"SIP/2.0 {status} ".encode())
    assert (web.page.name == "minibrowser") == (status == 200)
