"""What may be done to the phone by SIP from afar, as the settings say."""

from __future__ import annotations

from dataclasses import dataclass

from snomtui.settings.registry import Settings

SETTINGS = ("csta_control", "csta_challenge", "challenge_checksync", "challenge_reboot", "sim_notify_talk")
"""The settings that it is made of."""


@dataclass(frozen=True, slots=True)
class Controls:
    """Remote control by SIP of one line. Without settings nothing is served."""

    csta: bool = False
    """Whether programs may control the phone by CSTA (ECMA TR/87)."""
    csta_challenge: int = 1
    """Who must prove to know the password: 0 nobody, 1 whoever begins a session, 2 each request in it as well."""
    checksync: str = "off"
    """`check-sync`: `off`, `challenge` (whoever asks must prove to know the password) or `on`."""
    reboot: str = "off"
    """The same for `reboot`."""
    talk: str = "off"
    """The same for `talk` and `hold`."""

    @property
    def events(self) -> tuple[str, ...]:
        """What a call may be told to do by NOTIFY, as Allow-Events has it (RFC 6665 8.2.2)."""
        return ("talk", "hold", "refer") if self.talk != "off" else ()


def controls_of(settings: Settings) -> Controls:
    """What the settings allow."""
    return Controls(
        settings.on("csta_control"),
        int(settings.text("csta_challenge")),
        "challenge" if settings.on("challenge_checksync") else "on",
        "challenge" if settings.on("challenge_reboot") else "on",
        settings.text("sim_notify_talk"),
    )
