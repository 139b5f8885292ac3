"""Certificates end to end with curl and openssl: at our certificate server, and our phone at one that is not ours."""

from __future__ import annotations

import base64
import shutil
import socket
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.peers.certserver import LOGIN, Authority, CertServer, openssl
from tests.programs import Program, run, sets

pytestmark = [
    pytest.mark.peer,
    pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed"),
    pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed"),
]
PEOPLE = Path(__file__).with_name("quiet.toml")
HEIKO = r"UCC\heiko.riedel:Not-a-secret-1"
NAMES = ("-addext", "subjectAltName=DNS:desk.example.org,IP:192.0.2.7")


def curl(*words: str | Path) -> tuple[int, bytes]:
    """Status and body; 0 if there was no answer."""
    ran = subprocess.run(["curl", "-s", "-m", "15", "-w", "\n%{http_code}", *map(str, words)], capture_output=True)
    body, _, status = ran.stdout.rpartition(b"\n")
    return int(status), body


# -- strangers at our certificate server


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("est")


@pytest.fixture(scope="module")
def est(folder: Path) -> Iterator[str]:
    listen = ("--listen", "tcp:127.0.0.1:0", "--listen", "tls:127.0.0.1:0", "--status", "off")
    more = ("--ca-file", str(folder / "ca.pem"), "--est", "127.0.0.1:0")
    with Program("office", "--headless", "--people", str(PEOPLE), *listen, *more) as office:
        yield f"{office.wait('ready')['est']}/.well-known/est"
        said = str(office.events) + str(office.log)
        assert "Not-a-secret-1" not in said and "PRIVATE KEY" not in said
        assert office.quit() == 0


def asked(folder: Path, name: str, subject: str, *more: str) -> tuple[Path, Path]:
    """A key and a request in Base64 made by openssl."""
    key, request = folder / f"{name}.key", folder / f"{name}.b64"
    words = ("-newkey", "rsa:2048", "-nodes", "-keyout", key, "-outform", "DER")
    request.write_bytes(base64.encodebytes(openssl("req", "-new", *words, "-subj", subject, *more)))
    return key, request


def post(folder: Path, est: str, what: str, request: Path, *more: str | Path) -> tuple[int, bytes]:
    kind = ("-H", "Content-Type: application/pkcs10", "-H", "Content-Transfer-Encoding: base64")
    return curl("--cacert", folder / "ca.pem", *kind, "--data-binary", f"@{request}", *more, f"{est}/{what}")


def certificates(answer: bytes) -> bytes:
    """What openssl reads in a certs-only PKCS#7."""
    return openssl("pkcs7", "-inform", "DER", "-print_certs", given=base64.b64decode(answer))


def test_curl_gets_the_authority_without_a_login(est: str, folder: Path) -> None:
    status, body = curl("--cacert", folder / "ca.pem", "-D", folder / "head", f"{est}/cacerts")
    head = (folder / "head").read_text().lower()
    assert status == 200 and "content-type: application/pkcs7-mime" in head
    assert "content-transfer-encoding: base64" in head
    assert (folder / "ca.pem").read_bytes().strip() in certificates(body)


def test_curl_enrols_renews_and_openssl_verifies_both(est: str, folder: Path) -> None:
    key, request = asked(folder, "desk", "/CN=desk.example.org", *NAMES)
    status, body = post(folder, est, "simpleenroll", request, "--user", HEIKO)
    assert status == 200
    (folder / "desk.pem").write_bytes(certificates(body))
    verify = ("verify", "-x509_strict", "-CAfile", folder / "ca.pem", "-purpose", "sslserver")
    openssl(*verify, "-verify_hostname", "desk.example.org", folder / "desk.pem")
    again, renewal = asked(folder, "again", "/CN=desk.example.org", *NAMES)
    status, body = post(folder, est, "simplereenroll", renewal, "--cert", folder / "desk.pem", "--key", key)
    assert status == 200
    (folder / "again.pem").write_bytes(certificates(body))
    openssl(*verify, "-verify_hostname", "desk.example.org", folder / "again.pem")
    public = openssl("x509", "-in", folder / "again.pem", "-noout", "-pubkey")
    assert public == openssl("pkey", "-in", again, "-pubout")
    other = asked(folder, "other", "/CN=somebody.else")[1]
    status, body = post(folder, est, "simplereenroll", other, "--cert", folder / "desk.pem", "--key", key)
    assert (status, body) == (400, b"subject and names must be those of the certificate that is renewed\n")


@pytest.mark.parametrize("subject", ["/CN=sip.ucc.test", "/CN=UCC.test", "/CN=*.ucc.test"])
def test_nobody_gets_a_certificate_for_the_front_end_itself(est: str, folder: Path, subject: str) -> None:
    status, body = post(folder, est, "simpleenroll", asked(folder, "thief", subject)[1], "--user", HEIKO)
    assert status == 400 and b"is a name of the front end itself" in body


def test_stranger_and_garbage_are_refused_in_words(est: str, folder: Path) -> None:
    request = asked(folder, "stranger", "/CN=x")[1]
    status, body = post(folder, est, "simpleenroll", request, "-D", folder / "head")
    assert status == 401 and "www-authenticate: basic" in (folder / "head").read_text().lower()
    assert post(folder, est, "simplereenroll", request)[0] == 403
    (folder / "garbage").write_bytes(b"banana\n")
    assert post(folder, est, "simpleenroll", folder / "garbage", "--user", HEIKO) == (
        400,
        b"that is no PKCS#10 request in Base64\n",
    )
    plain = ("-H", "Content-Type: text/plain", "--data", "x", "--user", HEIKO)
    assert curl("--cacert", folder / "ca.pem", *plain, f"{est}/simpleenroll")[0] == 415
    assert curl("--cacert", folder / "ca.pem", f"{est}/serverkeygen")[0] == 404
    assert curl("--cacert", folder / "ca.pem", f"{est}/simpleenroll")[0] == 405


# -- our phone at a server that is not ours


def test_phone_enrols_serves_https_with_it_and_renews(tmp_path: Path) -> None:
    enterprise = Authority(tmp_path / "enterprise")
    ca, state = enterprise.certificate, tmp_path / "state"
    user, _, password = LOGIN.partition(":")
    with CertServer(enterprise, later=1) as server:
        wanted = {"sim_est_url": server.url, "sim_est_user": user, "sim_est_password": password}
        wanted |= {"sim_est_ca_file": str(ca), "http_user": "me", "http_pass": "Not-a-secret-8"}
        wanted |= {"sim_web_client_ca_file": str(ca), "sim_web_client_names": "dialler, x@example.org"}
        where = ("--http", "127.0.0.1:0", "--https", "127.0.0.1:0", "--state-dir", str(state), "--log-level", "9")
        with Program("phone", "--headless", *where, *sets(**wanted)) as phone:
            base = phone.wait("ready")["https"]
            assert phone.wait("web_certificate")["self_signed"] is True
            told = phone.wait("web_certificate", self_signed=False)
            assert told["issuer"] == "CN=Enterprise,O=Test" and "127.0.0.1" in told["names"]
            port = int(base.rpartition(":")[2])
            said = openssl("s_client", "-connect", f"127.0.0.1:{port}", "-CAfile", ca, "-verify_return_error")
            assert b"Verify return code: 0 (ok)" in said
            look = f"{base}/info.htm"
            assert curl("--cacert", ca, look)[0] == 401
            assert curl("--cacert", ca, "--user", "me:Not-a-secret-8", look)[0] == 200
            dials_by_certificate(enterprise, phone, base)
            assert phone.quit() == 0
        posts = [each for each in server.asked if "enroll" in each]
        assert set(posts) == {"/.well-known/est/simpleenroll"}  # one more for the login, one was put off
        kept = state / "web.pem"
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600 and not (state / "request.pem").exists()
        said_all = str(phone.events) + str(phone.log)
        assert not any(secret in said_all for secret in (password, "Not-a-secret-8", "PRIVATE KEY"))
        before = openssl("x509", "-in", kept, "-noout", "-fingerprint")
        done = run(
            "certificate", "enrol", "--state-dir", str(state), *sets(sim_est_url=server.url, sim_est_ca_file=str(ca))
        )
        assert done.returncode == 0, done.stderr
        assert server.asked[-1].startswith("/.well-known/est/simplereenroll commonName=0004132E")
        assert openssl("x509", "-in", kept, "-noout", "-fingerprint") != before


def dials_by_certificate(enterprise: Authority, phone: Program, base: str) -> None:
    """Who shows a good certificate needs no password; a foreign or expired one, or somebody else's, does not do."""
    ca, dial = enterprise.certificate, f"{base}/command.htm?key=F1"
    good = enterprise.gives("good", "/O=Test/CN=dialler")
    since = phone.mark()
    assert curl("--cacert", ca, "--cert", good[0], "--key", good[1], dial)[0] == 200
    assert phone.wait("command", since, status=200)["user"] == "CN=dialler,O=Test"
    other = enterprise.gives("other", "/CN=somebody else")
    assert curl("--cacert", ca, "--cert", other[0], "--key", other[1], dial)[0] == 401
    login = ("--user", "me:Not-a-secret-8")
    assert curl("--cacert", ca, "--cert", other[0], "--key", other[1], *login, dial)[0] == 200
    foreign = Authority(enterprise.folder / "foreign", "Foreign").gives("dialler", "/CN=dialler")
    expired = enterprise.gives("expired", "/CN=dialler", days=-1)
    for certificate, key in (foreign, expired):
        assert curl("--cacert", ca, "--cert", certificate, "--key", key, dial)[0] == 0


def test_request_by_hand_is_signed_by_openssl_and_shown_by_a_phone_that_runs(tmp_path: Path) -> None:
    enterprise, state = Authority(tmp_path / "enterprise"), tmp_path / "state"
    with Program("phone", "--headless", "--http", "127.0.0.1:0", "--state-dir", str(state)) as phone:
        base = phone.wait("ready")["https"]
        phone.wait("web_certificate", self_signed=True)
        assert curl("--cacert", enterprise.certificate, f"{base}/index.htm")[0] == 0
        out = tmp_path / "request.pem"
        assert run("certificate", "request", "--state-dir", str(state), "--out", str(out)).returncode == 0
        assert b"PRIVATE" not in out.read_bytes()
        assert stat.S_IMODE((state / "request.pem").stat().st_mode) == 0o600
        openssl("req", "-in", out, "-noout", "-verify")
        (tmp_path / "answer.pem").write_bytes(enterprise.sign(openssl("req", "-in", out, "-outform", "DER")))
        words = ("crl2pkcs7", "-nocrl", "-certfile", tmp_path / "answer.pem", "-certfile", enterprise.certificate)
        openssl(*words, "-outform", "DER", "-out", tmp_path / "answer.p7b")
        done = run("certificate", "import", str(tmp_path / "answer.p7b"), "--state-dir", str(state))
        assert done.returncode == 0 and "from the next connection on" in done.stdout
        assert curl("--cacert", enterprise.certificate, f"{base}/index.htm")[0] == 200
        assert "issuer    CN=Enterprise,O=Test" in run("certificate", "show", "--state-dir", str(state)).stdout
        assert phone.quit() == 0


def test_webserver_type_https_leads_from_the_other_port_and_old_tls_is_refused(tmp_path: Path) -> None:
    where = ("--http", "127.0.0.1:0", "--https", "127.0.0.1:0", "--state-dir", str(tmp_path))
    with Program("phone", "--headless", *where, *sets(webserver_type="http_https")) as phone:
        ready = phone.wait("ready")
        assert phone.do("set", name="webserver_type", value="https")["ok"] and phone.do("reboot")["ok"]
        phone.logs("Web server: HTTP is off")
        status, _ = curl("-o", tmp_path / "body", "-D", tmp_path / "head", f"{ready['http']}/command.htm?key=1%2B")
        assert status == 307
        assert f"location: {ready['https']}/command.htm?key=1%2B" in (tmp_path / "head").read_text()
        since = phone.mark()
        assert curl("-k", "-L", f"{ready['http']}/command.htm?key=1")[0] == 200
        assert phone.wait("command", since)["did"] == [{"do": "press", "keys": "1"}]
        assert curl("-k", "--tls-max", "1.1", ready["https"])[0] == 0
        assert phone.quit() == 0


def test_taken_https_port_is_told_in_words(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        where = ("--http", "127.0.0.1:0", "--https", f"127.0.0.1:{port}", "--state-dir", str(tmp_path))
        with Program("phone", "--headless", *where) as phone:
            assert phone.wait("ready")["https"] is None
            why = phone.wait("error", what="https")["why"]
            assert why == f"the HTTPS server cannot listen on 127.0.0.1:{port}: another program uses this port"
            assert phone.quit() == 0
