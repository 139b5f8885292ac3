"""Intents as JSON objects, both ways."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snomtui.phone import intents as want
from snomtui.phone.intents import Intent
from snomtui.presence import Availability
from snomtui.remote.intentjson import BadIntent, decode, encode, intent_of, intents_of, object_of, objects_of
from tests.remote.test_keys import PRESSES

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=30)
CALL = st.none() | TEXT
INTENTS: st.SearchStrategy[Intent] = st.one_of(
    PRESSES,
    st.builds(want.Dial, TEXT, st.none() | st.integers(1, 12)),
    st.builds(want.HangUp, CALL, st.booleans()),
    st.builds(want.Answer, CALL),
    st.builds(want.Hold, CALL),
    st.builds(want.Resume, CALL),
    st.builds(want.Transfer, TEXT, CALL),
    st.builds(want.Dtmf, st.from_regex(r"[0-9*#A-D]{1,9}", fullmatch=True)),
    st.builds(want.Write, TEXT, TEXT, st.none() | st.integers(1, 12)),
    st.builds(want.AddContact, TEXT, st.just("") | TEXT, st.just("") | TEXT),
    st.builds(want.RemoveContact, TEXT),
    st.builds(want.Search, TEXT),
    st.builds(want.SetPresence, st.sampled_from(Availability), st.none() | st.text(max_size=20)),
    st.builds(want.SetSetting, TEXT, st.text(max_size=20)),
    st.builds(want.Register, st.integers(1, 12)),
    st.builds(want.LogOff, st.none() | st.integers(1, 12)),
    st.builds(want.ClearList, st.sampled_from(("missed", "received", "dialed"))),
    st.builds(want.ForgetCall, st.sampled_from(("missed", "received", "dialed")), TEXT),
    st.builds(want.ForgetMessage, TEXT),
    st.builds(want.SaveEntry, st.just("") | TEXT, st.tuples(TEXT, TEXT) | st.just(()), st.just("") | TEXT, old=TEXT),
    st.builds(want.DeleteEntry, TEXT),
    st.builds(want.Redirect, st.sampled_from(("all", "busy", "time")), st.none() | st.booleans(), st.none() | TEXT),
    st.builds(want.Conference, st.booleans()),
    st.just(want.Reboot()),
    st.just(want.Reset()),
    st.builds(want.AcceptCertificate, st.from_regex("[0-9a-f]{64}", fullmatch=True)),
    st.builds(want.RejectCertificate, st.from_regex("[0-9a-f]{64}", fullmatch=True)),
    st.builds(want.Select, st.integers(0, 99)),
    st.builds(want.Go, TEXT),
    st.builds(want.Show, TEXT),
    st.just(want.Quit()),
)


@given(INTENTS)
def test_reader_reads_what_the_writer_wrote(intent: Intent) -> None:
    assert intent_of(decode(encode(object_of(intent)))) == intent


@pytest.mark.parametrize(
    ("given_", "wanted"),
    [
        ({"do": "dial", "number": "+4930123456"}, want.Dial("+4930123456")),
        ({"do": "dial", "number": 4711, "identity": 2}, want.Dial("4711", 2)),
        ({"do": "press", "keys": "1;2"}, [want.Press("1"), want.Press("2")]),
        ({"do": "presence", "availability": "be_right_back"}, want.SetPresence(Availability.BE_RIGHT_BACK)),
        ({"do": "presence", "availability": "Do not disturb"}, want.SetPresence(Availability.DND)),
        ({"do": "presence", "availability": "in a call", "note": ""}, want.SetPresence(Availability.IN_A_CALL, "")),
        ({"do": "set", "name": "dnd_mode", "value": True}, want.SetSetting("dnd_mode", "on")),
        ({"do": "set", "name": "vol_ringer", "value": 3}, want.SetSetting("vol_ringer", "3")),
        ({"do": "register"}, want.Register(1)),
        ({"do": "select", "row": 2.0}, want.Select(2)),
        ({"do": "save_entry", "name": None, "numbers": ["1"]}, want.SaveEntry("", ("1",))),
        ({"do": "forget_call", "list": "Dialled", "id": "5"}, want.ForgetCall("dialed", "5")),
        ({"do": "add_contact", "uri": "anna@ucc.de", "group": None}, want.AddContact("anna@ucc.de")),
        ({"do": "search", "text": " anna "}, want.Search("anna")),
        ({"do": "logoff"}, want.LogOff(None)),
        ({"do": "hangup", "every": True}, want.HangUp(every=True)),
        ({"do": "snapshot"}, []),
        ({"do": "accept_certificate", "fingerprint": "AB:" * 31 + "CD"}, want.AcceptCertificate("ab" * 31 + "cd")),
        ({"do": "reject_certificate", "fingerprint": "ab " * 32}, want.RejectCertificate("ab" * 32)),
    ],
)
def test_reader_is_liberal(given_: dict[str, Any], wanted: Intent | list[Intent]) -> None:
    assert intent_of(given_) == wanted


@pytest.mark.parametrize(
    "given_",
    [
        {},
        {"do": 1},
        {"do": "banana"},
        {"do": "dial"},
        {"do": "dial", "number": ""},
        {"do": "dial", "number": True},
        {"do": "dial", "number": "1\n2"},
        {"do": "dial", "number": "1" * 5000},
        {"do": "dial", "number": "1", "identity": 13},
        {"do": "dial", "number": "1", "identity": "2"},
        {"do": "dial", "number": "1", "identity": True},
        {"do": "press", "keys": "BANANA"},
        {"do": "press", "keys": ""},
        {"do": "presence", "availability": "SLEEPY"},
        {"do": "dtmf", "digits": "x"},
        {"do": "message", "to": "1"},
        {"do": "message", "to": "1\n2", "text": "hi"},
        {"do": "clear", "list": "everything"},
        {"do": "add_contact", "name": "Anna"},
        {"do": "add_contact", "uri": "a@b", "group": 1.5},
        {"do": "remove_contact"},
        {"do": "search", "text": " "},
        {"do": "hangup", "every": "yes"},
        {"do": "select", "row": -1},
        {"do": "select", "row": 1.5},
        {"do": "forget_call", "list": "all", "id": "1"},
        {"do": "forget_call", "list": "missed"},
        {"do": "save_entry", "numbers": "1"},
        {"do": "save_entry", "numbers": [1]},
        {"do": "save_entry", "numbers": ["1"] * 21},
        {"do": "save_entry", "numbers": ["1" * 256]},
        {"do": "delete_entry"},
        {"do": "redirect", "when": "sundays"},
        {"do": "redirect", "when": "all", "on": "yes"},
        {"do": "set", "name": "x"},
        {"do": "accept_certificate"},
        {"do": "accept_certificate", "fingerprint": "ab" * 31},
        {"do": "reject_certificate", "fingerprint": "xy" * 32},
    ],
)
def test_reader_refuses_what_is_malformed(given_: dict[str, Any]) -> None:
    with pytest.raises(BadIntent):
        intents_of(given_)


@given(st.dictionaries(st.sampled_from(["do", "number", "keys", "identity", "value"]), st.text() | st.integers()))
def test_reader_raises_nothing_else(given_: dict[str, Any]) -> None:
    try:
        intents_of(given_)
    except BadIntent as error:
        assert str(error)


@pytest.mark.parametrize("line", [b"", b"x", b"[1]", b"1", b'"a"', b"{", b"\xff", b"[" * 100_000, b'{"a":\xff}'])
def test_decoder_refuses_what_is_no_object(line: bytes) -> None:
    with pytest.raises(BadIntent):
        decode(line)


def test_keys_in_a_row_are_told_as_one_object_and_secrets_as_stars() -> None:
    done: list[Intent] = [want.Press("1"), want.Press("2", 5), want.SetSetting("http_pass", "geheim"), want.Press("3")]
    assert objects_of(done) == [
        {"do": "press", "keys": "1;2,5"},
        {"do": "set", "name": "http_pass", "value": "********"},
        {"do": "press", "keys": "3"},
    ]


def test_urls_are_told_without_their_logins() -> None:
    url = "https://me:geheim@host/page?to=me@host"
    assert objects_of(
        [want.Show(url), want.SetSetting("action_setup_url", url), want.SetSetting("fkey1", "sip:a@b")]
    ) == [
        {"do": "show", "url": "https://host/page?to=me@host"},
        {"do": "set", "name": "action_setup_url", "value": "https://host/page?to=me@host"},
        {"do": "set", "name": "fkey1", "value": "sip:a@b"},
    ]


@pytest.mark.parametrize("value", ["\udcfc", {"\udcfc": ["\ud800", ("a", 1, None)]}, {"n": {"x": "\udfffz"}}])
def test_half_characters_are_replaced_when_written(value: object) -> None:
    line = encode(value)
    assert "\ufffd".encode() in line and decode(b'{"v": ' + line + b"}")["v"]


def test_two_halves_become_the_character_that_they_are() -> None:
    assert encode("\ud83d\ude00 \udcfc") == '"\U0001f600 \ufffd"'.encode()


@given(st.recursive(st.text(st.characters()), lambda inner: st.dictionaries(st.text(st.characters()), inner)))
def test_writer_takes_every_text(value: object) -> None:
    assert encode(value).decode("utf-8")


@pytest.mark.parametrize("name", ["user_pass1", "http_pass", "USER_PASS12", "my_password", "new_secret"])
def test_secret_setting_is_not_shown(name: str) -> None:
    assert "geheim" not in repr(want.SetSetting(name, "geheim")) and "geheim" not in str(
        [want.SetSetting(name, "geheim")]
    )
    assert want.SetSetting(name, "geheim") != want.SetSetting(name, "other")


def test_plain_setting_is_shown() -> None:
    assert repr(want.SetSetting("vol_ringer", "3")) == "SetSetting(name='vol_ringer', value='3')"
    assert repr(want.SetSetting("user_pass1", "")) == "SetSetting(name='user_pass1', value='')"
