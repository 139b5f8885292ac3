"""An independent NTLM library on random passwords, users and challenges."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from spnego._ntlm_raw import crypto as theirs
from spnego._ntlm_raw import messages as their_messages
from spnego._ntlm_raw import security as their_security

from snomtui.auth.ntlm import crypto
from snomtui.auth.ntlm.avpairs import AvId, from_filetime, to_filetime
from snomtui.auth.ntlm.context import ClientContext
from snomtui.auth.ntlm.keys import SIP_SEQUENCE, SessionKeys, seal_key, sign_key
from snomtui.auth.ntlm.messages import Authenticate, Challenge, Flags
from snomtui.auth.ntlm.policy import LmLevel
from snomtui.auth.ntlm.server import Host, ServerContext
from snomtui.kit.secret import Secret

# Windows maps one character to one; Python's longer forms (sharp s) are where the two libraries may differ.
LETTERS = st.characters(codec="utf-16-le").filter(lambda char: len(char.upper()) == 1)
NAMES = st.text(LETTERS, max_size=20)
PASSWORDS = st.text(LETTERS, max_size=30).filter(lambda text: not theirs.is_ntlm_hash(text))
EIGHT = st.binary(min_size=8, max_size=8)
SIXTEEN = st.binary(min_size=16, max_size=16)
FLAGS = st.sampled_from([0x62988255, 0xE2988255, 0xC2988255, 0x42988255, 0x22988255, 0x02988255]).map(Flags)


def dice(*values: bytes) -> Iterator[bytes]:
    return iter(values)


@given(PASSWORDS, NAMES, NAMES)
def test_they_make_the_same_one_way_functions(password: str, user: str, domain: str) -> None:
    assert crypto.md4(password.encode("utf-16-le")) == theirs.ntowfv1(password) == crypto.ntowf_v1(password)
    assert crypto.ntowf_v2(password, user, domain) == theirs.ntowfv2(user, theirs.ntowfv1(password), domain)


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=14), EIGHT, EIGHT, st.booleans())
def test_they_make_the_same_version_1_responses(password: str, server: bytes, client: bytes, ess: bool) -> None:
    flags = Flags.ESS if ess else Flags(0)
    lm_hash = crypto.lmowf_v1(password)
    assert lm_hash == theirs.lmowfv1(password)
    nt, lm, key = theirs.compute_response_v1(
        flags, theirs.ntowfv1(password), theirs.lmowfv1(password), server, client, no_lm_response=False
    )
    assert crypto.nt_response_v1(password, server, client if ess else None) == nt
    base = crypto.session_base_key_v1(password)
    assert crypto.kxkey_v1(flags, base, lm_hash, server, lm) == key
    for more in (Flags(0), Flags.LM_KEY, Flags.NON_NT_SESSION_KEY):
        ours = crypto.kxkey_v1(flags | more, base, lm_hash, server, lm)
        assert ours == theirs.kxkey(flags | more, base, theirs.lmowfv1(password), lm, server)


@given(SIXTEEN, FLAGS)
def test_they_make_the_same_session_keys(exported: bytes, flags: Flags) -> None:
    for client, usage in ((True, "initiate"), (False, "accept")):
        assert sign_key(exported, client) == theirs.signkey(flags, exported, usage)
        assert seal_key(flags, exported, client) == theirs.sealkey(flags, exported, usage)


@given(SIXTEEN, FLAGS, st.binary(max_size=200), st.booleans())
def test_they_make_the_same_datagram_signature(exported: bytes, flags: Flags, text: bytes, client: bool) -> None:
    keys = SessionKeys.derive(exported, flags)
    sign, seal = (keys.client_sign, keys.client_seal) if client else (keys.server_sign, keys.server_seal)
    handle = theirs.rc4init(crypto.md5(seal + SIP_SEQUENCE.to_bytes(4, "little")))
    signature = keys.sign(text, client=client)
    assert signature == their_security.sign(flags, handle, sign, SIP_SEQUENCE, text)
    assert signature.endswith(b"\x64\0\0\0")
    plain = flags & ~Flags.ESS
    without = SessionKeys.derive(exported, plain)
    first = their_security.sign(plain, theirs.rc4init(without.client_seal), b"", SIP_SEQUENCE, text)
    assert without.verify(text, first, client=client)


@settings(max_examples=60)
@given(PASSWORDS.filter(bool), NAMES.filter(bool), NAMES, EIGHT, EIGHT, SIXTEEN, st.integers(0, 5), st.booleans())
def test_they_read_our_tokens_and_agree_with_the_response(
    password: str, user: str, domain: str, server: bytes, client: bytes, exported: bytes, level: int, told: bool
) -> None:
    now = 1256669010.0
    one = dice(server)
    host = Host(timestamp=told)
    door = ServerContext(host, LmLevel(0), lambda user, domain: Secret(password), now, lambda size: next(one))
    two = dice(client, exported)
    context = ClientContext(user, domain, Secret(password), LmLevel(level), "SNOM370")
    answer = context.answer(door.token, now, lambda size: next(two))
    seen = their_messages.Challenge.unpack(door.token)
    assert seen.server_challenge == server and seen.flags == host.offer
    assert seen.target_info is not None
    assert seen.target_info[their_messages.AvId.dns_computer_name] == "sip.ucc.test"
    read = their_messages.Authenticate.unpack(answer.token)
    assert (read.user_name or "", read.domain_name or "", read.workstation) == (user, domain, "SNOM370")
    nt_hash = theirs.ntowfv1(password)
    if level < 3:
        lm_hash = theirs.lmowfv1(password) if crypto.lmowf_v1(password) else b""
        flags = Authenticate.parse(answer.token).flags
        nt = theirs.compute_response_v1(flags, nt_hash, lm_hash or bytes(16), server, client)[0]
    else:
        time = their_messages.FileTime.unpack(to_filetime(now))
        key = theirs.ntowfv2(user, nt_hash, domain)
        nt, lm, base = theirs.compute_response_v2(key, server, client, time, seen.target_info)
        assert read.encrypted_random_session_key is not None
        assert theirs.rc4k(base, read.encrypted_random_session_key) == exported
        assert Authenticate.parse(answer.token).lm == (bytes(24) if told else lm)
    assert read.nt_challenge_response == nt
    outcome = door.check(answer.token, now)
    assert outcome.ok and outcome.keys == answer.keys


@given(NAMES.filter(bool), NAMES, EIGHT, SIXTEEN)
def test_we_take_an_answer_that_they_wrote(user: str, domain: str, client: bytes, exported: bytes) -> None:
    now = 1256669010.0
    one = dice(bytes(8))
    door = ServerContext(Host(), LmLevel(5), lambda user, domain: Secret("geheim"), now, lambda size: next(one))
    seen = their_messages.Challenge.unpack(door.token)
    assert seen.target_info is not None
    time = their_messages.FileTime.from_datetime(datetime.fromtimestamp(now, UTC))
    key = theirs.ntowfv2(user, theirs.ntowfv1("geheim"), domain)
    nt, lm, base = theirs.compute_response_v2(key, bytes(8), client, time, seen.target_info)
    flags = 0x62988255
    theirs_token = their_messages.Authenticate(
        flags=flags,
        lm_challenge_response=lm,
        nt_challenge_response=nt,
        domain_name=domain or None,
        username=user,
        workstation="PC",
        encrypted_session_key=theirs.rc4k(base, exported),
    ).pack()
    outcome = door.check(theirs_token, now)
    assert outcome.ok, outcome.why
    assert outcome.keys == SessionKeys.derive(exported, Flags(flags))


def test_they_agree_about_the_time_in_a_challenge() -> None:
    one = dice(bytes(8))
    door = ServerContext(Host(timestamp=True), LmLevel(5), lambda user, domain: None, 1256669010.0, lambda n: next(one))
    info = their_messages.Challenge.unpack(door.token).target_info
    assert info is not None
    seen = info[their_messages.AvId.timestamp]
    ours = Challenge.parse(door.token).pairs.get(AvId.TIMESTAMP)
    assert ours is not None
    assert seen.timestamp() == from_filetime(ours) == 1256669010.0
