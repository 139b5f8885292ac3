"""The server's check of answers that no guard of ours would give, and the client's of odd challenges."""

from __future__ import annotations

from dataclasses import replace

import pytest

from snomtui.auth.faults import Fault
from snomtui.auth.ntlm import crypto
from snomtui.auth.ntlm.avpairs import AvId, AvPairs, to_filetime
from snomtui.auth.ntlm.context import ClientContext
from snomtui.auth.ntlm.keys import SessionKeys
from snomtui.auth.ntlm.messages import Authenticate, Challenge, Flags
from snomtui.auth.ntlm.policy import LmLevel, ResponseKind
from snomtui.auth.ntlm.server import OCS_OFFER, Host, ServerContext
from snomtui.kit.secret import Secret
from tests.auth.wire import NOW, seeded

PASSWORD = "Sommer2009!"
ANSWER = Flags(0x62988255)
KEY = bytes(range(16))


def server(level: int = 0, password: str = PASSWORD, host: Host | None = None) -> ServerContext:
    def password_of(user: str, domain: str) -> Secret | None:
        return Secret(password) if user.lower() == "heiko" else None

    return ServerContext(host or Host(), LmLevel(level), password_of, NOW, seeded(7))


def challenge(context: ServerContext) -> bytes:
    return Challenge.parse(context.token).server_challenge


def client(level: int = 3, user: str = "heiko", domain: str = "ucc", password: str = PASSWORD) -> ClientContext:
    return ClientContext(user, domain, Secret(password), LmLevel(level))


def v1(context: ServerContext, flags: Flags, *, lm_only: bool = False) -> Authenticate:
    """An NTLMv1 or LM answer without extended session security, with the key exchange that the flags ask for."""
    lm_hash = crypto.lmowf_v1(PASSWORD)
    assert lm_hash is not None
    number = challenge(context)
    lm, nt = crypto.desl(lm_hash, number), crypto.nt_response_v1(PASSWORD, number, None)
    key = crypto.kxkey_v1(flags, crypto.session_base_key_v1(PASSWORD), lm_hash, number, lm)
    assert key is not None
    return Authenticate(flags, "heiko", "ucc", "", lm, b"" if lm_only else nt, crypto.rc4(key, KEY))


@pytest.mark.parametrize("more", [Flags(0), Flags.LM_KEY])
def test_server_takes_plain_ntlmv1_and_derives_the_key_that_the_flags_ask_for(more: Flags) -> None:
    context, flags = server(4), ANSWER & ~Flags.ESS | more
    outcome = context.check(bytes(v1(context, flags)), NOW)
    assert outcome.ok and outcome.kind is ResponseKind.NTLMV1
    assert outcome.keys == SessionKeys.derive(KEY, flags)


def test_server_refuses_a_key_that_is_to_be_made_of_an_lm_response_that_is_not_there() -> None:
    context, flags = server(4), ANSWER & ~Flags.ESS | Flags.LM_KEY
    outcome = context.check(bytes(replace(v1(context, flags), lm=b"")), NOW)
    assert not outcome.ok and outcome.keys is None and outcome.fault is Fault.WRONG_PASSWORD


def test_server_takes_lm_below_level_4_only() -> None:
    for level in range(6):
        context = server(level)
        outcome = context.check(bytes(v1(context, ANSWER & ~Flags.ESS, lm_only=True)), NOW)
        assert outcome.ok is (level < 4)
        assert outcome.kind is ResponseKind.LM
        if level >= 4:
            assert outcome.fault is Fault.LEVEL
            assert outcome.why.startswith(f"LM response refused by level {level} (Send NTLMv2 response only. Refuse LM")


def test_server_refuses_lm_for_a_password_that_has_no_lm_hash() -> None:
    context = server(0, "a password of more than 14 characters")
    outcome = context.check(bytes(v1(context, ANSWER & ~Flags.ESS, lm_only=True)), NOW)
    assert outcome.fault is Fault.WRONG_PASSWORD


def test_client_with_a_long_password_sends_ntlm_in_both_fields() -> None:
    long = "a password of more than 14 characters"
    context = server(0, long, Host(offer=OCS_OFFER & ~Flags.ESS))
    answer = client(0, password=long).answer(context.token, NOW, seeded())
    message = Authenticate.parse(answer.token)
    assert message.lm == message.nt and len(message.nt) == 24
    assert context.check(answer.token, NOW).ok


def test_client_below_level_2_sends_a_real_lm_response() -> None:
    for level, real in ((0, True), (1, True), (2, False)):
        context = server(0, host=Host(offer=OCS_OFFER & ~Flags.ESS))
        message = Authenticate.parse(client(level).answer(context.token, NOW, seeded()).token)
        assert (message.lm != message.nt) is real


def test_challenge_is_good_for_one_attempt() -> None:
    context = server()
    wrong = client(password="x").answer(context.token, NOW, seeded())
    right = client().answer(context.token, NOW, seeded())
    assert context.check(wrong.token, NOW).fault is Fault.WRONG_PASSWORD
    assert context.check(right.token, NOW).fault is Fault.USED


def test_server_refuses_anonymous_and_unreadable_answers() -> None:
    nobody = Authenticate(ANSWER | Flags.ANONYMOUS, "", lm=b"\0")
    assert server().check(bytes(nobody), NOW).fault is Fault.ANONYMOUS
    assert server().check(b"NTLMSSP\0garbage", NOW).fault is Fault.UNREADABLE
    assert server().check(bytes(Authenticate(ANSWER, "heiko", nt=bytes(30))), NOW).fault is Fault.UNREADABLE


@pytest.mark.parametrize(
    ("given", "taken"), [(Flags.NON_NT_SESSION_KEY, Flags(0)), (Flags(0), Flags.DATAGRAM), (Flags(0), Flags.KEY_EXCH)]
)
def test_server_refuses_flags_that_were_not_offered_or_are_needed(given: Flags, taken: Flags) -> None:
    context = server()
    message = Authenticate.parse(client().answer(context.token, NOW, seeded()).token)
    assert context.check(bytes(replace(message, flags=message.flags & ~taken | given)), NOW).fault is Fault.FLAGS


def test_server_refuses_a_session_key_of_another_length() -> None:
    context = server()
    message = Authenticate.parse(client().answer(context.token, NOW, seeded()).token)
    assert context.check(bytes(replace(message, session_key=bytes(15))), NOW).fault is Fault.FLAGS


def test_server_computes_with_the_domain_as_it_was_sent_and_then_without_one() -> None:
    for domain in ("ucc", "UCC", "Ucc.Test", ""):
        context = server(5)
        assert context.check(client(domain=domain).answer(context.token, NOW, seeded()).token, NOW).ok
    context = server(5)
    message = Authenticate.parse(client(domain="").answer(context.token, NOW, seeded()).token)
    assert context.check(bytes(replace(message, domain="UCC")), NOW).ok


@pytest.mark.parametrize("lm", [b"", bytes(24), b"anything at all, 24 bytes"[:24]])
def test_server_does_not_look_at_the_lm_field_beside_ntlmv2(lm: bytes) -> None:
    context = server(5)
    message = Authenticate.parse(client().answer(context.token, NOW, seeded()).token)
    assert context.check(bytes(replace(message, lm=lm)), NOW).ok


def test_server_computes_over_the_av_list_that_the_client_returned_and_checks_an_announced_mic() -> None:
    for spoil in (b"", b"x"):
        context = server(5)
        pairs = Challenge.parse(context.token).pairs
        more = ((AvId.TARGET_NAME, "sip/sip.ucc.test".encode("utf-16-le")), (AvId.FLAGS, b"\x02\0\0\0"))
        info = bytes(AvPairs((*pairs.items, *more)))
        key = crypto.ntowf_v2(PASSWORD, "heiko", "ucc")
        temp = crypto.v2_temp(to_filetime(NOW), b"client!!", info)
        proof = crypto.nt_proof(key, challenge(context), temp)
        encrypted = crypto.rc4(crypto.hmac_md5(key, proof), KEY)
        message = Authenticate(ANSWER, "heiko", "ucc", "PC", b"", proof + temp, encrypted, mic=bytes(16))
        mic = crypto.hmac_md5(KEY, context.token + bytes(message) + spoil)
        outcome = context.check(bytes(replace(message, mic=mic)), NOW)
        assert outcome.fault is (Fault.MIC if spoil else Fault.NONE)


def test_server_says_who_signed_in_and_how() -> None:
    context = server(5)
    outcome = context.check(client(user="HEIKO").answer(context.token, NOW, seeded()).token, NOW)
    assert (outcome.user, outcome.domain, outcome.why) == ("HEIKO", "ucc", "signed in with NTLMv2")
    assert "KEY" not in repr(outcome.keys) and repr(outcome.keys) == "SessionKeys(*****)"


def test_client_needs_no_av_list() -> None:
    context = server(5, host=Host(offer=OCS_OFFER & ~Flags.TARGET_INFO))
    assert Challenge.parse(context.token).pairs == AvPairs()
    assert context.check(client().answer(context.token, NOW, seeded()).token, NOW).ok


def test_client_answers_the_offer_of_an_ocs_2007_r2_as_communicator_does() -> None:
    context = server()
    assert Authenticate.parse(client().answer(context.token, NOW, seeded()).token).flags == ANSWER


def test_upper_case_is_windows_own() -> None:
    assert crypto.windows_upper("straße öä") == "STRAßE ÖÄ"
    assert crypto.ntowf_v2("x", "straße", "d") == crypto.ntowf_v2("x", "STRAßE", "d")
    assert crypto.ntowf_v2("x", "u", "ucc") != crypto.ntowf_v2("x", "u", "UCC")
