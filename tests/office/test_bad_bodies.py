"""Bodies that no honest client sends: each costs one message and one line, and nobody else."""

from __future__ import annotations

import re

import pytest

from snomtui.ocs.publication import PUBLISH_TYPE, build_publish, machine_state, personal_note
from snomtui.ocs.roaming import (
    SET_CONTAINER_MEMBERS_TYPE,
    SET_SUBSCRIBERS_TYPE,
    Container,
    Member,
    build_set_container_members,
)
from snomtui.ocs.soap import SOAP_TYPE
from snomtui.ocs.subscription import BATCH_TYPE
from tests.office.client import Client
from tests.office.house import House
from tests.office.test_presence import BATCHED, publish

LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + at)} "{("&" + chr(97 + at) + ";") * 10}">' for at in range(8))
    + "]><ROOT>&i;</ROOT>"
)
FILE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><ROOT>&a;</ROOT>'
DEEP = "<publications>" * 20_000
BODIES = {
    "nothing but text": b"hello",
    "half": b"<ROOT><a",
    "laughs": LAUGHS.encode(),
    "a file": FILE.encode(),
    "deep": ("<ROOT>" + DEEP + DEEP.replace("<", "</") + "</ROOT>").encode(),
    "long": b"<ROOT>" + b" " * 300_000 + b"</ROOT>",
    "utf-16": LAUGHS.encode("utf-16"),
    "latin": b'<?xml version="1.0" encoding="latin-1"?><ROOT>\xe4\xff</ROOT>',
    "another root": b"<other/>",
    "nul": b"<ROOT>\0</ROOT>",
    "no end of text": b"",
}
DOORS = {
    "publish": (PUBLISH_TYPE, "publish"),
    "soap": (SOAP_TYPE, "Envelope"),
    "containers": (SET_CONTAINER_MEMBERS_TYPE, "setContainerMembers"),
    "subscribers": (SET_SUBSCRIBERS_TYPE, "setSubscribers"),
}
EVENTS = {
    "presence": (BATCH_TYPE, "batchSub"),
    "vnd-microsoft-roaming-self": ("application/vnd-microsoft-roaming-self+xml", "roamingList"),
    "vnd-microsoft-provisioning-v2": ("application/vnd-microsoft-roaming-provisioning-v2+xml", "provisioningGroupList"),
}


def lives(house: House, client: Client, before: int) -> None:
    """One line in the journal, the connection stands, and honest requests are answered."""
    refusals = [each for each in house.office.journal.notes() if "refused" in each]
    assert len(refusals) == before + 1
    assert not client.down
    assert publish(house, client, machine_state(client.epid)).status == 200


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("kind", BODIES)
def test_a_service_with_a_bad_body_is_refused(door: str, kind: str) -> None:
    house = House()
    client = house.signed_in()
    content_type, root = DOORS[door]
    client.ask("SERVICE", client.uri, house.now, body=(content_type, BODIES[kind].replace(b"ROOT", root.encode())))
    house.settle()
    answer = client.last("SERVICE")
    assert answer.status == 400
    assert (answer.headers.get("ms-diagnostics") or "").startswith("4001;")
    lives(house, client, 0)


# Elements that nobody reads may be nested as they like.
PAIRS = [
    (event, kind) for event in EVENTS for kind in BODIES if BODIES[kind] and (kind != "deep" or event == "presence")
]


@pytest.mark.parametrize(("event", "kind"), PAIRS)
def test_a_subscription_with_a_bad_body_is_refused(event: str, kind: str) -> None:
    house = House()
    client = house.signed_in()
    content_type, root = EVENTS[event]
    client.subscribe(event, house.now, (content_type, BODIES[kind].replace(b"ROOT", root.encode())), BATCHED)
    house.settle()
    answer = client.last("SUBSCRIBE")
    assert answer.status == 400
    assert (answer.headers.get("ms-diagnostics") or "").startswith("4001;")
    assert house.office.status(house.now).server.subscriptions == 0
    lives(house, client, 0)


def test_a_body_of_five_megabytes_is_refused_and_skipped() -> None:
    house = House()
    client = house.signed_in()
    client.strict = False
    client.ask("SERVICE", client.uri, house.now, body=(PUBLISH_TYPE, b"<publish>" + b" " * 5_000_000 + b"</publish>"))
    house.settle()
    assert client.last("SERVICE").status == 513
    assert publish(house, client, machine_state(client.epid)).status == 200


@pytest.mark.parametrize("name", ["instance", "container", "version"])
@pytest.mark.parametrize("value", ["one", "-1", "4294967296", ""])
def test_a_publication_whose_numbers_are_none_is_refused_and_hits_no_other(name: str, value: str) -> None:
    house = House()
    client = house.signed_in()
    good = build_publish(client.uri, personal_note("here")).decode()
    wrong = re.sub(f'{name}="[0-9]+"', f'{name}="{value}"', good, count=1)
    client.ask("SERVICE", client.uri, house.now, body=(PUBLISH_TYPE, wrong.encode()))
    house.settle()
    assert (client.last("SERVICE").headers.get("ms-diagnostics") or "").startswith("4001;")
    assert publish(house, client, personal_note("here")).status == 200
    lives(house, client, 0)


def test_a_member_who_neither_comes_nor_goes_is_refused() -> None:
    house = House()
    client = house.signed_in()
    odd = Container(300, 0, (Member("user", "jan@ucc.de", "invite"),))
    client.ask("SERVICE", client.uri, house.now, body=(SET_CONTAINER_MEMBERS_TYPE, build_set_container_members([odd])))
    house.settle()
    assert client.last("SERVICE").status == 400
    lives(house, client, 0)


def test_a_type_that_is_not_served_is_refused_with_those_that_are() -> None:
    house = House()
    client = house.signed_in()
    client.ask("SERVICE", client.uri, house.now, body=("text/plain", b"hello"))
    house.settle()
    answer = client.last("SERVICE")
    assert answer.status == 415
    assert PUBLISH_TYPE in answer.headers.values("Accept")
    lives(house, client, 0)


@pytest.mark.parametrize(("owner", "status"), [("sip:Julia.Falk@ucc.de", 403), ("sip:nobody@ucc.de", 404)])
def test_nobody_publishes_for_another(owner: str, status: int) -> None:
    house = House()
    client = house.signed_in()
    client.ask("SERVICE", owner, house.now, body=(PUBLISH_TYPE, build_publish(owner, machine_state(client.epid))))
    house.settle()
    assert client.last("SERVICE").status == status
    lives(house, client, 0)
