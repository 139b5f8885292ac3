"""Names that this machine knows without any server."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from snomtui.shell.hostsfile import HostsFile, known, parsed
from snomtui.sip.locating import Answer, Question

TEXT = """
127.0.0.1 localhost
192.0.2.1\tsip.ucc.test SIP # the front end
2001:db8::1 sip.ucc.test
192.0.2.1 sip.ucc.test
not-an-address x.test
192.0.2.9
# 192.0.2.8 y.test
"""


def test_lines_are_read_as_far_as_they_make_sense() -> None:
    names = parsed(TEXT)
    assert names["sip.ucc.test"] == ("192.0.2.1", "2001:db8::1") and names["sip"] == ("192.0.2.1",)
    assert set(names) == {"localhost", "sip.ucc.test", "sip"}


def test_file_is_read_again_when_it_has_changed(tmp_path: Path) -> None:
    path = tmp_path / "hosts"
    file = HostsFile(str(path))
    assert file.addresses("pbx") == ()
    path.write_text("192.0.2.1 pbx\n")
    assert file.addresses("PBX") == ("192.0.2.1",)
    path.write_text("192.0.2.2 pbx\n")
    os.utime(path, ns=(1, 1))
    assert file.addresses("pbx") == ("192.0.2.2",)
    path.unlink()
    assert file.addresses("pbx") == ()


@pytest.mark.parametrize(
    ("kind", "name", "answer"),
    [
        ("a", "sip.ucc.test", Answer(("192.0.2.1",))),
        ("aaaa", "sip.ucc.test", Answer(("2001:db8::1",))),
        ("naptr", "sip.ucc.test", Answer()),
        ("srv", "_sip._udp.sip.ucc.test", Answer()),
        ("a", "given.test", Answer(("192.0.2.7",))),
        ("aaaa", "given.test", Answer()),
        ("a", "Localhost", Answer(("127.0.0.1",))),
        ("a", "phone.localhost", Answer(("127.0.0.1",))),
        ("aaaa", "phone.localhost", Answer(("::1",))),
        ("srv", "_sip._udp.localhost", Answer()),
        ("a", "x.invalid.", Answer()),
        ("a", "other.test", None),
        ("srv", "_sip._udp.other.test", None),
        ("a", "", None),
    ],
)
def test_names_of_this_machine_are_asked_of_nobody(tmp_path: Path, kind: str, name: str, answer: Answer | None) -> None:
    path = tmp_path / "hosts"
    path.write_text(TEXT)
    assert known(Question(kind, name), {"given.test": "192.0.2.7"}, HostsFile(str(path))) == answer
