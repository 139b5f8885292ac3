"""The guard at servers that speak Digest, or nothing, or nonsense."""

from __future__ import annotations

import pytest

from snomtui.auth.challenge import AuthLine
from snomtui.auth.credentials import Credentials
from snomtui.auth.digest import DigestDoor, DigestResult
from snomtui.auth.guard import TABLE, Belief, Guard, State, Trust, Verdict
from snomtui.auth.ntlm.policy import LmLevel
from snomtui.auth.proof import Proof
from snomtui.kit.secret import Secret
from snomtui.sip.message import Request, Response, respond
from tests.auth.wire import NOW, guard, request, seeded

NOTHING_KNOWN = "the server offers no scheme that this phone knows"
LOGIN, PASSWORD = "heiko", "Sommer2009!"


def client(password: str = PASSWORD) -> Guard:
    return guard(None, LOGIN, password)


def refused(asked: Request, *lines: str, status: int = 401) -> Response:
    name = "WWW-Authenticate" if status == 401 else "Proxy-Authenticate"
    return respond(asked, status, tag="s", headers=[(name, line) for line in lines])


def challenge(nonce: str = "n1", realm: str = "ucc.test", more: str = ', qop="auth"') -> str:
    return f'Digest realm="{realm}", nonce="{nonce}"{more}'


def line_of(asked: Request, name: str = "Authorization") -> AuthLine:
    return AuthLine.parse(asked.headers.get(name) or "")


def proof_of(line: AuthLine, password: str = PASSWORD) -> Proof:
    value = {name: line.get(name) or "" for name in ("username", "realm", "nonce", "uri", "nc", "cnonce")}
    algorithm = line.get("algorithm") or "MD5"
    return Proof(
        algorithm,
        value["username"],
        value["realm"],
        password,
        value["nonce"],
        value["uri"],
        line.get("qop"),
        value["nc"],
        value["cnonce"],
    )


def ask(one: Guard, *lines: str, cseq: int = 1, method: str = "REGISTER", status: int = 401) -> tuple[Verdict, Request]:
    """Send a request, have it challenged, and make the next one."""
    sent = one.prepare(request(method, cseq), NOW)
    answer = refused(sent, *lines, status=status)
    assert one.verify(answer, NOW).ok
    verdict = one.challenged(sent, answer, NOW)
    return verdict, one.prepare(request(method, cseq + 1), NOW)


def accept(one: Guard, asked: Request, *headers: tuple[str, str]) -> Belief:
    return one.verify(respond(asked, 200, tag="s", headers=headers), NOW)


@pytest.mark.parametrize("algorithm", ["MD5", "MD5-sess", "SHA-256", "SHA-256-sess", "SHA-512-256", "SHA-512-256-sess"])
def test_guard_answers_digest_and_counts_its_uses(algorithm: str) -> None:
    one = client()
    verdict, sent = ask(one, challenge(more=f', qop="auth", algorithm={algorithm}, opaque="o"'))
    assert verdict.retry and verdict.auth == "digest"
    for count in (1, 2, 3):
        line = line_of(sent)
        assert line.get("nc") == f"{count:08x}"
        assert line.get("response") == proof_of(line).value("REGISTER")
        assert accept(one, sent).trust is Trust.BELIEVED
        sent = one.prepare(request("REGISTER", 2 + count), NOW)
    assert one.auth == "digest" and one.state is State.FRESH and one.renew_at is None


def test_guard_answers_a_digest_door() -> None:
    door = DigestDoor("ucc.test", b"secret")
    verdict, sent = ask(client(), door.challenge(NOW), method="INVITE", status=407)
    assert verdict.retry
    value = sent.headers.get("Proxy-Authorization") or ""
    assert door.check(value, "INVITE", sent.uri, {LOGIN: PASSWORD}.get, NOW).result is DigestResult.OK


@pytest.mark.parametrize(
    "lines",
    [
        ('algorithm=X, qop="auth"', 'algorithm=SHA-256, qop="auth"', 'qop="auth"'),
        ('algorithm=SHA-256, qop="auth-conf"', 'qop="auth"', 'algorithm=SHA-512-256, qop="auth"'),
        ('algorithm=AKAv1-MD5, qop="auth"', "algorithm=MD5", 'algorithm=SHA-512-256-sess, qop="auth"'),
    ],
)
@pytest.mark.parametrize("joined", [True, False])
def test_guard_takes_the_topmost_digest_that_it_knows(lines: tuple[str, ...], joined: bool) -> None:
    """RFC 8760 2.4: the server writes them in the order of its preference."""
    one = client()
    offered = [challenge(f"n{at}", more=f", {more}") for at, more in enumerate(lines)]
    _, sent = ask(one, *([", ".join(offered)] if joined else offered))
    assert line_of(sent).get("nonce") == "n1" and len(sent.headers.all("Authorization")) == 1
    assert one.log() == []


def test_guard_prefers_ntlm_to_digest() -> None:
    verdict, sent = ask(client(), challenge(), 'NTLM realm="r", targetname="t", version=4')
    assert verdict.retry and verdict.auth == "ntlmv1"
    assert line_of(sent).is_scheme("NTLM")


def test_guard_answers_a_registrar_and_a_proxy_each_in_its_header() -> None:
    one = client()
    ask(one, challenge("p1", "proxy"), status=407, method="INVITE")
    _, sent = ask(one, challenge("r1", "registrar"), cseq=2, method="INVITE")
    assert line_of(sent, "Proxy-Authorization").get("nonce") == "p1"
    assert line_of(sent).get("nonce") == "r1"


NTLM = 'NTLM realm="r", targetname="t", version=4'


def test_guard_that_prefers_digest_takes_it_and_falls_back_to_ntlmv2_only() -> None:
    for level, falls_back in ((3, True), (1, False)):
        login = Credentials.parse(LOGIN, Secret(PASSWORD))
        one = Guard(login, LmLevel(level), seeded(), prefers_ntlm=False)
        verdict, sent = ask(one, NTLM, challenge())
        assert (verdict.retry, verdict.auth) == (True, "digest")
        last = one.challenged(sent, refused(sent, NTLM, challenge("n2")), NOW)
        assert (last.retry, last.auth) == ((True, "ntlmv2") if falls_back else (False, "digest"))


@pytest.mark.parametrize("second", [(challenge("n2"),), (NTLM, challenge("n2")), ('NTLM gssapi-data="?"', challenge())])
def test_guard_falls_back_to_digest_when_ntlm_cannot_be_finished(second: tuple[str, ...]) -> None:
    """The second refusal offers only Digest, or no token, or one that cannot be read."""
    one = client()
    verdict, sent = ask(one, NTLM, challenge())
    assert verdict.auth.startswith("ntlm")
    verdict = one.challenged(sent, refused(sent, *second), NOW)
    assert (verdict.retry, verdict.auth, one.state) == (True, "digest", State.REFUSED)
    again = one.prepare(request("REGISTER", 3), NOW)
    assert line_of(again).is_scheme("Digest") and len(again.headers.all("Authorization")) == 1
    assert accept(one, again).ok and one.auth == "digest"


def test_guard_takes_ntlm_without_names_for_no_offer() -> None:
    verdict, _ = ask(client(), "NTLM", challenge())
    assert (verdict.retry, verdict.auth) == (True, "digest")
    verdict, _ = ask(client(), "NTLM")
    assert (verdict.retry, verdict.why) == (False, "the server's NTLM challenge lacks its names")


def test_guard_stays_with_digest_once_a_server_took_it() -> None:
    one = client()
    _, sent = ask(one, challenge())
    accept(one, sent)
    verdict, _ = ask(one, NTLM, challenge("n2"), method="INVITE", cseq=7)
    assert (verdict.retry, verdict.auth, verdict.register) == (True, "digest", False)


def test_login_of_one_realm_is_not_given_to_another() -> None:
    login = Credentials.parse(LOGIN, Secret(PASSWORD), "ucc.test")
    for offers in ((challenge(realm="evil"),), (NTLM,), (NTLM, challenge(realm="UCC.test"))):
        one = Guard(login, None, seeded())
        verdict, sent = ask(one, *offers)
        assert (verdict.retry, verdict.auth) == (False, "none")
        assert verdict.why.startswith('the server asks in the realm "') and verdict.why.endswith('only for "ucc.test"')
        assert "Authorization" not in sent.headers
    one = Guard(login, None, seeded())
    verdict, sent = ask(one, challenge("n1", "evil"), NTLM, challenge("n2"))
    assert verdict.retry and [line_of(sent).get("nonce")] == ["n2"]


def test_guard_leaves_ack_and_cancel_alone() -> None:
    one = client()
    ask(one, challenge())
    for method in ("ACK", "CANCEL"):
        asked = request(method, 7).with_("Authorization", "Digest copied from the INVITE")
        assert one.prepare(asked, NOW) == asked


def test_guard_replaces_the_credentials_of_a_copied_request() -> None:
    one = client()
    _, sent = ask(one, challenge())
    again = one.prepare(sent, NOW)
    assert len(again.headers.all("Authorization")) == 1 and line_of(again).get("nc") == "00000002"


def test_second_refusal_of_the_same_login_ends_the_tries() -> None:
    one = client("wrong")
    verdict, sent = ask(one, challenge("n1"))
    assert verdict.retry
    last = one.challenged(sent, refused(sent, challenge("n2")), NOW)
    assert not last.retry and last.why == "wrong user name or password"
    assert one.prepare(request("REGISTER", 9), NOW).headers.get("Authorization") is None
    assert one.auth == "none"


def test_stale_nonce_is_replaced_but_not_for_ever() -> None:
    one = client()
    _, sent = ask(one, challenge("n0"))
    retries = 0
    for number in range(1, 20):
        verdict = one.challenged(sent, refused(sent, challenge(f"n{number}", more=", stale=TRUE")), NOW)
        if not verdict.retry:
            break
        retries += 1
        sent = one.prepare(request("REGISTER", 2 + number), NOW)
    assert retries == 3


def test_nonce_that_worked_before_may_run_out_without_the_word_stale() -> None:
    one = client()
    _, sent = ask(one, challenge("n1"))
    accept(one, sent)
    later = one.prepare(request("REGISTER", 3), NOW)
    assert one.challenged(later, refused(later, challenge("n2")), NOW).retry
    again = one.prepare(request("REGISTER", 4), NOW)
    assert line_of(again).get("nonce") == "n2"
    assert not one.challenged(again, refused(again, challenge("n3")), NOW).retry


def test_two_requests_with_one_outdated_nonce_are_both_sent_again() -> None:
    one = client()
    _, sent = ask(one, challenge("n1"))
    accept(one, sent)
    first, second = (one.prepare(request(method, 5), NOW) for method in ("SUBSCRIBE", "PUBLISH"))
    assert one.challenged(first, refused(first, challenge("n2")), NOW).retry
    assert one.challenged(second, refused(second, challenge("n3")), NOW).retry


def test_next_nonce_is_used_next() -> None:
    one = client()
    _, sent = ask(one, challenge("n1"))
    accept(one, sent, ("Authentication-Info", 'nextnonce="n9"'))
    line = line_of(one.prepare(request("REGISTER", 3), NOW))
    assert (line.get("nonce"), line.get("nc")) == ("n9", "00000001")


def test_servers_digest_proof_is_checked() -> None:
    for spoil, trust in (("", Trust.BELIEVED), ("0", Trust.DOUBTED)):
        one = client()
        _, sent = ask(one, challenge())
        rspauth = proof_of(line_of(sent)).value("") + spoil
        info = ("Authentication-Info", f'rspauth="{rspauth}", qop=auth')
        assert accept(one, sent, info).trust is trust


def test_server_that_asks_for_nothing_is_believed_and_gets_nothing() -> None:
    for one in (client(), Guard(None, None, seeded())):
        asked = request("REGISTER", 1)
        assert one.prepare(asked, NOW) == asked
        assert one.seal(asked, NOW) == asked
        assert accept(one, asked).trust is Trust.BELIEVED
        assert one.auth == "none"


@pytest.mark.parametrize(
    ("one", "line", "why", "log"),
    [
        (Guard(None, None, seeded()), challenge(), "the server wants a user name and a password", []),
        (guard(None, "", ""), challenge(), "the server wants a user name and a password", []),
        (
            client(),
            'Kerberos realm="r", TLS-DSK realm="r"',
            NOTHING_KNOWN,
            ["Challenge: Unknown scheme Kerberos", "Challenge: Unknown scheme TLS-DSK"],
        ),
        (
            client(),
            'Basic realm="r"',
            NOTHING_KNOWN,
            ["Challenge: Unknown scheme Basic"],
        ),
        (client(), "", "the server offers no scheme that this phone knows", []),
        (client(), 'Negotiate, "', NOTHING_KNOWN, ["Challenge: Unknown scheme Negotiate"]),
    ],
)
def test_guard_says_why_it_cannot_answer(one: Guard, line: str, why: str, log: list[str]) -> None:
    verdict, sent = ask(one, line)
    assert (verdict.retry, verdict.auth, verdict.why) == (False, "none", why)
    assert sent.headers.get("Authorization") is None
    assert one.log() == [(3, text) for text in log]


def test_forgotten_nonces_are_not_sent_to_another_server() -> None:
    one = client()
    ask(one, challenge())
    one.forget()
    assert one.prepare(request("REGISTER", 5), NOW).headers.get("Authorization") is None


def test_digest_is_not_signed() -> None:
    one = client()
    _, sent = ask(one, challenge())
    assert one.seal(sent, NOW) == sent


@pytest.mark.parametrize(
    ("login", "user", "domain", "realm_user"),
    [
        (r"ucc\Heiko.Riedel", "Heiko.Riedel", "ucc", "Heiko.Riedel"),
        ("heiko@ucc.test", "heiko@ucc.test", "", "heiko@ucc.test"),
        (" heiko ", "heiko", "", "heiko"),
        ("\\heiko", "heiko", "", "heiko"),
    ],
)
def test_login_is_read_in_all_its_forms(login: str, user: str, domain: str, realm_user: str) -> None:
    made = Credentials.parse(login, Secret("geheim"))
    assert (made.user, made.domain, made.realm_user) == (user, domain, realm_user)
    assert "geheim" not in repr(made)


def test_attempts_are_levels() -> None:
    with pytest.raises(ValueError):
        guard(None, attempts=(9,))
    assert LmLevel(3) in tuple(LmLevel)


def test_every_state_of_the_guard_is_reached_and_left() -> None:
    reached = {state for row in TABLE.values() for state in row.values()}
    assert reached == set(State) == set(TABLE)
    assert all(set(row.values()) - {state} for state, row in TABLE.items() if state is not State.FRESH)
