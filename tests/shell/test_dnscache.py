"""What the DNS has told, until it ends."""

from __future__ import annotations

import pytest

from snomtui.shell.dnscache import MOST, DnsCache, told
from snomtui.sip.locating import Answer, Naptr, Question, Srv

SIP = Question("a", "sip.ucc.test")
HERE = Answer(("192.0.2.1",))


@pytest.mark.parametrize(
    ("answer", "ttl", "seconds"),
    [(HERE, 300, 300), (HERE, 0, 1), (HERE, 10**9, 86_400), (Answer(), 60, 60), (Answer(), 86_400, 900)],
)
def test_answer_holds_as_long_as_it_says_within_limits(answer: Answer, ttl: int, seconds: int) -> None:
    cache = DnsCache()
    assert cache.add(SIP, answer, ttl, 1000.0).ends == 1000.0 + seconds
    assert cache.find(SIP, 1000.0 + seconds - 0.1) is answer
    assert cache.find(SIP, 1000.0 + seconds) is None


def test_names_are_the_same_in_capitals_and_kinds_are_not_mixed() -> None:
    cache = DnsCache()
    cache.add(SIP, HERE, 60, 0.0)
    assert cache.find(Question("a", "SIP.UCC.test"), 1.0) is HERE
    assert cache.find(Question("aaaa", "sip.ucc.test"), 1.0) is None


def test_those_that_end_first_make_room() -> None:
    cache = DnsCache()
    for n in range(3 * MOST):
        cache.add(Question("a", f"h{n}.test"), HERE, 10 + n, 0.0)
    assert MOST // 2 <= len(cache.entries(0.0)) <= MOST
    assert cache.find(Question("a", f"h{3 * MOST - 1}.test"), 0.0) is HERE
    assert cache.find(Question("a", "h0.test"), 0.0) is None


def test_entries_are_those_that_hold_the_first_to_end_first() -> None:
    cache = DnsCache()
    for name, ttl in (("b", 20), ("a", 10), ("c", 30)):
        cache.add(Question("a", name), HERE, ttl, 0.0)
    assert [each.question.name for each in cache.entries(15.0)] == ["b", "c"]
    cache.clear()
    assert cache.entries(15.0) == ()


def test_records_are_told_in_one_line() -> None:
    assert told(SIP, None) == "a sip.ucc.test ->"
    assert told(SIP, Answer()) == "a sip.ucc.test -> nothing"
    assert told(SIP, Answer(("192.0.2.1", "192.0.2.2"))) == "a sip.ucc.test -> 192.0.2.1, 192.0.2.2"
    assert told(Question("srv", "x"), Answer((Srv(1, 2, 5060, "y"),))) == "srv x -> 1 2 5060 y"
    assert told(Question("naptr", "x"), Answer((Naptr(1, 2, "s", "SIP+D2U", "y"),))) == "naptr x -> 1 2 s SIP+D2U y"
