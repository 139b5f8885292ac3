"""The own registration as the registrar sees it."""

from __future__ import annotations

import pytest

from tests.line.notifiers import serving, told
from tests.line.peer import Bench, Peer


def watching() -> Bench:
    """A line that watches its own registration."""
    return Bench(Peer(SUBSCRIBE=serving()), sim_watch_registration="on")  # type: ignore[arg-type]


def own(bench: Bench) -> str:
    """The address that the line has registered."""
    return (bench.peer.last("REGISTER").headers.get("Contact") or "").partition(">")[0].removeprefix("<")


def contact(uri: str, state: str = "terminated", event: str = "deactivated", more: str = "") -> str:
    """One contact of a document."""
    return f'<contact id="1" state="{state}" event="{event}"{more}><uri>{uri}</uri></contact>'


def tell(bench: Bench, *contacts: str, state: str = "active", version: int = 1, cseq: int = 9) -> None:
    """The registrar tells what it has bound."""
    inner = f'<registration aor="sip:heiko@example.org" id="r" state="{state}">{"".join(contacts)}</registration>'
    body = f'<reginfo version="{version}" state="full">{inner}</reginfo>'.encode()
    bench.tell(told(bench.peer.last("SUBSCRIBE"), cseq=cseq, body=("application/reginfo+xml", body)))


def registers(bench: Bench) -> int:
    """How often the line has registered."""
    return len(bench.peer.asked("REGISTER"))


def test_registration_is_watched_where_it_is_set() -> None:
    request = watching().peer.last("SUBSCRIBE")
    assert (request.uri, request.headers.get("Event")) == ("sip:heiko@example.org", "reg")
    assert request.headers.get("Accept") == "application/reginfo+xml"
    assert Bench().peer.asked("SUBSCRIBE") == []


@pytest.mark.parametrize("event", ["deactivated", "unregistered", "expired", ""])
def test_phone_that_is_thrown_out_registers_again_at_once(event: str) -> None:
    bench = watching()
    tell(bench, contact(own(bench), event=event))
    assert registers(bench) == 2
    assert bench.registration.state == "registered"
    assert len(bench.peer.asked("SUBSCRIBE")) == 1


def test_phone_that_stands_in_no_registration_any_more_registers_again() -> None:
    bench = watching()
    tell(bench, state="terminated")
    assert registers(bench) == 2


def test_phone_is_known_by_its_instance_as_well() -> None:
    bench = watching()
    instance = f'<unknown-param name="+sip.instance">"&lt;urn:uuid:{bench.box.account.instance}&gt;"</unknown-param>'
    moved = contact("sip:heiko@192.0.2.1").replace("</contact>", f"{instance}</contact>")
    tell(bench, moved)
    assert registers(bench) == 2


def test_what_happens_to_other_phones_is_nothing_to_us() -> None:
    bench = watching()
    tell(bench, contact("sip:other@192.0.2.1"), contact(own(bench), "active", "refreshed"))
    tell(bench, contact(own(bench)), contact(own(bench), "active", "registered"), version=2, cseq=10)
    assert registers(bench) == 1


def test_phone_that_is_not_wanted_does_not_come_back() -> None:
    bench = watching()
    tell(bench, contact(own(bench), event="rejected"))
    bench.advance(100)
    assert registers(bench) == 1


def test_phone_on_probation_waits_as_long_as_it_is_told() -> None:
    bench = watching()
    tell(bench, contact(own(bench), event="probation", more=' retry-after="20"'))
    bench.advance(19)
    assert registers(bench) == 1
    bench.advance(2)
    assert registers(bench) == 2


def test_phones_that_throw_each_other_out_do_it_more_and_more_slowly() -> None:
    bench = watching()
    for number in range(20):
        tell(bench, contact(own(bench)), version=number, cseq=10 + number)
    bench.advance(10)
    assert registers(bench) < 6


def test_old_document_is_not_believed() -> None:
    bench = watching()
    tell(bench, contact(own(bench), "active", "registered"), version=5)
    tell(bench, contact(own(bench)), version=4, cseq=10)
    assert registers(bench) == 1


def test_line_that_leaves_is_not_called_back_by_the_last_document() -> None:
    bench = watching()
    name = own(bench)
    bench.peer.rules["SUBSCRIBE"] = lambda request: None
    bench.line.leave(bench.now)
    bench.settle()
    tell(bench, contact(name, event="unregistered"))
    bench.advance(100)
    assert registers(bench) == 2
    assert bench.registration.state == "off"


def test_connection_that_breaks_ends_a_pause() -> None:
    bench = watching()
    tell(bench, contact(own(bench), event="probation", more=' retry-after="4"'))
    bench.wire.cut(bench.box)
    bench.advance(8)
    assert registers(bench) == 2
