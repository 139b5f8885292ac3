"""The arithmetic of Digest against the worked examples of the RFCs."""

from __future__ import annotations

from hashlib import new

import pytest

from snomtui.auth.proof import Proof, digest, is_session, knows, user_hash

OLD = ("Mufasa", "testrealm@host.com", "Circle Of Life", "dcd98b7102dd2f0e8b11d0f600bfb0c093", "/dir/index.html")
NONCE = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"
CNONCE = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"


def test_example_of_rfc_2617() -> None:
    proof = Proof("MD5", *OLD, "auth", "00000001", "0a4f113b")
    assert proof.value("GET") == "6629fae49393a05397450978507c4ef1"
    assert "Circle" not in repr(proof)


def test_example_of_rfc_2069_with_its_erratum() -> None:
    """RFC 2069 2.4 has a wrong value; erratum 749 has this one."""
    nonce = "dcd98b7102dd2f0e8b11d0f600bfb0c093"
    proof = Proof("MD5", "Mufasa", "testrealm@host.com", "CircleOfLife", nonce, "/dir/index.html")
    assert proof.value("GET") == "1949323746fe6a43ef61f9606e7febea"


@pytest.mark.parametrize(
    ("algorithm", "response"),
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_examples_of_rfc_7616_3_9_1(algorithm: str, response: str) -> None:
    realm, password = "http-auth@example.org", "Circle of Life"
    proof = Proof(algorithm, "Mufasa", realm, password, NONCE, "/dir/index.html", "auth", "00000001", CNONCE)
    assert proof.value("GET") == response


def test_example_of_rfc_7616_3_9_2_with_its_erratum() -> None:
    """The RFC's values are not those of its inputs; erratum 4897 has these."""
    user, realm = "J\u00e4s\u00f8n Doe", "api@example.org"
    hashed = "793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b"
    assert user_hash("SHA-512-256", user, realm) == hashed
    nonce, cnonce = "5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", "NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v"
    proof = Proof("SHA-512-256", user, realm, "Secret, or not?", nonce, "/doe.json", "auth", "00000001", cnonce)
    assert proof.value("GET") == "3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5"


def by_hand(algorithm: str, *texts: str) -> str:
    """H() of texts that are joined by colons, step by step."""
    return new(algorithm, ":".join(texts).encode()).hexdigest()


@pytest.mark.parametrize(
    ("token", "name"), [("MD5-sess", "md5"), ("sha-256-SESS", "sha256"), ("SHA-512-256-sess", "sha512_256")]
)
def test_session_key_and_body_as_rfc_7616_3_4_writes_them(token: str, name: str) -> None:
    proof = Proof(token, "u", "r", "p", "n", "sip:x", "auth-int", "00000002", "c")
    key = by_hand(name, by_hand(name, "u", "r", "p"), "n", "c")
    a2 = by_hand(name, "INVITE", "sip:x", by_hand(name, "v=0\r\n"))
    assert proof.value("INVITE", b"v=0\r\n") == by_hand(name, key, "n", "00000002", "c", "auth-int", a2)
    server = by_hand(name, "", "sip:x", by_hand(name, ""))
    assert proof.value("") == by_hand(name, key, "n", "00000002", "c", "auth-int", server)
    assert is_session(token)


@pytest.mark.parametrize("token", ["MD5", "md5-Sess", "SHA-256", "sha-512-256", "SHA-512-256-sess"])
def test_algorithms_are_known_in_any_spelling(token: str) -> None:
    assert knows(token) and len(digest(token, "x")) in (32, 64)


@pytest.mark.parametrize(
    "token", ["", "SHA", "SHA-1", "SHA-512", "MD5-sess-sess", "AKAv1-MD5", "-sess", "\u017fHA-256"]
)
def test_other_algorithms_are_not(token: str) -> None:
    assert not knows(token)


def test_bytes_that_are_no_text_are_hashed_as_they_came() -> None:
    assert digest("MD5", "\udcff") == new("md5", b"\xff").hexdigest()
    assert digest("MD5", "\ud800") == new("md5", b"\xed\xa0\x80").hexdigest()
