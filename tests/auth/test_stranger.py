"""A stranger's NTLM client (pyspnego) at our door: tokens, keys and signatures that none of us made.

It speaks the connection oriented mode, so its NEGOTIATE is thrown away, and its signing key is used with a new RC4
state for each message, as SIP wants it.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from spnego._ntlm import NTLMProxy
from spnego._ntlm_raw import crypto as theirs
from spnego._ntlm_raw import messages as their_messages
from spnego._ntlm_raw import security as their_security

from snomtui.auth.doorman import Admit, Ask, Doorman
from snomtui.auth.faults import Fault
from snomtui.auth.ntlm.keys import SIP_SEQUENCE
from snomtui.auth.ntlm.messages import Flags
from snomtui.auth.ntlm.server import OCS_OFFER, Host
from tests.auth import stranger
from tests.auth.stranger import LOGIN
from tests.auth.wire import PASSWORD, door


class Nothing:
    """The NEGOTIATE that datagram mode does not have: nothing of it is under the MIC ([MS-NLMP] 3.2.5.2.2)."""

    def pack(self) -> bytes:
        return b""


class Stranger(stranger.Stranger):
    """pyspnego, at the level that the environment says."""

    def __init__(self, doorman: Doorman, now: float, login: str = LOGIN, password: str = PASSWORD, **more: Any) -> None:
        super().__init__(doorman, now, login, password, **more)
        context: Any = NTLMProxy(login, password)
        self.context = context
        self.context.step()
        self.context._temp_negotiate = Nothing()
        self.flags = 0

    def answer(self, challenge: bytes) -> bytes:
        token = self.context.step(challenge)
        assert isinstance(token, bytes)
        self.flags = int(their_messages.Authenticate.unpack(token).flags)
        return token

    def sign(self, text: bytes) -> bytes:
        return self._sign(text, "initiate")

    def accepts(self, text: bytes, signature: bytes) -> bool:
        wanted = self._sign(text, "accept")
        return wanted == signature if self.flags & Flags.ESS else wanted[8:] == signature[8:]

    def _sign(self, text: bytes, usage: str) -> bytes:
        """A signature in datagram mode."""
        key = self.context.session_key
        sign, seal = theirs.signkey(self.flags, key, usage), theirs.sealkey(self.flags, key, usage)
        if self.flags & Flags.ESS:
            seal = theirs.md5(seal + SIP_SEQUENCE.to_bytes(4, "little"))
        signature = their_security.sign(self.flags, theirs.rc4init(seal), sign, SIP_SEQUENCE, text)
        assert isinstance(signature, bytes)
        return signature


@pytest.fixture(autouse=True)
def _level(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LM_COMPAT_LEVEL", "3")


def clock() -> float:
    """Their clock, which is the machine's."""
    return float(their_messages.FileTime.now().timestamp())


OFFERS = {
    "as OCS offers": Flags(0),
    "without ESS": Flags.ESS,
    "without LM_KEY": Flags.LM_KEY,
    "without ESS and LM_KEY": Flags.ESS | Flags.LM_KEY,
    "56 bits": Flags.KEY_128,
    "40 bits": Flags.KEY_128 | Flags.KEY_56,
    "without ESS, 40 bits": Flags.ESS | Flags.KEY_128 | Flags.KEY_56,
    "without ESS and LM_KEY, 56 bits": Flags.ESS | Flags.LM_KEY | Flags.KEY_128,
    "without sealing and OEM": Flags.SEAL | Flags.OEM,
    "without a version": Flags.VERSION,
}


@pytest.mark.parametrize(("ours", "theirs_", "offer"), list(product(range(6), range(6), OFFERS)))
def test_stranger_gets_in_exactly_where_the_level_table_says(
    ours: int, theirs_: int, offer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LM_COMPAT_LEVEL", str(theirs_))
    one = Stranger(door(ours), clock(), cleared=OFFERS[offer])
    ruling = one.register()
    if theirs_ < 3 and ours == 5:
        assert isinstance(ruling, Ask) and (ruling.fault, ruling.kind) == (Fault.LEVEL, "ntlmv1")
        assert ruling.why.startswith("NTLMv1 response refused by level 5")
        return
    assert isinstance(ruling, Admit) and ruling.association is not None
    assert ruling.association.auth == ("ntlmv2" if theirs_ >= 3 else "ntlmv1")
    one.talk(ruling)


@pytest.mark.parametrize("version", [2, 3, 4])
def test_stranger_signs_in_at_every_version(version: int) -> None:
    one = Stranger(door(5, version), clock(), version=version)
    ruling = one.register()
    assert isinstance(ruling, Admit)
    one.talk(ruling)


@pytest.mark.parametrize(
    "login",
    [
        r"UCC\Heiko.Riedel",
        r"ucc\HEIKO.RIEDEL",
        r"Ucc.Test\heiko.riedel",
        "heiko.riedel@ucc.test",
        "HEIKO.RIEDEL@UCC.TEST",
        "Heiko.Riedel",
    ],
)
def test_stranger_may_write_the_login_in_any_form_and_case(login: str) -> None:
    assert isinstance(Stranger(door(5), clock(), login).register(), Admit)


@pytest.mark.parametrize(
    ("login", "password", "fault"),
    [
        (r"UCC\Heiko.Riedel", "wrong", Fault.WRONG_PASSWORD),
        (r"UCC\nobody", PASSWORD, Fault.UNKNOWN_USER),
        (r"XYZ\Heiko.Riedel", PASSWORD, Fault.UNKNOWN_DOMAIN),
        ("heiko.riedel@xyz.test", PASSWORD, Fault.UNKNOWN_DOMAIN),
    ],
)
@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_stranger_with_a_wrong_login_is_refused(
    login: str, password: str, fault: Fault, level: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LM_COMPAT_LEVEL", str(level))
    ruling = Stranger(door(0), clock(), login, password).register()
    assert isinstance(ruling, Ask) and ruling.fault is fault


def test_stranger_whose_server_tells_the_time_sends_a_mic_and_no_lm_response() -> None:
    """Their clock does not count then: the time in the response is the server's."""
    for spoil in (False, True):
        one = Stranger(door(5, host=Host(timestamp=True)), 1256669010.0)
        if spoil:
            one.context._calculate_mic = lambda *parts: bytes(16)
        ruling = one.register()
        read = their_messages.Authenticate.unpack(one.token)
        assert read.mic is not None and read.lm_challenge_response == bytes(24)
        if spoil:
            assert isinstance(ruling, Ask) and ruling.fault is Fault.MIC
        else:
            assert isinstance(ruling, Admit)


def test_stranger_whose_clock_is_two_days_off_is_refused_with_ntlmv2_only(monkeypatch: pytest.MonkeyPatch) -> None:
    ruling = Stranger(door(0), clock() - 48 * 3600).register()
    assert isinstance(ruling, Ask) and ruling.fault is Fault.CLOCK
    assert ruling.why.startswith("clock differs by 48.0 hours: the client is ahead")
    monkeypatch.setenv("LM_COMPAT_LEVEL", "2")
    assert isinstance(Stranger(door(0), clock() - 48 * 3600).register(), Admit)


def test_stranger_with_an_empty_lm_field_or_lm_alone_is_judged_by_what_is_there() -> None:
    for level, lm, nt, wanted in (
        (5, False, True, Fault.NONE),
        (3, True, False, Fault.NONE),
        (4, True, False, Fault.LEVEL),
        (0, False, False, Fault.WRONG_PASSWORD),
    ):
        cleared = Flags(0) if nt else Flags.ESS | Flags.LM_KEY
        one = Partial(door(level), clock(), lm, nt, cleared=cleared)
        ruling = one.register()
        assert (ruling.fault if isinstance(ruling, Ask) else Fault.NONE) is wanted, (level, lm, nt, ruling)


class Partial(Stranger):
    """A stranger that leaves one of the two responses out."""

    def __init__(self, doorman: Doorman, now: float, lm: bool, nt: bool, **more: Any) -> None:
        super().__init__(doorman, now, **more)
        self.lm, self.nt = lm, nt
        self.context._lm, self.context._nt_v1, self.context._nt_v2 = True, not nt, nt

    def answer(self, challenge: bytes) -> bytes:
        read = their_messages.Authenticate.unpack(super().answer(challenge))
        return their_messages.Authenticate(
            read.flags,
            read.lm_challenge_response if self.lm else b"",
            read.nt_challenge_response if self.nt else b"",
            domain_name=read.domain_name,
            username=read.user_name,
            workstation=read.workstation,
            encrypted_session_key=read.encrypted_random_session_key,
            version=read.version,
        ).pack()


@pytest.mark.parametrize("minimum", [Flags.ESS, Flags.KEY_128, Flags.ESS | Flags.KEY_128])
@pytest.mark.parametrize("offer", OFFERS)
def test_minimum_session_security_looks_at_the_flags_alone(minimum: Flags, offer: str) -> None:
    doorman = door(0)
    doorman.minimum = minimum
    ruling = Stranger(doorman, clock(), cleared=OFFERS[offer]).register()
    enough = not minimum & ~(OCS_OFFER & ~OFFERS[offer])
    assert isinstance(ruling, Admit) is enough
    assert enough or (isinstance(ruling, Ask) and ruling.fault is Fault.WEAK)
