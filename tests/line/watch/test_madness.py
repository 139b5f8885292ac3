"""A front end that says anything at any time: the line lives on and floods nobody."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from snomtui.line.watch.publication import Wish
from snomtui.ocs.categories import CATEGORIES_TYPE
from snomtui.ocs.contacts import (
    CONTACTS_TYPE,
    ContactDelta,
    ContactList,
    Group,
    ListedContact,
    build_contact_delta,
    build_contact_list,
)
from snomtui.ocs.directory import Entry, build_found
from snomtui.ocs.publication import Fault, build_fault
from snomtui.ocs.roaming import ROAMING_SELF_TYPE
from snomtui.ocs.soap import SOAP_TYPE
from snomtui.ocs.subscription import Watched, build_watched, watched_type
from snomtui.presence import Availability
from snomtui.sip.message import Request, respond
from tests.line.frontend import ANNA, BERT, BUSY, ROAMING_CONTACTS, SERVER, FrontEnd, signed_in, told
from tests.line.peer import Bench
from tests.ocs.samples import CLARA, ROAMING_SELF

SELF = "vnd-microsoft-roaming-self"
DELTA = ContactDelta(8, 7, (ListedContact("sip:d@ucc.test", "D", (1, 2)),), (), (BERT.uri,), (Group(2, "x"),))
CROWD = [Watched(ANNA.uri, BUSY), Watched(BERT.uri, state="resubscribe", pool="sip:p@x"), Watched("sip:q@x", (), "x")]
DOCUMENTS = [
    (ROAMING_CONTACTS, CONTACTS_TYPE, build_contact_list(ContactList(9, contacts=(ANNA, BERT)))),
    (ROAMING_CONTACTS, CONTACTS_TYPE, build_contact_delta(DELTA)),
    (SELF, ROAMING_SELF_TYPE, ROAMING_SELF.encode()),
    ("presence", CATEGORIES_TYPE, CLARA.replace("clara", "anna").encode()),
    ("presence", watched_type("b1"), build_watched("sip:heiko@ucc.test", CROWD, "b1")),
]
ODD = [b"-1", b"9" * 20, b"", b'"/>', b"resubscribe", b"terminated", b"sip:", b"0", b"&#0;", b"\xff"]
REFUSALS = [403, 404, 409, 423, 481, 488, 489, 500, 503]


class Madness:
    """Rules of a front end that answers as the dice fall, and a phone that wants something all the time."""

    def __init__(self, seed: int) -> None:
        self.luck = Random(seed)
        self.front = FrontEnd(ANNA, BERT)
        self.front.services[SOAP_TYPE.lower()] = self.soap
        self.bench: Bench = signed_in(front=self.front, service=self.publication)[0]
        self.bench.peer.rules["SUBSCRIBE"] = self.subscription

    def spoilt(self, body: bytes) -> bytes:
        """A document with some of it changed."""
        data, luck = bytearray(body), self.luck
        for _ in range(luck.choice([0, 1, 1, 2, 5])):
            start = luck.randrange(len(data) + 1)
            end = start + luck.randrange(1, 30)
            data[start:end] = luck.choice([b"", luck.randbytes(4), 2 * data[start:end], luck.choice(ODD)])
        return bytes(data)

    def refusal(self, request: Request) -> Any:
        """An answer without sense, or none at all."""
        return self.luck.choice([None, *(respond(request, each, tag="s") for each in (*REFUSALS, 200))])

    def soap(self, request: Request) -> Any:
        """To changes of the list and searches."""
        if self.luck.random() < 0.4:
            return self.refusal(request)
        if b"directory" in request.body:
            body = self.spoilt(build_found([Entry("sip:a@b", "x", "+4930")], True))
            return respond(request, 200, tag="s", body=(SOAP_TYPE, body))
        return list(self.front.soap(request))

    def publication(self, request: Request) -> Any:
        """To publications."""
        if self.luck.random() < 0.3:
            return self.refusal(request)
        fault = self.spoilt(build_fault(Fault(((1, 4), (2, 0)))))
        both = [(200, (ROAMING_SELF_TYPE, self.spoilt(ROAMING_SELF.encode()))), (409, ("application/x", fault))]
        status, body = self.luck.choice(both)
        return respond(request, status, tag="s", body=body)

    def subscription(self, request: Request) -> Any:
        """To subscriptions."""
        chance = self.luck.random()
        if chance < 0.7:
            return self.front.subscribed(request)
        if chance < 0.85:
            return self.refusal(request)
        if chance < 0.9:
            return respond(request, 200, tag=f"s{request.call_id[:4]}", headers=SERVER)
        _, kind, body = self.luck.choice(DOCUMENTS)
        return self.front.with_document(request, kind, self.spoilt(body))

    def step(self) -> None:
        """Something happens."""
        luck, line, now = self.luck, self.bench.line, self.bench.now
        uri = luck.choice([ANNA.uri, BERT.uri, "sip:d@ucc.test", "sip:x@y"])
        match luck.randrange(20):
            case 0 | 1:
                line.add_contact(uri, luck.choice(["", "n"]), luck.choice(["", "g", "h"]), now)
            case 2:
                line.remove_contact(uri, now)
            case 3:
                line.search(luck.choice(["a", "b c", "+49"]), now)
            case 4 | 5:
                chosen = luck.choice([None, Availability.DND, Availability.AWAY])
                line.wish(Wish(chosen, luck.choice(["", "n"]), on_phone=luck.random() < 0.5, chosen_at=now), now)
            case 6:
                line.watch_also(luck.sample([uri, "sip:e@f", "sip:g@h"], 2), now)
            case 7 | 8:
                self.bench.advance(luck.choice([1, 5, 30, 400]))
            case 9:
                self.turn(luck.choice(["leave", "start", "start", "cut"]))
            case _:
                self.tell()
        self.bench.settle()

    def turn(self, what: str) -> None:
        """The registration ends or begins anew."""
        if what == "cut":
            self.bench.wire.cut(self.bench.box)
        elif what == "leave":
            self.bench.line.leave(self.bench.now)
        else:
            self.bench.line.start(self.bench.now)

    def tell(self) -> None:
        """The server tells something."""
        event, kind, body = self.luck.choice(DOCUMENTS)
        method, number = self.luck.choice(["NOTIFY", "BENOTIFY"]), self.luck.randrange(1, 200)
        self.bench.tell(told(self.bench, event, kind, self.spoilt(body), method, number))


@pytest.mark.parametrize("seed", range(12))
def test_line_outlives_a_front_end_out_of_its_mind(seed: int) -> None:
    madness = Madness(seed)
    for _ in range(80):
        madness.step()
    bench = madness.bench
    assert len(bench.peer.requests) < 400
    bench.peer.rules["SUBSCRIBE"] = madness.front.subscribed
    madness.front.publishing = madness.front.services[SOAP_TYPE.lower()] = lambda request: respond(
        request, 200, tag="s"
    )
    bench.line.start(bench.now)
    bench.advance(700)
    assert bench.registration.state == "registered"
