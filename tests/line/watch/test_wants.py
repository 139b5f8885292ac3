"""What the phone may ask of a line about people, whatever its server is."""

from __future__ import annotations

from snomtui.line.events import Trouble
from tests.line.frontend import ANNA, signed_in
from tests.line.notifiers import watching
from tests.line.peer import Bench, Peer, silent


def test_ordinary_server_says_what_it_has_not() -> None:
    bench = watching()
    assert bench.line.add_contact("sip:dora@example.org", "", "", bench.now) == "This server keeps no contact list"
    assert bench.line.remove_contact("sip:dora@example.org", bench.now) == "This server keeps no contact list"
    assert bench.line.search("dora", bench.now) == "This server has no address book"
    assert bench.box.of(Trouble) == []


def test_line_that_is_not_registered_says_so() -> None:
    bench = Bench(Peer(REGISTER=silent), user_server_type1="ocs")
    answers = {
        bench.line.add_contact(ANNA.uri, "", "", bench.now),
        bench.line.remove_contact(ANNA.uri, bench.now),
        bench.line.search("dora", bench.now),
    }
    assert answers == {"This identity is not registered"}


def test_keys_are_watched_from_the_moment_they_are_set_and_no_longer_than_that() -> None:
    bench = watching(contacts=())
    bench.line.watch_also(["sip:eve@example.org", "rubbish"], bench.now)
    bench.settle()
    assert [each.uri for each in bench.peer.asked("SUBSCRIBE")] == ["sip:eve@example.org"]
    bench.line.watch_also([], bench.now)
    bench.settle()
    assert bench.peer.last("SUBSCRIBE").expires == 0


def test_contacts_of_a_front_end_are_not_watched_twice_for_a_key() -> None:
    bench, front = signed_in(ANNA)
    bench.line.watch_also([ANNA.uri], bench.now)
    bench.settle()
    assert len(front.watched) == 1
