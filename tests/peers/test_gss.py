"""An NTLM client in C, gss-ntlmssp, at the door of our front end: it knows datagram mode, and nothing of us."""

from __future__ import annotations

from itertools import product

import pytest
from spnego._ntlm_raw.messages import FileTime

from snomtui.auth.doorman import Admit, Ask, Doorman
from snomtui.auth.faults import Fault
from snomtui.auth.ntlm.messages import Flags
from snomtui.auth.ntlm.server import Host
from tests.auth.stranger import LOGIN
from tests.auth.wire import PASSWORD, door
from tests.peers.gss import GssError, GssStranger

pytestmark = pytest.mark.peer


@pytest.fixture(autouse=True)
def _installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LM_COMPAT_LEVEL", "3")
    try:
        GssStranger(door(5), 0.0)
    except GssError as error:
        pytest.skip(f"gss-ntlmssp is not installed ({error})")


def stranger(doorman: Doorman, login: str = LOGIN, password: str = PASSWORD, *, version: int = 4) -> GssStranger:
    """Somebody whose clock is right, which is the machine's."""
    return GssStranger(doorman, float(FileTime.now().timestamp()), login, password, version=version)


@pytest.mark.parametrize(("level", "theirs"), list(product(range(6), range(6))))
def test_stranger_in_c_gets_in_exactly_where_the_level_table_says(
    level: int, theirs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LM_COMPAT_LEVEL", str(theirs))
    one = stranger(door(level))
    ruling = one.register()
    if theirs < 3 and level == 5:
        assert isinstance(ruling, Ask) and ruling.fault is Fault.LEVEL
        return
    assert isinstance(ruling, Admit) and ruling.association is not None
    assert ruling.association.auth == ("ntlmv2" if theirs >= 3 else "ntlmv1")
    one.talk(ruling)


@pytest.mark.parametrize("version", [2, 3, 4])
def test_stranger_in_c_signs_in_at_every_version(version: int) -> None:
    one = stranger(door(5, version), version=version)
    ruling = one.register()
    assert isinstance(ruling, Admit)
    one.talk(ruling)


@pytest.mark.parametrize("login", [r"ucc\HEIKO.RIEDEL", "heiko.riedel@ucc.test", "heiko.riedel"])
def test_stranger_in_c_may_write_the_login_in_any_form(login: str) -> None:
    assert isinstance(stranger(door(5), login).register(), Admit)


def test_stranger_in_c_is_served_by_a_server_that_tells_the_time_or_offers_shorter_keys() -> None:
    for host in (Host(timestamp=True), Host(offer=Host().offer & ~Flags.KEY_128)):
        one = stranger(door(5, host=host))
        ruling = one.register()
        assert isinstance(ruling, Admit)
        one.talk(ruling)


@pytest.mark.parametrize(
    ("login", "password", "fault"),
    [
        (LOGIN, "wrong", Fault.WRONG_PASSWORD),
        (r"UCC\nobody", PASSWORD, Fault.UNKNOWN_USER),
        (r"XYZ\Heiko.Riedel", PASSWORD, Fault.UNKNOWN_DOMAIN),
    ],
)
def test_stranger_in_c_with_a_wrong_login_is_refused(login: str, password: str, fault: Fault) -> None:
    ruling = stranger(door(0), login, password).register()
    assert isinstance(ruling, Ask) and ruling.fault is fault
