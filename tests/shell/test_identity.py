"""The web server's own certificate, and requests for better ones."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from snomtui.errors import SettingsError
from snomtui.shell.certificates import authority
from snomtui.shell.identity import LIFE, facts, in_one, joined, leaf, own_identity, request
from snomtui.shell.identitystore import IdentityStore
from snomtui.shell.issuing import Issuing
from snomtui.shell.papers import read
from snomtui.shell.webtls import CurrentContext, server_context

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC).timestamp()
NAMES = ["desk", "127.0.0.1", "::1"]


def issuing(days: float = 90.0) -> Issuing:
    return Issuing(authority(NOW, 365), ("sip.ucc.test", "ucc.test"), days)


def test_own_certificate_has_the_mac_and_all_names_for_ten_years() -> None:
    seen = facts(own_identity("0004132E1D2A", NAMES, NOW))
    assert (seen.subject, seen.issuer, seen.own) == ("CN=0004132E1D2A", "CN=0004132E1D2A", True)
    assert seen.names == ("desk", "127.0.0.1", "::1")
    assert round((seen.ends - NOW) / 86_400) == LIFE - 1
    assert NOW < seen.renewal < seen.ends


def test_request_asks_for_the_same_names_and_the_answer_fits_its_key() -> None:
    asked = request("0004132E1D2A", NAMES)
    given, subject = issuing().issue(asked.der, "heiko", NOW)
    made = joined(asked.key, read(given, "answer").certificates)
    seen = facts(made)
    assert subject == seen.subject == "CN=0004132E1D2A" and seen.names == tuple(NAMES) and not seen.own
    assert seen.renewal == pytest.approx(NOW + 60 * 86_400, abs=600)
    server_context(made.pem)


def test_renewal_repeats_the_names_of_the_old_certificate_with_a_new_key() -> None:
    house, first = issuing(), request("0004132E1D2A", NAMES)
    old = joined(first.key, read(house.issue(first.der, "heiko", NOW)[0], "x").certificates)
    der = x509.load_pem_x509_certificate(old.chain.encode()).public_bytes(Encoding.DER)
    again = request("another", ["moved"], old)
    new = joined(again.key, read(house.issue(again.der, "heiko", NOW, der)[0], "x").certificates)
    assert facts(new).names == facts(old).names and leaf(new).public_key() != leaf(old).public_key()
    with pytest.raises(ValueError, match="must be those of the certificate"):
        house.issue(request("another", ["moved"]).der, "heiko", NOW, der)
    with pytest.raises(ValueError, match="not valid now"):
        house.issue(again.der, "heiko", NOW + 91 * 86_400, der)
    with pytest.raises(ValueError, match="not of this authority"):
        issuing().issue(again.der, "heiko", NOW, der)


@pytest.mark.parametrize("name", ["sip.ucc.test", "UCC.TEST.", "*.ucc.test", "*.test"])
def test_names_of_the_front_end_are_given_to_nobody(name: str) -> None:
    with pytest.raises(ValueError, match="a name of the front end itself"):
        issuing().issue(request("x", [name]).der, "heiko", NOW)
    if not name.endswith("."):
        with pytest.raises(ValueError, match="a name of the front end itself"):
            issuing().issue(request(name, ["y"]).der, "heiko", NOW)


def test_star_in_the_middle_of_a_name_is_given_to_nobody() -> None:
    with pytest.raises(ValueError, match="star may stand for the whole first label only"):
        issuing().issue(request("x", ["s*.ucc.test"]).der, "heiko", NOW)
    with pytest.raises(ValueError, match="a name of the front end itself"):
        issuing().issue(request("sip.ucc.test ", ["x"]).der, "heiko", NOW)


SHA1 = """\
MIICVDCCATwCAQAwDzENMAsGA1UEAwwEc2hhMTCCASIwDQYJKoZIhvcNAQEBBQADggEPADCCAQoC
ggEBAMoNCgiyjTJHRx9sqqFG5JGqQmgBVr1BQAOv1rIcL2V3K9K1D7G/QQH8K/13gMXXeVh5cJe9
Pa2OdwVihNcH8hp652s3KBpaRD43/+SUbOtjTG1FYL7IJwhFz0L192XzSnO8qK9MnYLXT4tqloNT
JhLo6yxCzXF0ts3s+vMA8PYXCylMMduO6Z5M/qKm/XGXIqQa7YMytUjIqKja9bNz0JwXfngI+IEZ
UKWNV1Utp2zp/VqLc74IJ2uGVagJFQfquiKoN6AkC8ZiHEiobMd5GpT3MCjW5wybLNxY+wsQYmqi
tidn7VR9aLWw81bTh1yCsDdU/reogQCkq49xMlIgbFECAwEAAaAAMA0GCSqGSIb3DQEBBQUAA4IB
AQAP2gBGiT9FqJOvYcETAoarAJcnCQ+wKKDeuYBy6yPuImWamT9KxGMncyiA2Dh4dCYzmICVkljc
5kWCFUpxSEw8Vo0abSM2ziJaguTG6NmCmtl8WuKs3gtMEvnYEkrEDj12H2n9ehSR3dbwqXGexlDe
Cs8FovcQcAn6Xhm59oHKnQ8Kq115yV7WLdoOkB+zPQ+UhMVCG6FOLzLd2ffwxrfLgnX8ZJ8VVjQk
YFPVhMf4dwOYiiXn5gR3s2RZrx8kU/vIrV1JkczqjplWiZ9iTDVmUSYa5h3RTKIjo91ih8IkmsA1
4l9emVPigrPXYRTOrbVcVQdnx6lsAfF5C2dbVgF6
"""
"""A request that is signed over SHA-1."""


def test_request_with_an_old_signature_is_refused_for_what_it_is() -> None:
    with pytest.raises(ValueError, match="signed over SHA1, which is not believed"):
        issuing().issue(SHA1.encode(), "heiko", NOW)


@pytest.mark.parametrize("body", [b"", b"banana", b"\x30\x82", b"AAAA", b"MIIB"])
def test_authority_refuses_what_is_no_request(body: bytes) -> None:
    with pytest.raises(ValueError, match="no PKCS#10 request"):
        issuing().issue(body, "heiko", NOW)


def test_key_and_certificate_of_two_do_not_make_one() -> None:
    one, other = own_identity("a", NAMES, NOW), own_identity("b", NAMES, NOW)
    with pytest.raises(ValueError, match="for the phone's key"):
        in_one((one.key + other.chain).encode(), "x")
    with pytest.raises(ValueError, match="the private key is missing"):
        in_one(one.chain.encode(), "x")
    with pytest.raises(ValueError, match="key values mismatch"):
        server_context(one.key + other.chain)
    assert "PRIVATE" not in repr(one) + repr(request("a", NAMES))


def test_store_keeps_identity_and_request_for_their_owner_only(tmp_path: Path) -> None:
    store = IdentityStore(tmp_path / "state")
    assert store.load() is None and store.pending() is None and store.stamp() is None
    made, asked = own_identity("a", NAMES, NOW), request("a", NAMES)
    store.save(made)
    store.ask(asked)
    again = IdentityStore(tmp_path / "state")
    assert again.load() == made and again.pending() == asked
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "state").iterdir()} == {0o600}
    first = store.stamp()
    store.save(own_identity("b", NAMES, NOW))
    assert store.stamp() != first
    store.ask(None)
    assert again.pending() is None


def test_store_without_a_folder_remembers_until_the_end() -> None:
    store = IdentityStore(None)
    made, asked = own_identity("a", NAMES, NOW), request("a", NAMES)
    store.save(made)
    store.ask(asked)
    assert store.load() == made and store.pending() == asked


@pytest.mark.parametrize("name", ["web.pem", "request.pem"])
def test_broken_file_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("banana")
    store = IdentityStore(tmp_path)
    with pytest.raises(SettingsError, match=f"{name}.*"):
        store.load()
        store.pending()


def test_connections_take_the_context_of_the_moment() -> None:
    contexts = [server_context(own_identity(name, NAMES, NOW).pem) for name in "ab"]
    asked: list[int] = []

    def current() -> object:
        asked.append(1)
        return contexts[len(asked) % 2]

    context = CurrentContext.of(current)  # type: ignore[arg-type]
    for _ in range(2):
        context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_side=True)
    assert len(asked) == 2


def test_file_of_client_authorities_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    pem = own_identity("a", NAMES, NOW).pem
    with pytest.raises(SettingsError, match="sim_web_client_ca_file: .*none.pem: No such file"):
        server_context(pem, str(tmp_path / "none.pem"))
    (tmp_path / "bad.pem").write_text("banana")
    with pytest.raises(SettingsError, match=r"bad\.pem: it holds no PEM certificate"):
        server_context(pem, str(tmp_path / "bad.pem"))
