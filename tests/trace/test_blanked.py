"""What a message says to others: its secrets are stars, everything else is as it was."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from snomtui.trace.blanked import blanked
from tests.trace.samples import record

SECRET = (
    b"REGISTER sip:ucc.test SIP/2.0\r\n"
    b'Authorization: Digest username="heiko", nonce="n1", response="0123456789abcdef", cnonce="c"\r\n'
    b'Proxy-Authorization: NTLM opaque="1",\r\n gssapi-data="TlRMTVNTUAADAAAA", targetname="sip.ucc.test"\r\n'
    b'Authentication-Info: NTLM rspauth="0100000061626364", srand="1"\r\n'
    b'WWW-Authenticate: NTLM gssapi-data="TlRMTVNTUAACAAAA"\r\n'
    b"Contact: <sip:heiko:geheim@192.0.2.7:5060>\r\n"
    b"Content-Length: 100\r\n\r\n"
    b"v=0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7|2^31\r\nk=clear:offen\r\n"
)


def test_stranger_who_reads_a_trace_learns_no_secret_but_all_the_rest() -> None:
    seen = blanked(record(1, SECRET, True)).data
    for secret in (b"0123456789abcdef", b"AAADAAAA", b"61626364", b"geheim", b"WVNfX19z", b"offen"):
        assert secret not in seen
    for kept in (b'username="heiko"', b'nonce="n1"', b"srand", b"sip:heiko:******@192.0.2.7:5060", b"|2^31"):
        assert kept in seen
    assert b'gssapi-data="TlRMTVNTUAACAAAA"' in seen  # what a server asks is no secret
    assert len(seen) == len(SECRET)


def test_message_without_secrets_is_the_very_same() -> None:
    plain = record(1, b"OPTIONS sip:a@b.test SIP/2.0\r\nFrom: <sip:a@b.test:5060>;tag=1\r\n\r\n", False)
    assert blanked(plain) is plain


@given(st.binary(max_size=300))
def test_garbage_keeps_its_length(data: bytes) -> None:
    assert len(blanked(record(1, b"Authorization: Digest response=" + data, True)).data) == 31 + len(data)
