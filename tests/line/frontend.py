"""A front end that asks for no signatures, as a rule book for the other side."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from snomtui.ocs.categories import Category
from snomtui.ocs.contact_changes import changes
from snomtui.ocs.contacts import (
    CONTACTS_TYPE,
    ContactList,
    ListedContact,
    build_contact_delta,
    build_contact_list,
)
from snomtui.ocs.diagnostics import Refusal
from snomtui.ocs.provisioning import PROVISIONING_TYPE, build_provisioning
from snomtui.ocs.publication import PUBLISH_TYPE, user_state
from snomtui.ocs.roaming import ROAMING_SELF_TYPE
from snomtui.ocs.soap import SOAP_TYPE, request_in, soap_body
from snomtui.ocs.soap import Request as Change
from snomtui.ocs.subscription import Watched, build_watched, parse_batch_sub, watched_type
from snomtui.presence import Availability
from snomtui.sip.headers import Item
from snomtui.sip.message import Request, Response, respond
from tests.line.peer import Bench, Peer, Rule, says
from tests.ocs.samples import ROAMING_SELF

ROAMING_CONTACTS = "vnd-microsoft-roaming-contacts"

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
        self.publishing: Rule = STORED
        self.services: dict[str, Any] = {SOAP_TYPE.lower(): self.soap}
        """Rules for other SERVICEs, by their type in lower case."""
        self.refused: dict[str, Any] = {}
        """Rules for SUBSCRIBEs that are refused, by event."""
        self.wishes: list[Change] = []
        """What was asked of the list."""
        self.peer: Peer | None = None
        self.piggyback = True
        """Whether the documents in answers are marked as such."""
        self.people: Callable[[str], Watched] = lambda uri: Watched(uri, BUSY)
        """How everybody is seen."""
        self.settings = {"ServerConfiguration": {"ucPC2PCAVEncryption": "SupportEncryption"}}

    def subscribed(self, request: Request) -> Any:
        """200 with the first document on its back."""
        event = request.headers.get("Event") or ""
        if event in self.refused:
            return self.refused[event](request)
        if event == "vnd-microsoft-roaming-contacts":
            return self.with_document(request, CONTACTS_TYPE, build_contact_list(self.list))
        if event == "vnd-microsoft-roaming-self":
            return self.with_document(request, ROAMING_SELF_TYPE, ROAMING_SELF.encode())
        if event == "vnd-microsoft-provisioning-v2":
            return self.with_document(request, PROVISIONING_TYPE, build_provisioning(self.settings), 0)
        return self.watch(request)

    def watch(self, request: Request) -> Response:
        """200 with the presence of those who are asked for."""
        self.watched.append(request)
        people = [self.people(each.uri) for each in parse_batch_sub(request.body).resources] if request.body else []
        return self.with_document(request, watched_type("b1"), build_watched("sip:heiko@ucc.test", people, "b1"))

    def served(self, request: Request) -> Response | Iterable[Response] | None:
        """The answer to a SERVICE."""
        publishes = request.content_type == PUBLISH_TYPE
        return (self.publishing if publishes else self.services.get(request.content_type, STORED))(request)

    def soap(self, request: Request) -> Any:
        """Change the list as it is asked, and tell of it; 409 if that does not fit."""
        wish = request_in(soap_body(request.body))
        self.wishes.append(wish)
        steps = changes(self.list, wish)
        if isinstance(steps, Refusal):
            why = f'{steps.number};reason="{steps.why}"'
            yield respond(request, steps.status, tag="s", headers=[("ms-diagnostics", why)])
            return
        yield respond(request, 200, tag="s")
        for step in steps:
            self.list = self.list.apply(step) or self.list
            assert self.peer
            yield told_by(self.peer, ROAMING_CONTACTS, CONTACTS_TYPE, build_contact_delta(step), cseq=self.list.delta)

    def with_document(self, request: Request, kind: str, body: bytes, expires: int = 3600) -> Response:
        state = f"active;expires={expires}" if expires else "terminated;expires=0"
        headers: list[Item] = [*SERVER[:1], ("Expires", str(expires))]
        headers += [("ms-piggyback-cseq", "1")] if self.piggyback else []
        headers.append(("Subscription-State", state))
        return respond(request, 200, tag=f"s{request.call_id[:4]}", headers=headers, body=(kind, body))


def signed_in(
    *contacts: ListedContact, service: Rule = STORED, front: FrontEnd | None = None
) -> tuple[Bench, FrontEnd]:
    """A line at a front end with these contacts; `service` is the rule for publications."""
    front = front or FrontEnd(*(contacts or (ANNA, BERT)))
    front.publishing = service
    front.peer = Peer(SUBSCRIBE=front.subscribed, SERVICE=front.served)
    return Bench(front.peer, **OCS), front  # type: ignore[arg-type]


def published(bench: Bench) -> list[Request]:
    """All publications."""
    return [each for each in bench.peer.asked("SERVICE") if each.content_type == PUBLISH_TYPE]


def serviced(bench: Bench, kind: str) -> list[Request]:
    """All other SERVICEs of one type."""
    return [each for each in bench.peer.asked("SERVICE") if each.content_type == kind.lower()]


def told(bench: Bench, event: str, kind: str, body: bytes, method: str = "BENOTIFY", cseq: int = 2) -> Request:
    """A change that the server tells in one of the subscriptions."""
    return told_by(bench.peer, event, kind, body, method, cseq)


def told_by(peer: Peer, event: str, kind: str, body: bytes, method: str = "BENOTIFY", cseq: int = 2) -> Request:
    """The same of a server that is still answering."""
    asked = next(each for each in reversed(peer.asked("SUBSCRIBE")) if each.headers.get("Event") == event)
    return peer.make(
        method,
        ("Event", event),
        ("Subscription-State", "active;expires=3600"),
        to=asked.headers.get("From") or "",
        caller=f"{(asked.headers.get('To') or '').partition(';tag=')[0]};tag=s{asked.call_id[:4]}",
        call_id=asked.call_id,
        cseq=cseq,
        body=(kind, body),
    )
