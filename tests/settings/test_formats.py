"""Settings files, right and wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from snomtui.errors import SettingsError
from snomtui.settings.formats import from_assignments, from_toml

GOOD = """
user_active1 = true
user_name1 = "heiko.riedel"            # the account
user_pname1 = 'UCC\\heiko.riedel'
network_id_port = 5060
fkey1 = "dest <sip:jan@ucc.de>"

[[contact]]
name = "Jan"
uri = "sip:jan@ucc.de"
numbers = ["+4930123456"]
presence = true

[[contact]]
numbers = ["110"]
"""


def complaint(text: str) -> str:
    """What is said about a wrong file."""
    with pytest.raises(SettingsError) as told:
        from_toml(text, "my.toml")
    return str(told.value)


def test_file_gives_settings_as_text_and_contacts() -> None:
    loaded = from_toml(GOOD, "my.toml")
    assert loaded.settings == {
        "user_active1": "on",
        "user_name1": "heiko.riedel",
        "user_pname1": "UCC\\heiko.riedel",
        "network_id_port": "5060",
        "fkey1": "dest <sip:jan@ucc.de>",
    }
    jan, police = loaded.contacts
    assert (jan.name, jan.uri, jan.numbers, jan.watched) == ("Jan", "sip:jan@ucc.de", ("+4930123456",), True)
    assert (police.uri, police.watched) == ("tel:110", False)


def test_empty_file_is_fine() -> None:
    assert from_toml("", "my.toml").settings == {}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("user_nam1 = 'x'", "my.toml:1: unknown setting user_nam1, did you mean user_name1?"),
        ("\n# name\n'user_nam1' = 'x'", "my.toml:3: unknown setting user_nam1"),
        ("http_user = 'a'\n  user_expiry1 = 'soon'", "my.toml:2: user_expiry1: must be a whole number from 15"),
        ("http_user = 'a'\nuser_expiry1 = 3.5", "my.toml:2: user_expiry1: must be text, a whole number or true/false"),
        ("http_user = ['a']", "my.toml:1: http_user: must be text, a whole number or true/false, not list"),
        ("\n\nhttp_user = 2009-10-27", "my.toml:3: http_user: must be text"),
        ("# a\n\n[user_name1]\na = 1", "my.toml:3: user_name1: must be text"),
        ("# a\nuser.name1 = 'x'", "my.toml:2: user: must be text"),
        ("dnd_mode = 2", "my.toml:1: dnd_mode: must be on or off, not '2'"),
        ("user_name1 = heiko", "my.toml:1: not TOML: Invalid value (at line 1, column 14)"),
        ("http_user = 'a'\nhttp_user = 'b'\n", "my.toml:2: not TOML: Cannot overwrite a value"),
        ("http_user = 'a'\nuser_name1 = [", "my.toml:2: not TOML: Invalid value (at end of document)"),
        ("contact = 5", "my.toml:1: contact: write [[contact]], with two brackets"),
        ("http_user = 'a'\n[contact]\nname = 'Jan'", "my.toml:2: contact: write [[contact]], with two brackets"),
        ("contact = [1]", "my.toml:1: contact 1: write [[contact]], with two brackets"),
        ("[[contact]]\nuri='sip:a@b'\n\n[[contact]]\nuri=5", "my.toml:4: contact 2: uri must be a text in quotes"),
        ("[[contact]]\nuri='sip:a@b'\nphone='5'", "my.toml:1: contact 1: unknown key phone, known are name, uri"),
        ("#\n[[contact]]\nuri='sip:a@b'\npresence='yes'", "my.toml:2: contact 1: presence must be true or false, with"),
        ("#\n[[contact]]\nnumbers='110'", "my.toml:2: contact 1: numbers must be a list of texts"),
        ("#\n[[contact]]\nuri='sip:a@b'\n\n[['contact']] # me\nname='Jan'", "my.toml:5: contact 2: needs a uri"),
        ("#\nfkey1 = 'banana'", "my.toml:2: fkey1: must be line, dest <sip:...>"),
        ("#\nuser_outbound1 = 'a:b'", "my.toml:2: user_outbound1: must be host[:port]"),
        ("#\nsim_media_source = 'music'", "my.toml:2: sim_media_source: must be silence, none, tone, echo or wav:FILE"),
        ("[[contact]]\nname='Jan'", "my.toml:1: contact 1: needs a uri (sip:...) or numbers"),
        ("[[contact]]\nnumbers=[110]", "my.toml:1: contact 1: numbers must be a list of texts"),
    ],
)
def test_wrong_file_is_refused_with_its_name_line_and_key(text: str, words: str) -> None:
    assert complaint(text).startswith(words)


def test_all_mistakes_of_a_file_are_told_at_once() -> None:
    lines = complaint("a = 1\nuser_name1 = 'x'\nb = 2\n[[contact]]\nx = 1").splitlines()
    assert [line.partition(": ")[0] for line in lines] == ["my.toml:1", "my.toml:3", "my.toml:4"]


@pytest.mark.parametrize("text", ["a = " + "[" * 5000, "a = " + "9" * 5000])
def test_file_that_overtaxes_the_reader_is_refused_like_any_other(text: str) -> None:
    assert complaint(text).startswith("my.toml:1: not TOML")


def test_password_of_a_wrong_file_is_not_repeated() -> None:
    assert "Sommer" not in complaint('user_pass1 = """Sommer\n2009"""')


def test_assignments_are_read_and_the_last_one_wins() -> None:
    assert from_assignments(["http_user=a=b", "fkey1=dest <sip:x@y>", "http_user="]) == {
        "http_user": "",
        "fkey1": "dest <sip:x@y>",
    }


@pytest.mark.parametrize(
    ("pair", "words"),
    [
        ("http_user", "--set http_user: must be NAME=VALUE"),
        ("=x", "--set: unknown setting "),
        ("htp_user=x", "--set: unknown setting htp_user, did you mean http_user?"),
        ("user_name=x", "--set: user_name needs an index"),
        ("dnd_mode=perhaps", "--set dnd_mode: must be on or off"),
    ],
)
def test_wrong_assignment_is_refused_with_its_name(pair: str, words: str) -> None:
    with pytest.raises(SettingsError) as told:
        from_assignments([pair])
    assert str(told.value).startswith(words)


@given(some.text(max_size=60))
def test_any_text_is_read_or_refused_with_the_name_of_the_file(text: str) -> None:
    try:
        from_toml(text, "my.toml")
    except SettingsError as error:
        assert str(error).startswith("my.toml:")


@pytest.mark.parametrize("line", ["user_name1 = heiko", "user_host1 = 127.0.0.1", "user_expiry1 = 60s"])
def test_reader_is_told_that_texts_need_quotes(line: str) -> None:
    assert complaint(f"log_level = 5\n{line}\n").endswith("; texts need quotes")


@pytest.mark.parametrize("text", ["http_user = 'a", "http_user 'a'", "log_level = 05", "[http_user", "http_user = ["])
def test_reader_is_not_told_of_quotes_when_something_else_is_wrong(text: str) -> None:
    assert "quotes" not in complaint(text)


def test_file_knows_the_line_of_each_setting() -> None:
    assert from_toml("# a\nhttp_user = 'x'\n\nlog_level = 5", "my.toml").lines == {"http_user": 2, "log_level": 4}
