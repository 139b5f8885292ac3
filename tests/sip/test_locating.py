"""Where a server is: the steps of RFC 3263, answered from a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snomtui.kit.box import Locate, Located, Target
from snomtui.sip.locating import MOST_HOSTS, MOST_SERVERS, Answer, Naptr, Question, Record, Srv, locate, ordered

Zone = Mapping[str, Sequence[Record]]
HOSTS: Zone = {"a ucc.de": ["192.0.2.9"], "a one.ucc.de": ["192.0.2.1"], "a two.ucc.de": ["192.0.2.2"]}


@dataclass
class Search:
    """One search that has come to its end."""

    found: Located = field(default_factory=lambda: Located(()))
    steps: list[list[str]] = field(default_factory=list)
    """What was asked, step by step."""

    @property
    def places(self) -> list[str]:
        """The targets in short."""
        return [f"{each.transport} {each.host} {each.port} {each.address}" for each in self.found.targets]


def search(wanted: Locate, zone: Zone = HOSTS, silent: bool = False) -> Search:
    """Look for a server where the zone is all that is known."""
    done = Search()
    asking = locate(wanted, lambda most: 0)
    answers: tuple[Answer, ...] | None = None
    while True:
        try:
            questions = next(asking) if answers is None else asking.send(answers)
        except StopIteration as end:
            done.found = end.value
            return done
        done.steps.append([f"{each.kind} {each.name}" for each in questions])
        answers = tuple(Answer(tuple(zone.get(f"{q.kind} {q.name}", ())), silent) for q in questions)


def srv(target: str, port: int = 5060, priority: int = 0, weight: int = 0) -> Srv:
    """One service record."""
    return Srv(priority, weight, port, target)


def naptr(order: int, preference: int, service: str, replacement: str, flags: str = "s") -> Naptr:
    """One rule."""
    return Naptr(order, preference, flags, service, replacement)


# -- what need not be asked


@pytest.mark.parametrize(
    ("wanted", "place"),
    [
        (Locate(1, "192.0.2.7"), "udp 192.0.2.7 5060 192.0.2.7"),
        (Locate(1, "192.0.2.7", 5061), "tls 192.0.2.7 5061 192.0.2.7"),
        (Locate(1, "192.0.2.7", 5080), "udp 192.0.2.7 5080 192.0.2.7"),
        (Locate(1, "192.0.2.7", None, "tls"), "tls 192.0.2.7 5061 192.0.2.7"),
        (Locate(1, "192.0.2.7", 5061, "tcp"), "tcp 192.0.2.7 5061 192.0.2.7"),
        (Locate(1, "192.0.2.7", ocs=True), "tls 192.0.2.7 5061 192.0.2.7"),
        (Locate(1, "192.0.2.7", 5060, ocs=True), "tcp 192.0.2.7 5060 192.0.2.7"),
        (Locate(1, "[2001:db8::1]", 5070), "udp [2001:db8::1] 5070 2001:db8::1"),
        (Locate(1, "2001:db8::1"), "udp 2001:db8::1 5060 2001:db8::1"),
    ],
)
def test_address_is_taken_as_it_is(wanted: Locate, place: str) -> None:
    done = search(wanted)
    assert (done.places, done.steps) == ([place], [])


@pytest.mark.parametrize(
    ("port", "transport", "ocs", "place"),
    [
        (5070, None, False, "udp ucc.de 5070 192.0.2.9"),
        (5061, None, False, "tls ucc.de 5061 192.0.2.9"),
        (5061, "tcp", False, "tcp ucc.de 5061 192.0.2.9"),
        (443, None, True, "tls ucc.de 443 192.0.2.9"),
        (5060, None, True, "tcp ucc.de 5060 192.0.2.9"),
    ],
)
def test_port_that_is_given_leaves_only_the_address_to_ask_for(
    port: int, transport: str | None, ocs: bool, place: str
) -> None:
    done = search(Locate(1, "ucc.de", port, transport, ocs))
    assert (done.places, done.steps) == ([place], [["a ucc.de", "aaaa ucc.de"]])
    assert done.found.targets[0].name == ""


# -- services


def test_transport_that_is_given_asks_for_its_service_and_then_for_the_host() -> None:
    done = search(Locate(1, "ucc.de", transport="tls"))
    assert done.steps == [["srv _sips._tcp.ucc.de"], ["a ucc.de", "aaaa ucc.de"]]
    assert done.places == ["tls ucc.de 5061 192.0.2.9"]
    done = search(Locate(1, "ucc.de.", transport="tcp"), {**HOSTS, "srv _sip._tcp.ucc.de": [srv("one.ucc.de.", 5066)]})
    assert done.places == ["tcp one.ucc.de 5066 192.0.2.1"]


def test_domain_without_any_record_but_an_address_is_asked_over_udp() -> None:
    done = search(Locate(1, "ucc.de"))
    services = ["srv _sip._udp.ucc.de", "srv _sip._tcp.ucc.de", "srv _sips._tcp.ucc.de"]
    assert done.steps == [["naptr ucc.de"], services, ["a ucc.de", "aaaa ucc.de"]]
    assert done.places == ["udp ucc.de 5060 192.0.2.9"]


def test_rules_of_a_domain_come_first_in_their_own_order() -> None:
    rules = [
        naptr(50, 10, "SIP+D2U", "_sip._udp.ucc.de."),
        naptr(10, 20, "SIPS+D2T", "_sips._tcp.ucc.de"),
        naptr(10, 10, "sip+d2t", "_sip._tcp.elsewhere.de"),
        naptr(1, 1, "SIP+D2S", "_sip._sctp.ucc.de"),
        naptr(1, 1, "E2U+sip", "ucc.de", "u"),
        naptr(1, 1, "SIP+D2T", "."),
    ]
    zone = {
        **HOSTS,
        "naptr ucc.de": rules,
        "srv _sip._udp.ucc.de.": [srv("one.ucc.de")],
        "srv _sips._tcp.ucc.de": [srv("one.ucc.de", 5061)],
        "srv _sip._tcp.elsewhere.de": [srv("two.ucc.de")],
    }
    done = search(Locate(1, "ucc.de"), zone)
    assert done.steps[1] == ["srv _sip._tcp.elsewhere.de", "srv _sips._tcp.ucc.de", "srv _sip._udp.ucc.de."]
    assert done.places == [
        "tcp two.ucc.de 5060 192.0.2.2",
        "tls one.ucc.de 5061 192.0.2.1",
        "udp one.ucc.de 5060 192.0.2.1",
    ]


@pytest.mark.parametrize("rules", [[naptr(1, 1, "SIP+D2S", "_sip._sctp.ucc.de")], [naptr(1, 1, "SIP+D2U", "gone.de")]])
def test_rules_that_lead_nowhere_do_not_hide_the_services(rules: list[Record]) -> None:
    done = search(Locate(1, "ucc.de"), {**HOSTS, "naptr ucc.de": rules, "srv _sip._tcp.ucc.de": [srv("one.ucc.de")]})
    assert done.places == ["tcp one.ucc.de 5060 192.0.2.1"]


def test_udp_is_first_where_the_domain_does_not_say() -> None:
    zone = {**HOSTS, "srv _sips._tcp.ucc.de": [srv("one.ucc.de", 5061)], "srv _sip._udp.ucc.de": [srv("two.ucc.de")]}
    assert search(Locate(1, "ucc.de"), zone).places == [
        "udp two.ucc.de 5060 192.0.2.2",
        "tls one.ucc.de 5061 192.0.2.1",
    ]


def test_service_that_is_not_offered_is_not_tried_at_the_host() -> None:
    assert search(Locate(1, "ucc.de"), {**HOSTS, "srv _sip._udp.ucc.de": [srv(".", 0)]}).found == Located(
        (), "ucc.de does not offer SIP"
    )
    zone = {**HOSTS, "srv _sip._udp.ucc.de": [srv(".", 0)], "srv _sip._tcp.ucc.de": [srv("one.ucc.de")]}
    assert search(Locate(1, "ucc.de"), zone).places == ["tcp one.ucc.de 5060 192.0.2.1"]


def test_service_with_an_address_for_a_host_or_without_a_port_is_read_as_far_as_it_goes() -> None:
    zone = {"srv _sip._udp.ucc.de": [srv("192.0.2.5"), srv("one.ucc.de", 0)]}
    assert search(Locate(1, "ucc.de"), zone).places == ["udp 192.0.2.5 5060 192.0.2.5"]


def test_certificate_is_for_the_domain_if_a_service_led_to_the_host() -> None:
    zone = {**HOSTS, "srv _sips._tcp.ucc.de": [srv("one.ucc.de", 5061)]}
    assert search(Locate(1, "ucc.de", transport="tls"), zone).found.targets == (
        Target("tls", "one.ucc.de", 5061, "192.0.2.1", "ucc.de"),
    )


# -- Office Communicator's way


def test_office_communicator_asks_for_four_services_in_its_order() -> None:
    zone = {
        **HOSTS,
        "srv _sip._tls.ucc.de": [srv("one.ucc.de", 443)],
        "srv _sipinternaltls._tcp.ucc.de": [srv("two.ucc.de", 5061)],
    }
    done = search(Locate(1, "ucc.de", ocs=True), zone)
    assert done.steps[0] == [
        "srv _sipinternaltls._tcp.ucc.de",
        "srv _sipinternal._tcp.ucc.de",
        "srv _sip._tls.ucc.de",
        "srv _sip._tcp.ucc.de",
    ]
    assert done.places == ["tls two.ucc.de 5061 192.0.2.2", "tls one.ucc.de 443 192.0.2.1"]


def test_office_communicator_goes_on_with_the_usual_names() -> None:
    zone = {**HOSTS, "a sipinternal.ucc.de": ["192.0.2.3"], "a sip.ucc.de": ["192.0.2.4"]}
    assert search(Locate(1, "ucc.de", ocs=True), zone).places == [
        "tls sipinternal.ucc.de 5061 192.0.2.3",
        "tls sip.ucc.de 5061 192.0.2.4",
        "tls sip.ucc.de 443 192.0.2.4",
        "tls ucc.de 5061 192.0.2.9",
    ]
    assert search(Locate(1, "ucc.de", transport="tcp", ocs=True), zone).places[0] == (
        "tcp sipinternal.ucc.de 5060 192.0.2.3"
    )


# -- order


def test_servers_are_tried_by_priority() -> None:
    records = [srv("c", priority=30), srv("a", priority=10), srv("b", priority=20, weight=65535)]
    assert [each.target for each in ordered(records, lambda most: most)] == ["a", "b", "c"]


def test_servers_of_one_priority_are_drawn_by_weight() -> None:
    records = [srv("heavy", weight=90), srv("light", weight=10), srv("spare", weight=0)]
    dice = Random(1)
    first = [ordered(records, lambda most: dice.randint(0, most))[0].target for _ in range(2000)]
    assert 1700 < first.count("heavy") < 1900
    assert 100 < first.count("light") < 300
    assert 0 < first.count("spare") < 100


@given(st.lists(st.builds(Srv, *[st.integers(0, 3)] * 3, st.sampled_from("abc")), max_size=20), st.randoms())
def test_order_keeps_all_servers_and_their_priorities(records: list[Srv], dice: Random) -> None:
    drawn = ordered(records, lambda most: dice.randint(0, most))
    assert sorted(map(repr, drawn)) == sorted(map(repr, records))
    assert [each.priority for each in drawn] == sorted(each.priority for each in records)


def test_both_families_are_tried_by_turns() -> None:
    zone = {"a ucc.de": ["192.0.2.1", "192.0.2.2"], "aaaa ucc.de": ["2001:db8::1"]}
    udp = search(Locate(1, "ucc.de", 5060, "udp"), zone).found.targets
    tcp = search(Locate(1, "ucc.de", 5060, "tcp"), zone).found.targets
    assert [each.address for each in udp] == ["192.0.2.1", "2001:db8::1", "192.0.2.2"]
    assert [each.address for each in tcp] == ["2001:db8::1", "192.0.2.1", "192.0.2.2"]


def test_same_place_is_not_tried_twice() -> None:
    zone = {**HOSTS, "srv _sip._udp.ucc.de": [srv("one.ucc.de"), srv("one.ucc.de", weight=1)]}
    assert len(search(Locate(1, "ucc.de"), zone).places) == 1


# -- that does not go well


def test_name_without_an_address_is_told() -> None:
    assert search(Locate(1, "x.test", 5060), {}).found == Located((), "The name x.test does not resolve")
    gone = {"srv _sip._udp.x.test": [srv("gone.test")]}
    assert search(Locate(1, "x.test"), gone).found.why == "The name x.test does not resolve"


def test_servers_that_say_nothing_are_told_in_other_words() -> None:
    assert search(Locate(1, "x.test"), {}, silent=True).found == Located(
        (), "The name x.test cannot be looked up: no DNS server answers"
    )


def test_domain_with_endless_servers_costs_a_few_questions() -> None:
    many = [srv(f"h{n}.ucc.de", priority=n % 7) for n in range(3000)]
    done = search(Locate(1, "ucc.de"), {"srv _sip._udp.ucc.de": many})
    assert len(ordered(many, lambda most: 0)) == MOST_SERVERS
    assert len(done.steps[-1]) == 2 * MOST_HOSTS


RECORDS = st.one_of(
    st.builds(Srv, *[st.integers(0, 65535)] * 3, st.sampled_from(["a.b", ".", "", "192.0.2.1", "a" * 300])),
    st.builds(
        Naptr, *[st.integers(0, 65535)] * 2, st.text(max_size=2), st.sampled_from(["SIP+D2U", "", "x"]), st.text()
    ),
    st.text(max_size=5),
)


@given(st.text(max_size=20), st.dictionaries(st.sampled_from(["naptr", "srv", "a", "aaaa"]), st.lists(RECORDS)))
def test_no_answer_breaks_the_search(host: str, told: dict[str, list[Record]]) -> None:
    asking, answers = locate(Locate(1, host), lambda most: most), None
    for _ in range(5):
        try:
            questions: tuple[Question, ...] = next(asking) if answers is None else asking.send(answers)
        except StopIteration as end:
            assert isinstance(end.value, Located)
            return
        answers = tuple(Answer(tuple(told.get(each.kind, ()))) for each in questions)
    raise AssertionError("it asks and asks")
