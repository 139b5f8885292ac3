"""The client's answers to Digest challenges."""

from __future__ import annotations

import pytest

from snomtui.auth.challenge import AuthLine
from snomtui.auth.offer import DigestAnswer, DigestOffer, answer
from snomtui.auth.proof import Proof, user_hash
from snomtui.kit.secret import Secret
from tests.auth.wire import seeded


def offer(text: str) -> DigestOffer:
    found = DigestOffer.of(AuthLine.parse(text))
    assert found is not None
    return found


def answered(
    text: str, user: str = "u", password: str = "p", method: str = "REGISTER", body: bytes = b"", nc: int = 1
) -> DigestAnswer:
    return answer(offer(text), user, Secret(password), method, "sip:r", nc, seeded(), body=body)


@pytest.mark.parametrize(
    "text",
    [
        'Digest realm="r"',
        'Digest nonce="n"',
        'Digest realm="r", nonce="n", algorithm=TIGER',
        'Digest realm="r", nonce="n", algorithm=SHA-1',
        'Digest realm="r", nonce="n", qop="auth-conf"',
        'NTLM realm="r", nonce="n"',
        "Digest",
        "Digest YWJj",
    ],
)
def test_client_leaves_challenges_that_it_cannot_answer(text: str) -> None:
    assert DigestOffer.of(AuthLine.parse(text)) is None


def test_client_writes_only_what_the_server_asked_for() -> None:
    old = answered('Digest realm="r", nonce="n"')
    assert [param.name for param in old.line.params] == ["username", "realm", "nonce", "uri", "response"]
    assert old.rspauth(None, b"") is None
    new = answered('Digest realm="r", nonce="n", qop="auth-int, auth", opaque="o"', nc=26)
    assert "nc=0000001a" in str(new.line) and "qop=auth," in str(new.line) and 'opaque="o"' in str(new.line)


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        ("auth", "auth"),
        ("auth-int", "auth-int"),
        ("auth-int,auth", "auth"),
        ("AUTH , x", "auth"),
        ("x,auth-int", "auth-int"),
        ("", None),
        (" , ", None),
    ],
)
def test_client_protects_the_body_only_where_nothing_less_is_offered(offered: str, chosen: str | None) -> None:
    made = answered(f'Digest realm="r", nonce="n", qop="{offered}"', body=b"v=0\r\n")
    assert made.line.get("qop") == chosen
    cnonce = made.line.get("cnonce") or ""
    proof = Proof("MD5", "u", "r", "p", "n", "sip:r", chosen, "00000001" if chosen else "", cnonce)
    assert made.line.get("response") == proof.value("REGISTER", b"v=0\r\n")


def test_escapes_are_undone_for_the_hash_and_echoed_as_they_were() -> None:
    text = r'Digest realm="a \"b\" \c", nonce="n\\1", opaque="o\"p", qop="auth"'
    made = answered(text, user='he"i\\ko')
    assert r'realm="a \"b\" \c", nonce="n\\1"' in str(made.line)
    assert r'opaque="o\"p"' in str(made.line)
    assert r'username="he\"i\\ko"' in str(made.line)
    proof = Proof("MD5", 'he"i\\ko', 'a "b" c', "p", "n\\1", "sip:r", "auth", "00000001", made.line.get("cnonce") or "")
    assert made.line.get("response") == proof.value("REGISTER")


def test_values_without_quotes_are_taken_as_they_are_and_quoted() -> None:
    made = answered("Digest realm=a\\b, nonce=n, qop=auth, algorithm=md5")
    assert r'realm="a\\b", nonce="n"' in str(made.line) and "algorithm=md5," in str(made.line)
    assert made.proof.realm == "a\\b"


def test_empty_realm_and_opaque_are_answered() -> None:
    made = answered('Digest realm="", nonce="n", opaque=""')
    assert 'realm=""' in str(made.line) and 'opaque=""' in str(made.line)


@pytest.mark.parametrize("token", ["md5", "MD5-Sess", "sha-256", "SHA-256-SESS", "Sha-512-256", "SHA-512-256-sess"])
@pytest.mark.parametrize("form", ["{}", '"{}"'])
def test_algorithm_is_echoed_as_it_was_spelled(token: str, form: str) -> None:
    made = answered(f'Digest realm="r", nonce="n", qop="auth", algorithm={form.format(token)}')
    assert f"algorithm={token}," in str(made.line)


@pytest.mark.parametrize("word", ["true", "TRUE", '"True"'])
def test_stale_is_read_in_any_form(word: str) -> None:
    assert offer(f'Digest realm="r", nonce="n", stale={word}').stale
    assert not offer('Digest realm="r", nonce="n", stale=false').stale


def test_user_name_is_hidden_where_the_server_wants_it() -> None:
    made = answered('Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256, userhash=true', user="heiko")
    assert made.line.get("username") == user_hash("SHA-256", "heiko", "r")
    assert str(made.line).endswith("userhash=true")
    assert made.line.get("response") == made.proof.value("REGISTER") and made.proof.user == "heiko"
    assert "userhash" not in str(answered('Digest realm="r", nonce="n", userhash=false').line)


def test_user_and_password_are_normalized_for_a_server_of_utf_8() -> None:
    made = answered('Digest realm="r", nonce="n", charset=utf-8', user="Ja\u0308son", password="a\u030a")
    assert (made.proof.user, made.proof.password) == ("J\u00e4son", "\u00e5")
    assert 'username="J\u00e4son"' in str(made.line)
    assert answered('Digest realm="r", nonce="n"', user="Ja\u0308son").proof.user == "Ja\u0308son"


def test_password_is_never_shown() -> None:
    made = answered('Digest realm="r", nonce="n"', password="geheim")
    assert "geheim" not in f"{made!r}{made.proof!r}{made.line}"
