from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snomtui.auth.challenge import AuthLine
from snomtui.auth.digest import MOST_NONCES, DigestDoor, DigestOffer, DigestResult, Proof, answer
from snomtui.kit.secret import Secret
from tests.auth.wire import NOW, seeded

PASSWORDS = {"heiko": "Sommer2009!", "UCC\\heiko": "Herbst", "jörg": "ß\u20ac"}


def door(algorithm: str = "MD5", secret: bytes = b"s" * 32) -> DigestDoor:
    return DigestDoor("ucc.test", secret, algorithm)


def offer(text: str) -> DigestOffer:
    found = DigestOffer.of(AuthLine.parse(text))
    assert found is not None
    return found


def credentials(made: DigestDoor, user: str = "heiko", password: str | None = None, now: float = NOW) -> str:
    secret = Secret(PASSWORDS[user] if password is None else password)
    return str(answer(offer(made.challenge(now)), user, secret, "GET", "/index.htm", 1, seeded()).line)


def test_example_of_rfc_2617() -> None:
    proof = Proof(
        "MD5",
        "Mufasa",
        "testrealm@host.com",
        "Circle Of Life",
        "dcd98b7102dd2f0e8b11d0f600bfb0c093",
        "/dir/index.html",
        "auth",
        "00000001",
        "0a4f113b",
    )
    assert proof.value("GET") == "6629fae49393a05397450978507c4ef1"
    assert "Circle" not in repr(proof)


@pytest.mark.parametrize(
    ("algorithm", "response"),
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_examples_of_rfc_7616(algorithm: str, response: str) -> None:
    nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"
    cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
    realm, password = "http-auth@example.org", "Circle of Life"
    proof = Proof(algorithm, "Mufasa", realm, password, nonce, "/dir/index.html", "auth", "00000001", cnonce)
    assert proof.value("GET") == response


@pytest.mark.parametrize("algorithm", ["MD5", "MD5-sess", "SHA-256", "SHA-256-sess"])
@pytest.mark.parametrize("user", list(PASSWORDS))
def test_door_opens_for_the_right_password(algorithm: str, user: str) -> None:
    made = door(algorithm)
    verdict = made.check(credentials(made, user), "GET", "/index.htm", PASSWORDS.get, NOW + 299)
    assert verdict.ok and verdict.user == user


def test_door_opens_for_a_client_of_rfc_2069s_days() -> None:
    made = door()
    nonce = offer(made.challenge(NOW)).nonce
    proof = Proof("MD5", "heiko", "ucc.test", PASSWORDS["heiko"], nonce, "sip:ucc.test")
    line = f'Digest username="heiko",realm="ucc.test",nonce="{nonce}",uri="sip:ucc.test",response="{proof.value("X")}"'
    assert made.check(line, "X", None, PASSWORDS.get, NOW).ok


def test_door_opens_for_a_client_that_hashes_the_backslash_as_it_wrote_it() -> None:
    made = door()
    nonce = offer(made.challenge(NOW)).nonce
    for user in ("UCC\\heiko", "UCC\\\\heiko"):
        proof = Proof("MD5", user, "ucc.test", "Herbst", nonce, "/")
        line = (
            f'Digest username="UCC\\\\heiko", realm="ucc.test", nonce="{nonce}", uri="/", '
            f'response="{proof.value("GET").upper()}", algorithm="md5"'
        )
        assert made.check(line, "GET", "/", PASSWORDS.get, NOW).ok


def test_door_stays_shut_for_everything_that_is_wrong() -> None:
    made = door()
    good = credentials(made)

    def result(text: str, method: str = "GET", uri: str = "/index.htm", now: float = NOW) -> DigestResult:
        return made.check(text, method, uri, PASSWORDS.get, now).result

    assert result(good) is DigestResult.OK
    assert result(credentials(made, password="x")) is DigestResult.WRONG
    assert result(good.replace('"heiko"', '"nobody"')) is DigestResult.WRONG
    assert result(good.replace('realm="ucc.test"', 'realm="UCC.test"')) is DigestResult.WRONG
    assert result(good.replace("nc=00000001", "nc=00000002")) is DigestResult.WRONG
    assert result(good, method="POST") is DigestResult.WRONG
    assert result(good, uri="/settings.htm") is DigestResult.WRONG
    assert result(credentials(door(secret=b"x"))) is DigestResult.STALE
    assert result(good, now=NOW + 301) is DigestResult.STALE
    assert result(good, now=NOW - 10) is DigestResult.STALE
    assert result(credentials(made, password="x", now=NOW - 400)) is DigestResult.WRONG
    for missing in ("username", "realm", "nonce", "uri", "response", "nc", "cnonce"):
        assert result(good.replace(f"{missing}=", f"x{missing}=")) is DigestResult.MALFORMED
    for odd in ("", "Basic YWJj", good + ', Digest a="b"', good.replace("qop=auth", "qop=auth-int"), 'Digest "'):
        assert result(odd) is DigestResult.MALFORMED
    assert result(good.replace("algorithm=MD5", "algorithm=SHA-256")) is DigestResult.MALFORMED


def counted(made: DigestDoor, challenge: DigestOffer, count: int, now: float = NOW) -> DigestResult:
    """What the door says to a request with this count."""
    line = answer(challenge, "heiko", Secret(PASSWORDS["heiko"]), "GET", "/", count, seeded()).line
    return made.check(str(line), "GET", "/", PASSWORDS.get, now).result


def test_eavesdropper_cannot_send_credentials_again() -> None:
    made = door()
    good = credentials(made)
    seen = [made.check(good, "GET", "/index.htm", PASSWORDS.get, NOW + after).result for after in (0, 1, 299)]
    assert seen == [DigestResult.OK, DigestResult.STALE, DigestResult.STALE]


def test_wrong_response_uses_up_no_count() -> None:
    made = door()
    good = credentials(made)
    assert made.check(good, "POST", "/index.htm", PASSWORDS.get, NOW).result is DigestResult.WRONG
    assert made.check(good, "GET", "/index.htm", PASSWORDS.get, NOW).ok


def test_client_may_use_a_nonce_again_with_higher_counts_a_little_out_of_order() -> None:
    made = door()
    one = offer(made.challenge(NOW))
    assert all(counted(made, one, count) is DigestResult.OK for count in (1, 2, 5, 4, 3, 36, 6, 35, 0xFFFFFFFF))
    assert all(counted(made, one, count) is DigestResult.STALE for count in (1, 3, 5, 6, 7, 35, 36, 0xFFFFFFFF))
    assert counted(made, one, 0xFFFFFFFF - 31) is DigestResult.OK
    assert counted(made, one, 0xFFFFFFFF - 32) is DigestResult.STALE


@given(st.lists(st.integers(0, 100), max_size=60))
def test_door_takes_no_count_twice(counts: list[int]) -> None:
    made = door()
    one = offer(made.challenge(NOW))
    taken = [count for count in counts if counted(made, one, count) is DigestResult.OK]
    assert len(taken) == len(set(taken)) and set(taken) <= set(counts)
    assert not counts or max(counts) in taken


def test_two_clients_that_ask_at_the_same_moment_get_nonces_of_their_own() -> None:
    made = door()
    one, other = offer(made.challenge(NOW)), offer(made.challenge(NOW))
    assert counted(made, one, 1) is counted(made, other, 1) is DigestResult.OK


def test_full_memory_opens_no_way_for_old_credentials() -> None:
    made = door()
    first = offer(made.challenge(NOW))
    assert counted(made, first, 1) is DigestResult.OK
    for number in range(MOST_NONCES):
        later = NOW + 1 + number / 100
        assert counted(made, offer(made.challenge(later)), 1, later) is DigestResult.OK
    assert counted(made, first, 1, later) is DigestResult.STALE
    assert counted(made, offer(made.challenge(NOW - 100)), 1, NOW - 100) is DigestResult.OK  # the clock was set back


@pytest.mark.parametrize("nc", ["", "x", "-1", "0x1", "1_0", "123456789", "\u0661"])
def test_count_that_is_no_hexadecimal_number_is_malformed(nc: str) -> None:
    made = door()
    text = credentials(made).replace("nc=00000001", f'nc="{nc}"')
    assert made.check(text, "GET", "/index.htm", PASSWORDS.get, NOW).result is DigestResult.MALFORMED


def test_door_takes_the_absolute_form_of_its_target() -> None:
    made = door()
    line = answer(
        offer(made.challenge(NOW)), "heiko", Secret("Sommer2009!"), "GET", "http://h:80/a?b=c", 1, seeded()
    ).line
    assert made.check(str(line), "GET", "/a?b=c", PASSWORDS.get, NOW).ok
    assert not made.check(str(line), "GET", "/a?b=d", PASSWORDS.get, NOW).ok


def test_stale_is_said_in_the_challenge() -> None:
    assert "stale" not in door().challenge(NOW)
    assert door().challenge(NOW, stale=True).endswith(", stale=true")


@given(st.text(max_size=80))
def test_garbage_is_malformed_or_wrong(text: str) -> None:
    made = door()
    good = credentials(made)
    for value in (text, f"Digest {text}", f"{good}, {text}", good.replace("nonce=", f'{text}="", nonce=')):
        made.check(value, "GET", "/", PASSWORDS.get, NOW)
    strange = good.replace(AuthLine.parse(good).get("nonce") or "?", "zzz").replace("heiko", "\udcff")
    assert made.check(strange, "GET", None, PASSWORDS.get, NOW).result is DigestResult.WRONG


@pytest.mark.parametrize(
    "text",
    [
        'Digest realm="r"',
        'Digest nonce="n"',
        'Digest realm="r", nonce="n", algorithm=TIGER',
        'Digest realm="r", nonce="n", qop="auth-int"',
        'NTLM realm="r", nonce="n"',
    ],
)
def test_client_leaves_challenges_that_it_cannot_answer(text: str) -> None:
    assert DigestOffer.of(AuthLine.parse(text)) is None


def test_client_writes_only_what_the_server_asked_for() -> None:
    old = answer(offer('Digest realm="r", nonce="n"'), "u", Secret("p"), "REGISTER", "sip:r", 1, seeded())
    assert [param.name for param in old.line.params] == ["username", "realm", "nonce", "uri", "response"]
    assert old.rspauth is None
    new = answer(
        offer('Digest realm="r", nonce="n", qop="auth-int, auth", opaque="o"'), "u", Secret("p"), "X", "s", 26, seeded()
    )
    assert "nc=0000001a" in str(new.line) and "qop=auth" in str(new.line) and 'opaque="o"' in str(new.line)
