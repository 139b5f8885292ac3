"""The phone's own directory: what may be written, what the types mean for callers, what is left after a restart."""

from __future__ import annotations

import pytest

from snomtui.phone.directory import restored, text_of, type_of
from snomtui.phone.intents import DeleteEntry, SaveEntry
from snomtui.presence import Contact
from tests.phone.bench import Bench

CALLER = "sip:bob@example.org"


def caller() -> str:
    """The address of whoever calls when a test rings."""
    return str(Bench().ring().from_.uri)


def answer(bench: Bench, call_id: str = "in-1") -> int:
    """Somebody calls; what they hear."""
    bench.ring(call_id)
    return next(each.status for each in reversed(bench.peer.responses) if each.call_id == call_id)


def test_vip_rings_in_do_not_disturb() -> None:
    busy = {"dnd_mode": "on"}
    assert answer(Bench(settings=busy)) == 486
    assert answer(Bench(settings=busy, contacts=[Contact(caller(), "Boss", type="VIP", watched=False)])) == 180
    assert answer(Bench(settings=busy, contacts=[Contact(caller(), "Eva", type="Work", watched=False)])) == 486


def test_vip_hears_busy_in_a_call_when_no_second_one_may_come() -> None:
    vip = Contact(caller(), "Boss", type="VIP", watched=False)
    bench = Bench(settings={"dnd_mode": "on", "call_waiting": "off"}, contacts=[vip])
    bench.talk()
    assert answer(bench) == 486


def test_denied_caller_hears_busy_although_nobody_is() -> None:
    bench = Bench(contacts=[Contact(caller(), "Salesman", type="Deny", watched=False)])
    assert answer(bench) == 486
    bench.do(SaveEntry("Salesman", address=caller(), type="Friends", old=caller()))
    assert answer(bench, "in-2") == 180


def test_type_holds_for_a_number_in_any_spelling() -> None:
    plan = {"user_dp_str1": "|^0([1-9].*)|+49\\1|"}
    model = Bench(settings=plan, contacts=[Contact("tel:030111", "Eva", ("030111",), type="VIP")]).phone.model
    assert type_of(model, "sip:+4930111@example.org;user=phone") == "VIP"
    assert type_of(model, "sip:anonymous@anonymous.invalid", "+4930111") == "VIP"
    assert type_of(model, "sip:eva@example.org") == ""


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        (SaveEntry("Anna"), "An entry needs a number or an address"),
        (SaveEntry("Anna", ("12a",)), "'12a' is no number"),
        (SaveEntry("Anna", (), "anna"), "'anna' is no address: it must be user@host"),
        (SaveEntry("Anna", ("12",), type="Enemy"), "The types are VIP, Deny, Friends"),
        (SaveEntry("Anna", (), CALLER), "bob@example.org is in the directory already"),
        (DeleteEntry("sip:nobody@example.org"), "There is no such entry"),
    ],
)
def test_wrong_entry_is_refused_in_words(wish: SaveEntry | DeleteEntry, why: str) -> None:
    bench = Bench(contacts=[Contact(CALLER, "Bob", watched=False)])
    refusal = bench.do(wish)
    assert refusal is not None and refusal.why.startswith(why)
    assert len(bench.phone.model.directory) == 1


def test_directory_is_the_same_after_a_restart() -> None:
    given = (Contact(CALLER, "Bob", ("12",), watched=True), Contact("tel:34", "Gone", ("34",), watched=False))
    bench = Bench(contacts=given)
    bench.do(SaveEntry("Bobby", ("12", "13"), "bob@example.org", "VIP", CALLER))
    bench.do(DeleteEntry("tel:34"))
    bench.do(SaveEntry("New", ("56",)))
    kept = {name.removeprefix("entry:"): value for name, value in bench.kept.items() if name.startswith("entry:")}
    assert restored(given, kept) == bench.phone.model.directory
    assert restored(given, {}) == given


def test_entry_that_a_file_has_broken_is_left_as_it_was_given() -> None:
    given = (Contact(CALLER, "Bob", watched=False),)
    assert restored(given, {CALLER: "{broken", "tel:1": "[]", "tel:2": '{"uri": "tel:2"}'}) == given
    odd = text_of(Contact("tel:3", "Odd", ("3",), watched=False)).replace('"type": ""', '"type": "Enemy"')
    assert restored((), {"tel:3": odd})[0].type == ""
