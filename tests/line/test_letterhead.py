"""Our name and our addresses in what we send."""

from __future__ import annotations

import pytest

from snomtui.sip.message import Request, Response, respond
from tests.line.frontend import OCS
from tests.line.peer import Bench, Peer


def gruu(request: Request) -> Response:
    """200 with a GRUU, as a registrar gives it."""
    contact = f'{request.headers.get("Contact")};gruu="sip:heiko@ucc.test;opaque=user:epid:x;gruu"'
    return respond(request, 200, tag="reg", headers=[("Contact", contact), ("Expires", "600")])


def test_each_via_is_new_and_names_the_transport() -> None:
    letterhead = Bench().line.letterhead
    first, second = letterhead.via(), letterhead.via()
    assert first != second
    assert first.startswith("SIP/2.0/TCP 127.0.0.1:") and first.endswith(";rport")


def test_contact_names_transport_and_token() -> None:
    letterhead = Bench().line.letterhead
    contact = letterhead.contact()
    assert contact.startswith("<sip:heiko@127.0.0.1:")
    assert contact.endswith(f";transport=tcp;line={letterhead.token}>")


@pytest.mark.parametrize(("address", "host"), [("198.51.100.7", "198.51.100.7"), ("2001:db8::7", "[2001:db8::7]")])
def test_address_of_the_setting_stands_in_every_place(address: str, host: str) -> None:
    letterhead = Bench(sim_local_address=address).line.letterhead
    assert f" {host}:" in letterhead.via() and f"@{host}:" in letterhead.contact()
    assert letterhead.local_address() == address


@pytest.mark.parametrize(
    ("name", "written"),
    [("Heiko", '"Heiko" <'), ('Heiko "H" R\\', '"Heiko \\"H\\" R\\\\" <'), ("", "<")],
)
def test_name_is_quoted(name: str, written: str) -> None:
    caller = Bench(user_realname1=name).line.letterhead.caller("t1")
    assert caller == f"{written}sip:heiko@example.org>;tag=t1"


def test_ocs_is_told_the_endpoint_and_knows_us_by_gruu_once_we_are_registered() -> None:
    bench = Bench(Peer(REGISTER=gruu), **OCS)  # type: ignore[arg-type]
    letterhead = bench.line.letterhead
    assert ";epid=" in letterhead.caller("t1") and not letterhead.via().endswith(";rport")
    assert letterhead.contact() == "<sip:heiko@ucc.test;opaque=user:epid:x;gruu>"
    bench.wire.cut(bench.box)
    assert f";ms-opaque={letterhead.token}>" in letterhead.contact()


def test_request_has_all_that_every_request_needs() -> None:
    bench = Bench(max_forwards="20")
    request = bench.line.letterhead.request("OPTIONS", "sip:a@b", "<sip:a@b>", "t1", "c1", 7, [("Accept", "x/y")])
    request.check()
    assert (request.call_id, request.cseq.number, request.from_.tag) == ("c1", 7, "t1")
    assert (request.headers.get("Max-Forwards"), request.headers.get("Accept")) == ("20", "x/y")


def test_request_once_more_differs_in_its_number_and_its_branch_only() -> None:
    letterhead = Bench().line.letterhead
    first = letterhead.request("OPTIONS", "sip:a@b", "<sip:a@b>", "t1", "c1", 7)
    second = letterhead.again(first, 8)
    assert second.cseq.number == 8
    assert second.via.branch != first.via.branch
    unchanged = [item for item in first.headers if item[0] not in ("Via", "CSeq")]
    assert [item for item in second.headers if item[0] not in ("Via", "CSeq")] == unchanged
