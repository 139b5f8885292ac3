"""Every setting once, and the values of one phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as some

from snomtui.errors import SettingsError
from snomtui.line.account import Server
from snomtui.media.tones import TONES
from snomtui.settings.registry import IDENTITIES, Kind, Setting, Settings, find, registry


@pytest.mark.parametrize("row", registry().values(), ids=lambda row: row.name)
def test_every_row_is_complete_and_its_default_is_allowed(row: Setting) -> None:
    assert row.check(row.default) == row.default
    assert row.help.endswith(".") and row.page and row.permission in "!$&"
    assert (row.first is None) == (row.last is None)
    assert bool(row.choices) == (row.kind is Kind.CHOICE)
    assert bool(row.pattern) == bool(row.form)


def test_every_identity_has_every_setting_of_an_identity() -> None:
    for row in registry().values():
        if row.name.startswith("user_") and row.first is not None:
            assert (row.first, row.last) == (1, IDENTITIES), row.name


def test_passwords_are_secrets() -> None:
    for name in ("user_pass", "http_pass"):
        assert registry()[name].kind is Kind.SECRET


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("user_nam1", "unknown setting user_nam1, did you mean user_name1?"),
        ("user_name", "user_name needs an index, user_name1 to user_name12"),
        ("user_name0", "user_name goes from user_name1 to user_name12"),
        ("user_name13", "user_name goes from user_name1 to user_name12"),
        ("user_name01", "unknown setting user_name01"),
        ("fkey54", "fkey goes from fkey0 to fkey53"),
        ("http_user1", "unknown setting http_user1, did you mean http_user?"),
        ("", "unknown setting "),
        ("user_name\u0661", "unknown setting user_name\u0661"),
        ("USER_NAME1", "unknown setting USER_NAME1"),
    ],
)
def test_registry_says_what_is_wrong_with_a_name(name: str, words: str) -> None:
    with pytest.raises(SettingsError) as told:
        find(name)
    assert str(told.value).startswith(words)


def test_registry_finds_row_and_index() -> None:
    assert [(find(n)[0].name, find(n)[1]) for n in ("http_user", "user_name12", "fkey0", "codec1_name2")] == [
        ("http_user", None),
        ("user_name", 12),
        ("fkey", 0),
        ("codec1_name", 2),
    ]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("user_expiry1", "soon", "user_expiry1: must be a whole number from 15 to 2000000, not 'soon'"),
        ("user_expiry1", "14", "user_expiry1: must be a whole number"),
        ("user_expiry1", "--20", "user_expiry1: must be a whole number"),
        ("user_expiry1", "\u00b2", "user_expiry1: must be a whole number"),
        ("user_expiry1", "1e3", "user_expiry1: must be a whole number"),
        ("user_expiry1", "9" * 5000, "user_expiry1: must be a whole number"),
        ("user_expiry1", "", "user_expiry1: must be a whole number"),
        ("user_server_type1", "lync", "user_server_type1: must be one of default, ocs, asterisk"),
        ("codec2_name1", "18", "codec2_name1: must be one of (empty), 0, 8, not '18'"),
        ("call_waiting", "ON", "call_waiting: must be one of on, visual"),
        ("dnd_mode", "maybe", "dnd_mode: must be on or off, not 'maybe'"),
        ("sim_media_source", "", "sim_media_source: must be silence, none, tone, echo or wav:FILE, not ''"),
        ("sim_media_source", "tone:loud", "sim_media_source: must be silence"),
        ("sim_media_source", "wav:", "sim_media_source: must be silence"),
        ("fkey0", "banana 5", "fkey0: must be line, dest <sip:...>"),
        ("fkey0", "dest", "fkey0: must be line, dest <sip:...>"),
        ("fkey0", "speed ", "fkey0: must be line, dest <sip:...>"),
        ("fkey0", "lines", "fkey0: must be line, dest <sip:...>"),
        ("user_outbound1", "a b", "user_outbound1: must be host[:port][;transport=udp, tcp or tls], not 'a b'"),
        ("http_user", "a\nb", "http_user: must be one line"),
        ("user_pass1", "a\r\nb", "user_pass1: must be one line"),
    ],
)
def test_phone_refuses_a_wrong_value_and_keeps_the_old_one(name: str, value: str, words: str) -> None:
    settings = Settings()
    before = settings.text(name)
    with pytest.raises(SettingsError) as told:
        settings.set(name, value)
    assert str(told.value).startswith(words) and len(str(told.value)) < 300
    assert settings.text(name) == before


@pytest.mark.parametrize(
    ("given_", "stored"), [("on", "on"), ("TRUE", "on"), (" yes ", "on"), ("1", "on"), ("off", "off"), ("", "off")]
)
def test_switch_understands_several_words(given_: str, stored: str) -> None:
    assert Settings({"dnd_mode": given_}).text("dnd_mode") == stored


def test_password_keeps_its_blanks_and_other_text_does_not() -> None:
    settings = Settings({"user_pass1": " a b ", "user_realname1": " Heiko Riedel "})
    assert (settings.text("user_pass1"), settings.text("user_realname1")) == (" a b ", "Heiko Riedel")


def test_password_is_shown_as_stars_of_one_length() -> None:
    settings = Settings({"user_pass1": "Sommer2009!", "http_pass": "x"})
    assert settings.shown("user_pass1") == settings.shown("http_pass") == "********"
    assert settings.shown("user_pass2") == ""


def test_wrong_password_is_not_repeated_in_the_complaint() -> None:
    with pytest.raises(SettingsError) as told:
        Settings({"user_pass1": "Sommer\n2009"})
    assert "Sommer" not in str(told.value)


def test_settings_that_were_never_set_have_their_default() -> None:
    settings = Settings()
    assert (settings.number("user_expiry", 1), settings.on("user_active", 12), settings.text("fkey", 3)) == (
        3600,
        True,
        "line",
    )
    assert list(settings.items()) == []


def test_copy_is_independent() -> None:
    settings = Settings({"http_user": "admin"})
    copy = settings.copy()
    copy.set("http_user", "other")
    assert (settings.text("http_user"), copy.text("http_user")) == ("admin", "other")


@given(some.sampled_from(sorted(registry())), some.text(max_size=20))
def test_any_value_is_taken_or_refused_with_words(name: str, value: str) -> None:
    row = registry()[name]
    full = name if row.first is None else f"{name}{row.first}"
    settings = Settings()
    try:
        settings.set(full, value)
    except SettingsError as error:
        assert str(error).startswith(f"{full}: must be")
    else:
        kept = settings.text(full)
        assert row.check(kept) == kept
        if row.kind is Kind.NUMBER:
            assert row.low <= settings.number(full) <= row.high


@pytest.mark.parametrize(
    "value", ["silence", "none", "echo", "tone", "wav:my sound.wav", *(f"tone:{t}" for t in TONES)]
)
def test_phone_sends_what_there_is(value: str) -> None:
    assert Settings({"sim_media_source": value}).text("sim_media_source") == value


@pytest.mark.parametrize(
    "value",
    [
        "",
        "line",
        "LINE",
        "none",
        "dest <sip:a@b>",
        "blf <sip:a@b>|*8",
        "speed *97",
        "keyevent F_DND",
        "url http://x/y z",
    ]
    + ["xml http://x", "orbit sip:5@b", "button", "dtmf 5#", "smart_transfer"],
)
def test_function_key_may_be_each_type_of_snoms(value: str) -> None:
    assert Settings({"fkey3": value}).text("fkey", 3) == value


_HOSTS = some.sampled_from(["sip.ucc.de", "sip:a", "sips:a", "SIP:a", "[::1]", "::1", "a b", "a;b", "", "\u00e4", "["])
_PORTS = some.one_of(
    some.just(""), some.integers(-1, 100_001).map(":{}".format), some.sampled_from([":", ":00080", ":x"])
)
_ENDS = some.sampled_from(
    [
        "",
        ";",
        ";transport=tcp",
        ";transport=UDP",
        ";Transport=tls",
        ";transport=",
        ";transport=sctp",
        ";lr;transport=tls",
    ]
)


@given(_HOSTS, _PORTS, _ENDS)
def test_outbound_proxy_is_refused_exactly_when_no_line_can_use_it(host: str, port: str, end: str) -> None:
    def understood(read: Callable[[], object]) -> bool:
        try:
            read()
        except SettingsError:
            return False
        return True

    text = host + port + end
    can_be_set = understood(lambda: Settings({"user_outbound1": text}))
    assert can_be_set == (not text or understood(lambda: Server.parse(text)))
