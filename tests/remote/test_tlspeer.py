"""Whom a client certificate lets in, and how its subject is written."""

from __future__ import annotations

from typing import Any

import pytest

from snomtui.remote.tlspeer import subject, vouched
from snomtui.settings.registry import Settings


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ([[("organizationName", "Test")], [("commonName", "dialler")]], "CN=dialler,O=Test"),
        ([[("commonName", 'a,b+"c"')]], 'CN=a\\,b\\+\\"c\\"'),
        ([[("commonName", "# x ")]], "CN=\\# x\\ "),
        ([[("commonName", "a"), ("userId", "b")]], "CN=a+UID=b"),
        ([], ""),
    ],
)
def test_subject_is_written_as_rfc_4514_has_it(parts: list[Any], text: str) -> None:
    assert subject({"subject": tuple(tuple(part) for part in parts)}) == text


def shown(*names: str) -> dict[str, Any]:
    tls = {"client_cert_name": "CN=dialler", "client_cert_chain": ("PEM",), "names": names}
    return {"type": "http", "extensions": {"tls": tls}}


@pytest.mark.parametrize(
    ("wanted", "names", "good"),
    [
        ("", ("dialler",), True),
        ("dialler", ("dialler",), True),
        ("x, DIALLER ,y", ("dialler",), True),
        ("x@example.org", ("dialler", "x@example.org"), True),
        ("dial", ("dialler",), False),
        ("dialler", (), False),
    ],
)
def test_names_say_who_may_come_in(wanted: str, names: tuple[str, ...], good: bool) -> None:
    settings = Settings({"sim_web_client_ca_file": "ca.pem", "sim_web_client_names": wanted})
    assert vouched(shown(*names), settings) == ("CN=dialler" if good else "")


def test_without_an_authority_or_a_certificate_nobody_is_let_in() -> None:
    assert vouched(shown("dialler"), Settings()) == ""
    assert vouched({"type": "http"}, Settings({"sim_web_client_ca_file": "ca.pem"})) == ""
    assert vouched({"type": "http", "extensions": None}, Settings({"sim_web_client_ca_file": "ca.pem"})) == ""
