from __future__ import annotations

import pytest

from snomtui.auth.ntlm.signature import Stamp, signed_text
from snomtui.auth.ntlm.window import WIDTH, Window
from snomtui.sip.message import parse

STAMP = Stamp("r", "1", "R", "T")


def text(*lines: str, start: str = "INVITE sip:a@b SIP/2.0", version: int = 4) -> str:
    message = parse("\r\n".join((start, *lines, "", "")).encode())
    return signed_text(message, Stamp("r", "1", "R", "T", version)).decode()


@pytest.mark.parametrize(
    ("header", "url", "tag"),
    [
        ("<sip:a@b>;tag=1", "sip:a@b", "1"),
        ('"A <x> \\" ;tag=no" <sip:a@b;p=1>;epid=2;TAG=3', "sip:a@b;p=1", "3"),
        ("sip:a@b;tag=4;epid=5", "sip:a@b", "4"),
        ("  sip:a@b  ", "sip:a@b", ""),
        ("<tel:+49305555>", "tel:+49305555", ""),
        ("Clara <SIP:Clara@UCC.test> ; tag = 9", "SIP:Clara@UCC.test", "9"),
        ("", "", ""),
    ],
)
def test_url_and_tag_are_taken_as_they_were_written(header: str, url: str, tag: str) -> None:
    assert text(f"FROM: {header}", "CSEQ: 1  INVITE").endswith(f"<><1><INVITE><{url}><{tag}><><><><><>")
    assert text(f"t: {header}").endswith(f"<><><><><><{url}><{tag}><><><>")


@pytest.mark.parametrize(
    ("lines", "sip", "tel"),
    [
        (['P-Asserted-Identity: "a, <sip:no@b>" <sip:a@b>, <tel:+1>, <sip:c@d>'], "sip:a@b", "tel:+1"),
        (["P-Asserted-Identity: <TEL:+1>,<SIP:a@b>"], "SIP:a@b", "TEL:+1"),
        (["P-Asserted-Identity: tel:+1"], "", "tel:+1"),
        (["P-Preferred-Identity: <sip:p@b>"], "sip:p@b", ""),
        (["P-Preferred-Identity: <sip:p@b>", "P-Asserted-Identity: <tel:+1>"], "", "tel:+1"),
        (["P-Asserted-Identity: <sip:a@b>", "P-Asserted-Identity: <tel:+1>"], "sip:a@b", ""),
        (["P-Asserted-Identity: <sips:a@b>"], "", ""),
        ([], "", ""),
    ],
)
def test_identities_are_the_first_of_each_kind(lines: list[str], sip: str, tel: str) -> None:
    assert text(*lines).endswith(f"<{sip}><{tel}><>")
    assert sip not in text(*lines, version=2) or not sip


def test_expires_is_the_header_only_and_zero_counts() -> None:
    assert text("Expires: 0", "Contact: <sip:a@b>;expires=60").endswith("<0>")
    assert text("Contact: <sip:a@b>;expires=60").endswith("<><>")


def test_status_stands_in_responses_only() -> None:
    assert text(start="SIP/2.0 180 Ringing") == "<NTLM><r><1><R><T><><><><><><><><><><><180>"
    assert text(start="SIP/2.0 180 Ringing", version=2) == "<NTLM><r><1><R><T><><><><><><><><180>"
    assert text() == "<NTLM><r><1><R><T><><><><><><><><><><>"
    assert text(version=2) == "<NTLM><r><1><R><T><><><><><><><>"


def test_bytes_that_are_not_utf_8_are_signed_as_they_came() -> None:
    message = parse(b"BYE sip:a@b SIP/2.0\r\nFrom: <sip:\xe4@b>;tag=\xff\r\n\r\n")
    assert b"<sip:\xe4@b><\xff>" in signed_text(message, STAMP)


def test_window_takes_each_number_once_and_none_that_is_too_old() -> None:
    window = Window()
    for number in (5, 3, 1000, 745, 999):
        assert window.is_new(number)
        window.take(number)
        assert not window.is_new(number)
    assert not window.is_new(1000 - WIDTH)
    assert window.is_new(1000 - WIDTH + 2)
    assert not window.is_new(0) and not window.is_new(-1)
    window.take(2**32)
    assert not window.is_new(1000) and window.is_new(2**32 - 1)
