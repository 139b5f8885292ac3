"""pidgin-sipe signs in at every LAN Manager level, with every version of the signatures; and what is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.peers.sipehouse import PASSWORD, Sipe, SipeHouse, people_file, teams, uri
from tests.phones import HeadlessPhone, until

pytestmark = pytest.mark.peer
AUTHENTICATION_FAILED = 2
"""libpurple's PURPLE_CONNECTION_ERROR_AUTHENTICATION_FAILED."""
WORDS = {"busy": "BUSY", "do-not-disturb": "DND", "be-right-back": "BE_RIGHT_BACK", "away": "AWAY"}
Open = Callable[..., SipeHouse]


@pytest.fixture
def opened(sipe_program: Path, tmp_path: Path) -> Iterator[Open]:
    """Opens offices with options of their own."""
    made: list[SipeHouse] = []

    def open_one(*options: str) -> SipeHouse:
        made.append(SipeHouse(sipe_program, tmp_path / f"office{len(made)}", *options, people=people_file(*teams(3))))
        return made[-1]

    yield open_one
    for each in made:
        each.close()


def _work(watcher: HeadlessPhone | Sipe, colleague: str, *sipes: Sipe) -> None:
    """Signed messages go both ways: the office tells of a colleague, and takes what each client publishes."""
    for sipe in sipes:
        (seen,) = sipe.listed()[uri(colleague)]
        assert seen["tooltip"]["Status"] == "Do not disturb"
        sipe.say("status busy")
    for sipe in sipes:
        until(partial(_busy, watcher, sipe.user), what=f"{sipe.user} busy")
        assert "Invalid message signature" not in sipe.wire()


def _busy(watcher: HeadlessPhone | Sipe, user: str) -> bool:
    """Whether somebody was seen busy."""
    if isinstance(watcher, Sipe):
        return "Busy" in watcher.seen(user)
    return any((told["uri"], told["availability"]) == (uri(user), "BUSY") for told in watcher.told("presence"))


def _versions(sipe: Sipe) -> set[str]:
    """The versions that the client named in its own credentials; version 2 is not named."""
    return set(re.findall(r"^Authorization: NTLM .*\bversion=(\d)", sipe.wire(), re.MULTILINE))


@pytest.mark.parametrize("level", range(6))
def test_sipe_is_at_home_at_every_lan_manager_level_over_tcp_and_tls(opened: Open, level: int) -> None:
    house = opened("--lan-manager-level", str(level))
    heiko, jan, karla, bert = house.team()
    phone = house.registered(karla, sim_lan_manager_level=5)
    over_tcp, over_tls = house.signed_in(heiko), house.signed_in(jan, transport="tls")
    _work(phone, bert, over_tcp, over_tls)


@pytest.mark.parametrize("version", [2, 3, 4])
def test_sipe_is_at_home_with_every_version_of_the_signatures_over_tcp_and_tls(opened: Open, version: int) -> None:
    house = opened("--policy", f"signature_version={version}")
    heiko, jan, karla, bert = house.team()
    phone = house.registered(karla)
    over_tcp, over_tls = house.signed_in(heiko), house.signed_in(jan, transport="tls")
    _work(phone, bert, over_tcp, over_tls)
    assert _versions(over_tcp) == _versions(over_tls) == ({str(version)} if version > 2 else set())


def test_every_level_can_be_set_while_the_office_runs_and_holds_for_the_next_sign_in(house: SipeHouse) -> None:
    heiko, jan, karla, bert = house.team()
    house.order("policy", name="lan_manager_level", value=5)
    before = house.signed_in(heiko)
    old = house.phone(karla, sim_lan_manager_level=2)
    old.expect("registration", state="refused", code=401)
    house.order("policy", name="lan_manager_level", value=0)
    assert house.registered(karla, sim_lan_manager_level=0)
    _work(house.signed_in(jan, transport="tls"), bert, before)
    house.order("policy", name="lan_manager_level", value=5)


def test_the_signature_version_can_be_set_while_the_office_runs(house: SipeHouse) -> None:
    heiko, jan, _, bert = house.team()
    house.order("policy", name="signature_version", value=2)
    first = house.signed_in(heiko)
    house.order("policy", name="signature_version", value=4)
    second = house.signed_in(jan, transport="tls")
    _work(second, bert, first)
    _work(first, bert, second)
    assert (_versions(first), _versions(second)) == (set(), {"4"})


def test_keys_of_128_bits_and_extended_session_security_can_be_demanded(opened: Open) -> None:
    house = opened("--policy", "minimum_session_security=both")
    heiko, jan, _, bert = house.team()
    _work(house.signed_in(heiko), bert, house.signed_in(jan, transport="tls"))


def test_sipe_that_may_choose_its_scheme_is_let_in_and_one_that_insists_on_kerberos_is_not(house: SipeHouse) -> None:
    heiko, jan, *_ = house.team()
    chooses, insists = house.sipe(heiko, auth="auto", transport="tls"), house.sipe(jan, auth="krb5")
    chooses.connected()
    told = insists.expect("connection-error", within=30)
    assert told["code"] == AUTHENTICATION_FAILED, told


# -- what is refused: the client hears 401 each time, the office's journal tells the reasons apart

WRONG = {
    "a wrong password": ({"password": "Sommer2008!"}, ("wrong password",)),
    "a wrong Windows domain": ({"login": "OTHER\\{user}"}, ("domain", "OTHER")),
    "an unknown login": ({"login": "UCC\\nobody"}, ("unknown", "nobody")),
}


@pytest.mark.parametrize("what", WRONG)
def test_sipe_with_something_wrong_is_refused_and_the_office_says_what(house: SipeHouse, what: str) -> None:
    heiko, jan, *_ = house.team()
    options, words = WRONG[what]
    sipe = house.sipe(heiko, **{name: value.format(user=heiko) for name, value in options.items()})
    told = sipe.expect("connection-error", within=30)
    assert told["code"] == AUTHENTICATION_FAILED, told
    assert sipe.join() == 3
    assert sipe.told("connected") == []
    assert "SIP/2.0 401" in sipe.wire() and "SIP/2.0 403" not in sipe.wire()
    house.logged("refused", *words)
    house.signed_in(jan)


def test_a_phone_with_ntlmv1_is_refused_at_level_5_in_other_words(house: SipeHouse) -> None:
    heiko, *_ = house.team()
    phone = house.phone(heiko, sim_lan_manager_level=2)
    phone.expect("registration", state="refused", code=401)
    house.logged("refused", "NTLMv1 response refused by level 5")


def test_a_user_whom_nobody_knows_is_refused(house: SipeHouse) -> None:
    sipe = house.sipe("nobody", password=PASSWORD)
    told = sipe.expect("connection-error", within=30)
    assert told["code"] == AUTHENTICATION_FAILED, told
    assert sipe.told("connected") == []
    house.logged("refused", "unknown", "nobody")


def test_sipe_may_not_speak_for_somebody_else(house: SipeHouse) -> None:
    heiko, jan, *_ = house.team()
    sipe = house.sipe(heiko, login=f"UCC\\{jan}")
    sipe.expect("connection-error", within=30)
    assert sipe.told("connected") == []
    assert "SIP/2.0 403" in sipe.wire()
