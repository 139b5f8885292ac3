"""Accounts, as settings make them."""

from __future__ import annotations

import pytest

from snomtui.errors import SettingsError
from snomtui.line.account import AUTO, Account, Server, account_of
from snomtui.settings.registry import Settings


def account(**settings: str) -> Account:
    """The account of identity 1."""
    made = account_of(Settings({"user_name1": "heiko", "user_host1": "ucc.de", **settings}), 1, "snom370")
    assert made is not None
    return made


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("sip.ucc.de:5061;transport=tls", Server("sip.ucc.de", 5061, "tls")),
        ("sip:sip.ucc.de", Server("sip.ucc.de")),
        ("sips:sip.ucc.de", Server("sip.ucc.de", None, "tls")),
        ("SIP:sip.ucc.de:5070", Server("sip.ucc.de", 5070)),
        ("sip.ucc.de:5061", Server("sip.ucc.de", 5061, "tls")),
        ("sip.ucc.de;transport=TCP;lr", Server("sip.ucc.de", None, "tcp")),
        ("[2001:db8::1]:5070;transport=tcp", Server("[2001:db8::1]", 5070, "tcp")),
        (" 192.0.2.1 ", Server("192.0.2.1")),
        ("<sip.ucc.de:5070>", Server("sip.ucc.de", 5070)),
        ("<sip:sip.ucc.de:5061;transport=tls>", Server("sip.ucc.de", 5061, "tls")),
    ],
)
def test_outbound_proxy_is_read_as_snom_writes_it(text: str, server: Server) -> None:
    assert Server.parse(text) == server


@pytest.mark.parametrize("text", ["", "a b", "host:0", "host:70000", "host;transport=sctp", "::1", "host:port", "[x]"])
def test_proxy_that_is_none_is_refused_by_name(text: str) -> None:
    with pytest.raises(SettingsError):
        Server.parse(text)


def test_proxy_setting_is_named_in_the_error() -> None:
    with pytest.raises(SettingsError, match="user_outbound1"):
        account(user_outbound1="host:99999")


def test_ocs_account_signs_in_with_the_address_and_finds_its_server_by_the_domain() -> None:
    ocs = account(user_server_type1="ocs")
    assert (ocs.server, ocs.proxied) == (Server("ucc.de"), False)
    assert (ocs.credentials.user, ocs.credentials.domain) in (("heiko", "ucc.de"), ("heiko@ucc.de", ""))
    assert account().server == Server("ucc.de")


@pytest.mark.parametrize("missing", ["user_name1", "user_host1"])
def test_account_without_name_or_host_is_none(missing: str) -> None:
    settings = Settings({"user_name1": "heiko", "user_host1": "ucc.de", missing: " "})
    assert account_of(settings, 1, "snom370") is None


def test_account_that_is_switched_off_is_none() -> None:
    settings = Settings({"user_name1": "heiko", "user_host1": "ucc.de", "user_active1": "off"})
    assert account_of(settings, 1, "snom370") is None


def test_old_firmware_knows_ntlmv1_only() -> None:
    assert max(account(sim_firmware="8.1", sim_lan_manager_level="5").attempts) == 2
    assert account(sim_firmware="8.2", sim_lan_manager_level="5").attempts == (5,)
    assert account(sim_firmware="8.1", sim_lan_manager_level="auto").attempts == (2,)
    assert account(sim_firmware="8.1", sim_lan_manager_level="0").attempts == (0,)
    assert account(sim_firmware="8.1").user_agent == "snom370/8.1.18"


def test_phone_without_a_level_of_its_own_tries_ntlmv1_and_then_ntlmv2_but_never_lm() -> None:
    assert account(sim_lan_manager_level="auto").attempts == AUTO
    assert [level.sends_v2 for level in AUTO] == [False, True]
    assert not any(level.sends_lm for level in AUTO)
    with pytest.raises(SettingsError, match="one of 0, 1, 2, 3, 4, 5, auto"):
        account(sim_lan_manager_level="6")


def test_codecs_are_offered_in_the_order_of_the_settings() -> None:
    assert account().codecs == ("PCMA", "PCMU")
    assert account(codec1_name1="0", codec2_name1="8").codecs == ("PCMU", "PCMA")
    assert account(codec1_name1="0", codec2_name1="").codecs == ("PCMU",)
    assert account(codec1_name1="8", codec2_name1="8").codecs == ("PCMA",)


@pytest.mark.parametrize("mac", ["", "nonsense", "00:04:13:26:00:01", "0004132600", "ÄÖ", "00041326AABB"])
def test_any_mac_gives_an_epid_or_is_refused(mac: str) -> None:
    try:
        assert account(sim_mac=mac).epid
    except SettingsError as error:
        assert "sim_mac" in str(error)


@pytest.mark.parametrize(("host", "server"), [("192.0.2.1:5070", Server("192.0.2.1", 5070))])
def test_registrar_may_name_its_port(host: str, server: Server) -> None:
    assert account(user_host1=host).server == server


def test_password_is_never_shown() -> None:
    assert "geheim" not in repr(account(user_pass1="geheim"))
