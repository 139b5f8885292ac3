"""Whom the phone trusts, and what it says when it does not."""

from __future__ import annotations

import errno
import ssl
import time
from pathlib import Path

import pytest

from snomtui.errors import SettingsError
from snomtui.shell.certificates import make
from snomtui.shell.tls import Trust, in_words


def test_phone_checks_name_and_chain() -> None:
    context = Trust().context()
    assert context.check_hostname and context.verify_mode is ssl.CERT_REQUIRED
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2


def test_further_authorities_come_on_top_of_the_systems(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    file.write_text(make(["x.test"], time.time()).authority)
    plain, more = Trust().context(), Trust(str(file)).context()
    assert len(more.get_ca_certs()) == len(plain.get_ca_certs()) + 1


def test_authority_of_the_embedded_front_end_is_the_only_one() -> None:
    assert len(Trust(ca_text=make(["x.test"], time.time()).authority).context().get_ca_certs()) == 1


def test_tls_1_0_is_spoken_only_when_asked_for() -> None:
    with pytest.warns(DeprecationWarning):
        context = Trust(minimum="1.0").context()
    assert context.minimum_version is ssl.TLSVersion.TLSv1
    assert Trust(minimum="1.3").context().minimum_version is ssl.TLSVersion.TLSv1_3


@pytest.mark.parametrize(
    ("content", "words"), [(None, "No such file or directory"), ("not PEM", "it holds no PEM certificate")]
)
def test_authority_file_that_cannot_be_used_is_refused_by_name(tmp_path: Path, content: str | None, words: str) -> None:
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_text(content)
    with pytest.raises(SettingsError) as told:
        Trust(str(file)).context()
    assert str(told.value) == f"sim_tls_ca_file: {file}: {words}"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ConnectionRefusedError(errno.ECONNREFUSED, "Connect call failed"), "Nobody listens at sip.x:5061"),
        (
            OSError("Multiple exceptions: [Errno 111] Connect call failed ('::1', 9), [Errno 111] Connect ..."),
            "Nobody listens at sip.x:5061",
        ),
        (TimeoutError(), "sip.x:5061 does not answer"),
        (ConnectionResetError(), "sip.x:5061 closed the connection"),
        (OSError(errno.ENETUNREACH, "Network is unreachable"), "sip.x:5061 cannot be reached (Network is unreachable)"),
        (ValueError("odd"), "sip.x:5061: odd"),
    ],
)
def test_errors_are_told_in_words(error: Exception, words: str) -> None:
    assert in_words(error, "sip.x", 5061) == words


@pytest.mark.parametrize(
    ("code", "hint"), [(18, "; sim_tls_ca_file names further authorities"), (20, "; sim_tls"), (10, ""), (62, "")]
)
def test_untrusted_certificate_is_told_with_the_setting_if_that_helps(code: int, hint: str) -> None:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_code, error.verify_message = code, "bad luck"
    begin, bracket, end = in_words(error, "sip.x", 5061).partition("(bad luck)")
    assert (begin, bracket) == ("The certificate of sip.x:5061 is not trusted ", "(bad luck)")
    assert end.startswith(hint) and bool(end) == bool(hint)
