"""Certificates of phones: taken at first use, known again, and refused when they change."""

from __future__ import annotations

import ssl
import warnings
from hashlib import sha256
from pathlib import Path

import pytest
import trustme

from snomtui.errors import LocalError, Unreachable
from snomtui.remote.driving import pins
from snomtui.remote.driving.client import Tls
from snomtui.remote.driving.dialling import Dialler
from tests.remote.driving.oddphones import FOUND, Odd, odd


def phone_context(ca: trustme.CA, name: str = "127.0.0.1", clients: trustme.CA | None = None) -> ssl.SSLContext:
    """A phone's side of TLS, with a fresh certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert(name).configure_cert(context)
    if clients:
        clients.configure_trust(context)
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def pinning(known: pins.Pins, notes: list[str], expected: str = "") -> Tls:
    """As the commands do it."""
    return lambda where: pins.context(pins.checking(where, known, expected, notes.append))


def no_notes() -> list[str]:
    """Where what is said aside will stand."""
    return []


def dial(phone: Odd, tls: Tls) -> None:
    """One call; the test ends if it fails."""
    with Dialler(phone.url, timeout=5, tls=tls) as dialler:
        dialler.dial("5")


def test_certificate_is_taken_at_first_use_and_known_again(tmp_path: Path) -> None:
    known, notes = pins.Pins(tmp_path / "state" / "known"), no_notes()
    with odd(lambda request: FOUND, phone_context(trustme.CA())) as phone:
        dial(phone, pinning(known, notes))
        dial(phone, pinning(known, notes))
        shown = pins.shown_by("127.0.0.1", phone.port, 5)
    assert len(notes) == 1 and pins.in_pairs(shown) in notes[0]
    assert known.path.read_text() == f"127.0.0.1:{phone.port} sha256:{shown}\n"
    assert known.path.stat().st_mode & 0o777 == 0o600


def test_changed_certificate_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    known, notes = pins.Pins(tmp_path / "known"), no_notes()
    with odd(lambda request: FOUND, phone_context(trustme.CA())) as phone:
        shown = pins.shown_by("127.0.0.1", phone.port, 5)
        known.keep(f"127.0.0.1:{phone.port}", "ab" * 32)
        with pytest.raises(pins.CertificateChanged) as said:
            dial(phone, pinning(known, notes))
        assert phone.asked == [] and notes == []
        for words in ("AB:AB", pins.in_pairs(shown), f"--accept-certificate {shown}", "nothing was sent"):
            assert words in str(said.value)
        dial(phone, pinning(known, notes, expected=shown))
        assert phone.dials() == 1


def test_certificate_of_the_phone_book_counts_more_than_what_was_seen(tmp_path: Path) -> None:
    known = pins.Pins(tmp_path / "known")
    with odd(lambda request: FOUND, phone_context(trustme.CA())) as phone:
        with pytest.raises(pins.CertificateChanged):
            dial(phone, pinning(known, [], expected="cd" * 32))
        assert phone.asked == [] and not known.path.exists()


@pytest.mark.parametrize(("name", "good"), [("127.0.0.1", True), ("other.test", False)])
def test_enrolled_certificate_is_verified_with_its_name(tmp_path: Path, name: str, good: bool) -> None:
    ca, file = trustme.CA(), tmp_path / "ca.pem"
    ca.cert_pem.write_to_path(str(file))
    with odd(lambda request: FOUND, phone_context(ca, name)) as phone:
        if good:
            dial(phone, lambda where: pins.context(None, str(file)))
        else:
            with pytest.raises(Unreachable, match="certificate is not trusted.*(mismatch|not valid)"):
                dial(phone, lambda where: pins.context(None, str(file)))
        assert phone.dials() == int(good)


def test_stranger_s_certificate_is_not_vouched_for(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    trustme.CA().cert_pem.write_to_path(str(file))
    with (
        odd(lambda request: FOUND, phone_context(trustme.CA())) as phone,
        pytest.raises(Unreachable, match="certificate is not trusted"),
    ):
        dial(phone, lambda where: pins.context(None, str(file)))


def test_client_shows_its_own_certificate(tmp_path: Path) -> None:
    ca, file = trustme.CA(), tmp_path / "me.pem"
    mine = ca.issue_cert("heiko.test")
    mine.private_key_and_cert_chain_pem.write_to_path(str(file))
    with odd(lambda request: FOUND, phone_context(ca, clients=ca)) as phone:
        dial(phone, lambda where: pins.context(lambda certificate: None, cert=str(file)))
        assert phone.dials() == 1


def test_files_that_are_none_are_told_by_name(tmp_path: Path) -> None:
    (tmp_path / "x.pem").write_text("nothing")
    for wrong in ({"ca_file": str(tmp_path / "x.pem")}, {"cert": str(tmp_path / "x.pem")}, {"ca_file": "/nowhere"}):
        with pytest.raises(LocalError, match=next(iter(wrong.values()))):
            pins.context(None, **wrong)
    with pytest.raises(LocalError, match="tls_minimum"):
        pins.context(None, tls_minimum="3")


def test_old_phones_are_spoken_to_as_they_can() -> None:
    old = phone_context(trustme.CA())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1
    old.set_ciphers("DEFAULT:@SECLEVEL=0")
    with odd(lambda request: FOUND, old) as phone:
        with pytest.raises(Unreachable, match="an old phone"):
            dial(phone, lambda where: pins.context(None))
        dial(phone, lambda where: pins.context(None, tls_minimum="1.0"))
        assert phone.dials() == 1


def test_several_writers_keep_each_others_pins(tmp_path: Path) -> None:
    path = tmp_path / "known"
    pins.Pins(path).keep("A.test:443", "aa" * 32)
    pins.Pins(path).keep("b.test:443", "bb" * 32)
    assert pins.Pins(path).known("a.TEST:443") == "aa" * 32
    pins.Pins(path).keep("a.test:443", "")
    assert path.read_text() == f"b.test:443 sha256:{'bb' * 32}\n"


def test_file_that_cannot_be_read_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "known"
    path.write_text("# mine\nnonsense\n")
    with pytest.raises(LocalError, match="line 2"):
        pins.Pins(path).known("x:443")


def test_fingerprints_are_read_as_people_write_them() -> None:
    digits = sha256(b"x").hexdigest()
    for text in (digits, digits.upper(), pins.in_pairs(digits), f"SHA256:{digits}", f" {digits}\n"):
        assert pins.fingerprint_of(text) == digits
    with pytest.raises(LocalError):
        pins.fingerprint_of("ab:cd")
