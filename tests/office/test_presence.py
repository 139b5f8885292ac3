"""Publishing, watching, and one's own data at the office."""

from __future__ import annotations

from collections.abc import Iterable

from snomtui.line.watch.cards import Card, card_in
from snomtui.ocs.categories import presence_of
from snomtui.ocs.provisioning import encryption, parse_provisioning
from snomtui.ocs.publication import (
    PUBLISH_TYPE,
    Publication,
    build_publish,
    corrected,
    device,
    machine_state,
    parse_fault,
    personal_note,
    phone_state,
    user_state,
    with_versions,
    withdrawn,
)
from snomtui.ocs.roaming import (
    ROAMING_SELF_TYPE,
    SET_CONTAINER_MEMBERS_TYPE,
    SET_SUBSCRIBERS_TYPE,
    Container,
    Member,
    Subscriber,
    build_roaming_list,
    build_set_container_members,
    build_set_subscribers,
    lines_of,
    parse_roaming_self,
    versions_of,
)
from snomtui.ocs.subscription import BATCH_TYPE, BatchSub, Resource, build_batch_sub, parse_watched
from snomtui.office.people import People
from snomtui.presence import Availability, Presence
from snomtui.sip.message import Request, Response
from tests.office.client import PIGGYBACK, Client
from tests.office.house import House

BATCHED = (*PIGGYBACK, ("Require", "adhoclist, categoryList"), ("Supported", "eventlist"))


def publish(house: House, client: Client, publications: Iterable[Publication]) -> Response:
    body = (PUBLISH_TYPE, build_publish(client.uri, publications))
    client.ask("SERVICE", client.uri, house.now, body=body)
    house.settle()
    return client.last("SERVICE")


def online(house: House, client: Client) -> None:
    """What a phone publishes after signing in."""
    answer = publish(house, client, [*device(client.epid, client.uri, "SNOM370"), *machine_state(client.epid)])
    assert answer.status == 200


def watch(house: House, client: Client, *uris: str) -> dict[str, Presence]:
    wish = BatchSub(client.uri, tuple(map(Resource, uris)))
    client.subscribe("presence", house.now, (BATCH_TYPE, build_batch_sub(wish)), BATCHED)
    house.settle()
    return seen_in(client.last("SUBSCRIBE"))


def seen_in(message: Request | Response) -> dict[str, Presence]:
    watched = parse_watched(message.body, message.headers.get("Content-Type") or "")
    return {each.uri: presence_of(each.categories) for each in watched}


def told(client: Client, event: str = "presence") -> list[Request]:
    return [one for one, _ in client.asked("BENOTIFY") if one.headers.get("Event") == event]


def test_a_watcher_sees_colleagues_at_once_with_names_notes_and_numbers() -> None:
    house = House(people=People.default())
    client = house.signed_in()
    seen = watch(house, client, "sip:jan.dierich@ucc.de", "sip:bert.kowalski@ucc.de", "sip:julia.falk@ucc.de")
    assert seen == {
        "sip:Jan.Dierich@ucc.de": Presence(Availability.AVAILABLE, "", "Call me, I always pick up"),
        "sip:Bert.Kowalski@ucc.de": Presence(Availability.IN_A_CALL, "on-the-phone", "Quarter end"),
        "sip:Julia.Falk@ucc.de": Presence(Availability.OFFLINE, "", ""),
    }
    answer = client.last("SUBSCRIBE")
    assert answer.headers.get("ms-piggyback-cseq") == "1"
    assert answer.headers.get("Require") == "eventlist"
    card = card_in(parse_watched(answer.body, answer.headers.get("Content-Type") or "")[0].categories)
    assert card == Card("Jan Dierich", ("+4930123456",), ("work",))


def test_two_clients_see_each_other_come_talk_and_go() -> None:
    house = House()
    heiko, julia = house.signed_in(), house.signed_in("Julia.Falk", epid="00041399ff")
    assert watch(house, julia, heiko.uri)[heiko.uri].availability is Availability.OFFLINE
    states: list[Availability] = []
    for step in (machine_state(heiko.epid), phone_state(heiko.epid), withdrawn(phone_state(heiko.epid))):
        versions = {each.key: 1 for each in step if each.removes}
        publish(house, heiko, with_versions(step, versions))
        house.wire.advance(0.1)
        states.append(seen_in(told(julia)[-1])[heiko.uri].availability)
    house.wire.cut(heiko)
    house.wire.advance(0.1)
    states.append(seen_in(told(julia)[-1])[heiko.uri].availability)
    assert states == [Availability.AVAILABLE, Availability.IN_A_CALL, Availability.AVAILABLE, Availability.OFFLINE]
    assert julia.doubts == []


def test_many_changes_of_one_moment_reach_a_watcher_as_one_message() -> None:
    house = House()
    heiko, julia = house.signed_in(), house.signed_in("Julia.Falk", epid="00041399ff")
    watch(house, julia, heiko.uri)
    for each in (machine_state(heiko.epid), user_state(Availability.BUSY), personal_note("back soon")):
        publish(house, heiko, each)
    house.wire.advance(1)
    (only,) = told(julia)
    assert seen_in(only) == {heiko.uri: Presence(Availability.BUSY, "", "back soon")}


def test_nobody_but_watchers_is_told() -> None:
    house = House()
    heiko, julia = house.signed_in(), house.signed_in("Julia.Falk", epid="00041399ff")
    online(house, heiko)
    house.wire.advance(1)
    assert julia.asked("BENOTIFY") == []


def test_a_watcher_without_benotify_gets_notify_and_answers_it() -> None:
    house = House()
    heiko, julia = house.signed_in(), house.signed_in("Julia.Falk", epid="00041399ff")
    accept = [("Accept", "application/msrtc-event-categories+xml"), ("Event", "presence")]
    julia.ask("SUBSCRIBE", heiko.uri, house.now, accept)
    house.settle()
    online(house, heiko)
    house.wire.advance(1)
    notifies = [one for one, _ in julia.asked("NOTIFY")]
    assert [seen_in(each)[heiko.uri].availability for each in notifies] == [
        Availability.OFFLINE,
        Availability.AVAILABLE,
    ]
    assert [each.cseq.number for each in notifies] == [1, 2]


def test_a_subscription_ends_with_expires_0_and_is_silent_afterwards() -> None:
    house = House()
    heiko, julia = house.signed_in(), house.signed_in("Julia.Falk", epid="00041399ff")
    watch(house, julia, heiko.uri)
    dialog = julia.dialog(julia.last("SUBSCRIBE"))
    julia.send(dialog.request("SUBSCRIBE", julia.via(), [("Event", "presence"), ("Expires", "0")]), house.now)
    house.settle()
    assert julia.last("SUBSCRIBE").headers.get("subscription-state") == "terminated;expires=0"
    online(house, heiko)
    house.wire.advance(1)
    assert told(julia) == []


def test_a_subscription_that_is_not_refreshed_runs_out() -> None:
    house = House()
    julia = house.signed_in("Julia.Falk", user_agent="UCCP/2.0")
    julia.subscribe("presence", house.now, _batch(julia), (*BATCHED, ("Expires", "120")))
    house.wire.advance(121)
    (last,) = told(julia)
    assert last.headers.get("subscription-state") == "terminated;expires=0"


def _batch(client: Client) -> tuple[str, bytes]:
    return BATCH_TYPE, build_batch_sub(BatchSub(client.uri, (Resource("sip:Heiko.Riedel@ucc.de"),)))


def test_an_unknown_event_is_refused() -> None:
    house = House()
    client = house.signed_in()
    client.subscribe("message-summary", house.now)
    house.settle()
    assert client.last("SUBSCRIBE").status == 489


def test_a_refresh_of_a_dialog_that_nobody_knows_is_refused() -> None:
    house = House()
    client = house.signed_in()
    watch(house, client, "sip:julia.falk@ucc.de")
    dialog = client.dialog(client.last("SUBSCRIBE"))
    dialog.remote_text = dialog.remote_text.replace(dialog.remote.tag, "stranger")
    client.send(dialog.request("SUBSCRIBE", client.via(), [("Event", "presence")]), house.now)
    house.settle()
    assert client.last("SUBSCRIBE").status == 481


def test_publishing_answers_with_all_of_the_category_and_the_aggregate() -> None:
    house = House()
    client = house.signed_in()
    answer = publish(house, client, machine_state(client.epid))
    assert answer.content_type == ROAMING_SELF_TYPE
    categories = parse_roaming_self(answer.body).categories or ()
    kinds = sorted((each.state.kind, each.container or 0) for each in categories if each.state)
    assert kinds == [("aggregateState", 2), ("aggregateState", 3), ("machineState", 2), ("machineState", 3)]
    assert presence_of(categories).availability is Availability.AVAILABLE


def test_a_wrong_version_changes_nothing_and_tells_the_right_one() -> None:
    house = House()
    client = house.signed_in()
    online(house, client)
    again = (*personal_note("hello"), *machine_state(client.epid, Availability.AWAY))
    refusal = publish(house, client, again)
    assert refusal.status == 409
    fault = parse_fault(refusal.body)
    assert fault.operations == ((4, 1), (5, 1))
    accepted = publish(house, client, corrected(again, fault))
    assert accepted.status == 200
    assert presence_of(parse_roaming_self(accepted.body).categories or ()).note == "hello"


def test_own_data_are_told_on_subscribing() -> None:
    house = House()
    client = house.signed_in()
    client.subscribe("vnd-microsoft-roaming-self", house.now, ("application/x", build_roaming_list()))
    house.settle()
    own = parse_roaming_self(client.last("SUBSCRIBE").body)
    assert [each.uri for each in lines_of(own.categories or ())] == ["tel:+49301234500"]
    assert {each.id for each in own.containers or ()} == {32000, 400, 300, 200, 100}
    assert own.subscribers == ()


def test_the_other_device_hears_what_one_device_publishes() -> None:
    house = House()
    desk, soft = house.signed_in(), house.signed_in(epid="00041399ff")
    soft.subscribe("vnd-microsoft-roaming-self", house.now, ("application/x", build_roaming_list()))
    desk.subscribe("vnd-microsoft-roaming-self", house.now, ("application/x", build_roaming_list()))
    house.settle()
    publish(house, desk, user_state(Availability.DND))
    assert told(desk, "vnd-microsoft-roaming-self") == []
    (heard,) = told(soft, "vnd-microsoft-roaming-self")
    versions = versions_of(parse_roaming_self(heard.body).categories or ())
    assert versions[("state", 0x20000000, 2)] == 1


def test_what_an_endpoint_published_goes_with_it_and_what_the_user_chose_stays() -> None:
    house = House()
    desk, soft = house.signed_in(), house.signed_in(epid="00041399ff")
    publish(house, desk, machine_state(desk.epid))
    publish(house, desk, user_state(Availability.BUSY))
    house.wire.cut(desk)
    soft.subscribe("vnd-microsoft-roaming-self", house.now, ("application/x", build_roaming_list()))
    house.settle()
    categories = parse_roaming_self(soft.last("SUBSCRIBE").body).categories or ()
    kinds = {each.state.kind for each in categories if each.state}
    assert kinds == {"aggregateState", "userState"}


def test_a_blocked_watcher_sees_somebody_offline() -> None:
    house = House()
    heiko, julia = house.signed_in(), house.signed_in("Julia.Falk", epid="00041399ff")
    online(house, heiko)
    block = Container(32000, 0, (Member("user", "julia.falk@ucc.de", "add"),))
    heiko.ask("SERVICE", heiko.uri, house.now, body=(SET_CONTAINER_MEMBERS_TYPE, build_set_container_members([block])))
    house.settle()
    assert heiko.last("SERVICE").status == 200
    assert watch(house, julia, heiko.uri)[heiko.uri].availability is Availability.OFFLINE


def test_provisioning_says_that_encryption_is_not_required() -> None:
    house = House()
    client = house.signed_in()
    client.subscribe("vnd-microsoft-provisioning-v2", house.now, None, (*PIGGYBACK, ("Expires", "0")))
    house.settle()
    answer = client.last("SUBSCRIBE")
    assert answer.headers.get("subscription-state") == "terminated;expires=0"
    assert encryption(parse_provisioning(answer.body)) == "SupportEncryption"


def test_one_shot_subscription_without_piggyback_gets_its_document_in_a_benotify() -> None:
    house = House()
    client = house.signed_in()
    more = (("Supported", "ms-benotify"), ("Expires", "0"))
    client.subscribe("vnd-microsoft-provisioning-v2", house.now, None, more)
    house.settle()
    assert client.last("SUBSCRIBE").body == b""
    (only,) = told(client, "vnd-microsoft-provisioning-v2")
    assert only.headers.get("subscription-state") == "terminated;expires=0"
    assert encryption(parse_provisioning(only.body)) == "SupportEncryption"


def test_package_that_nobody_serves_is_refused_with_those_that_are_served() -> None:
    house = House()
    client = house.signed_in()
    client.subscribe("dialog", house.now)
    house.settle()
    answer = client.last("SUBSCRIBE")
    assert answer.status == 489
    assert "vnd-microsoft-roaming-self" in answer.headers.values("Allow-Events")


def test_broken_xml_is_refused_and_harms_nobody() -> None:
    house = House()
    client = house.signed_in()
    client.ask("SERVICE", client.uri, house.now, body=(PUBLISH_TYPE, b"<publish"))
    client.subscribe("presence", house.now, (BATCH_TYPE, b"<batchSub><"), BATCHED)
    house.settle()
    assert client.last("SERVICE").status == 400
    assert client.last("SUBSCRIBE").status == 400
    online(house, client)


def test_a_wanderer_goes_through_the_states() -> None:
    house = House(people=People.default())
    client = house.signed_in()
    watch(house, client, "sip:anna.lindner@ucc.de")
    house.wire.advance(120)
    states = {seen_in(each)["sip:Anna.Lindner@ucc.de"].availability for each in told(client)}
    assert states >= {Availability.AVAILABLE, Availability.BUSY, Availability.AWAY, Availability.DND}


def test_an_ordinary_phone_shows_its_user_available_while_it_is_signed_in() -> None:
    house = House()
    julia = house.signed_in("Julia.Falk", epid="00041399ff")
    watch(house, julia, "sip:Heiko.Riedel@ucc.de")
    plain = house.signed_in(epid="", login="Heiko.Riedel", digest=True, user_agent="PJSUA")
    house.wire.advance(0.1)
    house.wire.cut(plain)
    house.wire.advance(0.1)
    states = [seen_in(each)["sip:Heiko.Riedel@ucc.de"].availability for each in told(julia)]
    assert states == [Availability.AVAILABLE, Availability.OFFLINE]


def test_a_client_may_acknowledge_its_watchers() -> None:
    house = House()
    client = house.signed_in()
    body = build_set_subscribers([Subscriber("julia.falk@ucc.de", acknowledged=True)])
    client.ask("SERVICE", client.uri, house.now, body=(SET_SUBSCRIBERS_TYPE, body))
    house.settle()
    assert client.last("SERVICE").status == 200
