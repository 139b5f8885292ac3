"""A front end that asks for no signatures, as a rule book for the other side."""

from __future__ import annotations

from snomtui.ocs.categories import Category
from snomtui.ocs.contacts import (
    CONTACTS_TYPE,
    ContactList,
    ListedContact,
    build_contact_list,
)
from snomtui.ocs.publication import user_state
from snomtui.ocs.roaming import ROAMING_SELF_TYPE
from snomtui.ocs.subscription import Watched, build_watched, parse_batch_sub, watched_type
from snomtui.presence import Availability
from snomtui.sip.headers import Item
from snomtui.sip.message import Request, Response, respond
from tests.line.peer import Bench, Peer, Rule, says
from tests.ocs.samples import ROAMING_SELF

ANNA, BERT = ListedContact("sip:anna@ucc.test", "Anna"), ListedContact("sip:bert@ucc.test", "Bert")

OCS = {"user_server_type1": "ocs", "user_host1": "ucc.test", "user_outbound1": "sip.ucc.test:5061;transport=tls"}

SERVER: list[Item] = [("Contact", "<sip:sip.ucc.test;transport=tls>"), ("Expires", "3600")]

BUSY = tuple(
    Category("state", instance=1, container=2, version=1, body=each.body) for each in user_state(Availability.BUSY)[:1]
)

STORED = says(200)


class FrontEnd:
    """Answers as a front end that asks for no signatures."""

    def __init__(self, *contacts: ListedContact) -> None:
        self.list = ContactList(7, contacts=contacts)
        self.watched: list[Request] = []

    def subscribed(self, request: Request) -> Response:
        """200 with the first document on its back."""
        event = request.headers.get("Event")
        if event == "vnd-microsoft-roaming-contacts":
            return self._with(request, CONTACTS_TYPE, build_contact_list(self.list))
        if event == "vnd-microsoft-roaming-self":
            return self._with(request, ROAMING_SELF_TYPE, ROAMING_SELF.encode())
        if not request.body:
            return respond(request, 200, tag="s", headers=[*SERVER])
        self.watched.append(request)
        people = [Watched(each.uri, BUSY) for each in parse_batch_sub(request.body).resources]
        return self._with(request, watched_type("b1"), build_watched("sip:heiko@ucc.test", people, "b1"))

    @staticmethod
    def _with(request: Request, kind: str, body: bytes) -> Response:
        headers: list[Item] = [*SERVER, ("ms-piggyback-cseq", "1"), ("Subscription-State", "active;expires=3600")]
        return respond(request, 200, tag=f"s{request.call_id[:4]}", headers=headers, body=(kind, body))


def signed_in(*contacts: ListedContact, service: Rule = STORED) -> tuple[Bench, FrontEnd]:
    """A line at a front end with these contacts."""
    front = FrontEnd(*(contacts or (ANNA, BERT)))
    bench = Bench(Peer(SUBSCRIBE=front.subscribed, SERVICE=service), **OCS)  # type: ignore[arg-type]
    return bench, front


def told(bench: Bench, event: str, kind: str, body: bytes, method: str = "BENOTIFY", cseq: int = 2) -> Request:
    """A change that the server tells in one of the subscriptions."""
    asked = next(each for each in reversed(bench.peer.asked("SUBSCRIBE")) if each.headers.get("Event") == event)
    return bench.peer.make(
        method,
        ("Event", event),
        ("Subscription-State", "active;expires=3600"),
        to=asked.headers.get("From") or "",
        caller=f"{asked.headers.get('To')};tag=s{asked.call_id[:4]}",
        call_id=asked.call_id,
        cseq=cseq,
        body=(kind, body),
    )
