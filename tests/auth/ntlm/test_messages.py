from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snomtui.auth.ntlm import crypto
from snomtui.auth.ntlm.avpairs import AvId, AvPairs, from_filetime, to_filetime
from snomtui.auth.ntlm.messages import Authenticate, Challenge, Flags, describe
from snomtui.auth.ntlm.policy import ResponseKind, classify
from snomtui.errors import BadToken
from tests.auth.ntlm.test_worked_examples import AUTHENTICATE, CHALLENGE


def with_field(token: bytes, at: int, size: int, offset: int) -> bytes:
    descriptor = size.to_bytes(2, "little") * 2 + offset.to_bytes(4, "little")
    return token[:at] + descriptor + token[at + 8 :]


@pytest.mark.parametrize("at", range(12, 60, 8))
@pytest.mark.parametrize(("size", "offset"), [(2, 276), (300, 72), (2, 0), (2, 60), (2, 0xFFFFFFFF), (0xFFFF, 72)])
def test_reader_refuses_a_field_outside_of_the_token(at: int, size: int, offset: int) -> None:
    with pytest.raises(BadToken):
        Authenticate.parse(with_field(AUTHENTICATE, at, size, offset))


@pytest.mark.parametrize("at", range(12, 60, 8))
def test_reader_takes_an_empty_field_wherever_it_points(at: int) -> None:
    if at != 20:  # without an NT field there is nothing to look at
        Authenticate.parse(with_field(AUTHENTICATE, at, 0, 0xFFFF))
    assert Authenticate.parse(with_field(AUTHENTICATE, 20, 0, 0xFFFF)).nt == b""


@pytest.mark.parametrize("size", range(0, 64))
def test_reader_refuses_a_cut_token(size: int) -> None:
    with pytest.raises(BadToken):
        Authenticate.parse(AUTHENTICATE[:size])
    if size < 48:
        with pytest.raises(BadToken):
            Challenge.parse(CHALLENGE[:size])


def test_reader_refuses_a_token_of_another_type() -> None:
    with pytest.raises(BadToken, match="type 2 instead of 3"):
        Authenticate.parse(CHALLENGE)
    with pytest.raises(BadToken, match="type 3 instead of 2"):
        Challenge.parse(AUTHENTICATE)


@given(st.binary(max_size=300))
def test_garbage_is_a_bad_token_and_nothing_else(data: bytes) -> None:
    for token in (data, b"NTLMSSP\0" + data, CHALLENGE[:12] + data, AUTHENTICATE[:12] + data):
        for read in (Challenge.parse, Authenticate.parse, describe):
            try:
                read(token)
            except BadToken:
                continue


@given(st.integers(0, 275), st.integers(0, 255))
def test_one_changed_byte_is_read_or_refused(at: int, value: int) -> None:
    changed = AUTHENTICATE[:at] + bytes([value]) + AUTHENTICATE[at + 1 :]
    try:
        classify(Authenticate.parse(changed))
    except BadToken:
        return


@given(st.lists(st.tuples(st.integers(1, 0xFFFF), st.binary(max_size=40)), max_size=8), st.binary(max_size=8))
def test_av_pairs_come_back_as_they_were_written(items: list[tuple[int, bytes]], rest: bytes) -> None:
    pairs = AvPairs(tuple(items))
    assert AvPairs.parse(bytes(pairs) + rest) == pairs


@pytest.mark.parametrize("text", ["", "0100", "01000400", "0100040061006200", "0000"])
def test_av_pairs_need_their_end_mark(text: str) -> None:
    with pytest.raises(BadToken):
        AvPairs.parse(bytes.fromhex(text))


@given(
    st.text(max_size=20),
    st.text(max_size=20),
    st.text(max_size=20),
    st.binary(max_size=24),
    st.binary(max_size=24),
    st.binary(max_size=16),
)
def test_authenticate_comes_back_as_it_was_written(
    user: str, domain: str, host: str, lm: bytes, nt: bytes, key: bytes
) -> None:
    message = Authenticate(Flags.UNICODE | Flags.NTLM, user, domain, host, lm, nt, key)
    assert Authenticate.parse(bytes(message)) == message


def test_message_with_a_mic_keeps_it_at_byte_72() -> None:
    pairs = AvPairs(((AvId.FLAGS, b"\x02\0\0\0"),))
    nt = bytes(16) + crypto.v2_temp(bytes(8), bytes(8), bytes(pairs))
    message = Authenticate(Flags.UNICODE, "u", "d", "w", bytes(24), nt, bytes(16), mic=b"m" * 16)
    token = bytes(message)
    assert token[72:88] == b"m" * 16
    assert Authenticate.parse(token).mic == b"m" * 16
    assert Authenticate.parse(token).without_mic() == token.replace(b"m" * 16, bytes(16))


def test_description_names_everything_but_the_secrets() -> None:
    text = describe(AUTHENTICATE)
    assert "'Heiko.Riedel'" in text and "'ucc'" in text and "NT 120 bytes" in text and "KEY_EXCH" in text
    message = Authenticate.parse(AUTHENTICATE)
    for secret in (message.nt, message.lm, message.session_key):
        assert secret.hex() not in text and repr(secret) not in repr(message)
    assert "'sip.ucc.test'" in describe(CHALLENGE)


def test_kinds_are_told_by_the_length_of_the_nt_field() -> None:
    def kind(nt: int, flags: Flags = Flags.UNICODE, user: str = "u") -> ResponseKind:
        return classify(Authenticate(flags, user, nt=bytes(nt)))

    assert kind(24) is ResponseKind.NTLMV1
    assert kind(24, Flags.ESS) is ResponseKind.NTLM2_SESSION
    assert kind(48) is kind(48, Flags.ESS) is ResponseKind.NTLMV2
    assert kind(0) is ResponseKind.LM
    assert kind(0, user="") is ResponseKind.ANONYMOUS
    for odd in (1, 16, 23, 25, 47):
        with pytest.raises(BadToken):
            kind(odd)


@given(st.floats(-1e9, 1e10))
def test_filetime_keeps_the_time(now: float) -> None:
    assert abs(from_filetime(to_filetime(now)) - now) < 1e-5
