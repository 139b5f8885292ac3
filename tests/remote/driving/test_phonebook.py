"""The phone book file: read whole, changed by small steps."""

from __future__ import annotations

from pathlib import Path

import pytest

from snomtui.remote.driving import phonebook
from snomtui.remote.driving.numbers import Rules
from snomtui.remote.driving.phonebook import BadBook, Entry

WHOLE = """\
# my phones
default = "desk"

[numbers]
country = "49"

[phones.desk]  # by the window
url = "https://192.0.2.7"
user = "admin"
password_command = ["pass", "show", "snom"]
identity = "49301@voip.test"
tls_minimum = "1.0"

[phones.desk.numbers]
prefix = "0"

[phones.hall]
url = "http://192.0.2.8"
password_file = "hall.secret"

[groups]
house = ["desk", "hall"]
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "phones.toml"
    file.write_text(WHOLE)
    return file


def test_book_tells_phones_groups_and_rules(path: Path) -> None:
    book = phonebook.read(path)
    desk, hall = book.find("house")
    assert desk == Entry(
        "desk",
        "https://192.0.2.7",
        "admin",
        password_command=("pass", "show", "snom"),
        identity="49301@voip.test",
        tls_minimum="1.0",
        rules=Rules("49", prefix="0"),
    )
    assert (hall.rules, hall.password_file, book.default) == (Rules("49"), str(path.parent / "hall.secret"), "desk")


@pytest.mark.parametrize("name", ["http://x", "192.0.2.7", "snom.test", "localhost", "x:8080", "[::1]:80"])
def test_address_needs_no_book_but_has_its_rules(path: Path, name: str) -> None:
    assert phonebook.read(path).find(name) == [Entry(url=name, rules=Rules("49"))]


def test_unknown_name_is_told_with_the_nearest(path: Path) -> None:
    with pytest.raises(BadBook, match="'dsk', did you mean desk?"):
        phonebook.read(path).find("dsk")
    with pytest.raises(BadBook, match="phones.toml has desk, hall, house"):
        phonebook.read(path).find("qqqq")
    with pytest.raises(BadBook, match="none yet"):
        phonebook.read(path.with_name("other.toml")).find("desk")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x", "phones.toml: "),
        ("[phons.a]", "phons: unknown; did you mean phones?"),
        ("phones = 1", "phones: must be a table"),
        ("[phones.a]\nuser='x'", "phones.a: needs a url"),
        ("[phones.a]\nurl='x'\npasword_file='y'", "phones.a.pasword_file: unknown; did you mean password_file?"),
        ("[phones.a]\nurl=1", "phones.a.url: must be one line of text in quotes"),
        ("[phones.'a b']\nurl='x'", "phones.a b: a name has letters"),
        ("[phones.a]\nurl='x'\npassword_command='pass show'", "password_command: must be a list of words"),
        ("[numbers]\ncountry=49", 'numbers.country: must stand in quotes, such as country = "49"'),
        ("[numbers]\nform='x'", "numbers: form: one of"),
        ("[groups]\na=['b']", "groups.a: there is no phone 'b'"),
        ("[groups]\na='b'", "groups.a: must be a list"),
    ],
)
def test_mistakes_are_told_with_file_and_key(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "phones.toml"
    file.write_text(text)
    with pytest.raises(BadBook) as said:
        phonebook.read(file)
    assert str(file) in str(said.value) and words in str(said.value)


def test_phone_is_added_and_what_stood_there_stays(path: Path) -> None:
    entry = Entry("lab", "https://x", password_command=("a b", 'c"\\'), rules=Rules("49", internal=3))
    book = phonebook.add(path, entry, default=True)
    assert book.find("lab") == [entry]
    text = path.read_text()
    assert "# my phones" in text and "# by the window" in text and book.default == "lab"
    with pytest.raises(BadBook, match="there is lab already"):
        phonebook.add(path, entry)
    with pytest.raises(BadBook, match="a name has letters"):
        phonebook.add(path, Entry("a b", "http://x"))


def test_first_phone_makes_the_file(tmp_path: Path) -> None:
    path = tmp_path / "new" / "phones.toml"
    phonebook.add(path, Entry("desk", "http://192.0.2.7", "admin"))
    assert path.read_text() == '[phones.desk]\nurl = "http://192.0.2.7"\nuser = "admin"\n'
    assert path.stat().st_mode & 0o777 == 0o600


def test_phone_is_removed_with_its_own_tables_only(path: Path) -> None:
    with pytest.raises(BadBook, match="in the group house"):
        phonebook.remove(path, "desk")
    path.write_text(WHOLE.partition("[groups]")[0])
    book = phonebook.remove(path, "desk")
    assert list(book.phones) == ["hall"] and book.default == "" and book.rules == Rules("49")
    assert path.read_text().startswith("# my phones\n")
    with pytest.raises(BadBook, match="no phone is called"):
        phonebook.remove(path, "desk")
