"""Publishing at the office: what is kept for how long, what is refused, and what watchers hear of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from snomtui.kit.xml import Markup
from snomtui.ocs.categories import Opaque
from snomtui.ocs.publication import Publication, machine_state, parse_fault, personal_note, user_state, withdrawn
from snomtui.ocs.roaming import build_roaming_list, parse_roaming_self, versions_of
from snomtui.ocs.state import USER, State
from snomtui.ocs.subscription import BATCH_TYPE, BatchSub, Resource, build_batch_sub, parse_watched
from snomtui.presence import Availability
from snomtui.sip.message import Request, Response
from tests.office.client import Client
from tests.office.house import House
from tests.office.test_presence import BATCHED, publish, seen_in, told, watch

ODD = Publication("odd", 7, 200, expire_type="static", body=Opaque(Markup('<odd xmlns="urn:odd" a="&lt;">x</odd>')))
BUSY = State(USER, 6500, manual=True)


def stored(house: House, client: Client) -> dict[tuple[str, int, int], int]:
    """What is stored, with versions, as the own devices are told."""
    client.subscribe("vnd-microsoft-roaming-self", house.now, ("application/x", build_roaming_list()))
    house.settle()
    versions = versions_of(parse_roaming_self(client.last("SUBSCRIBE").body).categories or ())
    return {key: version for key, version in versions.items() if key[:2] != ("state", 1) and key[0] != "userProperties"}


def names_in(message: Request | Response) -> dict[str, list[str]]:
    watched = parse_watched(message.body, message.headers.get("Content-Type") or "")
    return {each.uri: [one.name for one in each.categories] for each in watched}


def test_every_wrong_version_is_listed_and_nothing_is_stored() -> None:
    house = House()
    client = house.signed_in()
    publish(house, client, [ODD])
    answer = publish(house, client, [replace(ODD, instance=8), ODD, replace(ODD, instance=9, version=3)])
    assert (answer.status, parse_fault(answer.body).operations) == (409, ((2, 1), (3, 0)))
    assert stored(house, client) == {("odd", 7, 200): 1}


def test_one_publication_may_follow_another_in_a_request() -> None:
    house = House()
    client = house.signed_in()
    again = replace(ODD, version=1)
    assert publish(house, client, [ODD, again, *withdrawn([replace(ODD, version=2)]), ODD]).status == 200
    assert stored(house, client) == {("odd", 7, 200): 1}
    assert publish(house, client, [ODD, ODD]).status == 409


def test_what_is_not_there_may_be_taken_away_to_be_sure() -> None:
    house = House()
    client = house.signed_in()
    assert publish(house, client, withdrawn([ODD])).status == 200
    assert stored(house, client) == {}


def test_publications_last_as_long_as_they_say() -> None:
    house = House()
    desk, soft = house.signed_in(user_agent="UCCP/2"), house.signed_in(epid="00041399ff", user_agent="UCCP/2")
    kinds = ("static", "user", "endpoint", "time")
    wanted = [
        replace(ODD, instance=at, expire_type=kind, expires=60 if kind == "time" else None)
        for at, kind in enumerate(kinds)
    ]
    assert publish(house, desk, wanted).status == 200
    house.wire.advance(61)
    assert [key[1] for key in stored(house, soft)] == [0, 1, 2]
    house.wire.cut(desk)
    assert [key[1] for key in stored(house, soft)] == [0, 1]
    house.wire.cut(soft)
    assert [key[1] for key in stored(house, house.signed_in())] == [0]


def test_a_time_limited_state_gives_way_to_the_one_before() -> None:
    house = House()
    heiko, julia = house.signed_in(), house.signed_in("Julia.Falk", epid="00041399ff")
    watch(house, julia, heiko.uri)
    publish(house, heiko, [*machine_state(heiko.epid), *user_state(Availability.AVAILABLE)])
    house.wire.advance(1)
    busy = [Publication("state", 0x24000000, each, expire_type="time", expires=60, body=BUSY) for each in (2, 3)]
    publish(house, heiko, busy)
    house.wire.advance(1)
    assert seen_in(told(julia)[-1])[heiko.uri].availability is Availability.BUSY
    house.wire.advance(61)
    assert seen_in(told(julia)[-1])[heiko.uri].availability is Availability.AVAILABLE


@pytest.mark.parametrize(
    ("wanted", "status", "diagnosis"),
    [
        ([], 400, "4008;"),
        ([replace(ODD, category="")], 400, "4001;"),
        ([replace(ODD, category="x" * 65)], 400, "4001;"),
        ([replace(ODD, expire_type="never")], 400, "4001;"),
        ([replace(ODD, expire_type="time")], 400, "4001;"),
        ([replace(ODD, body=None)], 400, "4001;"),
        ([Publication("state", 1, 2, 1, "static", body=BUSY)], 403, "2003;"),
        ([replace(ODD, body=Opaque(Markup(f"<odd>{'x' * 40_000}</odd>")))], 413, "4008;"),
        ([replace(ODD, instance=each) for each in range(101)], 413, "4008;"),
    ],
)
def test_what_cannot_be_stored_is_refused_with_its_reason(
    wanted: list[Publication], status: int, diagnosis: str
) -> None:
    house = House()
    client = house.signed_in()
    answer = publish(house, client, [*personal_note("fine"), *wanted] if wanted else [])
    assert answer.status == status
    assert (answer.headers.get("ms-diagnostics") or "").startswith(diagnosis)
    assert stored(house, client) == {}


def test_a_person_cannot_publish_without_end() -> None:
    house = House()
    client = house.signed_in()
    statuses = set()
    for start in range(0, 700, 100):
        wanted = [replace(ODD, instance=start + each) for each in range(100)]
        statuses.add(publish(house, client, wanted).status)
    assert statuses == {200, 413}
    assert len(stored(house, client)) == 400  # a fifth hundred would not fit beside the server's own


def test_an_unknown_category_is_told_to_those_who_ask_for_it() -> None:
    house = House()
    heiko, julia = house.signed_in(), house.signed_in("Julia.Falk", epid="00041399ff")
    publish(house, heiko, [ODD])
    wish = BatchSub(julia.uri, (Resource(heiko.uri),), ("state", "odd"))
    julia.subscribe("presence", house.now, (BATCH_TYPE, build_batch_sub(wish)), BATCHED)
    house.settle()
    assert names_in(julia.last("SUBSCRIBE")) == {heiko.uri: ["state", "odd"]}
    publish(house, heiko, [replace(ODD, version=1)])
    house.wire.advance(1)
    assert names_in(told(julia)[-1]) == {heiko.uri: ["odd"]}


def test_contacts_are_added_to_a_running_batch_and_taken_out_of_it() -> None:
    house = House()
    heiko, julia = house.signed_in(), house.signed_in("Julia.Falk", epid="00041399ff")
    watch(house, julia, "sip:nobody@ucc.de")
    first = julia.last("SUBSCRIBE")
    (nobody,) = parse_watched(first.body, first.headers.get("Content-Type") or "")
    assert nobody.state == "terminated"
    dialog = julia.dialog(first)
    for wish, seen in (
        (BatchSub(julia.uri, (Resource(heiko.uri, new=True),)), {heiko.uri}),
        (BatchSub(julia.uri, (), dropped=(heiko.uri,)), set()),
    ):
        body = (BATCH_TYPE, build_batch_sub(wish))
        headers = [("Event", "presence"), *BATCHED]
        julia.send(dialog.request("SUBSCRIBE", julia.via(), headers, body), house.now)
        house.settle()
        assert {uri for uri, names in names_in(julia.last("SUBSCRIBE")).items() if names} == seen
    publish(house, heiko, machine_state(heiko.epid))
    house.wire.advance(1)
    assert told(julia) == []
    assert house.office.status(house.now).server.subscriptions == 1


def test_nobody_watches_more_than_a_thousand() -> None:
    house = House()
    client = house.signed_in()
    wish = BatchSub(client.uri, tuple(Resource(f"sip:u{each}@ucc.de") for each in range(1001)))
    client.subscribe("presence", house.now, (BATCH_TYPE, build_batch_sub(wish)), BATCHED)
    house.settle()
    assert client.last("SUBSCRIBE").status == 403
    assert (client.last("SUBSCRIBE").headers.get("ms-diagnostics") or "").startswith("2012;")


def test_what_is_told_extends_a_subscription_that_wants_it() -> None:
    house = House()
    heiko, julia = house.signed_in(), house.signed_in("Julia.Falk", epid="00041399ff", user_agent="UCCP/2")
    body = (BATCH_TYPE, build_batch_sub(BatchSub(julia.uri, (Resource(heiko.uri),))))
    more = (*BATCHED, ("Supported", "com.microsoft.autoextend"), ("Expires", "120"))
    julia.subscribe("presence", house.now, body, more)
    house.settle()
    assert "com.microsoft.autoextend" in julia.last("SUBSCRIBE").headers.values("Supported")
    house.wire.advance(100)
    publish(house, heiko, machine_state(heiko.epid))
    house.wire.advance(110)
    assert [each.headers.get("subscription-state") for each in told(julia)] == ["active;expires=120"]
    house.wire.advance(20)
    assert told(julia)[-1].headers.get("subscription-state") == "terminated;expires=0"
