"""What the settings say about connections."""

from __future__ import annotations

from snomtui.kit.box import Conn, HostPort, Linked
from snomtui.settings.registry import Settings
from snomtui.shell.tls import Trust
from snomtui.shell.transport import Transport
from snomtui.shell.wires import follow


class Nobody:
    """Hears nothing."""

    def received(self, conn: Conn, data: bytes, peer: HostPort | None) -> None:
        """Nothing comes."""

    def linked(self, conn: Conn, state: Linked) -> None:
        """Nothing is connected."""

    def logged(self, level: int, text: str) -> None:
        """Nothing is said."""


def made(trust: Trust, **settings: str) -> Transport:
    """A transport that follows these settings."""
    transport = Transport(Nobody())
    follow(Settings(settings), transport, trust)
    return transport


def test_names_are_asked_where_the_settings_say() -> None:
    servers = made(Trust(), dns_server1="192.0.2.1", dns_server2="192.0.2.2:5353").resolver.servers
    assert list(servers) == [("192.0.2.1", 53), ("192.0.2.2", 5353)]


def test_settings_say_whom_to_believe_and_what_to_show() -> None:
    trust = made(Trust(), sim_tls_ca_file="ca.pem", sim_tls_minimum="1.3", sim_tls_certificate="own.pem").trust
    assert (trust.ca_file, trust.minimum, trust.certificate) == ("ca.pem", "1.3", "own.pem")


def test_authority_that_is_trusted_alone_stays_the_only_one() -> None:
    trust = made(Trust(ca_text="-----BEGIN CERTIFICATE-----"), sim_tls_ca_file="ca.pem").trust
    assert (trust.ca_text, trust.ca_file) == ("-----BEGIN CERTIFICATE-----", "")
