"""Phones and front ends in a thread of their own, driven without asyncio."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from snomtui.errors import LocalError
from snomtui.qa.events import NotSeen
from snomtui.qa.lab import Lab, Refused


def test_lab_leaves_nothing_behind() -> None:
    before = set(threading.enumerate())
    with Lab() as lab:
        office = lab.office()
        phone = office.phone()
        assert phone.url.startswith("http://127.0.0.1:") and office.url.startswith("http://127.0.0.1:")
        assert phone.address == "Heiko.Riedel@ucc.de" and office.tcp.startswith("127.0.0.1:")
    left = [one for one in set(threading.enumerate()) - before if one.name.startswith("snomtui")]
    assert left == []


def test_refusal_and_what_did_not_happen_are_told_in_words() -> None:
    with Lab() as lab:
        office = lab.office()
        phone = office.phone()
        with pytest.raises(LocalError, match="unknown key 'BANANA'"):
            phone.press("BANANA")
        with pytest.raises(Refused, match="No call is ringing"):
            phone.answer()
        with pytest.raises(LocalError, match="unknown do 'dance'"):
            phone.do("dance")
        with pytest.raises(NotSeen, match=r"(?s)not within 0.1 s: the moon\nseen:.*Available"):
            phone.until(lambda: False, 0.1, "the moon")
        with pytest.raises(Refused, match="Nobody is nobody who is played here"):
            office.call("Nobody")
        with pytest.raises(Refused, match="Anna Lindner has no call"):
            office.hang_up("Anna Lindner")


def test_people_of_a_file_work_in_the_office(tmp_path: Path) -> None:
    file = tmp_path / "who.toml"
    person = '[[person]]\nuri = "sip:olga@probe.test"\nname = "Olga"\npassword = "x"\n'
    file.write_text(f'domain = "probe.test"\n{person}', "utf-8")
    with Lab() as lab:
        office = lab.office(file, policy=("lan_manager_level=5",))
        assert office.people == ["Olga"] and office.phone("olga").is_registered
        with pytest.raises(LocalError, match="one more phone: nobody with a password is there for it"):
            office.phone()
