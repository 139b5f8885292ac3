"""The server's door for Digest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snomtui.auth.challenge import AuthLine
from snomtui.auth.digest import MOST_NONCES, DigestDoor, DigestResult
from snomtui.auth.offer import DigestOffer, answer
from snomtui.auth.proof import Proof
from snomtui.errors import MalformedMessage
from snomtui.kit.secret import Secret
from tests.auth.wire import NOW, seeded

ALGORITHMS = ["MD5", "MD5-sess", "SHA-256", "SHA-256-sess", "SHA-512-256", "SHA-512-256-sess"]
PASSWORDS = {"heiko": "Sommer2009!", "UCC\\heiko": "Herbst", "jörg": "ß\u20ac"}


def door(algorithm: str = "MD5", secret: bytes = b"s" * 32) -> DigestDoor:
    return DigestDoor("ucc.test", secret, algorithm)


def offer(text: str) -> DigestOffer:
    found = DigestOffer.of(AuthLine.parse(text))
    assert found is not None
    return found


def proved(challenge: str, user: str = "heiko", password: str | None = None, body: bytes = b"") -> AuthLine:
    """Credentials for a GET of / with a body."""
    secret = Secret(PASSWORDS[user] if password is None else password)
    return answer(offer(challenge), user, secret, "GET", "/", 1, seeded(), body=body).line


def credentials(made: DigestDoor, user: str = "heiko", password: str | None = None, now: float = NOW) -> str:
    secret = Secret(PASSWORDS[user] if password is None else password)
    return str(answer(offer(made.challenge(now)), user, secret, "GET", "/index.htm", 1, seeded()).line)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("user", list(PASSWORDS))
def test_door_opens_for_the_right_password(algorithm: str, user: str) -> None:
    made = door(algorithm)
    verdict = made.check(credentials(made, user), "GET", "/index.htm", PASSWORDS.get, NOW + 299)
    assert verdict.ok and verdict.user == user


def test_door_opens_for_a_client_of_rfc_2069s_days() -> None:
    made = door()
    nonce = offer(made.challenge(NOW)).nonce.value
    proof = Proof("MD5", "heiko", "ucc.test", PASSWORDS["heiko"], nonce, "sip:ucc.test")
    line = f'Digest username="heiko",realm="ucc.test",nonce="{nonce}",uri="sip:ucc.test",response="{proof.value("X")}"'
    assert made.check(line, "X", None, PASSWORDS.get, NOW).ok


def test_door_opens_for_a_client_that_hashes_the_backslash_as_it_wrote_it() -> None:
    made = door()
    nonce = offer(made.challenge(NOW)).nonce.value
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


def test_client_that_never_counts_is_let_in_as_long_as_each_answer_is_a_new_one() -> None:
    made = DigestDoor("ucc.test", b"s" * 32, counting=False)
    one = offer(made.challenge(NOW))

    def said(uri: str) -> DigestResult:
        line = answer(one, "heiko", Secret(PASSWORDS["heiko"]), "GET", uri, 1, seeded()).line
        return made.check(str(line), "GET", uri, PASSWORDS.get, NOW).result

    assert [said("/a"), said("/b"), said("/a")] == [DigestResult.OK, DigestResult.OK, DigestResult.STALE]
    for number in range(MOST_NONCES):
        said(f"/{number}")
    assert said("/a") is DigestResult.STALE  # forgotten by now, so nothing of that age counts as new


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


def test_door_checks_the_body_where_it_asks_for_that() -> None:
    made = DigestDoor("ucc.test", b"s", qop="auth-int")
    good = str(proved(made.challenge(NOW), body=b"v=0"))
    assert "qop=auth-int" in good
    assert made.check(good, "GET", "/", PASSWORDS.get, NOW, b"v=1").result is DigestResult.WRONG
    assert made.check(good, "GET", "/", PASSWORDS.get, NOW).result is DigestResult.WRONG
    assert made.check(good, "GET", "/", PASSWORDS.get, NOW, b"v=0").ok


def test_door_that_offers_both_takes_both() -> None:
    made = DigestDoor("ucc.test", b"s", qop="auth,auth-int")
    assert "qop=auth," in str(proved(made.challenge(NOW)))
    stricter = made.challenge(NOW).replace("auth,auth-int", "auth-int")
    assert made.check(str(proved(stricter, body=b"x")), "GET", "/", PASSWORDS.get, NOW, b"x").ok


@pytest.mark.parametrize("user", list(PASSWORDS))
def test_door_finds_users_by_the_hash_of_their_names(user: str) -> None:
    made = DigestDoor("ucc.test", b"s", "SHA-256", users=lambda: PASSWORDS)
    line = str(proved(made.challenge(NOW), user))
    assert user not in line and "userhash=true" in line
    verdict = made.check(line, "GET", "/", PASSWORDS.get, NOW)
    assert verdict.ok and verdict.user == user
    unknown = proved(made.challenge(NOW), "nobody", "x")
    assert made.check(str(unknown), "GET", "/", PASSWORDS.get, NOW).result is DigestResult.WRONG


def test_hash_of_a_name_is_no_name_where_it_was_not_offered() -> None:
    made = DigestDoor("ucc.test", b"s")
    line = str(proved(f"{made.challenge(NOW)}, userhash=true"))
    assert made.check(line, "GET", "/", PASSWORDS.get, NOW).result is DigestResult.WRONG


TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=12)
DOORS = st.builds(
    lambda realm, algorithm, qop, hides: DigestDoor(realm, b"s", algorithm, qop=qop, users=hides),
    TEXTS,
    st.sampled_from(ALGORITHMS),
    st.sampled_from(["auth", "auth-int", "auth,auth-int"]),
    st.none() | st.just(lambda: ["somebody"]),
)


@given(DOORS, TEXTS.filter(bool), TEXTS, st.binary(max_size=20), st.integers(1, 0xFFFFFFFF))
def test_door_opens_for_whom_it_has_asked(made: DigestDoor, user: str, password: str, body: bytes, nc: int) -> None:
    """Odd names and realms with quotes, backslashes, blanks and other alphabets, in every algorithm and qop."""
    hides = made._users is not None
    if hides:
        made._users = lambda: ["somebody", user]
    challenge = offer(made.challenge(NOW))
    line = str(answer(challenge, user, Secret(password), "INVITE", "sip:x", nc, seeded(), body=body).line)
    asked = {user: password}.get
    assert made.check(line, "INVITE", "sip:x", lambda name: "!" + password, NOW, body).result is DigestResult.WRONG
    verdict = made.check(line, "INVITE", "sip:x", asked, NOW, body)
    assert (verdict.result, verdict.user) == (DigestResult.OK, user)
    assert made.check(line, "INVITE", "sip:x", asked, NOW, body).result is DigestResult.STALE


def meaning(text: str) -> object:
    """What credentials say, without regard to spelling; None if they cannot be read."""
    try:
        line = AuthLine.parse(text)
    except MalformedMessage:
        return None
    said = {param.name.lower(): param.value for param in reversed(line.params)}
    said["algorithm"] = said.get("algorithm", "MD5").upper()
    said["response"] = said.get("response", "").lower()
    known = ("username", "realm", "nonce", "uri", "response", "algorithm", "cnonce", "qop", "nc")
    return line.scheme.lower(), [said.get(name) for name in known]


@given(st.sampled_from(ALGORITHMS), st.data())
def test_door_stays_shut_for_any_changed_byte(algorithm: str, data: st.DataObject) -> None:
    made = door(algorithm)
    good = credentials(made, "UCC\\heiko")
    at = data.draw(st.integers(0, len(good) - 1))
    spoilt = good[:at] + data.draw(st.characters(min_codepoint=32, max_codepoint=126)) + good[at + 1 :]
    if meaning(spoilt) != meaning(good):
        assert not made.check(spoilt, "GET", "/index.htm", PASSWORDS.get, NOW).ok
    assert made.check(good, "GET", "/index.htm", PASSWORDS.get, NOW).ok
