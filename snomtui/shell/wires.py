"""What the settings say about connections: whom to ask for names, and whom to believe."""

from __future__ import annotations

from dataclasses import replace

from snomtui.settings.registry import Settings
from snomtui.shell.resolver import servers_of
from snomtui.shell.tls import Trust
from snomtui.shell.transport import Transport

NAMES = ("dns_server", "sim_tls_")
"""How the names of these settings begin."""


def follow(settings: Settings, transport: Transport, trust: Trust) -> None:
    """Have a transport do as the settings say; the next connection is the first that notices.

    `trust` is what holds beside them; an authority that it trusts alone stays the only one.
    """
    transport.resolver.ask_others(servers_of(settings.text("dns_server", n) for n in (1, 2)))
    transport.trust = replace(
        trust,
        ca_file="" if trust.ca_text else settings.text("sim_tls_ca_file") or trust.ca_file,
        minimum=settings.text("sim_tls_minimum"),
        certificate=settings.text("sim_tls_certificate"),
        key=settings.text("sim_tls_key"),
    )
